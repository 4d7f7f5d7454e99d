"""What the command line does with packs: plain Chinese lines on `out`, and an exit code (0: as it should be).

Argument parsing is the command line's own. Each function says in the end what to do next.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from qizhi.kernel.accounts.models import User

from . import hooks, store
from .applying import apply
from .charting import chart
from .checking import check_pack
from .checks.realisation import PLANNED
from .compiling import Compiled, load
from .errors import Finding, NoCounty, NoMode, PackBroken, StillUsed
from .models import ModeVersion
from .planning import Change, plan
from .schema import MethodPart, Mode
from .trying import CaseResult, Difference, run_cases, try_over

_FEW = 10
_MANY = 40
_SIGNS = {"add": "＋", "change": "～", "remove": "－"}
_WHATS = {"kind": "事项种类", "route": "派单", "promise": "到期时间", "escalation": "超时上报"}


def _say(out: TextIO, line: str) -> None:
    out.write(f"{line}\n")


def cmd_check(folder: Path, out: TextIO, *, all_warnings: bool = False) -> int:
    """Prove the pack in `folder`: print every error, every planned part, and what else is worth knowing.

    Warnings that are not of planned parts are counted by file, or all printed when asked.
    """
    pack = check_pack(folder)
    _print_findings(f"错误 {len(pack.errors)} 处：", pack.errors, out)
    _print_planned(pack.mode, out)
    warnings = [one for one in pack.findings if one.is_warning and not one.message.startswith(PLANNED)]
    if all_warnings:
        _print_findings(f"提醒 {len(warnings)} 处：", warnings, out)
    elif warnings:
        counted = Counter(finding.file for finding in warnings)
        _say(out, f"提醒 {len(warnings)} 处（不影响启用，加 --all 逐条列出）：")
        for file, number in counted.most_common(_FEW):
            _say(out, f"  {file}：{number} 处")
    _say(out, _verdict(pack, folder))
    return 1 if pack.errors else 0


def _print_planned(mode: Mode, out: TextIO) -> None:
    """List by method the parts that nothing realises yet."""
    planned = {method.title.zh: _planned(method.parts) for method in mode.methods.values()}
    total = sum(map(len, planned.values()))
    if total:
        _say(out, f"还在计划中的部分 {total} 处：")
    for title, parts in planned.items():
        if parts:
            _say(out, f"  {title}（{len(parts)}）：{'、'.join(parts)}")


def _planned(parts: Iterable[MethodPart]) -> list[str]:
    found = []
    for part in parts:
        found += [part.title.zh] if part.planned and not part.realised_by else []
        found += _planned(part.parts)
    return found


def _print_findings(head: str, findings: Sequence[Finding], out: TextIO) -> None:
    if findings:
        _say(out, head)
        for finding in findings:
            _say(out, f"  {finding}")


def _verdict(pack: Compiled, folder: Path) -> str:
    mode = pack.mode
    if pack.errors:
        return "没有通过检查。请按上面的文件和行号改正后再查一次。"
    states = sum(len(kind.states) for kind in mode.kinds.values())
    steps = sum(len(kind.transitions) for kind in mode.kinds.values())
    counted = f"{len(mode.kinds)}类事项、{states}个状态、{steps}个步骤"
    counted += f"、{len(mode.units)}个单位、{len(mode.regions)}处区划"
    advice = f"下一步：qizhi mode try {folder}" if mode.county else "这个包没有写县，供下级模式包引用。"
    return f"《{mode.title.zh}》{mode.version} 通过检查（{' → '.join(mode.stack)}）：{counted}。\n{advice}"


def _proven(folder: Path, out: TextIO) -> Mode | None:
    """The pack's mode, or None after its errors were printed."""
    pack = check_pack(folder)
    if pack.errors:
        _print_findings(f"错误 {len(pack.errors)} 处：", pack.errors, out)
        _say(out, "模式包没有通过检查，没有继续。请改正后再试。")
        return None
    return pack.mode


def cmd_try(folder: Path, out: TextIO) -> int:
    """Try the pack's own cases, then past cases against the mode in force."""
    mode = _proven(folder, out)
    if mode is None:
        return 1
    failed = [result for result in run_cases(mode) if not result.passed]
    _print_failed(mode, failed, out)
    _print_past(mode, out)
    if failed:
        _say(out, "用例没有全部通过。请改正模式包，或改正用例里写错的期望。")
        return 1
    _say(out, f"下一步：qizhi mode plan {folder}")
    return 0


def _print_failed(mode: Mode, failed: Sequence[CaseResult], out: TextIO) -> None:
    _say(out, f"模式包自带用例 {len(mode.cases)} 个，通过 {len(mode.cases) - len(failed)} 个。")
    for result in failed:
        _say(out, f"  ✗ {result.case.name}")
        for fault in result.faults:
            _say(out, f"      {fault}")


def _print_past(mode: Mode, out: TextIO) -> None:
    try:
        old = store.current()
    except NoMode:
        _say(out, "还没有启用过模式，没有往事可比。")
        return
    cases = list(hooks.past_cases())
    differences = try_over(mode, old, cases)
    changed = {difference.number for difference in differences}
    _say(out, f"往事 {len(cases)} 件，换成新模式后有 {len(changed)} 件不一样。")
    for difference in differences[:_MANY]:
        _say(out, f"  {_difference_line(difference)}")
    if len(differences) > _MANY:
        _say(out, f"  ……另有 {len(differences) - _MANY} 处")


def _difference_line(found: Difference) -> str:
    return f"{found.number} {_WHATS[found.what]} {found.name}：{found.before} → {found.after}"


def cmd_plan(folder: Path, out: TextIO) -> int:
    """Print what applying the pack would change."""
    mode = _proven(folder, out)
    if mode is None:
        return 1
    try:
        old: Mode | None = store.current()
    except NoMode:
        old = None
    changes = plan(old, mode)
    _print_changes(changes, out)
    if old is None:
        _say(out, "还没有启用过模式，以上全部为新增。")
    _say(out, f"下一步：qizhi mode apply {folder}" if changes else "与现行模式相同，不需要启用。")
    return 0


def _print_changes(changes: Sequence[Change], out: TextIO) -> None:
    counts = Counter(change.kind for change in changes)
    _say(out, f"新增 {counts['add']} 处，修改 {counts['change']} 处，删去 {counts['remove']} 处。")
    grouped: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        grouped.setdefault((change.kind, change.path.split(".")[0]), []).append(change)
    for (kind, section), group in grouped.items():
        for change in group[:_FEW]:
            _say(out, f"  {_SIGNS[kind]} {change.path}{_from_to(change)}")
        if len(group) > _FEW:
            _say(out, f"  {_SIGNS[kind]} {section} 另有 {len(group) - _FEW} 处")


def _from_to(change: Change) -> str:
    if change.kind == "change":
        return f"：{_short(change.before)} → {_short(change.after)}"
    return f"：{_short(change.after if change.kind == 'add' else change.before)}"


def _short(value: Any) -> str:
    """A value in few words: of a thing its Chinese title or name."""
    if isinstance(value, dict):
        title = value.get("title") or value
        named = title.get("zh") if isinstance(title, dict) else None
        value = named or value.get("name") or value.get("zh") or "、".join(value)
    text = "、".join(map(_short, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def cmd_apply(folder: Path, out: TextIO, *, by: User | None = None) -> int:
    """Apply the pack in one transaction; whatever goes wrong, nothing was changed."""
    try:
        apply_folder(folder, out, by=by)
    except (PackBroken, NoCounty, StillUsed) as error:
        _say(out, str(error))
        return 1
    return 0


def apply_folder(folder: Path, out: TextIO, *, by: User | None = None) -> ModeVersion:
    """Apply the pack in `folder`, say what became of it, and return the version in force.

    Raises:
        PackBroken: the pack has errors; the message lists every one.
        NoCounty: the pack is only law for others.
        StillUsed: it would drop what live data uses.
    """
    mode = load(folder)
    before = ModeVersion.objects.order_by("-number").values_list("number", flat=True).first()
    version = apply(mode, by=by)
    if version.number == before:
        _say(out, f"与现行模式（第 {version.number} 版）相同，没有任何改动。")
    else:
        _say(out, f"已启用《{mode.title.zh}》{mode.version}，为第 {version.number} 版。")
    if version.number != before and before is not None:
        _say(out, "办理中的事项按开始时的版本办完；模式包注明 carry_over: move 的种类已转到新版本。")
    return version


def cmd_chart(folder: Path, to: Path, out: TextIO, *, languages: Iterable[str] = ("zh",)) -> int:
    """Draw every kind's flow chart into the folder `to`, as ``<kind>.svg`` or, in English, ``<kind>.en.svg``."""
    mode = _proven(folder, out)
    if mode is None:
        return 1
    to.mkdir(parents=True, exist_ok=True)
    for language in languages:
        for kind in mode.kinds.values():
            path = to / (f"{kind.name}.svg" if language.startswith("zh") else f"{kind.name}.{language}.svg")
            path.write_text(chart(kind, language), encoding="utf-8")
            _say(out, f"已画出 {path}")
    return 0
