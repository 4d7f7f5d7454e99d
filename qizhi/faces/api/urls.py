"""Addresses of the API; everything that is not here is answered with a problem document as well."""

from django.urls import URLPattern, URLResolver, path, re_path

from . import docs
from .api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", docs.openapi_json, name="api_openapi"),
    path("docs", docs.docs_page, name="api_docs"),
    path("", api.urls),
    re_path("", docs.nothing_here, name="api_nothing"),
]
