"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.kit.phones import PhoneInvalid, PhoneKind, is_mobile, normalise, parse


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("13812345678", "13812345678", "mobile"),
        (" 138 1234 5678 ", "13812345678", "mobile"),
        ("138-1234-5678", "13812345678", "mobile"),
        ("+86 13812345678", "13812345678", "mobile"),
        ("0086-138-1234-5678", "13812345678", "mobile"),
        ("8613812345678", "13812345678", "mobile"),
        ("１３８１２３４５６７８", "13812345678", "mobile"),
        ("0917-8212345", "0917-8212345", "landline"),
        ("(0917)8212345", "0917-8212345", "landline"),
        ("（０９１７）8212345", "0917-8212345", "landline"),
        ("09178212345", "0917-8212345", "landline"),
        ("029-87654321", "029-87654321", "landline"),
        ("01062345678", "010-62345678", "landline"),
        ("0371 65678901", "0371-65678901", "landline"),
        ("0917-8212345转8001", "0917-8212345-8001", "landline"),
        ("0917-8212345-01", "0917-8212345-01", "landline"),
        ("+86 0917 8212345", "0917-8212345", "landline"),
        ("400-123-4567", "4001234567", "service"),
        ("8008101234", "8008101234", "service"),
        ("12345", "12345", "service"),
        ("12348", "12348", "service"),
        ("110", "110", "service"),
        ("120", "120", "service"),
        ("10086", "10086", "service"),
        ("95588", "95588", "service"),
    ],
)
def test_it_brings_a_number_to_one_form(text, number, kind):
    assert parse(text) == (number, PhoneKind(kind))


def test_a_local_number_takes_the_area_of_the_county():
    assert normalise("8212345", area_code="0917") == "0917-8212345"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1381234567", "11位"),
        ("138123456789", "11位"),
        ("138a2345678", "字母"),
        ("电话不详", "字母"),
        ("l3812345678", "字母"),
        ("8212345", "区号"),
        ("12812345678", "有误"),
        ("0917-123", "有误"),
        ("", "有误"),
        ("-", "有误"),
        ("0", "有误"),
        ("+1 202 555 0100", "有误"),
        ("13812345678 13912345678", "11位"),
        ("٠٩١٧٨٢١٢٣٤٥", "字母"),
    ],
)
def test_it_says_what_is_wrong(text, word):
    with pytest.raises(PhoneInvalid) as caught:
        normalise(text)
    assert word in str(caught.value)
    assert caught.value.code == "phone_invalid"


def test_only_a_mobile_takes_a_message():
    assert is_mobile("138 1234 5678")
    assert not is_mobile("0917-8212345")
    assert not is_mobile("abc")


@given(st.text(max_size=30) | st.text("0123456789+-() 转", max_size=20))
def test_a_form_once_reached_stays(text):
    try:
        number = normalise(text)
    except PhoneInvalid:
        return
    assert normalise(number) == number
