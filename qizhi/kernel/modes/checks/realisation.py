"""Proof: every part of a work method is realised by something that there is, or says that it is planned.

A part with parts of its own is realised by them. Planned parts are listed as warnings, so that a county sees what
its method still lacks.
"""

from collections.abc import Callable, Iterator

from qizhi.kernel.regions.choices import Level
from qizhi.kernel.units.choices import UnitKind

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..registry import PAGES
from ..schema import Method, MethodPart

# How a warning of a planned part begins.
PLANNED = "尚未实现："


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each part that nothing realises or whose target is not there, a warning for planned ones."""
    mode = pack.mode
    if mode.mode_method and not pack.knows("methods", mode.mode_method):
        message = f"methods 里没有“{mode.mode_method}”" + hint(mode.mode_method, pack.names("methods"))
        yield pack.error(("mode_method",), message)
    for method in mode.methods.values():
        here: Path = ("methods", method.name)
        yield from _of_owner(pack, method, here)
        yield from _of_parts(pack, method.parts, (*here, "parts"))


def _of_owner(pack: Compiled, method: Method, here: Path) -> Iterator[Finding]:
    if pack.is_law:
        return
    if method.owner and not pack.knows("units", method.owner):
        message = f"没有“{method.owner}”这个单位" + hint(method.owner, pack.names("units"))
        yield pack.error((*here, "owner"), message)
    if method.region_code and not pack.knows("regions", method.region_code):
        yield pack.error((*here, "region_code"), f"没有“{method.region_code}”这个地方。")


def _of_parts(pack: Compiled, parts: tuple[MethodPart, ...], here: Path) -> Iterator[Finding]:
    met: set[str] = set()
    for place, part in enumerate(parts):
        spot = (*here, place)
        if part.key in met:
            yield pack.error((*spot, "key"), f"同一层里“{part.key}”写了两次。")
        met.add(part.key)
        if part.planned and not part.realised_by:
            yield pack.warning(spot, f"{PLANNED}{part.title.zh}")
        elif not part.realised_by and not part.parts:
            message = (
                f"“{part.title.zh}”没有写由什么实现（realised_by），也没有注明还在计划中（planned: true）。"
            )
            yield pack.error(spot, message)
        for number, target in enumerate(part.realised_by):
            if message := _fault(pack, target):
                yield pack.error((*spot, "realised_by", number), message)
        yield from _of_parts(pack, part.parts, (*spot, "parts"))


def _fault(pack: Compiled, target: str) -> str:
    sort, _, name = target.partition(":")
    return _FAULTS[sort](pack, name)


def _named(section: str, word: str) -> Callable[[Compiled, str], str]:
    def fault(pack: Compiled, name: str) -> str:
        return (
            "" if pack.knows(section, name) else f"没有“{name}”这个{word}" + hint(name, pack.names(section))
        )

    return fault


def _units(pack: Compiled, name: str) -> str:
    if name not in UnitKind.values:
        return f"没有“{name}”这种单位" + hint(name, UnitKind.values)
    if pack.is_law or any(unit.kind == name for unit in pack.mode.units):
        return ""
    return f"units.csv 里一个“{UnitKind(name).label}”也没有。"


def _regions(pack: Compiled, name: str) -> str:
    if name not in Level.values:
        return f"没有“{name}”这个层级" + hint(name, Level.values)
    if pack.is_law or any(region.level == name for region in pack.mode.regions):
        return ""
    return f"regions.csv 里一个“{Level(name).label}”也没有。"


def _page(_pack: Compiled, name: str) -> str:
    return "" if name in PAGES else f"没有“{name}”这个页面" + hint(name, PAGES)


_FAULTS: dict[str, Callable[[Compiled, str], str]] = {
    "kind": _named("kinds", "事项种类"),
    "route": _named("routes", "派单表"),
    "role": _named("roles", "角色"),
    "units": _units,
    "regions": _regions,
    "page": _page,
}
