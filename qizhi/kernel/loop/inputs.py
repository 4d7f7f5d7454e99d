"""Inputs of a transition: from what was typed or sent to clean values, or one clear sentence for each field.

`clean` answers a dictionary with exactly the declared names. Units come as `Body`, files as `Attachment`
drafts, a matter as `Matter`, a point as two decimals, the rest as plain values; what was left empty is None.
"""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.kit.errors import QizhiError, Text
from qizhi.kernel.modes.schema import Input, InputType, Mode, Transition
from qizhi.kernel.regions.queries import region_get
from qizhi.kernel.units.queries import Body, unit_get

from .errors import BadInput
from .models import Attachment, Matter
from .policy import visible_to
from .reporters import ReporterFacts, reporter_clean

LINE_MAX, TEXT_MAX, FILES_MAX, INTEGER_MAX = 200, 4000, 9, 1_000_000
FILE_GONE = _("有文件没有找到或已经用过，请重新上传。")
INTEGER_SHAPE = re.compile(r"-?\d{1,9}")


class Unfit(Exception):
    """One value cannot be taken; holds the sentence for its field, or sentences for fields below it."""

    def __init__(self, said: Text, below: Mapping[str, Sequence[Text]] | None = None) -> None:
        self.said = said
        self.below = dict(below or {})
        super().__init__(said)


@dataclass(frozen=True)
class Desk:
    """What cleaning needs to know: the mode, who acts, and on which matter (None while opening one)."""

    mode: Mode
    actor: Actor
    matter: Matter | None = None


def clean(transition: Transition, raw: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Return the clean values of all declared inputs.

    Raises:
        BadInput: with `fields` naming every input that cannot be taken, all in one answer; also for a name
            that the transition does not declare.
    """
    wrong: dict[str, list[Text]] = {}
    values: dict[str, Any] = {}
    for declared in transition.inputs:
        try:
            values[declared.name] = clean_one(declared, raw.get(declared.name), desk)
        except Unfit as unfit:
            if unfit.below:
                wrong.update({f"{declared.name}.{name}": list(said) for name, said in unfit.below.items()})
            else:
                wrong[declared.name] = [unfit.said]
    known = {declared.name for declared in transition.inputs}
    for name in raw:
        if name not in known:
            wrong[_tidy(str(name))[:80]] = [_("这一步不需要这一项。")]
    if wrong:
        raise BadInput(fields=wrong)
    return values


def clean_one(declared: Input, value: Any, desk: Desk) -> Any:
    """Return one clean value, None when it was left empty.

    Raises:
        Unfit: it cannot be taken.
    """
    value = _tidy(value)
    if _is_empty(value):
        if declared.required:
            raise Unfit(_missing(declared))
        return False if declared.type is InputType.BOOLEAN else None
    return _CLEANERS[declared.type](declared, value, desk)


def _tidy(value: Any) -> Any:
    """Return text without what no database or digest can take (NUL, half of a surrogate pair), and trimmed."""
    match value:
        case str():
            return value.replace("\x00", "").encode(errors="ignore").decode().strip()
        case Mapping():
            return {_tidy(str(name)): _tidy(one) for name, one in value.items()}
        case _:
            return value


def _is_empty(value: Any) -> bool:
    """Tell whether nothing was put in; a form sends a point or a person that was left out as empty fields."""
    if isinstance(value, Mapping):
        return all(one in (None, "") for one in value.values())
    return value in (None, "", [], ())


def _missing(declared: Input) -> str:
    title = declared.title.say(get_language() or "zh-hans")
    return gettext("请填写“%(title)s”。") % {"title": title}


def _text_of(value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise Unfit(_("请填写文字。"))
    if len(value) > longest:
        raise Unfit(gettext("太长了：现在%(now)d字，最多%(max)d字。") % {"now": len(value), "max": longest})
    return value


def _line(declared: Input, value: Any, _desk: Desk) -> str:
    return " ".join(_text_of(value, declared.max or LINE_MAX).split())


def _text(declared: Input, value: Any, _desk: Desk) -> str:
    return _text_of(value, declared.max or TEXT_MAX).replace("\r\n", "\n")


def _choice(declared: Input, value: Any, _desk: Desk) -> str:
    if not isinstance(value, str) or value not in {choice.value for choice in declared.choices}:
        raise Unfit(_("请从给出的选项中选择。"))
    return str(value)


def _category(_declared: Input, value: Any, desk: Desk) -> str:
    if not isinstance(value, str) or value not in {category.code for category in desk.mode.categories}:
        raise Unfit(_("没有这个类别，请从列表中选择。"))
    return str(value)


def _boolean(_declared: Input, value: Any, _desk: Desk) -> bool:
    if value in (True, "true", "on", "1", 1):
        return True
    if value in (False, "false", "off", "0", 0):
        return False
    raise Unfit(_("请选择是或否。"))


def _integer(declared: Input, value: Any, _desk: Desk) -> int:
    if isinstance(value, bool) or not INTEGER_SHAPE.fullmatch(str(value)):
        raise Unfit(_("请填写整数。"))
    number, most = int(str(value)), declared.max or INTEGER_MAX
    if not 1 <= number <= most:
        raise Unfit(gettext("请填写1到%(max)d之间的整数。") % {"max": most})
    return number


def _date(_declared: Input, value: Any, _desk: Desk) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Unfit(_("日期写成 2026-11-24 这样。")) from None


def _region(_declared: Input, value: Any, _desk: Desk) -> str:
    try:
        return region_get(str(value)).code
    except QizhiError as error:
        raise Unfit(error.message) from None


def _point(_declared: Input, value: Any, _desk: Desk) -> tuple[Decimal, Decimal]:
    if not isinstance(value, Mapping) or set(value) != {"lon", "lat"}:
        raise Unfit(_("请在地图上选一个点。"))
    try:
        lon, lat = (Decimal(str(value[name])).quantize(Decimal("0.000001")) for name in ("lon", "lat"))
    except InvalidOperation:
        raise Unfit(_("经度、纬度必须是数字。")) from None
    if not (lon.is_finite() and lat.is_finite() and abs(lon) <= 180 and abs(lat) <= 90):
        raise Unfit(_("经度、纬度超出范围。"))
    return lon, lat


def _unit(declared: Input, value: Any, _desk: Desk) -> Body:
    try:
        body = unit_get(str(value))
    except QizhiError as error:
        raise Unfit(error.message) from None
    if declared.unit_kinds and body.kind not in declared.unit_kinds:
        raise Unfit(_("这里不能选这个单位。"))
    return body


def _units(declared: Input, value: Any, desk: Desk) -> tuple[Body, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unfit(_("请选择一个或几个单位。"))
    bodies = tuple(dict.fromkeys(_unit(declared, one, desk) for one in value))
    if declared.max is not None and len(bodies) > declared.max:
        raise Unfit(gettext("最多选%(max)d个单位。") % {"max": declared.max})
    return bodies


def _matter(_declared: Input, value: Any, desk: Desk) -> Matter:
    found = visible_to(desk.actor).filter(number=str(value).upper()).first()
    if found is None or (desk.matter is not None and found.pk == desk.matter.pk):
        raise Unfit(_("没有找到这个编号的事项，或者不在您的权限范围内。"))
    return found


def _files(declared: Input, value: Any, desk: Desk) -> tuple[Attachment, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Unfit(_("请先上传文件。"))
    if len(value) > (declared.max or FILES_MAX):
        raise Unfit(gettext("最多%(max)d个文件。") % {"max": declared.max or FILES_MAX})
    keys = [_uuid(one) for one in value]
    drafts = Attachment.objects.filter(pk__in=keys, step=None, uploaded_by=desk.actor.user_id)
    found = {draft.pk: draft for draft in drafts}
    if len(found) != len(set(keys)):
        raise Unfit(FILE_GONE)
    return tuple(found[key] for key in dict.fromkeys(keys))


def _uuid(value: Any) -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value))
    except ValueError:
        raise Unfit(FILE_GONE) from None


def _reporter(_declared: Input, value: Any, _desk: Desk) -> ReporterFacts | None:
    if not isinstance(value, Mapping):
        raise Unfit(_("请填写来信人的姓名和电话，或留空。"))
    facts, wrong = reporter_clean(value)
    if wrong:
        raise Unfit(_("来信人信息有误。"), wrong)
    return facts


_CLEANERS: dict[InputType, Callable[[Input, Any, Desk], Any]] = {
    InputType.LINE: _line,
    InputType.TEXT: _text,
    InputType.CHOICE: _choice,
    InputType.CATEGORY: _category,
    InputType.BOOLEAN: _boolean,
    InputType.INTEGER: _integer,
    InputType.DATE: _date,
    InputType.REGION: _region,
    InputType.POINT: _point,
    InputType.UNIT: _unit,
    InputType.UNITS: _units,
    InputType.MATTER: _matter,
    InputType.FILES: _files,
    InputType.REPORTER: _reporter,
}
