"""A password that the administrator made opens one page only: the one that changes it."""

import json

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client, RequestFactory

from qizhi.kernel.accounts.middleware import CHANGE_PASSWORD, OPEN_BEFORE_CHANGE, lead_to
from qizhi.kernel.accounts.models import User
from qizhi.kernel.accounts.passwords import OnceHasher, one_time_password
from qizhi.kernel.accounts.tests.factories import log_in, make_user, seat

pytestmark = pytest.mark.django_db
NAME, PAGE, ME = "clerk@610323100", "/accounts/password/change/", "/accounts/me/"
NEW = "Zhouyuan-ba-2027"


@pytest.fixture
def once():
    """A clerk with a one-time password; returns the password."""
    raw = one_time_password()
    user = seat(make_user(NAME, must_change_password=True), "clerk", "610323100")
    User.objects.filter(pk=user.pk).update(password=make_password(raw, hasher=OnceHasher()))
    return raw


def change(client, old, new=NEW):
    return client.post(PAGE, {"oldpassword": old, "password1": new, "password2": new, "next": ME})


@pytest.mark.parametrize("page", ["/desk/", ME, "/accounts/access/", "/accounts/2fa/totp/activate/", "/"])
def test_every_other_page_leads_there_and_back(client, once, page):
    log_in(client, NAME, once)
    answer = client.get(page)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{PAGE}?next=")
    assert "一次性密码" in client.get(answer["Location"]).content.decode()


def test_after_the_change_everything_is_open(client, once):
    log_in(client, NAME, once)
    assert change(client, once)["Location"] == ME
    assert client.get(ME).status_code == 200
    assert not User.objects.get(username=NAME).must_change_password
    assert log_in(Client(), NAME, once).status_code == 200
    assert log_in(Client(), NAME, NEW).status_code == 302


def test_the_one_time_password_itself_is_not_taken_again(client, once):
    log_in(client, NAME, once)
    assert "不能和当前密码一样" in change(client, once, once).content.decode()
    assert User.objects.get(username=NAME).must_change_password


def test_signing_out_and_the_switches_stay_open(client, once):
    log_in(client, NAME, once)
    assert client.post("/switch/large/", {"large": "1", "next": PAGE})["Location"] == PAGE
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get(ME)["Location"].startswith("/accounts/login/")


def test_the_new_password_comes_before_the_second_factor(client, once):
    seat(User.objects.get(username=NAME), "auditor", "610323")
    log_in(client, NAME, once)
    assert client.get(ME)["Location"].startswith(PAGE)
    change(client, once)
    assert client.get(ME)["Location"].startswith("/accounts/2fa/totp/activate/")


def test_a_program_with_the_session_is_told_why_not():
    refused = lead_to(RequestFactory().get("/api/v1/matters"), CHANGE_PASSWORD)
    assert refused.status_code == 403
    assert json.loads(refused.content)["code"] == "password_change_needed"


def test_nothing_that_changes_anything_else_is_open():
    assert {
        "account_change_password",
        "account_login",
        "account_logout",
        "account_inactive",
        "switch_language",
        "switch_large",
    } == OPEN_BEFORE_CHANGE


def test_the_first_sign_in_stores_the_usual_hash(client, once):
    assert identify_hasher(User.objects.get().password).algorithm == "argon2_once"
    log_in(client, NAME, once)
    assert identify_hasher(User.objects.get().password).algorithm == "md5"  # the usual one of the tests
    assert client.get(PAGE).status_code == 200


def test_one_time_passwords_are_easy_to_read_and_never_the_same():
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(one) == 14 and one[4] == one[9] == "-" for one in made)
    assert not set("".join(made)) & set("01loiABC")
