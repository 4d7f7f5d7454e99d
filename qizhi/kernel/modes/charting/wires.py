"""Lines beside the main way: each gathers its states on one upright rail, and the rails share a channel.

A rail is a bus: short level taps lead from the states where a step may be taken to the rail, and on to the state
that it leads to. Rails that do not overlap share a slot; slots are ordered so that few taps cross rails.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from .graph import Link

PORT, LETTER = 13.0, 13.0
_APART = 9.0
_LEVEL, _CLEAR = 5.0, 3.5
_STEPS = (0.0, 3.0, -2.0, 5.0, -4.0)


@dataclass
class Wire:
    """A link in a channel: its words, at which state they stand, and its ports (state → height)."""

    link: Link
    words: list[str]
    worded: str
    ports: dict[str, float] = field(default_factory=dict)
    slot: int = 0
    x: float = 0.0

    @property
    def top(self) -> float:
        """Where its rail begins."""
        return min(self.ports.values())

    @property
    def bottom(self) -> float:
        """Where its rail ends."""
        return max(self.ports.values())

    def room(self, state: str) -> float:
        """How much height its port at `state` takes: the words stand above the line."""
        return LETTER * len(self.words) + 7 if state == self.worded else PORT


def settle(wires: Sequence[Wire], near: set[str]) -> None:
    """Make wires level that nearly are, and move ports apart that face each other across the channel.

    Two taps of different wires at one height, one from each side, would look like one line.
    """
    for wire in wires:
        if len(wire.ports) == 2 and wire.bottom - wire.top <= _LEVEL:
            wire.ports = dict.fromkeys(wire.ports, wire.ports[wire.worded])
    for wire in wires:
        others = [other for other in wires if other is not wire]
        facing = [height for other in others for state, height in other.ports.items() if state not in near]
        for state, height in wire.ports.items():
            if state in near and wire.bottom > wire.top:
                # The ports beside the words stay: there the lines stand closer.
                moved = (height + step for step in _STEPS)
                wire.ports[state] = next(
                    (y for y in moved if all(abs(y - z) >= _CLEAR for z in facing)), height
                )


def give_slots(wires: Sequence[Wire], near: set[str]) -> int:
    """Give each wire a slot, 0 nearest to the states of `near`, and return how many slots there are."""
    slots: list[list[Wire]] = []
    for wire in sorted(wires, key=lambda one: (one.top, one.bottom)):
        free = next((slot for slot in slots if all(_apart(wire, other) for other in slot)), None)
        if free is None:
            slots.append([wire])
        else:
            free.append(wire)
    _number(slots)
    _improve(slots, wires, near)
    return len(slots)


def _apart(one: Wire, other: Wire) -> bool:
    return one.bottom + _APART < other.top or other.bottom + _APART < one.top


def _number(slots: list[list[Wire]]) -> None:
    for number, slot in enumerate(slots):
        for wire in slot:
            wire.slot = number


def _improve(slots: list[list[Wire]], wires: Sequence[Wire], near: set[str]) -> None:
    """Exchange slots as long as that saves crossings; few slots, so every pair is tried."""
    best = _crossings(wires, near)
    improved = True
    while improved:
        improved = False
        for first, second in combinations(range(len(slots)), 2):
            slots[first], slots[second] = slots[second], slots[first]
            _number(slots)
            found = _crossings(wires, near)
            if found < best:
                best, improved = found, True
            else:
                slots[first], slots[second] = slots[second], slots[first]
                _number(slots)


def _crossings(wires: Sequence[Wire], near: set[str]) -> int:
    """How often a tap crosses another wire's rail."""
    return sum(
        1
        for wire in wires
        for state, height in wire.ports.items()
        for other in wires
        if other is not wire
        and (other.slot < wire.slot if state in near else other.slot > wire.slot)
        and other.top < height < other.bottom
    )
