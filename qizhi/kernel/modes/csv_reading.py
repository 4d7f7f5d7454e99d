"""CSV tables of a pack: a header, then one entry a row, each cell with its line and column. Pure: no Django."""

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from .nearest import hint
from .nodes import Leaf, Node, Series, Spot, Table
from .report import Report
from .yaml_reading import read_text


@dataclass(frozen=True)
class Columns:
    """The columns of one table: which must be there, which may, and how their cells are read."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    truths: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()

    @property
    def known(self) -> tuple[str, ...]:
        """All columns."""
        return (*self.required, *self.optional)


COLUMNS: dict[str, Columns] = {
    "regions": Columns(
        ("code", "name", "level", "parent_code"), ("lon", "lat"), numbers=frozenset({"lon", "lat"})
    ),
    "aliases": Columns(("region_code",), ("code_system", "code", "name")),
    "units": Columns(
        ("code", "name", "short_name", "kind", "level", "region_code"),
        ("parent", "is_official", "purposes"),
        truths=frozenset({"is_official"}),
        lists=frozenset({"purposes"}),
    ),
    "calendar": Columns(("date", "kind"), ("name",)),
    "categories": Columns(("code", "zh"), ("parent", "en")),
}


def read_csv(path: Path, file: str, columns: Columns, report: Report) -> Series:
    """Read one CSV file into a list of tables, one a row; what is wrong is reported, the rest is read on."""
    series = Series(spot=Spot(file, 1))
    text = read_text(path, file, report)
    if text is None:
        return series
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader, []), file, columns, report)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                series.items.append(_row(header, cells, Spot(file, line), columns, report))
            line = reader.line_num + 1
    except csv.Error:
        report.error(Spot(file, reader.line_num), "这一行的引号没有成对，后面的内容读不下去。")
    return series


def _header(cells: list[str], file: str, columns: Columns, report: Report) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in columns.required:
        if name not in header:
            report.error(Spot(file, 1, name), f"表头缺少“{name}”这一列。")
    for place, name in enumerate(header):
        if name not in columns.known:
            report.error(Spot(file, 1, name), f"不认识的列“{name}”" + hint(name, columns.known))
        elif name in header[:place]:
            report.error(Spot(file, 1, name), f"“{name}”这一列出现了两次。")
    return header


def _row(header: list[str], cells: list[str], spot: Spot, columns: Columns, report: Report) -> Table:
    if len(cells) > len(header):
        report.error(
            spot, f"这一行有{len(cells)}格，表头只有{len(header)}列。内容里有逗号时请给这一格加英文引号。"
        )
    row = Table(spot=spot)
    for name, cell in zip(header, cells, strict=False):
        if not cell.strip() or name not in columns.known:
            continue
        value = _cell(name, cell.strip(), Spot(spot.file, spot.line, name), columns, report)
        if value is not None:
            row.entries[name] = value
    return row


def _cell(name: str, cell: str, spot: Spot, columns: Columns, report: Report) -> Node | None:
    if name in columns.lists:
        parts = cell.replace("；", ";").split(";")
        return Series([Leaf(part.strip(), spot) for part in parts if part.strip()], spot)
    if name in columns.numbers:
        return _number(cell, spot, report)
    if name in columns.truths:
        return _truth(cell, spot, report)
    return Leaf(cell, spot)


def _number(cell: str, spot: Spot, report: Report) -> Leaf | None:
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return Leaf(float(cell), spot)
    report.error(spot, f"“{cell}”不是数字。")
    return None


def _truth(cell: str, spot: Spot, report: Report) -> Leaf | None:
    if cell.lower() in {"true", "false"}:
        return Leaf(cell.lower() == "true", spot)
    report.error(spot, f"“{cell}”应写成 true（是）或 false（否）。")
    return None
