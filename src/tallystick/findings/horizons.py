"""Warnings with a horizon against what came, as far as claims of the case tell it.

``came true`` and ``did not`` are told by claims alone: one that says, later, what was warned of has happened
before the horizon, or that, at the horizon, it has not. Where claims say both, it ``cannot be told``, and all
of them stand beside it. That nobody writes of it tells nothing. Before the case reaches the horizon a warning
is ``not yet due``; everything else ``cannot be told``.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Reading, Told
from tallystick.model import ClaimId, Line, State
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place
from tallystick.values.standing import Standing, standing
from tallystick.values.when import UNKNOWN, When
from tallystick.values.wordings import content

_ENOUGH = 3  # words of content that a warning and what came share, at least
_SHARE = 0.6  # and of the warning's own
_FEWEST = 2  # words of content that a warning has
_NEGATED = re.compile(r"\b(?:not|never|no|nobody|nothing|without)\b|n[’']t\b", re.I)
_EMPTY = re.compile(
    r"\b(?:warn\w*|fear\w*|predict\w*|forecast\w*|expect\w*|could|would|(?-i:may)|might|risks?|danger|threat\w*|face[sd]?|likely|if|unless|will)\b",
    re.I,
)


def readings(heard: Iterable[Heard]) -> Iterator[Reading]:
    """What is foretold with a horizon, each with its place."""
    for one in heard:
        until = horizon(one) if one.claim.stance in ("warned", "predicted") else UNKNOWN
        if until.end is not None and len(_content(one.claim.span.quote)) >= _FEWEST:
            yield Reading("warning", one.nearest((one.at, one.end)), _told(one, until))


def relation(a: State, b: State) -> None:
    """Two warnings do not stand against each other: what came does."""


@dataclass(frozen=True)
class _Later:
    """A claim that says of something that it happened, or that it did not, with what it is compared by."""

    heard: Heard
    published: date
    stands: Standing
    words: frozenset[str]

    @cached_property
    def place(self) -> Place | None:
        return self.heard.nearest((self.heard.at, self.heard.end))

    @cached_property
    def day(self) -> date:
        return self.heard.day((self.heard.at, self.heard.end)).start or self.published


class Aftermath:
    """What the claims of a case tell to have happened or not, found by words of content and day of report."""

    def __init__(self, heard: Sequence[Heard], stands_for: Callable[[Place], Place]) -> None:
        dated = [(one.document.published, one) for one in heard if one.document.published]
        self._ends = max((day for day, _ in dated), default=None)
        self._stands_for = stands_for
        self._warnings = {
            one.claim.id: (day, one) for day, one in dated if one.claim.stance in ("warned", "predicted")
        }
        self._holding: dict[str, list[_Later]] = defaultdict(list)  # by word, in the order of publication
        for day, one in sorted(dated, key=lambda each: (each[0], each[1].claim.id)):
            if (stands := _stands(one)) is not None:
                told = _Later(one, day, stands, _content(one.claim.span.quote))
                for word in told.words:
                    self._holding[word].append(told)

    def with_outcome(self, line: Line) -> Line:
        """A line of warnings, each with what is told to have come of it."""
        return replace(line, states=tuple(map(self._judged, line.states)))

    def _judged(self, state: State) -> State:
        """The warning with what came of it, and the claims that tell so: of both sides where they differ."""
        came: set[ClaimId] = set()
        failed: set[ClaimId] = set()
        until = state.when.end
        for name in state.claims if until else ():
            for told in self._of_it(name):
                if told.stands == "happened" and until and told.day <= until:
                    came.add(told.heard.claim.id)
                elif told.stands == "denied" and until and told.published >= until:
                    failed.add(told.heard.claim.id)
        if came and failed:
            return replace(state, outcome="cannot be told", came=tuple(sorted(came | failed)))
        if came or failed:
            return replace(
                state, outcome="came true" if came else "did not", came=tuple(sorted(came | failed))
            )
        open_still = until is not None and self._ends is not None and until > self._ends
        return replace(state, outcome="not yet due" if open_still else "cannot be told")

    def _of_it(self, warning: ClaimId) -> Iterator[_Later]:
        """The later claims that tell what was warned of: its words, at its place where both name one.

        Of ``n`` words of which ``least`` are shared one of any ``n - least + 1`` is, so that the rarest are
        enough to find all that do (prefix filtering: Chaudhuri, Ganti and Kaushik 2006).
        """
        if warning not in self._warnings:
            return
        published, one = self._warnings[warning]
        if _stands(one) == "denied" or _NEGATED.search(one.claim.span.quote):
            return  # what "would not" come is told by no words in common
        words = _content(one.claim.span.quote)
        least = max(min(_ENOUGH, len(words)), math.ceil(_SHARE * len(words)))
        rarest = sorted(words, key=lambda word: (len(self._holding.get(word, ())), word))
        place = one.nearest((one.at, one.end))
        seen: set[ClaimId] = set()
        for word in rarest[: len(words) - least + 1]:
            for told in reversed(self._holding.get(word, ())):
                if told.published <= published:
                    break
                if told.heard.claim.id not in seen and len(told.words & words) >= least:
                    seen.add(told.heard.claim.id)
                    if self._at_one_place(told.place, place):
                        yield told

    def _at_one_place(self, here: Place | None, there: Place | None) -> bool:
        if here is None or there is None:
            return True
        a, b = self._stands_for(here), self._stands_for(there)
        return a == b or _relation(a, b) in (Verdict.AGREE, Verdict.COMPATIBLE)


@lru_cache(maxsize=65536)
def _relation(a: Place, b: Place) -> Verdict:
    return a.relation(b)


def _told(one: Heard, until: When) -> Told:
    words = words_of(one, (one.at, one.end))
    return Told(one, one.claim.stance, "foretold", until, words)


def horizon(one: Heard) -> When:
    """Until when what is foretold is to come: the last day that its sentence names past its report's."""
    told = one.document.published
    ahead = [when for _, _, when in one.days if when.end and told and when.end > told]
    if not ahead:
        return UNKNOWN
    last = max(ahead, key=lambda when: (when.end or date.min, str(when)))
    return last if last.start is None or told is None or last.start >= told else replace(last, start=told)


def _content(words: str) -> frozenset[str]:
    return content(_EMPTY.sub(" ", words))


def _stands(one: Heard) -> Standing | None:
    """Whether a claim says that something has happened, or that it has not; ``None`` for neither."""
    inside = standing(one.claim.span.quote, one.claim.stance)
    before = standing(one.sentence, one.claim.stance, one.at)
    if "denied" in (inside, before):
        return "denied"
    return "happened" if inside == before == "happened" else None
