"""When something is due, and why.

The rules, all in Asia/Shanghai (Civil Code arts 201–203):

- Days: the day of the start does not count, whatever the hour and whether or not it is worked.
  Working days end with the office hours of the last one; natural days end at 24:00 of the last one, which
  moves to the next working day when it is none. Received after hours or on a holiday changes nothing: the
  law's plain rule is kept, the next day (working day) is the first.
- Hours run on by day and night; working hours run within office hours.
- Pauses: a working day that begins inside a pause does not count; natural days grow by the paused time,
  added up and rounded up to whole days; hours by exactly the paused time. No term ends inside a pause.
- An open pause stops the clock, unless the term had ended before: what is late stays late.
- Extensions of the term's unit lengthen the term; one of another unit counts on from the due time so far.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.counting import COUNTS, Count, standstill_line
from qizhi.kernel.worktime.lines import Line
from qizhi.kernel.worktime.pauses import Pause, Standstill, joined, local
from qizhi.kernel.worktime.terms import Term, TermUnit

_DUE_KINDS = {TermUnit.WORKING_DAYS: "due_at_closing", TermUnit.NATURAL_DAYS: "due_at_day_end"}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The due time (None: the clock is stopped), the lines that explain it, in order, and whether a year
    without a published calendar had a part in it."""

    due_at: datetime | None
    lines: tuple[Line, ...]
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class _Stage:
    """A run of terms of one unit, counted as one."""

    base_at: datetime
    terms: tuple[Term, ...]
    count: Count

    def extension_lines(self) -> Iterator[Line]:
        """Each term after the first, with the total that it makes."""
        for number, term in enumerate(self.terms[1:], start=2):
            total = _sum(self.terms[:number])
            yield Line("extension", {"extension_term": str(term), "total_term": str(total)})


def due_at(
    start: datetime,
    term: Term,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Term] = (),
) -> Deadline:
    """When a term that runs from `start` ends, and why, line by line.

    The result depends on the arguments only, and never moves earlier when the start, the term, a pause or
    an extension grows. Times come back in Asia/Shanghai.

    Raises TimeNaive when `start` has no time zone; TermInvalid when term and extensions exceed 99,999.

    **Source:** Civil Code arts 201–203; the module's docstring states each rule.
    """
    began = local(start)
    standstills, stopped_at = joined(pauses)
    stages = _stages(began, [term, *extensions], calendar, standstills)
    end = stages[-1].count.end_at
    lines = [Line("start", {"start_at": began.isoformat(), "term": str(term)})]
    if stopped_at is not None and end > stopped_at:
        lines += _stage_lines(stages, standstills, stopped_at)
        lines.append(Line("stopped", {"from_at": stopped_at.isoformat()}))
        return Deadline(None, tuple(lines), is_provisional=False)
    lines += _stage_lines(stages, standstills, None)
    if stopped_at is not None:
        lines.append(Line("pause_late", {"from_at": stopped_at.isoformat()}))
    lines.append(_due_line(end, stages[-1].terms[0].unit))
    warnings = _warnings(stages, calendar)
    return Deadline(end, (*lines, *warnings), is_provisional=bool(warnings))


def _stages(
    start: datetime, terms: Sequence[Term], calendar: Calendar, standstills: Sequence[Standstill]
) -> list[_Stage]:
    stages: list[_Stage] = []
    base = start
    for unit, run in groupby(terms, key=attrgetter("unit")):
        together = tuple(run)
        count = COUNTS[unit](base, _sum(together).amount, calendar, standstills)
        stages.append(_Stage(base, together, count))
        base = count.end_at
    return stages


def _sum(terms: Sequence[Term]) -> Term:
    return Term(sum(term.amount for term in terms), terms[0].unit)


def _stage_lines(
    stages: Sequence[_Stage], standstills: Sequence[Standstill], stopped_at: datetime | None
) -> list[Line]:
    """The lines between the start and the end; what a stopped clock may still change is left out."""
    lines: list[Line] = []
    settled = True
    for number, stage in enumerate(stages):
        if not settled:
            lines += [Line("extension_kept", {"extension_term": str(term)}) for term in stage.terms]
            continue
        if number:
            params = {"extension_term": str(stage.terms[0]), "base_at": stage.base_at.isoformat()}
            lines.append(Line("extension_on", params))
        count = stage.count
        settled = stopped_at is None or count.end_at <= stopped_at
        lines.append(count.first)
        lines += count.skipped if settled else ()
        lines += count.paused
        lines += count.paused_total if settled else ()
        lines += stage.extension_lines()
        lines += count.settled if settled else ()
    told = {line.params.get("from_at") for line in lines}
    idle = [still for still in standstills if still.from_at.isoformat() not in told]
    return lines + [standstill_line("pause_idle", still) for still in idle]


def _due_line(end: datetime, unit: TermUnit) -> Line:
    kind = _DUE_KINDS.get(unit, "due_at_moment")
    if kind == "due_at_day_end":
        return Line(kind, {"due_on": str(end.date())})
    return Line(kind, {"due_at": end.isoformat()})


def _warnings(stages: Sequence[_Stage], calendar: Calendar) -> list[Line]:
    """One line for each year of which only weekends are known and that the calendar was asked for."""
    asked = [stage.count.asked for stage in stages if stage.count.asked is not None]
    years = {year for first, last in asked for year in range(first.year, last.year + 1)}
    newest = max(calendar.known_years, default=0)
    return [
        Line("unpublished" if year > newest else "unrecorded", {"year": year})
        for year in sorted(years - calendar.known_years)
    ]
