"""Filling a database with matters, in bulk, in the order of time."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from qizhi.kernel.kit.models import next_number
from qizhi.kernel.loop.models import Reading, Step
from qizhi.kernel.loop.sealer import COUNTER
from qizhi.kernel.modes.store import current
from qizhi.kernel.search.adapter import index_fill

from .batches import Batch, batches
from .copying import County, Wanted
from .patterns import TABLES, Pattern, patterns
from .writing import place, write

SEED = 12521
WEEKS = 104
OPEN_SHARE = 0.1
BATCH = 1000
JITTER_MINUTES = 600
READERS = ("notices", "search")


def make_matters(
    count: int,
    *,
    now: datetime | None = None,
    told: Callable[[int], None] | None = None,
    processes: int = 0,
) -> int:
    """Make `count` matters of the last two years, about a tenth of them open, and return how many steps they took.

    They are numbered, sealed and indexed for search; readers of the steps stand behind the last one. The county with
    its demo accounts must be there.

    Arguments:
        told: called with the number of matters after each batch.
        processes: how many other processes help; they must see the county in the database.
    """
    moment = now or timezone.now()
    county = County(random.Random(SEED), moment)
    wanted = list(_wanted(count, patterns(moment), county))
    plan = [wanted[i : i + BATCH] for i in range(0, count, BATCH)]
    steps = 0
    for batch in batches(plan, moment, SEED, processes):
        steps += _write(batch)
        if told is not None:
            told(batch.count)
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
def _write(batch: Batch) -> int:
    """Write a batch, table by table, and give its steps their running numbers; return how many steps it has."""
    steps, at = batch.rows[Step], place(Step, "sealed_no")
    last = next_number(COUNTER, len(steps))
    before = last - len(steps)
    for number, step in enumerate(steps, start=before + 1):
        step[at] = number
    for table in TABLES:
        write(table, batch.rows[table])
    # a matter stands in the index under the number of its first step
    index_fill((before + 1 + one.first, one.matter, one.tokens, one.keys) for one in batch.found)
    for name in READERS:
        Reading.objects.update_or_create(name=name, defaults={"sealed_no": last})
    return len(steps)


def _analyse() -> None:
    """Let the database count what it holds, as its own maintenance does in life."""
    is_vacuumed = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_vacuumed else "ANALYZE")
