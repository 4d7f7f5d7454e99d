"""The accounts of the demo: one person in each role, so that the whole loop can be walked by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.models import Region
from qizhi.kernel.units.models import Membership, Post, Role, Unit

from .errors import DemoIncomplete
from .models import User

COUNTY_ROLES = (
    "clerk",
    "gridworker",
    "mediator",
    "dispatcher",
    "director",
    "handler",
    "head",
    "supervisor",
    "revisit",
    "analyst",
    "inspector",
    "leader",
    "admin",
    "auditor",
)
ROLES_AT: dict[str, tuple[str, ...]] = {
    Level.COUNTY: COUNTY_ROLES,
    Level.TOWN: COUNTY_ROLES[:9],
    Level.VILLAGE: ("dispatcher", "handler"),
    Level.COMMUNITY: ("dispatcher", "handler"),
}
# The unit in which a role sits; `{}` stands for the place's code. Whoever is not named sits in the centre.
CENTRE = "centre-{}"
COUNTY_OFFICE = dict.fromkeys(
    ("supervisor", "analyst", "inspector", "leader", "admin", "auditor"), "pingan_office"
)
UNITS_AT: dict[str, dict[str, str]] = {
    Level.COUNTY: {"handler": "zhujian", "head": "zhujian", **COUNTY_OFFICE},
    Level.TOWN: {"handler": "tg-{}", "head": "tg-{}"},
    Level.VILLAGE: {"handler": "vc-{}"},
    Level.COMMUNITY: {"handler": "vc-{}"},
}
SHORT_TITLES = {"leader": "领导"}


@dataclass(frozen=True)
class Wanted:
    """One account: its name, the person's invented name, the role and the unit of its only post."""

    username: str
    name: str
    role: str
    unit: Unit


@transaction.atomic
def demo_accounts(password: str, on: date) -> int:
    """Make the demo's accounts with their posts from the day `on`, and return how many there are.

    Called again it makes only what is missing and lets everybody have `password`. All share one Argon2 hash,
    computed once: 385 hashes would take a minute, and who knows one demo password knows all. Names are the
    role and the place, never those of a person. All are marked as demo accounts.

    Raises:
        DemoIncomplete: a role or a unit that the accounts need is not there; nothing was made.

    **Source:** `architecture.md` §8, “Demo accounts”.
    """
    roles = _roles()
    wanted = list(_wanted())
    if not wanted:
        raise DemoIncomplete
    users = _users(wanted, password)
    held = set(Post.objects.filter(user__is_demo=True).values_list("user", "unit", "role"))
    posts = [
        Post(user=users[one.username], unit=one.unit, role=roles[one.role], since_on=on)
        for one in wanted
        if (users[one.username].id, one.unit.id, roles[one.role].id) not in held
    ]
    Post.objects.bulk_create(posts)
    return len(wanted)


def _users(wanted: list[Wanted], password: str) -> dict[str, User]:
    demo = User.objects.filter(is_demo=True)
    known = set(demo.values_list("username", flat=True))
    some = demo.first()
    kept = some.password if some and check_password(password, some.password) else make_password(password)
    User.objects.bulk_create(
        User(username=one.username, name=one.name, password=kept, is_demo=True)
        for one in wanted
        if one.username not in known
    )
    demo.exclude(password=kept).update(password=kept)
    return {user.username: user for user in demo}


def _roles() -> dict[str, Role]:
    roles = {role.key: role for role in Role.objects.filter(key__in=COUNTY_ROLES)}
    missing = sorted(set(COUNTY_ROLES) - set(roles))
    if missing:
        raise DemoIncomplete(details={"roles": missing})
    return roles


def _wanted() -> Iterator[Wanted]:
    """Yield every account of the contract: county, towns, county bodies, villages."""
    units = {unit.code: unit for unit in Unit.objects.filter(is_active=True)}
    titles = {role.key: role.title.get("zh", role.key) for role in Role.objects.all()} | SHORT_TITLES

    def seat(username: str, role: str, place: str, code: str) -> Wanted:
        if code not in units:
            raise DemoIncomplete(details={"unit": code})
        return Wanted(username, f"{place}{titles.get(role, role)}"[:40], role, units[code])

    for place in Region.objects.filter(is_active=True).exclude(level=Level.GRID).order_by("code"):
        for role in ROLES_AT[place.level]:
            code = UNITS_AT[place.level].get(role, CENTRE).format(place.code)
            yield seat(f"{role}@{place.code}", role, place.name, code)
        if place.level == Level.COUNTY:
            for code in _duty_list_units():
                yield seat(f"handler.{code}@{place.code}", "handler", units[code].short_name, code)


def _duty_list_units() -> list[str]:
    """Return the codes of the county bodies that hold duty lists, 48 in Qishan."""
    held = Membership.objects.filter(purpose="duty_list", unit__is_active=True)
    return list(held.order_by("unit__code").values_list("unit__code", flat=True))
