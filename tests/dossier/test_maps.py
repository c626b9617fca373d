"""The map: nothing drawn that was not found, everything drawn within its frame."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from tallystick.dossier import maps
from tallystick.values.place import Place


def spot(
    latitude: float | None, longitude: float | None, name: str = "Tarsin", reach: float = 6.0, **keys: object
) -> maps.Spot:
    place = Place(name, latitude=latitude, longitude=longitude, radius_km=reach, **keys)  # type: ignore[arg-type]
    return maps.Spot(place, "one origin", "incidents/x.html", f"Air strike, {name}")


SPOTS = st.lists(
    st.builds(spot, st.floats(-85, 85), st.floats(-180, 180), st.sampled_from(["Tarsin", "Omrun"]), st.floats(0, 3000)),
    min_size=1, max_size=12,
)  # fmt: skip


@given(SPOTS)
def test_every_mark_and_every_line_lies_within_the_frame(spots: list[maps.Spot]) -> None:
    drawn = maps.draw(spots)
    assert drawn is not None
    assert 0 < drawn.height <= maps.MOST_HEIGHT + 0.1
    assert 0 < drawn.bar <= drawn.width
    for mark in drawn.marks:
        assert 0 <= mark.x <= drawn.width
        assert 0 <= mark.y <= drawn.height
    for line in drawn.grid:
        assert -0.1 <= line.x1 <= drawn.width + 0.1
        assert min(line.y1, line.y2) >= -0.1
        assert max(line.y1, line.y2) <= drawn.height + 0.1


@given(SPOTS)
def test_every_incident_is_drawn_once(spots: list[maps.Spot]) -> None:
    drawn = maps.draw(spots)
    assert drawn is not None
    assert sum(len(mark.links) for mark in drawn.marks) + drawn.nowhere == len(spots)
    assert drawn == maps.draw(spots)


def test_what_was_not_found_is_counted_and_not_drawn() -> None:
    country = spot(31.0, -41.0, "Orveth", 400.0, country="Orveth")
    drawn = maps.draw([spot(None, None), country, spot(31.4, -41.2)])
    assert drawn is not None
    assert ([mark.name for mark in drawn.marks], drawn.nowhere) == (["Tarsin"], 2)
    assert maps.draw([spot(None, None), country]) is None
    assert maps.draw([]) is None


def test_north_is_up_and_the_scale_is_true() -> None:
    drawn = maps.draw([spot(30.0, -41.0, "South"), spot(31.0, -41.0, "North"), spot(30.0, -40.0, "East")])
    assert drawn is not None
    at = {mark.name: mark for mark in drawn.marks}
    assert at["North"].y < at["South"].y
    assert at["East"].x > at["South"].x
    per_km = drawn.bar / float(drawn.km.removesuffix(" km"))
    assert abs((at["South"].y - at["North"].y) / per_km - 111.2) < 2
    # A degree of longitude is shorter by the cosine of the latitude, here 30.5 degrees.
    assert abs((at["East"].x - at["South"].x) / per_km - 95.8) < 2


def test_incidents_at_one_point_share_a_mark_that_shows_the_gravest() -> None:
    one, other = spot(31.4, -41.2), spot(31.4, -41.2)
    differ = maps.Spot(other.place, "sources differ", "incidents/y.html", "Shelling, Tarsin")
    drawn = maps.draw([one, differ])
    assert drawn is not None
    (mark,) = drawn.marks
    assert mark.shape == "sources differ"
    assert [href for href, _ in mark.links] == ["incidents/x.html", "incidents/y.html"]


def test_names_of_places_near_each_other_are_not_written_over_one_another() -> None:
    near = [spot(31.4 + n / 1000, -41.2, f"Place {n}") for n in range(6)]
    drawn = maps.draw([*near, spot(32.4, -40.0, "Far")])
    assert drawn is not None
    heights = sorted(mark.label_y for mark in drawn.marks if mark.name != "Far")
    assert all(lower - upper > 12.9 for upper, lower in pairwise(heights))


@given(SPOTS)
def test_no_mark_lies_over_another(spots: list[maps.Spot]) -> None:
    drawn = maps.draw(spots)
    assert drawn is not None
    assert all(hypot(a.x - b.x, a.y - b.y) >= maps.CLOSE for a, b in combinations(drawn.marks, 2))
