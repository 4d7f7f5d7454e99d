"""The room as a Django application."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Regions and prefix scope."""

    name = "qizhi.kernel.regions"
    label = "regions"
    verbose_name = "区划"
