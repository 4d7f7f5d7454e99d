"""What needs and effects both ask of a firing."""

from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import Body, directory

from ..choices import AssignmentRole, AssignmentState
from ..firing import Firing
from ..models import Assignment


def waits(one: Assignment) -> bool:
    """Tell whether a co-handling unit still owes its answer."""
    is_open = one.state != AssignmentState.ANSWERED and one.ended_at is None
    return one.role == AssignmentRole.ASSIST and is_open


def higher_centre(firing: Firing) -> Body | None:
    """Return the centre of one of the actor's posts that stands above the one which holds the matter."""
    held = firing.centre
    mine = [directory().by_id.get(seat.unit_id) for seat in firing.actor.seats]
    return next((body for body in mine if body is not None and _stands_above(body, held)), None)


def _stands_above(body: Body, held: Body) -> bool:
    is_shorter = len(body.region_code) < len(held.region_code)
    return is_shorter and body.kind == UnitKind.CENTRE and is_within(held.region_code, body.region_code)
