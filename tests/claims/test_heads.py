"""Laws of the numbers that the small nets are fed, and of what their certainty means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.claims.heads import (
    FAR,
    GAPS,
    ORDERS,
    PAIRS,
    PART,
    PARTS,
    STEPS,
    Heads,
    Settings,
    gaps,
    orders,
    parts_in,
    steps,
)

places = st.lists(st.integers(0, 5000), min_size=1, max_size=12).map(lambda n: np.array(n, dtype=np.int64))


@given(places, places)
def test_gaps_are_small_numbers_that_rise_with_the_distance(query, candidates):
    found = gaps(query, candidates)
    apart = candidates[None, :] - query[:, None]
    assert found.min() >= 0
    assert found.max() < GAPS
    order = np.argsort(apart, axis=1, kind="stable")
    assert (np.diff(np.take_along_axis(found, order, axis=1), axis=1) >= 0).all()


@given(places, places)
def test_a_gap_and_its_reverse_lie_on_two_sides_of_none(query, candidates):
    assert np.array_equal(
        gaps(query, candidates) + gaps(candidates, query).T,
        np.full((len(query), len(candidates)), 2 * gaps(query[:1], query[:1])[0, 0]),
    )


@given(places, places)
def test_steps_stay_within_what_is_told_apart(query, candidates):
    found = steps(query, candidates)
    apart = candidates[None, :] - query[:, None]
    assert found.min() >= 0
    assert found.max() < STEPS
    assert (found[np.abs(apart) <= FAR] - FAR == apart[np.abs(apart) <= FAR]).all()


@given(places, places)
def test_orders_number_the_candidates_from_the_nearest(query, candidates):
    apart = candidates[None, :] - query[:, None]
    found = orders(apart)
    for row, far in zip(found, np.abs(apart), strict=True):
        slow = [
            min(ORDERS - 1, sum((other, n) < (mine, m) for n, other in enumerate(far)))
            for m, mine in enumerate(far)
        ]
        assert row.tolist() == slow


def test_a_pair_is_scored_as_the_words_say():
    """Beside the quick code the slow sum: relu(a·q + b·c + what gap, step, hint and order add) · out."""
    rng = np.random.default_rng(3)
    width, wide = PART, 8
    shapes = {"a.weight": (width, wide), "a.bias": (width,), "b.weight": (width, wide), "gap.weight": (GAPS, width), "step.weight": (STEPS, width),
              "hint.weight": (12, width), "order.weight": (ORDERS, width), "out.weight": (1, width), "out.bias": (1,), "null.weight": (1, wide), "null.bias": (1,)}  # fmt: skip
    w = {f"pairs.figure_voice.{n}": rng.normal(size=s).astype(np.float32) for n, s in shapes.items()}
    q, c = rng.normal(size=(2, wide)).astype(np.float32), rng.normal(size=(3, wide)).astype(np.float32)
    far = rng.integers(0, 8, size=(2, 3, 4))
    got = Heads(w).pair("figure_voice", q, c, far)
    p = {n: w[f"pairs.figure_voice.{n}"] for n in shapes}
    for i in range(2):
        for j in range(3):
            h = p["a.weight"] @ q[i] + p["a.bias"] + p["b.weight"] @ c[j]
            for n, table in enumerate(("gap", "step", "hint", "order")):
                h = h + p[f"{table}.weight"][far[i, j, n]]
            slow = float(p["out.weight"][0] @ np.maximum(h, 0) + p["out.bias"][0])
            assert got[i, j, 0] == pytest.approx(slow, rel=1e-3, abs=1e-3)
    assert Heads(w).null("figure_voice", q).shape == (2,)
    assert PAIRS["figure_voice"] == (1, True)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 3), st.floats(-3, 3))
def test_certainty_is_a_probability_that_keeps_the_order(left, right, slope, offset):
    settings = Settings(certainty={"tally": (slope, offset)})
    a, b = settings.sure("tally", left), settings.sure("tally", right)
    assert 0 <= a <= 1
    assert a <= b or left >= right


def test_a_sort_that_was_never_measured_keeps_what_the_model_says():
    assert Settings().sure("tally", 0.7) == pytest.approx(0.7, abs=1e-3)


@given(st.lists(st.integers(0, 2 * len(PARTS)), max_size=30))
def test_runs_of_parts_are_those_that_a_slow_reading_finds(tags):
    logits = (
        np.eye(2 * len(PARTS) + 1, dtype=np.float32)[np.array(tags, dtype=np.int64)]
        if tags
        else np.zeros((0, 9))
    )
    slow, run = [], None
    for i, tag in enumerate([*tags, 0]):
        part = (tag - 1) // 2 if tag else None
        if run and (part != run[1] or tag % 2):
            slow.append((run[0], i, PARTS[run[1]]))
            run = None
        if run is None and part is not None:
            run = i, part
    assert parts_in(logits) == slow
