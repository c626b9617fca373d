"""Arithmetic of days: months, weeks, quarters, seasons, and feasts that move.

Nothing here reads words. Years must leave room around them; a day that no calendar has raises
``ValueError``, as ``datetime.date`` does.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]

SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # the month in which each begins, north of the equator
_ISLAMIC_EPOCH = date(622, 7, 19).toordinal()  # 1 Muharram of the year 1 by the civil reckoning


def month(year: int, number: int) -> Days:
    """First and last day of a month."""
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def shifted(day: date, months: int) -> date:
    """The day of the same number so many months on (or back); the month's last where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, number = index // 12, index % 12 + 1
    return date(year, number, min(day.day, monthrange(year, number)[1]))


def week(day: date) -> Days:
    """Monday and Sunday of the week of ``day``."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def week_name(day: date) -> str:
    """The ISO 8601 name of the week of ``day``: 1998-W10."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


def quarter(year: int, number: int) -> Days:
    """First and last day of a quarter; ``number`` may leave 1 to 4, and the year then changes."""
    index = year * 4 + number - 1
    first = date(index // 4, index % 4 * 3 + 1, 1)
    return first, month(first.year, first.month + 2)[1]


def quarter_name(day: date) -> str:
    """The TIMEX3 name of the quarter of ``day``: 1998-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def season(year: int, name: str) -> Days:
    """First and last day of a season ("SP", "SU", "FA", "WI") by whole months; winter ends in the next year."""
    first = date(year, SEASONS[name], 1)
    return first, shifted(first, 3) - timedelta(days=1)


def easter(year: int) -> date:
    """Western Easter Sunday, by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    lead = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * lead) // 451
    number = h + lead - 7 * m + 114
    return date(year, number // 31, number % 31 + 1)


def islamic(year: int, number: int, day: int) -> date:
    """The day of the tabular Islamic calendar (civil epoch, leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of 30).

    What was observed by the sight of the moon lies within a day or two of it.
    """
    before = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (number - 1) + number // 2
    return date.fromordinal(_ISLAMIC_EPOCH + before + day - 1)


def islamic_in(year: int, number: int, day: int) -> date:
    """The first day of the Gregorian ``year`` or after it that is day ``day`` of Islamic month ``number``."""
    lunar = int((year - 622) * 33 / 32) - 1
    while islamic(lunar, number, day).year < year:
        lunar += 1
    return islamic(lunar, number, day)


def nth(year: int, number: int, weekday: int, which: int) -> date:
    """The ``which``-th such weekday (Monday 0) of a month."""
    first = date(year, number, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def nearest(day: date, to: date) -> date:
    """The same day of the year, in the year that brings it nearest to another day."""
    readings = []
    for year in (to.year - 1, to.year, to.year + 1):
        try:
            readings.append(day.replace(year=year))
        except ValueError:  # 29 February
            continue
    return min(readings, key=lambda reading: (abs(reading - to), reading), default=day)
