"""Proof: every state can be reached, every transition can be taken, and from everywhere an end can be reached."""

from collections.abc import Iterator

from .. import flow
from ..compiling import Compiled
from ..errors import Finding
from ..nodes import Path
from ..schema import Kind
from ..slips import without_slips


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each unreachable state or transition, and each state from which no end can be reached."""
    for kind in pack.mode.kinds.values():
        here: Path = ("kinds", kind.name)
        if not any(state.end for state in kind.states.values()):
            yield pack.error((*here, "states"), "没有一个结束状态（end: true），事情永远办不完。")
        elif flow.opening(without_slips(kind)) is not None:
            yield from _of_kind(pack, without_slips(kind), here)


def _of_kind(pack: Compiled, kind: Kind, here: Path) -> Iterator[Finding]:
    reached, taken = flow.reachable_states(kind), flow.taken_transitions(kind)
    for name in kind.states:
        if name not in reached:
            yield pack.error(
                (*here, "states", name), f"状态“{kind.states[name].title.zh}”从任何一步都到不了。"
            )
    for transition in kind.transitions.values():
        waits_in_vain = transition.source_states and transition.name not in taken
        if waits_in_vain and reached & set(transition.source_states):
            message = f"“{transition.title.zh}”永远办不了：要回到的那一步在它之前不可能发生。"
            yield pack.error((*here, "transitions", transition.name, "to"), message)
    told: set[str] = set()
    for point, way in flow.stuck_points(kind).items():
        if point.state not in told:
            told.add(point.state)
            title = kind.states[point.state].title.zh
            message = f"到了状态“{title}”就再也到不了结束状态（走法：{way_in_words(kind, way)}）。"
            yield pack.error((*here, "states", point.state), message)


def way_in_words(kind: Kind, way: tuple[str, ...]) -> str:
    """Return a way as the titles of its transitions."""
    return "→".join(kind.transitions[name].title.zh for name in way)
