"""Replaying a past through the real engine: matters are opened and moved in the order of time, never typed in.

Each matter has a *script*: a list of moves with the time between them. All scripts run together in the order of
their times, with the clock's tick in between, so that reminders, escalations and notices come out as in real life.
"""

import heapq
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import CITIZEN, Actor, ActorKind, actor_of
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.loop.actions import fire, matter_open
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.tick import tick
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import Body, directory

OFFICE_OPENS, OFFICE_CLOSES = 8, 18


class Skip(Exception):
    """Leave this move out and go on with the next."""


@dataclass(frozen=True)
class Move:
    """One step of a script: the transition, who takes it, its inputs, and how long after the step before.

    `who` is a role of the matter's centre or lead, or ``reporter``; `inputs` gets the matter as it then is.
    """

    transition: str
    who: str
    after: timedelta
    inputs: Callable[[Matter], dict[str, Any]]


@dataclass
class Script:
    """One matter to be replayed. A move that the engine refuses ends the script: the engine is right."""

    kind: str
    opened_at: datetime
    channel: str
    inputs: dict[str, Any]
    moves: Iterator[Move]
    source_key: str = ""
    key: str = ""
    matter: Matter | None = None


class Cast:
    """The demo accounts as actors, looked up by role and place."""

    def __init__(self) -> None:
        self._kept: dict[str, Actor] = {}

    def named(self, username: str) -> Actor:
        """Return the actor of a demo account."""
        if username not in self._kept:
            user = User.objects.get(username=username)
            self._kept[username] = actor_of(user)
        return self._kept[username]

    def for_move(self, who: str, matter: Matter) -> Actor:
        """Return who takes a step in the role `who` for this matter."""
        if who == "reporter":
            return Actor(kind=ActorKind.CITIZEN, name=CITIZEN.name, matter_id=matter.pk)
        if who in {"handler", "head"}:
            return self.named(self._of_lead(who, directory().by_id[matter.lead_id or matter.centre_id]))
        if who == "assist":
            return self.named(self._assisting(matter))
        if who in {"revisit", "supervisor"}:
            return self.named(f"{who}@{self._other_level(matter)}")
        return self.named(f"{who}@{directory().by_id[matter.centre_id].region_code}")

    def _of_lead(self, who: str, lead: Body) -> str:
        match lead.kind:
            case UnitKind.TOWN_GOVERNMENT:
                return f"{who}@{lead.region_code}"
            case UnitKind.CENTRE:
                return f"dispatcher@{lead.region_code}"
            case _:
                return f"handler.{lead.code}@610323"

    def _assisting(self, matter: Matter) -> str:
        row = matter.assignments.filter(role="assist", ended_at=None).exclude(state="answered").first()
        if row is None:
            raise LookupError("no co-handling unit is waiting")
        return self._of_lead("handler", directory().by_id[row.unit_id])

    def _other_level(self, matter: Matter) -> str:
        """The town for a village's matter, the county when the town's own centre was the lead."""
        if matter.level == "county" or (matter.lead_id == matter.centre_id and matter.level == "town"):
            return matter.region_code[:6]
        return matter.region_code[:9] if len(matter.region_code) >= 9 else matter.region_code[:6]


def replay(
    scripts: Iterable[Script], *, until: datetime | None = None, told: Callable[[], None] | None = None
) -> int:
    """Run all scripts up to `until` (now when absent) in the order of time; return how many steps were taken.

    Arguments:
        told: called after each matter was opened, for a progress bar.
    """
    end = until or timezone.now()
    cast = Cast()
    queue: list[tuple[datetime, int, Script, Move | None]] = []
    for order, script in enumerate(scripts):
        heapq.heappush(queue, (script.opened_at, order, script, None))
    taken = 0
    chance = random.Random(20260101)  # noqa: S311 - a demonstration, the same each time
    while queue and queue[0][0] <= end:
        at, order, script, move = heapq.heappop(queue)
        tick(at)
        if move is None:
            _open(script, at)
            if told is not None:
                told()
        else:
            taken_now = _take(script, move, at, cast)
            if taken_now is None:
                continue
            if not taken_now:
                at -= move.after
        taken += 1
        following = next(script.moves, None)
        if following is not None and script.matter is not None:
            heapq.heappush(queue, (office_time(at + following.after, chance), order, script, following))
    return taken


def _open(script: Script, at: datetime) -> None:
    opened = matter_open(
        kind=script.kind,
        actor=CITIZEN,
        inputs=script.inputs,
        channel=script.channel,
        at=at,
        source_key=script.source_key,
    )
    script.matter = opened.matter


def _take(script: Script, move: Move, at: datetime, cast: Cast) -> bool | None:
    """Take one move; False when it does not apply here, None when the engine refuses and the script ends."""
    if script.matter is None:
        return None
    matter = Matter.objects.get(pk=script.matter.pk)
    try:
        actor = cast.for_move(move.who, matter)
        fired = fire(
            number=matter.number, transition=move.transition, actor=actor, inputs=move.inputs(matter), at=at
        )
    except Skip:
        return False
    except (QizhiError, LookupError, User.DoesNotExist):
        return None
    script.matter = fired.matter
    return True


def office_time(moment: datetime, chance: random.Random) -> datetime:
    """Return `moment` moved into office hours of the same or the next day, so that staff work by day."""
    local = timezone.localtime(moment)
    if local.hour >= OFFICE_CLOSES:
        local += timedelta(days=1)
    if not OFFICE_OPENS <= local.hour < OFFICE_CLOSES:
        local = local.replace(hour=OFFICE_OPENS, minute=chance.randrange(5, 55))
    while local.weekday() >= 5:
        local += timedelta(days=1)
    return local
