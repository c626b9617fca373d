"""One sentence taken apart: figures, days, places, speakers and deeds, and the events it tells of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sentencex

from tallystick.claims.actors import Deed
from tallystick.claims.figures import Figure
from tallystick.claims.lexicon import KINDS, SEVERAL, SPEAKING, TARGET
from tallystick.claims.voices import Speaker
from tallystick.values.names import alike
from tallystick.values.place import Mention
from tallystick.values.when import When

_BREAK = re.compile(r"\n")
# Longer is no sentence but a table or a text without stops. It is cut, or what is looked for twice
# over in one sentence would take for ever.
LONGEST = 1500
_SAID_ON = re.compile(
    r"\b(?:said|says|told|reported|announced|statement|stated|added|confirmed|spoke|speaking)\b(?:\s+[\w’'.]+){0,3}\s+(?:on\s+)?$"
)
# Where the hurt were brought, and whom a surgeon works for, is not where the event was.
_CARE = re.compile(
    r"\b(?:treated|taken|brought|admitted|rushed|transferred|evacuated|surgeons?|doctors?|nurses?|medics?|morgue)\b"
    r"(?:\s+\w+){0,3}?\s+(?:at|in|to|of|from)\s+(?:the\s+)?$",
    re.I,
)
_DIED_AT = re.compile(r"\b(?:died|dying)\b(?:\s+\w+){0,3}?\s+(?:at|in)\s+(?:the\s+)?$", re.I)
_HOSPITAL = re.compile(r"\b(?:hospital|clinic)\b", re.I)
_CITED = re.compile(r"\b(?:reports?|statement|edition|letter|article) of\s+$", re.I)
_TARGETS = re.compile(r"\b(?:positions|residential|schools|hospitals|markets|mosques)\b")
_INSIDE = re.compile(
    r"[\s,]*(?:and\s+)?(?:(?:\w+\s+)?(?:in|of|near|outside|north|south|east|west)\s+(?:the\s+)?(?:[\w-]+\s+){0,3})?"
)


@dataclass(slots=True)
class Part:
    """What a sentence, or a clause of it, tells of one event; ``start`` counts from the sentence's begin."""

    figures: list[Figure]
    spot: Mention | None
    when: When | None
    kind: str | None
    start: int
    words: str


@dataclass(frozen=True)  # no slots: what is asked once a clause is worked out once a sentence
class Sentence:
    """A sentence at ``[start, end)`` of its document and what stands in it.

    Figures, dates, speakers and deeds count from the sentence's begin, places from the document's.
    """

    start: int
    end: int
    text: str
    figures: list[Figure]
    dates: list[tuple[int, int, When]]
    places: list[Mention]
    speakers: list[Speaker]
    deeds: list[Deed]
    total: bool  # its wording tells of several events or a stretch of time

    @cached_property
    def kind(self) -> str | None:
        return kind_of(self.text)

    @cached_property
    def _scene(self) -> int | None:
        """Where the scene of a statement begins, if it tells of one."""
        scene = SPEAKING.search(self.text)
        return scene.start() if scene else None

    def date(self, begin: int = 0, stop: int | None = None) -> When | None:
        """The day of the event: not the day on which somebody spoke, unless there is no other."""
        spoken: When | None = None
        for start, _, told in self.dates:
            if not begin <= start < (len(self.text) if stop is None else stop):
                continue
            if (told.stretch and not self.figures) or _CITED.search(self.text[:start]):
                continue
            if _SAID_ON.search(self.text[max(0, start - 90) : start]) or self._while_speaking(start):
                spoken = spoken or (told if told.precision == "day" else None)
                continue
            return told
        return spoken

    @cached_property
    def spots(self) -> list[Mention]:
        """Places where something happens: not those that only qualify a speaker or contain another."""
        out: list[Mention] = []
        for mention in self.places:
            at = mention.start - self.start
            if any(s.start <= at < s.end for s in self.speakers) or self._while_speaking(at):
                continue
            before = self.text[max(0, at - 60) : at]
            if _CARE.search(before) or (
                _DIED_AT.search(before) and _HOSPITAL.search(mention.place.words or "")
            ):
                continue
            gap = mention.start - out[-1].end if out else 40
            if gap < 40 and _INSIDE.fullmatch(self.text[out[-1].end - self.start : at]):
                continue
            out.append(mention)
        return out

    def spot(self, begin: int = 0, stop: int | None = None, near: int = 0) -> Mention | None:
        """The finest place in ``[begin, stop)``; of several as fine, the one closest to ``near``."""
        last = len(self.text) if stop is None else stop
        here = [m for m in self.spots if begin <= m.start - self.start < last]
        return max(
            here,
            key=lambda m: (m.rank >= 2, not m.holds, m.rank >= 1, -abs(m.start - self.start - near)),
            default=None,
        )

    def parts(self) -> list[Part]:
        """The events it tells, one a clause.

        A clause begins at each further toll of one kind; it is an event of its own where its
        place, day or deed is another than the clause's before.
        """
        cuts, kinds = [0], set[str]()
        for figure in self.figures:
            if figure.part:
                continue
            if figure.toll.kind in kinds:
                cuts.append(figure.start)
                kinds = set()
            kinds.add(figure.toll.kind)
        parts: list[Part] = []
        for start, end in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            part = self._part(start, end)
            if parts and not _another(parts[-1], part):
                before = parts[-1]
                before.figures.extend(part.figures)
                before.spot, before.when = before.spot or part.spot, before.when or part.when
                before.words += part.words
            else:
                parts.append(part)
        return parts if len(parts) > 1 else [self._part(0, len(self.text))]

    def _part(self, start: int, end: int) -> Part:
        figures = [f for f in self.figures if start <= f.start < end]
        spot = self.spot(start, end, figures[0].start if figures else 0)
        words = self.text[start:end]
        return Part(figures, spot, self.date(start, end), kind_of(words) or self.kind, start, words)

    def is_total(self, part: Part) -> bool:
        """Whether the part's figures are a total over several events: by wording, stretch or reach."""
        counts = [f.toll.count for f in part.figures]
        if self.total or any(count.greatest_told >= 10_000 for count in counts):
            return True
        told = part.when
        dated = told is not None and told.precision in ("day", "days") and not _SAID_ON.search(self.text)
        if not dated and part.spot is None and any(c.high is None and c.least >= 200 for c in counts):
            return True  # "the bombing that has killed hundreds"
        several = bool(SEVERAL.search(self.text))
        if told is not None and told.precision in ("month", "year"):
            return several
        if TARGET.search(self.text) and not _TARGETS.search(self.text):
            return False
        wide = part.spot is not None and all(m.rank <= 1 for m in self.places)
        return wide and several and max((count.greatest_told for count in counts), default=0) >= 5

    def clause(self, part: Part) -> tuple[int, int]:
        """The words that first tell the part's event, around its first figure; offsets in the document."""
        if not part.figures:
            return self.start, min(self.end, self.start + 200)
        first, start = part.figures[0], part.start
        if first.start - start >= 120:
            breaks = [m.end() for m in _CLAUSE.finditer(self.text, start, first.start)]
            near = [at for at in breaks if first.start - at <= 110]
            start = near[0] if near else max(start, self.text.rfind(" ", 0, first.start - 60) + 1)
        stop = part.start + len(part.words.rstrip(" ,;"))  # never into the next part's event
        end = min(stop, max(first.end + 60, start + 140))
        cut = self.text.find(" ", end)
        end = min(stop, len(self.text) if cut < 0 else cut, max(first.end, start + 200))
        return self.start + start, self.start + end

    def _while_speaking(self, at: int) -> bool:
        """Whether ``at`` lies in the scene of a statement ("In a news conference in …, X said")."""
        return self._scene is not None and any(self._scene < at < s.start for s in self.speakers)


_CLAUSE = re.compile(r"[,;:“”\"]\s*(?:(?:but|and|where|while|when)\s+)?")


def _another(before: Part, part: Part) -> bool:
    """Whether two clauses of one sentence tell of two events: another place, day or deed."""
    if before.spot and part.spot and not alike(before.spot.place.name, part.spot.place.name):
        return True
    if before.when and part.when and (part.when.gap(before.when) or 0) > 0:
        return True
    deeds = {kind_of(before.words), kind_of(part.words)} - {None}
    return len(deeds) == 2


def sentences(text: str, language: str | None = None) -> Iterator[tuple[int, int]]:
    """The sentences of ``text`` as half-open code point offsets, blank ends trimmed, lines kept apart.

    None is longer than ``LONGEST``: where one would be, it is cut at its last blank before that.
    """
    at = 0
    for line in _BREAK.split(text):
        base = text.index(line, at) if line else at
        at = base + len(line)
        inner = 0
        for piece in sentencex.segment(language or "en", line):
            start = line.index(piece, inner)
            inner = start + len(piece)
            while stripped := piece.strip():
                start += len(piece) - len(piece.lstrip())
                cut = len(stripped)
                if cut > LONGEST:
                    cut = max(stripped.rfind(" ", 1, LONGEST), 0) or LONGEST
                yield base + start, base + start + len(stripped[:cut].rstrip())
                start, piece = start + cut, stripped[cut:]


def kind_of(words: str) -> str | None:
    """The kind of event that ``words`` tell of, by the first list of words that fits."""
    return next((kind for kind, pattern in KINDS if pattern.search(words)), None)
