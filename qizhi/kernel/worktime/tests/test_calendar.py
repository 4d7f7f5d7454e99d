"""Reading a calendar and counting on it."""

import pickle
from datetime import date, time
from time import perf_counter

import pytest

from qizhi.kernel.worktime.calendar import Calendar, DayKind, DayType, OfficeHours
from qizhi.kernel.worktime.errors import CalendarInvalid, OfficeHoursInvalid
from qizhi.kernel.worktime.tests.samples import CALENDAR, day, rows

YEAR_2026 = {"date": "2026-01-01", "kind": "known_year", "name": "通知"}
HOLIDAY_2026 = {"date": "2026-10-01", "kind": "holiday", "name": "国庆节"}


@pytest.mark.parametrize(
    ("written", "works"),
    [
        ("2026-10-01 Thu", False),  # holiday
        ("2026-10-10 Sat", True),  # make-up day
        ("2026-10-17 Sat", False),
        ("2026-10-16 Fri", True),
        ("2027-01-01 Fri", True),  # not published: weekends only
        ("2027-01-02 Sat", False),
    ],
)
def test_it_knows_which_days_are_worked(written: str, works: bool) -> None:
    assert CALENDAR.is_working_day(day(written)) is works


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-30 Wed", 1, "2026-10-08 Thu"),
        ("2026-10-03 Sat", 1, "2026-10-08 Thu"),
        ("2026-10-03 Sat", 0, "2026-10-03 Sat"),
        ("2026-10-08 Thu", -1, "2026-09-30 Wed"),
        ("2026-10-03 Sat", -1, "2026-09-30 Wed"),
        ("2026-10-12 Mon", -2, "2026-10-09 Fri"),
    ],
)
def test_it_adds_and_takes_away_working_days(start: str, days: int, end: str) -> None:
    assert CALENDAR.add_working_days(day(start), days) == day(end)


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        ("2026-09-30 Wed", "2026-10-07 Wed", 0),
        ("2026-09-30 Wed", "2026-10-10 Sat", 3),
        ("2026-10-10 Sat", "2026-09-30 Wed", -3),
        ("2026-10-09 Fri", "2026-10-09 Fri", 0),
    ],
)
def test_it_counts_the_working_days_between(after: str, until: str, days: int) -> None:
    assert CALENDAR.working_days_between(day(after), day(until)) == days


def test_it_says_which_days_are_provisional() -> None:
    assert not CALENDAR.is_provisional(day("2026-12-31 Thu"))
    assert CALENDAR.is_provisional(day("2027-01-01 Fri"))


def test_a_calendar_without_any_row_knows_weekends_only() -> None:
    empty = Calendar.parse([])
    assert empty.add_working_days(day("2026-09-30 Wed"), 3) == day("2026-10-05 Mon")
    assert empty.is_provisional(day("2026-09-30 Wed"))


def test_equal_calendars_have_equal_versions_and_a_change_makes_another() -> None:
    again = Calendar.parse(reversed(rows()))
    other = Calendar.parse([row for row in rows() if row["date"] != "2026-10-10"])
    summer = Calendar.parse(rows(), office=OfficeHours.parse("08:00-12:00,14:30-18:30"))
    assert again == CALENDAR
    assert len({CALENDAR.version, other.version, summer.version}) == 3
    assert Calendar.parse([], version="2026-11").version == "2026-11"


def test_a_worked_sunday_before_any_holiday_is_found() -> None:
    worked = {"date": "2026-01-04", "kind": "makeup", "name": "元旦"}
    calendar = Calendar.parse([YEAR_2026, HOLIDAY_2026, worked])
    assert calendar.add_working_days(day("2026-01-02 Fri"), 1) == day("2026-01-04 Sun")


def test_it_can_be_kept_in_a_cache() -> None:
    kept = pickle.loads(pickle.dumps(CALENDAR))  # noqa: S301 (our own bytes)
    assert kept == CALENDAR
    assert hash(kept) == hash(CALENDAR)


def test_it_does_not_change_with_the_mapping_it_was_made_from() -> None:
    days = {date(2026, 10, 1): DayKind(DayType.HOLIDAY, "国庆节")}
    calendar = Calendar("v", days, OfficeHours(), frozenset({2026}))
    days.clear()
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_adding_fifteen_working_days_is_fast() -> None:
    start = day("2026-09-23 Wed")
    # The best of many short runs: a busy machine slows some of them, not all.
    assert min(_seconds_for_a_hundred(start) for _ in range(50)) / 100 < 20e-6


def _seconds_for_a_hundred(start: date) -> float:
    begun = perf_counter()
    for _ in range(100):
        CALENDAR.add_working_days(start, 15)
    return perf_counter() - begun


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"date": "2026-13-01", "kind": "holiday", "name": "春节"}, "date"),
        ({"date": "20261001", "kind": "holiday", "name": "春节"}, "date"),
        ({"date": "2026-W40-4", "kind": "holiday", "name": "春节"}, "date"),
        ({"date": "", "kind": "holiday", "name": "春节"}, "date"),
        ({"date": "2026-02-17", "kind": "festival", "name": "春节"}, "kind"),
        ({"date": "2026-02-17", "kind": "holiday", "name": " "}, "name"),
        ({"date": "2026-02-17", "kind": "holiday"}, "name"),
        ({"date": "2026-10-01", "kind": "holiday", "name": "国庆节"}, "date"),  # a second time
        ({"date": "2026-02-13", "kind": "makeup", "name": "春节"}, "date"),  # a Friday
        ({"date": "2026-05-01", "kind": "known_year", "name": "通知"}, "date"),
        ({"date": "2026-01-01", "kind": "known_year", "name": "通知"}, "date"),  # a second time
        ({"date": "2027-02-06", "kind": "holiday", "name": "春节"}, "date"),  # 2027 is not stated as known
        ({"date": "2027-01-01", "kind": "known_year", "name": "通知"}, "date"),  # known, yet no holiday in it
    ],
)
def test_it_refuses_a_faulty_row_and_names_line_and_field(row: dict[str, str], field: str) -> None:
    with pytest.raises(CalendarInvalid) as refused:
        Calendar.parse([YEAR_2026, HOLIDAY_2026, row])
    (problem,) = refused.value.details["problems"]
    assert (problem["line"], problem["field"]) == (4, field)
    assert problem["message"]


def test_it_names_every_fault_in_one_run_in_the_order_of_lines() -> None:
    faulty = [
        {"date": "2025-02-08", "kind": "makeup", "name": "春节"},
        {"date": "x", "kind": "holiday", "name": "春节"},
        YEAR_2026,
    ]
    with pytest.raises(CalendarInvalid) as refused:
        Calendar.parse(faulty)
    assert [problem["line"] for problem in refused.value.details["problems"]] == [2, 3, 4]


def test_office_hours_are_read_and_written() -> None:
    text = "08:30-12:00,14:30-18:00"
    hours = OfficeHours.parse(text)
    assert hours.spans == ((time(8, 30), time(12)), (time(14, 30), time(18)))
    assert str(hours) == text
    assert str(OfficeHours()) == "08:00-12:00,14:00-18:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08:00",
        "8:00-12:00",
        "08:00:30-12:00",
        "08:00-12:00+08:00",
        "12:00-08:00",
        "08:00-08:00",
        "14:00-18:00,08:00-12:00",
        "08:00-12:00,11:00-18:00",
        "08:00-25:00",
    ],
)
def test_it_refuses_office_hours_that_are_none(text: str) -> None:
    with pytest.raises(OfficeHoursInvalid):
        OfficeHours.parse(text)


def test_a_day_without_office_hours_is_refused() -> None:
    with pytest.raises(OfficeHoursInvalid):
        OfficeHours(())
