"""What may be chosen in a form: categories, places and units in groups, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.loop.models import Matter
from qizhi.kernel.modes.schema import Category, Input, Mode
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import Body, directory

PLACES = (Level.VILLAGE, Level.COMMUNITY)


@dataclass(frozen=True)
class Option:
    """One thing to choose; `words` are what a search line looks through."""

    value: str
    title: str
    words: str = ""


@dataclass(frozen=True)
class Group:
    """Options under one heading; without a heading they stand at the top."""

    title: str
    options: tuple[Option, ...]


def plain_choices(declared: Input, language: str) -> list[Group]:
    """Return the values of a choice input, in their declared order."""
    options = tuple(Option(choice.value, choice.title.say(language)) for choice in declared.choices)
    return [Group("", options)]


def category_choices(mode: Mode, language: str) -> list[Group]:
    """Return all categories of the mode under those of the first level, which can be chosen too."""
    below: dict[str, list[Category]] = {}
    for category in mode.categories:
        below.setdefault(category.parent, []).append(category)
    return [_category_group(top, below.get(top.code, []), language) for top in below.get("", [])]


def _category_group(top: Category, below: Sequence[Category], language: str) -> Group:
    title = _said(top, language)
    options = [Option(one.code, _said(one, language), f"{_said(one, language)} {title}") for one in below]
    other = _("其他（%(group)s）") % {"group": title} if options else title
    return Group(title, (*options, Option(top.code, other, title)))


def _said(category: Category, language: str) -> str:
    return category.en if language.startswith("en") and category.en else category.zh


def region_choices(actor: Actor) -> list[Group]:
    """Return the places in which `actor` may register something: the county, then each town with its villages.

    Citizens may name any place; staff see the places of their posts.
    """
    places = gazetteer()
    root = places.root
    groups = []
    if _may_name(actor, root.code):
        title = _("全县，或者说不清在哪个镇")
        groups.append(Group("", (Option(root.code, title, root.name),)))
    for town in places.children(root.code):
        options = tuple(_places_of(actor, town, places.children(town.code)))
        if options:
            groups.append(Group(town.name, options))
    return groups


def _places_of(actor: Actor, town: Place, below: Iterable[Place]) -> Iterable[Option]:
    if _may_name(actor, town.code):
        whole = _("%(town)s（全镇，或者说不清哪个村）") % {"town": town.name}
        yield Option(town.code, whole, town.name)
    for place in below:
        if place.level in PLACES and _may_name(actor, place.code):
            yield Option(place.code, place.name, f"{town.name}{place.name}")


def _may_name(actor: Actor, code: str) -> bool:
    return actor.kind != ActorKind.STAFF or any(is_within(code, seat.region_code) for seat in actor.seats)


def unit_choices(declared: Input, matter: Matter | None) -> list[Group]:
    """Return the units that the input allows, by what sort of body they are.

    With a matter at hand only units whose place holds, or lies in, the place of its centre: a town is never offered
    the units of another town.
    """
    bodies = [body for body in directory().bodies if _fits(body, declared, matter)]
    groups = []
    for kind in UnitKind:
        options = tuple(
            Option(body.code, body.short_name, f"{body.short_name} {body.name}")
            for body in bodies
            if body.kind == kind
        )
        if options:
            groups.append(Group(str(kind.label), options))
    return groups


def _fits(body: Body, declared: Input, matter: Matter | None) -> bool:
    if declared.unit_kinds and body.kind not in declared.unit_kinds:
        return False
    if matter is None:
        return True
    centre = directory().by_id.get(matter.centre_id)
    area = centre.region_code if centre else gazetteer().root.code
    return is_within(body.region_code, area) or is_within(area, body.region_code)
