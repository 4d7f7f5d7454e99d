"""Datum, distance and boxes as a table of places."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qizhi.kernel.kit import geo

# Known pairs WGS 84 → GCJ-02, as the public test data of the transformation gives them.
KNOWN = [
    ("Shanghai", (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ("Shenzhen", (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ("Beijing", (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
lons = st.floats(73.5, 134.8)
lats = st.floats(3.9, 53.6)


@pytest.mark.parametrize(("name", "wgs", "gcj"), KNOWN)
def test_it_agrees_with_known_points(name, wgs, gcj):
    lon, lat = geo.wgs84_to_gcj02(*wgs)
    assert (lon, lat) == pytest.approx(gcj, abs=1e-6)


def test_qishan_moves_by_about_half_a_kilometre():
    lon, lat = geo.wgs84_to_gcj02(107.621, 34.443)
    assert 300 < geo.distance_m(107.621, 34.443, lon, lat) < 700


@pytest.mark.parametrize("place", [(2.35, 48.85), (-74.0, 40.7), (151.2, -33.9)])
def test_outside_china_nothing_moves(place):
    assert geo.wgs84_to_gcj02(*place) == place
    assert geo.gcj02_to_wgs84(*place) == place


@given(lons, lats)
def test_there_and_back_is_the_same_place(lon, lat):
    back = geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(lon, lat))
    assert back == pytest.approx((lon, lat), abs=1e-6)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((107.621, 34.443), (107.621, 34.443), 0),
        ((0, 0), (0, 1), 111_195),
        ((0, 0), (180, 0), math.pi * geo.EARTH_RADIUS_M),
        ((107.621, 34.443), (107.237, 34.362), 36_360),  # Qishan → Baoji
    ],
)
def test_distance(a, b, metres):
    assert geo.distance_m(*a, *b) == pytest.approx(metres, rel=0.01, abs=1)


@given(lons, lats, st.floats(1, 50_000), st.floats(0, 2 * math.pi))
def test_a_box_holds_its_circle(lon, lat, radius, angle):
    box = geo.bounding_box(lon, lat, radius)
    reach = radius * 0.999 / 111_195
    point_lat = lat + reach * math.sin(angle)
    point_lon = lon + reach * math.cos(angle) / math.cos(math.radians(point_lat))
    if geo.distance_m(lon, lat, point_lon, point_lat) <= radius:
        assert box.contains(point_lon, point_lat)
    assert not box.contains(lon, lat + 2 * radius / 111_195)


def test_a_box_at_the_pole_holds_all_longitudes():
    box = geo.bounding_box(10, 89.99, 5_000)
    assert (box.east - box.west, box.north) == (360, 90)


@pytest.mark.parametrize(
    ("lon", "lat", "is_one"),
    [(107.6, 34.4, True), (0, 0, False), (181, 0, False), (10, 91, False), (math.nan, 3, False)],
)
def test_what_can_be_a_place(lon, lat, is_one):
    assert geo.is_place(lon, lat) is is_one
