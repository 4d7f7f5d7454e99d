"""“My work today”: what waits for the actor, by post, soonest due first, in a bounded number of queries."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor, Seat
from qizhi.kernel.modes.schema import Kind, Relation
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.scope import within

from .. import flow
from ..choices import ApplicationState, AssignmentRole, AssignmentState
from ..models import Application, Assignment, Matter, Sight

SHOWN = 20
READ = 200
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Section:
    """One heap of work: its key (`overdue`, `soon`, `decide`, `assist` or a state), what to do, and the first of it.

    `is_cut`: there may be more than `count`, since no more was read.
    """

    key: str
    title: Any
    items: list[Matter]
    count: int
    is_cut: bool


@dataclass(frozen=True)
class _Waiting:
    """What sorting needs to know of a matter; the matter itself is fetched only when it is shown."""

    key: uuid.UUID
    state: str
    due_at: datetime | None
    opened_at: datetime


@dataclass
class _Heap:
    """The matters of one section, and whether the reading of them was cut short."""

    key: str
    title: Any = None
    waiting: list[_Waiting] = field(default_factory=list)
    is_cut: bool = False

    def first(self) -> list[uuid.UUID]:
        """Return the keys of those that are shown, soonest due first."""
        ordered = sorted(self.waiting, key=lambda one: (one.due_at is None, one.due_at or one.opened_at))
        return [one.key for one in ordered[:SHOWN]]


def my_work(actor: Actor, *, now: datetime | None = None) -> list[Section]:
    """Return the sections of the actor's work: overdue, due soon, to decide, co-handling, then one for each state.

    A matter stands in one section only. At most three queries for each post, and three more; of each state at most
    200 matters are read.
    """
    heaps = [heap for heap in _heaps(actor, now or timezone.now()) if heap.waiting]
    shown = {heap.key: heap.first() for heap in heaps}
    keys = {key for firsts in shown.values() for key in firsts}
    matters = Matter.objects.defer("text", "text_sealed").in_bulk(keys) if keys else {}
    return [
        Section(
            key=heap.key,
            title=heap.title,
            items=[matters[key] for key in shown[heap.key] if key in matters],
            count=len(heap.waiting),
            is_cut=heap.is_cut,
        )
        for heap in heaps
    ]


def _heaps(actor: Actor, now: datetime) -> Iterable[_Heap]:
    """Yield the sections in their order; what stands in one does not stand in a later one."""
    units = actor.unit_ids
    kinds = current().kinds.values()
    reads = [read for kind in kinds for seat in actor.seats for read in _reads(kind, seat, units)]
    found = {one.key: one for read in reads for one in read}
    cut = {one.state for read in reads if len(read) >= READ for one in read}
    states = {name: state for kind in current().kinds.values() for name, state in kind.states.items()}
    heaps = {name: _Heap(name, state.todo, is_cut=name in cut) for name, state in states.items()}
    late, soon = _Heap("overdue", is_cut=bool(cut)), _Heap("soon")
    for one in found.values():
        if one.due_at is not None and one.due_at < now + SOON:
            (late if one.due_at < now else soon).waiting.append(one)
        else:
            heaps[one.state].waiting.append(one)
    decide = _Heap("decide", waiting=[one for one in _deciding(actor) if one.key not in found])
    seen = {one.key for one in decide.waiting} | set(found)
    assist = _Heap("assist", waiting=[one for one in _assisting(actor) if one.key not in seen])
    return late, soon, decide, assist, *heaps.values()


def _reads(kind: Kind, seat: Seat, units: frozenset[uuid.UUID]) -> Iterable[list[_Waiting]]:
    """Yield what waits for one post: held by its unit, or in its place when the role works by place.

    What is for others than the handler is left out where one of the person's `units` handled it.
    """
    if seat.is_reader:
        return
    held = flow.states_of_role(kind, seat.role, (Relation.HOLDER, Relation.CENTRE, Relation.LEAD))
    if held:
        rows = Matter.objects.filter(holder_id=seat.unit_id, state__in=held, is_open=True, kind=kind.name)
        columns = rows.order_by(F("due_at").asc(nulls_last=True)).values_list(
            "pk", "state", "due_at", "opened_at"
        )
        yield [_Waiting(*row) for row in columns[:READ]]
    handled = Assignment.objects.filter(matter=OuterRef("matter"), unit__in=units)
    for state in sorted(flow.states_of_role(kind, seat.role, (Relation.REGION,))):
        sights = Sight.objects.filter(key=seat.region_code, state=state, kind=kind.name).order_by("opened_at")
        if flow.is_for_others(kind, state, seat.role):
            sights = sights.exclude(Exists(handled.exclude(state=AssignmentState.RELEASED)))
        yield [
            _Waiting(*row) for row in sights.values_list("matter_id", "state", "due_at", "opened_at")[:READ]
        ]


def _deciding(actor: Actor) -> list[_Waiting]:
    """Return the matters in which somebody asked for what the actor decides, such as more time, oldest first.

    The centre that holds a matter decides; on what it asks for itself, the centre above.
    """
    mine = Q()
    for kind in current().kinds.values():
        for name, relations in _decisions(kind, actor):
            mine |= relations & Q(name=name, matter__kind=kind.name)
    if not mine:
        return []
    rows = Application.objects.filter(mine, state=ApplicationState.PENDING, matter__is_open=True)
    return _of_matters(rows.order_by("asked__at"))


def _decisions(kind: Kind, actor: Actor) -> Iterable[tuple[str, Q]]:
    """Yield what the actor's posts decide on, by the name of the application, with the matters it concerns."""
    for transition in kind.transitions.values():
        names = [str(ref.params["name"]) for ref in transition.needs if ref.rule == "some_pending"]
        for seat in actor.seats if names and transition.tone == "main" else ():
            relations = transition.relations(seat.role)
            if seat.is_reader or not relations:
                continue
            where = Q(matter__centre=seat.unit_id) if Relation.CENTRE in relations else Q(pk=None)
            if Relation.REGION in relations:
                where |= within(seat.region_code, "matter__region_code") & Q(unit=F("matter__centre"))
            yield names[0], where & ~Q(unit=seat.unit_id)


def _assisting(actor: Actor) -> list[_Waiting]:
    """Return the matters in which a unit of the actor was asked to help and has not answered, oldest first."""
    units = actor.unit_ids if actor.may_write else frozenset()
    if not units:
        return []
    rows = Assignment.objects.filter(
        unit__in=units, role=AssignmentRole.ASSIST, ended_at=None, matter__is_open=True
    )
    return _of_matters(rows.exclude(state=AssignmentState.ANSWERED).order_by("assigned_at"))


def _of_matters(rows: QuerySet[Any]) -> list[_Waiting]:
    """Return the matters that `rows` belong to, in their order."""
    columns = rows.values_list("matter_id", "matter__state", "matter__due_at", "matter__opened_at")
    return list(dict.fromkeys(_Waiting(*row) for row in columns[:READ]))
