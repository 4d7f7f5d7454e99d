"""Imports run one way: faces → governance → kernel, and inside the kernel from right to left.

**Source:** `docs/architecture.md` §3. A new room must first be given its place in `KERNEL`.
"""

import ast

import pytest

from tests.house.source import Module, house, module, report

# A room imports only rooms that stand in an earlier step; rooms of one step do not know each other.
KERNEL = (
    ("kit",),
    ("regions", "worktime"),
    ("units",),
    ("accounts",),
    ("modes",),
    ("loop",),
    ("registers", "documents", "notices", "search"),
    ("figures",),
)
STEP = {room: number for number, rooms in enumerate(KERNEL) for room in rooms}

# The floors of the house, the ground first. Configuration and the command stand on top and join everything.
FLOORS = ("kernel", "governance", "faces", "config", "cli")
FACES = ("desk", "portal", "field", "screen", "api")

# Rules that can be tried without a database import neither Django nor anything that leads to it. The family of
# errors is the one exception: its words are translated when they are shown.
PURE = (
    "kernel.worktime",
    "kernel.modes.routes",
    "kernel.loop.clocks",
    "kernel.loop.flow",
    "kernel.loop.escalation",
)
PURE_MAY_USE = ("qizhi.kernel.kit.errors",)
HEAVY = ("django", "ninja", "allauth", "axes", "auditlog")


def imports(source: Module) -> list[tuple[int, str]]:
    """Return what a module imports, also inside functions, as line and absolute name."""
    package = source.name.split(".") if source.is_package else source.name.split(".")[:-1]
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
    return found


def why_not(importer: tuple[str, ...], imported: tuple[str, ...]) -> str | None:
    """Say why a module may not import another one, both given as the parts of their names below `qizhi`."""
    if not importer or not imported or imported[0] not in FLOORS or importer[0] not in FLOORS:
        return None
    here, there = FLOORS.index(importer[0]), FLOORS.index(imported[0])
    if there > here:
        return f"{importer[0]} stands below {imported[0]}"
    if there < here or len(importer) < 2 or len(imported) < 2 or importer[1] == imported[1]:
        return None
    return rooms_why_not(importer[0], importer[1], imported[1])


def rooms_why_not(floor: str, here: str, there: str) -> str | None:
    """Say why a room may not import another one on the same floor."""
    if floor == "governance":
        return "one governance room does not know another: what they share belongs to the kernel"
    if floor == "faces" and (there in FACES and here in FACES):
        return "one face does not know another: what they share lies directly in faces/ or in the kit"
    if floor == "kernel" and {here, there} <= set(STEP) and STEP[there] >= STEP[here]:
        return f"{there} does not stand before {here} in the order of the kernel"
    return None


def wrong_arrows(modules: tuple[Module, ...]) -> list[str]:
    """Return every import that runs against the drawing."""
    found = []
    for source in modules:
        for line, name in imports(source):
            parts = name.split(".")
            reason = why_not(source.room, tuple(parts[1:])) if parts[0] == "qizhi" else None
            if reason:
                found.append(f"{source.path}:{line} imports {name}: {reason}")
    return found


def homeless(modules: tuple[Module, ...]) -> list[str]:
    """Return the rooms of the kernel that have no place in the order yet."""
    rooms = {source.room[1] for source in modules if len(source.room) > 1 and source.room[0] == "kernel"}
    return [f"qizhi/kernel/{room}: give it a place in KERNEL" for room in sorted(rooms - set(STEP))]


def is_pure(source: Module) -> bool:
    """Say whether a module belongs to the pure core."""
    name = ".".join(source.room)
    return name in PURE or name.startswith(tuple(f"{pure}." for pure in PURE))


def owner_of(name: str, modules: dict[str, Module]) -> str:
    """Return the module that an imported name lies in: itself, or the module that defines it."""
    return name if name in modules else name.rpartition(".")[0]


def reaches_django(modules: dict[str, Module]) -> dict[str, str]:
    """Return every module that leads to Django, with what it imports on the way there."""
    wanted = {name: imports(source) for name, source in modules.items() if name not in PURE_MAY_USE}
    found: dict[str, str] = {}
    for name, names in wanted.items():
        heavy = [imported for _, imported in names if imported.split(".")[0] in HEAVY]
        if heavy:
            found[name] = heavy[0]
    growing = True
    while growing:
        led = {
            name: owner
            for name, names in wanted.items()
            for owner in (owner_of(imported, modules) for _, imported in names)
            if name not in found and owner in found
        }
        found |= led
        growing = bool(led)
    return found


def impurities(modules: tuple[Module, ...]) -> list[str]:
    """Return every import of a pure module that leads to Django, directly or through others."""
    by_name = {source.name: source for source in modules}
    tainted, found = reaches_django(by_name), []
    for source in (one for one in modules if is_pure(one)):
        for line, name in imports(source):
            owner = owner_of(name, by_name)
            if name.split(".")[0] in HEAVY:
                found.append(f"{source.path}:{line} imports {name}: a pure rule does not know Django")
            elif owner in tainted:
                found.append(f"{source.path}:{line} imports {name}, which leads to {tainted[owner]}")
    return found


def test_every_import_runs_down():
    assert not wrong_arrows(house()), report(wrong_arrows(house()))


def test_every_kernel_room_has_its_place_in_the_order():
    assert not homeless(house()), report(homeless(house()))


def test_the_pure_core_knows_no_django():
    assert not impurities(house()), report(impurities(house()))


def test_the_guard_reads_the_whole_house():
    assert len(house()) > 10
    assert all(any(source.room[:1] == (floor,) for source in house()) for floor in FLOORS[:3])


ARROWS = [
    ("qizhi.faces.desk.pages", "from qizhi.kernel.loop.actions import fire", True),
    ("qizhi.faces.desk.pages", "from qizhi.governance.triage.queries import similar", True),
    ("qizhi.kernel.loop.models", "from .choices import Channel", True),
    ("qizhi.kernel.loop.models", "from ..units.models import Unit", True),
    ("qizhi.kernel.loop.models", "import json", True),
    ("qizhi.config.urls", "from qizhi.faces.api.urls import api", True),
    ("qizhi.cli.up", "from qizhi.config.env import Env", True),
    ("qizhi.faces.desk.pages", "from qizhi.faces.context import page", True),
    ("qizhi.kernel.loop.actions", "from qizhi.faces.desk import pages", False),
    ("qizhi.kernel.loop.actions", "from qizhi.governance import triage", False),
    ("qizhi.governance.triage.rules", "import qizhi.faces.api", False),
    ("qizhi.governance.triage.rules", "from qizhi.governance.grids.models import Grid", False),
    ("qizhi.governance.triage.rules", "from ..grids.models import Grid", False),
    ("qizhi.faces.desk.pages", "from qizhi.faces.portal.forms import SayForm", False),
    ("qizhi.kernel.units.models", "from qizhi.kernel.accounts.models import User", False),
    ("qizhi.kernel.units.models", "from qizhi.kernel import loop", False),
    ("qizhi.kernel.notices.hooks", "from qizhi.kernel.search import index", False),
    ("qizhi.kernel.regions.queries", "from qizhi.kernel.worktime.calendar import Calendar", False),
    ("qizhi.kernel.kit.forms", "def late():\n    from qizhi.kernel.regions.models import Region", False),
    ("qizhi.kernel.loop.actions", "from qizhi.config import settings", False),
    ("qizhi.config.urls", "from qizhi.cli import main", False),
]


@pytest.mark.parametrize(("name", "text", "allowed"), ARROWS, ids=lambda value: str(value).split("\n")[0])
def test_an_arrow_is_judged_as_drawn(name, text, allowed):
    found = wrong_arrows((module(name, text),))
    assert (not found) is allowed
    assert allowed or found[0].startswith(name.replace(".", "/") + ".py:")


def test_a_package_imports_from_itself_by_one_dot():
    loop = module(
        "qizhi.kernel.loop", "from .actions import fire\nfrom ..notices import tell", is_package=True
    )
    assert [line for line, _ in imports(loop)] == [1, 2]
    assert len(wrong_arrows((loop,))) == 1


def test_a_room_without_a_place_is_named():
    assert homeless((module("qizhi.kernel.weather.models", ""),)) == [
        "qizhi/kernel/weather: give it a place in KERNEL"
    ]


IMPURE = [
    ("from datetime import date", True),
    ("from qizhi.kernel.worktime.terms import Term", True),
    ("from qizhi.kernel.kit.errors import Invalid", True),
    ("from qizhi.kernel.modes.schema import Kind", True),
    ("from django.db import models", False),
    ("def late():\n    import django", False),
    ("from qizhi.kernel.regions.models import Region", False),
    ("from qizhi.kernel.kit.models import Row", False),
]


SURROUNDINGS = (
    module("qizhi.kernel.kit.errors", "from django.utils.translation import gettext_lazy"),
    module("qizhi.kernel.kit.models", "from django.db import models"),
    module("qizhi.kernel.regions.models", "from qizhi.kernel.kit.models import Row"),
    module("qizhi.kernel.modes.schema", "from qizhi.kernel.worktime.terms import Term"),
    module("qizhi.kernel.worktime.terms", "from qizhi.kernel.kit.errors import Invalid"),
)


@pytest.mark.parametrize(("text", "allowed"), IMPURE, ids=lambda value: str(value).split("\n")[0])
def test_a_pure_rule_is_kept_pure(text, allowed):
    found = impurities((module("qizhi.kernel.worktime.counting", text), *SURROUNDINGS))
    assert (not found) is allowed
