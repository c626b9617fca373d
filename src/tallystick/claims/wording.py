"""What the wording says against the model, after it has decided: laws that hold whatever it makes of a text.

A toll of several events is of no single one; two tolls of one kind in one sentence, each with a place
or day of its own, are two events; who denies a deed is told. Each law is one method of ``Wording``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tallystick.claims.actors import charged
from tallystick.claims.candidates import CLAIMED, DENIED, Candidate, Candidates
from tallystick.claims.lexicon import NOT_HAPPENED, TARGET, kind_of
from tallystick.claims.told import Counted, Part, Told, once
from tallystick.values.agreement import Verdict

_CALLED = re.compile(r"\b(?:Province|Governorate|Oblast)$")
_FIRED = ("shelling", "air_strike", "missile_strike")
_MINE = re.compile(r"\b(?:land ?|anti-?(?:tank|personnel|vehicle) )?mines?\b", re.I)
_SHOT = re.compile(
    r"\b(?:shell|mortar|rocket|missile|artillery|bomb|air|war|gun|strike|raid|clear|coal|gold|salt|diamond)",
    re.I,
)
_Scene = tuple[Candidate | None, Candidate | None, str | None]  # place, day, kind


class Wording:
    """The laws over one document: ``pieces`` are the offsets of its word pieces, ``piece`` finds one."""

    def __init__(
        self, text: str, found: Candidates, offsets: Sequence[tuple[int, int]], piece: Callable[[int], int]
    ) -> None:
        self._text, self._found, self._offsets, self._piece = text, found, offsets, piece

    def settled(self, accounts: Sequence[Told], summed: float) -> list[Told]:
        """``accounts`` under every law, in the order of the text; a figure is of several events from ``summed`` on."""
        out = [told for told in once(accounts) if told.figures or self._happened(told)]
        out = self._totals(out, summed)
        out = self._elsewhere(self._apart(out))
        self._answers(out)
        self._charges(out)
        self._mines(out)
        _provinces(out)
        return out

    def scene(self, start: int, end: int) -> _Scene:
        """Place, day and kind that the words ``[start, end)`` name."""
        places = [c for c in self._found.places if start <= c.start < end and c.hint > 1]
        days = [c for c in self._found.dates if start <= c.start < end and c.hint == 0]
        fine = max(places, key=lambda c: (c.value.rank >= 2, -c.start), default=None)
        return fine, days[0] if days else None, kind_of(self._text[start:end])

    def _target(self, start: int, end: int) -> str | None:
        """What the words ``[start, end)`` say was hit."""
        hit = TARGET.search(self._text, start, end)
        return hit[0].lower() if hit else None

    def _sentence(self, at: int) -> int:
        return self._found.sentence_at(at)

    def _first(self, told: Told) -> int:
        """The number of the sentence that first tells an account."""
        return self._sentence(self._offsets[told.piece][0])

    def _happened(self, told: Told) -> bool:
        """Whether nothing in the wording right there says that it has not happened, or not yet."""
        start = self._offsets[told.piece][0]
        end = self._found.sentences[self._sentence(start)][1]
        return not NOT_HAPPENED.search(self._text[start : min(end, start + 160)])

    def _totals(self, accounts: list[Told], summed: float) -> list[Told]:
        """A toll of several events, or of a stretch of time, is of no single one: it opens a total of its own.

        It is one where the model is as sure as ``summed``, or where its own sentence says so and does
        not first tell the account: there the model has seen that wording. An account all of whose
        tolls are such is itself a total.
        """
        opened: dict[int, Told] = {}
        for told in [told for told in accounts if not told.total]:
            if told.figures and all(figure.summed >= summed for figure in told.figures):
                told.total = True
                continue
            first = self._first(told)
            for figure in list(told.figures):
                sentence = self._sentence(figure.start)
                worded = sentence != first and self._found.kind_hint(self._text, figure.start) % 2
                if not worded and figure.summed < summed:
                    continue
                told.figures.remove(figure)
                if sentence not in opened:
                    begin = self._piece(self._found.sentences[sentence][0])
                    stretch = [d for d in self._found.dates if self._sentence(d.start) == sentence]
                    opened[sentence] = Told(begin, figure.sure, told.kind, total=True)
                    opened[sentence].day = (stretch[0], figure.sure) if stretch else None
                opened[sentence].figures.append(figure)
        return sorted([*accounts, *opened.values()], key=lambda told: told.piece)

    def _apart(self, accounts: list[Told]) -> list[Told]:
        """Two tolls of one kind in one sentence that differ in two of place, day, manner and target are two events.

        "Seventeen killed in an air strike on Kelvach, six on Friday by a suicide bomber at Pellin": the
        clause of a toll runs from it to the next of its kind. Different events stay different.
        """
        opened: list[Told] = []
        for told in [told for told in accounts if not told.total]:
            by_sentence: dict[tuple[int, str], list[Counted]] = {}
            for figure in sorted(told.figures, key=lambda f: f.start):
                if not figure.count.value.part:
                    by_sentence.setdefault((self._sentence(figure.start), figure.kind), []).append(figure)
            for (sentence, _), row in by_sentence.items():
                ends = [*(f.start for f in row[1:]), self._found.sentences[sentence][1]]
                kept = [(self.scene(row[0].start, ends[0]), self._target(row[0].start, ends[0]))]
                for figure, end in zip(row[1:], ends[1:], strict=True):
                    here, target = self.scene(figure.start, end), self._target(figure.start, end)
                    mine = [f for f in told.figures if figure.start <= f.start < end]
                    if not mine or len(mine) == len(told.figures):
                        continue
                    if not all(_differ(here, scene) + (target != aim) >= 2 for scene, aim in kept):
                        continue
                    kept.append((here, target))
                    new = Told(self._piece(figure.start), figure.sure, here[2] or told.kind)
                    new.day = (here[1], figure.sure) if here[1] else None
                    if here[0]:
                        new.place, new.admin1 = (here[0], figure.sure), told.admin1
                    new.figures = mine
                    told.figures = [f for f in told.figures if f not in mine]
                    opened.append(new)
        return sorted([*accounts, *opened], key=lambda told: told.piece)

    def _elsewhere(self, accounts: list[Told]) -> list[Told]:
        """A later sentence with a toll, and both another place and another day, opens an event of its own.

        The tolls of the sentences after it go with it, until one goes back to the first.
        """
        opened: list[Told] = []
        for told in [told for told in accounts if not told.total and told.day and told.place]:
            first = self._first(told)
            new: Told | None = None
            for figure in sorted(told.figures, key=lambda f: f.start):
                sentence = self._sentence(figure.start)
                if sentence <= first:
                    continue
                place, day, kind = self.scene(*self._found.sentences[sentence])
                if _another_scene(place, day, told):
                    new = Told(
                        self._piece(self._found.sentences[sentence][0]), figure.sure, kind or told.kind
                    )
                    new.day, new.admin1 = (day, figure.sure) if day else None, told.admin1
                    new.place = (place, figure.sure) if place else None
                    opened.append(new)
                elif place or day:
                    new = None
                if new is not None:
                    told.figures.remove(figure)
                    new.figures.append(figure)
        return sorted([*accounts, *opened], key=lambda told: told.piece)

    def _mines(self, accounts: list[Told]) -> None:
        """What a mine did, where the words that tell it name nothing that was fired or dropped, is no fire."""
        for told in accounts:
            start = self._offsets[told.piece][0]
            end = self._found.sentences[self._sentence(start)][1]
            words = self._text[start:end]
            if told.kind in _FIRED and _MINE.search(words) and not _SHOT.search(words):
                told.kind = "landmine"

    def _answers(self, accounts: list[Told]) -> None:
        """Denials and claims of a deed are told whatever the model makes of them: each goes with the account before it."""
        for one in self._found.parties:
            if one.hint not in (DENIED, CLAIMED) or not accounts:
                continue
            role, held = ("perpetrator", "denied") if one.hint == DENIED else ("claimant", "claimed")
            if any(part.party == one and part.held == held for told in accounts for part in told.parties):
                continue
            here = self._piece(one.start)
            before = [told for told in accounts if told.piece <= here and not told.total]
            told = before[-1] if before else accounts[0]
            told.parties = [part for part in told.parties if part.party != one]
            told.parties.append(Part(one, role, held, 0.75))

    def _charges(self, accounts: list[Told]) -> None:
        """Who is told to be accused of a deed, and by none of the accounts so far, is of the account nearest before."""
        for one in self._found.parties:
            if not accounts or not charged(self._text, one.start, one.end):
                continue
            parts = [part for told in accounts for part in told.parties]
            if any(part.party.name == one.name and part.held != "denied" for part in parts):
                continue
            end = self._found.sentences[self._sentence(one.start)][1]
            single = [told for told in accounts if not told.total]
            near = [told for told in single if self._offsets[told.piece][0] < end][-1:] or single[:1]
            for told in near:
                told.parties.append(Part(one, "perpetrator", "alleged", 0.75))


def _provinces(accounts: list[Told]) -> None:
    """What the report once takes for a province, or calls one, lies in no other one."""
    provinces = {told.admin1[0].name for told in accounts if told.admin1}
    for told in accounts:
        if told.place and (told.place[0].name in provinces or _CALLED.search(told.place[0].value.place.name)):
            told.admin1 = told.place


def _differ(one: _Scene, other: _Scene) -> int:
    """In how many of place, day and manner two scenes are told to differ."""
    apart = 0
    if one[0] and other[0]:
        apart += one[0].value.place.relation(other[0].value.place) in (Verdict.UNKNOWN, Verdict.CONFLICT)
    if one[1] and other[1]:
        apart += (one[1].value.gap(other[1].value) or 0) > 0
    return apart + bool(one[2] and other[2] and one[2] != other[2])


def _another_scene(place: Candidate | None, day: Candidate | None, told: Told) -> bool:
    """Whether both the place and the day are others than the account's."""
    here = (told.place and told.place[0], told.day and told.day[0], None)
    return _differ((place, day, None), here) == 2
