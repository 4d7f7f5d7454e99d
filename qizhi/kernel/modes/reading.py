"""One pack folder, read as it stands into one tree.

The tree is a table with `head` (mode.yaml), `kinds`, `routes`, `methods` (tables by name), `roles` (a table by
key), `calendar`, `categories`, `regions`, `aliases`, `units` (lists of rows) and `cases` (a list). A missing file
is an empty part. Nothing is checked here but that it can be read. Pure: no Django.
"""

from pathlib import Path

from .csv_reading import COLUMNS, read_csv
from .nearest import nearest
from .nodes import Leaf, Node, Series, Spot, Table
from .report import Report
from .yaml_reading import read_yaml

# Folders of YAML files with one named thing in each.
NAMED_FOLDERS = ("kinds", "routes", "methods")
# Within a kind, tables whose entries take their name from their key.
_NAMED_IN_KIND = ("states", "transitions", "clocks")
_FILES = {"mode.yaml", "roles.yaml", *(f"{name}.csv" for name in COLUMNS)}
_FOLDERS = {*NAMED_FOLDERS, "tests"}
# What a pack may hold besides; other rooms read it.
_OTHER = {"demo", "registers", "figures", "checklists", "programmes", "documents"}


def read_pack(folder: Path, report: Report) -> Table:
    """Read the pack in `folder`; whatever cannot be read is reported and left out."""
    pack = Table(spot=Spot(f"{folder.name}/mode.yaml", 1))
    reader = _Reader(folder, report)
    pack.entries["head"] = reader.table("mode.yaml")
    for name in NAMED_FOLDERS:
        pack.entries[name] = reader.named(name)
    pack.entries["roles"] = _named_by_key(reader.table("roles.yaml"), "key", report)
    for name, columns in COLUMNS.items():
        path = folder / f"{name}.csv"
        file = reader.label(path)
        pack.entries[name] = (
            read_csv(path, file, columns, report) if path.is_file() else Series(spot=Spot(file, 1))
        )
    pack.entries["cases"] = reader.cases()
    reader.look_for_strangers()
    return pack


class _Reader:
    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.report = report

    def label(self, path: Path) -> str:
        """How the file is called in findings: the pack folder's name and the path in it."""
        return f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"

    def table(self, name: str) -> Table:
        path = self.folder / name
        file = self.label(path)
        root = read_yaml(path, file, self.report) if path.is_file() else None
        if root is None or isinstance(root, Table):
            return root or Table(spot=Spot(file, 1))
        self.report.error(Spot(file, root.spot.line), "整个文件应是“名称: 内容”的形式。")
        return Table(spot=Spot(file, 1))

    def named(self, folder: str) -> Table:
        """The files of one folder as a table by name; a name that is not given is the file's own."""
        found = Table(spot=Spot(f"{self.folder.name}/{folder}", 1))
        for path in self._yaml_files(folder):
            table = self.table(path.relative_to(self.folder).as_posix())
            if not table.entries:
                continue
            name = table.text("name") or table.text("extends") or path.stem
            table.entries.setdefault("name", Leaf(name, table.spot.below("name")))
            if name in found.entries:
                first = found.entries[name].spot.file
                self.report.error(table.entries["name"].spot, f"“{name}”已经写在 {first} 里，请只留一处。")
                continue
            found.entries[name] = _with_names(table, self.report) if folder == "kinds" else table
        return found

    def cases(self) -> Series:
        series = Series(spot=Spot(f"{self.folder.name}/tests", 1))
        for path in self._yaml_files("tests"):
            file = self.label(path)
            root = read_yaml(path, file, self.report)
            if isinstance(root, Series):
                series.items += root.items
            elif root is not None:
                self.report.error(Spot(file, root.spot.line), "用例文件应是一个列表，每一项以“- ”开头。")
        return series

    def _yaml_files(self, folder: str) -> list[Path]:
        return sorted((self.folder / folder).glob("*.yaml"))

    def look_for_strangers(self) -> None:
        """Warn of files and folders whose names look like a slip of a known one."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.iterdir()):
            known = _FOLDERS if path.is_dir() else _FILES
            if path.name in known | _OTHER:
                continue
            if meant := nearest(path.name.lower(), known):
                self.report.warning(Spot(self.label(path), 1), f"没有读这个名称，是不是想写“{meant}”？")
        for folder in sorted(_FOLDERS):
            for path in sorted((self.folder / folder).glob("*.yml")):
                self.report.warning(Spot(self.label(path), 1), "没有读这个文件，请把扩展名改为 .yaml。")


def _with_names(kind: Table, report: Report) -> Table:
    for part in _NAMED_IN_KIND:
        _named_by_key(kind.table(part), "name", report)
    return kind


def _named_by_key(table: Table, field: str, report: Report) -> Table:
    """Give each entry its key as `field`; one that already says another name is reported."""
    for key, entry in table.entries.items():
        if not isinstance(entry, Table):
            continue
        if field not in entry.entries:
            entry.entries[field] = Leaf(key, entry.spot)
        elif entry.text(field) != key:
            report.error(_spot(entry, field), f"这里写的名称与上面的“{key}”不一致，请删去这一行。")
            entry.entries[field] = Leaf(key, entry.spot)
    return table


def _spot(table: Table, field: str) -> Spot:
    node: Node = table.entries[field]
    return node.spot
