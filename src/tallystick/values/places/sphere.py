"""Points on the earth: latitude and longitude in decimal degrees (WGS 84), distances in kilometres.

The earth is taken for a sphere of its mean radius (IUGG), which is right to half a per cent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

EARTH = 6371.0088
Point = tuple[float, float]


def kilometres(one: Point, other: Point) -> float:
    """The distance of two points, by the haversine."""
    a, b = math.radians(one[0]), math.radians(other[0])
    across = math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * across
    return 2 * EARTH * math.asin(math.sqrt(min(1.0, h)))


def moved(point: Point, bearing: float, distance: float) -> Point:
    """The point that lies ``distance`` kilometres from ``point`` at ``bearing`` degrees, clockwise from north."""
    north, east, angle = math.radians(point[0]), math.radians(point[1]), distance / EARTH
    way = math.radians(bearing)
    to = math.asin(math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(way))
    turn = math.atan2(
        math.sin(way) * math.sin(angle) * math.cos(north), math.cos(angle) - math.sin(north) * math.sin(to)
    )
    return math.degrees(to), (math.degrees(east + turn) + 180) % 360 - 180


def middle(points: Sequence[Point]) -> Point:
    """The point in the middle of ``points``, also where they lie about the line of dates. One at least."""
    x = y = z = 0.0
    for north, east in points:
        a, b = math.radians(north), math.radians(east)
        x, y, z = x + math.cos(a) * math.cos(b), y + math.cos(a) * math.sin(b), z + math.sin(a)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def reach(centre: Point, points: Sequence[Point]) -> float:
    """The distance in kilometres from ``centre`` to the farthest of ``points``; 0 where there are none."""
    return max((kilometres(centre, point) for point in points), default=0.0)


def swapped(point: Point, among: Point) -> bool:
    """Whether a point more than ten degrees from where its like are lies within three of it the other way round."""
    here = max(abs(point[0] - among[0]), abs(point[1] - among[1]))
    turned = max(abs(point[1] - among[0]), abs(point[0] - among[1]))
    return here > 10 and turned < 3
