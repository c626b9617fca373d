"""Accounts in the making: which event a sentence goes on with, and when it opens another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from tallystick.claims.actors import Deed
from tallystick.claims.figures import Figure
from tallystick.claims.lexicon import ATTACK, NOT_HAPPENED, TARGET, WEAPON
from tallystick.claims.sentence import Part, Sentence, kind_of
from tallystick.claims.voices import Speaker, nearest
from tallystick.values.names import alike
from tallystick.values.place import Mention
from tallystick.values.when import UNKNOWN, When

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
    r"\b(?:for (?:its|their|his|her) part|another|separate(?:ly)?|elsewhere|meanwhile|in a (?:separate|different|similar|second)|other (?:attacks?|strikes?|raids?)|also (?:in|on|hit|killed))\b",
    re.I,
)
_SAME = re.compile(
    r"\b(?:the (?:attack|blast|bombing|strike|strikes|raid|raids|explosion|toll|death toll|dead|victims|shelling|assault|clashes|air strikes?|airstrikes?|bombardment|incident|wounded|injured|fighting|battle)|among (?:them|the (?:dead|victims))|of them|they|those killed|the killed|both|its toll)\b",
    re.I,
)


# Kinds that reports use for one event: a raid is "shelling" in the next sentence.
_FAMILIES = (
    {"air_strike", "shelling", "missile_strike", "other", "bombing", "killing", "chemical_attack"},
    {"bombing", "suicide_bombing", "other", "killing"},
    {"ground_clash", "capture", "other", "killing", "shelling"},
    {"landmine", "bombing", "other"},
)


@dataclass(slots=True, eq=False)
class Draft:
    """An account in the making, with the sentences its figures and deeds stand in."""

    start: int
    end: int
    kind: str
    total: bool
    first: int  # number of the sentence that opens it
    last: int  # number of the sentence that last went on with it
    when: When
    place: Mention | None
    speaker: Speaker | None
    sentence: Sentence
    weapon: str | None = None
    target: str | None = None
    hits: list[tuple[Sentence, Figure]] = field(default_factory=list)
    deeds: list[tuple[Sentence, Deed]] = field(default_factory=list)


class Drafts:
    """The accounts of one document, built up sentence by sentence.

    ``anchor`` is the report's own day, against which a look back is told from the day at hand.
    ``title`` tells the kind of event where the first sentences do not.
    """

    def __init__(self, anchor: date | None, title: str) -> None:
        self._anchor, self._title = anchor, title
        self._day: tuple[int, When] | None = None  # the sentence that last named a day, and the day
        self.all: list[Draft] = []

    def take(self, number: int, sentence: Sentence) -> None:
        """Go on with the event that the sentence, or each clause of it, tells of; or open one."""
        named = sentence.date()
        if named is not None and not named.stretch and named.precision in ("day", "days"):
            self._day = number, named
        if not sentence.figures and not _opens_without_figures(sentence):
            draft = self.all[-1] if self.all else None
            if draft and number - draft.last <= 2 and not draft.total:
                answers = [deed for deed in sentence.deeds if deed.stance in ("denied", "claimed")]
                draft.deeds.extend((sentence, deed) for deed in answers)
                _refine(draft, sentence)
            return
        here: list[Draft] = []  # the clauses of one sentence that are events apart stay apart
        for part in sentence.parts():
            told_before = self._total_told(part.figures)
            total = bool(part.figures) and (told_before is not None or sentence.is_total(part))
            draft = told_before if total else self._goes_on(number, sentence, part, here)
            if draft is None:
                draft = self._open(number, sentence, part, total)
            here.append(draft)
            _add(draft, number, sentence, part)

    def _total_told(self, figures: list[Figure]) -> Draft | None:
        """The total that these figures repeat, bound for bound, if one was told before."""
        told = {(f.toll.kind, f.toll.count) for f in figures if f.toll.count.greatest_told >= 5}
        for draft in self.all:
            if draft.total and told & {(f.toll.kind, f.toll.count) for _, f in draft.hits}:
                return draft
        return None

    def _goes_on(self, number: int, sentence: Sentence, part: Part, apart: list[Draft]) -> Draft | None:
        """The draft that this part of a sentence goes on with: the latest that nothing speaks against.

        Never one of another kind out of ``apart``: those that other parts of its sentence tell of.
        """
        another = bool(_ANOTHER.search(sentence.text[:80]))
        target = _first(TARGET, part.words)
        # "At least 17 were killed at the market": the one told before whose target was a market
        known = target is not None and re.search(rf"\b(?:the|that|this)\s+{re.escape(target)}", part.words)
        hit_before = [d for d in self.all if known and target and d.target and _same_target(target, d.target)]
        for draft in reversed(self.all):
            if draft.total or not _kinds_fit(part.kind, draft.kind):
                continue
            if draft in apart and part.kind != draft.kind:
                continue
            if part.when is not None and not part.when.stretch:
                if (part.when.gap(draft.when) or 0) > 0:
                    continue
                if draft.when is UNKNOWN and self._looks_back(part.when):
                    continue
            distance = number - draft.last
            if hit_before and draft not in hit_before and draft.target and part.spot is None:
                continue
            if part.spot is not None and draft.place is not None:
                if alike(part.spot.place.name, draft.place.place.name):
                    return draft
                inner = part.spot.rank == 3 > draft.place.rank and distance <= 1
                inner = inner and bool(_OTHERS.search(sentence.text))
                if part.spot.rank >= 2 and not inner and not _nests(part.spot, draft.place):
                    continue
            if not another and distance <= (6 if _SAME.search(sentence.text) else 3):
                return draft
        return None

    def _open(self, number: int, sentence: Sentence, part: Part, total: bool) -> Draft:
        """A new draft; its words are the clause around its first figure, or the whole sentence."""
        start, end = sentence.clause(part)
        told, spot, kind = part.when, part.spot, part.kind
        previous = next((d for d in reversed(self.all) if not d.total), None)
        if not total:
            if told is None and not _BACKGROUND.search(sentence.text):
                told = self._day_of(number)
            if kind is None and number <= 3:
                kind = kind_of(self._title)
            if previous is not None and number - previous.last <= 2:
                kind = kind or previous.kind
                # "Rebels in Omrun said …": they name another place, if only as their own.
                elsewhere = previous.place and any(
                    not (alike(m.place.name, previous.place.place.name) or _nests(m, previous.place))
                    for m in sentence.places
                )
                spot = spot or (None if elsewhere else previous.place)
        draft = Draft(
            start, end, kind or "other", total, number, number, told or UNKNOWN, spot,
            nearest(sentence.speakers, start - sentence.start, sentence.text), sentence,
        )  # fmt: skip
        self.all.append(draft)
        return draft

    def _day_of(self, number: int) -> When | None:
        """The day that the report is on: a report stays on its day until it names another.

        Named at most six sentences before, and within a week of the report's own day: further
        away is a look back, which the next sentence need not share.
        """
        if self._day is None or number - self._day[0] > 6 or self._looks_back(self._day[1]):
            return None
        return self._day[1]

    def _looks_back(self, told: When) -> bool:
        """Whether ``told`` lies more than a week from the report's own day."""
        return bool(self._anchor and told.end and abs((self._anchor - told.end).days) > 7)


def _add(draft: Draft, number: int, sentence: Sentence, part: Part) -> None:
    """What a part tells put with what the draft holds; what was told first stays, a finer place wins."""
    draft.last = number
    draft.hits.extend((sentence, figure) for figure in part.figures)
    draft.deeds.extend((sentence, deed) for deed in sentence.deeds)
    draft.weapon = draft.weapon or _first(WEAPON, part.words)
    draft.target = draft.target or _first(TARGET, part.words)
    if draft.when is UNKNOWN and part.when is not None:
        draft.when = part.when
    if draft.kind == "other" and part.kind:
        draft.kind = part.kind
    if part.spot and not draft.total:
        old = draft.place
        if old is None or _finer(part.spot, old) or part.spot.rank == 3 > old.rank:
            draft.place = _narrowed(old, part.spot)


def _refine(draft: Draft, sentence: Sentence) -> None:
    """Take the finer place, or the first date, from a sentence that goes on without figures."""
    if NOT_HAPPENED.search(sentence.text) or not ATTACK.search(sentence.text):
        return
    if _ANOTHER.search(sentence.text[:80]) or not _kinds_fit(sentence.kind, draft.kind):
        return
    told = sentence.date()
    if told is not None and (told.gap(draft.when) or 0) > 0:
        return
    spot = sentence.spot()
    if spot is not None and (draft.place is None or _finer(spot, draft.place)):
        draft.place = _narrowed(draft.place, spot)
    if draft.when is UNKNOWN and told is not None and not told.stretch:
        draft.when = told


def _opens_without_figures(sentence: Sentence) -> bool:
    """Whether an attack with a party, a place and a day is told, though nobody is counted."""
    if NOT_HAPPENED.search(sentence.text) or not sentence.kind or sentence.total:
        return False
    told = sentence.date()
    fine = any(mention.rank >= 2 for mention in sentence.places)
    return bool(fine and told and not told.stretch and sentence.deeds and ATTACK.search(sentence.text))


def _first(pattern: re.Pattern[str], words: str) -> str | None:
    match = pattern.search(words)
    return match[0] if match else None


def _same_target(left: str, right: str) -> bool:
    """Whether two words for what was hit may mean one thing, by their last word."""
    return left.lower().split()[-1].rstrip("s") == right.lower().split()[-1].rstrip("s")


def _narrowed(old: Mention | None, new: Mention) -> Mention:
    """``new``, which tells more closely where the event was that ``old`` placed: so it lies in ``old``."""
    if old is None or old.rank == 0 or _lies_in(new, old):
        return new
    return replace(new, place=replace(new.place, within=(*new.place.within, old.place.name)))


def _finer(new: Mention, old: Mention) -> bool:
    """Whether ``new`` may lie in ``old`` and is finer."""
    if _lies_in(new, old):
        return True
    return new.rank > old.rank and (old.rank <= 1 or old.holds) and not _lies_in(old, new)


def _lies_in(inner: Mention, outer: Mention) -> bool:
    return any(alike(name, outer.place.name) for name in inner.place.within)


def _nests(left: Mention, right: Mention) -> bool:
    """Whether one place is coarse, so that the other may lie in it."""
    return min(left.rank, right.rank) <= 1 or _lies_in(left, right) or _lies_in(right, left)


def _kinds_fit(new: str | None, old: str) -> bool:
    return new is None or new == old or any(new in family and old in family for family in _FAMILIES)
