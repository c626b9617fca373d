"""One document read into claims: what was decided of its candidates, written down with exact words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tallystick.claims.actors import accused
from tallystick.claims.candidates import Candidate, candidates
from tallystick.claims.decisions import Decisions
from tallystick.claims.encoder import encoder
from tallystick.claims.lexicon import DISPLACEMENT, TARGET, WEAPON
from tallystick.claims.matters import matter_of
from tallystick.claims.told import Clause, Told
from tallystick.claims.voices import TOLD
from tallystick.model import Claim, Document, Maker, Role, Span, Stance, Telling, Toll, Topic, Value, Voice
from tallystick.values.names import alike, fold
from tallystick.values.party import Party, usual
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When

_SIDE = re.compile(
    r"^(?:(?:north|south|east|west|central|rural|greater|inner|old|outer)(?:[- ]?(?:east|west))?(?:ern)?\s+)+",
    re.I,
)
_NO_SIGN = re.compile(r"\bno (?:sign|evidence|trace|indication)s? (?:of|that)\b|\bnobody\b|\bno one\b", re.I)
_QUOTE = 200  # code points that the words which first tell an account may have


class Reader:
    """Reads one document; made anew for each, so that no document touches another."""

    def __init__(self, document: Document, maker: Maker) -> None:
        self._document, self._maker = document, maker
        model, text = encoder(), document.text
        laid = model.lay(text, document.title or "")
        if _in_one_case(text):
            text = laid.restored(text)  # what is found by its capitals is found all the same
        self._text = text
        self._found = candidates(text, document.published, document.language)
        self._set = model.settings
        self._decided = Decisions(model.heads, model.settings, laid, text, self._found)

    def claims(self) -> tuple[Claim, ...]:
        """All claims of the document, in the order of their words."""
        found: list[Claim] = []
        tellings: dict[Span, Told] = {}
        for told in self._decided.accounts:
            span = self._telling(told)
            if span in tellings:  # two beginnings in one word
                tellings[span].figures.extend(told.figures)
            else:
                tellings[span] = told
        for span, told in tellings.items():
            found.extend(self._account(span, told))
        found.extend(self._matters(self._decided.clauses, found))
        unique: dict[str, Claim] = {}
        for claim in found:
            unique.setdefault(claim.id, claim)
        return tuple(sorted(unique.values(), key=lambda c: (c.span, c.topic, c.id)))

    def _telling(self, told: Told) -> Span:
        """The words that first tell an account: from its first word to the end of its sentence, if near."""
        text = self._document.text
        start = self._decided.pieces.offsets[told.piece][0]
        while start and text[start - 1].isalnum() and text[start : start + 1].isalnum():
            start -= 1
        end = max(start + 1, self._found.sentences[self._found.sentence_at(start)][1])
        # never into the words that first tell another event
        later = [self._decided.pieces.offsets[other.piece][0] for other in self._decided.accounts]
        end = min([end, *(at for at in later if at > start + 8)])
        end = start + len(text[start:end].rstrip(" ,;:\n")) if text[start:end].strip(" ,;:\n") else end
        if end - start > _QUOTE:
            cut = text.rfind(" ", start + 20, start + _QUOTE)
            end = cut if cut > 0 else start + _QUOTE
        return self._document.span(start, end)

    def _account(self, span: Span, told: Told) -> Iterator[Claim]:
        place = self._place(told)
        weapon, target = self._part(span, WEAPON, "weapon"), self._part(span, TARGET, "target", "victim")
        value = Telling(
            told.kind,
            told.total,
            told.primary and not told.total,
            self._day(told.day[0]) if told.day else UNKNOWN,
            place,
            weapon,
            target,
        )
        yield self._claim(
            span,
            "attack",
            value,
            self._voice(told.speaker),
            span,
            "stated",
            self._set.sure("telling", told.sure),
        )
        voiced = {(f.kind, f.count.value.toll.count) for f in told.figures if f.speaker and not f.lent}
        seen: set[tuple[object, ...]] = set()
        for counted in told.figures:
            figure, speaker = counted.count.value, counted.speaker
            if figure.stance == "denied":  # who denies a figure is told by the wording, not by likelihood
                speaker = self._denier(counted.start) or speaker
            toll = Toll(counted.kind, figure.toll.count, figure.toll.group)
            key = (toll.kind, toll.count, speaker.name if speaker else None)
            own = speaker is not None and not counted.lent
            if key in seen or (not own and key[:2] in voiced):
                continue  # told again: a headline's figure is that of whoever gives it below
            seen.add(key)
            here = self._document.span(counted.start, counted.count.end)
            yield self._claim(
                here,
                "casualties",
                toll,
                self._voice(speaker),
                span,
                figure.stance,
                self._set.sure("tally", counted.sure),
            )
        for part in told.parties:
            one, held = part.party, part.held
            here = self._document.span(one.start, one.end)
            voices = self._voice(told.speaker)
            is_accused = accused(self._text, one.start)
            if is_accused:  # by whoever accuses, not by whoever told of the event
                voices = self._voice(self._denier(one.start)) or voices
            if held == "stated" and (voices or is_accused):
                held = "alleged"  # on somebody's word
            if held in ("claimed", "denied"):
                voices = (Voice(one.value.name, Party(one.value.name, here.quote), here),)
            stance: Stance = (
                "denied" if held == "denied" else "alleged" if held in ("alleged", "suspected") else "stated"
            )
            yield self._claim(
                here,
                "responsibility",
                _role(Party(one.value.name, here.quote), part.role, held),
                voices,
                span,
                stance,
                self._set.sure("role", part.sure),
            )

    def _part(self, span: Span, wording: re.Pattern[str], *parts: str) -> str | None:
        """What has a part in an attack within its words: by their wording, or else as the model takes it."""
        if named := wording.search(span.quote):
            return named[0]
        here = [
            (a, b)
            for a, b, part in self._decided.parts
            if part in parts and span.start <= a and b <= span.end
        ]
        return self._document.text[here[0][0] : here[0][1]] if here else None

    def _place(self, told: Told) -> Place | None:
        if told.place is None:
            return None
        place = self._spot(told.place[0])
        if told.admin1 and not place.admin1:
            # "west Aleppo" says which part; the province goes by the name without it
            outer = _SIDE.sub("", told.admin1[0].value.place.name)
            place = replace(place, admin1=outer)
        return place

    def _spot(self, one: Candidate) -> Place:
        place: Place = one.value.place
        # The words may be more than the name: "20 km north of Hama".
        return place if place.words else replace(place, words=self._document.text[one.start : one.end])

    def _day(self, one: Candidate) -> When:
        day: When = one.value
        return replace(day, words=self._document.text[one.start : one.end])

    def _matters(self, clauses: list[Clause], harm: list[Claim]) -> Iterator[Claim]:
        """The clauses that claim something else than is claimed already; of one matter, one account."""
        heads: list[_Head] = []
        said = [(c.span.start, c.span.end, c.topic) for c in harm]
        taken = {c.telling for c in harm}
        for clause in clauses:
            span = self._words(clause)
            here = (span.start, span.end)
            if any(_within(here, (a, b)) and name == clause.topic for a, b, name in said):
                continue
            sure = self._set.sure("clause", clause.sure)
            stance = clause.stance
            if stance in ("stated", "alleged") and _NO_SIGN.search(
                self._document.text[max(0, span.start - 30) : span.end]
            ):
                stance = "denied"  # "saw no sign of people leaving": said of what others say is so
            topic = clause.topic
            if topic in ("population", "other") and DISPLACEMENT.search(span.quote):
                topic = "displacement"  # that people go is told by the words, whatever else is told of them
            speaker = (self._denier(span.start) if stance == "denied" else None) or clause.speaker
            voices, kind = self._voice(speaker), matter_of(topic, stance, span.quote)
            if kind is None or span in taken:
                yield self._claim(span, topic, None, voices, None, stance, sure)
                continue
            where, when = self._near(clause)
            new = _Head(kind, where, speaker.name if speaker else None, span)
            old = next((head for head in heads if head.holds(new)), None)
            value = None if old else Telling(kind, when=when, place=where)
            if old is None:
                heads.append(new)
            yield self._claim(span, topic, value, voices, (old or new).span, stance, sure)

    def _words(self, clause: Clause) -> Span:
        """The words of a clause, without marks and blanks at its ends."""
        offsets, text = self._decided.pieces.offsets, self._document.text
        start, end = offsets[clause.first][0], offsets[clause.last - 1][1]
        words = text[start:end]
        if not words.strip(" ,;:.-–—\n\t"):
            return self._document.span(start, end)
        start += len(words) - len(words.lstrip(" ,;:.-–—\n\t"))
        end -= len(words) - len(words.rstrip(" ,;:-–—\n\t"))
        return self._document.span(start, max(end, start + 1))

    def _near(self, clause: Clause) -> tuple[Place | None, When]:
        """The place and the day that the clause, or else its sentence, names."""
        offsets = self._decided.pieces.offsets
        at, end = offsets[clause.first][0], offsets[clause.last - 1][1]
        first, last = self._found.sentences[self._found.sentence_at(at)]

        def nearest(sort: list[Candidate]) -> Candidate | None:
            here = [c for c in sort if first <= c.start < last]
            return min(here, key=lambda c: (not at <= c.start < end, abs(c.start - at)), default=None)

        place = nearest([p for p in self._found.places if p.hint > 1])
        day = nearest(self._found.dates)
        return self._spot(place) if place else None, self._day(day) if day else UNKNOWN

    def _denier(self, at: int) -> Candidate | None:
        """Whose word the wording takes to stand at ``at``: a denial is no matter of likelihood."""
        governing = self._found.governing(self._text, at)
        return None if governing is None else self._found.speakers[governing]

    def _voice(self, speaker: Candidate | None) -> tuple[Voice, ...]:
        """The nearest speaker and whom it relays: a medium, before whoever spoke to it.

        The outlet itself is no medium between its reader and those who speak to it.
        """
        if speaker is None:
            return ()
        text = self._text
        said = (speaker.start, speaker.end, speaker.value.name)
        chain = [said]
        if TOLD.search(text[max(0, speaker.start - 16) : speaker.start]):
            before = [s for s in self._found.speakers if s.end < speaker.start <= s.end + 60]
            teller = [(s.start, s.end, s.value.name) for s in before[-1:] if s.name != speaker.name]
            chain = [*([] if teller and self._is_outlet(said[2]) else [said]), *teller]
        elif self._found.voices and (medium := self._found.voices.medium(text, speaker.end)):
            chain = [*([] if self._is_outlet(medium[2]) else [medium]), said]
        return tuple(
            Voice(name, Party(usual(name), self._document.text[start:end]), self._document.span(start, end))
            for start, end, name in chain
        )

    def _is_outlet(self, name: str) -> bool:
        """Whether a medium is the one that published this document, by its words or its initials."""
        publisher = self._document.publisher or ""
        one, other = (fold(words).split() for words in (name, publisher))
        if not one or not other:
            return False
        if len(name) > 2 and name == "".join(word[0] for word in publisher.split()):
            return True
        return set(one) <= set(other) or set(other) <= set(one) or "".join(one) == "".join(other)

    def _claim(
        self, span: Span, topic: str, value: Value | None, voices: tuple[Voice, ...], telling: Span | None,
        stance: str, sure: float,
    ) -> Claim:  # fmt: skip
        chosen: Topic = topic  # type: ignore[assignment]
        held: Stance = stance  # type: ignore[assignment]
        return Claim(
            span, chosen, value, voices, held, telling, self._maker, round(min(1.0, max(0.0, sure)), 3)
        )


def _role(party: Party, role: str, held: str) -> Role:
    return Role(party, role, held)  # type: ignore[arg-type]


def _in_one_case(text: str) -> bool:
    """Whether a text is written in capitals, but for a few words, or wholly in small letters."""
    large = sum(map(str.isupper, text))
    small = sum(map(str.islower, text))
    return small < 0.1 * large or (large == 0 < small)


def _within(clause: tuple[int, int], said: tuple[int, int]) -> bool:
    """Whether what was said already covers half of the shorter of the two."""
    both = min(clause[1], said[1]) - max(clause[0], said[0])
    return both * 2 >= min(clause[1] - clause[0], said[1] - said[0])


# Of one place a report knows one state of things, however many voices tell of it.
_STATES = ("displacement", "population", "control", "forces")


@dataclass(frozen=True, slots=True)
class _Head:
    """The first telling of a matter in a report."""

    kind: str
    place: Place | None
    speaker: str | None
    span: Span

    def holds(self, other: _Head) -> bool:
        """Whether a later clause goes on with this matter."""
        if self.kind != other.kind:
            return False
        one_place = self.place is None or other.place is None or alike(self.place.name, other.place.name)
        if self.kind in _STATES:
            return one_place
        return one_place and self.speaker == other.speaker and other.span.start - self.span.end < 300
