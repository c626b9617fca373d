"""Laws of shares and odds, held against published values and against slow and obvious sums."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf, isclose, isinf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.findings.rates import chance, holm, odds, wilson

shares = st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
sides = st.integers(0, 9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(
    ("hit", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_that_newcombe_1998_prints(
    hit: int, of: int, low: float, high: float
) -> None:
    assert [round(end, 4) for end in wilson(hit, of)] == [low, high]


@given(shares)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(share: tuple[int, int]) -> None:
    hit, of = share
    low, high = wilson(hit, of)
    assert 0 <= low <= hit / of <= high <= 1
    assert low < high


@given(shares, st.integers(2, 30))
def test_the_interval_narrows_as_incidents_grow(share: tuple[int, int], times: int) -> None:
    hit, of = share
    few, many = wilson(hit, of), wilson(hit * times, of * times)
    assert many[1] - many[0] < few[1] - few[0]


@given(shares)
def test_the_share_of_the_rest_mirrors_it(share: tuple[int, int]) -> None:
    hit, of = share
    (low, high), (other_low, other_high) = wilson(hit, of), wilson(of - hit, of)
    assert isclose(low, 1 - other_high, abs_tol=1e-12)
    assert isclose(high, 1 - other_low, abs_tol=1e-12)


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    for wrong in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="no share"):
            wilson(*wrong)
    with pytest.raises(ValueError, match="no table"):
        odds(4, 3, 0, 1)


def test_the_tea_tasting_lady_of_fisher_1935() -> None:
    """The estimate and the chance are those that R's documentation of ``fisher.test`` prints."""
    low, middle, high = odds(3, 4, 1, 4)
    assert round(middle, 4) == 6.4083
    assert round(chance(3, 4, 1, 4), 4) == 0.4857
    assert low < 1 < middle < high


def test_the_twins_convicted_of_crime_of_fisher_1962() -> None:
    assert round(odds(2, 12, 15, 18)[1], 4) == 0.0469
    assert round(chance(2, 12, 15, 18), 7) == 0.0005367


def weights(hit: int, of: int, hit_else: int, of_else: int) -> dict[int, int]:
    """How many ways there are to each first cell, by brute force."""
    total = hit + hit_else
    return {k: comb(of, k) * comb(of_else, total - k) for k in range(of + 1) if 0 <= total - k <= of_else}


@given(sides, sides)
def test_chance_is_that_of_the_slow_sum_in_fractions(one: tuple[int, int], other: tuple[int, int]) -> None:
    ways = weights(*one, *other)
    slow = Fraction(sum(w for w in ways.values() if w <= ways[one[0]]), sum(ways.values()))
    assert isclose(chance(*one, *other), slow, rel_tol=1e-8)


@given(sides, sides)
def test_the_bounds_of_odds_leave_a_fortieth_at_either_end(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    low, middle, high = odds(*one, *other)
    ways, hit = weights(*one, *other), one[0]

    def part(ratio: float, keep) -> float:
        top = max(ways)
        every = {k: w * ratio ** (k - top) for k, w in ways.items()}
        return sum(w for k, w in every.items() if keep(k)) / sum(every.values())

    if len(ways) == 1:
        assert (low, middle, high) == (0.0, 1.0, inf)
        return
    assert low <= middle <= high
    if hit == min(ways):
        assert (low, middle) == (0.0, 0.0)
    else:
        assert isclose(part(low, lambda k: k >= hit), 0.025, rel_tol=1e-6)
    if hit == max(ways):
        assert isinf(middle)
        assert isinf(high)
    else:
        assert isclose(part(high, lambda k: k <= hit), 0.025, rel_tol=1e-6)
    if min(ways) < hit < max(ways):
        top = max(ways)
        every = {k: w * middle ** (k - top) for k, w in ways.items()}
        assert isclose(sum(k * w for k, w in every.items()) / sum(every.values()), hit, rel_tol=1e-6)


@given(sides, sides)
def test_looked_at_from_the_other_side_odds_turn_over(one: tuple[int, int], other: tuple[int, int]) -> None:
    low, middle, high = odds(*one, *other)
    back = odds(*other, *one)
    if len(weights(*one, *other)) > 1:
        for end, turned in zip((low, middle, high), reversed(back), strict=True):
            assert isclose(end, 0.0 if isinf(turned) else inf if turned == 0 else 1 / turned, rel_tol=1e-6)


def test_great_numbers_are_worked_out() -> None:
    low, middle, high = odds(900, 9000, 300, 11000)
    assert low < middle < high
    assert 3.5 < middle < 4.3
    assert 0 <= chance(900, 9000, 300, 11000) < 1e-9


chances = st.lists(st.floats(0, 1), max_size=12)


@given(chances)
def test_allowance_is_the_slow_and_obvious_one(told: list[float]) -> None:
    """Of each: the greatest of all that are no likelier, each times how many are no less likely than it."""
    for one, allowed in zip(told, holm(told), strict=True):
        lesser = [other for other in told if other <= one]
        slow = max(min(1.0, (len(told) - sum(o < other for o in told)) * other) for other in lesser)
        assert isclose(allowed, slow, abs_tol=1e-12)
        assert one <= allowed <= 1


def test_allowance_is_that_of_holm_1979() -> None:
    assert [round(one, 12) for one in holm([0.01, 0.04, 0.03, 0.005])] == [0.03, 0.06, 0.06, 0.02]
    assert holm([]) == []
