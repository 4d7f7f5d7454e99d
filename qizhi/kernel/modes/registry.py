"""The names that packs may use: needs (guards) and effects, each a function of some room's `rules.py`.

`mode check` knows them all, and refuses a pack that names one that is not here. The argument of every rule is
the firing of the loop; it is typed loosely here because this room stands below the loop.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., Any])


@dataclass(frozen=True)
class Named:
    """A registered rule: its function, and the names of its parameters after the firing."""

    name: str
    function: Callable[..., Any]
    params: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def says(self) -> str:
        """The first line of the rule's description."""
        return (inspect.getdoc(self.function) or "").split("\n")[0]


NEEDS: dict[str, Named] = {}
EFFECTS: dict[str, Named] = {}


def need(function: Rule) -> Rule:
    """Register a need: ``function(firing, **params)`` returns None when it holds, else the reason in words."""
    NEEDS[function.__name__] = named(function)
    return function


def effect(function: Rule) -> Rule:
    """Register an effect: ``function(firing, **params)`` changes rows inside the firing's transaction."""
    EFFECTS[function.__name__] = named(function)
    return function


def named(function: Callable[..., Any]) -> Named:
    """Return a rule's function with what `mode check` asks of it: the parameters after the firing."""
    given = list(inspect.signature(function).parameters.values())[1:]
    return Named(
        name=function.__name__,
        function=function,
        params=tuple(p.name for p in given),
        required=tuple(p.name for p in given if p.default is inspect.Parameter.empty),
    )


# Value sets that are fixed by some room and not by a pack, such as the channels; told by `register_values`.
VALUES: dict[str, frozenset[str]] = {}

# The pages that a part of a method may name as what realises it, with their titles; faces know their addresses.
PAGES: dict[str, str] = {"portal": "群众端", "desk": "工作台", "county": "全县情况", "mode": "工作模式"}


def register_values(**sets: Iterable[str]) -> None:
    """Tell value sets by the field of a matter that takes them: ``register_values(channel=Channel.values)``."""
    for name, values in sets.items():
        VALUES[name] = frozenset(values)
