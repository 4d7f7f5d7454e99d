"""What may be chosen in the filters of a list: only places and units that the reader can have to do with."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from qizhi.faces.forms.choices import Group, Option, category_choices
from qizhi.faces.words import is_english, said
from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.queries.listing import Filters
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import directory


class Choices(NamedTuple):
    """The lists of the filter form."""

    states: list[Group]
    regions: list[Group]
    units: list[Group]
    categories: list[Group]
    channels: list[Option]
    urgencies: list[Option]
    is_more_open: bool


def choices(actor: Actor, filters: Filters) -> Choices:
    """Return what the form offers; the second row of filters is unfolded when one of them is in use."""
    more = (
        filters.unit,
        filters.category,
        filters.channel,
        filters.urgency,
        filters.opened_from,
        filters.opened_to,
    )
    return Choices(
        states=_states(),
        regions=_regions(actor),
        units=_units(actor),
        categories=category_choices(current(), "en" if is_english() else "zh"),
        channels=[Option(value, str(label)) for value, label in Channel.choices],
        urgencies=[Option(value, str(label)) for value, label in Urgency.choices],
        is_more_open=any(one not in (None, "") for one in more),
    )


def _states() -> list[Group]:
    """Return all states, first those in which a matter is open."""
    found: dict[bool, dict[str, Option]] = {False: {}, True: {}}
    for kind in current().kinds.values():
        for name, state in kind.states.items():
            found[state.end].setdefault(name, Option(name, said(state.title)))
    return [
        Group(title, tuple(found[end].values())) for end, title in ((False, _("在办")), (True, _("已结束")))
    ]


def _regions(actor: Actor) -> list[Group]:
    """Return the places that the actor sees whole, or all when only units are seen: county, towns, villages."""
    known = gazetteer()
    scope = actor.regions or (known.root.code,)

    def seen(place: Place) -> bool:
        return any(is_within(place.code, code) for code in scope)

    groups = []
    if seen(known.root):
        groups.append(Group("", (Option(known.root.code, _("全县")),)))
    for town in known.children(known.root.code):
        below = [place for place in known.children(town.code) if place.level != Level.GRID and seen(place)]
        options = [Option(town.code, _("%(town)s（全镇）") % {"town": town.name})] if seen(town) else []
        options += [Option(place.code, place.name) for place in below]
        if options:
            groups.append(Group(town.name, tuple(options)))
    return groups


def _units(actor: Actor) -> list[Group]:
    """Return the units in the actor's places and those above them, by what sort of body they are."""
    scope = actor.regions or tuple({seat.region_code for seat in actor.seats})
    bodies = [
        body
        for body in directory().bodies
        if any(is_within(body.region_code, code) or is_within(code, body.region_code) for code in scope)
    ]
    return [
        Group(str(kind.label), _options((body.code, body.short_name) for body in bodies if body.kind == kind))
        for kind in UnitKind
        if any(body.kind == kind for body in bodies)
    ]


def _options(pairs: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(value, title) for value, title in pairs)
