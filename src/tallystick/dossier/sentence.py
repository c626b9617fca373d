"""The sentence in which words stand, for showing them where they were said."""

from __future__ import annotations

import re

MOST = 320  # characters shown before and behind the words
_ENDS = re.compile(r"[.!?؟。…][\"'”’)\]»]*\s+|\n+")


def sentence_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence about ``text[start:end]`` begins and ends (code points), or what is shown of it.

    A full stop behind an abbreviation ends it too soon: then less is shown around the words, and never other
    words.
    """
    first = max(0, start - MOST)
    before = [match.end() for match in _ENDS.finditer(text, first, start)]
    begin = before[-1] if before else _at_word(text, first)
    behind = _ENDS.search(text, max(start, end - 2), min(len(text), end + MOST))  # the words may end with it
    if behind:
        stop = behind.end() - len(behind[0]) + len(behind[0].rstrip())
    else:
        stop = min(len(text), end + MOST)
        while end < stop < len(text) and not text[stop - 1].isspace():
            stop -= 1
    return min(begin, start), max(stop, end)


def _at_word(text: str, at: int) -> int:
    """``at``, or where the next word begins where that is within one."""
    if at == 0 or text[at - 1].isspace():
        return at
    space = re.compile(r"\s+").search(text, at)
    return space.end() if space else at
