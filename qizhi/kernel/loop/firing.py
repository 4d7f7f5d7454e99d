"""A firing: everything that needs and effects of the packs may read and change while one step is taken."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qizhi.kernel.accounts.scope import Actor, ActorKind, Seat
from qizhi.kernel.modes.schema import HeldBy, Kind, Relation, Transition
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.queries import Body, directory

from . import flow
from .board import Board
from .choices import ApplicationState, AssignmentState
from .models import Application, Assignment, Matter, Step

SUPERVISION = "supervision"


@dataclass
class Firing:
    """One step in the making. Effects set columns through `changes` and rows through `later`.

    `changes` maps columns of the matter to new values; `outcome` is what the step will say of its effects, in
    plain JSON without personal data; `later` runs in the same transaction after the step was written, for rows
    that refer to it.
    """

    matter: Matter
    kind: Kind
    transition: Transition
    actor: Actor
    inputs: dict[str, Any]
    at: datetime
    board: Board
    assignments: list[Assignment]
    step: Step
    seat: Seat | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    later: list[Callable[[], Any]] = field(default_factory=list)
    # all that was ever asked for in this matter, read when first needed; see `asked` and `pending`
    applications: list[Application] | None = None
    _pending: dict[str, list[Application]] = field(default_factory=dict)

    def asked(self) -> list[Application]:
        """Return all applications of the matter, decided or not."""
        if self.applications is None:
            self.applications = list(Application.objects.filter(matter=self.matter))
        return self.applications

    def pending(self, name: str) -> list[Application]:
        """Return the applications `name` that waited for a decision when this step began."""
        if name not in self._pending:
            waits = [
                one for one in self.asked() if one.name == name and one.state == ApplicationState.PENDING
            ]
            self._pending[name] = waits
        return self._pending[name]

    def now(self, column: str) -> Any:
        """Return the value of a matter's column as it will be after this step."""
        return self.changes[column] if column in self.changes else getattr(self.matter, column)

    @property
    def centre(self) -> Body:
        """The centre that holds the matter after this step."""
        return directory().by_id[self.now("centre_id")]

    @property
    def open_assignments(self) -> list[Assignment]:
        """The assignments that have not ended."""
        return [one for one in self.assignments if one.ended_at is None]

    @property
    def facts(self) -> dict[str, str]:
        """What terms and routes may depend on."""
        return {
            "kind": self.matter.kind,
            "difficulty": str(self.now("difficulty")),
            "urgency": str(self.now("urgency")),
            "category": str(self.now("category")),
            "channel": str(self.matter.channel),
            "region": self.matter.region_code,
            "level": str(self.now("level")),
        }

    def holder_in(self, state: str) -> Any:
        """Return the key of the unit whose turn it is in `state`; None where it is nobody's among the units."""
        match self.kind.states[state].held_by:
            case HeldBy.CENTRE:
                return self.now("centre_id")
            case HeldBy.LEAD:
                return self.now("lead_id") or self.now("centre_id")
            case HeldBy.SUPERVISION:
                found = directory().with_purpose(SUPERVISION)
                return found[0].id if found else self.now("centre_id")
            case _:
                return None


def ties_of(
    actor: Actor, matter: Matter, assignments: list[Assignment]
) -> dict[tuple[str, Relation], Seat | None]:
    """Return every (role, relation) in which the actor stands to the matter, with the post that gives it."""
    if actor.kind == ActorKind.SYSTEM:
        return {(flow.SYSTEM, Relation.SYSTEM): None}
    if actor.kind == ActorKind.CITIZEN:
        return {(flow.REPORTER, Relation.REPORTER): None}
    assisting = {one.unit_id for one in assignments if _awaits_answer(one)}
    ties: dict[tuple[str, Relation], Seat | None] = {}
    for seat in actor.seats:
        if seat.is_reader:
            continue
        for relation, holds in (
            (Relation.HOLDER, seat.unit_id == matter.holder_id),
            (Relation.LEAD, seat.unit_id == matter.lead_id),
            (Relation.ASSIST, seat.unit_id in assisting),
            (Relation.CENTRE, seat.unit_id == matter.centre_id),
            (Relation.REGION, is_within(matter.region_code, seat.region_code)),
        ):
            if holds:
                ties.setdefault((seat.role, relation), seat)
    return ties


def seat_of(ties: dict[tuple[str, Relation], Seat | None], transition: Transition, role: str) -> Seat | None:
    """Return the post in which somebody with these ties takes `transition` as `role`."""
    return next(
        (ties[role, relation] for relation in transition.relations(role) if (role, relation) in ties), None
    )


def _awaits_answer(one: Assignment) -> bool:
    return one.role == "assist" and one.ended_at is None and one.state != AssignmentState.ANSWERED


def standing_of(actor: Actor, matter: Matter, assignments: list[Assignment]) -> flow.Standing:
    """Return the actor's standing to the matter."""
    return flow.Standing(
        ties=frozenset(ties_of(actor, matter, assignments)),
        is_handler=bool(handling_units(assignments) & actor.unit_ids),
    )


def handling_units(assignments: Iterable[Assignment]) -> set[uuid.UUID]:
    """Return the units that handle or handled a matter, without those released before they did anything."""
    return {one.unit_id for one in assignments if one.state != AssignmentState.RELEASED}
