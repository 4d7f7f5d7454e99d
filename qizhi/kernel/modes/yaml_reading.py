"""YAML as packs use it: a strict part of the language, each value with its line.

Only ``true`` and ``false`` are truth values and only plain decimal numbers are numbers, so that ``no``, ``on``,
``2026-01-01``, ``0123`` and ``12:30`` stay the words that they look like. Anchors, references and tags are
refused: what is read is what is written. Pure: no Django.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from .nodes import Leaf, Node, Series, Spot, Table
from .report import Report

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PackLoader(_Base):  # type: ignore[misc]
    """The loader that only knows the plain forms of truth, number and nothing."""

    yaml_implicit_resolvers: dict[str, Any] = {}


_PLAIN: tuple[tuple[str, str, str], ...] = (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
)
for _tag, _form, _first in _PLAIN:
    PackLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_form})$"), list(_first))
PackLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])

# What the parser says → what a clerk can do about it.
_SYNTAX: tuple[tuple[str, str], ...] = (
    (
        "cannot start any token",
        "这里有不能直接使用的符号（例如制表符、@、`）。缩进请用空格，文字请加英文引号。",
    ),
    (
        "mapping values are not allowed",
        "这一行多了一个冒号，或者上一行缩进不对。文字里有冒号时请给文字加英文引号。",
    ),
    ("could not find expected ':'", "这一行缺少冒号，或者冒号后面没有空格。"),
    ("expected <block end>", "缩进不对：同一级的内容要左边对齐。"),
    ("found unexpected end of stream", "引号没有成对，文件在引号里就结束了。"),
    ("expected ',' or", "括号没有成对，或者少了逗号。"),
    ("expected a single document", "一个文件里只能有一份内容，请删去“---”以后的部分或另存一个文件。"),
    ("found undefined alias", "不支持“*名称”这种引用，请把内容直接写出来。"),
    ("special characters are not allowed", "文件里有看不见的控制符号，请删去。"),
)


def read_text(path: Path, file: str, report: Report) -> str | None:
    """Return the text of `path`, or None when it is not UTF-8, which is then reported."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        report.error(Spot(file, line), "文件不是 UTF-8 编码。请另存为 UTF-8（Excel 选“CSV UTF-8”）后再试。")
        return None


def read_yaml(path: Path, file: str, report: Report) -> Node | None:
    """Read one YAML file into a tree; None when it is empty or cannot be read, the latter being reported."""
    text = read_text(path, file, report)
    if text is None:
        return None
    try:
        root = yaml.compose(text, Loader=PackLoader)
    except yaml.MarkedYAMLError as error:
        report.error(Spot(file, _line(error)), _syntax_message(error))
        return None
    except yaml.YAMLError as error:
        report.error(Spot(file, 1), _syntax_message(error))
        return None
    return None if root is None else _Converter(file, report).convert(root, Spot(file, _start(root)))


def _line(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _syntax_message(error: yaml.YAMLError) -> str:
    said = str(error)
    for part, message in _SYNTAX:
        if part in said:
            return message
    return f"YAML 写法有误，读不下去（{str(getattr(error, 'problem', '') or said).splitlines()[0]}）。"


def _start(node: Any) -> int:
    return int(node.start_mark.line) + 1


class _Converter:
    """Turns YAML's own nodes into ours; a node that is met twice was referred to, which is refused."""

    def __init__(self, file: str, report: Report) -> None:
        self.file = file
        self.report = report
        self.met: set[int] = set()

    def convert(self, node: Any, spot: Spot) -> Node:
        if id(node) in self.met:
            self.report.error(spot, "不支持“*名称”这种引用，请把内容直接写出来。")
            return Leaf(None, spot)
        self.met.add(id(node))
        if isinstance(node, MappingNode):
            return self._table(node, spot)
        if isinstance(node, SequenceNode):
            return self._series(node, spot)
        return self._leaf(node, spot)

    def _table(self, node: MappingNode, spot: Spot) -> Table:
        table = Table(spot=spot)
        for key, value in node.value:
            below = Spot(self.file, _start(key), spot.below(str(key.value)).field)
            if not isinstance(key, ScalarNode):
                self.report.error(Spot(self.file, _start(key), spot.field), "名称只能是一个词，不能是列表。")
            elif key.value in table.entries:
                first = table.entries[key.value].spot.line
                self.report.error(below, f"“{key.value}”写了两次，第{first}行已有，请只留一处。")
            else:
                table.entries[key.value] = self.convert(value, below)
        return table

    def _series(self, node: SequenceNode, spot: Spot) -> Series:
        series = Series(spot=spot)
        for number, item in enumerate(node.value, start=1):
            field = f"{spot.field}[{_item_name(item) or number}]"
            series.items.append(self.convert(item, Spot(self.file, _start(item), field)))
        return series

    def _leaf(self, node: Any, spot: Spot) -> Leaf:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text = str(node.value)
        if kind == "str":
            return Leaf(text, spot)
        if kind in _SCALARS:
            return Leaf(_SCALARS[kind](text), spot)
        self.report.error(spot, f"不支持“{node.tag}”这种标记，请只写内容。")
        return Leaf(None, spot)


_SCALARS: dict[str, Any] = {
    "bool": lambda text: text == "true",
    "int": int,
    "float": float,
    "null": lambda _: None,
}
# How an item of a list is called in findings, so that a reader need not count.
_NAMING = ("name", "key", "code", "rule", "value", "at")


def _item_name(item: Any) -> str:
    if not isinstance(item, MappingNode):
        return ""
    own = {key.value: value.value for key, value in item.value if isinstance(value, ScalarNode)}
    return next((str(own[name]) for name in _NAMING if own.get(name)), "")
