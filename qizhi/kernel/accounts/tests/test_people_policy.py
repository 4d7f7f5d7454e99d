"""Who looks after whom: roles, places, and never oneself."""

import pytest
from django.utils import timezone

from qizhi.kernel.accounts.errors import BeyondReach, NotAKeeper, OwnAccount
from qizhi.kernel.accounts.people.policy import keep, may_keep, may_read, visible_to
from qizhi.kernel.accounts.scope import CITIZEN, SYSTEM, actor_of
from qizhi.kernel.accounts.tests.factories import make_user, seat
from qizhi.kernel.accounts.tests.keepers import (
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    auditor,
    clerk,
    county_admin,
    make_units,
    town_admin,
)

pytestmark = pytest.mark.django_db
OTHERS = (
    "clerk",
    "gridworker",
    "mediator",
    "dispatcher",
    "director",
    "handler",
    "head",
    "supervisor",
    "leader",
)


@pytest.fixture(autouse=True)
def units():
    make_units()


@pytest.mark.parametrize("role", OTHERS)
def test_no_other_role_reads_or_keeps(role):
    actor = actor_of(seat(make_user(), role, "610323"))
    assert not may_read(actor)
    assert not may_keep(actor)
    assert not visible_to(actor).exists()
    with pytest.raises(NotAKeeper):
        keep(actor, clerk("somebody"))


def test_a_citizen_reads_and_keeps_nothing():
    assert not may_read(CITIZEN)
    assert not visible_to(CITIZEN).exists()
    with pytest.raises(NotAKeeper):
        keep(CITIZEN, clerk())


def test_the_auditor_reads_everybody_and_keeps_nobody():
    person, actor = clerk(), actor_of(auditor())
    assert person in visible_to(actor)
    assert not may_keep(actor)
    with pytest.raises(NotAKeeper):
        keep(actor, person)


def test_the_county_s_administrator_keeps_everybody_but_themselves():
    admin, person, bare = county_admin(), clerk(), make_user("bare")
    actor = actor_of(admin)
    assert set(visible_to(actor)) == {admin, person, bare}
    keep(actor, person, region_code=OTHER_TOWN)
    keep(actor, bare)
    with pytest.raises(OwnAccount):
        keep(actor, admin)


@pytest.mark.parametrize(
    ("places", "sees", "keeps"),
    [
        ((TOWN,), True, True),
        ((VILLAGE,), True, True),
        ((TOWN, VILLAGE), True, True),
        ((OTHER_TOWN,), False, False),
        (("610323",), False, False),
        ((TOWN, "610323"), True, False),  # who acts for them would act for the county
        ((TOWN, OTHER_TOWN), True, False),
    ],
)
def test_a_town_s_administrator_keeps_those_whose_posts_all_lie_in_the_town(places, sees, keeps):
    actor, person = actor_of(town_admin()), make_user("person")
    for place in places:
        seat(person, "clerk", place)
    assert (person in visible_to(actor)) is sees
    if keeps:
        keep(actor, person)
    else:
        with pytest.raises(BeyondReach):
            keep(actor, person)


def test_posts_that_are_over_bind_nobody_and_those_to_come_do():
    actor, gone, coming = actor_of(town_admin()), clerk("gone"), clerk("coming")
    today = timezone.localdate()
    seat(gone, "clerk", "610323", until_on=today - timezone.timedelta(days=1))
    seat(coming, "clerk", "610323", since_on=today + timezone.timedelta(days=9))
    keep(actor, gone)
    with pytest.raises(BeyondReach):
        keep(actor, coming)


@pytest.mark.parametrize(
    ("place", "may"), [(TOWN, True), (VILLAGE, True), (OTHER_TOWN, False), ("610323", False)]
)
def test_a_town_s_administrator_gives_posts_in_the_town_s_units_only(place, may):
    actor, person = actor_of(town_admin()), clerk()
    if may:
        keep(actor, person, region_code=place)
    else:
        with pytest.raises(BeyondReach):
            keep(actor, person, region_code=place)


def test_the_command_keeps_everybody():
    keep(SYSTEM, clerk(), region_code="610323")
    assert visible_to(SYSTEM).count() == 1
