"""Clocks as pure values: start, pause, resume, extend, stop, cancel; the weekday stands beside each date."""

import pytest

from qizhi.kernel.loop import clocks
from qizhi.kernel.worktime.terms import Term
from qizhi.kernel.worktime.tests.samples import CALENDAR, moment

MONDAY = "2026-11-02 Mon 09:00"


def running(term="3wd", at=MONDAY):
    return clocks.start("handle", Term.parse(term), moment(at))


def due(face):
    found = face.deadline(CALENDAR).due_at
    return None if found is None else f"{found:%Y-%m-%d %a %H:%M}"


# what happens after Monday nine o'clock, and when three working days are then over
DUE = [
    ([], "2026-11-05 Thu 18:00"),
    ([("extend", "2wd")], "2026-11-09 Mon 18:00"),
    ([("extend", "2wd"), ("extend", "1wd")], "2026-11-10 Tue 18:00"),
    ([("pause", "2026-11-03 Tue 10:00")], None),
    (
        [("pause", "2026-11-03 Tue 10:00"), ("resume", "2026-11-05 Thu 15:00")],
        "2026-11-09 Mon 18:00",
    ),
    (
        [
            ("pause", "2026-11-03 Tue 10:00"),
            ("resume", "2026-11-03 Tue 11:00"),
            ("pause", "2026-11-04 Wed 10:00"),
            ("resume", "2026-11-04 Wed 11:00"),
        ],
        "2026-11-05 Thu 18:00",
    ),
    ([("pause", "2026-11-06 Fri 10:00")], "2026-11-05 Thu 18:00"),
    ([("pause", "2026-11-03 Tue 10:00"), ("extend", "1wd")], None),
    (
        [("pause", "2026-11-03 Tue 10:00"), ("extend", "1wd"), ("resume", "2026-11-04 Wed 09:00")],
        "2026-11-09 Mon 18:00",
    ),
]


def after(face, events):
    for what, value in events:
        match what:
            case "extend":
                face = clocks.extend(face, Term.parse(value))
            case "pause":
                face = clocks.pause(face, moment(value))
            case "resume":
                face = clocks.resume(face, moment(value))
    return face


@pytest.mark.parametrize(("events", "wanted"), DUE)
def test_the_due_time_follows_from_what_the_clock_keeps(events, wanted):
    assert due(after(running(), events)) == wanted


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-05 Thu 17:59", clocks.MET),
        ("2026-11-05 Thu 18:00", clocks.MET),
        ("2026-11-05 Thu 18:01", clocks.MISSED),
        ("2026-11-09 Mon 09:00", clocks.MISSED),
    ],
)
def test_it_is_met_to_the_minute(at, state):
    face = clocks.stop(running(), moment(at), CALENDAR)
    assert (face.state, face.ended_at) == (state, moment(at))


def test_stopping_a_paused_clock_ends_the_pause_first():
    paused = clocks.pause(running(), moment("2026-11-03 Tue 10:00"))
    face = clocks.stop(paused, moment("2026-11-20 Fri 10:00"), CALENDAR)
    assert face.state == clocks.MET
    assert face.pauses == ((moment("2026-11-03 Tue 10:00"), moment("2026-11-20 Fri 10:00")),)


def test_what_was_late_before_the_pause_stays_late():
    late = clocks.pause(running(), moment("2026-11-06 Fri 10:00"))
    assert clocks.stop(late, moment("2026-11-20 Fri 10:00"), CALENDAR).state == clocks.MISSED


def test_cancelling_gives_no_verdict():
    late = clocks.cancel(running(), moment("2026-12-01 Tue 10:00"))
    assert (late.state, late.ended_at) == (clocks.CANCELLED, moment("2026-12-01 Tue 10:00"))


@pytest.mark.parametrize("end", [clocks.MET, clocks.MISSED, clocks.CANCELLED])
def test_an_ended_clock_does_not_change_any_more(end):
    at = moment("2026-11-20 Fri 10:00")
    face = clocks.cancel(running(), at) if end == clocks.CANCELLED else clocks.stop(running(), at, CALENDAR)
    for changed in (
        clocks.pause(face, at),
        clocks.resume(face, at),
        clocks.extend(face, Term.parse("1wd")),
        clocks.stop(face, at, CALENDAR),
        clocks.cancel(face, at),
    ):
        assert changed is face


def test_a_second_pause_and_a_resume_of_a_running_clock_change_nothing():
    paused = clocks.pause(running(), moment("2026-11-03 Tue 10:00"))
    assert clocks.pause(paused, moment("2026-11-04 Wed 10:00")) is paused
    face = running()
    assert clocks.resume(face, moment("2026-11-04 Wed 10:00")) is face


def test_a_machines_clock_that_was_set_back_makes_an_empty_pause():
    paused = clocks.pause(running(), moment("2026-11-03 Tue 10:00"))
    face = clocks.resume(paused, moment("2026-11-03 Tue 09:59"))
    assert face.pauses == ((moment("2026-11-03 Tue 10:00"), moment("2026-11-03 Tue 10:00")),)
    assert due(face) == due(running())


def test_every_line_of_the_explanation_comes_from_what_the_clock_keeps():
    events = [
        ("pause", "2026-11-03 Tue 10:00"),
        ("resume", "2026-11-05 Thu 15:00"),
        ("extend", "5wd"),
    ]
    lines = after(running(), events).deadline(CALENDAR).lines
    kinds = [line.kind for line in lines]
    assert kinds[0] == "start"
    assert "extension" in kinds
    assert any(kind.startswith("pause") for kind in kinds)
    assert kinds[-1] == "due_at_closing"
