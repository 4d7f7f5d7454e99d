"""Proof: the places make one tree whose codes are prefixes, and every alias means one of them.

**Source:** `architecture.md` §2 (Region); `shared/data/README.md` (two code systems, two codes collide).
"""

from collections.abc import Iterator

from qizhi.kernel.regions.choices import Level

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..schema import RegionDecl

_LENGTHS = {"county": 6, "town": 9, "village": 12, "community": 12, "grid": 15}


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each place without a parent, of the wrong length or listed twice, and each lost alias."""
    yield from _of_county(pack)
    met: set[str] = set()
    for place, region in enumerate(pack.mode.regions):
        if region.code in met:
            yield pack.error(("regions", place, "code"), f"区划代码“{region.code}”写了两次。")
        met.add(region.code)
        yield from _of_region(pack, region, place)
    yield from _of_aliases(pack)


def _of_county(pack: Compiled) -> Iterator[Finding]:
    county = pack.mode.county
    if pack.is_law:
        return
    if not pack.knows("regions", county):
        known = [region.code for region in pack.mode.regions if region.level == "county"]
        yield pack.error(("county",), f"regions.csv 里没有“{county}”这个县" + hint(county, known))
    for place, region in enumerate(pack.mode.regions):
        if region.level == "county" and region.code != county:
            yield pack.error(
                ("regions", place, "code"), f"一个模式包只管一个县，mode.yaml 里写的是“{county}”。"
            )


def _of_region(pack: Compiled, region: RegionDecl, place: int) -> Iterator[Finding]:
    title, wanted = Level(region.level).label, _LENGTHS[region.level]
    if len(region.code) != wanted:
        message = f"{title}的代码应为{wanted}位，“{region.code}”是{len(region.code)}位。"
        yield pack.error(("regions", place, "level"), message)
    elif region.level != "county":
        above = region.code[:-3]
        if region.parent_code != above:
            message = f"上级代码应为“{above}”（本级代码去掉后三位），现在是“{region.parent_code}”。"
            yield pack.error(("regions", place, "parent_code"), message)
        elif not pack.knows("regions", above):
            yield pack.error(("regions", place, "parent_code"), f"没有上级“{above}”这个地方。")
    if (region.lon is None) != (region.lat is None):
        yield pack.error(("regions", place, "lon"), "经度和纬度要么都写，要么都不写。")
    if (
        region.lon is not None
        and region.lat is not None
        and not (73 <= region.lon <= 136 and 3 <= region.lat <= 54)
    ):
        yield pack.error(
            ("regions", place, "lon"),
            "经纬度不在中国范围内，是不是写反了？经度在前（lon），纬度在后（lat）。",
        )


def _of_aliases(pack: Compiled) -> Iterator[Finding]:
    met: set[tuple[str, str]] = set()
    for place, alias in enumerate(pack.mode.aliases):
        if not pack.knows("regions", alias.region_code):
            message = f"没有“{alias.region_code}”这个地方" + hint(alias.region_code, pack.names("regions"))
            yield pack.error(("aliases", place, "region_code"), message)
        if not alias.code and not alias.name:
            yield pack.error(("aliases", place, "code"), "别名的代码和名称至少写一个。")
        if alias.code and not alias.code_system:
            message = "外来代码必须注明代码体系（nbs 国家统计局，mca 民政部）：两套代码有重号。"
            yield pack.error(("aliases", place, "code_system"), message)
        if alias.code and (alias.code_system, alias.code) in met:
            yield pack.error(("aliases", place, "code"), f"“{alias.code_system} {alias.code}”写了两次。")
        met.add((alias.code_system, alias.code))
