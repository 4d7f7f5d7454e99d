"""Routing: which unit a matter goes to, and why; each rule that was tried is told. Pure: no Django."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

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
# (field of a condition, or `unit_kind`; value) → what people call it.
Names = Callable[[str, str], Words]
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


@lru_cache(maxsize=4096)
def codes(_field: str, value: str) -> Words:
    """Return a value as it stands."""
    return Words(zh=value or "（未填）", en=value or "(not given)")


def choose(table: RouteTable, facts: Facts, units_by: UnitsBy, names: Names = codes) -> Choice:
    """Try the rules of `table` in order and return the first that holds and leads to a unit.

    Arguments:
        table: the routing table.
        facts: of the matter: `kind`, `category`, `region` (code), `channel`, `urgency`, and `month` (1–12) or a
            day `on` (ISO); `level` is taken from the region's code when it is not given.
        units_by: finds the unit of a kind at a level of the matter's place; `units_of` makes one from a mode.
        names: puts categories, places and the like into words; without it the reasons name their codes.
    """
    known = _with_derived(facts)
    tried: list[Tried] = []
    for rule in table.rules:
        why_not = _mismatch(rule.when, known, names)
        unit = None if why_not else _resolve(rule.to, known, units_by)
        if unit is None:
            tried.append(Tried(rule.name, False, why_not or _nowhere(rule, known, names)))
            continue
        tried.append(Tried(rule.name, True, _match_words(rule.when, known, names)))
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


def _mismatch(when: When, facts: Facts, names: Names) -> Words | None:
    """The first condition that does not hold, in words; None when all hold."""
    for field, title in _TITLES.items():
        wanted = [str(value) for value in getattr(when, field)]
        said = facts.get("month" if field == "months" else field, "")
        if wanted and not any(_holds(field, value, said) for value in wanted):
            is_now, must_be = names(field, said), [names(field, value) for value in wanted]
            return Words(
                zh=f"{title.zh}是“{is_now.zh}”，要求{'、'.join(one.zh for one in must_be)}",
                en=f"The {title.en} is “{is_now.say('en')}”; "
                f"it would have to be {' or '.join(one.say('en') for one in must_be)}",
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


def _match_words(when: When, facts: Facts, names: Names) -> Words:
    held = [
        (title, names(field, facts.get("month" if field == "months" else field, "")))
        for field, title in _TITLES.items()
        if getattr(when, field)
    ]
    if not held:
        return Words(zh="不带条件", en="Without conditions")
    return Words(
        zh="，".join(f"{title.zh}是“{said.zh}”" for title, said in held),
        en="It fits: " + ", ".join(f"{title.en} “{said.say('en')}”" for title, said in held),
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


def _nowhere(rule: RouteRule, facts: Facts, names: Names) -> Words:
    region = facts.get("region", "")
    parts = TARGET.fullmatch(rule.to)
    if parts is None or parts["unit"]:
        return Words(zh=f"没有 {rule.to} 这个单位", en=f"There is no unit {rule.to}")
    kind, level = names("unit_kind", parts["kind"]), names("level", parts["level"])
    if len(region) < _LENGTHS[parts["level"]]:
        place = names("region", region)
        return Words(
            zh=f"地点“{place.zh}”没有具体到这一级，找不到{kind.zh}（{level.zh}）",
            en=f"The place “{place.say('en')}” does not name that level, so no {kind.say('en')} "
            f"({level.say('en')}) can be found",
        )
    return Words(
        zh=f"这个地点没有{kind.zh}（{level.zh}）",
        en=f"There is no {kind.say('en')} ({level.say('en')}) at this place",
    )
