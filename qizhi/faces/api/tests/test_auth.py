"""Who calls: a program with a token, or a browser with its session; nobody else gets past the gate."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from qizhi.kernel.accounts.models import Token
from qizhi.testing import cast
from qizhi.testing.counting import counted
from qizhi.testing.program import Program
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import TOWN, VILLAGE

from .routes import GUARDED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
CLERK = f"clerk@{TOWN}"
BODY = {"kind": "request", "text": "路灯不亮。", "region": VILLAGE}


def call(client, method, path, **headers):
    return getattr(client, method)(f"/api/v1/{path}", headers=headers)


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_sign_in_every_guarded_call_is_refused(method, path):
    answer = call(Client(), method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("said", ["Bearer qz_nothing", "Bearer", "Bearer ", "Basic Y2xlcms6eA==", "qz_x"])
@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_token_that_is_none_is_refused(method, path, said):
    answer = call(Client(), method, path, Authorization=said)
    assert (answer.status_code, answer.json()["code"] in {"token_refused", "sign_in_needed"}) == (401, True)


def test_a_token_that_has_expired_is_refused():
    raw = cast.token(CLERK)
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = call(Client(), "get", "matters", Authorization=f"Bearer {raw}")
    assert answer.json()["code"] == "token_refused"


def test_a_person_who_left_is_refused():
    raw = cast.token(CLERK)
    person = cast.user(CLERK)
    person.is_active = False
    person.save()
    assert call(Client(), "get", "matters", Authorization=f"Bearer {raw}").status_code == 401


def test_the_word_bearer_is_read_in_any_case():
    assert call(Client(), "get", "matters", Authorization=f"bearer {cast.token(CLERK)}").status_code == 200


def test_a_signed_in_browser_reads():
    open_request()
    answer = call(cast.browser(CLERK), "get", "matters")
    assert len(answer.json()["items"]) == 1


def test_a_browser_writes_only_with_the_token_of_our_own_page():
    browser = cast.browser(CLERK, enforce_csrf_checks=True)
    answer = browser.post("/api/v1/matters", json.dumps(BODY), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    browser.get("/api/v1/docs")
    secret = browser.cookies["csrftoken"].value
    answer = browser.post(
        "/api/v1/matters", json.dumps(BODY), content_type="application/json", headers={"X-CSRFToken": secret}
    )
    assert answer.status_code == 201


def test_a_program_needs_no_such_token():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/api/v1/matters",
        json.dumps(BODY),
        content_type="application/json",
        headers={"Authorization": f"Bearer {cast.token(CLERK)}"},
    )
    assert answer.status_code == 201


def test_a_bad_token_is_not_saved_by_a_good_session():
    answer = call(cast.browser(CLERK), "get", "matters", Authorization="Bearer qz_nothing")
    assert answer.status_code == 401


def test_a_session_that_lived_its_hours_is_refused():
    browser = cast.browser(CLERK)
    session = browser.session
    session["signed_in_at"] = (timezone.now() - timedelta(hours=9)).isoformat()
    session.save()
    assert call(browser, "get", "matters").status_code == 401


def test_a_session_without_its_second_factor_is_told_so():
    browser = Client()
    browser.force_login(
        cast.user("analyst@610323"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    answer = call(browser, "get", "matters")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_a_call_with_a_token_reads_no_session():
    program = Program(CLERK)
    program.get("matters")
    with counted() as found:
        program.get("matters")
    assert not [said for said in found.statements if "django_session" in said]
    assert "Set-Cookie" not in program.get("matters").headers


def test_the_citizens_calls_do_not_look_at_who_is_signed_in():
    case = walk_to("replied")
    answer = cast.browser(f"clerk@{TOWN}").get(
        f"/api/v1/public/matters/{case.number}", query_params={"query_code": "22222222"}
    )
    assert answer.status_code == 403
