"""Rows of other people's datasets of events: which they are, what makes a row sound, its days and numbers.

A row was worked out of articles by a coder: it is told by its columns, and never corroborates those articles.
Known are ACLED (https://acleddata.com) and the Georeferenced Event Dataset of UCDP (https://ucdp.uu.se), by
the columns of their codebooks.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tallystick.errors import BadDate
from tallystick.values.when import When, iso

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_WORDED = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -]([0-9]{4})")
_COUNT = re.compile(r"[0-9]{1,7}(?:\.0)?")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset by its ``name``: the columns that it cannot do without, and those of its id, days and numbers."""

    name: str
    columns: frozenset[str]
    id: str
    days: tuple[str, ...]
    counts: tuple[str, ...]


ACLED = Dataset(
    "ACLED",
    frozenset(("event_id_cnty", "event_date", "event_type", "sub_event_type", "fatalities")),
    "event_id_cnty",
    ("event_date",),
    ("fatalities",),
)
GED = Dataset(
    "UCDP GED",
    frozenset(("id", "type_of_violence", "date_start", "date_end", "best", "high", "low")),
    "id",
    ("date_start", "date_end"),
    ("best", "high", "low", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"),
)
DATASETS = (ACLED, GED)


def named(name: str) -> Dataset | None:
    """The dataset of that name."""
    return next((each for each in DATASETS if each.name == name), None)


def told_by(columns: Collection[str]) -> Dataset | None:
    """The dataset whose rows have these columns; ``None`` where it is none that is known."""
    return next((each for each in DATASETS if each.columns <= set(columns)), None)


def flaw(dataset: Dataset, row: Mapping[str, str]) -> str | None:
    """What makes ``row`` one that cannot be meant, in words; ``None`` where it can be read."""
    if not row.get(dataset.id, "").strip():
        return f"has no {dataset.id!r}"
    for column in dataset.days:
        try:
            day(row.get(column, ""))
        except BadDate as error:
            return f"{column!r}: {error}"
    for column in dataset.counts:
        if (told := row.get(column, "").strip()) and count(told) is None:
            return f"{column!r} is {told[:40]!r}, no number of people"
    for column, most in (("latitude", 90.0), ("longitude", 180.0)):
        told = row.get(column, "").strip()
        if told and (degrees(told) is None or abs(degrees(told) or 0.0) > most):
            return f"{column!r} is {told[:40]!r}, no degrees between -{most:g} and {most:g}"
    return None


def day(text: str) -> date | None:
    """The day of a cell, as ISO 8601 or as "06 October 2016"; ``None`` for an empty one.

    Raises ``BadDate`` for anything else: which of two numbers is the month cannot be told.
    """
    text = text.strip()
    if not text:
        return None
    if match := _WORDED.fullmatch(text):
        month = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[2].lower())]
        if len(month) == 1:
            text = f"{match[3]}-{month[0]:02}-{int(match[1]):02}"
    elif re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.0+)?", text):
        text = text[:10]  # UCDP writes the midnight of a day
    return iso(text)


def count(text: str) -> int | None:
    """A number of people in a cell; ``None`` where it is none."""
    text = text.strip()
    return int(text.partition(".")[0]) if _COUNT.fullmatch(text) else None


def degrees(text: str) -> float | None:
    """Decimal degrees in a cell; ``None`` where it holds none."""
    text = text.strip()
    return float(text) if _DEGREES.fullmatch(text) else None


def when(dataset: Dataset, row: Mapping[str, str]) -> When:
    """The days of a row as its precision leaves them: ACLED's 2 is a week around the day, 3 its month.

    UCDP tells first and last day itself. A row that tells no precision is of the day it names.
    """
    words = row.get(dataset.days[0], "").strip() or None
    first = day(row.get(dataset.days[0], ""))
    if dataset is GED:
        last = day(row.get("date_end", "")) or first
        first = first or last
    elif first is not None and row.get("time_precision", "").strip() == "2":
        first, last = first - timedelta(3), first + timedelta(3)
    elif first is not None and row.get("time_precision", "").strip() == "3":
        last = first.replace(day=monthrange(first.year, first.month)[1])
        first = first.replace(day=1)
    else:
        last = first
    if first is None or last is None or last < first:
        return When(None, None, "unknown", words)
    days = (last - first).days + 1
    width = next((name for most, name in _WIDTHS if days <= most), "year")
    return When(first, last, width, words)  # type: ignore[arg-type]


_WIDTHS = ((1, "day"), (6, "days"), (7, "week"), (31, "month"))
