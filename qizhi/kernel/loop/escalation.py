"""Escalation: when the next rung of a clock's ladder is due, and which rungs are due now.

Pure: no Django. An offset counts from the due time: ``0``, ``-1wd`` (before), ``+2wd`` (after). Working-day
offsets keep the hour of the due time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from qizhi.kernel.modes.schema import Rung
from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.deadlines import due_at as deadline
from qizhi.kernel.worktime.pauses import local
from qizhi.kernel.worktime.terms import Term, TermUnit


def rung_at(offset: str, due: datetime, calendar: Calendar) -> datetime:
    """Return the moment of a rung.

    Arguments:
        offset: ``0`` or a signed term such as ``-1wd``, ``+24h``.
        due: the due time of the clock.
    """
    if offset == "0":
        return due
    sign, term = (-1 if offset[0] == "-" else 1), Term.parse(offset[1:])
    moment = local(due)
    if term.unit is TermUnit.WORKING_DAYS:
        day = calendar.add_working_days(moment.date(), sign * term.amount)
        return moment.replace(year=day.year, month=day.month, day=day.day)
    if term.unit is TermUnit.NATURAL_DAYS:
        return moment + sign * timedelta(days=term.amount)
    if term.unit is TermUnit.HOURS or sign < 0:
        return moment + sign * timedelta(hours=term.amount)
    return deadline(moment, term, calendar).due_at or moment


def next_rung(
    ladder: Sequence[Rung], climbed: int, due: datetime | None, calendar: Calendar
) -> datetime | None:
    """Return when the rung number `climbed` (from 0) is due; None when the ladder ends or the clock is stopped."""
    if due is None or climbed >= len(ladder):
        return None
    return rung_at(ladder[climbed].at, due, calendar)


def first_rung(ladder: Sequence[Rung], due: datetime | None, started: datetime, calendar: Calendar) -> int:
    """Return the number of the first rung that is still ahead when a clock starts.

    A reminder before the due time whose moment had passed when the clock started is left out: nobody is
    reminded of the past.
    """
    if due is None:
        return 0
    for number, rung in enumerate(ladder):
        if rung.at == "0" or rung.at[0] == "+" or rung_at(rung.at, due, calendar) > started:
            return number
    return len(ladder)


def rearmed(
    ladder: Sequence[Rung], climbed: int, due: datetime | None, at: datetime, calendar: Calendar
) -> int:
    """Return the number of the next rung after the due time was moved at `at`.

    Rungs that were climbed for the earlier due time and lie ahead of the new one will be climbed again; those that
    have passed for the new one too are not repeated.
    """
    if due is None:
        return climbed
    ahead = (number for number, rung in enumerate(ladder[:climbed]) if rung_at(rung.at, due, calendar) > at)
    return next(ahead, climbed)


def due_rungs(
    ladder: Sequence[Rung], climbed: int, due: datetime | None, now: datetime, calendar: Calendar
) -> list[Rung]:
    """Return the rungs that are due at `now` and not yet climbed, lowest first."""
    found: list[Rung] = []
    at = next_rung(ladder, climbed, due, calendar)
    while at is not None and at <= now:
        found.append(ladder[climbed + len(found)])
        at = next_rung(ladder, climbed + len(found), due, calendar)
    return found
