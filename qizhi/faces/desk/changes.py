"""What happened to a matter since a page of it was shown."""

from datetime import datetime
from typing import NamedTuple

from qizhi.faces.words import said
from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.modes.store import kind_at

SHOWN = 10


class Change(NamedTuple):
    """One step that was taken meanwhile: what, by which unit and whom, when, and the state after it."""

    title: str
    who: str
    at: datetime
    state: str


def changes_since(matter: Matter, version: int | None) -> list[Change]:
    """Return the steps after `version`, the latest last; at most the last ten. No query when nothing happened."""
    if version is None or version >= matter.version:
        return []
    kind = kind_at(matter.mode_version, matter.kind)
    rows = Step.objects.filter(matter=matter, seq__gt=version).select_related("actor").order_by("-seq")
    changes = []
    for step in reversed(rows[:SHOWN]):
        declared, state = kind.transitions.get(step.transition), kind.states.get(step.to_state)
        person = step.actor.name if step.actor else ""
        changes.append(
            Change(
                title=said(declared.title) if declared else step.transition,
                who=" ".join(filter(None, (step.unit_name, person))),
                at=step.at,
                state=said(state.title) if state else step.to_state,
            )
        )
    return changes
