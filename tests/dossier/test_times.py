"""The timeline: each incident once, in the step that holds it, on an axis where a day is a day."""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tallystick.dossier import times
from tallystick.dossier.times import Killed, Moment, timeline
from tallystick.values.when import When


def moment(
    start: date | None, end: date | None, shape: str = "one origin", killed: Killed | None = None
) -> Moment:
    precision = "unknown" if start is None and end is None else "day"
    return Moment(When(start, end, precision), shape, "incidents/x.html", "Air strike", killed)  # type: ignore[arg-type]


DAYS = st.one_of(st.none(), st.dates(), st.dates(date(2016, 1, 1), date(2016, 12, 31)))
MOMENTS = st.lists(
    st.tuples(DAYS, DAYS).map(lambda pair: moment(*(sorted(pair) if all(pair) else pair))),  # type: ignore[type-var]
    min_size=1,
    max_size=40,
)


@settings(max_examples=60)
@given(MOMENTS)
@example([moment(date.min, date.min), moment(date.max, date.max)])
@example([moment(date.min, date.max)])
@example([moment(None, date.min)])
def test_every_incident_is_counted_once_and_drawn_within_the_frame(moments: list[Moment]) -> None:
    drawn = timeline(moments)
    assert drawn is not None
    inside = sum(each.count for each in drawn.bins)
    assert inside + sum(span.count for span in drawn.spans) + drawn.more + drawn.unknown <= len(moments)
    short = [
        m for m in moments if m.when.start and m.when.end and (m.when.end - m.when.start).days <= times.SHORT
    ]
    assert inside + sum(span.count for span in drawn.spans) + drawn.more >= len(short)
    assert len(drawn.dots) == (inside if drawn.dotted else 0)
    for each in (*drawn.bins, *drawn.spans):
        assert times.LEFT <= each.x < each.x + each.wide <= drawn.width
    assert all(0 < dot.y < drawn.axis for dot in (*drawn.dots, *drawn.unknown_dots))
    assert drawn == timeline(moments)


@settings(max_examples=60)
@given(MOMENTS)
def test_a_bin_holds_only_what_lies_whole_within_its_days(moments: list[Moment]) -> None:
    drawn = timeline(moments)
    assert drawn is not None
    for one, other in pairwise(drawn.bins):
        assert one.last < other.first
    for each in drawn.bins:
        within = [
            m for m in moments
            if m.when.start and m.when.end and each.first <= m.when.start and m.when.end <= each.last
        ]  # fmt: skip
        assert each.count == len(within)
    assert len(drawn.bins) <= times.MOST_BINS + 3 or drawn.step == "decade"


def test_days_with_nothing_told_are_as_wide_as_others() -> None:
    drawn = timeline([moment(date(2016, 10, n), date(2016, 10, n)) for n in (1, 2, 20)])
    assert drawn is not None
    one, two, twenty = (dot.x for dot in drawn.dots)
    assert twenty - two == pytest.approx(18 * (two - one), abs=0.5)


@pytest.mark.parametrize(
    ("days", "step"), [(10, "day"), (60, "day"), (200, "week"), (900, "month"), (4000, "quarter"), (9000, "year"), (90_000, "decade")]
)  # fmt: skip
def test_the_finest_step_that_fits_is_taken(days: int, step: str) -> None:
    start = date(1700, 1, 3)
    drawn = timeline([moment(day, day) for day in (start, start + timedelta(days=days))])
    assert drawn is not None
    assert drawn.step == step
    assert drawn.first <= start
    assert start + timedelta(days=days) <= drawn.last


def test_weeks_begin_on_monday_and_quarters_in_january() -> None:
    weeks = timeline([moment(date(2016, 1, 1), date(2016, 1, 1)), moment(date(2016, 9, 1), date(2016, 9, 1))])
    quarters = timeline(
        [moment(date(2009, 5, 5), date(2009, 5, 5)), moment(date(2016, 9, 1), date(2016, 9, 1))]
    )
    assert weeks is not None
    assert quarters is not None
    assert (weeks.step, weeks.first) == ("week", date(2015, 12, 28))
    assert (quarters.step, quarters.first) == ("quarter", date(2009, 4, 1))


def test_what_no_step_holds_is_drawn_as_a_stretch() -> None:
    told = [
        moment(date(2016, 10, 3), date(2016, 10, 3)),
        moment(date(2016, 10, 4), date(2016, 10, 9)),
        moment(date(2016, 10, 5), None),
        moment(date(2011, 3, 1), date(2016, 10, 6)),
        moment(None, None),
    ]
    drawn = timeline(told)
    assert drawn is not None
    assert (drawn.step, len(drawn.dots), drawn.unknown) == ("day", 1, 1)
    ends = sorted((span.left, span.right) for span in drawn.spans)
    assert ends == [(False, False), (False, True), (True, False)]
    assert drawn.last < date(2016, 11, 1), "a war of years does not flatten a week"
    rects = [(span.x, span.y, span.x + span.wide) for span in drawn.spans]
    assert not any(a[1] == b[1] and a[0] < b[2] and b[0] < a[2] for a in rects for b in rects if a is not b)


def test_thousands_become_bars_with_counts_conflicts_and_the_range_of_killed() -> None:
    day = date(2016, 1, 1)
    told = [
        moment(day + timedelta(days=n % 300), day + timedelta(days=n % 300),
               "sources differ" if n % 4 == 0 else "one origin", Killed(1, 2, 4, n == 0))
        for n in range(3000)
    ]  # fmt: skip
    start = time.perf_counter()
    drawn = timeline(told)
    assert time.perf_counter() - start < 1.0
    assert drawn is not None
    assert not drawn.dotted
    assert drawn.dots == ()
    assert sum(each.count for each in drawn.bins) == 3000
    assert sum(each.differ for each in drawn.bins) == 750
    assert sum(each.killed.low for each in drawn.bins if each.killed) == 3000
    assert sum(each.killed.high for each in drawn.bins if each.killed) == 12_000
    first = drawn.bins[0]
    assert first.killed is not None
    assert first.tolls is not None
    assert first.tolls[0] < first.tolls[2] < first.tolls[1]
    assert first.title.endswith("30 incidents, 10 where sources differ, killed 30–120 or more")
    tallest = max(drawn.bins, key=lambda each: each.count)
    assert all(tallest.top <= each.top <= each.differ_top <= drawn.axis for each in drawn.bins)


def test_a_window_shows_its_days_and_nothing_else() -> None:
    told = [moment(date(2016, 10, n), date(2016, 10, n)) for n in range(1, 31)]
    drawn = timeline(told, (date(2016, 10, 5), date(2016, 10, 9)))
    assert drawn is not None
    assert (drawn.first, drawn.last, len(drawn.dots)) == (date(2016, 10, 5), date(2016, 10, 9), 5)
    empty = timeline([], (date(2016, 10, 5), date(2016, 10, 9)))
    assert empty is not None
    assert empty.bins == ()


def test_without_a_day_there_is_no_axis_and_without_an_incident_no_timeline() -> None:
    drawn = timeline([moment(None, None)] * 3)
    assert drawn is not None
    assert (drawn.ticks, drawn.unknown, len(drawn.unknown_dots)) == ((), 3, 3)
    assert timeline([]) is None
