"""Counts: words for numbers, with bounds that stay open.

``read`` finds every count in a text and keeps its words; ``Count.relation`` says whether two
counts can both be true. The words and their bounds are those of the coding guidelines
(``docs/words.md``): "at least 15" is [15, open], "more than 15" the same without 15 itself,
"dozens" [24, open], "no one" [0, 0].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tallystick.values.agreement import Verdict


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people or things as told: ``low`` and ``high`` as named, ``None`` is open.

    Both bounds are inclusive, unless ``above``: then ``low`` itself is not meant ("more than 15").
    The number in the words stays the bound, so that no 300,001 is made of "more than 300,000".
    """

    low: int | None
    high: int | None
    approx: bool = False
    above: bool = False

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("a count needs at least one bound")
        if (self.low or 0) < 0 or (self.high is not None and self.high < (self.low or 0)):
            raise ValueError(f"bounds out of order: [{self.low}, {self.high}]")
        if self.above and (self.low is None or self.high is not None):
            raise ValueError("only an open count lies above its lower bound")

    def __str__(self) -> str:
        about = "about " if self.approx else ""
        if self.above:
            return f"more than {about}{self.low:,}"
        if self.high is None:
            return f"{about}{self.low:,} or more"
        if self.low is None:
            return f"{about}up to {self.high:,}"
        if self.low == self.high:
            return f"{about}{self.low:,}"
        return f"{about}{self.low:,}–{self.high:,}"

    @property
    def least(self) -> int:
        """The smallest number that it names: "more than N" names N."""
        return self.low if self.low is not None else 0

    @property
    def greatest_told(self) -> int:
        """The greatest number that it names: an open "at least N" names N."""
        return self.high if self.high is not None else self.least

    def relation(self, other: Count) -> Verdict:
        """``agree`` for the same bounds, ``compatible`` where some number fits both, else ``conflict``.

        An approximate count reaches a tenth of itself to either side.
        """
        if (self.low, self.high, self.above) == (other.low, other.high, other.above):
            return Verdict.AGREE
        (a_low, a_high), (b_low, b_high) = self._reach(), other._reach()
        apart = (a_high is not None and a_high < b_low) or (b_high is not None and b_high < a_low)
        return Verdict.CONFLICT if apart else Verdict.COMPATIBLE

    def _reach(self) -> tuple[int, int | None]:
        slack = (self.low or self.high or 0) // 10 if self.approx else 0
        return max(0, self.least + self.above - slack), None if self.high is None else self.high + slack


UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
VAGUE = {
    "several": 3, "tens": 20, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2_000,
    "a number of": 2, "some": 2, "tens of thousands": 20_000, "hundreds of thousands": 200_000, "millions": 2_000_000,
    "several dozen": 24, "several hundred": 200, "several thousand": 2_000, "many": 2,
    "a large number of": 2, "large numbers of": 2, "a big number of": 2, "an unspecified number of": 2,
    "an unknown number of": 2, "numbers of": 2, "big numbers of": 2, "great numbers of": 2, "a great number of": 2,
}  # fmt: skip

_ONE = "|".join(UNITS)
_TEN = "|".join(TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[ -](?:{_ONE})\b)?|(?:{_ONE}))\b"
_SCALE = r"(?:hundred|thousand|million|billion|dozen)\b"
_NUMBER = (
    rf"(?:\d{{1,3}}(?:[,\u00a0\u2009 ]\d{{3}})+(?!\d)|\d+(?:\.\d+)?)(?:[ -]{_SCALE})?"
    r"|half a (?:million|billion|dozen)\b|a quarter (?:of a )?million\b"
    rf"|(?:{_SMALL}|an?\b(?=[ -]{_SCALE}))(?:[ -]{_SCALE}(?:(?: and)? {_SMALL})?)*"
    r"|dozen\b"
)
_VAGUE = "|".join(sorted(map(re.escape, VAGUE), key=len, reverse=True))
_MORE = r"more than|over|upwards of|in excess of|greater than|above"
_AT_LEAST = (
    r"at least|no fewer than|no less than|not less than|not fewer than|a minimum of|minimum of|at the least"
)
_UP_TO = r"up to|as many as|at most|no more than|not more than|a maximum of|maximum of"
_LESS = r"fewer than|less than|under|below"
_NEARLY = r"nearly|almost|close to"
_ABOUT = r"about|around|approximately|roughly|some|an estimated|estimated"
_BEFORE = re.compile(
    rf"(?<![\w-])(?:(?P<more>{_MORE})|(?P<least>{_AT_LEAST})|(?P<upto>{_UP_TO})|(?P<less>{_LESS})"
    rf"|(?P<about>{_ABOUT}|{_NEARLY}))\s+(?:the |another |other )?$",
    re.I,
)
# "some of", "some 20": the word counts nothing itself
_MANY = re.compile(
    r"\s+(?:more|others?|people|civilians|children|wom[ae]n|wounded|injured|casualties|"
    r"fighters|militants|rebels|terrorists|soldiers|residents|victims|dead)\b",
    re.I,
)
_NO_COUNT = re.compile(r"\s+(?:of|time|kind|sort|more|other|in|are|were|had|have|\d)", re.I)
_AFTER_OPEN = re.compile(r"\s+or more\b|\+(?!\d)", re.I)
_TOKEN = re.compile(
    rf"(?<![\w.,-])(?<!\d:)(?:(?P<none>no one|nobody|none|(?:no|without(?: any)?)(?= (?:\w+ )?(?:deaths|casualt(?:ies|y)|injuries|fatalities|victims|losses|people|civilians)\b))\b|(?P<vague>{_VAGUE})\b"
    rf"|(?P<from>{_NUMBER})(?P<range>(?:\s*[-–]\s*|\s+(?:to|and)\s+)(?P<to>{_NUMBER}))?)"
    r"(?![\w]|[.,:]\d|%|[ -]?years?-old|[ -]percent|-(?:year|month|week|day|hour|storey|story|point|mile|km))",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:\[|\b(?:aged?|ages)(?: from| between)? |\b(?:Resolution|Resolutions|Article|Articles|Chapter|Annex|Section|Paragraph|Page|Flight|Highway|Route|Road|"
    r"Room|Unit|Block|Camp|Sector|Phase|No\.?|Number|Version|Boeing|Airbus|Sukhoi|MiG|Grad)[ -])$"
)
_BETWEEN = re.compile(r"\b(?:between|from)\s+$", re.I)
_MOST = 10**12  # no count of people or things in a report is greater; a longer row of digits is none


def number(words: str) -> int | None:
    """The value of plain number words ("1,200", "twenty-three", "two dozen", "half a million").

    ``None`` where the words spell no whole number, or one past ``_MOST``.
    """
    text = re.sub(r"\s", " ", words.lower()).strip()
    if re.fullmatch(r"a quarter (?:of a )?million", text):
        return 250_000
    text = re.sub(r"(?<=\d)[, ](?=\d{3})", "", text)
    total, current, seen = Fraction(0), Fraction(0), False
    for word in re.split(r"[ -]+", text):
        if re.fullmatch(r"\d+(?:\.\d+)?", word):
            if len(word) > 24:
                return None
            current, seen = current + Fraction(word), True
        elif word in UNITS or word in TENS:
            current, seen = current + UNITS.get(word, TENS.get(word, 0)), True
        elif word in ("a", "an"):
            seen = seen or current > 0
        elif word == "half":
            current, seen = Fraction(1, 2), True
        elif word == "dozen":
            current, seen = (current or Fraction(1)) * 12, True
        elif word == "hundred":
            current, seen = (current or Fraction(1)) * 100, True
        elif word in SCALES:
            total, current, seen = total + (current or Fraction(1)) * SCALES[word], Fraction(0), True
        elif word != "and":
            return None
        if total + current > _MOST:
            return None
    value = total + current
    return int(value) if seen and value == int(value) else None


def read(text: str) -> Iterator[tuple[int, int, Count]]:
    """Every count in ``text`` as (start, end, count), in order, none overlapping.

    ``text[start:end]`` holds the number words with the words that bound them ("at least 15").
    Offsets are code points. "a" and "an" alone are no counts here: whether "a woman" is one
    person is told by the noun, which the reader of claims knows.
    """
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if _NUMBERED.search(text, max(0, start - 16), start):
            continue  # "Resolution 2249", "[2]": a name, a note
        if match["none"]:
            yield start, end, Count(0, 0)
            continue
        if match["vague"]:
            head = _BEFORE.search(text, max(0, start - 24), start)
            word = " ".join(match["vague"].lower().split())
            if word == "some" and _NO_COUNT.match(text, end):
                continue
            if word == "many" and not _MANY.match(text, end):
                continue  # "many of the city's": nobody is counted
            yield (head.start() if head and word != "some" else start), end, Count(VAGUE[word], None)
            continue
        low = number(match["from"])
        high = number(match["to"]) if match["to"] else None
        if match["from"].lower() in ("a", "an") or low is None:
            continue
        joined = match["range"] or ""
        is_range = (
            high is not None
            and high > low
            and ("and" not in joined.lower() or bool(_BETWEEN.search(text, max(0, start - 10), start)))
        )  # "5 and 6 people" are two counts; "between 5 and 6" is one
        if match["to"] and not is_range:
            end = match.end("from")
        if match["to"] and not is_range and high is not None:
            yield from _bounded(text, start, end, low)
            yield from _bounded(text, match.start("to"), match.end("to"), high)
        elif is_range:
            between = _BETWEEN.search(text, max(0, start - 10), start)
            yield (between.start() if between else start), end, Count(low, high)
        else:
            yield from _bounded(text, start, end, low)


def _bounded(text: str, start: int, end: int, value: int) -> Iterator[tuple[int, int, Count]]:
    """One plain number with the bounding words before or after it."""
    after = _AFTER_OPEN.match(text, end)
    if after:
        yield start, after.end(), Count(value, None)
        return
    head = _BEFORE.search(text, max(0, start - 28), start)
    if not head:
        yield start, end, Count(value, value)
    elif head["more"]:
        yield head.start(), end, Count(value, None, above=True)
    elif head["least"]:
        yield head.start(), end, Count(value, None)
    elif head["upto"]:
        yield head.start(), end, Count(None, value)
    elif head["less"]:
        yield head.start(), end, Count(None, max(0, value - 1))
    else:
        yield head.start(), end, Count(value, value, approx=True)
