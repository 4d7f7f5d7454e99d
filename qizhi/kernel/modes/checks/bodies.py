"""Proof: every unit sits in a place that there is, under a unit that there is, and has a code of its own."""

from collections.abc import Iterator

from qizhi.kernel.units.choices import UnitKind

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..schema import UnitDecl


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each unit whose code is taken, or whose place, level, kind or parent is not there."""
    regions = {region.code: region for region in pack.mode.regions}
    units = {unit.code: unit for unit in pack.mode.units}
    met: set[str] = set()
    for place, unit in enumerate(pack.mode.units):
        if unit.code in met:
            yield pack.error(("units", place, "code"), f"单位代码“{unit.code}”写了两次。")
        met.add(unit.code)
        if unit.kind not in UnitKind.values:
            yield pack.error(
                ("units", place, "kind"), f"没有“{unit.kind}”这种单位" + hint(unit.kind, UnitKind.values)
            )
        if not pack.knows("regions", unit.region_code):
            message = f"没有“{unit.region_code}”这个地方" + hint(unit.region_code, pack.names("regions"))
            yield pack.error(("units", place, "region_code"), message)
        elif unit.region_code in regions and regions[unit.region_code].level != unit.level:
            message = f"层级应与所在区划一致，写 {regions[unit.region_code].level}。"
            yield pack.error(("units", place, "level"), message)
        yield from _of_parent(pack, unit, units, place)


def _of_parent(pack: Compiled, unit: UnitDecl, units: dict[str, UnitDecl], place: int) -> Iterator[Finding]:
    if not unit.parent:
        return
    if not pack.knows("units", unit.parent):
        message = f"没有“{unit.parent}”这个上级单位" + hint(unit.parent, units)
        yield pack.error(("units", place, "parent"), message)
    elif _circles(unit, units):
        yield pack.error(("units", place, "parent"), "上级单位绕了一圈又回到自己。")


def _circles(unit: UnitDecl, units: dict[str, UnitDecl]) -> bool:
    met = {unit.code}
    while unit.parent in units:
        if unit.parent in met:
            return True
        met.add(unit.parent)
        unit = units[unit.parent]
    return False
