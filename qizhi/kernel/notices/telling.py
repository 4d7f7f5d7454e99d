"""Who is told after each step, and when a promise comes near or is broken. Safe to repeat."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qizhi.kernel.loop.choices import AssignmentRole
from qizhi.kernel.loop.flow import roles_of_state
from qizhi.kernel.loop.models import Assignment, Clock, Matter, Step
from qizhi.kernel.modes.schema import Kind, Relation, Rung, Transition
from qizhi.kernel.modes.store import kind_at
from qizhi.kernel.regions.scope import ancestors
from qizhi.kernel.units.models import Post
from qizhi.kernel.units.queries import directory

from .models import Notice

TURN, ASSIST, LATE = "turn", "assist", "late"


@dataclass(frozen=True)
class Held:
    """One post as notices need it."""

    user_id: uuid.UUID
    unit_id: uuid.UUID
    role: str
    region_code: str


class Posts:
    """All posts held today, read once for a batch: a county has a few hundred to a few thousand."""

    def __init__(self, on: Any = None) -> None:
        day = on or timezone.localdate()
        rows = Post.objects.filter(
            Q(until_on=None) | Q(until_on__gte=day), since_on__lte=day, user__is_active=True
        )
        self.all = [
            Held(user, unit, role, narrower or region)
            for user, unit, role, narrower, region in rows.values_list(
                "user_id", "unit_id", "role__key", "region_code", "unit__region_code"
            )
        ]

    def in_units(self, units: Iterable[uuid.UUID | None], roles: Iterable[str]) -> list[uuid.UUID]:
        """Return the people who hold one of `roles` in one of `units`."""
        wanted, allowed = set(units), set(roles)
        return [post.user_id for post in self.all if post.unit_id in wanted and post.role in allowed]

    def in_place(self, region_code: str, role: str) -> list[uuid.UUID]:
        """Return the people with `role` at the nearest level above or at the place: the town before the county."""
        for code in reversed(ancestors(region_code)):
            found = [post.user_id for post in self.all if post.role == role and post.region_code == code]
            if found:
                return found
        return []


def tell_steps(steps: Sequence[Step]) -> None:
    """Tell the unit whose turn it became, who must decide, and the units asked to help; never the one who acted."""
    posts = Posts()
    notices: list[Notice] = []
    for step in steps:
        kind = kind_at(step.matter.mode_version, step.matter.kind)
        notices += _turn(step, kind, posts)
        notices += _asked(step, kind, posts)
        notices += _assist(step, posts)
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _turn(step: Step, kind: Kind, posts: Posts) -> list[Notice]:
    """Notices for a matter that came to a new state; nothing when the step changed none, or it has moved on."""
    state = kind.states.get(step.to_state)
    moved = step.to_state != step.from_state or "moved" in step.outcome
    if state is None or state.todo is None or not moved or step.matter.version != step.seq:
        return []
    matter = step.matter
    of_unit = roles_of_state(kind, step.to_state, (Relation.CENTRE, Relation.LEAD, Relation.HOLDER))
    users = posts.in_units([matter.holder_id], of_unit)
    for role in roles_of_state(kind, step.to_state, (Relation.REGION,)):
        users += posts.in_place(matter.centre.region_code, role)
    words = state.todo.model_dump()
    return [_notice(user, matter, f"step:{step.pk}", TURN, words, step.at) for user in _others(users, step)]


def _asked(step: Step, kind: Kind, posts: Posts) -> list[Notice]:
    """Notices for the centre that decides on what was asked for, such as more time, while the work goes on.

    On what a centre asks for itself, the centre above decides.
    """
    declared = kind.transitions.get(step.transition)
    names = {ref.params.get("name") for ref in declared.effects if ref.rule == "ask"} if declared else set()
    if declared is None or not names or step.to_state != step.from_state:
        return []
    centre = directory().by_id.get(step.matter.centre_id)
    if centre is not None and centre.id == step.unit_id:
        centre = directory().by_id.get(centre.parent_id) if centre.parent_id else None
    roles = {role for one in kind.transitions.values() if _decides(one, names) for role in one.by}
    users = posts.in_units([centre.id], roles) if centre is not None else []
    words = declared.title.model_dump()
    return [
        _notice(user, step.matter, f"ask:{step.pk}", TURN, words, step.at) for user in _others(users, step)
    ]


def _decides(transition: Transition, names: set[object]) -> bool:
    """Tell whether the transition decides on an application of one of these names."""
    return any(ref.rule == "some_pending" and ref.params.get("name") in names for ref in transition.needs)


def _assist(step: Step, posts: Posts) -> list[Notice]:
    asked = [one["unit"] for one in step.outcome.get("assigned", ()) if one["role"] == AssignmentRole.ASSIST]
    units = [directory().by_code[code].id for code in asked if code in directory().by_code]
    users = posts.in_units(units, ("handler", "head", "dispatcher", "director")) if units else []
    words = {"zh": "请协办", "en": "Please help handle this"}
    return [
        _notice(user, step.matter, f"assist:{step.pk}", ASSIST, words, step.at)
        for user in _others(users, step)
    ]


def _others(users: Iterable[uuid.UUID], step: Step) -> list[uuid.UUID]:
    return [user for user in dict.fromkeys(users) if user != step.actor_id]


def tell_rung(matter: Matter, clock: Clock, rung: Rung, at: datetime) -> None:
    """Tell everybody whom a rung of the ladder names, each once for this clock and rung."""
    posts = Posts()
    users: list[uuid.UUID] = []
    for target in rung.notify:
        role, relation = target.split("@")
        users += _named(posts, matter, role, Relation(relation))
    key = f"rung:{clock.pk}:{rung.at}"
    words = rung.title.model_dump()
    rows = [_notice(user, matter, key, LATE, words, at) for user in dict.fromkeys(users)]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def _named(posts: Posts, matter: Matter, role: str, relation: Relation) -> list[uuid.UUID]:
    match relation:
        case Relation.CENTRE:
            return posts.in_units([matter.centre_id], [role])
        case Relation.LEAD:
            return posts.in_units([matter.lead_id], [role])
        case Relation.HOLDER:
            return posts.in_units([matter.holder_id], [role])
        case Relation.ASSIST:
            rows = Assignment.objects.filter(matter=matter, role=AssignmentRole.ASSIST, ended_at=None)
            return posts.in_units(rows.values_list("unit_id", flat=True), [role])
        case Relation.REGION:
            return posts.in_place(matter.centre.region_code, role)
        case _:
            return []


def _notice(
    user: uuid.UUID, matter: Matter, key: str, kind: str, words: dict[str, Any], at: datetime
) -> Notice:
    return Notice(user_id=user, matter=matter, key=key, kind=kind, words=words, at=at)
