"""The world of the tests: Qishan as its pack declares it, with the demo accounts, loaded in a blink.

The pack is read and applied once per process; after that the same rows, with the same keys, are simply written
again into whatever database is empty.
"""

import copy
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from qizhi.kernel.accounts.demo import demo_accounts
from qizhi.kernel.accounts.models import User
from qizhi.kernel.modes import store
from qizhi.kernel.modes.applying import apply
from qizhi.kernel.modes.compiling import compile_pack
from qizhi.kernel.modes.errors import PackBroken
from qizhi.kernel.modes.models import ModeVersion
from qizhi.kernel.modes.schema import Mode
from qizhi.kernel.regions import queries as regions
from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.units import queries as units
from qizhi.kernel.units.models import Membership, Post, Role, Unit

PACK = Path(__file__).resolve().parents[2] / "modes" / "qishan-12521"
# the one password of all demo accounts in tests
PASSWORD = "Qishan-2026-周原"  # noqa: S105 - of a database that a test throws away
APPLIED_AT = datetime(2020, 1, 1, tzinfo=UTC)
POSTS_SINCE = date(2020, 1, 1)

COUNTY = "610323"
# 凤鸣镇, its 堰河村 and the only grid there
TOWN, VILLAGE, GRID = "610323100", "610323100211", "610323100211001"
# 蔡家坡镇 and its 东街社区, for whoever must not see the other town
OTHER_TOWN, OTHER_VILLAGE = "610323101", "610323101001"

# In an order in which each table may refer to the ones before it.
_TABLES: tuple[type[models.Model], ...] = (
    Region,
    RegionAlias,
    Unit,
    Membership,
    Role,
    User,
    Post,
    ModeVersion,
)
_kept: list[tuple[type[models.Model], list[models.Model]]] = []


@cache
def pack() -> Mode:
    """Return the compiled county pack; its proofs have tests of their own.

    Raises:
        PackBroken: the pack has errors.
    """
    compiled = compile_pack(PACK)
    if compiled.errors:
        raise PackBroken(compiled.errors)
    return compiled.mode


def world_load() -> None:
    """Write the county, its units, roles, accounts and the applied mode into the database, which holds none yet."""
    world_forget()
    if _kept:
        for model, rows in _kept:
            model._default_manager.bulk_create(copy.copy(row) for row in rows)
    else:
        apply(pack(), at=APPLIED_AT)
        demo_accounts(PASSWORD, POSTS_SINCE)
        _kept.extend((model, _rows(model)) for model in _TABLES)
    world_forget()


def _rows(model: type[models.Model]) -> list[Any]:
    return list(model._default_manager.all())


def world_forget() -> None:
    """Drop what this process keeps of places, units and the mode, so that it is read anew."""
    store.forget()
    regions.forget()
    units.forget()
