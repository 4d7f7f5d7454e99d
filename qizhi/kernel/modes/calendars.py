"""The working calendar of a mode, made once for each. Pure: no Django."""

from functools import lru_cache

from qizhi.kernel.worktime.calendar import Calendar

from .schema import DayDecl, Mode


def calendar_of(mode: Mode) -> Calendar:
    """Return the working calendar that `mode` declares."""
    return _calendar(mode.calendar)


@lru_cache(maxsize=16)
def _calendar(days: tuple[DayDecl, ...]) -> Calendar:
    return Calendar.parse(day.model_dump() for day in days)
