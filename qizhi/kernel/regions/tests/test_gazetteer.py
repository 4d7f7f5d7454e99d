"""The gazetteer: all places of the county, kept in the process and re-read when they changed."""

import pytest

from qizhi.kernel.regions.errors import UnknownRegion
from qizhi.kernel.regions.models import Region
from qizhi.kernel.regions.queries import forget, gazetteer, region_get
from qizhi.kernel.regions.tests.factories import COUNTY, FENGMING, YANHE, make_county

pytestmark = pytest.mark.django_db


def test_the_county_has_nine_towns_106_villages_and_15_communities():
    make_county()
    levels = [place.level for place in gazetteer().places]
    assert {level: levels.count(level) for level in set(levels)} == {
        "county": 1,
        "town": 9,
        "village": 106,
        "community": 15,
    }


def test_the_root_is_the_county():
    make_county()
    assert gazetteer().root.name == "岐山县"


def test_children_come_in_the_order_of_their_codes():
    make_county()
    towns = [place.code for place in gazetteer().children(COUNTY)]
    assert len(towns) == 9
    assert towns == sorted(towns)
    assert gazetteer().children(YANHE) == []


def test_all_places_are_reached_from_the_root():
    make_county(grids=True)
    book, reached = gazetteer(), []
    waiting = [book.root]
    while waiting:
        place = waiting.pop()
        reached.append(place.code)
        waiting += book.children(place.code)
    assert sorted(reached) == sorted(book.by_code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("610323", "岐山县"),
        ("610323100", "凤鸣镇"),
        ("610323100211", "凤鸣镇堰河村"),
        ("610323100002", "凤鸣镇凤鸣东路社区"),
        ("610323100211001", "凤鸣镇堰河村第一网格"),
    ],
)
def test_a_place_is_named_with_its_town(code, name):
    make_county(grids=True)
    assert gazetteer().path_name(code) == name


def test_it_asks_the_database_once(django_assert_num_queries):
    make_county()
    with django_assert_num_queries(1):
        for _ in range(5):
            assert region_get(FENGMING).name == "凤鸣镇"


def test_it_reads_again_after_half_a_minute(monkeypatch):
    make_county()
    now = [1000.0]
    monkeypatch.setattr("qizhi.kernel.regions.queries.time.monotonic", lambda: now[0])
    assert region_get(FENGMING).name == "凤鸣镇"
    Region.objects.filter(code=FENGMING).update(name="新名镇")
    assert region_get(FENGMING).name == "凤鸣镇"
    now[0] += 31
    assert region_get(FENGMING).name == "新名镇"


def test_it_reads_again_when_told_to_forget():
    make_county()
    assert region_get(FENGMING).name == "凤鸣镇"
    Region.objects.filter(code=FENGMING).update(is_active=False)
    forget()
    with pytest.raises(UnknownRegion):
        region_get(FENGMING)


def test_a_point_is_read_as_degrees():
    make_county()
    Region.objects.filter(code=FENGMING).update(lon="107.619517", lat="34.444017")
    forget()
    place = region_get(FENGMING)
    assert (place.lon, place.lat) == (107.619517, 34.444017)
    assert region_get(YANHE).lon is None
