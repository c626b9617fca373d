"""Small drawings as numbers: where each line and dot goes. The templates turn them into SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from tallystick.dossier import words
from tallystick.model import Range
from tallystick.values.when import When


@dataclass(frozen=True)
class Scale:
    """From a number of people to a place on a line ``width`` long; by square root where numbers are great."""

    greatest: int
    width: float = 120.0

    @property
    def is_root(self) -> bool:
        return self.greatest > 60

    def at(self, people: int) -> float:
        if self.greatest <= 0:
            return 0.0
        share = people / self.greatest
        return round(self.width * (sqrt(share) if self.is_root else share), 1)


@dataclass(frozen=True)
class Bar:
    """A reported range as a bar, with the words that say the same."""

    text: str
    best: str
    left: float
    right: float
    tick: float
    open: bool
    width: float


def bar(told: Range, scale: Scale) -> Bar:
    """One reported range on the scale that all rows share."""
    ends = f"{told.low:,}" if told.low == told.high else f"{told.low:,}–{told.high:,}"
    best = "" if told.low == told.best == told.high else f"best {told.best:,}"
    text = f"{ends} or more" if told.open else ends
    left, right, tick = scale.at(told.low), scale.at(told.high), scale.at(told.best)
    return Bar(text, best, left, round(max(right - left, 2.0), 1), tick, told.open, scale.width)


@dataclass(frozen=True)
class Dot:
    """One incident on the timeline."""

    x: float
    y: float
    shape: str
    href: str
    label: str


@dataclass(frozen=True)
class Column:
    """One day, or one stretch of days, of the timeline; ``gap`` says how long nothing was told before it."""

    x: float
    first: str
    second: str
    dots: tuple[Dot, ...]
    height: float
    count: int
    gap: str
    gap_from: float


@dataclass(frozen=True)
class Timeline:
    """All columns. ``step`` is what one column stands for; ``dotted`` draws dots, else bars with counts."""

    width: float
    height: float
    axis: float
    columns: tuple[Column, ...]
    step: str
    dotted: bool
    unknown: Column | None


@dataclass(frozen=True)
class Moment:
    """An incident as the timeline needs it."""

    when: When
    shape: str
    href: str
    label: str


_MOST_COLUMNS = 48
_MOST_DOTS = 10
_WIDE = 62.0


def timeline(moments: Sequence[Moment]) -> Timeline | None:
    """Incidents by day; by month or year where the days are too many. Those without a day stand apart."""
    if not moments:
        return None
    dated = [moment for moment in moments if moment.when.start and moment.when.end]
    undated = [moment for moment in moments if not (moment.when.start and moment.when.end)]
    step, slots = _slots(dated)
    tallest = max((len(held) for _, held in slots), default=0)
    tallest = max(tallest, len(undated))
    dotted = tallest <= _MOST_DOTS
    axis = 24.0 + (18.0 * tallest if dotted else 120.0)
    columns, x, before = [], 16.0, None
    for (start, end), held in slots:
        days = (start - before).days - 1 if before else 0
        gap_from = x
        if days > 0 and step == "day":
            x += 58.0
        gap = words.number(days, "day") if days > 0 and step == "day" else ""
        columns.append(
            _column(x + _WIDE / 2, _label(start, end, held, step), held, axis, tallest, gap, gap_from)
        )
        x, before = x + _WIDE, max(end, before) if before else end
    unknown = None
    if undated:
        x += 34.0
        unknown = _column(x + _WIDE / 2, ("day", "unknown"), undated, axis, tallest, "", x)
        x += _WIDE
    return Timeline(x + 16.0, axis + 42.0, axis, tuple(columns), step, dotted, unknown)


Slot = tuple[tuple[date, date], list[Moment]]


def _slots(dated: Iterable[Moment]) -> tuple[str, list[Slot]]:
    """The moments by the days they are told for, by the month or by the year: the finest that fits."""
    dated = list(dated)
    for step in ("day", "month", "year"):
        held: dict[tuple[date, date], list[Moment]] = {}
        for moment in dated:
            assert moment.when.start is not None
            assert moment.when.end is not None
            start, end = moment.when.start, moment.when.end
            if step == "month":
                start = end = start.replace(day=1)
            elif step == "year":
                start = end = start.replace(day=1, month=1)
            held.setdefault((start, end), []).append(moment)
        if len(held) <= _MOST_COLUMNS or step == "year":
            return step, sorted(held.items(), key=lambda slot: slot[0])
    raise AssertionError("the loop ends with the year")


def _label(start: date, end: date, held: Sequence[Moment], step: str) -> tuple[str, str]:
    if step == "year":
        return str(start.year), ""
    month = words.day(start).split()[1][:3]
    if step == "month":
        return month, str(start.year)
    if start == end:
        return f"{start.day} {month}", str(start.year)
    told = words.days(held[0].when)
    if told == str(start.year):
        return told, "(year)"
    if (start.year, start.month) == (end.year, end.month):
        return (month if told[0].isalpha() else f"{start.day}–{end.day} {month}"), str(end.year)
    last = words.day(end).split()[1][:3]
    return f"{start.day} {month}–", f"{end.day} {last} {end.year}"


def _column(
    x: float,
    label: tuple[str, str],
    held: Sequence[Moment],
    axis: float,
    tallest: int,
    gap: str,
    gap_from: float,
) -> Column:
    dots = tuple(
        Dot(round(x, 1), round(axis - 14.0 - 18.0 * n, 1), moment.shape, moment.href, moment.label)
        for n, moment in enumerate(held[:_MOST_DOTS])
    )
    height = round(110.0 * len(held) / max(1, tallest), 1)
    return Column(round(x, 1), label[0], label[1], dots, height, len(held), gap, round(gap_from, 1))


@dataclass(frozen=True)
class Point:
    """One figure on the course of a toll; ``top`` is where its upper end lies, above the mark."""

    x: float
    y: float
    top: float
    open: bool
    label: str
    label_y: float
    href: str
    title: str


@dataclass(frozen=True)
class Course:
    """How the figures for one toll ran over the days on which they were published."""

    width: float
    height: float
    axis: float
    points: tuple[Point, ...]
    days: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Figure:
    """A figure as the course needs it."""

    day: date
    low: int
    high: int
    open: bool
    label: str
    href: str
    title: str


def course(told: Sequence[Figure]) -> Course | None:
    """The figures over publication days; ``None`` where fewer than two are dated."""
    if len(told) < 2:
        return None
    days = sorted({figure.day for figure in told})
    greatest = max(figure.high for figure in told) or 1
    axis, left, apart = 172.0, 44.0, 250.0
    x_of = {day: left + 26.0 + apart * n for n, day in enumerate(days)}

    def y(people: int) -> float:
        return round(axis - 140.0 * people / greatest, 1)

    points: list[Point] = []
    for day in days:
        floor = axis + 40.0
        for figure in sorted((f for f in told if f.day == day), key=lambda f: (f.low, f.high, f.label)):
            label_y = min(y(figure.high) + 4.0, floor - 14.0)
            floor = label_y
            points.append(
                Point(
                    x_of[day],
                    y(figure.low),
                    y(figure.high),
                    figure.open,
                    figure.label,
                    label_y,
                    figure.href,
                    figure.title,
                )
            )
    lowest = min((point.label_y for point in points), default=0.0)
    shift = max(0.0, 14.0 - lowest)
    levels = tuple((y(level), f"{level:,}") for level in sorted({0, greatest // 2, greatest}))
    width = left + 26.0 + apart * len(days)
    if shift:
        points = [
            Point(p.x, p.y + shift, p.top + shift, p.open, p.label, p.label_y + shift, p.href, p.title)
            for p in points
        ]
        levels = tuple((at + shift, text) for at, text in levels)
    named = tuple((x_of[day], words.day(day)) for day in days)
    return Course(width, axis + shift + 34.0, axis + shift, tuple(points), named, levels)
