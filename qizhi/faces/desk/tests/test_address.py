"""Filters and addresses: what is written is read again as the same, days are whole days of the county's zone."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from qizhi.faces import listing
from qizhi.kernel.loop.queries.listing import Filters
from qizhi.kernel.units.queries import directory
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
FULL = (
    "q=%E4%BA%95%E7%9B%96&kind=request&state=registered&state=triaged&open=1&overdue=1&region=610323100&here=1"
    "&unit=zhujian&category=environment.waste&channel=phone&urgency=urgent&opened_from=2026-11-01&opened_to=2026-11-30"
    "&concluded_from=2026-10-01&concluded_to=2026-10-31&replied=1&on_time=0&heard_from=2026-09-01&heard_to=2026-09-30"
    "&solved=0&order=due"
)


def read(query):
    return listing.read(QueryDict(query))


def test_what_is_written_is_read_again_as_the_same():
    asked = read(FULL)
    assert asked.left_out == ()
    assert listing.query_of(asked.filters) == FULL
    assert read(listing.query_of(asked.filters)).filters == asked.filters


def test_the_last_day_is_meant_whole_and_in_the_zone_of_the_county():
    filters = read("opened_from=2026-11-01&opened_to=2026-11-30").filters
    assert filters.opened_from == datetime(2026, 11, 1, tzinfo=SHANGHAI)
    assert filters.opened_to == datetime(2026, 12, 1, tzinfo=SHANGHAI)


def test_empty_and_unknown_parameters_limit_nothing():
    assert read("q=&state=&region=&utm=1&cursor=x").filters == Filters()


@pytest.mark.parametrize(
    "query",
    ["state=x", "open=2", "overdue=yes", "region=000", "unit=x", "category=x", "channel=x", "urgency=x",
     "opened_from=1.11.", "opened_to=9999-12-31", "order=x", "kind=x", "here=x", "solved=x"],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_limits_nothing(query):
    asked = read(query)
    assert asked.left_out == (query.partition("=")[0],)
    assert asked.filters == Filters()


def test_a_very_long_search_is_cut():
    assert len(read("q=" + "a" * 300).filters.q) == listing.Q_MAX


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("state", "state"),
        ("open", "open"),
        ("here", "here"),
        ("opened", "opened_from"),
        ("unit", "unit"),
        ("q", "q"),
    ],
)
def test_one_limit_can_be_taken_away(name, gone):
    left = listing.query_of(listing.without(read(FULL).filters, name))
    assert f"{gone}=" not in left.replace("opened_to", "opened_from")
    assert left.count("&") >= FULL.count("&") - 2


def test_a_unit_that_is_no_more_is_left_out():
    assert listing.query_of(Filters(unit=uuid.uuid4())) == ""
    assert listing.query_of(Filters(unit=directory().by_code[f"tg-{TOWN}"].id)) == f"unit=tg-{TOWN}"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("2026-10", date(2026, 10, 1)),
        ("2026-13", date(2026, 11, 1)),
        ("2027-01", date(2026, 11, 1)),
        ("", date(2026, 11, 1)),
    ],
)
def test_a_month_is_read_and_never_lies_ahead(text, first):
    assert listing.month_of(text, date(2026, 11, 24)) == first


@pytest.mark.parametrize(
    ("first", "after"), [(date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))]
)
def test_the_month_after(first, after):
    assert listing.month_after(first) == after
