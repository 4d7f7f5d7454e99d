"""Packs stacked as law is: national → province → county, each of which may add and tighten.

What a lower pack may change of an upper one:

- kinds of the same name: titles and words; new states, transitions, clocks, inputs, rungs; shorter terms; new
  needs and effects; own states as sources of an upper transition; own roles. Never: what a state is, where a
  transition leads, an input made optional, a wider authority, a promise removed, paused or stopped elsewhere.
- roles: titles and duties; never a reader made a writer, never a wider sight.
- calendar, categories, places, aliases, units: an entry with the same key replaces the upper one.
- routes: rules come before the upper ones, a rule with the same name replaces it; a table whose last rule holds
  always replaces the upper table.
- methods: a method with the same name replaces the upper one.
- cases: only the lowest pack's own; an upper pack's cases are its own business.

Pure: no Django. **Source:** `architecture.md` §4.
"""

from collections.abc import Callable
from pathlib import Path

from .nearest import hint
from .nodes import Node, Series, Spot, Table, plain
from .reading import read_pack
from .report import Report
from .tightening import (
    Law,
    Rules,
    authority,
    entries,
    fixed,
    ladder,
    listed,
    lower_wins,
    no_larger,
    only_towards,
    own_only,
    subset,
    table,
    tighter_term,
    union,
)

_CHOICE: Rules = {"value": fixed(None)}
_INPUT: Rules = {
    "name": fixed(None),
    "type": fixed(None),
    "required": only_towards(True, default=False, why="上级要求必填"),
    "max": no_larger,
    "choices": listed("value", table(_CHOICE), may_add=False, why="选项由上级规定"),
    "unit_kinds": subset,
    "public": fixed(False),
}
_TRANSITION: Rules = {
    "name": fixed(None),
    "from": own_only("states", "上级没有允许从这个状态办这一步"),
    "to": fixed(None),
    "by": authority,
    "inputs": listed("name", table(_INPUT)),
    "needs": union,
    "effects": union,
    "starts": own_only("clocks", "上级规定的时限何时开始由上级定"),
    "stops": own_only("clocks", "上级规定的时限何时停止由上级定"),
    "pauses": own_only("clocks", "上级规定的时限何时暂停由上级定"),
    "resumes": union,
    "other_than_handler": only_towards(True, default=False, why="上级要求由承办单位以外的人办"),
    "source": union,
}
_STATE: Rules = {"name": fixed(None), "held_by": fixed(None), "end": fixed(False), "done": fixed(False)}
_CLOCK: Rules = {
    "name": fixed(None),
    "term": tighter_term,
    "public": only_towards(True, default=False, why="上级要求向群众公开"),
    "ladder": ladder,
    "source": union,
}
_KIND: Rules = {
    "name": fixed(None),
    "number": fixed(None),
    "opens_with": fixed(None),
    "states": entries(table(_STATE)),
    "transitions": entries(table(_TRANSITION)),
    "clocks": entries(table(_CLOCK)),
    "seen_in_region": only_towards(False, default=True, why="上级限定了谁能看到"),
    "public": only_towards(True, default=True, why="上级允许群众提出"),
    "source": union,
}
_ROLE: Rules = {
    "key": fixed(None),
    "sees": only_towards("unit", default="unit", why="上级限定了能看多远"),
    "is_reader": only_towards(True, default=False, why="上级规定只能查看"),
    "may_unmask": only_towards(False, default=False, why="上级没有允许查看完整个人信息"),
    "needs_second_factor": only_towards(True, default=False, why="上级要求二次验证"),
}


def _code(row: Table) -> tuple[str, ...]:
    return (row.text("code"),)


def _day(row: Table) -> tuple[str, ...]:
    # 1 January is a holiday and also the line that states that the year is published.
    return (row.text("date"), "year" if row.text("kind") == "known_year" else "day")


def _alias(row: Table) -> tuple[str, ...]:
    return (row.text("code_system"), row.text("code"), row.text("name"))


# Lists of rows, and what makes two rows the same entry.
ROW_KEYS: dict[str, Callable[[Table], tuple[str, ...]]] = {
    "calendar": _day,
    "categories": _code,
    "regions": _code,
    "aliases": _alias,
    "units": _code,
}


def read_stack(folder: Path, report: Report) -> list[tuple[str, Table]]:
    """Read the pack in `folder` and all that it extends, topmost first, each with its folder's name.

    `extends: name` means the folder `name` beside this one. Where a pack of the stack cannot be found or its
    `mode.yaml` cannot be read, that alone is reported and nothing is returned: without the whole stack every
    other finding would be a guess.
    """
    stack: list[tuple[str, Table]] = []
    below: Table | None = None
    while folder.name not in [name for name, _ in stack]:
        if not (folder / "mode.yaml").is_file():
            _missing(folder, below, report)
            return []
        pack = read_pack(folder, report)
        head = pack.table("head")
        if not head.entries:
            report.error(head.spot, "mode.yaml 里没有读到内容，其余的没有检查。")
            return []
        stack.insert(0, (folder.name, pack))
        if not head.text("extends"):
            return stack
        below, folder = pack, folder.parent / head.text("extends")
    report.error(_extends(below), "extends 绕了一圈又回到自己，请改正。")
    return []


def _missing(folder: Path, below: Table | None, report: Report) -> None:
    if below is None:
        report.error(Spot(f"{folder.name}/mode.yaml", 1), "没有找到 mode.yaml，这里不是一个工作模式包。")
        return
    siblings = [path.parent.name for path in folder.parent.glob("*/mode.yaml")]
    report.error(_extends(below), f"没有找到上级模式包“{folder.name}”" + hint(folder.name, siblings))


def _extends(pack: Table | None) -> Spot:
    head = pack.table("head") if pack else Table()
    return head.entries["extends"].spot if "extends" in head.entries else head.spot


def stack_packs(stack: list[Table], report: Report) -> Table:
    """Lay the packs of `stack` (topmost first) on each other and return the tree that holds."""
    whole = stack[0]
    _refuse_orphans(whole, Table(), report)
    for lower in stack[1:]:
        _refuse_orphans(lower, whole, report)
        whole = _lay(whole, lower, report)
    for kind in whole.table("kinds").entries.values():
        if isinstance(kind, Table):
            kind.entries.pop("extends", None)
    return whole


def _refuse_orphans(pack: Table, upper: Table, report: Report) -> None:
    """A kind that says `extends` must have the same name as one above."""
    known = upper.table("kinds").entries
    for name, kind in pack.table("kinds").entries.items():
        base = kind.text("extends") if isinstance(kind, Table) else ""
        if base and base not in known:
            report.error(_spot(kind, "extends"), f"上级没有“{base}”这种事项" + hint(base, known))
        elif base and base != name:
            report.error(_spot(kind, "extends"), f"extends 写的是“{base}”，名称却是“{name}”，两处须一致。")


def _spot(node: Node, field: str) -> Spot:
    return node.entries[field].spot if isinstance(node, Table) and field in node.entries else node.spot


def _lay(upper: Table, lower: Table, report: Report) -> Table:
    merged = Table(dict(upper.entries), lower.spot)
    law = Law(report, roles=frozenset(upper.table("roles").entries))
    merged.entries["head"] = _lay_head(upper.table("head"), lower.table("head"))
    merged.entries["kinds"] = _lay_kinds(upper.table("kinds"), lower.table("kinds"), law)
    merged.entries["roles"] = entries(table(_ROLE))(upper.table("roles"), lower.table("roles"), law)
    merged.entries["methods"] = entries(lower_wins)(upper.table("methods"), lower.table("methods"), law)
    merged.entries["routes"] = entries(_lay_route)(upper.table("routes"), lower.table("routes"), law)
    for name in ROW_KEYS:
        merged.entries[name] = _lay_rows(upper.series(name), lower.series(name), name)
    merged.entries["cases"] = lower.series("cases")
    return merged


def _lay_head(upper: Table, lower: Table) -> Table:
    """The lowest pack's head holds; only what rows are generated, and the county, are handed down."""
    handed = {
        name: node for name, node in upper.entries.items() if name in ("county", "generate", "mode_method")
    }
    head = Table({**handed, **lower.entries}, lower.spot)
    if isinstance(handed.get("generate"), Table) and isinstance(lower.entries.get("generate"), Table):
        merged = {**upper.table("generate").entries, **lower.table("generate").entries}
        head.entries["generate"] = Table(merged, lower.table("generate").spot)
    return head


def _lay_kinds(upper: Table, lower: Table, law: Law) -> Table:
    merged = Table(dict(upper.entries), upper.spot)
    for name, mine in lower.entries.items():
        theirs = upper.entries.get(name)
        if not isinstance(theirs, Table) or not isinstance(mine, Table):
            merged.entries[name] = mine
            continue
        own = Law(law.report, law.roles, _names(theirs, "states"), _names(theirs, "clocks"))
        merged.entries[name] = table(_KIND)(theirs, mine, own)
        _refuse_new_pauses(theirs, mine, own)
    return merged


def _names(kind: Table, part: str) -> frozenset[str]:
    return frozenset(kind.table(part).entries)


def _refuse_new_pauses(upper: Table, lower: Table, law: Law) -> None:
    """A transition that the lower pack adds may not pause a promise of the upper one: that would loosen it."""
    known = upper.table("transitions").entries
    for name, transition in lower.table("transitions").entries.items():
        if name in known or not isinstance(transition, Table):
            continue
        for clock in transition.series("pauses").items:
            if plain(clock) in law.clocks:
                law.report.error(
                    clock.spot, f"“{plain(clock)}”是上级规定的时限，下级新增的步骤不能让它暂停。"
                )


def _lay_route(upper: Node | None, lower: Node, _law: Law) -> Node:
    if not isinstance(upper, Table) or not isinstance(lower, Table):
        return lower
    mine = lower.series("rules").items
    names = {rule.text("name") for rule in mine if isinstance(rule, Table)}
    last = mine[-1] if mine else None
    if isinstance(last, Table) and not plain(last).get("when"):
        return lower
    kept = [
        rule
        for rule in upper.series("rules").items
        if not (isinstance(rule, Table) and rule.text("name") in names)
    ]
    rules = Series([*mine, *kept], lower.series("rules").spot)
    return Table({**upper.entries, **lower.entries, "rules": rules}, lower.spot)


def _lay_rows(upper: Series, lower: Series, name: str) -> Series:
    """Rows of the lower list take the place of upper rows with the same key; the rest is added behind."""
    own = {_row_key(row, name): row for row in lower.items}
    merged: list[Node] = []
    used: set[int] = set()
    for row in upper.items:
        mine = own.get(_row_key(row, name))
        holds = row if mine is None or id(mine) in used else mine
        used.add(id(holds))
        merged.append(holds)
    merged += [row for row in lower.items if id(row) not in used]
    return Series(merged, lower.spot if lower.items else upper.spot)


def _row_key(row: Node, name: str) -> tuple[str, ...]:
    return ROW_KEYS[name](row) if isinstance(row, Table) else ()
