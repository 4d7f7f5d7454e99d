"""The face as a Django application."""

from django.apps import AppConfig


class ScreenConfig(AppConfig):
    """The county page."""

    name = "qizhi.faces.screen"
    label = "screen"
    verbose_name = "全县一页"
