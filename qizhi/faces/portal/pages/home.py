"""The first page with its three doors, and the places where somebody listens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qizhi.kernel.modes.schema import Clock, Kind, Words
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.units.queries import Body, directory

from ..kinds import public_kind


class Promise(NamedTuple):
    """One promise to the citizen: what, and within which term (as text, such as ``9wd``)."""

    title: Words
    term: str


@dataclass(frozen=True)
class TownPlaces:
    """A town with its own centre and those of its villages."""

    town: Place
    centre: Body | None
    villages: tuple[tuple[Place, Body], ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the three doors, and what the county promises."""
    return render(request, "portal/home.html", {"promises": promises(public_kind())})


def promises(kind: Kind) -> list[Promise]:
    """Return the promises of a kind as its public clocks make them.

    **Source:** `kinds/*.yaml` of the packs in force, clocks with ``public: true``.
    """
    return [
        Promise(clock.title, term) for clock in kind.clocks.values() if clock.public for term in _terms(clock)
    ]


def _terms(clock: Clock) -> Iterable[str]:
    return (clock.term,) if isinstance(clock.term, str) else (clock.term.default,)


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Show the governance centres of all three levels, by town."""
    known, units = gazetteer(), directory()
    towns = [_town(town) for town in known.children(known.root.code)]
    context = {
        "county_centre": units.centre_of(known.root.code, Level.COUNTY),
        "towns": towns,
        "count_villages": sum(len(one.villages) for one in towns),
    }
    return render(request, "portal/places.html", context)


def _town(town: Place) -> TownPlaces:
    units = directory()
    found = ((place, units.centre_of(place.code, Level.VILLAGE)) for place in gazetteer().children(town.code))
    return TownPlaces(
        town=town,
        centre=units.centre_of(town.code, Level.TOWN),
        villages=tuple((place, centre) for place, centre in found if centre is not None),
    )
