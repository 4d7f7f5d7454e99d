"""The examples of the OpenAPI document: of shapes, made from the examples of their fields; of errors; of parameters."""

from typing import Any

from django.utils.translation import gettext_noop as _

from .schemas.base import FILE, MOMENT, NUMBER

Made = dict[str, Any]

# What an error says beside its sentence, by code.
DETAILS: dict[str, Made] = {
    "stale_version": {
        "version": 7,
        "state": "in_progress",
        "steps": [{"seq": 7, "transition": "start", "to": "in_progress", "at": MOMENT, "unit": "凤鸣镇政府"}],
    },
    "not_allowed_now": {
        "state": "archived",
        "state_title": {"zh": "已归档", "en": "Archived"},
        "version": 9,
    },
    "need_not_met": {"need": "assists_answered"},
    "unknown_transition": {"transition": "approve"},
    "not_yours": {"transition": "dispatch"},
    "unknown_kind": {"kind": "hazard"},
    "too_many": {"retry_after": 600},
}
# What is wrong by field, by code.
FIELDS: dict[str, dict[str, str]] = {
    "bad_input": {
        "reporter.phone": _("电话号码里有字母或文字，请只填数字，例如 13812345678 或 0917-8212345。")
    },
    "unknown_region": {
        "region": _("没有找到这个地方，请从列表中选择镇和村（社区）。尚未保存，已填内容仍在。")
    },
    "unknown_parameter": {"stat": _("没有这个筛选条件，请对照接口说明。")},
}
# Description and example of parameters, by the first part of the path (empty: of any) and the name.
PARAMETERS: dict[tuple[str, str], tuple[str, Any]] = {
    ("", "number"): ("The number of the matter.", NUMBER),
    ("", "query_code"): (
        "Told when the matter was opened; five wrong ones, and a quarter of an hour must pass.",
        "7KQ2M9XA",
    ),
    ("", "name"): ("The name of the step.", "dispatch"),
    ("public", "name"): ("The name of the step.", "add_facts"),
    ("kinds", "name"): ("The name of the kind.", "request"),
    ("", "key"): ("The `id` of the file.", FILE),
    ("", "preview"): ("A small WebP picture of a photo instead of the file.", False),
    ("", "code"): ("The statistical code of the place.", "610323100"),
}


def example_of(schema: Made, schemas: Made) -> Any:
    """Return an example of what `schema` describes, from the examples that its fields give.

    Arguments:
        schemas: the named schemas of the document, to which references lead.
    """
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for key in ("example", "const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    return _by_type(schema, schemas)


def _by_type(schema: Made, schemas: Made) -> Any:
    match schema.get("type"):
        case "object":
            return {name: example_of(one, schemas) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [example_of(schema.get("items", {}), schemas)]
        case "boolean":
            return True
        case "integer" | "number":
            return 1
        case "string":
            return ""
        case _:
            return None
