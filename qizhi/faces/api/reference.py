"""What changes rarely: places, units, categories, kinds with their flows. Bounded, so lists come whole."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop
from ninja import Query, Router
from pydantic import BaseModel, Field

from qizhi.kernel.kit.errors import NotFound
from qizhi.kernel.loop.errors import BadInput
from qizhi.kernel.modes.charting import chart
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.modes.store import current, current_number
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.errors import UnknownRegion
from qizhi.kernel.regions.queries import Place, gazetteer, region_get
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import Body, directory

from .auth import STAFF, ApiRequest
from .bodies import reply
from .contract import STAFF_READ, told
from .errors import UnknownParameter
from .inputs import inputs_schema
from .lists import refuse_unknown
from .schemas.reference import CategoryList, KindList, KindOut, PlaceList, PlaceOut, UnitList
from .telling.names import Names

router = Router(tags=["reference"])
SVG = {"image/svg+xml": {"schema": {"type": "string"}}}


class PlaceQuery(BaseModel):
    """Which places."""

    within: str | None = Field(None, description="This place and all below it.", examples=["610323100"])
    level: Level | None = None


class UnitQuery(BaseModel):
    """Which units."""

    within: str | None = Field(
        None, description="Units that sit in this place or below it.", examples=["610323"]
    )
    kind: UnitKind | None = None


def listed(items: list[dict[str, Any]]) -> HttpResponse:
    """Answer a bounded list, which comes whole and says how many there are."""
    return reply({"items": items, "next_cursor": None, "total": len(items)})


@router.get(
    "/regions", summary=gettext_noop("区划"), **told(PlaceList, (BadInput, UnknownRegion, UnknownParameter))
)
def region_index(request: HttpRequest, query: Query[PlaceQuery]) -> HttpResponse:
    """The places of the county in the order of their codes: an ancestor's code begins its descendants'."""
    refuse_unknown(request, PlaceQuery.model_fields)
    inside = region_get(query.within).code if query.within else ""
    places = [
        place
        for place in gazetteer().places
        if is_within(place.code, inside) and query.level in (None, place.level)
    ]
    return listed([place_told(place) for place in places])


@router.get("/regions/{code}", summary=gettext_noop("一个地方"), **told(PlaceOut, (NotFound,)))
def region_one(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    """One place by the county's own (statistical) code."""
    place = gazetteer().by_code.get(code)
    if place is None:
        raise NotFound
    return reply(place_told(place))


def place_told(place: Place) -> dict[str, Any]:
    """Return a place as `PlaceOut`."""
    return {
        "code": place.code,
        "name": place.name,
        "full_name": gazetteer().path_name(place.code),
        "level": place.level,
        "parent": place.parent_code,
        "lon": place.lon,
        "lat": place.lat,
    }


@router.get(
    "/units",
    summary=gettext_noop("单位"),
    auth=STAFF,
    **told(UnitList, (*STAFF_READ, BadInput, UnknownRegion, UnknownParameter)),
)
def unit_index(request: ApiRequest, query: Query[UnitQuery]) -> HttpResponse:
    """The bodies that can be responsible, in the order of their codes."""
    refuse_unknown(request, UnitQuery.model_fields)
    inside = region_get(query.within).code if query.within else ""
    bodies = [
        body
        for body in directory().bodies
        if is_within(body.region_code, inside) and query.kind in (None, body.kind)
    ]
    return listed([unit_told(body) for body in bodies])


def unit_told(body: Body) -> dict[str, Any]:
    """Return a unit as `UnitOut`."""
    return {
        "code": body.code,
        "name": body.name,
        "short_name": body.short_name,
        "kind": body.kind,
        "level": body.level,
        "region": body.region_code,
        "purposes": sorted(body.purposes),
    }


@router.get("/categories", summary=gettext_noop("类别"), **told(CategoryList, ()))
def category_index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The classes of requests, on two levels."""
    english = Names().language.startswith("en")
    return listed(
        [
            {"code": one.code, "title": (english and one.en) or one.zh, "parent": one.parent}
            for one in current().categories
        ]
    )


@router.get("/kinds", summary=gettext_noop("事项种类"), **told(KindList, ()))
def kind_index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The kinds of matter of the mode in force."""
    names = Names()
    return listed([kind_line(kind, names) for kind in current().kinds.values()])


@router.get("/kinds/{name}", summary=gettext_noop("一种事项"), **told(KindOut, (NotFound,)))
def kind_one(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """A kind with its whole flow, and the JSON Schema of the inputs that open one."""
    kind, names = kind_named(name), Names()
    return reply(
        {
            **kind_line(kind, names),
            "law": list(kind.law),
            "states": [
                {
                    "name": state.name,
                    "title": names.say(state.title),
                    "public": names.say(state.public),
                    "held_by": state.held_by,
                    "is_end": state.end,
                    "is_done": state.done,
                }
                for state in kind.states.values()
            ],
            "transitions": [
                {
                    "name": step.name,
                    "title": names.say(step.title),
                    "sources": list(step.source_states),
                    "to": step.to,
                    "roles": list(step.by),
                    "law": list(step.law),
                }
                for step in sorted(kind.transitions.values(), key=lambda step: step.order)
            ],
            "inputs": inputs_schema(kind.opening, current_number(), names.language),
            "flow": reverse("api:kind_flow", args=[kind.name]),
        }
    )


@router.get("/kinds/{name}/flow.svg", summary=gettext_noop("流程图"), **told(None, (NotFound,), content=SVG))
def kind_flow(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """The flow chart of a kind, drawn from its declaration."""
    language = "en" if Names().language.startswith("en") else "zh"
    return HttpResponse(chart(kind_named(name), language), content_type="image/svg+xml")


def kind_named(name: str) -> Kind:
    """Return a kind of the mode in force.

    Raises:
        NotFound: there is none of this name.
    """
    kind = current().kinds.get(name)
    if kind is None:
        raise NotFound
    return kind


def kind_line(kind: Kind, names: Names) -> dict[str, Any]:
    """Return a kind as `KindLine`."""
    return {
        "name": kind.name,
        "title": names.say(kind.title),
        "description": names.say(kind.description),
        "is_public": kind.public,
        "opens_with": kind.opens_with,
    }
