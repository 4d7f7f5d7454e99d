"""Proof: every need and effect is a rule that some room has, with the parameters that it asks for."""

from collections.abc import Iterator, Mapping

from qizhi.kernel.worktime.errors import TermInvalid
from qizhi.kernel.worktime.terms import Term

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..registry import EFFECTS, NEEDS, Named
from ..schema import Kind, RuleRef, Transition


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each unknown rule, missing or unknown parameter, and parameter that names nothing."""
    for kind in pack.mode.kinds.values():
        for transition in kind.transitions.values():
            here: Path = ("kinds", kind.name, "transitions", transition.name)
            for field, known in (("needs", NEEDS), ("effects", EFFECTS)):
                for place, reference in enumerate(getattr(transition, field)):
                    spot = (*here, field, place)
                    yield from _of_rule(pack, reference, known, field, spot)
                    yield from _of_names(pack, kind, transition, reference, spot)


def _of_rule(
    pack: Compiled, reference: RuleRef, known: Mapping[str, Named], field: str, here: Path
) -> Iterator[Finding]:
    rule = known.get(reference.rule)
    if rule is None:
        word = "条件" if field == "needs" else "动作"
        yield pack.error((*here, "rule"), f"没有“{reference.rule}”这个{word}" + hint(reference.rule, known))
        return
    for name in reference.params:
        if name not in rule.params:
            message = f"“{rule.name}”没有“{name}”这个参数" + hint(name, rule.params)
            yield pack.error((*here, "params", name), message)
    for name in rule.required:
        if name not in reference.params:
            yield pack.error((*here, "params"), f"“{rule.name}”缺少参数“{name}”。")


def _of_names(
    pack: Compiled, kind: Kind, transition: Transition, reference: RuleRef, here: Path
) -> Iterator[Finding]:
    """Parameters called `clock`, `input`, `state`, `table`, `kind` and `term` must mean something that there is."""
    known = {
        "clock": ("时限", kind.clocks),
        "input": ("填写项", [one.name for one in transition.inputs]),
        "state": ("状态", kind.states),
        "table": ("派单表", pack.names("routes")),
        "kind": ("事项种类", pack.names("kinds")),
    }
    for name, value in reference.params.items():
        if name in known and not (name == "table" and pack.is_law):
            word, names = known[name]
            if value not in names:
                yield pack.error(
                    (*here, "params", name), f"没有“{value}”这个{word}" + hint(str(value), names)
                )
        if name == "term" and not _is_term(value):
            yield pack.error(
                (*here, "params", name), f"“{value}”不是期限，请写成 5wd、30d、24h 或 4wh 的样子。"
            )


def _is_term(value: object) -> bool:
    try:
        Term.parse(str(value))
    except TermInvalid:
        return False
    return True
