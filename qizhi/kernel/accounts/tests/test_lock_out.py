"""Lock-out: five wrong passwords for one name from one address; and a limit for all names from one address."""

from datetime import timedelta

import pytest
from django.utils import timezone

from qizhi.kernel.accounts import failures
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.tests.factories import log_in, make_user

pytestmark = pytest.mark.django_db
NAME = "clerk@610323100"


def wrong(client, times, name=NAME, **more):
    return [log_in(client, name, f"wrong-{n}", **more) for n in range(times)]


def test_the_fifth_wrong_password_locks_and_the_sixth_right_one_is_refused(client):
    make_user(NAME)
    answers = wrong(client, 5)
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    page = answers[-1].content.decode()
    assert "已锁定 15 分钟" in page
    assert NAME in page
    sixth = log_in(client, NAME)
    assert sixth.status_code == 429
    assert "已锁定" in sixth.content.decode()
    assert client.get("/accounts/me/").status_code == 302


def test_every_failure_and_the_lock_are_noted(client):
    user = make_user(NAME)
    wrong(client, 5)
    events = list(Access.objects.values_list("event", flat=True))
    assert events.count("sign_in_failed") == 5
    assert events.count("locked") == 1
    assert set(Access.objects.values_list("user", flat=True)) == {user.id}


def test_another_address_still_works(client):
    make_user(NAME)
    wrong(client, 5)
    assert log_in(client, NAME, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_another_name_at_the_same_address_still_works(client):
    make_user(NAME)
    make_user("mediator@610323100")
    wrong(client, 5)
    assert log_in(client, "mediator@610323100").status_code == 302


def test_the_lock_ends_after_a_quarter_of_an_hour(client, monkeypatch):
    make_user(NAME)
    wrong(client, 5)
    real = timezone.now
    for minutes, status in ((14, 429), (16, 302)):
        monkeypatch.setattr("axes.handlers.proxy.now", lambda m=minutes: real() + timedelta(minutes=m))
        assert log_in(client, NAME).status_code == status


def test_trying_again_while_locked_does_not_make_it_longer(client, monkeypatch):
    make_user(NAME)
    wrong(client, 5)
    real = timezone.now
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: real() + timedelta(minutes=10))
    assert log_in(client, NAME).status_code == 429
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: real() + timedelta(minutes=16))
    assert log_in(client, NAME).status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client):
    make_user(NAME)
    wrong(client, 4)
    assert log_in(client, NAME).status_code == 302
    client.post("/accounts/logout/")
    assert [answer.status_code for answer in wrong(client, 4)] == [200] * 4


@pytest.mark.parametrize("spelling", ["Clerk@610323100", "CLERK@610323100", " clerk@610323100 "])
def test_another_spelling_of_the_name_counts_as_the_same(client, spelling):
    make_user(NAME)
    wrong(client, 3)
    assert wrong(client, 2, spelling)[-1].status_code == 429


def test_another_browser_counts_as_the_same(client):
    make_user(NAME)
    answers = [log_in(client, NAME, "wrong", headers={"user-agent": f"browser {n}"}) for n in range(5)]
    assert answers[-1].status_code == 429


def test_an_unknown_name_is_locked_in_the_same_way(client):
    answers = wrong(client, 5, "nobody@610323100")
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]


def test_too_many_failures_from_one_address_stop_even_right_passwords(client):
    make_user(NAME)
    for n in range(failures.SIGN_IN_FAILURES.most):
        log_in(client, f"name-{n}", "wrong")
    response = log_in(client, NAME)
    assert response.status_code == 429
    page = response.content.decode()
    assert "操作太频繁" in page
    assert f'value="{NAME}"' in page
    assert log_in(client, NAME, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_a_whole_ipv6_network_counts_as_one_address(client):
    make_user(NAME)
    for n in range(failures.SIGN_IN_FAILURES.most):
        log_in(client, f"name-{n}", "wrong", REMOTE_ADDR=f"2001:db8:1:2::{n:x}")
    assert log_in(client, NAME, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert log_in(client, NAME, REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_a_hall_may_sign_in_together_but_not_without_end(client):
    make_user(NAME)
    for _ in range(failures.SIGN_IN_ATTEMPTS.most):
        assert log_in(client, NAME).status_code == 302
        client.logout()
    assert log_in(client, NAME).status_code == 429
