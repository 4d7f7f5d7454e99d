"""`fire`: the only way a matter changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction as database
from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.prepared import Prepared
from qizhi.kernel.modes.registry import EFFECTS, NEEDS
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import calendar_at, kind_at, mode_at

from .. import flow
from ..board import Board
from ..errors import (
    MatterNotFound,
    NeedNotMet,
    NotAllowedNow,
    NotYours,
    ReadOnly,
    Stale,
    UnknownTransition,
)
from ..firing import Firing, handling_units, seat_of, standing_of, ties_of
from ..inputs import Desk, clean
from ..models import Assignment, Clock, Matter, Step
from ..policy import matter_seen
from ..sights import sights_syncing
from .record import step_close, step_keep, step_new, step_write


@dataclass(frozen=True)
class Fired:
    """What came of a firing: the matter as it is now, and the step that was written."""

    matter: Matter
    step: Step


def fire(
    *,
    number: str,
    transition: str,
    actor: Actor,
    inputs: Mapping[str, Any] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Fired:
    """Take one declared step with a matter: check, change, record, in one transaction.

    Arguments:
        number: the matter's number.
        transition: the name of the transition as its kind declares it.
        actor: who acts; a citizen's actor comes from `policy.citizen_at`.
        inputs: raw values by the names of the declared inputs.
        version: the version that the actor saw; None means whatever it is now.
        at: when it happens; now, unless a past is being replayed.

    Raises:
        MatterNotFound: no such matter that the actor may see.
        UnknownTransition: the kind has no such transition.
        ReadOnly, NotYours: the actor may not take it.
        Stale: the matter changed since `version`; `details["steps"]` says how.
        NotAllowedNow: not from the present state.
        BadInput: some input cannot be taken.
        NeedNotMet: a condition does not hold.

    **Source:** `architecture.md` §2, §5.
    """
    with database.atomic():
        # Locked before anything hangs on it is read: its clocks and assignments are then those of this version,
        # and times rise with the versions.
        matter = matter_seen(actor, number, locked=True)
        if matter is None:
            raise MatterNotFound
        firing = _prepared(matter, transition, actor, at or timezone.now())
        _check(firing, version)
        declared = firing.transition
        desk = Desk(mode=mode_at(matter.mode_version), actor=actor, matter=matter)
        firing.inputs = clean(declared, inputs or {}, desk)
        _check_needs(firing)
        _change(firing)
        return Fired(matter=_written(firing), step=firing.step)


def _prepared(matter: Matter, name: str, actor: Actor, at: datetime) -> Firing:
    kind = kind_at(matter.mode_version, matter.kind)
    declared = kind.transitions.get(name)
    if declared is None or name == kind.opens_with:
        raise UnknownTransition(details={"transition": name[:40]})
    assignments = _assignments.rows(matter.pk)
    role, seat = _acting(declared, actor, matter, assignments)
    return Firing(
        matter=matter,
        kind=kind,
        transition=declared,
        actor=actor,
        inputs={},
        at=at,
        board=Board(kind, calendar_at(matter.mode_version), _clocks.rows(matter.pk)),
        assignments=assignments,
        step=step_new(matter=matter, transition=name, actor=actor, role=role, seat=seat, at=at),
        seat=seat,
    )


_assignments = Prepared(lambda matter: Assignment.objects.filter(matter=matter), UUID)
_clocks = Prepared(lambda matter: Clock.objects.filter(matter=matter), UUID)


def _acting(
    declared: Transition, actor: Actor, matter: Matter, assignments: list[Assignment]
) -> tuple[str, Any]:
    """Return the role and the post in which the actor takes the transition, or refuse."""
    if not actor.may_write:
        raise ReadOnly
    standing = standing_of(actor, matter, assignments)
    has_handled = declared.other_than_handler and _has_handled(actor, matter, assignments)
    if has_handled or not flow.may_take(declared, standing):
        raise NotYours(details={"transition": declared.name})
    role = flow.acting_role(declared, standing) or ""
    return role, seat_of(ties_of(actor, matter, assignments), declared, role)


def _has_handled(actor: Actor, matter: Matter, assignments: list[Assignment]) -> bool:
    """Tell whether the actor took a step here for a unit that handled the matter, whatever post they hold now."""
    units = handling_units(assignments)
    return Step.objects.filter(matter=matter, actor=actor.user_id, unit__in=units).exists()


def _check(firing: Firing, version: int | None) -> None:
    matter = firing.matter
    if version is not None and version != matter.version:
        raise stale(matter, version)
    if matter.state not in firing.transition.source_states:
        title = firing.kind.states[matter.state].title
        raise NotAllowedNow(
            details={"state": matter.state, "state_title": title.model_dump(), "version": matter.version}
        )


def stale(matter: Matter, since: int) -> Stale:
    """Return the error that tells what happened to `matter` after version `since`."""
    steps = Step.objects.filter(matter=matter, seq__gt=since).order_by("seq")
    said = [
        {
            "seq": s.seq,
            "transition": s.transition,
            "to": s.to_state,
            "at": s.at.isoformat(),
            "unit": s.unit_name,
        }
        for s in steps
    ]
    return Stale(details={"version": matter.version, "state": matter.state, "steps": said})


def _check_needs(firing: Firing) -> None:
    for ref in firing.transition.needs:
        said = NEEDS[ref.rule].function(firing, **ref.params)
        if said is not None:
            raise NeedNotMet(said, details={"need": ref.rule})


def _change(firing: Firing) -> None:
    """Run the effects, then the clocks, then settle state, holder and due time."""
    declared, board, matter = firing.transition, firing.board, firing.matter
    for ref in declared.effects:
        EFFECTS[ref.rule].function(firing, **ref.params)
    to = flow.target(declared, matter.state, before=_state_before(firing))
    for name in declared.stops:
        board.stop(name, firing.at)
    for name in declared.pauses:
        board.pause(name, firing.at)
    for name in declared.resumes:
        board.resume(name, firing.at)
    for name in declared.starts:
        board.start(matter.pk, name, firing.facts, firing.at)
    state = firing.kind.states[to]
    if state.end:
        board.cancel_all(firing.at)
    firing.changes.update(
        state=to,
        holder_id=firing.holder_in(to),
        is_open=not state.end,
        closed_at=(matter.closed_at or firing.at) if state.end else None,
        due_at=board.next_due,
    )


def _state_before(firing: Firing) -> str | None:
    if not firing.transition.to.startswith("^"):
        return None
    undone = firing.transition.to[1:]
    past = Step.objects.filter(matter=firing.matter, transition=undone).order_by("-seq").first()
    return past.from_state if past else None


def _written(firing: Firing) -> Matter:
    """Write everything; the compare-and-set comes first, so that a loser writes nothing."""
    matter, step = firing.matter, firing.step
    step.to_state = firing.changes["state"]
    passages = step_keep(step, firing.transition.inputs, firing.inputs)
    step.outcome = {**firing.outcome, **({"clocks": firing.board.events} if firing.board.events else {})}
    firing.changes["last_hash"] = step_close(step, firing.transition)
    seen = matter.version
    if not Matter.objects.compare_and_set(matter, **firing.changes):
        raise stale(Matter.objects.get(pk=matter.pk), seen)
    for column, value in firing.changes.items():
        setattr(matter, column, value)
    matter.version = step.seq
    beside = [*firing.board.statements(), *sights_syncing(matter, firing.kind, firing.assignments)]
    step_write(step, firing.transition, firing.inputs, passages, beside)
    for save in firing.later:
        save()
    return matter
