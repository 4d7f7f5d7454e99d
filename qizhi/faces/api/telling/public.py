"""A matter as the citizen who brought it is told of it: public words, public steps, the promise."""

import uuid
from typing import Any

from django.db.models import Q

from qizhi.kernel.accounts.scope import ActorKind
from qizhi.kernel.loop.actions import Fired
from qizhi.kernel.loop.models import Attachment, Matter
from qizhi.kernel.loop.queries.story import Told, clocks_told, handled_by, public_due, steps_told

from .matters import clock_lines, promise
from .names import Names, file_told, moment
from .steps import texts_told


def public_told(matter: Matter) -> dict[str, Any]:
    """Return a matter as `PublicMatterOut`; five queries, six more when it was merged into another."""
    names = Names()
    promised = promise(clocks_told(matter, names.kind(matter)))
    handled = handled_by(matter)
    return {
        "number": matter.number,
        "kind": matter.kind,
        **_stands(matter, names),
        "version": matter.version,
        "is_open": matter.is_open,
        "title": matter.title,
        "text": matter.text,
        "category": names.category(matter),
        "region": names.place(matter.region_code),
        "address": matter.address,
        "opened_at": moment(matter.opened_at),
        "due_at": moment(promised.due_at) if promised else None,
        "due_lines": clock_lines(promised, names) if promised else [],
        "was_on_time": matter.was_on_time,
        "steps": _steps(matter, names),
        "attachments": [file_told(row) for row in public_files(matter.pk)],
        "merged_into": _handled(handled, names) if handled.pk != matter.pk else None,
    }


def public_files(matter_id: uuid.UUID | None) -> list[Attachment]:
    """Return the files that the citizen may see: the public ones, and those that came from the citizen."""
    rows = Attachment.objects.filter(matter=matter_id).exclude(step=None)
    mine = Q(is_public=True) | Q(step__actor_kind=ActorKind.CITIZEN)
    return list(rows.filter(mine).order_by("uploaded_at", "id"))


def public_fired_told(fired: Fired) -> dict[str, Any]:
    """Return what came of the citizen's step as `PublicFiredOut`; one query."""
    matter, names = fired.matter, Names()
    return {
        "number": matter.number,
        "transition": fired.step.transition,
        **_stands(matter, names),
        "version": matter.version,
        "is_open": matter.is_open,
        "due_at": moment(public_due(matter)),
    }


def _stands(matter: Matter, names: Names) -> dict[str, str]:
    state = names.kind(matter).states[matter.state]
    return {
        "state": matter.state,
        "state_title": names.say(state.title),
        "state_text": names.say(state.public),
    }


def _handled(matter: Matter, names: Names) -> dict[str, Any]:
    return {
        "number": matter.number,
        **_stands(matter, names),
        "due_at": moment(public_due(matter)),
        "steps": _steps_of_another(matter, names),
    }


def _steps(matter: Matter, names: Names) -> list[dict[str, Any]]:
    return [_step(told, names) for told in steps_told(matter, names.kind(matter), only_public=True)]


def _steps_of_another(matter: Matter, names: Names) -> list[dict[str, Any]]:
    """Return the public steps of a matter that somebody else brought, without that person's own."""
    told = steps_told(matter, names.kind(matter), only_public=True)
    return [_step(one, names) for one in told if one.step.actor_kind != ActorKind.CITIZEN]


def _step(told: Told, names: Names) -> dict[str, Any]:
    return {
        "at": moment(told.step.at),
        "state": told.step.to_state,
        "state_title": names.say(told.state_title),
        "said": names.say(told.public),
        "unit": told.step.unit_name,
        "texts": texts_told(told, names),
        "files": [file_told(row) for row in told.files],
    }
