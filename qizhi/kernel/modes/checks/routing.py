"""Proof: every matter finds a unit, and every routing rule speaks of things that there are."""

from collections.abc import Collection, Iterator

from qizhi.kernel.regions.choices import Level
from qizhi.kernel.units.choices import UnitKind

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..registry import VALUES
from ..routes import TARGET, level_of
from ..schema import InputType, RouteRule, RouteTable, When


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each table that may find nothing, and each rule that names what is not there."""
    for table in pack.mode.routes.values():
        here: Path = ("routes", table.name, "rules")
        yield from _of_order(pack, table, here)
        for place, rule in enumerate(table.rules):
            yield from _of_conditions(pack, rule.when, (*here, place, "when"))
            yield from _of_targets(pack, rule, (*here, place))


def _of_order(pack: Compiled, table: RouteTable, here: Path) -> Iterator[Finding]:
    if not table.rules:
        yield pack.error(here, f"派单表“{table.title.zh}”里一条规则也没有。")
        return
    if table.rules[-1].when != When():
        message = "最后一条规则必须不带条件，否则有的事项派不出去。"
        yield pack.error((*here, len(table.rules) - 1, "when"), message)
    met: set[str] = set()
    for place, rule in enumerate(table.rules):
        if rule.name in met:
            yield pack.error((*here, place, "name"), f"“{rule.name}”写了两次。")
        met.add(rule.name)
        if rule.when == When() and place < len(table.rules) - 1:
            yield pack.error((*here, place), "这条规则不带条件，排在它后面的规则永远用不到，请移到最后。")


def _of_conditions(pack: Compiled, when: When, here: Path) -> Iterator[Finding]:
    known: dict[str, tuple[str, Collection[str]]] = {
        "kind": ("事项种类", pack.names("kinds")),
        "category": ("类别", pack.names("categories")),
        "region": ("区划", pack.names("regions")),
        "level": ("层级", Level.values),
        "channel": ("来源渠道", VALUES.get("channel", frozenset()) | _choices(pack, "channel")),
        "urgency": ("紧急程度", VALUES.get("urgency", frozenset()) | _choices(pack, "urgency")),
    }
    for field, (word, names) in known.items():
        for place, value in enumerate(getattr(when, field)):
            # A law pack has no places; values that no room told about cannot be judged.
            if value not in names and not (field == "region" and pack.is_law) and names:
                yield pack.error((*here, field, place), f"没有“{value}”这个{word}" + hint(value, names))
    for place, month in enumerate(when.months):
        if not 1 <= month <= 12:
            yield pack.error((*here, "months", place), f"“{month}”不是月份，应为1至12。")


def _choices(pack: Compiled, name: str) -> frozenset[str]:
    """The values of the choice inputs called `name`, in whatever kind."""
    transitions = [t for kind in pack.mode.kinds.values() for t in kind.transitions.values()]
    inputs = [
        one for t in transitions for one in t.inputs if one.name == name and one.type is InputType.CHOICE
    ]
    return frozenset(choice.value for one in inputs for choice in one.choices)


def _of_targets(pack: Compiled, rule: RouteRule, here: Path) -> Iterator[Finding]:
    targets: list[tuple[str, Path]] = [(rule.to, (*here, "to"))]
    targets += [(target, (*here, "assist", place)) for place, target in enumerate(rule.assist)]
    for target, spot in targets:
        if message := _target_fault(pack, target):
            yield pack.error(spot, message)


def _target_fault(pack: Compiled, target: str) -> str:
    parts = TARGET.fullmatch(target)
    if parts is None:
        return f"“{target}”应写成 unit:单位代码，或 own:单位种类@层级（county、town、village）。"
    if parts["unit"]:
        known = pack.is_law or pack.knows("units", parts["unit"])
        return "" if known else f"没有“{parts['unit']}”这个单位" + hint(parts["unit"], pack.names("units"))
    kind, level = parts["kind"], parts["level"]
    if kind not in UnitKind.values:
        return f"没有“{kind}”这种单位" + hint(kind, UnitKind.values)
    if pack.is_law or any(
        unit.kind == kind and level_of(unit.region_code) == level for unit in pack.mode.units
    ):
        return ""
    return f"{Level(level).label}一级没有“{UnitKind(kind).label}”这种单位。"
