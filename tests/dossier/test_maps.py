"""The map: nothing drawn that was not found, everything in its place, at its true size, and legible."""

from __future__ import annotations

import hashlib
import lzma
import re
import time
import xml.etree.ElementTree as tree
from collections.abc import Iterator
from importlib.resources import files
from itertools import combinations
from math import hypot
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.dossier import ground, labels, maps, view
from tallystick.dossier.ground import Drawn, Ground, Tiles
from tallystick.dossier.render import map_svg
from tallystick.errors import AskedWrongly
from tallystick.values.place import Place
from tallystick.values.places.sphere import kilometres, moved

few = settings(max_examples=40)


def spot(
    latitude: float | None, longitude: float | None, name: str = "Tarsin", reach: float = 6.0, **keys: object
) -> maps.Spot:
    place = Place(name, latitude=latitude, longitude=longitude, radius_km=reach, **keys)  # type: ignore[arg-type]
    return maps.Spot(place, "one origin", "incidents/x.html", f"Air strike, {name}")


SPOTS = st.lists(
    st.builds(spot, st.floats(-85, 85), st.floats(-180, 180), st.sampled_from(["Tarsin", "Omrun"]), st.floats(0, 3000)),
    min_size=1, max_size=12,
)  # fmt: skip
BOXES = st.builds(
    lambda west, south, wide, tall: (west, south, west + wide, min(84.0, south + tall)),
    st.floats(-180, 179), st.floats(-84, 80), st.floats(0.1, 300), st.floats(0.1, 100),
)  # fmt: skip


@pytest.fixture
def bare() -> Iterator[None]:
    """Without the land, which says nothing about the marks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(maps, "under", lambda view, ground: Drawn("", "", "", ""))
        yield


def drawn(spots: list[maps.Spot]) -> maps.Map:
    out = maps.draw(spots)
    assert out is not None
    return out


# ------------------------------------------------------------------------------------- marks


@pytest.mark.usefixtures("bare")
class TestMarks:
    @few
    @given(SPOTS)
    def test_every_mark_every_line_and_every_name_lies_within_the_frame(self, spots: list[maps.Spot]) -> None:
        on = drawn(spots)
        assert 0 < on.height <= maps.MOST_HEIGHT
        assert 0 < on.bar <= on.width
        for mark in on.marks:
            assert 0 <= mark.x <= on.width
            assert 0 <= mark.y <= on.height
            if mark.label:
                left, top, right, bottom = mark.label.rect
                assert 0 <= left < right <= on.width
                assert 0 <= top < bottom <= on.height
        for line in on.grid:
            assert -0.1 <= line.x1 <= on.width + 0.1
            assert min(line.y1, line.y2) >= -0.1
            assert max(line.y1, line.y2) <= on.height + 0.1

    @few
    @given(SPOTS)
    @example([spot(85.0, 0.0), spot(-85.0, 10.0), spot(0.0, 180.0), spot(0.0, -179.0)])
    def test_every_incident_is_drawn_once(self, spots: list[maps.Spot]) -> None:
        on = drawn(spots)
        assert sum(len(mark.links) for mark in on.marks) + on.nowhere == len(spots)
        assert on.outside == 0
        assert on == drawn(spots)

    @few
    @given(SPOTS)
    def test_no_mark_lies_over_another_and_none_on_a_name(self, spots: list[maps.Spot]) -> None:
        on = drawn(spots)
        assert all(hypot(a.x - b.x, a.y - b.y) >= maps.CLOSE - 0.001 for a, b in combinations(on.marks, 2))
        for mark in on.marks:
            rect = (mark.x - mark.size, mark.y - mark.size, mark.x + mark.size, mark.y + mark.size)
            assert not any(m.label and labels.overlap(m.label.rect, rect) for m in on.marks if m is not mark)

    @few
    @given(
        st.lists(
            st.tuples(st.floats(30, 32), st.floats(-42, -40), st.text(min_size=1, max_size=40)), max_size=60
        )
    )
    def test_no_name_lies_over_another(self, told: list[tuple[float, float, str]]) -> None:
        on = drawn([spot(0.0, 0.0), *(spot(lat, lon, name) for lat, lon, name in told), spot(31.0, -41.0)])
        rects = [mark.label.rect for mark in on.marks if mark.label]
        assert rects
        assert not any(labels.overlap(a, b) for a, b in combinations(rects, 2))

    def test_a_crowd_leaves_names_to_those_that_most_is_told_of(self) -> None:
        crowd = [spot(31.0 + n % 10 / 5, -41.0 + n // 10 / 5, f"The hamlet numbered {n}") for n in range(100)]
        told = maps.Spot(
            Place("Tarsin", latitude=32.05, longitude=-40.05, radius_km=1.0), "one origin", "#", "T", 50
        )
        on = drawn([*crowd, told])
        assert 0 < sum(mark.label is not None for mark in on.marks) < len(on.marks)
        (mark,) = [mark for mark in on.marks if ("#", "T") in mark.links]
        assert mark.label is not None
        assert mark.name == "Tarsin and around"
        rects = [mark.label.rect for mark in on.marks if mark.label]
        assert not any(labels.overlap(a, b) for a, b in combinations(rects, 2))

    def test_what_was_not_found_is_counted_and_not_drawn(self) -> None:
        country = spot(31.0, -41.0, "Orveth", 400.0, country="Orveth")
        on = drawn([spot(None, None), country, spot(31.4, -41.2), spot(89.0, 10.0)])
        assert ([mark.name for mark in on.marks], on.nowhere) == (["Tarsin"], 3)
        assert maps.draw([spot(None, None), country]) is None
        assert maps.draw([]) is None

    def test_north_is_up_and_the_scale_is_true(self) -> None:
        on = drawn([spot(30.0, -41.0, "South"), spot(31.0, -41.0, "North"), spot(30.0, -40.0, "East")])
        at = {mark.name: mark for mark in on.marks}
        assert at["North"].y < at["South"].y
        assert at["East"].x > at["South"].x
        per_km = on.bar / float(on.km.removesuffix(" km"))
        assert abs((at["South"].y - at["North"].y) / per_km - 111.2) < 1.2
        assert abs((at["East"].x - at["South"].x) / per_km - 95.8) < 1.2  # the cosine of 30.5 degrees

    @few
    @given(st.floats(-80, 80), st.floats(-180, 180), st.floats(20, 140))
    def test_a_disc_is_as_wide_as_its_kilometres(self, north: float, east: float, reach: float) -> None:
        on = drawn([spot(north, east, reach=reach)])
        (disc,) = on.discs
        # Measured on the sphere: a kilometre east and west of the place, where it is drawn.
        one, other = (on.view.at(*moved((north, east), way, 1.0)) for way in (90.0, 270.0))
        assert disc.r == pytest.approx(reach * abs(one[0] - other[0]) / 2, rel=0.01)

    def test_what_is_no_point_has_no_firm_mark(self) -> None:
        on = drawn([spot(30.0, -41.0, "Marr", 90.0), spot(31.0, -40.0, "Tarsin", 0.5)])
        assert {mark.name: mark.firm for mark in on.marks} == {"Marr": False, "Tarsin": True}
        assert [disc.r > 100 for disc in on.discs] == [True]

    def test_a_province_seen_from_within_keeps_its_mark_in_sight(self) -> None:
        near = view.over((-40.2, 30.9, -40.0, 31.0), 900, 500)
        on = maps.draw([spot(30.0, -41.0, "Marr", 200.0), spot(30.0, -41.0, "Solem", 1.0)], view=near)
        assert on is not None
        (mark,) = on.marks
        assert (mark.name, mark.firm, on.outside) == ("Marr", False, 1)
        assert 0 < mark.x < 900
        assert 0 < mark.y < 500

    def test_incidents_at_one_point_share_a_mark_that_shows_the_gravest(self) -> None:
        one, other = spot(31.4, -41.2), spot(31.4, -41.2)
        differ = maps.Spot(other.place, "sources differ", "incidents/y.html", "Shelling, Tarsin")
        (mark,) = drawn([one, differ]).marks
        assert (mark.shape, mark.count, mark.href) == ("sources differ", "2", "#at-1")
        assert mark.title == "Tarsin: 2 incidents, 1 where sources differ"
        assert [href for href, _ in mark.links] == ["incidents/x.html", "incidents/y.html"]

    def test_places_on_both_sides_of_the_line_of_dates_are_neighbours(self) -> None:
        on = drawn([spot(-17.0, 179.5, "West"), spot(-17.0, -179.5, "East")])
        at = {mark.name: mark.x for mark in on.marks}
        assert at["West"] < at["East"]
        assert kilometres((-17.0, 179.5), (-17.0, -179.5)) == pytest.approx(
            (at["East"] - at["West"]) / on.view.per_km(-17.0), rel=0.01
        )

    def test_five_thousand_places_are_drawn_at_once(self) -> None:
        spots = [
            spot(31 + n * 7919 % 5000 / 1000, -41 + n * 104729 % 5000 / 1000, f"T{n}") for n in range(5000)
        ]
        start = time.perf_counter()
        on = drawn(spots)
        assert time.perf_counter() - start < 2.0  # 0.1 s where nothing else runs; see bench
        assert sum(len(mark.links) for mark in on.marks) == 5000
        assert {mark.count for mark in on.marks} != {""}


# -------------------------------------------------------------------------------------- view


@given(BOXES)
def test_a_view_shows_all_of_its_box_and_tells_it(box: view.Box) -> None:
    seen = view.over(box, 900, 500)
    for north in (box[1], box[3]):
        for east in (box[0], box[2]):
            x, y = seen.at(north, east)
            if seen.world > 900.01:
                assert -0.01 <= x <= 900.01
                assert -0.01 <= y <= 500.01
    west, south, east, top = seen.box
    assert -180 <= west < 180
    assert west < east <= west + 360.001
    assert south < top


@given(BOXES, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_nearer_and_back_is_the_same_view(box: view.Box, east: float, south: float) -> None:
    seen = view.over(box, 900, 500)
    back = seen.moved(zoom=1).moved(zoom=-1)
    if 900 < seen.world < 256 * 2**14 and 0.01 < seen.top < 0.99 - 500 / seen.world:
        assert back.box == pytest.approx(seen.box, abs=1e-6)
    assert seen.moved(east, south).top >= -1e-9
    assert seen.moved(zoom=40).world <= 256 * 2**16
    assert seen.moved(zoom=-40).world == 900


@given(
    st.lists(st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.floats(0, 100)), min_size=1, max_size=9)
)
def test_a_box_around_places_holds_them_whichever_way_the_globe_is_turned(
    points: list[tuple[float, float, float]],
) -> None:
    west, south, east, north = view.around(points, 20.0)
    assert east - west <= 360.0
    for lat, lon, _ in points:
        assert south - 1e-6 <= lat <= north + 1e-6
        assert (lon - west) % 360 <= east - west + 1e-6 or (lon - west) % 360 > 360 - 1e-6


# ------------------------------------------------------------------------------------ ground


def test_the_shipped_map_is_the_one_that_its_notice_names() -> None:
    held = files("tallystick.dossier").joinpath("basemap")
    packed, notice = held.joinpath("world.xz").read_bytes(), held.joinpath("NOTICE.txt").read_text("utf-8")
    assert len(packed) < 400_000
    assert hashlib.sha256(packed).hexdigest() in notice
    assert hashlib.sha256(lzma.decompress(packed)).hexdigest() in notice


def _points(path: str) -> list[tuple[float, float]]:
    """The points of a path that ``ground`` wrote, read by the rules of SVG."""
    out: list[tuple[float, float]] = []
    for start, way in re.findall(r"M([^l]+)l([^Mz]*)", path):
        x, y = map(float, start.split())
        out.append((x, y))
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", way)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            out.append((x, y))
    return out


@settings(max_examples=15)
@given(BOXES)
@example((170.0, -60.0, 200.0, -10.0))
@example((-180.0, 60.0, 180.0, 84.0))
@example((20.0, -84.0, 100.0, -60.0))
def test_coasts_and_borders_are_clipped_to_the_view(box: view.Box) -> None:
    seen = view.over(box, 900, 500)
    on = ground.under(seen, Ground())
    for path, beyond in ((on.coast, 0.5), (on.borders, 0.5), (on.islands, 0.5), (on.land, 9.0)):
        for x, y in _points(path):
            assert -beyond <= x <= 900 + beyond
            assert -beyond <= y <= 500 + beyond
    assert on == ground.under(seen, Ground())


LINES = st.lists(st.tuples(st.floats(-500, 1500), st.floats(-500, 1500)), min_size=2, max_size=30)


@given(LINES)
def test_clipping_keeps_every_point_that_is_inside_and_none_that_is_not(
    line: list[tuple[float, float]],
) -> None:
    seen = view.View(0.0, 0.3, 9000.0, 900.0, 500.0)
    kept = [tuple(p) for part in ground.clipped(np.array(line), seen) for p in part.tolist()]
    assert all(0 <= x <= 900 and 0 <= y <= 500 for x, y in kept)
    moved_on = [p for before, p, after in zip(line, line[1:], line[2:], strict=False) if before != p != after]
    for x, y in moved_on:
        if 1 < x < 899 and 1 < y < 499:
            assert any(hypot(x - a, y - b) < 0.01 for a, b in kept)


def _within(x: float, y: float, ring: list[tuple[float, float]]) -> bool:
    """Whether a point lies in a ring: a ray from it crosses an odd number of sides."""
    crossed = 0
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        crossed += (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax)
    return crossed % 2 == 1


CORNERS = st.tuples(st.integers(-50, 150), st.integers(-50, 150))


@given(st.lists(CORNERS, min_size=3, max_size=9), st.integers(0, 89), st.integers(0, 49))
def test_land_cut_to_the_view_covers_the_same_ground_there(
    corners: list[tuple[int, int]], column: int, row: int
) -> None:
    seen = view.View(0.0, 0.3, 9000.0, 900.0, 500.0)
    ring = [(x * 10.0, y * 10.0) for x, y in corners]
    cut = [(x, y) for x, y in ground.cut(np.array(ring), seen).tolist()]
    assert all(-8.001 <= x <= 908.001 and -8.001 <= y <= 508.001 for x, y in cut)
    point = column * 10 + 3.137, row * 10 + 4.291  # on no line between corners
    assert _within(*point, cut) == _within(*point, ring)


@pytest.mark.parametrize(
    ("place", "is_land"),
    [((33.5, 38.0), True), ((34.9, 33.2), True), ((34.0, 20.0), False), ((67.0, -175.0), True), ((67.0, 179.9), True),
     ((-80.0, 0.0), True), ((-80.0, 100.0), True), ((0.0, -150.0), False), ((64.0, 100.0), True)],
)  # fmt: skip
def test_land_is_where_land_is(place: tuple[float, float], is_land: bool) -> None:
    """Also beyond the line of dates (Chukotka) and about the south pole; by counting what a ray crosses."""
    for wide in (0.5, 3.0):
        box = (place[1] - wide, place[0] - wide, place[1] + wide, place[0] + wide)
        assert _is_land(view.over(box, 900, 500), place) is is_land


def test_a_view_over_the_line_of_dates_has_the_land_on_both_sides() -> None:
    seen = view.over((150.0, 45.0, 230.0, 70.0), 900, 500)
    assert _is_land(seen, (65.0, -150.0)), "Alaska"
    assert _is_land(seen, (65.0, 160.0)), "Kolyma"
    assert not _is_land(seen, (48.0, -175.0))


def _is_land(seen: view.View, place: tuple[float, float]) -> bool:
    on = ground.under(seen, Ground())
    x, y = seen.at(*place)
    crossed = sum(_within(x, y, _points(part)) for part in re.findall(r"M[^z]*z", on.land + on.islands))
    return crossed % 2 == 1


def test_borders_are_the_cases_choice() -> None:
    seen = view.over((36.0, 33.0, 42.0, 37.0), 900, 500)
    shipped = ground.under(seen, Ground())
    assert shipped.borders
    assert not ground.under(seen, Ground(borders=False)).borders
    own = ground.under(seen, Ground(lines=(((37.0, 34.0), (40.0, 34.0)),), source="own.geojson"))
    assert len(_points(own.borders)) == 2
    assert own.land == shipped.land


def test_the_map_names_no_state_and_draws_all_borders_in_one_path() -> None:
    """The line that the data set draws across the north of Crimea is a line like all others."""
    seen = view.over((31.0, 44.0, 38.0, 48.0), 900, 500)
    on = ground.under(seen, Ground())
    isthmus = seen.at(46.1, 34.0)
    assert any(hypot(x - isthmus[0], y - isthmus[1]) < 12 for x, y in _points(on.borders))
    assert not hasattr(on, "names")


def test_tiles_cover_the_view_and_take_the_place_of_the_land() -> None:
    tiles = Tiles("https://tiles.example.org/a/{z}/{x}/{y}.png", "© Example")
    on = maps.draw([spot(10.0, 179.9), spot(11.0, -179.9)], Ground(tiles=tiles))
    assert on is not None
    assert (tiles.host, on.attribution, on.ground.land) == ("https://tiles.example.org", "© Example", "")
    assert min(t.x for t in on.tiles) <= 0
    assert max(t.x + t.size for t in on.tiles) >= on.width
    assert min(t.y for t in on.tiles) <= 0
    assert max(t.y + t.size for t in on.tiles) >= on.height
    zooms = {
        re.fullmatch(r"https://tiles\.example\.org/a/(\d+)/(\d+)/(\d+)\.png", t.href)[1] for t in on.tiles
    }  # type: ignore[index]
    assert len(zooms) == 1
    # A tile's own corner is where the projection puts it: x=0 at 180 degrees west, y at half the world is the equator.
    first = next(
        t for t in on.tiles if "/0/" in t.href.replace("https://tiles.example.org/a", "").partition("/")[2]
    )
    assert abs(on.view.at(10.0, -180.0)[0] - first.x) < 0.2


def test_lines_of_geojson_are_read_whatever_holds_them() -> None:
    line = '{"type": "LineString", "coordinates": [[1, 2], [3, 4, 99]]}'
    ring = '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'
    text = f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "geometry": {line}}}, {{"type": "Feature", "geometry": null}}, {{"type": "GeometryCollection", "geometries": [{ring}, {{"type": "Point", "coordinates": [1, 2]}}]}}]}}'
    assert [len(told) for told in ground.geojson(text)] == [2, 4]
    assert ground.geojson(line) == (((1.0, 2.0), (3.0, 4.0)),)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "LineString", "coordinates": 7}',
     '{"type": "LineString", "coordinates": [[1], [2]]}', '{"type": "LineString", "coordinates": [["a", 1], [2, 3]]}',
     '{"type": "LineString", "coordinates": [[1, 91], [2, 3]]}', '{"type": "LineString", "coordinates": [[1, NaN], [2, 3]]}',
     '{"type": "FeatureCollection", "features": [3]}', "[" * 100_000, '{"geometries":[' * 30 + "]}" * 30,
     '{"type": "MultiLineString", "coordinates": [3]}'],
)  # fmt: skip
def test_what_is_no_line_on_earth_is_refused_in_words(text: str) -> None:
    with pytest.raises(AskedWrongly, match="GeoJSON"):
        ground.geojson(text)


def test_a_map_of_a_dossier_is_the_same_bytes_each_time_and_holds_no_stranger_s_markup() -> None:
    evil = '</text><script>alert(1)</script>"><image href="https://evil.example/x">'
    spots: list[Any] = [
        spot(31.0, -41.0, evil),
        spot(31.5, -41.4, "\u202egnp.exe\u2066"),
        spot(31.2, -40.0, "حلب" * 30),
    ]
    text = map_svg(drawn(spots))
    assert text == map_svg(drawn(spots))
    assert "<script" not in text
    assert "<image" not in text
    assert "\u202e" not in text
    assert "&lt;/text&gt;" in text
    tree.fromstring(text)  # noqa: S314 - our own text
