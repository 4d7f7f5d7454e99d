"""Proof: the calendar is one: dates are dates, no day twice, every year of exceptions published."""

from collections.abc import Iterator

from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.errors import CalendarInvalid

from ..compiling import Compiled
from ..errors import Finding

# The calendar counts lines as a CSV file has them: the header is line 1.
_FIRST_LINE = 2


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each row that cannot be part of a calendar."""
    try:
        Calendar.parse(day.model_dump() for day in pack.mode.calendar)
    except CalendarInvalid as invalid:
        for problem in invalid.details["problems"]:
            place = int(problem["line"]) - _FIRST_LINE
            yield pack.error(("calendar", place, str(problem["field"])), str(problem["message"]))
