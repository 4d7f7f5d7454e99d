"""Pauses of a clock, for example while a citizen is asked for papers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qizhi.kernel.worktime.calendar import SHANGHAI
from qizhi.kernel.worktime.errors import PauseInvalid, TimeNaive


def local(moment: datetime) -> datetime:
    """The same moment in Asia/Shanghai. Raises TimeNaive when it has no zone."""
    if moment.utcoffset() is None:
        raise TimeNaive()
    return moment.astimezone(SHANGHAI)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from `from_at` (within) to `to_at` (not within); None: not yet resumed.

    Raises TimeNaive, or PauseInvalid when it ends before it begins.
    """

    from_at: datetime
    to_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "from_at", local(self.from_at))
        if self.to_at is not None:
            object.__setattr__(self, "to_at", local(self.to_at))
            if self.to_at < self.from_at:
                raise PauseInvalid()


@dataclass(frozen=True, slots=True)
class Standstill:
    """A stretch of time within which the clock stood still: pauses joined where they touch or overlap."""

    from_at: datetime
    to_at: datetime

    def within(self, begin: datetime, end: datetime) -> timedelta:
        """How much of it lies between two moments."""
        return max(timedelta(0), min(self.to_at, end) - max(self.from_at, begin))


def joined(pauses: Iterable[Pause]) -> tuple[tuple[Standstill, ...], datetime | None]:
    """Sort and join pauses: the closed stretches in order, and since when the clock is stopped, if it is.

    Joining is what makes two entries for the same hours count once.
    """
    stretches: list[Standstill] = []
    for pause in sorted(pauses, key=lambda pause: pause.from_at):
        before = stretches[-1] if stretches and pause.from_at <= stretches[-1].to_at else None
        begin = before.from_at if before else pause.from_at
        if pause.to_at is None:
            return tuple(stretches[:-1] if before else stretches), begin
        if before:
            stretches[-1] = Standstill(begin, max(before.to_at, pause.to_at))
        else:
            stretches.append(Standstill(begin, pause.to_at))
    return tuple(stretches), None


def elapse(begin: datetime, length: timedelta, stretches: Sequence[Standstill]) -> datetime:
    """The first moment at which `length` has run since `begin`, standstills not counted.

    Wall-clock arithmetic is exact here: Asia/Shanghai has had no summer time since 1991.
    """
    end = begin + length
    for stretch in stretches:
        if stretch.from_at >= end:
            break
        end += stretch.within(begin, stretch.to_at)
    return end
