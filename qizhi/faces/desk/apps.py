"""The face as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The desk of the staff."""

    name = "qizhi.faces.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        """Put the pages of the desk into the menu."""
        from qizhi.faces.menu import Item, register
        from qizhi.kernel.accounts.access import may_read_access
        from qizhi.kernel.accounts.people.policy import may_read

        from .door import opening_kinds

        register(
            Item("desk_work", _("我的今天"), "inbox", order=10),
            Item("desk_matters", _("事项"), "list", order=20),
            Item("desk_new", _("登记"), "plus", order=30, may_use=lambda actor: bool(opening_kinds(actor))),
            Item("accounts_people", _("人员"), "users", order=80, may_use=may_read),
            Item("accounts_access", _("访问记录"), "lock", order=90, may_use=may_read_access),
        )
