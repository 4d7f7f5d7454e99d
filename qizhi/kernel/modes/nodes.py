"""Values that know where they were written.

What a pack says is read into a tree of `Leaf`, `Series` and `Table`; each node keeps its `Spot` (file, line,
field). The tree is what packs are stacked in, so that after stacking a finding still points to the file and
line in which the value stands. Pure: no Django.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

Step = str | int
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is written: the file (pack folder and path in it), the line from 1, the field in that file."""

    file: str
    line: int
    field: str = ""

    def below(self, name: str) -> "Spot":
        """Return the spot of a field `name` that ought to stand below this one."""
        return replace(self, field=f"{self.field}.{name}" if self.field else name)


NOWHERE = Spot(file="", line=0)


@dataclass(slots=True)
class Leaf:
    """A single value: text, number, truth or nothing."""

    value: str | int | float | bool | None
    spot: Spot = NOWHERE


@dataclass(slots=True)
class Series:
    """A list of values, in order."""

    items: list["Node"] = field(default_factory=list)
    spot: Spot = NOWHERE


@dataclass(slots=True)
class Table:
    """Named values, in the order in which they were written."""

    entries: dict[str, "Node"] = field(default_factory=dict)
    spot: Spot = NOWHERE

    def text(self, name: str) -> str:
        """Return the text under `name`, or an empty text when there is none."""
        found = self.entries.get(name)
        return found.value if isinstance(found, Leaf) and isinstance(found.value, str) else ""

    def table(self, name: str) -> "Table":
        """Return the table under `name`, or an empty one when there is none."""
        found = self.entries.get(name)
        return found if isinstance(found, Table) else Table(spot=self.spot)

    def series(self, name: str) -> "Series":
        """Return the list under `name`, or an empty one when there is none."""
        found = self.entries.get(name)
        return found if isinstance(found, Series) else Series(spot=self.spot)


Node = Leaf | Series | Table


def plain(node: Node) -> Any:
    """Return the value of `node` as ordinary dictionaries, lists and scalars."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Series):
        return [plain(item) for item in node.items]
    return {name: plain(entry) for name, entry in node.entries.items()}


def child(node: Node, step: Step) -> Node | None:
    """Return the node one step below, or None when there is none."""
    if isinstance(node, Table):
        return node.entries.get(str(step))
    if isinstance(node, Series) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None


def follow(node: Node, path: Iterable[Step]) -> tuple[Node, list[Step]]:
    """Walk down `path` and return the last node found, with the steps that no node was found for.

    Steps that name no node are passed over, since paths of validation errors also hold the names of the
    alternatives that were tried.
    """
    missed: list[Step] = []
    for step in path:
        found = child(node, step)
        if found is None:
            missed.append(step)
        else:
            node, missed = found, []
    return node, missed


def spot_of(node: Node, path: Iterable[Step]) -> Spot:
    """Return where the value at `path` is written; for one that is absent, where its parent is, with its name."""
    found, missed = follow(node, path)
    spot = found.spot
    for step in missed:
        spot = spot.below(str(step))
    return spot


def walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Yield every node at and below `node` with its path, parents first."""
    yield path, node
    if isinstance(node, Table):
        for name, entry in node.entries.items():
            yield from walk(entry, (*path, name))
    elif isinstance(node, Series):
        for place, item in enumerate(node.items):
            yield from walk(item, (*path, place))
