"""A window on the earth, in Web Mercator: which point lies where on the drawing, and how long a kilometre is.

Mercator keeps angles, so that a disc on the ground is a disc on the paper, and it is what tiles are cut in
(EPSG:3857: https://epsg.io/3857, "Spherical Mercator"). It ends at 85.05° north and south.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

END = math.degrees(math.atan(math.sinh(math.pi)))  # the latitude at which the world is a square
KM_AROUND = 40030.23  # the equator of a sphere of the earth's mean radius
MOST_ZOOM = 16.0  # a pixel is then about two metres
TILE = 256.0

Box = tuple[float, float, float, float]  # west, south, east, north in degrees; east may be beyond 180


def upright(latitude: float) -> float:
    """How far south of the north edge a latitude lies, as a share of the world's height: 0 to 1."""
    held = math.radians(max(-END, min(END, latitude)))
    return 0.5 - math.log(math.tan(math.pi / 4 + held / 2)) / (2 * math.pi)


def latitude(share: float) -> float:
    """The latitude at a share of the world's height: the inverse of ``upright``."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))


@dataclass(frozen=True)
class View:
    """A drawing ``width`` by ``height`` whose top left corner is at ``west`` and ``top``.

    ``world`` is the width of the whole world in the drawing's units (pixels), ``top`` a share of its height.
    """

    west: float
    top: float
    world: float
    width: float
    height: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a point lies on the drawing; of the turns of the globe the one nearest to the middle."""
        east = (longitude - self.middle[1] + 180.0) % 360.0 - 180.0
        x = self.width / 2 + east * self.world / 360.0
        return x, (upright(latitude) - self.top) * self.world

    @property
    def middle(self) -> tuple[float, float]:
        """The latitude and longitude in the middle."""
        down = self.top + self.height / 2 / self.world
        return latitude(down), self.west + self.width / 2 / self.world * 360

    def per_km(self, latitude: float) -> float:
        """The length of a kilometre at a latitude."""
        held = math.radians(max(-END, min(END, latitude)))
        return self.world / (KM_AROUND * math.cos(held))

    @property
    def box(self) -> Box:
        """West, south, east, north; west is -180 at least and below 180."""
        west = (self.west + 180.0) % 360.0 - 180.0
        south = latitude(self.top + self.height / self.world)
        return west, south, west + self.width / self.world * 360.0, latitude(self.top)

    def holds(self, x: float, y: float, reach: float = 0.0) -> bool:
        """Whether a disc about a point of the drawing is at least in part on it."""
        return -reach <= x <= self.width + reach and -reach <= y <= self.height + reach

    def moved(self, east: float = 0.0, south: float = 0.0, zoom: float = 0.0) -> View:
        """The view moved by shares of its own width and height, then ``zoom`` steps nearer (each doubles)."""
        world = max(self.width, min(self.world * 2.0**zoom, TILE * 2.0**MOST_ZOOM))
        centre_x = self.west + (0.5 + east) * self.width / self.world * 360.0
        centre_y = self.top + (0.5 + south) * self.height / self.world
        return _about(centre_x, centre_y, world, self.width, self.height)


def _about(longitude: float, share: float, world: float, width: float, height: float) -> View:
    """The view about a point, kept on the world from top to bottom where the world is tall enough."""
    top = share - height / 2 / world
    top = max(0.0, min(top, 1.0 - height / world)) if height < world else 0.5 - height / 2 / world
    west = (longitude - width / 2 / world * 360.0 + 180.0) % 360.0 - 180.0
    return View(west, top, world, width, height)


def over(box: Box, width: float, height: float, edge: float = 0.0) -> View:
    """The nearest view of this size that shows the whole box, ``edge`` pixels or more away from its frame."""
    west, south, east, north = box
    if east < west:
        east += 360.0
    wide, tall = (east - west) / 360.0, upright(south) - upright(north)
    nearest = TILE * 2.0**MOST_ZOOM
    across = (width - 2 * edge) / wide if wide else nearest
    down = (height - 2 * edge) / tall if tall > 0 else nearest
    world = max(min(across, down, nearest), width)
    return _about((west + east) / 2, (upright(south) + upright(north)) / 2, world, width, height)


def around(points: Sequence[tuple[float, float, float]], least_km: float) -> Box:
    """The smallest box that holds discs of (latitude, longitude, kilometres), over the line of dates or not.

    At least ``least_km`` wide and high. Where the points are all around the globe the box goes all around.
    """
    south = max(-END, min(lat - _degrees(km) for lat, _, km in points))
    north = min(END, max(lat + _degrees(km) for lat, _, km in points))
    middle = (south + north) / 2
    half = _degrees(least_km) / 2
    south, north = min(south, middle - half), max(north, middle + half)
    spans = sorted(
        ((lon - min(180.0, wide)) % 360.0, min(360.0, 2 * wide))
        for lat, lon, km in points
        for wide in [_degrees(max(km, least_km / 2)) / max(0.01, math.cos(math.radians(lat)))]
    )
    west, length = _shortest(spans)
    return (west + 180.0) % 360.0 - 180.0, south, (west + 180.0) % 360.0 - 180.0 + length, north


def _degrees(km: float) -> float:
    return km * 360.0 / KM_AROUND


def _shortest(spans: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The shortest stretch of the circle (start, length) that holds all stretches, sorted by their start."""
    reached, gap, start = spans[0][0] + spans[0][1], -1.0, spans[0][0]
    for west, wide in spans[1:]:
        if west - reached > gap:
            gap, start = west - reached, west
        reached = max(reached, west + wide)
    last = spans[0][0] + 360.0 - reached
    if last >= gap:
        gap, start = last, spans[0][0]
    return start, 360.0 - max(0.0, gap)
