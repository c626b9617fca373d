"""The forms that name a day, a week, a month or a year by its distance from publication or from a day told before.

Weekdays, "yesterday", "the previous day", "two weeks ago", "late last month", "by the year's end".
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tallystick.values.times import calendars
from tallystick.values.times.forms import low, of_month, of_year, one_day, part, unknown
from tallystick.values.times.words import (
    DAY,
    DAY_KEYS,
    MONTH,
    MORE,
    NUM,
    OF_DAY,
    PART,
    TAIL,
    UNIT,
    UNIT_KEYS,
    Form,
    Precision,
    S,
    Setting,
    Told,
    amount,
    day_number,
    form,
    inexact,
    length,
    number,
    unit,
)

_BACK = ("last", "past", "previous", "this past", "the past", "the last", "the previous")
_ON = ("next", "coming", "following", "the next", "the coming", "the following")


# ----------------------------------------------------------------------------------- weekdays


# "on Fridays" comes again; "Fridays raids" has lost its apostrophe.
_OFTEN = re.compile(r"\b(?:on|most|some)\s$", re.I)
_ENDED = re.compile(r"\s*(?:$|[,.;:)]|(?:and|or|from|at|in|to|when|but)\b)")


def weekday(match: re.Match[str], setting: Setting) -> Told:
    """A day of the week: the last one up to publication, or the next where the words look ahead."""
    number, which = day_number(match["wd"]), low(match["which"])
    published = setting.published
    if (
        match["plural"]
        and _OFTEN.search(match.string, max(0, match.start() - 8), match.start())
        and _ENDED.match(match.string, match.end())
    ):
        return Told(value=f"XXXX-WXX-{number + 1}", sort="set", dates=False)
    if which in ("previous", "following", "the previous", "the following") and setting.said:
        step = (setting.said.weekday() - number) % 7 or 7
        on = (number - setting.said.weekday()) % 7 or 7
        day = (
            setting.said + timedelta(days=on) if "following" in which else setting.said - timedelta(days=step)
        )
        return one_day(day, setting.said, match["of"])
    if published is None:
        return unknown(f"XXXX-WXX-{number + 1}", match["of"])
    back = (published.weekday() - number) % 7
    if which in ("next", "following", "the following"):
        day = published + timedelta(days=7 - back)
    elif which in ("last", "previous", "the previous"):
        # Of today and of yesterday nobody says "last Wednesday": it is the one a week before.
        day = published - timedelta(days=back if back > 1 else back + 7)
    elif which in ("coming", "this coming") or setting.ahead(match) > (back == 1):
        # Of yesterday's weekday only "will" tells of the one to come: it "was to begin" then.
        day = published + timedelta(days=-back % 7)
    else:
        day = published - timedelta(days=back)
    return one_day(day, published, match["of"])


def weekdays(match: re.Match[str], setting: Setting) -> Told:
    """Two days of the week and what lies between them."""
    published = setting.published
    if published is None:
        return Told()
    last, first = day_number(match["wb"]), day_number(match["wa"])
    end = published - timedelta(days=(published.weekday() - last) % 7)
    if setting.ahead(match):
        end = published + timedelta(days=(last - published.weekday()) % 7)
    start = end - timedelta(days=(end.weekday() - first) % 7)
    return Told(start, end, "days" if start != end else "day", anchor=published)


def overnight_into(match: re.Match[str], setting: Setting) -> Told:
    """The night that ends on a named day of the week."""
    if setting.published is None:
        return Told()
    back = (setting.published.weekday() - day_number(match["wd"])) % 7
    end = setting.published - timedelta(days=back)
    return Told(end - timedelta(days=1), end, "days", anchor=setting.published)


# --------------------------------------------------------------------------- near publication


def near(match: re.Match[str], setting: Setting) -> Told:
    """Yesterday, today, tomorrow and their parts."""
    words, of = low(match["near"]), match["of"]
    if of is None and (named := re.search(r"\b(morning|afternoon|evening|night)$", words)):
        of = named[1]
    of = "night" if words == "tonight" else of
    if setting.published is None:
        return unknown("XXXX-XX-XX", of)
    days = 0
    if "yesterday" in words or "last night" in words or "overnight" in words:
        days = -2 if "before yesterday" in words else -1
    elif "tomorrow" in words:
        days = 2 if "after tomorrow" in words else 1
    day = setting.published + timedelta(days=days)
    if words == "overnight":
        return Told(day, setting.published, "days", f"{day}TNI", "time", "NI", anchor=setting.published)
    return one_day(day, setting.published, of)


def dawn(match: re.Match[str], setting: Setting) -> Told:
    """A part of the day without its day: of the day of publication."""
    day = setting.published
    words = low(match[0])
    of = next((word for word in words.split() if word in OF_DAY), None)
    if day is None:
        return unknown("XXXX-XX-XX", of)
    return one_day(day, day, of)


def by_a_day(match: re.Match[str], setting: Setting) -> Told:
    """ "the previous day", "the next morning", "that night": against the day told before.

    With none told before, the day before is that before publication; the others stay unknown.
    """
    words, of = low(match["step"]), match["hour"]
    of = None if of and of.lower() == "day" else of
    before = any(word in words for word in ("previous", "before", "earlier"))
    on = any(word in words for word in ("next", "following", "after", "later"))
    day = setting.said or (setting.published if before else None)
    if day is None:
        return unknown("XXXX-XX-XX", of)
    return one_day(day + timedelta(days=on - before), day, of)


def ago(match: re.Match[str], setting: Setting) -> Told | None:
    """ "two days ago", "a year earlier", "48 hours later": against publication, or the day told before."""
    n, of, way = number(match["an"]), unit(match["au"]), low(match["way"])
    on = way in ("later", "from now", "hence", "afterwards", "after that")
    anchor = setting.published if way in ("ago", "from now", "hence") else setting.said or setting.published
    if way == "later" and setting.said is None:
        return Told(value=amount(n, of), dates=False)
    if anchor is None:
        return unknown("XXXX-XX-XX")
    if n is None:
        return Told(value="FUTURE_REF" if on else "PAST_REF")
    if of == "year" and setting.term and way in ("ago", "earlier") and n == 1:
        return _term(calendars.quarter(setting.term.year - 1, (setting.term.month + 2) // 3)[0], anchor)
    try:
        return _stepped(anchor, n if on else -n, of, inexact(match["an"]))
    except (ValueError, OverflowError):
        return None


def _stepped(anchor: date, n: float, of: str, vague: bool) -> Told:
    if of in ("decade", "century", "year"):
        year = anchor.year + int(n * {"year": 1, "decade": 10, "century": 100}[of])
        told = of_year(year, "", anchor)
        if of != "year":
            return Told(told.start, told.end, "year", f"{year}", anchor=anchor)
        return told
    if of in ("month", "quarter"):
        day = calendars.shifted(anchor, int(n) * (3 if of == "quarter" else 1))
        return of_month(day.year, day.month, "", anchor)
    if of in ("week", "fortnight"):
        middle = anchor + timedelta(days=round(7 * n * (2 if of == "fortnight" else 1)))
        three = timedelta(days=3)
        return Told(middle - three, middle + three, "week", calendars.week_name(middle), anchor=anchor)
    reach = length(abs(n), of)
    assert reach is not None
    if of in ("hour", "minute", "second"):
        other = anchor + reach if n > 0 else anchor - reach
        if abs(n) % 24 == 0 and of == "hour":
            return one_day(other, anchor)
        precision: Precision = "day" if reach.days <= 1 else "days"
        span = min(other, anchor), max(other, anchor)
        return Told(*span, precision, f"{other}", anchor=anchor, dates=of == "hour")
    day = anchor + (reach if n > 0 else -reach)
    return Told(day, day, "days" if vague else "day", anchor=anchor)


# --------------------------------------------------------------- this, last and next of a unit


def _term(first: date, anchor: date | None) -> Told:
    last = calendars.shifted(first, 3) - timedelta(days=1)
    return Told(first, last, "quarter", calendars.quarter_name(first), anchor=anchor)


def relative(match: re.Match[str], setting: Setting) -> Told | None:
    """ "last week", "earlier this month", "the following year", "the weekend"."""
    which, of = low(match["rel"]), match["unit"].lower()
    step = -1 if which in _BACK else 1 if which in _ON else 0
    anchor = setting.published
    if which.removeprefix("the ") in ("following", "same", "that"):
        anchor = setting.said
    elif which.removeprefix("the ") == "previous":
        anchor = setting.said or setting.published
    if anchor is None:
        return unknown({"week": "XXXX-WXX", "weekend": "XXXX-WXX-WE", "month": "XXXX-XX"}.get(of, "XXXX"))
    ahead = step == 0 and (low(match["part"]).startswith("later") or setting.ahead(match) == 2)
    if of == "weekend":
        return _weekend(which, step, ahead, anchor)
    if of == "week":
        monday, sunday = calendars.week(anchor + timedelta(days=7 * step))
        told = Told(monday, sunday, "week", calendars.week_name(monday), anchor=anchor)
    elif of == "month":
        day = calendars.shifted(anchor.replace(day=1), step)
        told = of_month(day.year, day.month, part(match), anchor)
    elif of == "quarter":
        if which == "the latest":
            step = -1
        setting.term = calendars.quarter(anchor.year, (anchor.month + 2) // 3 + step)[0]
        return _term(setting.term, anchor)
    elif of == "decade":
        first = date((anchor.year // 10 + step) * 10, 1, 1)
        return Told(first, date(first.year + 9, 12, 31), "decade", f"{first.year // 10}X", anchor=anchor)
    elif of == "century":
        first = date((anchor.year // 100 + step) * 100, 1, 1)
        return Told(first, date(first.year + 99, 12, 31), "century", f"{first.year // 100}", anchor=anchor)
    else:
        told = of_year(anchor.year + step, part(match), anchor)
    return _cut(told, anchor, ahead) if step == 0 else told


def _cut(told: Told, anchor: date, ahead: bool) -> Told:
    """The one at hand: up to the day it is told on, or from that day on where it is still to come."""
    start, end = told.start, told.end
    assert start is not None
    assert end is not None
    if not start <= anchor <= end:
        return told
    start, end = (anchor, end) if ahead else (start, anchor)
    return Told(start, end, told.precision, told.value, anchor=anchor)


_OVER = re.compile(r"\b(?:over|in|during|within|for|throughout)\s+(?:the\s+)?$", re.I)


def up_to_now(match: re.Match[str], which: str, of: str) -> bool:
    """Whether "the last week" is the seven days up to now: "over the last week", "in the past year"."""
    if match[of].lower() == "weekend" or not low(match[which]).endswith(("past", "last", "previous")):
        return False
    if low(match[which]).startswith("this"):
        return False
    start = match.start(which)
    return low(match[which]).endswith("past") or bool(_OVER.search(match.string, max(0, start - 24), start))


def _weekend(which: str, step: int, ahead: bool, anchor: date) -> Told:
    saturday = anchor - timedelta(days=(anchor.weekday() - 5) % 7)
    if step < 0 and anchor.weekday() >= 5:
        saturday -= timedelta(days=7)  # said on a weekend, "last" is not the one at hand
    elif (step > 0 or ahead) and not (ahead and anchor.weekday() >= 5):
        saturday += timedelta(days=7)
    sunday = saturday + timedelta(days=1)
    end = sunday if step or ahead else min(sunday, max(anchor, saturday))
    return Told(saturday, end, "days", calendars.week_name(saturday) + "-WE", anchor=anchor)


def edge(match: re.Match[str], setting: Setting) -> Told | None:
    """ "year-end", "the end of the month", "later in the year"."""
    anchor = setting.published
    of = (match["u"] or match["u2"]).lower()
    if anchor is None:
        return unknown("XXXX" if of == "year" else "XXXX-XX")
    which = "late" if match["u"] else part(match)
    if of == "year":
        return of_year(anchor.year, which, anchor)
    if of == "month":
        return of_month(anchor.year, anchor.month, which, anchor)
    monday, sunday = calendars.week(anchor)
    if which == "late":
        monday = monday + timedelta(days=4)
    elif which == "early":
        sunday = monday + timedelta(days=2)
    return Told(monday, sunday, "week", calendars.week_name(monday), anchor=anchor)


FORMS: tuple[Form, ...] = (
    form(
        rf"\b(?:(?P<which>last|next|this{S}coming|this{S}past|this|past|coming|(?:the{S})?(?:previous|following)){S})?(?:(?:early|late){S})?(?P<wd>{DAY})(?P<plural>s)?\b{TAIL}",
        weekday, keys=DAY_KEYS),
    form(rf"\bovernight{S}(?:(?:on|in)?to|until){S}(?:early{S})?(?P<wd>{DAY})\b{TAIL}", overnight_into, keys="overnight"),
    form(
        rf"\b(?P<near>the{S}day{S}before{S}yesterday|the{S}day{S}after{S}tomorrow|yesterday|today|tonight|tomorrow|overnight|last{S}night"
        rf"|this{S}(?:morning|afternoon|evening))\b{TAIL}",
        near, keys="day morning afternoon evening night tomorrow"),
    form(
        rf"\b(?P<step>(?:the{S})?(?:previous|next|following|same)|(?:earlier{S}|later{S})?that(?:{S}same)?|an?)(?<!\ba){S}(?P<hour>day|morning|afternoon|evening|night)\b",
        by_a_day, keys="day morning afternoon evening night"),
    form(
        rf"\b(?P<step>the{S}(?P<hour>day|night){S}(?:before|after)|one{S}day{S}(?:earlier|later|before)|a{S}day{S}(?:earlier|later|before))(?=\s{{0,2}}(?:[,.;:)—–-]|$|(?:in|at|when|by|and|that|near|from){S}))",
        by_a_day, keys="day morning afternoon evening night"),
    form(
        rf"\b(?:{MORE}{S})?(?P<an>{NUM})[\s-](?P<au>{UNIT}){S}(?:or{S}so{S})?(?P<way>ago|earlier|later|from{S}now|hence|afterwards)\b(?!{S}than\b)",
        ago, keys=UNIT_KEYS),
    form(
        rf"{PART}(?:at{S}(?=the{S}weekend))?\b(?P<rel>this{S}past|the{S}past|(?:the{S})?(?:last|next|previous|coming|following|same|latest|current)|this|that|the(?={S}weekend\b)){S}(?:fiscal{S})?(?P<unit>week|month|year|weekend|quarter|decade|century)\b(?!['’]s{S}(?:first|second|third|fourth))",
        relative,
        lambda match: not up_to_now(match, "rel", "unit"), keys=UNIT_KEYS),
    form(
        rf"\b(?:the{S})?(?P<u>year|month|week)(?:['’]s{S}|-|\s)end\b|{PART}(?<=[\s-])(?<!\sa\s)the{S}(?P<u2>year|month|week)\b",
        edge,
        lambda match: bool(match["u"] or match["part"]), keys="year month week"),
)  # fmt: skip

FOR_EVENTS: tuple[Form, ...] = (
    form(
        # "In the early hours of 12 March" is told by the day that follows.
        rf"\b(?:earlier{S}in{S}the{S}day|in{S}the{S}early{S}hours|at{S}dawn|since{S}dawn)\b(?!{S}(?:of|on){S}(?:the{S})?(?:\d|{DAY}|{MONTH}))",
        dawn,
        keys="day hours dawn",
    ),
    form(
        rf"\b(?P<wa>{DAY})\b{TAIL.replace('<of>', '<oa>')}{S}(?:and(?:{S}into)?|into|to|until|through|or){S}(?:early{S})?(?P<wb>{DAY})\b{TAIL}",
        weekdays,
        keys=DAY_KEYS,
    ),
)
"""What dates an event as one time, and is none or two for TimeML."""
