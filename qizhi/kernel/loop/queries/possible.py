"""Which steps somebody may take with a matter now, and which of their main steps still wait for something."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import Text
from qizhi.kernel.modes.registry import NEEDS
from qizhi.kernel.modes.schema import Transition
from qizhi.kernel.modes.store import calendar_at, kind_at

from .. import flow
from ..actions.record import step_new
from ..board import Board
from ..firing import Firing, seat_of, standing_of, ties_of
from ..models import Application, Assignment, Matter

# that nothing was asked for is no news: the step to decide on it is simply not offered
SILENT = frozenset({"some_pending"})


@dataclass(frozen=True)
class Possible:
    """The steps that may be taken now, in their order, and main steps that do not fit yet, each with the reason."""

    steps: tuple[Transition, ...] = ()
    waiting: tuple[tuple[Transition, Text], ...] = ()

    @property
    def main(self) -> Transition | None:
        """The first main step, if there is one."""
        return next((step for step in self.steps if step.tone == "main"), None)


def possible(
    matter: Matter, actor: Actor, assignments: Sequence[Assignment], applications: Sequence[Application]
) -> Possible:
    """Return what `actor` may do with `matter` now; no query when all its rows are given.

    Needs that look at the inputs are taken as holding: only `fire` can tell.
    """
    if not actor.may_write:
        return Possible()
    handling = list(assignments)
    standing, ties = standing_of(actor, matter, handling), ties_of(actor, matter, handling)
    trial = _trial(matter, actor, handling, list(applications))
    steps, waiting = [], []
    for transition in flow.allowed(trial.kind, matter.state, standing):
        seat = seat_of(ties, transition, flow.acting_role(transition, standing) or "")
        unmet = _unmet(replace(trial, transition=transition, seat=seat))
        if unmet is None:
            steps.append(transition)
        elif transition.tone == "main" and unmet[0] not in SILENT:
            waiting.append((transition, unmet[1]))
    return Possible(tuple(steps), tuple(waiting))


def possible_for_each(actor: Actor, matters: Iterable[Matter]) -> dict[uuid.UUID, Possible]:
    """Return what `actor` may do with each of `matters` (a page of a list), by key: two queries in all."""
    shown = list(matters)
    assigned: dict[uuid.UUID, list[Assignment]] = {}
    asked: dict[uuid.UUID, list[Application]] = {}
    if shown and actor.may_write:
        keys = [matter.pk for matter in shown]
        for assignment in Assignment.objects.filter(matter__in=keys):
            assigned.setdefault(assignment.matter_id, []).append(assignment)
        for application in Application.objects.filter(matter__in=keys):
            asked.setdefault(application.matter_id, []).append(application)
    return {
        matter.pk: possible(matter, actor, assigned.get(matter.pk, ()), asked.get(matter.pk, ()))
        for matter in shown
    }


def _trial(
    matter: Matter, actor: Actor, assignments: list[Assignment], applications: list[Application]
) -> Firing:
    """Return a firing that only asks: nothing of it is ever written."""
    kind, at = kind_at(matter.mode_version, matter.kind), timezone.now()
    return Firing(
        matter=matter,
        kind=kind,
        transition=kind.opening,
        actor=actor,
        inputs={},
        at=at,
        board=Board(kind, calendar_at(matter.mode_version), ()),
        assignments=assignments,
        step=step_new(matter=matter, transition="", actor=actor, role="", seat=None, at=at),
        applications=applications,
    )


def _unmet(trial: Firing) -> tuple[str, Text] | None:
    """Return the first need of the trial's transition that does not hold, with its reason."""
    for ref in trial.transition.needs:
        said = NEEDS[ref.rule].function(trial, **ref.params)
        if said is not None:
            return ref.rule, said
    return None
