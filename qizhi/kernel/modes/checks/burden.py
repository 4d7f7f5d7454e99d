"""Proof: nobody is asked the same thing twice (the burden guard).

An input of step B asks again what step A asked when all of this holds:

1. both ask for an input of the same name and type, required in both; texts and files must also have the same title,
   since each step's own account is not the same question;
2. A and B are taken by the same staff roles and by nobody else, so that it is the same desk;
3. after A, every way to a resolved state passes B: B is no choice (giving a matter to another unit is one);
4. on some such way only these roles act between A and B, and no step between asks for the input: nothing changed.

**Source:** `architecture.md` §1 promise 3 (no form filled twice).
"""

from collections.abc import Iterator

from ..compiling import Compiled
from ..errors import Finding
from ..flow import Point, explore, moves, points
from ..schema import Input, InputType, Kind, Transition
from ..slips import without_slips
from .hands import PSEUDO_ROLES

_ACCOUNTS = frozenset({InputType.TEXT, InputType.FILES})


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each input that the same person must fill in again."""
    for declared in pack.mode.kinds.values():
        kind = without_slips(declared)
        reached = points(kind)
        for later in kind.transitions.values():
            for place, asked in enumerate(later.inputs):
                earlier = _asked_before(kind, reached, later, asked)
                if earlier is not None:
                    here = ("kinds", kind.name, "transitions", later.name, "inputs", place)
                    message = (
                        f"“{asked.title.zh}”在上一步“{earlier.title.zh}”已经由同一个人填过，请不要再问一遍。"
                    )
                    yield pack.error(here, message)


def _asked_before(
    kind: Kind, reached: dict[Point, tuple[str, ...]], later: Transition, asked: Input
) -> Transition | None:
    for earlier in kind.transitions.values():
        if earlier.name == later.name or _desk(earlier) != _desk(later) or not _desk(later):
            continue
        if not any(_is_same(one, asked) for one in earlier.inputs):
            continue
        after = [
            move.target for point in reached for move in moves(kind, point) if move.transition == earlier.name
        ]
        if earlier.name == kind.opens_with:
            after = [point for point, way in reached.items() if len(way) == 1]
        if any(_must_ask_again(kind, point, later, asked) for point in after):
            return earlier
    return None


def _desk(transition: Transition) -> frozenset[str]:
    """The roles that take the step; empty when the citizen or the clock may, since then it is no one desk's."""
    roles = frozenset(transition.by)
    return frozenset() if roles & set(PSEUDO_ROLES) else roles


def _is_same(one: Input, other: Input) -> bool:
    alike = one.name == other.name and one.type is other.type and one.required and other.required
    return alike and (one.type not in _ACCOUNTS or one.title.zh == other.title.zh)


def _must_ask_again(kind: Kind, start: Point, later: Transition, asked: Input) -> bool:
    around = explore(start, lambda point: _steps(kind, point, without=later.name))
    resolved = {state.name for state in kind.states.values() if state.done or state.end}
    wanted = {name for name in resolved if kind.states[name].done} or resolved
    if any(point.state in wanted for point in around):
        return False
    same_hands = explore(
        start, lambda point: _steps(kind, point, without=later.name, desk=later, asked=asked)
    )
    return any(point.state in later.source_states for point in same_hands)


def _steps(
    kind: Kind, point: Point, *, without: str, desk: Transition | None = None, asked: Input | None = None
) -> Iterator[tuple[str, Point]]:
    for move in moves(kind, point):
        taken = kind.transitions[move.transition]
        if move.transition == without or (desk is not None and _desk(taken) != _desk(desk)):
            continue
        if asked is None or all(one.name != asked.name for one in taken.inputs):
            yield move.transition, move.target
