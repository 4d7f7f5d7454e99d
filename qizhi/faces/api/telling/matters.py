"""A matter as staff are told of it: new, in a list, whole."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from qizhi.kernel.loop.actions import Opened
from qizhi.kernel.loop.models import Assignment, Attachment, Leg, Matter
from qizhi.kernel.loop.queries.story import ClockTold, clocks_told
from qizhi.kernel.loop.reporters import reporter_masked
from qizhi.kernel.worktime.lines import line_text

from .names import Names, degrees, file_told, moment


def opened_told(opened: Opened) -> dict[str, Any]:
    """Return a new matter as `OpenedOut`; no query."""
    matter, names = opened.matter, Names()
    return {
        "number": matter.number,
        "query_code": opened.query_code,
        "state": matter.state,
        "state_title": names.say(names.kind(matter).states[matter.state].title),
        "due_at": moment(_promised(opened, names)),
        "version": matter.version,
    }


def _promised(opened: Opened, names: Names) -> datetime | None:
    """Return the due time of the public clock that the first step started, as the step itself says."""
    clocks = names.kind(opened.matter).clocks
    started = (event for event in opened.step.outcome["clocks"] if clocks[event["clock"]].public)
    found = next(started, None)
    return datetime.fromisoformat(found["due_at"]) if found and found["due_at"] else None


def line_told(matter: Matter, names: Names, now: datetime) -> dict[str, Any]:
    """Return a matter of a list as `MatterLine`; no query."""
    return {
        "number": matter.number,
        "kind": matter.kind,
        "state": matter.state,
        "state_title": names.say(names.kind(matter).states[matter.state].title),
        "is_open": matter.is_open,
        "version": matter.version,
        "title": matter.title,
        "category": names.category(matter),
        "channel": matter.channel,
        "urgency": matter.urgency,
        "region": names.place(matter.region_code),
        "level": matter.level,
        "centre": names.unit(matter.centre_id),
        "holder": names.unit(matter.holder_id),
        "lead": names.unit(matter.lead_id),
        "opened_at": moment(matter.opened_at),
        "due_at": moment(matter.due_at),
        "is_overdue": matter.is_open and matter.due_at is not None and matter.due_at < now,
        "concluded_at": moment(matter.concluded_at),
        "closed_at": moment(matter.closed_at),
        "was_on_time": matter.was_on_time,
        "reopened": matter.reopened,
    }


def matter_told(matter: Matter) -> dict[str, Any]:
    """Return one matter as `MatterOut`; four queries when reporter and merge target came with it."""
    names = Names()
    clocks = clocks_told(matter, names.kind(matter))
    person = reporter_masked(matter.reporter)
    promised = promise(clocks)
    files = Attachment.objects.filter(matter=matter).exclude(step=None).order_by("uploaded_at", "id")
    return {
        **line_told(matter, names, timezone.now()),
        "text": matter.text,
        "address": matter.address,
        "lon": degrees(matter.lon),
        "lat": degrees(matter.lat),
        "difficulty": matter.difficulty,
        "reporter": {"name": person.name, "phone": person.phone},
        "promised_at": moment(promised.due_at) if promised else None,
        "merged_into": matter.merged_into.number if matter.merged_into else None,
        "handlers": _handlers(matter, names),
        "legs": _legs(matter, names),
        "clocks": [clock_told(clock, names) for clock in clocks],
        "attachments": [file_told(row) for row in files],
    }


def promise(clocks: list[ClockTold]) -> ClockTold | None:
    """Return the clock of the promise that the citizen was given: the latest public one."""
    public = [clock for clock in clocks if clock.is_public]
    return max(public, key=lambda clock: clock.row.started_at, default=None)


def clock_lines(clock: ClockTold, names: Names) -> list[str]:
    """Return the lines that explain the due time of a clock."""
    return [line_text(line, names.language) for line in clock.lines]


def clock_told(clock: ClockTold, names: Names) -> dict[str, Any]:
    """Return a clock as `ClockOut`."""
    row = clock.row
    return {
        "name": row.name,
        "title": names.say(clock.title),
        "state": row.state,
        "term": row.term,
        "is_public": clock.is_public,
        "started_at": moment(row.started_at),
        "due_at": moment(clock.due_at),
        "ended_at": moment(row.ended_at),
        "is_provisional": clock.is_provisional,
        "lines": clock_lines(clock, names),
    }


def _handlers(matter: Matter, names: Names) -> list[dict[str, Any]]:
    rows = Assignment.objects.filter(matter=matter).order_by("assigned_at", "id")
    return [
        {
            "unit": names.unit(row.unit_id),
            "role": row.role,
            "state": row.state,
            "assigned_at": moment(row.assigned_at),
            "ended_at": moment(row.ended_at),
        }
        for row in rows
    ]


def _legs(matter: Matter, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "centre": names.unit(leg.centre_id),
            "level": leg.level,
            "from_at": moment(leg.from_at),
            "to_at": moment(leg.to_at),
        }
        for leg in Leg.objects.filter(matter=matter).order_by("seq")
    ]
