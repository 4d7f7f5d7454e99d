"""The second factor: bound once, asked at each sign-in, and before anything else where the role needs it."""

import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, RequestFactory

from qizhi.kernel.accounts import failures
from qizhi.kernel.accounts.middleware import lead_to
from qizhi.kernel.accounts.models import Access
from qizhi.kernel.accounts.second_factor import SET_UP
from qizhi.kernel.accounts.tests.factories import PASSWORD, log_in, make_user, seat

# allauth tells of a bound device only after commit.
pytestmark = pytest.mark.django_db(transaction=True)

NAME = "auditor@610323"
ME = "/accounts/me/"
ACTIVATE = "/accounts/2fa/totp/activate/"
ASK = "/accounts/2fa/authenticate/"


class Clock:
    """The time as allauth reads it; a test moves it."""

    def __init__(self):
        self.now = time.time()

    def next_code(self, secret):
        """Move on by half a minute and return the code that the phone shows then."""
        self.now += 31
        return self.code(secret)

    def code(self, secret):
        step = int(self.now) // 30
        return totp.format_hotp_value(totp.hotp_value(secret, step))


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: clock.now)
    return clock


@pytest.fixture
def auditor():
    return seat(make_user(NAME), "auditor", "610323")


def bind(client, clock):
    """Go through the binding page and return the secret and the recovery codes."""
    page = client.get(ACTIVATE).content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)[1]
    answer = client.post(ACTIVATE, {"code": clock.next_code(secret)})
    assert answer["Location"] == "/accounts/2fa/recovery-codes/", answer.content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", client.get(answer["Location"]).content.decode())
    return secret, codes


@pytest.fixture
def bound(auditor, clock):
    """The auditor with a device; returns the secret and the recovery codes."""
    client = Client()
    log_in(client, NAME)
    return bind(client, clock)


def test_a_role_that_needs_it_is_led_to_bind_a_device_before_anything_else(client, auditor):
    log_in(client, NAME)
    for address in (ME, "/accounts/access/"):
        assert client.get(address)["Location"] == f"{ACTIVATE}?next={address.replace('/', '%2F')}"
    page = client.get(ACTIVATE)
    assert page.status_code == 200
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()


def test_nothing_is_stored_before_the_first_right_code(client, auditor, clock):
    log_in(client, NAME)
    client.get(ACTIVATE)
    answer = client.post(ACTIVATE, {"code": "000000"})
    assert "验证码不正确" in answer.content.decode()
    assert not Authenticator.objects.exists()
    assert client.get(ME).status_code == 302


def test_after_binding_everything_is_open_and_ten_recovery_codes_are_shown(client, auditor, clock):
    log_in(client, NAME)
    _, codes = bind(client, clock)
    assert len(set(codes)) == 10
    assert client.get(ME).status_code == 200
    assert Access.objects.filter(event="device_added", user=auditor).count() == 1


def test_the_secret_is_sealed_in_the_database(bound):
    secret, codes = bound
    stored = str(list(Authenticator.objects.values("data")))
    assert secret not in stored
    assert not any(code in stored for code in codes)
    device = Authenticator.objects.get(type="totp")
    assert totp.decrypt(device.data["secret"]) == secret
    device.data["secret"] = device.data["secret"][:-8] + "AAAAAAA="
    with pytest.raises(Exception, match="加密数据"):
        totp.decrypt(device.data["secret"])


def test_sign_in_asks_for_the_code_and_is_whole_only_after_it(client, bound, clock):
    secret, _ = bound
    answer = log_in(client, NAME)
    assert answer["Location"] == ASK
    assert client.get(ME)["Location"].startswith("/accounts/login/")
    assert client.post(ASK, {"code": clock.next_code(secret)})["Location"] == "/desk/"
    assert client.get(ME).status_code == 200
    line = Access.objects.filter(event="sign_in").latest("at")
    assert line.reason == "密码、手机验证器"


def test_the_code_may_be_half_a_minute_early_or_late(bound, clock):
    secret, _ = bound
    for early in (-1, 1):
        clock.now += 120
        client = Client()
        log_in(client, NAME)
        code = totp.format_hotp_value(totp.hotp_value(secret, int(clock.now) // 30 + early))
        assert client.post(ASK, {"code": code})["Location"] == "/desk/"


def test_a_code_two_half_minutes_old_is_refused(client, bound, clock):
    secret, _ = bound
    code = clock.next_code(secret)
    clock.now += 62
    log_in(client, NAME)
    assert "验证码不正确" in client.post(ASK, {"code": code}).content.decode()


def test_a_code_counts_once_even_for_another_worker(bound, clock, monkeypatch):
    secret, _ = bound
    monkeypatch.setattr(totp.TOTP, "_mark_code_used", lambda *_: True)  # another process has its own cache
    code = clock.next_code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        log_in(client, NAME)
    assert first.post(ASK, {"code": code})["Location"] == "/desk/"
    assert "已用过" in second.post(ASK, {"code": code}).content.decode()


def test_a_recovery_code_enters_once(bound):
    _, codes = bound
    first, second = Client(), Client()
    log_in(first, NAME)
    assert first.post(ASK, {"code": codes[3]})["Location"] == "/desk/"
    assert first.get(ME).status_code == 200
    log_in(second, NAME)
    assert "验证码不正确" in second.post(ASK, {"code": codes[3]}).content.decode()
    assert second.post(ASK, {"code": codes[4]})["Location"] == "/desk/"


def test_wrong_codes_are_noted_and_stop_after_a_few_from_whatever_address(client, bound, clock):
    secret, _ = bound
    for n in range(failures.CODE_FAILURES.most):
        log_in(client, NAME, REMOTE_ADDR=f"10.0.0.{n}")
        assert (
            "验证码不正确" in client.post(ASK, {"code": "000000"}, REMOTE_ADDR=f"10.0.0.{n}").content.decode()
        )
    assert (
        Access.objects.filter(event="sign_in_failed", reason="验证码不正确").count()
        == failures.CODE_FAILURES.most
    )
    answer = client.post(ASK, {"code": clock.next_code(secret)})
    assert "操作太频繁" in answer.content.decode()


def test_the_code_page_is_closed_without_the_password(client, bound):
    assert client.get(ASK)["Location"] == "/accounts/login/"


def test_a_session_from_before_must_show_the_factor_that_was_bound_elsewhere(auditor, clock):
    old, new = Client(), Client()
    log_in(old, NAME)
    log_in(new, NAME)
    secret, _ = bind(new, clock)
    led = old.get(ME)
    assert led["Location"].startswith("/accounts/2fa/reauthenticate/")
    answer = old.post(led["Location"], {"code": clock.next_code(secret)})
    assert answer["Location"] == ME
    assert old.get(ME).status_code == 200


def test_a_role_that_needs_it_cannot_be_without_it(client, bound, clock):
    secret, _ = bound
    log_in(client, NAME)
    client.post(ASK, {"code": clock.next_code(secret)})
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert "不能解除绑定" in answer.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_others_may_bind_and_unbind_as_they_like(client, clock):
    seat(make_user("clerk@610323100"), "clerk", "610323100")
    log_in(client, "clerk@610323100")
    assert client.get(ME).status_code == 200
    bind(client, clock)
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert Access.objects.filter(event="device_removed").count() == 1
    assert client.get(ME).status_code == 200


def test_after_five_minutes_the_password_is_asked_again_before_binding(client, auditor, monkeypatch):
    log_in(client, NAME)
    monkeypatch.setattr("qizhi.kernel.accounts.adapter.signed_in_lately", lambda _request: False)
    answer = client.get(ACTIVATE)
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert "密码不正确" in client.post(answer["Location"], {"password": "wrong"}).content.decode()
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200


def test_new_recovery_codes_make_the_old_ones_void(client, bound, clock):
    secret, codes = bound
    log_in(client, NAME)
    client.post(ASK, {"code": clock.next_code(secret)})
    assert "10 个立即作废" in client.get("/accounts/2fa/recovery-codes/generate/").content.decode()
    client.post("/accounts/2fa/recovery-codes/generate/")
    page = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert not any(code in page for code in codes)
    download = client.get("/accounts/2fa/recovery-codes/download/")
    assert len(download.content.split()) == 10


def test_without_an_authenticator_no_recovery_codes_are_made(client):
    seat(make_user("clerk@610323100"), "clerk", "610323100")
    log_in(client, "clerk@610323100")
    page = client.post("/accounts/2fa/recovery-codes/generate/").content.decode()
    assert "还没有绑定手机验证器，没有生成恢复码。" in page
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(("marked", "demo"), [(True, True), (True, False), (False, True), (False, False)])
def test_only_demo_accounts_of_a_demo_are_exempt(client, settings, marked, demo):
    settings.QIZHI = settings.QIZHI.model_copy(update={"demo": demo})
    seat(make_user(NAME, is_demo=marked), "auditor", "610323")
    log_in(client, NAME)
    assert (client.get(ME).status_code == 200) is (marked and demo)


def test_a_program_is_told_why_not_and_an_action_of_a_page_is_led_there_whole():
    request = RequestFactory().get("/api/v1/matters")
    refused = lead_to(request, SET_UP)
    assert refused.status_code == 403
    assert json.loads(refused.content)["code"] == "second_factor_needed"
    action = RequestFactory().post("/desk/", headers={"hx-request": "true"})
    assert lead_to(action, SET_UP)["HX-Redirect"] == ACTIVATE
