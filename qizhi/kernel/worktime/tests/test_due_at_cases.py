"""When things are due: one table for each kind of trouble, worked out by hand from the yearly notices."""

from typing import NamedTuple

import pytest

from qizhi.kernel.worktime.deadlines import due_at
from qizhi.kernel.worktime.terms import Term
from qizhi.kernel.worktime.tests.samples import CALENDAR, moment, pause

STOPPED = "stopped"
PROVISIONAL = " provisional"


class Case(NamedTuple):
    start: str
    terms: str  # the term, then its extensions
    due: str
    pauses: tuple[str, ...] = ()


SPRING_FESTIVAL = [
    Case("2026-02-13 Fri 10:00", "1wd", "2026-02-14 Sat 18:00"),  # the Saturday before is worked
    Case("2026-02-13 Fri 10:00", "2wd", "2026-02-24 Tue 18:00"),
    Case("2026-02-14 Sat 10:00", "1wd", "2026-02-24 Tue 18:00"),
    Case("2026-02-17 Tue 09:00", "1wd", "2026-02-24 Tue 18:00"),  # received on the first day of the year
    Case("2026-02-17 Tue 09:00", "5wd", "2026-02-28 Sat 18:00"),
    Case("2026-02-12 Thu 10:00", "15wd", "2026-03-11 Wed 18:00"),
    Case("2025-01-24 Fri 10:00", "1wd", "2025-01-26 Sun 18:00"),
    Case("2025-01-24 Fri 10:00", "3wd", "2025-02-05 Wed 18:00"),
    Case("2025-02-05 Wed 10:00", "3wd", "2025-02-08 Sat 18:00"),
    Case("2025-02-07 Fri 10:00", "2wd", "2025-02-10 Mon 18:00"),
    Case("2024-02-02 Fri 10:00", "1wd", "2024-02-04 Sun 18:00"),
    Case("2024-02-09 Fri 10:00", "1wd", "2024-02-18 Sun 18:00"),  # New Year's Eve of 2024 was worked
    Case("2024-02-09 Fri 23:59", "2wd", "2024-02-19 Mon 18:00"),
    Case("2023-01-20 Fri 10:00", "1wd", "2023-01-28 Sat 18:00"),
    Case("2023-01-20 Fri 10:00", "2wd", "2023-01-29 Sun 18:00"),
    Case("2023-01-20 Fri 10:00", "3wd", "2023-01-30 Mon 18:00"),
    Case("2026-02-05 Thu 10:00", "10d", "2026-02-24 Tue 23:59:59"),  # Sunday the 15th begins the festival
    Case("2026-02-04 Wed 10:00", "10d", "2026-02-14 Sat 23:59:59"),  # ends on a worked Saturday: stays
    Case("2026-01-25 Sun 10:00", "30d", "2026-02-24 Tue 23:59:59"),
    Case("2026-01-20 Tue 10:00", "30d", "2026-02-24 Tue 23:59:59"),  # Thursday the 19th is a holiday
    Case("2023-01-13 Fri 10:00", "15d", "2023-01-28 Sat 23:59:59"),
    Case("2026-02-16 Mon 22:00", "24h", "2026-02-17 Tue 22:00"),  # hours know no festival
]

NATIONAL_DAY = [
    Case("2026-09-18 Fri 10:00", "1wd", "2026-09-20 Sun 18:00"),
    Case("2026-09-24 Thu 10:00", "1wd", "2026-09-28 Mon 18:00"),
    Case("2026-09-30 Wed 17:59", "1wd", "2026-10-08 Thu 18:00"),
    Case("2026-09-30 Wed 10:00", "3wd", "2026-10-10 Sat 18:00"),
    Case("2026-09-30 Wed 10:00", "4wd", "2026-10-12 Mon 18:00"),
    Case("2026-10-03 Sat 12:00", "5wd", "2026-10-13 Tue 18:00"),
    Case("2026-09-23 Wed 10:00", "15wd", "2026-10-21 Wed 18:00"),
    Case("2025-09-26 Fri 10:00", "1wd", "2025-09-28 Sun 18:00"),
    Case("2025-09-30 Tue 10:00", "3wd", "2025-10-11 Sat 18:00"),
    Case("2025-09-30 Tue 10:00", "4wd", "2025-10-13 Mon 18:00"),
    Case("2024-09-13 Fri 10:00", "1wd", "2024-09-14 Sat 18:00"),
    Case("2024-09-13 Fri 10:00", "2wd", "2024-09-18 Wed 18:00"),
    Case("2024-09-27 Fri 10:00", "1wd", "2024-09-29 Sun 18:00"),
    Case("2024-09-30 Mon 10:00", "5wd", "2024-10-12 Sat 18:00"),
    Case("2023-09-28 Thu 10:00", "1wd", "2023-10-07 Sat 18:00"),
    Case("2023-09-28 Thu 10:00", "2wd", "2023-10-08 Sun 18:00"),
    Case("2023-09-28 Thu 10:00", "3wd", "2023-10-09 Mon 18:00"),
    Case("2026-09-01 Tue 10:00", "30d", "2026-10-08 Thu 23:59:59"),
    Case("2026-09-10 Thu 10:00", "10d", "2026-09-20 Sun 23:59:59"),  # a worked Sunday
    Case("2026-09-11 Fri 10:00", "15d", "2026-09-28 Mon 23:59:59"),
    Case("2025-08-02 Sat 10:00", "60d", "2025-10-09 Thu 23:59:59"),
    Case("2026-09-25 Fri 10:00", "15d", "2026-10-10 Sat 23:59:59"),
    Case("2026-09-30 Wed 10:00", "72h", "2026-10-03 Sat 10:00"),
]

LABOUR_DAY = [
    Case("2026-04-30 Thu 10:00", "1wd", "2026-05-06 Wed 18:00"),
    Case("2026-04-30 Thu 10:00", "4wd", "2026-05-09 Sat 18:00"),
    Case("2026-04-30 Thu 10:00", "5wd", "2026-05-11 Mon 18:00"),
    Case("2025-04-25 Fri 10:00", "1wd", "2025-04-27 Sun 18:00"),
    Case("2025-04-30 Wed 10:00", "1wd", "2025-05-06 Tue 18:00"),
    Case("2024-04-26 Fri 10:00", "1wd", "2024-04-28 Sun 18:00"),
    Case("2024-05-10 Fri 10:00", "1wd", "2024-05-11 Sat 18:00"),
    Case("2023-04-21 Fri 10:00", "1wd", "2023-04-23 Sun 18:00"),
    Case("2023-04-28 Fri 10:00", "3wd", "2023-05-06 Sat 18:00"),
    Case("2026-04-01 Wed 10:00", "30d", "2026-05-06 Wed 23:59:59"),
    Case("2026-04-20 Mon 10:00", "15d", "2026-05-06 Wed 23:59:59"),
    Case("2026-04-09 Thu 10:00", "30d", "2026-05-09 Sat 23:59:59"),
    Case("2026-04-03 Fri 10:00", "1wd", "2026-04-07 Tue 18:00"),  # Qingming
    Case("2024-04-03 Wed 10:00", "1wd", "2024-04-07 Sun 18:00"),
    Case("2026-06-18 Thu 10:00", "1wd", "2026-06-22 Mon 18:00"),  # Dragon Boat
    Case("2023-06-21 Wed 10:00", "1wd", "2023-06-25 Sun 18:00"),
]

YEAR_ENDS = [
    Case("2025-12-31 Wed 10:00", "1wd", "2026-01-04 Sun 18:00"),
    Case("2025-12-31 Wed 10:00", "2wd", "2026-01-05 Mon 18:00"),
    Case("2024-12-31 Tue 10:00", "1wd", "2025-01-02 Thu 18:00"),
    Case("2023-12-29 Fri 10:00", "1wd", "2024-01-02 Tue 18:00"),
    Case("2024-12-30 Mon 10:00", "5wd", "2025-01-07 Tue 18:00"),
    Case("2025-12-22 Mon 10:00", "10d", "2026-01-04 Sun 23:59:59"),
    Case("2025-12-31 Wed 23:30", "1h", "2026-01-01 Thu 00:30"),
]

BEYOND_THE_CALENDAR = [
    Case("2026-12-24 Thu 10:00", "5wd", "2026-12-31 Thu 18:00"),
    Case("2026-12-31 Thu 10:00", "1wd", "2027-01-01 Fri 18:00" + PROVISIONAL),
    Case("2026-12-25 Fri 10:00", "5wd", "2027-01-01 Fri 18:00" + PROVISIONAL),
    Case("2027-02-04 Thu 10:00", "2wd", "2027-02-08 Mon 18:00" + PROVISIONAL),
    Case("2026-12-01 Tue 10:00", "30d", "2026-12-31 Thu 23:59:59"),
    Case("2026-12-02 Wed 10:00", "30d", "2027-01-01 Fri 23:59:59" + PROVISIONAL),
    Case("2026-12-31 Thu 10:00", "24h", "2027-01-01 Fri 10:00"),  # the calendar is not asked
    Case("2026-12-31 Thu 17:00", "2wh", "2027-01-01 Fri 09:00" + PROVISIONAL),
    Case("2022-12-30 Fri 10:00", "1wd", "2023-01-03 Tue 18:00" + PROVISIONAL),
    Case("2022-12-30 Fri 10:00", "10d", "2023-01-09 Mon 23:59:59"),  # only the last day is asked for
    Case("2028-02-28 Mon 10:00", "1wd", "2028-02-29 Tue 18:00" + PROVISIONAL),
    # Paused on the last day of the year and resumed in the next.
    Case(
        "2026-12-30 Wed 10:00",
        "1wd",
        "2027-01-04 Mon 18:00" + PROVISIONAL,
        ("2026-12-31 Thu 10:00 > 2027-01-04 Mon 10:00",),
    ),
]

DAY_EDGES = [
    Case("2026-03-02 Mon 23:59", "1wd", "2026-03-03 Tue 18:00"),
    Case("2026-03-03 Tue 00:00", "1wd", "2026-03-04 Wed 18:00"),
    Case("2026-03-02 Mon 23:59", "1d", "2026-03-03 Tue 23:59:59"),
    Case("2026-03-03 Tue 00:00", "1d", "2026-03-04 Wed 23:59:59"),
    Case("2026-03-02 Mon 23:59", "24h", "2026-03-03 Tue 23:59"),
    Case("2026-03-03 Tue 00:00", "24h", "2026-03-04 Wed 00:00"),
    Case("2026-03-06 Fri 20:00", "1wd", "2026-03-09 Mon 18:00"),  # after hours: Monday is the first day
    Case("2026-03-07 Sat 10:00", "1wd", "2026-03-09 Mon 18:00"),
    Case("2024-02-28 Wed 10:00", "1wd", "2024-02-29 Thu 18:00"),
    Case("2024-02-28 Wed 10:00", "1d", "2024-02-29 Thu 23:59:59"),
    Case("2024-01-30 Tue 10:00", "30d", "2024-02-29 Thu 23:59:59"),
    Case("2024-02-29 Thu 10:00", "365d", "2025-02-28 Fri 23:59:59"),
    Case("2024-02-28 Wed 10:00", "24h", "2024-02-29 Thu 10:00"),
    Case("2023-02-28 Tue 10:00", "1d", "2023-03-01 Wed 23:59:59"),
]

WORKING_HOURS = [
    Case("2026-03-02 Mon 10:00", "4wh", "2026-03-02 Mon 16:00"),  # over the lunch break
    Case("2026-03-02 Mon 09:00", "3wh", "2026-03-02 Mon 12:00"),  # ends as the break begins
    Case("2026-03-02 Mon 12:30", "1wh", "2026-03-02 Mon 15:00"),
    Case("2026-03-02 Mon 07:00", "1wh", "2026-03-02 Mon 09:00"),
    Case("2026-03-02 Mon 08:00", "8wh", "2026-03-02 Mon 18:00"),
    Case("2026-03-02 Mon 08:00", "9wh", "2026-03-03 Tue 09:00"),
    Case("2026-03-02 Mon 18:00", "1wh", "2026-03-03 Tue 09:00"),
    Case("2026-03-06 Fri 17:00", "2wh", "2026-03-09 Mon 09:00"),  # over a weekend
    Case("2026-03-07 Sat 10:00", "4wh", "2026-03-09 Mon 12:00"),
    Case("2026-02-13 Fri 17:00", "2wh", "2026-02-14 Sat 09:00"),
    Case("2026-02-14 Sat 17:30", "1wh", "2026-02-24 Tue 08:30"),
    Case("2026-09-30 Wed 17:00", "4wh", "2026-10-08 Thu 11:00"),
]

WEEK = "2026-03-02 Mon 10:00"
WEEKEND = "2026-03-06 Fri 10:00"
PAUSED_WORKING_DAYS = [
    Case(WEEK, "5wd", "2026-03-11 Wed 18:00", ("2026-03-04 Wed 10:00 > 2026-03-06 Fri 09:00",)),
    Case(WEEK, "5wd", "2026-03-09 Mon 18:00", ("2026-03-04 Wed 09:00 > 2026-03-04 Wed 17:00",)),
    # Over the festival: no working day begins inside.
    Case(
        "2026-02-12 Thu 10:00",
        "5wd",
        "2026-02-26 Thu 18:00",
        ("2026-02-14 Sat 15:00 > 2026-02-24 Tue 07:00",),
    ),
    # The same with the worked Saturday before and two days after.
    Case(
        "2026-02-12 Thu 10:00",
        "5wd",
        "2026-03-02 Mon 18:00",
        ("2026-02-14 Sat 07:00 > 2026-02-25 Wed 10:00",),
    ),
    Case(WEEKEND, "3wd", "2026-03-13 Fri 18:00", ("2026-03-07 Sat 10:00 > 2026-03-10 Tue 12:00",)),
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-07 Sat 10:00 > 2026-03-08 Sun 20:00",)),
    Case(WEEKEND, "3wd", STOPPED, ("2026-03-10 Tue 10:00 > open",)),
    Case(WEEKEND, "3wd", STOPPED, ("2026-03-07 Sat 10:00 > open",)),
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-12 Thu 10:00 > open",)),  # late stays late
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-11 Wed 18:00 > open",)),
    Case(WEEKEND, "3wd", STOPPED, ("2026-03-11 Wed 17:59 > open",)),
    # Paused on the last day: the lost part is given back on the day of the resumption.
    Case(WEEKEND, "3wd", "2026-03-13 Fri 18:00", ("2026-03-11 Wed 10:00 > 2026-03-13 Fri 07:00",)),
    Case(WEEKEND, "3wd", "2026-03-16 Mon 18:00", ("2026-03-11 Wed 10:00 > 2026-03-13 Fri 18:00",)),
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-12 Thu 10:00 > 2026-03-20 Fri 10:00",)),
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-02 Mon 10:00 > 2026-03-04 Wed 10:00",)),
    Case(WEEKEND, "3wd", "2026-03-12 Thu 18:00", ("2026-03-06 Fri 11:00 > 2026-03-09 Mon 12:00",)),
    Case(WEEKEND, "3wd", "2026-03-11 Wed 18:00", ("2026-03-09 Mon 10:00 > 2026-03-10 Tue 08:00",)),
    Case(WEEKEND, "3wd", "2026-03-12 Thu 18:00", ("2026-03-09 Mon 08:00 > 2026-03-09 Mon 09:00",)),
    # Resumed exactly at the last close of office: nothing is left of that day.
    Case(WEEKEND, "3wd", "2026-03-12 Thu 18:00", ("2026-03-11 Wed 10:00 > 2026-03-11 Wed 18:00",)),
    # Overlapping entries count once.
    Case(
        WEEKEND,
        "3wd",
        "2026-03-16 Mon 18:00",
        ("2026-03-10 Tue 07:00 > 2026-03-11 Wed 12:00", "2026-03-09 Mon 07:00 > 2026-03-10 Tue 12:00"),
    ),
    Case(
        WEEKEND,
        "3wd",
        STOPPED,
        ("2026-03-10 Tue 07:00 > open", "2026-03-09 Mon 07:00 > 2026-03-10 Tue 12:00"),
    ),
]

PAUSED_OTHERS = [
    Case(WEEK, "10d", "2026-03-13 Fri 23:59:59", ("2026-03-04 Wed 10:00 > 2026-03-04 Wed 11:00",)),
    Case(WEEK, "10d", "2026-03-13 Fri 23:59:59", ("2026-03-04 Wed 10:00 > 2026-03-05 Thu 10:00",)),
    Case(WEEK, "10d", "2026-03-16 Mon 23:59:59", ("2026-03-04 Wed 10:00 > 2026-03-05 Thu 11:00",)),
    # Two hours in all are one day, not two.
    Case(
        WEEK,
        "10d",
        "2026-03-13 Fri 23:59:59",
        ("2026-03-04 Wed 10:00 > 2026-03-04 Wed 11:00", "2026-03-05 Thu 10:00 > 2026-03-05 Thu 11:00"),
    ),
    # Within the day of receipt, which does not count anyway.
    Case(WEEK, "10d", "2026-03-12 Thu 23:59:59", ("2026-03-02 Mon 11:00 > 2026-03-02 Mon 15:00",)),
    Case(WEEK, "10d", STOPPED, ("2026-03-04 Wed 10:00 > open",)),
    Case(WEEK, "10d", "2026-03-12 Thu 23:59:59", ("2026-03-13 Fri 00:00 > open",)),
    # The last day, Saturday the 14th, has moved to Monday; the pause begins on the Sunday between.
    Case(
        "2026-03-04 Wed 10:00",
        "10d",
        "2026-03-17 Tue 23:59:59",
        ("2026-03-15 Sun 12:00 > 2026-03-17 Tue 12:00",),
    ),
    Case(
        "2026-09-20 Sun 10:00",
        "10d",
        "2026-10-10 Sat 23:59:59",
        ("2026-09-29 Tue 12:00 > 2026-10-09 Fri 12:00",),
    ),
    Case(WEEK, "24h", "2026-03-03 Tue 13:30", ("2026-03-02 Mon 12:00 > 2026-03-02 Mon 15:30",)),
    Case(WEEK, "24h", STOPPED, ("2026-03-02 Mon 12:00 > open",)),
    Case(WEEK, "24h", "2026-03-03 Tue 10:00", ("2026-03-03 Tue 10:00 > 2026-03-04 Wed 10:00",)),
    Case(WEEK, "24h", "2026-03-03 Tue 10:00", ("2026-03-03 Tue 10:00 > open",)),
    Case(WEEK, "4wh", "2026-03-02 Mon 18:00", ("2026-03-02 Mon 11:00 > 2026-03-02 Mon 15:00",)),
    Case(WEEK, "4wh", "2026-03-02 Mon 16:00", ("2026-03-02 Mon 12:00 > 2026-03-02 Mon 14:00",)),
    Case(
        "2026-03-06 Fri 16:00",
        "4wh",
        "2026-03-09 Mon 15:00",
        ("2026-03-06 Fri 17:00 > 2026-03-09 Mon 10:00",),
    ),
    Case(WEEK, "4wh", STOPPED, ("2026-03-02 Mon 11:00 > open",)),
]

EXTENDED = [
    Case("2026-09-24 Thu 10:00", "5wd", "2026-10-09 Fri 18:00"),
    Case("2026-09-24 Thu 10:00", "5wd 3wd", "2026-10-13 Tue 18:00"),
    Case("2026-09-24 Thu 10:00", "5wd 3wd 2wd", "2026-10-15 Thu 18:00"),
    Case(WEEK, "60d 30d", "2026-06-01 Mon 23:59:59"),  # Sunday 31 May moves once, at the very end
    Case(WEEK, "24h 24h", "2026-03-04 Wed 10:00"),
    Case(WEEKEND, "24h 1wd", "2026-03-09 Mon 18:00"),  # from Saturday 10:00
    Case(WEEK, "5wd 5d", "2026-03-16 Mon 23:59:59"),  # Monday the 9th, then Saturday the 14th, moved
    Case(WEEK, "5wd 4wh", "2026-03-10 Tue 12:00"),  # Monday 18:00, then four hours of Tuesday
    Case(WEEK, "5wd 1wd", "2026-03-12 Thu 18:00", ("2026-03-04 Wed 10:00 > 2026-03-06 Fri 09:00",)),
    Case(WEEK, "5wd 24h", "2026-03-11 Wed 12:00", ("2026-03-10 Tue 10:00 > 2026-03-11 Wed 04:00",)),
    Case(WEEK, "5wd 24h", STOPPED, ("2026-03-10 Tue 10:00 > open",)),
]

TABLES = {
    "spring_festival": SPRING_FESTIVAL,
    "national_day": NATIONAL_DAY,
    "labour_day": LABOUR_DAY,
    "year_ends": YEAR_ENDS,
    "beyond": BEYOND_THE_CALENDAR,
    "day_edges": DAY_EDGES,
    "working_hours": WORKING_HOURS,
    "paused_working_days": PAUSED_WORKING_DAYS,
    "paused_others": PAUSED_OTHERS,
    "extended": EXTENDED,
}
CASES = [
    pytest.param(case, id=f"{name}-{case.start}-{case.terms}-{number}")
    for name, table in TABLES.items()
    for number, case in enumerate(table)
]


@pytest.mark.parametrize("case", CASES)
def test_it_is_due_when_the_table_says(case: Case) -> None:
    term, *extensions = map(Term.parse, case.terms.split())
    found = due_at(moment(case.start), term, CALENDAR, [pause(text) for text in case.pauses], extensions)
    due = case.due.removesuffix(PROVISIONAL)
    assert found.due_at == (None if due == STOPPED else moment(due))
    assert found.is_provisional == case.due.endswith(PROVISIONAL)
