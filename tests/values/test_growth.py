"""Laws of words that tell a toll in motion: each is heard in the figure's own sentence, not elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.growth import early, grown, may_grow


def at(text, words="six"):
    start = text.index(words)
    return text, start, start + len(words)


@pytest.mark.parametrize(
    ("hear", "text"),
    [
        (early, "Initially six were said to be dead."),
        (early, "Police earlier said six had died."),
        (early, "Police put the toll at six earlier."),
        (may_grow, "At least six died so far."),
        (may_grow, "Officials expect six dead and fear the count may rise."),
        (may_grow, "He said six died. The number of dead could increase."),
        (may_grow, "The toll has risen to six."),
        (grown, "The toll has risen to six."),
        (grown, "Rising casualties: six dead"),
        (grown, "Six died, up from four; six in all."),
        (grown, "An updated death toll names six."),
    ],
)
def test_words_of_motion_are_heard(hear, text):
    assert hear(*at(text)) in text


@pytest.mark.parametrize(
    ("hear", "text"),
    [
        (early, "Six arrived earlier this week, then six died."),
        (early, "Initially nobody knew. Then six died."),
        (may_grow, "The price of bread may rise, as six shops burnt."),
        (grown, "Six died, and the toll is expected to rise above six."),
        (grown, "The toll rose elsewhere. Here six died."),
        (grown, "They rose at dawn, and six left."),
    ],
)
def test_other_words_are_not(hear, text):
    assert hear(*at(text)) is None


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_text_can_be_heard(text, a, b):
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    for hear in (early, may_grow, grown):
        found = hear(text, start, end)
        assert found is None or found


def test_a_long_sentence_is_heard_in_no_time():
    text = "the toll " * 20_000 + "six" + " the number" * 20_000
    assert grown(*at(text)) is None
