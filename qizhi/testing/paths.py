"""Whether what happened to a matter is a way that its kind declares."""

from qizhi.kernel.loop.models import Matter, Step
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import kind_at


def not_declared(matter: Matter) -> list[str]:
    """Return every step that its kind does not declare from where to where it led; empty when all is well."""
    kind = kind_at(matter.mode_version, matter.kind)
    steps = list(Step.objects.filter(matter=matter).order_by("seq"))
    states = ["", *(step.to_state for step in steps)]
    wrong = [
        str(step)
        for step, state in zip(steps, states, strict=False)
        if step.from_state != state or not _is_declared(kind, step)
    ]
    return wrong if states[-1] == matter.state else [*wrong, f"{matter} is not where its last step led"]


def _is_declared(kind: Kind, step: Step) -> bool:
    if step.seq == 1:
        return (step.transition, step.to_state) == (kind.opens_with, kind.opening.to)
    declared = kind.transitions.get(step.transition)
    if declared is None or step.from_state not in declared.source_states:
        return False
    return step.to_state in kind.targets(declared, step.from_state)
