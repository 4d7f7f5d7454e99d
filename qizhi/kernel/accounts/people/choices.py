"""What an administrator may choose: units, roles and places; and what a list of staff means by its words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qizhi.kernel.kit.errors import Text
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.regions.scope import is_within
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.errors import UnknownUnit
from qizhi.kernel.units.models import Role, Unit
from qizhi.kernel.units.queries import Body, directory

from ..errors import DayNotAllowed, PlaceOutsideUnit, RoleNotForUnit, UnknownRole
from ..hooks import declared_roles
from ..scope import Actor
from .policy import places_of

# value and words of each option, under the words of its group
Groups = list[tuple[str, list[tuple[str, Text]]]]
FIRST_DAY = date(2000, 1, 1)
LATEST = timedelta(days=366)
UNITS_NAMED = 5


def title_said(title: dict[str, str]) -> str:
    """Return the title of a role in the language of the page."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return title.get(language) or title.get("zh", "")


def roles_now() -> list[Role]:
    """Return the roles that may be given, in the order in which the mode declares them; one query."""
    known = {role.key: role for role in Role.objects.order_by("key")}
    declared = declared_roles()
    return [known[key] for key in declared if key in known] if declared else list(known.values())


def role_choices() -> list[tuple[str, Text]]:
    """Return key and title of the roles that may be given."""
    return [(role.key, title_said(role.title) or role.key) for role in roles_now()]


def unit_choices(actor: Actor, *, reading: bool = False) -> Groups:
    """Return the units in which the actor may give posts, or read who holds them, by what sort of body they are."""
    places = places_of(actor, reading=reading)
    bodies = [
        body for body in directory().bodies if any(is_within(body.region_code, place) for place in places)
    ]
    groups: Groups = []
    for kind in UnitKind:
        options: list[tuple[str, Text]] = [(one.code, one.short_name) for one in bodies if one.kind == kind]
        if options:
            groups.append((str(kind.label), options))
    return groups


def place_choices(actor: Actor) -> Groups:
    """Return the places to which the actor may narrow a post: each town with its villages and grids."""
    known = gazetteer()
    reach = places_of(actor)
    groups: Groups = []
    for town in known.children(known.root.code) if known.places else []:
        below = [town, *_all_below(town)]
        options: list[tuple[str, Text]] = [
            (place.code, _below_town(place))
            for place in below
            if any(is_within(place.code, one) for one in reach)
        ]
        if options:
            groups.append((town.name, options))
    return groups


def _below_town(place: Place) -> str:
    """Return the name of a place under the heading of its town; a bare grid with its village."""
    above = gazetteer().by_code.get(place.parent_code)
    if place.level != Level.GRID or above is None or above.name in place.name:
        return place.name
    return f"{above.name}{place.name}"


def _all_below(place: Place) -> Iterable[Place]:
    for child in gazetteer().children(place.code):
        yield child
        yield from _all_below(child)


def unit_meant(said: str) -> Body:
    """Return the active unit with this code, or the only one with this name or short name.

    Raises:
        UnknownUnit: there is none, or several have the name; then it says some of their codes.
    """
    known = directory()
    if said in known.by_code:
        return known.by_code[said]
    named = [body for body in known.bodies if said in (body.name, body.short_name)]
    if len(named) == 1:
        return named[0]
    message: Text = _("没有找到这个单位，请写单位的代码、全称或简称。")
    if named:
        codes = gettext("、").join(body.code for body in named[:UNITS_NAMED])
        message = gettext("有几个单位都叫这个名称，请改写代码，例如 %(codes)s。") % {"codes": codes}
    raise UnknownUnit(message, fields={"unit": [message]}, details={"unit": said})


def role_meant(said: str, roles: Iterable[Role]) -> Role:
    """Return the role of `roles` with this key, or with this title in either language.

    Raises:
        UnknownRole: there is none.
    """
    for role in roles:
        if said == role.key or said in role.title.values():
            return role
    raise UnknownRole(fields={"role": [UnknownRole.title]}, details={"role": said})


def place_meant(said: str, unit: Body | Unit) -> str:
    """Return the code of the place to which a post in `unit` is narrowed: empty when nothing is said.

    `said` is a code, a full name such as “凤鸣镇堰河村”, or a name that only one place below the unit has. The
    unit's own place narrows nothing.

    Raises:
        PlaceOutsideUnit: there is no such place within the place of the unit, or several.
    """
    if not said:
        return ""
    known = gazetteer()
    below = [place for place in known.places if is_within(place.code, unit.region_code)]
    tests: tuple[Callable[[Place], bool], ...] = (
        lambda place: place.code == said,
        lambda place: known.path_name(place.code) == said,
        lambda place: place.name == said,
    )
    for test in tests:
        found = [place.code for place in below if test(place)]
        if len(found) == 1:
            return "" if found[0] == unit.region_code else found[0]
    raise PlaceOutsideUnit(fields={"place": [PlaceOutsideUnit.title]}, details={"place": said})


def fit(role: Role, unit: Body | Unit, declared: Mapping[str, frozenset[str]]) -> None:
    """Let `role` be held in `unit`; `declared` are the roles of the mode (`hooks.declared_roles`).

    Raises:
        UnknownRole: the mode in force does not declare the role.
        RoleNotForUnit: the role is not held in this kind of unit.

    **Source:** `modes/national/roles.yaml`, `unit_kinds`.
    """
    if declared and role.key not in declared:
        raise UnknownRole(fields={"role": [UnknownRole.title]})
    kinds = declared.get(role.key)
    if kinds and unit.kind not in kinds:
        raise RoleNotForUnit(fields={"role": [RoleNotForUnit.title]})


def day_fits(on: date) -> None:
    """Let a post begin on the day.

    Raises:
        DayNotAllowed: it lies before 2000 or more than a year ahead.
    """
    if not FIRST_DAY <= on <= timezone.localdate() + LATEST:
        raise DayNotAllowed(fields={"since_on": [DayNotAllowed.title]})
