"""The room as a Django application."""

from django.apps import AppConfig


class ModesConfig(AppConfig):
    """The mode pack."""

    name = "qizhi.kernel.modes"
    label = "modes"
    verbose_name = "工作模式"

    def ready(self) -> None:
        """Keep the history of versions, not the compiled pack itself; lend the roles to accounts."""
        from auditlog.registry import auditlog

        from qizhi.kernel.accounts.hooks import register_roles

        from . import staffing
        from .models import ModeVersion

        register_roles(staffing.roles)
        auditlog.register(ModeVersion, exclude_fields=["compiled"])
