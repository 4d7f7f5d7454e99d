"""The room as a Django application."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """Matters and their closed loop."""

    name = "qizhi.kernel.loop"
    label = "loop"
    verbose_name = "事项闭环"
