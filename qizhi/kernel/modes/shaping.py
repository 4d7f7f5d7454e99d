"""From the tree to the schema's objects: every error of shape is told with its file, line and field.

A thing with an error of shape is left out of the mode, and its name remembered, so that nothing else is blamed for
its absence. A kind whose only errors are in words or unknown fields is mended for the proofs, so that one run
tells of its flow as well. Pure: no Django.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .nearest import nearest
from .nodes import Leaf, Node, Path, Table, child, plain, spot_of
from .report import Report
from .wording import missing, unknown, wrong

Shape = TypeVar("Shape", bound=BaseModel)

# Fields that decide how a kind flows: with an error in one of these the flow is not proven in this run.
_FLOW = frozenset(
    "from to by starts stops pauses resumes end done held_by opens_with term terms default ladder at fire notify "
    "needs effects rule states transitions clocks".split()
)
# What may stand for a missing field for the proofs' sake: none of these changes the flow.
_WORD = {"zh": "？"}
_STOPGAPS: dict[str, Any] = {
    "title": _WORD,
    "public": _WORD,
    "description": _WORD,
    "zh": "？",
    "number": "X",
    "type": "line",
}
_ROUNDS = 4


@dataclass(frozen=True)
class Fault:
    """One error of shape: where in the tree, what kind of error, the value and pydantic's context."""

    path: Path
    field: str
    kind: str
    value: Any
    context: dict[str, Any]
    tag: tuple[str, ...] = ()
    union: Path = ()


def shape(model: type[Shape], node: Table, report: Report) -> Shape | None:
    """Return `node` as `model`, or None when it has errors of shape, which are reported."""
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        for fault in faults(error, node):
            report.error(spot_of(node, fault.path), _sentence(fault, model))
        return None


def mended(model: type[Shape], node: Table) -> Shape | None:
    """Return `node` as `model` with its harmless errors set right, or None when an error touches the flow."""
    data = deepcopy(plain(node))
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            found = faults(error, node)
            if any(_touches_flow(fault, model) for fault in found):
                return None
            for fault in sorted(found, key=_last_first, reverse=True):
                _mend(data, fault)
    return None


def _last_first(fault: Fault) -> tuple[str, ...]:
    # Items are taken out of a list from its end, so that the places of the others hold.
    return tuple(f"{step:06}" if isinstance(step, int) else step for step in fault.path)


def _touches_flow(fault: Fault, model: type[BaseModel]) -> bool:
    inside = fault.path[2:] or fault.path
    if fault.kind == "extra_forbidden":
        meant = nearest(fault.field, fields_at(model, fault.path[:-1]))
        return meant in _FLOW
    return bool(_FLOW & set(inside)) or (fault.kind == "missing" and fault.field not in _STOPGAPS)


def _mend(data: Any, fault: Fault) -> None:
    """Take out what is wrong, and put a mark where words are missing."""
    *parents, last = fault.path
    for step in parents:
        data = _inside(data, step)
    if isinstance(data, dict):
        if fault.kind == "missing":
            data[last] = deepcopy(_STOPGAPS[str(last)])
        else:
            data.pop(last, None)
    elif isinstance(data, list) and isinstance(last, int) and last < len(data):
        del data[last]


def _inside(data: Any, step: str | int) -> Any:
    """One step down; None where an earlier mending took it away."""
    if isinstance(data, dict):
        return data.get(step)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return None


def faults(error: ValidationError, node: Node) -> list[Fault]:
    """Return the errors as places in `node`; of the alternatives of a field only the one that was meant."""
    found = [_fault(detail, node) for detail in error.errors(include_url=False)]
    kept = [fault for fault in found if not fault.tag]
    unions: dict[Path, list[Fault]] = {}
    for fault in found:
        if fault.tag:
            unions.setdefault(fault.union, []).append(fault)
    for alternatives in unions.values():
        kept += _meant(alternatives)
    return kept


def _fault(detail: Any, node: Node) -> Fault:
    """Sort the steps of pydantic's location into those of the tree and the names of tried alternatives."""
    kind, location = detail["type"], detail["loc"]
    absent = location[-1:] if kind == "missing" else ()
    path: Path = ()
    union: Path = ()
    tags: list[str] = []
    for step in location[: len(location) - len(absent)]:
        below = child(node, step)
        if below is not None:
            node, path = below, (*path, step)
        elif step != "[key]":
            union = union if tags else path
            tags.append(str(step))
    path = (*path, *absent)
    field = str(path[-1]) if path else ""
    return Fault(path, field, kind, detail["input"], detail.get("ctx", {}), tuple(tags[:1]), union)


_MISMATCH = frozenset({"string_type", "bool_type", "int_type", "tuple_type", "dict_type", "model_type"})


def _meant(alternatives: list[Fault]) -> list[Fault]:
    """Of the faults of one field's alternatives, those of the alternative that the writer seems to have meant."""
    by_tag: dict[tuple[str, ...], list[Fault]] = {}
    for fault in alternatives:
        by_tag.setdefault(fault.tag, []).append(fault)
    for group in by_tag.values():
        if not any(_is_another_form(fault) for fault in group):
            return group
    return alternatives[:1]


def _is_another_form(fault: Fault) -> bool:
    """Whether the value is not even of the alternative's form, such as a list where a word was tried."""
    if fault.path != fault.union:
        return False
    return fault.kind in _MISMATCH or (fault.kind == "enum" and not isinstance(fault.value, str))


def _sentence(fault: Fault, model: type[BaseModel]) -> str:
    if fault.kind == "missing":
        return missing(fault.field)
    if fault.kind == "extra_forbidden":
        return unknown(fault.field, fields_at(model, fault.path[:-1]))
    return wrong(fault.kind, fault.value, fault.context)


def fields_at(model: type[BaseModel], path: Iterable[str | int]) -> list[str]:
    """Return the names of the fields that the schema of `model` knows at `path`."""
    root = model.model_json_schema()
    definitions = root.get("$defs", {})
    schemas = [root]
    for step in path:
        schemas = [below for schema in schemas for below in _below(_resolved(schema, definitions), step)]
    resolved = [one for schema in schemas for one in _resolved(schema, definitions)]
    return [name for schema in resolved for name in schema.get("properties", {})]


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow references and open alternatives."""
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return [one for part in schema["anyOf"] for one in _resolved(part, definitions)]
    return [schema]


def _below(schemas: list[dict[str, Any]], step: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for schema in schemas:
        if isinstance(step, int):
            found += [schema["items"]] if isinstance(schema.get("items"), dict) else []
        elif step in schema.get("properties", {}):
            found.append(schema["properties"][step])
        else:
            found += schema.get("patternProperties", {}).values()
            found += (
                [schema["additionalProperties"]]
                if isinstance(schema.get("additionalProperties"), dict)
                else []
            )
    return found


def name_leaf(node: Node, field: str) -> str:
    """Return the text under `field` of a thing that could not be shaped, to remember it by."""
    found = child(node, field)
    return str(found.value) if isinstance(found, Leaf) else ""
