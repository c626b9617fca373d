"""Points on the earth found in a text, however they are written there.

A number is read in every way in which it may be one half of a point: as decimal degrees with a point or a
comma, as degrees, minutes and seconds with signs, spaces, colons or hyphens between, as the run of digits
that seamen and armies write. Two that stand near each other are a point, in either order; signs and letters
of hemispheres are not asked, because who leaves them out means the place all the same. One number may be read
from the midst of what looks like a longer list of them, so that a number in front hides nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from unicodedata import category

NEAR = 60  # characters from one half of a point to the other
_FIRST = r"(?:(?<!\d)|(?<=%[0-9A-Fa-f]{2}))"  # "%20" is a space of an address, its 20 no part of a number
_FRACTION = r"(?:[.,·．\u066b]\d+)?"
_DEGREE = r"\s*(?:[°º˚]|&deg;|deg(?:rees?)?\b|d(?=\s*\d))\s*"
_MINUTE = r"\s*(?:['′’‘ʹ`]|min(?:utes?)?\b|m(?=\s*\d))\s*"
_SECOND = r"\s*(?:[\"″”“]|['′’]{2}|s(?:ec(?:onds?)?)?\b)"
# Each way to write half a point; overlapping matches are all looked at.
_DECIMAL = re.compile(rf"{_FIRST}(?=((\d{{1,3}})[.,·．\u066b](\d+)(?:\s*[°º˚])?))")
_SIGNS = re.compile(
    rf"{_FIRST}(?=((\d{{1,3}}){_DEGREE}(\d{{1,2}}{_FRACTION})(?:{_MINUTE}(?:(\d{{1,2}}{_FRACTION})(?:{_SECOND})?)?)?))",
    re.I,
)
_APART = re.compile(
    rf"{_FIRST}(?=((\d{{1,3}})\s*[\s:\-]\s*(\d{{1,2}})\s*[\s:\-]\s*(\d{{1,2}}{_FRACTION})(?!\d)))"
)
_MINUTES = re.compile(rf"{_FIRST}(?=((\d{{1,3}})\s*[\s:\-]\s*(\d{{1,2}}[.,]\d{{2,}})()))")
_RUN = re.compile(rf"{_FIRST}(?=((\d{{2,3}})(\d\d)(\d\d{_FRACTION})\s?[NSEW]))", re.I)
_BEFORE = re.compile(r"(?:(?<![^\W\d_])[NSEW]\s?)?[-−+]?$", re.I)
_AFTER = re.compile(r"\s?[NSEW](?![^\W\d_])", re.I)
_NUMBERS = re.compile(r"\d\D+\d")
_WORD = re.compile(r"[^\W_]{2}|\d")

_POINTS = str.maketrans(dict.fromkeys(",·．\u066b", "."))

Half = tuple[int, int, float, int]  # from where to where, absolute degrees, decimals told


def halves(text: str) -> Iterator[Half]:
    """Every reading of every number of ``text`` as half a point, in no order."""
    for match in _DECIMAL.finditer(text):
        signed = not match[1][-1].isdecimal() or _AFTER.match(text, match.end(1)) is not None
        if len(match[3]) >= 2 or signed:
            yield _half(text, match, float(f"{match[2]}.{match[3]}"), len(match[3]))
    for pattern in (_SIGNS, _APART, _MINUTES, _RUN):
        for match in pattern.finditer(text):
            minutes, seconds = _number(match[3]), _number(match[4] or "0")
            if minutes < 60 and seconds < 60:
                yield _half(text, match, int(match[2]) + minutes / 60 + seconds / 3600, 4)


def _number(told: str) -> float:
    return float(told.translate(_POINTS))


def _half(text: str, match: re.Match[str], degrees: float, decimals: int) -> Half:
    before = _BEFORE.search(text, max(0, match.start() - 4), match.start())
    after = _AFTER.match(text, match.end(1))
    return (
        before.start() if before else match.start(),
        after.end() if after else match.end(1),
        degrees,
        decimals,
    )


def stretches(text: str, held: Callable[[float, float, int], bool]) -> list[tuple[int, int]]:
    """Where in ``text`` points stand that are ``held``: asked for a latitude, a longitude, both without their
    signs, and the decimals that they are told with. Both halves of a point are one stretch where no word
    stands between them; stretches do not overlap."""
    if not _NUMBERS.search(text):
        return []
    shown = [at for at, letter in enumerate(text) if category(letter) != "Cf"]
    if len(shown) < len(text):  # signs of direction and the like, which nobody sees
        found_there = stretches("".join(text[at] for at in shown), held)
        return [(shown[start], shown[end - 1] + 1) for start, end in found_there]
    every = sorted(half for half in halves(text) if half[2] <= 180)
    found: set[tuple[int, int]] = set()
    for n, one in enumerate(every):
        for other in every[n + 1 :]:
            if other[0] > one[1] + NEAR:
                break
            if other[0] < one[1] and not _touches(one, other):
                continue
            decimals = min(one[3], other[3])
            if held(one[2], other[2], decimals) or held(other[2], one[2], decimals):
                if _WORD.search(text, one[1], other[0]):
                    found |= {one[:2], other[:2]}
                else:
                    found.add((one[0], other[1]))
    return _joined(sorted(found))


def _touches(one: Half, other: Half) -> bool:
    """Whether two readings share no more than a letter of a hemisphere or a sign between them."""
    return one[1] - other[0] <= 3 and one[0] < other[0] and one[1] < other[1]


def _joined(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in found:
        if out and start < out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out


def signed(degrees: float, like: float) -> float:
    """``degrees`` on the side of the earth where ``like`` lies."""
    return math.copysign(degrees, like)
