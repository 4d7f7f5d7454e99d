"""Questions about units. They are few and change rarely, so they are kept per process like the places."""

import time
import uuid
from dataclasses import dataclass
from functools import cached_property

from qizhi.kernel.regions.choices import Level

from .choices import UnitKind
from .errors import UnknownUnit
from .models import Membership, Unit

_FRESH_SECONDS = 30.0
_CODE_LENGTHS = {Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}


@dataclass(frozen=True)
class Body:
    """A unit as pages and rules read it."""

    id: uuid.UUID
    code: str
    name: str
    short_name: str
    kind: str
    level: str
    region_code: str
    parent_id: uuid.UUID | None
    purposes: frozenset[str]


class Directory:
    """All active units of the county, in the order of their codes."""

    def __init__(self, bodies: list[Body]) -> None:
        self.bodies = bodies
        self.by_id = {body.id: body for body in bodies}
        self.by_code = {body.code: body for body in bodies}

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Body]:
        return {(body.kind, body.region_code): body for body in reversed(self.bodies)}

    def own(self, kind: str, level: str, region_code: str) -> Body | None:
        """Return the unit of `kind` at `level` that is in charge of the place `region_code`, if there is one.

        `village_committee` also finds the committee of a community.
        """
        code = region_code[: _CODE_LENGTHS.get(Level(level), 12)]
        if len(code) < _CODE_LENGTHS.get(Level(level), 12):
            return None
        found = self._by_place.get((kind, code))
        if found is None and kind == UnitKind.VILLAGE_COMMITTEE:
            return self._by_place.get((UnitKind.COMMUNITY_COMMITTEE, code))
        return found

    def own_code(self, kind: str, level: str, region_code: str) -> str | None:
        """Return the code of `own(…)`, for routing tables."""
        body = self.own(kind, level, region_code)
        return body.code if body else None

    def centre_of(self, region_code: str, level: str) -> Body | None:
        """Return the governance centre at `level` in charge of the place."""
        return self.own(UnitKind.CENTRE, level, region_code)

    def with_purpose(self, purpose: str) -> list[Body]:
        """Return the units that are members for `purpose`, in the order of their codes."""
        return [body for body in self.bodies if purpose in body.purposes]


_kept: tuple[float, Directory] | None = None


def directory() -> Directory:
    """Return all active units; re-read from the database at most every thirty seconds."""
    global _kept  # noqa: PLW0603 - one copy per process is the point
    if _kept is None or time.monotonic() - _kept[0] > _FRESH_SECONDS:
        purposes: dict[uuid.UUID, set[str]] = {}
        for unit_id, purpose in Membership.objects.values_list("unit_id", "purpose"):
            purposes.setdefault(unit_id, set()).add(purpose)
        rows = Unit.objects.filter(is_active=True).order_by("code")
        _kept = (
            time.monotonic(),
            Directory([_body(row, frozenset(purposes.get(row.id, ()))) for row in rows]),
        )
    return _kept[1]


def forget() -> None:
    """Drop the kept units, after they were changed in this process."""
    global _kept  # noqa: PLW0603 - see directory
    _kept = None


def unit_get(code: str) -> Body:
    """Return the active unit with this code.

    Raises:
        UnknownUnit: there is none.
    """
    body = directory().by_code.get(code)
    if body is None:
        raise UnknownUnit(details={"unit": code})
    return body


def _body(row: Unit, purposes: frozenset[str]) -> Body:
    return Body(
        id=row.id,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        level=row.level,
        region_code=row.region_code,
        parent_id=row.parent_id,
        purposes=purposes,
    )
