"""Rows that are made from the places of a pack instead of being listed: grids, committees, centres.

A village without its own committee, a town without its centre cannot be forgotten in a list that nobody writes.
Pure: no Django.

**Source:** `seed-map.md` L37.1b (1 + 9 + 106 + 15 centres), `shared/data/README.md` (grids append three digits).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from .schema import Generate, RegionDecl, UnitDecl

_VILLAGES = ("village", "community")


def village_name(name: str) -> str:
    """Return the place's name for the name of its committee as division lists give it.

    ``北郭村委会`` → ``北郭村``, ``太慈村村委会`` → ``太慈村``, ``凤鸣东路社区居委会`` → ``凤鸣东路社区``; a name
    that is a place's name already stays as it is.
    """
    for ending in ("村民委员会", "村委会"):
        if name.endswith(ending) and name != ending:
            stem = name.removesuffix(ending)
            return stem if stem.endswith("村") else f"{stem}村"
    for ending in ("居民委员会", "居委会"):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name


def grids(regions: Iterable[RegionDecl], rule: Generate) -> list[RegionDecl]:
    """Return one grid for each village and community that has none: code + ``001``, “…第一网格”."""
    listed = list(regions)
    if rule.grids is None:
        return []
    divided = {region.parent_code for region in listed if region.level == "grid"}
    return [
        RegionDecl(
            code=f"{place.code}001",
            name=f"{village_name(place.name)}第一网格",
            level="grid",
            parent_code=place.code,
            lon=place.lon,
            lat=place.lat,
        )
        for place in listed
        if place.level in _VILLAGES and place.code not in divided
    ]


def units(regions: Iterable[RegionDecl], listed: Iterable[UnitDecl], rule: Generate) -> list[UnitDecl]:
    """Return the committees, town governments and centres of all places, but for codes that are listed already."""
    places = {region.code: region for region in regions}
    known = {unit.code for unit in listed}
    made: list[UnitDecl] = []
    if rule.committees if rule.town_governments is None else rule.town_governments:
        made += _town_governments(places)
    if rule.committees:
        made += _committees(places)
    if rule.centres:
        made += _centres(places)
    return [unit for unit in made if unit.code not in known]


def _town_governments(places: dict[str, RegionDecl]) -> Iterator[UnitDecl]:
    for place in places.values():
        if place.level == "town":
            yield _unit(
                place, f"tg-{place.code}", f"{place.name}人民政府", f"{place.name}政府", "town_government"
            )


def _committees(places: dict[str, RegionDecl]) -> Iterator[UnitDecl]:
    villages = [place for place in places.values() if place.level in _VILLAGES]
    named = Counter(village_name(place.name) for place in villages)
    for place in villages:
        yield _committee(place, places, is_unique=named[village_name(place.name)] == 1)


def _committee(place: RegionDecl, places: dict[str, RegionDecl], *, is_unique: bool) -> UnitDecl:
    name, town = village_name(place.name), _town_name(place, places)
    body, short, kind = (
        ("村民委员会", "村委会", "village_committee")
        if place.level == "village"
        else ("居民委员会", "居委会", "community_committee")
    )
    # A village's own name ends in 村: 北郭村 → 北郭村村民委员会, for short 北郭村委会.
    stem = name.removesuffix("村") if place.level == "village" else name
    called = f"{stem}{short}" if is_unique else f"{town}{stem}{short}"
    return _unit(
        place, f"vc-{place.code}", f"{town}{name}{body}", called, kind, parent=f"tg-{place.code[:9]}"
    )


def _centres(places: dict[str, RegionDecl]) -> Iterator[UnitDecl]:
    for place in places.values():
        code = f"centre-{place.code}"
        if place.level == "county":
            yield _unit(place, code, f"{place.name}社会治安综合治理中心", "县综治中心", "centre")
        elif place.level == "town":
            name = f"{place.name}综治中心"
            yield _unit(place, code, name, name, "centre", parent=f"centre-{place.code[:6]}")
        elif place.level in _VILLAGES:
            name = f"{village_name(place.name)}综治中心"
            full = f"{_town_name(place, places)}{name}"
            yield _unit(place, code, full, name, "centre", parent=f"centre-{place.code[:9]}")


def _town_name(place: RegionDecl, places: dict[str, RegionDecl]) -> str:
    town = places.get(place.code[:9])
    return town.name if town else ""


def _unit(place: RegionDecl, code: str, name: str, short: str, kind: str, *, parent: str = "") -> UnitDecl:
    return UnitDecl(
        code=code,
        name=name,
        short_name=short,
        kind=kind,
        level=place.level,
        region_code=place.code,
        parent=parent,
        is_official=True,
    )
