"""Paging by the last row seen: forth and back, nothing twice, nothing left out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qizhi.kernel.kit.models import Counter
from qizhi.kernel.kit.paging import CursorInvalid, LimitInvalid, page, read_cursor, write_cursor
from qizhi.kernel.kit.rate import RateWindow

START = datetime(2026, 11, 24, tzinfo=UTC)
ORDER = ("-started_at", "-id")


@pytest.fixture
def rows(db):
    """Seven rows in three moments."""
    return RateWindow.objects.bulk_create(
        RateWindow(key=str(n), started_at=START + timedelta(hours=n // 3), ends_at=START, count=n)
        for n in range(7)
    )


def walk(order, limit, cursor=None):
    """Return all pages, following the next cursors."""
    pages = []
    while True:
        found = page(RateWindow.objects.all(), order=order, cursor=cursor, limit=limit)
        pages.append(found)
        cursor = found.next_cursor
        if cursor is None:
            return pages


def keys(found):
    return [int(row.key) for row in found.items]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 200])
@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (("-started_at", "-id"), [6, 5, 4, 3, 2, 1, 0]),
        (("started_at", "id"), [0, 1, 2, 3, 4, 5, 6]),
        (("-started_at", "id"), [6, 3, 4, 5, 0, 1, 2]),
        (("-started_at", "count", "id"), [6, 3, 4, 5, 0, 1, 2]),
        (("-count",), [6, 5, 4, 3, 2, 1, 0]),
    ],
)
def test_all_rows_come_once_and_in_order(rows, order, expected, limit):
    pages = walk(order, limit)
    assert [key for found in pages for key in keys(found)] == expected
    assert all(len(found.items) == limit for found in pages[:-1])
    assert 0 < len(pages[-1].items) <= limit


def test_back_again_gives_the_same_pages(rows):
    pages = walk(ORDER, 3)
    assert [found.previous_cursor is None for found in pages] == [True, False, False]
    back = page(RateWindow.objects.all(), order=ORDER, cursor=pages[2].previous_cursor, limit=3)
    assert keys(back) == keys(pages[1])
    first = page(RateWindow.objects.all(), order=ORDER, cursor=back.previous_cursor, limit=3)
    assert keys(first) == keys(pages[0])
    assert first.previous_cursor is None
    assert keys(page(RateWindow.objects.all(), order=ORDER, cursor=first.next_cursor, limit=3)) == keys(
        pages[1]
    )


def test_a_new_row_on_top_shifts_nothing(rows):
    first = page(RateWindow.objects.all(), order=ORDER, limit=3)
    RateWindow.objects.create(key="99", started_at=START + timedelta(days=1), ends_at=START)
    second = page(RateWindow.objects.all(), order=ORDER, cursor=first.next_cursor, limit=3)
    assert keys(second) == [3, 2, 1]
    assert keys(page(RateWindow.objects.all(), order=ORDER, cursor=second.previous_cursor, limit=200)) == [
        99,
        6,
        5,
        4,
    ]


def test_filters_hold_on_every_page(rows):
    odd = RateWindow.objects.filter(key__in=["1", "3", "5"])
    first = page(odd, order=ORDER, limit=2)
    assert keys(first) + keys(page(odd, order=ORDER, cursor=first.next_cursor, limit=2)) == [5, 3, 1]


@pytest.mark.django_db
def test_an_empty_list_has_one_empty_page():
    found = page(RateWindow.objects.all(), order=ORDER, limit=5)
    assert (found.items, found.next_cursor, found.previous_cursor) == ([], None, None)


def test_one_query_answers_and_none_counts(rows):
    cursor = page(RateWindow.objects.all(), order=ORDER, limit=2).next_cursor
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(RateWindow.objects.all(), order=ORDER, cursor=cursor, limit=2)
    assert len(queries) == 1
    assert "COUNT(" not in queries[0]["sql"]


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_a_limit_outside_its_range_is_refused(limit):
    with pytest.raises(LimitInvalid) as caught:
        page(RateWindow.objects.all(), order=ORDER, limit=limit)
    assert list(caught.value.fields) == ["limit"]


@pytest.mark.parametrize(
    "forge", [lambda c: c[:-1] + ("A" if c[-1] != "A" else "B"), lambda c: "x", lambda c: c[5:]]
)
def test_a_forged_cursor_is_refused(rows, forge):
    cursor = page(RateWindow.objects.all(), order=ORDER, limit=2).next_cursor
    with pytest.raises(CursorInvalid) as caught:
        page(RateWindow.objects.all(), order=ORDER, cursor=forge(cursor), limit=2)
    assert caught.value.code == "cursor_invalid"


def test_the_cursor_of_another_order_is_refused(rows):
    cursor = page(RateWindow.objects.all(), order=ORDER, limit=2).next_cursor
    with pytest.raises(CursorInvalid):
        page(RateWindow.objects.all(), order=("started_at", "id"), cursor=cursor, limit=2)


def test_a_field_that_is_null_cannot_be_paged_by(db):
    Counter.objects.bulk_create([Counter(name="a"), Counter(name="b")])
    nothing = Counter.objects.extra(select={"nothing": "NULL"})
    with pytest.raises(ValueError, match="null"):
        page(nothing, order=("name", "nothing"), limit=1)


@pytest.mark.parametrize(
    "values",
    [["a", 1, True], [START, UUID(int=7)], [date(2026, 11, 24), Decimal("1.50")], [], ["中文"]],
)
def test_a_cursor_carries_its_values(values):
    assert read_cursor(write_cursor(values, of="list"), of="list") == values
    with pytest.raises(CursorInvalid):
        read_cursor(write_cursor(values, of="list"), of="other")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    with pytest.raises(CursorInvalid):
        read_cursor(text)


class AnyRows(TestCase):
    """Pages of any rows in any order, by property."""

    @settings(max_examples=40)
    @given(
        st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=25),
        st.integers(1, 6),
        st.sampled_from(["", "-"]),
        st.sampled_from(["", "-"]),
    )
    def test_pages_join_to_the_whole_list(self, values, limit, first, second):
        RateWindow.objects.bulk_create(
            RateWindow(key=str(n), started_at=START + timedelta(hours=hour), ends_at=START, count=count)
            for n, (hour, count) in enumerate(values)
        )
        order = (f"{first}started_at", f"{second}count", "id")
        joined = [row.pk for found in walk(order, limit) for row in found.items]
        assert joined == list(RateWindow.objects.order_by(*order).values_list("pk", flat=True))
