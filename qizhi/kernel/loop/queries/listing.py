"""Lists of matters: filtered, in order, page by page, at the same cost whatever the table's size.

A list is read from `Sight` as one or a few *streams*, each a single range of one index in the wanted order; the
streams are merged here, and the matters of the page are then fetched by key. A list that is narrowed to what a
search found, to a time of conclusion or of an answer, or to one place without what lies below it, is read from those
matters instead: they are few.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact
from django.utils import timezone

from qizhi.kernel.accounts.scope import Actor, ActorKind, unit_key
from qizhi.kernel.kit import phones
from qizhi.kernel.kit.errors import QizhiError
from qizhi.kernel.kit.paging import read_cursor, write_cursor
from qizhi.kernel.kit.sealing import lookup_hash
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.regions.scope import is_within, within

from ..choices import Urgency
from ..models import Matter, Reporter, Revisit, Sight
from ..policy import NUMBER_SHAPE

Order = Literal["-opened_at", "opened_at", "due_at"]
LIMIT_MAX = 200
STATES_MAX = 6
PHONE_SHAPE = re.compile(r"\+?\d[\d\s-]{6,20}")
FOUND_MAX = 500
CURSOR_OF = "matters"
# a text search, given by the room `search`: (text, sight keys, limit) → keys of matters, newest first
Searcher = Callable[[str, Iterable[str], int], list[uuid.UUID]]
_searchers: list[Searcher] = []


def register_searcher(searcher: Searcher) -> None:
    """Let a room to the right answer the `q` of a list."""
    _searchers[:] = [searcher]


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means no limit.

    `region` means its subtree, with `exact` the place alone; `unit` is a unit's key. Times run from the first up
    to, without, the second. `replied`: whether the answer was given; `was_on_time`: whether it kept the promise;
    `solved`: what the last valid answer of people within `heard_from` to `heard_to` says.
    """

    kind: str = ""
    state: tuple[str, ...] = ()
    is_open: bool | None = None
    region: str = ""
    exact: bool = False
    unit: uuid.UUID | None = None
    category: str = ""
    channel: str = ""
    urgency: str = ""
    opened_from: datetime | None = None
    opened_to: datetime | None = None
    concluded_from: datetime | None = None
    concluded_to: datetime | None = None
    replied: bool | None = None
    was_on_time: bool | None = None
    heard_from: datetime | None = None
    heard_to: datetime | None = None
    solved: bool | None = None
    overdue: bool = False
    q: str = ""
    order: Order = "-opened_at"

    @property
    def by_matter(self) -> bool:
        """Whether the list is read from the matters themselves rather than from their sights."""
        times = (self.concluded_from, self.concluded_to, self.heard_from, self.heard_to)
        return self.exact or self.solved is not None or any(times) or bool(self.q.strip())


@dataclass(frozen=True)
class Page:
    """One page of a list, the cursor of the next one and of the one before; None where there is none."""

    items: list[Matter]
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True)
class _Stream:
    """Rows to be read in order, and the name of the column with the matter's key."""

    rows: QuerySet[Any]
    key: str


@dataclass(frozen=True)
class _Spot:
    """A place in the order: the sort value and the matter's key."""

    value: datetime
    key: uuid.UUID


def matter_list(
    actor: Actor, filters: Filters, *, cursor: str | None = None, back: bool = False, limit: int = 20
) -> Page:
    """Return one page of the matters that `actor` may see.

    Arguments:
        cursor: as given with another page of the same list.
        back: the page that ends before the cursor instead of the one that begins after it.
        limit: 1 to 200.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    limit = max(1, min(limit, LIMIT_MAX))
    filters = replace(filters, order="due_at" if filters.overdue else filters.order)
    at = _spot(cursor)
    back = back and at is not None
    column, down = filters.order.lstrip("-"), filters.order.startswith("-") is not back
    spots: dict[uuid.UUID, _Spot] = {}
    for stream in _streams(actor, filters):
        for key, value in _slice(stream, column, down, at, limit + 1):
            spots.setdefault(key, _Spot(value, key))
    ordered = sorted(spots.values(), key=lambda s: (s.value, s.key), reverse=down)
    shown = ordered[:limit]
    more = len(ordered) > limit
    if back:
        shown.reverse()
    return Page(
        items=_fetch([spot.key for spot in shown]),
        next_cursor=_cursor(shown[-1:]) if more or back else None,
        previous_cursor=_cursor(shown[:1]) if (more if back else at is not None) else None,
    )


def _cursor(spots: list[_Spot]) -> str | None:
    return write_cursor([spots[0].value, spots[0].key], of=CURSOR_OF) if spots else None


def matter_rows(actor: Actor, filters: Filters, *, most: int) -> Iterable[Matter]:
    """Yield up to `most` matters of a list, page after page, for an export."""
    cursor: str | None = None
    given = 0
    while given < most:
        page = matter_list(actor, filters, cursor=cursor, limit=min(LIMIT_MAX, most - given))
        yield from page.items
        given += len(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return


def _spot(cursor: str | None) -> _Spot | None:
    if not cursor:
        return None
    value, key = read_cursor(cursor, of=CURSOR_OF)
    return _Spot(value, key)


def driving_keys(actor: Actor) -> tuple[str, ...]:
    """Return the sight keys that a list must read; one that is seen whole makes the others needless.

    Unless some kind is confidential: its matters are not seen by place, only by who handles them.
    """
    root = gazetteer().root.code
    if any(is_within(root, region) for region in actor.regions) and _all_seen_in_region():
        return (root,)
    return actor.sight_keys


def _all_seen_in_region() -> bool:
    return all(kind.seen_in_region for kind in current().kinds.values())


def _streams(actor: Actor, filters: Filters) -> list[_Stream]:
    keys, extra = _keys(actor, filters)
    if filters.by_matter:
        return [_matters(filters, keys, extra)]
    condition = _condition(filters, "matter__") & extra
    # a stream for each state reads one range of an index; many states are most of the list, and read as such
    many = len(filters.state) > STATES_MAX
    choices = [Q(state__in=filters.state)] if many else [Q(state=state) for state in filters.state] or [Q()]
    return [
        _Stream(Sight.objects.filter(condition & choice, key=key), "matter")
        for key, choice in product(keys, choices)
    ]


def _matters(filters: Filters, keys: tuple[str, ...], extra: Q) -> _Stream:
    """Return the matters of a time or place, or found by a search, that carry one of the keys."""
    seen = Sight.objects.filter(extra, matter=OuterRef("pk"), key__in=keys)
    rows = Matter.objects.filter(Exists(seen), _condition(filters, ""))
    if filters.state:
        rows = rows.filter(state__in=filters.state)
    if filters.heard_from or filters.heard_to or filters.solved is not None:
        rows = rows.filter(_heard(filters))
    if filters.q.strip():
        rows = rows.filter(_found(filters.q, keys))
    return _Stream(rows, "pk")


def _heard(filters: Filters) -> Q:
    """Return the condition that people gave a valid answer in the time, and that the last one says `solved`."""
    said = Revisit.objects.filter(is_valid=True)
    if filters.heard_from is not None:
        said = said.filter(at__gte=filters.heard_from)
    if filters.heard_to is not None:
        said = said.filter(at__lt=filters.heard_to)
    condition = Q(pk__in=said.values("matter"))
    if filters.solved is not None:
        last = said.filter(matter=OuterRef("pk")).order_by("-at").values("solved")[:1]
        condition &= Q(Exact(Subquery(last), Value(filters.solved)))
    return condition


def _keys(actor: Actor, filters: Filters) -> tuple[tuple[str, ...], Q]:
    """Choose the keys that narrow the list most, and what must hold besides."""
    if actor.kind == ActorKind.CITIZEN:
        return (), Q()
    mine = driving_keys(actor) if actor.kind == ActorKind.STAFF else (gazetteer().root.code,)
    place = within(filters.region, "matter__region_code") if filters.region else Q()
    if filters.unit is not None:
        seen = (
            Q()
            if unit_key(filters.unit) in mine
            else Exists(Sight.objects.filter(matter=OuterRef("matter"), key__in=mine))
        )
        return (unit_key(filters.unit),), Q(seen) & place if seen else place
    whole = actor.covers(filters.region) or actor.kind == ActorKind.SYSTEM
    if filters.region and whole and _all_seen_in_region():
        return (filters.region,), Q()
    return tuple(key for key in mine if not _lies_elsewhere(key, filters.region)), place


def _lies_elsewhere(key: str, region: str) -> bool:
    """Tell whether a sight key is a place that has nothing in common with `region`."""
    return bool(region) and key.isdigit() and not (is_within(key, region) or is_within(region, key))


def _condition(filters: Filters, matter: str) -> Q:
    """Return what the rows must fulfil; `matter` is the way from a row to its matter, empty when it is one."""
    said: dict[str, Any] = {}
    if filters.kind:
        said["kind"] = filters.kind
    if filters.is_open is not None:
        # not `=`: SQLite would get the bare column, for which it uses no index
        said["is_open__in"] = (filters.is_open,)
    for name in ("channel", "urgency"):
        if getattr(filters, name):
            said[name] = getattr(filters, name)
    if filters.exact and filters.region:
        said[f"{matter}region_code"] = filters.region
    if filters.replied is not None:
        said[f"{matter}was_on_time__isnull"] = not filters.replied
    if filters.was_on_time is not None:
        said[f"{matter}was_on_time"] = filters.was_on_time
    for column, low, high in (
        ("opened_at", filters.opened_from, filters.opened_to),
        (f"{matter}concluded_at", filters.concluded_from, filters.concluded_to),
    ):
        if low is not None:
            said[f"{column}__gte"] = low
        if high is not None:
            said[f"{column}__lt"] = high
    if filters.overdue:
        said |= {"due_at__lt": timezone.now(), "is_open": True}
    elif filters.order == "due_at":
        said["due_at__isnull"] = False
    # as above: the index of urgencies leaves out what is normal
    urgent = ~Q(urgency=Urgency.NORMAL) if filters.urgency not in ("", Urgency.NORMAL) else Q()
    return Q(**said) & urgent & _category(filters.category, matter)


def _category(code: str, matter: str) -> Q:
    """Return the condition “of this category or of one below it”; a sight keeps only the first level."""
    if not code:
        return Q()
    below = Q(category=code) | Q(category__gte=f"{code}.", category__lt=f"{code}/")
    if not matter:
        return Q(category=code) if "." in code else below
    top = Q(category=code.partition(".")[0])
    return top & Q(**{f"{matter}category": code}) if "." in code else top


def _found(text: str, keys: tuple[str, ...]) -> Q:
    """Return the condition of a search: a number, a telephone, or words."""
    wanted = text.strip()
    if NUMBER_SHAPE.fullmatch(wanted.upper()):
        return Q(number=wanted.upper())
    if PHONE_SHAPE.fullmatch(wanted):
        try:
            key = lookup_hash("phone", phones.normalise(wanted))
        except QizhiError:
            return Q(pk=None)
        # said as the index is declared: SQLite takes a partial index only then
        return Q(reporter__in=Reporter.objects.filter(phone_key=key).exclude(phone_key=""))
    return Q(pk__in=_searchers[0](wanted, keys, FOUND_MAX) if _searchers else [])


def _slice(
    stream: _Stream, column: str, down: bool, at: _Spot | None, limit: int
) -> list[tuple[uuid.UUID, datetime]]:
    """Return the first `limit` keys and values beyond `at`, in the order of the column and the key."""
    key, rows = stream.key, stream.rows
    if at is not None:
        beyond = "lt" if down else "gt"
        rows = rows.filter(**{f"{column}__{beyond}e": at.value}).filter(
            Q(**{f"{column}__{beyond}": at.value}) | Q(**{f"{key}__{beyond}": at.key})
        )
    sign = "-" if down else ""
    return list(rows.order_by(f"{sign}{column}", f"{sign}{key}").values_list(key, column)[:limit])


def _fetch(keys: list[uuid.UUID]) -> list[Matter]:
    found = Matter.objects.defer("text", "text_sealed").in_bulk(keys)
    return [found[key] for key in keys if key in found]
