"""The actor: from the posts held today to what may be seen."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.scope import (
    CITIZEN,
    SYSTEM,
    Actor,
    ActorKind,
    actor_of,
    registrar_key,
    unit_key,
)
from qizhi.kernel.accounts.tests.factories import make_user, role_of, seat
from qizhi.kernel.units.models import Post, Unit
from qizhi.kernel.units.tests.factories import make_post, make_unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
CODES = st.from_regex(r"\A61032[23](1(00|01|10)(20[01](001)?)?)?\Z")


@pytest.mark.parametrize(
    ("held", "kept"),
    [
        ([], ()),
        (["610323"], ("610323",)),
        (["610323100", "610323"], ("610323",)),
        (["610323100211", "610323101", "610323100"], ("610323100", "610323101")),
        (["610323101", "610323100"], ("610323100", "610323101")),
        (["610323100211001", "610323100211", "610323101200"], ("610323100211", "610323101200")),
    ],
)
def test_a_place_inside_another_held_place_is_left_out(held, kept):
    user = make_user()
    for code in held:
        seat(user, "dispatcher", code)
    assert actor_of(user, on=TODAY).regions == kept


@given(held=st.lists(CODES, max_size=4), place=CODES)
def test_an_actor_sees_a_place_iff_some_region_post_is_a_prefix_of_it(held, place):
    User.objects.all().delete()
    Unit.objects.all().delete()
    user = make_user()
    for code in dict.fromkeys(held):
        seat(user, "dispatcher", code)
    actor = actor_of(user, on=TODAY)
    assert actor.covers(place) == any(place.startswith(code) for code in held)
    assert all(not a.startswith(b) for a in actor.regions for b in actor.regions if a != b)


@given(st.lists(CODES, min_size=1, max_size=3))
def test_a_unit_post_opens_no_place(held):
    User.objects.all().delete()
    Unit.objects.all().delete()
    user = make_user()
    for code in dict.fromkeys(held):
        seat(user, "handler", code)
    actor = actor_of(user, on=TODAY)
    assert actor.regions == ()
    assert not any(actor.covers(code) for code in held)
    assert len(actor.unit_ids) == len(set(held))


@pytest.mark.parametrize(
    ("since_on", "until_on", "counts"),
    [
        (date(2026, 1, 1), None, True),
        (date(2026, 11, 24), None, True),  # the first day
        (date(2026, 11, 25), None, False),  # not yet
        (date(2026, 1, 1), date(2026, 11, 24), True),  # the last day
        (date(2026, 1, 1), date(2026, 11, 23), False),  # over
        (date(2026, 11, 24), date(2026, 11, 24), True),  # one single day
    ],
)
def test_only_posts_of_the_day_count(since_on, until_on, counts):
    user = seat(make_user(), "dispatcher", "610323100", since_on=since_on, until_on=until_on)
    assert actor_of(user, on=TODAY).covers("610323100") is counts


def test_a_post_in_a_dissolved_unit_does_not_count():
    user = seat(make_user(), "dispatcher", "610323100")
    Unit.objects.update(is_active=False)
    assert actor_of(user, on=TODAY).seats == ()


def test_a_post_may_be_narrowed_to_a_part_of_the_units_place():
    user = make_user()
    make_post(
        user, make_unit("centre-610323100", "610323100"), role_of("dispatcher"), region_code="610323100211"
    )
    actor = actor_of(user, on=TODAY)
    assert actor.covers("610323100211001")
    assert not actor.covers("610323100210")


def test_the_sight_keys_are_places_units_and_the_person():
    user = seat(seat(make_user(), "dispatcher", "610323100"), "handler", "610323101")
    actor = actor_of(user, on=TODAY)
    units = sorted(unit_key(unit) for unit in actor.unit_ids)
    assert actor.sight_keys == ("610323100", *units, registrar_key(user.id))


@pytest.mark.parametrize("actor", [SYSTEM, CITIZEN])
def test_neither_the_clock_nor_a_citizen_has_sight_keys(actor):
    assert actor.sight_keys == ()
    assert not actor.covers("610323")
    assert not actor.may_unmask


def test_a_reader_may_not_write_and_a_second_post_lifts_that():
    user = seat(make_user(), "auditor", "610323")
    assert not actor_of(user, on=TODAY).may_write
    assert actor_of(seat(user, "clerk", "610323100"), on=TODAY).may_write


def test_somebody_without_a_post_may_not_write():
    assert not actor_of(make_user(), on=TODAY).may_write


@pytest.mark.parametrize(
    ("role", "unmasks", "second_factor"),
    [("clerk", True, False), ("auditor", False, True), ("director", False, False), ("admin", False, True)],
)
def test_rights_come_from_the_roles(role, unmasks, second_factor):
    actor = actor_of(seat(make_user(), role, "610323"), on=TODAY)
    assert actor.may_unmask is unmasks
    assert actor.needs_second_factor is second_factor
    assert actor.roles == {role}


def test_it_takes_one_query(django_assert_num_queries):
    user = seat(seat(make_user(), "clerk", "610323100"), "handler", "610323101")
    with django_assert_num_queries(1):
        actor = actor_of(user, on=TODAY, address="10.0.0.1")
    assert isinstance(actor, Actor)
    assert (actor.kind, actor.user_id, actor.address) == (ActorKind.STAFF, user.id, "10.0.0.1")
    assert {s.unit_code for s in actor.seats} == {"centre-610323100", "centre-610323101"}
    assert Post.objects.count() == 2
