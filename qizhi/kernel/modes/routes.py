"""Routing: which unit a matter goes to, and why; each rule that was tried is told. Pure: no Django."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .schema import Mode, RouteRule, RouteTable, UnitDecl, When, Words

TARGET = re.compile(r"unit:(?P<unit>[a-z0-9_-]+)|own:(?P<kind>[a-z_]+)@(?P<level>county|town|village)")
_LENGTHS = {"county": 6, "town": 9, "village": 12}
_TITLES = {
    "kind": Words(zh="事项种类", en="kind"),
    "category": Words(zh="类别", en="category"),
    "region": Words(zh="地点", en="place"),
    "level": Words(zh="层级", en="level"),
    "channel": Words(zh="来源渠道", en="channel"),
    "urgency": Words(zh="紧急程度", en="urgency"),
    "months": Words(zh="月份", en="month"),
}

# (unit kind, level, region code of that level) → unit code, or None when there is no such unit.
UnitsBy = Callable[[str, str, str], str | None]
Facts = Mapping[str, str]


@dataclass(frozen=True)
class Tried:
    """One rule that was tried: whether it matched, and why (not), in words."""

    rule: str
    matched: bool
    why: Words


@dataclass(frozen=True)
class Choice:
    """Where a matter goes: the unit, those that assist, the rule and its reason, and all rules tried in order.

    `unit_code` and `rule` are None when no rule led to a unit, which `mode check` excludes for a whole county.
    """

    unit_code: str | None
    assist: tuple[str, ...]
    rule: str | None
    because: Words | None
    tried: tuple[Tried, ...]


def choose(table: RouteTable, facts: Facts, units_by: UnitsBy) -> Choice:
    """Try the rules of `table` in order and return the first that holds and leads to a unit.

    Arguments:
        table: the routing table.
        facts: of the matter: `kind`, `category`, `region` (code), `channel`, `urgency`, and `month` (1–12) or a
            day `on` (ISO); `level` is taken from the region's code when it is not given.
        units_by: finds the unit of a kind at a level of the matter's place; `units_of` makes one from a mode.
    """
    known = _with_derived(facts)
    tried: list[Tried] = []
    for rule in table.rules:
        why_not = _mismatch(rule.when, known)
        unit = None if why_not else _resolve(rule.to, known, units_by)
        if unit is None:
            tried.append(Tried(rule.name, False, why_not or _nowhere(rule, known)))
            continue
        tried.append(Tried(rule.name, True, _match_words(rule.when, known)))
        assist = dict.fromkeys(found for to in rule.assist if (found := _resolve(to, known, units_by)))
        assist.pop(unit, None)
        return Choice(unit, tuple(assist), rule.name, rule.because, tuple(tried))
    return Choice(None, (), None, None, tuple(tried))


def units_of(mode: Mode) -> UnitsBy:
    """Return a finder over the units that the mode lists and generates; of several at one place the first by code."""
    return finder(mode.units)


def finder(units: Iterable[UnitDecl]) -> UnitsBy:
    """Return a finder over `units`."""
    index: dict[tuple[str, str], str] = {}
    for unit in sorted(units, key=lambda unit: unit.code):
        index.setdefault((unit.kind, unit.region_code), unit.code)
    return lambda kind, _level, region: index.get((kind, region))


def level_of(region_code: str) -> str:
    """Return `county`, `town`, `village` or `grid` by the length of a division code; communities count as village."""
    return {6: "county", 9: "town", 12: "village", 15: "grid"}.get(len(region_code), "")


def _with_derived(facts: Facts) -> dict[str, str]:
    known = dict(facts)
    if not known.get("level"):
        known["level"] = level_of(known.get("region", ""))
    if not known.get("month") and known.get("on"):
        known["month"] = known["on"][5:7]
    known["month"] = known.get("month", "").lstrip("0")
    return known


def _mismatch(when: When, facts: Facts) -> Words | None:
    """The first condition that does not hold, in words; None when all hold."""
    for field, title in _TITLES.items():
        wanted = [str(value) for value in getattr(when, field)]
        said = facts.get("month" if field == "months" else field, "")
        if wanted and not any(_holds(field, value, said) for value in wanted):
            return Words(
                zh=f"{title.zh}是“{said or '（未填）'}”，要求{'、'.join(wanted)}",
                en=f"The {title.en} is “{said or '(not given)'}”; it would have to be {' or '.join(wanted)}",
            )
    return None


def _holds(field: str, wanted: str, said: str) -> bool:
    if field == "region":
        return said.startswith(wanted)
    if field == "category":
        return said == wanted or said.startswith(f"{wanted}.")
    if field == "level" and wanted == "village":
        # Of the three levels of governance a community is on the lowest, beside the villages.
        return said in ("village", "community")
    return said == wanted


def _match_words(when: When, facts: Facts) -> Words:
    held = [
        (title, facts.get("month" if field == "months" else field, ""))
        for field, title in _TITLES.items()
        if getattr(when, field)
    ]
    if not held:
        return Words(zh="不带条件", en="Without conditions")
    return Words(
        zh="，".join(f"{title.zh}是“{said}”" for title, said in held),
        en="It fits: " + ", ".join(f"{title.en} “{said}”" for title, said in held),
    )


def _resolve(target: str, facts: Facts, units_by: UnitsBy) -> str | None:
    parts = TARGET.fullmatch(target)
    if parts is None:
        return None
    if parts["unit"]:
        return parts["unit"]
    length = _LENGTHS[parts["level"]]
    region = facts.get("region", "")
    return units_by(parts["kind"], parts["level"], region[:length]) if len(region) >= length else None


def _nowhere(rule: RouteRule, facts: Facts) -> Words:
    region = facts.get("region", "")
    parts = TARGET.fullmatch(rule.to)
    if parts and parts["level"] and len(region) < _LENGTHS[parts["level"]]:
        return Words(
            zh=f"地点“{region or '（未填）'}”没有具体到这一级，找不到 {rule.to}",
            en=f"The place “{region or '(not given)'}” does not name that level, so {rule.to} cannot be found",
        )
    return Words(zh=f"这个地点没有 {rule.to} 这样的单位", en=f"There is no unit like {rule.to} at this place")
