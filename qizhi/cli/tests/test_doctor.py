"""`qizhi doctor`: each finding provoked, and nothing found where nothing is wrong."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from qizhi.cli import main
from qizhi.cli.commands import doctor
from qizhi.kernel.accounts.models import User
from qizhi.kernel.kit import sealing
from qizhi.kernel.loop.sealer import seal_steps
from qizhi.kernel.modes import store
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.units.models import Post
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import open_request, walk_to
from qizhi.testing.world import TOWN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
def spring(monkeypatch):
    """A day on which next year's holidays need not be known yet."""
    at_day(monkeypatch, "2026-05-12 Tue")


def at_day(monkeypatch, day):
    at = moment(f"{day} 09:00")
    monkeypatch.setattr(timezone, "localdate", lambda *_args, **_more: at.date())


def findings() -> list[tuple[bool, str]]:
    return list(doctor.examine())


def test_where_nothing_is_wrong_it_says_so(capsys):
    walk_to("in_progress")
    seal_steps()
    assert findings() == []
    assert main(["doctor"]) == 0
    assert "一切正常" in capsys.readouterr().out


def test_without_an_applied_mode_everything_else_waits(capsys):
    ModeVersion.objects.all().delete()
    store.forget()
    [(is_broken, said)] = findings()
    assert is_broken
    assert said
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out.startswith("✗")


def test_without_tables_it_says_how_to_make_them(monkeypatch):
    plan = SimpleNamespace(
        loader=SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list)), migration_plan=lambda _nodes: [1]
    )
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor", lambda _connection: plan)
    [(is_broken, said)] = findings()
    assert is_broken
    assert "qizhi up" in said


def test_a_database_that_does_not_answer_is_named(monkeypatch):
    def silent(_connection):
        raise DatabaseError

    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor", silent)
    [(is_broken, said)] = findings()
    assert is_broken
    assert "连不上数据库" in said


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2026-10-30 Fri", []),
        ("2026-11-02 Mon", [(False, "2027年")]),
        ("2026-12-31 Thu", [(False, "2027年")]),
        ("2027-01-04 Mon", [(True, "2027年")]),
        ("2027-11-01 Mon", [(True, "2027年"), (False, "2028年")]),
    ],
)
def test_a_calendar_that_ends_is_told_in_time(monkeypatch, day, wanted):
    at_day(monkeypatch, day)
    assert [(is_broken, said[:5]) for is_broken, said in findings()] == wanted


def test_a_warning_alone_is_no_failure(monkeypatch, capsys):
    at_day(monkeypatch, "2026-11-24 Tue")
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out.startswith("!")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_named(mode):
    key = settings.QIZHI.secrets_dir / "exposed.key"
    key.write_text("x")
    key.chmod(mode)
    try:
        [(is_broken, said)] = findings()
    finally:
        key.unlink()
    assert is_broken
    assert "exposed.key" in said


@pytest.mark.parametrize(("name", "is_broken"), [("aes-256-gcm", True), ("sm4-gcm", False)])
def test_a_cipher_that_is_missing_is_named(monkeypatch, name, is_broken):
    monkeypatch.setattr(sealing, "cipher_works", lambda cipher: cipher != name)
    [(found, said)] = findings()
    assert found is is_broken
    assert name in said


@pytest.mark.parametrize(("minutes", "is_told"), [(4, False), (6, True)])
def test_steps_that_wait_for_their_number_mean_that_nobody_works(minutes, is_told):
    open_request(at=timezone.now() - timedelta(minutes=minutes))
    told = [said for _is_broken, said in findings()]
    assert ["qizhi worker" in said for said in told] == ([True] if is_told else [])


@pytest.mark.parametrize("change", ["left", "not there yet", "account closed"])
def test_a_matter_that_lies_where_nobody_works_is_named(monkeypatch, change):
    at_day(monkeypatch, "2026-05-12 Tue")
    case = walk_to("in_progress")
    seal_steps()
    posts = Post.objects.filter(unit__code=f"tg-{TOWN}")
    today = timezone.localdate()
    match change:
        case "left":
            posts.update(until_on=today - timedelta(days=1))
        case "not there yet":
            posts.update(since_on=today + timedelta(days=1))
        case _:
            User.objects.filter(posts__in=posts).update(is_active=False)
    [(is_broken, said)] = findings()
    assert is_broken
    assert said.startswith(case.number)
    assert "没有在岗人员" in said
