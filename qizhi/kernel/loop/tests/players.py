"""Actors made to measure: somebody with a given role in a given relation to one matter, whatever the demo has."""

import uuid
from collections.abc import Iterable

from qizhi.kernel.accounts.scope import SYSTEM, Actor, ActorKind, Seat
from qizhi.kernel.loop.models import Assignment, Matter
from qizhi.kernel.modes.schema import Relation
from qizhi.kernel.units.queries import Body, directory
from qizhi.testing import cast
from qizhi.testing.world import COUNTY, OTHER_TOWN, pack

CLERK = "clerk@610323100"
ONLOOKER = "mediator@610323"


def seat(role: str, unit: Body, region: str = "") -> Seat:
    """A post in `role` at `unit`, as the pack declares the role."""
    declared = pack().roles[role]
    return Seat(
        role=role,
        role_title=declared.title.model_dump(),
        unit_id=unit.id,
        unit_code=unit.code,
        unit_name=unit.short_name,
        unit_kind=unit.kind,
        level=unit.level,
        region_code=region or unit.region_code,
        sees=declared.sees,
        is_reader=declared.is_reader,
        may_unmask=declared.may_unmask,
    )


def staff(seats: Iterable[Seat], user_id: uuid.UUID) -> Actor:
    """A member of staff with these posts."""
    return Actor(kind=ActorKind.STAFF, user_id=user_id, name="某人", seats=tuple(seats))


def unit(code: str) -> Body:
    """The unit with this code."""
    return directory().by_code[code]


def stranger(role: str) -> Body:
    """A unit of the other town in which `role` can sit."""
    return unit(f"centre-{OTHER_TOWN}" if "centre" in pack().roles[role].unit_kinds else f"tg-{OTHER_TOWN}")


def unit_in(relation: Relation, matter: Matter) -> Body | None:
    """The unit that stands in `relation` to the matter; for the place the county's centre, which holds nothing here."""
    match relation:
        case Relation.HOLDER:
            key = matter.holder_id
        case Relation.LEAD:
            key = matter.lead_id
        case Relation.CENTRE:
            key = matter.centre_id
        case Relation.ASSIST:
            row = Assignment.objects.filter(matter=matter, role="assist", ended_at=None).first()
            key = row.unit_id if row else None
        case _:
            return unit(f"centre-{COUNTY}")
    return directory().by_id[key] if key else None


def standing_in(role: str, relation: Relation, matter: Matter) -> Actor:
    """Somebody with `role` who stands in `relation` to the matter, and in no other that the role could use."""
    if relation is Relation.SYSTEM:
        return SYSTEM
    if relation is Relation.REPORTER:
        return cast.citizen(matter)
    held = unit_in(relation, matter)
    assert held is not None, f"nobody is {relation} of {matter}"
    # Who sees only by unit and works by place sees what they registered themselves.
    sees_it = relation is not Relation.REGION or pack().roles[role].sees == "region"
    return staff([seat(role, held)], cast.user(ONLOOKER if sees_it else CLERK).id)
