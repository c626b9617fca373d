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

_AHEAD = ("warned", "predicted", "promised", "planned")  # what is ahead is told in any words
# What a clause must name to tell who holds which ground, or what forces are where: "Thursday is the main
# trading day" is of neither, whatever else the clauses around it tell.
_WORDED = {
    "control": re.compile(
        r"\b(?:control|held\b|hold|captur|recaptur|seiz|tak(?:e|es|en|ing)\b|took\b|retak|retook|fell\b|fall|lost\b|los(?:e|es|ing)\b|"
        r"regain|gain|advanc|withdr|retreat|besieg|sieg|front|liberat|overr|occup|enter|contest|divid|rul(?:e|ed|es|ing)\b|stronghold|"
        r"push|driv|drove|clear|recover|expel|surround|encircl|entrench|fight|fought|battl|clash|territor|corridor|cut off|"
        r"block|foothold|base\b|hands of|ousted|grip|line\b|lines\b|left\b|leav)|-(?:held|controlled|run|ruled)\b",
        re.I,
    ),
    "forces": re.compile(
        r"\b(?:troop|soldier|fighter|force|milit|army|tank|base|checkpoint|unit|gunm[ae]n|rebel|vehicle|artillery|convoy|police|brigade|"
        r"battalion|reinforce|weapon|missile|rocket|aircraft|warplane|jet|helicopter|drone|ship|naval|navy|deploy|personnel|men\b|"
        r"mercenar|volunteer|recruit|guard|sniper|commander|insurgent|terrorist|jihadi|mercenary|division|regiment|air ?defen[cs]e|"
        r"armou?r|ammunition|gun|squad|combatant|patrol|garrison|bomber|advis[eo]r|fight|fought|battl|clash|attack|control|captur|seiz)",
        re.I,
    ),
}


def matter_of(topic: str, stance: str, words: str) -> str | None:
    """The kind of matter, or ``None`` for a claim that is of no account: harm, blame and all the rest."""
    if stance in ("offered", "refused") and topic in ("diplomacy", "agreement", "other"):
        return "offer" if stance == "offered" else "refusal"
    if topic == "diplomacy":
        return next((kind for kind, pattern in _BY_WORDS if pattern.search(words)), "statement")
    kind = _BY_TOPIC.get(topic)
    worded = None if stance in _AHEAD else _WORDED.get(kind or "")
    return kind if worded is None or worded.search(words) else None
