"""Laws of alleged crimes: a reading aid on claims, never on what was near, denied or of combatants only."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_struck import incident, one, told

from tallystick.findings import alleged, patterns
from tallystick.findings.crimes import Conflict
from tallystick.model import Alleged, Weighed

HERE: Conflict = "non-international"


def tags(*weighed: Weighed, conflict: Conflict = HERE) -> list[Alleged]:
    return list(alleged(weighed, patterns(weighed).struck, conflict))


def articles(*weighed: Weighed, conflict: Conflict = HERE) -> set[str]:
    return {tag.article for tag in tags(*weighed, conflict=conflict)}


@pytest.mark.parametrize(
    ("words", "kind", "home", "abroad"),
    [
        ("An air strike hit a hospital", "air_strike", {"8(2)(e)(iv)"}, {"8(2)(b)(ix)"}),
        ("Shells hit a school and a mosque", "shelling", {"8(2)(e)(iv)"}, {"8(2)(b)(ix)"}),
        ("Rockets destroyed two ambulances", "shelling", {"8(2)(e)(ii)"}, {"8(2)(b)(xxiv)"}),
        (
            "Bombs hit a clinic of the Red Crescent", "air_strike",
            {"8(2)(e)(ii)", "8(2)(e)(iv)"}, {"8(2)(b)(ix)", "8(2)(b)(xxiv)"},
        ),
        ("The raid hit an aid convoy", "air_strike", {"8(2)(e)(iii)"}, {"8(2)(b)(iii)"}),
        ("Jets struck a market", "air_strike", {"8(2)(e)(i)"}, set()),
        ("Mortars were fired; they targeted civilians", "shelling", {"8(2)(e)(i)"}, set()),
        ("Indiscriminate shelling of the town killed ten", "shelling", set(), {"8(2)(b)(iv)"}),
        ("Chlorine was dropped on the town", "chemical_attack", set(), {"8(2)(b)(xviii)"}),
        ("The siege uses starvation against the town", "other", set(), {"8(2)(b)(xxv)"}),
        ("They beheaded two men in the square", "killing", {"8(2)(c)(iv)"}, set()),
        ("Gunmen massacred a family", "killing", {"8(2)(c)(i)"}, set()),
        ("They took 40 villagers hostage", "capture", {"8(2)(c)(iii)"}, set()),
        ("They demanded a ransom for the release of the hostages", "capture", {"8(2)(c)(iii)"}, set()),
        ("No fewer than 30 shells hit civilians", "shelling", {"8(2)(e)(i)"}, set()),
        ("Troops fired without warning on civilians", "shelling", {"8(2)(e)(i)"}, set()),
        ("Strikes did not target civilians, but rockets struck residents", "shelling", {"8(2)(e)(i)"}, set()),
        ("Strikes hit the town", "air_strike", set(), set()),
    ],
)  # fmt: skip
def test_words_lead_to_the_articles_that_are_about_them(
    words: str, kind: str, home: set[str], abroad: set[str]
) -> None:
    weighed = one(words, kind=kind)
    assert articles(weighed) == home
    assert articles(weighed, conflict="international") == abroad


@pytest.mark.parametrize(
    "words",
    [
        "Bombs fell near a hospital",
        "They saw no hospital there",
        "The army denied bombing a school",
        "The wounded were taken to a hospital",
        "They threatened to bomb the schools",
        "Shells hit a school used as a base by fighters",
        "A rocket attack wounded three civilians",
        "Rockets were fired near residential areas",
        "The strike was called a massacre",
    ],
)
def test_what_was_near_denied_used_or_only_named_leads_to_none(words: str) -> None:
    assert articles(one(words)) == set()
    assert articles(one(words), conflict="international") == set()


def test_words_that_differ_in_a_capital_are_quoted_once() -> None:
    (tag,) = tags(incident(told("Shells hit a school", name="a"), told("Shells hit a School", name="b")))
    assert tag.why.casefold() == "said to have been hit: “school”"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The coalition said its strikes did not target civilians", "air_strike"),
        ("The army said it tries to avoid hitting civilians", "air_strike"),
        ("The army said it avoids hitting civilians", "air_strike"),
        ("There was no evidence of strikes targeting civilians", "air_strike"),
        ("Strikes hit no civilians", "air_strike"),
        ("They threatened to shell residential areas", "shelling"),
        ("Nobody was executed in the town", "killing"),
        ("The men were not murdered", "killing"),
        ("No hostages were taken", "capture"),
        ("They freed all the hostages they held unharmed", "capture"),
        ("The hostages held in the town were released", "capture"),
        ("The two sides agreed on a hostage exchange", "capture"),
        ("The shelling was not indiscriminate", "shelling"),
        ("No chlorine was used in the town", "chemical_attack"),
    ],
)
def test_what_words_negate_avoid_or_undo_leads_to_none(words: str, kind: str) -> None:
    assert articles(one(words, kind=kind)) == set()
    # A report of a chemical attack is one of gases, whatever substance its words rule out.
    assert articles(one(words, kind=kind), conflict="international") <= {"8(2)(b)(xviii)"}


def test_harm_to_combatants_only_leads_to_none() -> None:
    words = "An air strike hit a hospital and a market"
    assert articles(one(words, harmed=[("fighters", 5), ("soldiers", 1)])) == set()
    assert articles(one(words, harmed=[("fighters", 5), ("civilians", 1)])) == {"8(2)(e)(i)", "8(2)(e)(iv)"}
    assert articles(one(words, harmed=[("fighters", 5), ("people", 6)])) == {"8(2)(e)(i)", "8(2)(e)(iv)"}
    # A figure of nobody says nothing of who was harmed.
    assert articles(one(words, harmed=[("fighters", 5), ("civilians", 0)])) == set()


def test_what_others_say_of_the_object_stands_beside_the_tag() -> None:
    weighed = incident(
        told("Shells hit a school", name="a", voice="Harrow Observatory"),
        told("Shells hit a school used as a base by fighters", name="b", voice="Army Staff"),
        told("an attack on a school", name="c", voice="Army Staff", stance="denied"),
    )
    (tag,) = tags(weighed)
    assert tag.why == (
        "said to have been hit: “school”; also said to have been used by fighters; denied in other words"
    )
    assert tag.claims == (weighed.incident.accounts[0].head.id,)


def test_totals_and_matters_are_never_tagged() -> None:
    assert articles(one("Strikes targeted civilians")) == {"8(2)(e)(i)"}
    assert articles(one("Strikes targeted civilians", aggregate=True)) == set()
    assert articles(one("Strikes hit 12 hospitals", kind="statement")) == set()


def test_a_conflict_of_no_known_sort_is_refused() -> None:
    with pytest.raises(ValueError, match="international"):
        alleged((), (), "civil")  # type: ignore[arg-type]


def test_a_tag_without_a_claim_cannot_be_made() -> None:
    with pytest.raises(Exception, match="no claim leads"):
        Alleged("inc-1", "8(2)(e)(i)", "attacks on civilians", "", "", ())  # type: ignore[arg-type]


WORDS = (
    "An air strike hit a hospital", "Shells hit a market", "Bombs fell near a school", "The raid hit an aid convoy",
    "They beheaded two men", "Strikes hit the town", "Shells targeted residential areas",
)  # fmt: skip
case = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(("air_strike", "killing", "chemical_attack", "other"))),
    max_size=8,
)


@settings(max_examples=40)
@given(case, st.randoms(use_true_random=False), st.sampled_from(("non-international", "international")))
def test_every_tag_stands_on_claims_of_its_incident_in_any_order(
    rows: list, shuffler, conflict: Conflict
) -> None:
    weighed = [one(words, name=f"r{n}", kind=kind) for n, (words, kind) in enumerate(rows)]
    found = tags(*weighed, conflict=conflict)
    held = {w.incident.id: {claim.id for claim in w.incident.claims} for w in weighed}
    for tag in found:
        assert tag.claims
        assert set(tag.claims) <= held[tag.incident]
        assert "“" in tag.why
        assert tag.hint
        assert ("8(2)(b)" in tag.article) == (conflict == "international")
    mixed = list(weighed)
    shuffler.shuffle(mixed)
    assert tags(*mixed, conflict=conflict) == found
