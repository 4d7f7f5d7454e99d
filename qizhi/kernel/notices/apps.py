"""The room as a Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """In-app notices."""

    name = "qizhi.kernel.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Follow the sealed steps and the rungs that are climbed."""
        from qizhi.kernel.loop.readers import register_preparer
        from qizhi.kernel.loop.tick import register_listener

        from .telling import steps_telling, tell_rung

        register_preparer("notices", steps_telling)
        register_listener(tell_rung)
