"""Places as decimal degrees: the Chinese map datum, distances and boxes.

All coordinates are `(lon, lat)` in decimal degrees. Stored is WGS 84 (CGCS2000 degrees are taken as the same:
they differ by centimetres); GCJ-02 is what most Chinese maps on phones show, and is converted at the edge.
"""

import math
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
_AXIS_M = 6_378_245.0  # Krasovsky 1940, on which GCJ-02 is built
_ECCENTRICITY = 0.006_693_421_622_965_943
_ROUNDS = 6  # each round of the inversion gains about three decimals


class Box(NamedTuple):
    """A box along the parallels and meridians, in decimal degrees WGS 84."""

    west: float
    south: float
    east: float
    north: float

    def contains(self, lon: float, lat: float) -> bool:
        """Say whether the point lies in the box or on its edge."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


def is_place(lon: float, lat: float) -> bool:
    """Say whether the pair can be a place on earth; false for infinities and for the null island (0, 0)."""
    return -180 <= lon <= 180 and -90 <= lat <= 90 and (lon, lat) != (0, 0)


def in_china(lon: float, lat: float) -> bool:
    """Say whether the point lies in the rectangle in which GCJ-02 shifts coordinates."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Return the point as Chinese maps show it; outside China it stays as it is."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Return the point that `wgs84_to_gcj02` shifts to this one, to better than 1e-9 degrees."""
    if not in_china(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _ in range(_ROUNDS):
        east, north = _shift(x, y)
        x, y = lon - east, lat - north
    return x, y


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the way along the surface of the sphere in metres (error against the ellipsoid below 0.6 %)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_lat, half_lon = (phi2 - phi1) / 2, math.radians(lon2 - lon1) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def bounding_box(lon: float, lat: float, radius_m: float) -> Box:
    """Return the smallest box that holds the circle of `radius_m` metres around the point.

    It serves to ask an index first; near a pole or the date line it may reach beyond ±180 degrees.
    """
    north = math.degrees(radius_m / EARTH_RADIUS_M)
    narrowing = math.cos(math.radians(lat))
    ratio = math.sin(radius_m / EARTH_RADIUS_M) / narrowing if narrowing > 1e-9 else 1.0
    east = math.degrees(math.asin(ratio)) if ratio < 1 else 180.0
    return Box(lon - east, max(-90.0, lat - north), lon + east, min(90.0, lat + north))


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """Return by how many degrees GCJ-02 moves a point of WGS 84 to the east and to the north."""
    x, y = lon - 105.0, lat - 35.0
    common = (20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)) * 2 / 3
    root = math.sqrt(abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north_m += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    north_m += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y * math.pi / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east_m += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    east_m += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    phi = math.radians(lat)
    squared = 1 - _ECCENTRICITY * math.sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY) / squared**1.5
    parallel = _AXIS_M / math.sqrt(squared) * math.cos(phi)
    return math.degrees(east_m / parallel), math.degrees(north_m / meridian)
