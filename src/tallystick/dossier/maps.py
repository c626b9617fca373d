"""A map as numbers: where each incident's mark goes, and what lies under it. A template turns it into SVG.

Nothing is shown as a point that is not known as one. A place is drawn as the disc that its words reach; its
mark is firm where the disc is smaller than the mark, and dashed where it says "somewhere in this disc".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, hypot, log2, log10

from tallystick.dossier import words
from tallystick.dossier.ground import Drawn, Ground, under
from tallystick.dossier.labels import Label, Room, shortened
from tallystick.dossier.view import END, TILE, Box, View, around, over, upright
from tallystick.values.place import Place

WIDTH, MOST_HEIGHT, LEAST_HEIGHT, EDGE = 900.0, 560.0, 320.0, 48.0
CLOSE = 26.0  # marks nearer to each other than this are one; fingers and WCAG 2.2 ask for 24
FIRM = 12.0  # a place whose disc is no wider around than this has a firm mark
LEAST_KM = 20.0  # a map of one place shows this much around it
FAR_KM = 150.0  # discs wider than this do not widen the view
NAMED = 40  # names at most
SHAPES = ("sources differ", "several origins", "one origin")


@dataclass(frozen=True)
class Spot:
    """An incident as the map needs it; the names of those told most are written first.

    ``meaning``: what a name may mean, and no incident; nothing is known to be there, so no mark is firm.
    """

    place: Place
    shape: str
    href: str
    label: str
    told: int = 1
    meaning: bool = False


@dataclass(frozen=True)
class Mark:
    """One or more incidents about one point; ``size`` is its radius, ``reach`` that of the widest disc.

    ``firm`` says that at least one place is known as closely as the mark is wide. ``label`` is the name where
    there is room for it; ``box`` is what all its points lie in, ``apart`` that they are several; ``href``
    leads to the incident, or to the list of them.
    """

    x: float
    y: float
    size: float
    reach: float
    firm: bool
    name: str
    label: Label | None
    shape: str
    differ: int
    links: tuple[tuple[str, str], ...]
    box: Box
    apart: bool
    href: str = ""
    meaning: bool = False

    @property
    def title(self) -> str:
        """What the mark stands for, in words."""
        if len(self.links) == 1:
            return self.links[0][1]
        if self.meaning:
            return f"{self.name}: {words.number(len(self.links), 'meaning')}"
        differ = f", {self.differ} where sources differ" if self.differ else ""
        return f"{self.name}: {words.number(len(self.links), 'incident')}{differ}"

    @property
    def count(self) -> str:
        """How many incidents, as short as the mark has room for; nothing for one."""
        many = len(self.links)
        return "" if many == 1 else str(many) if many < 1000 else f"{many / 1000:.1f}k"


@dataclass(frozen=True)
class Disc:
    """How far the words of one or more places reach."""

    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Line:
    """A line of the grid, from one edge to the other, with its degrees."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str


@dataclass(frozen=True)
class Tile:
    """A picture from elsewhere, and where it goes."""

    href: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Map:
    """All that is drawn. ``bar`` is the scale and ``km`` its length in words.

    ``nowhere`` are the incidents whose place is not told more closely than by country, ``outside`` those
    that lie beyond this view.
    """

    width: float
    height: float
    marks: tuple[Mark, ...]
    discs: tuple[Disc, ...]
    grid: tuple[Line, ...]
    bar: float
    km: str
    nowhere: int
    outside: int
    ground: Drawn
    tiles: tuple[Tile, ...]
    view: View
    attribution: str = ""
    source: str = ""
    borders: bool = True
    called: str = "Map of incidents"

    @property
    def listed(self) -> tuple[tuple[int, Mark], ...]:
        """The marks, each with its number, whose incidents or name the drawing itself does not show."""
        return tuple((n, m) for n, m in enumerate(self.marks, 1) if len(m.links) > 1 or not m.label)


def draw(spots: Sequence[Spot], ground: Ground | None = None, view: View | None = None) -> Map | None:
    """The incidents whose place was found, on one map; ``None`` where there are none and no view is given.

    Without a view, the one that shows them all. Those found no more exactly than to their country, or nearer
    to a pole than the projection reaches, are counted and not drawn.
    """
    ground = ground or Ground()
    found = [spot for spot in spots if _exact(spot.place)]
    if view is None:
        if not found:
            return None
        view = fit(found)
    drawn = [_Drawn.of(spot, view) for spot in found]
    seen = [each for each in drawn if view.holds(each.x, each.y, each.r if each.r > FIRM else 0.0)]
    marks = _marks(_gathered(seen, view))
    bar, km = _scale(view)
    grid = _grid(view)
    return Map(
        view.width,
        view.height,
        _named(marks, grid, bar, view),
        _discs(seen),
        grid,
        bar,
        km,
        len(spots) - len(found),
        len(found) - len(seen),
        Drawn("", "", "", "") if ground.tiles else under(view, ground),
        tuple(_tiles(view, ground.tiles.address)) if ground.tiles else (),
        view,
        ground.tiles.attribution if ground.tiles else "",
        ground.source,
        ground.borders or bool(ground.lines),
    )


def fit(spots: Sequence[Spot]) -> View:
    """The view that shows all spots, which have coordinates, with discs up to ``FAR_KM`` whole."""
    points = [(_north(spot), _east(spot), min(spot.place.radius_km or 0.0, FAR_KM)) for spot in spots]
    return framed(around(points, LEAST_KM))


def framed(box: Box) -> View:
    """A box within a frame of fitting height; narrower where the world is shown from top to bottom."""
    west, south, east, north = box
    wide, tall = max((east - west) / 360.0, 1e-9), max(upright(south) - upright(north), 1e-9)
    height = 2 * EDGE + (WIDTH - 2 * EDGE) * tall / wide
    width = min(WIDTH, floor((MOST_HEIGHT - 2 * EDGE) / tall))
    return over(box, width, round(min(MOST_HEIGHT, max(LEAST_HEIGHT, height))), EDGE)


def _exact(place: Place) -> bool:
    return (
        place.latitude is not None
        and place.longitude is not None
        and abs(place.latitude) <= END
        and place.name != place.country
    )


def _north(spot: Spot) -> float:
    assert spot.place.latitude is not None
    return spot.place.latitude


def _east(spot: Spot) -> float:
    assert spot.place.longitude is not None
    return spot.place.longitude


@dataclass(frozen=True)
class _Drawn:
    """A spot at its point of the drawing, with the radius of its disc there."""

    x: float
    y: float
    r: float
    spot: Spot

    @staticmethod
    def of(spot: Spot, view: View) -> _Drawn:
        north = _north(spot)
        x, y = view.at(north, _east(spot))
        return _Drawn(round(x, 1), round(y, 1), (spot.place.radius_km or 0.0) * view.per_km(north), spot)

    @property
    def firm(self) -> bool:
        return self.r <= FIRM


def _discs(drawn: Sequence[_Drawn]) -> tuple[Disc, ...]:
    """Each disc that is wider than a mark, once; the widest first, so that none hides another."""
    wide = {(each.x, each.y, round(each.r, 1)) for each in drawn if not each.firm}
    return tuple(Disc(*each) for each in sorted(wide, key=lambda disc: (-disc[2], disc[0], disc[1])))


Point = tuple[float, float]


def _gathered(drawn: Sequence[_Drawn], view: View) -> dict[Point, list[_Drawn]]:
    """Spots whose marks would overlap, put together at the firmest point with most of them.

    The mark of a disc whose middle is not in sight stands in the part that is: it is no point anyway.
    """
    together: dict[tuple[bool, Point], list[_Drawn]] = {}
    inset = CLOSE / 2
    for each in drawn:
        x = min(max(each.x, inset), view.width - inset) if not each.firm else each.x
        y = min(max(each.y, inset), view.height - inset) if not each.firm else each.y
        together.setdefault((not each.firm, (x, y)), []).append(each)
    out: dict[Point, list[_Drawn]] = {}
    cells: dict[tuple[int, int], list[Point]] = {}
    order = sorted(together.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    for (_, point), held in order:
        column, row = int(point[0] // CLOSE), int(point[1] // CLOSE)
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in cells.get((column + dx, row + dy), ())
            if hypot(other[0] - point[0], other[1] - point[1]) < CLOSE
        ]
        if near:
            anchor = min(near, key=lambda other: (hypot(other[0] - point[0], other[1] - point[1]), other))
        else:
            anchor = point
            cells.setdefault((column, row), []).append(point)
        out.setdefault(anchor, []).extend(held)
    return out


def _marks(gathered: dict[Point, list[_Drawn]]) -> list[tuple[Mark, int]]:
    """A mark for each point without its name, and how much is told of it; from north to south."""
    out = []
    for (x, y), held in sorted(gathered.items(), key=lambda item: (item[0][1], item[0][0])):
        spots = [each.spot for each in held]
        names: dict[str, int] = {}
        for spot in sorted(spots, key=lambda spot: spot.place.name):
            names[spot.place.name] = names.get(spot.place.name, 0) + spot.told
        most = max(names, key=names.__getitem__)
        shapes = [spot.shape for spot in spots]
        points = {(_north(spot), _east(spot)) for spot in spots}
        box = around([(*point, 0.0) for point in sorted(points)], LEAST_KM / 10)
        mark = Mark(
            x,
            y,
            _size(len(spots)),
            round(max(each.r for each in held), 1),
            any(each.firm and not each.spot.meaning for each in held),
            most if len(names) == 1 else f"{most} and around",
            None,
            min(shapes, key=SHAPES.index),
            shapes.count(SHAPES[0]),
            tuple((spot.href, spot.label) for spot in spots),
            box,
            len(points) > 1,
            meaning=all(spot.meaning for spot in spots),
        )
        out.append((mark, sum(spot.told for spot in spots)))
    return out


def _size(incidents: int) -> float:
    if incidents == 1:
        return 6.5
    return 9.0 if incidents < 10 else 10.5 if incidents < 100 else 12.0


def _named(
    marks: Sequence[tuple[Mark, int]], grid: Sequence[Line], bar: float, view: View
) -> tuple[Mark, ...]:
    """The marks with their names, those of which most is told first, as far as there is room."""
    room = Room(view.width, view.height)
    room.take((0.0, view.height - 34.0, bar + 30.0, view.height))
    for line in grid:
        if line.x1 == line.x2:
            room.take((line.x1, 0.0, line.x1 + 50.0, 14.0))
        else:
            room.take((0.0, line.y1 - 14.0, 52.0, line.y1))
    for number, (mark, _) in enumerate(marks):
        size = mark.size + 2.0
        room.take((mark.x - size, mark.y - size, mark.x + size, mark.y + size), number)
    labels: dict[int, Label] = {}
    for number in sorted(range(len(marks)), key=lambda n: (-marks[n][1], n)):
        if len(labels) == NAMED:
            break
        mark = marks[number][0]
        label = room.place(shortened(mark.name), mark.x, mark.y, mark.size, number)
        if label:
            labels[number] = label
    return tuple(
        replace(mark, label=labels.get(n), href=mark.links[0][0] if len(mark.links) == 1 else f"#at-{n + 1}")
        for n, (mark, _) in enumerate(marks)
    )


def _scale(view: View) -> tuple[float, str]:
    """The bar's length and what it stands for: true in the middle, and so said of tall maps."""
    north = view.middle[0]
    per_km = view.per_km(north)
    length = _round(view.width / per_km / 5)
    _, south, _, top = view.box
    where = f" at {abs(north):.0f}° {'N' if north >= 0 else 'S'}" if top - south > 12 else ""
    return round(length * per_km, 1), f"{length:g} km{where}"


def _round(number: float) -> float:
    """The greatest of 1, 2 and 5 times a power of ten that is not above ``number``."""
    power = 10.0 ** floor(log10(number))
    return next(n * power for n in (5.0, 2.0, 1.0) if n * power <= number)


def _grid(view: View) -> tuple[Line, ...]:
    """Lines of latitude and longitude at round degrees, some four each way."""
    west, south, east, north = view.box
    step = min(30.0, _round((east - west) / 4))
    digits = max(0, ceil(-log10(step)))
    lines = []
    for n in range(ceil(south / step), floor(north / step) + 1):
        y = round((upright(n * step) - view.top) * view.world, 1)
        lines.append(Line(0.0, y, view.width, y, f"{abs(n * step):.{digits}f}° {'N' if n >= 0 else 'S'}"))
    for n in range(ceil(west / step), floor(east / step) + 1):
        x = round((n * step - west) * view.world / 360.0, 1)
        lon = (n * step + 180.0) % 360.0 - 180.0
        lines.append(Line(x, 0.0, x, view.height, f"{abs(lon):.{digits}f}° {'E' if lon >= 0 else 'W'}"))
    return tuple(lines)


def _tiles(view: View, address: str) -> Iterator[Tile]:
    """The pictures that cover the view, at the zoom at which they are nearest to their own size."""
    zoom = max(0, min(19, round(log2(view.world / TILE))))
    many = 2**zoom
    size = view.world / many
    left = (view.west + 180.0) / 360.0 * many
    top = view.top * many
    for row in range(max(0, floor(top)), min(many - 1, floor(top + view.height / size)) + 1):
        for column in range(floor(left), floor(left + view.width / size) + 1):
            href = address.replace("{z}", str(zoom)).replace("{x}", str(column % many))
            yield Tile(
                href.replace("{y}", str(row)),
                round((column - left) * size, 1),
                round((row - top) * size, 1),
                round(size + 0.5, 1),
            )
