"""What lies under the marks of a map: land, the lines between countries, a grid; or a case's own lines.

The land and lines are Natural Earth's at 1:50 million (``basemap/NOTICE.txt``): right to a kilometre or
two. All borders are drawn alike, thin and dashed, without the name of any state; a case may leave them out
or bring its own (``docs/decisions/0027-maps-and-borders.md``).
"""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tallystick.dossier.view import END, View
from tallystick.errors import AskedWrongly

Points: TypeAlias = NDArray[np.float64]  # one row a point: longitude and latitude, or x and y of the drawing
_SCALE, _CORNER = np.array([0.0036000360003600037, 0.001736003453784538]), np.array([-180.0, -89.999])
_FINE = 2.0  # a drawn point stands on a half of a pixel
_BEYOND = 8.0  # land is cut this far outside the drawing, where nobody sees the cut
_SMALL = 2.0  # an island less wide and high than this is not drawn
_WIDE = 4000.0  # where the whole world is less wide than this, lines are thinned more


@dataclass(frozen=True)
class Tiles:
    """Pictures of a map from elsewhere: an address with {z}, {x} and {y}, and who made them."""

    address: str
    attribution: str

    @property
    def host(self) -> str:
        """Scheme and host, as a page's policy has to name them."""
        scheme, _, rest = self.address.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"


@dataclass(frozen=True)
class Ground:
    """What a case lets be drawn: the shipped borders or not; its own lines, and of what file; tiles."""

    borders: bool = True
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    source: str = ""
    tiles: Tiles | None = None


@dataclass(frozen=True)
class Drawn:
    """Paths of SVG within the view: islands to fill and stroke, land to fill, coast and borders to stroke."""

    islands: str
    land: str
    coast: str
    borders: str


@dataclass(frozen=True)
class _Base:
    land: tuple[Points, ...]
    borders: tuple[Points, ...]


@lru_cache(maxsize=1)
def _base() -> _Base:
    raw = lzma.decompress(files("tallystick.dossier").joinpath("basemap/world.xz").read_bytes())
    told = np.frombuffer(raw, "<i4")
    rings, borders = int(told[0]), int(told[1])
    counts = told[2 : 2 + rings + borders]
    steps = told[2 + rings + borders :].reshape(2, -1).T.astype(np.int64)
    lines = [np.cumsum(part, axis=0) * _SCALE + _CORNER for part in np.split(steps, np.cumsum(counts)[:-1])]
    return _Base(tuple(lines[:rings]), tuple(lines[rings:]))


def under(view: View, ground: Ground) -> Drawn:
    """The base map within the view."""
    base = _base()
    thin = 2.0 if view.world < _WIDE else 1.0
    islands, land, coast = [], [], []
    for ring, x in _turned(base.land, view):
        drawn = _projected(ring, x, view)
        low, high = drawn.min(axis=0), drawn.max(axis=0)
        if np.all(high - low < _SMALL):
            continue
        shores = list(_shores(ring))
        if np.all(low >= 0) and np.all(high <= (view.width, view.height)) and len(shores) == 1:
            islands.append(_path(drawn, thin, "z"))
            continue
        land.append(_path(cut(drawn, view), thin, "z"))
        for part in shores:
            coast += [_path(each, thin) for each in clipped(drawn[part], view)]
    lines = [np.array(line) for line in ground.lines] if ground.lines else []
    if ground.borders and not lines:
        lines = list(base.borders)
    borders = [
        _path(each, thin)
        for line, x in _turned(lines, view)
        for each in clipped(_projected(line, x, view), view)
    ]
    return Drawn("".join(islands), "".join(land), "".join(coast), "".join(borders))


def _turned(lines: Sequence[Points], view: View) -> Iterator[tuple[Points, float]]:
    """The lines that may be seen, each with the longitude that is to be taken off: once for each turn."""
    west, south, east, north = view.box
    for line in lines:
        (left, low), (right, high) = line.min(axis=0), line.max(axis=0)
        if high < south or low > north:
            continue
        for turn in (-360.0, 0.0, 360.0):
            if left + turn <= east and right + turn >= west:
                yield line, west - turn


def _projected(line: Points, west: float, view: View) -> Points:
    """Longitude and latitude as points of the drawing."""
    held = np.radians(np.clip(line[:, 1], -END, END))
    down = 0.5 - np.log(np.tan(np.pi / 4 + held / 2)) / (2 * np.pi)
    x = (line[:, 0] - west) * view.world / 360.0
    return np.column_stack([x, (down - view.top) * view.world])


def _shores(ring: Points) -> Iterator[slice]:
    """The stretches of a ring that are coast: not where it is closed along the map's lower edge."""
    edge = ring[:, 1] < -89.9
    closing = np.flatnonzero(edge[:-1] | edge[1:])
    start = 0
    for n in [*closing, len(ring) - 1]:
        if n > start:
            yield slice(start, int(n) + 1)
        start = int(n) + 1


def cut(ring: Points, view: View) -> Points:
    """A ring cut to the view and a little more, side by side (Sutherland and Hodgman 1974)."""
    for axis, bound, sign in (
        (0, -_BEYOND, 1.0), (0, view.width + _BEYOND, -1.0),
        (1, -_BEYOND, 1.0), (1, view.height + _BEYOND, -1.0),
    ):  # fmt: skip
        inside = (ring[:, axis] - bound) * sign >= 0
        if inside.all():
            continue
        if not inside.any():
            return ring[:0]
        after, over = np.roll(ring, -1, axis=0), inside != np.roll(inside, -1)
        way = after[over] - ring[over]
        crossing = ring.copy()
        crossing[over] += way * ((bound - ring[over, axis]) / way[:, axis])[:, None]
        crossing[over, axis] = bound
        both = np.stack([ring, crossing], axis=1).reshape(-1, 2)
        ring = both[np.column_stack([inside, over]).ravel()]
    return ring


def clipped(line: Points, view: View) -> Iterator[Points]:
    """The parts of a line within the view; where it leaves, they end at the edge (Liang and Barsky 1984)."""
    one, other = line[:-1], line[1:]
    way = other - one
    enter, leave = np.zeros(len(way)), np.ones(len(way))
    seen = np.ones(len(way), dtype=bool)
    for axis, most in ((0, view.width), (1, view.height)):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            first, last = -one[:, axis] / way[:, axis], (most - one[:, axis]) / way[:, axis]
        still = way[:, axis] == 0
        seen &= ~still | ((one[:, axis] >= 0) & (one[:, axis] <= most))
        enter = np.where(still, enter, np.maximum(enter, np.minimum(first, last)))
        leave = np.where(still, leave, np.minimum(leave, np.maximum(first, last)))
    seen &= enter < leave
    numbers = np.flatnonzero(seen)
    if not len(numbers):
        return
    breaks = np.flatnonzero((np.diff(numbers) > 1) | (leave[numbers[:-1]] < 1.0) | (enter[numbers[1:]] > 0.0))
    for run in np.split(numbers, breaks + 1):
        head = one[run[0]] + way[run[0]] * enter[run[0]]
        tail = one[run[-1]] + way[run[-1]] * leave[run[-1]]
        yield np.clip(np.vstack([head, other[run[:-1]], tail]), 0.0, [view.width, view.height])


def _path(points: Points, thin: float, close: str = "") -> str:
    """A line as a path of SVG, on halves of a pixel: its ends, and where it comes to another cell."""
    if len(points) < 2:
        return ""
    cells = np.floor(points / thin)
    keep = np.any(np.diff(cells, axis=0) != 0, axis=1)
    keep[-1] = True
    steps = np.round(np.vstack([points[:1], points[1:][keep]]) * _FINE).astype(np.int64)
    way = np.diff(steps, axis=0)
    way = way[np.any(way != 0, axis=1)]
    if not len(way):
        return ""
    told = " ".join(f"{_half(x)} {_half(y)}" for x, y in way.tolist()).replace(" -", "-")
    return f"M{_half(steps[0, 0])} {_half(steps[0, 1])}l{told}{close}"


def _half(steps: int) -> str:
    """A number of halves as SVG writes it: 12, 10.5, -.5."""
    whole = "-" if steps < 0 else ""
    number = abs(steps) // 2 or ("" if steps % 2 else 0)
    return f"{whole}{number}.5" if steps % 2 else f"{whole}{number}"


_MOST_POINTS = 200_000
_KINDS = {"LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}


def geojson(text: str) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The lines of a GeoJSON text (RFC 7946): those of its line strings, and the outlines of its polygons.

    Raises ``AskedWrongly`` where it is none, holds no line, too many points, or one that is not on earth.
    """
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AskedWrongly(f"this is no GeoJSON: {error}") from error
    lines = [tuple(map(_position, line)) for line in _lines(told)]
    lines = [line for line in lines if len(line) > 1]
    if not lines:
        raise AskedWrongly("this GeoJSON holds no line and no polygon")
    if sum(map(len, lines)) > _MOST_POINTS:
        raise AskedWrongly(f"this GeoJSON holds more than {_MOST_POINTS:,} points; simplify it")
    return tuple(lines)


def _lines(told: Any, depth: int = 0) -> Iterator[list[Any]]:
    """The lines of an object of GeoJSON, whatever it is."""
    if not isinstance(told, dict) or depth > 8:
        raise AskedWrongly("this is no GeoJSON: an object with a type is expected")
    for inner in ("features", "geometries"):
        if isinstance(told.get(inner), list):
            for each in told[inner]:
                yield from _lines(each, depth + 1)
            return
    if told.get("type") == "Feature":
        if told.get("geometry") is not None:
            yield from _lines(told["geometry"], depth + 1)
        return
    deep, held = _KINDS.get(str(told.get("type"))), [told.get("coordinates")]
    if deep is None:
        return  # a point has no line
    for _ in range(deep - 1):
        held = [each for many in held for each in _listed(many)]
    for line in held:
        yield _listed(line)


def _listed(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise AskedWrongly("this is no GeoJSON: its coordinates are to be lists")
    return told


def _position(told: Any) -> tuple[float, float]:
    try:
        east, north = float(told[0]), float(told[1])
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise AskedWrongly(f"this GeoJSON has a position that is none: {str(told)[:60]}") from error
    if not (math.isfinite(east) and abs(east) <= 360 and abs(north) <= 90):
        raise AskedWrongly(f"this GeoJSON has a position that is not on earth: {east:g}, {north:g}")
    return east, north
