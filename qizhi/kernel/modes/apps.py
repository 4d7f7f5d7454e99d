"""The room as a Django application."""

from django.apps import AppConfig


class ModesConfig(AppConfig):
    """The mode pack."""

    name = "qizhi.kernel.modes"
    label = "modes"
    verbose_name = "工作模式"

    def ready(self) -> None:
        """Keep the history of applied versions; the compiled pack itself stands in the version."""
        from auditlog.registry import auditlog

        from .models import ModeVersion

        auditlog.register(ModeVersion, exclude_fields=["compiled"])
