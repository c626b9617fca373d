"""Laws of patterns: every number is a list of incidents, near is never hit, order never matters."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_struck import incident, one, told

from tallystick.findings import patterns
from tallystick.findings.objects import struck
from tallystick.findings.patterns import MOST
from tallystick.findings.rates import chance, holm, odds, wilson
from tallystick.model import Pattern, Patterns, Struck, Voice, Weighed
from tallystick.values.objects import KINDS


def relations(weighed: Weighed) -> set[tuple[str, str]]:
    return {(each.kind, each.relation) for each in struck(weighed)}


def of(found: Patterns, kind: str, dimension: str, value: str) -> Pattern:
    return next(p for p in found.patterns if (p.object, p.dimension, p.value) == (kind, dimension, value))


# ------------------------------------------------------------------------------ one incident


def test_what_was_hit_stands_on_the_claim_that_says_so() -> None:
    weighed = one("An air strike hit the Old Mill hospital and a school", voice="Harrow Observatory")
    medical, school = struck(weighed)
    assert (medical.kind, medical.relation, medical.words) == ("medical", "hit", ("hospital",))
    assert medical.names == ("Old Mill hospital",)
    assert medical.claims == (weighed.incident.accounts[0].head.id,)
    assert medical.origins == ("Harrow Observatory",)
    assert school.kind == "education"


def test_the_telling_settles_how_its_objects_stand_whatever_the_target_is_called() -> None:
    assert relations(one("A bomb went off in front of a mosque", target="worshippers at the mosque")) == {
        ("worship", "near")
    }
    assert relations(one("A bomb killed ten", target="bakery")) == {("market", "hit")}
    assert relations(one("A bomb killed ten", target="crowd outside a bakery")) == {("market", "near")}


def test_a_place_is_hit_by_what_hits_places_alone() -> None:
    assert relations(one("Shells killed two", kind="shelling", place="Manyan market")) == {("market", "hit")}
    assert relations(one("Fighting went on", kind="ground_clash", place="Zaara power plant")) == set()


def test_people_are_told_by_the_groups_that_figures_count() -> None:
    weighed = one("Shells killed many", harmed=[("medics", 2), ("journalists", 0)])
    (medical,) = struck(weighed)
    assert (medical.kind, medical.forms) == ("medical", ("person",))
    assert medical.claims == (weighed.incident.accounts[0].tolls()[0][0].id,)


def test_who_gives_the_figures_is_no_origin_of_what_another_says_was_hit() -> None:
    account = told("Shells hit a school", harmed=[("people", 4)], voice="Ada Venn")
    head, toll = account.claims
    toll = replace(toll, voices=(Voice("Omar Saleh"),))
    (school,) = struck(incident(replace(account, claims=(head, toll))))
    assert school.origins == ("Ada Venn",)


def test_what_is_warned_of_was_not_hit_and_a_denied_telling_denies() -> None:
    assert relations(one("an attack on a hospital", stance="warned")) == set()
    assert relations(one("an attack on a hospital", stance="denied")) == {("medical", "denied")}


def test_accounts_that_differ_are_both_told() -> None:
    weighed = incident(
        told("Shells hit a school", name="a", voice="Harrow Observatory"),
        told("Shells hit a school used as a base by fighters", name="b", voice="Army Staff"),
        told("Shells fell near a school", name="c", voice="Ada Venn"),
    )
    assert relations(weighed) == {("education", "hit"), ("education", "used"), ("education", "near")}
    assert {s.relation: s.origins for s in struck(weighed)}["used"] == ("Army Staff",)


# ------------------------------------------------------------------------------- many of them

WORDS = (
    "An air strike hit a hospital",
    "A shell hit a school in the town",
    "Bombs fell near a hospital",
    "Strikes hit the town",
    "The army denied bombing a market",
    "Rockets struck a market and a clinic",
)
case = st.lists(
    st.tuples(
        st.sampled_from(WORDS),
        st.sampled_from(("air_strike", "shelling", "other")),
        st.sampled_from(("Kelvač", "Solem", None)),
        st.sampled_from(("Orvethi army", "Harrow Front", None)),
        st.sampled_from(("2016-10-03", "2016-10-05", "2016-11-01", None)),
    ),
    max_size=14,
)


def built(rows: list[tuple[str, str, str | None, str | None, str | None]]) -> list[Weighed]:
    return [
        one(words, name=f"r{n}", kind=kind, place=place, by=by, day=day)
        for n, (words, kind, place, by, day) in enumerate(rows)
    ]


@settings(max_examples=40)
@given(case, st.integers(1, 4))
def test_every_number_has_its_list_and_the_interval_of_it(rows: list, minimum: int) -> None:
    weighed = built(rows)
    found = patterns(weighed, minimum)
    every = {w.incident.id for w in weighed}
    known = {claim.id for w in weighed for claim in w.incident.claims}
    assert set(found.incidents) == every
    for p in found.patterns:
        assert len(p.here.hit) >= minimum
        assert set(p.single) <= set(p.here.hit)
        assert p.claims
        assert set(p.claims) <= known
        for side in filter(None, (p.here, p.elsewhere)):
            assert set(side.hit) <= set(side.of) <= every
            assert len(set(side.of)) == len(side.of)
            assert (side.low, side.high) == wilson(len(side.hit), len(side.of))
        if p.elsewhere is not None:
            assert not set(p.here.of) & set(p.elsewhere.of)
            table = len(p.here.hit), len(p.here.of), len(p.elsewhere.hit), len(p.elsewhere.of)
            assert p.odds == odds(*table)
            assert p.chance is not None
            assert p.chance >= chance(*table)


@settings(max_examples=30)
@given(case, st.randoms(use_true_random=False))
def test_patterns_do_not_depend_on_the_order_of_incidents(rows: list, shuffler: random.Random) -> None:
    weighed = built(rows)
    mixed = list(weighed)
    shuffler.shuffle(mixed)
    assert patterns(weighed) == patterns(mixed)


@settings(max_examples=30)
@given(case)
def test_what_is_hit_is_what_the_words_say_and_near_counts_for_nothing(rows: list) -> None:
    weighed = built(rows)
    found = patterns(weighed, 1)
    hit = {
        w.incident.id
        for w, row in zip(weighed, rows, strict=True)
        if row[0] in (WORDS[0], WORDS[1], WORDS[5])
    }
    for p in found.patterns:
        assert set(p.here.hit) <= hit
        if p.object == "any":
            assert set(p.here.hit) == set(p.here.of) & hit
    assert {s.incident for s in found.struck if s.relation == "hit"} == hit


def test_nothing_below_the_least_number_is_shown_and_nothing_at_it_is_left_out() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", place="Kelvač", by="Orvethi army") for n in range(3)]
    weighed += [one(WORDS[3], name=f"s{n}", place="Solem", by="Harrow Front") for n in range(5)]
    found = patterns(weighed, 3)
    p = of(found, "medical", "accused", "Orvethi army")
    assert (len(p.here.hit), len(p.here.of)) == (3, 3)
    assert p.elsewhere is not None
    assert (len(p.elsewhere.hit), len(p.elsewhere.of)) == (0, 5)
    assert patterns(weighed, 4).patterns == ()
    for wrong in ((0, 3), (3, 0)):
        with pytest.raises(ValueError, match="at least one"):
            patterns(weighed, *wrong)


def test_an_incident_of_which_nothing_is_told_is_on_neither_side() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", by="Orvethi army") for n in range(3)]
    weighed += [one(WORDS[0], name="silent"), one(WORDS[3], name="other", by="Harrow Front")]
    p = of(patterns(weighed), "medical", "accused", "Orvethi army")
    assert len(p.here.of) == 3
    assert p.elsewhere is not None
    assert len(p.elsewhere.of) == 1


def test_a_denial_accuses_nobody() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", by="Orvethi army", denied=True) for n in range(3)]
    assert "accused" not in {p.dimension for p in patterns(weighed).patterns}


def test_a_deed_is_held_against_deeds_of_its_kind() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", by="Orvethi army") for n in range(3)]
    weighed += [one(WORDS[3], name=f"a{n}", by="Harrow Front") for n in range(2)]
    weighed += [one(WORDS[3], name=f"s{n}", kind="shelling", by="Harrow Front") for n in range(7)]
    found = patterns(weighed)
    deed, party = (of(found, "medical", *which) for which in (("deed", "air_strike: Orvethi army"), ("accused", "Orvethi army")))  # fmt: skip
    assert deed.elsewhere is not None
    assert party.elsewhere is not None
    assert (len(deed.elsewhere.of), len(party.elsewhere.of)) == (2, 9)


def test_one_origin_that_tells_all_is_named() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", voice="Harrow Observatory") for n in range(3)]
    p = of(patterns(weighed), "medical", "kind", "air_strike")
    assert p.origins == ("Harrow Observatory",)
    assert p.single == p.here.hit
    weighed[0] = incident(
        told(WORDS[0], name="a", voice="Harrow Observatory"), told(WORDS[0], name="b", voice="Ada Venn")
    )
    p = of(patterns(weighed), "medical", "kind", "air_strike")
    assert p.origins == ("Ada Venn", "Harrow Observatory")
    assert set(p.here.hit) - set(p.single) == {weighed[0].incident.id}


def test_chances_allow_for_all_comparisons_shown_or_not() -> None:
    weighed = [one(WORDS[0], name=f"r{n}", place="Kelvač") for n in range(6)]
    weighed += [one(WORDS[3], name=f"s{n}", place="Solem") for n in range(6)]
    found = patterns(weighed)
    p = of(found, "medical", "place", "Kelvač")
    plain = chance(6, 6, 0, 6)
    # Two places, of one object and of any: four comparisons, all as unlikely.
    assert found.compared == 4
    assert p.chance == pytest.approx(holm([plain] * 4)[0])
    assert p.is_clear
    assert not replace(p, chance=0.05).is_clear


def test_of_many_values_those_are_looked_at_that_most_incidents_tell() -> None:
    weighed = [
        one(WORDS[0], name=f"r{n}-{at}", place=f"Place {n}", kind="other", day=None)
        for n in range(MOST + 5)
        for at in range(4 if n == MOST + 4 else 3)
    ]
    found = patterns(weighed)
    shown = {p.value for p in found.patterns if p.object == "medical"}
    assert len(shown) == MOST
    assert f"Place {MOST + 4}" in shown
    assert found.compared == 2 * MOST


def test_totals_and_matters_are_no_incidents_here() -> None:
    weighed = [one(WORDS[0], aggregate=True), one(WORDS[0], kind="statement")]
    assert patterns(weighed) == Patterns(minimum=3, days=3)


def test_spellings_of_one_value_are_one_group() -> None:
    weighed = [
        one(WORDS[0], name=f"r{n}", weapon=w)
        for n, w in enumerate(("barrel bomb", "Barrel bombs", "barrel bombs"))
    ]
    assert of(patterns(weighed), "medical", "weapon", "Barrel bombs").here.of


# ------------------------------------------------------------------------------- second strikes


def again(*rows: tuple[str, str, str], days: int = 3) -> list[tuple[str, int | None, bool]]:
    weighed = [one(words, name=f"r{n}", day=day, place=place) for n, (words, day, place) in enumerate(rows)]
    return [(r.object, r.days, r.named) for r in patterns(weighed, days=days).repeats]


def test_a_second_strike_is_one_at_the_same_place_within_days() -> None:
    first, second = (
        ("Bombs hit a hospital", "2016-10-03", "Solem"),
        ("Shells hit the hospital", "2016-10-05", "Solem"),
    )
    assert again(first, second) == [("medical", 2, False)]
    assert again(first, second, days=2) == [("medical", 2, False)]
    assert again(first, second, days=1) == []
    assert again(first, ("Shells hit the hospital", "2016-10-05", "Kelvač")) == []
    assert again(first, ("Shells hit a school", "2016-10-05", "Solem")) == []
    assert again(first, ("Shells fell near the hospital", "2016-10-05", "Solem")) == []
    # The same day: nothing says that it is not one event in two incidents.
    assert again(first, ("Shells hit the hospital", "2016-10-03", "Solem")) == []


def test_two_places_of_one_name_are_no_second_strike_and_no_one_value() -> None:
    def hits(*provinces: str | None) -> Patterns:
        days = ("2016-10-03", "2016-10-04", "2016-10-05")
        rows = zip(days, provinces, strict=False)
        return patterns(
            [one("Bombs hit a hospital", name=day, day=day, place="Salhiyeh", admin1=p) for day, p in rows], 1
        )

    def places(found: Patterns) -> set[str]:
        return {p.value for p in found.patterns if p.dimension == "place"}

    assert hits("Kessir", "Marr").repeats == ()
    assert places(hits("Kessir", "Marr")) == {"Salhiyeh, Kessir", "Salhiyeh, Marr"}
    assert [r.place for r in hits("Kessir", "Kessir").repeats] == ["Salhiyeh"]
    assert [r.place for r in hits("Kessir", None).repeats] == ["Salhiyeh"]
    assert hits("Kessir", "Marr", None).repeats == ()


def test_thousands_of_incidents_of_one_place_are_looked_through_in_no_time() -> None:
    first = date(1900, 1, 1)
    days = [(first + timedelta(days=9 * n)).isoformat() for n in range(3000)]
    weighed = [one("Bombs hit a hospital", name=day, day=day, place="Solem") for day in days]
    began = time.process_time()
    assert patterns(weighed).repeats == ()
    assert time.process_time() - began < 4  # 0.7 s here


def test_two_names_are_two_buildings_and_one_name_is_one() -> None:
    bayan = ("Bombs hit Bayan Hospital", "2016-10-03", "Solem")
    assert again(bayan, ("Shells hit Bayan Hospital", "2016-10-04", "Solem")) == [("medical", 1, True)]
    assert again(bayan, ("Shells hit Millrace Hospital", "2016-10-04", "Solem")) == []


def test_a_second_strike_told_in_words_stands_on_them() -> None:
    weighed = one("The hospital was hit for the second time in a week", voice="Ada Venn")
    (repeat,) = patterns([weighed]).repeats
    assert (repeat.first, repeat.days, repeat.words) == (None, None, "second time")
    assert repeat.claims == (weighed.incident.accounts[0].head.id,)
    assert again(("The town was hit for the second time", "2016-10-03", "Solem")) == []


def test_a_whole_province_is_no_one_building() -> None:
    weighed = [
        one("Bombs hit a hospital", name=name, day=day, place="Idlib", admin1="Idlib")
        for name, day in (("a", "2016-10-03"), ("b", "2016-10-04"))
    ]
    assert patterns(weighed).repeats == ()


def test_a_list_of_what_was_struck_needs_a_claim() -> None:
    with pytest.raises(Exception, match="no claim says"):
        Struck("inc-1", "medical", "hit", (), (), (), (), ())  # type: ignore[arg-type]


def test_every_pattern_is_of_a_known_kind() -> None:
    weighed = [one(words, name=f"{n}") for n, words in enumerate(WORDS * 3)]
    assert {p.object for p in patterns(weighed, 1).patterns} <= {"any", *KINDS}
