"""“My work today”: what waits for the actor, by post, soonest due first, in a bounded number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
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
    """One heap of work: its key (`overdue`, `soon`, `decide`, `assist` or a state), what to do, and the first of it."""

    key: str
    title: Any
    items: list[Matter]
    count: int
    has_more: bool


def my_work(actor: Actor, *, now: datetime | None = None) -> list[Section]:
    """Return the sections of the actor's work: overdue, due soon, to decide, co-handling, then one for each state.

    A matter stands in one section only. At most four queries for each post; counts stop at 200.
    """
    moment = now or timezone.now()
    found: dict[Any, Matter] = {}
    for kind in current().kinds.values():
        for seat in actor.seats:
            if not seat.is_reader:
                found |= {matter.pk: matter for matter in _waiting(kind, seat)}
    deciding = _deciding(actor)
    assisting = _assisting(actor)
    late = [m for m in found.values() if m.due_at is not None and m.due_at < moment]
    soon = [m for m in found.values() if m.due_at is not None and moment <= m.due_at < moment + SOON]
    taken = {m.pk for m in (*late, *soon)}
    sections = [_section("overdue", None, late), _section("soon", None, soon)]
    asked = [m for m in deciding if m.pk not in found]
    sections.append(_section("decide", None, asked))
    helped = {m.pk for m in asked} | set(found)
    sections.append(_section("assist", None, [m for m in assisting if m.pk not in helped]))
    by_state: dict[str, list[Matter]] = {}
    for matter in found.values():
        if matter.pk not in taken:
            by_state.setdefault(matter.state, []).append(matter)
    states = {name: state for kind in current().kinds.values() for name, state in kind.states.items()}
    sections += [_section(name, states[name].todo, by_state[name]) for name in states if name in by_state]
    return [section for section in sections if section.items]


def _section(key: str, title: Any, matters: Iterable[Matter]) -> Section:
    ordered = sorted(matters, key=lambda m: (m.due_at is None, m.due_at or m.opened_at))
    return Section(
        key=key, title=title, items=ordered[:SHOWN], count=len(ordered), has_more=len(ordered) >= READ
    )


def _waiting(kind: Kind, seat: Seat) -> list[Matter]:
    """Return what waits for one post: held by its unit, or in its place when the role works by place."""
    found: list[Matter] = []
    held = flow.states_of_role(kind, seat.role, (Relation.HOLDER, Relation.CENTRE, Relation.LEAD))
    if held:
        rows = Matter.objects.filter(holder_id=seat.unit_id, state__in=held, is_open=True, kind=kind.name)
        found += rows.defer("text", "text_sealed").order_by(F("due_at").asc(nulls_last=True))[:READ]
    for state in sorted(flow.states_of_role(kind, seat.role, (Relation.REGION,))):
        here = Sight.objects.filter(key=seat.region_code, state=state, kind=kind.name)
        sights = (
            here.select_related("matter").defer("matter__text", "matter__text_sealed").order_by("opened_at")
        )
        found += [sight.matter for sight in sights[:READ]]
    return found


def _deciding(actor: Actor) -> list[Matter]:
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
    rows = rows.select_related("matter").defer("matter__text", "matter__text_sealed").order_by("asked__at")
    return list(dict.fromkeys(row.matter for row in rows[:READ]))


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


def _assisting(actor: Actor) -> list[Matter]:
    """Return the matters in which a unit of the actor was asked to help and has not answered, oldest first."""
    units = actor.unit_ids if actor.may_write else frozenset()
    if not units:
        return []
    rows = Assignment.objects.filter(
        unit__in=units, role=AssignmentRole.ASSIST, ended_at=None, matter__is_open=True
    )
    rows = rows.exclude(state=AssignmentState.ANSWERED).select_related("matter")
    rows = rows.defer("matter__text", "matter__text_sealed").order_by("assigned_at")
    return [row.matter for row in rows[:READ]]
