"""Proof: the pack's own cases speak of kinds, clocks, tables, units and steps that there are."""

from collections.abc import Collection, Iterator
from datetime import datetime

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..schema import RouteCase


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each case that could never be tried."""
    for place, case in enumerate(pack.mode.cases):
        here: Path = ("cases", place)
        if not pack.knows("kinds", case.kind):
            yield pack.error(
                (*here, "kind"), f"没有“{case.kind}”这种事项" + hint(case.kind, pack.names("kinds"))
            )
        yield from _of_names(pack, case, here)
        yield from _of_times(pack, case, here)


def _of_names(pack: Compiled, case: RouteCase, here: Path) -> Iterator[Finding]:
    kind = pack.mode.kinds.get(case.kind)
    named: list[tuple[str, str | None, Collection[str]]] = [("table", case.table, pack.names("routes"))]
    if not pack.is_law:
        named.append(("unit", case.unit, pack.names("units")))
    if kind is not None:
        named += [("clock", case.clock, kind.clocks), ("ends_in", case.ends_in, kind.states)]
    for field, value, known in named:
        if value and value not in known:
            yield pack.error((*here, field), f"没有“{value}”" + hint(value, known))
    for number, step in enumerate(case.path if kind else ()):
        if kind is not None and step not in kind.transitions:
            yield pack.error((*here, "path", number), f"没有“{step}”这一步" + hint(step, kind.transitions))


def _of_times(pack: Compiled, case: RouteCase, here: Path) -> Iterator[Finding]:
    for field in ("start", "due"):
        value = getattr(case, field)
        if value is not None and not _is_moment(value):
            message = f"“{value}”不是带时区的时间，请写成 2026-02-13T10:00:00+08:00 的样子。"
            yield pack.error((*here, field), message)
    if case.due is not None and (case.clock is None or case.start is None):
        yield pack.error((*here, "due"), "要核对到期时间，须写明时限（clock）和开始时间（start）。")


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
