"""Laws of times: read past or future by the words around them, kept as told, and written as TIMEX3."""

from __future__ import annotations

import importlib.util
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.values.times import calendars
from tallystick.values.when import When, dateline, expressions, read, timex

FRIDAY = date(2016, 10, 7)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
published_on = st.dates(date(1990, 1, 1), date(2040, 1, 1))


def told(text: str, published: date | None = FRIDAY) -> list[tuple[str | None, str]]:
    return [(w.words, str(w)) for _, _, w in read(text, published)]


def codes(text: str, published: date | None = FRIDAY) -> list[tuple[str | None, str, str]]:
    return [(w.words, *timex(w)) for _, _, w in expressions(text, published)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The council will vote on Monday.", "2016-10-10"),
        ("The council is to meet on Monday.", "2016-10-10"),
        ("A draft would be put to a vote on Monday.", "2016-10-10"),
        ("Talks are due to begin on Sunday.", "2016-10-09"),
        ("The envoys meet again; a session is scheduled for Tuesday.", "2016-10-11"),
        ("On Saturday the council will vote.", "2016-10-08"),
        ("He said on Monday that the council will vote.", "2016-10-03"),
        ("The council met on Monday.", "2016-10-03"),
        ("Shells will fall again, said a man who was hurt on Monday.", "2016-10-03"),
        ("Many could have been killed on Monday.", "2016-10-03"),
        ("They mourned the victims of the attack on Monday.", "2016-10-03"),
        ("The United States said on Monday it was over.", "2016-10-03"),
        ("The truce was set to begin on Thursday.", "2016-10-06"),
        ("The truce will begin on Thursday.", "2016-10-13"),
        ("Monday's vote", "2016-10-03"),
        ("the Monday deadline", "2016-10-10"),
        ("last Thursday", "2016-09-29"),
        ("last Monday", "2016-10-03"),
    ],
)
def test_a_weekday_lies_where_tense_and_modality_put_it(text, day):
    assert [found for _, found in told(text)] == [day]


@given(published_on, st.sampled_from(DAYS))
def test_a_weekday_told_as_past_is_within_six_days_and_never_after_publication(published, name):
    ((_, _, when),) = list(read(f"Four people were killed on {name}.", published))
    assert timedelta(0) <= published - when.start <= timedelta(6)
    assert when.start == when.end
    assert when.start.strftime("%A") == name


@given(published_on, st.sampled_from(DAYS))
def test_a_weekday_told_as_future_is_within_six_days_and_never_before_publication(published, name):
    ((_, _, when),) = list(read(f"The council will meet on {name}.", published))
    assert timedelta(0) <= when.start - published <= timedelta(6)
    assert when.start.strftime("%A") == name


@pytest.mark.parametrize(
    ("text", "words", "interval"),
    [
        ("It may be destroyed by the year's end.", "by the year's end", "2016-10-07 to 2016-12-31"),
        ("It will be gone by the end of 2016.", "by the end of 2016", "2016-10-07 to 2016-12-31"),
        ("All must leave by Sunday.", "by Sunday", "2016-10-07 to 2016-10-09"),
        ("The town will fall within a month.", "a month", "2016-10-07 to 2016-11-06"),
        ("The town will fall in maximum two months.", "maximum two months", "2016-10-07 to 2016-12-06"),
        ("More will come in the coming days.", "the coming days", "2016-10-07 to 2016-10-17"),
        ("He was back by Christmas.", "Christmas", "2015-12-25"),
        ("They will be home by Christmas.", "by Christmas", "2016-10-07 to 2016-12-25"),
        ("It fell overnight into Tuesday.", "overnight into Tuesday", "2016-10-03 to 2016-10-04"),
        ("It began during Ramadan 2016.", "Ramadan 2016", "2016-06-07 to 2016-07-06"),
        ("It was won in the summer of 2014.", "the summer of 2014", "2014-06-01 to 2014-08-31"),
        ("It was worse last winter.", "last winter", "2015-12-01 to 2016-02-29"),
        ("in the third quarter of 2015", "the third quarter of 2015", "2015-07-01 to 2015-09-30"),
        ("late in the 1990s", "late in the 1990s", None),
        ("since the 1990s", "since the 1990s", "1990-01-01 to 2016-10-07"),
    ],
)
def test_horizons_seasons_and_feasts_have_their_days(text, words, interval):
    found = told(text)
    assert found == [(words, interval)] if interval else all(w.start for _, _, w in read(text, FRIDAY))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("It was shelled on 3 October. A day earlier it was bombed.", "2016-10-02"),
        ("It was shelled on 3 October. The previous day it was bombed.", "2016-10-02"),
        ("It was shelled on 3 October and bombed the following day.", "2016-10-04"),
        ("It was shelled on 3 October. It had fallen 48 hours earlier.", "2016-10-01"),
        ("It was shelled on Monday and, that evening, bombed.", "2016-10-03"),
    ],
)
def test_the_day_before_goes_on_from_the_day_told_before(text, last):
    assert told(text)[-1][1] == last
    first, *_, other = (when for _, _, when in read(text, FRIDAY))
    assert other.anchor == first.start


def test_the_day_told_before_may_have_been_told_in_another_sentence():
    ((_, _, when),) = list(read("The following day it fell.", FRIDAY, date(2016, 9, 1)))
    assert (when.start, when.anchor) == (date(2016, 9, 2), date(2016, 9, 1))
    ((_, _, when),) = list(read("The following day it fell.", FRIDAY))
    assert (when.start, when.words) == (None, "The following day")


@pytest.mark.parametrize(
    ("text", "time", "zone"),
    [
        ("at 10:30 GMT on Monday", "10:30", "GMT"),
        ("at 3 p.m. local time on Monday", "15:00", "local time"),
        ("around noon on Monday", "12:00", None),
        ("on Monday evening", "EV", None),
        ("Monday at dawn", "MO", None),
    ],
)
def test_the_time_of_day_and_its_zone_are_kept_as_told(text, time, zone):
    ((_, _, when),) = list(read(text, FRIDAY))
    assert (when.start, when.sort, when.time, when.zone) == (date(2016, 10, 3), "time", time, zone)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("March 6, 1998", "DATE", "1998-03-06"),
        ("last week", "DATE", "2016-W39"),
        ("three days", "DURATION", "P3D"),
        ("two and a half months", "DURATION", "P2.5M"),
        ("two years", "DURATION", "P2Y"),
        ("a decade", "DURATION", "P10Y"),
        ("several weeks", "DURATION", "PXW"),
        ("48 hours", "DURATION", "PT48H"),
        ("every day", "SET", "P1D"),
        ("daily", "SET", "P1D"),
        ("monthly", "SET", "P1M"),
        ("every Friday", "SET", "XXXX-WXX-5"),
        ("the third quarter", "DATE", "2016-Q3"),
        ("last winter", "DATE", "2015-WI"),
        ("recently", "DATE", "PAST_REF"),
        ("now", "DATE", "PRESENT_REF"),
        ("fiscal 1998", "DATE", "1998"),
        ("10:30 GMT on Monday", "TIME", "2016-10-03T10:30"),
        ("Monday night", "TIME", "2016-10-03TNI"),
        ("the 20th century", "DATE", "19"),
    ],
)
def test_every_expression_has_a_timex_of_its_own(text, kind, value):
    assert codes(text) == [(text, kind, value)]


def test_without_publication_a_weekday_keeps_its_number_and_no_day():
    assert codes("Friday", None) == [("Friday", "DATE", "XXXX-WXX-5")]
    assert codes("in March", None) == [("March", "DATE", "XXXX-03")]


@pytest.mark.parametrize(
    "text",
    ["It lasted three days.", "It is shelled daily.", "It goes on every Friday.", "It is now quiet.", "It was recently taken.", "a five-year war"],
)  # fmt: skip
def test_lengths_and_repetitions_date_no_event(text):
    assert list(read(text, FRIDAY)) == []
    assert list(expressions(text, FRIDAY))


VOCABULARY = (
    "on in by since from the last next this past coming early late mid- end of Monday Friday evening overnight into two three a few half "
    "days weeks months years ago earlier later before May March 2016 1998 1990s '98 3 17 10:30 p.m. GMT noon Ramadan Eid al-Fitr Christmas "
    "summer winter quarter first third will is to was every daily year-end fiscal century 20th , . and said"
)
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=14).map(" ".join)


@given(WORDS, st.none() | published_on)
def test_intervals_are_ordered_words_are_the_text_and_two_readings_are_equal(text, published):
    for reads in (read, expressions):
        found = list(reads(text, published))
        assert found == list(reads(text, published))
        at = 0
        for start, end, when in found:
            assert at <= start < end
            assert when.words == text[start:end]
            assert not (when.start and when.end) or when.start <= when.end
            assert all(timex(when))
            at = end


@given(WORDS)
def test_without_publication_only_what_names_its_own_year_has_days(text):
    for _, _, when in expressions(text, None):
        assert when.start is None or any(mark.isdigit() for mark in text) or "nineteen" in text


@pytest.mark.parametrize(
    "piece", ["the ", "1 ", "Monday ", "two and a half ", "early ", "the end of ", "will be ", "\n", "10:", "2016-", "since ", "a few ", "’", "May ", "last ", "two" + " " * 50, " "]
)  # fmt: skip
def test_reading_takes_time_in_proportion_to_the_text(piece):
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        begin = time.perf_counter()
        list(read(text, FRIDAY))
        return time.perf_counter() - begin

    seconds(4_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (4_000, 32_000))
    assert large < 24 * small + 0.05  # eight times the text; twenty-four leaves room for a busy machine


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        ("VELMAR, 12 March 2021 - Six people were killed.", None, date(2021, 3, 12)),
        ("VELMAR, Oct 7 - Six people will be buried.", FRIDAY, FRIDAY),
        ("VELMAR, Oct. 7 (Agency) - Six people were killed.", FRIDAY, FRIDAY),
        ("Six killed in Velmar\nVELMAR, Oct 7 (Agency) - Six people were killed.", FRIDAY, FRIDAY),
        ("VELMAR, Oct 28 (Agency) - Six people were killed.", FRIDAY, date(2016, 10, 28)),
        ("VELMAR, Dec 30 (Agency) - Six people were killed.", date(2017, 1, 2), date(2016, 12, 30)),
        ("VELMAR, Oct 7 - Six people were killed.", None, None),
        ("Six people were killed in Velmar on Oct 7 - the worst day.", FRIDAY, None),
    ],
)
def test_a_wire_prints_its_day_after_its_place(text, published, day):
    found = dateline(text, published)
    assert (found[2] if found else None) == day


@pytest.mark.parametrize(
    ("year", "sunday"), [(2016, (3, 27)), (2017, (4, 16)), (1998, (4, 12)), (2000, (4, 23)), (2038, (4, 25))]
)
def test_easter_falls_on_its_sunday(year, sunday):
    assert calendars.easter(year) == date(year, *sunday)


@pytest.mark.parametrize(
    ("year", "kept"), [(2012, (7, 20)), (2014, (6, 28)), (2016, (6, 6)), (2018, (5, 17)), (2021, (4, 13))]
)
def test_ramadan_by_the_table_is_within_two_days_of_the_one_kept(year, kept):
    assert abs((calendars.islamic_in(year, 9, 1) - date(year, *kept)).days) <= 2


@given(st.integers(1000, 1600), st.integers(1, 12))
def test_a_lunar_month_has_29_or_30_days(year, month):
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    assert (calendars.islamic(*following, 1) - calendars.islamic(year, month, 1)).days in (29, 30)


def test_a_time_of_day_makes_another_time_than_the_day_alone():
    assert When(FRIDAY, FRIDAY, "day") != When(FRIDAY, FRIDAY, "day", time="10:30")


def test_extents_and_values_on_tempeval_are_no_worse_than_they_were(shared):
    folder = shared("data/tempeval3/data/TBAQ-cleaned")
    path = Path(__file__).parents[2] / "bench" / "times.py"
    spec = importlib.util.spec_from_file_location("times_bench", path)
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    strict, relaxed, valued, _ = bench.scores(bench.texts(folder), bench.ours)
    assert strict >= 0.865
    assert relaxed >= 0.93
    assert valued >= 0.785
