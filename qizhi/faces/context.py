"""What every page knows: the county, who acts, how it is to be shown, what the menu holds.

A page must also stand when the database does not: whatever it cannot answer is left empty, so that the page of an
error is never an error itself.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from qizhi import __version__
from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.notices.queries import unread_count
from qizhi.kernel.regions.queries import gazetteer

from .menu import Entry, entries

Answer = TypeVar("Answer")
LARGE_COOKIE = "large"
BADGE_MAX = 99


class Page:
    """The frame of one page. Everything is worked out when a template first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor | None:
        """Who acts; None before the middleware has run."""
        return getattr(self._request, "actor", None)

    @cached_property
    def is_staff(self) -> bool:
        """Whether somebody of the staff is signed in."""
        actor = self.actor
        return actor is not None and _or(lambda: actor.kind == ActorKind.STAFF, False)

    @cached_property
    def county(self) -> str:
        """The county's name, such as 岐山县; empty before a mode was applied."""
        return _or(lambda: gazetteer().root.name, "")

    @cached_property
    def site(self) -> str:
        """What the bar and the window are called."""
        return _("%(county)s社会治理") % {"county": self.county} if self.county else _("社会治理")

    @property
    def large(self) -> bool:
        """Whether large text was chosen."""
        return self._request.COOKIES.get(LARGE_COOKIE) == "1"

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration database."""
        return bool(settings.QIZHI.demo)

    @property
    def version(self) -> str:
        """The version of the program."""
        return __version__

    @property
    def here(self) -> str:
        """The name of the page's address, such as ``portal_say``; empty for an address that leads nowhere."""
        match = self._request.resolver_match
        return match.view_name if match else ""

    @property
    def home(self) -> str:
        """Where staff begin; others are asked to sign in there."""
        return settings.LOGIN_REDIRECT_URL

    @property
    def home_here(self) -> str:
        """The first page of whoever reads this one."""
        return self.home if self.is_staff else settings.LOGOUT_REDIRECT_URL

    @cached_property
    def menu(self) -> list[Entry]:
        """The lines of the staff's menu that the actor may use, the present one marked."""
        actor = self.actor
        return _or(lambda: entries(actor, self._request.path) if actor else [], [])

    @cached_property
    def unread(self) -> str:
        """How many notices are unread, as the bell shows it: empty for none, at most “99+”."""
        actor = self.actor
        count = _or(lambda: unread_count(actor) if actor and self.is_staff else 0, 0)
        return f"{BADGE_MAX}+" if count > BADGE_MAX else str(count or "")


def _or(ask: Callable[[], Answer], otherwise: Answer) -> Answer:
    """Return what `ask` answers, or `otherwise` when the database or the mode cannot answer just now."""
    try:
        return ask()
    except (DatabaseError, QizhiError, StopIteration):
        return otherwise


def page(request: HttpRequest) -> dict[str, Page]:
    """Give every template `page`."""
    return {"page": Page(request)}
