"""Units, roles and posts for tests."""

from datetime import date
from typing import Any

from qizhi.kernel.units.choices import Sees, UnitKind
from qizhi.kernel.units.models import Membership, Post, Role, Unit

LEVELS = {6: "county", 9: "town", 12: "village", 15: "grid"}


def make_unit(code: str, region_code: str, *, kind: str = UnitKind.CENTRE, **more: Any) -> Unit:
    """Store a unit in the place `region_code`; its level follows from the length of the code."""
    more.setdefault("name", f"单位{code}")
    more.setdefault("short_name", more["name"])
    return Unit.objects.create(
        code=code, region_code=region_code, kind=kind, level=LEVELS[len(region_code)], **more
    )


def make_role(key: str, *, sees: str = Sees.REGION, **more: Any) -> Role:
    """Store a role, or return the one that is there."""
    role, _ = Role.objects.get_or_create(key=key, defaults={"title": {"zh": key}, "sees": sees, **more})
    return role


def make_post(user: Any, unit: Unit, role: Role, *, since_on: date = date(2026, 1, 1), **more: Any) -> Post:
    """Give `user` a post."""
    return Post.objects.create(user=user, unit=unit, role=role, since_on=since_on, **more)


def join(unit: Unit, purpose: str) -> Membership:
    """Make `unit` a member of the group for `purpose`."""
    return Membership.objects.create(unit=unit, purpose=purpose)
