"""The background process: each round seals, tells and ticks; one part that fails stops no other."""

import pytest
import structlog

from qizhi.cli.commands import worker as room
from qizhi.cli.commands.worker import HOUR_SECONDS, TICK_SECONDS, Worker
from qizhi.kernel.loop.models import Seal, Step
from qizhi.kernel.notices.models import Notice
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import open_request, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")


@pytest.fixture(autouse=True)
def kept_connection(monkeypatch):
    """The test's own connection stays open also after a failure."""
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)


def test_a_round_seals_tells_and_ticks():
    case = open_request(at=MONDAY)
    Worker().round(0.0)
    assert not Step.objects.filter(sealed_no=None, transition="register").exists()
    assert Notice.objects.filter(matter=case.matter, kind="turn").exists()
    assert Notice.objects.filter(matter=case.matter, kind="late").exists()
    # the first round also does what is done once an hour
    assert Seal.objects.count() == 1


def test_it_goes_on_at_once_while_more_is_waiting_than_one_round_takes(monkeypatch):
    monkeypatch.setattr("qizhi.kernel.loop.readers.BATCH", 2)
    worker = Worker()
    walk_to("in_progress")
    assert worker.round(0.0) is True
    while worker.round(1.0):
        pass
    assert worker.round(2.0) is False


def test_the_tick_and_the_hourly_work_come_at_their_time(monkeypatch):
    done = []
    monkeypatch.setattr("qizhi.kernel.loop.tick.tick", lambda: done.append("tick"))
    monkeypatch.setattr(room, "_hourly", lambda: (lambda: done.append("hour"),))
    worker = Worker()
    for at in (0.0, 1.0, TICK_SECONDS + 1, HOUR_SECONDS, HOUR_SECONDS + 1):
        worker.round(at)
    assert done == ["tick", "hour", "tick", "tick", "hour"]


@pytest.mark.parametrize("part", ["sealer.seal_steps", "readers.read_all", "tick.tick"])
def test_a_part_that_fails_is_logged_and_stops_no_other(monkeypatch, part):
    def broken():
        raise RuntimeError("no space left")

    monkeypatch.setattr(f"qizhi.kernel.loop.{part}", broken)
    open_request(at=MONDAY)
    with structlog.testing.capture_logs() as logs:
        Worker().round(0.0)
    assert [(log["event"], log["part"]) for log in logs] == [("worker_part_failed", "broken")]
    transitions = set(Step.objects.values_list("transition", flat=True))
    assert ("escalate" in transitions) is (part != "tick.tick")
    assert Step.objects.exclude(sealed_no=None).exists() is (part != "sealer.seal_steps")


def test_it_ends_when_it_is_told_to(monkeypatch):
    worker = Worker()
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        worker.stop()

    monkeypatch.setattr(room.time, "sleep", sleep)
    worker.run()
    assert len(slept) == 1
    assert worker.is_stopping


def test_once_an_hour_what_nobody_needs_is_swept():
    names = [work.__name__ for work in room._hourly()]
    assert names == ["seal_days", "sweep_drafts", "sweep_repeats", "sweep_limits"]
    for work in room._hourly():
        work()
