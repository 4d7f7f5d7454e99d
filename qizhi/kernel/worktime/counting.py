"""How each unit is counted: from a start, an amount and the standstills to an end, with its reasons.

All four counts never move earlier when the start, the amount or a standstill grows, and never end while
the clock stands still.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from qizhi.kernel.worktime.calendar import ONE_DAY, SHANGHAI, Calendar, DayType
from qizhi.kernel.worktime.lines import Line
from qizhi.kernel.worktime.pauses import Standstill, elapse
from qizhi.kernel.worktime.terms import Term, TermUnit

Standstills = Sequence[Standstill]


@dataclass(frozen=True, slots=True)
class Count:
    """An end and its reasons. `asked` is the first and last day whose kind the calendar was asked for."""

    end_at: datetime
    first: Line
    skipped: tuple[Line, ...] = ()
    paused: tuple[Line, ...] = ()
    paused_total: tuple[Line, ...] = ()
    settled: tuple[Line, ...] = ()
    asked: tuple[date, date] | None = None


def count_working_days(start: datetime, amount: int, calendar: Calendar, standstills: Standstills) -> Count:
    """The day of the start does not count; the end is the close of office on the last working day.

    A working day that begins (the office opens) while the clock stands still does not count. If the clock
    stands still at the close of the last day, the end moves to the first close of office after the pause:
    the part of the day that was lost is given back.

    **Source:** Civil Code arts 201–203 (first day, last day, end of business hours).
    """
    received = start.date()
    last, paused = _last_counted(received, amount, calendar, standstills)
    settled_on, settled = _out_of_standstill(last, calendar.office.closes_at, calendar, standstills)
    return Count(
        end_at=calendar.office.closes_at(settled_on),
        first=Line("first_working_day", {"first_on": str(calendar.add_working_days(received, 1))}),
        skipped=skipped_lines(received, last, calendar),
        paused=paused,
        settled=settled,
        asked=(received + ONE_DAY, settled_on),
    )


def count_natural_days(start: datetime, amount: int, calendar: Calendar, standstills: Standstills) -> Count:
    """The day of the start does not count; the end is 24:00 (23:59:59) of the last day.

    Days run from the midnight after the start. The standstills since then, added up and rounded up to
    whole days, come on top. A last day that is not worked moves to the next working day; so does one that
    ends while the clock stands still.

    **Source:** Civil Code arts 201–203.
    """
    received = start.date()
    midnight = datetime.combine(received + ONE_DAY, time(), SHANGHAI)
    exact = elapse(midnight, timedelta(days=amount), standstills)
    last = (exact - datetime.resolution).date()
    moved = calendar.working_day_from(last)
    settled_on, resumed = _out_of_standstill(moved, _day_end, calendar, standstills)
    lost = (last - received).days - amount
    return Count(
        end_at=_day_end(settled_on),
        first=Line("first_natural_day", {"first_on": str(received + ONE_DAY)}),
        paused=_paused_lines("pause_elapsed", standstills, lambda still: still.within(midnight, exact)),
        paused_total=(Line("pause_whole_days", {"lost_days": lost}),) if lost else (),
        settled=(*_moved_lines(last, moved, calendar), *resumed),
        asked=(last, settled_on),
    )


def count_hours(start: datetime, amount: int, _calendar: Calendar, standstills: Standstills) -> Count:
    """Elapsed hours by day and night; the calendar does not matter.

    **Source:** Civil Code art 201 (a period in hours runs from the agreed or legal hour).
    """
    end = elapse(start, timedelta(hours=amount), standstills)
    paused = _paused_lines("pause_elapsed", standstills, lambda still: still.within(start, end))
    return Count(end_at=end, first=Line("all_hours", {}), paused=paused)


def count_working_hours(start: datetime, amount: int, calendar: Calendar, standstills: Standstills) -> Count:
    """Hours within office hours on working days, standstills not counted."""
    left = timedelta(hours=amount)
    end = start
    for begin, until in _office_spans(start, calendar):
        end = elapse(begin, left, standstills)
        if end <= until:
            break
        left -= _running(begin, until, standstills)
    first_at, _ = next(_office_spans(start, calendar))
    return Count(
        end_at=end,
        first=Line("office_hours", {"hours": str(calendar.office), "first_at": first_at.isoformat()}),
        skipped=skipped_lines(start.date() - ONE_DAY, end.date(), calendar),
        paused=_paused_lines(
            "pause_office_hours", standstills, lambda still: _office_time(still, start, end, calendar)
        ),
        asked=(start.date(), end.date()),
    )


COUNTS: dict[TermUnit, Callable[[datetime, int, Calendar, Standstills], Count]] = {
    TermUnit.WORKING_DAYS: count_working_days,
    TermUnit.NATURAL_DAYS: count_natural_days,
    TermUnit.HOURS: count_hours,
    TermUnit.WORKING_HOURS: count_working_hours,
}


def skipped_lines(after: date, until: date, calendar: Calendar) -> tuple[Line, ...]:
    """Why days after `after` up to and with `until` are not working days, or are against expectation."""
    lines: list[Line] = []
    holidays = 0
    for day, kind in calendar.exceptions_between(after, until):
        if kind.kind is DayType.MAKEUP:
            lines.append(Line("makeup", {"makeup_on": str(day), "name": kind.name}))
            continue
        holidays += 1
        lines.append(_holiday_joined(lines, day, kind.name))
    weekend = (until - after).days - calendar.working_days_between(after, until) - holidays
    if weekend:
        lines.append(Line("weekend", {"skipped_days": weekend}))
    return tuple(lines)


def _holiday_joined(lines: list[Line], day: date, name: str) -> Line:
    """A holiday line for `day`, taking in the line before when that ends the day before under one name."""
    before = lines[-1].params if lines and lines[-1].kind == "holiday" else {}
    if before.get("name") != name or before.get("last_on") != str(day - ONE_DAY):
        return Line("holiday", {"first_on": str(day), "last_on": str(day), "name": name, "skipped_days": 1})
    skipped = int(lines.pop().params["skipped_days"]) + 1
    return Line("holiday", {**before, "last_on": str(day), "skipped_days": skipped})


def _last_counted(
    received: date, amount: int, calendar: Calendar, standstills: Standstills
) -> tuple[date, tuple[Line, ...]]:
    """The `amount`-th working day after `received` that did not begin in a standstill."""
    last = calendar.add_working_days(received, amount)
    paused: list[Line] = []
    for still in standstills:
        before = max(_opening_from(still.from_at, calendar) - ONE_DAY, received)
        lost = calendar.working_days_between(before, _opening_from(still.to_at, calendar) - ONE_DAY)
        if lost > 0 and calendar.working_days_between(before, last) > 0:
            last = calendar.add_working_days(last, lost)
            lost_term = Term(lost, TermUnit.WORKING_DAYS)
            paused.append(standstill_line("pause_working_days", still, lost_term=str(lost_term)))
    return last, tuple(paused)


def _opening_from(moment: datetime, calendar: Calendar) -> date:
    """The first day, worked or not, whose opening hour is not before `moment`."""
    day = moment.date()
    return day if calendar.office.opens_at(day) >= moment else day + ONE_DAY


def _out_of_standstill(
    last: date, ends_at: Callable[[date], datetime], calendar: Calendar, standstills: Standstills
) -> tuple[date, tuple[Line, ...]]:
    """`last`, or the first working day that ends after the standstill in which `last` ends."""
    settled = last
    lines: list[Line] = []
    for still in standstills:
        if still.from_at < ends_at(settled) <= still.to_at:
            settled = calendar.working_day_from(still.to_at.date())
            if ends_at(settled) <= still.to_at:
                settled = calendar.add_working_days(settled, 1)
            lines.append(standstill_line("resumed", still, moved_on=str(settled)))
    return settled, tuple(lines)


def _day_end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


def _moved_lines(last: date, moved: date, calendar: Calendar) -> tuple[Line, ...]:
    if moved != last:
        reasons = skipped_lines(last - ONE_DAY, moved, calendar)
        return (Line("moved", {"last_on": str(last), "moved_on": str(moved)}), *reasons)
    kind = calendar.days.get(last)
    return (Line("last_makeup", {"last_on": str(last), "name": kind.name}),) if kind else ()


def standstill_line(kind: str, still: Standstill, **effect: str | int) -> Line:
    """A line about one standstill and what it did."""
    return Line(kind, {"from_at": still.from_at.isoformat(), "to_at": still.to_at.isoformat(), **effect})


def _paused_lines(
    kind: str, standstills: Standstills, lost: Callable[[Standstill], timedelta]
) -> tuple[Line, ...]:
    """A line for each standstill that cost time; less than a second is shown as one."""
    costs = [(still, lost(still)) for still in standstills]
    return tuple(
        standstill_line(kind, still, lost_seconds=max(1, round(cost.total_seconds())))
        for still, cost in costs
        if cost > timedelta(0)
    )


def _office_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The spans of office time from `start` on, without end; the first may have begun before and is cut."""
    day = calendar.working_day_from(start.date())
    while True:
        for begin, end in calendar.office.spans:
            until = datetime.combine(day, end, SHANGHAI)
            if until > start:
                yield max(datetime.combine(day, begin, SHANGHAI), start), until
        day = calendar.add_working_days(day, 1)


def _running(begin: datetime, end: datetime, standstills: Standstills) -> timedelta:
    """How long the clock ran between two moments."""
    stood = sum((still.within(begin, end) for still in standstills), timedelta(0))
    return end - begin - stood


def _office_time(still: Standstill, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Office time of the standstill between two moments."""
    begin, until, total = max(still.from_at, start), min(still.to_at, end), timedelta(0)
    for opens, closes in _office_spans(begin, calendar):
        if opens >= until:
            return total
        total += min(closes, until) - opens
    return total
