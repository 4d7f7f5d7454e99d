"""How often an address and a telephone may bring something; the setting turns it off for measuring."""

import pytest
from django.conf import settings
from django.utils import timezone

from qizhi.kernel.loop.models import Matter
from qizhi.testing.program import Program
from qizhi.testing.world import VILLAGE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
BODY = {"kind": "request", "text": "路灯不亮。", "region": VILLAGE}


@pytest.fixture(autouse=True)
def twenty_an_hour(monkeypatch, no_limits):
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 20)
    now = timezone.now().replace(minute=50, second=0, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def bring(address, **reporter):
    body = {**BODY, "reporter": reporter} if reporter else BODY
    return Program(REMOTE_ADDR=address).post("public/matters", body)


def test_an_address_that_brings_too_much_must_wait():
    assert {bring("203.0.113.5").status_code for _ in range(20)} == {201}
    answer = bring("203.0.113.5")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")
    assert answer["Retry-After"] == "600"
    assert "10 分钟" in answer.json()["detail"]
    assert Matter.objects.count() == 20
    assert bring("203.0.113.6").status_code == 201


def test_a_telephone_that_brings_too_much_must_wait_whatever_the_address():
    assert bring("203.0.113.5", phone="13800000021").status_code == 201
    assert bring("203.0.113.6", phone="138 0000 0021").status_code == 201
    assert bring("203.0.113.7", phone="+86 13800000021").status_code == 429
    assert bring("203.0.113.7", phone="13800000022").status_code == 201


def test_addresses_of_one_customer_count_as_one():
    assert {bring(f"2001:db8:1:2::{n}").status_code for n in range(20)} == {201}
    assert bring("2001:db8:1:2:ffff::1").status_code == 429
    assert bring("2001:db8:1:3::1").status_code == 201


def test_what_staff_register_is_not_counted():
    clerk = Program("clerk@610323100", REMOTE_ADDR="203.0.113.5")
    assert {clerk.post("matters", BODY).status_code for _ in range(25)} == {201}


def test_files_have_a_limit_of_their_own():
    from qizhi.faces.limits import upload_spend
    from qizhi.kernel.kit.errors import TooMany

    for _ in range(180):
        upload_spend("203.0.113.5")
    with pytest.raises(TooMany):
        upload_spend("203.0.113.5")
    assert bring("203.0.113.5").status_code == 201


def test_nothing_is_counted_when_the_setting_is_zero(monkeypatch):
    monkeypatch.setattr(settings.QIZHI, "public_per_hour", 0)
    assert {bring("203.0.113.5", phone="13800000021").status_code for _ in range(25)} == {201}
