"""Laws of how a text is laid before the model."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tallystick.claims.windows import BACK, LEAD, SIZE, START, STOP, TITLE, windows

lengths = st.integers(0, 3000)
titles = st.integers(0, 60)


@given(lengths, titles)
def test_every_piece_is_the_own_of_exactly_one_window(length, title):
    laid = windows(range(5000, 5000 + length), [7] * title)
    assert [laid[0].first, *(w.last for w in laid)] == [*(w.first for w in laid), length]


@given(lengths, titles)
def test_no_window_is_longer_than_the_model_reads_and_each_is_marked_at_both_ends(length, title):
    for window in windows(range(5000, 5000 + length), [7] * title):
        assert len(window.ids) == len(window.parts) == len(window.at) <= SIZE
        assert (window.ids[0], window.ids[-1]) == (START, STOP)
        assert int((window.ids[: 3 + TITLE] == 7).sum()) == min(title, TITLE)


@given(lengths, titles)
def test_places_lead_back_to_the_pieces(length, title):
    for window in windows(range(5000, 5000 + length), [7] * title):
        for piece, place in window.places().items():
            assert window.ids[place] == 5000 + piece
            assert window.parts[place] == 1
        assert set(range(window.first, window.last)) <= window.places().keys()


@given(st.integers(SIZE, 3000))
def test_a_later_window_begins_with_what_was_told_first_and_with_what_stands_before_its_own(length):
    for window in windows(range(5000, 5000 + length))[1:]:
        seen = window.places().keys()
        assert set(range(LEAD)) <= seen
        assert set(range(max(LEAD, window.first - BACK), window.first)) <= seen


def test_a_short_text_is_one_window():
    (window,) = windows([9, 8, 7], [5])
    assert window.ids.tolist() == [START, 5, STOP, 9, 8, 7, STOP]
    assert np.array_equal(window.at, [-1, -1, -1, 0, 1, 2, -1])
