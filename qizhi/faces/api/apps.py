"""The face as a Django application."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The public contract over HTTP."""

    name = "qizhi.faces.api"
    label = "api"
    verbose_name = "接口"
