"""A first reader, by rules: harm told with tolls, voices, dates, places and actors, sentence by sentence.

``Reader`` walks the sentences of one document, gathers what each tells and decides whether it
goes on with an event already told or opens another. It is the reader that a trained one
replaces behind the same signature; its measured quality stands in ``docs/limits.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import sentencex

from tallystick.claims import actors, figures
from tallystick.claims.actors import Deed
from tallystick.claims.figures import Figure
from tallystick.claims.lexicon import (
    AGGREGATE,
    ATTACK,
    DISPLACEMENT,
    KINDS,
    NEGATION,
    NOT_HAPPENED,
    SEVERAL,
    SPEAKING,
    TARGET,
    WEAPON,
)
from tallystick.claims.voices import Speaker, Voices, nearest
from tallystick.model import Claim, Document, Maker, Role, Span, Stance, Telling, Topic, Value, Voice
from tallystick.values import place, when
from tallystick.values.names import alike, fold
from tallystick.values.party import Party
from tallystick.values.place import Mention, Place
from tallystick.values.when import UNKNOWN, When

_BREAK = re.compile(r"\n\s*\n|\n")
_SAID_ON = re.compile(
    r"\b(?:said|says|told|reported|announced|statement|stated|added|confirmed|spoke|speaking)\b(?:\s+[\w’'.]+){0,3}\s+(?:on\s+)?$"
)
_BACKGROUND = re.compile(
    r"\b(?:earlier|previous(?:ly)?|last (?:year|month|week)|ago|in the past|once|had (?:already|been)|before|a day after|days after|back in|years?)\b",
    re.I,
)
# "More than 20 others were wounded": the same event, however finely the place is named now
_OTHERS = re.compile(
    r"^\W*(?:\w+\s+){1,4}(?:others|more)\b|^.{0,40}\bthe (?:toll|dead|wounded|attack|strike|blast|raid)\b",
    re.I,
)
_ANOTHER = re.compile(
    r"\b(?:another|separate(?:ly)?|elsewhere|meanwhile|in a (?:separate|different|similar|second)|other (?:attacks?|strikes?|raids?)|also (?:in|on|hit|killed))\b",
    re.I,
)
_SAME = re.compile(
    r"\b(?:the (?:attack|blast|bombing|strike|strikes|raid|raids|explosion|toll|death toll|dead|victims|shelling|assault|clashes|air strikes?|airstrikes?|bombardment|incident|wounded|injured|fighting|battle)|among (?:them|the (?:dead|victims))|of them|they|those killed|the killed|both|its toll)\b",
    re.I,
)


@dataclass(slots=True)
class _Sentence:
    """What one sentence holds, offsets in the document."""

    start: int
    end: int
    text: str
    figures: list[Figure]
    dates: list[tuple[int, int, When]]
    places: list[Mention]
    speakers: list[Speaker]
    deeds: list[Deed]
    kind: str | None
    aggregate: bool


@dataclass(slots=True)
class _Part:
    """What a sentence, or a clause of it, tells of one event."""

    figures: list[Figure]
    spot: Mention | None
    when: When | None
    kind: str | None
    start: int = 0
    words: str = ""


@dataclass(slots=True)
class _Draft:
    """An account in the making."""

    start: int
    end: int
    kind: str
    aggregate: bool
    first: int  # number of the sentence that opens it
    when: When = UNKNOWN
    place: Mention | None = None
    weapon: str | None = None
    target: str | None = None
    speaker: Speaker | None = None
    speaker_at: int = 0
    hits: list[tuple[_Sentence, Figure]] = field(default_factory=list)
    deeds: list[tuple[_Sentence, Deed]] = field(default_factory=list)
    last: int = 0


class Reader:
    """Reads one document; made anew for each, so that no document touches another."""

    def __init__(self, document: Document, maker: Maker) -> None:
        self.document, self.maker = document, maker
        # What the report prints at its head is the report's own word on its day: where the
        # metadata say otherwise, relative dates are read against the text.
        head = when.dateline(document.text, document.published)
        self.head = head[:2] if head else (0, 0)
        self.anchor = head[2] if head else document.published
        self.voices = Voices(document.text)
        self.fuller = actors.fuller_names(document.text)
        self.drafts: list[_Draft] = []
        self.day: tuple[int, When] | None = None  # the sentence that last named a day, and the day
        self.leaving: list[tuple[Span, Place | None]] = []

    def claims(self) -> tuple[Claim, ...]:
        """All claims of the document, in the order of their words."""
        mentions = list(place.read(self.document.text))
        found: list[Claim] = []
        for number, sentence in enumerate(self._sentences(mentions)):
            self._take(number, sentence)
            found.extend(self._leaving(sentence))
        for draft in self.drafts:
            found.extend(self._claims_of(draft))
        unique = {claim.id: claim for claim in found}
        return tuple(sorted(unique.values(), key=lambda c: (c.span, c.topic, c.id)))

    # -- what each sentence holds

    def _sentences(self, mentions: list[Mention]) -> Iterator[_Sentence]:
        text = self.document.text
        for start, end in sentences(text, self.document.language):
            words = text[start:end]
            told = list(when.read(words, self.anchor))
            masked = [(a, b) for a, b, _ in told]
            dates = [
                (a, b, d) for a, b, d in told if not (start + a < self.head[1] and self.head[0] < start + b)
            ]
            aggregate = bool(AGGREGATE.search(words)) or any(d.stretch for _, _, d in dates)
            yield _Sentence(
                start, end, words, figures.read(words, masked), dates,
                [m for m in mentions if start <= m.start < end],
                self.voices.speakers(words), actors.read(words, self.fuller), _kind(words), aggregate,
            )  # fmt: skip

    # -- which event a sentence goes on with

    def _take(self, number: int, sentence: _Sentence) -> None:
        named = self._date(sentence)
        if named is not None and not named.stretch and named.precision in ("day", "days"):
            self.day = number, named
        if not sentence.figures and not self._opens_without_figures(sentence):
            draft = self.drafts[-1] if self.drafts else None
            if draft and number - draft.last <= 2 and sentence.deeds and not draft.aggregate:
                denials = [
                    (sentence, deed) for deed in sentence.deeds if deed.stance in ("denied", "claimed")
                ]
                draft.deeds.extend(denials)
            if draft and number - draft.last <= 2 and not draft.aggregate:
                self._refine(draft, sentence)
            return
        for part in self._parts(sentence):
            figs, spot, told = part.figures, part.spot, part.when
            total = self._total_told(figs)
            aggregate = bool(figs) and (total is not None or self._is_aggregate(sentence, figs, spot, told))
            draft = total if aggregate else self._goes_on(number, sentence, part)
            if draft is None:
                draft = self._open(number, sentence, part, aggregate)
            draft.last = number
            draft.hits.extend((sentence, figure) for figure in figs)
            draft.deeds.extend((sentence, deed) for deed in sentence.deeds)
            draft.weapon = draft.weapon or _first(WEAPON, part.words)
            draft.target = draft.target or _first(TARGET, part.words)
            if draft.when is UNKNOWN and told is not None:
                draft.when = told
            if draft.kind == "other" and part.kind:
                draft.kind = part.kind
            if (
                spot
                and not aggregate
                and (draft.place is None or _finer(spot, draft.place) or spot.rank == 3 > draft.place.rank)
            ):
                draft.place = spot

    def _refine(self, draft: _Draft, sentence: _Sentence) -> None:
        """Take the finer place, or the first date, from a sentence that goes on without figures."""
        if (
            NOT_HAPPENED.search(sentence.text)
            or not ATTACK.search(sentence.text)
            or _ANOTHER.search(sentence.text[:80])
        ):
            return
        told = self._date(sentence)
        if told is not None and draft.when is not UNKNOWN and (told.gap(draft.when) or 0) > 0:
            return
        if not _kinds_fit(sentence.kind, draft.kind):
            return
        spot = self._best_spot(sentence, self._spots(sentence), [])
        if spot is not None and (draft.place is None or _finer(spot, draft.place)):
            draft.place = spot
        if draft.when is UNKNOWN and told is not None and not told.stretch:
            draft.when = told

    def _opens_without_figures(self, sentence: _Sentence) -> bool:
        if NOT_HAPPENED.search(sentence.text) or not sentence.kind or sentence.aggregate:
            return False
        fine = [m for m in sentence.places if m.rank >= 2]
        told = self._date(sentence)
        return bool(fine and told and not told.stretch and ATTACK.search(sentence.text) and sentence.deeds)

    def _parts(self, sentence: _Sentence) -> list[_Part]:
        """The sentence cut into the events it tells: at each further toll of one kind with a place, day or deed of its own."""
        cuts = [0]
        kinds: set[str] = set()
        for figure in sentence.figures:
            if figure.part:
                continue
            if figure.toll.kind in kinds:
                cuts.append(figure.start)
                kinds = set()
            kinds.add(figure.toll.kind)
        if len(cuts) == 1:
            return [self._part(sentence, 0, len(sentence.text))]
        parts: list[_Part] = []
        for start, end in zip(cuts, [*cuts[1:], len(sentence.text)], strict=True):
            part = self._part(sentence, start, end)
            before = parts[-1] if parts else None
            new_place = (
                part.spot is not None
                and before is not None
                and before.spot is not None
                and not _same_spot(part.spot, before.spot)
            )
            new_day = (
                part.when is not None
                and before is not None
                and before.when is not None
                and (part.when.gap(before.when) or 0) > 0
            )
            own, other = _kind(part.words), _kind(before.words) if before is not None else None
            new_deed = own is not None and other is not None and own != other
            if before is not None and not new_place and not new_day and not new_deed:
                before.figures.extend(part.figures)
                before.spot, before.when = before.spot or part.spot, before.when or part.when
            else:
                parts.append(part)
        if len(parts) == 1:
            return [self._part(sentence, 0, len(sentence.text))]
        return parts

    def _part(self, sentence: _Sentence, start: int, end: int) -> _Part:
        spots = [m for m in self._spots(sentence) if start <= m.start - sentence.start < end]
        figs = [f for f in sentence.figures if start <= f.start < end]
        told = self._date(sentence, start, end)
        words = sentence.text[start:end]
        return _Part(
            figs, self._best_spot(sentence, spots, figs), told, _kind(words) or sentence.kind, start, words
        )

    def _spots(self, sentence: _Sentence) -> list[Mention]:
        """Places where something happens: not those that only qualify a speaker or contain another."""
        out: list[Mention] = []
        for mention in sentence.places:
            at = mention.start - sentence.start
            if any(s.start <= at < s.end for s in sentence.speakers) or self._while_speaking(sentence, at):
                continue
            if (
                out
                and mention.start - out[-1].end < 40
                and _inside(self.document.text[out[-1].end : mention.start])
            ):
                continue
            out.append(mention)
        return out

    def _while_speaking(self, sentence: _Sentence, at: int) -> bool:
        """Whether the words at ``at`` set the scene of a statement ("In a news conference in …, X said")."""
        scene = SPEAKING.search(sentence.text)
        return bool(scene) and any(scene.start() < at < s.start for s in sentence.speakers)  # type: ignore[union-attr]

    def _best_spot(self, sentence: _Sentence, spots: list[Mention], figs: list[Figure]) -> Mention | None:
        if not spots:
            return None
        anchor = figs[0].start if figs else 0
        return max(
            spots,
            key=lambda m: (m.rank >= 2, not m.holds, m.rank >= 1, -abs(m.start - sentence.start - anchor)),
        )

    def _date(self, sentence: _Sentence, begin: int = 0, stop: int = 1 << 30) -> When | None:
        """The day of the event: not the day on which somebody spoke, unless there is no other."""
        spoken: When | None = None
        for start, _, told in sentence.dates:
            if not begin <= start < stop:
                continue
            if told.stretch and not sentence.figures:
                continue
            if _SAID_ON.search(sentence.text[:start]) or self._while_speaking(sentence, start):
                spoken = spoken or (told if told.precision == "day" else None)
                continue
            return told
        return spoken

    def _is_aggregate(
        self, sentence: _Sentence, figs: list[Figure], spot: Mention | None, told: When | None
    ) -> bool:
        """Whether the figures are a total over several events, by the wording, the stretch or the reach."""
        if sentence.aggregate or any(f.toll.count.greatest_told >= 10_000 for f in figs):
            return True
        dated = told is not None and told.precision in ("day", "days") and not _SAID_ON.search(sentence.text)
        if (
            not dated
            and spot is None
            and any(f.toll.count.high is None and f.toll.count.least >= 200 for f in figs)
        ):
            return True  # "the bombing that has killed hundreds"
        if told is not None and told.precision in ("month", "year"):
            return bool(SEVERAL.search(sentence.text))
        if TARGET.search(sentence.text) and not re.search(
            r"\b(?:positions|residential|schools|hospitals|markets|mosques)\b", sentence.text
        ):
            return False
        wide = spot is not None and all(m.rank <= 1 for m in sentence.places if m.start >= sentence.start)
        return (
            wide
            and bool(SEVERAL.search(sentence.text))
            and max(f.toll.count.greatest_told for f in figs) >= 5
        )

    def _total_told(self, figs: list[Figure]) -> _Draft | None:
        """The total that these figures repeat, word for word of its bounds, if one was told before."""
        told = {(f.toll.kind, f.toll.count.low, f.toll.count.high) for f in figs}
        for draft in self.drafts:
            if draft.aggregate and told & {
                (f.toll.kind, f.toll.count.low, f.toll.count.high)
                for _, f in draft.hits
                if f.toll.count.greatest_told >= 5
            }:
                return draft
        return None

    def _goes_on(self, number: int, sentence: _Sentence, part: _Part) -> _Draft | None:
        """The draft that this part of a sentence goes on with, the latest that nothing speaks against."""
        spot, told = part.spot, part.when
        for draft in reversed(self.drafts):
            if draft.aggregate:
                continue
            distance = number - draft.last
            if told is not None and not told.stretch and draft.when is not UNKNOWN:
                gap = told.gap(draft.when)
                if gap is not None and gap > 0:
                    continue
            same_place = spot is not None and draft.place is not None and _same_spot(spot, draft.place)
            if same_place and _kinds_fit(part.kind, draft.kind):
                return draft
            apart = (
                spot is not None
                and draft.place is not None
                and not same_place
                and not _nests(spot, draft.place)
            )
            inner = (
                spot is not None
                and draft.place is not None
                and spot.rank == 3 > draft.place.rank
                and distance <= 1
                and bool(_OTHERS.search(sentence.text))
            )
            if apart and not inner and spot is not None and spot.rank >= 2:
                continue
            if not _kinds_fit(part.kind, draft.kind):
                continue
            if distance <= 3 and not _ANOTHER.search(sentence.text[:80]):
                return draft
            if distance <= 6 and _SAME.search(sentence.text) and not _ANOTHER.search(sentence.text[:80]):
                return draft
        return None

    def _open(self, number: int, sentence: _Sentence, part: _Part, aggregate: bool) -> _Draft:
        """A new draft. Its words are the clause around its first figure, or the whole sentence."""
        figs, spot, told = part.figures, part.spot, part.when
        start, end = _clause(sentence, figs, part.start)
        previous = next((d for d in reversed(self.drafts) if not d.aggregate), None)
        if told is None and not aggregate and not _BACKGROUND.search(sentence.text):
            # A report stays on its day until it names another.
            told = self._day_of(number)
        if spot is None and previous is not None and number - previous.last <= 2 and not aggregate:
            spot = previous.place
        kind = (
            part.kind
            or (_kind(self.document.title or "") if number <= 3 else None)
            or (previous.kind if previous and number - previous.last <= 2 and not aggregate else "other")
        )
        draft = _Draft(
            start, end, kind, aggregate, number, told or UNKNOWN, spot,
            speaker=nearest(sentence.speakers, start - sentence.start), speaker_at=sentence.start, last=number,
        )  # fmt: skip
        self.drafts.append(draft)
        return draft

    def _day_of(self, number: int) -> When | None:
        """The day that the report is on: named in this or the six sentences before, within a week of the report's own."""
        if self.day is None or number - self.day[0] > 6:
            return None
        told = self.day[1]
        if self.anchor and told.end and abs((self.anchor - told.end).days) > 7:
            return None  # a look back
        return told

    # -- from drafts to claims

    def _claims_of(self, draft: _Draft) -> Iterator[Claim]:
        document = self.document
        telling = document.span(draft.start, draft.end)
        where = draft.place.place if draft.place else None
        value = Telling(
            draft.kind,
            draft.aggregate,
            draft.first <= 3 and not draft.aggregate,
            draft.when,
            where,
            draft.weapon,
            draft.target,
        )
        voices = self._voice(draft.speaker, draft.speaker_at)
        yield self._claim(telling, "attack", value, voices, telling, "stated")
        for sentence, figure in draft.hits:
            span = document.span(sentence.start + figure.start, sentence.start + figure.end)
            speaker = nearest(sentence.speakers, figure.start)
            yield self._claim(
                span, "casualties", figure.toll, self._voice(speaker, sentence.start), telling, "stated"
            )
        seen: set[tuple[str, str, str, str]] = set()
        for sentence, deed in draft.deeds:
            speaker = nearest(sentence.speakers, deed.start)
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

    def _leaving(self, sentence: _Sentence) -> Iterator[Claim]:
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
        span = self.document.span(start, sentence.start + match.end())
        denied = bool(NEGATION.search(sentence.text[max(0, match.start() - 40) : match.end()]))
        spots = self._spots(sentence) or sentence.places
        where = spots[0].place if spots else None
        value = Telling("displacement", when=self._date(sentence) or UNKNOWN, place=where)
        speaker = nearest(sentence.speakers, match.start())
        voices = self._voice(speaker, sentence.start)
        # One document's telling of one matter, however many voices: the first words head it.
        telling = next((first for first, spot in self.leaving if _may_be_one(spot, where)), span)
        if telling is span:
            self.leaving.append((span, where))
        yield self._claim(span, "displacement", value, voices, telling, "denied" if denied else "stated")

    def _voice(self, speaker: Speaker | None, offset: int) -> tuple[Voice, ...]:
        if speaker is None:
            return ()
        span = self.document.span(offset + speaker.start, offset + speaker.end)
        return (Voice(speaker.name, Party(speaker.name, span.quote), span),)

    def _claim(
        self, span: Span, topic: Topic, value: Value, voices: tuple[Voice, ...], telling: Span, stance: Stance
    ) -> Claim:
        return Claim(span, topic, value, voices, stance, telling, self.maker)


def sentences(text: str, language: str | None = None) -> Iterator[tuple[int, int]]:
    """The sentences of ``text`` as half-open code point offsets, blank ends trimmed, lines kept apart."""
    at = 0
    for line in _BREAK.split(text):
        base = text.index(line, at) if line else at
        at = base + len(line)
        inner = 0
        for piece in sentencex.segment(language or "en", line):
            start = line.index(piece, inner)
            inner = start + len(piece)
            stripped = piece.strip()
            if stripped:
                lead = start + len(piece) - len(piece.lstrip())
                yield base + lead, base + lead + len(stripped)


def _kind(words: str) -> str | None:
    return next((kind for kind, pattern in KINDS if pattern.search(words)), None)


def _first(pattern: re.Pattern[str], words: str) -> str | None:
    match = pattern.search(words)
    return match[0] if match else None


def _inside(between: str) -> bool:
    return bool(
        re.fullmatch(
            r"[\s,]*(?:(?:\w+\s+)?(?:in|of|near|outside|north|south|east|west)\s+(?:the\s+)?(?:[\w-]+\s+){0,3})?",
            between,
        )
    )


def _same_spot(left: Mention, right: Mention) -> bool:
    return alike(left.place.name, right.place.name)


def _finer(new: Mention, old: Mention) -> bool:
    """Whether ``new`` may lie in ``old`` and is finer."""
    if fold(old.place.name) in new.within:
        return True
    return new.rank > old.rank and (old.rank <= 1 or old.holds) and fold(new.place.name) not in old.within


def _may_be_one(left: Place | None, right: Place | None) -> bool:
    return left is None or right is None or alike(left.name, right.name)


def _nests(left: Mention, right: Mention) -> bool:
    """Whether one place is coarse, so that the other may lie in it."""
    return min(left.rank, right.rank) <= 1 or any(
        fold(b.place.name) in a.within for a, b in ((left, right), (right, left))
    )


_FAMILIES = (
    {"air_strike", "shelling", "missile_strike", "other", "bombing", "killing", "chemical_attack"},
    {"bombing", "suicide_bombing", "other", "killing"},
    {"ground_clash", "capture", "other", "killing", "shelling"},
    {"landmine", "bombing", "other"},
)


def _kinds_fit(new: str | None, old: str) -> bool:
    return new is None or new == old or any(new in family and old in family for family in _FAMILIES)


def _clause(sentence: _Sentence, figs: list[Figure], begin: int) -> tuple[int, int]:
    """The words that first tell the event: around the first figure, at most 200 code points."""
    if not figs:
        return sentence.start, min(sentence.end, sentence.start + 200)
    first = figs[0]
    start = begin
    if first.start - begin >= 120:
        breaks = [
            m.end()
            for m in re.finditer(
                r"[,;:“”\"]\s*(?:(?:but|and|where|while|when)\s+)?", sentence.text[: first.start]
            )
            if first.start - m.end() <= 110
        ]
        start = breaks[0] if breaks else sentence.text.rfind(" ", 0, first.start - 60) + 1
    end = min(len(sentence.text), max(first.end + 60, start + 140))
    cut = sentence.text.find(" ", end)
    end = len(sentence.text) if cut < 0 else cut
    return sentence.start + start, sentence.start + min(end, max(first.end, start + 200))


def _clause_start(words: str, at: int) -> int:
    """Where the clause around ``at`` begins: after the last "that", comma or opening of the sentence."""
    return max((m.end() for m in re.finditer(r"\bthat\s+|[,;“\"]\s*", words[:at])), default=0)
