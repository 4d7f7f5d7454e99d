"""Who is told after each step, and when a promise comes near or is broken. Safe to repeat.

Nobody is told of a matter that they may not see, nor of what they did themselves.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from qizhi.kernel.accounts.scope import registrar_key, unit_key
from qizhi.kernel.loop.choices import AssignmentRole
from qizhi.kernel.loop.firing import handling_units
from qizhi.kernel.loop.flow import is_for_others, roles_of_state
from qizhi.kernel.loop.models import Assignment, Clock, Matter, Sight, Step
from qizhi.kernel.modes.schema import Kind, Relation, Rung, Transition
from qizhi.kernel.modes.store import kind_at
from qizhi.kernel.regions.scope import ancestors
from qizhi.kernel.units.choices import Sees
from qizhi.kernel.units.models import Post
from qizhi.kernel.units.queries import directory

from .models import Notice

TURN, ASSIST, LATE = "turn", "assist", "late"
# who in a unit looks after what it was asked to help with
HELPERS = ("handler", "head", "dispatcher", "director")


@dataclass(frozen=True)
class Held:
    """One post as notices need it."""

    user_id: uuid.UUID
    unit_id: uuid.UUID
    role: str
    region_code: str
    sees: str


class Posts:
    """All posts held today, read once for a batch: a county has a few hundred to a few thousand."""

    def __init__(self, on: Any = None) -> None:
        day = on or timezone.localdate()
        rows = Post.objects.filter(
            Q(until_on=None) | Q(until_on__gte=day),
            since_on__lte=day,
            user__is_active=True,
            unit__is_active=True,
        ).order_by("since_on", "id")
        columns = ("user_id", "unit_id", "role__key", "region_code", "unit__region_code", "role__sees")
        self.all = [
            Held(user, unit, role, narrower or region, sees)
            for user, unit, role, narrower, region, sees in rows.values_list(*columns)
        ]

    @cached_property
    def sight_keys(self) -> Mapping[uuid.UUID, AbstractSet[str]]:
        """The sight keys of every person who holds a post, as `accounts.scope` gives them to an actor."""
        found: dict[uuid.UUID, set[str]] = {}
        for post in self.all:
            keys = found.setdefault(post.user_id, {registrar_key(post.user_id)})
            keys |= {unit_key(post.unit_id)} | ({post.region_code} if post.sees == Sees.REGION else set())
        return found

    def in_units(self, units: Iterable[uuid.UUID | None], roles: Iterable[str]) -> list[uuid.UUID]:
        """Return the people who hold one of `roles` in one of `units`."""
        wanted, allowed = set(units), set(roles)
        return [post.user_id for post in self.all if post.unit_id in wanted and post.role in allowed]

    def in_place(
        self, region_code: str, role: str, *, outside: Collection[uuid.UUID] = ()
    ) -> list[uuid.UUID]:
        """Return the people with `role` at the nearest level above or at the place: the town before the county.

        Posts in one of the units `outside` do not count.
        """
        for code in reversed(ancestors(region_code)):
            found = [
                post.user_id
                for post in self.all
                if post.role == role and post.region_code == code and post.unit_id not in outside
            ]
            if found:
                return found
        return []


@dataclass(frozen=True)
class Occasion:
    """Something to be told: to whom, about which matter; `key` keeps anybody from being told twice."""

    users: Sequence[uuid.UUID]
    matter: Matter
    key: str
    kind: str
    words: dict[str, Any]
    at: datetime


def tell_steps(steps: Sequence[Step]) -> None:
    """Tell the unit whose turn it became, who must decide, and the units asked to help; never the one who acted."""
    steps_telling(steps)()


def steps_telling(steps: Sequence[Step]) -> Callable[[], None]:
    """Return what writes the notices of `tell_steps`, all thought out."""
    posts = Posts()
    occasions: list[Occasion] = []
    for step in steps:
        kind = kind_at(step.matter.mode_version, step.matter.kind)
        occasions += _turn(step, kind, posts)
        occasions += _asked(step, kind, posts)
        occasions += _assist(step, posts)
    return partial(_write, _notices(occasions, posts))


def tell_rung(matter: Matter, clock: Clock, rung: Rung, at: datetime) -> None:
    """Tell everybody whom a rung of the ladder names, each once for this clock, rung and due time."""
    posts = Posts()
    users: list[uuid.UUID] = []
    for target in rung.notify:
        role, relation = target.split("@")
        users += _named(posts, matter, role, Relation(relation))
    due = int(clock.due_at.timestamp()) if clock.due_at else 0
    key = f"rung:{clock.pk}:{rung.at}:{due}"
    _write(_notices([Occasion(users, matter, key, LATE, rung.title.model_dump(), at)], posts))


def _write(notices: Sequence[Notice]) -> None:
    """Write the notices; what was told before is left as it is."""
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def _notices(occasions: Sequence[Occasion], posts: Posts) -> list[Notice]:
    """Return an unsaved notice for everybody who may see the matter."""
    seen: dict[uuid.UUID, set[str]] = {}
    for matter_id, key in Sight.objects.filter(
        matter__in={occasion.matter.pk for occasion in occasions if occasion.users}
    ).values_list("matter_id", "key"):
        seen.setdefault(matter_id, set()).add(key)
    return [
        Notice(user_id=user, matter=one.matter, key=one.key, kind=one.kind, words=one.words, at=one.at)
        for one in occasions
        for user in dict.fromkeys(one.users)
        if posts.sight_keys.get(user, frozenset()) & seen.get(one.matter.pk, set())
    ]


def _turn(step: Step, kind: Kind, posts: Posts) -> list[Occasion]:
    """Tell of a matter that came to a new state; nothing when the step changed none, or it has moved on."""
    state = kind.states.get(step.to_state)
    if state is None or state.todo is None or not _has_moved(step) or not _is_latest_move(step):
        return []
    matter = step.matter
    of_unit = roles_of_state(kind, step.to_state, (Relation.CENTRE, Relation.LEAD, Relation.HOLDER))
    users = posts.in_units([matter.holder_id], of_unit)
    for role in roles_of_state(kind, step.to_state, (Relation.REGION,)):
        users += _in_charge(posts, matter, kind, role)
    words = state.todo.model_dump()
    return [Occasion(_others(users, step), matter, f"step:{step.pk}", TURN, words, step.at)]


def _has_moved(step: Step) -> bool:
    return step.to_state != step.from_state or "moved" in step.outcome


def _is_latest_move(step: Step) -> bool:
    """Tell whether the matter still stands where this step brought it; a note or progress since then is no move."""
    matter = step.matter
    if matter.version == step.seq:
        return True
    since = Step.objects.filter(matter=matter, seq__gt=step.seq) if matter.state == step.to_state else ()
    return bool(since) and not any(_has_moved(later) for later in since)


def _asked(step: Step, kind: Kind, posts: Posts) -> list[Occasion]:
    """Tell the centre that decides on what was asked for, such as more time, while the work goes on.

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
    return [Occasion(_others(users, step), step.matter, f"ask:{step.pk}", TURN, words, step.at)]


def _decides(transition: Transition, names: AbstractSet[object]) -> bool:
    """Tell whether the transition decides on an application of one of these names."""
    return any(ref.rule == "some_pending" and ref.params.get("name") in names for ref in transition.needs)


def _assist(step: Step, posts: Posts) -> list[Occasion]:
    asked = [one["unit"] for one in step.outcome.get("assigned", ()) if one["role"] == AssignmentRole.ASSIST]
    units = [directory().by_code[code].id for code in asked if code in directory().by_code]
    users = posts.in_units(units, HELPERS) if units else []
    words = {"zh": "请协办", "en": "Please help handle this"}
    return [Occasion(_others(users, step), step.matter, f"assist:{step.pk}", ASSIST, words, step.at)]


def _others(users: Iterable[uuid.UUID], step: Step) -> list[uuid.UUID]:
    return [user for user in users if user != step.actor_id]


def _in_charge(posts: Posts, matter: Matter, kind: Kind, role: str) -> list[uuid.UUID]:
    """Return who has `role` for the matter's place: at the level of its centre or the nearest above.

    Where the role's next steps are for others than the handling units, posts in those are passed over.
    """
    centre = directory().by_id.get(matter.centre_id)
    if centre is None:
        return []
    outside: set[uuid.UUID] = set()
    if is_for_others(kind, matter.state, role):
        outside = handling_units(Assignment.objects.filter(matter=matter))
    return posts.in_place(centre.region_code, role, outside=outside)


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
            return _in_charge(posts, matter, kind_at(matter.mode_version, matter.kind), role)
        case _:
            return []
