"""Matters in every state, walked there through the real engine.

`walk_to("replied")` opens a request and takes the declared steps with the accounts of the place, so that a test
begins where its story begins, with the same steps, clocks, assignments and sights as in life.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.actions import Fired, fire, matter_open
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.units.queries import directory

from . import cast
from .world import VILLAGE

CATEGORY = "housing_construction.municipal_facilities"
REQUEST: dict[str, Any] = {
    "title": "东街小学门口井盖松动",
    "text": "东街小学门口的井盖松动，车一过就响，孩子上学容易绊倒，希望尽快修好。",
    "category": CATEGORY,
    "address": "东街小学门口",
    "reporter": {"name": "王秀兰", "phone": "13800000021"},
}
STEP_GAP = timedelta(minutes=1)


@dataclass
class Case:
    """A matter of a test with its query code in clear, which is told only once."""

    matter: Matter
    query_code: str

    @property
    def number(self) -> str:
        """The number for people."""
        return self.matter.number

    def reload(self) -> Matter:
        """Read the matter anew and return it."""
        self.matter = Matter.objects.get(pk=self.matter.pk)
        return self.matter


@dataclass(frozen=True)
class Move:
    """One step of a path: the transition, who takes it, and the inputs, made from the matter as it then is."""

    transition: str
    who: str
    inputs: Callable[[Matter], dict[str, Any]]


def open_request(
    *,
    region: str = VILLAGE,
    actor: Actor | None = None,
    channel: str = "",
    at: datetime | None = None,
    **inputs: Any,
) -> Case:
    """Open a request as a citizen does, or as `actor` when one is given, and return it.

    Arguments:
        inputs: opening inputs beside or instead of those of `REQUEST`; None leaves one out.
    """
    values = {name: value for name, value in {**REQUEST, **inputs}.items() if value is not None}
    opened = matter_open(
        kind="request",
        actor=actor or cast.citizen(),
        inputs={**values, "region": region},
        channel=channel or ("window" if actor else "web"),
        at=at,
    )
    return Case(matter=opened.matter, query_code=opened.query_code)


def take(case: Case, transition: str, by: str | Actor, at: datetime | None = None, **inputs: Any) -> Fired:
    """Take one step with the matter of `case`; `by` is an actor, or a role as in `Move.who`."""
    person = by if isinstance(by, Actor) else _who(by, case.reload())
    fired = fire(number=case.number, transition=transition, actor=person, inputs=inputs, at=at)
    case.matter = fired.matter
    return fired


def walk_to(state: str, *, region: str = VILLAGE, at: datetime | None = None, **inputs: Any) -> Case:
    """Open a request at `region` and walk it to `state` by the shortest usual way, one minute a step.

    Arguments:
        state: one of `PATHS`.
        at: when it was opened; now when absent.
        inputs: opening inputs, as for `open_request`.
    """
    moment = at or timezone.now() - STEP_GAP * len(PATHS[state])
    case = open_request(region=region, at=moment, **inputs)
    for move in PATHS[state]:
        moment += STEP_GAP
        take(case, move.transition, move.who, at=moment, **move.inputs(case.matter))
    return case


def _who(role: str, matter: Matter) -> Actor:
    """Return who takes a step: the reporter, the account named in full, or the role at the centre or lead unit."""
    if role == "reporter":
        return cast.citizen(matter)
    if "@" in role:
        return cast.actor(role)
    units = directory().by_id
    place = units[matter.centre_id].region_code
    if role in {"handler", "head"} and matter.lead_id is not None:
        lead = units[matter.lead_id]
        if lead.kind == "county_body":
            # a department has one account, for its handler
            return cast.actor(f"handler.{lead.code}@{lead.region_code}")
        place = lead.region_code
    if role == "revisit":
        place = place[:9]
    return cast.actor(f"{role}@{place}")


def _move(
    transition: str, who: str, inputs: Mapping[str, Any] | Callable[[Matter], dict[str, Any]] | None = None
) -> Move:
    make = inputs if callable(inputs) else lambda _matter: dict(inputs or {})
    return Move(transition, who, make)


def _government(matter: Matter) -> str:
    return f"tg-{matter.region_code[:9]}"


def _twin(matter: Matter) -> dict[str, Any]:
    return {"target": open_request(region=matter.region_code).number, "reason": "同一个井盖。"}


_TRIAGED = (_move("triage", "dispatcher", {"category": CATEGORY, "difficulty": "general"}),)
_DISPATCHED = (*_TRIAGED, _move("dispatch", "dispatcher", lambda m: {"lead_unit": _government(m)}))
_ACCEPTED = (*_DISPATCHED, _move("accept", "handler", {"contacted": True}))
_IN_PROGRESS = (*_ACCEPTED, _move("start", "handler"))
_CONCLUDE = (
    _move("conclude", "handler", {"result": "solved", "conclusion": "已更换井盖并加装防坠网。"}),
    _move("reply", "handler", {"reply": "井盖已经换好，欢迎监督。"}),
)
_REPLIED = (*_IN_PROGRESS, *_CONCLUDE)
_REVISITED = (*_REPLIED, _move("revisit", "revisit", {"way": "phone", "satisfaction": "satisfied"}))
_REOPENED = (*_REPLIED, _move("revisit_unsatisfied", "revisit", {"comment": "换上的井盖还是响。"}))

# The shortest usual way to each state of the kind `request`; each step is taken by a demo account of the place.
PATHS: dict[str, tuple[Move, ...]] = {
    "registered": (),
    "triaged": _TRIAGED,
    "dispatched": _DISPATCHED,
    "objected": (
        *_DISPATCHED,
        _move("object", "handler", {"reason": "这段路归住建部门管。", "basis": "县住建局职责清单第3条"}),
    ),
    "accepted": _ACCEPTED,
    "in_progress": _IN_PROGRESS,
    "suspended": (*_IN_PROGRESS, _move("suspend", "handler", {"reason": "等井盖到货。"})),
    "concluded": (*_IN_PROGRESS, _CONCLUDE[0]),
    "replied": _REPLIED,
    "revisited": _REVISITED,
    "reopened": _REOPENED,
    "supervised": (
        *_REOPENED,
        _move("start", "handler"),
        *_CONCLUDE,
        _move("revisit_supervise", "revisit", {"comment": "还是没有修好。"}),
    ),
    "archived": (*_REVISITED, _move("archive", "revisit")),
    "not_accepted": (
        _move(
            "not_accept",
            "dispatcher",
            {"reason": "emergency_call", "explanation": "请直接报警。", "door": "拨打110"},
        ),
    ),
    "withdrawn": (_move("withdraw", "reporter", {"reason": "已经自行解决。"}),),
    "merged": (_move("merge", "dispatcher", _twin),),
}
