"""Rows that are made from the places: names as a clerk would write them."""

import pytest

from qizhi.kernel.modes import generating
from qizhi.kernel.modes.schema import Generate, RegionDecl, UnitDecl
from qizhi.kernel.modes.tests.tools import Slip, checked, told

ALL = Generate(grids="one_per_village", committees=True, centres=True)


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("北郭村委会", "北郭村"),
        ("太慈村村委会", "太慈村"),
        ("晁村委会", "晁村"),
        ("蒲村村委会", "蒲村"),
        ("杏园村民委员会", "杏园村"),
        ("凤鸣东路社区居委会", "凤鸣东路社区"),
        ("凤仪西路社区", "凤仪西路社区"),
        ("五丈原社区居民委员会", "五丈原社区"),
        ("堰河村", "堰河村"),
    ],
)
def test_a_place_is_named_without_its_committee(listed, name):
    assert generating.village_name(listed) == name


def place(code, name, level):
    return RegionDecl(code=code, name=name, level=level, parent_code=code[:-3])


PLACES = [
    place("990101", "样例县", "county"),
    place("990101100", "东镇", "town"),
    place("990101100001", "东街社区居委会", "community"),
    place("990101100200", "北郭村委会", "village"),
    place("990101101", "西镇", "town"),
    place("990101101200", "北郭村", "village"),
]


def made(rule=ALL, listed=()):
    return {unit.code: unit for unit in generating.units(PLACES, listed, rule)}


def test_each_village_gets_its_committee_and_each_town_its_government():
    units = made()
    assert units["vc-990101100001"].name == "东镇东街社区居民委员会"
    assert units["vc-990101100001"].short_name == "东街社区居委会"
    assert units["vc-990101100001"].kind == "community_committee"
    assert units["vc-990101100200"].name == "东镇北郭村村民委员会"
    assert units["vc-990101100200"].parent == "tg-990101100"
    assert (units["tg-990101101"].name, units["tg-990101101"].short_name) == ("西镇人民政府", "西镇政府")


def test_committees_of_villages_with_one_name_are_told_apart():
    units = made()
    assert units["vc-990101100200"].short_name == "东镇北郭村委会"
    assert units["vc-990101101200"].short_name == "西镇北郭村委会"


def test_centres_stand_at_three_levels_each_under_the_next():
    units = made()
    county, town, village = (units[f"centre-{code}"] for code in ("990101", "990101100", "990101100200"))
    assert (county.name, county.short_name, county.parent) == ("样例县社会治安综合治理中心", "县综治中心", "")
    assert (town.name, town.parent) == ("东镇综治中心", county.code)
    assert (village.short_name, village.parent, village.level) == ("北郭村综治中心", town.code, "village")
    assert sum(unit.kind == "centre" for unit in units.values()) == 6


def test_each_village_and_community_gets_one_grid_unless_it_has_some():
    grid = place("990101100200007", "北郭村第七网格", "grid")
    found = generating.grids([*PLACES, grid], ALL)
    assert [(one.code, one.name, one.parent_code) for one in found] == [
        ("990101100001001", "东街社区第一网格", "990101100001"),
        ("990101101200001", "北郭村第一网格", "990101101200"),
    ]


def test_what_the_pack_lists_itself_is_left_as_it_stands():
    own = UnitDecl(
        code="tg-990101100", name="东镇人民政府（新）", short_name="东镇", kind="town_government", level="town",
        region_code="990101100",
    )  # fmt: skip
    assert "tg-990101100" not in made(listed=[own])


def test_nothing_is_made_unasked():
    assert made(Generate()) == {}
    assert generating.grids(PLACES, Generate()) == []
    assert {unit.kind for unit in made(Generate(committees=True, town_governments=False)).values()} == {
        "village_committee",
        "community_committee",
    }


def test_a_fault_of_a_made_row_is_told_at_the_rule_that_made_it(tmp_path):
    # A county's committee that stands nowhere: its generated parent is listed under another level by hand.
    row = "tg-990101101,西镇人民政府,西镇政府,town_government,town,990101101,vc-990101101200,true,\n"
    pack = checked(tmp_path, Slip("county/units.csv", "", row))
    assert [(one.file, one.field) for one in pack.errors] == [
        ("county/mode.yaml", "generate.parent"),
        ("county/units.csv", "parent"),
    ], told(pack.errors)
