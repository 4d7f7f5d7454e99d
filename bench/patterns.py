"""Patterns: a few dozen matters that the real engine walked, each read with all its rows and then taken back.

Whatever stands in a pattern was written by `matter_open` and `fire`, so a copy of it has the states, clocks, sights
and assignments of life. `Swaps` says what to put in their place for a copy in another village.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from qizhi.kernel.loop.models import (
    Application,
    Assignment,
    Clock,
    Leg,
    Matter,
    Passage,
    Reporter,
    Revisit,
    Sight,
    Step,
)
from qizhi.testing import cast
from qizhi.testing.stories import PATHS, Move, open_request, take
from qizhi.testing.world import VILLAGE

Record = dict[str, Any]
Rows = dict[type[models.Model], list[Record]]

# In an order in which each table may refer to the ones before it.
TABLES: tuple[type[models.Model], ...] = (
    Reporter,
    Matter,
    Step,
    Passage,
    Clock,
    Leg,
    Assignment,
    Application,
    Revisit,
    Sight,
)
DEPARTMENT = "zhujian"
# A fortnight without holidays; copies lie whole weeks away from it.
ENDED_FROM = datetime(2026, 5, 11, 9, tzinfo=timezone.get_default_timezone())
# the slow ones miss their promise
BRISK, SLOW = timedelta(hours=22), timedelta(hours=70)

TOWN, OF_VILLAGE, OF_COUNTY = "town", "village", "county"
OPENINGS: dict[str, dict[str, Any]] = {
    TOWN: {},
    OF_VILLAGE: {"category": "environment.waste", "channel": "web"},
    OF_COUNTY: {"channel": "leader_board"},
}


def _move(transition: str, who: str, **inputs: Any) -> Move:
    return Move(transition, who, lambda _matter: inputs)


_END = tuple(move for move in PATHS["archived"] if move.transition in {"conclude", "reply"})
_VILLAGE = (
    _move("take", "dispatcher"),
    _move("conclude", "dispatcher", result="solved", conclusion="已经清理。"),
)
_VILLAGE_END = (
    *_VILLAGE,
    _move("reply", "dispatcher", reply="已经清理干净。"),
    _move("revisit", "revisit", way="visit", satisfaction="satisfied"),
    _move("archive", "revisit"),
)
_COUNTY = (
    _move("triage", "dispatcher", category="transport.rural_roads", difficulty="general"),
    _move("dispatch", "dispatcher", lead_unit=DEPARTMENT),
    _move("accept", "handler", contacted=True),
    _move("start", "handler"),
    *_END,
    _move("revisit", "revisit", way="phone", satisfaction="very_satisfied"),
    _move("archive", "revisit"),
)
_JOINT = (
    PATHS["archived"][0],
    Move(
        "dispatch",
        "dispatcher",
        lambda matter: {"lead_unit": f"tg-{matter.region_code[:9]}", "assist_units": [DEPARTMENT]},
    ),
    *PATHS["archived"][2:4],
    _move("assist_answer", f"handler.{DEPARTMENT}@610323", answer="已派人到场。"),
    *PATHS["archived"][4:],
)
_CLIMBED = (_move("escalate", "dispatcher", reason="需要县级部门办理。"), *_COUNTY)

# what is over: where it was taken in, its path, its weight among what is over; and the time between its steps
ENDED: tuple[tuple[str, tuple[Move, ...], int, timedelta], ...] = (
    (TOWN, PATHS["archived"], 30, BRISK),
    (TOWN, PATHS["archived"], 4, SLOW),
    (OF_VILLAGE, _VILLAGE_END, 18, BRISK),
    (OF_COUNTY, _COUNTY, 22, BRISK),
    (TOWN, _JOINT, 8, BRISK),
    (TOWN, _CLIMBED, 4, BRISK),
    (TOWN, PATHS["not_accepted"], 6, BRISK),
    (TOWN, PATHS["withdrawn"], 4, BRISK),
    (TOWN, PATHS["merged"], 4, BRISK),
)
# what is open: where, its path, its weight among what is open, and how many days ago it was brought in
OPEN: tuple[tuple[str, tuple[Move, ...], int, tuple[float, ...]], ...] = (
    (TOWN, PATHS["registered"], 8, (0.02, 0.2, 0.6)),
    (OF_VILLAGE, PATHS["registered"], 4, (0.04, 0.5)),
    (OF_COUNTY, PATHS["registered"], 3, (0.1, 0.7)),
    (TOWN, PATHS["triaged"], 5, (0.4, 1.0)),
    (TOWN, PATHS["dispatched"], 5, (1.0, 2.0)),
    (OF_COUNTY, _COUNTY[:2], 4, (1.0, 2.0)),
    (TOWN, PATHS["objected"], 2, (2.0, 3.0)),
    (TOWN, PATHS["accepted"], 4, (2.0, 3.0)),
    (OF_COUNTY, _COUNTY[:3], 3, (2.0, 4.0)),
    (TOWN, PATHS["in_progress"], 14, (3.0, 6.0, 9.0, 14.0)),
    (OF_VILLAGE, _VILLAGE[:1], 8, (2.0, 5.0, 12.0)),
    (OF_COUNTY, _COUNTY[:4], 10, (4.0, 8.0, 13.0)),
    (TOWN, _JOINT[:5], 4, (6.0, 11.0)),
    (TOWN, PATHS["suspended"], 4, (7.0, 12.0)),
    (TOWN, PATHS["concluded"], 5, (6.0, 9.0)),
    (TOWN, PATHS["replied"], 6, (8.0, 12.0)),
    (OF_COUNTY, _COUNTY[:6], 4, (8.0, 11.0)),
    (TOWN, PATHS["revisited"], 3, (9.0, 12.0)),
    (TOWN, PATHS["reopened"], 3, (10.0, 13.0)),
    (TOWN, PATHS["supervised"], 1, (18.0,)),
)


@dataclass(frozen=True)
class Template:
    """One row of a pattern with the names of its columns that a copy may change: by kind of value."""

    row: Record
    named: tuple[str, ...]
    timed: tuple[str, ...]
    nested: tuple[str, ...]


def template(row: Record) -> Template:
    """Sort the columns of a row: what a copy may swap, move in time, or look into; the rest stays as it is."""

    def of(*kinds: type) -> tuple[str, ...]:
        return tuple(name for name, value in row.items() if type(value) in kinds and value)

    return Template(row, named=of(str, uuid.UUID), timed=of(datetime), nested=of(dict, list))


@dataclass
class Pattern:
    """One matter with all its rows, as plain dictionaries by table."""

    place: str
    weight: float
    rows: Rows = field(default_factory=dict)

    @property
    def matter(self) -> Record:
        """The row of the matter itself."""
        return self.rows[Matter][0]

    @cached_property
    def templates(self) -> dict[type[models.Model], list[Template]]:
        """Its rows, ready to be copied."""
        return {table: [template(row) for row in rows] for table, rows in self.rows.items()}

    @cached_property
    def keys(self) -> list[Any]:
        """The keys of all its rows."""
        return [row["id"] for table in TABLES for row in self.rows[table]]

    @cached_property
    def categories(self) -> list[str]:
        """The categories that its steps name."""
        return sorted(
            {step["inputs"]["category"] for step in self.rows[Step] if "category" in step["inputs"]}
        )

    @cached_property
    def twin(self) -> tuple[Any, str] | None:
        """Key and number of the matter into which it was merged."""
        numbers = [step["inputs"]["target"] for step in self.rows[Step] if "target" in step["inputs"]]
        return (self.matter["merged_into_id"], numbers[0]) if numbers else None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return bool(self.matter["is_open"])

    @property
    def last_at(self) -> datetime:
        """When its last step was taken."""
        last: datetime = self.rows[Step][-1]["at"]
        return last


def patterns(now: datetime) -> list[Pattern]:
    """Walk all patterns in this database and take them back; open ones are as old as their state allows at `now`."""
    with transaction.atomic():
        found = list(_walked(now))
        transaction.set_rollback(True)
    return found


def _walked(now: datetime) -> Iterator[Pattern]:
    for place, path, weight, gap in ENDED:
        yield walk(Pattern(place, weight), path, ENDED_FROM, gap)
    for place, path, weight, ages in OPEN:
        for age in ages:
            gap = timedelta(days=age) / (len(path) + 1)
            yield walk(Pattern(place, weight / len(ages)), path, now - timedelta(days=age), gap)


def walk(pattern: Pattern, path: tuple[Move, ...], begin: datetime, gap: timedelta) -> Pattern:
    """Open a matter at `begin`, take the steps of `path`, one every `gap`, and read what is stored of it."""
    moment = begin
    registrar = cast.actor(f"clerk@{VILLAGE[:9]}") if pattern.place == TOWN and pattern.weight > 5 else None
    case = open_request(region=VILLAGE, at=begin, actor=registrar, **OPENINGS[pattern.place])
    for move in path:
        moment += gap
        take(case, move.transition, move.who, at=moment, **move.inputs(case.reload()))
    for table in TABLES:
        pattern.rows[table] = [record(row) for row in _rows(table, case.reload())]
    return pattern


def _rows(table: type[models.Model], matter: Matter) -> list[models.Model]:
    if table is Matter:
        return [matter]
    if table is Reporter:
        return [matter.reporter] if matter.reporter else []
    rows = table._default_manager.filter(matter=matter)
    return list(rows.order_by("seq" if table in {Step, Leg} else "id"))


def record(row: models.Model) -> Record:
    """Return a row as a dictionary of its columns."""
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
