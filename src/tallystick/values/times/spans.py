"""The forms that tell a length or a repetition, and times without bounds.

Durations and sets date no event by themselves; ``when.expressions`` gives them, ``when.read`` keeps of
them those that reach up to publication ("the past 24 hours") or lie ahead of it ("within a month").
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from tallystick.values.times.shifts import up_to_now
from tallystick.values.times.words import (
    DAY,
    MORE,
    NUM,
    OF_DAY,
    UNIT,
    UNIT_KEYS,
    Form,
    Precision,
    S,
    Setting,
    Told,
    amount,
    form,
    inexact,
    length,
    number,
    precision_of,
    unit,
)

# ------------------------------------------------------------------------------------ lengths

_WITHIN = re.compile(
    r"\b(?:in|within|over|inside)\s+(?:(?:the|a|about|around|just|only|another|less\s+than)\s+){0,2}$", re.I
)


_TOTALLED = re.compile(
    r"^(?:hours|days|weeks|months)$", re.I
)  # "62 killed in 48 hours"; not "the worst in a year"


def duration(match: re.Match[str], setting: Setting) -> Told | None:
    """A length of time: up to publication ("the past three days"), from it on ("the next two"), or of no day."""
    of, which = unit(match["u"]), (match["which"] or "").lower()
    n = number(match["n"]) if match["n"] else None if match["u"].lower().endswith("s") else 1
    vague = bool(match["n"]) and inexact(match["n"])
    value, reach, anchor = amount(None if vague else n, of), length(n, of), setting.published
    if which in ("past", "last", "previous", "recent"):
        given = anchor is not None and reach is not None and match["n"] is not None
        return _reaching(value, reach, anchor, precision_of(of)) if given else _loose(value, which)
    before = setting.text[max(0, match.start() - 40) : match.start()]
    if match["joint"] == "-":
        return Told(value=value, sort="duration", dates=False)  # "the five-year war"
    inside = bool(_WITHIN.search(before)) or match[0].lower().startswith("over ")
    on = which in ("next", "coming") or (inside and bool(setting.ahead(match)))
    if on:
        if anchor is None or reach is None:
            return Told(value=value, sort="duration", stretch=False, dates=bool(which))
        return Told(anchor, anchor + reach, precision_of(of), value, "duration", anchor=anchor)
    stretch = inside and bool(_TOTALLED.search(match["u"]))
    return Told(value=value, sort="duration", stretch=stretch, dates=stretch)


def _reaching(value: str, reach: timedelta | None, anchor: date | None, precision: Precision) -> Told:
    assert anchor is not None
    assert reach is not None
    return Told(anchor - reach, anchor, precision, value, "duration", anchor=anchor, stretch=True)


def _loose(value: str, which: str) -> Told:
    return Told(
        value=value, sort="duration", stretch=which in ("past", "last"), dates=which in ("past", "last")
    )


def the_past(match: re.Match[str], setting: Setting) -> Told:
    """ "over the past week": the seven days up to publication, not Monday to Sunday; "in the coming days"."""
    of, which = unit(match["u"]), match["which"].lower()
    many, anchor = match["u"].lower().endswith("s"), setting.published
    n = None if many else 1
    reach = length(3 if many else 1, of)
    value = amount(n, of)
    if which in ("past", "last", "previous"):
        if anchor is None or reach is None or (many and of != "hour"):
            return Told(value=value, sort="duration", stretch=True)
        return _reaching(value, reach, anchor, precision_of(of))
    if anchor is None or reach is None:
        return Told(value=value, sort="duration")
    reach = length(10, of) if many else reach
    assert reach is not None
    return Told(anchor, anchor + reach, precision_of(of), value, "duration", anchor=anchor)


def bare(match: re.Match[str], _: Setting) -> Told:
    """ "for weeks", "in recent years"."""
    return Told(value=amount(None, unit(match["u"])), sort="duration", dates=False)


# ---------------------------------------------------------------------------------------- sets

_EVERY = {"hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "quarterly": "P3M",
          "yearly": "P1Y", "annually": "P1Y"}  # fmt: skip


def repeated(match: re.Match[str], _: Setting) -> Told:
    """Something that comes again: every day, weekly, each Friday."""
    if match["ly"]:
        return Told(value=_EVERY[match["ly"].lower()], sort="set", dates=False)
    of = match["u"].lower()
    if of in _DAYS:
        return Told(value=f"XXXX-WXX-{_DAYS.index(of) + 1}", sort="set", dates=False)
    if of in OF_DAY:
        return Told(value=f"XXXX-XX-XXT{OF_DAY[of]}", sort="set", dates=False)
    n = number(match["n"]) if match["n"] else 2 if match["other"] else 1
    return Told(value=amount(n, unit(of)), sort="set", dates=False)


_DAYS = tuple(DAY.split("|"))

# ------------------------------------------------------------------------------- no bounds

_VAGUE = {"now": "PRESENT_REF", "currently": "PRESENT_REF", "current": "PRESENT_REF", "at present": "PRESENT_REF", "these days": "PRESENT_REF",
          "recently": "PAST_REF", "recent": "PAST_REF", "the past": "PAST_REF", "formerly": "PAST_REF",
          "the future": "FUTURE_REF", "the near future": "FUTURE_REF"}  # fmt: skip


def vague(match: re.Match[str], _: Setting) -> Told:
    """Now, recently, soon: a side of publication and no more."""
    return Told(value=_VAGUE[" ".join(match[0].lower().split())], dates=False)


def _counts(match: re.Match[str]) -> bool:
    """Whether the words tell a length: "a year", "two days"; not "a day", which is a rate as often."""
    article = match["n"].lower() in ("a", "an")
    if (
        article
        and not match["which"]
        and match["u"].lower() in ("day", "second", "minute", "night", "quarter", "weekend")
    ):
        return False
    return (
        not match["u"].lower().startswith("second")
        or match["n"][0].isdigit()
        or match["u"].lower() == "seconds"
    )


FORMS: tuple[Form, ...] = (
    form(
        rf"\b(?:(?:{MORE}{S})(?!the\b)(?<!about\s)(?<!around\s)(?<!nearly\s)(?<!almost\s)|(?:(?:the|these|those){S})?(?:(?P<which>past|last|next|first|final|coming|previous|following|latest|recent|full|entire|whole){S}|(?!\w+-)))?(?P<n>{NUM})"
        rf"(?:{S}(?:more|full|consecutive|straight|additional|trading|business|calendar|working|solid|whole|other))?(?P<joint>-|{S})(?P<u>{UNIT})(?:-long)?\b(?![\s-]olds?\b)",
        duration,
        lambda match: _counts(match), keys=UNIT_KEYS),
    form(
        rf"\b(?:the{S})?(?P<which>past|last|previous|coming){S}(?P<u>hours?|days?|weeks?|months?|years?|quarters?|decades?)\b",
        the_past,
        lambda match: match["which"].lower() == "coming" or match["u"].lower().endswith("s") or up_to_now(match, "which", "u"), keys="past last previous coming"),
    form(rf"\b(?:the{S})?recent{S}(?P<u>hours|days|weeks|months|years|decades)\b", bare, keys="hours days weeks months years decades centuries"),
    form(rf"(?:(?<=\bfor\s)|(?<=\bwithin\s)|(?<=\bin\s)|(?<=\bover\s)|(?<=\bafter\s)|(?<=\btake\s))(?:many{S})?(?P<u>hours|days|weeks|months|years|decades|centuries)\b", bare, keys="hours days weeks months years decades centuries"),
    form(
        rf"\b(?:(?P<ly>hourly|daily|nightly|weekly|monthly|quarterly(?!\s[a-z])|yearly|annually)|(?:every|each){S}(?:(?P<other>other){S}|(?P<n>{NUM}){S})?(?P<u>{UNIT}|{DAY}|morning|evening|afternoon))\b",
        repeated, keys="ly every each"),
    form(rf"\b(?:now|currently|current|at{S}present|these{S}days|recently|recent|formerly|the{S}(?:near{S})?future|the{S}past(?!{S}(?:\w+{S}){{0,2}}(?:{UNIT}|spring|summer|fall|winter)\b))\b(?!-)", vague, keys="now current present these recent formerly future past"),
)  # fmt: skip
