"""Every request has an actor, made only when somebody asks."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from qizhi.kernel.accounts.middleware import ActorMiddleware
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.accounts.tests.factories import make_user, seat, signed_in
from qizhi.kernel.regions.tests.factories import make_county

pytestmark = pytest.mark.django_db


def pass_through(user):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.7")
    request.user = user
    ActorMiddleware(lambda given: given)(request)
    return request


def test_somebody_without_sign_in_acts_as_a_citizen():
    actor = pass_through(AnonymousUser()).actor
    assert isinstance(actor, Actor)
    assert (actor.kind, actor.user_id, actor.address) == (ActorKind.CITIZEN, None, "10.0.0.7")
    assert actor.sight_keys == ()


def test_the_actor_costs_nothing_until_asked_and_then_one_query(django_assert_num_queries):
    user = seat(make_user(), "clerk", "610323100")
    with django_assert_num_queries(0):
        request = pass_through(user)
    with django_assert_num_queries(1):
        assert request.actor.roles == {"clerk"}
        assert request.actor.covers("610323100211")
        assert request.actor.address == "10.0.0.7"


def test_my_account_shows_my_posts_and_my_last_sign_ins():
    make_county()
    user = seat(make_user(), "clerk", "610323100")
    client = signed_in(user)
    for n in range(12):
        Access.objects.create(
            at=f"2026-11-0{n % 9 + 1}T00:00Z", event="sign_in", user=user, address=f"10.0.0.{n}"
        )
    page = client.get("/accounts/me/")
    assert "凤鸣镇" in page.content.decode()
    assert len(page.context["sign_ins"]) == 10


def test_my_account_tells_somebody_without_a_post_whom_to_ask():
    assert "联系本单位管理员" in signed_in(make_user()).get("/accounts/me/").content.decode()
