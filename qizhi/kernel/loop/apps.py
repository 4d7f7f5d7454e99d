"""The room as a Django application."""

from django.apps import AppConfig


class LoopConfig(AppConfig):
    """Matters and their closed loop."""

    name = "qizhi.kernel.loop"
    label = "loop"
    verbose_name = "事项闭环"

    def ready(self) -> None:
        """Register the needs and effects, and tell the room of modes what live data uses."""
        from qizhi.kernel.modes import registry

        from . import hooks, rules  # noqa: F401 - after the models are loaded
        from .choices import Channel, Urgency

        hooks.register()
        registry.register_values(channel=Channel.values, urgency=Urgency.values)
