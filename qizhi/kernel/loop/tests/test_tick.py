"""The tick: what is due climbs by itself, each rung once, whatever happens in between."""

from datetime import UTC, datetime, timedelta

import pytest

from qizhi.kernel.loop import tick as room
from qizhi.kernel.loop.audit import matter_break
from qizhi.kernel.loop.models import Attachment, Clock, Step
from qizhi.kernel.loop.tick import sweep_drafts, tick
from qizhi.kernel.worktime.tests.samples import moment
from qizhi.testing.stories import open_request, take, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

MONDAY = moment("2026-11-02 Mon 09:00")
LONG_AFTER = moment("2026-12-31 Thu 09:00")


@pytest.fixture
def told(monkeypatch):
    """What was told: (clock, offset) in order."""
    found: list[tuple[str, str]] = []
    listen = lambda matter, clock, rung, at: found.append((clock.name, rung.at))  # noqa: E731
    monkeypatch.setattr(room, "_listeners", [listen])
    return found


def transitions(case):
    return list(Step.objects.filter(matter=case.matter).order_by("seq").values_list("transition", flat=True))


def tick_until_quiet(at):
    for _round in range(20):
        if tick(at) == 0:
            return
    raise AssertionError("the tick never comes to rest")


# the triage clock of a matter opened on Monday nine o'clock runs one working day: until Tuesday 18:00
TRIAGE = [
    ("2026-11-03 Tue 17:59", []),
    ("2026-11-03 Tue 18:00", [("triage", "0")]),
    ("2026-11-04 Wed 17:59", [("triage", "0")]),
    ("2026-11-04 Wed 18:00", [("triage", "0"), ("triage", "+1wd")]),
]


@pytest.mark.parametrize(("now", "wanted"), TRIAGE)
def test_a_rung_is_climbed_to_the_minute(told, now, wanted):
    open_request(at=MONDAY)
    tick(moment(now))
    assert told == wanted


def test_each_rung_is_climbed_once_however_often_the_tick_runs(told):
    open_request(at=MONDAY)
    for _time in range(3):
        tick(moment("2026-11-03 Tue 18:00"))
    assert told == [("triage", "0")]


def test_a_late_tick_climbs_all_that_is_due_lowest_first(told):
    walk_to("in_progress", at=MONDAY)
    tick_until_quiet(LONG_AFTER)
    handle = [rung for clock, rung in told if clock == "handle"]
    answer = [rung for clock, rung in told if clock == "answer"]
    assert handle == ["-1wd", "0", "+2wd", "+3wd"]
    assert answer == ["-2wd", "0", "+1wd"]


def test_late_triage_climbs_by_itself_and_begins_anew_above():
    case = open_request(at=MONDAY)
    tick(moment("2026-11-04 Wed 18:00"))
    assert transitions(case) == ["register", "escalate"]
    matter = case.reload()
    assert (matter.level, matter.state) == ("county", "registered")
    step = Step.objects.get(matter=matter, seq=2)
    assert (step.actor_kind, step.role, step.at) == ("system", "system", moment("2026-11-04 Wed 18:00"))
    live = Clock.objects.get(matter=matter, name="triage", ended_at=None)
    assert (live.round, live.due_at) == (2, moment("2026-11-05 Thu 18:00"))
    assert matter_break(matter) is None


def test_at_the_county_there_is_nowhere_to_climb_and_supervision_is_told(told):
    case = open_request(region="610323", at=MONDAY)
    tick_until_quiet(LONG_AFTER)
    assert transitions(case) == ["register"]
    assert ("triage", "+2wd") in told


def test_what_a_rung_fires_comes_with_the_rung_or_not_at_all(monkeypatch):
    """A crash between the count and the step would lose the climb for ever: both are one transaction."""
    case = open_request(at=MONDAY)

    def power_cut(*_args, **_more):
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(room, "fire", power_cut)
        with pytest.raises(ExceptionGroup):
            tick(moment("2026-11-04 Wed 18:00"))
    assert Clock.objects.get(matter=case.matter, name="triage").rung == 0
    tick(moment("2026-11-04 Wed 18:00"))
    assert transitions(case) == ["register", "escalate"]


def test_one_clock_that_cannot_be_advanced_holds_up_no_other(monkeypatch, told):
    bad, good = open_request(at=MONDAY), open_request(at=MONDAY + timedelta(minutes=1))
    listen = room._listeners[0]

    def fails_for_one(matter, *more):
        if matter.pk == bad.matter.pk:
            raise RuntimeError("no words for it")
        listen(matter, *more)

    monkeypatch.setattr(room, "_listeners", [fails_for_one])
    with pytest.raises(ExceptionGroup) as failed:
        tick(moment("2026-11-03 Tue 18:00"))
    assert len(failed.value.exceptions) == 1
    assert told == [("triage", "0")]
    assert Clock.objects.get(matter=good.matter, name="triage").rung == 1
    assert Clock.objects.get(matter=bad.matter, name="triage").rung == 0


def test_a_clock_that_has_ended_does_not_climb(told):
    walk_to("withdrawn", at=MONDAY)
    tick_until_quiet(LONG_AFTER)
    assert told == []


def test_a_paused_clock_does_not_climb_but_its_suspension_does(told):
    walk_to("suspended", at=MONDAY)
    tick(moment("2026-11-20 Fri 18:00"))
    assert told == [("suspension", "-1wd")]


def test_a_suspension_ends_by_itself():
    case = walk_to("suspended", at=MONDAY)
    tick(moment("2026-11-23 Mon 18:00"))
    matter = case.reload()
    assert matter.state == "in_progress"
    assert transitions(case)[-1] == "resume"
    handle = Clock.objects.get(matter=matter, name="handle")
    [(_began, ended)] = handle.pauses
    assert handle.state == "running"
    assert datetime.fromisoformat(ended) == moment("2026-11-23 Mon 18:00")


def test_to_suspend_what_is_late_does_not_silence_it(told):
    case = walk_to("in_progress", at=MONDAY)
    late = moment("2026-11-16 Mon 09:00")
    tick(late)
    told.clear()
    take(case, "suspend", "handler", reason="等材料。", at=late)
    assert case.reload().due_at < late
    tick(moment("2026-11-20 Fri 18:00"))
    assert ("handle", "+3wd") in told
    assert "urge_late" in transitions(case)


def test_what_is_late_is_supervised_by_itself_once():
    case = walk_to("in_progress", at=MONDAY)
    tick_until_quiet(LONG_AFTER)
    assert transitions(case).count("urge_late") == 1


def test_a_step_that_does_not_fit_any_more_is_left_out(told):
    """On the ladder of `handle` stands `urge_late`; in a state that knows no such step nothing happens."""
    case = walk_to("revisited", at=MONDAY)
    tick_until_quiet(LONG_AFTER)
    assert transitions(case)[-1] == "archive"
    assert case.reload().is_open is False


def test_after_an_extension_the_new_due_time_is_announced_again(told):
    case = walk_to("in_progress", at=MONDAY)
    # seven working days from Monday the 2nd: Wednesday the 11th
    tick(moment("2026-11-10 Tue 18:00"))
    assert ("handle", "-1wd") in told
    now = moment("2026-11-11 Wed 09:00")
    take(case, "extension_ask", "handler", term="wd5", reason="等材料。", at=now)
    take(case, "extension_grant", "dispatcher", at=now)
    told.clear()
    tick(moment("2026-11-17 Tue 18:00"))
    assert ("handle", "-1wd") in told


def test_the_tick_takes_a_bounded_number_at_a_time():
    for _case in range(3):
        open_request(at=MONDAY)
    assert tick(moment("2026-11-03 Tue 18:00"), most=2) == 2
    assert tick(moment("2026-11-03 Tue 18:00"), most=2) == 1


def test_drafts_that_no_step_took_up_are_swept_after_a_day():
    now = datetime(2026, 11, 24, tzinfo=UTC)
    ages = (timedelta(hours=25), timedelta(hours=23))
    old, fresh = (
        Attachment(name="a", media_type="image/jpeg", size=1, sha256="0" * 64, uploaded_at=now - age)
        for age in ages
    )
    old.save()
    fresh.save()
    used = Attachment(name="a", media_type="image/jpeg", size=1, sha256="0" * 64, uploaded_at=now)
    used.save()
    open_request(photos=[str(used.pk)])
    Attachment.objects.filter(pk=used.pk).update(uploaded_at=now - ages[0])
    assert sweep_drafts(now) == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {fresh.pk, used.pk}
