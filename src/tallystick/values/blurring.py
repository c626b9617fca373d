"""A place told more vaguely than it is known, for publication: a cell of a fixed grid instead of a point.

Chance is no cover. Who moves a point at random gives it away with every further publication, because the
mean of many random points is the true one. A cell is the same each time; and the cells of one size lie
whole within those of the next, so that publications at several sizes do not cut a smaller piece out of each
other (what the literature on geomasking calls spatial aggregation, against perturbation).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tallystick.errors import AskedWrongly
from tallystick.values.place import Place
from tallystick.values.places.sphere import EARTH, Point, reach

WITHHELD = "place withheld"
LEAST_KM, MOST_KM = 1.0, 1000.0
_DEGREE = EARTH * math.pi / 180  # kilometres in one degree of latitude
_BASE = (
    20.0  # kilometres: 10 km asked gives cells of exactly 20 km, and so do 5, 20, 40 their halves and doubles
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid. ``radius_km`` about ``centre`` covers it whole; west and east are its edges.

    Decimal degrees. Around a pole a cell is a cap, whose centre is the pole and whose edges are ±180.
    """

    south: float
    north: float
    west: float
    east: float
    centre: Point
    radius_km: float


def cell(point: Point, radius_km: float) -> Cell:
    """The cell that holds ``point``, at least ``2 * radius_km`` high and wide wherever it lies.

    Bands of latitude are counted from the equator, ``20 km × 2ⁿ`` high; each is cut from the line of dates
    into a number of equal parts that is a power of two, so that every cell lies whole in one of each
    greater size. Raises ``AskedWrongly`` where the radius is not between 1 and 1,000 km.
    """
    if not LEAST_KM <= radius_km <= MOST_KM:
        raise AskedWrongly(f"a place is blurred to a radius of 1 to 1000 km, not {radius_km:g}")
    high = _BASE * 2.0 ** math.ceil(math.log2(2 * radius_km / _BASE) - 1e-9) / _DEGREE
    band = math.floor(min(abs(point[0]), 90.0) / high)
    last = math.floor(90.0 / high) - 1  # what is left over at a pole belongs to the band before it
    if band >= last:
        inner = last * high
        south, north = (inner, 90.0) if point[0] >= 0 else (-90.0, -inner)
        pole = math.copysign(90.0, point[0]), 0.0
        return Cell(south, north, -180.0, 180.0, pole, _up((90.0 - inner) * _DEGREE))
    inner, outer = band * high, (band + 1) * high
    parts = _power(360.0 * math.cos(math.radians(outer)) / high)
    south, north = (inner, outer) if point[0] >= 0 else (-outer, -inner)
    wide = 360.0 / parts
    west = math.floor(((point[1] + 180.0) % 360.0) / wide) * wide - 180.0
    centre = (south + north) / 2, west + wide / 2
    corners = [(lat, lon) for lat in (south, north) for lon in (west, west + wide)]
    return Cell(south, north, west, west + wide, centre, _up(reach(centre, corners)))


def _power(number: float) -> int:
    """The greatest power of two that is not above ``number``, which is 1 at least."""
    return 1 << (math.floor(number).bit_length() - 1)


def _up(kilometres: float) -> float:
    """To the next tenth above: what is told covers what it stands for."""
    return math.ceil(kilometres * 10) / 10


def blurred(place: Place, radius_km: float, *, province_km: float | None = None) -> Place:
    """``place`` so that it says no more than that it lies somewhere in an area ``radius_km`` around or wider.

    Its name, words, code and the places around it go; the point becomes that of the grid's cell, and the
    radius covers the cell and all that the place itself reaches. A place that reaches farther than asked is
    blurred by its own reach, doubled up from ``radius_km``, because its name alone may say more than its
    point. The province stays where ``province_km`` tells that it reaches as far as asked: some are one town.
    The country always stays. A whole province or country that reaches as far as asked keeps its name, and
    loses its words only. The same place gives the same answer, always; two places of one cell give one.

    Raises ``AskedWrongly`` where the radius is not between 1 and 1,000 km.
    """
    if not LEAST_KM <= radius_km <= MOST_KM:
        raise AskedWrongly(f"a place is blurred to a radius of 1 to 1000 km, not {radius_km:g}")
    own = place.radius_km or 0.0
    if place.name == place.country:
        return Place(place.name, None, None, place.country, place.latitude, place.longitude, place.radius_km)
    if place.name == place.admin1 and own >= radius_km:
        return Place(
            place.name, None, place.admin1, place.country, place.latitude, place.longitude, place.radius_km
        )
    wide = province_km is not None and province_km >= radius_km
    admin1 = place.admin1 if wide else None
    if place.latitude is None or place.longitude is None:
        return Place(WITHHELD, None, admin1, place.country)
    asked = radius_km
    while asked < own and asked * 2 <= MOST_KM:
        asked *= 2
    found = cell((place.latitude, place.longitude), asked)
    north, east = round(found.centre[0], 4), round(found.centre[1], 4)
    return Place(WITHHELD, None, admin1, place.country, north, east, round(found.radius_km + asked, 1))
