"""Laws of matters compared: one statement in two cuts, two statements of one speaker, one thing in two states."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_document

from tallystick import incidents
from tallystick.incidents.matters import WEIGHTS, compare_matters
from tallystick.model import Account, Claim, Telling, Voice
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When
from tallystick.values.wordings import content, shared


def matter(
    words,
    kind="statement",
    voice="Sanna Orlek",
    day="2019-05-16",
    stance="stated",
    place=None,
    published="2019-05-16",
    name="a",
):
    """An account of one claim, told in ``words``."""
    document = make_document(words, name, published)
    span = document.span(0, len(words))
    when = When(date.fromisoformat(day), date.fromisoformat(day), "day") if day else UNKNOWN
    voices = (Voice(voice),) if voice else ()
    head = Claim(
        span,
        "diplomacy",
        Telling(kind, when=when, place=Place(place) if place else None),
        voices,
        stance,
        span,
    )
    return Account(head, (head,), "Corvane", document.published)


def verdict(left, right):
    return incidents.compare(left, right).verdict


def names(left, right):
    return {name for name, _ in compare_matters(left, right)}


def test_harm_and_a_matter_can_be_compared_whichever_has_the_smaller_id():
    said = matter(SPEECH)
    harm = [
        matter(SPEECH, kind="air_strike", day="2019-05-20", place="Orsk", name=name) for name in "bcdefghijk"
    ]
    assert {each.id < said.id for each in harm} == {True, False}
    for each in harm:
        judged = incidents.compare(said, each)
        assert judged == incidents.compare(each, said)
        assert any(reason.startswith("days apart (") for reason in judged.reasons)


SPEECH = "The bombing of the market was a crime that the whole valley will remember, and those who ordered it must answer for it"


@pytest.mark.parametrize(
    "cut",
    [
        SPEECH,
        "The bombing of the market was a crime that the whole valley will remember",
        "The bombing of the market was a crime […] and those who ordered it must answer for it",
        "[the] bombing of the market was a crime [...] those who ordered it must answer",
        "the whole valley would remember the bombing of the market as a crime, and those who ordered it must answer for it",
    ],
)
def test_one_speech_in_different_cuts_is_one_statement(cut):
    left, right = matter(SPEECH), matter(cut, name="b")
    assert "same words" in names(left, right)
    assert verdict(left, right) == "same"


def test_what_an_editor_put_in_is_no_word_of_the_speaker():
    assert content("[We] saw the convoy [of the agency] burn (sic) …") == content("saw the convoy burn")


def test_one_speaker_on_two_days_makes_two_statements():
    left = matter(SPEECH)
    right = matter(
        "The council should send monitors to the crossings at once",
        day="2019-05-19",
        published="2019-05-19",
        name="b",
    )
    assert verdict(left, right) == "different"


def test_one_speaker_on_one_day_makes_two_statements_in_wholly_different_words():
    right = matter("Our hospitals have no more bandages", name="b")
    assert verdict(matter(SPEECH), right) != "same"


def test_a_meeting_planned_and_held_is_one_matter_in_two_states():
    ahead = matter(
        "The Harrow Council is to hold an emergency meeting on Friday", "meeting", None, stance="planned"
    )
    held = matter("The Harrow Council held an emergency meeting on Friday", "meeting", None, name="b")
    assert "planned in one, happened in the other" in names(ahead, held)
    assert verdict(ahead, held) == "same"


def test_what_one_asserts_and_another_denies_is_one_matter():
    said = matter("People were leaving the east of Solem", "displacement", "radio", place="Solem")
    denied = matter(
        "no sign of people leaving the east of Solem",
        "displacement",
        "rescuers",
        stance="denied",
        place="Solem",
        name="b",
    )
    assert "denied in one, asserted in the other" in names(said, denied)
    assert verdict(said, denied) == "same"


def test_meetings_of_two_days_are_two():
    left = matter("The council held a meeting", "meeting", None)
    assert (
        verdict(
            left,
            matter(
                "The council held a meeting",
                "meeting",
                None,
                day="2019-05-24",
                published="2019-05-24",
                name="b",
            ),
        )
        != "same"
    )


def test_of_one_place_and_day_there_is_one_state_of_things():
    left = matter("Solem was quiet", "control", None, place="Solem")
    assert "one state of things" in names(
        left, matter("the army guards it", "control", None, place="Solem", name="b")
    )
    assert "one state of things" not in names(
        left, matter("the army guards it", "control", None, place="Pellin", name="b")
    )


def test_a_long_time_says_less_than_a_day():
    left, right = matter(SPEECH), matter(SPEECH, name="b")
    long = When(date(2011, 1, 1), date(2019, 5, 16), "year")
    head = Claim(
        right.span, "diplomacy", Telling("statement", when=long), right.head.voices, "stated", right.span
    )
    stretched = Account(head, (head,), "Corvane", right.published)
    assert "same day" in names(left, right)
    assert "a day in a longer time" in names(left, stretched)
    assert WEIGHTS["a day in a longer time"] < WEIGHTS["days overlap"] <= WEIGHTS["same day"]


def test_more_words_in_common_never_weigh_less():
    order = ("told in other words", "words in common", "much the same words", "same words")
    weights = [WEIGHTS[name] for name in order]
    assert weights == sorted(weights)


WORDS = st.lists(
    st.sampled_from(
        [
            "market",
            "crime",
            "valley",
            "council",
            "truce",
            "Solem",
            "army",
            "vote",
            "draft",
            "people",
            "left",
            "held",
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)
KIND = st.sampled_from(("statement", "control", "meeting", "vote", "warning"))


@given(WORDS, WORDS, KIND, KIND)
def test_the_order_of_the_two_never_matters(one, other, kind, another):
    left, right = matter(one, kind), matter(other, another, name="b")
    assert names(left, right) == names(right, left)
    assert incidents.compare(left, right) == incidents.compare(right, left)


@given(WORDS, WORDS)
def test_every_reason_has_a_weight_and_a_wording_is_like_itself(one, other):
    assert names(matter(one), matter(other, name="b")) <= WEIGHTS.keys()
    assert shared(one, other)[:2] == shared(other, one)[:2]
    assert shared(one, one).inner in (0.0, 1.0)
