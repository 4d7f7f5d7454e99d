"""The canonical form: one value, one text."""

import enum
import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.kit.canonical import NotCanonical, canonical, digest


class State(enum.StrEnum):
    OPEN = "open"


SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (-12, "-12"),
        (2**70, str(2**70)),
        ("凤鸣镇", '"凤鸣镇"'),
        ('a"b\n', '"a\\"b\\n"'),
        (State.OPEN, '"open"'),
        ({State.OPEN: 1}, '{"open":1}'),
        ({"b": 1, "a": [1, (2, 3)]}, '{"a":[1,[2,3]],"b":1}'),
        ({"乙": 1, "甲": 2, "A": 3}, '{"A":3,"乙":1,"甲":2}'),
        (UUID("018F4A00-0000-7000-8000-000000000001"), '"018f4a00-0000-7000-8000-000000000001"'),
        (datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI), '"2026-11-24T00:00:00.000000Z"'),
        (datetime(2026, 11, 24, 0, 0, 0, 5, tzinfo=UTC), '"2026-11-24T00:00:00.000005Z"'),
        (datetime(823, 1, 2, tzinfo=UTC), '"0823-01-02T00:00:00.000000Z"'),
        (date(2026, 2, 28), '"2026-02-28"'),
        (Decimal("1.50"), '"1.5"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("1000"), '"1000"'),
        (Decimal("-0.00"), '"0"'),
        (Decimal("0.000001"), '"0.000001"'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_it_writes_each_value_in_one_way(value, text):
    assert canonical(value) == text.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"a": [0.5]},
        datetime(2026, 11, 24),  # noqa: DTZ001 - the naive time is the case
        {1: "a"},
        {None: "a"},
        {"a"},
        b"bytes",
        object(),
        gettext_lazy("中文"),
        Decimal("NaN"),
        Decimal("Infinity"),
        timedelta(days=1),
        "\ud800",
    ],
)
def test_it_refuses_what_has_no_single_form(value):
    with pytest.raises(NotCanonical) as caught:
        canonical(value)
    assert caught.value.code == "not_canonical"


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


@given(plain_json)
def test_reading_and_writing_again_gives_the_same_bytes(value):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=5), st.integers()).map(lambda d: list(d.items())))
def test_the_order_of_keys_does_not_matter(items):
    if any("\ud800" <= char <= "\udfff" for key, _ in items for char in key):
        return
    assert canonical(dict(items)) == canonical(dict(reversed(items)))


def test_sha256_is_the_known_one():
    assert digest(b"abc") == hashlib.sha256(b"abc").hexdigest()


def test_sm3_gives_the_vector_of_the_standard():
    # GB/T 32905-2016, example 1
    assert digest(b"abc", "sm3") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
