"""Laws of counts: the words and bounds of the coding guidelines, and bounds that stay open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.agreement import Verdict
from tallystick.values.count import Count, number, read


def counts(text: str) -> list[tuple[str, int | None, int | None]]:
    return [(text[start:end], count.low, count.high) for start, end, count in read(text)]


@pytest.mark.parametrize(
    ("text", "words", "low", "high"),
    [
        ("15 people", "15", 15, 15),
        ("at least 15 people", "at least 15", 15, None),
        ("no fewer than twelve", "no fewer than twelve", 12, None),
        ("more than 15 people", "more than 15", 15, None),
        ("over 300,000 people", "over 300,000", 300_000, None),
        ("up to 20 fighters", "up to 20", None, 20),
        ("as many as 20", "as many as 20", None, 20),
        ("fewer than 20", "fewer than 20", None, 19),
        ("about 15", "about 15", 15, 15),
        ("15 to 20 dead", "15 to 20", 15, 20),
        ("15-20 dead", "15-20", 15, 20),
        ("between 30 and 45", "between 30 and 45", 30, 45),
        ("20 or more", "20 or more", 20, None),
        ("several people", "several", 3, None),
        ("a number of people", "a number of", 2, None),
        ("a large number of people", "a large number of", 2, None),
        ("many militants", "many", 2, None),
        ("some people", "some", 2, None),
        ("tens of people", "tens", 20, None),
        ("dozens", "dozens", 24, None),
        ("scores of men", "scores", 40, None),
        ("hundreds of", "hundreds", 200, None),
        ("thousands of", "thousands", 2_000, None),
        ("no one was hurt", "no one", 0, 0),
        ("two dozen", "two dozen", 24, 24),
        ("half a million", "half a million", 500_000, 500_000),
        ("1.2 million", "1.2 million", 1_200_000, 1_200_000),
        ("more than a quarter of a million", "more than a quarter of a million", 250_000, None),
        ("two hundred and five men", "two hundred and five", 205, 205),
    ],
)
def test_words_for_numbers_have_the_bounds_of_the_guidelines(text, words, low, high):
    assert counts(text) == [(words, low, high)]


@pytest.mark.parametrize(
    "text",
    [
        "a woman",
        "some of them",
        "34%",
        "a 12-year-old boy",
        "at 5.30",
        "a two-day truce",
        "Resolution 2249 calls",
        "as reported.[2]",
    ],
)
def test_what_counts_nobody_is_no_count(text):
    assert counts(text) == []


def test_two_counts_joined_by_and_stay_two():
    assert counts("five and six people") == [("five", 5, 5), ("six", 6, 6)]


@given(st.integers(0, 10**9))
def test_every_whole_number_is_read_back_with_and_without_separators(n):
    assert counts(f"{n} people") == [(str(n), n, n)]
    assert counts(f"{n:,} people") == [(f"{n:,}", n, n)]


UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(n: int) -> str:
    """English number words, the slow and obvious way."""
    if n < 20:
        return UNITS[n]
    if n < 100:
        return TENS[n // 10 - 2] + (f"-{UNITS[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{UNITS[n // 100]} hundred" + (f" and {spell(n % 100)}" if n % 100 else "")
    return f"{spell(n // 1000)} thousand" + (f" {spell(n % 1000)}" if n % 1000 else "")


@given(st.integers(0, 999_999))
def test_number_words_mean_what_they_spell(n):
    assert number(spell(n)) == n


@given(st.integers(1, 999))
def test_number_words_are_found_whole(n):
    assert counts(f"killed {spell(n)} people") == [(spell(n), n, n)]


@given(st.text(max_size=200))
def test_counts_lie_in_the_text_in_order_and_never_overlap(text):
    end_before = 0
    for start, end, count in read(text):
        assert end_before <= start < end <= len(text)
        assert count.low is not None or count.high is not None
        end_before = end


bounds = st.one_of(
    st.integers(0, 60).map(lambda n: Count(n, n)),
    st.integers(0, 60).map(lambda n: Count(n, None)),
    st.integers(0, 60).map(lambda n: Count(None, n)),
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: Count(min(p), max(p))),
)


@given(bounds, bounds)
def test_two_counts_conflict_exactly_when_no_number_fits_both(left, right):
    def fits(count, n):
        return (count.low is None or n >= count.low) and (count.high is None or n <= count.high)

    both = any(fits(left, n) and fits(right, n) for n in range(200))
    assert (left.relation(right) is not Verdict.CONFLICT) == both
    assert left.relation(right) == right.relation(left)
    assert left.relation(left) is Verdict.AGREE


def test_an_open_bound_never_closes():
    assert Count(10, None, above=True).relation(Count(10, 10)) is Verdict.CONFLICT
    assert Count(10, None, above=True).relation(Count(11, 11)) is Verdict.COMPATIBLE
    assert Count(10, None, above=True).relation(Count(10, None)) is Verdict.COMPATIBLE
    assert Count(11, None).relation(Count(17, 17)) is Verdict.COMPATIBLE
    assert Count(11, None).relation(Count(10, 10)) is Verdict.CONFLICT


@pytest.mark.parametrize(("low", "high"), [(None, None), (5, 4), (-1, 3)])
def test_a_count_without_sense_cannot_be_made(low, high):
    with pytest.raises(ValueError, match="bound"):
        Count(low, high)
