"""Laws of wordings of weapons: the general and the special can be one, two that nothing puts together cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.agreement import Verdict
from tallystick.values.weapon import relation, senses

WORDS = ["barrel bombs", "bombs", "a car bomb", "suicide bomber", "explosive vest", "rockets", "Grad rockets", "shelling",
         "mortar", "air strikes", "F-16s", "drone", "sniper fire", "gunfire", "knives", "chlorine", "a landmine", "IED", "catapult", ""]  # fmt: skip


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_either_wording_may_come_first(one, other):
    assert relation(one, other) == relation(other, one)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_get_an_answer_and_equal_words_agree(one, other):
    assert relation(one, one).verdict is Verdict.AGREE
    assert relation(one, other).why


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("barrel bombs", "Barrel bomb", "agree"),
        ("F-16s", "F-16 combat jets", "agree"),
        ("barrel bombs", "bombs", "compatible"),
        ("barrel bombs", "air strikes", "compatible"),
        ("car bomb", "suicide bomber", "compatible"),
        ("suicide bombing", "explosive belt", "compatible"),
        ("rocket shells", "shelling", "compatible"),
        ("air strike", "mortar shells", "compatible"),
        ("shells filled with chlorine", "chemical", "compatible"),
        ("gunfire", "barrel bombs", "conflict"),
        ("knives", "rockets", "conflict"),
        ("sniper", "car bomb", "conflict"),
        ("catapult", "rockets", "unknown"),
        ("catapult", "trebuchet", "unknown"),
    ],
)
def test_two_wordings(one, other, verdict):
    assert relation(one, other).verdict == verdict


def test_a_suicide_bomber_is_no_aircraft():
    assert senses("suicide bombers") == {"suicide bomb"}
    assert senses("bombers") == {"jet"}
