"""The head of a pack, and the compiled mode. Pure."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from .base import Part, Words
from .kinds import Kind
from .methods import Method
from .routes import RouteCase, RouteTable
from .rows import AliasDecl, Category, DayDecl, RegionDecl, RoleDecl, UnitDecl
from .strings import Key, PackName, RoleKey, Version


class Generate(Part):
    """The rows that are made from the places instead of being listed.

    A unit that `units.csv` lists itself is left as it stands there. Where nothing is said of town governments, they
    are made together with the committees.
    """

    grids: Literal["one_per_village"] | None = None
    committees: bool = False
    town_governments: bool | None = None
    centres: bool = False


class Head(Part):
    """The pack's `mode.yaml`. A pack without `county` is law for others to build on and has no places of its own."""

    name: PackName
    title: Words
    version: Version
    county: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    extends: str = ""
    mode_method: str = ""
    generate: Generate = Generate()


class Mode(Part):
    """A compiled, stacked mode: everything that the program reads while it runs."""

    name: PackName
    title: Words
    version: Version
    county: str = ""
    stack: tuple[str, ...] = ()
    calendar: tuple[DayDecl, ...] = ()
    categories: tuple[Category, ...] = ()
    roles: dict[RoleKey, RoleDecl] = {}
    regions: tuple[RegionDecl, ...] = ()
    aliases: tuple[AliasDecl, ...] = ()
    units: tuple[UnitDecl, ...] = ()
    kinds: dict[Key, Kind] = {}
    routes: dict[Key, RouteTable] = {}
    methods: dict[str, Method] = {}
    mode_method: str = ""
    cases: tuple[RouteCase, ...] = ()
