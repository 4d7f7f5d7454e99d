"""Sign-in by name and password: the right one enters, a wrong one learns nothing and loses nothing."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.tests.factories import LOGIN, PASSWORD, log_in, make_user, signed_in

pytestmark = pytest.mark.django_db
WRONG = "账号或密码不正确"
ME = "/accounts/me/"


def text_of(response):
    return response.content.decode()


def is_in(client):
    return client.get(ME).status_code == 200


def test_the_right_password_enters_and_is_noted(client):
    user = make_user()
    response = log_in(client, user.username)
    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert is_in(client)
    line = Access.objects.get()
    assert (line.event, line.user, line.address, line.reason) == ("sign_in", user, "127.0.0.1", "密码")


def test_capitals_and_spaces_around_the_name_do_not_matter(client):
    make_user("clerk@610323100")
    assert log_in(client, " Clerk@610323100 ").status_code == 302


def test_it_goes_on_to_the_page_that_was_asked_for(client):
    make_user()
    asked = client.get(ME)
    assert asked["Location"] == f"{LOGIN}?next={ME}"
    response = client.post(asked["Location"], {"login": "clerk@610323100", "password": PASSWORD})
    assert response["Location"] == ME


def test_it_never_leads_to_another_site(client):
    make_user()
    response = client.post(
        LOGIN + "?next=https://example.org/", {"login": "clerk@610323100", "password": PASSWORD}
    )
    assert response["Location"] == "/desk/"


def test_a_wrong_password_keeps_the_typed_name_and_says_one_clear_sentence(client):
    make_user()
    response = log_in(client, "Clerk@610323100", "wrong-password")
    page = text_of(response)
    assert WRONG in page
    assert 'value="Clerk@610323100"' in page
    assert "wrong-password" not in page
    assert not is_in(client)
    line = Access.objects.get()
    assert (line.event, line.username, line.user.username) == (
        "sign_in_failed",
        "clerk@610323100",
        line.username,
    )


def test_nobody_learns_whether_a_name_exists(client):
    make_user()

    def said_to(name):
        page = text_of(log_in(client, name, "wrong-password"))
        page = re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)  # the tokens against other sites
        return page.replace(name, "NAME")

    assert said_to("clerk@610323100") == said_to("nobody@610323100")


@pytest.mark.parametrize("name", ["clerk@610323100", "nobody@610323100", "sso@610323100"])
def test_each_attempt_costs_one_hash_whether_or_not_the_name_exists(client, monkeypatch, name):
    make_user()
    make_user("sso@610323100", password=None)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or encode(*given))
    log_in(client, name, "wrong-password")
    assert len(hashed) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"login": "", "password": PASSWORD}, "请填写账号"),
        ({"login": "clerk@610323100", "password": ""}, "请填写密码"),
        ({}, "请填写账号"),
    ],
)
def test_an_empty_field_is_named(client, fields, said):
    make_user()
    response = client.post(LOGIN, fields)
    assert response.status_code == 200
    assert said in text_of(response)
    assert not Access.objects.exists()


@pytest.mark.parametrize("name", ["x" * 81, "a\x00b"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_asked(client, name):
    assert log_in(client, name).status_code == 200
    assert not Access.objects.exists()


def test_an_inactive_account_is_told_so_only_with_its_password(client):
    make_user(is_active=False)
    assert WRONG in text_of(log_in(client, "clerk@610323100", "wrong-password"))
    response = log_in(client, "clerk@610323100")
    assert response["Location"] == "/accounts/inactive/"
    assert "已停用" in text_of(client.get(response["Location"]))
    assert not is_in(client)


def test_an_account_that_is_switched_off_falls_out_of_its_session():
    user = make_user()
    client = signed_in(user)
    assert is_in(client)
    User.objects.update(is_active=False)
    assert not is_in(client)


def test_an_account_without_a_password_cannot_be_entered_by_one(client):
    make_user(password=None)
    for tried in ("", "None", "!"):
        log_in(client, "clerk@610323100", tried)
    assert not is_in(client)


def test_the_session_key_changes_at_sign_in(client):
    make_user()
    session = client.session
    session["before"] = "kept"
    session.save()
    key = session.session_key
    log_in(client, "clerk@610323100")
    assert client.session.session_key != key
    assert not type(session)().exists(key)


def test_the_session_ends_with_the_browser_and_is_not_readable_by_scripts(client):
    make_user()
    cookie = log_in(client, "clerk@610323100").cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(("minutes", "stays"), [(1, True), (-1, False)])
def test_the_session_lives_its_hours_from_sign_in(monkeypatch, minutes, stays):
    client = signed_in(make_user())
    hours = timedelta(hours=settings.QIZHI.session_hours)
    real, later = timezone.now, timezone.now() + hours - timedelta(minutes=minutes)
    session = client.session
    session.set_expiry(7 * 24 * 3600)  # as if something written into it had prolonged it
    session.save()
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert is_in(client) is stays
    monkeypatch.setattr(timezone, "now", real)
    if not stays:
        assert not is_in(client)
        assert Access.objects.filter(event="sign_out").count() == 1


def test_signing_out_ends_the_session_and_is_noted(client):
    user = make_user()
    log_in(client, user.username)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client), "a link alone must not sign anybody out"
    response = client.post("/accounts/logout/")
    assert response["Location"] == "/"
    assert not is_in(client)
    assert Access.objects.filter(event="sign_out", user=user).count() == 1


def test_the_form_is_protected_against_other_sites():
    make_user()
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "clerk@610323100").status_code == 403


def test_a_fresh_database_has_nobody_who_can_sign_in(client):
    assert not User.objects.exists()
    for name in ("admin", "root", "admin@610323", "auditor@610323"):
        for password in ("admin", "admin123", "password", "123456", ""):
            log_in(client, name, password)
    assert not is_in(client)
    assert not Access.objects.filter(event="sign_in").exists()


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/signup/",
        "/accounts/email/",
        "/accounts/password/reset/",
        "/accounts/password/set/",
        "/accounts/confirm-email/",
        "/accounts/login/code/",
        "/accounts/3rdparty/",
        "/accounts/social/signup/",
        "/accounts/2fa/webauthn/",
    ],
)
def test_no_door_is_open_that_is_not_needed(address):
    assert signed_in(make_user()).get(address).status_code == 404
