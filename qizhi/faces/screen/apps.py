"""The face as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreenConfig(AppConfig):
    """The county page."""

    name = "qizhi.faces.screen"
    label = "screen"
    verbose_name = "全县一页"

    def ready(self) -> None:
        """Put the county's page into the menu of those who see a whole place."""
        from qizhi.faces.menu import Item, register

        register(Item("county", _("情况"), "chart-bar", order=40, may_use=lambda actor: bool(actor.regions)))
