"""Every list reads ranges of indexes in their order: no table is scanned or counted, and nothing is sorted.

The plans are asked from the database itself, on some hundred matters of the bench.
"""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.making import make_matters
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.loop.queries.listing import Filters, matter_list
from qizhi.kernel.units.queries import directory
from qizhi.testing import cast
from qizhi.testing.world import OTHER_TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

TABLES = ("loop_matter", "loop_step", "loop_sight", "loop_revisit")
PEOPLE = (
    "clerk@610323",
    "dispatcher@610323100",
    f"dispatcher@{VILLAGE}",
    "handler.zhujian@610323",
    "auditor@610323",
)
NOW = timezone.now()
# lists in the order of an index of sights
FILTERS = {
    "everything": Filters(),
    "oldest first": Filters(order="opened_at"),
    "soonest due first": Filters(order="due_at"),
    "one state": Filters(state=("in_progress",)),
    "three states": Filters(state=("archived", "withdrawn", "merged")),
    "open": Filters(is_open=True),
    "open, oldest first": Filters(is_open=True, order="opened_at"),
    "ended": Filters(is_open=False),
    "category": Filters(category="transport"),
    "category of the second level": Filters(category="transport.rural_roads"),
    "overdue": Filters(overdue=True),
    "another town": Filters(region=OTHER_TOWN),
    "a village in one state": Filters(region=VILLAGE, state=("archived",)),
    "a unit": Filters(unit=uuid.UUID(int=1)),
    "opened in a month": Filters(opened_from=NOW - timedelta(days=60), opened_to=NOW - timedelta(days=30)),
    "channel": Filters(channel="letter"),
    "urgency": Filters(urgency="emergency"),
}


@pytest.fixture(scope="module")
def many(world, django_db_blocker):
    with django_db_blocker.unblock():
        make_matters(400)
        return Matter.objects.order_by("opened_at")[200]


def asked(who, filters, **more):
    """Return the queries of one page, those of the database alone."""
    if filters.unit is not None:
        filters = Filters(unit=directory().by_code["zhujian"].id)
    with CaptureQueriesContext(connection) as found:
        page = matter_list(cast.actor(who), filters, limit=20, **more)
    return page, [one["sql"] for one in found if any(table in one["sql"] for table in TABLES)]


def faults(sql):
    """Return what is wrong with the plan of a query, as lines of the plan."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            lines = [row[-1] for row in cursor.fetchall()]
            return [line for line in lines if re.search(r"\bSCAN loop_|USE TEMP B-TREE", line)]
        # small tables are read whole for speed; what is asked here is whether an index could give the rows in order
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort"):
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
        for setting in ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort"):
            cursor.execute(f"SET LOCAL {setting} = on")
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return [
        line
        for line in nodes(plan[0]["Plan"])
        if re.match(r"(Seq Scan loop_|Sort|Incremental Sort|Aggregate)", line)
    ]


def nodes(plan):
    yield f"{plan['Node Type']} {plan.get('Relation Name', '')}"
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", FILTERS)
def test_plans_of_lists(name, who, many):
    _page, queries = asked(who, FILTERS[name])
    assert queries
    for sql in queries:
        assert not re.search(r"\bCOUNT\(", sql), sql
        assert faults(sql) == [], sql


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("everything", "sight_opened"),
        ("one state", "sight_state"),
        ("open, oldest first", "sight_is_open"),
        ("category", "sight_category"),
        ("channel", "sight_channel"),
        ("urgency", "sight_urgency"),
        ("overdue", "sight_due"),
        ("soonest due first", "sight_due"),
    ],
)
def test_each_filter_has_its_index(name, index, many):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL weighs what the few rows of a test cost; SQLite says what could be used")
    _page, queries = asked("clerk@610323", FILTERS[name])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]}")
        assert index in str(cursor.fetchall())


@pytest.mark.parametrize("name", ["everything", "oldest first", "soonest due first", "open"])
def test_plans_of_the_pages_that_follow(name, many):
    page, _queries = asked("clerk@610323", FILTERS[name])
    assert page.next_cursor
    for back in (False, True):
        _page, queries = asked("clerk@610323", FILTERS[name], cursor=page.next_cursor, back=back)
        for sql in queries:
            assert faults(sql) == [], sql


@pytest.mark.parametrize("who", PEOPLE[:3])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(concluded_from=NOW - timedelta(days=30), concluded_to=NOW),
        Filters(concluded_from=NOW - timedelta(days=30), concluded_to=NOW, was_on_time=True),
        Filters(heard_from=NOW - timedelta(days=30), heard_to=NOW),
        Filters(heard_from=NOW - timedelta(days=30), heard_to=NOW, solved=True),
        Filters(region=VILLAGE, exact=True),
        Filters(q="SQ-2026-000001"),
        Filters(q="13800000021"),
        Filters(q="井盖"),
        Filters(q="井盖", region=OTHER_TOWN, state=("archived",)),
    ],
)
def test_plans_of_lists_of_a_time_a_place_or_a_search(filters, who, many):
    """They are read from those matters, which are few and may be sorted; but no table is scanned."""
    _page, queries = asked(who, filters)
    for sql in queries:
        wrong = [line for line in faults(sql) if not re.search(r"Sort|B-TREE|Aggregate", line)]
        assert wrong == [], sql


def test_a_scan_or_a_sort_is_seen(many):
    """The guard can fail."""
    assert faults("SELECT id FROM loop_matter WHERE text = 'x'")
    assert faults("SELECT id FROM loop_sight WHERE key = '610323' ORDER BY kind LIMIT 20")
