"""Questions about people: the list with its filters, and all that one page shows of a person."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from qizhi.kernel.kit.errors import NotFound
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.models import Post
from qizhi.kernel.units.queries import directory

from ..models import KEEPING, Access, User
from ..scope import Actor
from .choices import title_said
from .locks import codes_used_up, locked_until
from .policy import held_from, visible_to

ORDER = ("username",)
IN_USE, STOPPED, ALL = "1", "0", "all"
Q_MAX = 80
LINES_SHOWN = 20
SIGN_INS_SHOWN = 5
_SIGN_INS = (Access.Event.SIGN_IN, Access.Event.SIGN_IN_FAILED, Access.Event.LOCKED)


@dataclass(frozen=True)
class Filters:
    """What limits the list: words, code of a unit, key of a role, and whether accounts are in use."""

    q: str = ""
    unit: str = ""
    role: str = ""
    active: str = IN_USE

    @property
    def is_limiting(self) -> bool:
        """Whether anything but the usual limit was asked for."""
        return self != Filters()

    @property
    def written(self) -> dict[str, str]:
        """The filters as they stand in an address."""
        said = {"q": self.q, "unit": self.unit, "role": self.role, "active": self.active}
        return {name: value for name, value in said.items() if value != getattr(Filters(), name)}


@dataclass(frozen=True)
class Holding:
    """One post of a person as pages show it; `standing` is `now`, `coming` or `over`."""

    post: Post
    unit: str
    role: str
    place: str
    standing: str


@dataclass(frozen=True)
class PersonRow:
    """One person of the list: present and coming posts, the second factor, until when the sign-in is locked."""

    person: User
    holdings: list[Holding] = field(default_factory=list)
    has_device: bool = False
    locked_until: datetime | None = None


@dataclass(frozen=True)
class PersonFacts:
    """All that the page of a person shows."""

    person: User
    holdings: list[Holding]
    device: Authenticator | None
    needs_device: bool
    locked_until: datetime | None
    codes_used_up: bool
    sign_ins: list[Access]
    lines: list[Access]

    @property
    def is_locked(self) -> bool:
        """Whether there is anything to unlock."""
        return self.locked_until is not None or self.codes_used_up


def filters_read(query: Mapping[str, str]) -> Filters:
    """Return the filters that an address holds; what means nothing is left out."""
    active = query.get("active", IN_USE)
    return Filters(
        q=query.get("q", "").strip()[:Q_MAX],
        unit=query.get("unit", "").strip(),
        role=query.get("role", "").strip(),
        active=active if active in {STOPPED, ALL} else IN_USE,
    )


def people_list(actor: Actor, filters: Filters) -> QuerySet[User]:
    """Return the people whom the actor may read and the filters let through; callers page by `ORDER`.

    Words are looked for in the name, the name of the account, and the names of units in which a post is held. Unit
    and role mean present and coming posts, both of the same one.
    """
    people = visible_to(actor)
    if filters.active != ALL:
        people = people.filter(is_active=filters.active == IN_USE)
    if filters.unit or filters.role:
        people = people.filter(Exists(_held_as(filters)))
    if filters.q:
        words = Q(name__icontains=filters.q) | Q(username__icontains=filters.q)
        units = [body.id for body in directory().bodies if filters.q in f"{body.name} {body.short_name}"]
        if units:
            words |= Q(Exists(_coming().filter(user=OuterRef("pk"), unit__in=units)))
        people = people.filter(words)
    return people


def _held_as(filters: Filters) -> QuerySet[Post]:
    posts = _coming().filter(user=OuterRef("pk"))
    if filters.unit:
        posts = posts.filter(unit__code=filters.unit)
    return posts.filter(role__key=filters.role) if filters.role else posts


def person_get(actor: Actor, key: uuid.UUID) -> User:
    """Return the person with this key.

    Raises:
        NotFound: there is none whom the actor may read.
    """
    person = visible_to(actor).filter(pk=key).first()
    if person is None:
        raise NotFound
    return person


def person_locked(person: User) -> User:
    """Return the account as it stands now, locked until the transaction ends.

    So of two administrators at once the second sees what the first did.
    """
    return User.objects.select_for_update().get(pk=person.pk)


def post_get(actor: Actor, person: User, key: uuid.UUID) -> Holding:
    """Return one post of a person whom the actor may read.

    Raises:
        NotFound: the person has no such post.
    """
    post = person.posts.select_related("unit", "role").filter(pk=key).first()
    if post is None or not visible_to(actor).filter(pk=person.pk).exists():
        raise NotFound
    return _holding(post, timezone.localdate())


def posts_coming(person: User) -> list[Post]:
    """Return the present and coming posts of a person with unit and role; one query."""
    return list(
        _coming().filter(user=person).select_related("unit", "role").order_by("since_on", "unit__code")
    )


def rows_of(people: Iterable[User]) -> list[PersonRow]:
    """Return what a list shows of each person; three queries in all."""
    shown = list(people)
    today = timezone.localdate()
    held: dict[Any, list[Holding]] = {}
    posts = _coming().filter(user__in=shown).select_related("unit", "role").order_by("since_on", "unit__code")
    for post in posts:
        held.setdefault(post.user_id, []).append(_holding(post, today))
    devices = set(
        Authenticator.objects.filter(user__in=shown, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    locks = locked_until(person.username for person in shown)
    return [
        PersonRow(
            person=person,
            holdings=held.get(person.pk, []),
            has_device=person.pk in devices,
            locked_until=locks.get(person.username),
        )
        for person in shown
    ]


def person_facts(person: User) -> PersonFacts:
    """Return all that the page of a person shows; six queries."""
    today = timezone.localdate()
    posts = person.posts.select_related("unit", "role").order_by("-since_on", "unit__code")
    holdings = [_holding(post, today) for post in posts]
    sign_ins = Access.objects.filter(user=person, event__in=_SIGN_INS).order_by("-at")
    lines = Access.objects.filter(about=person, event__in=KEEPING).select_related("user").order_by("-at")
    return PersonFacts(
        person=person,
        holdings=holdings,
        device=Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first(),
        needs_device=any(h.post.role.needs_second_factor for h in holdings if h.standing == "now"),
        locked_until=locked_until([person.username]).get(person.username),
        codes_used_up=codes_used_up(person),
        sign_ins=list(sign_ins[:SIGN_INS_SHOWN]),
        lines=list(lines[:LINES_SHOWN]),
    )


def _coming() -> QuerySet[Post]:
    return Post.objects.filter(held_from(timezone.localdate()))


def _holding(post: Post, today: date) -> Holding:
    places = gazetteer()
    known = post.region_code in places.by_code
    return Holding(
        post=post,
        unit=post.unit.short_name,
        role=title_said(post.role.title) or post.role.key,
        place=places.path_name(post.region_code) if known else post.region_code,
        standing=_standing(post, today),
    )


def _standing(post: Post, today: date) -> str:
    if post.until_on is not None and post.until_on < max(today, post.since_on):
        return "over"
    return "coming" if post.since_on > today else "now"
