"""The county's page: how many matters stand where, and how well towns keep their promises this month.

Every number comes with the filters of the list behind it, so that it can be opened down to its cases.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.regions.scope import within

from ..models import Matter, Revisit, Sight
from ..policy import visible_to


@dataclass(frozen=True)
class Share:
    """A ratio with its parts; `percent` is None when nothing is due yet."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share in percent, rounded half up to two decimals as `domain.md` §3.3 says."""
        return None if self.whole == 0 else int(self.part * 10000 / self.whole + 0.5) / 100


@dataclass(frozen=True)
class TownRow:
    """One town's line: open now, late now, concluded in the period, on time, and solved according to people."""

    place: Place
    open: int
    overdue: int
    concluded: int
    on_time: Share
    solved: Share


def state_counts(actor: Actor, region: str) -> list[tuple[str, int]]:
    """Return how many matters stand in each state in `region`, in the order of the kind's states."""
    if not actor.covers(region):
        return []
    counted = dict(Sight.objects.filter(key=region).values_list("state").annotate(Count("id")))
    order = [state for kind in current().kinds.values() for state in kind.states]
    return [(state, counted[state]) for state in dict.fromkeys(order) if state in counted]


def town_rows(actor: Actor, region: str, start: datetime, end: datetime, now: datetime) -> list[TownRow]:
    """Return one line for each place directly below `region`: four grouped queries over indexes.

    On-time: answered by the promise among those answered in the period. Solved: of the valid answers of people in
    the period, how many say it is solved.

    **Source:** `domain.md` §3.3, §5.3 (rates).
    """
    if not actor.covers(region):
        return []
    places = gazetteer().children(region)
    keys = [place.code for place in places]
    opened = Sight.objects.filter(key__in=keys, is_open=True).values_list("key")
    still = {key: (total, late) for key, total, late in opened.annotate(
        Count("id"), late=Count("id", filter=Q(due_at__lt=now))
    )}
    done = _by_place(
        visible_to(actor).filter(within(region), concluded_at__gte=start, concluded_at__lt=end), len(region)
    )
    heard = _answers(region, start, end)
    return [_row(place, still, done, heard) for place in places]


def _by_place(matters: object, length: int) -> dict[str, tuple[int, int, int]]:
    """Return concluded, answered and on-time counts by the place one level below; bounded by the period."""
    found: dict[str, tuple[int, int, int]] = {}
    rows = matters.values_list("region_code", "was_on_time")  # type: ignore[attr-defined]
    for code, on_time in rows.iterator(chunk_size=2000):
        concluded, answered, kept = found.get(code[: length + 3], (0, 0, 0))
        found[code[: length + 3]] = (concluded + 1, answered + (on_time is not None), kept + bool(on_time))
    return found


def _answers(region: str, start: datetime, end: datetime) -> dict[str, Share]:
    rows = Revisit.objects.filter(
        within(region, "matter__region_code"), at__gte=start, at__lt=end, is_valid=True
    ).values_list("matter__region_code", "solved")
    found: dict[str, Share] = {}
    for code, solved in rows.iterator(chunk_size=2000):
        had = found.get(code[: len(region) + 3], Share(0, 0))
        found[code[: len(region) + 3]] = Share(had.part + bool(solved), had.whole + 1)
    return found


def _row(
    place: Place,
    still: dict[str, tuple[int, int]],
    done: dict[str, tuple[int, int, int]],
    heard: dict[str, Share],
) -> TownRow:
    total, late = still.get(place.code, (0, 0))
    concluded, answered, kept = done.get(place.code, (0, 0, 0))
    return TownRow(
        place=place,
        open=total,
        overdue=late,
        concluded=concluded,
        on_time=Share(kept, answered),
        solved=heard.get(place.code, Share(0, 0)),
    )
