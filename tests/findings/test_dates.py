"""Laws of doubtful dates: what a report's own text says against the day it is dated, and no more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_document

from tallystick.findings import misdated
from tallystick.values.when import iso


def doubt(text: str, published: str | None = "2021-03-12", received: date | None = None) -> str | None:
    return misdated(make_document(text, published=published), received)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Published 20 March 2021 Six people were killed.", "it prints “Published 20 March 2021” at its head (20 March 2021), but is dated 12 March 2021"),
        ("VELMAR, March 3 (Agency) - Six people were killed.", "it prints “VELMAR, March 3” at its head (3 March 2021), but is dated 12 March 2021"),
        ("Six people were killed in Velmar on 19 March 2021.", "it tells of “19 March 2021” (19 March 2021) as past, but is dated 12 March 2021"),
        ("Six were killed on Monday 2 March 2021.", "it says “Monday 2 March 2021”, but 2 March 2021 was a Tuesday"),
        ("Six were killed on Monday, March 9.", "it says “Monday, March 9”, which fits the year 2020, but is dated 12 March 2021"),
    ],
)  # fmt: skip
def test_what_speaks_against_the_date_is_said_with_the_words_and_both_dates(text, says):
    assert doubt(text) == says


@pytest.mark.parametrize(
    "text",
    [
        "Published 13 March 2021 Six people were killed.",
        "VELMAR, March 12 (Agency) - Six people were killed.",
        "The council will vote on 19 March 2021.",
        "All must leave by 19 March 2021.",
        "Six were killed on Tuesday 2 March 2021.",
        "Six were killed on Friday, March 12, 2021, and four the day before.",
        "Six people were killed on Friday. Another 4,000 fled.",
        "",
    ],
)
def test_what_fits_the_date_is_not_doubted(text):
    assert doubt(text) is None


def test_nothing_was_published_after_it_was_received():
    text = "Six people were killed."
    assert doubt(text, received=date(2021, 3, 9)) == (
        "its date of publication, 12 March 2021, lies after the day it was received, 9 March 2021"
    )
    assert doubt(text, received=date(2021, 3, 11)) is None  # another time zone
    assert doubt(text, None, date(2021, 3, 9)) is None


def test_a_report_without_a_date_can_still_name_a_day_that_never_was():
    assert doubt("Six were killed on Monday 2 March 2021.", None) is not None
    assert doubt("Published 20 March 2021 Six people were killed.", None) is None


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(-400, 400))
def test_a_printed_date_is_doubted_exactly_where_it_is_more_than_a_day_off(published, off):
    printed = published + timedelta(off)
    text = f"Published {printed.isoformat()} Six people were killed."
    found = misdated(make_document(text, published=published.isoformat()))
    assert (found is not None) == (abs(off) > 1)


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_two_looks_are_equal(text):
    document = make_document(text or "x", published="2021-03-12")
    assert misdated(document, iso("2021-03-12")) == misdated(document, iso("2021-03-12"))
