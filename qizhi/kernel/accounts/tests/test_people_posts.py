"""Giving and ending posts: from one day to another, never twice, and with a word when somebody would be missed."""

from datetime import date, timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from qizhi.kernel.accounts import hooks
from qizhi.kernel.accounts.errors import (
    AccountInactive,
    BeyondReach,
    DayNotAllowed,
    LeftAlone,
    NotAKeeper,
    OwnAccount,
    PlaceOutsideUnit,
    PostHeld,
    PostIsOver,
)
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.people.posts import post_end, post_give
from qizhi.kernel.accounts.scope import actor_of
from qizhi.kernel.accounts.tests.factories import make_user, role_of, seat
from qizhi.kernel.accounts.tests.keepers import (
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    auditor,
    clerk,
    county_admin,
    line,
    make_units,
    town_admin,
    unit,
)
from qizhi.kernel.kit.errors import NotFound
from qizhi.kernel.units.models import Post

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def units():
    make_units()


@pytest.fixture
def admin():
    return actor_of(county_admin())


def give(actor, person, *, code=f"centre-{TOWN}", role="mediator", since_on=TODAY, **more):
    return post_give(
        actor=actor, person=person, unit=unit(code), role=role_of(role), since_on=since_on, **more
    )


def end(actor, post, until_on=TODAY, **more):
    return post_end(actor=actor, post_id=post.pk, until_on=until_on, **more)


def test_a_post_counts_from_its_day(admin):
    person = clerk()
    give(admin, person, reason="镇党委会议定")
    give(admin, person, role="head", since_on=TODAY + DAY)
    assert actor_of(person).roles == {"clerk", "mediator"}
    assert actor_of(person, on=TODAY + DAY).roles == {"clerk", "mediator", "head"}
    said = Access.objects.filter(event="post_given").earliest("at")
    assert (said.about, said.reason) == (person, "镇党委会议定")


def test_a_post_may_be_narrowed_to_a_place_below_its_unit(admin):
    assert give(admin, clerk(), role="gridworker", place=VILLAGE).region_code == VILLAGE
    with pytest.raises(PlaceOutsideUnit):
        give(admin, clerk("other"), role="gridworker", place=OTHER_TOWN)


@pytest.mark.parametrize(
    ("since_on", "until_on", "again_on", "is_held"),
    [
        (TODAY - 9 * DAY, None, TODAY, True),
        (TODAY - 9 * DAY, TODAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY - DAY, TODAY, False),
        (TODAY + 9 * DAY, None, TODAY, True),
        (TODAY - 9 * DAY, TODAY - 8 * DAY, TODAY - 9 * DAY, True),  # once from that very day
        (TODAY + 9 * DAY, TODAY + 8 * DAY, TODAY, False),  # it was taken back before it began
    ],
)
def test_the_same_post_is_not_held_twice_at_once(admin, since_on, until_on, again_on, is_held):
    person = clerk(since_on=since_on, until_on=until_on)
    if is_held:
        with pytest.raises(PostHeld):
            give(admin, person, role="clerk", since_on=again_on)
    else:
        give(admin, person, role="clerk", since_on=again_on)
    assert person.posts.count() == (1 if is_held else 2)


def test_the_same_role_for_another_place_is_another_post(admin):
    person = clerk()
    give(admin, person, role="gridworker", place=VILLAGE)
    give(admin, person, role="gridworker", since_on=TODAY - DAY)
    assert person.posts.count() == 3


def test_a_stopped_account_gets_no_post(admin):
    person = make_user("gone", is_active=False)
    with pytest.raises(AccountInactive):
        give(admin, person)


def test_nobody_gives_themselves_a_post_nor_ends_one():
    admin = county_admin()
    for act in (lambda: give(actor_of(admin), admin), lambda: end(actor_of(admin), admin.posts.get())):
        with pytest.raises(OwnAccount):
            act()


def test_without_the_role_or_beyond_the_place_nobody_gives_or_ends_a_post():
    person = clerk(place=OTHER_TOWN)
    for who, error in ((auditor(), NotAKeeper), (town_admin(), BeyondReach)):
        actor = actor_of(who)
        for act in (lambda a=actor: give(a, person), lambda a=actor: end(a, person.posts.get())):
            with pytest.raises(error):
                act()


def test_a_town_s_administrator_gives_no_post_of_the_county():
    with pytest.raises(BeyondReach):
        give(actor_of(town_admin()), clerk(), code="office", role="admin")


def test_a_post_ends_with_its_last_day(admin):
    person = clerk()
    post = end(admin, person.posts.get(), reason="调往县里")
    assert actor_of(person).roles == {"clerk"}
    assert actor_of(person, on=TODAY + DAY).roles == set()
    said = line("post_ended")
    assert (said.about, said.reason) == (person, "调往县里")
    assert said.subject.endswith(f"610323100综治中心 · clerk · {TODAY.isoformat()}")
    assert LogEntry.objects.get_for_object(post).first().changes == {"until_on": ["None", TODAY.isoformat()]}


def test_a_post_given_by_mistake_ends_before_it_began_and_never_counts(admin):
    person = make_user("new")
    post = give(admin, person, since_on=TODAY)
    end(admin, post, TODAY - DAY)
    assert actor_of(person).roles == set()
    assert person.posts.count() == 1


@pytest.mark.parametrize("days", [-2, 400])
def test_a_day_before_the_post_or_far_ahead_is_refused(admin, days):
    post = seat(make_user("new"), "clerk", TOWN, since_on=TODAY).posts.get()
    with pytest.raises(DayNotAllowed):
        end(admin, post, TODAY + timedelta(days=days))


def test_the_past_stays(admin):
    post = clerk(since_on=date(2025, 1, 1), until_on=TODAY - DAY).posts.get()
    with pytest.raises(PostIsOver):
        end(admin, post, TODAY)


def test_a_day_that_was_named_may_still_be_moved(admin):
    post = clerk(until_on=TODAY + 30 * DAY).posts.get()
    assert end(admin, post, TODAY).until_on == TODAY


def test_an_unknown_post_is_not_found(admin):
    with pytest.raises(NotFound):
        post_end(actor=admin, post_id=clerk().pk, until_on=TODAY)


@pytest.fixture
def waiting(monkeypatch):
    """Let seven matters wait for a clerk wherever one is asked for; note who was asked about."""
    asked = []

    def count(unit_id, role):
        asked.append((unit_id, role))
        return 7 if role == "clerk" else 0

    monkeypatch.setattr(hooks, "_open_work", [count, lambda _unit, _role: 0])
    return asked


def test_the_last_one_in_a_role_goes_only_when_it_is_meant(admin, waiting):
    post = clerk().posts.get()
    with pytest.raises(LeftAlone) as refusal:
        end(admin, post)
    assert refusal.value.details["left"] == [{"unit": "610323100综治中心", "role": "clerk", "count": 7}]
    assert Post.objects.get(pk=post.pk).until_on is None
    assert end(admin, post, sure=True).until_on == TODAY
    assert waiting == [(post.unit_id, "clerk")]


@pytest.mark.parametrize(
    ("other", "is_missed"),
    [
        ({}, False),
        ({"until_on": TODAY + DAY}, False),
        ({"until_on": TODAY}, True),  # goes on the same day
        ({"since_on": TODAY + 90 * DAY}, True),  # comes too late
    ],
)
def test_a_colleague_counts_when_there_on_the_day_after(admin, waiting, other, is_missed):
    post = clerk().posts.get()
    clerk("colleague", **other)
    if is_missed:
        with pytest.raises(LeftAlone):
            end(admin, post)
    else:
        end(admin, post)


def test_a_colleague_who_has_left_does_not_count(admin, waiting):
    post = clerk().posts.get()
    colleague = clerk("colleague")
    colleague.is_active = False
    colleague.save()
    with pytest.raises(LeftAlone):
        end(admin, post)


def test_when_nothing_waits_nobody_is_missed(admin, waiting):
    person = seat(make_user("mediator"), "mediator", TOWN)
    assert end(admin, person.posts.get()).until_on == TODAY
