"""A text cut into sentences, and what in one of them tells that a day is the day of speaking."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

# Longer is no sentence but a table or a text without stops. It is cut, or what is looked for twice
# over in one sentence would take for ever.
LONGEST = 1500
WIDEST = 110  # no line of a wrapped text is longer
SAID_ON = re.compile(
    r"\b(?:said|says|told|reported|announced|statement|stated|added|confirmed|spoke|speaking)\b(?:\s+[\w’'.]+){0,3}\s+(?:on\s+)?$"
)


def sentences(text: str, language: str | None = None) -> Iterator[tuple[int, int]]:
    """The sentences of ``text`` as half-open code point offsets, blank ends trimmed, lines kept apart.

    Lines of a text that was wrapped at a width belong together. None is longer than ``LONGEST``:
    where one would be, it is cut at its last blank before that.
    """
    for base, line in _lines(text):
        inner = 0
        for piece in sentencex.segment(language or "en", line):
            start = line.index(piece, inner)
            inner = start + len(piece)
            while stripped := piece.strip():
                start += len(piece) - len(piece.lstrip())
                cut = len(stripped)
                if cut > LONGEST:
                    cut = max(stripped.rfind(" ", 1, LONGEST), 0) or LONGEST
                yield base + start, base + start + len(stripped[:cut].rstrip())
                start, piece = start + cut, stripped[cut:]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of ``text`` with their offsets; those that were only wrapped are one, its breaks blanks.

    A line was wrapped where the next line's first word would have made it longer than the longest
    line there is, and that one is no longer than a page is wide.
    """
    rows = text.split("\n")
    width = max(map(len, rows))
    at, start, held = 0, 0, ""
    for number, row in enumerate(rows):
        held += row
        at += len(row) + 1
        following = rows[number + 1] if number + 1 < len(rows) else ""
        first = following.split(None, 1)[0] if following.strip() else ""
        if first and width <= WIDEST and len(row) + 1 + len(first) > width and row.strip():
            held += " "
            continue
        yield start, held
        start, held = at, ""
