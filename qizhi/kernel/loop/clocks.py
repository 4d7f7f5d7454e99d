"""The clocks of a matter as pure values: start, pause, resume, extend, stop; each due time can be explained.

Pure: no Django. A clock keeps its inputs; its due time follows from them alone (`worktime.due_at`).
"""

from dataclasses import dataclass, replace
from datetime import datetime

from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.deadlines import Deadline, due_at
from qizhi.kernel.worktime.pauses import Pause
from qizhi.kernel.worktime.terms import Term

RUNNING, PAUSED, MET, MISSED, CANCELLED = "running", "paused", "met", "missed", "cancelled"
LIVE = frozenset({RUNNING, PAUSED})


@dataclass(frozen=True)
class Face:
    """One clock: everything its due time is made of. `pauses` end in None while the clock stands still."""

    name: str
    term: Term
    started_at: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    extensions: tuple[Term, ...] = ()
    state: str = RUNNING
    ended_at: datetime | None = None

    def deadline(self, calendar: Calendar) -> Deadline:
        """Return the due time with the lines that explain it."""
        pauses = [Pause(start, end) for start, end in self.pauses]
        return due_at(self.started_at, self.term, calendar, pauses, self.extensions)


def start(name: str, term: Term, at: datetime) -> Face:
    """Return a clock that runs from `at`."""
    return Face(name=name, term=term, started_at=at)


def pause(face: Face, at: datetime) -> Face:
    """Return the clock standing still from `at`; a clock that does not run is returned as it is."""
    if face.state != RUNNING:
        return face
    return replace(face, state=PAUSED, pauses=(*face.pauses, (at, None)))


def resume(face: Face, at: datetime) -> Face:
    """Return the clock running again from `at`; a clock that is not paused is returned as it is.

    A machine's clock that was set back meanwhile makes an empty pause, not an impossible one.
    """
    if face.state != PAUSED:
        return face
    *earlier, (began, _) = face.pauses
    return replace(face, state=RUNNING, pauses=(*earlier, (began, max(began, at))))


def extend(face: Face, by: Term) -> Face:
    """Return the clock with its term extended; a clock that has ended is returned as it is."""
    if face.state not in LIVE:
        return face
    return replace(face, extensions=(*face.extensions, by))


def stop(face: Face, at: datetime, calendar: Calendar) -> Face:
    """Return the clock ended at `at`: met when that was in time, else missed."""
    if face.state not in LIVE:
        return face
    going = resume(face, at)
    due = going.deadline(calendar).due_at
    return replace(going, state=MET if due is None or at <= due else MISSED, ended_at=at)


def cancel(face: Face, at: datetime) -> Face:
    """Return the clock ended without a verdict, because the matter ended another way."""
    if face.state not in LIVE:
        return face
    return replace(resume(face, at), state=CANCELLED, ended_at=at)
