"""The rules by which a lower pack may change what an upper one says: add, retitle and tighten, never loosen.

Each rule is a function of the upper node, the lower node and the `Law` at hand; it reports what the lower pack
may not do, and returns the node that holds. Rules are made by the small functions below and are put together as
tables in `stacking_rules`. Pure: no Django.

**Source:** `architecture.md` §4 (packs stack as law does).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qizhi.kernel.worktime.errors import TermInvalid, TermsNotComparable
from qizhi.kernel.worktime.terms import Term, is_tighter_or_equal

from .nodes import Leaf, Node, Series, Table, plain
from .report import Report


@dataclass(frozen=True)
class Law:
    """What the upper packs declare, as far as the rules ask for it."""

    report: Report
    roles: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    clocks: frozenset[str] = frozenset()


# The upper node is None where the upper pack is silent; only rules with a default are asked then.
Rule = Callable[[Node | None, Node, Law], Node]
Rules = Mapping[str, Rule]


def lower_wins(_upper: Node | None, lower: Node, _law: Law) -> Node:
    """The lower pack may say it anew."""
    return lower


def fixed(default: object) -> Rule:
    """The lower pack must say the same; `default` is what silence above means."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        said = default if upper is None else plain(upper)
        if plain(lower) != said:
            law.report.error(
                lower.spot, f"上级已经规定为“{_shown(said)}”，下级不能改成“{_shown(plain(lower))}”。"
            )
        return lower if upper is None else upper

    return rule


def only_towards(wanted: object, *, default: object, why: str) -> Rule:
    """The lower pack may change to `wanted` and to nothing else."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        said = default if upper is None else plain(upper)
        if plain(lower) in (said, wanted):
            return lower
        law.report.error(lower.spot, f"{why}，下级不能把上级的“{_shown(said)}”改成“{_shown(plain(lower))}”。")
        return Leaf(wanted if said == wanted else said, lower.spot)  # type: ignore[arg-type]

    return rule


def no_larger(upper: Node | None, lower: Node, law: Law) -> Node:
    """A number that the lower pack may lower."""
    limit, wanted = plain(upper) if upper else None, plain(lower)
    if isinstance(limit, int) and isinstance(wanted, int) and wanted > limit:
        law.report.error(lower.spot, f"上级最多{limit}，下级不能放宽到{wanted}。")
        return upper or lower
    return lower


def union(upper: Node | None, lower: Node, _law: Law) -> Node:
    """Lists are joined; what the upper pack lists stays first."""
    if not isinstance(upper, Series) or not isinstance(lower, Series):
        return lower
    known = [plain(item) for item in upper.items]
    return Series([*upper.items, *(item for item in lower.items if plain(item) not in known)], upper.spot)


def own_only(of: str, why: str) -> Rule:
    """Lists are joined, but the lower pack may only add names that it declares itself (`of` a field of `Law`)."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        if not isinstance(lower, Series):
            return lower
        known = plain(upper) if isinstance(upper, Series) else []
        theirs = getattr(law, of)
        kept = []
        for item in lower.items:
            name = plain(item)
            if name in known:
                continue
            if name in theirs:
                law.report.error(item.spot, f"{why}，下级不能在这里加上“{name}”。")
            else:
                kept.append(item)
        return Series([*(upper.items if isinstance(upper, Series) else []), *kept], lower.spot)

    return rule


def subset(upper: Node | None, lower: Node, law: Law) -> Node:
    """A list that the lower pack may shorten; an empty list above means “any”."""
    known = plain(upper) if isinstance(upper, Series) else []
    if known and isinstance(lower, Series):
        for item in lower.items:
            if plain(item) not in known:
                law.report.error(
                    item.spot, f"上级只允许 {'、'.join(map(str, known))}，下级不能加上“{plain(item)}”。"
                )
                return upper or lower
    return lower


def table(rules: Rules) -> Rule:
    """A table whose fields follow `rules`; a field without a rule may be said anew, but never emptied."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        if not isinstance(upper, Table) or not isinstance(lower, Table):
            return lower
        merged = Table(dict(upper.entries), upper.spot)
        for name, mine in lower.entries.items():
            theirs = upper.entries.get(name)
            if theirs is not None and _is_empty(mine) and not _is_empty(theirs):
                law.report.error(mine.spot, f"上级写明了“{name}”，下级不能删去。")
            elif name in rules:
                merged.entries[name] = rules[name](theirs, mine, law)
            else:
                merged.entries[name] = mine
        return merged

    return rule


def entries(inner: Rule) -> Rule:
    """A table of named things: new names are added, known ones follow `inner`."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        if not isinstance(upper, Table) or not isinstance(lower, Table):
            return lower
        merged = Table(dict(upper.entries), upper.spot)
        for name, mine in lower.entries.items():
            theirs = upper.entries.get(name)
            if theirs is not None and _is_empty(mine):
                law.report.error(mine.spot, f"上级规定了“{name}”，下级不能删去。")
            else:
                merged.entries[name] = mine if theirs is None else inner(theirs, mine, law)
        return merged

    return rule


def listed(by: str, inner: Rule, *, may_add: bool = True, why: str = "") -> Rule:
    """A list of tables that are told apart by the field `by`: known ones follow `inner`, new ones are added."""

    def rule(upper: Node | None, lower: Node, law: Law) -> Node:
        if not isinstance(upper, Series) or not isinstance(lower, Series):
            return lower
        merged = list(upper.items)
        places = {_key(item, by): place for place, item in enumerate(merged)}
        for mine in lower.items:
            place = places.get(_key(mine, by))
            if place is not None:
                merged[place] = inner(merged[place], mine, law)
            elif may_add:
                merged.append(mine)
            else:
                law.report.error(mine.spot, f"{why}，下级不能加上“{_key(mine, by)}”。")
        return Series(merged, upper.spot)

    return rule


def _key(item: Node, by: str) -> str:
    return str(plain(item).get(by)) if isinstance(item, Table) else ""


def authority(upper: Node | None, lower: Node, law: Law) -> Node:
    """Who may take a transition: the lower pack may narrow a relation, and add roles that it declares itself."""
    if not isinstance(upper, Table) or not isinstance(lower, Table):
        return lower
    merged = Table(dict(upper.entries), upper.spot)
    for role, mine in lower.entries.items():
        theirs = upper.entries.get(role)
        if theirs is None and role in law.roles | {"reporter", "system"}:
            law.report.error(mine.spot, f"上级没有让“{role}”办这一步，下级不能放宽。")
        elif theirs is not None and not set(_relations(mine)) <= set(_relations(theirs)):
            law.report.error(
                mine.spot, f"上级规定“{role}”的关系是 {'、'.join(_relations(theirs))}，下级不能放宽。"
            )
        else:
            merged.entries[role] = mine
    return merged


def _relations(node: Node) -> list[str]:
    said = plain(node)
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def tighter_term(upper: Node | None, lower: Node, law: Law) -> Node:
    """A term that the lower pack may shorten in the same unit, each case of it for itself.

    **Source:** `architecture.md` §4; the comparison is `worktime.terms.is_tighter_or_equal`.
    """
    if upper is None:
        return lower
    for mine, limit in _term_pairs(upper, lower):
        _compare(mine, limit, law)
    if not isinstance(upper, Table) or not isinstance(lower, Table):
        return lower
    merged = Table({**upper.entries, **lower.entries}, upper.spot)
    merged.entries["terms"] = Table(
        {**upper.table("terms").entries, **lower.table("terms").entries}, upper.spot
    )
    if lower.text("by") and lower.text("by") != upper.text("by"):
        law.report.error(lower.entries["by"].spot, f"上级按“{upper.text('by')}”区分期限，下级不能改。")
        merged.entries["by"] = upper.entries["by"]
    return merged


def _term_pairs(upper: Node, lower: Node) -> list[tuple[Leaf, Leaf]]:
    """Pair each lower term with each upper term that may hold in the same case."""
    if isinstance(upper, Leaf) and isinstance(lower, Leaf):
        return [(lower, upper)]
    if isinstance(upper, Leaf) and isinstance(lower, Table):
        return [(mine, upper) for mine in _terms(lower).values()]
    if isinstance(upper, Table) and isinstance(lower, Leaf):
        return [(lower, limit) for limit in _terms(upper).values()]
    if isinstance(upper, Table) and isinstance(lower, Table):
        limits = _terms(upper)
        default = limits.get("")
        pairs = [(mine, limits.get(case, default)) for case, mine in _terms(lower).items()]
        return [(mine, limit) for mine, limit in pairs if limit is not None]
    return []


def _terms(choice: Table) -> dict[str, Leaf]:
    """The terms of a choice by case; the default has the empty name."""
    found = {name: term for name, term in choice.table("terms").entries.items() if isinstance(term, Leaf)}
    default = choice.entries.get("default")
    return {**found, "": default} if isinstance(default, Leaf) else found


def _compare(mine: Leaf, limit: Leaf, law: Law) -> None:
    try:
        tighter = is_tighter_or_equal(Term.parse(str(mine.value)), Term.parse(str(limit.value)))
    except TermInvalid:
        return  # told where the shape is checked
    except TermsNotComparable:
        law.report.error(
            mine.spot, f"上级的期限是 {limit.value}，下级须用同样的单位，“{mine.value}”没法比长短。"
        )
        return
    if not tighter:
        law.report.error(mine.spot, f"上级的期限是 {limit.value}，下级只能更短，不能放宽到 {mine.value}。")


def ladder(upper: Node | None, lower: Node, law: Law) -> Node:
    """Rungs are told apart by their offset; the lower pack may add rungs and people to tell, and drop nothing."""
    rung = table({"at": fixed(None), "notify": union, "fire": fixed(None)})
    merged = listed("at", rung)(upper, lower, law)
    if isinstance(merged, Series):
        merged.items.sort(key=_offset)
    return merged


_HOURS = {"h": 1, "wh": 3, "d": 24, "wd": 24}


def _offset(rung: Node) -> int:
    """The offset in rough hours, good enough to put rungs of one ladder in order."""
    text = rung.text("at") if isinstance(rung, Table) else ""
    number = text.rstrip("wdh")
    try:
        return int(number) * _HOURS.get(text[len(number) :], 1)
    except ValueError:
        return 0


def _is_empty(node: Node) -> bool:
    return isinstance(node, Leaf) and node.value is None


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
