"""The room as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in and data scope."""

    name = "qizhi.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Listen to sign-ins, and keep the history of accounts; passwords never enter it."""
        from auditlog.registry import auditlog

        from . import signals  # noqa: F401 - it connects its receivers when loaded
        from .models import Token, User

        auditlog.register(User, exclude_fields=["password", "last_login"])
        auditlog.register(Token, exclude_fields=["digest", "last_used_on"])
