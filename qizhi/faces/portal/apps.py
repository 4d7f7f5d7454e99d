"""The face as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The citizens portal."""

    name = "qizhi.faces.portal"
    label = "portal"
    verbose_name = "群众端"
