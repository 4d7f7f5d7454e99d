"""The county's page: how many matters stand where, and how well towns keep their promises in a month.

Every number is a count of matters, so that it can be opened down to its cases by a list with the same filters
(`listing.Filters`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from qizhi.kernel.accounts.scope import Actor
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import Place, gazetteer

from ..models import Matter, Revisit, Sight


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
class Tally:
    """The numbers of one place: open and overdue now; opened and concluded in the period, and how well.

    `on_time`: of those concluded in the period and answered, how many were answered by the promise. `solved`: of
    those whose people gave a valid answer in the period, how many are solved according to the last one.

    **Source:** `domain.md` §3.3, §5.3 (rates; valid revisits).
    """

    open: int = 0
    overdue: int = 0
    opened: int = 0
    concluded: int = 0
    on_time: Share = Share(0, 0)
    solved: Share = Share(0, 0)

    def without(self, others: Iterable["Tally"]) -> "Tally":
        """Return what is left when the numbers of `others` are taken away."""
        left = self
        for one in others:
            left = Tally(
                left.open - one.open,
                left.overdue - one.overdue,
                left.opened - one.opened,
                left.concluded - one.concluded,
                Share(left.on_time.part - one.on_time.part, left.on_time.whole - one.on_time.whole),
                Share(left.solved.part - one.solved.part, left.solved.whole - one.solved.whole),
            )
        return left


@dataclass(frozen=True)
class Overview:
    """A place and the places directly below it. `itself` is what belongs to none of those below."""

    place: Place
    whole: Tally
    below: list[tuple[Place, Tally]]
    itself: Tally


def state_counts(actor: Actor, region: str) -> list[tuple[str, int]]:
    """Return how many matters stand in each state in `region`, in the order of the kind's states."""
    if not actor.covers(region):
        return []
    counted = dict(Sight.objects.filter(key=region).order_by().values_list("state").annotate(n=Count("*")))
    order = [state for kind in current().kinds.values() for state in kind.states]
    return [(state, counted[state]) for state in dict.fromkeys(order) if state in counted]


def overview(actor: Actor, region: str, start: datetime, end: datetime, now: datetime) -> Overview | None:
    """Return the numbers of `region` and of each place directly below; five queries over ranges of indexes.

    Arguments:
        start, end: the period, from `start` up to, without, `end`.

    None when the actor does not see the whole of `region`.
    """
    if not actor.covers(region):
        return None
    places = gazetteer().children(region)
    keys = [region, *(place.code for place in places)]
    still, fresh = _still(keys, now), _fresh(keys, start, end)
    done, heard = _concluded(region, start, end), _heard(region, start, end)
    tallies = {
        key: Tally(*still.get(key, (0, 0)), fresh.get(key, 0), done[key].count, done[key].on_time, heard[key])
        for key in keys
    }
    below = [(place, tallies[place.code]) for place in places]
    whole = tallies[region]
    itself = whole.without(tally for _place, tally in below)
    return Overview(gazetteer().by_code[region], whole, below, itself)


def _still(keys: list[str], now: datetime) -> Mapping[str, tuple[int, int]]:
    """Return by place how many matters are open, and how many of them overdue; each is a range of one index."""
    rows = Sight.objects.filter(key__in=keys).order_by().values_list("key")
    late = dict(rows.filter(due_at__lt=now).annotate(n=Count("*")))
    # `in` as in `listing`: a bare column would use no index
    return {key: (n, late.get(key, 0)) for key, n in rows.filter(is_open__in=[True]).annotate(n=Count("*"))}


def _fresh(keys: list[str], start: datetime, end: datetime) -> Mapping[str, int]:
    """Return by place how many matters were opened in the period."""
    rows = Sight.objects.filter(key__in=keys, opened_at__gte=start, opened_at__lt=end)
    return dict(rows.order_by().values_list("key").annotate(n=Count("*")))


@dataclass
class _Done:
    count: int = 0
    on_time: Share = Share(0, 0)


def _concluded(region: str, start: datetime, end: datetime) -> Mapping[str, _Done]:
    """Return by place what was concluded in the period; bounded by the period."""
    seen = Sight.objects.filter(matter=OuterRef("pk"), key=region)
    rows = Matter.objects.filter(Exists(seen), concluded_at__gte=start, concluded_at__lt=end)
    found: defaultdict[str, _Done] = defaultdict(_Done)
    for code, kept, count in rows.order_by().values_list("region_code", "was_on_time").annotate(n=Count("*")):
        for key in _keys(region, code):
            one = found[key]
            one.count += count
            if kept is not None:
                one.on_time = Share(one.on_time.part + kept * count, one.on_time.whole + count)
    return found


def _heard(region: str, start: datetime, end: datetime) -> Mapping[str, Share]:
    """Return by place the matters with a valid answer in the period, and how many are solved by the last one."""
    seen = Sight.objects.filter(matter=OuterRef("matter"), key=region)
    valid = Revisit.objects.filter(at__gte=start, at__lt=end, is_valid=True)
    later = valid.filter(matter=OuterRef("matter")).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    )
    last = valid.filter(Exists(seen), ~Exists(later)).order_by()
    found: defaultdict[str, Share] = defaultdict(lambda: Share(0, 0))
    for code, solved, count in last.values_list("matter__region_code", "solved").annotate(n=Count("*")):
        for key in _keys(region, code):
            found[key] = Share(found[key].part + bool(solved) * count, found[key].whole + count)
    return found


def _keys(region: str, code: str) -> set[str]:
    """Return the place asked for and the one directly below it in which `code` lies."""
    return {region, code[: len(region) + 3]}
