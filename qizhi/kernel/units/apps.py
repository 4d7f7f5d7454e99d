"""The room as a Django application."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units, roles and posts."""

    name = "qizhi.kernel.units"
    label = "units"
    verbose_name = "单位"

    def ready(self) -> None:
        """Keep the history of units, roles and posts, which decide who may do what."""
        from auditlog.registry import auditlog

        from .models import Membership, Post, Role, Unit

        for model in (Unit, Membership, Role, Post):
            auditlog.register(model)
