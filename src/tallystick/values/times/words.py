"""What the forms of time share: what was told, against what, and the words for numbers and units."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tallystick.values.times import tense

Precision = Literal[
    "day", "days", "week", "month", "season", "quarter", "year", "decade", "century", "unknown"
]
Sort = Literal["date", "time", "duration", "set"]


@dataclass(frozen=True, slots=True)
class Told:
    """What some words say of time, before the words are put beside it.

    ``value`` is what TIMEX3 writes where the days alone do not give it; ``anchor`` the day it was
    read against; ``dates`` is false for words that date no event by themselves ("now", "daily").
    """

    start: date | None = None
    end: date | None = None
    precision: Precision = "unknown"
    value: str | None = None
    sort: Sort = "date"
    time: str | None = None
    zone: str | None = None
    anchor: date | None = None
    stretch: bool = False
    dates: bool = True


@dataclass(slots=True)
class Setting:
    """Where an expression stands: its text, the day of publication, and what was told before it."""

    text: str
    published: date | None
    said: date | None = None  # the last single day told before these words
    term: date | None = None  # the first day of the last quarter told before them

    def ahead(self, match: re.Match[str]) -> int:
        """Whether the words around ``match`` tell of what is to come: 0 to 2, as ``tense.ahead`` does."""
        return tense.ahead(self.text, match.start(), match.end())


Reader = Callable[[re.Match[str], Setting], Told | None]


@dataclass(frozen=True, slots=True)
class Form:
    """One way to tell a time: a pattern, and who reads what it matches.

    ``fits`` turns down, without any setting, words that only look like it. A text in small letters that
    holds none of ``keys`` cannot match, and is not searched.
    """

    pattern: re.Pattern[str]
    read: Reader
    fits: Callable[[re.Match[str]], bool] | None
    keys: tuple[str, ...]

    def matches(self, text: str, low: str) -> Iterator[re.Match[str]]:
        """Where the form fits in ``text``, of which ``low`` is the small-letter spelling."""
        if any(key in low for key in self.keys):
            for match in self.pattern.finditer(text):
                if self.fits is None or self.fits(match):
                    yield match


def form(
    pattern: str, read: Reader, fits: Callable[[re.Match[str]], bool] | None = None, *, keys: str
) -> Form:
    """A ``Form`` whose pattern disregards case; ``keys`` are parted by blanks."""
    return Form(re.compile(pattern, re.I), read, fits, tuple(keys.split()))


UNIT_KEYS = "second minute hour day night week month quarter year decade centur"
DAY_KEYS = "monday tuesday wednesday thursday friday saturday sunday"
MONTH_KEYS = "jan feb mar apr may jun jul aug sep oct nov dec"
YEAR_KEYS = "15 16 17 18 19 20"


S = r"\s{1,3}"  # bounded, so that no run of blanks is walked twice
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORT = {name[:3]: n for n, name in enumerate(MONTHS, 1)}
DAY = "|".join(DAYS)
MONTH = "|".join(
    [*(name + r"\b" for name in MONTHS), *(short + r"\b\.?" for short in ("sept", *_SHORT) if short != "may")]
)
YEAR = r"(?:1[5-9]|20)\d\d"
PART = r"(?:\b(?P<part>early|mid|middle|late|earlier(?:\sin)?|later(?:\sin)?|(?:the\s)?(?:very\s)?(?:start|beginning|end|middle)\sof)[\s-]{1,3})?"
OF_DAY = {
    "morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "overnight": "NI", "midday": "12:00", "noon": "12:00",
    "midnight": "24:00", "dawn": "MO", "daybreak": "MO", "sunrise": "MO", "dusk": "EV", "sunset": "EV", "nightfall": "EV",
}  # fmt: skip
HOUR_WORDS = "|".join(OF_DAY)
TAIL = rf"(?:(?:,|{S}at)?{S}(?:(?:early|late){S})?(?P<of>{HOUR_WORDS})s?\b(?!{S}prayer))?"
_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_NUMBERS = "|".join(sorted(_WORDS, key=len, reverse=True))
_SOME = {"few": 3, "several": 3, "couple": 2, "dozen": 12, "many": None, "dozens": None, "hundreds": None, "some": None,
         "recent": None, "coming": None}  # fmt: skip
NUM = (
    rf"(?:\d{{1,3}}(?:[.,]\d{{1,3}})?(?:{S}\d/\d)?|(?:{_NUMBERS})(?:-(?:{_NUMBERS}))?(?:{S}hundred)?"
    rf"|(?:an?{S})?(?:couple{S}of|couple|few|several|dozen|hundred)|many|dozens{S}of|hundreds{S}of|half{S}an?|an?|another)"
    rf"(?:{S}and{S}a{S}half)?"
)
UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weekends?|weeks?|fortnights?|months?|quarters?|years?|decades?|centur(?:y|ies))"
MORE = (
    rf"(?:about|around|nearly|almost|roughly|approximately|(?:no{S})?more{S}than|(?:no{S})?less{S}than|fewer{S}than|at{S}(?:least|most)"
    rf"|up{S}to|over|under|(?:a{S})?maximum(?:{S}of)?)"
)
_CODE = {"second": "S", "minute": "M", "hour": "H", "day": "D", "night": "D", "weekend": "WE", "week": "W", "month": "M",
         "quarter": "Q", "year": "Y", "decade": "E", "century": "C"}  # fmt: skip
_LENGTH = {"S": 0, "H": 1 / 24, "D": 1, "W": 7, "WE": 7, "M": 30, "Q": 91, "Y": 365, "E": 3652, "C": 36524}


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its abbreviation."""
    return _SHORT[name.lower()[:3]]


def day_number(name: str) -> int:
    """0 (Monday) to 6 for a weekday's name."""
    return DAYS.index(name.lower())


def number(words: str) -> float | None:
    """The number that a match of ``NUM`` tells; ``None`` for many of them."""
    told = " ".join(words.lower().split())
    half = 0.5 if told.endswith(" and a half") else 0.0
    told = told.removesuffix(" and a half")
    if told.startswith("half a"):
        return 0.5
    if told[0].isdigit():
        whole, _, fraction = told.partition(" ")
        if fraction:
            top, _, bottom = fraction.partition("/")
            half = int(top) / int(bottom) if int(bottom) else 0.0
        # "1,000" groups by the comma; "1.5" and "1,5" tell a fraction.
        whole = whole.replace(",", "") if re.fullmatch(r"\d+,\d{3}", whole) else whole.replace(",", ".")
        return float(whole) + half
    for word in reversed(told.split()):
        if word in _SOME:
            some = _SOME[word]
            return None if some is None else some + half
    if told in ("a", "an", "another", "hundred", "a hundred"):
        return (100 if "hundred" in told else 1) + half
    told, hundred = told.removesuffix(" hundred"), told.endswith(" hundred")
    value = sum(_WORDS[word] for word in told.split("-"))
    return value * (100 if hundred else 1) + half


def inexact(words: str) -> bool:
    """Whether a match of ``NUM`` tells no exact number ("a few", "several", "many")."""
    return bool(re.search(r"\b(?:few|several|many|dozens|hundreds)\b", words, re.I))


def unit(word: str) -> str:
    """The singular of a match of ``UNIT``."""
    told = word.lower()
    return "century" if told.startswith("centur") else told.rstrip("s")


def amount(n: float | None, of: str) -> str:
    """A length as TIMEX3 writes it: P3D, PT48H, P2.5M, PXW."""
    if of == "fortnight":
        n, of = (None if n is None else 2 * n), "week"
    elif of in ("decade", "century"):
        n, of = (None if n is None else n * (10 if of == "decade" else 100)), "year"
    code = _CODE[of]
    clock = "T" if of in ("second", "minute", "hour") else ""
    if n is None:
        return f"P{clock}X{code}"
    if of == "hour" and n % 1:
        return f"PT{int(n)}H{round(n % 1 * 60)}M" if n > 1 else f"PT{round(n * 60)}M"
    return f"P{clock}{n:g}{code}"


def length(n: float | None, of: str) -> timedelta | None:
    """A length in whole days, rounded up; ``None`` where no number is told or it is beyond any calendar."""
    if n is None or n > 3000:
        return None
    days = 1 / 1440 if of == "minute" else 14 if of == "fortnight" else _LENGTH[_CODE[of]]
    return timedelta(days=-int(-n * days // 1))


_EXACT: dict[str, Precision] = {
    "week": "week", "fortnight": "week", "month": "month", "quarter": "quarter", "year": "year", "decade": "decade",
    "century": "century",
}  # fmt: skip


def precision_of(of: str) -> Precision:
    """How exact a length counted in this unit dates."""
    return _EXACT.get(of, "days")
