"""Dates and intervals, read against a publication date and never invented.

``read`` finds every expression of time in a text. Where an expression needs the day of
publication ("Friday", "last month") and that is not known, the words are kept and the
interval stays unknown. Intervals are inclusive and carry their precision.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tallystick.errors import BadDate
from tallystick.values.agreement import Verdict

Precision = Literal["day", "days", "week", "month", "year", "unknown"]


@dataclass(frozen=True, slots=True)
class When:
    """A time as told: an inclusive interval of days, or ``None`` bounds where it cannot be told.

    ``words`` are the exact words of the text (``None`` where no words gave it). ``stretch`` is true
    for a length of time over which things are totalled ("since March 2011", "over the past 24 hours").
    """

    start: date | None
    end: date | None
    precision: Precision
    words: str | None = None
    stretch: bool = False

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"ends before it starts: {self.start} to {self.end}")
        if self.start is None and self.end is None and self.precision != "unknown":
            raise ValueError("an interval without bounds has precision unknown")

    def __str__(self) -> str:
        if self.start is None and self.end is None:
            return f"“{self.words}”, day unknown" if self.words else "unknown"
        if self.start == self.end and self.start:
            return self.start.isoformat()
        return f"{self.start or '…'} to {self.end or '…'}"

    def gap(self, other: When) -> int | None:
        """Days between the two intervals, 0 where they overlap, ``None`` where either is open or unknown."""
        if not (self.start and self.end and other.start and other.end):
            return None
        return max(0, (other.start - self.end).days, (self.start - other.end).days)

    def relation(self, other: When) -> Verdict:
        """``agree`` for the same days, ``compatible`` where they overlap, ``conflict`` where they do not.

        ``unknown`` where either is.
        """
        gap = self.gap(other)
        if gap is None:
            return Verdict.UNKNOWN
        if (self.start, self.end) == (other.start, other.end):
            return Verdict.AGREE
        return Verdict.COMPATIBLE if gap == 0 else Verdict.CONFLICT


UNKNOWN = When(None, None, "unknown")


def iso(text: str) -> date:
    """The date of an ISO date or date-time ("2016-10-07", "2016-10-07T09:00:00Z").

    Raises ``BadDate`` for anything else; the year must lie between 1000 and 9998 so that
    intervals around it can be built.
    """
    match = re.match(r"\s*(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:?\d{2}.*)?\s*$", text)
    if match:
        try:
            day = date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        else:
            if 1000 <= day.year <= 9998:
                return day
    raise BadDate(f"{text!r} is no ISO date; write it as year-month-day, for example 2016-10-07")


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORT = {name[:3]: n for n, name in enumerate(_MONTHS, 1)} | {"sept": 9}
_MONTH = "|".join([*_MONTHS, *(short + r"\.?" for short in _SHORT if short != "may")])
_DAY = "|".join(_DAYS)
_PART = r"(?:\s+(?:(?:early |late )?(?:morning|afternoon|evening|night)|overnight|dawn|noon|midday))?"
_SMALL = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "few": 3, "several": 3, "couple of": 2,
}  # fmt: skip
_NUM = r"\d{1,3}|" + "|".join(_SMALL)
_YEAR = r"(?:1[5-9]|20)\d\d"
_SINCE = r"(?P<since>\b(?:since|from)\s+)?(?P<part>\b(?:early|mid|late|the (?:start|beginning|middle|end) of)[\s-]+)?"


def _month(name: str) -> int:
    return _SHORT[name.lower().rstrip(".")[:3]]


def _whole_month(year: int, month: int, part: str = "") -> When:
    last = monthrange(year, month)[1]
    low, high = {"early": (1, 10), "mid": (11, 20), "late": (21, last)}.get(part, (1, last))
    return When(date(year, month, low), date(year, month, high), "month")


def _shift_month(day: date, by: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 + by
    return index // 12, index % 12 + 1


def _part(match: re.Match[str]) -> str:
    words = (match["part"] or "").lower().strip(" -")
    for key, names in {
        "early": ("early", "start", "beginning"),
        "mid": ("mid",),
        "late": ("late", "end"),
    }.items():
        if any(name in words for name in names):
            return key
    return ""


# Each reader takes the match and the publication day (or None) and answers a When without
# words, or None where these words are no time after all.
Reader = Callable[[re.Match[str], date | None], When | None]


def _full_date(match: re.Match[str], published: date | None) -> When | None:
    year = match["y"]
    month, day = _month(match["m"] or match["m2"]), int(match["d"] or match["d2"])
    try:
        if year:
            told = date(int(year), month, day)
        elif published:
            # The nearest such day not after publication; a day or two ahead is a time zone or a typist.
            told = date(published.year, month, day)
            if told > published + timedelta(days=2):
                told = date(published.year - 1, month, day)
        else:
            return UNKNOWN
    except ValueError:
        return None
    return When(told, told, "day")


def _numeric(match: re.Match[str], published: date | None) -> When | None:
    if match["iso"]:
        try:
            told = iso(match["iso"])
        except BadDate:
            return None
        return When(told, told, "day")
    first, second, year = int(match["n1"]), int(match["n2"]), int(match["n3"])
    readings = set()
    for month, day in ((second, first), (first, second)):
        try:
            readings.add(date(year, month, day))
        except ValueError:
            continue
    if len(readings) == 2 and published:
        # 03-04-2016 may be March or April: only a publication day close by can tell.
        near = {told for told in readings if abs((told - published).days) <= 7}
        readings = near or readings
    if len(readings) != 1:
        return UNKNOWN if readings else None
    told = readings.pop()
    return When(told, told, "day")


def _weekday(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return UNKNOWN
    back = (published.weekday() - _DAYS.index(match["wd"].lower())) % 7
    which = (match["which"] or "").lower()
    if which == "next":
        told = published + timedelta(days=7 - back)
    elif which == "last" and back == 0:
        told = published - timedelta(days=7)
    else:
        told = published - timedelta(days=back)
    return When(told, told, "day")


def _weekdays(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return UNKNOWN
    back = [(published.weekday() - _DAYS.index(match[name].lower())) % 7 for name in ("wa", "wb")]
    end = published - timedelta(days=back[1])
    start = end - timedelta(days=(end.weekday() - _DAYS.index(match["wa"].lower())) % 7)
    return When(start, end, "days" if start != end else "day")


def _near(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return UNKNOWN
    words = " ".join(match["near"].lower().split())
    yesterday = published - timedelta(days=1)
    if "before yesterday" in words:
        yesterday -= timedelta(days=1)
    if "yesterday" in words or "last night" in words:
        return When(yesterday, yesterday, "day")
    if "overnight" in words:
        return When(yesterday, published, "days")
    return When(published, published, "day")


def _relative(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return UNKNOWN
    which, unit, part = match["rel"].lower(), match["unit"].lower(), (match["relpart"] or "").lower().strip()
    this = which == "this"
    if unit == "weekend":
        saturday = published - timedelta(days=(published.weekday() - 5) % 7)
        if which == "last" and published.weekday() >= 5:
            saturday -= timedelta(days=7)  # said on a weekend, "last" is not the one at hand
        return When(saturday, min(saturday + timedelta(days=1), max(published, saturday)), "days")
    if unit == "week":
        monday = published - timedelta(days=published.weekday() + (0 if this else 7))
        return When(monday, min(monday + timedelta(days=6), published), "week")
    if unit == "month":
        year, month = (published.year, published.month) if this else _shift_month(published, -1)
        told = _whole_month(year, month, part)
        if this and told.start and told.start <= published and told.end and told.end > published:
            told = When(told.start, published, "month")
        return told
    year = published.year if this else published.year - 1
    return When(date(year, 1, 1), published if this else date(year, 12, 31), "year")


def _past(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return When(None, None, "unknown", stretch=True)
    word = (match["n"] or "a").lower()
    n = _SMALL[word] if word in _SMALL else int(word)
    unit = match["pu"].lower().rstrip("s")
    length = {"hour": -(-n // 24), "day": n, "week": 7 * n, "month": 30 * n, "year": 365 * n}[unit]
    precision: Precision = {"hour": "days", "day": "days", "week": "week", "month": "month", "year": "year"}[
        unit
    ]  # type: ignore[assignment]
    return When(published - timedelta(days=length), published, precision, stretch=True)


def _stretch(match: re.Match[str], published: date | None) -> When | None:
    """ "in 48 hours": a length of time of which it cannot be told when it began, or whether it has."""
    return When(None, None, "unknown", stretch=True)


def _ago(match: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return UNKNOWN
    word = match["an"].lower()
    n = _SMALL[word] if word in _SMALL else int(word)
    unit = match["au"].lower().rstrip("s")
    if unit == "day":
        told = published - timedelta(days=n)
        return When(told, told, "day" if word not in ("few", "several") else "days")
    if unit == "week":
        middle = published - timedelta(days=7 * n)
        return When(middle - timedelta(days=3), middle + timedelta(days=3), "week")
    if unit == "month":
        return _whole_month(*_shift_month(published, -n))
    if unit == "hour":
        return When(published - timedelta(days=-(-n // 24)), published, "day" if n < 24 else "days")
    year = published.year - n
    return When(date(year, 1, 1), date(year, 12, 31), "year")


def _month_year(match: re.Match[str], published: date | None) -> When | None:
    month = _month(match["mm"])
    if match["my"]:
        return _whole_month(int(match["my"]), month, _part(match))
    if published is None:
        return UNKNOWN
    year = published.year - (1 if month > published.month else 0)
    return _whole_month(year, month, _part(match))


def _year(match: re.Match[str], published: date | None) -> When | None:
    year = int(match["yy"])
    part = _part(match)
    low, high = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(part, (1, 12))
    return When(date(year, low, 1), date(year, high, monthrange(year, high)[1]), "year")


_FORMS: tuple[tuple[str, Reader], ...] = (
    (
        rf"(?P<iso>\b{_YEAR}-\d\d-\d\d\b)|(?<![\d./-])(?P<n1>\d{{1,2}})[-/.](?P<n2>\d{{1,2}})[-/.](?P<n3>{_YEAR})\b",
        _numeric,
    ),
    (
        rf"\b(?:(?:(?:{_DAY})\b,?\s+)?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b"
        rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:))(?:,?\s+(?P<y>{_YEAR})\b)?)",
        _full_date,
    ),
    (
        rf"\b(?P<wa>{_DAY})\b{_PART}\s+(?:and(?: into)?|into|to|until|through|or)\s+(?:early\s+)?(?P<wb>{_DAY})\b{_PART}",
        _weekdays,
    ),
    (
        rf"\b(?:(?P<which>last|next|this|past)\s+)?(?:(?:early|late)\s+)?(?P<wd>{_DAY})(?:’s|'s|s)?\b{_PART}",
        _weekday,
    ),
    (
        r"\b(?P<near>the day before yesterday|yesterday|today|tonight|overnight|last night|this (?:morning|afternoon|evening)"
        r"|earlier in the day|in the early hours|at dawn|since dawn)\b" + _PART,
        _near,
    ),
    # Before "last week": "over the last week" is the seven days up to now, not Monday to Sunday.
    (
        rf"\b(?:over|in|during|within|for|throughout)\s+(?:the\s+)?(?:past|last|previous)\s+(?:(?P<n>{_NUM})\s+)?"
        r"(?P<pu>hours?|days?|weeks?|months?|years?)\b",
        _past,
    ),
    (
        r"\b(?:(?P<relpart>early|mid|late|earlier|later)[\s-]+)?(?:at )?(?P<rel>this|last|the past|previous|the)\s+(?P<unit>week|month|year|weekend)\b",
        _relative,
    ),
    (
        rf"\b(?:in|within|over)\s+(?:just\s+|only\s+|less than\s+|about\s+)?(?:{_NUM})\s+(?:hours|days|weeks|months)\b",
        _stretch,
    ),
    (rf"\b(?P<an>{_NUM})\s+(?P<au>hours?|days?|weeks?|months?|years?)\s+(?:ago|earlier)\b", _ago),
    (rf"{_SINCE}\b(?P<mm>{_MONTH})\b(?:,?\s+(?P<my>{_YEAR})\b)?(?!\s+\d)", _month_year),
    (rf"{_SINCE}(?:\b(?:in|since|of|during|from|year)\s+)(?P<yy>{_YEAR})\b", _year),
)
_COMPILED = tuple((re.compile(pattern, re.I), reader) for pattern, reader in _FORMS)
_STRETCH = re.compile(r"\bsince\s+(?:[\w’'-]+\s+){0,9}$", re.I)


def read(text: str, published: date | None = None) -> Iterator[tuple[int, int, When]]:
    """Every expression of time in ``text`` as (start, end, when), in order, none overlapping.

    ``when.words == text[start:end]``. Without ``published`` only expressions that name their own
    year get bounds; the others keep their words with bounds unknown.
    """
    found: list[tuple[int, int, When]] = []
    taken = bytearray(len(text))
    for pattern, reader in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            if _NAMED_AFTER.match(text, end):
                continue  # "April 7th Street"
            if reader is _month_year and not _is_month(match):
                continue
            if reader is _relative and match["rel"].lower() == "the" and match["unit"].lower() != "weekend":
                continue
            told = reader(match, published)
            if told is None:
                continue
            lead = _STRETCH.search(text, max(0, start - 90), start)
            # "The deadliest since December, when a raid killed 23" tells of that day, not of all since.
            since = not _WHEN.match(text, end) and (
                bool(lead) or text[start:end].lower().startswith(("since", "from "))
            )
            if since and not told.stretch and text[start:end].lower() != "since dawn":
                start = lead.start() if lead else start
                told = _since(told, published)
            words = text[start:end]
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, When(told.start, told.end, told.precision, words, told.stretch)))
    found.sort(key=lambda item: item[0])
    yield from found


_NAMED_AFTER = re.compile(
    r"(?:th|st|nd|rd)?\s+(?:Street|Square|Bridge|Brigade|Avenue|Road|Hospital|University|School|Movement|Revolution|Stadium|Dam|Division)\b"
)
_WHEN = re.compile(r",?\s+when\b", re.I)
_LEAD = re.compile(
    r"\b(?:on|since|from|until|till|by|of|in|after|before|between|to|and)\s+(?:the\s+)?$", re.I
)
_HEAD = re.compile(
    rf"(?:(?P<label>\b(?:date of publication|published|posted|(?:last )?updated)(?: at| on)?:?\s*)|(?P<weekday>\b(?:{_DAY}|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b,?\.?\s+)|(?P<top>^\W*))"
    rf"(?P<date>(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b,?\s+(?P<y>{_YEAR})\b"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)\b|(?P<n1>\d{{1,2}})[-/.](?P<n2>\d{{1,2}})[-/.](?P<n3>{_YEAR})\b)",
    re.I,
)


_WIRE = re.compile(
    rf"\A\W{{0,20}}[^.\n]{{2,60}}?,\s*(?P<date>(?:(?P<d>\d{{1,2}})\s+(?P<m>{_MONTH})|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}}))(?:,?\s+(?P<y>{_YEAR}))?)"
    r"\s*(?:\([^)\n]{1,40}\))?\s*[-–—:]",
    re.I,
)


def dateline(text: str, published: date | None = None) -> tuple[int, int, date] | None:
    """The day that a report prints at its own head, as (start, end, day); ``None`` where it prints none.

    Looked for in the first 300 code points: a full date with its year, labelled ("Published 3
    May 2016"), led by a weekday, or opening the text; never one that a preposition ties into a
    sentence. A wire's dateline ("TOWN, 3 May (Agency) -") needs no year where ``published`` gives
    it; else ``published`` only helps to read 03-04-2016.
    """
    wire = _WIRE.match(text)
    if wire:
        told = _full_date(wire, published)
        if told is not None and told.start is not None:
            return wire.start(), wire.end("date"), told.start
    for match in _HEAD.finditer(text, 0, 300):
        if not match["label"] and _LEAD.search(text, max(0, match.start() - 12), match.start()):
            continue
        told = _numeric(match, published) if match["iso"] or match["n3"] else _full_date(match, published)
        if told is not None and told.start is not None:
            return match.start(), match.end(), told.start
    return None


def _since(told: When, published: date | None) -> When:
    """From the start of ``told`` to the day of publication (open where that is unknown)."""
    if told.start is None:
        return When(None, None, "unknown", stretch=True)
    end = published if published and published >= told.start else None
    return When(told.start, end, told.precision if told.precision != "day" else "days", stretch=True)


def _is_month(match: re.Match[str]) -> bool:
    """Whether "may" or "march" here names a month: capitalised, and dated or led by a preposition."""
    word = match["mm"]
    if not word[0].isupper():
        return False
    if word.lower() not in ("may", "march"):
        return True
    before = match.string[max(0, match.start("mm") - 14) : match.start("mm")].lower()
    return bool(
        match["my"]
        or match["since"]
        or match["part"]
        or re.search(r"\b(in|last|this|of|until|by|late|early|mid)[\s-]$", before)
    )
