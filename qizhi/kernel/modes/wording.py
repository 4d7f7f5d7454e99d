"""What is wrong with a value, in the words of a county clerk: pydantic's kinds of error as Chinese sentences.

Pure: no Django.
"""

import re
from collections.abc import Mapping
from typing import Any

from .nearest import hint

# What each field is, for the sentence that says that it is missing.
FIELDS: dict[str, str] = {
    "name": "名称（英文标识）",
    "title": "标题，写成 {zh: 中文, en: 英文}",
    "zh": "中文",
    "number": "编号前缀，大写字母",
    "description": "说明",
    "opens_with": "由哪一步开始",
    "states": "有哪些状态",
    "transitions": "有哪些步骤",
    "held_by": "轮到谁办",
    "public": "群众看到的话",
    "to": "办完到哪个状态",
    "by": "由谁办",
    "type": "类型",
    "term": "期限",
    "terms": "各种情形的期限",
    "default": "默认值",
    "at": "什么时候（到期前后多久）",
    "rule": "规则名称",
    "value": "选项的标识",
    "because": "这样派的理由",
    "rules": "派单规则",
    "version": "版本",
    "duty": "职责",
    "sees": "能看多远（region 或 unit）",
    "code": "代码",
    "kind": "种类",
    "level": "层级",
    "region_code": "区划代码",
    "parent_code": "上级代码",
    "short_name": "简称",
    "date": "日期",
    "key": "标识",
}

_KEY = "只能用小写英文字母、数字和下划线，并以字母开头"
_TERM = "期限应写成数字加单位：wd 工作日、d 自然日、h 小时、wh 工作小时，例如 5wd"
# Patterns of the schema → what they ask for. A test holds this table and the schema together.
PATTERNS: dict[str, str] = {
    r"^[a-z][a-z0-9_]*$": _KEY,
    r"^[a-z0-9_]+$": "只能用小写英文字母、数字和下划线",
    r"^[a-z0-9-]+$": "只能用小写英文字母、数字和连字符",
    r"^[a-z0-9_-]{1,40}$": "只能用小写英文字母、数字、下划线和连字符，最多40个",
    r"^[1-9][0-9]*(wd|d|h|wh)$": _TERM,
    r"^([+-][1-9][0-9]*(wd|d|h|wh)|0)$": '应写成到期前（-1wd）、到期时（"0"）或到期后（+2wd），单位为 wd、d、h、wh',
    r"^(=|\^?[a-z][a-z0-9_]*)$": '应写状态名，或 "="（状态不变），或 ^步骤名（回到那一步之前的状态）',
    r"^[A-Z]{1,4}$": "应为1至4个大写英文字母",
    r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$": "类别代码应写成 一级 或 一级.二级，只用小写英文字母、数字和下划线",
    r"^(unit:[a-z0-9_-]+|own:[a-z_]+@(county|town|village))$": "应写成 unit:单位代码，或 own:单位种类@层级"
    "（county、town、village）",
    r"^\d{6}(\d{3}){0,3}$": "区划代码应为6、9、12或15位数字",
    r"^(\d{6})?$": "县的区划代码应为6位数字",
    r"^(kind|route|units|regions|page|role):[a-z0-9_./-]+$": "应写成 kind:事项、route:派单表、units:单位种类、"
    "regions:层级、page:页面 或 role:角色",
}

_WANTED: dict[str, str] = {
    "string_type": "应为文字。数字和日期请加英文引号",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应写成 true（是）或 false（否）",
    "bool_parsing": "应写成 true（是）或 false（否）",
    "tuple_type": "应为列表，写成 [甲, 乙] 或每行一个“- ”",
    "dict_type": "应为若干“名称: 内容”",
    "model_type": "应为若干“名称: 内容”",
    "model_attributes_type": "应为若干“名称: 内容”",
    "string_too_short": "不能为空",
}


def missing(field: str) -> str:
    """Return the sentence for a field that must be there and is not."""
    meaning = FIELDS.get(field)
    return f"缺少必填项“{field}”（{meaning}）。" if meaning else f"缺少必填项“{field}”。"


def unknown(field: str, known: list[str]) -> str:
    """Return the sentence for a field that the schema does not know."""
    return f"不认识“{field}”" + hint(field, known)


def wrong(kind: str, value: Any, context: Mapping[str, Any]) -> str:
    """Return the sentence for a value of the wrong form; `kind` and `context` as pydantic gives them."""
    if kind == "string_pattern_mismatch":
        return f"“{value}”写法不对：{PATTERNS.get(str(context['pattern']), '不合规定的格式')}。"
    if kind in ("enum", "literal_error"):
        return _not_among(value, re.findall(r"'([^']*)'", str(context["expected"])))
    if kind == "string_too_long":
        return f"太长，最多{context['max_length']}个字。"
    if kind == "model_type" and context.get("class_name") == "Words":
        return f"文字要写成 {{zh: 中文, en: 英文}}，现在是“{_shown(value)}”。"
    wanted = _WANTED.get(kind)
    if wanted is None:
        return f"“{_shown(value)}”不合规定。"
    return f"{wanted}。" if kind == "string_too_short" else f"{wanted}，现在是“{_shown(value)}”。"


def _not_among(value: Any, known: list[str]) -> str:
    choices = "、".join(known)
    return f"“{_shown(value)}”不在可选范围（{choices}）" + hint(str(value), known)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "空" if value is None else str(value)
    return text if len(text) <= 40 else text[:40] + "…"
