"""Addresses of the citizens' portal."""

from django.urls import URLPattern, path

from .pages import follow, home, say

urlpatterns: list[URLPattern] = [
    path("", home.home, name="portal_home"),
    path("places/", home.places, name="portal_places"),
    path("say/", say.say, name="portal_say"),
    path("said/", say.done, name="portal_said"),
    path("follow/", follow.enter, name="portal_follow"),
    path("follow/leave/", follow.leave, name="portal_leave"),
    path("follow/<str:number>/", follow.matter, name="portal_matter"),
    path("follow/<str:number>/<slug:name>/", follow.act, name="portal_act"),
]
