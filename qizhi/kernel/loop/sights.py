"""Who may see a matter, kept beside it: rows that lists read in the order of their index."""

import uuid
from collections.abc import Iterable
from typing import Any

from qizhi.kernel.accounts.scope import registrar_key, unit_key
from qizhi.kernel.kit.prepared import Prepared, Statement, inserting, updating
from qizhi.kernel.modes.schema import Kind
from qizhi.kernel.regions.scope import ancestors

from .firing import handling_units
from .models import Assignment, Matter, Sight


def sight_keys(matter: Matter, kind: Kind, assignments: Iterable[Assignment]) -> set[str]:
    """Return all keys under which `matter` is visible.

    The places it lies in (unless its kind is confidential), the centre that holds it, the units that handle or
    handled it (not those released before they did anything), and the person who registered it.
    """
    keys = set(ancestors(matter.region_code)) if kind.seen_in_region else set()
    units = {matter.centre_id, matter.holder_id, matter.lead_id}
    keys |= {unit_key(unit) for unit in handling_units(assignments)}
    keys |= {unit_key(unit) for unit in units if unit is not None}
    if matter.registrar_id is not None:
        keys.add(registrar_key(matter.registrar_id))
    return keys


def sight_rows(matter: Matter, keys: Iterable[str]) -> list[Sight]:
    """Return unsaved sights of `matter` for `keys`."""
    return [Sight(matter=matter, key=key, **_copied(matter)) for key in sorted(keys)]


def sights_syncing(matter: Matter, kind: Kind, assignments: Iterable[Assignment]) -> list[Statement]:
    """Return what brings the sights of `matter` in line with its present state, units and due time.

    One query; another one takes back the sights of units that were released.
    """
    wanted, copied = sight_keys(matter, kind, assignments), _copied(matter)
    rows = _sights.rows(matter.pk)
    had = {key for key, *_ in rows}
    if had - wanted:
        Sight.objects.filter(matter=matter, key__in=had - wanted).delete()
    is_old = any(tuple(values) != tuple(copied.values()) for _, *values in rows)
    return [
        *([updating(Sight, copied, matter_id=matter.pk)] if is_old else []),
        *inserting(sight_rows(matter, wanted - had)),
    ]


_COPIED = ("kind", "state", "category", "channel", "urgency", "is_open", "opened_at", "due_at")
_sights = Prepared(lambda matter: Sight.objects.filter(matter=matter).values_list("key", *_COPIED), uuid.UUID)


def _copied(matter: Matter) -> dict[str, Any]:
    return {
        "kind": matter.kind,
        "state": matter.state,
        "category": matter.category.split(".")[0],
        "channel": str(matter.channel),
        "urgency": str(matter.urgency),
        "is_open": matter.is_open,
        "opened_at": matter.opened_at,
        "due_at": matter.due_at if matter.is_open else None,
    }
