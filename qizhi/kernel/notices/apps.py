"""The room as a Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """In-app notices."""

    name = "qizhi.kernel.notices"
    label = "notices"
    verbose_name = "通知"
