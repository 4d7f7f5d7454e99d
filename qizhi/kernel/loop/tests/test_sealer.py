"""The sealer: running numbers without gaps, and a seal for each day that is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qizhi.kernel.kit.models import Counter
from qizhi.kernel.loop.audit import audit_verify
from qizhi.kernel.loop.models import Seal, Step
from qizhi.kernel.loop.sealer import COUNTER, last_sealed, last_sealed_before, seal_days, seal_steps
from qizhi.testing.stories import open_request, take, walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

# ten in the morning in Shanghai
MONDAY = datetime(2026, 11, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)


def numbers() -> list[int]:
    return list(
        Step.objects.exclude(sealed_no=None).order_by("sealed_no").values_list("sealed_no", flat=True)
    )


def test_steps_get_their_numbers_in_the_order_of_time_and_each_once():
    late = open_request(at=MONDAY + DAY)
    early = open_request(at=MONDAY)
    assert seal_steps() == 2
    order = list(Step.objects.order_by("sealed_no").values_list("matter__number", flat=True))
    assert order == [early.number, late.number]
    assert seal_steps() == 0
    assert numbers() == [1, 2]


def test_a_batch_goes_on_where_the_last_one_stopped():
    walk_to("in_progress")
    total = Step.objects.count()
    given = []
    while (now := seal_steps(most=2)) > 0:
        given.append(now)
    assert sum(given) == total
    assert max(given) == 2
    assert numbers() == list(range(1, total + 1))
    assert (last_sealed(), Counter.objects.get(name=COUNTER).value) == (total, total)


def test_a_step_that_comes_in_late_is_numbered_behind_the_others():
    """Readers follow the number, so they meet it too, whatever time it carries."""
    open_request(at=MONDAY + DAY)
    seal_steps()
    late = open_request(at=MONDAY)
    seal_steps()
    assert Step.objects.get(matter=late.matter).sealed_no == 2


def test_a_day_is_sealed_when_it_is_over_and_only_once():
    open_request(at=MONDAY)
    seal_steps()
    assert seal_days(MONDAY + timedelta(hours=13, minutes=59)) == []
    [seal] = seal_days(MONDAY + timedelta(hours=14))
    assert (seal.day, seal.first_no, seal.last_no) == (date(2026, 11, 2), 1, 1)
    assert seal_days(MONDAY + timedelta(hours=15)) == []
    assert list(audit_verify()) == []


def test_a_day_waits_until_all_its_steps_have_their_number():
    open_request(at=MONDAY)
    assert seal_days(MONDAY + DAY) == []
    seal_steps()
    assert len(seal_days(MONDAY + DAY)) == 1


def test_a_day_without_steps_needs_no_seal():
    assert seal_days(MONDAY) == []
    open_request(at=MONDAY)
    seal_steps()
    seal_days(MONDAY + DAY)
    assert seal_days(MONDAY + 2 * DAY) == []


def test_the_days_before_a_pause_of_the_program_are_covered_by_the_next_seal():
    for days in range(3):
        open_request(at=MONDAY + days * DAY)
    seal_steps()
    [seal] = seal_days(MONDAY + 5 * DAY)
    assert (seal.day, seal.first_no, seal.last_no) == (date(2026, 11, 6), 1, 3)


def test_what_is_imported_with_a_time_of_the_past_falls_into_the_next_seal():
    """Yesterday is sealed already; a step of yesterday that arrives now must not seal it a second time."""
    open_request(at=MONDAY)
    seal_steps()
    [first] = seal_days(MONDAY + DAY)
    open_request(at=MONDAY - 10 * DAY)
    seal_steps()
    assert seal_days(MONDAY + DAY) == []
    open_request(at=MONDAY + DAY)
    seal_steps()
    assert seal_days(MONDAY + DAY + timedelta(hours=1)) == []
    [second] = seal_days(MONDAY + 2 * DAY)
    assert (second.first_no, second.last_no, second.previous_hash) == (2, 3, first.hash)
    assert list(audit_verify()) == []


def test_todays_steps_stay_out_of_yesterdays_seal():
    case = open_request(at=MONDAY)
    take(case, "add_facts", "reporter", facts="还没修。", at=MONDAY + DAY)
    seal_steps()
    [seal] = seal_days(MONDAY + DAY + timedelta(hours=1))
    assert (seal.last_no, last_sealed_before(MONDAY + DAY)) == (1, 1)
    assert Seal.objects.count() == 1
