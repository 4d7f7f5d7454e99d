"""A kind with the slips of the pen taken out of its names, so that one slip is told once and not ten times.

Pure: no Django.
"""

from collections.abc import Iterable

from .nearest import nearest
from .schema import Kind, Transition


def without_slips(kind: Kind) -> Kind:
    """Return `kind` with each unknown state replaced by the nearest known one, or left out where none is near."""
    changed = {name: _corrected(kind, transition) for name, transition in kind.transitions.items()}
    opens = kind.opens_with if kind.opens_with in changed else nearest(kind.opens_with, changed)
    return kind.model_copy(update={"transitions": changed, "opens_with": opens or kind.opens_with})


def _corrected(kind: Kind, transition: Transition) -> Transition:
    sources = [_state(kind, name) for name in transition.source_states]
    target = transition.to
    if target.startswith("^"):
        meant = target[1:] if target[1:] in kind.transitions else nearest(target[1:], kind.transitions)
        target = f"^{meant}" if meant else "="
    elif target != "=":
        target = _state(kind, target) or target
    clocks = {
        field: tuple(_known(getattr(transition, field), kind.clocks))
        for field in ("starts", "stops", "pauses", "resumes")
    }
    update = {"source_states": tuple(name for name in sources if name), "to": target, **clocks}
    return transition.model_copy(update=update)


def _state(kind: Kind, name: str) -> str | None:
    return name if name in kind.states else nearest(name, kind.states)


def _known(names: Iterable[str], known: Iterable[str]) -> Iterable[str]:
    declared = set(known)
    return (meant for name in names if (meant := name if name in declared else nearest(name, declared)))
