"""Dates and intervals, read against a publication date and never invented.

``read`` finds every expression that dates an event; ``expressions`` finds every expression of time,
durations and repetitions with them, in the extents that TimeML gives them, and ``timex`` writes
one as TIMEX3 does. Where an expression needs the day of publication ("Friday", "last month") and
that is not known, the words are kept and the interval stays unknown. Intervals are inclusive and
carry their precision and the day they were read against.

The forms stand in ``forms``, ``shifts``, ``spans`` and ``terms``; ``tense`` tells past from future.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from tallystick.errors import BadDate
from tallystick.values.agreement import Verdict
from tallystick.values.times import calendars, forms, shifts, spans, tense, terms
from tallystick.values.times.words import DAY, MONTH, YEAR, Form, Precision, Setting, Sort, Told

__all__ = ["UNKNOWN", "Precision", "Sort", "When", "dateline", "expressions", "iso", "read", "timex"]

_LATER = {"later": True}  # a field that rows written before it existed lack: kept out of them at its default


@dataclass(frozen=True, slots=True)
class When:
    """A time as told: an inclusive interval of days, or ``None`` bounds where it cannot be told.

    ``words`` are the exact words of the text (``None`` where no words gave it). ``stretch`` is true
    for a length of time over which things are totalled ("since March 2011", "over the past 24 hours").
    ``sort`` is what TimeML calls its type; ``time`` the time of day as ISO 8601 or TIMEX3 writes it
    ("10:30", "NI" for night) in ``zone``, which stays as told ("GMT", "local time"); ``anchor`` the day
    it was read against, ``None`` where the words name their own; ``value`` what TIMEX3 writes where
    the bounds do not give it ("P3D", "1998-W10", "PAST_REF").
    """

    start: date | None
    end: date | None
    precision: Precision
    words: str | None = None
    stretch: bool = False
    sort: Sort = field(default="date", metadata=_LATER)
    time: str | None = field(default=None, metadata=_LATER)
    zone: str | None = field(default=None, metadata=_LATER)
    anchor: date | None = field(default=None, metadata=_LATER)
    value: str | None = field(default=None, metadata=_LATER)

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
        raise BadDate(f"{text!r} is no ISO date: the calendar has no such day in the years 1000 to 9998")
    raise BadDate(f"{text!r} is no ISO date; write it as year-month-day, for example 2016-10-07")


Found = tuple[int, int, Told]


def timex(when: When) -> tuple[str, str]:
    """Type and value of ``when`` as TIMEX3 (TimeML 1.2.1) writes them: ("DATE", "1998-03-06"), ("DURATION", "P3D").

    What cannot be told is X: a day without publication is ("DATE", "XXXX-XX-XX").
    """
    kind = when.sort.upper()
    if when.value is not None:
        return kind, when.value
    if when.start is None:
        return kind, "XXXX-XX-XX"
    if when.precision == "month":
        return kind, f"{when.start:%Y-%m}"
    if when.precision == "year":
        return kind, f"{when.start:%Y}"
    return kind, f"{when.start}T{when.time}" if when.time else f"{when.start}"


def expressions(text: str, published: date | None = None) -> Iterator[tuple[int, int, When]]:
    """Every expression of time in ``text`` as (start, end, when), in order, none overlapping.

    ``when.words == text[start:end]``. Durations ("three days"), repetitions ("daily") and times without
    bounds ("recently") are among them; no preposition is part of one. Linear in the length of the text.
    """
    for start, end, told in _resolved(text, published, _FORMS):
        yield start, end, _when(told, text[start:end])


def read(
    text: str, published: date | None = None, said: date | None = None
) -> Iterator[tuple[int, int, When]]:
    """Every expression of ``text`` that dates an event as (start, end, when), in order, none overlapping.

    ``when.words == text[start:end]``. Without ``published`` only expressions that name their own
    year get bounds; the others keep their words with bounds unknown. A preposition that changes the
    days is one of the words: "since mid-July" runs up to publication, "by the end of 2016" from it on.
    ``said`` is the last single day told before ``text``, of which "the day before" or "that evening" go on.
    """
    free = 0
    for start, end, told in _resolved(text, published, (*shifts.FOR_EVENTS, *_FORMS), said):
        begin, whole = _led(text, free, start, end, told, published)
        if whole is None:
            continue
        if told.precision == "day" and (owned := _OWNED.match(text, end)):
            end = owned.end()
        free = end
        yield begin, end, _when(whole, text[begin:end])


_FORMS: tuple[Form, ...] = (*forms.FORMS, *shifts.FORMS, *spans.FORMS, *terms.FORMS)


def _when(told: Told, words: str) -> When:
    return When(
        told.start, told.end, told.precision, words, told.stretch, told.sort, told.time, told.zone, told.anchor, told.value,
    )  # fmt: skip


def _resolved(
    text: str, published: date | None, forms: Sequence[Form], said: date | None = None
) -> list[Found]:
    """The longest matches of the forms that do not overlap, read from left to right."""
    low = text.lower()
    matches = [
        (match, one)
        for one in forms
        for match in one.matches(text, low)
        if not _NAMED_AFTER.match(text, match.end())
    ]
    matches.sort(key=lambda pair: (pair[0].start() - pair[0].end(), pair[0].start()))
    taken, chosen = bytearray(len(text)), []
    for match, one in matches:
        start, end = match.span()
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        chosen.append((match, one))
    chosen.sort(key=lambda pair: pair[0].start())
    setting, out = Setting(text, published, said), []
    for match, one in chosen:
        told = _guarded(one, match, setting)
        if told is None:
            continue
        if told.start and told.start == told.end and told.sort in ("date", "time"):
            setting.said = told.start
        out.append((match.start(), match.end(), told))
    return _joined(text, out)


def _guarded(one: Form, match: re.Match[str], setting: Setting) -> Told | None:
    """What the form reads; ``None`` where it leads out of the calendar."""
    try:
        return one.read(match, setting)
    except (ValueError, OverflowError):
        return None


_BETWEEN = re.compile(r",?\s{1,3}(?:(?:on|at|around|about)\s{1,3})?")


def _joined(text: str, found: list[Found]) -> list[Found]:
    """An hour and the day beside it are one time: "3 p.m. on Friday"."""
    out: list[Found] = []
    for start, end, told in found:
        if out and _BETWEEN.fullmatch(text, out[-1][1], start):
            first, _, other = out[-1]
            hour, day = (other, told) if _is_hour(other) else (told, other)
            if _is_hour(hour) and _is_day(day):
                out[-1] = first, end, replace(day, sort="time", time=hour.time, zone=hour.zone, value=None)
                continue
        out.append((start, end, told))
    return out


def _is_day(told: Told) -> bool:
    single = told.start is not None and told.start == told.end
    return single and told.sort in ("date", "time") and not _is_hour(told)


def _is_hour(told: Told) -> bool:
    return told.sort == "time" and not told.dates and told.time is not None


# What stands before an expression and changes or belongs to it, by the last words before it.
_SINCE = re.compile(r"\bsince\s+(?:[\w’'-]+\s+){0,10}$", re.I)
_FROM = re.compile(r"\bfrom\s+(?:the\s+)?$", re.I)
_UP_TO = re.compile(r"\b(?:by|until|till|before)\s+(?:the\s+)?$", re.I)
_OF_YEAR = re.compile(r"\b(?:in|during|of|year|since|from)\s+(?:the\s+year\s+)?$", re.I)
_OVER = re.compile(
    r"\b(?:over|in|during|within|for|throughout)\s+(?:(?:the|just|only|less\s+than|about|a|around)\s+){0,2}$",
    re.I,
)
_SINCE_THEN = re.compile(r"\bsince\s+$", re.I)
_OWNED = re.compile(r"['’]s\b")
_AT = re.compile(r"\bat\s+$", re.I)
_WHEN = re.compile(r",?\s+when\b", re.I)
_AFTER_ALL = re.compile(r"\s+of\s+(?:the|its|their|a)\b", re.I)


def _led(
    text: str, free: int, start: int, end: int, told: Told, published: date | None
) -> tuple[int, Told | None]:
    """What the words before an expression make of it, with where they begin; ``None`` where it dates nothing.

    Looks back no further than ``free``, where the expression before it ended.
    """

    def lead(pattern: re.Pattern[str], far: int = 40) -> re.Match[str] | None:
        return pattern.search(text, max(free, start - far), start)

    if told.sort == "duration":
        over = lead(_OVER)
        kept = told.dates and (told.stretch or told.start is not None) and not _AFTER_ALL.match(text, end)
        return (over.start() if over and told.stretch else start), (told if kept else None)
    if not told.dates or told.sort == "set":
        return start, None
    if text[start:end].lower() == "since dawn":
        return start, told
    since = lead(_SINCE, 90) or (lead(_FROM) if told.precision in ("month", "year") else None)
    # "The deadliest since December, when a raid killed 23" tells of that day, not of all since.
    if since and not _WHEN.match(text, end):
        return since.start(), _since(told, published)
    up_to = lead(_UP_TO)
    if up_to and told.end and tense.ahead(text, start, end) and (published is None or published <= told.end):
        return up_to.start(), replace(told, start=published, precision=told.precision)
    before = None
    if told.precision == "year" and told.anchor is None:
        before = lead(_OF_YEAR)
    elif told.precision == "month":
        before = lead(_SINCE_THEN)
    elif "-WE" in (told.value or ""):
        before = lead(_AT)
    return (before.start() if before else start), told


def _since(told: Told, published: date | None) -> Told:
    """From the start of ``told`` to the day of publication (open where that is unknown)."""
    if told.start is None:
        return Told(stretch=True, value=told.value)
    end = published if published and published >= told.start else None
    precision: Precision = told.precision if told.precision != "day" else "days"
    return replace(told, end=end, precision=precision, stretch=True)


_NAMED_AFTER = re.compile(
    r"(?:th|st|nd|rd)?\s+(?:Street|Square|Bridge|Brigade|Avenue|Road|Hospital|University|School|Movement|Revolution|Stadium|Dam|Division)\b"
)
_LEAD = re.compile(
    r"\b(?:on|since|from|until|till|by|of|in|after|before|between|to|and)\s+(?:the\s+)?$", re.I
)
_HEAD = re.compile(
    rf"(?:(?P<label>\b(?:date of publication|published|posted|(?:last )?updated)(?: at| on)?:?\s*(?:\d{{1,2}}:?\d\d\s+)?)|(?P<weekday>\b(?:{DAY}|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b,?\.?\s+)|(?P<top>^\W*))"
    rf"(?P<date>(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{MONTH})|(?P<m2>{MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)(?:(?:\b|(?<=\.)),?\s+|(?<=\s\d\d))(?P<y>{YEAR})\b"
    rf"|(?P<iso>{YEAR}-\d\d-\d\d)\b|(?P<n1>\d{{1,2}})[-/.](?P<n2>\d{{1,2}})[-/.](?P<n3>{YEAR})\b)",
    re.I,
)


_WIRE_DATE = (
    rf"(?P<date>(?:(?P<d>\d{{1,2}})\s(?P<m>{MONTH})|(?P<m2>{MONTH})\s(?P<d2>\d{{1,2}})\b)(?:,?\s(?P<y>{YEAR}))?)"
    r"\s{0,3}(?:\([^)\n]{1,40}\)|/[A-Z][\w -]{1,30}/)?\s{0,3}[-–—:|]"
)
_WIRE = re.compile(rf"\A\W{{0,20}}(?P<head>[^.\n]{{2,60}}?(?:,|\s[-–—|])\s{{0,3}}{_WIRE_DATE})", re.I)
# Below a headline only a place in capitals begins a report: "TARSIN, Oct 7 (Agency) -".
_WIRE_BELOW = re.compile(
    rf"(?:\n|[.!?]\s|\)\s)\W{{0,5}}(?P<head>(?-i:[A-Z][A-Z .’'/-]{{2,40}})(?:,|\s[-–—|])\s{{0,3}}(?i:{_WIRE_DATE}))"
)


def dateline(text: str, published: date | None = None) -> tuple[int, int, date] | None:
    """The day that a report prints at its own head, as (start, end, day); ``None`` where it prints none.

    Looked for in the first 300 code points: a full date with its year, labelled ("Published 3
    May 2016", also "Oct 262016", its blank lost on the way), led by a weekday, or opening the text;
    never one that a preposition ties into a sentence. A wire's dateline ("TOWN, 3 May (Agency) -")
    needs no year where ``published`` gives the nearest; else ``published`` only helps to read 03-04-2016.
    """
    setting = Setting("", published)  # no words around it tell whether it is to come
    for wire in filter(None, chain([_WIRE.match(text)], _WIRE_BELOW.finditer(text, 0, 300))):
        told = forms.full_date(wire, setting)
        if told is not None and told.start is not None:
            day = told.start if wire["y"] or not published else calendars.nearest(told.start, published)
            return wire.start("head"), wire.end("date"), day
    for match in _HEAD.finditer(text, 0, 300):
        if not match["label"] and _LEAD.search(text, max(0, match.start() - 12), match.start()):
            continue
        reads = forms.numeric if match["iso"] or match["n3"] else forms.full_date
        told = reads(match, setting)
        if told is not None and told.start is not None:
            return match.start(), match.end(), told.start
    return None
