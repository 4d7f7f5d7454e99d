"""Pages of a list by the last row seen: the same cost on every page, no count, nothing skipped or shown twice.

A cursor is signed and opaque; it holds the sort values of the row where a page begins.

**Source:** `architecture.md` §8, "matters, records and steps never count a whole table to show one page".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .errors import Invalid

LIMIT_DEFAULT = 20
LIMIT_MAX = 200

Item = TypeVar("Item", bound=Model)


class CursorInvalid(Invalid):
    """The cursor is not one that we gave for this list."""

    code = "cursor_invalid"
    title = _("翻页位置已失效，请从第一页重新开始。")


class LimitInvalid(Invalid):
    """The number of rows wanted is not within 1 to 200."""

    code = "limit_invalid"
    title = _("每页条数应在 1 到 200 之间。")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The rows of one page, and the cursors of its neighbours; a cursor is None where there is no neighbour."""

    items: list[Item]
    next_cursor: str | None = None
    previous_cursor: str | None = None


def page(
    queryset: QuerySet[Item], *, order: Sequence[str], cursor: str | None = None, limit: int = LIMIT_DEFAULT
) -> Page[Item]:
    """Return one page of `queryset` in `order`, beginning after (or before) the row that `cursor` names.

    `order` are field names, `-` for falling; together they must be unique (end with a key), and none may be null.
    One query is made, which an index over `order` answers as a range.

    Raises `CursorInvalid` for a cursor that is not ours or of another order, `LimitInvalid` for a limit outside 1
    to 200.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise LimitInvalid(fields={"limit": [LimitInvalid.title]})
    backwards, after = _start(order, cursor)
    directed = [_turned(name) for name in order] if backwards else list(order)
    rows = queryset.order_by(*directed)
    if after:
        rows = rows.filter(_beyond(directed, after))
    found = list(rows[: limit + 1])
    more, items = len(found) > limit, found[:limit]
    if backwards:
        items.reverse()
    has_next = bool(items) and (backwards or more)
    has_previous = bool(items) and (more if backwards else bool(after))
    return Page(
        items,
        next_cursor=_cursor(order, items[-1], "n") if has_next else None,
        previous_cursor=_cursor(order, items[0], "p") if has_previous else None,
    )


def write_cursor(values: Sequence[Any], *, of: str = "") -> str:
    """Return a signed cursor over `values` (texts, whole numbers, days, moments, decimals, UUIDs).

    `of` names the list; the cursor opens only under the same name.
    """
    return signing.Signer(salt=f"qizhi.paging:{of}").sign_object([_packed(value) for value in values])


def read_cursor(cursor: str, *, of: str = "") -> list[Any]:
    """Return the values of a cursor; raises `CursorInvalid` when it is not one of ours for this list."""
    try:
        values = signing.Signer(salt=f"qizhi.paging:{of}").unsign_object(cursor)
        return [_unpacked(value) for value in values]
    except (signing.BadSignature, ValueError, TypeError, KeyError) as error:
        raise CursorInvalid() from error


def _start(order: Sequence[str], cursor: str | None) -> tuple[bool, list[Any]]:
    """Return whether to read backwards, and the sort values of the row to start from."""
    if not cursor:
        return False, []
    way, *values = read_cursor(cursor, of=",".join(order))
    if len(values) != len(order):
        raise CursorInvalid()
    return way == "p", values


def _cursor(order: Sequence[str], row: Model, way: str) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    if None in values:
        raise ValueError(f"a list cannot be paged by a field that is null: {', '.join(order)}")
    return write_cursor([way, *values], of=",".join(order))


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition "comes after `values` in `order`".

    The bound on the first field alone is redundant; it is what lets both databases begin inside the index.
    """
    (name, *names), (value, *rest) = order, values
    field, way = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
    further = Q(**{f"{field}__{way}": value})
    if not names:
        return further
    return Q(**{f"{field}__{way}e": value}) & (further | _beyond(names, rest))


def _packed(value: Any) -> Any:
    """Return what JSON can carry; types that JSON lacks are marked by a letter."""
    match value:
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case Decimal():
            return {"n": str(value)}
        case UUID():
            return {"u": value.hex}
    return value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((mark, text),) = value.items()
    return _READERS[mark](text)


_READERS: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "u": UUID,
}
