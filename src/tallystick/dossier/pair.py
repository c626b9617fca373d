"""A map and a timeline of the same rows, each a filter of the other: what the desk shows and its links ask.

All of the choice stands in the address (``?from=2016-10-01&to=2016-10-07&box=W,S,E,N&kind=…``), so that every
view can be linked to and needs no script. A row belongs to a choice where it *may*: where its disc touches
the box and its days touch the window. What has no place or no day cannot be chosen by it, and is counted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from markupsafe import Markup

from tallystick.dossier import maps, render, times
from tallystick.dossier.ground import Ground
from tallystick.dossier.view import Box, View, around, over
from tallystick.errors import AskedWrongly
from tallystick.values.place import Place
from tallystick.values.when import When

WIDTH, HEIGHT = 900.0, 560.0
_WORLD: Box = (-180.0, -60.0, 180.0, 75.0)
_DEGREE = 111.195
_MOST_KINDS, _LONGEST = 50, 200


@dataclass(frozen=True, slots=True)
class Row:
    """An incident as map and timeline need it.

    Coordinates are decimal degrees (WGS 84); None where it was not found, or no closer than to its country.
    ``shape`` is one of ``maps.SHAPES``, ``told`` the number of origins, ``killed`` the reported range.
    """

    id: str
    title: str
    href: str
    kind: str
    shape: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    start: date | None = None
    end: date | None = None
    killed: times.Killed | None = None
    told: int = 1


@dataclass(frozen=True, slots=True)
class Window:
    """What is chosen: a box (west, south, east, north), first and last day, kinds. None and empty: all."""

    box: Box | None = None
    since: date | None = None
    until: date | None = None
    kinds: tuple[str, ...] = ()
    rest: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def read(query: Iterable[tuple[str, str]]) -> Window:
        """The window that an address asks for; other keys are kept in ``rest`` and come back in every link.

        Raises ``AskedWrongly``, in words for the person who wrote the address.
        """
        box, since, until = None, None, None
        kinds: list[str] = []
        rest: list[tuple[str, str]] = []
        for key, value in query:
            if key == "box" and value:
                box = _box(value)
            elif key == "from" and value:
                since = _day(value)
            elif key == "to" and value:
                until = _day(value)
            elif key == "kind" and value:
                kinds.append(value[:_LONGEST])
            elif key not in ("box", "from", "to", "kind"):
                rest.append((key, value))
        if since and until and until < since:
            raise AskedWrongly(f"the days end before they begin: {since} to {until}")
        if len(kinds) > _MOST_KINDS:
            raise AskedWrongly(f"more than {_MOST_KINDS} kinds are asked for")
        return Window(box, since, until, tuple(dict.fromkeys(kinds)), tuple(rest))

    def query(self) -> str:
        """The address of this window: "?" and the choice."""
        told: list[tuple[str, str]] = list(self.rest)
        if self.since:
            told.append(("from", self.since.isoformat()))
        if self.until:
            told.append(("to", self.until.isoformat()))
        if self.box:
            told.append(("box", written(self.box)))
        told += [("kind", kind) for kind in self.kinds]
        return "?" + urlencode(told, safe=",:")

    def holds_days(self, row: Row) -> bool:
        """Whether the row's days touch the window."""
        if not (self.since or self.until):
            return True
        if not (row.start or row.end):
            return False
        return (row.start or date.min) <= (self.until or date.max) and (self.since or date.min) <= (
            row.end or date.max
        )

    def holds_place(self, row: Row) -> bool:
        """Whether the row's disc touches the box."""
        return self.box is None or touches(row.latitude, row.longitude, row.radius_km, *self.box)

    def holds_kind(self, row: Row) -> bool:
        """Whether the row is of a kind that is asked for."""
        return not self.kinds or row.kind in self.kinds


def touches(
    latitude: float | None,
    longitude: float | None,
    radius_km: float | None,
    west: float,
    south: float,
    east: float,
    north: float,
) -> bool:
    """Whether a disc touches a box of degrees; east may be beyond 180, or less than west (line of dates).

    What has no coordinates touches none. Where the box goes all around, only latitudes count.
    """
    if latitude is None or longitude is None:
        return False
    reach = (radius_km or 0.0) / _DEGREE
    if not south - reach <= latitude <= north + reach:
        return False
    spare = reach / max(0.01, math.cos(math.radians(latitude)))
    wide = (east - west) % 360.0 or 360.0
    return (longitude - west + spare) % 360.0 <= wide + 2 * spare


def written(box: Box) -> str:
    """A box as an address has it: east within -180 to 180, so less than west over the line of dates."""
    west, south, east, north = box
    if east - west < 360.0:
        east = (east + 180.0) % 360.0 - 180.0
    return ",".join(f"{degrees:.5f}".rstrip("0").rstrip(".") for degrees in (west, south, east, north))


def _box(value: str) -> Box:
    wrong = AskedWrongly(f"a box is four numbers of degrees, west,south,east,north: {value[:60]!r} is none")
    try:
        west, south, east, north = (float(part) for part in value[:_LONGEST].split(","))
    except ValueError:
        raise wrong from None
    if not all(map(math.isfinite, (west, south, east, north))) or max(abs(west), abs(east)) > 540:
        raise wrong
    if not -90 <= south < north <= 90:
        raise wrong
    if east <= west:
        east += 360.0
    if not west < east <= west + 360.0:
        raise wrong
    return west, south, east, north


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value[:_LONGEST])
    except ValueError:
        raise AskedWrongly(f"a day is written 2016-10-07: {value[:60]!r} is none") from None


@dataclass(frozen=True, slots=True)
class Move:
    """A link that changes the view: its name for the template, and its address."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind with how many rows the rest of the choice leaves of it; the link asks for it or gives it up."""

    kind: str
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True)
class Pair:
    """The two drawings, the rows that both choose, and every link beside them.

    ``placeless`` and ``dayless`` count the rows that were left out because they have no place or no day to be
    chosen by. ``map`` or ``times`` is None where there is nothing to draw.
    """

    window: Window
    rows: tuple[Row, ...]
    map: maps.Map | None
    times: times.Timeline | None
    moves: tuple[Move, ...]
    days: tuple[Move, ...]
    kinds: tuple[Kind, ...]
    placeless: int
    dayless: int

    @property
    def map_svg(self) -> Markup:
        """The map as an element of SVG; empty where there is none."""
        return render.map_svg(self.map) if self.map else Markup("")

    @property
    def times_svg(self) -> Markup:
        """The timeline as an element of SVG; empty where there is none."""
        return render.times_svg(self.times) if self.times else Markup("")

    @property
    def box(self) -> str:
        """The box that the map shows, as an address has it."""
        return written(self.map.view.box) if self.map else ""

    @property
    def every_kind(self) -> str:
        """The address of the same choice with rows of every kind."""
        return replace(self.window, kinds=()).query()


def pair(rows: Sequence[Row], window: Window, ground: Ground | None = None, anchor: str = "#rows") -> Pair:
    """The pair for a window. Marks and bars of many lead nearer; to ``anchor`` where nothing is nearer."""
    of_kind = [row for row in rows if window.holds_kind(row)]
    in_days = [row for row in of_kind if window.holds_days(row)]
    in_box = [row for row in of_kind if window.holds_place(row)]
    chosen = tuple(row for row in in_days if window.holds_place(row))
    on, over_time = _map(in_days, window, ground, anchor), _times(in_box, window, anchor)
    others = Counter(row.kind for row in rows if window.holds_days(row) and window.holds_place(row))
    others.update(dict.fromkeys(window.kinds, 0))
    return Pair(
        window,
        chosen,
        on,
        over_time,
        tuple(_moves(on.view, window)) if on else (),
        tuple(_days(over_time, window)) if over_time else (),
        tuple(_kind(window, kind, others[kind]) for kind in sorted(others)),
        sum(row.latitude is None for row in in_days) if window.box else 0,
        sum(not (row.start or row.end) for row in in_box) if window.since or window.until else 0,
    )


def _map(rows: Sequence[Row], window: Window, ground: Ground | None, anchor: str) -> maps.Map | None:
    spots = [
        maps.Spot(
            Place(row.place, latitude=row.latitude, longitude=row.longitude, radius_km=row.radius_km),
            row.shape, row.href, row.title, row.told,
        )
        for row in rows
    ]  # fmt: skip
    found = [
        (row.latitude, row.longitude, min(row.radius_km or 0.0, maps.FAR_KM))
        for row in rows
        if row.latitude is not None and row.longitude is not None
    ]
    if window.box:
        view = over(window.box, WIDTH, HEIGHT)
    elif found:
        view = over(around(found, maps.LEAST_KM), WIDTH, HEIGHT, maps.EDGE)
    else:
        return None
    drawn = maps.draw(spots, ground, view)
    assert drawn is not None
    return replace(drawn, marks=tuple(_led(mark, view, window, anchor) for mark in drawn.marks))


def _led(mark: maps.Mark, view: View, window: Window, anchor: str) -> maps.Mark:
    """A mark of many leads to a view in which they come apart, if there is one; else to the rows."""
    if len(mark.links) == 1:
        return mark
    nearer = over(mark.box, WIDTH, HEIGHT, maps.EDGE)
    apart = mark.apart and nearer.world > 1.3 * view.world
    return replace(mark, href=replace(window, box=nearer.box).query() if apart else anchor)


def _times(rows: Sequence[Row], window: Window, anchor: str) -> times.Timeline | None:
    moments = []
    days = [day for row in rows for day in (row.start, row.end) if day]
    for row in rows:
        told = row.start or row.end
        when = When(row.start, row.end, "day" if told else "unknown")
        moments.append(times.Moment(when, row.shape, row.href, row.title, row.killed))
    asked = None
    if window.since or window.until:
        first = window.since or min([*days, window.until or date.max])
        last = window.until or max([*days, first])
        asked = first, last
        moments = [m for m, row in zip(moments, rows, strict=True) if window.holds_days(row)]
    drawn = times.timeline(moments, asked)
    if drawn is None:
        return None
    bins = tuple(
        replace(each, href=replace(window, since=each.first, until=each.last).query()) for each in drawn.bins
    )
    spans = tuple(replace(each, href=each.href or anchor) for each in drawn.spans)
    return replace(drawn, bins=bins, spans=spans)


def _moves(view: View, window: Window) -> Iterable[Move]:
    """Nearer, farther, the four ways, and back to all."""
    for name, moved in (
        ("nearer", view.moved(zoom=1)),
        ("farther", view.moved(zoom=-1)),
        ("north", view.moved(south=-0.5)),
        ("south", view.moved(south=0.5)),
        ("west", view.moved(east=-0.5)),
        ("east", view.moved(east=0.5)),
    ):
        if moved != view:
            yield Move(name, replace(window, box=moved.box).query())
    if window.box:
        yield Move("whole", replace(window, box=None).query())


def _days(drawn: times.Timeline, window: Window) -> Iterable[Move]:
    """Earlier, later, fewer and more days, and back to all."""
    first, last = drawn.first, drawn.last
    many = (last - first).days + 1
    half = max(1, many // 2)
    quarter = many // 4
    for name, since, until in (
        ("earlier", _moved(first, -half), _moved(last, -half)),
        ("later", _moved(first, half), _moved(last, half)),
        ("fewer", _moved(first, quarter), _moved(last, -quarter)),
        ("more", _moved(first, -half), _moved(last, half)),
    ):
        if (since, until) != (first, last) and since <= until:
            yield Move(name, replace(window, since=since, until=until).query())
    if window.since or window.until:
        yield Move("whole", replace(window, since=None, until=None).query())


def _moved(day: date, by: int) -> date:
    """A day so many days on, or the calendar's end."""
    try:
        return day + timedelta(days=by)
    except OverflowError:
        return date.max if by > 0 else date.min


def _kind(window: Window, kind: str, count: int) -> Kind:
    chosen = kind in window.kinds
    kinds = tuple(k for k in window.kinds if k != kind) if chosen else (*window.kinds, kind)
    return Kind(kind, count, chosen, replace(window, kinds=kinds).query())
