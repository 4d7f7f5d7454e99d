"""Tokens: a key for programs, stored as a digest only."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from qizhi.kernel.accounts import failures
from qizhi.kernel.accounts.errors import TermNotAllowed, TokenRefused
from qizhi.kernel.accounts.models import Access, Token
from qizhi.kernel.accounts.tests.factories import make_user, seat
from qizhi.kernel.accounts.tokens import token_actor, token_create
from qizhi.kernel.kit.errors import TooMany

pytestmark = pytest.mark.django_db
ADDRESS = "10.0.0.7"


@pytest.fixture
def owner():
    return seat(make_user(), "clerk", "610323100")


def later(monkeypatch, **by):
    moment = timezone.now() + timedelta(**by)
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_it_is_32_random_bytes_of_which_only_the_digest_is_kept(owner):
    raw = token_create(owner, "与12345热线对接", 30)
    assert raw.startswith("qz_")
    assert len(raw) == 3 + 43
    token = Token.objects.get()
    assert token.digest == hashlib.sha256(raw.encode()).hexdigest()
    assert raw[3:] not in str(vars(token))
    assert token_create(owner, "第二个", 30) != raw


def test_its_making_is_noted_without_the_token(owner):
    raw = token_create(owner, "与12345热线对接", 30)
    line = Access.objects.get()
    assert (line.event, line.user, line.subject) == ("token", owner, "与12345热线对接")
    assert raw not in str(vars(line))


def test_it_acts_as_its_owner(owner):
    actor = token_actor(token_create(owner, "对接", 30), ADDRESS)
    assert (actor.user_id, actor.address, actor.roles) == (owner.id, ADDRESS, {"clerk"})


def test_it_costs_two_queries_and_one_more_on_the_first_use_of_a_day(owner, django_assert_num_queries):
    raw = token_create(owner, "对接", 30)
    with django_assert_num_queries(3):
        token_actor(raw, ADDRESS)
    with django_assert_num_queries(2):
        token_actor(raw, ADDRESS)
    assert Token.objects.get().last_used_on == timezone.localdate()


@pytest.mark.parametrize(
    ("days", "after", "works"), [(1, 0, True), (30, 29, True), (30, 30, False), (1, 2, False)]
)
def test_it_expires(owner, monkeypatch, days, after, works):
    raw = token_create(owner, "对接", days)
    later(monkeypatch, days=after)
    if works:
        assert token_actor(raw, ADDRESS).user_id == owner.id
    else:
        with pytest.raises(TokenRefused):
            token_actor(raw, ADDRESS)


@pytest.mark.parametrize("days", [0, -1, 366, 10_000])
def test_a_term_out_of_bounds_is_refused(owner, days):
    with pytest.raises(TermNotAllowed):
        token_create(owner, "对接", days)
    assert not Token.objects.exists()


def test_it_dies_with_the_account(owner):
    raw = token_create(owner, "对接", 30)
    owner.is_active = False
    owner.save()
    with pytest.raises(TokenRefused):
        token_actor(raw, ADDRESS)


@pytest.mark.parametrize("raw", ["", "qz_", "qz_" + "A" * 43, "Bearer x", "密钥", "\ud800"])
def test_an_unknown_token_is_refused(owner, raw):
    token_create(owner, "对接", 30)
    with pytest.raises(TokenRefused):
        token_actor(raw, ADDRESS)


def test_the_digest_is_no_token(owner):
    token_create(owner, "对接", 30)
    with pytest.raises(TokenRefused):
        token_actor(Token.objects.get().digest, ADDRESS)


def test_too_many_bad_tokens_from_one_address_must_wait_while_good_ones_go_on(owner):
    raw = token_create(owner, "对接", 30)
    for n in range(failures.TOKEN_FAILURES.most):
        with pytest.raises(TokenRefused):
            token_actor(f"qz_{n}", ADDRESS)
    with pytest.raises(TooMany) as refusal:
        token_actor("qz_x", ADDRESS)
    assert 0 < refusal.value.details["retry_after"] <= failures.TOKEN_FAILURES.seconds
    assert token_actor(raw, ADDRESS).user_id == owner.id
    with pytest.raises(TokenRefused):
        token_actor("qz_x", "10.0.0.8")


def test_a_post_that_ends_takes_its_sight_with_it(owner):
    raw = token_create(owner, "对接", 30)
    owner.posts.update(until_on=timezone.localdate() - timedelta(days=1))
    assert token_actor(raw, ADDRESS).seats == ()
