"""The one scope function: from a person's posts to what they may see.

An `Actor` is who acts: a member of staff with posts, a citizen with a query code, or the clock. Every list
and every single object begins with the actor's *sight keys*: short strings that also stand beside each matter
(`loop.Sight`). A place is its code, a unit is ``u`` + its key, a person who registered is ``b`` + their key.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qizhi.kernel.kit.errors import SignInNeeded
from qizhi.kernel.kit.prepared import Prepared
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import Sees
from qizhi.kernel.units.models import Post

from .models import User


class ActorKind(StrEnum):
    """Who acts."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"


@dataclass(frozen=True)
class Seat:
    """One post of the actor, as rules read it."""

    role: str
    role_title: dict[str, str]
    unit_id: uuid.UUID
    unit_code: str
    unit_name: str
    unit_kind: str
    level: str
    region_code: str
    sees: str
    is_reader: bool
    may_unmask: bool
    needs_second_factor: bool = False


@dataclass(frozen=True)
class Actor:
    """Who acts, with the posts held today."""

    kind: ActorKind
    user_id: uuid.UUID | None = None
    name: str = ""
    seats: tuple[Seat, ...] = ()
    address: str = ""
    # the one matter that a citizen opened by number and query code
    matter_id: uuid.UUID | None = None

    @property
    def person_id(self) -> uuid.UUID:
        """The key of the signed-in person.

        Raises:
            SignInNeeded: the actor is a citizen or the clock.
        """
        if self.user_id is None:
            raise SignInNeeded
        return self.user_id

    @property
    def roles(self) -> frozenset[str]:
        """The keys of all roles held."""
        return frozenset(seat.role for seat in self.seats)

    @property
    def unit_ids(self) -> frozenset[uuid.UUID]:
        """The keys of all units in which a post is held."""
        return frozenset(seat.unit_id for seat in self.seats)

    @property
    def regions(self) -> tuple[str, ...]:
        """The places that are seen whole, widest first, without those that lie inside another."""
        codes = sorted(
            {s.region_code for s in self.seats if s.sees == Sees.REGION}, key=lambda code: (len(code), code)
        )
        kept: list[str] = []
        for code in codes:
            if not any(is_within(code, wider) for wider in kept):
                kept.append(code)
        return tuple(kept)

    @property
    def sight_keys(self) -> tuple[str, ...]:
        """All keys under which matters are visible to the actor."""
        if self.kind != ActorKind.STAFF or self.user_id is None:
            return ()
        return (*self.regions, *sorted(unit_key(unit) for unit in self.unit_ids), registrar_key(self.user_id))

    @property
    def may_write(self) -> bool:
        """False for readers such as the auditor."""
        return self.kind != ActorKind.STAFF or any(not seat.is_reader for seat in self.seats)

    @property
    def may_unmask(self) -> bool:
        """Whether some post allows to see personal data in full, with a reason."""
        return any(seat.may_unmask for seat in self.seats)

    @property
    def needs_second_factor(self) -> bool:
        """Whether some post asks for a second factor at sign-in."""
        return any(seat.needs_second_factor for seat in self.seats)

    def covers(self, region_code: str) -> bool:
        """Tell whether the whole of `region_code` is seen through some post."""
        return any(is_within(region_code, code) for code in self.regions)


SYSTEM = Actor(kind=ActorKind.SYSTEM, name="系统")
CITIZEN = Actor(kind=ActorKind.CITIZEN, name="来信人")


def unit_key(unit_id: uuid.UUID) -> str:
    """Return the sight key of a unit."""
    return f"u{unit_id.hex}"


def registrar_key(user_id: uuid.UUID) -> str:
    """Return the sight key of the person who registered a matter."""
    return f"b{user_id.hex}"


def actor_of(user: User, *, on: date | None = None, address: str = "") -> Actor:
    """Return the actor for `user` with the posts held on the day `on` (today when absent); one query."""
    return staff_actor(user.id, user.name, on=on or timezone.localdate(), address=address)


def staff_actor(user_id: uuid.UUID, name: str, *, on: date, address: str = "") -> Actor:
    """Return the actor for the user with this key and name, with the posts held on the day `on`; one query."""
    return Actor(
        kind=ActorKind.STAFF,
        user_id=user_id,
        name=name,
        seats=tuple(_seat(row) for row in _posts.rows(user_id, on)),
        address=address,
    )


# what a seat takes from a post, its role and its unit
_COLUMNS = {
    "role": "role__key",
    "role_title": "role__title",
    "unit_id": "unit_id",
    "unit_code": "unit__code",
    "unit_name": "unit__short_name",
    "unit_kind": "unit__kind",
    "level": "unit__level",
    "region_code": "unit__region_code",
    "sees": "role__sees",
    "is_reader": "role__is_reader",
    "may_unmask": "role__may_unmask",
    "needs_second_factor": "role__needs_second_factor",
}
_posts = Prepared(
    lambda user_id, on: (
        Post.objects.filter(
            Q(until_on=None) | Q(until_on__gte=on), user=user_id, since_on__lte=on, unit__is_active=True
        )
        .order_by("since_on", "id")
        .values_list("region_code", *_COLUMNS.values())
    ),
    uuid.UUID,
    date,
)


def _seat(row: tuple[Any, ...]) -> Seat:
    """Return the seat of a post; a post that is narrowed to a place counts for that place alone."""
    narrower, *values = row
    said = dict(zip(_COLUMNS, values, strict=True))
    return Seat(**said | {"region_code": narrower or said["region_code"]})
