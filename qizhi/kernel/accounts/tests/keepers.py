"""The cast of the administrator's tests: who looks after accounts, and whose they are."""

from datetime import date
from typing import Any

from qizhi.kernel.accounts.models import Access, User
from qizhi.kernel.accounts.people.actions import Created, person_create
from qizhi.kernel.accounts.scope import Actor, actor_of
from qizhi.kernel.accounts.tests.factories import make_user, role_of, seat
from qizhi.kernel.units.models import Unit
from qizhi.kernel.units.queries import Body, directory, forget
from qizhi.kernel.units.tests.factories import make_unit

COUNTY, TOWN, OTHER_TOWN, VILLAGE = "610323", "610323100", "610323101", "610323100211"
SINCE = date(2026, 1, 5)


def make_units() -> None:
    """Store the centres of the county, of two towns and of a village, and one county office."""
    for code in (COUNTY, TOWN, OTHER_TOWN, VILLAGE):
        make_unit(f"centre-{code}", code, name=f"{code}综治中心")
    make_unit("office", COUNTY, kind="working_group", name="中共岐山县委平安办", short_name="县委平安办")
    forget()


def unit(code: str) -> Body:
    """Return a unit as the actions take it."""
    return directory().by_code[code]


def county_admin(username: str = "admin@610323") -> User:
    """Return an administrator of the county."""
    return seat(make_user(username, name="县管理员"), "admin", COUNTY, unit=Unit.objects.get(code="office"))


def town_admin(username: str = "admin@610323100") -> User:
    """Return an administrator of one town."""
    return seat(make_user(username, name="镇管理员"), "admin", TOWN)


def auditor() -> User:
    """Return the county's auditor."""
    return seat(make_user("auditor@610323", name="审计员"), "auditor", COUNTY)


def clerk(username: str = "clerk@610323100", place: str = TOWN, **more: Any) -> User:
    """Return a clerk at the centre of a place."""
    return seat(make_user(username, name=more.pop("name", "凤鸣镇登记员")), "clerk", place, **more)


def create(actor: Actor | User, username: str = "zhang01", **more: Any) -> Created:
    """Let `actor` make an account with a post."""
    wanted: dict[str, Any] = {
        "name": "张小满",
        "unit": unit(f"centre-{TOWN}"),
        "role": role_of("clerk"),
        "since_on": SINCE,
    }
    by = actor if isinstance(actor, Actor) else actor_of(actor)
    return person_create(actor=by, username=username, **wanted | more)


def line(event: str) -> Access:
    """Return the only line of the log with this event."""
    return Access.objects.get(event=event)
