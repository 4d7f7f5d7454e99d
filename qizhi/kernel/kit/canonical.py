"""One value, one sequence of bytes: the form over which steps, answers and packs are hashed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
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
    plain = _plain(value)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
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
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise NotCanonical(details={"type": f"key {type(key).__name__}"})
    return str.__str__(key)


def _scalar(value: Any) -> Any:
    """Turn one single value into text, number, truth value or nothing."""
    match value:
        case None | bool():
            return value
        case str():
            return str.__str__(value)  # a choice of an enumeration is written as its value
        case int():
            return int(value)
        case UUID():
            return str(value)
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
        case Decimal():
            return _decimal(value)
    raise NotCanonical(details={"type": type(value).__name__})


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotCanonical(details={"type": "naive datetime"})
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise NotCanonical(details={"type": "decimal"})
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
