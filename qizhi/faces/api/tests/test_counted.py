"""What each call costs in statements, written down: a number that grows must be looked at, one that shrinks too.

Counted is everything but the statements that only begin and end transactions. The limits for addresses and
telephones add one statement each to a citizen's request, an `Idempotency-Key` three. PostgreSQL gets what an action
writes in one message, SQLite one by one: where two numbers stand, the second is PostgreSQL's.
"""

import pytest
from django.conf import settings
from django.db import connection

from qizhi.kernel.modes import store
from qizhi.kernel.regions import queries as regions
from qizhi.kernel.units import queries as units
from qizhi.testing.counting import counted
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
BODY = {
    "kind": "request",
    "text": "路灯不亮，电话 13812345678。",
    "region": VILLAGE,
    "reporter": {"name": "王秀兰", "phone": "13800000021"},
}
DISPATCHER, HANDLER = f"dispatcher@{TOWN}", f"handler@{TOWN}"


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """What is kept per process stays fresh: a slow machine must not count a second reading of it."""
    for room in (store, regions, units):
        monkeypatch.setattr(room, "_FRESH_SECONDS", 3600.0)


def cost(call):
    """Return how many statements the second of two like calls costs; the first fills what is kept."""
    assert call(0).status_code in (200, 201)
    with counted() as found:
        answer = call(1)
    assert answer.status_code in (200, 201), answer.content.decode()
    return len(found), str(found)


def here(lite, postgresql):
    """Return the number of the database under test."""
    return postgresql if connection.vendor == "postgresql" else lite


def test_a_citizens_request(monkeypatch):
    program = Program()
    assert cost(lambda _: program.post("public/matters", BODY))[0] == here(7, 3)
    assert cost(lambda n: program.post("public/matters", BODY, key=f"k{n}"))[0] == here(10, 6)
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 100)
    assert cost(lambda _: program.post("public/matters", BODY))[0] == here(9, 5)


def test_what_a_citizen_reads():
    case, program = walk_to("replied"), Program()
    address = f"public/matters/{case.number}"
    assert cost(lambda _: program.get(address, query_code=case.query_code))[0] == 9
    assert cost(lambda _: program.get(f"{address}/transitions", query_code=case.query_code))[0] == 6


@pytest.mark.parametrize(
    ("who", "statements"),
    # two for the token; one for each sight key that the posts give; one for the matters themselves
    [("auditor@610323", 4), (DISPATCHER, 6), (HANDLER, 5)],
)
def test_a_list_costs_the_same_however_long(who, statements):
    walk_to("in_progress")
    program = Program(who)
    assert cost(lambda _: program.get("matters"))[0] == statements
    for _ in range(30):
        open_request()
    assert cost(lambda _: program.get("matters", limit=20))[0] == statements
    assert cost(lambda _: program.get("matters", limit=20, region=TOWN))[0] <= statements


@pytest.mark.parametrize(("path", "statements"), [("", 7), ("/steps", 6), ("/transitions", 5)])
def test_one_matter(path, statements):
    case, program = walk_to("replied"), Program(DISPATCHER)
    assert cost(lambda _: program.get(f"matters/{case.number}{path}"))[0] == statements


STEPS = {
    "triage": ("registered", DISPATCHER, {"category": "health", "difficulty": "general"}, 9, 8),
    "dispatch": (
        "triaged",
        DISPATCHER,
        {"lead_unit": f"tg-{TOWN}", "assist_units": ["zhujian", "shengtai"], "note": "请尽快。"},
        16,
        11,
    ),
    "accept": ("dispatched", HANDLER, {"contacted": True}, 12, 9),
    "conclude": ("in_progress", HANDLER, {"result": "solved", "conclusion": "已修好。"}, 12, 9),
    "reply": ("concluded", HANDLER, {"reply": "已修好。"}, 12, 8),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step(name):
    state, who, inputs, *statements = STEPS[name]
    cases, program = [walk_to(state), walk_to(state)], Program(who)
    found = cost(lambda n: program.post(f"matters/{cases[n].number}/transitions/{name}", inputs))
    assert found[0] == here(*statements), found[1]


def test_taking_in_a_matter():
    program = Program(f"clerk@{TOWN}")
    assert cost(lambda _: program.post("matters", BODY))[0] == here(9, 5)


@pytest.mark.parametrize(
    ("path", "statements"),
    [("health", 1), ("regions", 0), ("categories", 0), ("kinds", 0), ("kinds/request", 0)],
)
def test_what_is_kept_per_process(path, statements):
    program = Program()
    assert cost(lambda _: program.get(path))[0] == statements
