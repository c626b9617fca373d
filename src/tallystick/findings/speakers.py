"""Shared voices: who speaks for whom, so that a body, its director and its spokesman are one origin.

Three things tell it, each with its words or its source: the name itself ("Observatory chief Rami Abdul
Rahman", "a spokesman for the interior ministry"), a report of the case that introduces the person so, and
the ties of the register (an outlet and who owns it, a ministry or army and its government). What a person
says for a body stands only where no report of the case says that the same name speaks for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz.fuzz import ratio

from tallystick.model import Account, Document, Span
from tallystick.values.names import alike, countries, fold, skeleton
from tallystick.values.parties.base import STATE, Entry
from tallystick.values.parties.register import basic
from tallystick.values.party import read

_WORDS = r"[A-Z][\w’'-]{1,30}"
_PERSON = rf"{_WORDS}(?: (?:al-|el-|bin |de |van |von |Abu )?{_WORDS}){{1,3}}"
_POST = (
    r"(?:(?:chief|senior|deputy|executive|official|main|general|acting|regional|emergencies) ){0,3}"
    r"(?:spokes(?:man|woman|person)|director(?:[ -]general)?|head|chief|chairman|chairwoman|founder|president|secretary[ -]general|envoy|minister)"
)
_NOUN = r"(?:ministry|army|government|military|group|agency|network|office|observatory)"
_BODY = (
    rf"(?:{_WORDS}|{_NOUN})(?: (?:{_WORDS}|of|for|and|the|foreign|interior|health|defen[cs]e|{_NOUN})){{0,7}}"
)
_POSTS = re.compile(rf"\b(?i:{_POST})\b")
SPELT = 84.0  # likeness of two full names of one person, in percent, spaces left out
_REACH = 110  # signs on either side of a post that are looked at
# "Rami Abdul Rahman, head of the Observatory"; "the Observatory's director Rami Abdul Rahman".
_PERSON_BEFORE = re.compile(rf"(?<![\w-])(?P<person>{_PERSON}),? (?:who is |is )?(?:the |a |an )?$")
_OF_BODY = re.compile(rf" (?:of|for|at|with) (?:the )?(?P<body>{_BODY})")
_BODY_BEFORE = re.compile(rf"(?<![\w-])(?P<body>{_BODY})(?:['’]s?)? $")
_PERSON_AFTER = re.compile(rf",? (?P<person>{_PERSON})")
# "Rami Abdul Rahman, its director", "the organisation's head": of the body named last before.
_ITS = re.compile(
    rf"(?<![\w-])(?P<person>{_PERSON}),? (?:its|the (?:group|organi[sz]ation|monitor|agency|ministry|observatory|network)['’]?s?) $"
)
_NAMED = re.compile(rf"^(?:the |a |an )?(?P<body>.{{1,80}}?)(?:['’]s|s['’])? {_POST}\b(?: {_PERSON})?$", re.I)
_NAMED_FOR = re.compile(
    rf"^(?:the |a |an )?(?:.{{1,60}}? )?{_POST} (?:of|for|at) (?:the )?(?P<body>.+)$", re.I
)
_STATE_MEDIA = re.compile(
    r"^(?:the )?(?P<land>[A-Z]\w+)(?:['’]?s)? state(?:[ -](?:run|owned|controlled))? (?:television|tv|media|radio|news agency|broadcaster)\b",
    re.I,
)
_ARMED = re.compile(r"(?:.* )?(?:ministry|government|army|military)$", re.I)
# Bodies told by one word, where the report names one of that sort in full.
_SORTS = frozenset(
    ("observatory", "ministry", "agency", "coalition", "committee", "centre", "center", "network", "mission", "council", "commission", "monitor")
)  # fmt: skip
_SPEAKING = frozenset(
    ("monitor", "agency", "office", "medium", "body", "rescue", "army", "coalition", "court")
)
_NOBODY = frozenset(
    ("", "he", "she", "they", "its", "his", "former", "deputy", "and", "of", "for", "government of")
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Who a voice is. ``key`` is the same for all that are one origin, ``name`` its own usual name and ``top``
    that of whom it belongs to; ``why`` says so in words, ``span`` where a report does."""

    key: str
    name: str
    top: str
    why: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """A person speaks for a body, as the words of a report have it."""

    person: str
    party: Whose


class Speakers:
    """Who speaks for whom in the reports of a case."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._offices: dict[str, tuple[Office, ...]] = {}
        self._people: dict[str, list[Office]] = {}  # by how the first name sounds
        for document in documents:
            if found := tuple(_offices(document)):
                self._offices[document.id] = found
        for document_id in sorted(self._offices):
            for office in self._offices[document_id]:
                self._people.setdefault(_first(office.person), []).append(office)

    def party(self, name: str, account: Account) -> Whose | None:
        """The party whose word it is where ``account`` names ``name`` as its voice; ``None`` where none is known."""
        if (entry := _looked_up(name, account)) is not None:
            return whose(entry)
        if (state := _STATE_MEDIA.match(name)) and (entry := _government(state["land"])) is not None:
            return Whose(_key(entry), name, entry.name, f"{name} are of the state")
        if (body := _body(name)) is not None:
            entry = _looked_up(body, account) or _known(body, account.published, lambda: _full(account))
            return (
                whose(entry, f"{name!r} says for whom")
                if entry
                else _unlisted(body, f"{name!r} says for whom")
            )
        return self._spoken_for(name, account)

    def _spoken_for(self, name: str, account: Account) -> Whose | None:
        """For whom the reports say that a person speaks: the account's own report first, then all of them."""
        if len(fold(name).split()) < 2:
            return None
        mine = [each for each in self._offices.get(account.document, ()) if alike(each.person, name)]
        every = [each for each in self._people.get(_first(name), ()) if _one_person(each.person, name)]
        for told in (mine, every):
            listed = [each.party for each in told if not each.party.key.startswith("name ")]
            parties = listed or [each.party for each in told]
            if parties:
                return parties[0] if len({party.key for party in parties}) == 1 else None
        return None


def _first(person: str) -> str:
    words = fold(person).split()
    return skeleton(words[0]) if words else ""


def _one_person(left: str, right: str) -> bool:
    """Whether two names are of one person but for the spelling: in full, and close in all letters."""
    a, b = fold(left), fold(right)
    full = min(len(a.split()), len(b.split())) >= 2
    return full and ratio(a.replace(" ", ""), b.replace(" ", "")) >= SPELT


def _offices(document: Document) -> Iterator[Office]:
    text = document.text
    for post in _POSTS.finditer(text):
        start, end = post.span()
        before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
        at = start - len(before)
        if its := _ITS.search(before):
            entry = _named_before(text, at + its.start())
            span = document.span(at + its.start(), end)
            if entry is not None:
                yield Office(its["person"], whose(entry, f"{span.quote!r}", span))
            continue
        if (person := _PERSON_BEFORE.search(before)) and (of := _OF_BODY.match(after)):
            span = document.span(at + person.start(), end + of.end())
        elif (of := _BODY_BEFORE.search(before)) and (person := _PERSON_AFTER.match(after)):
            span = document.span(at + of.start(), end + person.end())
        else:
            continue
        body = of["body"] + (" ministry" if post[0].lower().endswith("minister") else "")
        if countries().get(body.lower()) and not post[0].lower().endswith(("president", "minister")):
            continue  # of a country there are many spokesmen
        if fold(body) in _NOBODY or body.endswith((" of", " for", " the", " and")):
            continue
        entry = _known(body, document.published, lambda: _read(text))
        party = whose(entry, f"{span.quote!r}", span) if entry else _unlisted(body, f"{span.quote!r}", span)
        yield Office(person["person"], party)


def _named_before(text: str, at: int) -> Entry | None:
    """The last body of the base that is named in the 300 signs before."""
    here = _read(text[max(0, at - 300) : at])
    return next((entry for entry in reversed(here) if entry.sort in _SPEAKING), None)


def _read(text: str) -> list[Entry]:
    """The parties of the base that a text names, in order."""
    found = (basic().one(party.name, kinds=("letters",)) for _, _, party in read(text))
    return [each.entry for each in found if each]


def _full(account: Account) -> list[Entry]:
    return [each.entry for each in account.parties if each.entry]


def _body(name: str) -> str | None:
    """Whom a voice speaks for by its own name."""
    for pattern in (_NAMED_FOR, _NAMED):
        match = pattern.match(name[:200])
        if match and fold(match["body"]) not in _NOBODY:
            return match["body"].strip(" ,")
    return None


def _looked_up(name: str, account: Account) -> Entry | None:
    """The party that a name was found to be for this account, else the one that the base calls so."""
    for each in account.parties:
        if each.entry and fold(name) in (fold(each.name), fold(each.party.name)):
            return each.entry
    return _base(name, account.published)


def _base(name: str, on: date | None = None) -> Entry | None:
    """The party that the base calls so, wherever the name stands: "Red Crescent" alone is no country's."""
    found = basic().one(name, on, kinds=("letters",))
    return found.entry if found and found.spelt.plain else None


def _known(body: str, on: date | None, named: Callable[[], list[Entry]]) -> Entry | None:
    """The party of the base that a body's name ends with, or the one of its sort that ``named`` gives."""
    words = body.replace("’", "'").replace("'s ", " ").split()
    for n in range(len(words)):
        if found := _base(" ".join(words[n:]), on):
            return found
    for sort in (fold(words[-1]), fold(words[-1]).removesuffix("s")):
        if sort in _SORTS:
            here = {entry.code: entry for entry in named() if sort in fold(entry.name).split()}
            if not here:
                here = {entry.code: entry for entry, alone in basic().described(sort) if alone}
            if len(here) == 1:
                return next(iter(here.values()))
    if _ARMED.match(body) or len(words) == 1:
        return next((entry for word in words if (entry := _government(word)) is not None), None)
    return None


def _government(word: str) -> Entry | None:
    """The government of the country that a word names or is the adjective of."""
    land = countries().get(word.lower()) or countries().get(word.lower().removesuffix("s"))
    found = basic().one(land, kinds=("letters",)) if land else None
    return found.entry if found else None


def _unlisted(body: str, why: str, span: Span | None = None) -> Whose:
    key = " ".join(word.removesuffix("s") for word in fold(body).split())
    return Whose(f"name {key}", body, body, why, span)


def whose(entry: Entry, why: str = "", span: Span | None = None) -> Whose:
    top, ties = entry, list[str]()
    while (up := _owner(top)) is not None and len(ties) < 3:
        ties.append(f"{top.name} is part of {up.name}")
        top = up
    return Whose(_key(top), entry.name, top.name, "; ".join(filter(None, (why, *ties))), span)


def _owner(entry: Entry) -> Entry | None:
    """Whose word it is besides: of a medium its owner, of a ministry or an army its government."""
    if entry.sort != "medium" and entry.sort not in STATE:
        return None
    for tie in entry.ties:
        if tie.kind == "part of" and not tie.years.until:
            found = basic().one(tie.to, kinds=("letters",))
            if found and (entry.sort == "medium" or found.entry.sort in STATE):
                return found.entry
    return None


def _key(entry: Entry) -> str:
    return f"{entry.list} {entry.code}"
