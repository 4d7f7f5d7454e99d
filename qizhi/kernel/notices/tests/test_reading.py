"""One's own notices: the newest first, counted up to a cap, read one by one or all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qizhi.kernel.notices.actions import notices_read
from qizhi.kernel.notices.models import Notice
from qizhi.kernel.notices.queries import BADGE_MAX, notices_of, unread_count
from qizhi.testing import cast
from qizhi.testing.stories import open_request, take, walk_to
from qizhi.testing.world import OTHER_TOWN, TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

NOW = timezone.now()


def tell(username, case, number=1, **more):
    user = cast.user(username)
    Notice.objects.bulk_create(
        Notice(
            user=user,
            matter=case.matter,
            key=f"test:{case.number}:{n}",
            kind="turn",
            at=NOW - timedelta(minutes=n),
            **more,
        )
        for n in range(number)
    )


def test_the_newest_stand_first_and_only_ones_own():
    case = open_request()
    tell(f"clerk@{TOWN}", case, 3)
    tell(f"dispatcher@{TOWN}", case)
    found = list(notices_of(cast.actor(f"clerk@{TOWN}")))
    assert len(found) == 3
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert list(notices_of(cast.actor(f"clerk@{OTHER_TOWN}"))) == []


def test_what_may_not_be_seen_any_more_is_neither_shown_nor_counted():
    case = walk_to("objected")
    handler = cast.actor(f"handler@{TOWN}")
    tell(f"handler@{TOWN}", case)
    assert unread_count(handler) == 1
    take(case, "uphold", "dispatcher", ruling="确应由住建局办。")
    assert list(notices_of(handler)) == []
    assert unread_count(handler) == 0


@pytest.mark.parametrize(("there", "counted"), [(0, 0), (1, 1), (100, 100), (130, BADGE_MAX)])
def test_the_badge_stops_counting(there, counted):
    tell(f"clerk@{TOWN}", open_request(), there)
    assert unread_count(cast.actor(f"clerk@{TOWN}")) == counted


def test_one_matter_is_read_or_all():
    actor = cast.actor(f"clerk@{TOWN}")
    first, second = open_request(), open_request()
    tell(f"clerk@{TOWN}", first, 2)
    tell(f"clerk@{TOWN}", second, 3)
    tell(f"dispatcher@{TOWN}", first)
    assert notices_read(actor=actor, matter=first.matter, at=NOW) == 2
    assert unread_count(actor) == 3
    assert notices_read(actor=actor) == 3
    assert notices_read(actor=actor) == 0
    assert unread_count(actor) == 0
    assert unread_count(cast.actor(f"dispatcher@{TOWN}")) == 1
    assert Notice.objects.filter(user_id=actor.user_id, read_at=NOW).count() == 2


def test_a_citizen_has_no_notices():
    case = open_request()
    tell(f"clerk@{TOWN}", case)
    citizen = cast.citizen(case.matter)
    assert list(notices_of(citizen)) == []
    assert (unread_count(citizen), notices_read(actor=citizen)) == (0, 0)


def test_a_page_of_notices_is_one_query(django_assert_num_queries):
    tell(f"clerk@{TOWN}", open_request(), 5)
    actor = cast.actor(f"clerk@{TOWN}")
    with django_assert_num_queries(1):
        assert [one.matter.title for one in notices_of(actor)[:20]]
    with django_assert_num_queries(1):
        unread_count(actor)
