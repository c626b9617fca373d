"""Small drawings as numbers: where each line and dot goes. The templates turn them into SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from tallystick.dossier import words
from tallystick.model import Range


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
    return bar_of(told.low, told.best, told.high, told.open, scale)


def bar_of(low: int, best: int, high: int, is_open: bool, scale: Scale) -> Bar:
    """The same by its numbers."""
    ends = f"{low:,}" if low == high else f"{low:,}–{high:,}"
    named = "" if low == best == high else f"best {best:,}"
    text = f"{ends} or more" if is_open else ends
    left, right, tick = scale.at(low), scale.at(high), scale.at(best)
    return Bar(text, named, left, round(max(right - left, 2.0), 1), tick, is_open, scale.width)


@dataclass(frozen=True)
class Upright:
    """One stretch of time as an upright bar from its low to its high end."""

    x: float
    top: float
    tall: float
    best: float
    open: bool
    first: str
    second: str


@dataclass(frozen=True)
class Stretches:
    """Totals over stretches of time, side by side on one scale."""

    width: float
    height: float
    axis: float
    bars: tuple[Upright, ...]
    levels: tuple[tuple[float, str], ...]


def stretches(told: Sequence[tuple[str, int, int, int, bool]]) -> Stretches | None:
    """Bars for (label, low, best, high, open) in order of time; ``None`` where fewer than two are told."""
    greatest = max((high for _, _, _, high, _ in told), default=0)
    if len(told) < 2 or greatest <= 0:
        return None
    axis, left, apart = 170.0, 56.0, 84.0

    def y(people: int) -> float:
        return round(axis - 146.0 * people / greatest, 1)

    bars = []
    for n, (label, low, best, high, is_open) in enumerate(told):
        first, _, second = label.partition(" ")
        x, tall = left + 30.0 + apart * n, round(max(2.0, y(low) - y(high)), 1)
        bars.append(Upright(x, y(high), tall, y(best), is_open, first, second))
    levels = tuple((y(level), f"{level:,}") for level in sorted({0, greatest // 2, greatest}))
    return Stretches(left + apart * len(told), axis + 42.0, axis, tuple(bars), levels)


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
    """How the figures for one toll ran over the days on which they were published.

    ``bands`` are the ranges that stood from one day to the next and ``lines`` join the figures of one
    voice, both as paths of SVG.
    """

    width: float
    height: float
    axis: float
    points: tuple[Point, ...]
    days: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    bands: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


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
    voice: str = ""


Stood = tuple[date, int, int, bool]  # a day, and the range that stood at its end: low, high, open
_APART = 270.0  # between two days, so that the labels have room
_TALL = 140.0


def course(told: Sequence[Figure], stood: Sequence[Stood] = ()) -> Course | None:
    """The figures over publication days; ``None`` where fewer than two are dated.

    ``stood`` is the range that stood at the end of each of these days, drawn as a band behind them.
    """
    if len(told) < 2:
        return None
    days = sorted({figure.day for figure in told})
    greatest = max(figure.high for figure in told) or 1
    axis, left = 172.0, 44.0
    x_of = {day: left + 26.0 + _APART * n for n, day in enumerate(days)}

    def y(people: int) -> float:
        return round(axis - _TALL * people / greatest, 1)

    placed: list[tuple[Figure, float]] = []
    for day in days:
        floor = axis + 40.0
        for figure in sorted((f for f in told if f.day == day), key=lambda f: (f.low, f.high, f.label)):
            floor = min(y(figure.high) + 4.0, floor - 14.0)
            placed.append((figure, floor))
    # Labels that had to make way upwards may stand above the chart: all is moved down by as much.
    shift = max(0.0, 14.0 - min(label_y for _, label_y in placed))
    points = tuple(
        Point(
            x_of[f.day],
            y(f.low) + shift,
            y(f.high) + shift,
            f.open,
            f.label,
            label_y + shift,
            f.href,
            f.title,
        )
        for f, label_y in placed
    )
    levels = tuple((y(level) + shift, f"{level:,}") for level in sorted({0, greatest // 2, greatest}))
    width = left + 26.0 + _APART * len(days)
    ends = [*(x_of[day] for day in days[1:]), width]
    bands = tuple(
        _band(x_of[day], end, y(low) + shift, y(high) + shift)
        for (day, low, high, _), end in zip(stood, ends, strict=False)
        if day in x_of
    )
    named = tuple((x_of[day], words.day(day)) for day in days)
    lines = tuple(_joined([(x_of[f.day], y(f.high) + shift) for f in own]) for own in _by_voice(told))
    return Course(width, axis + shift + 34.0, axis + shift, points, named, levels, bands, lines)


def _band(left: float, right: float, low: float, high: float) -> str:
    """A range that stood, as a rectangle of at least two pixels."""
    return f"M{left} {high - 1.0:.1f} H{right} V{low + 1.0:.1f} H{left} Z"


def _by_voice(told: Sequence[Figure]) -> list[list[Figure]]:
    """The figures of each voice that spoke on several days, in order of days; of one day the greatest."""
    by: dict[str, dict[date, Figure]] = {}
    for figure in sorted(told, key=lambda f: (f.day, f.high, f.label)):
        if figure.voice:
            by.setdefault(figure.voice, {})[figure.day] = figure
    return [list(own.values()) for _, own in sorted(by.items()) if len(own) > 1]


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in points)
