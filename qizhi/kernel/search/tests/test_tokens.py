"""Texts and questions as tokens."""

import pytest

from qizhi.kernel.search.adapter import match_query, tsquery, tsvector
from qizhi.kernel.search.tokens import TEXT_MAX, Term, terms_of, tokens_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("噪音扰民", ["噪音", "音扰", "扰民", "民"]),
        ("井", ["井"]),
        ("井盖，坏了", ["井盖", "盖", "坏了", "了"]),
        ("3号楼ABC", ["3", "号楼", "楼", "abc"]),
        ("ＡＢ１２", ["ab12"]),
        ("', ) & | : *", []),
        ("", []),
    ],
)
def test_a_text_becomes_pairs_and_whole_words(text, expected):
    assert tokens_of(text) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("噪音扰民", [Term(("噪音", "音扰", "扰民"))]),
        ("井", [Term(("井",), is_prefix=True)]),
        ("路灯 东街", [Term(("路灯",)), Term(("东街",))]),
        ("SQ12", [Term(("sq12",), is_prefix=True)]),
        ("!!!", []),
    ],
)
def test_a_question_becomes_phrases(question, expected):
    assert terms_of(question) == expected


def test_a_very_long_text_is_indexed_only_at_its_head():
    assert len(tokens_of("长" * (TEXT_MAX + 500))) == TEXT_MAX


def test_no_question_can_leave_its_quotes():
    terms = terms_of('路灯" OR tokens : "井 \') | (x')
    assert '"路灯"' in match_query(terms, ["k6"])
    assert match_query(terms, ["k6"]).count('"') % 2 == 0
    assert tsquery(terms, ["k6"]).count("'") % 2 == 0


def test_positions_are_kept_for_phrases():
    assert tsvector(["路灯", "灯", "路灯"], ["k6"]) == "'路灯':1,3 '灯':2 'k6'"
