"""What a pack lists row by row: categories, roles, units, places, days. Pure."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Part, Words
from .strings import Long, Named, RoleKey, Short


class Category(Part):
    """A class of citizens' requests; `parent` is empty on the first level."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=64)]
    parent: str = ""
    zh: str
    en: str = ""


class RoleDecl(Part):
    """A role of the mode."""

    key: RoleKey
    title: Words
    duty: Words
    sees: Literal["region", "unit"]
    is_reader: bool = False
    may_unmask: bool = False
    needs_second_factor: bool = False
    unit_kinds: tuple[str, ...] = ()


class UnitDecl(Part):
    """A unit as the pack lists it; generated units (committees, centres) come from a rule over regions."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
    name: Long
    short_name: Short
    kind: str
    level: str
    region_code: str
    parent: str = ""
    is_official: bool = False
    purposes: tuple[Short, ...] = ()


class RegionDecl(Part):
    """A place as the pack lists it."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}(\d{3}){0,3}$")]
    name: Named
    level: Literal["county", "town", "village", "community", "grid"]
    parent_code: str
    lon: float | None = None
    lat: float | None = None


class AliasDecl(Part):
    """Another code or name of a place."""

    code_system: Literal["", "nbs", "mca"] = ""
    code: str = ""
    name: str = ""
    region_code: str


class DayDecl(Part):
    """A line of the calendar: a holiday, a make-up working day, or the statement that a year is published."""

    date: str
    kind: Literal["holiday", "makeup", "known_year"]
    name: str = ""
