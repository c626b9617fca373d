"""Laws of holding: a state of a place needs a verb of holding, and the place in its grammar."""

from __future__ import annotations

import time

import pytest

from tallystick.values import holding


def told(words, *places):
    """What is read of ``words`` in which ``places`` are known: (act, holder, place)."""
    spots = tuple((words.index(name), words.index(name) + len(name)) for name in places)
    return [
        (
            each.act,
            each.holder.name if each.holder else "itself" if each.itself else None,
            words[slice(*each.spot)],
        )
        for each in holding.read(words, spots)
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Government forces captured the town of Solem on Friday.", [("taken", "government", "Solem")]),
        ("The Harrow League retook Pellin.", [("taken", "Harrow League", "Pellin")]),
        ("Pellin fell to the Harrow League on Friday.", [("taken", "Harrow League", "Pellin")]),
        ("The village of Pellin was retaken by government forces.", [("taken", "government", "Pellin")]),
        ("Regime troops withdrew from Solem.", [("left", "government", "Solem")]),
        ("Solem is almost entirely held by the Harrow League.", [("held", "Harrow League", "Solem")]),
        ("Solem is under opposition control.", [("held", "opposition", "Solem")]),
        ("Government troops have besieged the town of Pellin.", [("besieged", "government", "Pellin")]),
        ("Solem has been under siege since January.", [("besieged", None, "Solem")]),
        ("The League broke the siege of Solem.", [("siege broken", "League", "Solem")]),
        ("The rebels, backed by Kessian jets, seized Solem.", [("taken", "rebels", "Solem")]),
        ("The army said it had captured Solem.", [("taken", "itself", "Solem")]),
        ("Shells fell on rebel-held Pellin.", [("held", "rebels", "Pellin")]),
        ("The rebels and the army are fighting for control of Solem.", [("contested", "army", "Solem")]),
    ],
)
def test_a_verb_of_holding_gives_its_holder_and_its_place(words, found):
    assert told(words, *{place for *_, place in found}) == found


@pytest.mark.parametrize(
    "words",
    [
        "Thursday is the main trading day in Solem, the League in the east since 2016.",
        "The League held a meeting in Solem.",
        "The army captured 12 soldiers in Solem.",
        "Twelve soldiers in Solem were captured by the League.",
        "The rebels took shelter in Solem.",
        "Residents were taken to Solem.",
        "The army captured three villages south of Solem.",
        "Capturing Solem would be a victory.",
        "Full control of Solem remains a hope.",
        "Trees surround Solem.",
        "What was left held Solem together.",
    ],
)
def test_without_a_verb_of_holding_or_its_place_there_is_no_state(words):
    assert told(words, "Solem") == []


def test_a_part_of_a_place_is_not_the_place():
    (hold,) = holding.read("The army captured a hilltop in the Pellin district.")
    assert hold.part
    (hold,) = holding.read("The army captured the town of Pellin.")
    assert not hold.part


def test_what_an_adjective_takes_for_granted_says_so():
    (hold,) = holding.read("They called for aid to rebel-held Pellin.")
    assert hold.presupposed


def test_a_party_is_no_place():
    assert told("The army captured the Harrow League.") == []


def test_a_divided_place_keeps_the_words_for_who_holds_which_part():
    words = "Solem has been divided between the army in the west and the League in the east since 2016."
    (hold,) = holding.read(words, ((0, 5),))
    assert (hold.act, hold.sides) == ("divided", "the army in the west and the League in the east")


def test_hostile_words_are_read_in_no_time():
    began = time.perf_counter()
    for words in ("captured " * 400, "a-" * 1500, "the army, backed by " * 150, "held control of the " * 150):
        list(holding.read(words, ((0, 3),)))
    assert time.perf_counter() - began < 2.0
