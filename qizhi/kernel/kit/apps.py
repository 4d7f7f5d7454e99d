"""The kit as a Django application."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Tools without field words."""

    name = "qizhi.kernel.kit"
    label = "kit"
    verbose_name = "工具"
