"""Identity numbers of made-up people."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from qizhi.kernel.kit.identity import IdentityInvalid, born_on, is_under, normalise

TODAY = datetime.date(2026, 11, 24)


def made_up(place="610323", day="19800101", order="123"):
    stem = f"{place}{day}{order}"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),  # the example of GB 11643-1999
        ("11010519491231002x", "11010519491231002X"),
        ("110105 19491231 002X", "11010519491231002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("110105491231002", "11010519491231002X"),
        (made_up(place="610399"), made_up(place="610399")),
    ],
)
def test_it_brings_a_number_to_18_characters(text, number):
    assert normalise(text, today=TODAY) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "110105194912310021",
        "11010519491231002",
        "1101051949123100211",
        "11010519491331002X",
        "610323800230123",
        "身份证",
        made_up(day="20261125"),
        made_up(day="18000101"),
        made_up(day="20260230"),
    ],
)
def test_it_refuses_what_is_none(text):
    with pytest.raises(IdentityInvalid):
        normalise(text, today=TODAY)


@pytest.mark.parametrize(
    ("day", "young"), [("20121124", False), ("20121125", True), ("20260101", True), ("19800101", False)]
)
def test_fourteen_is_reached_on_the_birthday(day, young):
    number = made_up(day=day)
    assert born_on(number).strftime("%Y%m%d") == day
    assert is_under(14, number, on=TODAY) is young


@given(st.dates(datetime.date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17))
def test_one_wrong_digit_is_noticed(born, order, place):
    number = made_up(day=born.strftime("%Y%m%d"), order=f"{order:03}")
    assert normalise(number, today=TODAY) == number
    wrong = (
        number[:place]
        + str((int(number[place]) + 1) % 10 if number[place] != "X" else 0)
        + number[place + 1 :]
    )
    with pytest.raises(IdentityInvalid):
        normalise(wrong, today=TODAY)
