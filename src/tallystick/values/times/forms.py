"""The forms that name a day, a month or a year of the calendar, and what every reader of a day makes.

Each reader takes the match and its setting and answers a ``Told``, or ``None`` where these words
are no time after all. What needs a day that nobody told keeps unknown bounds.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tallystick.values.times import calendars
from tallystick.values.times.words import (
    DAY,
    MONTH,
    MONTH_KEYS,
    OF_DAY,
    PART,
    TAIL,
    YEAR,
    YEAR_KEYS,
    Form,
    S,
    Setting,
    Told,
    form,
    month_number,
)


def low(words: str | None) -> str:
    return " ".join((words or "").lower().split())


def part(match: re.Match[str]) -> str:
    """ "early", "mid" or "late", as far as ``PART`` says; "earlier" and "later" narrow nothing."""
    words = set(low(match["part"]).replace("-", " ").split())
    for key, names in (("early", "early start beginning"), ("mid", "mid middle"), ("late", "late end")):
        if words & set(names.split()):
            return key
    return ""


def one_day(day: date, anchor: date | None = None, of: str | None = None) -> Told:
    """A single day, or a part of it."""
    time = OF_DAY[of.lower()] if of else None
    return Told(day, day, "day", sort="time" if time else "date", time=time, anchor=anchor)


def unknown(value: str, of: str | None = None) -> Told:
    """Words that need a day which nobody told."""
    return Told(value=value, sort="time" if of else "date", time=OF_DAY[of.lower()] if of else None)


def of_month(year: int, month: int, part: str = "", anchor: date | None = None) -> Told:
    """A month, or a third of it."""
    first, last = calendars.month(year, month)
    if part == "early":
        last = last.replace(day=10)
    elif part == "mid":
        first, last = first.replace(day=11), last.replace(day=20)
    elif part == "late":
        first = first.replace(day=21)
    return Told(first, last, "month", f"{year}-{month:02}", anchor=anchor)


def of_year(year: int, part: str = "", anchor: date | None = None) -> Told:
    """A year, or a third of it."""
    low, high = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(part, (1, 12))
    return Told(date(year, low, 1), calendars.month(year, high)[1], "year", f"{year}", anchor=anchor)


# --------------------------------------------------------------------------- days of the calendar


def full_date(match: re.Match[str], setting: Setting) -> Told | None:
    """A day and a month, with their year or in the year that the publication gives."""
    month, day = month_number(match["m"] or match["m2"]), int(match["d"] or match["d2"])
    groups = match.re.groupindex
    of = match["of"] if "of" in groups else None
    try:
        if match["y"]:
            return one_day(date(int(match["y"]), month, day), None, of)
        date(2000, month, day)
        if "rely" in groups and match["rely"] and setting.published:
            step = {"last": -1, "this": 0, "next": 1}[match["rely"].lower()]
            return one_day(date(setting.published.year + step, month, day), setting.published, of)
        if not setting.published:
            return unknown(f"XXXX-{month:02}-{day:02}", of)
        year = setting.published.year
        if setting.ahead(match):
            told = date(year, month, day)
            if told < setting.published - timedelta(days=60):
                told = date(year + 1, month, day)
        else:
            # The nearest such day not after publication; a day or two ahead is a time zone or a typist.
            told = date(year, month, day)
            if told > setting.published + timedelta(days=2):
                told = date(year - 1, month, day)
    except ValueError:
        return None
    return one_day(told, setting.published, of)


def numeric(match: re.Match[str], setting: Setting) -> Told | None:
    """2016-10-07, 7.10.2016, 10/7/98; where two orders give two days, only publication close by can tell."""
    if match["iso"]:
        try:
            return one_day(date.fromisoformat(match["iso"]))
        except ValueError:
            return None
    year = int(match["n3"])
    if year < 100:
        year += 1900 if year >= 50 else 2000
    first, second, readings = int(match["n1"]), int(match["n2"]), set()
    for month, day in ((second, first), (first, second)):
        try:
            readings.add(date(year, month, day))
        except ValueError:
            continue
    if len(readings) == 2 and setting.published:
        readings = {told for told in readings if abs((told - setting.published).days) <= 7} or readings
    if len(readings) != 1:
        return unknown(f"{year}-XX-XX") if readings else None
    return one_day(readings.pop())


def _dated(match: re.Match[str]) -> bool:
    """Whether the month of a day is written as a name: "May 3", not "they may 3 times"."""
    return (match["m"] or match["m2"])[0].isupper()


# ------------------------------------------------------------------------------ months, years


def month(match: re.Match[str], setting: Setting) -> Told | None:
    """A month: of the year told, of the one that "last" or "next" gives, or nearest on the side looked to."""
    number, which = month_number(match["mm"]), low(match["which"])
    published = setting.published
    if match["my"]:
        return of_month(int(match["my"]), number, part(match))
    if which in ("every", "each"):
        return Told(value=f"XXXX-{number:02}", sort="set", dates=False)
    if published is None:
        return unknown(f"XXXX-{number:02}")
    year = published.year
    if match["rely"]:
        year += {"last": -1, "this": 0, "next": 1}[match["rely"].lower()]
    elif which.endswith("next") or (which == "" and setting.ahead(match)):
        year += number < published.month or (which.endswith("next") and number == published.month)
    elif which == "this":
        pass
    else:
        year -= number > published.month or (which == "last" and number == published.month)
    return of_month(year, number, part(match), published)


_IN_MONTH = re.compile(
    r"\b(?:in|last|this|of|until|by|late|early|mid|since|from|to|and|through|during|next)[\s-]$"
)


def named_month(match: re.Match[str]) -> bool:
    """Whether "may", "march" or "jan" here names a month: capitalised, and dated or led by a preposition."""
    word = match["mm"]
    if not word[0].isupper():
        return False
    if word.lower() not in ("may", "march", "jan", "mar", "dec", "jun"):
        return True
    before = match.string[max(0, match.start("mm") - 14) : match.start("mm")].lower()
    return bool(
        match["my"] or match["part"] or match["which"] or match["rely"]
        or ((len(word) > 3 or word == "May") and _IN_MONTH.search(before))
        or (word != "Jan" and re.search(r"\b(?:in|since|of)\s$", before))
    )  # fmt: skip


_LED = re.compile(r"\b(?:in|during|since|of|from|year|by|until|before|after)\s+(?:the\s+year\s+)?$", re.I)


def year(match: re.Match[str], _: Setting) -> Told:
    """A year by its number; four digits that no preposition leads are too little to date an event."""
    told = of_year(int(match["by"]), part(match))
    led = _LED.search(match.string, max(0, match.start() - 24), match.start())
    return Told(told.start, told.end, "year", told.value, dates=bool(led or match["part"]))


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether four digits are no sum, no part of a longer number and count nothing."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    after = match.string[match.end("by") : match.end("by") + 1]
    return before not in ("$", "£", "€", "#", ".", ",", "/", "-", "+", ":") and after not in (
        "%",
        "/",
        ":",
        "-",
    )


FORMS: tuple[Form, ...] = (
    form(
        rf"(?P<iso>\b{YEAR}-\d\d-\d\d)(?!\d)|(?<![\d./-])(?P<n1>\d{{1,2}})(?P<mark>[-/.])(?P<n2>\d{{1,2}})(?P=mark)(?P<n3>{YEAR}|(?<=/)\d\d)\b(?![-/.]\d)",
        numeric, keys=YEAR_KEYS + " / "),
    form(
        rf"\b(?:(?:(?:{DAY})\b,?{S})?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{S}(?:of{S})?(?P<m>{MONTH})"
        rf"|(?P<m2>{MONTH}){S}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:\d|[-/]\d))(?:,?{S}(?P<y>{YEAR})\b|{S}(?P<rely>last|this|next){S}year\b)?{TAIL})",
        full_date,
        _dated, keys=MONTH_KEYS),
    form(
        rf"{PART}(?:\b(?P<which>(?:the{S})?(?:last|next|this(?:{S}past)?|previous|following)|every|each){S})?(?:the{S}month{S}of{S})?\b(?P<mm>{MONTH})(?:(?:,?{S}(?:of{S})?|[-/])(?P<my>{YEAR})\b|,?{S}(?:of{S})?(?P<rely>last|this|next){S}year\b)?(?!{S}\d)",
        month,
        named_month, keys=MONTH_KEYS),
    form(rf"{PART}(?:\bfiscal{S}(?:year{S})?)?\b(?P<by>{YEAR})\b(?!,\d|\.\d|['’]?s\b)", year, _stands_alone, keys=YEAR_KEYS),
)  # fmt: skip
