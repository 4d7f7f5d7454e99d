"""Needs and effects that any kind may name. Each is small; the pack says when it applies.

A need returns None when it holds, else the sentence that the user reads. It is also asked before anything was
put in, to know which steps to offer (`queries.possible`): then `inputs` is empty, and what only inputs could
tell is taken as holding. An effect changes the firing.
"""

from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Text
from qizhi.kernel.modes.registry import effect, need
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import Body, directory
from qizhi.kernel.worktime.terms import Term

from .choices import ApplicationState, AssignmentRole, AssignmentState
from .errors import BadInput
from .firing import Firing
from .models import Application, Assignment, Leg, Matter, Revisit

# --- needs ---------------------------------------------------------------------------------------


@need
def lead_in_reach(firing: Firing) -> Text | None:
    """The lead unit lies in the area of the centre; co-handling units may also sit above it, never beside it.

    **Source:** Beijing's 接诉即办 regulation art. 17: matters of departments are not pushed down or sideways.
    """
    lead, assists = firing.inputs.get("lead_unit"), firing.inputs.get("assist_units") or ()
    area = firing.centre.region_code
    if lead is not None and not is_within(lead.region_code, area):
        return _("主办单位不在本中心管辖范围内。需要上级部门办理的，请先“上报上一级”。")
    if lead is not None and lead in assists:
        return _("主办单位不能同时是协办单位。")
    if any(not (is_within(one.region_code, area) or is_within(area, one.region_code)) for one in assists):
        return _("协办单位不能选其他镇的单位。")
    return None


@need
def lead_not_complained_of(firing: Firing) -> Text | None:
    """A complaint against a unit is never given to that unit as lead.

    **Source:** `architecture.md` §7; 《信访工作条例》 on reports of wrongdoing.
    """
    lead = firing.inputs.get("lead_unit")
    if lead is not None and lead.id == firing.matter.against_unit_id:
        return _("被投诉的单位不能主办自己的投诉，请选其他单位。")
    return None


@need
def centre_not_complained_of(firing: Firing) -> Text | None:
    """A centre does not itself handle a complaint against itself."""
    if firing.matter.against_unit_id == firing.matter.centre_id:
        return _("被投诉的单位不能办理自己的投诉，请上报上一级。")
    return None


@need
def not_at_county(firing: Firing) -> Text | None:
    """There is still a level above."""
    return _("已经在县一级，不能再上报。") if firing.matter.level == Level.COUNTY else None


@need
def above_centre(firing: Firing) -> Text | None:
    """The actor sits in a centre above the one that holds the matter."""
    return None if _higher_centre(firing) else _("事项已经在您这一级或更高一级。")


@need
def target_is_open(firing: Firing) -> Text | None:
    """The matter into which this one is merged is still being handled, and of the same kind."""
    wanted = firing.inputs.get("target")
    if wanted is None:
        return None
    try:
        # Locked, or two matters that are merged into each other at once would both be gone; and without waiting, or
        # the two would wait for each other.
        with transaction.atomic():
            target = Matter.objects.select_for_update(nowait=True).get(pk=wanted.pk)
    except OperationalError:
        return _("要并入的那件事项正有人在办，请稍等一下再并案。")
    if not target.is_open or target.kind != firing.matter.kind:
        return _("只能并入一件正在办理的同类事项。")
    return None


@need
def objection_unused(firing: Firing) -> Text | None:
    """A unit objects to a dispatch only once in a matter.

    **Source:** Weifang's 12345 regulation art. 22: once ruled, no second return.
    """
    used = any(one.name == "objection" and one.unit_id == firing.matter.lead_id for one in firing.asked())
    return _("本单位对这件事项已经提过一次异议，裁定后不能再提。") if used else None


@need
def none_pending(firing: Firing, name: str) -> Text | None:
    """No application of this name waits for its decision."""
    return _("还有一份申请等待审核，请先等审核结果。") if firing.pending(name) else None


@need
def some_pending(firing: Firing, name: str) -> Text | None:
    """An application of this name waits for its decision."""
    return None if firing.pending(name) else _("没有待审核的申请。")


@need
def decider_is_other(firing: Firing) -> Text | None:
    """Nobody decides on the application of their own unit."""
    asked = {one.unit_id for one in firing.pending("extension")}
    if firing.seat is not None and firing.seat.unit_id in asked:
        return _("不能审核本单位自己的申请，请由上级中心审核。")
    return None


@need
def assists_answered(firing: Firing) -> Text | None:
    """Every co-handling unit has answered or was released.

    **Source:** `architecture.md` §5 (joint handling).
    """
    waiting = [directory().by_id[one.unit_id].short_name for one in firing.open_assignments if _waits(one)]
    if waiting:
        return str(_("还有协办单位没有答复：%(units)s。请等答复，或由中心解除协办。")) % {
            "units": "、".join(waiting)
        }
    return None


@need
def has_lead(firing: Firing) -> Text | None:
    """The matter has a lead unit."""
    return None if firing.matter.lead_id else _("这件事项没有主办单位。")


@need
def reopened_at_most(firing: Firing, times: int) -> Text | None:
    """The matter was reopened at most so often."""
    return None if firing.matter.reopened <= times else _("这件事项已经重办过，仍不满意的转督办。")


@need
def reopened_at_least(firing: Firing, times: int) -> Text | None:
    """The matter was reopened at least so often."""
    return None if firing.matter.reopened >= times else _("这件事项还没有重办过，请先退回重办。")


@need
def closed_within(firing: Firing, days: int) -> Text | None:
    """The matter is open, or was closed at most so many natural days ago."""
    closed = firing.matter.closed_at
    if closed is not None and firing.at - closed > timedelta(days=days):
        return _("归档已经超过期限，请作为新的诉求提出。")
    return None


# --- effects -------------------------------------------------------------------------------------


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
        if _waits(one) and firing.seat is not None and one.unit_id == firing.seat.unit_id:
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
    released = [one for one in firing.open_assignments if _waits(one) and one.unit_id == unit.id]
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
    mine = _higher_centre(firing)
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
def ask(firing: Firing, name: str) -> None:
    """Record an application that another decides; an input `term` such as `wd5` is kept as ``5wd``."""
    wish = str(firing.inputs.get("term") or "")
    row = Application(
        matter=firing.matter,
        name=name,
        unit_id=firing.matter.lead_id,
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


# --- shared --------------------------------------------------------------------------------------


def _waits(one: Assignment) -> bool:
    return (
        one.role == AssignmentRole.ASSIST and one.state != AssignmentState.ANSWERED and one.ended_at is None
    )


def _higher_centre(firing: Firing) -> Body | None:
    held = firing.centre
    for seat in firing.actor.seats:
        mine = directory().by_id.get(seat.unit_id)
        above = mine is not None and len(mine.region_code) < len(held.region_code)
        if (
            mine is not None
            and above
            and mine.kind == UnitKind.CENTRE
            and is_within(held.region_code, mine.region_code)
        ):
            return mine
    return None


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
