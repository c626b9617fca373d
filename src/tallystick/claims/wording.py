"""What the wording says against the model, after it has decided: laws that hold whatever it makes of a text.

A toll of several events is of no single one; two tolls of one kind in one sentence, each with a place
or day of its own, are two events; who denies a deed is told. Each law is one method of ``Wording``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from tallystick.claims.actors import charged
from tallystick.claims.candidates import CLAIMED, DENIED, Candidate, Candidates
from tallystick.claims.figures import DIED
from tallystick.claims.lexicon import NOT_HAPPENED, TARGET, kind_of
from tallystick.claims.told import Counted, Part, Told, once
from tallystick.values.agreement import Verdict

_CALLED = re.compile(r"\b(?:Province|Governorate|Oblast)$")
_BLOWN_UP = ("shelling", "air_strike", "missile_strike", "bombing", "suicide_bombing")
_MINE = re.compile(r"\b(?:land ?|anti-?(?:tank|personnel|vehicle) )?mines?\b", re.I)
_SHOT = re.compile(
    r"\b(?:shell|mortar|rocket|missile|artillery|bomb|air|war|gun|strike|raid|suicide|clear|coal|gold|salt|diamond)",
    re.I,
)
# What a sentence goes back to what was told before with: "nine were killed there", "in the same raid".
_BACK = re.compile(
    r"\bthere\b(?!\s+(?:is|are|was|were|has|have|had|will|would|could|can|may|might|must|should|remain\w*|seem\w*|appear\w*|came|no)\b|['’]s)"
    r"|\b(?:the same|this|(?:in|of|by|from|after) that) (?:\w+ )?(?:attack|strike|raid|bombing|blast|explosion|incident|shelling|assault|ambush|massacre)\b",
    re.I,
)
# Whom others have in their hands: "captured six soldiers", "forty hostages were seized".
_TOOK = re.compile(
    r"(?<!ed and )(?<!ing and )(?<!ed or )(?<!ing or )(?<!\bnot )\b(?:captur(?:ed|ing|es)|abduct(?:ed|ing|s)|kidnapp?(?:ed|ing|s))\s+"
    r"(?:(?:at least|at most|more than|as many as|up to|about|around|some|nearly|over|another|a further|a total of)\s+)?\Z",
    re.I,
)
_WAS_TAKEN = re.compile(
    r"(?:\s+hostages)?\s+(?:was|were|(?:has|have|had) been)\s+(?:captured|abducted|kidnapped|seized|taken (?:hostage|prisoner|captive))\b(?!,?\s+(?:and|or|while)\b)",
    re.I,
)
# Of those taken it is told further on what became of them.
_NOT_ALIVE = re.compile(
    r"\b(?:kill|shot|shoot|execut|behead|murder|slit|bod(?:y|ies)\b|corpse|dead|died|tortur|massacr|hang|burn)\w*",
    re.I,
)
# Where the hurt were brought to, or died, is not where they were harmed.
_BROUGHT = re.compile(
    r"\b(?:taken|took|brought|moved|flown|rushed|transferred|evacuated|fled|sent|admitted|carried)\b", re.I
)
_DIED_THERE = re.compile(r"\s+(?:\w+\s+){0,2}?(?:died|succumbed)\b", re.I)
_WHERE = re.compile(r",?\s+where\s+(?:[\w-]+\s+){0,3}\Z")
_OTHERS = re.compile(r"(?<=others)|\s*others\b", re.I)
_SEPARATE = re.compile(r"\b(?:separate(?:ly)?|another|elsewhere|similar|different|second|meanwhile)\b", re.I)
_ENDED = re.compile(r"[.!?]['\"”’)]*\s*\Z")
_SAME_PLACE = re.compile(
    r"\bthe same (?:town|city|village|place|district|neighbou?rhood|quarter|area|suburb|site|spot|camp|market|hospital|school)\b",
    re.I,
)
_THE_TARGET = re.compile(rf"\bthe ({TARGET.pattern[2:-2]})\b", re.I)
_Scene = tuple[Candidate | None, Candidate | None, str | None]  # place, day, kind


class Wording:
    """The laws over one document: ``pieces`` are the offsets of its word pieces, ``piece`` finds one."""

    def __init__(
        self, text: str, found: Candidates, offsets: Sequence[tuple[int, int]], piece: Callable[[int], int]
    ) -> None:
        self._text, self._found, self._offsets, self._piece = text, found, offsets, piece

    def settled(self, accounts: Sequence[Told], summed: float) -> list[Told]:
        """``accounts`` under every law, in the order of the text; a figure is of several events from ``summed`` on."""
        out = self._headed([told for told in once(accounts) if told.figures or self._happened(told)])
        out = self._others(self._totals(out, summed))
        out = self._where(self._elsewhere(self._apart(out)))
        self._taken(out)
        self._of_them(out)
        self._same_place(out)
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

    def back(self, sentence: int, accounts: Sequence[Told]) -> Told | None:
        """The account told before to which a sentence that tells a toll goes back: "were killed there", "at the market".

        A sentence that has a day or a place of its own goes back to none.
        """
        start, end = self._found.sentences[sentence]
        before = [told for told in accounts if self._first(told) < sentence and not told.total]
        place, day, _ = self.scene(start, end)
        if not before or day or (place and place.value.rank >= 2):
            return None
        if _BACK.search(self._text, start, end):
            return max(before, key=lambda told: told.piece)
        hit = _THE_TARGET.search(self._text, start, end)
        same = [told for told in before if hit and _sort(hit[1]) == _sort(self._aim(told))]
        return same[0] if len(same) == 1 else None

    def _aim(self, told: Told) -> str:
        """What the words that first tell an account say was hit."""
        start = self._offsets[told.piece][0]
        return self._target(start, self._found.sentences[self._sentence(start)][1]) or ""

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
                    new.parties = [part for part in told.parties if figure.start <= part.party.start < end]
                    told.parties = [part for part in told.parties if part not in new.parties]
                    new.speaker = told.speaker
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

    def _headed(self, accounts: list[Told]) -> list[Told]:
        """An account without a toll, of the kind and target of the next one and nothing against it, is that one's heading."""
        out: list[Told] = []
        for told in accounts:
            head = out[-1] if out else None
            if head is None or head.figures or head.total or told.total or not self._is_heading(head, told):
                out.append(told)
                continue
            head.figures, head.sure = told.figures, max(head.sure, told.sure)
            head.day, head.place, head.admin1 = (
                told.day or head.day,
                told.place or head.place,
                told.admin1 or head.admin1,
            )
            head.primary, head.speaker = head.primary or told.primary, head.speaker or told.speaker
            head.take_parties(told)
        return out

    def _is_heading(self, told: Told, after: Told) -> bool:
        start, end = self._found.sentences[self._first(told)]
        if self._first(after) - self._first(told) not in (0, 1) or not told.is_like(after):
            return False
        if _ENDED.search(self._text[start:end]):
            return False
        scenes = [(each.place and each.place[0], each.day and each.day[0], None) for each in (told, after)]
        same_aim = _sort(self._aim(told)) == _sort(self._aim(after)) != ""
        same_place = (
            scenes[0][0] is not None and scenes[1][0] is not None and scenes[0][0].name == scenes[1][0].name
        )
        if same_aim:
            scenes[0] = (None, scenes[0][1], None)
        return (same_aim or same_place) and _differ(scenes[0], scenes[1]) == 0

    def _others(self, accounts: list[Told]) -> list[Told]:
        """What befell "20 others" befell them where the sentence before tells of the rest, unless it names another day or place."""
        out: list[Told] = []
        for told in accounts:
            before = out[-1] if out else None
            if before is not None and not told.total and not before.total and self._goes_on(told, before):
                before.figures.extend(told.figures)
                before.day, before.place = before.day or told.day, before.place or told.place
                before.admin1 = before.admin1 or told.admin1
                before.take_parties(told)
            else:
                out.append(told)
        return out

    def _goes_on(self, told: Told, before: Told) -> bool:
        first = min(told.figures, key=lambda figure: figure.start, default=None)
        last = max((figure.start for figure in before.figures), default=None)
        if first is None or last is None or not _OTHERS.match(self._text, first.count.end):
            return False
        sentence = self._sentence(first.start)
        if not 0 <= sentence - self._sentence(last) <= 1 or first.kind in {
            f.kind for f in before.figures if not f.count.value.part
        }:
            return False
        start, end = self._found.sentences[sentence]
        if _SEPARATE.search(self._text, start, end):
            return False
        place, day, _ = self.scene(start, end)
        if (day and not before.day) or (place and not before.place):
            return False
        if place and _sort(self._aim(told)) == _sort(self._aim(before)) != "":
            place = None  # "a market in Kelvach", "the Weavers' Market": one market
        scene = (before.place and before.place[0], before.day and before.day[0], None)
        return _differ((place, day, None), scene) == 0 and told.is_like(before)

    def _where(self, accounts: list[Told]) -> list[Told]:
        """A toll in "the market, where nine were killed" is of what happened at the market, whatever stood before."""
        opened: list[Told] = []
        for told in [told for told in accounts if not told.total and told.place]:
            for figure in list(told.figures):
                at = self._site_of(figure)
                if at is None or _differ((at, None, None), (told.place and told.place[0], None, None)) == 0:
                    continue
                end = self._found.sentences[self._sentence(figure.start)][1]
                _, day, kind = self.scene(figure.start, end)
                new = next((each for each in (*accounts, *opened) if _is_at(each, at, day)), None)
                if new is None:
                    new = Told(self._piece(at.start), figure.sure, kind or told.kind, speaker=figure.speaker)
                    new.day = (day, figure.sure) if day else told.day
                    new.place, new.admin1 = (at, figure.sure), told.admin1
                    opened.append(new)
                told.figures.remove(figure)
                new.figures.append(figure)
        return sorted([*accounts, *opened], key=lambda told: told.piece)

    def _site_of(self, figure: Counted) -> Candidate | None:
        """The village, quarter or site right before "where N were killed"; not where the hurt were brought to, or died."""
        start = self._found.sentences[self._sentence(figure.start)][0]
        words = _WHERE.search(self._text, max(start, figure.start - 60), figure.start)
        if words is None or _DIED_THERE.match(self._text, figure.count.end):
            return None
        if _BROUGHT.search(self._text, start, words.start()):
            return None
        ends = (each for each in self._found.places if each.end == words.start())
        return next((each for each in ends if each.hint > 1 and each.value.rank >= 2), None)

    def _taken(self, accounts: list[Told]) -> None:
        """Whose number the verb of taking governs was taken, and not killed; the wounded who died are dead."""
        for told in accounts:
            for n, figure in enumerate(told.figures):
                before, after = self._text[max(0, figure.start - 60) : figure.start], figure.count.end
                end = self._found.sentences[self._sentence(figure.start)][1]
                is_taken = _TOOK.search(before) or _WAS_TAKEN.match(self._text, after)
                if figure.kind != "captured" and is_taken and not _NOT_ALIVE.search(self._text, after, end):
                    told.figures[n] = replace(figure, kind="captured")
                elif figure.kind == "wounded" and DIED.match(self._text[after : after + 80]):
                    told.figures[n] = replace(figure, kind="killed")

    def _of_them(self, accounts: list[Told]) -> None:
        """Who was "among them" befell what befell those of whom it is told before."""
        for told in accounts:
            whole: str | None = None
            for n, figure in sorted(enumerate(told.figures), key=lambda each: each[1].start):
                if figure.count.value.of_them and whole:
                    told.figures[n] = replace(figure, kind=whole)
                elif not figure.count.value.part:
                    whole = figure.kind

    def _same_place(self, accounts: list[Told]) -> None:
        """What happened "in the same town" happened where the account before did."""
        for before, told in pairwise(accounts):
            start = self._offsets[told.piece][0]
            end = self._found.sentences[self._sentence(start)][1]
            if (
                before.place
                and not before.total
                and not self.scene(start, end)[0]
                and _SAME_PLACE.search(self._text, start, end)
            ):
                told.place, told.admin1 = before.place, before.admin1

    def _mines(self, accounts: list[Told]) -> None:
        """What a mine did, where the words that tell it name nothing that was fired or dropped, is no fire."""
        for told in accounts:
            start = self._offsets[told.piece][0]
            end = self._found.sentences[self._sentence(start)][1]
            words = self._text[start:end]
            if told.kind in _BLOWN_UP and _MINE.search(words) and not _SHOT.search(words):
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


def _is_at(told: Told, place: Candidate, day: Candidate | None) -> bool:
    """Whether an account is of one event there, and of no other day."""
    if told.total or not told.place or told.place[0].name != place.name:
        return False
    return _differ((None, day, None), (None, told.day and told.day[0], None)) == 0


_MANY = ((re.compile(r"ies$"), "y"), (re.compile(r"(?<=ch|us)es$"), ""), (re.compile(r"(?<![us])s$"), ""))
# Of what these are, says the word before.
_SORTS = frozenset(("station", "plant", "area", "building", "neighbourhood", "neighborhood"))


def _sort(target: str) -> str:
    """What sort of thing is told to have been hit: "the vegetable markets" is a market, a police station one of police."""
    *before, last = target.lower().split() or [""]
    for ending, one in _MANY:
        if ending.search(last):
            last = ending.sub(one, last)
            break
    return " ".join((*before[-1:], last)) if last in _SORTS else last


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
