"""Addresses of the screens."""

from django.urls import URLPattern, path

from .county import county

urlpatterns: list[URLPattern] = [path("county/", county, name="county")]
