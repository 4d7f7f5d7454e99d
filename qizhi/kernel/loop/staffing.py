"""What the loop lends to the room of accounts: how many open matters wait in a unit for somebody in a role."""

import uuid
from collections.abc import Iterator

from qizhi.kernel.modes.errors import NoMode
from qizhi.kernel.modes.schema import Kind, Relation
from qizhi.kernel.modes.store import current
from qizhi.kernel.units.models import Unit

from . import flow
from .choices import AssignmentRole, AssignmentState
from .models import Assignment, Matter, Sight

COUNTED = 200
_BY_UNIT = (Relation.HOLDER, Relation.CENTRE, Relation.LEAD)


def open_work(unit_id: uuid.UUID, role: str) -> int:
    """Return how many open matters wait for `role` in the unit, as the work page of such a post would list them.

    Counting stops at 200 for each kind of matter and way of waiting.
    """
    try:
        kinds = list(current().kinds.values())
    except NoMode:
        return 0
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None:
        return 0
    return len({key for kind in kinds for key in _waiting(kind, unit, role)})


def _waiting(kind: Kind, unit: Unit, role: str) -> Iterator[uuid.UUID]:
    """Yield the keys of the matters that are held by the unit, lie in its place, or asked for its help."""
    held = flow.states_of_role(kind, role, _BY_UNIT)
    if held:
        rows = Matter.objects.filter(holder=unit, state__in=held, is_open=True, kind=kind.name)
        yield from rows.values_list("pk", flat=True)[:COUNTED]
    here = flow.states_of_role(kind, role, (Relation.REGION,))
    if here:
        sights = Sight.objects.filter(key=unit.region_code, state__in=here, is_open=True, kind=kind.name)
        yield from sights.values_list("matter_id", flat=True)[:COUNTED]
    if any(Relation.ASSIST in transition.relations(role) for transition in kind.transitions.values()):
        asked = Assignment.objects.filter(
            unit=unit, role=AssignmentRole.ASSIST, ended_at=None, matter__is_open=True, matter__kind=kind.name
        ).exclude(state=AssignmentState.ANSWERED)
        yield from asked.values_list("matter_id", flat=True)[:COUNTED]
