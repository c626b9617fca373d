"""The forms that name a term or an hour: quarters, seasons, decades, centuries, feasts, the time of day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tallystick.values.times import calendars
from tallystick.values.times.forms import part, unknown
from tallystick.values.times.words import (
    OF_DAY,
    PART,
    YEAR,
    Form,
    Precision,
    S,
    Setting,
    Told,
    form,
)

# --------------------------------------------------------- quarters, seasons, decades, centuries

_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_TURN = {"last": -1, "this": 0, "next": 1}


def quarter(match: re.Match[str], setting: Setting) -> Told:
    """A quarter or a half of a year: of the year told, else the last that had begun by publication."""
    which, half = _ORDINAL[match["ord"].lower()], match["what"].lower().startswith("half")
    named = match["y"] or match["y2"]
    published = setting.published
    if named and named[0].isdigit():
        year = int(named)
    elif published is None:
        return Told(value=f"XXXX-{'H' if half else 'Q'}{which}")
    elif named:
        year = published.year + _TURN[named.split()[0].lower()]
    else:
        year = published.year
        if match["ago"]:
            year = (setting.term or published).year - 1
        elif date(year, (which - 1) * (6 if half else 3) + 1, 1) > published and not setting.ahead(match):
            year -= 1
    if half:
        first, last = calendars.quarter(year, 2 * which - 1)[0], calendars.quarter(year, 2 * which)[1]
        return Told(first, last, "quarter", f"{year}-H{which}", anchor=None if named else published)
    first, last = calendars.quarter(year, which)
    if not match["ago"]:
        setting.term = first
    return Told(first, last, "quarter", f"{year}-Q{which}", anchor=None if named else published)


def the_quarter(match: re.Match[str], setting: Setting) -> Told | None:
    """ "the latest quarter", "the year-ago period": the quarter told before, or the last one ended."""
    published = setting.published
    if published is None:
        return Told(value="XXXX-QX", dates=False)
    if match["y"]:
        number = (setting.term.month + 2) // 3 if setting.term else None
        if number is None:
            return Told(value=f"{match['y']}-QX", dates=False)
        first = calendars.quarter(int(match["y"]), number)[0]
        return Told(
            first,
            calendars.shifted(first, 3) - timedelta(days=1),
            "quarter",
            calendars.quarter_name(first),
            dates=False,
        )
    if match["the"] and setting.term is None:
        return None
    first = setting.term or calendars.quarter(published.year, (published.month + 2) // 3 - 1)[0]
    if match["ago"]:
        first = calendars.shifted(first, -12)
    last = calendars.shifted(first, 3) - timedelta(days=1)
    return Told(first, last, "quarter", calendars.quarter_name(first), anchor=published, dates=False)


_SEASON = {"spring": "SP", "summer": "SU", "fall": "FA", "autumn": "FA", "winter": "WI"}


def the_term(match: re.Match[str], setting: Setting) -> Told:
    """ "for the year", "the fiscal year": the one of publication, too vague to date an event."""
    if match["ended"]:
        return Told(value="P1Y", sort="duration", dates=False)
    of, published = match["term"].lower(), setting.published
    if published is None:
        return Told(value="XXXX" if of == "year" else "XXXX-WXX", dates=False)
    if of == "year":
        first, last = date(published.year, 1, 1), date(published.year, 12, 31)
        return Told(first, last, "year", f"{published.year}", anchor=published, dates=False)
    first, last = calendars.week(published)
    return Told(first, last, "week", calendars.week_name(first), anchor=published, dates=False)


def season(match: re.Match[str], setting: Setting) -> Told:
    """A season of the northern year by whole months: of the year told, or the last, this or next one."""
    name, published = _SEASON[match["season"].lower()], setting.published
    which = (match["which"] or "").lower()
    if match["y"]:
        year, anchor = int(match["y"]), None
    elif published is None:
        return Told(value=f"XXXX-{name}")
    else:
        anchor = published
        year = published.year
        begun = calendars.season(year, name)[0]
        if match["rely"]:
            year += _TURN[match["rely"].lower()]
        elif which.endswith("next") or (which in ("", "the", "this", "coming") and setting.ahead(match)):
            year += begun < published and not calendars.season(year, name)[1] >= published
            year += which.endswith("next") and begun <= published <= calendars.season(year, name)[1]
        elif which.startswith(("last", "the last", "this past", "previous")):
            while calendars.season(year, name)[1] >= published:
                year -= 1
        else:
            year -= begun > published
    first, last = calendars.season(year, name)
    narrowed = part(match)
    if narrowed == "early":
        last = calendars.month(first.year, first.month)[1]
    elif narrowed == "late":
        first = last.replace(day=1)
    return Told(first, last, "season", f"{year}-{name}", anchor=anchor)


def _is_season(match: re.Match[str]) -> bool:
    """Whether "fall" and "spring" are seasons here: led by "last", "the … of 1998" and the like."""
    if match["season"].lower() in ("winter", "autumn", "summer"):
        return bool(match["which"] or match["y"] or match["part"] or match["rely"] or match["in"])
    return bool(
        match["y"] or match["rely"] or (match["which"] and match["which"].lower() != "the") or match["part"]
    )


_TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")


def decade(match: re.Match[str], _: Setting) -> Told:
    """ "the 1990s", "the late '80s"."""
    if match["full"]:
        first = int(match["full"]) * 10
    else:
        tens = int(match["short"]) if match["short"] else _TENS.index(match["tens"].lower()) + 2
        first = 1900 + tens * 10
    low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(part(match), (0, 9))
    return Told(
        date(first + low, 1, 1),
        date(first + high, 12, 31),
        "decade",
        f"{first // 10}X",
        dates=bool(match["full"]),
    )


_CENTURIES = {"fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21}  # fmt: skip


def century(match: re.Match[str], _: Setting) -> Told | None:
    """ "the 20th century"."""
    which = int(match["nth"]) if match["nth"] else _CENTURIES[match["name"].lower()]
    if not 2 <= which <= 30:
        return None
    first = (which - 1) * 100
    return Told(date(first, 1, 1), date(first + 99, 12, 31), "century", f"{which - 1:02}", dates=False)


_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONE_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPOKEN = {word: 10 * n for n, word in enumerate(_TEN_WORDS, 2)}
_UNITS = {word: n for n, word in enumerate(_ONE_WORDS, 1)}


def spoken_year(match: re.Match[str], _: Setting) -> Told:
    """ "nineteen ninety-six"."""
    told = 1900 + _SPOKEN[match["tens"].lower()] + _UNITS.get((match["one"] or "").lower(), 0)
    return Told(date(told, 1, 1), date(told, 12, 31), "year", f"{told}", dates=False)


def short_year(match: re.Match[str], _: Setting) -> Told:
    """ "'98", of the century that makes it the nearer."""
    told = int(match["short"])
    told += 1900 if told >= 50 else 2000
    return Told(date(told, 1, 1), date(told, 12, 31), "year", f"{told}", dates=False)


# --------------------------------------------------------------------------------------- feasts


def _election(year: int) -> date:
    return calendars.nth(year, 11, 0, 1) + timedelta(days=1)


def _feast(name: str, year: int) -> tuple[date, date] | None:
    """First and last day of a feast in a year."""
    day = {
        "christmas eve": (12, 24), "christmas": (12, 25), "christmas day": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
        "new year": (1, 1), "new year's": (1, 1), "new year's day": (1, 1), "valentine's day": (2, 14), "may day": (5, 1), "halloween": (10, 31),
        "independence day": (7, 4), "veterans day": (11, 11), "nowruz": (3, 21), "newroz": (3, 21),
    }.get(name)  # fmt: skip
    if day:
        return date(year, *day), date(year, *day)
    if name.startswith("thanksgiving"):
        fourth = calendars.nth(year, 11, 3, 4)
        return fourth, fourth
    if name == "election day":
        return (_election(year),) * 2
    if name == "labor day":
        return (calendars.nth(year, 9, 0, 1),) * 2
    moved = {"easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2}
    if name in moved:
        told = calendars.easter(year) + timedelta(days=moved[name])
        return told, told
    if name.endswith("ramadan"):
        first = calendars.islamic_in(year, 9, 1)
        return first, first + timedelta(days=29)
    if name.startswith("eid"):
        greater = "adha" in name
        first = calendars.islamic_in(year, 12, 10) if greater else calendars.islamic_in(year, 10, 1)
        return first - timedelta(days=1), first + timedelta(days=3)
    return None


def feast(match: re.Match[str], setting: Setting) -> Told | None:
    """A feast of a year told, or the nearest on the side that the words look to.

    Ramadan and the two Eids by the tabular Islamic calendar: a day or two from what was kept.
    """
    name = re.sub(r"[’]", "'", " ".join(match["feast"].lower().split())).replace("eid ul", "eid al")
    which = (match["which"] or "").lower()
    precision: Precision = (
        "month" if name.endswith("ramadan") else "days" if name.startswith("eid") else "day"
    )
    if match["y"]:
        span, anchor = _feast(name, int(match["y"])), None
    elif setting.published is None:
        return unknown("XXXX-XX-XX")
    else:
        anchor, year = setting.published, setting.published.year
        slack = timedelta(
            days=0 if precision == "day" else 2
        )  # the moon may have been seen before the table has it
        around = [found for y in (year - 1, year, year + 1) if (found := _feast(name, y))]
        looks = setting.ahead(match)
        if looks == 1 and not which:
            span = min(around, key=lambda found: abs((found[0] - anchor).days), default=None)
        elif which in ("next", "this coming") or looks:
            span = next((found for found in around if found[1] >= anchor), None)
        else:
            span = next(
                (
                    found
                    for found in reversed(around)
                    if found[0] <= anchor + slack and (which != "last" or found[1] < anchor)
                ),
                None,
            )
    if span is None:
        return None
    value = (
        None
        if precision == "day"
        else f"{span[0].year}"
        if precision == "month"
        else f"{span[0] + timedelta(days=1)}"
    )
    return Told(*span, precision, value, anchor=anchor)


# ------------------------------------------------------------------------ hours, and no bounds


def clock(match: re.Match[str], setting: Setting) -> Told | None:
    """An hour of the day told before, or of the day of publication; its zone as it is told."""
    day = setting.said or setting.published
    if match["word"]:
        time = OF_DAY[match["word"].lower()]
    else:
        hour, minute = (
            int(match["h"] or match["h2"] or match["h3"]),
            int(match["min"] or match["m2"] or match["m3"] or 0),
        )
        half = (match["half"] or "").lower()
        if half:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour > 24 or minute > 59:
            return None
        time = f"{hour:02}:{minute:02}"
    zone = (match["zone"] or "").strip("() ") or None
    if day is None:
        return Told(value=f"XXXX-XX-XXT{time}", sort="time", time=time, zone=zone, dates=False)
    return Told(day, day, "day", None, "time", time, zone, day, dates=False)


_ZONES = r"GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|EET|EEST|BST|MSK|IST|local\s{1,3}time"
_FEASTS = (
    "christmas(?: eve| day)?|boxing day|new year(?:['’]s(?: eve| day)?)?(?= |$|[.,;])|thanksgiving(?: day)?|easter(?: sunday| monday)?|good friday"
    "|labor day|election day|valentine['’]s day|may day|halloween|independence day|veterans day|nowruz|newroz|ramadan|eid (?:al|ul)[- ](?:adha|fitr)"
).replace(" ", S)

_DECADE_KEYS = "0s 0's 0’s " + " ".join(_TENS)
_FEAST_KEYS = "christmas boxing year thanksgiving easter friday day halloween nowruz newroz ramadan eid"

FORMS: tuple[Form, ...] = (
    form(rf"(?:(?<=\bfor\s)the{S}|\bthe{S}(?:fiscal|full){S})(?P<term>year|week)\b|\bthe{S}(?P<ended>year)(?={S}end(?:ed|ing)\b)", the_term, keys="year week"),
    form(
        rf"\b(?:the{S})?(?:(?P<y2>{YEAR}|last{S}year|this{S}year|next{S}year)(?:['’]s)?{S})?(?:(?P<ago>year-earlier|year-ago){S})?(?:fiscal[\s-]{{1,3}})?(?P<ord>first|second|third|fourth)(?:-|{S})(?:fiscal{S})?(?P<what>quarter|half)\b"
        rf"(?:{S}of{S}(?:fiscal{S})?(?P<y>{YEAR}|last{S}year|this{S}year|next{S}year)\b)?",
        quarter, keys="quarter half"),
    form(rf"\b(?:the{S}(?:latest|recent|most{S}recent){S}(?:quarter|period)|(?:the{S})?(?P<ago>year-earlier|year-ago)(?:{S}(?:quarter|period))?|the{S}(?P<y>{YEAR}){S}(?:quarter|period)|(?P<the>the{S}quarter))\b", the_quarter, keys="quarter period year-"),
    form(
        rf"{PART}(?:\b(?P<which>last|this{S}past|this|next|coming|previous|the{S}last|the{S}next|the){S})?\b(?P<in>(?<=\bin\s))?(?P<season>spring|summer|fall|autumn|winter)(?:(?:{S}of)?{S}(?P<y>{YEAR})|{S}(?P<rely>last|this|next){S}year)?\b",
        season,
        _is_season, keys="spring summer fall autumn winter"),
    form(rf"(?:\bthe{S})?{PART}(?:\bthe{S})?(?:\b(?P<full>1[5-9]\d|20\d)0['’]?s\b|['’](?P<short>[2-9])0s\b|(?<=the\s)(?P<tens>{'|'.join(_TENS)})\b)", decade, keys=_DECADE_KEYS),
    form(rf"\b(?:the{S})?(?:(?P<nth>\d{{1,2}})(?:st|nd|rd|th)|(?P<name>{'|'.join(_CENTURIES)}))(?:{S}|-)century\b", century, keys="century"),
    form(rf"\bnineteen{S}(?P<tens>{'|'.join(_SPOKEN)})(?:[-\s](?P<one>{'|'.join(_UNITS)}))?\b", spoken_year, keys="nineteen"),
    form(r"(?<!\w)['’](?P<short>\d\d)\b(?!['’\d])", short_year, keys="' ’"),
    form(rf"\b(?:(?P<which>last|next|this{S}coming|this|the){S})?(?:holy{S}month{S}of{S})?(?P<feast>{_FEASTS})(?:,?{S}(?P<y>{YEAR}))?\b", feast, lambda m: m["feast"][0].isupper(), keys=_FEAST_KEYS),
    form(
        rf"(?<![\d:.])\b(?:(?P<h>\d{{1,2}})(?:[:.](?P<min>\d\d))?(?:{S})?(?P<half>[ap])(?:\.m\b\.?|m\b)|(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?::\d\d)?(?![:\d])|(?P<h3>[01]\d|2[0-4])(?P<m3>[0-5]\d)(?={S}(?:GMT|UTC|hours))"
        rf"|(?P<word>noon|midnight|midday))(?P<zone>{S}(?:{_ZONES})\b|{S}\((?:{_ZONES})\))?",
        clock, keys="m : gmt utc hours noon midnight midday"),
)  # fmt: skip
