"""Personal data that people type into free text: found, and masked before the text is shown.

Found are Chinese mobile numbers and landlines, identity numbers, bank cards, number plates, e-mail addresses,
and WeChat and QQ names after their word. Names and addresses are not: no rule can tell them from other words.

How it stays right and fast. The text is folded sign by sign (full-width to ASCII), so that positions stay. A shape
is tried only where a number, a word or a plate begins, has one possible length at each place, and is bounded:
the work grows with the text and no faster. Whatever overlaps is masked as one, so nothing is left over; and a star
counts as a digit wherever a shape looks at its neighbours, so that masking a masked text changes nothing.

**Source:** PIPL arts. 4, 6, 28; `domain.md` §12, "Masking default".
"""

import datetime
import re
import string
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple

from stdnum import luhn
from stdnum.cn import ric

from . import masking


class Kind(StrEnum):
    """What a span of text gives away; the earlier wins where two shapes cover the same span."""

    IDENTITY = "identity"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK = "bank"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"
    NUMBER = "number"


class Span(NamedTuple):
    """Personal data of one kind at `text[start:end]`."""

    start: int
    end: int
    kind: Kind


class _Shape(NamedTuple):
    """One written form of one kind; the personal part is the group `hit`, or the whole match without one."""

    kind: Kind
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool]


_FOLD: dict[int, str] = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_FOLD |= dict.fromkeys(map(ord, "\t\u00a0\u2002\u2003\u2009\u3000"), " ")
_FOLD |= {ord("￥"): "¥"}
_FOLD |= dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")

_PROVINCES = (
    "11|12|13|14|15|21|22|23|31|32|33|34|35|36|37|41|42|43|44|45|46|50|51|52|53|54|61|62|63|64|65|71|81|82|83"
)
_CARS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMERALS = "零〇一幺二两三四五六七八九壹贰叁肆伍陆柒捌玖"

_START = r"(?<!\d)(?<![¥$])"
_END = r"(?!\d)(?![.,]?\d{0,6} ?(?:元|块|万|亿|吨|%|公里|平方|亩|斤))"
# A group of three or four digits may be what a mask left standing: groups never begin or end beside three stars.
_GROUP_START, _GROUP_END = _START + r"(?<!\*{3})", _END + r"(?!\*{3})"
_S = r"[ \-.·]{1,3}"
_OF = r"[:= 是为]{0,4}"  # what may stand between a word and its number (the full-width colon is folded)


def find_personal(text: str) -> list[Span]:
    """Return the spans of personal data in `text`, in order, none overlapping another.

    Spans that overlap become one: of the kind that covers it whole, else `Kind.NUMBER`.
    """
    folded = text.translate(_FOLD)
    found = sorted(_candidates(folded), key=lambda span: (span.start, -span.end, list(Kind).index(span.kind)))
    merged: list[Span] = []
    for span in found:
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
        elif span.end > merged[-1].end:
            merged[-1] = Span(merged[-1].start, span.end, Kind.NUMBER)
    return merged


def mask_personal(text: str) -> str:
    """Return `text` with its personal data masked; everything outside the spans stays as it is."""
    pieces: list[str] = []
    done = 0
    for span in find_personal(text):
        pieces += [text[done : span.start], _mask(text[span.start : span.end], span.kind)]
        done = span.end
    return "".join([*pieces, text[done:]])


def _mask(hit: str, kind: Kind) -> str:
    """Return what stands for the personal data `hit` in a public text."""
    hit = hit.translate(_FOLD)
    match kind:
        case Kind.MOBILE if hit[-1] in _NUMERALS:
            return f"{hit[:3]}****{hit[-4:]}"
        case Kind.MOBILE | Kind.LANDLINE:
            return masking.mask_phone(hit)
        case Kind.BANK:
            return masking.mask_bank(hit)
        case Kind.PLATE:
            return hit[:2] + masking.STAR * 5
        case Kind.EMAIL:
            return "***@***"
    return masking.STAR * len(hit)


def _candidates(text: str) -> Iterator[Span]:
    """Yield every match of every shape, whether they overlap or not."""
    for start in _LONG_NUMBER_STARTS.finditer(text):
        yield from _matches(_NUMBERS, text, start.start())
    for word in _WORDS.finditer(text):
        yield from _matches(_AFTER_WORDS[word.lastgroup or ""], text, word.end())
    for plate in _PLATE_STARTS.finditer(text):
        yield from _matches(_PLATES, text, plate.start())
    for numerals in _SPELT_MOBILE.finditer(text):
        yield Span(*numerals.span(), Kind.MOBILE)
    yield from _emails(text)


def _matches(shapes: list[_Shape], text: str, position: int) -> Iterator[Span]:
    for kind, pattern, accepts in shapes:
        match = pattern.match(text, position)
        if not match:
            continue
        group = "hit" if "hit" in pattern.groupindex else 0
        if accepts(match.group(group)):
            yield Span(*match.span(group), kind)


def _emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, read outward from each at-sign so that a long word is never read twice."""
    at = text.find("@")
    while at >= 0:
        start = at
        while start > 0 and text[start - 1] in _LOCAL:
            start -= 1
        domain = _DOMAIN.match(text, at + 1)
        if start < at and domain:
            yield Span(start, domain.end(), Kind.EMAIL)
        at = text.find("@", at + 1)


def _any(_hit: str) -> bool:
    return True


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def _is_identity(hit: str) -> bool:
    """Accept 18 characters with a birth date and a right check digit.

    A wrong check digit is taken for a slip of the hand, unless the date is so recent that a running number of
    the form county + day + sequence is likelier.
    """
    number = re.sub(r"[ .·-]", "", hit).upper()
    year = int(number[6:10])
    if not (1900 <= year <= 2099 and _is_date(year, int(number[10:12]), int(number[12:14]))):
        return False
    return ric.calc_check_digit(number) == number[-1] or year < 2020


def _is_old_identity(hit: str) -> bool:
    """Accept 15 digits with a birth date of the years 1930 to 1999.

    Division codes of grids have 15 digits too; their places 7 and 8 are below 30.
    """
    year = int(hit[6:8])
    return year >= 30 and _is_date(1900 + year, int(hit[8:10]), int(hit[10:12]))


def _is_card(hit: str) -> bool:
    """Accept 16 to 19 digits that end in the check digit of ISO/IEC 7812 and begin as cards in China do."""
    digits = re.sub(r"\D", "", hit)
    return bool(re.match(r"62|60|68|69|9[58]|4|5[1-5]|35|3[07]", digits)) and bool(luhn.is_valid(digits))


def _is_plate(hit: str) -> bool:
    """Accept what has at least three digits after its two letters of origin; a word has none."""
    return sum(char.isdigit() for char in hit[2:]) >= 3


def _shapes(kind: Kind, accepts: Callable[[str], bool], *patterns: str) -> list[_Shape]:
    return [_Shape(kind, re.compile(pattern, re.ASCII | re.IGNORECASE), accepts) for pattern in patterns]


_MOBILE_GROUPS = [
    rf"1[3-9]\d{_S}\d{{4}}{_S}\d{{4}}",
    rf"1[3-9]\d{_S}\d{{3}}{_S}\d{{5}}",
    rf"1[3-9]\d{{2}}{_S}\d{{3}}{_S}\d{{4}}",
    rf"1[3-9]\d{{2}}{_S}\d{{4}}{_S}\d{{3}}",
    rf"1[3-9]\d{_S}\d{{8}}",
    rf"1[3-9]\d{{5}}{_S}\d{{4}}",
    rf"1{_S}[3-9](?:{_S}\d){{9}}",
]
_ABROAD = r"(?:\+|00)?86[ \-)]{0,3}"
_AREA = r"0(?:10[ \-)]{0,3}[2-9]\d{7}|2\d[ \-)]{0,3}[2-9]\d{7}|[3-9]\d\d[ \-)]{0,3}[2-9]\d{6,7})"
_CARD_GROUPS = [
    rf"\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{4}}",
    rf"\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{1,3}}",
    rf"\d{{6}}{_S}\d{{10}}",
    rf"\d{{6}}{_S}\d{{13}}",
]

# no number that gives anybody away has fewer digits; the many short ones of dates and times are passed over at once
_LONG_NUMBER_STARTS = re.compile(r"(?<![0-9])(?=\+?(?:\d[ \-.·)]{0,3}){10})[0-9+]", re.ASCII)
_NUMBERS = [
    *_shapes(Kind.MOBILE, _any, rf"{_START}1[3-9]\d{{9}}{_END}", rf"{_START}{_ABROAD}1[3-9]\d{{9}}{_END}"),
    *_shapes(Kind.MOBILE, _any, *(f"{_GROUP_START}{shape}{_GROUP_END}" for shape in _MOBILE_GROUPS)),
    *_shapes(Kind.MOBILE, _any, *(f"{_GROUP_START}{_ABROAD}{shape}{_GROUP_END}" for shape in _MOBILE_GROUPS)),
    *_shapes(
        Kind.LANDLINE,
        _any,
        rf"{_GROUP_START}(?<![\d*]-){_AREA}{_GROUP_END}",
        rf"{_GROUP_START}(?<![\d*]-){_AREA} ?(?:-|转|#) ?\d{{1,6}}{_GROUP_END}",
    ),
    *_shapes(
        Kind.IDENTITY,
        _is_identity,
        rf"{_START}(?:{_PROVINCES})\d{{15}}[\dX](?!\d)",
        rf"{_GROUP_START}(?:{_PROVINCES})\d{{4}}{_S}\d{{8}}{_S}\d{{3}}[\dX]{_GROUP_END}",
        rf"{_GROUP_START}(?:{_PROVINCES})\d{{4}}{_S}\d{{4}}{_S}\d{{4}}{_S}\d{{3}}[\dX]{_GROUP_END}",
    ),
    *_shapes(Kind.IDENTITY, _is_old_identity, rf"{_START}(?:{_PROVINCES})\d{{13}}{_END}"),
    *_shapes(Kind.BANK, _is_card, rf"{_START}\d{{16,19}}{_END}"),
    *_shapes(Kind.BANK, _is_card, *(f"{_GROUP_START}{shape}{_GROUP_END}" for shape in _CARD_GROUPS)),
]

_WORDS = re.compile(
    r"(?P<chat>微信|薇信|威信|v信|扣扣|(?<![a-z*])(?:weixin|wechat|vx|wx|qq))"
    r"|(?P<card>卡号|账号|帐号|账户|帐户)"
    r"|(?P<paper>身份证|证件)"
    r"|(?P<phone>电话|座机|固话|联系方式|致电|(?<![a-z*])tel)",
    re.ASCII | re.IGNORECASE,
)
_CHAT_WORD = r"(?:群|同)?(?:账|帐)?(?:号码|号)?"
_CHAT_NAME = r"(?P<hit>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9_\-]|\*{3})"
_AFTER_WORDS = {
    "chat": _shapes(
        Kind.ACCOUNT,
        _any,
        rf"(?:群|同)?(?:账|帐)?(?:号码|号|[:=是为]) ?{_OF}{_CHAT_NAME}",
        rf" ?(?=[a-z_\-]{{1,19}}[0-9_]){_CHAT_NAME}",
        rf"{_CHAT_WORD}{_OF}(?P<hit>[1-9]\d{{4,11}}){_END}(?! ?(?:年|个|人|次|多))",
    ),
    "card": _shapes(
        Kind.BANK,
        _any,
        rf"{_OF}(?P<hit>\d{{12,25}})(?!\d)",
        rf"{_OF}(?P<hit>\d{{4}}{_S}\d{{4}}{_S}\d{{4}}(?:{_S}\d{{4}}){{0,3}}){_GROUP_END}",
    ),
    "paper": _shapes(Kind.IDENTITY, _any, rf"(?:号码|号)?{_OF}(?P<hit>\d{{14,17}}[\dX]?)(?!\d)"),
    "phone": _shapes(Kind.LANDLINE, _any, rf"(?:号码|号)?{_OF}(?P<hit>[2-9]\d{{6,7}}){_END}"),
}

_PLATE_STARTS = re.compile(f"[{_CARS}](?=[A-HJ-NP-Za-hj-np-z])")
_PLATES = _shapes(
    Kind.PLATE,
    _is_plate,
    rf"[{_CARS}][A-HJ-NP-Z][ ·•.\-]?[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9]|\*{{3}}){_END}",
    rf"[{_CARS}][A-HJ-NP-Z][ ·•.\-]?(?:[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF])(?![A-Z0-9]|\*{{3}}){_END}",
)

_SPELT_MOBILE = re.compile(
    f"(?<![{_NUMERALS}])[一幺壹][三四五六七八九叁肆伍陆柒捌玖][{_NUMERALS}]{{9}}(?![{_NUMERALS}])"
)
_LOCAL = frozenset(string.ascii_letters + string.digits + "._%+-")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,24}(?![A-Za-z])", re.ASCII)
