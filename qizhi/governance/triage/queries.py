"""Questions of sorting: what is similar and still open nearby, and which units a matter should go to."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.loop.choices import Channel, Urgency
from qizhi.kernel.loop.facts import facts_of
from qizhi.kernel.loop.models import Matter, Sight
from qizhi.kernel.loop.policy import visible_to
from qizhi.kernel.modes.routes import Choice, Names, choose, codes
from qizhi.kernel.modes.schema import Mode, State, Words
from qizhi.kernel.modes.store import current, mode_at
from qizhi.kernel.regions.choices import Level
from qizhi.kernel.regions.queries import gazetteer
from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.queries import directory

from .likeness import NEAR_METRES, READ_SIGNS, Rarity, metres_between, pairs_of
from .models import DuplicateHint

DISPATCH = "dispatch"
DAYS = 60
READ_MAX = 300
VILLAGE_LENGTH, TOWN_LENGTH = 12, 9
# From these scores on two messages are shown as similar; see tests/test_likeness.py for what they find and miss.
ALIKE_HERE, ALIKE_IN_TOWN = 12.0, 22.0
NEAR_FACTOR = 1.6

Number = Decimal | float | None


@dataclass(frozen=True)
class Similar:
    """An open matter that may be the same thing: only what is public of it, and how alike it is (0 to 100)."""

    matter_id: uuid.UUID
    title: str
    state: State
    opened_at: datetime
    region_code: str
    score: float


def similar_open(
    *,
    region_code: str,
    text: str,
    lon: Number = None,
    lat: Number = None,
    limit: int = 5,
    now: datetime | None = None,
    leave_out: uuid.UUID | None = None,
) -> list[Similar]:
    """Return open matters nearby that are perhaps the same as `text`, the likeliest first; three queries.

    Looked at are those of the last sixty days in the same village, then in the same town, at most 300, the newest
    first. Complaints against a unit and kinds that are not seen by place are never shown.

    Arguments:
        region_code: where it is; a place of the whole county has nothing nearby.
        text: title and text as typed; it is compared and not kept.
        lon, lat: where on the map, in degrees, WGS84.
        leave_out: the key of the matter itself, when it exists already.
    """
    since = (now or timezone.now()) - timedelta(days=DAYS)
    rows = _rows([key for key in _candidates(region_code, since) if key != leave_out])
    mine = pairs_of(text)
    theirs = {row.pk: pairs_of(f"{row.title} {row.address} {row.beginning}") for row in rows}
    rarity = Rarity(theirs.values())
    point = _point(lon, lat)
    found = []
    for row in rows:
        is_near = point is not None and _is_near(point, row)
        score = rarity.likeness(mine, theirs[row.pk]) * (NEAR_FACTOR if is_near else 1)
        is_here = is_near or (len(region_code) >= VILLAGE_LENGTH and row.region_code[:12] == region_code[:12])
        if score >= (ALIKE_HERE if is_here else ALIKE_IN_TOWN):
            found.append((score, row))
    found.sort(key=lambda pair: (-pair[0], str(pair[1].pk)))
    return [_similar(row, min(score, 100.0)) for score, row in found[:limit]]


def _candidates(region_code: str, since: datetime) -> list[uuid.UUID]:
    """Return the keys of the open matters of the village and then of the town, newest first."""
    keys = [region_code[:length] for length in (VILLAGE_LENGTH, TOWN_LENGTH) if len(region_code) >= length]
    found: dict[uuid.UUID, None] = {}
    for key in keys:
        rows = Sight.objects.filter(key=key, is_open=True, opened_at__gte=since)
        ordered = rows.order_by("-opened_at", "-matter").values_list("matter_id", flat=True)
        found.update(dict.fromkeys(ordered[: READ_MAX - len(found)]))
    return list(found)


def _rows(keys: Sequence[uuid.UUID]) -> list[Any]:
    open_kinds = [kind.name for kind in current().kinds.values() if kind.public and kind.seen_in_region]
    rows = Matter.objects.filter(pk__in=keys, kind__in=open_kinds, against_unit=None)
    fields = (
        "title",
        "address",
        "kind",
        "state",
        "category",
        "region_code",
        "lon",
        "lat",
        "opened_at",
        "mode_version",
    )
    return list(rows.annotate(beginning=Substr("text", 1, READ_SIGNS)).only(*fields)) if keys else []


def _point(lon: Number, lat: Number) -> tuple[float, float] | None:
    return (float(lon), float(lat)) if lon is not None and lat is not None else None


def _is_near(point: tuple[float, float], row: Matter) -> bool:
    other = _point(row.lon, row.lat)
    return other is not None and metres_between(point, other) <= NEAR_METRES


def _similar(row: Any, score: float) -> Similar:
    mode = mode_at(row.mode_version)
    return Similar(
        matter_id=row.pk,
        title=public_title(row.title, row.beginning, row.category, mode),
        state=mode.kinds[row.kind].states[row.state],
        opened_at=row.opened_at,
        region_code=row.region_code,
        score=round(score, 1),
    )


def public_title(title: str, text: str, category: str, mode: Mode) -> str:
    """Return what strangers may read as the title of a matter.

    A title that somebody wrote is public, as the kind declares. One that was made from the first words of the text
    is not, since the text is not: then the category stands for it.

    **Source:** `kinds/request.yaml`, input `title` (``public: true``) and input `text` (not public); PIPL art. 6.
    """
    if not text.strip().startswith(title.removesuffix("…")):
        return title
    found = (Words(zh=one.zh, en=one.en) for one in mode.categories if one.code == category)
    named = next(found, None)
    return named.say(get_language() or "zh-hans") if named else _("一件还没有分类的事")


def duplicate_hints(matter: Matter, actor: Actor) -> list[DuplicateHint]:
    """Return what is noted as perhaps the same as `matter`, of those that `actor` may see, the likeliest first."""
    rows = DuplicateHint.objects.filter(matter=matter).select_related("other")
    hints = list(rows.order_by("-by_reporter", "-score", "other"))
    if not hints:
        return []
    # By key and in a second query: as one query SQLite would first gather everything that the actor may see.
    seen = set(
        visible_to(actor).filter(pk__in=[hint.other_id for hint in hints]).values_list("pk", flat=True)
    )
    return [hint for hint in hints if hint.other_id in seen]


def similar_to(matter: Matter, actor: Actor, *, limit: int = 5) -> list[tuple[Matter, float]]:
    """Return open matters that are perhaps the same as `matter` and that `actor` may see, with their likeness.

    For the one who sorts it: here the whole matter is shown, not only what is public of it.
    """
    found = similar_open(
        region_code=matter.region_code,
        text=f"{matter.title} {matter.address} {matter.text}",
        lon=matter.lon,
        lat=matter.lat,
        limit=limit,
        leave_out=matter.pk,
    )
    seen = visible_to(actor).defer("text", "text_sealed").in_bulk([one.matter_id for one in found])
    return [(seen[one.matter_id], one.score) for one in found if one.matter_id in seen]


def proposed_units(matter: Matter) -> Choice | None:
    """Return where the routing table of the matter's mode would send it, with the reason and every rule tried.

    None when the mode has no such table. The dispatcher decides; a unit complained of is never proposed as lead.

    **Source:** “谁主管、谁负责” (L17.2b); table `dispatch` of the packs.
    """
    table = mode_at(matter.mode_version).routes.get(DISPATCH)
    if table is None:
        return None
    choice = choose(table, facts_of(matter), directory().own_code, _names(mode_at(matter.mode_version)))
    against = directory().by_id.get(matter.against_unit_id) if matter.against_unit_id else None
    if against is not None and choice.unit_code == against.code:
        return Choice(None, choice.assist, None, None, choice.tried)
    return choice


_LABELS: dict[str, type[TextChoices]] = {
    "level": Level,
    "channel": Channel,
    "urgency": Urgency,
    "unit_kind": UnitKind,
}


def _names(mode: Mode) -> Names:
    """Return what puts the conditions of a routing table into words; labels are those of the page's language."""
    categories = {one.code: Words(zh=one.zh, en=one.en) for one in mode.categories}
    kinds = {name: kind.title for name, kind in mode.kinds.items()}

    def named(field: str, value: str) -> Words:
        if field in _LABELS and value in _LABELS[field].values:
            return Words(zh=str(_LABELS[field](value).label))
        if field == "region" and value in gazetteer().by_code:
            return Words(zh=gazetteer().path_name(value))
        return {"category": categories, "kind": kinds}.get(field, {}).get(value) or codes(field, value)

    return named
