"""What a kind's flow can do: exact walks over its states, with the memory that ``^name`` needs.

A `Point` is a state together with, for each transition that some target ``^name`` goes back before, the state from
which that transition was last taken. Walks over points are exact: what is reachable here is reachable by firing, and
nothing else is. Needs are not known here and count as met. Pure: no Django.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from .schema import Kind, Transition

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Point:
    """A state, and from where each remembered transition was last taken (empty: never)."""

    state: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """That `transition` leads from one point to another; `source` is None for the opening."""

    transition: str
    source: Point | None
    target: Point


def remembered(kind: Kind) -> tuple[str, ...]:
    """Return the transitions before which some target goes back, in order."""
    names = {t.to[1:] for t in kind.transitions.values() if t.to.startswith("^")}
    return tuple(sorted(names))


def opening(kind: Kind) -> Move | None:
    """Return the move that opens a matter, or None when the kind has no such transition or it leads nowhere."""
    first = kind.transitions.get(kind.opens_with)
    if first is None or first.to not in kind.states:
        return None
    return Move(first.name, None, Point(first.to, tuple("" for _ in remembered(kind))))


def moves(kind: Kind, point: Point) -> Iterator[Move]:
    """Yield every move from `point`, in the order of the kind's transitions."""
    memory = remembered(kind)
    for transition in kind.transitions.values():
        if point.state not in transition.source_states:
            continue
        target = _target(transition, point, memory)
        if target in kind.states:
            before = tuple(
                point.state if name == transition.name else past
                for name, past in zip(memory, point.before, strict=True)
            )
            yield Move(transition.name, point, Point(target, before))


def _target(transition: Transition, point: Point, memory: tuple[str, ...]) -> str:
    if transition.to == "=":
        return point.state
    if transition.to.startswith("^"):
        return point.before[memory.index(transition.to[1:])]
    return transition.to


def explore(
    start: Place, after: Callable[[Place], Iterable[tuple[str, Place]]]
) -> dict[Place, tuple[str, ...]]:
    """Return every place that can be reached from `start`, with a shortest way of labels to it."""
    ways: dict[Place, tuple[str, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for label, there in after(here):
            if there not in ways:
                ways[there] = (*ways[here], label)
                queue.append(there)
    return ways


def points(kind: Kind) -> dict[Point, tuple[str, ...]]:
    """Return every point that a matter of this kind can come to, with a shortest way of transitions to it."""
    first = opening(kind)
    if first is None:
        return {}
    found = explore(
        first.target, lambda point: ((move.transition, move.target) for move in moves(kind, point))
    )
    return {point: (first.transition, *way) for point, way in found.items()}


def reachable_states(kind: Kind) -> set[str]:
    """Return the states that a matter can come to."""
    return {point.state for point in points(kind)}


def taken_transitions(kind: Kind) -> set[str]:
    """Return the transitions that a matter can take, the opening one among them."""
    first = opening(kind)
    found = {move.transition for point in points(kind) for move in moves(kind, point)}
    return found | {first.transition} if first else found


def stuck_points(kind: Kind) -> dict[Point, tuple[str, ...]]:
    """Return the reachable points from which no end state can be reached, with a shortest way to each."""
    reached = points(kind)
    backwards: dict[Point, list[Point]] = {}
    for point in reached:
        for move in moves(kind, point):
            backwards.setdefault(move.target, []).append(point)
    ends = [point for point in reached if kind.states[point.state].end]
    closing: set[Point] = set(ends)
    queue = deque(ends)
    while queue:
        for before in backwards.get(queue.popleft(), ()):
            if before not in closing:
                closing.add(before)
                queue.append(before)
    return {point: way for point, way in reached.items() if point not in closing}


def resolving_ends(kind: Kind) -> set[str]:
    """Return the end states that count as resolved; all ends where none is marked as `done`."""
    ends = {name for name, state in kind.states.items() if state.end}
    return {name for name in ends if kind.states[name].done} or ends


Run = tuple[Point, bool]


def runs(kind: Kind, clock: str) -> dict[Run, tuple[str, ...]]:
    """Return every pair of a point and whether `clock` runs (or is paused) there, with a shortest way to each.

    Stops come before starts within one transition, so that naming a clock in both restarts it.
    """
    first = opening(kind)
    if first is None:
        return {}
    start = (first.target, _runs(kind, first.transition, clock, False))
    ways = explore(start, lambda run: _onwards(kind, clock, run))
    return {run: (first.transition, *way) for run, way in ways.items()}


def _onwards(kind: Kind, clock: str, run: Run) -> Iterator[tuple[str, Run]]:
    point, is_running = run
    for move in moves(kind, point):
        yield move.transition, (move.target, _runs(kind, move.transition, clock, is_running))


def states_while_running(kind: Kind, clock: str) -> set[str]:
    """Return the states in which a matter may be while `clock` runs or is paused."""
    return {point.state for point, is_running in runs(kind, clock) if is_running}


def running_at_end(kind: Kind, clock: str) -> dict[str, tuple[str, ...]]:
    """Return every transition that brings a matter to a resolving end while `clock` still runs, with such a way.

    A matter that ends otherwise (withdrawn, not accepted, merged) has its clocks cancelled by the loop; one that is
    resolved must have kept or missed its promise, so every way to such an end has to stop the clock.
    """
    ends = resolving_ends(kind)
    found: dict[str, tuple[str, ...]] = {}
    for run, way in runs(kind, clock).items():
        point, is_running = run
        if len(way) == 1 and is_running and point.state in ends:
            found[way[0]] = way
        if point.state in ends:
            continue
        for transition, (target, still_running) in _onwards(kind, clock, run):
            if still_running and target.state in ends:
                found.setdefault(transition, (*way, transition))
    return found


def _runs(kind: Kind, transition: str, clock: str, running: bool) -> bool:
    taken = kind.transitions[transition]
    return clock in taken.starts or (running and clock not in taken.stops)


def walk_path(kind: Kind, path: Iterable[str]) -> tuple[Point | None, str | None]:
    """Take the transitions of `path` from the opening on.

    Returns:
        The point that is reached and None, or the point at which the path cannot go on and the transition that
        cannot be taken there; the point is None when already the opening is another one.
    """
    point: Point | None = None
    for name in path:
        if point is None:
            first = opening(kind)
            found = [first] if first and first.transition == name else []
        else:
            found = [move for move in moves(kind, point) if move.transition == name]
        if not found:
            return point, name
        point = found[0].target
    return point, None
