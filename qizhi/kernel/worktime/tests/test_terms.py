"""Reading, writing and comparing terms."""

import pytest

from qizhi.kernel.worktime.errors import TermInvalid, TermsNotComparable
from qizhi.kernel.worktime.lines import term_text
from qizhi.kernel.worktime.terms import Term, TermUnit, is_tighter_or_equal


@pytest.mark.parametrize(
    ("text", "amount", "unit", "zh", "en"),
    [
        ("5wd", 5, TermUnit.WORKING_DAYS, "5个工作日", "5 working days"),
        ("30d", 30, TermUnit.NATURAL_DAYS, "30个自然日", "30 calendar days"),
        ("24h", 24, TermUnit.HOURS, "24小时", "24 hours"),
        ("1h", 1, TermUnit.HOURS, "1小时", "1 hour"),
        ("4wh", 4, TermUnit.WORKING_HOURS, "4个工作小时", "4 working hours"),
        ("99999wd", 99999, TermUnit.WORKING_DAYS, "99999个工作日", "99999 working days"),
    ],
)
def test_it_reads_writes_and_says_a_term(text: str, amount: int, unit: TermUnit, zh: str, en: str) -> None:
    term = Term.parse(text)
    assert term == Term(amount, unit)
    assert str(term) == text
    assert (term_text(term, "zh-hans"), term_text(term, "en")) == (zh, en)


@pytest.mark.parametrize(
    "text",
    ["", "5", "wd", "0wd", "05wd", "-1d", "1.5h", "5 wd", " 5wd", "5wd\n", "5WD", "5w", "５wd", "100000d"],
)
def test_it_refuses_what_is_no_term(text: str) -> None:
    with pytest.raises(TermInvalid) as refused:
        Term.parse(text)
    assert refused.value.code == "term_invalid"


@pytest.mark.parametrize("amount", [0, -1, 100_000])
def test_it_refuses_an_amount_out_of_range(amount: int) -> None:
    with pytest.raises(TermInvalid):
        Term(amount, TermUnit.HOURS)


@pytest.mark.parametrize(
    ("term", "limit", "holds"),
    [
        ("5wd", "7wd", True),
        ("7wd", "7wd", True),
        ("8wd", "7wd", False),
        ("24h", "48h", True),
        ("61d", "60d", False),
    ],
)
def test_it_compares_terms_of_one_unit(term: str, limit: str, holds: bool) -> None:
    assert is_tighter_or_equal(Term.parse(term), Term.parse(limit)) is holds


@pytest.mark.parametrize(("term", "limit"), [("5wd", "30d"), ("24h", "1d"), ("4wh", "4h"), ("1wd", "8wh")])
def test_it_refuses_to_compare_different_units(term: str, limit: str) -> None:
    with pytest.raises(TermsNotComparable) as refused:
        is_tighter_or_equal(Term.parse(term), Term.parse(limit))
    assert refused.value.details == {"term": term, "limit": limit}
