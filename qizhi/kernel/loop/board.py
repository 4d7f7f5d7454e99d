"""The clocks of one matter while a step is taken: rows in, pure changes, rows out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from qizhi.kernel.kit.prepared import Statement, inserting, send, updating
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.pauses import local
from qizhi.kernel.worktime.terms import Term

from . import clocks, escalation
from .models import Clock


class Board:
    """All clocks of a matter. Methods change faces in memory; `save` writes what changed."""

    def __init__(self, kind: Kind, calendar: Calendar, rows: Iterable[Clock]) -> None:
        self.kind = kind
        self.calendar = calendar
        self.rows = sorted(rows, key=lambda row: (row.started_at, row.name))
        self.events: list[dict[str, Any]] = []
        self._new: list[Clock] = []
        self._dirty: dict[Any, Clock] = {}

    def live(self, name: str) -> Clock | None:
        """Return the clock `name` that has not ended, if there is one."""
        found = [row for row in self.rows if row.name == name and row.state in clocks.LIVE]
        return found[-1] if found else None

    def start(self, matter_id: Any, name: str, facts: dict[str, str], at: datetime) -> None:
        """Start the clock `name`; one that still lives is cancelled first, so that there is never a second."""
        self.cancel(name, at)
        face = clocks.start(name, self.kind.clocks[name].term_for(facts), at)
        number = 1 + sum(row.name == name for row in self.rows)
        row = Clock(matter_id=matter_id, name=name, round=number, calendar_version=self.calendar.version)
        self._write(row, face)
        ladder = self.kind.clocks[name].ladder
        row.rung = escalation.first_rung(ladder, row.due_at, at, self.calendar)
        row.next_at = escalation.next_rung(ladder, row.rung, row.due_at, self.calendar)
        self.rows.append(row)
        self._new.append(row)
        self._note("started", row)

    def stop(self, name: str, at: datetime) -> Clock | None:
        """Stop the clock `name` with its verdict (met or missed); return it, or None when none lives."""
        row = self.live(name)
        if row is not None:
            self._change(row, clocks.stop(face_of(row), at, self.calendar), "stopped")
        return row

    def pause(self, name: str, at: datetime) -> None:
        """Let the clock `name` stand still."""
        row = self.live(name)
        if row is not None and row.state == clocks.RUNNING:
            self._change(row, clocks.pause(face_of(row), at), "paused")

    def resume(self, name: str, at: datetime) -> None:
        """Let the clock `name` run again."""
        row = self.live(name)
        if row is not None and row.state == clocks.PAUSED:
            self._change(row, clocks.resume(face_of(row), at), "resumed", moved_at=at)

    def extend(self, name: str, by: Term, at: datetime) -> None:
        """Extend the term of the clock `name` by `by`."""
        row = self.live(name)
        if row is not None:
            self._change(row, clocks.extend(face_of(row), by), "extended", moved_at=at)

    def cancel(self, name: str, at: datetime) -> None:
        """End the clock `name` without a verdict."""
        row = self.live(name)
        if row is not None:
            self._change(row, clocks.cancel(face_of(row), at), "cancelled")

    def cancel_all(self, at: datetime) -> None:
        """End every clock that still lives: the matter is at its end."""
        for name in {row.name for row in self.rows if row.state in clocks.LIVE}:
            self.cancel(name, at)

    def climb(self, row: Clock, rungs: int) -> None:
        """Note that `rungs` more rungs of the clock's ladder were climbed."""
        row.rung += rungs
        row.next_at = escalation.next_rung(
            self.kind.clocks[row.name].ladder, row.rung, row.due_at, self.calendar
        )
        self._dirty[row.pk] = row

    @property
    def next_due(self) -> datetime | None:
        """The earliest due time of the clocks that have not ended; one that stands still in time has none."""
        return min((row.due_at for row in self.rows if row.state in clocks.LIVE and row.due_at), default=None)

    def statements(self) -> list[Statement]:
        """Return what writes new and changed clocks."""
        fresh = {row.pk for row in self._new}
        changed = [row for key, row in self._dirty.items() if key not in fresh]
        return [
            *inserting(self._new),
            *(updating(Clock, {name: getattr(row, name) for name in _MUTABLE}, id=row.pk) for row in changed),
        ]

    def save(self) -> None:
        """Write new and changed clocks."""
        send(self.statements())

    def _change(self, row: Clock, face: clocks.Face, event: str, moved_at: datetime | None = None) -> None:
        before = row.due_at
        self._write(row, face)
        ladder = self.kind.clocks[row.name].ladder
        if moved_at is not None:
            row.rung = escalation.rearmed(ladder, row.rung, row.due_at, moved_at, self.calendar)
        # a paused clock has a due time only when it was late before: it stays late, and its ladder goes on
        live = face.state in clocks.LIVE
        row.next_at = escalation.next_rung(ladder, row.rung, row.due_at, self.calendar) if live else None
        self._dirty[row.pk] = row
        self._note(event, row, before)

    def _write(self, row: Clock, face: clocks.Face) -> None:
        row.state, row.term, row.started_at = face.state, str(face.term), face.started_at
        row.pauses = [[_iso(start), _iso(end)] for start, end in face.pauses]
        row.extensions = [str(term) for term in face.extensions]
        row.ended_at = face.ended_at
        row.due_at = face.deadline(self.calendar).due_at

    def _note(self, event: str, row: Clock, before: datetime | None = None) -> None:
        said: dict[str, Any] = {
            "clock": row.name,
            "event": event,
            "state": row.state,
            "due_at": _iso(row.due_at),
        }
        if before != row.due_at and event != "started":
            said["due_before"] = _iso(before)
        self.events.append(said)


_MUTABLE = ("state", "pauses", "extensions", "due_at", "ended_at", "rung", "next_at")


def face_of(row: Clock) -> clocks.Face:
    """Return the pure clock that the row keeps."""
    return clocks.Face(
        name=row.name,
        term=Term.parse(row.term),
        started_at=row.started_at,
        pauses=tuple(
            (datetime.fromisoformat(a), datetime.fromisoformat(b) if b else None) for a, b in row.pauses
        ),
        extensions=tuple(Term.parse(text) for text in row.extensions),
        state=row.state,
        ended_at=row.ended_at,
    )


def _iso(moment: datetime | None) -> str | None:
    return local(moment).isoformat() if moment else None
