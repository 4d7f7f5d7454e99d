"""The filters of a list as they stand in an address: read, written, and told in words.

The address is the whole truth of a list: it can be kept, sent and opened again. Days are whole days of the county's
zone, the last one included. What an address holds and nobody understands is left out and named.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.queries.listing import STATES_MAX, Filters
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.queries import directory

ORDERS = {"new": "-opened_at", "old": "opened_at", "due": "due_at"}
_ORDER_NAMES = {value: name for name, value in ORDERS.items()}
Q_MAX = 100
_DAY = timedelta(days=1)
# periods: the pair of fields of `Filters`, named alike in the address with whole days
_PERIODS = ("opened", "concluded", "heard")
_FLAGS = {"open": "is_open", "replied": "replied", "on_time": "was_on_time", "solved": "solved"}
_MARKS = {"overdue": "overdue", "here": "exact"}
_WORDS = {"kind", "region", "category", "channel", "urgency"}
NAMES = (
    "q", "kind", "state", "open", "overdue", "region", "here", "unit", "category", "channel", "urgency",
    "opened_from", "opened_to", "concluded_from", "concluded_to", "replied", "on_time",
    "heard_from", "heard_to", "solved", "order",
)  # fmt: skip


class Unreadable(ValueError):
    """A value of the address means nothing here."""


@dataclass(frozen=True)
class Asked:
    """What an address asks for: the filters, and the names of the values that were left out."""

    filters: Filters
    left_out: tuple[str, ...] = ()


def read(query: QueryDict) -> Asked:
    """Return the filters that the address holds; whatever cannot be read is left out and named."""
    found: dict[str, Any] = {}
    wrong = []
    for name, values in query.lists():
        given = [value.strip() for value in values if value.strip()]
        if name not in NAMES or not given:
            continue
        try:
            found.update(_value(name, given))
        except Unreadable:
            wrong.append(name)
    return Asked(Filters(**found), tuple(wrong))


def _value(name: str, given: list[str]) -> dict[str, Any]:
    first = given[0]
    if name == "state":
        known = {state for kind in current().kinds.values() for state in kind.states}
        return {"state": tuple(dict.fromkeys(_known(one, known) for one in given[:STATES_MAX]))}
    if name in _FLAGS:
        return {_FLAGS[name]: _known(first, {"0", "1"}) == "1"}
    if name in _MARKS:
        return {_MARKS[name]: _known(first, {"0", "1"}) == "1"}
    if name in _WORDS:
        return {name: _known(first, _CHOICES[name]())}
    if name.endswith(("_from", "_to")):
        return {name: _moment(first, is_last=name.endswith("_to"))}
    if name == "unit":
        return {"unit": directory().by_code[_known(first, directory().by_code)].id}
    if name == "order":
        return {"order": ORDERS[_known(first, ORDERS)]}
    return {"q": first[:Q_MAX]}


_CHOICES: dict[str, Callable[[], Any]] = {
    "kind": lambda: current().kinds,
    "region": lambda: gazetteer().by_code,
    "category": lambda: {category.code for category in current().categories},
    "channel": lambda: Channel.values,
    "urgency": lambda: Urgency.values,
}


def _known(value: str, values: Any) -> str:
    if value not in values:
        raise Unreadable(value)
    return value


def _moment(text: str, *, is_last: bool) -> datetime:
    """Return the moment at which the day begins, or the one at which a last day has ended."""
    try:
        day = date.fromisoformat(text)
        return midnight(day + _DAY if is_last else day)
    except (ValueError, OverflowError):
        raise Unreadable(text) from None


def midnight(day: date) -> datetime:
    """Return the moment at which `day` begins in the county's zone."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())


def month_of(text: str, today: date) -> date:
    """Return the first day of the month written as ``2026-11``; of the present month when it cannot be read."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return min(first, today.replace(day=1))


def month_after(first: date) -> date:
    """Return the first day of the month after the one that begins on `first`."""
    return (first + timedelta(days=32)).replace(day=1)


def written(filters: Filters) -> dict[str, Any]:
    """Return the parameters that `read` turns into `filters` again, without those that limit nothing."""
    said: dict[str, Any] = {name: getattr(filters, name) for name in ("q", *sorted(_WORDS))}
    said["state"] = list(filters.state)
    for name, field in _FLAGS.items():
        flag = getattr(filters, field)
        said[name] = "" if flag is None else str(int(flag))
    for name, field in _MARKS.items():
        said[name] = "1" if getattr(filters, field) else ""
    body = directory().by_id.get(filters.unit) if filters.unit else None
    said["unit"] = body.code if body else ""
    for period in _PERIODS:
        low, high = getattr(filters, f"{period}_from"), getattr(filters, f"{period}_to")
        said[f"{period}_from"] = timezone.localdate(low).isoformat() if low else ""
        said[f"{period}_to"] = (timezone.localdate(high) - _DAY).isoformat() if high else ""
    said["order"] = "" if filters.order == ORDERS["new"] else _ORDER_NAMES[filters.order]
    return {name: said[name] for name in NAMES if said[name]}


def query_of(filters: Filters, **more: Any) -> str:
    """Return the query of an address, such as ``state=replied&region=610323100``; `more` is added at the end."""
    return urlencode(written(filters) | {name: value for name, value in more.items() if value}, doseq=True)


def without(filters: Filters, name: str) -> Filters:
    """Return the filters without the parameter `name`; periods lose both ends."""
    empty: dict[str, Any] = {field.name: field.default for field in fields(Filters)}
    if name in _PERIODS:
        ends: dict[str, Any] = {f"{name}_{end}": None for end in ("from", "to")}
        return replace(filters, **ends)
    field = {**_FLAGS, **_MARKS}.get(name, name)
    return replace(filters, **{field: empty[field]})


def given(filters: Filters) -> Mapping[str, Any]:
    """Return what limits the list, by the names of `without`; the order is no limit."""
    found = dict(written(filters))
    found.pop("order", None)
    for period in _PERIODS:
        ends = [found.pop(f"{period}_{end}", "") for end in ("from", "to")]
        if any(ends):
            found[period] = tuple(ends)
    return found
