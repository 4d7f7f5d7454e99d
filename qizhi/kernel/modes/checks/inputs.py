"""Proof: every input can be filled in: names differ, choices have values, defaults are among them."""

from collections import Counter
from collections.abc import Iterator

from qizhi.kernel.units.choices import UnitKind

from ..compiling import Compiled
from ..errors import Finding
from ..nearest import hint
from ..nodes import Path
from ..schema import Input, InputType, Transition

_LIMITED = frozenset({InputType.LINE, InputType.TEXT, InputType.INTEGER, InputType.UNITS, InputType.FILES})
_UNITS = frozenset({InputType.UNIT, InputType.UNITS})


def prove(pack: Compiled) -> Iterator[Finding]:
    """Yield an error for each input that could not be filled in as it is declared."""
    for kind in pack.mode.kinds.values():
        for transition in kind.transitions.values():
            here: Path = ("kinds", kind.name, "transitions", transition.name, "inputs")
            yield from _of_names(pack, transition, here)
            for place, one in enumerate(transition.inputs):
                yield from _of_choices(pack, one, (*here, place))
                yield from _of_limits(pack, one, (*here, place))


def _of_names(pack: Compiled, transition: Transition, here: Path) -> Iterator[Finding]:
    met: set[str] = set()
    for place, one in enumerate(transition.inputs):
        if one.name in met:
            yield pack.error((*here, place, "name"), f"同一步里“{one.name}”问了两次。")
        met.add(one.name)


def _of_choices(pack: Compiled, one: Input, here: Path) -> Iterator[Finding]:
    values = [choice.value for choice in one.choices]
    if one.type is InputType.CHOICE and not values:
        yield pack.error((*here, "choices"), f"“{one.title.zh}”是选择题，却没有选项（choices）。")
    if one.type is not InputType.CHOICE and values:
        yield pack.error((*here, "choices"), f"“{one.title.zh}”不是选择题（type: choice），不能有选项。")
    for value, times in Counter(values).items():
        if times > 1:
            place = len(values) - 1 - values[::-1].index(value)
            yield pack.error((*here, "choices", place), f"选项“{value}”写了{times}次。")
    if values and one.default is not None and one.default not in values:
        yield pack.error(
            (*here, "default"), f"默认值“{one.default}”不在选项里" + hint(str(one.default), values)
        )


def _of_limits(pack: Compiled, one: Input, here: Path) -> Iterator[Finding]:
    if one.max is not None and (one.max < 1 or one.type not in _LIMITED):
        message = "max 应为正整数。" if one.max < 1 else f"{one.type} 类型的填写项不能有 max。"
        yield pack.error((*here, "max"), message)
    if one.type is InputType.BOOLEAN and one.default is not None and not isinstance(one.default, bool):
        yield pack.error((*here, "default"), "是非题的默认值应写成 true 或 false。")
    if one.type is InputType.INTEGER and one.default is not None and type(one.default) is not int:
        yield pack.error((*here, "default"), "整数项的默认值应为整数。")
    if one.unit_kinds and one.type not in _UNITS:
        yield pack.error((*here, "unit_kinds"), "只有选单位的填写项（unit、units）能限定单位种类。")
    for place, name in enumerate(one.unit_kinds):
        if name not in UnitKind.values:
            message = f"没有“{name}”这种单位" + hint(name, UnitKind.values)
            yield pack.error((*here, "unit_kinds", place), message)
