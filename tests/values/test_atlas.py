"""A place found in its report: what decides, what stays unknown, and the areas about places."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values import place
from tallystick.values.place import Place
from tallystick.values.places import atlas
from tallystick.values.places.around import around, widened
from tallystick.values.places.atlas import resolve
from tallystick.values.places.gazetteer import Entry, Gazetteer, build
from tallystick.values.places.sphere import kilometres, middle, moved


def town(
    code: str,
    name: str,
    country: str,
    admin1: str | None,
    north: float,
    east: float,
    people: int,
    **more: object,
) -> Entry:
    return Entry(code, name, str(more.pop("kind", "town")), country=country, admin1=admin1, latitude=north, longitude=east,
                 population=people, source="list", **more)  # type: ignore[arg-type]  # fmt: skip


LIST = [
    town("sy", "Syria", "Syria", None, 35.0, 38.5, 17_000_000, kind="country", radius_km=243.0),
    town("tr", "Turkey", "Turkey", None, 39.0, 35.0, 80_000_000, kind="country", radius_km=500.0),
    town("br", "Brazil", "Brazil", None, -10.0, -55.0, 200_000_000, kind="country", radius_km=1600.0),
    town("kes", "Kessir", "Syria", "Kessir", 36.0, 37.5, 3_000_000, kind="admin1", radius_km=90.0),
    town("kest", "Kessir", "Syria", "Kessir", 36.2, 37.1, 1_500_000),
    town("marr", "Lower Marr", "Syria", "Lower Marr", 34.0, 36.6, 900_000, kind="admin1", radius_km=70.0),
    town("tar1", "Tarsin", "Syria", "Kessir", 36.1, 37.3, 40_000, names=("ترسين",)),
    town("tar2", "Tarsin", "Syria", "Lower Marr", 34.1, 36.7, 40_000),
    town("tar3", "Tarsin", "Brazil", "Acre", -9.0, -70.0, 60_000),
    town("omr", "Omrun", "Syria", "Kessir", 36.15, 37.35, 20_000),
    town("dar", "Daral", "Syria", "Lower Marr", 34.05, 36.5, 20_000),
    town("velo", "Velograd", "Russia", "Velo", 55.7, 37.6, 10_000_000),
    town("rio", "Riobom", "Brazil", "Acre", -9.1, -70.1, 300_000),
    town("vil", "Sarabat", "Brazil", "Bahia", -12.0, -41.0, 900, kind="village"),
]


@pytest.fixture(scope="module")
def lists(tmp_path_factory) -> Gazetteer:
    path = tmp_path_factory.mktemp("lists") / "list.sqlite"
    assert build(path, LIST).refused == []
    with Gazetteer(path) as opened:
        yield opened


def code(located: atlas.Located) -> str | None:
    """The code of the place that was told, or none where none was."""
    if located.place.latitude is None:
        return None
    return next(
        choice.entry.code
        for choice in located.choices
        if choice.entry.point == (located.place.latitude, located.place.longitude)
    )


def alone(lists, told: Place, **more) -> atlas.Located:
    (found,) = resolve([told], lists, **more)
    return found


# ------------------------------------------------------------------ what decides


def test_of_three_places_of_one_name_the_one_in_the_province_told_is_meant(lists):
    assert code(alone(lists, Place("Tarsin", within=("Lower Marr",)))) == "tar2"
    assert code(alone(lists, Place("Tarsin", admin1="Kessir"), countries=["Syria"])) == "tar1"
    assert code(alone(lists, Place("Tarsin", country="Brazil"))) == "tar3"


def test_the_text_after_a_comma_says_which_is_meant_for_every_later_mention(lists):
    text = "TARSIN. Two died in Tarsin, Acre, on Monday."
    assert code(alone(lists, Place("Tarsin"), text=text)) == "tar3"


def test_the_other_places_of_the_report_say_which_is_meant(lists):
    assert code(resolve([Place("Tarsin"), Place("Omrun"), Place("Kessir")], lists, ["Syria"])[0]) == "tar1"
    assert (
        code(resolve([Place("Tarsin"), Place("Daral"), Place("Lower Marr")], lists, ["Syria"])[0]) == "tar2"
    )


def test_two_places_as_likely_that_lie_apart_tell_only_what_they_share(lists):
    found = alone(lists, Place("Tarsin"), countries=["Syria"])
    assert (found.place.latitude, found.place.admin1, found.place.country) == (None, None, "Syria")
    assert {choice.entry.code for choice in found.choices} >= {"tar1", "tar2"}
    assert "Kessir, Syria" in found.reasons[0]
    assert "Lower Marr, Syria" in found.reasons[0]


def test_one_who_is_bold_gets_the_likeliest_of_them(lists):
    assert code(alone(lists, Place("Tarsin"), countries=["Syria"], least=atlas.BOLD)) in ("tar1", "tar2")


def test_a_small_place_on_another_continent_is_not_told_for_a_name_that_the_case_has_not(lists):
    found = alone(lists, Place("Sarabat"), countries=["Syria"])
    assert (found.place.latitude, found.place.country) == (None, None)
    assert found.choices[0].entry.code == "vil"  # kept, for people to see
    assert (
        code(alone(lists, Place("Velograd"), countries=["Syria"])) == "velo"
    )  # a city that all the world names


def test_the_word_for_its_kind_says_whether_the_town_or_the_province_is_meant(lists):
    assert (
        code(alone(lists, Place("Kessir", "Kessir province", admin1="Kessir"), countries=["Syria"])) == "kes"
    )
    assert code(alone(lists, Place("Kessir", "the city of Kessir"), countries=["Syria"])) == "kest"
    assert code(alone(lists, Place("Kessir"), countries=["Syria"])) == "kest"


def test_the_adjective_of_a_country_is_the_country(lists):
    assert code(alone(lists, Place("Turkish"))) == "tr"


def test_a_quarter_in_no_list_stands_at_the_place_that_the_report_puts_it_in_under_its_own_name(lists):
    found = alone(lists, Place("Old Mill", "Old Mill neighbourhood", within=("Kessir",)), countries=["Syria"])
    assert (found.place.name, found.place.words) == ("Old Mill", "Old Mill neighbourhood")
    assert (found.place.latitude, found.place.longitude, found.place.admin1) == (36.2, 37.1, "Kessir")
    assert found.place.radius_km == atlas.RADIUS["town"]
    assert "the report puts it in Kessir" in found.reasons


def test_a_name_in_no_list_of_which_nothing_is_told_stays_as_it_was(lists):
    told = Place("Xyzzyq", "Xyzzyq")
    assert alone(lists, told, countries=["Syria"]) == atlas.Located(told, (), ("in no list",))


def test_a_reviewer_s_word_wins_over_everything(lists):
    found = alone(lists, Place("Tarsin", admin1="Kessir"), countries=["Syria"], named={"tarsin": "list:tar3"})
    assert code(found) == "tar3"
    assert found.reasons == ("a reviewer said so",)
    others = resolve([Place("Tarsin"), Place("Omrun")], lists, named={"tarsin": "list:gone"})
    assert others == resolve([Place("Tarsin"), Place("Omrun")], lists)


def test_a_case_s_own_row_wins_over_the_list(lists, tmp_path):
    own = replace(
        LIST[8],
        code="own",
        country="Syria",
        admin1="Kessir",
        latitude=36.5,
        longitude=37.9,
        source="own.csv",
        wins=True,
    )
    build(tmp_path / "list.sqlite", LIST)
    build(tmp_path / "own.sqlite", [own])
    with Gazetteer(tmp_path / "list.sqlite", tmp_path / "own.sqlite") as both:
        assert code(alone(both, Place("Tarsin"), countries=["Syria"])) == "own"


def test_a_country_is_not_taken_for_a_town_of_the_case_that_sounds_like_it(tmp_path):
    build(tmp_path / "list.sqlite", [*LIST, town("raq", "Brazzil", "Syria", "Kessir", 36.0, 37.9, 500_000)])
    with Gazetteer(tmp_path / "list.sqlite") as more:
        assert code(alone(more, Place("Brazil"), countries=["Syria"])) == "br"


@pytest.mark.parametrize("name", ["Eastern", "the North", "Southwest", "Central"])
def test_a_side_without_what_it_is_a_side_of_is_no_place(tmp_path, name):
    build(tmp_path / "list.sqlite", [town("e", name, "Ghana", "Ghana", 6.0, 0.0, 3_000_000, kind="admin1")])
    with Gazetteer(tmp_path / "list.sqlite") as more:
        assert alone(more, Place(name)).choices == ()


def test_the_word_for_its_kind_is_no_part_of_a_name_unless_the_list_has_it_so(lists):
    assert code(alone(lists, Place("Omrun city"), countries=["Syria"])) == "omr"
    assert (
        alone(lists, Place("Kessir", "15 km east of Kessir city"), countries=["Syria"]).place.longitude > 37.2
    )


# ------------------------------------------------------------------ laws

TOLD = st.builds(
    Place,
    st.sampled_from(
        [
            "Tarsin",
            "Omrun",
            "Daral",
            "Kessir",
            "Velograd",
            "Riobom",
            "Turkish",
            "Nowhere",
            "ترسين",
            "20 km north of Omrun",
        ]
    ),
    words=st.none() | st.sampled_from(["east Kessir", "Tarsin village", "near Omrun", "the Turkish border"]),
    admin1=st.none() | st.sampled_from(["Kessir", "Lower Marr", "Acre"]),
    within=st.lists(
        st.sampled_from(["Kessir", "Lower Marr", "Brazil", "Nowhere"]), max_size=2, unique=True
    ).map(tuple),
)


@given(st.lists(TOLD, max_size=6), st.randoms(), st.sampled_from([(), ("Syria",), ("Brazil",)]))
def test_the_order_of_the_places_plays_no_part(lists, told, chance, countries):
    mixed = list(enumerate(told))
    chance.shuffle(mixed)
    found = resolve(told, lists, countries)
    again = resolve([one for _, one in mixed], lists, countries)
    assert [found[at] for at, _ in mixed] == list(again)


@given(st.lists(TOLD, max_size=5), st.text(max_size=60))
def test_words_and_what_was_told_stay_and_what_is_added_is_whole(lists, told, text):
    for before, after in zip(told, resolve(told, lists, text=text), strict=True):
        now = after.place
        assert (now.name, now.words, now.within) == (before.name, before.words, before.within)
        assert (now.latitude is None) == (now.longitude is None) == (now.radius_km is None)
        assert after.reasons
        assert sum(choice.share for choice in after.choices) <= 1.001
        shares = [choice.share for choice in after.choices]
        assert shares == sorted(shares, reverse=True)


@given(st.lists(TOLD, min_size=1, max_size=4), st.floats(0.5, 0.95), st.floats(0, 0.4))
def test_who_is_more_cautious_places_no_more(lists, told, least, less):
    careful, bold = (resolve(told, lists, least=value) for value in (least, less))
    for one, other in zip(careful, bold, strict=True):
        assert one.place.latitude is None or other.place.latitude is not None


# ------------------------------------------------------------------ areas about places


def test_so_many_kilometres_to_a_side_are_so_far_from_the_town_on_that_side(lists):
    spot = alone(lists, Place("Omrun", "20 km north of Omrun"), countries=["Syria"]).place
    assert kilometres((spot.latitude, spot.longitude), (36.15, 37.35)) == pytest.approx(20, abs=0.1)
    assert spot.latitude > 36.15
    assert spot.longitude == pytest.approx(37.35, abs=1e-4)
    assert spot.radius_km == 8


def test_without_a_direction_the_distance_is_a_ring_about_the_town(lists):
    spot = alone(lists, Place("Omrun", "20 km from Omrun"), countries=["Syria"]).place
    assert (spot.latitude, spot.radius_km) == (36.15, 26.0)


def test_a_side_of_a_town_lies_in_the_town_and_a_side_of_a_province_in_the_province(lists):
    east = alone(lists, Place("Kessir", "east Kessir"), countries=["Syria"]).place
    assert 37.1 < east.longitude < 37.2
    assert (
        kilometres((east.latitude, east.longitude), (36.2, 37.1)) + east.radius_km
        <= 1.3 * atlas.RADIUS["town"]
    )
    south = alone(lists, Place("Kessir", "southern Kessir"), countries=["Syria"]).place
    assert south.latitude == pytest.approx(36.0 - 45 / 111.2, abs=0.02)


@pytest.mark.parametrize(
    ("words", "radius"),
    [
        ("rural Kessir", 40.0),
        ("Kessir countryside", 40.0),
        ("outskirts of Kessir", 12.0),
        ("near Kessir", 18.0),
    ],
)
def test_words_for_the_land_about_a_town_widen_it(lists, words, radius):
    spot = alone(lists, Place("Kessir", words), countries=["Syria"]).place
    assert (spot.latitude, spot.longitude, spot.radius_km) == (36.2, 37.1, radius)


def test_between_two_towns_is_the_middle_and_reaches_both(lists):
    spot = alone(lists, Place("Omrun", "between Omrun and Kessir"), countries=["Syria"]).place
    ends = [kilometres((spot.latitude, spot.longitude), end) for end in ((36.15, 37.35), (36.2, 37.1))]
    assert ends[0] == pytest.approx(ends[1], rel=0.01)
    assert spot.radius_km == pytest.approx(ends[0], rel=0.02)


def test_a_border_is_the_line_of_the_two_countries_and_without_a_second_country_no_point(
    lists, tmp_path, monkeypatch
):
    line = ((36.8, 38.0), (36.7, 39.0), (37.0, 40.0))
    monkeypatch.setattr(
        Gazetteer, "border", lambda _, one, other: line if {one, other} == {"Syria", "Turkey"} else ()
    )
    both = alone(lists, Place("Turkish", "the Turkish border"), countries=["Syria"]).place
    assert both.latitude == pytest.approx(36.84, abs=0.02)
    assert both.radius_km == pytest.approx(
        kilometres((both.latitude, both.longitude), (36.8, 38.0)), rel=0.05
    )
    assert both == replace(
        alone(lists, Place("Turkish", "the Syrian-Turkish border"), countries=["Syria"]).place,
        words=both.words,
    )
    assert alone(lists, Place("Turkish", "the Turkish border")).place.latitude is None


@pytest.mark.parametrize(
    ("words", "how", "names"),
    [
        ("the road between Homs and Palmyra", "between", ("Homs", "Palmyra")), ("northern Aleppo countryside", "rural", ("Aleppo",)),
        ("Damascus' northern suburbs", "edge", ("Damascus",)), ("the south of Aleppo", "side", ("Aleppo",)), ("south of Aleppo", "beyond", ("Aleppo",)),
        ("five miles from Kobani", "distance", ("Kobani",)), ("the border with Iraq", "border", ("Iraq",)), ("Iraqi-Syrian border", "border", ("Iraqi", "Syrian")),
    ],
)  # fmt: skip
def test_words_about_places_are_read_by_their_form(words, how, names):
    found = around(words)
    assert (found.how, found.names) == (how, names)


@pytest.mark.parametrize(
    "words", ["Hama", "New York", "the city of Aleppo", "north of the river", "", None, "x" * 500]
)
def test_words_that_name_a_place_and_no_more_are_not_about_one(words):
    assert around(words) is None


@given(st.text(max_size=120), st.integers(0, 120), st.integers(0, 120))
def test_widened_words_hold_the_old_ones_and_stay_in_the_text(text, one, other):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    first, last = widened(text, start, end)
    assert 0 <= first <= start <= end <= last <= len(text)


def test_the_words_of_a_place_that_is_read_hold_how_far_it_is_from_what_it_names():
    text = "They left Hama for a camp in Tarsin. Clashes broke out 20 km north of Tarsin and in the eastern countryside of Homs."
    assert [mention.place.words for mention in place.read(text)] == [
        "Tarsin",
        "20 km north of Tarsin",
        "eastern countryside of Homs",
    ]


# ------------------------------------------------------------------ the sphere

POINT = st.tuples(st.floats(-80, 80), st.floats(-179, 179))


@given(POINT, st.floats(0, 360), st.floats(0, 3000))
def test_a_point_moved_so_far_is_so_far_away(point, bearing, distance):
    assert math.isclose(
        kilometres(point, moved(point, bearing, distance)), distance, rel_tol=1e-6, abs_tol=1e-3
    )


@given(POINT, POINT)
def test_distance_is_the_same_both_ways_and_the_middle_of_two_points_is_as_far_from_each(one, other):
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
    if 1 < kilometres(one, other) < 15_000:
        half = middle([one, other])
        assert kilometres(one, half) == pytest.approx(kilometres(other, half), rel=1e-5)


def test_a_town_is_not_its_own_province(lists):
    found = alone(
        lists, Place("Tarsin", "near Tarsin", admin1="Tarsin", within=("Lower Marr",)), countries=["Syria"]
    )
    assert found.place.admin1 == "Lower Marr"
