"""Effects: what a step changes besides the state, inside its transaction."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from qizhi.kernel.accounts.scope import SYSTEM
from qizhi.kernel.modes.registry import effect
from qizhi.kernel.units.queries import Body, directory
from qizhi.kernel.worktime.terms import Term

from ..choices import ApplicationState, AssignmentRole, AssignmentState
from ..errors import BadInput
from ..firing import Firing
from ..models import Application, Assignment, Leg, Revisit
from .standing import higher_centre, waits


@effect
def classify(firing: Firing) -> None:
    """Take category, difficulty and the unit complained of from the inputs."""
    firing.changes["category"] = firing.inputs["category"]
    firing.changes["difficulty"] = firing.inputs["difficulty"]
    against = firing.inputs.get("against_unit")
    if against is not None:
        firing.changes["against_unit_id"] = against.id


@effect
def extend_if(firing: Firing, clock: str, input: str, equals: str, term: str) -> None:
    """Extend a clock when an input has a value, as the pack promises for complex matters."""
    if firing.inputs.get(input) == equals:
        firing.board.extend(clock, Term.parse(term), firing.at)


@effect
def assign(firing: Firing) -> None:
    """Give the matter to the lead unit and the co-handling units of the inputs."""
    lead = firing.inputs.get("lead_unit")
    if lead is not None:
        _assign(firing, lead, AssignmentRole.LEAD)
    for body in firing.inputs.get("assist_units") or ():
        _assign(firing, body, AssignmentRole.ASSIST)


@effect
def assign_centre(firing: Firing) -> None:
    """Make the centre itself the lead unit, already at work."""
    _assign(firing, firing.centre, AssignmentRole.LEAD, AssignmentState.ACCEPTED)


@effect
def assignment_accept(firing: Firing) -> None:
    """Note that the lead unit has accepted."""
    for one in firing.open_assignments:
        if one.role == AssignmentRole.LEAD:
            one.state = AssignmentState.ACCEPTED
            firing.later.append(one.save)


@effect
def assignment_answer(firing: Firing) -> None:
    """Note the answer of the actor's co-handling unit."""
    for one in firing.open_assignments:
        if waits(one) and firing.seat is not None and one.unit_id == firing.seat.unit_id:
            one.state = AssignmentState.ANSWERED
            firing.later.append(one.save)
            firing.outcome["answered_by"] = directory().by_id[one.unit_id].code


@effect
def release_assist(firing: Firing) -> None:
    """Release one co-handling unit.

    Raises:
        BadInput: the unit does not co-handle the matter, or has answered already.
    """
    unit: Body = firing.inputs["unit"]
    released = [one for one in firing.open_assignments if waits(one) and one.unit_id == unit.id]
    if not released:
        raise BadInput(fields={"unit": [_("这个单位没有待答复的协办任务，不用解除。")]})
    _release(firing, released)


@effect
def release_units(firing: Firing) -> None:
    """Release all units: the matter is given anew, sent up or withdrawn."""
    _release(firing, firing.open_assignments)
    firing.changes["lead_id"] = None


@effect
def climb(firing: Firing) -> None:
    """Send the matter to the centre of the next level; the number stays, the leg of this level ends."""
    parent = firing.centre.parent_id
    if parent is not None:
        _move(firing, directory().by_id[parent])


@effect
def climb_to_mine(firing: Firing) -> None:
    """Bring the matter up to the actor's own centre."""
    mine = higher_centre(firing)
    if mine is not None:
        _move(firing, mine)


@effect
def merge_into(firing: Firing) -> None:
    """Point to the matter that is handled for both."""
    firing.changes["merged_into_id"] = firing.inputs["target"].pk


@effect
def unmerge(firing: Firing) -> None:
    """Let the matter stand on its own again."""
    firing.changes["merged_into_id"] = None


@effect
def part_merged(firing: Firing) -> None:
    """Let the matters that were merged into this one stand on their own again, since nobody handles them here now."""
    firing.later.append(partial(_part, firing))


@effect
def ask(firing: Firing, name: str) -> None:
    """Record an application that another decides; an input `term` such as `wd5` is kept as ``5wd``."""
    wish = str(firing.inputs.get("term") or "")
    row = Application(
        matter=firing.matter,
        name=name,
        unit_id=firing.matter.lead_id or firing.matter.centre_id,
        term=f"{wish[2:]}{wish[:2]}" if wish else "",
        asked=firing.step,
    )
    firing.later.append(row.save)


@effect
def decide(firing: Firing, name: str, granted: bool) -> None:
    """Decide the pending application."""
    for row in firing.pending(name):
        row.state = ApplicationState.GRANTED if granted else ApplicationState.REFUSED
        row.decided = firing.step
        firing.later.append(row.save)
        firing.outcome["application"] = {"name": name, "granted": granted, "term": row.term}


@effect
def extend_by_application(firing: Firing, clock: str, name: str) -> None:
    """Extend a clock by what the pending application asked for."""
    for row in firing.pending(name):
        if row.term:
            firing.board.extend(clock, Term.parse(row.term), firing.at)


@effect
def set_concluded(firing: Firing) -> None:
    """Note when the matter was concluded, and with which result."""
    firing.changes["concluded_at"] = firing.at
    firing.outcome["result"] = firing.inputs.get("result")


@effect
def set_on_time(firing: Firing, clock: str) -> None:
    """Note whether the promise was kept."""
    row = firing.board.stop(clock, firing.at)
    if row is not None:
        firing.changes["was_on_time"] = row.state == "met"


@effect
def record_revisit(firing: Firing, valid: bool, satisfied: bool) -> None:
    """Record the person's answer, or that they could not be reached.

    **Source:** `domain.md` §3.3, §5.3: a revisit is valid when the person was reached and answered.
    """
    row = Revisit(
        matter=firing.matter,
        step=firing.step,
        at=firing.at,
        by_reporter=firing.actor.kind == "citizen",
        is_valid=valid,
        solved=satisfied if valid else None,
        satisfied=satisfied if valid else None,
        score=firing.inputs.get("score"),
    )
    firing.later.append(row.save)


@effect
def reopen(firing: Firing) -> None:
    """Count the reopening; the matter is not concluded any more."""
    firing.changes.update(reopened=firing.matter.reopened + 1, concluded_at=None, was_on_time=None)


def _assign(firing: Firing, body: Body, role: str, state: str = AssignmentState.ASSIGNED) -> None:
    if role == AssignmentRole.LEAD:
        firing.changes["lead_id"] = body.id
        if firing.matter.first_unit_id is None:
            firing.changes["first_unit_id"] = body.id
    if any(one.unit_id == body.id for one in firing.open_assignments):
        return
    row = Assignment(matter=firing.matter, unit_id=body.id, role=role, state=state, assigned_at=firing.at)
    firing.assignments.append(row)
    firing.later.append(row.save)
    firing.outcome.setdefault("assigned", []).append({"unit": body.code, "role": str(role)})


def _release(firing: Firing, rows: list[Assignment]) -> None:
    """End assignments. Only a unit that had done nothing yet counts as released: the others go on seeing the matter,
    and nobody of theirs may do the revisit.
    """
    for row in rows:
        if row.state == AssignmentState.ASSIGNED:
            row.state = AssignmentState.RELEASED
        row.ended_at = firing.at
        firing.later.append(row.save)
        firing.outcome.setdefault("released", []).append(directory().by_id[row.unit_id].code)


def _move(firing: Firing, centre: Body) -> None:
    legs = list(Leg.objects.filter(matter=firing.matter).order_by("seq"))
    last = legs[-1]
    last.to_at = firing.at
    new: Any = Leg(
        matter=firing.matter, seq=last.seq + 1, centre_id=centre.id, level=centre.level, from_at=firing.at
    )
    firing.later += [last.save, new.save]
    firing.changes.update(centre_id=centre.id, level=centre.level)
    firing.outcome["moved"] = {"centre": centre.code, "level": centre.level}


def _part(firing: Firing) -> None:
    from ..actions.fire import fire

    for number in firing.matter.merged.order_by("number").values_list("number", flat=True):
        reason = f"并入的{firing.matter.number}没有继续办理，恢复单独办理。"
        fire(number=number, transition="unmerge", actor=SYSTEM, inputs={"reason": reason}, at=firing.at)
