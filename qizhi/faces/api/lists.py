"""The filters of a list as they stand in an address, checked and turned into those of the loop."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.errors import UnknownKind
from qizhi.kernel.loop.queries.listing import Filters, Order
from qizhi.kernel.modes.schema import Mode
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import region_from_outside, region_get
from qizhi.kernel.units.queries import unit_get

from .errors import UnknownCategory, UnknownParameter, UnknownState

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*", re.ASCII)


def _written_as_day(value: object) -> object:
    """Refuse what pydantic would guess a day from, such as a number of seconds."""
    said = str(value)
    if not (_DAY.fullmatch(said) or _MOMENT.fullmatch(said)):
        raise PydanticCustomError("day", "not a day")
    return value


Day = Annotated[date | AwareDatetime, BeforeValidator(_written_as_day)]


class ListQuery(BaseModel):
    """The filters of `GET matters`; what is left out does not narrow the list."""

    kind: str | None = Field(None, examples=["request"])
    state: list[str] | None = Field(
        None,
        description="Any of these states: repeat the parameter, or separate by commas.",
        examples=[["in_progress"]],
    )
    region: str | None = Field(
        None, description="A place, which means its whole subtree.", examples=["610323100"]
    )
    code_system: Literal["nbs", "mca"] | None = Field(None, description="Whose code `region` is.")
    unit: str | None = Field(
        None, description="The code of a unit that handles, handled or holds it.", examples=["zhujian"]
    )
    category: str | None = Field(None, examples=["housing_construction"])
    channel: Channel | None = None
    urgency: Urgency | None = None
    opened_from: Day | None = Field(
        None, description="A day, or a moment with its offset.", examples=["2026-11-01"]
    )
    opened_to: Day | None = Field(
        None, description="A day, which counts whole, or a moment, which does not.", examples=["2026-11-24"]
    )
    overdue: bool = Field(False, description="Only what is late now; in the order of due times.")
    open: bool | None = Field(None, description="Only open ones, or only ended ones.")
    q: str | None = Field(
        None, max_length=200, description="A number, a telephone, or words.", examples=["井盖"]
    )
    order: Literal["-opened_at", "opened_at", "due_at"] = "-opened_at"
    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    limit: int = Field(20, ge=1, le=200)


def list_filters(request: HttpRequest, query: ListQuery) -> Filters:
    """Return the filters of the loop.

    Raises:
        UnknownParameter: the address names a filter that does not exist.
        UnknownKind, UnknownState, UnknownRegion, CodeSystemNeeded, UnknownUnit, UnknownCategory: it names
            something that the mode does not have.
    """
    refuse_unknown(request, ListQuery.model_fields)
    mode = current()
    order: Order = query.order
    return Filters(
        kind=_kind(mode, query.kind),
        state=_states(mode, query.state or ()),
        is_open=query.open,
        region=_region(query),
        unit=unit_get(query.unit).id if query.unit else None,
        category=_category(mode, query.category),
        channel=query.channel or "",
        urgency=query.urgency or "",
        opened_from=_begin(query.opened_from),
        opened_to=_end(query.opened_to),
        overdue=query.overdue,
        q=(query.q or "").replace("\x00", ""),
        order=order,
    )


def refuse_unknown(request: HttpRequest, known: Iterable[str]) -> None:
    """Refuse an address with a parameter that is not `known`.

    Raises:
        UnknownParameter: it names every such parameter.
    """
    unknown = set(request.GET) - set(known)
    if unknown:
        raise UnknownParameter(fields={name[:40]: [UnknownParameter.title] for name in sorted(unknown)})


def _kind(mode: Mode, kind: str | None) -> str:
    if kind and kind not in mode.kinds:
        raise UnknownKind(fields={"kind": [UnknownKind.title]})
    return kind or ""


def _states(mode: Mode, given: Iterable[str]) -> tuple[str, ...]:
    states = tuple(dict.fromkeys(name.strip() for some in given for name in some.split(",") if name.strip()))
    known = {state for kind in mode.kinds.values() for state in kind.states}
    if set(states) - known:
        raise UnknownState(fields={"state": [UnknownState.title]})
    return states


def _region(query: ListQuery) -> str:
    if not query.region:
        return ""
    if query.code_system:
        return region_from_outside(query.region, query.code_system).code
    return region_get(query.region).code


def _category(mode: Mode, category: str | None) -> str:
    if category and category not in {one.code for one in mode.categories}:
        raise UnknownCategory(fields={"category": [UnknownCategory.title]})
    return category or ""


def _begin(day: Day | None) -> datetime | None:
    if day is None or isinstance(day, datetime):
        return day
    return timezone.make_aware(datetime.combine(day, time.min))


def _end(day: Day | None) -> datetime | None:
    if day is None or isinstance(day, datetime):
        return day
    return None if day == date.max else _begin(day + timedelta(days=1))


class PageQuery(BaseModel):
    """Where in a list, and how much of it."""

    cursor: str | None = Field(None, max_length=500, description="`next_cursor` of the page before.")
    limit: int = Field(100, ge=1, le=200)
