"""A list of staff: what would come of each row. `taking` then does it in earnest.

Checking reads only and asks a few queries however long the list is, so that nobody else waits for it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from qizhi.kernel.kit.errors import Invalid, QizhiError, Text
from qizhi.kernel.units.models import Post, Role
from qizhi.kernel.units.queries import Body

from ..errors import AccountInactive, DayNotAllowed, StaffListExpired, UsernameTaken
from ..hooks import declared_roles
from ..models import User
from ..scope import Actor
from .actions import name_allowed, username_allowed
from .choices import day_fits, fit, place_meant, role_meant, roles_now, unit_meant
from .policy import keep

FIELDS = ("username", "name", "unit", "role", "since_on", "place")
KEPT_SECONDS = 3600
CHUNK = 500
_NUMBER = re.compile(r"\d+", re.ASCII)
_EIGHT = re.compile(r"^(\d{4})(\d{2})(\d{2})$", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """One row as it stands in the file; `number` is the row that Excel shows."""

    number: int
    username: str
    name: str
    unit: str
    role: str
    since_on: str
    place: str


class Verdict(StrEnum):
    """What comes of a row."""

    NEW = "new"  # an account with its first post
    POST = "post"  # one more post for an account
    SAME = "same"  # everything is there already
    WRONG = "wrong"


@dataclass(frozen=True)
class Seated:
    """A row that was understood."""

    username: str
    name: str
    unit: Body
    role: Role
    since_on: date
    place: str

    @property
    def key(self) -> tuple[Any, ...]:
        """Which post it is, without its beginning."""
        return (self.unit.id, self.role.pk, self.place)


@dataclass(frozen=True)
class Line:
    """One row with what comes of it; `said` is what is wrong."""

    wanted: Wanted
    verdict: Verdict
    seated: Seated | None = None
    said: str = ""


class _Offer(NamedTuple):
    """The roles that may be given, and where each may be held; read once for the whole list."""

    roles: list[Role]
    declared: dict[str, frozenset[str]]


@dataclass
class _Known:
    """What is there before the list and what its earlier rows add: people by account, and their posts."""

    people: dict[str, User] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    # (account, unit, role, place) → the days from and until which it is held
    held: dict[tuple[Any, ...], list[tuple[date, date | None]]] = field(default_factory=dict)
    begun: set[tuple[Any, ...]] = field(default_factory=set)

    def add(self, username: str, key: tuple[Any, ...], since_on: date, until_on: date | None) -> None:
        """Note a post."""
        if until_on is None or until_on >= since_on:
            self.held.setdefault((username, *key), []).append((since_on, until_on))
        self.begun.add((username, *key[:2], since_on))

    def has(self, row: Seated) -> bool:
        """Tell whether the post of the row is there: in that time, or once from that very day."""
        spans = self.held.get((row.username, *row.key), [])
        in_time = any(until_on is None or until_on >= row.since_on for _since_on, until_on in spans)
        return in_time or (row.username, *row.key[:2], row.since_on) in self.begun


def staff_plan(actor: Actor, rows: Sequence[Wanted]) -> list[Line]:
    """Return what would come of each row, in the order of the file; nothing is changed.

    A row whose account and post are there already changes nothing, so that a list may be read twice. A row that is
    wrong says why, and keeps no other from being taken.

    Raises:
        NotAKeeper: the actor has no post of an administrator.
    """
    keep(actor)
    known, offer = _known(rows), _Offer(roles_now(), declared_roles())
    return [_line(actor, row, known, offer) for row in rows]


def pack(actor: Actor, rows: Iterable[Wanted]) -> str:
    """Return the rows signed, to be carried by the page from the check to the confirmation; only this actor may."""
    return signing.dumps([list(asdict(row).values()) for row in rows], salt=_salt(actor), compress=True)


def unpack(actor: Actor, packed: str) -> list[Wanted]:
    """Return the rows that `pack` signed for the same actor within the last hour.

    Raises:
        StaffListExpired: they are older, were changed, or are somebody else's.
    """
    try:
        return [Wanted(*row) for row in signing.loads(packed, salt=_salt(actor), max_age=KEPT_SECONDS)]
    except signing.BadSignature:
        raise StaffListExpired from None


def _salt(actor: Actor) -> str:
    return f"qizhi.staff-list:{actor.user_id}"


def _known(rows: Sequence[Wanted]) -> _Known:
    """Read the accounts and posts that the list names, in a few queries."""
    known = _Known()
    named = sorted({row.username.strip().lower() for row in rows})
    for place in range(0, len(named), CHUNK):
        part = named[place : place + CHUNK]
        known.people.update({one.username: one for one in User.objects.filter(username__in=part)})
        for post in Post.objects.filter(user__username__in=part).select_related("user"):
            key = (post.unit_id, post.role_id, post.region_code)
            known.add(post.user.username, key, post.since_on, post.until_on)
    known.names = {username: person.name for username, person in known.people.items()}
    return known


def _line(actor: Actor, row: Wanted, known: _Known, offer: _Offer) -> Line:
    try:
        seated = _seated(row, offer)
        verdict = _verdict(actor, seated, known)
    except QizhiError as error:
        said = [str(one) for several in error.fields.values() for one in several] or [str(error.message)]
        return Line(row, Verdict.WRONG, said=" ".join(said))
    return Line(row, verdict, seated)


def _seated(row: Wanted, offer: _Offer) -> Seated:
    """Understand a row.

    Raises:
        Invalid: some cells cannot be taken; `fields` says why of each.
    """
    found, wrong = _understood(
        {
            "username": lambda: username_allowed(row.username),
            "name": lambda: name_allowed(row.name),
            "unit": lambda: unit_meant(row.unit),
            "role": lambda: role_meant(row.role, offer.roles),
            "since_on": lambda: _day(row.since_on),
        }
    )
    if "unit" in found:
        unit, role = found["unit"], found.get("role")
        tests: dict[str, Callable[[], Any]] = {"place": lambda: place_meant(row.place, unit)}
        if role is not None:
            tests["fit"] = lambda: fit(role, unit, offer.declared)
        more, also_wrong = _understood(tests)
        found["place"] = more.get("place", "")
        wrong |= also_wrong
    if wrong:
        raise Invalid(fields=wrong)
    return Seated(**found)


def _understood(cells: Mapping[str, Callable[[], Any]]) -> tuple[dict[str, Any], dict[str, list[Text]]]:
    """Return what each cell means, and what is wrong with the others."""
    found: dict[str, Any] = {}
    wrong: dict[str, list[Text]] = {}
    for name, understand in cells.items():
        try:
            found[name] = understand()
        except QizhiError as error:
            wrong[name] = [error.message]
    return found, wrong


def _verdict(actor: Actor, row: Seated, known: _Known) -> Verdict:
    """Return what comes of a row, and let `known` count it as done.

    Raises:
        Refused, Conflict: it cannot be done, or not by this actor.
    """
    is_new = row.username not in known.names
    is_same = known.names.get(row.username) == row.name
    if is_same and known.has(row):
        return Verdict.SAME
    person = known.people.get(row.username)
    keep(actor, person, region_code=row.unit.region_code)
    if not is_new and not is_same:
        said = _("这个账号已经有人用了，姓名是“%(name)s”。") % {"name": known.names[row.username]}
        raise UsernameTaken(said)
    if person is not None and not person.is_active:
        raise AccountInactive
    known.names[row.username] = row.name
    known.add(row.username, row.key, row.since_on, None)
    return Verdict.NEW if is_new else Verdict.POST


def _day(said: str) -> date:
    """Return the day that a cell means, today when it is empty.

    Year, month and day may be parted by any signs, as people write them, or stand as eight digits.

    Raises:
        DayNotAllowed: it is no day, or too far away.
    """
    if not said:
        return timezone.localdate()
    numbers = _EIGHT.sub(r"\1-\2-\3", said.strip())
    try:
        year, month, day = (int(number) for number in _NUMBER.findall(numbers)[:3])
        on = date(year, month, day)
    except ValueError:
        raise DayNotAllowed from None
    day_fits(on)
    return on
