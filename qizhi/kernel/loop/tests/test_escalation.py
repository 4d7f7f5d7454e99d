"""Ladders as tables: when each rung is due, which are due now, and what happens when the due time moves."""

import pytest

from qizhi.kernel.loop.escalation import due_rungs, first_rung, next_rung, rearmed, rung_at
from qizhi.kernel.modes.schema import Rung, Words
from qizhi.kernel.worktime.tests.samples import CALENDAR, moment

DUE = "2026-11-05 Thu 18:00"
# (offset, due, when the rung is)
MOMENTS = [
    ("0", DUE, DUE),
    ("-1wd", DUE, "2026-11-04 Wed 18:00"),
    ("+1wd", DUE, "2026-11-06 Fri 18:00"),
    ("+2wd", DUE, "2026-11-09 Mon 18:00"),
    ("+3wd", DUE, "2026-11-10 Tue 18:00"),
    ("-1wd", "2026-11-09 Mon 18:00", "2026-11-06 Fri 18:00"),
    ("-2d", DUE, "2026-11-03 Tue 18:00"),
    ("+1d", "2026-11-06 Fri 18:00", "2026-11-07 Sat 18:00"),
    ("+24h", DUE, "2026-11-06 Fri 18:00"),
    ("-24h", DUE, "2026-11-04 Wed 18:00"),
    ("+4wh", DUE, "2026-11-06 Fri 12:00"),
    # across the National Day holiday of 2026: the next working day is the 8th
    ("+1wd", "2026-09-30 Wed 18:00", "2026-10-08 Thu 18:00"),
    ("-1wd", "2026-10-08 Thu 18:00", "2026-09-30 Wed 18:00"),
]
LADDER = tuple(Rung(at=at, title=Words(zh=at)) for at in ("-1wd", "0", "+2wd", "+3wd"))
PROMISES = [
    # (climbed, now, offsets of the rungs that are due)
    (0, "2026-11-04 Wed 17:59", ()),
    (0, "2026-11-04 Wed 18:00", ("-1wd",)),
    (0, "2026-11-05 Thu 18:00", ("-1wd", "0")),
    (1, "2026-11-05 Thu 18:00", ("0",)),
    (2, "2026-11-05 Thu 18:00", ()),
    (2, "2026-11-10 Tue 18:00", ("+2wd", "+3wd")),
    (0, "2027-01-01 Fri 00:00", ("-1wd", "0", "+2wd", "+3wd")),
    (4, "2027-01-01 Fri 00:00", ()),
]


@pytest.mark.parametrize(("offset", "due", "wanted"), MOMENTS)
def test_a_rung_counts_from_the_due_time(offset, due, wanted):
    assert rung_at(offset, moment(due), CALENDAR) == moment(wanted)


@pytest.mark.parametrize(("climbed", "now", "wanted"), PROMISES)
def test_rungs_that_are_due_come_lowest_first(climbed, now, wanted):
    found = due_rungs(LADDER, climbed, moment(DUE), moment(now), CALENDAR)
    assert tuple(rung.at for rung in found) == wanted


@pytest.mark.parametrize(
    ("climbed", "wanted"), [(0, "2026-11-04 Wed 18:00"), (2, "2026-11-09 Mon 18:00"), (4, None)]
)
def test_the_next_rung_is_a_moment_or_none_at_the_top(climbed, wanted):
    assert next_rung(LADDER, climbed, moment(DUE), CALENDAR) == (moment(wanted) if wanted else None)


def test_a_clock_that_stands_still_has_no_next_rung():
    assert next_rung(LADDER, 0, None, CALENDAR) is None
    assert due_rungs(LADDER, 0, None, moment(DUE), CALENDAR) == []
    assert first_rung(LADDER, None, moment(DUE), CALENDAR) == 0
    assert rearmed(LADDER, 2, None, moment(DUE), CALENDAR) == 2


@pytest.mark.parametrize(
    ("started", "first"),
    [
        ("2026-11-02 Mon 09:00", 0),
        ("2026-11-04 Wed 17:59", 0),
        ("2026-11-04 Wed 18:00", 1),
        ("2026-11-05 Thu 09:00", 1),
        ("2026-11-09 Mon 09:00", 1),
    ],
)
def test_nobody_is_reminded_of_a_moment_that_had_passed_when_the_clock_started(started, first):
    assert first_rung(LADDER, moment(DUE), moment(started), CALENDAR) == first


def test_a_ladder_of_reminders_only_may_be_over_before_it_begins():
    assert first_rung(LADDER[:1], moment(DUE), moment("2026-11-05 Thu 09:00"), CALENDAR) == 1
    assert first_rung((), moment(DUE), moment(DUE), CALENDAR) == 0


# (climbed for Thursday's due time, at, new due time, next rung)
MOVED = [
    (0, "2026-11-03 Tue 09:00", "2026-11-12 Thu 18:00", 0),
    (1, "2026-11-05 Thu 09:00", "2026-11-12 Thu 18:00", 0),
    (2, "2026-11-06 Fri 09:00", "2026-11-12 Thu 18:00", 0),
    (4, "2026-11-11 Wed 19:00", "2026-11-12 Thu 18:00", 1),
    (3, "2026-11-09 Mon 20:00", "2026-11-06 Fri 18:00", 2),
    (4, "2026-11-12 Thu 09:00", "2026-11-06 Fri 18:00", 4),
]


@pytest.mark.parametrize(("climbed", "at", "due", "wanted"), MOVED)
def test_what_lies_ahead_of_a_moved_due_time_is_climbed_again(climbed, at, due, wanted):
    assert rearmed(LADDER, climbed, moment(due), moment(at), CALENDAR) == wanted
