"""Declared inputs of a transition as JSON Schema, so that a program can build the form or check the body itself."""

from collections.abc import Callable, Mapping
from typing import Any

from qizhi.kernel.loop.inputs import FILES_MAX, LINE_MAX, TEXT_MAX
from qizhi.kernel.loop.reporters import NAME_MAX
from qizhi.kernel.modes.schema import Input, InputType, Mode, Transition
from qizhi.kernel.modes.store import mode_at

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Made = dict[str, Any]


def inputs_schema(transition: Transition, version: int, language: str) -> Made:
    """Return the JSON Schema of the inputs of `transition`, with titles and help in `language`.

    Arguments:
        version: the number of the mode's version, whose categories are listed.
    """
    mode = mode_at(version)
    return {
        "$schema": DIALECT,
        "type": "object",
        "title": transition.title.say(language),
        "properties": {one.name: _property(one, mode, language) for one in transition.inputs},
        "required": [one.name for one in transition.inputs if one.required],
        "additionalProperties": False,
    }


def _property(declared: Input, mode: Mode, language: str) -> Made:
    made: Made = {"title": declared.title.say(language), **_SHAPES[declared.type](declared, mode, language)}
    if declared.help is not None:
        made["description"] = declared.help.say(language)
    if declared.default is not None:
        made["default"] = declared.default
    return made


def _text(longest: int) -> Callable[[Input, Mode, str], Made]:
    def shape(declared: Input, _mode: Mode, _language: str) -> Made:
        shortest = {"minLength": 1} if declared.required else {}
        return {"type": "string", **shortest, "maxLength": declared.max or longest}

    return shape


def _choice(declared: Input, _mode: Mode, language: str) -> Made:
    return {
        "type": "string",
        "oneOf": [{"const": one.value, "title": one.title.say(language)} for one in declared.choices],
    }


def _category(_declared: Input, mode: Mode, _language: str) -> Made:
    return {"type": "string", "enum": [one.code for one in mode.categories]}


def _boolean(_declared: Input, _mode: Mode, _language: str) -> Made:
    return {"type": "boolean"}


def _integer(declared: Input, _mode: Mode, _language: str) -> Made:
    return {"type": "integer", "minimum": 1, **({"maximum": declared.max} if declared.max else {})}


def _date(_declared: Input, _mode: Mode, _language: str) -> Made:
    return {"type": "string", "format": "date"}


def _region(_declared: Input, _mode: Mode, _language: str) -> Made:
    return {"type": "string", "pattern": r"^\d{6}(\d{3}){0,3}$"}


def _point(_declared: Input, _mode: Mode, _language: str) -> Made:
    degrees: Mapping[str, int] = {"lon": 180, "lat": 90}
    return {
        "type": "object",
        "properties": {
            name: {"type": "number", "minimum": -most, "maximum": most} for name, most in degrees.items()
        },
        "required": list(degrees),
        "additionalProperties": False,
    }


def _unit(declared: Input, _mode: Mode, _language: str) -> Made:
    kinds = {"x-unit-kinds": list(declared.unit_kinds)} if declared.unit_kinds else {}
    return {"type": "string", "pattern": r"^[a-z0-9_-]{1,40}$", **kinds}


def _units(declared: Input, mode: Mode, language: str) -> Made:
    most = {"maxItems": declared.max} if declared.max else {}
    return {"type": "array", "items": _unit(declared, mode, language), **most}


def _matter(_declared: Input, _mode: Mode, _language: str) -> Made:
    return {"type": "string", "pattern": r"^[A-Za-z]{1,4}-\d{4}-\d{6,}$"}


def _files(declared: Input, _mode: Mode, _language: str) -> Made:
    return {
        "type": "array",
        "items": {"type": "string", "format": "uuid"},
        "maxItems": declared.max or FILES_MAX,
    }


def _reporter(_declared: Input, _mode: Mode, _language: str) -> Made:
    return {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": NAME_MAX},
            "phone": {"type": "string"},
            "identity": {"type": "string"},
        },
        "additionalProperties": False,
    }


_SHAPES: dict[InputType, Callable[[Input, Mode, str], Made]] = {
    InputType.LINE: _text(LINE_MAX),
    InputType.TEXT: _text(TEXT_MAX),
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
