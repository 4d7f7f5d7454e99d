"""`qizhi demo`: the invented messages, moved along by the real engine, all or none."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from qizhi.cli import main
from qizhi.cli.commands import demo
from qizhi.cli.commands.demo import (
    FOLDER,
    OFFICE_HOURS,
    RECENT_DAYS,
    demo_once,
    read_material,
    scripts,
)
from qizhi.cli.replay import Script, replay
from qizhi.kernel.accounts.models import User
from qizhi.kernel.kit.personal import find_personal
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.modes.store import current
from qizhi.kernel.notices.models import Notice
from qizhi.kernel.units.models import Post
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.paths import not_declared

from .pasts import past_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

NOW = moment("2026-11-24 Tue 10:00")


def some(rows, most=20):
    """The first messages of different stories, with those that they refer to."""
    chosen: dict[str, dict] = {}
    for row in rows:
        name, _, other = row["story"].partition(":")
        if len(chosen) < most and name not in {one["story"].partition(":")[0] for one in chosen.values()}:
            chosen |= {key: one for key in (other, row["key"]) for one in rows if one["key"] == key}
    return list(chosen.values())


def test_twenty_messages_go_their_way_without_a_refusal():
    rows = some(read_material(FOLDER))
    told = list(scripts(rows, FOLDER, NOW))
    replay(iter(told), until=NOW)
    assert len(rows) >= 15
    assert {script.key: script.refused for script in told if script.refused} == {}
    assert Matter.objects.count() == len(rows)
    assert list(audit_verify()) == []


@pytest.mark.parametrize("hours", range(0, 7 * 24, 13))
def test_something_is_on_its_way_at_every_hour_of_the_week(hours):
    now = moment("2026-11-23 Mon 00:30") + timedelta(hours=hours)
    rows = [row for row in read_material(FOLDER) if row["story"] in OFFICE_HOURS]
    replay(scripts(rows, FOLDER, now), until=now)
    assert set(OFFICE_HOURS) <= {matter.state for matter in Matter.objects.all()}


@pytest.mark.parametrize("now", ["2026-11-22 Sun 22:00", "2026-11-23 Mon 06:00"])
def test_something_stands_at_every_step_of_the_way(now):
    rows = [
        row
        for row in read_material(FOLDER)
        if row["story"].partition(":")[0] in {*OFFICE_HOURS, *RECENT_DAYS}
    ]
    replay(scripts(rows, FOLDER, moment(now)), until=moment(now))
    ended = {"archived", "not_accepted", "withdrawn", "merged", "accepted"}
    assert {matter.state for matter in Matter.objects.all()} >= set(current().kinds["request"].states) - ended


def test_the_same_material_gives_the_same_past():
    rows = some(read_material(FOLDER), most=12)
    pasts = []
    for _time in range(2):
        with transaction.atomic():
            replay(scripts(rows, FOLDER, NOW), until=NOW)
            pasts.append(past_of())
            transaction.set_rollback(True)
    assert pasts[0] == pasts[1]


def test_the_whole_demonstration_loads_and_is_whole(capsys, monkeypatch):
    scripted: list[Script] = []

    def kept(*given):
        scripted.extend(scripts(*given))
        return iter(scripted)

    monkeypatch.setattr(demo, "scripts", kept)
    demo_once()
    assert {script.key: script.refused for script in scripted if script.refused} == {}
    rows = read_material(FOLDER)
    matters = list(Matter.objects.all())
    kind = current().kinds["request"]
    assert len(matters) == len(rows)
    assert {matter.source_key for matter in matters} == {f"demo:{row['key']}" for row in rows}
    # something stands at every step of the way
    assert {matter.state for matter in matters} >= set(kind.states) - {"accepted"}
    assert list(audit_verify()) == []
    assert [said for matter in matters for said in not_declared(matter)] == []
    assert not Step.objects.filter(sealed_no=None).exists()
    assert Notice.objects.exists()
    now = timezone.now()
    assert not [matter.number for matter in matters if matter.opened_at > now]
    assert not Step.objects.filter(at__gt=now).exists()
    said = json.dumps(list(Step.objects.values_list("inputs", "outcome")), ensure_ascii=False)
    phones = {row["reporter_phone"] for row in rows if row["reporter_phone"]}
    assert not [phone for phone in phones if phone in said]
    assert not any(find_personal(matter.text) for matter in matters)
    assert "均为虚构" in capsys.readouterr().out
    demo_once()
    assert Matter.objects.count() == len(rows)


def test_whatever_unit_is_proposed_somebody_of_the_demonstration_can_accept():
    """Every unit that a routing table names, and every committee and centre, has a person who can take it."""
    mode = current()
    accepting = set(mode.kinds["request"].transitions["accept"].by)
    staffed = set(Post.objects.filter(role__key__in=accepting).values_list("unit__code", flat=True))
    rules = [rule for table in mode.routes.values() for rule in table.rules]
    targets = {to for rule in rules for to in (rule.to, *rule.assist)}
    named = {to.removeprefix("unit:") for to in targets if to.startswith("unit:")}
    kinds = {to.removeprefix("own:").partition("@")[0] for to in targets if to.startswith("own:")}
    wanted = named | {unit.code for unit in mode.units if unit.kind in kinds}
    assert wanted - staffed == set()


def test_a_demonstration_that_is_stopped_leaves_nothing_half_done(monkeypatch):
    calls = []

    def stopped(*_args, **_more):
        calls.append(1)
        replay(iter([next(scripts(read_material(FOLDER)[:1], FOLDER, NOW))]), until=NOW)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("qizhi.cli.replay.replay", stopped)
        assert main(["demo"]) == 130
    assert (len(calls), Matter.objects.count()) == (1, 0)


def test_the_password_is_made_once_kept_with_the_keys_and_not_readable_by_others(tmp_path, monkeypatch):
    monkeypatch.delenv("QIZHI_DEMO_PASSWORD", raising=False)
    password = demo.demo_password(tmp_path)
    assert demo.demo_password(tmp_path) == password
    assert (tmp_path / "demo.password").stat().st_mode & 0o777 == 0o600
    assert len(password) >= 10
    monkeypatch.setenv("QIZHI_DEMO_PASSWORD", "Qishan-2026")
    assert demo.demo_password(tmp_path) == "Qishan-2026"


def test_all_accounts_share_the_password_that_is_wanted(monkeypatch):
    monkeypatch.setenv("QIZHI_DEMO_PASSWORD", "Qishan-2026-demo")
    monkeypatch.setattr(demo, "read_material", lambda _folder: [])
    demo_once()
    hashes = set(User.objects.filter(is_demo=True).values_list("password", flat=True))
    assert len(hashes) == 1
    assert check_password("Qishan-2026-demo", hashes.pop())
