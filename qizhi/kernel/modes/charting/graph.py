"""What a chart shows of a kind: the main way, the states beside it, and the links between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from .. import flow
from ..schema import Kind, Transition

Tone = Literal["main", "plain", "danger", "clock"]
# The main way prefers steps that are marked as such, and as many of them as there are.
_WEIGHTS = {"main": 10, "plain": 3, "danger": -20}
_RANK: dict[Tone, int] = {"danger": 0, "main": 1, "plain": 2, "clock": 3}


@dataclass(frozen=True)
class Link:
    """Steps that lead from the same states to the same states, drawn as one line with their titles."""

    transitions: tuple[Transition, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def tone(self) -> Tone:
        """The tone of the line: that of its most telling step."""
        return min((_tone(one) for one in self.transitions), key=lambda tone: _RANK[tone])

    @property
    def ends(self) -> tuple[str, ...]:
        """All states at its ends, sources first."""
        return tuple(dict.fromkeys([*self.sources, *self.targets]))


def _tone(transition: Transition) -> Tone:
    return "clock" if set(transition.by) == {"system"} else transition.tone


def spine(kind: Kind) -> tuple[str, ...]:
    """Return the states of the main way in order: the heaviest way forward through the states as declared.

    The order in which a pack declares its states is the order in which they are read; steps back do not count.
    """
    first = flow.opening(kind)
    if first is None:
        return ()
    order = {name: place for place, name in enumerate(kind.states)}
    best: dict[str, tuple[int, tuple[str, ...]]] = {first.target.state: (0, (first.target.state,))}
    for name in kind.states:
        if name not in best:
            continue
        weight, way = best[name]
        for transition in _leaving(kind, name):
            target = transition.to
            onwards = weight + _WEIGHTS[transition.tone]
            if order.get(target, -1) > order[name] and onwards > best.get(target, (-1000, ()))[0]:
                best[target] = (onwards, (*way, target))
    ends = [best[name] for name, state in kind.states.items() if state.end and name in best]
    return max(ends, default=best[first.target.state], key=lambda found: (found[0], len(found[1])))[1]


def _leaving(kind: Kind, state: str) -> Iterable[Transition]:
    return (t for t in kind.transitions.values() if state in t.source_states and t.to[0] not in "=^")


def links(kind: Kind) -> list[Link]:
    """Return the links between different states; steps with the same ends share one."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Transition]] = {}
    for transition in kind.transitions.values():
        targets = _targets(kind, transition)
        sources = tuple(
            name for name in transition.source_states if name in kind.states and (name,) != targets
        )
        if targets and sources:
            found.setdefault((tuple(sorted(sources)), targets), []).append(transition)
    return [Link(tuple(steps), sources, targets) for (sources, targets), steps in found.items()]


def _targets(kind: Kind, transition: Transition) -> tuple[str, ...]:
    if transition.to == "=":
        return ()
    if transition.to.startswith("^"):
        before = kind.transitions.get(transition.to[1:])
        return tuple(name for name in before.source_states if name in kind.states) if before else ()
    return (transition.to,) if transition.to in kind.states else ()


def staying(kind: Kind) -> list[Transition]:
    """Return the steps that leave the state as it is."""
    return [transition for transition in kind.transitions.values() if transition.to == "="]


def along(
    spine_states: tuple[str, ...], found: Iterable[Link]
) -> tuple[dict[str, list[Transition]], list[Link]]:
    """Part the links: the steps from each state of the main way to the next, and the links that remain."""
    following = dict(pairwise(spine_states))
    straight: dict[str, list[Transition]] = {}
    rest: list[Link] = []
    for link in found:
        ahead = [name for name in link.sources if link.targets == (following.get(name),)]
        for name in ahead:
            straight.setdefault(name, []).extend(link.transitions)
        others = tuple(name for name in link.sources if name not in ahead)
        if others:
            rest.append(Link(link.transitions, others, link.targets))
    return straight, rest
