"""Which kind of matter a clause tells, by its topic, its stance and its words."""

from __future__ import annotations

import re

_BY_WORDS = tuple(
    (kind, re.compile(rf"\b(?:{words})", re.I))
    for kind, words in (
        ("vote", r"vot(?:e|ed|es|ing)\b|veto"),
        ("draft", r"draft\b"),
        ("suspension", r"suspen(?:d|sion)|(?:cut|break|broke|broken|halt|froze|freez)\w* (?:off )?(?:\w+ ){0,3}(?:contacts?|talks|ties|relations|channels?|negotiations|cooperation)"),
        ("contact", r"(?:phone|telephone) call|by (?:phone|telephone)|contacts? (?:with|between)|telephoned|resum\w+ (?:\w+ ){0,3}contacts?"),
        ("meeting", r"meetings?\b|met\b|meets?\b|talks\b|conference|summit|session|negotiat|visit"),
    )
)  # fmt: skip
_BY_TOPIC = {
    "control": "control", "forces": "forces", "population": "population", "displacement": "displacement",
    "agreement": "agreement", "warning": "warning",
}  # fmt: skip


def matter_of(topic: str, stance: str, words: str) -> str | None:
    """The kind of matter, or ``None`` for a claim that is of no account: harm, blame and all the rest."""
    if stance in ("offered", "refused") and topic in ("diplomacy", "agreement", "other"):
        return "offer" if stance == "offered" else "refusal"
    if topic == "diplomacy":
        return next((kind for kind, pattern in _BY_WORDS if pattern.search(words)), "statement")
    return _BY_TOPIC.get(topic)
