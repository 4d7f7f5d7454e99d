"""One value, one sequence of bytes: the form over which steps, answers and packs are hashed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, Literal
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.utils.translation import gettext_lazy as _

from .errors import QizhiError

Algorithm = Literal["sha256", "sm3"]


class NotCanonical(QizhiError):
    """A value has no single written form, so a hash over it would prove nothing."""

    code = "not_canonical"
    title = _("数据中有无法固定写法的值，未能计算校验码，尚未保存。")


def canonical(value: Any) -> bytes:
    """Return the one JSON text of `value`, in UTF-8.

    Keys are sorted by code point, nothing is spaced or escaped beyond what JSON needs. Times become UTC with
    six decimals and `Z`, days `YYYY-MM-DD`, UUIDs their text, decimals their plain text without trailing zeros
    (so that a value read back from the database gives the same bytes).

    Raises `NotCanonical` for floats, naive times, lazy texts, sets, keys that are no strings, and any other type.

    **Source:** `architecture.md` §5, steps are chained "over a canonical form".
    """
    try:
        return _ENCODE(_plain(value)).encode()
    except UnicodeEncodeError as error:  # half of a surrogate pair, as a broken client may send it
        raise NotCanonical(details={"type": "surrogate"}) from error


def digest(data: bytes, algorithm: Algorithm = "sha256") -> str:
    """Return the hash of `data` as 64 hexadecimal digits.

    **Source:** 《商用密码管理条例》art. 41: SM3 beside SHA-256, chosen by setting.
    """
    if algorithm == "sha256":
        return hashlib.sha256(data).hexdigest()
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize().hex()


def _plain(value: Any) -> Any:
    """Turn `value` into what `json` writes in exactly one way."""
    change = _CHANGES.get(type(value))
    return change(value) if change else _plain_subclass(value)


def _plain_subclass(value: Any) -> Any:
    """Turn a value of a class that is derived from a known one, such as a choice of an enumeration."""
    if isinstance(value, Mapping):
        return _mapping(value)
    for kind, change in _CHANGES.items():
        if isinstance(value, kind):
            return change(value)
    raise NotCanonical(details={"type": type(value).__name__})


def _mapping(value: Mapping[Any, Any]) -> dict[str, Any]:
    return {_key(key): _plain(item) for key, item in value.items()}


def _sequence(value: list[Any] | tuple[Any, ...]) -> list[Any]:
    return [_plain(item) for item in value]


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotCanonical(details={"type": f"key {type(key).__name__}"})
    return str.__str__(key)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotCanonical(details={"type": "naive datetime"})
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotCanonical(details={"type": "decimal"})
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode

# By exact type, which is much faster than asking each: a step's hash is taken over some fifty values. The order
# counts for derived classes: a truth value is also an integer, a time is also a day.
_CHANGES: dict[type, Callable[[Any], Any]] = {
    str: str.__str__,  # a choice of an enumeration is written as its value
    bool: bool,
    int: int,
    NoneType: lambda value: value,
    dict: _mapping,
    list: _sequence,
    tuple: _sequence,
    UUID: str,
    datetime: _moment,
    date: date.isoformat,
    Decimal: _decimal,
}
