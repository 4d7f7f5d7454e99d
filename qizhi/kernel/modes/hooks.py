"""What rooms that stand above lend to this one: past cases, what live data uses, and carrying matters over."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .models import ModeVersion
from .trying import PastCase

Name = str


@dataclass(frozen=True)
class Usage:
    """What live data uses: names of kinds, (kind, state) pairs of open matters, codes of units and regions, roles."""

    kinds: frozenset[Name] = frozenset()
    states: frozenset[tuple[Name, Name]] = frozenset()
    units: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    roles: frozenset[Name] = frozenset()

    def joined(self, other: "Usage") -> "Usage":
        """Return what is in one or the other."""
        return Usage(
            self.kinds | other.kinds,
            self.states | other.states,
            self.units | other.units,
            self.regions | other.regions,
            self.roles | other.roles,
        )


CarryOver = Callable[[ModeVersion, Sequence[Name]], None]

_past_cases: list[Callable[[], Iterable[PastCase]]] = []
_usage: list[Callable[[], Usage]] = []
_carry_over: list[CarryOver] = []


def register_past_cases(function: Callable[[], Iterable[PastCase]]) -> None:
    """Register a function that returns past cases for `mode try`, the latest first."""
    _past_cases.append(function)


def register_usage(function: Callable[[], Usage]) -> None:
    """Register a function that returns what live data uses, asked inside the transaction of `apply`."""
    _usage.append(function)


def register_carry_over(function: CarryOver) -> None:
    """Register what carries open matters over to a new version.

    ``function(version, kinds)`` is called inside the transaction of `apply`, after the version was stored, with the
    names of the kinds whose `carry_over` is `move`.
    """
    _carry_over.append(function)


def past_cases() -> Iterator[PastCase]:
    """Yield the past cases of all rooms."""
    for function in _past_cases:
        yield from function()


def usage() -> Usage:
    """Return what the live data of all rooms uses."""
    whole = Usage()
    for function in _usage:
        whole = whole.joined(function())
    return whole


def carry_over(version: ModeVersion, kinds: Sequence[Name]) -> None:
    """Let all rooms carry their open matters of `kinds` over to `version`."""
    for function in _carry_over:
        function(version, kinds)
