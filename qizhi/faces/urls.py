"""Addresses that belong to every page: the switches and the files."""

from django.urls import URLPattern, path

from . import files, maps, switches

urlpatterns: list[URLPattern] = [
    path("switch/language/", switches.switch_language, name="switch_language"),
    path("switch/large/", switches.switch_large, name="switch_large"),
    path("map/outline.json", maps.outline, name="map_outline"),
    path("files/<uuid:key>/", files.file_get, name="file_get"),
    path("files/<uuid:key>/preview/", files.file_preview, name="file_preview"),
]
