"""Routing: rules in order, each choice with its reasons."""

import pytest

from qizhi.kernel.modes.compiling import compile_pack
from qizhi.kernel.modes.routes import choose, level_of, units_of
from qizhi.kernel.modes.schema import RouteTable
from qizhi.kernel.modes.tests.tools import PACKS

WORDS = {"zh": "因为", "en": "because"}


@pytest.fixture(scope="module")
def mode():
    return compile_pack(PACKS / "county").mode


def table_of(*rules):
    return RouteTable.model_validate(
        {
            "name": "t",
            "title": WORDS,
            "rules": [{"name": f"r{n}", "because": WORDS, **r} for n, r in enumerate(rules)],
        }
    )


def unit(mode, facts, *rules):
    return choose(table_of(*rules), facts, units_of(mode)).unit_code


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"category": "road.lamp", "region": "990101100200", "month": "11"}, "lights"),
        ({"category": "road.lamp", "region": "990101100200", "on": "2026-12-31"}, "lights"),
        ({"category": "road.lamp", "region": "990101100200", "on": "2026-01-01"}, "centre-990101100200"),
        ({"category": "road.lamp", "region": "990101100200"}, "centre-990101100200"),
        ({"category": "road", "region": "990101100001"}, "centre-990101100001"),
        ({"category": "", "region": "990101100"}, "centre-990101"),
        ({}, "centre-990101"),
    ],
)
def test_the_sample_table_sends_each_case_to_its_unit(mode, facts, expected):
    facts = {"region": "990101", **facts}
    assert choose(mode.routes["intake"], facts, units_of(mode)).unit_code == expected


@pytest.mark.parametrize(
    ("when", "facts", "holds"),
    [
        ({}, {}, True),
        ({"category": ["road"]}, {"category": "road.lamp"}, True),
        ({"category": ["road"]}, {"category": "roadside"}, False),
        ({"category": ["road.lamp"]}, {"category": "road"}, False),
        ({"category": ["water", "road"]}, {"category": "road"}, True),
        ({"region": ["990101100"]}, {"region": "990101100200"}, True),
        ({"region": ["990101100"]}, {"region": "990101"}, False),
        ({"level": ["village"]}, {"region": "990101100200"}, True),
        ({"level": ["village"]}, {"level": "community"}, True),
        ({"level": ["community"]}, {"level": "village"}, False),
        ({"level": ["town"]}, {"region": "990101100200"}, False),
        ({"level": ["grid"]}, {"region": "990101100200001"}, True),
        ({"kind": ["letter"]}, {"kind": "letter"}, True),
        ({"channel": ["web"]}, {"channel": "phone"}, False),
        ({"urgency": ["urgent"]}, {"urgency": "urgent"}, True),
        ({"months": [1]}, {"month": "01"}, True),
        ({"months": [1]}, {"month": "11"}, False),
        ({"months": [10]}, {"on": "2026-10-01"}, True),
        ({"category": ["road"], "months": [5]}, {"category": "road", "month": "6"}, False),
    ],
)
def test_a_condition_holds_or_not(mode, when, facts, holds):
    assert (unit(mode, facts, {"when": when, "to": "unit:lights"}) == "lights") is holds


def test_own_means_the_unit_of_that_level_of_the_matters_place(mode):
    deep = {"region": "990101101200001"}
    assert unit(mode, deep, {"to": "own:centre@village"}) == "centre-990101101200"
    assert unit(mode, deep, {"to": "own:centre@town"}) == "centre-990101101"
    assert unit(mode, deep, {"to": "own:centre@county"}) == "centre-990101"
    assert unit(mode, deep, {"to": "own:village_committee@village"}) == "vc-990101101200"
    assert (
        unit(mode, {"region": "990101100001"}, {"to": "own:community_committee@village"}) == "vc-990101100001"
    )


def test_a_rule_that_leads_to_no_unit_is_passed_over_and_says_so(mode):
    found = choose(
        table_of({"to": "own:village_committee@village"}, {"to": "own:team@county"}, {"to": "unit:office"}),
        {"region": "990101100"},
        units_of(mode),
    )
    assert (found.unit_code, found.rule) == ("office", "r2")
    assert [tried.matched for tried in found.tried] == [False, False, True]
    assert found.tried[0].why.zh == "地点“990101100”没有具体到这一级，找不到village_committee（village）"
    assert found.tried[1].why.zh == "这个地点没有team（county）"
    assert found.tried[2].why.zh == "不带条件"
    assert [tried.why.en for tried in found.tried] == [
        "The place “990101100” does not name that level, so no village_committee (village) can be found",
        "There is no team (county) at this place",
        "Without conditions",
    ]


def test_every_rule_that_was_tried_says_why(mode):
    facts = {"category": "water", "region": "990101100200", "month": "11"}
    found = choose(mode.routes["intake"], facts, units_of(mode))
    assert [(one.rule, one.matched, one.why.zh) for one in found.tried] == [
        ("lamps", False, "类别是“water”，要求road.lamp"),
        ("village", True, "层级是“village”"),
    ]
    assert [one.why.en for one in found.tried] == [
        "The category is “water”; it would have to be road.lamp",
        "It fits: level “village”",
    ]
    assert found.because is not None
    assert found.because.zh == "先由村里接。"


def test_those_that_assist_are_found_too_once_each_and_never_the_lead(mode):
    rule = {"to": "unit:lights", "assist": ["own:centre@town", "unit:lights", "unit:office", "unit:office"]}
    found = choose(table_of(rule), {"region": "990101100"}, units_of(mode))
    assert found.assist == ("centre-990101100", "office")


def test_no_rule_means_no_unit_and_all_reasons(mode):
    found = choose(table_of({"when": {"kind": ["x"]}, "to": "unit:office"}), {}, units_of(mode))
    assert (found.unit_code, found.rule, found.because, found.assist) == (None, None, None, ())
    assert found.tried[0].why.zh == "事项种类是“（未填）”，要求x"


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("990101", "county"),
        ("990101100", "town"),
        ("990101100200", "village"),
        ("990101100200001", "grid"),
        ("1", ""),
    ],
)
def test_the_level_follows_from_the_length_of_the_code(code, level):
    assert level_of(code) == level
