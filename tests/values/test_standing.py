"""Laws of standing: what happened, what is to come, what is denied, wanted or only possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.standing import standing


@pytest.mark.parametrize(
    ("words", "verb", "stands"),
    [
        ("The council is to hold an emergency meeting", "hold", "planned"),
        ("The council held an emergency meeting", "held", "happened"),
        ("The council will vote on the draft", "vote", "planned"),
        ("The council voted on the draft", "voted", "happened"),
        ("The army denied that it had taken Solem", "taken", "denied"),
        ("The army has not taken Solem", "taken", "denied"),
        ("They saw no sign of anyone leaving", "leaving", "denied"),
        ("The army launched an offensive to retake Solem", "retake", "planned"),
        ("The army managed to retake Solem", "retake", "happened"),
        ("If the army takes Solem", "takes", "possible"),
        ("The envoy called on the army to leave Solem", "leave", "wanted"),
        ("The army had been attempting to seize Solem", "seize", "planned"),
        ("The envoy met the army, which denied the raid", "met", "happened"),
    ],
)
def test_the_nearest_cue_before_the_verb_decides(words, verb, stands):
    assert standing(words, "stated", words.index(verb)) == stands


@pytest.mark.parametrize(
    ("stance", "stands"),
    [("denied", "denied"), ("refused", "denied"), ("planned", "planned"), ("called_for", "wanted"),
     ("warned", "foretold"), ("predicted", "foretold"), ("alleged", "happened")],
)  # fmt: skip
def test_the_stance_of_a_claim_outweighs_words_that_say_less(stance, stands):
    assert standing("the army taking Solem", stance, 9) == stands


def test_a_verb_in_the_past_happened_though_its_claim_calls_for_something_else():
    words = "the council met to hear calls for a truce"
    assert standing(words, "called_for", words.index("met")) == "happened"
    assert standing("the hill be captured", "called_for", 12) == "wanted"


def test_no_verb_in_the_past_undoes_a_denial_or_a_warning():
    for stance in ("denied", "refused", "warned", "predicted"):
        assert standing("the army captured Solem", stance, 9) != "happened"


@given(st.text(max_size=200), st.integers(0, 200))
def test_any_text_stands_somehow_and_a_denial_never_moves(words, at):
    assert standing(words, "stated", min(at, len(words))) in (
        "happened", "planned", "denied", "wanted", "foretold", "possible",
    )  # fmt: skip
    assert standing(words, "denied", min(at, len(words))) != "happened"
