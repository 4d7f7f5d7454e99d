"""A lower pack adds and tightens; it never loosens, and what it says wrong is told in its own file."""

import pytest

from qizhi.kernel.modes.schema import Relation, TermChoice
from qizhi.kernel.modes.tests.tools import Slip, cases_of, checked, line_of, told

COUNTY = "county/kinds/letter.yaml"


@pytest.mark.parametrize(
    "case", cases_of("loosened.yaml"), ids=lambda case: f"{case['file']}-{case['field']}"
)
def test_a_lower_pack_may_not_loosen(tmp_path, case):
    errors = checked(tmp_path, Slip(case["file"], case["old"], case["new"])).errors
    found = [one for one in errors if case["says"] in one.message]
    assert found, told(errors)
    line = line_of(tmp_path, case["file"], case["at"])
    assert (found[0].file, found[0].line, found[0].field) == (case["file"], line, case["field"])


@pytest.fixture
def letter(tmp_path):
    return checked(tmp_path).mode.kinds["letter"]


def test_terms_are_tightened_case_by_case(letter):
    term = letter.clocks["handle"].term
    assert isinstance(term, TermChoice)
    assert (term.by, term.terms, term.default) == ("weight", {"light": "3wd", "heavy": "12wd"}, "10wd")


def test_rungs_are_added_in_their_place(letter):
    assert [rung.at for rung in letter.clocks["handle"].ladder] == ["-1wd", "+1wd", "+2wd"]


def test_titles_states_clocks_inputs_and_steps_are_added(letter):
    assert letter.title.zh == "样例县来信"
    assert "checked" in letter.states
    assert "check" in letter.clocks
    assert [one.name for one in letter.transitions["answer"].inputs] == ["reply", "result"]
    assert letter.transitions["answer"].other_than_handler
    assert letter.transitions["refuse"].source_states == ("received", "checked")


def test_what_the_upper_law_says_stays(letter):
    answer = letter.transitions["answer"]
    assert answer.relations("handler") == (Relation.LEAD,)
    assert answer.stops == ("handle",)
    assert answer.inputs[0].required
    assert [need.rule for need in letter.transitions["assign"].needs] == ["sample_need"]


def test_a_lower_pack_may_let_a_role_of_its_own_act(tmp_path):
    role = "mayor: {title: {zh: 县长, en: Mayor}, duty: {zh: 县长。, en: Mayor.}, sees: region}\n"
    pack = checked(
        tmp_path,
        Slip("county/roles.yaml", "", role),
        Slip(COUNTY, "    by: {clerk: centre}\n    stops", "    by: {mayor: region}\n    stops"),
    )
    assert not pack.errors, told(pack.errors)
    assert set(pack.mode.kinds["letter"].transitions["refuse"].by) == {"clerk", "mayor"}


def test_a_role_may_be_narrowed(tmp_path):
    pack = checked(tmp_path, Slip("county/roles.yaml", "", "clerk: {sees: unit, is_reader: false}\n"))
    assert not pack.errors, told(pack.errors)
    assert pack.mode.roles["clerk"].sees == "unit"


def test_an_error_in_the_upper_pack_is_told_in_the_upper_file(tmp_path):
    errors = checked(tmp_path, Slip("nation/kinds/letter.yaml", "    to: paused", "    to: pausd")).errors
    assert [(one.file, one.field) for one in errors] == [("nation/kinds/letter.yaml", "transitions.pause.to")]


def test_an_upper_fault_is_told_although_the_lower_pack_says_it_anew(tmp_path):
    errors = checked(tmp_path, Slip("nation/kinds/letter.yaml", "light: 5wd", "light: five")).errors
    assert ("nation/kinds/letter.yaml", "clocks.handle.term.terms.light") in [
        (one.file, one.field) for one in errors
    ]


def test_rows_with_the_same_key_are_replaced_and_others_added(tmp_path):
    pack = checked(
        tmp_path,
        Slip("county/calendar.csv", "", "date,kind,name\n2026-01-02,makeup,元旦\n2027-01-01,holiday,元旦\n"),
        Slip(
            "county/categories.csv",
            "",
            "code,parent,zh,en\nwater,,用水,Water use\nwater.tap,water,水龙头,Taps\n",
        ),
    )
    names = {category.code: category.zh for category in pack.mode.categories}
    assert names == {"road": "道路", "road.lamp": "路灯", "water": "用水", "water.tap": "水龙头"}
    days = [(day.date, day.kind) for day in pack.mode.calendar]
    assert days.count(("2026-01-02", "makeup")) == 1
    assert ("2026-01-02", "holiday") not in days
    assert ("2026-01-01", "known_year") in days
    assert ("2026-01-01", "holiday") in days


def test_routes_of_the_lower_pack_come_first(tmp_path):
    above = """
name: intake
title: {zh: 上级派单, en: Upper routing}
rules:
  - {name: lamps, when: {category: [road]}, to: "own:centre@town", because: {zh: 甲, en: A}}
  - {name: rest, to: "own:centre@county", because: {zh: 乙, en: B}}
"""
    rest = "  - name: rest\n    to: own:centre@county\n    because: {zh: 其余由县中心接。, en: "
    pack = checked(
        tmp_path,
        Slip("province/routes/intake.yaml", "", above),
        Slip("county/routes/intake.yaml", f"{rest}The county centre takes the rest.}}\n", ""),
    )
    assert not pack.errors, told(pack.errors)
    assert [(rule.name, rule.to) for rule in pack.mode.routes["intake"].rules] == [
        ("lamps", "unit:lights"),
        ("village", "own:centre@village"),
        ("rest", "own:centre@county"),
    ]


def test_a_complete_table_of_the_lower_pack_replaces_the_upper_one(tmp_path):
    above = "name: intake\ntitle: {zh: 上, en: U}\nrules:\n  - {name: x, to: 'unit:none', because: {zh: 甲, en: A}}\n"
    pack = checked(tmp_path, Slip("province/routes/intake.yaml", "", above))
    assert not pack.errors, told(pack.errors)
    assert len(pack.mode.routes["intake"].rules) == 3


def test_only_the_lowest_packs_cases_are_its_own(tmp_path):
    assert [case.clock for case in checked(tmp_path).mode.cases if case.clock] == ["handle"]


def test_what_is_generated_is_handed_down(tmp_path):
    pack = checked(
        tmp_path,
        Slip(
            "province/mode.yaml",
            "extends: nation\n",
            "extends: nation\ngenerate: {centres: true, committees: true}\n",
        ),
        Slip("county/mode.yaml", "  committees: true\n  centres: true\n", ""),
    )
    assert not pack.errors, told(pack.errors)
    assert {unit.kind for unit in pack.mode.units} >= {"centre", "village_committee", "town_government"}
    assert any(region.level == "grid" for region in pack.mode.regions)


@pytest.mark.parametrize(
    "slip",
    [
        Slip("county/mode.yaml", "name: county", "name: : county"),
        Slip("nation/mode.yaml", "title: {", "title: {{"),
    ],
)
def test_a_stack_that_cannot_be_read_whole_is_told_of_that_alone(tmp_path, slip):
    pack = checked(tmp_path, slip)
    assert {one.file for one in pack.errors} == {slip.file}
    assert any("其余的没有检查" in one.message for one in pack.errors)
