"""Filling a database with matters, in bulk, in the order of time."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from qizhi.kernel.kit.models import next_number
from qizhi.kernel.loop.models import Matter, Reading, Sight, Step
from qizhi.kernel.loop.policy import query_code_key
from qizhi.kernel.loop.sealer import COUNTER
from qizhi.kernel.modes.store import current
from qizhi.kernel.search.adapter import index_fill
from qizhi.kernel.search.indexing import searched_text
from qizhi.kernel.search.tokens import tokens_of

from .copying import County, Wanted, copy
from .patterns import TABLES, Pattern, Record, Rows, patterns
from .writing import write

SEED = 12521
WEEKS = 104
OPEN_SHARE = 0.1
CHUNK = 2000
JITTER_MINUTES = 600
# the one query code of all bulk-made matters
QUERY_CODE = "BENCH234"
READERS = ("notices", "search")


def make_matters(
    count: int, *, now: datetime | None = None, told: Callable[[int], None] | None = None
) -> int:
    """Make `count` matters of the last two years, about a tenth of them open, and return how many steps they took.

    The same count gives the same matters. They are numbered, sealed and indexed for search; readers of the steps
    stand behind the last one. The county with its demo accounts must be there.

    Arguments:
        told: called with the number of matters after each chunk.
    """
    moment = now or timezone.now()
    chance = random.Random(SEED)
    county = County(chance, moment)
    steps = 0
    key = query_code_key(QUERY_CODE)
    chunk: list[Rows] = []
    twin: Record | None = None
    for wanted in _wanted(count, patterns(moment), county):
        chunk.append(copy(wanted, county, key, twin))
        twin = chunk[-1][Matter][0]
        if len(chunk) == CHUNK:
            steps += _write(chunk)
            chunk = []
            if told is not None:
                told(CHUNK)
    steps += _write(chunk)
    _analyse()
    return steps


def _wanted(count: int, walked: list[Pattern], county: County) -> Iterator[Wanted]:
    """Yield what to make in the order in which it was brought in, numbered by year."""
    plan = sorted(_plan(count, walked, county), key=lambda one: one[0])
    kind = current().kinds["request"].number
    totals = Counter(timezone.localtime(opened_at).year for opened_at, *_ in plan)
    last = {year: next_number(f"matter:{kind}:{year}", total) - total for year, total in totals.items()}
    for opened_at, pattern, village, later in plan:
        year = timezone.localtime(opened_at).year
        last[year] += 1
        yield Wanted(pattern, village, later, f"{kind}-{year}-{last[year]:06d}")


def _plan(
    count: int, walked: list[Pattern], county: County
) -> Iterator[tuple[datetime, Pattern, str, timedelta]]:
    """Yield for each matter when it is brought in, its pattern, its village, and how far it lies from the pattern."""
    chance = county.chance
    heaps = [[one for one in walked if one.is_open], [one for one in walked if not one.is_open]]
    # villages differ in size: the largest brings some ten times as many as the smallest
    sizes = [1 + 9 * (number / len(county.villages)) ** 3 for number in range(len(county.villages))]
    order = chance.sample(county.villages, len(county.villages))
    for number in range(count):
        heap = heaps[number % 10 >= 10 * OPEN_SHARE]
        pattern = chance.choices(heap, [one.weight for one in heap])[0]
        jitter = timedelta(minutes=-chance.randrange(JITTER_MINUTES))
        if not pattern.is_open:
            until = (county.now - pattern.last_at) // timedelta(weeks=1)
            jitter += timedelta(weeks=until - chance.randrange(WEEKS))
        village = chance.choices(order, sizes)[0].code
        yield pattern.matter["opened_at"] + jitter, pattern, village, jitter


@transaction.atomic
def _write(chunk: list[Rows]) -> int:
    """Write the matters of a chunk, table by table; steps in the order of their times, each with its running number."""
    if not chunk:
        return 0
    rows: Rows = {table: [row for batch in chunk for row in batch[table]] for table in TABLES}
    rows[Step].sort(key=lambda step: (step["at"], step["seq"]))
    last = next_number(COUNTER, len(rows[Step]))
    for number, step in enumerate(rows[Step], start=last - len(rows[Step]) + 1):
        step["sealed_no"] = number
    for table in TABLES:
        write(table, rows[table])
    _index(rows)
    for name in READERS:
        Reading.objects.update_or_create(name=name, defaults={"sealed_no": last})
    return len(rows[Step])


def _index(rows: Rows) -> None:
    """Make the matters findable; the number of their first step is their place in the index."""
    keys: dict[Any, list[str]] = {}
    for sight in rows[Sight]:
        keys.setdefault(sight["matter_id"], []).append(sight["key"])
    matters = {matter["id"]: matter for matter in rows[Matter]}
    first = [(step["sealed_no"], matters[step["matter_id"]]) for step in rows[Step] if step["seq"] == 1]
    index_fill(
        (number, matter["id"], tokens_of(_searched(matter)), keys[matter["id"]]) for number, matter in first
    )


def _searched(matter: Record) -> str:
    return searched_text(Matter(title=matter["title"], address=matter["address"], text=matter["text"]))


def _analyse() -> None:
    """Let the database count what it holds, as its own maintenance does in life."""
    is_vacuumed = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_vacuumed else "ANALYZE")
