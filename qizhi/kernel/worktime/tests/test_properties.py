"""What holds for every start, term, pause and extension."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from qizhi.kernel.worktime.calendar import SHANGHAI
from qizhi.kernel.worktime.deadlines import Deadline, due_at
from qizhi.kernel.worktime.pauses import Pause
from qizhi.kernel.worktime.terms import Term, TermUnit
from qizhi.kernel.worktime.tests.samples import CALENDAR

settings.register_profile("worktime", max_examples=40, deadline=None)
quick = settings.get_profile("worktime")
QUARTER = timedelta(minutes=15)
NEVER = datetime.max.replace(tzinfo=SHANGHAI)

days = st.dates(date(2023, 1, 5), date(2027, 3, 1))


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """Quarters of an hour, so that the plain recount below can walk them one by one."""
    midnight = datetime.combine(draw(days), time(), SHANGHAI)
    return midnight + draw(st.integers(0, 95)) * QUARTER


@st.composite
def stories(draw: st.DrawFn) -> tuple[datetime, Term, list[Pause]]:
    """A start, a term, and closed pauses from two days before the start on."""
    start = draw(moments())
    unit = draw(st.sampled_from(TermUnit))
    term = Term(draw(st.integers(1, 16)), unit)
    spans = draw(st.lists(st.tuples(st.integers(-192, 2400), st.integers(0, 1000)), max_size=3))
    return start, term, [_pause(start, begin, length) for begin, length in spans]


def _pause(start: datetime, begin: int, length: int) -> Pause:
    return Pause(start + begin * QUARTER, start + (begin + length) * QUARTER)


def _due(start: datetime, term: Term, pauses: Sequence[Pause], extensions: Sequence[Term] = ()) -> datetime:
    return due_at(start, term, CALENDAR, pauses, extensions).due_at or NEVER


@quick
@given(stories(), st.integers(0, 600))
def test_a_later_start_is_never_due_earlier(story: tuple[datetime, Term, list[Pause]], later: int) -> None:
    start, term, pauses = story
    assert _due(start, term, pauses) <= _due(start + later * QUARTER, term, pauses)


@quick
@given(stories(), st.integers(0, 30))
def test_a_longer_term_is_never_due_earlier(story: tuple[datetime, Term, list[Pause]], more: int) -> None:
    start, term, pauses = story
    assert _due(start, term, pauses) <= _due(start, Term(term.amount + more, term.unit), pauses)


@quick
@given(stories(), st.integers(-192, 2400), st.integers(0, 1000), st.integers(0, 600))
def test_a_longer_pause_is_never_due_earlier(
    story: tuple[datetime, Term, list[Pause]], begin: int, length: int, more: int
) -> None:
    start, term, pauses = story
    short, long = _pause(start, begin, length), _pause(start, begin, length + more)
    stopped = Pause(short.from_at)
    dues = [_due(start, term, [*pauses, *added]) for added in ([], [short], [long], [stopped])]
    assert dues == sorted(dues)


@quick
@given(stories(), st.integers(1, 16), st.integers(0, 10), st.sampled_from(TermUnit))
def test_a_longer_extension_is_never_due_earlier(
    story: tuple[datetime, Term, list[Pause]], amount: int, more: int, unit: TermUnit
) -> None:
    start, term, pauses = story
    runs = [[], [Term(amount, unit)], [Term(amount + more, unit)]]
    dues = [_due(start, term, pauses, extensions) for extensions in runs]
    assert dues == sorted(dues)


@quick
@given(stories(), st.integers(1, 16))
def test_an_extension_of_the_same_unit_equals_a_longer_term(
    story: tuple[datetime, Term, list[Pause]], more: int
) -> None:
    start, term, pauses = story
    longer = Term(term.amount + more, term.unit)
    assert _due(start, term, pauses, [Term(more, term.unit)]) == _due(start, longer, pauses)


@quick
@given(stories())
def test_day_terms_end_on_a_working_day(story: tuple[datetime, Term, list[Pause]]) -> None:
    start, term, pauses = story
    due = _due(start, term, pauses)
    if term.unit is TermUnit.WORKING_DAYS:
        assert CALENDAR.is_working_day(due.date())
        assert due == CALENDAR.office.closes_at(due.date())
    elif term.unit is TermUnit.NATURAL_DAYS:
        assert CALENDAR.is_working_day(due.date())
        assert due.time() == time(23, 59, 59)


@quick
@given(stories())
def test_nothing_is_due_while_the_clock_stands_still(story: tuple[datetime, Term, list[Pause]]) -> None:
    start, term, pauses = story
    due = _due(start, term, pauses)
    assert not any(pause.from_at < due <= (pause.to_at or NEVER) for pause in pauses)


@quick
@given(stories(), st.integers(0, 900))
def test_splitting_a_pause_changes_nothing(story: tuple[datetime, Term, list[Pause]], cut: int) -> None:
    start, term, pauses = story
    middle = start + cut * QUARTER
    whole = Pause(start, middle + timedelta(days=1))
    halves = [Pause(middle, whole.to_at), Pause(start, middle)]
    assert _due(start, term, [*pauses, whole]) == _due(start, term, [*halves, *pauses])


@quick
@given(days, st.integers(0, 60), st.integers(0, 60))
def test_adding_in_two_steps_equals_adding_at_once(day: date, first: int, second: int) -> None:
    add = CALENDAR.add_working_days
    assert add(add(day, first), second) == add(day, first + second)
    assert add(add(day, -first), -second) == add(day, -first - second)


@quick
@given(days, st.integers(1, 80))
def test_adding_and_counting_are_inverse_and_agree_with_walking(day: date, amount: int) -> None:
    end = CALENDAR.add_working_days(day, amount)
    walked = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert CALENDAR.is_working_day(end)
    assert sum(map(CALENDAR.is_working_day, walked)) == CALENDAR.working_days_between(day, end) == amount


@quick
@given(stories())
def test_it_agrees_with_a_plain_recount(story: tuple[datetime, Term, list[Pause]]) -> None:
    start, term, pauses = story
    assert _due(start, term, pauses) == RECOUNTS[term.unit](start, term.amount, pauses)


def _stands(at: datetime, pauses: list[Pause]) -> bool:
    return any(pause.from_at <= at < (pause.to_at or NEVER) for pause in pauses)


def _works(at: datetime) -> bool:
    return CALENDAR.is_working_day(at.date()) and (8 <= at.hour < 12 or 14 <= at.hour < 18)


def _recount_quarters(start: datetime, quarters: int, pauses: list[Pause], only_office: bool) -> datetime:
    at = start
    while quarters:
        quarters -= not _stands(at, pauses) and (not only_office or _works(at))
        at += QUARTER
    return at


def _recount_working_days(start: datetime, amount: int, pauses: list[Pause]) -> datetime:
    day, left = start.date(), amount
    while left:
        day += timedelta(days=1)
        opens = datetime.combine(day, time(8), SHANGHAI)
        left -= CALENDAR.is_working_day(day) and not _stands(opens, pauses)
    return _recount_end(day, time(18), pauses)


def _recount_natural_days(start: datetime, amount: int, pauses: list[Pause]) -> datetime:
    midnight = datetime.combine(start.date() + timedelta(days=1), time(), SHANGHAI)
    exact = _recount_quarters(midnight, amount * 96, pauses, only_office=False)
    return _recount_end((exact - timedelta(seconds=1)).date(), time(23, 59, 59), pauses)


def _recount_end(day: date, clock: time, pauses: list[Pause]) -> datetime:
    """From `day` on, the first working day whose end lies in no pause (its last instant excluded)."""
    while not CALENDAR.is_working_day(day) or _stands(
        datetime.combine(day, clock, SHANGHAI) - timedelta(microseconds=1), pauses
    ):
        day += timedelta(days=1)
    return datetime.combine(day, clock, SHANGHAI)


def _recount_hours(start: datetime, amount: int, pauses: list[Pause]) -> datetime:
    return _recount_quarters(start, amount * 4, pauses, only_office=False)


def _recount_working_hours(start: datetime, amount: int, pauses: list[Pause]) -> datetime:
    return _recount_quarters(start, amount * 4, pauses, only_office=True)


RECOUNTS: dict[TermUnit, Callable[[datetime, int, list[Pause]], datetime]] = {
    TermUnit.WORKING_DAYS: _recount_working_days,
    TermUnit.NATURAL_DAYS: _recount_natural_days,
    TermUnit.HOURS: _recount_hours,
    TermUnit.WORKING_HOURS: _recount_working_hours,
}


@quick
@given(stories(), st.integers(0, 5))
def test_explaining_equals_computing(story: tuple[datetime, Term, list[Pause]], more: int) -> None:
    start, term, pauses = story
    extensions = [Term(more, term.unit)] if more else []
    found = due_at(start, term, CALENDAR, pauses, extensions)
    assert found.due_at == _rebuilt(start, term.unit, found)


def _rebuilt(start: datetime, unit: TermUnit, deadline: Deadline) -> datetime:
    """The due time out of the explanation's own facts alone: start + term + everything not counted."""
    facts = [(line.kind, line.params) for line in deadline.lines]
    terms = ("term", "lost_term", "extension_term")
    amount = sum(Term.parse(str(params[key])).amount for _, params in facts for key in terms if key in params)
    stood = timedelta(seconds=sum(int(params.get("lost_seconds", 0)) for _, params in facts))
    if unit is TermUnit.HOURS:
        return start + timedelta(hours=amount) + stood
    if unit is TermUnit.WORKING_HOURS:
        quarters = amount * 4 + stood // QUARTER
        return _recount_quarters(start, quarters, [], only_office=True)
    moves = [date.fromisoformat(str(params["moved_on"])) for _, params in facts if "moved_on" in params]
    # Natural days tell holidays only as the reason why the last day moved.
    counted = {"pause_whole_days"} if unit is TermUnit.NATURAL_DAYS else {"holiday", "weekend"}
    skipped = sum(
        int(params.get("skipped_days", params.get("lost_days", 0)))
        for kind, params in facts
        if kind in counted
    )
    last = moves[-1] if moves else start.date() + timedelta(days=amount + skipped)
    clock = time(18) if unit is TermUnit.WORKING_DAYS else time(23, 59, 59)
    return datetime.combine(last, clock, SHANGHAI)
