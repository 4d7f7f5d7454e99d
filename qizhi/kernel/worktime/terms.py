"""Terms: how long something may take, as packs write it: 5wd, 30d, 24h, 4wh."""

import re
from dataclasses import dataclass
from enum import StrEnum

from qizhi.kernel.worktime.errors import TermInvalid, TermsNotComparable

LONGEST = 99_999
_FORM = re.compile(r"([1-9][0-9]{0,4})(wd|wh|d|h)")


class TermUnit(StrEnum):
    """What a term counts."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    NATURAL_DAYS = "natural_days"


SIGNS = {
    "h": TermUnit.HOURS,
    "wh": TermUnit.WORKING_HOURS,
    "wd": TermUnit.WORKING_DAYS,
    "d": TermUnit.NATURAL_DAYS,
}
_SIGN_OF = {unit: sign for sign, unit in SIGNS.items()}


@dataclass(frozen=True, slots=True)
class Term:
    """An amount, 1 to 99,999, of one unit. `str()` gives the form that `parse` reads.

    hours are elapsed hours by day and night; working hours run within office hours; natural days are
    calendar days; working days are those of the calendar.
    """

    amount: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= LONGEST:
            raise TermInvalid()

    @classmethod
    def parse(cls, text: str) -> "Term":
        """Read "5wd" (working days), "30d" (natural days), "24h" (hours) or "4wh" (working hours).

        Raises TermInvalid for any other text.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise TermInvalid(details={"text": text})
        return cls(int(found[1]), SIGNS[found[2]])

    def __str__(self) -> str:
        return f"{self.amount}{_SIGN_OF[self.unit]}"


def is_tighter_or_equal(term: Term, limit: Term) -> bool:
    """Whether `term` asks for no more time than `limit`.

    Raises TermsNotComparable when the units differ. No exchange rate is assumed: ten working days may be
    twelve or twenty calendar days, depending on the date, and a promise must hold on every date.

    **Source:** a lower mode pack may tighten a limit, never loosen one.
    """
    if term.unit is not limit.unit:
        raise TermsNotComparable(details={"term": str(term), "limit": str(limit)})
    return term.amount <= limit.amount
