"""Places and parties as wording alone shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values import party, place
from tallystick.values.agreement import Verdict, gravest
from tallystick.values.names import alike, fold
from tallystick.values.party import Party
from tallystick.values.place import Place


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("killed in the Orvath neighbourhood on Friday", "Orvath", "Orvath neighbourhood"),
        ("near the town of Deir Salun", "Deir Salun", "near the town of Deir Salun"),
        ("an air raid on al-Kessir killed four", "al-Kessir", "al-Kessir"),
        ("In Marawiya, two men were shot", "Marawiya", "Marawiya"),
        ("shells fell in Old Tamrin", "Old Tamrin", "Old Tamrin"),
        ("in Харків", "Харків", "Харків"),
    ],
)
def test_a_name_is_a_place_where_the_wording_shows_it(text, name, words):
    assert (name, words) in [(m.place.name, m.place.words) for m in place.read(text)]


@pytest.mark.parametrize(
    "text",
    ["in October", "on Friday", "in Syrian territory", "by John Smith", "of the Observatory", "on Twitter"],
)
def test_months_days_people_and_adjectives_are_no_places(text):
    assert [m.place.name for m in place.read(text)] == []


def test_a_province_that_the_words_put_around_a_place_is_kept():
    mention = next(iter(place.read("in the village of Tarsin in Kessir province")))
    assert (mention.place.name, mention.place.admin1) == ("Tarsin", "Kessir")


def test_a_list_of_places_puts_none_in_another():
    found = {
        m.place.name: m.place.within
        for m in place.read("near the city of Tarsin, Omrun and in Daral, in Kessir province")
    }
    assert found["Tarsin"] == ()
    assert found["Daral"] == ("Kessir",)


def test_near_a_place_is_not_in_it():
    assert next(iter(place.read("in Tarsin near Omrun"))).place.within == ()


def test_the_fire_of_somebody_is_no_place():
    assert [m.place.name for m in place.read("killed by sniper fire of Kessir Column men")] == []


def test_no_province_is_invented():
    mention = next(iter(place.read("in the village of Tarsin on Monday")))
    assert (mention.place.admin1, mention.place.country, mention.place.latitude) == (None, None, None)


@given(st.text(max_size=150))
def test_places_are_words_of_the_text(text):
    for mention in place.read(text):
        assert mention.place.words == text[mention.start : mention.end]


@given(st.text(max_size=150))
def test_parties_are_words_of_the_text(text):
    for start, end, found in party.read(text):
        assert found.words == text[start:end]


def names(text: str) -> list[str]:
    return [found.name for _, _, found in party.read(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syrian government forces shelled", ["Syrian government"]),
        ("Russian warplanes bombed", ["Russia"]),
        ("Syrian and Russian warplanes bombed", ["Russia", "Syria"]),
        ("a US-led coalition air strike", ["US-led coalition"]),
        ("Colombian rebels", ["Colombian rebels"]),
        ("the Kessir Liberation Front said", ["Kessir Liberation Front"]),
        ("Kessir's Liberation Front said", ["Liberation Front"]),
        ("Kurdish forces shelled", ["Kurdish forces"]),
        ("Faylaq al-Tarsin attacked", ["Faylaq al-Tarsin"]),
        ("two unidentified men fired", ["unidentified men"]),
        ("the Pellin police arrested", ["Pellin police"]),
        ("Unidentified men fired", ["Unidentified men"]),
        ("On Friday police said", ["police"]),
        ("Syria’s Army and Turkey’s Army clashed", ["Syria", "Turkey"]),
        ("Kessian-backed rebels", ["rebels"]),
        ("a suicide bomber struck", ["suicide bombers"]),
    ],
)
def test_a_party_is_named_as_the_words_name_it(text, expected):
    assert names(text) == expected


def test_different_names_alone_are_no_conflict_but_a_state_and_irregulars_are():
    assert Party("Blue Brigade").relation(Party("Red Legion")) is Verdict.UNKNOWN
    assert Party("Syrian government").relation(Party("Syrian rebels")) is Verdict.CONFLICT
    assert Party("the Blue Brigade").relation(Party("Blue brigade")) is Verdict.AGREE


@pytest.mark.parametrize("name", ["", "-", "The", "’", "*"])
def test_a_name_without_letters_is_on_no_side_and_breaks_nothing(name):
    assert Party(name).side is None
    assert Party(name).relation(Party("rebels")) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("Free Syrian Army", "irregular"),
        ("Lord's Resistance Army", "irregular"),
        ("Arakan Army", "irregular"),
        ("Syrian army", "state"),
        ("Kessian army", "state"),
        ("Syria", "state"),
        ("rebel groups", "irregular"),
        ("Reuters", None),
    ],
)
def test_a_listed_army_is_on_the_side_that_the_list_says_and_another_a_state_s(name, side):
    assert Party(name).side == side
    opposite = {"state": "rebels", "irregular": "government"}
    if side:
        assert Party(name).relation(Party(opposite[side])) is Verdict.CONFLICT
        assert Party(name).relation(Party(opposite["irregular" if side == "state" else "state"])) is not (
            Verdict.CONFLICT
        )


def test_initials_and_followers_may_be_parties_but_not_who_only_speaks():
    text = "The FMLN-FDR and Maoists fought. Activists said so."
    assert [found.name for _, _, found in party.perhaps(text)] == ["FMLN-FDR", "Maoists"]
    assert names(text) == []


def test_groups_and_organizations_of_irregulars_are_the_irregulars():
    names = ("terrorists", "terrorist groups", "terrorist organisations", "Terrorist organizations")
    assert {Party(name).key for name in names} == {"terrorists"}
    assert Party("terrorist groups").relation(Party("terrorists")) is Verdict.AGREE
    assert Party("rebels").key != Party("terrorists").key


def test_places_conflict_only_where_province_or_country_do():
    here, there = Place("Tarsin", admin1="Kessir"), Place("Omrun", admin1="Daral")
    assert here.relation(there) is Verdict.CONFLICT
    assert Place("Tarsin").relation(Place("Omrun")) is Verdict.UNKNOWN
    assert here.relation(Place("Kessir")) is Verdict.COMPATIBLE
    assert Place("al-Tarsin").relation(Place("Tarsin")) is Verdict.AGREE


@given(st.text(max_size=40))
def test_folding_is_idempotent(name):
    assert fold(fold(name)) == fold(name)


def test_an_empty_name_is_like_nothing():
    assert not alike("", "")
    assert not alike(None, "Tarsin")


def test_of_several_relations_the_gravest_names_the_field():
    assert gravest([Verdict.AGREE, Verdict.CONFLICT, Verdict.COMPATIBLE]) is Verdict.CONFLICT
    assert gravest([]) is Verdict.UNKNOWN
    assert gravest([Verdict.AGREE, Verdict.UNKNOWN]) is Verdict.UNKNOWN


# ------------------------------------------------------------------------- places found in the world


def _found(
    name: str,
    latitude: float | None = None,
    longitude: float | None = None,
    reach: float = 6.0,
    **keys: object,
) -> Place:
    return Place(name, latitude=latitude, longitude=longitude, radius_km=reach, **keys)  # type: ignore[arg-type]


def test_a_place_that_is_taken_for_its_own_province_is_no_other_place():
    alone, known = Place("Togora", admin1="Togora"), Place("Togora", admin1="Tirgan", country="Orveth")
    assert alone.relation(known) is known.relation(alone) is Verdict.AGREE
    assert Place("Togora", admin1="Selm").relation(known) is Verdict.CONFLICT


def test_two_names_of_one_entry_are_one_place() -> None:
    one = _found("الشيخ سعيد", 36.1, 37.1, code="own:1")
    other = _found("Cheikh Saïd", 36.1, 37.1, code="own:1")
    assert one.relation(other) is Verdict.AGREE


def test_places_further_apart_than_both_reach_cannot_both_be_true() -> None:
    here = _found("Tarsin", 36.0, 37.0, code="a")
    assert here.relation(_found("Tarsin", 36.0, 38.0, code="b")) is Verdict.CONFLICT
    assert here.relation(_found("Omrun", 36.0, 38.0, code="b")) is Verdict.CONFLICT
    assert here.relation(_found("Omrun", 36.05, 37.05, code="b")) is Verdict.UNKNOWN
    far = _found("Kessir", 36.0, 38.0, 120.0, code="c")
    assert here.relation(far) is Verdict.UNKNOWN, "so far the words may reach"
    unlisted = _found("Omrun", 36.0, 38.0)
    assert here.relation(unlisted) is Verdict.UNKNOWN, "it lies in the place there, and is not it"
    assert here.relation(_found("Tarsin")) is Verdict.AGREE, "without a point nothing is far"


def test_what_the_text_puts_in_a_place_is_no_conflict_however_far_their_points() -> None:
    quarter = _found("Midan", 36.2, 37.1, within=("Tarsin",))
    assert quarter.relation(_found("Tarsin", 35.0, 39.0)) is Verdict.COMPATIBLE


@given(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.tuples(st.floats(-90, 90), st.floats(-180, 180))
)  # fmt: skip
def test_the_gap_of_two_points_is_a_distance(one: tuple[float, float], other: tuple[float, float]) -> None:
    a, b = _found("A", *one), _found("B", *other)
    gap = a.gap_km(b)
    assert gap is not None
    assert 0 <= gap <= 20_016
    assert gap == b.gap_km(a)
    assert a.gap_km(a) == 0


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert round(_found("A", 10.0, 5.0).gap_km(_found("B", 11.0, 5.0)) or 0) == 111
    assert _found("A").gap_km(_found("B", 1.0, 2.0)) is None


def test_a_name_that_lost_its_apostrophe_is_the_place_that_the_text_names_too() -> None:
    told = {
        m.place.name
        for m in place.read("Shells fell on Tarsins suburbs. Later aid reached the town of Tarsin.")
    }
    assert told == {"Tarsin"}
    alone = {m.place.name for m in place.read("Shells fell on Tarsins suburbs.")}
    assert alone == {"Tarsins"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("killed in an air strike near the Turkish border on Friday", "near the Turkish border"),
        ("a raid on the Syrian-Turkish border", "Syrian-Turkish border"),
        ("in a strike between the towns of Tarsin and Omrun", "between the towns of Tarsin and Omrun"),
        ("in a village 20 km north of the town of Tarsin", "20 km north of the town of Tarsin"),
    ],
)
def test_words_that_put_it_about_a_place_are_among_its_words(text, words):
    assert words in [m.place.words for m in place.read(text)]


def test_a_people_before_border_guards_is_no_place():
    assert list(place.read("two were shot by Turkish border guards")) == []
