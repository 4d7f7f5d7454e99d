"""Resident identity numbers: checked, and brought to their form of 18 characters.

**Source:** GB 11643-1999; 《居民身份证法》art. 3.
"""

import datetime
import re

from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from .errors import Invalid

_FOLD = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")


class IdentityInvalid(Invalid):
    """The text is no resident identity number; most often one digit is wrong."""

    code = "identity_invalid"
    title = _("身份证号码有误，请对照证件核对18位号码。")


def normalise(text: str, *, today: datetime.date) -> str:
    """Return the 18 characters of an identity number; one of the former 15 digits is lengthened.

    The division code is checked for its shape only: codes are abolished and people keep theirs.

    Raises `IdentityInvalid` for a wrong length, check digit or birth date, or a birth after `today`.
    """
    number = re.sub(r"[\s-]", "", text.translate(_FOLD)).upper()
    if re.fullmatch(r"[1-8]\d{14}", number):
        number = _lengthened(number)
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number, re.ASCII) or ric.calc_check_digit(number) != number[-1]:
        raise IdentityInvalid()
    if not datetime.date(1880, 1, 1) <= born_on(number) <= today:
        raise IdentityInvalid()
    return number


def born_on(number: str) -> datetime.date:
    """Return the day of birth that an identity number of 18 characters names.

    Raises `IdentityInvalid` when there is no such day.
    """
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise IdentityInvalid() from error


def is_under(years: int, number: str, *, on: datetime.date) -> bool:
    """Say whether the person of this number is younger than `years` on that day.

    **Source:** PIPL art. 31: special rules below fourteen.
    """
    born = born_on(number)
    return (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) < years


def _lengthened(number: str) -> str:
    """Return the 18 characters of a number of 15 digits, all of which were given to people born before 2000."""
    long = number[:6] + "19" + number[6:]
    return long + str(ric.calc_check_digit(long + "0"))
