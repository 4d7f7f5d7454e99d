"""The directory: all units of the county, kept in the process and re-read when they changed."""

import pytest

from qizhi.kernel.units.choices import UnitKind
from qizhi.kernel.units.errors import UnknownUnit
from qizhi.kernel.units.models import Unit
from qizhi.kernel.units.queries import directory, forget, unit_get
from qizhi.kernel.units.tests.factories import join, make_unit

pytestmark = pytest.mark.django_db
GRID = "610323100211001"


@pytest.fixture
def units():
    for code in ("610323", "610323100", "610323100211", "610323101", "610323100002"):
        make_unit(f"centre-{code}", code)
    make_unit("tg-610323100", "610323100", kind=UnitKind.TOWN_GOVERNMENT)
    make_unit("vc-610323100211", "610323100211", kind=UnitKind.VILLAGE_COMMITTEE)
    make_unit("cc-610323100002", "610323100002", kind=UnitKind.COMMUNITY_COMMITTEE)
    for code in ("zhujian", "gongan"):
        join(make_unit(code, "610323", kind=UnitKind.COUNTY_BODY), "duty_list")


@pytest.mark.parametrize(
    ("place", "level", "centre"),
    [
        (GRID, "village", "centre-610323100211"),
        (GRID, "town", "centre-610323100"),
        (GRID, "county", "centre-610323"),
        ("610323100211", "village", "centre-610323100211"),
        ("610323101200", "town", "centre-610323101"),
        ("610323101200", "village", None),  # no centre was made there
        ("610323100", "village", None),  # a town lies in no village
        ("610323", "town", None),
        ("610324100", "county", None),  # the neighbouring county
    ],
)
def test_the_centre_in_charge_is_found_at_each_level(units, place, level, centre):
    found = directory().centre_of(place, level)
    assert (found.code if found else None) == centre


@pytest.mark.parametrize(
    ("kind", "level", "place", "code"),
    [
        ("village_committee", "village", GRID, "vc-610323100211"),
        ("village_committee", "village", "610323100002", "cc-610323100002"),  # a community's committee
        ("community_committee", "village", "610323100002", "cc-610323100002"),
        ("community_committee", "village", "610323100211", None),
        ("town_government", "town", GRID, "tg-610323100"),
        ("town_government", "town", "610323101200", None),
    ],
)
def test_the_own_unit_of_a_place_is_found_by_kind(units, kind, level, place, code):
    found = directory().own(kind, level, place)
    assert (found.code if found else None) == code


def test_members_for_a_purpose_come_in_the_order_of_their_codes(units):
    assert [body.code for body in directory().with_purpose("duty_list")] == ["gongan", "zhujian"]
    assert directory().with_purpose("inspected") == []


def test_a_dissolved_unit_is_not_found(units):
    Unit.objects.filter(code="zhujian").update(is_active=False)
    forget()
    with pytest.raises(UnknownUnit):
        unit_get("zhujian")
    assert unit_get("gongan").purposes == {"duty_list"}


def test_it_asks_the_database_twice_and_then_keeps(units, django_assert_num_queries):
    forget()
    with django_assert_num_queries(2):
        for _ in range(3):
            unit_get("gongan")


def test_it_reads_again_after_half_a_minute(units, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("qizhi.kernel.units.queries.time.monotonic", lambda: now[0])
    forget()
    assert unit_get("gongan").name == "单位gongan"
    Unit.objects.filter(code="gongan").update(name="岐山县公安局")
    assert unit_get("gongan").name == "单位gongan"
    now[0] += 31
    assert unit_get("gongan").name == "岐山县公安局"
