"""A batch of matters, from the plan to rows that are ready to be written; several processes make them side by side."""

import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from django.db import models

from qizhi.kernel.loop.models import Matter, Sight, Step
from qizhi.kernel.loop.policy import query_code_key
from qizhi.kernel.search.indexing import searched_text
from qizhi.kernel.search.tokens import tokens_of

from . import helping
from .copying import County, Wanted, copy
from .patterns import TABLES, Record, Rows
from .writing import Line, lines

# the one query code of all bulk-made matters
QUERY_CODE = "BENCH234"


@dataclass(frozen=True)
class Found:
    """What the search index holds of a matter; `first` is the place of its first step among the steps of the batch."""

    first: int
    matter: UUID
    tokens: list[str]
    keys: list[str]


@dataclass(frozen=True)
class Batch:
    """The rows of some matters by table, ready to be written; steps in the order of their times, not yet sealed."""

    count: int
    rows: dict[type[models.Model], list[Line]]
    found: list[Found]


def batch_of(wanted: Sequence[Wanted], county: County) -> Batch:
    """Make the matters of a batch; what was merged points to another one of it."""
    key = query_code_key(QUERY_CODE)
    made = [copy(one, county, key, None) for one in wanted if one.pattern.twin is None]
    whole = [rows[Matter][0] for rows in made]
    merged = [one for one in wanted if one.pattern.twin is not None and whole]
    made += [copy(one, county, key, county.chance.choice(whole)) for one in merged]
    rows: Rows = {table: [row for one in made for row in one[table]] for table in TABLES}
    rows[Step].sort(key=lambda step: (step["at"], step["seq"]))
    return Batch(len(made), {table: lines(table, rows[table]) for table in TABLES}, _found(rows))


def _found(rows: Rows) -> list[Found]:
    keys: dict[Any, list[str]] = {}
    for sight in rows[Sight]:
        keys.setdefault(sight["matter_id"], []).append(sight["key"])
    matters = {matter["id"]: matter for matter in rows[Matter]}
    return [
        Found(place, matter["id"], tokens_of(_searched(matter)), keys[matter["id"]])
        for place, step in enumerate(rows[Step])
        if step["seq"] == 1
        for matter in (matters[step["matter_id"]],)
    ]


def _searched(matter: Record) -> str:
    return searched_text(Matter(title=matter["title"], address=matter["address"], text=matter["text"]))


def batches(plan: Sequence[list[Wanted]], now: datetime, seed: int, processes: int) -> Iterator[Batch]:
    """Yield a batch for each list of the plan, in its order.

    Arguments:
        processes: how many make them beside this one, which then only writes; 0 makes them here.
    """
    if processes == 0:
        county = County(random.Random(seed), now)
        for wanted in plan:
            yield batch_of(wanted, county)
        return
    # not forked: a connection to a database must not be shared
    with ProcessPoolExecutor(processes, get_context("spawn"), helping.begin, (now,)) as pool:
        # lets go of each batch once it is yielded: all of them together are gigabytes
        yield from pool.map(helping.work, plan, count(seed))
