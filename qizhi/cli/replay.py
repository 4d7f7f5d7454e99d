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

from django.db import transaction
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
SATURDAY = 5
COUNTY_LENGTH, TOWN_LENGTH = 6, 9
AT_ONCE = 200


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
    # the code of the error that ended it
    refused: str = ""


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
            case UnitKind.VILLAGE_COMMITTEE | UnitKind.COMMUNITY_COMMITTEE:
                return f"handler@{lead.region_code}"
            case UnitKind.CENTRE:
                return f"dispatcher@{lead.region_code}"
            case _:
                return f"handler.{lead.code}@{lead.region_code[:COUNTY_LENGTH]}"

    def _assisting(self, matter: Matter) -> str:
        row = matter.assignments.filter(role="assist", ended_at=None).exclude(state="answered").first()
        if row is None:
            raise LookupError("no co-handling unit is waiting")
        return self._of_lead("handler", directory().by_id[row.unit_id])

    def _other_level(self, matter: Matter) -> str:
        """The town for a village's matter, the county when the town's own centre was the lead."""
        if matter.level == "county" or (matter.lead_id == matter.centre_id and matter.level == "town"):
            return matter.region_code[:COUNTY_LENGTH]
        return matter.region_code[:TOWN_LENGTH]


def replay(
    scripts: Iterable[Script],
    *,
    until: datetime | None = None,
    told: Callable[[], None] | None = None,
    at_once: int = AT_ONCE,
) -> int:
    """Run all scripts up to `until` (now when absent) in the order of time; return how many steps were taken.

    Arguments:
        told: called after each matter was opened, for a progress bar.
        at_once: how many events share a transaction: to wait for the disk at each would take most of the time.
    """
    run = _Run(list(scripts), until or timezone.now(), told or (lambda: None))
    while run.is_going:
        with transaction.atomic():
            for _event in range(at_once):
                run.go_on()
    while tick(run.until):
        pass
    return run.taken


class _Run:
    """One run: what happens next, and how many steps were taken so far."""

    def __init__(self, scripts: list[Script], until: datetime, told: Callable[[], None]) -> None:
        self.until = until
        self.told = told
        self.taken = 0
        self.cast = Cast()
        self.chance = random.Random(20260101)  # noqa: S311 - a demonstration, the same each time
        self.queue: list[tuple[datetime, int, Script, Move | None]] = []
        for order, script in enumerate(scripts):
            heapq.heappush(self.queue, (script.opened_at, order, script, None))

    @property
    def is_going(self) -> bool:
        """Whether something is left that happens before the end."""
        return bool(self.queue) and self.queue[0][0] <= self.until

    def go_on(self) -> None:
        """Let the next thing happen, if there is one, with the tick before it."""
        if not self.is_going:
            return
        at, order, script, move = heapq.heappop(self.queue)
        tick(at)
        if move is None:
            goes_on = _open(script, at)
            self.told()
        else:
            goes_on, was_taken = _take(script, move, at, self.cast)
            self.taken += was_taken
            # a move that was left out takes no time
            at = at if was_taken else at - move.after
        following = next(script.moves, None) if goes_on else None
        if following is not None:
            moment = office_time(at + following.after, self.chance)
            heapq.heappush(self.queue, (moment, order, script, following))
        self.taken += move is None and goes_on


def _open(script: Script, at: datetime) -> bool:
    """Open the script's matter; tell whether it was."""
    try:
        opened = matter_open(
            kind=script.kind,
            actor=CITIZEN,
            inputs=script.inputs,
            channel=script.channel,
            at=at,
            source_key=script.source_key,
        )
    except QizhiError as error:
        script.refused = error.code
        return False
    script.matter = opened.matter
    return True


def _take(script: Script, move: Move, at: datetime, cast: Cast) -> tuple[bool, bool]:
    """Take one move; return whether the script goes on, and whether a step was taken."""
    if script.matter is None:
        return False, False
    matter = Matter.objects.get(pk=script.matter.pk)
    try:
        actor = cast.for_move(move.who, matter)
        fired = fire(
            number=matter.number, transition=move.transition, actor=actor, inputs=move.inputs(matter), at=at
        )
    except Skip:
        return True, False
    except QizhiError as error:
        script.refused = error.code
        return False, False
    except (LookupError, User.DoesNotExist):
        script.refused = "nobody"
        return False, False
    script.matter = fired.matter
    return True, True


def office_time(moment: datetime, chance: random.Random) -> datetime:
    """Return `moment` moved into office hours of the same or the next day, so that staff work by day."""
    local = timezone.localtime(moment)
    if local.hour >= OFFICE_CLOSES:
        local += timedelta(days=1)
    if not OFFICE_OPENS <= local.hour < OFFICE_CLOSES:
        local = local.replace(hour=OFFICE_OPENS, minute=chance.randrange(5, 55))
    while local.weekday() >= SATURDAY:
        local += timedelta(days=1)
    return local


def office_hours_before(moment: datetime, hours: float) -> datetime:
    """Return when offices had been open for `hours` less than at `moment`; nights and weekends do not count.

    `hours` is more than 0.
    """
    local = timezone.localtime(moment)
    left = timedelta(hours=hours)
    while True:
        opens = local.replace(hour=OFFICE_OPENS, minute=0, second=0, microsecond=0)
        closes = opens.replace(hour=OFFICE_CLOSES)
        worked = max(min(local, closes) - opens, timedelta()) if local.weekday() < SATURDAY else timedelta()
        if worked >= left:
            return min(local, closes) - left
        left -= worked
        local = (opens - timedelta(days=1)).replace(hour=23, minute=59)
