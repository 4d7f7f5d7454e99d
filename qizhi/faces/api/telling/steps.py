"""What happened to a matter, what may happen next, and what came of a step."""

from typing import Any

from django.utils.encoding import force_str

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.actions import Fired
from qizhi.kernel.loop.models import Application, Assignment, Matter
from qizhi.kernel.loop.queries.possible import possible
from qizhi.kernel.loop.queries.story import Told
from qizhi.kernel.modes.schema import Transition

from ..inputs import inputs_schema
from .names import Names, file_told, moment


def step_told(told: Told, names: Names) -> dict[str, Any]:
    """Return a step as `StepOut`."""
    step = told.step
    return {
        "seq": step.seq,
        "transition": step.transition,
        "title": names.say(told.title),
        "from_state": step.from_state,
        "to_state": step.to_state,
        "state_title": names.say(told.state_title),
        "at": moment(step.at),
        "actor": {
            "kind": step.actor_kind,
            "name": step.actor.name if step.actor else "",
            "role": step.role,
            "unit": step.unit_name,
        },
        "is_public": step.is_public,
        "texts": texts_told(told, names),
        "values": [
            {"name": one.name, "title": names.say(one.title), "value": names.plain(value)}
            for one, value in told.values
        ],
        "files": [file_told(row) for row in told.files],
        "hash": step.hash,
        "previous_hash": step.previous_hash,
    }


def texts_told(told: Told, names: Names) -> list[dict[str, Any]]:
    """Return the texts of a step as `SaidOut`."""
    return [
        {
            "name": passage.field,
            "title": names.say(declared.title) if declared else passage.field,
            "value": passage.text,
        }
        for declared, passage in told.texts
    ]


def transitions_told(matter: Matter, actor: Actor) -> dict[str, Any]:
    """Return what `actor` may do with `matter` now, as `TransitionsOut`; two queries."""
    names = Names()
    found = possible(
        matter,
        actor,
        list(Assignment.objects.filter(matter=matter)),
        list(Application.objects.filter(matter=matter)),
    )
    return {
        "version": matter.version,
        "state": matter.state,
        "items": [_transition(one, matter, names) for one in found.steps],
        "waiting": [
            {"name": one.name, "title": names.say(one.title), "reason": force_str(reason)}
            for one, reason in found.waiting
        ],
        "next_cursor": None,
    }


def _transition(declared: Transition, matter: Matter, names: Names) -> dict[str, Any]:
    targets = names.kind(matter).targets(declared, matter.state)
    return {
        "name": declared.name,
        "title": names.say(declared.title),
        "tone": declared.tone,
        "to": targets[0] if len(targets) == 1 else None,
        "law": list(declared.law),
        "inputs": inputs_schema(declared, matter.mode_version, names.language),
    }


def fired_told(fired: Fired) -> dict[str, Any]:
    """Return what came of a step as `FiredOut`; no query."""
    matter, names = fired.matter, Names()
    return {
        "number": matter.number,
        "transition": fired.step.transition,
        "state": matter.state,
        "state_title": names.say(names.kind(matter).states[matter.state].title),
        "version": matter.version,
        "is_open": matter.is_open,
        "due_at": moment(matter.due_at),
        "hash": fired.step.hash,
    }
