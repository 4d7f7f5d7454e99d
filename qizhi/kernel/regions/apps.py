"""The room as a Django application."""

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Regions and prefix scope."""

    name = "qizhi.kernel.regions"
    label = "regions"
    verbose_name = "区划"

    def ready(self) -> None:
        """Keep the history of the places, which are reference data."""
        from auditlog.registry import auditlog

        from .models import Region, RegionAlias

        auditlog.register(Region)
        auditlog.register(RegionAlias)
