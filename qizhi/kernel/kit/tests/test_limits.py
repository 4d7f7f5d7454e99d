"""Fixed windows: as many as allowed, then wait for the next one."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from qizhi.kernel.kit import limits
from qizhi.kernel.kit.errors import TooMany
from qizhi.kernel.kit.rate import RateWindow

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def tries(count, key="report:13812345678", limit=5, per_seconds=3600, now=NOON):
    """Spend `count` times; return how often it was allowed."""
    allowed = 0
    for _ in range(count):
        try:
            limits.spend(key, limit, per_seconds, now)
        except TooMany:
            continue
        allowed += 1
    return allowed


@pytest.mark.django_db
def test_five_of_seven_pass():
    assert tries(7) == 5


@pytest.mark.django_db
def test_the_refusal_says_when_to_come_back():
    now = NOON + timedelta(minutes=57, seconds=30)
    tries(5, now=now)
    with pytest.raises(TooMany) as caught:
        limits.spend("report:13812345678", 5, 3600, now)
    assert caught.value.details["retry_after"] == 150
    assert "3 分钟" in str(caught.value)


@pytest.mark.parametrize(("second", "wait"), [(0, 60), (59, 1), (59.9, 1), (30.5, 30)])
@pytest.mark.django_db
def test_the_wait_is_whole_seconds_and_never_none(second, wait):
    now = NOON + timedelta(seconds=second)
    tries(1, limit=1, per_seconds=60, now=now)
    with pytest.raises(TooMany) as caught:
        limits.spend("report:13812345678", 1, 60, now)
    assert caught.value.details["retry_after"] == wait


@pytest.mark.django_db
def test_the_next_window_begins_anew():
    tries(5)
    assert tries(1, now=NOON + timedelta(minutes=59, seconds=59)) == 0
    assert tries(1, now=NOON + timedelta(hours=1)) == 1


@pytest.mark.django_db
def test_keys_and_lengths_do_not_share_a_count():
    tries(5)
    assert tries(1, key="report:13812345679") == 1
    assert tries(1, per_seconds=7200) == 1


@pytest.mark.django_db
def test_neither_phone_nor_address_is_stored():
    tries(1)
    key = RateWindow.objects.get().key
    assert len(key) == 64
    assert "13812345678" not in key


@pytest.mark.django_db
def test_checking_counts_nothing():
    for _ in range(9):
        limits.check("code:SQ-2026-000123", 2, 600, NOON)
    tries(2, key="code:SQ-2026-000123", per_seconds=600)
    with pytest.raises(TooMany):
        limits.check("code:SQ-2026-000123", 2, 600, NOON)


@pytest.mark.django_db
def test_a_limit_of_nothing_refuses_all():
    assert tries(2, limit=0) == 0
    with pytest.raises(TooMany):
        limits.check("x", 0, 60, NOON)


@pytest.mark.django_db
def test_a_count_cannot_be_lost_with_the_work_it_guards():
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.spend("x", 1, 60, NOON)


@pytest.mark.django_db
def test_ended_windows_are_swept():
    tries(1)
    tries(1, key="other", per_seconds=60)
    assert limits.sweep(NOON + timedelta(minutes=1)) == 1
    assert limits.sweep(NOON + timedelta(minutes=1)) == 0
    assert RateWindow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_callers_never_get_more_than_the_limit():
    allowed = []
    start = threading.Barrier(8)

    def run():
        start.wait()
        allowed.append(tries(3, limit=10))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 10
    assert RateWindow.objects.get().count == 10


@pytest.mark.django_db
def test_what_was_spent_can_be_forgotten_for_one_key_and_window():
    tries(5)
    tries(5, key="report:13812345679")
    assert limits.clear("report:13812345678", 3600, NOON) == 1
    assert tries(5) == 5
    assert tries(1, key="report:13812345679") == 0
    assert limits.clear("report:13812345678", 3600, NOON + timedelta(hours=1)) == 0
