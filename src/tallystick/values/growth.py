"""What a report's words say of a toll in motion: that a figure was an early one, or that it has grown.

By general patterns on the sentence of the figure and, where it speaks of the toll, the next one. That a
report says so is no proof of which figure is right, only that its own is not meant as the last word.
"""

from __future__ import annotations

import re
from functools import lru_cache

REACH = 400  # code points to either side of a figure in which its sentence is looked for
_END = re.compile(r"[.!?][”\"’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9])")
_TOLL = r"(?:tolls?|numbers?|counts?|figures?|tall(?:y|ies)|casualties|deaths|fatalities|victims|the dead)"
_GROW = (
    r"(?:rise|rises|rising|risen|rose|climb\w*|grow\w*|grew|increas\w*|mount\w*|jump\w*|swell\w*|go(?:es)? (?:up|higher)|gone up|went up|"
    r"soar\w*|doubl\w*|tripl\w*)"
)
_MAY = r"(?:could|may|might|would|will|can|expected|likely|feared|fears?|set|bound|sure|certain|warn\w*|continu\w+|still|keeps?)"
# The figure was given before another: it is not its origin's last.
_EARLY = re.compile(
    r"\b(?:initial(?:ly)?|preliminary|provisional|at first|previously|first reports?|early (?:reports?|counts?|figures?|tolls?|estimates?))\b"
    r"|\bearlier (?:said|reported|put|told|given|estimated|tolls?|counts?|figures?|reports?|the)\b"
    r"|\b(?:said|reported|put|told|gave)\b[^.;]{0,60}\bearlier\b(?! (?:this|in|on|today))"
    r"|\bhad (?:earlier|previously) \w+",
    re.I,
)
# The figure may grow: it is the count as it stood.
_SO_FAR = re.compile(
    rf"\bso far\b|\buntil now\b|\bup to now\b|\b{_TOLL}\b[^.;]{{0,60}}\b{_MAY}\b[^.;]{{0,30}}\b{_GROW}\b"
    rf"|\b{_MAY}\b[^.;]{{0,40}}\b{_TOLL}\b[^.;]{{0,30}}\b{_GROW}\b",
    re.I,
)
# The figure has grown out of another. "Expected to rise" tells of one that has not yet.
_GREW = (
    r"(?:rises|risen|rose|rising|climb(?:s|ed|ing)|grew|grown|grows|increas(?:es|ed)|mount(?:s|ed|ing)|jump(?:s|ed)|swell(?:s|ed)|swollen|"
    r"soar(?:s|ed)|doubl(?:es|ed)|tripl(?:es|ed)|gone (?:up|higher)|went up|continu\w+ to (?:rise|climb|grow|increase|mount))"
)
_GROWN = re.compile(
    rf"\b{_TOLL}\b[^.;]{{0,80}}\b{_GREW}\b|\b{_GREW}\b[^.;]{{0,30}}\b{_TOLL}\b|\b(?:rais|revis|updat)\w+ (?:(?:its|the|their|an?|that) )?(?:\w+ )?{_TOLL}\b"
    rf"|\b(?:new|updated|latest|revised|final|fresh) (?:\w+ )?{_TOLL}\b|\bup from\b|\bearlier (?:\w+ )?{_TOLL}\b|\b{_TOLL}\b[^.;]{{0,40}}\b(?:revised|updated)\b|\brevised to\b",
    re.I,
)
_EARLY_TOLL = re.compile(rf"\b(?:initial|preliminary|provisional|early) (?:\w+ )?{_TOLL}\b", re.I)


@lru_cache(maxsize=16384)
def early(text: str, start: int, end: int) -> str | None:
    """The words that tell the figure at ``[start, end)`` an early one ("initial reports of"), or ``None``."""
    said, after = _around(text, start, end)
    return _words(_EARLY.search(said) or _EARLY_TOLL.search(after))


@lru_cache(maxsize=16384)
def may_grow(text: str, start: int, end: int) -> str | None:
    """The words that leave the figure open ("the toll could rise", "so far", "has risen to"), or ``None``.

    A toll that has risen is one that was still being counted.
    """
    said, after = _around(text, start, end)
    return _words(_SO_FAR.search(said) or _SO_FAR.search(after) or _GROWN.search(said))


@lru_cache(maxsize=16384)
def grown(text: str, start: int, end: int) -> str | None:
    """The words that tell the figure a later one ("has risen to", "a new toll"), or ``None``."""
    return _words(_GROWN.search(_around(text, start, end)[0]))


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """The sentence of the words at ``[start, end)``, and the next."""
    first, last = max(0, start - REACH), min(len(text), end + REACH)
    begins = [match.end() for match in _END.finditer(text, first, start)]
    stops = [match.end() for match in _END.finditer(text, end, last)] + [last]
    next_stop = stops[1] if len(stops) > 1 else last
    return text[begins[-1] if begins else first : stops[0]], text[stops[0] : next_stop]


def _words(match: re.Match[str] | None) -> str | None:
    return " ".join(match[0].split()) if match else None
