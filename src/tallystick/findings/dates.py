"""A report's day of publication held against its own text.

Metadata dates are often those of a download, a re-post or a slip of the keyboard, and every "Friday"
is read against them. Nothing is put right here: what does not fit is said, with the words and both
dates, and a person decides.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tallystick.model import Document
from tallystick.values import when
from tallystick.values.times import tense

_SLACK = timedelta(days=1)  # what time zones and midnight may shift
_YEAR = re.compile(r"\b[12]\d{3}\b")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NAMED = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b,?\s+(?=\S*\d|[A-Z][a-z]{{2,8}}\.?\s+\d)", re.I)
_UNTIL = re.compile(r"\b(?:by|until|till|before|for|ahead of|from|through|deadline of)\s+(?:the\s+)?$", re.I)
_REACH = 40  # code points around a year or a weekday in which its date stands
_SEEN = 20_000  # code points of a text that are held against its date


def misdated(document: Document, received: date | None = None) -> str | None:
    """What in ``document`` speaks against its day of publication, in one sentence; ``None`` if nothing does.

    ``received`` is the day on which its bytes came in: nothing was published after it. Looked for, the
    surest first: a day after receipt, a date that the report prints at its head, a past event dated
    after publication, a weekday and a date that no calendar puts together.
    """
    published, text = document.published, document.text[:_SEEN]
    if published is not None:
        if received is not None and published > received + _SLACK:
            return (
                f"its date of publication, {_day(published)}, lies after the day it was received, "
                f"{_day(received)}"
            )
        for held in (_printed, _after):
            if found := held(text, published):
                return found
    return _no_such_day(text, published)


def _printed(text: str, published: date) -> str | None:
    """A date at the head that is another than that of publication."""
    head = when.dateline(text, published)
    if head is None:
        return None
    start, end, printed = head
    if abs(printed - published) <= _SLACK:
        return None
    return (
        f"it prints “{_plain(text[start:end])}” at its head ({_day(printed)}), but is dated {_day(published)}"
    )


def _after(text: str, published: date) -> str | None:
    """An event told as past on a day, with its year, after publication."""
    for year in _YEAR.finditer(text):
        if int(year[0]) < published.year:
            continue
        begin = max(0, year.start() - _REACH)
        for start, end, told in when.expressions(text[begin : year.end() + _REACH], published):
            if told.precision != "day" or told.start is None or told.anchor is not None:
                continue
            if told.start <= published + _SLACK or not _YEAR.search(told.words or ""):
                continue
            if tense.ahead(text, begin + start, begin + end) or _UNTIL.search(text[begin : begin + start]):
                continue
            words = _plain(told.words or "")
            return f"it tells of “{words}” ({_day(told.start)}) as past, but is dated {_day(published)}"
    return None


def _no_such_day(text: str, published: date | None) -> str | None:
    """A weekday beside a date that was another day of the week."""
    for named in _NAMED.finditer(text):
        near = text[named.start() : named.end() + _REACH]
        start, end, told = next(when.expressions(near, published), (0, 0, when.UNKNOWN))
        if start or end <= len(named[0]) or told.precision != "day" or told.start is None:
            continue
        words, weekday = _plain(near[:end]), named[1].capitalize()
        if _WEEKDAYS[told.start.weekday()] == weekday:
            continue
        if told.anchor is None or published is None:
            return f"it says “{words}”, but {_day(told.start)} was a {_WEEKDAYS[told.start.weekday()]}"
        fits = [y for y in range(published.year - 3, published.year + 3) if _is(told.start, y, weekday)]
        if fits and published.year not in fits:
            years = " or ".join(map(str, fits))
            return f"it says “{words}”, which fits the year {years}, but is dated {_day(published)}"
    return None


def _is(day: date, year: int, weekday: str) -> bool:
    try:
        return _WEEKDAYS[day.replace(year=year).weekday()] == weekday
    except ValueError:
        return False


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _plain(words: str) -> str:
    return " ".join(words.split())
