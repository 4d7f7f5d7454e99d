"""Proof: within a kind, every name of a state, transition or clock is one that the kind declares."""

from collections.abc import Iterator

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..schema import Kind, Transition

_CLOCK_FIELDS = ("starts", "stops", "pauses", "resumes")


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each transition from or to an unknown state, and each unknown clock or transition."""
    for kind in pack.mode.kinds.values():
        here: Path = ("kinds", kind.name)
        if kind.opens_with not in kind.transitions:
            message = f"没有“{kind.opens_with}”这一步" + hint(kind.opens_with, kind.transitions)
            yield pack.error((*here, "opens_with"), message)
        for transition in kind.transitions.values():
            yield from _of_transition(pack, kind, transition, (*here, "transitions", transition.name))


def _of_transition(pack: Compiled, kind: Kind, transition: Transition, here: Path) -> Iterator[Finding]:
    is_opening = transition.name == kind.opens_with
    if is_opening and transition.source_states:
        yield pack.error((*here, "from"), "开始的一步不能写从哪个状态来，请改为 []。")
    if not is_opening and not transition.source_states:
        yield pack.error((*here, "from"), "没有写从哪个状态可以办这一步，所以永远办不了。")
    for place, state in enumerate(transition.source_states):
        if state not in kind.states:
            yield pack.error((*here, "from", place), f"没有“{state}”这个状态" + hint(state, kind.states))
    yield from _of_target(pack, kind, transition, here)
    for field in _CLOCK_FIELDS:
        for place, clock in enumerate(getattr(transition, field)):
            if clock not in kind.clocks:
                yield pack.error((*here, field, place), f"没有“{clock}”这个时限" + hint(clock, kind.clocks))


def _of_target(pack: Compiled, kind: Kind, transition: Transition, here: Path) -> Iterator[Finding]:
    target = transition.to
    if transition.name == kind.opens_with and target[0] in "=^":
        yield pack.error((*here, "to"), "开始的一步必须写明到哪个状态。")
    elif target.startswith("^") and target[1:] not in kind.transitions:
        message = f"没有“{target[1:]}”这一步，回不到它之前的状态" + hint(target[1:], kind.transitions)
        yield pack.error((*here, "to"), message)
    elif target[0] not in "=^" and target not in kind.states:
        yield pack.error((*here, "to"), f"没有“{target}”这个状态" + hint(target, kind.states))
