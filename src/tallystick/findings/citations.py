"""Citations between outlets: the words in which a report names the agency, paper or station it takes from.

A credit stands for the whole report ("(Reuters)" in a dateline, "--AFP" at the foot, "SANA contributed to
this report"); the others for the sentence they stand in ("told AFP", "according to Reuters", "state
television reported"). An outlet is known from the base of parties, from the publishers of the case, or
because the wording calls it one ("Halab Today TV", "the Xinhua news agency"). A photograph's credit is
no citation, nor is an outlet that names itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from tallystick.model import Document, DocumentId, Span
from tallystick.values.names import countries, fold
from tallystick.values.parties.base import Entry, base
from tallystick.values.parties.register import basic

How = Literal["credit", "told", "said"]

_CAPITAL = re.compile(r"(?<!\w)(?<!\w-)[^\W\d_a-z][\w’'-]*")
_ON = re.compile(r"[\w-]")
_KIND = r"(?:news agency|news agencies|agency|television|TV|channel|newspaper|daily|website|radio|broadcaster|network|desk|(?:news )?service)"
_WHO = r"(?:correspondents?|reporters?|journalists?|photographers?|stringers?|teams?)"
# What may stand between "according to the" and the outlet's name.
_BETWEEN = r"(?:(?:[a-z][\w’'-]*|[A-Z][\w’'-]*(?:-language)?|news|TV) ){0,4}"
_TOLD = re.compile(
    rf"\b(?:told|telling|tells|spoke to|speaking to|interview with|statement to) (?:the )?{_BETWEEN}$"
)
_BY = re.compile(
    rf"\b(?:according to|quoted by|reported by|cited by|carried by|published by|aired by|broadcast by|citing|quoting|obtained by) (?:the |a |an )?{_BETWEEN}$",
    re.I,
)
_SAID = re.compile(
    rf"(?:['’]s)?(?:,? (?:{_KIND}|{_WHO})\b)*,?(?: (?:in|on|at|from) [\w ]{{1,25}}?)? "
    r"(?:(?:also|had|has|have|earlier|later|meanwhile|\w+ly) )*"
    r"(?:said|says|reported|reports|quoted|quotes|cited|citing|added|announced|aired|broadcast|showed|claimed|noted|confirmed|wrote|carried)\b"
)
_PHOTO = re.compile(r"(?:photo|image|picture|file|video)\W*$", re.I)
# Where a report begins or ends: there a bare name is a credit.
_HEAD, _FOOT = 400, 160
_DAY = re.compile(r"[,\s]+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_DATELINE = re.compile(r"(?:^|[.\n”\"]\s*|\s)[A-Z][A-Za-z .,/-]{2,40}\s*[(–—-]\s*$")
_BEFORE_END = re.compile(r"(?:[-–—]{1,2}|\(|\bsources?\b:?|\bby\b|\bwith\b|\bvia\b)\s*$", re.I)
_SOURCE = re.compile(r"(?:\bSources?\b:?|\bAdapted from\b|\bvia\b)\s*$")
_CONTRIBUTED = re.compile(r"[^.]{0,40}\bcontributed (?:to|reporting)\b")
_STATE = re.compile(
    r"\b(?:(?P<land>[A-Z]\w+)(?:['’]s)? )?[Ss]tate(?:[ -](?:run|owned|controlled))? (?P<kind>television|TV|media|radio|news agency|broadcaster)\b"
)
_CALLED = re.compile(
    r"\b(?P<name>(?:[A-Z][\w’'-]*[ ]){1,3})(?:TV|[Tt]elevision|[Nn]ews [Aa]gency|[Nn]ewspaper|[Rr]adio)\b(?: station| channel)?"
)
_NO_NAME = frozenset(
    ("The", "A", "An", "State", "Local", "Arabic", "Official", "Satellite", "On", "In", "But", "And")
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A report takes something from ``outlet`` (its usual name): in these words, for the whole or for a sentence."""

    outlet: str
    how: How
    span: Span


def outlet_entry(name: str | None) -> Entry | None:
    """The medium of the base that is called so, letters alone compared."""
    found = [each.entry for each in basic().find(name, kinds=("letters",))] if name else []
    media = [entry for entry in found if entry.sort == "medium"]
    return media[0] if len(media) == 1 else None


@lru_cache(maxsize=4096)
def outlet_name(publisher: str) -> str:
    """What an outlet is usually called: by the base, else as the report's own data call it."""
    entry = outlet_entry(publisher)
    return entry.name if entry else publisher


def cited(documents: Iterable[Document]) -> dict[DocumentId, tuple[Citation, ...]]:
    """The citations of each document that has any, by its id, in the order of its text."""
    every = list(documents)
    known = _starts(frozenset(d.publisher for d in every if d.publisher))
    out = {}
    for document in every:
        own = fold(outlet_name(document.publisher)) if document.publisher else ""
        found = sorted(_citations(document, known), key=lambda each: (each.span, each.how))
        if mine := tuple(each for each in found if fold(each.outlet) != own):
            out[document.id] = mine
    return out


@cache
def _based() -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.text, entry.name) for entry in base() if entry.sort == "medium" for name in entry.every
    )


def _starts(publishers: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Names of outlets as written, the longest first, with the usual one, by their first word."""
    names = dict(_based())
    for publisher in sorted(publishers):
        if outlet_entry(publisher) is None and publisher[:1].isupper() and len(publisher) > 3:
            names.setdefault(publisher, publisher)
    out: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names, key=lambda each: (-len(each), each)):
        if first := _CAPITAL.match(name):
            out.setdefault(first[0], []).append((name, names[name]))
    return out


def _citations(document: Document, known: dict[str, list[tuple[str, str]]]) -> Iterator[Citation]:
    text, taken = document.text, list[tuple[int, int]]()
    for word in _CAPITAL.finditer(text):
        start = word.start()
        if taken and start < taken[-1][1]:
            continue
        for name, usual in known.get(word[0], ()):
            end = start + len(name)
            if text.startswith(name, start) and not _ON.match(text, end):
                taken.append((start, end))
                if how := _how(text, start, end):
                    yield Citation(usual, how, document.span(start, end))
                break
    for pattern in (_STATE, _CALLED):
        for match in pattern.finditer(text):
            start, end = match.span()
            near = any(start - 2 < b and a < end + 12 for a, b in taken)  # "state news agency SANA"
            usual = "" if near else _state(match) if pattern is _STATE else _unlisted(match)
            if usual and (how := _how(text, start, end)) in ("told", "said"):
                taken.append((start, end))
                yield Citation(usual, how, document.span(start, end))


def _state(match: re.Match[str]) -> str:
    land = countries().get((match["land"] or "").lower())
    return f"{match['land']} state media" if land else "state media"


def _unlisted(match: re.Match[str]) -> str:
    words = match["name"].split()
    while words and words[0] in _NO_NAME:
        words.pop(0)
    return " ".join([*words, match[0].removeprefix(match["name"])]) if words else ""


def _how(text: str, start: int, end: int) -> How | None:
    """What the words around an outlet's name make of it; ``None`` where it is only spoken of."""
    before, after = text[max(0, start - 90) : start], text[end : end + 90]
    if _PHOTO.search(before):
        return None
    if _SOURCE.search(before) or _CONTRIBUTED.match(after):
        return "credit"
    if start < _HEAD and (
        _DAY.match(after) or (_DATELINE.search(before) and re.match(r"\)|\s*[-–—]", after))
    ):
        return "credit"
    if len(text) - end < _FOOT and _BEFORE_END.search(before) and not re.match(r"[^)\n]{0,3}\w", after):
        return "credit"
    if _TOLD.search(before):
        return "told"
    if _BY.search(before) or _SAID.match(after):
        return "said"
    return None
