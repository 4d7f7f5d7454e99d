"""The room as a Django application."""

from django.apps import AppConfig


class ModesConfig(AppConfig):
    """The mode pack."""

    name = "qizhi.kernel.modes"
    label = "modes"
    verbose_name = "工作模式"
