"""`mode apply`: one transaction from the mode in force to the next.

Either everything holds afterwards (places, units, roles, the numbered version, carried matters) or nothing changed.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from qizhi.kernel.accounts.models import User
from qizhi.kernel.regions import queries as regions
from qizhi.kernel.regions.models import Region, RegionAlias
from qizhi.kernel.units import queries as units
from qizhi.kernel.units.models import Membership, Role, Unit

from . import hooks, store
from .errors import NoCounty
from .models import ModeVersion
from .schema import Mode
from .still_used import refuse_what_is_used

Model = TypeVar("Model", bound=models.Model)


def digest_of(mode: Mode) -> str:
    """Return the SHA-256 of the mode's canonical JSON: keys in order, no spaces, Chinese unescaped."""
    text = json.dumps(_compiled(mode), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _compiled(mode: Mode) -> dict[str, Any]:
    return mode.model_dump(mode="json", by_alias=True)


def apply(mode: Mode, *, by: User | None = None, at: datetime | None = None) -> ModeVersion:
    """Make `mode` the one in force and return its numbered version; the same mode again changes nothing.

    Arguments:
        mode: a proven mode (`compiling.load`).
        by: who applies it; None for the command line.
        at: when; now when absent.

    Raises:
        NoCounty: the pack has no county and is only law for others.
        StillUsed: it would drop what live data uses; the message lists what.

    **Source:** `architecture.md` §4 (`apply` is one transaction).
    """
    if not mode.county:
        raise NoCounty
    moment = at or timezone.now()
    with transaction.atomic():
        version = _apply(mode, by, moment)
        transaction.on_commit(_forget)
    _forget()
    return version


def _forget() -> None:
    store.forget()
    regions.forget()
    units.forget()


def _apply(mode: Mode, by: User | None, at: datetime) -> ModeVersion:
    latest = ModeVersion.objects.order_by("-number").first()
    digest = digest_of(mode)
    if latest is not None and latest.digest == digest:
        return latest
    old = Mode.model_validate_json(latest.compiled) if latest else None
    refuse_what_is_used(old, mode, at)
    _write_regions(old, mode)
    _write_units(old, mode)
    _write_roles(old, mode)
    version = ModeVersion(
        number=latest.number + 1 if latest else 1,
        name=mode.name,
        version=mode.version,
        compiled=mode.model_dump_json(by_alias=True),
        digest=digest,
        applied_at=at,
        applied_by=by,
    )
    version.save(force_insert=True)
    hooks.carry_over(version, [kind.name for kind in mode.kinds.values() if kind.carry_over == "move"])
    return version


def _write_regions(old: Mode | None, new: Mode) -> None:
    wanted = {
        region.code: {
            "name": region.name,
            "level": region.level,
            "parent_code": region.parent_code,
            "lon": _degrees(region.lon),
            "lat": _degrees(region.lat),
            "is_active": True,
        }
        for region in new.regions
    }
    _upsert(Region, "code", wanted)
    dropped = {region.code for region in old.regions} - set(wanted) if old else set()
    Region.objects.filter(code__in=dropped).update(is_active=False)
    _write_aliases(old, new)


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.6f}")


def _write_aliases(old: Mode | None, new: Mode) -> None:
    """Write the aliases of the pack; those that no pack ever listed stay, unless they claim a code of the pack's."""
    wanted, former = _aliases(new), _aliases(old) if old else set()
    claimed = {(system, code) for system, code, _, _ in wanted if code}
    present: set[Alias] = set()
    gone = []
    for row in RegionAlias.objects.all():
        key = (row.code_system, row.code, row.name, row.region_code)
        if key in wanted and key not in present:
            present.add(key)
        elif key in former or (row.code_system, row.code) in claimed:
            gone.append(row.pk)
    RegionAlias.objects.filter(pk__in=gone).delete()
    RegionAlias.objects.bulk_create(
        RegionAlias(code_system=system, code=code, name=name, region_code=region)
        for system, code, name, region in sorted(wanted - present)
    )


Alias = tuple[str, str, str, str]


def _aliases(mode: Mode) -> set[Alias]:
    return {(str(alias.code_system), alias.code, alias.name, alias.region_code) for alias in mode.aliases}


def _write_units(old: Mode | None, new: Mode) -> None:
    wanted = {
        unit.code: {
            "name": unit.name,
            "short_name": unit.short_name,
            "kind": unit.kind,
            "level": unit.level,
            "region_code": unit.region_code,
            "is_official": unit.is_official,
            "is_active": True,
        }
        for unit in new.units
    }
    _upsert(Unit, "code", wanted)
    dropped = {unit.code for unit in old.units} - set(wanted) if old else set()
    Unit.objects.filter(code__in=dropped).update(is_active=False)
    rows = {unit.code: unit for unit in Unit.objects.filter(code__in=list(wanted))}
    # Parents come second: a unit may stand before its parent in the list.
    parents = {unit.code: {"parent_id": rows[unit.parent].pk if unit.parent else None} for unit in new.units}
    _change(Unit, rows.values(), "code", parents)
    _write_memberships(new, rows, dropped)


def _write_memberships(new: Mode, rows: Mapping[str, Unit], dropped: set[str]) -> None:
    wanted = {(rows[unit.code].pk, purpose) for unit in new.units for purpose in unit.purposes}
    ours = Membership.objects.filter(unit__code__in=[*rows, *dropped])
    present = {(unit, purpose): key for key, unit, purpose in ours.values_list("pk", "unit", "purpose")}
    Membership.objects.filter(pk__in=[key for held, key in present.items() if held not in wanted]).delete()
    Membership.objects.bulk_create(
        Membership(unit_id=unit, purpose=purpose) for unit, purpose in sorted(wanted - set(present), key=str)
    )


def _write_roles(old: Mode | None, new: Mode) -> None:
    wanted = {
        role.key: {
            "title": role.title.model_dump(),
            "sees": role.sees,
            "is_reader": role.is_reader,
            "may_unmask": role.may_unmask,
            "needs_second_factor": role.needs_second_factor,
        }
        for role in new.roles.values()
    }
    _upsert(Role, "key", wanted)
    dropped = set(old.roles) - set(wanted) if old else set()
    # A role that somebody once held stays for the record; nobody holds it now (refuse_what_is_used).
    Role.objects.filter(key__in=dropped, posts__isnull=True).delete()


def _upsert(model: type[Model], key: str, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Make the rows that are missing and change those that differ; rows that are not `wanted` stay as they are."""
    present = {getattr(row, key): row for row in model._default_manager.all()}
    model._default_manager.bulk_create(
        model(**{key: name}, **values) for name, values in wanted.items() if name not in present
    )
    _change(model, present.values(), key, wanted)


def _change(
    model: type[Model], rows: Iterable[Model], key: str, wanted: Mapping[str, Mapping[str, Any]]
) -> None:
    changed: list[Model] = []
    fields: set[str] = set()
    for row in rows:
        values = wanted.get(getattr(row, key), {})
        different = {name for name, value in values.items() if getattr(row, name) != value}
        for name in different:
            setattr(row, name, values[name])
        if different:
            changed.append(row)
            fields |= different
    if changed:
        model._default_manager.bulk_update(
            changed, sorted(name.removesuffix("_id") for name in fields), batch_size=200
        )
