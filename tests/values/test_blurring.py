"""Blurring: what is published covers the truth, says no more than asked, and says the same each time."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tallystick.errors import AskedWrongly
from tallystick.values.blurring import WITHHELD, blurred, cell
from tallystick.values.place import Place
from tallystick.values.places.sphere import kilometres, moved

LATITUDES = st.one_of(st.floats(-90, 90), st.floats(80, 90), st.floats(-90, -88))
POINTS = st.tuples(LATITUDES, st.floats(-180, 180))
RADII = st.floats(1, 300)
TARSIN = Place(
    "Tarsin hospital", "near the hospital of Tarsin", "Marr", "Orveth", 31.4, -41.2, 2.0, ("Tarsin",), "or:7"
)


def holds(outer: float, inner: float, other: float, most: float) -> bool:
    return outer - 1e-9 <= inner and other <= most + 1e-9


@given(POINTS, RADII)
def test_a_cell_holds_its_point_and_its_disc_covers_the_cell(
    point: tuple[float, float], radius: float
) -> None:
    found = cell(point, radius)
    assert found.south - 1e-9 <= point[0] <= found.north + 1e-9
    assert kilometres(point, found.centre) <= found.radius_km + 0.001


@given(POINTS, RADII)
def test_a_cell_is_nowhere_narrower_than_twice_the_radius(point: tuple[float, float], radius: float) -> None:
    found = cell(point, radius)
    if (found.west, found.east) == (-180.0, 180.0):
        edge = min(abs(found.south), abs(found.north))
        assert found.radius_km >= kilometres((edge, 0.0), (90.0, 0.0)) - 0.1  # a cap about the pole
        assert found.radius_km >= radius
        return
    assert (found.north - found.south) * 111.195 >= 2 * radius * 0.999
    pole = max(abs(found.south), abs(found.north))
    assert kilometres((pole, found.west), (pole, found.east)) >= 2 * radius * 0.9  # a chord, not the parallel


@given(POINTS, RADII, RADII)
def test_cells_of_one_size_lie_whole_in_those_of_another(
    point: tuple[float, float], one: float, other: float
) -> None:
    fine, coarse = cell(point, min(one, other)), cell(point, max(one, other))
    assert holds(coarse.south, fine.south, fine.north, coarse.north)
    assert holds(coarse.west, fine.west, fine.east, coarse.east)


@given(POINTS, POINTS, st.floats(5, 50))
def test_what_lies_in_one_cell_is_told_as_one_place(
    point: tuple[float, float], other: tuple[float, float], radius: float
) -> None:
    found = cell(point, radius)
    near = (found.south + (found.north - found.south) * (other[0] + 91) / 182, point[1])
    assume(cell(near, radius) == found)
    one, two = (
        blurred(Place(name, "words", None, "Orveth", *at, 1.0), radius)
        for name, at in (("Tarsin", point), ("Omrun", near))
    )
    assert one == two


@given(POINTS, st.floats(5, 50), st.floats(0, 120), st.floats(0, 359), st.floats(0, 1))
def test_all_that_the_place_reaches_lies_within_what_is_told(
    point: tuple[float, float], radius: float, own: float, bearing: float, share: float
) -> None:
    told = blurred(Place("Tarsin", latitude=point[0], longitude=point[1], radius_km=own), radius)
    assert told.latitude is not None
    assert told.longitude is not None
    assert told.radius_km is not None
    edge = moved(point, bearing, own * share)
    assert kilometres((told.latitude, told.longitude), edge) <= told.radius_km + 0.05


def test_nothing_that_names_the_place_is_left() -> None:
    told = blurred(TARSIN, 10)
    assert (told.name, told.words, told.admin1, told.country, told.within, told.code) == (
        WITHHELD, None, None, "Orveth", (), None,
    )  # fmt: skip
    assert "Tarsin" not in repr(told)
    assert (told.latitude, told.longitude) != (TARSIN.latitude, TARSIN.longitude)
    assert told == blurred(TARSIN, 10)


def test_a_province_is_named_only_where_it_is_known_to_be_wide_enough() -> None:
    assert blurred(TARSIN, 10).admin1 is None
    assert blurred(TARSIN, 10, province_km=6).admin1 is None
    assert str(blurred(TARSIN, 10, province_km=80)) == f"{WITHHELD}, Marr, Orveth"


def test_a_place_without_a_point_is_given_none() -> None:
    told = blurred(Place("Tarsin", "in Tarsin", "Marr", "Orveth"), 10)
    assert told == Place(WITHHELD, None, None, "Orveth")


def test_a_whole_province_that_reaches_as_far_as_asked_keeps_its_name() -> None:
    marr = Place("Marr", "the villages of Marr", "Marr", "Orveth", 31.0, -41.0, 90.0, code="or:1")
    told = blurred(marr, 25)
    assert (told.name, told.words, told.radius_km, told.code) == ("Marr", None, 90.0, None)
    assert blurred(marr, 100).name == WITHHELD


@pytest.mark.parametrize("radius", [0.0, -5.0, float("nan"), float("inf"), 0.3, 5000.0])
def test_a_radius_that_hides_nothing_or_everything_is_refused(radius: float) -> None:
    with pytest.raises(AskedWrongly, match="1 to 1000 km"):
        blurred(TARSIN, radius)
    with pytest.raises(AskedWrongly, match="1 to 1000 km"):
        cell((0.0, 0.0), radius)
