"""Laws of dates: read against a publication date, and none invented without one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.errors import BadDate
from tallystick.values.agreement import Verdict
from tallystick.values.when import When, dateline, iso, read

FRIDAY = date(2016, 10, 7)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def told(text: str, published: date | None = FRIDAY) -> list[tuple[str | None, str, str]]:
    return [(w.words, f"{w.start}/{w.end}", w.precision) for _, _, w in read(text, published)]


@pytest.mark.parametrize(
    ("text", "words", "interval", "precision"),
    [
        ("on Friday", "Friday", "2016-10-07/2016-10-07", "day"),
        ("on Thursday night", "Thursday night", "2016-10-06/2016-10-06", "day"),
        ("last Friday", "last Friday", "2016-09-30/2016-09-30", "day"),
        ("yesterday", "yesterday", "2016-10-06/2016-10-06", "day"),
        ("the day before yesterday", "the day before yesterday", "2016-10-05/2016-10-05", "day"),
        ("last night", "last night", "2016-10-06/2016-10-06", "day"),
        ("this morning", "this morning", "2016-10-07/2016-10-07", "day"),
        ("at the weekend", "at the weekend", "2016-10-01/2016-10-02", "days"),
        ("last week", "last week", "2016-09-26/2016-10-02", "week"),
        ("this month", "this month", "2016-10-01/2016-10-07", "month"),
        ("last year", "last year", "2015-01-01/2015-12-31", "year"),
        ("next Monday", "next Monday", "2016-10-10/2016-10-10", "day"),
        ("three weeks ago", "three weeks ago", "2016-09-13/2016-09-19", "week"),
        ("overnight", "overnight", "2016-10-06/2016-10-07", "days"),
        ("two days ago", "two days ago", "2016-10-05/2016-10-05", "day"),
        ("earlier this week", "earlier this week", "2016-10-03/2016-10-07", "week"),
        ("late last month", "late last month", "2016-09-21/2016-09-30", "month"),
        ("in May", "May", "2016-05-01/2016-05-31", "month"),
        ("in December", "December", "2015-12-01/2015-12-31", "month"),
        ("on September 22", "September 22", "2016-09-22/2016-09-22", "day"),
        ("on 22 September 2014", "22 September 2014", "2014-09-22/2014-09-22", "day"),
        ("in 2015", "in 2015", "2015-01-01/2015-12-31", "year"),
        ("since mid-July", "since mid-July", "2016-07-11/2016-10-07", "month"),
        ("over the past 24 hours", "over the past 24 hours", "2016-10-06/2016-10-07", "days"),
        (
            "since the war began in March 2011",
            "since the war began in March 2011",
            "2011-03-01/2016-10-07",
            "month",
        ),
        ("on 2016-10-03", "2016-10-03", "2016-10-03/2016-10-03", "day"),
    ],
)
def test_expressions_are_read_against_the_day_of_publication(text, words, interval, precision):
    assert told(text) == [(words, interval, precision)]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(DAYS))
def test_a_weekday_is_the_last_such_day_up_to_publication(published, name):
    ((_, _, when),) = list(read(f"on {name}", published))
    expected = next(day for back in range(7) if (day := published - timedelta(back)).strftime("%A") == name)
    assert when.start == when.end == expected


@pytest.mark.parametrize(
    "text",
    ["on Friday", "yesterday", "overnight", "late last month", "in May", "since mid-July", "two days ago", "on September 22",
     "over the past 24 hours", "earlier this week", "at the weekend", "Monday and Tuesday"],
)  # fmt: skip
def test_without_a_publication_date_no_day_is_invented(text):
    for _, _, when in read(text, None):
        assert (when.start, when.end, when.precision) == (None, None, "unknown")
        assert when.words


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.dates(date(1990, 1, 1), date(2040, 1, 1))
)
def test_words_are_the_words_of_the_text_and_never_overlap(text, published):
    end_before = 0
    for start, end, when in read(text, published):
        assert when.words == text[start:end]
        assert start >= end_before
        end_before = end


@pytest.mark.parametrize(
    "text", ["he may go", "they march on the city", "the sun also rises", "a second man"]
)
def test_words_that_only_look_like_dates_are_none(text):
    assert told(text) == []


def test_a_date_that_two_orders_allow_stays_unknown_unless_publication_tells():
    assert told("on 03-04-2016", None)[0][1] == "None/None"
    assert told("on 03-04-2016", date(2016, 4, 4))[0][1] == "2016-04-03/2016-04-03"
    assert told("on 25-04-2016", None)[0][1] == "2016-04-25/2016-04-25"


@pytest.mark.parametrize(
    "text", ["01-02-2003", "2016-13-01", "2016-02-30", "yesterday", "", "0000-01-01", "9999-12-31"]
)
def test_only_iso_dates_with_room_around_them_are_taken(text):
    with pytest.raises(BadDate, match="is no ISO date"):
        iso(text)


def test_iso_dates_and_times_are_taken():
    assert iso("2016-10-07") == iso("2016-10-07T09:30:00Z") == FRIDAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Published June 20 2016 At least 23 were killed", date(2016, 6, 20)),
        ("Mon Jul 11 2016 Shelling goes on", date(2016, 7, 11)),
        ("Date of publication 27 October 2016 State media", date(2016, 10, 27)),
        ("Last updated at Oct 262016 TARSIN Shells fell", date(2016, 10, 26)),
        ("Last updated at Oct 62016 TARSIN Shells fell", None),
        ("Raid on Tarsin Middle East 2159 18.05.2017(updated 2222 18.05.2017) Four", date(2017, 5, 18)),
        ("The raid on 3 May 2016 killed four", None),
        ("Four were killed on Friday", None),
    ],
)
def test_a_dateline_is_a_full_date_at_the_head_and_no_part_of_a_sentence(text, day):
    found = dateline(text)
    assert (found[2] if found else None) == day


days = st.tuples(st.dates(date(2016, 1, 1), date(2016, 3, 1)), st.integers(0, 9)).map(
    lambda p: When(p[0], p[0] + timedelta(p[1]), "days")
)


@given(days, days)
def test_intervals_conflict_exactly_when_they_share_no_day(left, right):
    def all_days(when):
        return {when.start + timedelta(n) for n in range((when.end - when.start).days + 1)}

    shared = all_days(left) & all_days(right)
    assert (left.relation(right) is Verdict.CONFLICT) == (not shared)
    assert (left.gap(right) == 0) == bool(shared)
    assert left.gap(right) == right.gap(left)


def test_what_is_unknown_conflicts_with_nothing():
    known = When(FRIDAY, FRIDAY, "day")
    assert known.relation(When(None, None, "unknown", "a Friday")) is Verdict.UNKNOWN
