"""The room as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Sign-in and data scope."""

    name = "qizhi.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"
