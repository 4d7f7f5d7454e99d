"""The room as a Django application."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, roles and posts."""

    name = "qizhi.kernel.units"
    label = "units"
    verbose_name = "单位"
