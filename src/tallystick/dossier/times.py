"""A timeline as numbers, on a true axis: days with nothing told are as wide as others.

What falls into one bin (a day, a week, a month...) stands there, as marks or, where they are many, as a bar
with its count. What is told for a stretch that no single bin holds is drawn as that stretch, never as a point
in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from tallystick.dossier import words
from tallystick.dossier.maps import SHAPES
from tallystick.values.when import When

WIDTH, LEFT, RIGHT, APART = 900.0, 44.0, 16.0, 92.0
MOST_BINS, MOST_DOTS, TALLEST, LANES = 70, 150, 10, 8
LEAST_DAYS = 7  # a case of one day shows the week about it
SHORT = 31  # what is told for more days than this does not widen the axis
STEPS = ("day", "week", "month", "quarter", "year", "decade")
_EPOCH, _LAST = date.min, date.max
_LANE, _TOLL, _TICK = 15.0, 66.0, 62.0


@dataclass(frozen=True)
class Killed:
    """The range of one incident's killed; ``open`` says that the top is no end."""

    low: int
    best: int
    high: int
    open: bool = False

    def __str__(self) -> str:
        ends = f"{self.low:,}" if self.low == self.high else f"{self.low:,}–{self.high:,}"
        return f"{ends} or more" if self.open else ends


@dataclass(frozen=True)
class Moment:
    """An incident as the timeline needs it."""

    when: When
    shape: str
    href: str
    label: str
    killed: Killed | None = None


@dataclass(frozen=True)
class Dot:
    """One incident on the timeline."""

    x: float
    y: float
    shape: str
    href: str
    label: str


@dataclass(frozen=True)
class Bin:
    """What is told for one step of the axis; ``differ`` of them are those where sources differ.

    ``top`` and ``differ_top`` are where their bars end; ``tolls`` where the bar of the killed begins, ends
    and has its best figure, if any is told. ``first`` and ``last`` are its days.
    """

    first: date
    last: date
    x: float
    wide: float
    count: int
    differ: int
    top: float
    differ_top: float
    killed: Killed | None
    tolls: tuple[float, float, float] | None
    title: str
    href: str = ""


@dataclass(frozen=True)
class Span:
    """Incidents told for one stretch; ``left`` and ``right`` say that it goes on there, or has no end."""

    x: float
    wide: float
    y: float
    count: int
    shape: str
    left: bool
    right: bool
    href: str
    label: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Tick:
    """A day written under the axis, in two lines."""

    x: float
    first: str
    second: str


@dataclass(frozen=True)
class Timeline:
    """All of it. ``first`` and ``last`` are the days at the ends of the axis, ``step`` what a bin stands for.

    ``more`` are incidents told for stretches for which there was no lane, ``toll_axis`` and ``toll_levels``
    belong to the figures of killed, ``unknown`` are those without any day.
    """

    width: float
    height: float
    axis: float
    left: float
    right: float
    first: date
    last: date
    step: str
    dotted: bool
    bins: tuple[Bin, ...]
    dots: tuple[Dot, ...]
    spans: tuple[Span, ...]
    ticks: tuple[Tick, ...]
    more: int
    toll_axis: float
    toll_levels: tuple[tuple[float, str], ...]
    unknown: int
    unknown_dots: tuple[Dot, ...]


Days = tuple[date, date]


def timeline(moments: Sequence[Moment], window: Days | None = None) -> Timeline | None:
    """Incidents over time; ``None`` where none is given and no window is asked for.

    ``window`` is the first and the last day of the axis, else those of what is told for a month or less.
    """
    dated = [m for m in moments if m.when.start or m.when.end]
    undated = [m for m in moments if not (m.when.start or m.when.end)]
    if window is None and not dated:
        return _only_undated(undated) if undated else None
    asked = window or _extent(dated)
    step = next((s for s in STEPS if _count(asked, s) <= MOST_BINS), STEPS[-1])
    edges = list(_edges(asked, step))
    scale = _Scale(edges[0], edges[-1], WIDTH - RIGHT - (APART if undated else 0.0))
    inside, stretches = _sorted(dated, edges)
    tallest = max([len(held) for held in inside.values()] + [0])
    loose = len(undated) if len(undated) <= TALLEST else 0
    dotted = tallest <= TALLEST and sum(map(len, inside.values())) <= MOST_DOTS
    axis = 26.0 + (18.0 * max(tallest, loose, 1) if dotted else max(120.0, 18.0 * loose))
    spans, more = _spans(stretches, scale, axis + 42.0)
    lanes = len({span.y for span in spans})
    below = axis + 40.0 + (lanes * _LANE + 8.0 if lanes else 0.0)
    tolls = {first: _sum(held) for first, held in inside.items()}
    greatest = max((k.high for k in tolls.values() if k), default=0)
    toll_axis = below + 22.0 + _TOLL
    bins = tuple(
        _bin(days, inside[days[0]], scale, axis, tallest, toll_axis, greatest)
        for days in pairwise(edges)
        if days[0] in inside
    )
    dots = tuple(
        dot for each in bins for dot in _stack(each.x + each.wide / 2, axis, inside[each.first])
    ) if dotted else ()  # fmt: skip
    levels = tuple(
        (round(toll_axis - _TOLL * level / greatest, 1), f"{level:,}") for level in (0, greatest)
    ) if greatest else ()  # fmt: skip
    return Timeline(
        WIDTH,
        (toll_axis + 10.0) if greatest else below,
        axis,
        LEFT,
        scale.right,
        edges[0],
        _before(edges[-1]),
        step,
        dotted,
        bins,
        dots,
        spans,
        tuple(_ticks(edges, scale, step)),
        more,
        toll_axis if greatest else 0.0,
        levels,
        len(undated),
        _stack(WIDTH - RIGHT - APART / 2 + 10.0, axis, undated if loose else ()),
    )


def _only_undated(undated: Sequence[Moment]) -> Timeline:
    """An axis without days: all that is told stands apart."""
    few = undated if len(undated) <= TALLEST else ()
    axis = 26.0 + 18.0 * max(len(few), 1)
    return Timeline(
        WIDTH, axis + 40.0, axis, LEFT, LEFT, _EPOCH, _EPOCH, "day", True, (), (), (), (), 0, 0.0, (),
        len(undated), _stack(LEFT + APART / 2, axis, few),
    )  # fmt: skip


@dataclass(frozen=True)
class _Scale:
    """From days to the drawing; ``last`` is the day after the last."""

    first: date
    last: date
    right: float

    def at(self, day: date) -> float:
        share = (day - self.first).days / max(1, (self.last - self.first).days)
        return round(LEFT + share * (self.right - LEFT), 1)


def _bounds(moment: Moment) -> Days:
    """The first and the last day; where one end is not told, the end of the calendar."""
    return moment.when.start or _EPOCH, moment.when.end or _LAST


def _extent(dated: Sequence[Moment]) -> Days:
    """From the first to the last day of what is told for a month or less; else of all that has a day."""
    told = [(moment.when.start, moment.when.end) for moment in dated]
    short = [(start, end) for start, end in told if start and end and (end - start).days <= SHORT]
    days = [day for pair in (short or told) for day in pair if day]
    first, last = min(days), max(days)
    spare = max(0, LEAST_DAYS - 1 - (last - first).days)
    return _shifted(first, -(spare // 2)), _shifted(last, spare - spare // 2)


def _shifted(day: date, by: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + by, _EPOCH.toordinal()), _LAST.toordinal()))


def _before(day: date) -> date:
    """The day before, which of the calendar's last day is that day itself: no bin begins after it."""
    return day if day == _LAST else _shifted(day, -1)


def _start(day: date, step: str) -> date:
    """The first day of the bin in which a day lies. Weeks begin on Monday."""
    if step == "day":
        return day
    if step == "week":
        return _shifted(day, -day.weekday())
    if step == "month":
        return day.replace(day=1)
    if step == "quarter":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year if step == "year" else max(1, day.year // 10 * 10), 1, 1)


def _next(day: date, step: str) -> date:
    """The first day of the bin after the one that begins on ``day``."""
    if step in ("day", "week"):
        return _shifted(day, 1 if step == "day" else 7)
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}[step]
    total = day.year * 12 + day.month - 1 + months
    return date(total // 12, total % 12 + 1, 1) if total < 9999 * 12 else _LAST


def _count(days: Days, step: str) -> int:
    """How many bins there are at least: as many as make no difference to the choice."""
    length = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366, "decade": 3660}[step]
    return ceil(((days[1] - days[0]).days + 1) / length)


def _edges(days: Days, step: str) -> Iterator[date]:
    """The first day of each bin, and the day after the last bin."""
    day = _start(days[0], step)
    while True:
        yield day
        if day > days[1] or day == _LAST:
            return
        day = _next(day, step)


def _sorted(
    dated: Sequence[Moment], edges: Sequence[date]
) -> tuple[dict[date, list[Moment]], dict[Days, list[Moment]]]:
    """What one bin holds, by its first day; and what none does, by its bounds; nothing from outside."""
    last = _before(edges[-1])
    starts = [edge.toordinal() for edge in edges]
    inside: dict[date, list[Moment]] = {}
    stretches: dict[Days, list[Moment]] = {}
    for moment in dated:
        start, end = _bounds(moment)
        if end < edges[0] or start > last:
            continue
        at = _index(starts, start)
        told = moment.when.start and moment.when.end
        if told and at >= 0 and end < edges[at + 1]:
            inside.setdefault(edges[at], []).append(moment)
        else:
            stretches.setdefault((start, end), []).append(moment)
    return inside, stretches


def _index(starts: Sequence[int], day: date) -> int:
    """The number of the bin in which a day lies; -1 before the first."""
    return min(bisect_right(starts, day.toordinal()) - 1, len(starts) - 2)


def _stack(x: float, axis: float, held: Sequence[Moment]) -> tuple[Dot, ...]:
    return tuple(
        Dot(round(x, 1), round(axis - 13.0 - 18.0 * n, 1), m.shape, m.href, m.label)
        for n, m in enumerate(held)
    )


def _sum(held: Sequence[Moment]) -> Killed | None:
    """The killed of several incidents, end by end."""
    told = [moment.killed for moment in held if moment.killed]
    if not told:
        return None
    return Killed(
        sum(k.low for k in told),
        sum(k.best for k in told),
        sum(k.high for k in told),
        any(k.open for k in told),
    )


def _bin(
    days: Days,
    held: Sequence[Moment],
    scale: _Scale,
    axis: float,
    tallest: int,
    toll_axis: float,
    greatest: int,
) -> Bin:
    first, after = days
    left, right = scale.at(first), scale.at(after)
    differ = sum(moment.shape == "sources differ" for moment in held)
    killed = _sum(held)

    def up(people: int) -> float:
        return round(toll_axis - _TOLL * people / max(1, greatest), 1)

    tolls = (up(killed.high), up(killed.low), up(killed.best)) if killed else None
    told = words.number(len(held), "incident")
    told += f", {differ} where sources differ" if differ else ""
    told += f", killed {killed}" if killed else ""
    height = 104.0 / max(1, tallest)
    return Bin(
        first,
        _before(after),
        left,
        round(right - left, 1),
        len(held),
        differ,
        round(axis - height * len(held), 1),
        round(axis - height * differ, 1),
        killed,
        tolls,
        f"{_named(first, _before(after))}: {told}",
    )


def _named(first: date, last: date) -> str:
    return words.days(When(first, last, "day" if first == last else "month"))


def _spans(stretches: dict[Days, list[Moment]], scale: _Scale, top: float) -> tuple[tuple[Span, ...], int]:
    """The stretches in lanes below the axis, the earliest first; and how many incidents found no lane."""
    ends: list[float] = []
    out, more = [], 0
    for (start, end), held in sorted(
        stretches.items(), key=lambda item: (item[0][0], -item[0][1].toordinal())
    ):
        left, right = start < scale.first, end >= scale.last
        x = LEFT if left else scale.at(start)
        wide = max(6.0, (scale.right if right else scale.at(_shifted(end, 1))) - x)
        lane = next((n for n, taken in enumerate(ends) if taken + 4.0 <= x), len(ends))
        if lane == LANES:
            more += len(held)
            continue
        ends[lane : lane + 1] = [x + wide + (22.0 if len(held) > 1 else 0.0)]
        out.append(_span(held, x, round(wide, 1), round(top + lane * _LANE, 1), left, right))
    return tuple(out), more


def _span(held: Sequence[Moment], x: float, wide: float, y: float, left: bool, right: bool) -> Span:
    shape = min((m.shape for m in held), key=SHAPES.index)
    one = len(held) == 1
    label = held[0].label if one else f"{words.days(held[0].when)}: {words.number(len(held), 'incident')}"
    links = tuple((m.href, m.label) for m in held)
    return Span(x, wide, y, len(held), shape, left, right, held[0].href if one else "", label, links)


def _ticks(edges: Sequence[date], scale: _Scale, step: str) -> Iterator[Tick]:
    """Bins named under the axis, as many as there is room for."""
    bins = edges[:-1]
    every = max(1, ceil(_TICK * len(bins) / (scale.right - LEFT)))
    year = None
    for first in bins[::every]:
        x = scale.at(first) if step != "day" else (scale.at(first) + scale.at(_shifted(first, 1))) / 2
        month = words.day(first).split()[1][:3]
        if step in ("year", "decade"):
            yield Tick(round(x, 1), str(first.year), "")
            continue
        yield Tick(
            round(x, 1),
            f"{first.day} {month}" if step in ("day", "week") else month,
            str(first.year) if first.year != year else "",
        )
        year = first.year
