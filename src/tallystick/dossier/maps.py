"""A map as numbers: where each incident's mark goes. The template turns it into SVG.

It draws no coast and no border: whose land is whose is what wars are about. A grid of degrees, a
scale and the names of the places themselves say where one is. A disc shows how far the words reach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, cos, floor, hypot, log10, radians

from tallystick.values.place import Place

WIDTH, MOST_HEIGHT, EDGE = 720.0, 520.0, 40.0
KM = 111.195  # kilometres in one degree of latitude, on a sphere of the earth's mean radius
CLOSE = 14.0  # marks nearer to each other than this are one
LEAST_KM = 20.0  # a map of one place shows this much around it


@dataclass(frozen=True)
class Spot:
    """An incident as the map needs it."""

    place: Place
    shape: str
    href: str
    label: str


@dataclass(frozen=True)
class Mark:
    """One or more incidents at one point; ``reach`` is the radius of the disc, ``name`` stands beside it."""

    x: float
    y: float
    reach: float
    name: str
    label_y: float
    shape: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Line:
    """A line of the grid, from one edge to the other, with its degrees."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str


@dataclass(frozen=True)
class Map:
    """All marks and lines. ``bar`` is the scale, ``km`` its length in words; ``nowhere`` the undrawn."""

    width: float
    height: float
    marks: tuple[Mark, ...]
    grid: tuple[Line, ...]
    bar: float
    km: str
    nowhere: int


def draw(spots: Sequence[Spot]) -> Map | None:
    """The incidents whose place was found, on one map; ``None`` where there are none.

    Equirectangular, true to scale at the middle latitude. Those found no more exactly than to their
    country are counted, not drawn.
    """
    drawn = [spot for spot in spots if _exact(spot.place)]
    if not drawn:
        return None
    points = [(_north(spot), _east(spot)) for spot in drawn]
    south, north = min(p[0] for p in points), max(p[0] for p in points)
    west, east = min(p[1] for p in points), max(p[1] for p in points)
    shrink = max(0.05, cos(radians((south + north) / 2)))
    tall = max((north - south) * KM, LEAST_KM)
    wide = max((east - west) * KM * shrink, LEAST_KM)
    per_km = min((WIDTH - 2 * EDGE) / wide, (MOST_HEIGHT - 2 * EDGE) / tall)
    height = round(tall * per_km + 2 * EDGE, 1)
    middle = (south + north) / 2, (west + east) / 2

    def at(latitude: float, longitude: float) -> tuple[float, float]:
        x = WIDTH / 2 + (longitude - middle[1]) * KM * shrink * per_km
        return round(x, 1), round(height / 2 - (latitude - middle[0]) * KM * per_km, 1)

    together: dict[tuple[float, float], list[Spot]] = {}
    for spot in drawn:
        together.setdefault(at(_north(spot), _east(spot)), []).append(spot)
    marks = _apart([_mark(x, y, held, per_km) for (x, y), held in sorted(_gathered(together).items())])
    step = _round(max(wide / shrink, tall) / KM / 4)
    grid = _grid(middle, (WIDTH / 2 / (KM * shrink * per_km), height / 2 / (KM * per_km)), step, at)
    length = _round(wide / 4)
    return Map(
        WIDTH, height, marks, grid, round(length * per_km, 1), f"{length:g} km", len(spots) - len(drawn)
    )


Point = tuple[float, float]


def _gathered(together: dict[Point, list[Spot]]) -> dict[Point, list[Spot]]:
    """Points whose marks would overlap, put together at the one with most incidents."""
    out: dict[Point, list[Spot]] = {}
    for point, held in sorted(together.items(), key=lambda item: (-len(item[1]), item[0])):
        near = next(
            (other for other in out if hypot(other[0] - point[0], other[1] - point[1]) < CLOSE), point
        )
        out.setdefault(near, []).extend(held)
    return out


def _exact(place: Place) -> bool:
    return place.latitude is not None and place.longitude is not None and place.name != place.country


def _north(spot: Spot) -> float:
    assert spot.place.latitude is not None
    return spot.place.latitude


def _east(spot: Spot) -> float:
    assert spot.place.longitude is not None
    return spot.place.longitude


def _mark(x: float, y: float, held: Sequence[Spot], per_km: float) -> Mark:
    names = [spot.place.name for spot in held]
    reach = max((spot.place.radius_km or 0.0) for spot in held) * per_km
    shapes = {spot.shape for spot in held}
    shape = next(s for s in ("sources differ", "several origins", "one origin") if s in shapes)
    name = max(sorted(set(names)), key=names.count)
    links = tuple((s.href, s.label) for s in held)
    return Mark(x, y, round(min(reach, MOST_HEIGHT), 1), name, y + 4, shape, links)


def _apart(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks with their names moved down where they would be written over others."""
    out: list[Mark] = []
    for mark in sorted(marks, key=lambda each: (each.y, each.x)):
        y, wide = mark.label_y, 7.0 * (len(mark.name) + 4)
        for other in sorted(out, key=lambda each: each.label_y):
            beside = mark.x + wide < other.x or other.x + 7.0 * (len(other.name) + 4) < mark.x
            if not beside and abs(other.label_y - y) < 13:
                y = other.label_y + 13
        out.append(replace(mark, label_y=round(y, 1)))
    return tuple(out)


def _round(number: float) -> float:
    """The greatest of 1, 2 and 5 times a power of ten that is not above ``number``."""
    power = 10.0 ** floor(log10(number))
    return next(n * power for n in (5.0, 2.0, 1.0) if n * power <= number)


def _grid(
    middle: tuple[float, float],
    half: tuple[float, float],
    step: float,
    at: Callable[[float, float], tuple[float, float]],
) -> tuple[Line, ...]:
    """Lines every ``step`` degrees, ``half`` (east, north) each way of ``middle`` (north, east)."""
    (south, west), (north, east) = (
        (middle[0] - half[1], middle[1] - half[0]),
        (middle[0] + half[1], middle[1] + half[0]),
    )
    digits = max(0, ceil(-log10(step)))
    lines = []
    for n in range(ceil(south / step), floor(north / step) + 1):
        _, y = at(n * step, west)
        lines.append(Line(0.0, y, WIDTH, y, f"{abs(n * step):.{digits}f}° {'N' if n >= 0 else 'S'}"))
    for n in range(ceil(west / step), floor(east / step) + 1):
        x, bottom = at(south, n * step)
        lines.append(Line(x, 0.0, x, bottom, f"{abs(n * step):.{digits}f}° {'E' if n >= 0 else 'W'}"))
    return tuple(lines)
