"""The working calendar: published holidays, make-up working days (调休上班) and office hours.

Only the State Council's yearly notice says which days are exchanged. A year without a published notice
knows weekends only, and every day in it is provisional.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from qizhi.kernel.worktime.errors import CalendarInvalid, OfficeHoursInvalid

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
KNOWN_YEAR = "known_year"


class DayType(StrEnum):
    """How a day differs from an ordinary day of its week."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


@dataclass(frozen=True, slots=True)
class DayKind:
    """One exceptional day: what it is, and the festival it belongs to (春节)."""

    kind: DayType
    name: str


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of every working day, as spans in order, for example 08:00–12:00 and 14:00–18:00."""

    spans: tuple[tuple[time, time], ...] = ((time(8), time(12)), (time(14), time(18)))

    def __post_init__(self) -> None:
        edges = [edge for span in self.spans for edge in span]
        apart = all(end <= begin for (_, end), (begin, _) in pairwise(self.spans))
        if not edges or not apart or any(end <= begin for begin, end in self.spans):
            raise OfficeHoursInvalid()

    @classmethod
    def parse(cls, text: str) -> "OfficeHours":
        """Read "08:00-12:00,14:00-18:00".

        Raises OfficeHoursInvalid when the text has another form or its spans are not in order.
        """
        try:
            spans = [tuple(map(_clock_time, span.split("-"))) for span in text.split(",")]
            return cls(tuple((begin, end) for begin, end in spans))
        except ValueError:
            raise OfficeHoursInvalid() from None

    def __str__(self) -> str:
        return ",".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in self.spans)

    def opens_at(self, day: date) -> datetime:
        """When the office opens on `day`, Asia/Shanghai; the caller knows that it is a working day."""
        return datetime.combine(day, self.spans[0][0], SHANGHAI)

    def closes_at(self, day: date) -> datetime:
        """When the office closes on `day`, Asia/Shanghai; the caller knows that it is a working day."""
        return datetime.combine(day, self.spans[-1][1], SHANGHAI)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, for any date: exceptions from `days`, else Monday to Friday.

    `version` names this very set of days and hours; a stored deadline keeps it. `known_years` are the
    years whose arrangement is published.

    **Source:** 全国年节及纪念日放假办法; the State Council's yearly notice (国务院办公厅关于某年部分节假日安排的通知).
    """

    version: str
    days: Mapping[date, DayKind] = field(hash=False)
    office: OfficeHours
    known_years: frozenset[int]
    _exceptions: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _ordinals: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _corrections: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Working days up to a day = weekdays up to it (a formula) + a running correction (a search in
        # a short list). So any date costs the same, however far from the published years.
        exceptions = tuple(sorted(self.days))
        changes = (self.is_working_day(day) - (day.weekday() < 5) for day in exceptions)
        object.__setattr__(self, "days", dict(self.days))
        object.__setattr__(self, "_exceptions", exceptions)
        object.__setattr__(self, "_ordinals", tuple(day.toordinal() for day in exceptions))
        object.__setattr__(self, "_corrections", tuple(accumulate(changes, initial=0)))

    @classmethod
    def parse(
        cls, rows: Iterable[Mapping[str, str]], *, version: str = "", office: OfficeHours | None = None
    ) -> "Calendar":
        """Read CSV rows `date,kind,name` (as `csv.DictReader` gives them).

        kind is `holiday`, `makeup` (a Saturday or Sunday that is worked) or `known_year`: dated 1 January,
        it states that the year's arrangement is published, and its name is the notice. Without `version`
        the version is made from the content, so that equal calendars have equal versions.

        Raises CalendarInvalid with every fault of all rows.
        """
        reader = _RowReader()
        for line, row in enumerate(rows, start=2):
            reader.read(line, row)
        reader.finish()
        hours = office or OfficeHours()
        years = frozenset(reader.years)
        return cls(version or _content_version(reader.days, hours, years), reader.days, hours, years)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on `day`."""
        exception = self.days.get(day)
        return day.weekday() < 5 if exception is None else exception.kind is DayType.MAKEUP

    def is_provisional(self, day: date) -> bool:
        """Whether the arrangement of the day's year is not published, so that only weekends are known."""
        return day.year not in self.known_years

    def add_working_days(self, day: date, days: int) -> date:
        """The `days`-th working day after `day` (which itself does not count); negative: before it.

        Zero gives `day` itself, whatever it is. Adding n and then m equals adding n + m of the same sign.
        """
        if days == 0:
            return day
        if days > 0:
            return self._first_day_with(self._worked(day.toordinal()) + days)
        return self._first_day_with(self._worked(day.toordinal() - 1) + 1 + days)

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after` up to and with `until`; negative when they are reversed."""
        return self._worked(until.toordinal()) - self._worked(after.toordinal())

    def working_day_from(self, day: date) -> date:
        """`day` when it is worked, else the next working day."""
        return self.add_working_days(day - ONE_DAY, 1)

    def exceptions_between(self, after: date, until: date) -> list[tuple[date, DayKind]]:
        """The holidays and make-up days after `after` up to and with `until`, in order."""
        first = bisect_right(self._exceptions, after)
        last = bisect_right(self._exceptions, until)
        return [(day, self.days[day]) for day in self._exceptions[first:last]]

    def _worked(self, ordinal: int) -> int:
        """Working days from the year 1 up to and with the day of this ordinal (ordinal 1 is a Monday)."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) + self._corrections[bisect_right(self._ordinals, ordinal)]

    def _first_day_with(self, worked: int) -> date:
        """The first day at which so many days have been worked: always a working day."""
        low = _weekday_ordinal(worked - max(self._corrections))
        high = _weekday_ordinal(worked - min(self._corrections))
        return date.fromordinal(low + bisect_left(range(low, high), worked, key=self._worked))


def _clock_time(text: str) -> time:
    """Read HH:MM only; ValueError for seconds, zones and other forms."""
    clock = time.fromisoformat(text)
    if f"{clock:%H:%M}" != text:
        raise ValueError(text)
    return clock


def _weekday_ordinal(weekdays: int) -> int:
    """The ordinal of the day on which so many weekdays have passed since the year 1."""
    weeks, rest = divmod(weekdays - 1, 5)
    return weeks * 7 + rest + 1


def _content_version(days: Mapping[date, DayKind], office: OfficeHours, years: frozenset[int]) -> str:
    rows = [f"{day} {days[day].kind} {days[day].name}" for day in sorted(days)]
    content = "\n".join([str(office), *map(str, sorted(years)), *rows])
    span = f"{min(years)}-{max(years)}" if years else "weekends"
    return f"{span}.{sha256(content.encode()).hexdigest()[:8]}"


class _RowReader:
    """Collects days, years and faults row by row, so that one run shows all faults."""

    def __init__(self) -> None:
        self.days: dict[date, DayKind] = {}
        self.years: dict[int, int] = {}
        self.lines: dict[date, int] = {}
        self.problems: list[dict[str, str | int]] = []

    def read(self, line: int, row: Mapping[str, str]) -> None:
        day, kind, name = (_cell(row, column) for column in ("date", "kind", "name"))
        parsed = _strict_date(day)
        if parsed is None:
            self._say(line, "date", f"“{day}”不是日期，请写成 2026-10-01 的样子。")
        elif kind == KNOWN_YEAR:
            self._read_year(line, parsed)
        elif kind in tuple(DayType):
            self._read_day(line, parsed, DayKind(DayType(kind), name))
        else:
            self._say(line, "kind", f"“{kind}”不是 holiday、makeup 或 known_year。")

    def _read_year(self, line: int, day: date) -> None:
        if (day.month, day.day) != (1, 1):
            self._say(line, "date", f"已公布年份请写成 {day.year}-01-01。")
        elif day.year in self.years:
            self._say(line, "date", f"{day.year}年重复，第{self.years[day.year]}行已有。")
        else:
            self.years[day.year] = line

    def _read_day(self, line: int, day: date, kind: DayKind) -> None:
        if not kind.name:
            self._say(line, "name", "请写明节日名称，例如“春节”。")
        if day in self.days:
            self._say(line, "date", f"{day}重复，第{self.lines[day]}行已有。")
        elif kind.kind is DayType.MAKEUP and day.weekday() < 5:
            self._say(line, "date", f"{day}是周一至周五，本来就上班，不能是调休上班日。")
        else:
            self.days[day] = kind
            self.lines[day] = line

    def finish(self) -> None:
        """Check what only the whole shows, then raise CalendarInvalid if anything was found."""
        for day, line in self.lines.items():
            if day.year not in self.years:
                self._say(line, "date", f"{day.year}年没有 known_year 行，无法判断全年安排是否已公布。")
        with_holidays = {day.year for day, kind in self.days.items() if kind.kind is DayType.HOLIDAY}
        for year, line in self.years.items():
            if year not in with_holidays:
                self._say(line, "date", f"{year}年标为已公布，却没有一个放假日。")
        if self.problems:
            self.problems.sort(key=lambda problem: problem["line"])
            raise CalendarInvalid(details={"problems": self.problems})

    def _say(self, line: int, column: str, message: str) -> None:
        self.problems.append({"line": line, "field": column, "message": message})


def _cell(row: Mapping[str, str], column: str) -> str:
    # A short CSV row gives None for the missing cells.
    return (row.get(column) or "").strip()


def _strict_date(text: str) -> date | None:
    """Read YYYY-MM-DD only: `fromisoformat` alone would also take 20261001 and 2026-W40-4."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
