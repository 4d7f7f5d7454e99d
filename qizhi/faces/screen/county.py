"""The county's page of truth: what is open, what is late, how well the month went; each number opens its cases."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qizhi.faces import listing
from qizhi.kernel.accounts.middleware import ActorRequest
from qizhi.kernel.accounts.scope import Actor, ActorKind
from qizhi.kernel.kit.errors import NotFound, Refused, SignInNeeded
from qizhi.kernel.loop.queries.county import Share, Tally, overview, state_counts
from qizhi.kernel.loop.queries.listing import Filters
from qizhi.kernel.modes.schema import State
from qizhi.kernel.modes.store import current
from qizhi.kernel.regions.queries import Place, gazetteer
from qizhi.kernel.regions.scope import ancestors, is_within

MONTHS_BACK = 24


class NoRegion(Refused):
    """No post of the actor sees a whole place."""

    code = "no_region"
    title = gettext_lazy("您的岗位看的是本单位的事项，没有按地方汇总的情况。请看“事项”列表。")


@dataclass(frozen=True)
class Number:
    """A count and the address of the list that holds exactly its cases."""

    value: int
    url: str


@dataclass(frozen=True)
class Rate:
    """A share with the addresses of its two lists; `width` is for the bar, 0 to 100."""

    part: Number
    whole: Number
    percent: float | None

    @property
    def words(self) -> str:
        """The share as people read it, such as 96.3%; a dash when nothing is due."""
        return "—" if self.percent is None else f"{self.percent:.2f}".rstrip("0").rstrip(".") + "%"

    @property
    def width(self) -> str:
        """The length of the bar."""
        return f"{self.percent or 0:.1f}"


@dataclass(frozen=True)
class Line:
    """One place with its numbers; `url` leads to the same page for that place, empty when it has none below."""

    title: str
    url: str
    open: Number
    overdue: Number
    opened: Number
    concluded: Number
    on_time: Rate
    solved: Rate


@dataclass(frozen=True)
class Month:
    """The month that is looked at."""

    first: date

    @property
    def next_first(self) -> date:
        """The first day of the month after."""
        return listing.month_after(self.first)

    @property
    def key(self) -> str:
        """How the address writes it: 2026-11."""
        return f"{self.first:%Y-%m}"

    @property
    def title(self) -> str:
        """The month in words: 2026年11月."""
        return _("%(year)d年%(month)d月") % {"year": self.first.year, "month": self.first.month}

    def period(self, name: str) -> Filters:
        """Return the filters “`name` in this month”."""
        ends: dict[str, Any] = {
            f"{name}_from": listing.midnight(self.first),
            f"{name}_to": listing.midnight(self.next_first),
        }
        return replace(Filters(), **ends)


@never_cache
@require_safe
def county(request: ActorRequest) -> HttpResponse:
    """Show the numbers of a place and of the places directly below it, for one month.

    Raises:
        SignInNeeded: nobody is signed in.
        NoRegion: no post of the actor sees a whole place.
        NotFound: the place is not there or not seen whole.
    """
    if request.actor.kind != ActorKind.STAFF:
        raise SignInNeeded
    region = _region(request.actor, request.GET.get("region", ""))
    today = timezone.localdate()
    month = Month(listing.month_of(request.GET.get("month", ""), today))
    start, end = listing.midnight(month.first), listing.midnight(month.next_first)
    found = overview(request.actor, region, start, end, timezone.now())
    if found is None:
        raise NotFound
    lines = [_line(place.name, place, tally, month, exact=False) for place, tally in found.below]
    if found.below and found.itself != Tally():
        lines.append(_line(_own_title(found.place), found.place, found.itself, month, exact=True))
    context = {
        "place": found.place,
        "whole": _line(
            _("合计") if lines else found.place.name, found.place, found.whole, month, exact=False
        ),
        "lines": lines,
        "states": _states(request.actor, region),
        "month": month,
        "months": _months(today),
        "up": _up(request.actor, region, month),
        "at": timezone.localtime(),
        "is_present": month.first == today.replace(day=1),
    }
    return render(request, "screen/county.html", context)


def _region(actor: Actor, wanted: str) -> str:
    if not actor.regions:
        raise NoRegion
    region = wanted or actor.regions[0]
    if region not in gazetteer().by_code:
        raise NotFound
    return region


def _own_title(place: Place) -> str:
    return _("%(place)s本级（没有落到下一级）") % {"place": place.name}


def _url(filters: Filters) -> str:
    return f"{reverse('desk_matters')}?{listing.query_of(filters)}"


def _line(title: str, place: Place, tally: Tally, month: Month, *, exact: bool) -> Line:
    """Return the numbers of one place, each with the list behind it."""

    def number(value: int, filters: Filters) -> Number:
        return Number(value, _url(replace(filters, region=place.code, exact=exact)))

    def rate(share: Share, whole: Filters, part: Filters) -> Rate:
        return Rate(number(share.part, part), number(share.whole, whole), share.percent)

    concluded, heard = month.period("concluded"), month.period("heard")
    answered = replace(concluded, replied=True)
    has_below = bool(gazetteer().children(place.code)) and not exact
    return Line(
        title=title,
        url=f"{reverse('county')}?region={place.code}&month={month.key}" if has_below else "",
        open=number(tally.open, Filters(is_open=True)),
        overdue=number(tally.overdue, Filters(overdue=True)),
        opened=number(tally.opened, month.period("opened")),
        concluded=number(tally.concluded, concluded),
        on_time=rate(tally.on_time, answered, replace(answered, was_on_time=True)),
        solved=rate(tally.solved, heard, replace(heard, solved=True)),
    )


def _states(actor: Actor, region: str) -> list[tuple[State, Number, str]]:
    """Return each state with its count and the length of its bar; open states are measured against each other."""
    known = {name: state for kind in current().kinds.values() for name, state in kind.states.items()}
    counted = [(known[name], count) for name, count in state_counts(actor, region)]
    most = {end: max((n for state, n in counted if state.end == end), default=1) for end in (False, True)}
    return [
        (
            state,
            Number(n, _url(Filters(state=(state.name,), region=region))),
            f"{n * 100 / most[state.end]:.1f}",
        )
        for state, n in counted
    ]


def _months(today: date) -> list[tuple[str, str]]:
    """Return the months to choose from, the present one first."""
    month, found = Month(today.replace(day=1)), []
    for _back in range(MONTHS_BACK):
        found.append((month.key, month.title))
        month = Month((month.first - timedelta(days=1)).replace(day=1))
    return found


def _up(actor: Actor, region: str, month: Month) -> list[tuple[str, str]]:
    """Return the places above that the actor sees whole, the widest first, with their addresses."""
    above = [code for code in ancestors(region)[:-1] if any(is_within(code, seen) for seen in actor.regions)]
    known = gazetteer().by_code
    return [
        (known[code].name, f"{reverse('county')}?region={code}&month={month.key}")
        for code in above
        if code in known
    ]
