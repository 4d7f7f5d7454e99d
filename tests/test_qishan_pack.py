"""What the pack of Qishan must hold: the counts of the work mode's own article, and the rules of its routing.

**Source:** `seed-map.md` §1–§3; “L37.1b” is line 37, sentence 1, second part of the article.
"""

import json
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from qizhi.kernel.modes.compiling import compile_pack
from qizhi.kernel.modes.flow import walk_path
from qizhi.kernel.modes.routes import choose, units_of
from qizhi.kernel.modes.schema import Method, MethodPart, Mode, RouteCase, When
from qizhi.kernel.worktime.calendar import Calendar
from qizhi.kernel.worktime.deadlines import due_at

PACK = Path(__file__).parent.parent / "modes" / "qishan-12521"
TOWN = "own:town_government@town"


@pytest.fixture(scope="module")
def mode() -> Mode:
    compiled = compile_pack(PACK)
    assert compiled.errors == []
    return compiled.mode


def with_purpose(mode: Mode, purpose: str) -> set[str]:
    return {unit.code for unit in mode.units if purpose in unit.purposes}


def parts_of(parts: tuple[MethodPart, ...]) -> list[MethodPart]:
    return [found for part in parts for found in (part, *parts_of(part.parts))]


def test_the_places_are_those_of_the_article(mode):
    levels = Counter(region.level for region in mode.regions)
    assert (levels["county"], levels["town"], levels["village"], levels["community"]) == (1, 9, 106, 15)
    assert levels["grid"] == 121


def test_every_place_lies_below_its_parent(mode):
    codes = {region.code for region in mode.regions}
    for region in mode.regions:
        assert region.code.startswith(region.parent_code)
        assert region.parent_code in codes or region.level == "county"


def test_towns_have_a_point_within_the_outline_s_bounds_and_villages_none(mode):
    for region in mode.regions:
        assert (region.lon is None) == (region.level not in {"county", "town"})
        if region.lon is not None and region.lat is not None:
            assert 107.5 < region.lon < 107.9
            assert 34.1 < region.lat < 34.7


@pytest.mark.parametrize(
    ("code", "place"),
    [
        ("610323111", "610323100"),  # 故郡镇 in statistics, 凤鸣镇 for civil affairs
        ("610323112", "610323101"),  # 京当镇 in statistics, 蔡家坡镇 for civil affairs
        ("610323114", "610323111"),
        ("610323113", "610323112"),
    ],
)
def test_a_civil_affairs_code_means_another_town(mode, code, place):
    assert [a.region_code for a in mode.aliases if (a.code_system, a.code) == ("mca", code)] == [place]


def test_the_article_s_own_name_of_a_community_is_known(mode):
    assert [a.region_code for a in mode.aliases if a.name == "凤东路社区"] == ["610323100002"]


def test_membership_differs_by_purpose(mode):
    assert len(with_purpose(mode, "duty_list")) == 48
    assert len(with_purpose(mode, "inspected")) == 47
    assert len(with_purpose(mode, "hall_rota")) == 17
    assert with_purpose(mode, "duty_list") != with_purpose(mode, "inspected")


def test_one_unit_supervises(mode):
    assert with_purpose(mode, "supervision") == {"pingan_office"}


def test_centres_stand_at_three_levels(mode):
    levels = Counter(unit.level for unit in mode.units if unit.kind == "centre")
    assert levels == {"county": 1, "town": 9, "village": 106, "community": 15}


def test_a_choice_without_an_official_list_says_so(mode):
    chosen = [unit for unit in mode.units if unit.kind == "county_body"]
    assert chosen
    assert not any(unit.is_official for unit in chosen)


def test_the_mode_s_own_method_is_1_2_5_2_1(mode):
    method = mode.methods[mode.mode_method]
    assert [len(part.parts) for part in method.parts] == [1, 2, 5, 2, 1]


def test_every_method_is_as_long_as_its_number(mode):
    for method in mode.methods.values():
        assert tuple(len(part.parts) for part in method.parts) == method.segments, method.name


def test_every_part_is_realised_or_planned_and_never_both(mode):
    for method in mode.methods.values():
        for part in parts_of(method.parts):
            assert bool(part.realised_by) != part.planned, (method.name, part.key)


def test_every_part_of_the_mode_names_its_line(mode):
    for part in parts_of(mode.methods["m12521"].parts):
        assert part.source, part.key


def test_empty_places_are_never_called_official(mode):
    for method in mode.methods.values():
        for part in parts_of(method.parts):
            assert not (part.is_official and "待补充" in part.title.zh), (method.name, part.key)


def leaves(method: Method, prefix: str) -> list[MethodPart]:
    return [part for part in parts_of(method.parts) if part.key.startswith(prefix)]


def test_the_pilot_s_tasks_add_up(mode):
    pilot, region = mode.methods["pilot_tasks"], mode.methods["regional_features"]
    assert len([p for p in leaves(pilot, "p") if "_r" not in p.key]) == 11
    assert len([p for p in leaves(pilot, "p") if "_r" in p.key]) == 63
    assert len(region.parts[0].parts) == 3
    assert len([p for p in leaves(region, "sx") if "_r" in p.key and "_t" not in p.key]) == 7
    assert len([p for p in leaves(region, "sx") if "_t" in p.key]) == 10


def test_owners_of_methods_exist(mode):
    units, regions = {unit.code for unit in mode.units}, {region.code for region in mode.regions}
    for method in mode.methods.values():
        assert not method.owner or method.owner in units, method.name
        assert not method.region_code or method.region_code in regions, method.name


def test_every_category_has_a_rule_of_its_own(mode):
    ruled = {category for rule in mode.routes["dispatch"].rules for category in rule.when.category}
    assert ruled == {category.code for category in mode.categories}


def test_the_last_rule_of_each_table_holds_always(mode):
    for table in mode.routes.values():
        assert table.rules[-1].when == When()


def test_matters_of_departments_are_not_pushed_down_to_towns(mode):
    leading = {rule.name for rule in mode.routes["dispatch"].rules if rule.to == TOWN}
    # By law the town orders disclosure of village affairs; communities and grids are the town's own.
    assert leading == {"village_affairs", "community", "rest_town"}


def test_a_village_leads_only_what_its_own_centre_took_in_as_everyday(mode):
    everyday = next(r for r in mode.routes["intake"].rules if r.name == "village_everyday").when.category
    for rule in mode.routes["dispatch"].rules:
        if rule.to.endswith("@village"):
            assert set(rule.when.level) <= {"village", "community"}
            assert rule.when.category == everyday


def test_every_case_of_routing_and_of_flow_comes_out(mode):
    wrong = [case.name for case in mode.cases if not comes_out(mode, case)]
    assert wrong == []


def comes_out(mode: Mode, case: RouteCase) -> bool:
    if case.table:
        choice = choose(mode.routes[case.table], {"kind": case.kind, **case.facts}, units_of(mode))
        return choice.unit_code == case.unit
    if case.path:
        point, refused = walk_path(mode.kinds[case.kind], case.path)
        return refused is None and point is not None and point.state == case.ends_in
    return due_of(mode, case) == datetime.fromisoformat(case.due or "")


def due_of(mode: Mode, case: RouteCase) -> datetime | None:
    calendar = Calendar.parse(day.model_dump() for day in mode.calendar)
    term = mode.kinds[case.kind].clocks[case.clock or ""].term_for(case.facts)
    return due_at(datetime.fromisoformat(case.start or ""), term, calendar).due_at


def test_what_concerns_officials_goes_to_discipline_inspection_alone_or_with_an_overseer(mode):
    for rule in mode.routes["dispatch"].rules:
        if any(category.startswith("discipline") for category in rule.when.category):
            assert rule.to == "unit:jiwei"
            assert set(rule.assist) <= {"unit:zhengfuban"}


def test_the_pack_s_own_test_suite_is_large_enough(mode):
    assert sum(case.clock is not None for case in mode.cases) >= 40
    assert sum(case.table is not None for case in mode.cases) >= 40


def test_the_outline_names_its_source_and_licence():
    outline = json.loads((PACK / "outline.geojson").read_text(encoding="utf-8"))
    kinds = Counter(feature["geometry"]["type"] for feature in outline["features"])
    assert kinds == {"Polygon": 1, "Point": 9}
    for feature in outline["features"]:
        assert feature["properties"]["attribution"] == "Contains data from Vonng/adcode (CC BY 4.0)"
        assert feature["properties"]["datum"] == "WGS84"
