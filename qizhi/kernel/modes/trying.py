"""`mode try`: the pack's own cases, and past cases under a new mode beside the old one. Pure: no Django.

**Source:** `architecture.md` §4 (`try` shows what would have been routed, promised or escalated differently).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from qizhi.kernel.worktime.deadlines import due_at

from .calendars import calendar_of
from .flow import walk_path
from .routes import choose, units_of
from .schema import Clock, Kind, Mode, RouteCase, RouteTable


@dataclass(frozen=True)
class CaseResult:
    """What became of one case of the pack: the sentences in `faults` say what came out otherwise."""

    case: RouteCase
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as the case expects."""
        return not self.faults


def run_cases(mode: Mode) -> list[CaseResult]:
    """Try the pack's own cases in order: the unit that is routed to, the due time, the path and where it ends."""
    return [CaseResult(case, tuple(_faults(mode, case))) for case in mode.cases]


def _faults(mode: Mode, case: RouteCase) -> Iterator[str]:
    kind = mode.kinds.get(case.kind)
    if kind is None:
        yield f"没有“{case.kind}”这种事项。"
        return
    if case.unit is not None:
        yield from _route_faults(mode, case)
    if case.due is not None:
        yield from _due_faults(mode, kind, case)
    if case.path or case.ends_in is not None:
        yield from _path_faults(kind, case)
    if case.unit is None and case.due is None and not case.path and case.ends_in is None:
        yield "这个用例没有写明期望的结果（unit、due、path 或 ends_in）。"


def _route_faults(mode: Mode, case: RouteCase) -> Iterator[str]:
    table = _table(mode, case)
    if table is None:
        yield "没有写明用哪张派单表（table）。" if case.table is None else f"没有“{case.table}”这张派单表。"
        return
    choice = choose(table, {"kind": case.kind, **case.facts}, units_of(mode))
    if choice.unit_code != case.unit:
        because = choice.because.zh if choice.because else "没有一条规则适用"
        yield f"应派给 {case.unit}，实际派给 {choice.unit_code or '（无）'}（规则 {choice.rule or '无'}：{because}）。"


def _table(mode: Mode, case: RouteCase) -> RouteTable | None:
    if case.table is not None:
        return mode.routes.get(case.table)
    return next(iter(mode.routes.values())) if len(mode.routes) == 1 else None


def _due_faults(mode: Mode, kind: Kind, case: RouteCase) -> Iterator[str]:
    clock = kind.clocks.get(case.clock or "")
    if clock is None or case.start is None or case.due is None:
        yield "要核对到期时间，须写明时限（clock）和开始时间（start）。"
        return
    due = promised(mode, clock, datetime.fromisoformat(case.start), case.facts)
    if due != datetime.fromisoformat(case.due):
        yield f"“{clock.title.zh}”应于 {case.due} 到期，实际 {due.isoformat() if due else '（无）'}。"


def promised(mode: Mode, clock: Clock, start: datetime, facts: Mapping[str, str]) -> datetime | None:
    """Return when `clock` would be due for a matter with these facts, started at `start` and never paused."""
    return due_at(start, clock.term_for(dict(facts)), calendar_of(mode)).due_at


def _path_faults(kind: Kind, case: RouteCase) -> Iterator[str]:
    point, refused = walk_path(kind, case.path)
    if refused is not None:
        title = kind.transitions[refused].title.zh if refused in kind.transitions else refused
        where = f"在“{kind.states[point.state].title.zh}”时" if point else "一开始"
        yield f"{where}不能办“{title}”。"
    elif case.ends_in is not None and (point is None or point.state != case.ends_in):
        yield f"应到“{case.ends_in}”，实际在“{point.state if point else '（尚未登记）'}”。"


@dataclass(frozen=True)
class PastCase:
    """A matter of the past, as far as a mode decides about it.

    `facts` as `routes.choose` takes them, with the choice inputs that terms depend on; `starts` says when each of
    its clocks was started.
    """

    number: str
    kind: str
    opened_at: datetime
    facts: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """What would be different for one past case: `name` is the routing table or the clock."""

    number: str
    what: Literal["kind", "route", "promise", "escalation"]
    name: str
    before: str
    after: str


def try_over(mode_new: Mode, mode_old: Mode, cases: Iterable[PastCase]) -> list[Difference]:
    """Return what would have been routed, promised or escalated differently, case by case in the order given."""
    return [difference for case in cases for difference in _differences(mode_new, mode_old, case)]


def _differences(new: Mode, old: Mode, case: PastCase) -> Iterator[Difference]:
    kinds = old.kinds.get(case.kind), new.kinds.get(case.kind)
    before, after = kinds
    if before is None or after is None:
        if before is not after:
            yield Difference(case.number, "kind", case.kind, _there(before), _there(after))
        return
    yield from _routed(new, old, case)
    for name in dict.fromkeys([*before.clocks, *after.clocks]):
        start = _start(before, after, name, case)
        if start is not None:
            yield from _promised(new, old, case, name, start)


def _there(kind: Kind | None) -> str:
    return "有这种事项" if kind else "没有这种事项"


def _start(before: Kind, after: Kind, clock: str, case: PastCase) -> datetime | None:
    """When the clock began, or would have begun where only the new mode has it and starts it at the opening."""
    opening = clock in before.opening.starts or clock in after.opening.starts
    return case.starts.get(clock) or (case.opened_at if opening else None)


def _routed(new: Mode, old: Mode, case: PastCase) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.routes, *new.routes]):
        before, after = _unit(old, name, case), _unit(new, name, case)
        if before != after:
            yield Difference(case.number, "route", name, before, after)


def _unit(mode: Mode, table: str, case: PastCase) -> str:
    if table not in mode.routes:
        return "（没有这张派单表）"
    facts = {"kind": case.kind, "on": case.opened_at.date().isoformat(), **case.facts}
    choice = choose(mode.routes[table], facts, units_of(mode))
    return "、".join([choice.unit_code, *choice.assist]) if choice.unit_code else "（派不出去）"


def _promised(new: Mode, old: Mode, case: PastCase, name: str, start: datetime) -> Iterator[Difference]:
    before, after = old.kinds[case.kind].clocks.get(name), new.kinds[case.kind].clocks.get(name)
    due_before, due_after = _due(old, before, start, case), _due(new, after, start, case)
    if due_before != due_after:
        yield Difference(case.number, "promise", name, due_before, due_after)
    if _ladder(before) != _ladder(after):
        yield Difference(case.number, "escalation", name, _ladder(before), _ladder(after))


def _due(mode: Mode, clock: Clock | None, start: datetime, case: PastCase) -> str:
    due = promised(mode, clock, start, case.facts) if clock else None
    return due.isoformat(timespec="minutes") if due else "（没有这个时限）"


def _ladder(clock: Clock | None) -> str:
    rungs = clock.ladder if clock else ()
    return "；".join(
        " ".join([rung.at, *rung.notify, *([f"→{rung.fire}"] if rung.fire else [])]) for rung in rungs
    )
