"""The national calendar against what the State Council's notices say, and against a second source."""

from collections import Counter
from datetime import date, timedelta

import holidays
import pytest

from qizhi.kernel.worktime.tests.samples import CALENDAR

# Year: days off named by the notice and falling in the year, worked weekend days, working days in all.
COUNTS = {2023: (26, 7, 249), 2024: (28, 8, 251), 2025: (28, 5, 248), 2026: (33, 6, 248)}


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", COUNTS)
def test_it_holds_as_many_days_as_the_notice(year: int) -> None:
    kinds = Counter(kind.kind.value for day, kind in CALENDAR.days.items() if day.year == year)
    worked = sum(map(CALENDAR.is_working_day, _days_of(year)))
    assert (kinds["holiday"], kinds["makeup"], worked) == COUNTS[year]


@pytest.mark.parametrize("year", COUNTS)
def test_it_agrees_with_the_library_on_every_day(year: int) -> None:
    feasts = holidays.country_holidays("CN", years=year)
    # The library's make-up days include those of other years.
    makeup = {day for day in feasts.weekend_workdays if day.year == year}
    theirs = [(day.weekday() < 5 and day not in feasts) or day in makeup for day in _days_of(year)]
    assert [CALENDAR.is_working_day(day) for day in _days_of(year)] == theirs


def test_exactly_the_published_years_are_known() -> None:
    assert CALENDAR.known_years == COUNTS.keys()


def test_every_exchanged_day_names_its_festival() -> None:
    named = {name for kind in CALENDAR.days.values() for name in kind.name.split("、")}
    assert named == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}
