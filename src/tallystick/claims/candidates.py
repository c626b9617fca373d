"""What a document could be talking about: counts, days, places, parties and speakers, each with its words.

Rules propose and the model decides. A candidate carries what the rules take it for (``hint``), which
the model sees beside the words; what it counts or names (``value``) is read by rules alone, so that
no figure, date or name of the output was made up by a model.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tallystick.claims import actors, figures
from tallystick.claims.lexicon import AGGREGATE, kind_of, said_how
from tallystick.claims.sentence import SAID_ON, sentences
from tallystick.claims.voices import Speaker, Voices
from tallystick.model import HARM, Toll
from tallystick.values import party, place, when
from tallystick.values.count import Count
from tallystick.values.names import fold
from tallystick.values.place import Mention, Place
from tallystick.values.places.around import widened

_TOLL_HINT = {"killed": 1, "wounded": 2, "captured": 3}
_ROLE_HINT = {"perpetrator": 1, "opponent": 2, "claimant": 3}
_LONGEST = 8  # words that a part in an attack may have
_PRONOUNS = frozenset(
    (
        "they",
        "them",
        "he",
        "him",
        "she",
        "her",
        "it",
        "who",
        "which",
        "this",
        "that",
        "these",
        "those",
        "others",
    )
)
CLAIMED, DENIED = 3, 4  # hints of a party that claims a deed, and of one that denies it
_UPPER = r"[A-Z\u00c0-\u00de\u0400-\u042f]"
_RUN = re.compile(
    rf"(?<![\w’'-])(?:(?:al|el|ad|ar|as|ash|at|az|an|ul)-)?{_UPPER}[\w’'-]*(?: (?:(?:al|el|ad|ar|as|ash)[- ])?{_UPPER}[\w’'-]*)*"
)

_OPEN_END = re.compile(r"(?:\s+(?:in|of|from|at|on|to|by|for|with|near|the|an?|and|or|its|their))+\s*$", re.I)
_NAME = re.compile(
    rf"{_UPPER}[\w.’'-]+(?: (?:(?:al|el|de|la|bin|abu)[- ])?{_UPPER}[\w.’'-]*){{1,5}}"
)  # of a person


_THEN_SAID = re.compile(
    r",?\s+(?:\S+\s+){1,5}(?:said|told|disclosed|announced|reported|stated|added|confirmed|claimed|revealed)\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words at ``[start, end)`` of the document that may matter, and what they would stand for.

    ``name`` is equal for mentions of one thing; ``hint`` is what the rules take it for:
    a small number (below ``heads.HINTS``), each sort with its own meaning.
    """

    start: int
    end: int
    name: str
    hint: int
    value: Any


@dataclass(slots=True)
class Candidates:
    """All that one document proposes, each sort in the order of the text."""

    sentences: list[tuple[int, int]]
    counts: list[Candidate] = field(default_factory=list)  # value: figures.Figure
    dates: list[Candidate] = field(default_factory=list)  # value: When
    places: list[Candidate] = field(default_factory=list)  # value: place.Mention
    parties: list[Candidate] = field(default_factory=list)  # value: Party
    speakers: list[Candidate] = field(default_factory=list)  # value: Speaker
    voices: Voices | None = None  # who is who in this text

    def sentence_at(self, at: int) -> int:
        """The number of the sentence in which ``at`` stands, or the one before it."""
        return max(0, bisect_right(self.sentences, (at, 1 << 60)) - 1)

    def governing(self, text: str, at: int) -> int | None:
        """The number of the speaker whose word the rules would take to stand at ``at``, if its sentence has one.

        "X said that …" governs what follows; else it is the closest speaker.
        """
        start, end = self.sentences[self.sentence_at(at)]
        first, last = (bisect_left(self.speakers, edge, key=lambda s: s.start) for edge in (start, end))
        here = range(first, last)
        before = [n for n in here if self.speakers[n].end <= at]
        if before and re.search(r"\bthat\b", text[self.speakers[before[-1]].end : at]):
            return before[-1]
        return min(
            here,
            key=lambda n: (max(self.speakers[n].start - at, at - self.speakers[n].end, 0), n),
            default=None,
        )

    def kind_hint(self, text: str, at: int) -> int:
        """What kind of event the words around ``at`` would tell of by their wording, and whether a total.

        A number below ``heads.KIND_HINTS``: that of the kind (0 where none), doubled, and one more for a total.
        """
        start, end = self.sentences[self.sentence_at(at)]
        begin = max(start, at - 40)
        kind = kind_of(text[begin : min(end, at + 160)]) or kind_of(text[start:end])
        total = bool(AGGREGATE.search(text[start:end])) or any(
            start <= day.start < end and day.value.stretch for day in self.dates
        )
        return 2 * (HARM.index(kind) + 1 if kind else 0) + total

    def stance_hint(self, text: str, start: int, end: int) -> int:
        """With what stance the words ``[start, end)`` would be said by their wording: below ``heads.STANCE_HINTS``."""
        begin = self.sentences[self.sentence_at(start)][0]
        return said_how(text[max(begin, start - 80) : start], text[start:end])

    def party_hint(self, text: str, number: int) -> int:
        """What the rules take party ``number`` for, and on whose word it stands there: below ``heads.HINTS``.

        The candidate's own hint; five more where its sentence has a speaker, ten where that is the party itself.
        """
        one = self.parties[number]
        speaker = self.governing(text, one.start)
        if speaker is None:
            return one.hint
        said = self.speakers[speaker]
        itself = (said.start < one.end and one.start < said.end) or said.name == one.name
        return one.hint + (10 if itself else 5)

    def add_part(self, text: str, start: int, end: int, part: str) -> None:
        """Propose ``text[start:end]`` for what has this part in an attack.

        An agent is a party under its own words, a victim who is named a toll of one; nothing is
        proposed where one already stands, where the words name nobody, or go on for a sentence.
        """
        if self.sentence_at(start) != self.sentence_at(end - 1) or len(text[start:end].split()) > _LONGEST:
            return
        words = " ".join(re.sub(r"^(?:the|an?|some|several|\d+)\s+", "", text[start:end], flags=re.I).split())
        if part == "agent" and not _stands(self.parties, start, end):
            named = party.Party(words, text[start:end])
            if len(named.key) >= 3 and words[:1].isalnum() and words.lower() not in _PRONOUNS:
                self.parties.append(Candidate(start, end, named.key, 0, named))
                self.parties.sort(key=lambda one: one.start)
        if part == "victim" and not _stands(self.counts, start, end) and _NAME.fullmatch(words):
            one = figures.Figure(start, end, Toll("killed", Count(1, 1), "people"), False)
            self.counts.append(Candidate(start, end, "1", 0, one))
            self.counts.sort(key=lambda one: one.start)

    def add_speaker(self, text: str, start: int, end: int) -> None:
        """Propose ``text[start:end]`` as a speaker, too, or instead of one that begins or ends too early.

        Nothing is proposed where the words name nobody.
        """
        # "People in the", of "people in the village": what a name cannot end with is not of it.
        end -= len(text[start:end]) - len(_OPEN_END.sub("", text[start:end]))
        there = [n for n, s in enumerate(self.speakers) if s.start < end and start < s.end]
        if end <= start or self.voices is None or len(there) > 1:
            return
        if there and end < self.speakers[there[0]].end:
            return  # the words that are there go on: "the Kessian" army
        before = [s for s in self.speakers if s.end <= start]
        name = self.voices.named(text[start:end], before[-1].value.name if before else None)
        if not name:
            return
        hint = 0
        if there:
            old = self.speakers.pop(there[0])
            hint = old.hint
        self.speakers.append(Candidate(start, end, fold(name), hint, Speaker(name, start, end, "")))
        self.speakers.sort(key=lambda s: s.start)


def _speaks(count: Candidate, speakers: list[Candidate]) -> bool:
    """Whether those counted are who speaks: one anywhere in a speaker's words, several where these begin with them."""
    return any(
        count.start <= each.start < count.end
        or (count.name == "1" and each.start < count.end and count.start < each.end)
        for each in speakers
    )


def _stands(sort: list[Candidate], start: int, end: int) -> bool:
    return any(one.start < end and start < one.end for one in sort)


# "EL FASHER, Sudan, June 11 (Nile Wire) -", "Port Sudan, SNA -": who reports from where. Nobody there did anything.
_WIRE_HEAD = re.compile(
    r"\A\W{0,5}(?:(?:[A-Z][\w’'.]*(?:-[\w’']+)*|al-\w+|of|the|\d{1,4})[,.:]?\s+|/\s*|\([^()\n]{2,40}\)\s*){1,9}[-–—]{1,2}\s"
)


def candidates(text: str, published: date | None, language: str | None = None) -> Candidates:
    """Everything in ``text`` that a claim could be made of; relative days are read against ``published``."""
    head = when.dateline(text, published)
    first, neck = head[:2] if head else (0, 0)
    anchor = head[2] if head else published
    found = Candidates(list(sentences(text, language)))
    mentions = list(place.read(text))
    voices, fuller = Voices(text), actors.fuller_names(text)
    found.voices = voices
    before: date | None = None  # the last single day told of an event: what "the day before" goes on from
    for start, end in found.sentences:
        words = text[start:end]
        told = list(when.read(words, anchor, before))
        masked = [(a, b) for a, b, _ in told]
        named_parties = list(party.read(words))
        nobody = [(a, b) for a, b, _ in named_parties]
        nobody += [(m.start - start, m.end - start) for m in mentions if start <= m.start < end]
        attached = {f.start: f for f in figures.read(words, masked, nobody)}
        for figure in figures.proposed(words, masked, nobody):
            known = attached.get(figure.start)
            hint = _TOLL_HINT[known.toll.kind] + 3 * known.part if known else 0
            value = known or figure
            found.counts.append(
                Candidate(start + value.start, start + value.end, str(value.toll.count), hint, value)
            )
        dates = [(a, b, d) for a, b, d in told if start + a >= neck or start + b <= first]
        for a, b, day in dates:
            spoken = bool(SAID_ON.search(words[max(0, a - 90) : a]))
            if day.anchor not in (None, anchor) and _THEN_SAID.match(words, b):
                continue  # "A day later a source disclosed that": then it was said, not done
            if day.start and day.start == day.end and not spoken:
                before = day.start
            hint = spoken + 2 * day.stretch + 4 * (day.precision not in ("day", "days"))
            found.dates.append(Candidate(start + a, start + b, str(day), hint, day))
        for speaker in voices.speakers(words):
            hint = 1 + (speaker.verb == "according to")
            found.speakers.append(
                Candidate(start + speaker.start, start + speaker.end, fold(speaker.name), hint, speaker)
            )
        deeds = {d.start: d for d in actors.read(words, fuller)}
        for a, b, named in named_parties:
            deed = deeds.get(a)
            name = fuller.get(named.key, named.name)
            hint = 0 if deed is None else DENIED if deed.stance == "denied" else _ROLE_HINT[deed.role]
            here = party.Party(name, words[a:b])
            found.parties.append(Candidate(start + a, start + b, here.key, hint, here))
        for a, b, named in party.perhaps(words):
            if not _stands(found.parties[-12:], start + a, start + b):
                found.parties.append(Candidate(start + a, start + b, named.key, 0, named))
    top = _WIRE_HEAD.match(text[:160])
    below = max(top.end() if top else 0, neck if first < 3 else 0)
    found.speakers = [each for each in found.speakers if each.start >= below]
    found.parties = sorted(
        (p for p in found.parties if p.start >= below), key=lambda one: (one.start, one.name)
    )
    # Who is quoted is alive: "two doctors, who told the agency" are nobody's toll, unless harm is told of them.
    found.counts = [c for c in found.counts if c.hint or not _speaks(c, found.speakers)]
    found.places = _places(text, mentions, found)
    return found


def _places(text: str, mentions: list[Mention], found: Candidates) -> list[Candidate]:
    """The places that the wording shows, and every other name that might be one."""
    out = [Candidate(m.start, m.end, fold(m.place.name), 2 + m.rank + 4 * m.strong, m) for m in mentions]
    taken = bytearray(len(text))
    for group in (out, found.dates):
        for one in group:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
    starts = {start for start, _ in found.sentences}
    speakers = {
        (one.start + 4 * text.startswith(("the ", "The "), one.start), one.end) for one in found.speakers
    }
    for match in _RUN.finditer(text):
        if any(taken[match.start() : match.end()]) or match.end() - match.start() < 3:
            continue
        if match.start() in starts and " " not in match[0] and match[0].islower():
            continue
        if (match.start(), match.end()) in speakers:
            continue  # "the Centre says": who speaks is no place
        first, last = widened(text, match.start(), match.end())
        mention = Mention(match.start(), match.end(), Place(match[0], text[first:last]), 2, False)
        out.append(Candidate(match.start(), match.end(), fold(match[0]), 1, mention))
    return sorted(out, key=lambda c: c.start)
