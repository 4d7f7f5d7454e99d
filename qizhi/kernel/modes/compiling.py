"""From a pack folder to the mode: read, stack, shape, generate, and (by `load`) prove.

Pure: no Django.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path as Folder
from typing import Any, TypeVar

from pydantic import BaseModel

from . import generating
from .errors import Finding, PackBroken
from .nodes import Leaf, Node, Path, Series, Spot, Table, spot_of
from .report import Report, errors_in
from .schema import (
    AliasDecl,
    Category,
    DayDecl,
    Generate,
    Head,
    Kind,
    Method,
    Mode,
    RegionDecl,
    RoleDecl,
    RouteCase,
    RouteTable,
    UnitDecl,
    Words,
)
from .shaping import mended, name_leaf, shape
from .stacking import read_stack, stack_packs

Shape = TypeVar("Shape", bound=BaseModel)
NAMED: dict[str, type[BaseModel]] = {
    "kinds": Kind,
    "routes": RouteTable,
    "methods": Method,
    "roles": RoleDecl,
}
ROWS: dict[str, tuple[type[BaseModel], str]] = {
    "calendar": (DayDecl, "date"),
    "categories": (Category, "code"),
    "regions": (RegionDecl, "code"),
    "aliases": (AliasDecl, "code"),
    "units": (UnitDecl, "code"),
    "cases": (RouteCase, "name"),
}


@dataclass(frozen=True)
class Compiled:
    """A pack as far as it can be understood, what is wrong with it, and where each value was written.

    `broken` holds by section the names of things that were left out because of errors of shape; proofs take them
    as known, so that nothing else is blamed for their absence.
    """

    mode: Mode
    findings: list[Finding]
    origin: Node
    broken: dict[str, frozenset[str]] = field(default_factory=dict)

    def error(self, path: Path, message: str) -> Finding:
        """Return the finding that what stands at `path` of the mode is wrong."""
        spot = spot_of(self.origin, path)
        return Finding(spot.file, spot.line, spot.field, message)

    def warning(self, path: Path, message: str) -> Finding:
        """Return the finding that what stands at `path` of the mode is worth a look."""
        return replace(self.error(path, message), is_warning=True)

    def names(self, section: str) -> list[str]:
        """Return the names that `section` has, for finding the nearest one to a slip."""
        return [*self._names(section), *self.broken.get(section, ())]

    @property
    def is_law(self) -> bool:
        """Whether the pack has no county: it is law for other packs, and has no places and units of its own."""
        return not self.mode.county

    def knows(self, section: str, name: str) -> bool:
        """Whether `section` has `name`, be it one that was left out because of an error of its own."""
        return name in self.broken.get(section, frozenset()) or name in self._names(section)

    def _names(self, section: str) -> Iterable[str]:
        held = getattr(self.mode, section)
        return held if isinstance(held, dict) else (item.code for item in held)

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep the pack from being applied."""
        return errors_in(self.findings)


def compile_pack(folder: Folder) -> Compiled:
    """Read the pack in `folder` with all packs above it and return the mode that they make together.

    Errors of reading, of shape and of law (a lower pack that loosens) are among `findings`; what has an error is
    left out of the mode. Whether the flows hold is proven by `checking.check`.
    """
    report = Report()
    stack = read_stack(folder.resolve(), report)
    if not stack:
        return Compiled(_nothing(folder), report.findings, Table())
    _shape_wholes([pack for _, pack in stack], report)
    tree = stack_packs([pack for _, pack in stack], report)
    return _Compiler(tree, tuple(name for name, _ in stack), report).run()


def _shape_wholes(stack: list[Table], report: Report) -> None:
    """Tell the errors of shape of each kind as it is first declared, lest a lower pack's word hides an upper one's."""
    declared: set[str] = set()
    for pack in stack:
        for name, kind in pack.table("kinds").entries.items():
            if name not in declared and isinstance(kind, Table) and "extends" not in kind.entries:
                shape(Kind, kind, report)
            declared.add(name)


def load(folder: Folder) -> Mode:
    """Return the mode of the pack in `folder`, proven.

    Raises:
        PackBroken: the pack has errors; it lists every one.
    """
    from .checking import check

    compiled = check(compile_pack(folder))
    if compiled.errors:
        raise PackBroken(compiled.errors)
    return compiled.mode


def _nothing(folder: Folder) -> Mode:
    return Mode(name="unreadable", title=Words(zh=folder.name), version="0")


class _Compiler:
    """Shapes one tree; `origin` is the tree as the mode has it: what was left out is gone, what was made is there."""

    def __init__(self, tree: Table, stack: tuple[str, ...], report: Report) -> None:
        self.tree = tree
        self.stack = stack
        self.report = report
        self.broken: dict[str, set[str]] = {}
        self.origin: dict[str, Node] = {}

    def run(self) -> Compiled:
        head_node = self.tree.table("head")
        head = shape(Head, head_node, self.report) or mended(Head, head_node)
        parts: dict[str, Any] = {section: self._named(section, model) for section, model in NAMED.items()}
        parts |= {section: self._rows(section, model, name) for section, (model, name) in ROWS.items()}
        self._generate(parts, head.generate if head else Generate())
        mode = Mode(
            name=head.name if head else "unreadable",
            title=head.title if head else Words(zh=self.stack[-1]),
            version=head.version if head else "0",
            county=head.county if head else head_node.text("county"),
            mode_method=head.mode_method if head else head_node.text("mode_method"),
            stack=self.stack,
            **parts,
        )
        broken = {section: frozenset(names) for section, names in self.broken.items()}
        origin = Table({**head_node.entries, **self.origin}, head_node.spot)
        return Compiled(mode, self.report.findings, origin, broken)

    def _named(self, section: str, model: type[Shape]) -> dict[str, Shape]:
        found: dict[str, Shape] = {}
        table = self.tree.table(section)
        for name, node in table.entries.items():
            shaped = self._shaped(section, model, node, name)
            if shaped is not None:
                found[name] = shaped
        self.origin[section] = table
        return found

    def _shaped(self, section: str, model: type[Shape], node: Node, name: str) -> Shape | None:
        if not isinstance(node, Table):
            self.report.error(node.spot, f"“{name}”下面应是若干“名称: 内容”。")
            shaped = None
        else:
            shaped = shape(model, node, self.report)
            if shaped is None and section == "kinds":
                shaped = mended(model, node)
            if shaped is None and section == "kinds":
                self.report.warning(
                    node.spot, f"“{name}”的流程写法有误，这次没有检查流程；改正后请再查一次。"
                )
        if shaped is None:
            self.broken.setdefault(section, set()).add(name)
        return shaped

    def _rows(self, section: str, model: type[Shape], key: str) -> tuple[Shape, ...]:
        series = self.tree.series(section)
        kept: list[Node] = []
        found: list[Shape] = []
        for node in series.items:
            shaped = self._shaped(section, model, node, name_leaf(node, key))
            if shaped is not None:
                kept.append(node)
                found.append(shaped)
        self.origin[section] = Series(kept, series.spot)
        return tuple(found)

    def _generate(self, parts: dict[str, Any], rule: Generate) -> None:
        spot = spot_of(self.tree, ("head", "generate"))
        self._add(parts, "regions", generating.grids(parts["regions"], rule), spot)
        self._add(parts, "units", generating.units(parts["regions"], parts["units"], rule), spot)

    def _add(self, parts: dict[str, Any], section: str, made: list[Any], spot: Spot) -> None:
        parts[section] = (*parts[section], *made)
        origin = self.origin[section]
        if isinstance(origin, Series):
            origin.items += [Leaf(None, spot) for _ in made]
