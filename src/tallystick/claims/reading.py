"""A first reader, by rules: harm told with tolls, voices, dates, places and actors, sentence by sentence.

``Reader`` reads one document. It is the reader that a trained one replaces behind the same
signature; its measured quality stands in ``docs/limits.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tallystick.claims import actors, figures
from tallystick.claims.drafts import Draft, Drafts
from tallystick.claims.lexicon import AGGREGATE, DISPLACEMENT, NEGATION, NOT_HAPPENED
from tallystick.claims.sentence import Sentence, sentences
from tallystick.claims.voices import Speaker, Voices, nearest
from tallystick.model import Claim, Document, Maker, Role, Span, Stance, Telling, Topic, Value, Voice
from tallystick.values import place, when
from tallystick.values.names import alike
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN


class Reader:
    """Reads one document; made anew for each, so that no document touches another."""

    def __init__(self, document: Document, maker: Maker) -> None:
        self._document, self._maker = document, maker
        # What the report prints at its head is the report's own word on its day: where the
        # metadata say otherwise, relative dates are read against the text.
        head = when.dateline(document.text, document.published)
        self._head = head[:2] if head else (0, 0)
        self._anchor = head[2] if head else document.published
        self._voices = Voices(document.text)
        self._fuller = actors.fuller_names(document.text)
        self._left: list[tuple[Span, Place | None]] = []  # the matters of people leaving so far

    def claims(self) -> tuple[Claim, ...]:
        """All claims of the document, in the order of their words."""
        drafts = Drafts(self._anchor, self._document.title or "")
        found: list[Claim] = []
        for number, sentence in enumerate(self._sentences()):
            drafts.take(number, sentence)
            found.extend(self._leaving(sentence, drafts.all))
        for draft in drafts.all:
            found.extend(self._claims_of(draft))
        unique = {claim.id: claim for claim in found}
        return tuple(sorted(unique.values(), key=lambda c: (c.span, c.topic, c.id)))

    def _sentences(self) -> Iterator[Sentence]:
        text, (head, neck) = self._document.text, self._head
        mentions = list(place.read(text))
        for start, end in sentences(text, self._document.language):
            words = text[start:end]
            told = list(when.read(words, self._anchor))
            dates = [(a, b, d) for a, b, d in told if start + a >= neck or start + b <= head]
            yield Sentence(
                start,
                end,
                words,
                figures.read(words, [(a, b) for a, b, _ in told]),
                dates,
                [m for m in mentions if start <= m.start < end],
                self._voices.speakers(words),
                actors.read(words, self._fuller),
                bool(AGGREGATE.search(words)) or any(d.stretch for _, _, d in dates),
            )

    def _claims_of(self, draft: Draft) -> Iterator[Claim]:
        document = self._document
        telling = document.span(draft.start, draft.end)
        where = draft.place.place if draft.place else None
        value = Telling(
            draft.kind,
            draft.total,
            draft.first <= 3 and not draft.total,
            draft.when,
            where,
            draft.weapon,
            draft.target,
        )
        voices = self._voice(draft.speaker, draft.sentence.start)
        yield self._claim(telling, "attack", value, voices, telling, "stated")
        for sentence, figure in draft.hits:
            span = document.span(sentence.start + figure.start, sentence.start + figure.end)
            speaker = nearest(sentence.speakers, figure.start, sentence.text)
            yield self._claim(
                span, "casualties", figure.toll, self._voice(speaker, sentence.start), telling, figure.stance
            )
        seen: set[tuple[str, str, str, str]] = set()
        for sentence, deed in draft.deeds:
            speaker = nearest(sentence.speakers, deed.start, sentence.text)
            denied = deed.stance == "denied"
            voices = () if denied or deed.stance == "claimed" else self._voice(speaker, sentence.start)
            if denied or deed.stance == "claimed":
                at = document.span(sentence.start + deed.start, sentence.start + deed.end)
                voices = (Voice(deed.party.name, deed.party, at),)
            said = "alleged" if voices and deed.stance == "stated" else deed.stance
            key = (deed.party.key, deed.role, said, voices[-1].name if voices else "")
            if key in seen:
                continue
            seen.add(key)
            span = document.span(sentence.start + deed.start, sentence.start + deed.end)
            stance: Stance = (
                "denied" if denied else "alleged" if said in ("alleged", "suspected") else "stated"
            )
            yield self._claim(
                span, "responsibility", Role(deed.party, deed.role, said), voices, telling, stance
            )

    def _leaving(self, sentence: Sentence, drafts: list[Draft]) -> Iterator[Claim]:
        """People leaving, or not, where a named voice says so: one matter, each voice a claim."""
        match = DISPLACEMENT.search(sentence.text)
        if (
            not match
            or not sentence.speakers
            or NOT_HAPPENED.search(sentence.text[: match.end()])
            or sentence.figures
        ):
            return
        start = sentence.start + _clause_start(sentence.text, match.start())
        if any((draft.start, draft.end) == (start, sentence.start + match.end()) for draft in drafts):
            start = sentence.start + match.start()  # the same words would be one account with the attack
        span = self._document.span(start, sentence.start + match.end())
        denied = bool(NEGATION.search(sentence.text[max(0, match.start() - 40) : match.end()]))
        spots = sentence.spots or sentence.places
        where = spots[0].place if spots else None
        value = Telling("displacement", when=sentence.date() or UNKNOWN, place=where)
        speaker = nearest(sentence.speakers, match.start(), sentence.text)
        voices = self._voice(speaker, sentence.start)
        # One document's telling of one matter, however many voices: the first words head it.
        telling = next((first for first, spot in self._left if _may_be_one(spot, where)), span)
        if telling is span:
            self._left.append((span, where))
        yield self._claim(span, "displacement", value, voices, telling, "denied" if denied else "stated")

    def _voice(self, speaker: Speaker | None, offset: int) -> tuple[Voice, ...]:
        if speaker is None:
            return ()
        span = self._document.span(offset + speaker.start, offset + speaker.end)
        return (Voice(speaker.name, Party(speaker.name, span.quote), span),)

    def _claim(
        self, span: Span, topic: Topic, value: Value, voices: tuple[Voice, ...], telling: Span, stance: Stance
    ) -> Claim:
        return Claim(span, topic, value, voices, stance, telling, self._maker)


def _may_be_one(left: Place | None, right: Place | None) -> bool:
    return left is None or right is None or alike(left.name, right.name)


def _clause_start(words: str, at: int) -> int:
    """Where the clause around ``at`` begins: after the last "that", comma or opening of the sentence."""
    return max((m.end() for m in re.finditer(r"\bthat\s+|[,;“\"]\s*", words[:at])), default=0)
