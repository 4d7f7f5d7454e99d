"""`mode plan`: the difference between two modes, thing by thing. Pure: no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .schema import Mode

# Lists whose items have a key of their own, so that a new line in the middle is one addition and not a hundred changes.
_KEYS: dict[str, tuple[str, ...]] = {
    "calendar": ("date", "kind"),
    "categories": ("code",),
    "regions": ("code",),
    "aliases": ("code_system", "code", "name"),
    "units": ("code",),
    "inputs": ("name",),
    "choices": ("value",),
    "rules": ("name",),
    "parts": ("key",),
    "ladder": ("at",),
}
# What says nothing about how the mode works.
_SILENT = {"cases", "stack"}


@dataclass(frozen=True)
class Change:
    """One difference: at `path`, what stood `before` and what stands `after`; None where there is nothing."""

    kind: Literal["add", "change", "remove"]
    path: str
    before: Any
    after: Any


def plan(old: Mode | None, new: Mode) -> list[Change]:
    """Return what applying `new` would change, in the order of the schema; all of `new` when there is no `old`."""
    return list(_changes(_said(old) if old else {}, _said(new), ""))


def _said(mode: Mode) -> Mapping[str, Any]:
    said: Mapping[str, Any] = _keyed(mode.model_dump(mode="json", by_alias=True, exclude=_SILENT))
    return said


def _keyed(value: Any, name: str = "") -> Any:
    """Turn lists of keyed things into tables, so that they can be compared key by key."""
    if isinstance(value, Mapping):
        return {key: _keyed(inner, key) for key, inner in value.items()}
    if isinstance(value, list) and name in _KEYS and all(isinstance(item, Mapping) for item in value):
        return {_key(item, name): _keyed(item) for item in value}
    return value


def _key(item: Mapping[str, Any], name: str) -> str:
    return " ".join(str(item.get(field, "")) for field in _KEYS[name]).strip()


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        here = f"{path}.{name}" if path else name
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _changes(old, new, here)
        elif _is_nothing(old) and isinstance(new, Mapping):
            yield from _whole("add", new, here)
        elif _is_nothing(new) and isinstance(old, Mapping):
            yield from _whole("remove", old, here)
        elif _is_nothing(old):
            yield Change("add", here, None, new)
        elif _is_nothing(new):
            yield Change("remove", here, old, None)
        else:
            yield Change("change", here, old, new)


def _whole(kind: Literal["add", "remove"], thing: Mapping[str, Any], path: str) -> Iterator[Change]:
    """A new or dropped thing is one change; a new or dropped table of things is one for each."""
    if thing and all(isinstance(inner, Mapping) for inner in thing.values()) and "." not in path:
        for name, inner in thing.items():
            yield from _whole(kind, inner, f"{path}.{name}")
    elif kind == "add":
        yield Change("add", path, None, dict(thing))
    else:
        yield Change("remove", path, dict(thing), None)


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})
