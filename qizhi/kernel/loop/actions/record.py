"""Writing a step: inputs to what is kept of them, the hash, and the rows that refer to it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from qizhi.kernel.accounts.scope import Actor, ActorKind, Seat
from qizhi.kernel.kit.prepared import Statement, inserting, send
from qizhi.kernel.modes.schema import Input, InputType, Transition
from qizhi.kernel.units.queries import Body

from ..errors import BadInput
from ..inputs import FILE_GONE
from ..models import Attachment, Matter, Passage, Step
from ..reporters import ReporterFacts
from ..steps import passage, step_hash

WRITTEN = frozenset({InputType.LINE, InputType.TEXT})


def step_new(*, matter: Matter, transition: str, actor: Actor, role: str, seat: Seat | None, at: Any) -> Step:
    """Return the unsaved next step of `matter`, still without inputs, outcome and hash."""
    return Step(
        matter=matter,
        seq=matter.version + 1,
        transition=transition,
        from_state=matter.state,
        to_state=matter.state,
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.user_id if actor.kind == ActorKind.STAFF else None,
        role=role,
        unit_id=seat.unit_id if seat else None,
        unit_name=seat.unit_name if seat else "",
        previous_hash=matter.last_hash,
    )


def step_keep(step: Step, declared: Sequence[Input], values: dict[str, Any]) -> list[Passage]:
    """Put the clean inputs into the step and return the passages for its texts.

    Texts and persons never enter the step in clear: a text becomes a passage, a person is a row of its own.
    """
    texts: list[Passage] = []
    for one in declared:
        value = values.get(one.name)
        if value is None or value == ():
            continue
        if one.type in WRITTEN:
            texts.append(passage(step, one.name, value, is_public=one.public))
        else:
            step.inputs[one.name] = _plain(value)
    return texts


def _plain(value: Any) -> Any:
    match value:
        case Body():
            return value.code
        case ReporterFacts():
            return {"given": [name for name in ("name", "phone", "identity") if getattr(value, name)]}
        case Matter():
            return value.number
        case Attachment():
            return {"file": str(value.id), "sha256": value.sha256}
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(one) for one in value]
        case _:
            return value


def step_close(step: Step, transition: Transition) -> str:
    """Give the finished step its hash, and return it; nothing of the step may change after this."""
    step.is_public = transition.public is not None
    step.hash = step_hash(step)
    return step.hash


def step_write(
    step: Step,
    transition: Transition,
    values: dict[str, Any],
    passages: Sequence[Passage],
    beside: Sequence[Statement],
) -> None:
    """Write the closed step with its passages and files. The matter's row is written in the same transaction.

    Arguments:
        beside: what else the step changes, to be written with it.

    Raises:
        BadInput: another step took up one of the files in the meantime, as when a form is sent twice at once.
    """
    send([*inserting([step]), *inserting(passages), *beside])
    for one in transition.inputs:
        if one.type is InputType.FILES and values.get(one.name):
            _take_up(step, one, values[one.name])


def _take_up(step: Step, declared: Input, drafts: Sequence[Attachment]) -> None:
    waiting = Attachment.objects.filter(pk__in=[draft.pk for draft in drafts], step=None)
    taken = waiting.update(matter=step.matter, step=step, field=declared.name, is_public=declared.public)
    if taken != len(drafts):
        raise BadInput(fields={declared.name: [FILE_GONE]})
