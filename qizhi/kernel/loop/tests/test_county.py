"""The county's numbers: each is a count of matters, and the list with the same filters holds exactly as many."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from qizhi.kernel.loop.queries.county import Share, overview, state_counts
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import COUNTY, OTHER_VILLAGE, TOWN, VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOVEMBER = datetime(2026, 11, 1, tzinfo=SHANGHAI)
DECEMBER = datetime(2026, 12, 1, tzinfo=SHANGHAI)
START = datetime(2026, 11, 9, 9, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)


def november(username, region):
    return overview(cast.actor(username), region, NOVEMBER, DECEMBER, NOW)


@pytest.fixture
def month():
    walk_to("archived", at=START)
    walk_to("registered", at=START)
    walk_to("registered", at=NOW - timedelta(hours=1), region=OTHER_VILLAGE)
    walk_to("reopened", at=START, region=OTHER_VILLAGE)
    open_request(region=COUNTY, at=NOW)
    late = walk_to("concluded", at=NOVEMBER - timedelta(days=20))
    take(late, "reply", "handler", at=START, reply="久等了。")


def test_a_town_has_its_own_numbers_and_the_county_the_sum(month):
    found = november("leader@610323", COUNTY)
    town = next(tally for place, tally in found.below if place.code == TOWN)
    assert (town.open, town.overdue, town.opened, town.concluded) == (2, 2, 2, 1)
    assert (town.on_time, town.solved) == (Share(1, 1), Share(1, 1))
    assert (found.whole.open, found.whole.overdue, found.whole.opened) == (5, 3, 5)
    assert found.whole.solved == Share(1, 2)
    assert (found.itself.open, found.itself.opened, found.itself.overdue) == (1, 1, 0)


def test_what_was_concluded_before_counts_in_the_month_of_its_conclusion(month):
    before = overview(cast.actor("leader@610323"), COUNTY, NOVEMBER - timedelta(days=31), NOVEMBER, NOW)
    assert (before.whole.concluded, before.whole.on_time) == (1, Share(0, 1))


def test_a_town_person_sees_the_villages_of_the_town_and_no_other_town(month):
    found = november(f"director@{TOWN}", TOWN)
    assert next(tally.open for place, tally in found.below if place.code == VILLAGE) == 2
    assert november(f"director@{TOWN}", COUNTY) is None
    assert november(f"handler@{TOWN}", TOWN) is None
    assert state_counts(cast.actor(f"director@{TOWN}"), COUNTY) == []


def test_states_are_counted_in_the_order_of_the_flow(month):
    counted = state_counts(cast.actor("leader@610323"), COUNTY)
    assert counted == [("registered", 3), ("replied", 1), ("reopened", 1), ("archived", 1)]


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        ((0, 0), None),
        ((1, 3), 33.33),
        ((2, 3), 66.67),
        ((982, 1000), 98.2),
        ((495, 500), 99.0),
        ((1, 16), 6.25),
    ],
)
def test_a_share_is_rounded_half_up_to_two_decimals(share, percent):
    assert Share(*share).percent == percent


def test_it_costs_five_queries(month, django_assert_num_queries):
    actor = cast.actor("leader@610323")
    november("leader@610323", COUNTY)
    with django_assert_num_queries(5):
        overview(actor, COUNTY, NOVEMBER, DECEMBER, NOW)
