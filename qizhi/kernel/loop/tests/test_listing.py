"""Lists: every filter gives exactly its cases, pages go both ways, nothing is shown twice or left out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qizhi.kernel.kit.errors import Invalid
from qizhi.kernel.loop.queries.listing import Filters, matter_list
from qizhi.kernel.units.queries import directory
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
OCTOBER = datetime(2026, 10, 1, tzinfo=SHANGHAI)
NOVEMBER = datetime(2026, 11, 1, tzinfo=SHANGHAI)
DECEMBER = datetime(2026, 12, 1, tzinfo=SHANGHAI)
IN_OCTOBER = datetime(2026, 10, 12, 10, tzinfo=SHANGHAI)
IN_NOVEMBER = datetime(2026, 11, 10, 10, tzinfo=SHANGHAI)


def numbers(username, **filters):
    return {
        matter.number for matter in matter_list(cast.actor(username), Filters(**filters), limit=200).items
    }


@pytest.fixture
def cases():
    return {
        "october": walk_to("archived", at=IN_OCTOBER),
        "november": walk_to("replied", at=IN_NOVEMBER),
        "other": walk_to("concluded", at=IN_NOVEMBER, region=OTHER_VILLAGE),
        "open": walk_to("in_progress", at=IN_NOVEMBER),
        "town": open_request(region=TOWN, at=IN_NOVEMBER),
        "county": open_request(region=COUNTY, at=IN_NOVEMBER),
    }


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, {"october", "november", "other", "open", "town", "county"}),
        ({"region": TOWN}, {"october", "november", "open", "town"}),
        ({"region": TOWN, "exact": True}, {"town"}),
        ({"region": COUNTY, "exact": True}, {"county"}),
        ({"region": VILLAGE, "exact": True}, {"october", "november", "open"}),
        ({"state": ("replied", "concluded")}, {"november", "other"}),
        ({"is_open": False}, {"october"}),
        ({"concluded_from": OCTOBER, "concluded_to": NOVEMBER}, {"october"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER}, {"november", "other"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER, "region": TOWN}, {"november"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER, "replied": True}, {"november"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER, "replied": False}, {"other"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER, "was_on_time": True}, {"november"}),
        ({"concluded_from": NOVEMBER, "concluded_to": DECEMBER, "was_on_time": False}, set()),
        ({"concluded_from": OCTOBER, "state": ("archived",)}, {"october"}),
        ({"concluded_from": OCTOBER, "category": "housing_construction"}, {"october", "november", "other"}),
        ({"concluded_from": OCTOBER, "category": "labour_security"}, set()),
        ({"concluded_from": OCTOBER, "order": "opened_at"}, {"october", "november", "other"}),
        ({"heard_from": OCTOBER, "heard_to": NOVEMBER}, {"october"}),
        ({"heard_from": OCTOBER, "heard_to": NOVEMBER, "solved": True}, {"october"}),
        ({"heard_from": OCTOBER, "heard_to": NOVEMBER, "solved": False}, set()),
        ({"heard_from": NOVEMBER, "heard_to": DECEMBER}, set()),
        ({"opened_from": OCTOBER, "opened_to": NOVEMBER}, {"october"}),
        (
            {"category": "housing_construction.municipal_facilities"},
            {"october", "november", "other", "open", "town", "county"},
        ),
        ({"category": "housing_construction.heating"}, set()),
    ],
)
def test_a_filter_gives_exactly_its_cases(cases, filters, wanted):
    assert numbers("leader@610323", **filters) == {cases[name].number for name in wanted}


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, {"october", "november", "open", "town"}),
        ({"region": OTHER_TOWN}, set()),
        ({"concluded_from": OCTOBER}, {"october", "november"}),
        ({"heard_from": OCTOBER, "region": COUNTY}, {"october"}),
        ({"region": COUNTY, "exact": True}, set()),
        ({"region": COUNTY, "concluded_from": OCTOBER}, {"october", "november"}),
    ],
)
def test_no_filter_opens_the_door_to_another_town(cases, filters, wanted):
    assert numbers(f"clerk@{TOWN}", **filters) == {cases[name].number for name in wanted}


def test_a_unit_sees_what_it_handles_also_by_the_time_of_conclusion(cases):
    handler = f"handler@{TOWN}"
    unit = directory().by_code[f"tg-{TOWN}"].id
    handled = {cases[name].number for name in ("october", "november", "open")}
    assert numbers(handler) == handled
    assert numbers(handler, concluded_from=OCTOBER) == handled - {cases["open"].number}
    assert numbers("leader@610323", unit=unit, concluded_from=OCTOBER) == handled - {cases["open"].number}
    assert numbers(f"clerk@{OTHER_TOWN}", unit=unit, concluded_from=OCTOBER) == set()


def test_the_last_answer_counts_and_each_matter_once():
    case = walk_to("reopened", at=IN_NOVEMBER)
    for transition, inputs in (
        ("start", {}),
        ("conclude", {"result": "solved", "conclusion": "换了新的。"}),
        ("reply", {"reply": "已换新。"}),
    ):
        take(case, transition, "handler", at=IN_NOVEMBER + timedelta(days=1), **inputs)
    take(case, "rate", "reporter", at=IN_NOVEMBER + timedelta(days=2), score=5)
    month = {"heard_from": NOVEMBER, "heard_to": DECEMBER}
    assert numbers("leader@610323", **month, solved=True) == {case.number}
    assert numbers("leader@610323", **month, solved=False) == set()
    before = {"heard_from": NOVEMBER, "heard_to": IN_NOVEMBER + timedelta(days=1)}
    assert numbers("leader@610323", **before, solved=False) == {case.number}


def test_pages_go_forth_and_back_over_the_same_rows():
    actor = cast.actor(f"clerk@{TOWN}")
    for minute in range(7):
        open_request(at=IN_NOVEMBER + timedelta(minutes=minute // 2))
    for order in ("-opened_at", "opened_at", "due_at"):
        filters = Filters(order=order)
        whole = [m.number for m in matter_list(actor, filters, limit=200).items]
        first = matter_list(actor, filters, limit=3)
        second = matter_list(actor, filters, cursor=first.next_cursor, limit=3)
        third = matter_list(actor, filters, cursor=second.next_cursor, limit=3)
        assert [m.number for page in (first, second, third) for m in page.items] == whole
        assert (first.previous_cursor, third.next_cursor) == (None, None)
        again = matter_list(actor, filters, cursor=third.previous_cursor, back=True, limit=3)
        assert again.items == second.items
        assert None not in (again.next_cursor, again.previous_cursor)
        start = matter_list(actor, filters, cursor=again.previous_cursor, back=True, limit=3)
        assert start.items == first.items
        assert start.previous_cursor is None


def test_a_cursor_of_somebody_else_is_refused_in_words():
    with pytest.raises(Invalid):
        matter_list(cast.actor(f"clerk@{TOWN}"), Filters(), cursor="x:y")
