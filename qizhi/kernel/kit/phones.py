"""Chinese telephone numbers: checked, and brought to the one form that is stored and looked up.

**Source:** 《电信网编号计划（2017年版）》(MIIT): mobile 1[3-9]…, area codes 0…, 400/800, short service numbers.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from .errors import Invalid, Text


class PhoneInvalid(Invalid):
    """The text is no telephone number that can be called in China."""

    code = "phone_invalid"
    title = _("电话号码有误，请填写11位手机号，或者带区号的固定电话，例如 0917-8212345。")


class PhoneKind(StrEnum):
    """What kind of line a number is."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    SERVICE = "service"


class Phone(NamedTuple):
    """A number in its stored form: `13812345678`, `0917-8212345`, `0917-8212345-8001`, `4001234567`, `12345`."""

    number: str
    kind: PhoneKind


_LETTERS = _("电话号码里有字母或文字，请只填数字，例如 13812345678 或 0917-8212345。")
_AREA_MISSING = _("固定电话请加区号，例如 0917-8212345。")
_MOBILE_LENGTH = _("手机号应为11位数字，请核对后重新填写。")

_FOLD = str.maketrans("０１２３４５６７８９＋－—–―（）＃　\t", "0123456789+----()#  ")
_EXTENSION = re.compile(
    r"(\+?(?:86)?-?0\d{2,3}-?[2-9]\d{6,7})(?:-|转|分机|#|ext\.?)+(\d{1,6})", re.ASCII | re.IGNORECASE
)
_AREA = re.compile(r"(010|02\d|0[3-9]\d\d)(\d+)")
_SERVICE = re.compile(r"[48]00\d{7}|1[12]\d|12\d{3}|1[12]\d{3}|100\d{2,3}|9[56]\d{3,6}")


def parse(text: str, *, area_code: str = "") -> Phone:
    """Read one telephone number as people write it, with spaces, dashes, brackets, `+86` or full-width digits.

    `area_code` (such as `0917`) completes a local number of seven or eight digits that stands alone.

    Raises `PhoneInvalid` when it is no number, with a sentence that says what is wrong.
    """
    compact = re.sub(r"[ ().·]", "", text.translate(_FOLD).strip())
    main, extension = _split_extension(compact)
    digits = _national(main)
    if re.fullmatch(r"1[3-9]\d{9}", digits) and not extension:
        return Phone(digits, PhoneKind.MOBILE)
    if _SERVICE.fullmatch(digits) and not extension:
        return Phone(digits, PhoneKind.SERVICE)
    if area_code and re.fullmatch(r"[2-9]\d{6,7}", digits):
        digits = area_code + digits
    return Phone(_landline(digits, extension), PhoneKind.LANDLINE)


def normalise(text: str, *, area_code: str = "") -> str:
    """Return the stored form of a number; raises `PhoneInvalid` as `parse` does."""
    return parse(text, area_code=area_code).number


def is_mobile(text: str) -> bool:
    """Say whether `text` is a mobile number, which can take a text message."""
    try:
        return parse(text).kind is PhoneKind.MOBILE
    except PhoneInvalid:
        return False


def _split_extension(compact: str) -> tuple[str, str]:
    """Part a landline from its extension; every other number stays whole."""
    match = _EXTENSION.fullmatch(compact)
    return (match.group(1), match.group(2)) if match else (compact, "")


def _national(main: str) -> str:
    """Return the digits as dialled inside the country."""
    if not re.fullmatch(r"\+?[0-9-]*", main):
        raise _refusal(_LETTERS)
    digits = main.replace("-", "")
    if digits.startswith("+") and not digits.startswith("+86"):
        raise PhoneInvalid()
    return re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)


def _landline(digits: str, extension: str) -> str:
    """Return `area-local[-extension]`, or say what is missing."""
    match = _AREA.fullmatch(digits)
    if match and re.fullmatch(r"[2-9]\d{6,7}", match.group(2)):
        return "-".join(part for part in (*match.groups(), extension) if part)
    if re.fullmatch(r"[2-9]\d{6,7}", digits):
        raise _refusal(_AREA_MISSING)
    if re.match(r"1[3-9]", digits):
        raise _refusal(_MOBILE_LENGTH)
    raise PhoneInvalid()


def _refusal(message: Text) -> PhoneInvalid:
    return PhoneInvalid(message)
