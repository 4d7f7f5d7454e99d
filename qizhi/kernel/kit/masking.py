"""How personal data is shown to people who need not read it whole.

**Source:** `domain.md` §12, "Masking default".
"""

import re

STAR = "*"

# The compound surnames that are still common; every other name has a surname of one character.
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟赫连澹台皇甫宗政濮阳公冶申屠公孙慕容钟离长孙宇文"
        "司徒鲜于司空闾丘司寇颛孙漆雕乐正谷梁拓跋轩辕令狐段干百里呼延东郭南门西门羊舌梁丘左丘第五纳兰",
    )
)

# An address is kept to the end of the first of these that follows at least one character.
_VILLAGE = re.compile(r"^.+?(?:行政村|自然村|居民委员会|村民委员会|居委会|村委会|社区|嘎查|村)(?!镇|庄|子)")
_EXTENSION = re.compile(r"(?<=\d{7})[ ]?(?:-|—|转|#)[ ]?\d{1,6}$")
_TOWN = re.compile(r"^.*?[^省市区县](?:街道办事处|街道|民族乡|镇|乡|苏木)")
_COUNTY = re.compile(r"^.+?(?:自治县|县|区|旗)")


def mask_phone(number: str) -> str:
    """Show the first three and the last four digits: `138****5678`.

    Of a landline the area and the last three are shown, `0917****345`; of any other number its last two characters.
    """
    digits = re.sub(r"\D", "", _EXTENSION.sub("", number.strip()))
    if re.fullmatch(r"(?:00)?86(1\d{10})", digits):
        digits = digits[-11:]
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    if landline := re.fullmatch(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})\d*", digits):
        area, local = landline.groups()
        return f"{area}{STAR * (len(local) - 3)}{local[-3:]}"
    return _tail(digits or number.strip(), 2)


def mask_identity(number: str, *, public: bool = False) -> str:
    """Show the first three and the last four characters of an identity number; on public pages nothing of it."""
    number = number.strip()
    if public or len(number) < 12:
        return STAR * len(number)
    return f"{number[:3]}{STAR * (len(number) - 7)}{number[-4:]}"


def mask_bank(number: str) -> str:
    """Show the last four digits of a bank account or card."""
    return _tail(re.sub(r"[\s.·-]", "", number), 4)


def mask_name(name: str) -> str:
    """Show the surname and, of a name of three or more characters, the last one: 张*, 张*明, 欧阳**.

    Of a name with a dot or in Latin letters only the first character is shown.
    """
    name = name.strip()
    if not name:
        return ""
    if not re.fullmatch(r"[\u3400-\u9fff\U00020000-\U0003ffff]+", name):
        return name[0] + STAR * 3
    if len(name) >= 3 and name[:2] in COMPOUND_SURNAMES:
        return name[:2] + STAR * (len(name) - 2)
    if len(name) <= 2:
        return name[0] + STAR
    return name[0] + STAR * (len(name) - 2) + name[-1]


def mask_address(address: str) -> str:
    """Show an address down to its village or community; without one, to its town, else its county, else nothing.

    What is left out is marked by three stars.
    """
    address = address.strip()
    if not address:
        return ""
    for level in (_VILLAGE, _TOWN, _COUNTY):
        if kept := level.match(address[:200]):
            return kept.group() if kept.group() == address else kept.group() + STAR * 3
    return STAR * 3


def _tail(text: str, keep: int) -> str:
    """Replace all but the last `keep` characters by stars; a text no longer than twice that vanishes whole."""
    if len(text) <= 2 * keep:
        return STAR * len(text)
    return STAR * (len(text) - keep) + text[-keep:]
