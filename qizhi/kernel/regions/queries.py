"""Questions about places. They are few and change rarely, so they are kept per process and re-read when changed."""

import time
from dataclasses import dataclass
from functools import cached_property

from .choices import CodeSystem, Level
from .errors import CodeSystemNeeded, UnknownRegion
from .models import Region, RegionAlias

_FRESH_SECONDS = 30.0


@dataclass(frozen=True)
class Place:
    """A region as pages and rules read it."""

    code: str
    name: str
    level: str
    parent_code: str
    lon: float | None
    lat: float | None


class Gazetteer:
    """All places of the county, in the order of their codes."""

    def __init__(self, places: list[Place]) -> None:
        self.places = places
        self.by_code = {place.code: place for place in places}

    @cached_property
    def root(self) -> Place:
        """The county itself."""
        return next(place for place in self.places if place.level == Level.COUNTY)

    def children(self, code: str) -> list[Place]:
        """Return the places directly below `code`, in the order of their codes."""
        return self._children.get(code, [])

    @cached_property
    def _children(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self.places:
            found.setdefault(place.parent_code, []).append(place)
        return found

    def path_name(self, code: str) -> str:
        """Return the full name below the county, such as “凤鸣镇堰河村”; a grid's name is added as it stands."""
        parts = [
            self.by_code[code[:n]].name for n in (9, 12, 15) if len(code) >= n and code[:n] in self.by_code
        ]
        return "".join(parts) or self.by_code[code].name


_kept: tuple[float, Gazetteer] | None = None


def gazetteer() -> Gazetteer:
    """Return all active places; re-read from the database at most every thirty seconds."""
    global _kept  # noqa: PLW0603 - one copy per process is the point
    if _kept is None or time.monotonic() - _kept[0] > _FRESH_SECONDS:
        rows = Region.objects.filter(is_active=True).order_by("code")
        places = [
            Place(r.code, r.name, r.level, r.parent_code, _degrees(r.lon), _degrees(r.lat))
            for r in rows.iterator()
        ]
        _kept = (time.monotonic(), Gazetteer(places))
    return _kept[1]


def forget() -> None:
    """Drop the kept places, after they were changed in this process."""
    global _kept  # noqa: PLW0603 - see gazetteer
    _kept = None


def _degrees(value: object) -> float | None:
    return None if value is None else float(str(value))


def region_get(code: str) -> Place:
    """Return the place with the county's own (statistical) code.

    Raises:
        UnknownRegion: no active place has this code.
    """
    place = gazetteer().by_code.get(code)
    if place is None:
        raise UnknownRegion(fields={"region": [UnknownRegion.title]})
    return place


def region_from_outside(code: str, code_system: str) -> Place:
    """Return the place that an outside system means by `code`.

    Arguments:
        code: digits as the other system writes them; trailing zeros of a 12-digit form are accepted.
        code_system: ``nbs`` or ``mca``; without it the code is refused, since two codes collide.

    Raises:
        CodeSystemNeeded: no or an unknown code system was given.
        UnknownRegion: the system has no such code in this county.

    **Source:** `shared/data/README.md`, “Two national code systems”.
    """
    if code_system not in CodeSystem.values:
        raise CodeSystemNeeded(fields={"code_system": [CodeSystemNeeded.title]})
    alias = RegionAlias.objects.filter(code_system=code_system, code=trim_code(code)).first()
    if alias is not None:
        return region_get(alias.region_code)
    if code_system == CodeSystem.NBS:
        return region_get(trim_code(code))
    raise UnknownRegion(fields={"region": [UnknownRegion.title]})


def trim_code(code: str) -> str:
    """Cut the filling zeros of a long form: ``610323100000`` → ``610323100``, ``610323000000`` → ``610323``."""
    digits = code.strip()
    while len(digits) > 6 and digits.endswith("000"):
        digits = digits[:-3]
    return digits
