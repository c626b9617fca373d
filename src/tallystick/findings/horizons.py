"""Warnings with a horizon against what came, as far as claims of the case tell it.

``came true`` and ``did not`` are told by claims alone: one that says, later, what was warned of has happened
before the horizon, or that, at the horizon, it has not. That nobody writes of it tells nothing. Before the
case reaches the horizon a warning is ``not yet due``; everything else ``cannot be told``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Reading, Told
from tallystick.model import ClaimId, Line, State
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place
from tallystick.values.standing import Standing, standing
from tallystick.values.when import UNKNOWN, When
from tallystick.values.wordings import content, shared

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


def with_outcome(line: Line, heard: Sequence[Heard], stands_for: Callable[[Place], Place]) -> Line:
    """A line of warnings, each with what is told to have come of it."""
    ends = max((one.document.published for one in heard if one.document.published), default=None)
    told = {one.claim.id: one for one in heard}
    return replace(line, states=tuple(_judged(state, told, heard, stands_for, ends) for state in line.states))


def _told(one: Heard, until: When) -> Told:
    words = words_of(one, (one.at, one.end))
    return Told(one, one.claim.stance, "foretold", until, words, one.voice)


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


def _judged(
    state: State,
    told: Mapping[ClaimId, Heard],
    heard: Sequence[Heard],
    stands_for: Callable[[Place], Place],
    ends: date | None,
) -> State:
    """The warning with what came of it, and the claims that tell so."""
    warnings = [told[name] for name in state.claims]
    came: set[ClaimId] = set()
    failed: set[ClaimId] = set()
    for one in heard:
        if not any(_later(one, each) and _of_it(one, each, stands_for) for each in warnings):
            continue
        stands = _stands(one)
        if stands == "happened" and _by(one, state):
            came.add(one.claim.id)
        elif stands == "denied" and _at_end(one, state):
            failed.add(one.claim.id)
    if came:
        return replace(state, outcome="came true", came=tuple(sorted(came)))
    if failed:
        return replace(state, outcome="did not", came=tuple(sorted(failed)))
    due = state.when.end
    open_still = due is not None and ends is not None and due > ends
    return replace(state, outcome="not yet due" if open_still else "cannot be told")


def _stands(one: Heard) -> Standing | None:
    """Whether a claim says that something has happened, or that it has not; ``None`` for neither."""
    inside = standing(one.claim.span.quote, one.claim.stance)
    before = standing(one.sentence, one.claim.stance, one.at)
    if "denied" in (inside, before):
        return "denied"
    return "happened" if inside == before == "happened" else None


def _later(one: Heard, warning: Heard) -> bool:
    """Whether a claim was published after the warning."""
    a, b = one.document.published, warning.document.published
    return a is not None and b is not None and a > b


def _of_it(one: Heard, warning: Heard, stands_for: Callable[[Place], Place]) -> bool:
    """Whether a claim tells what was warned of: its words, at its place where both name one."""
    common = shared(_EMPTY.sub(" ", one.claim.span.quote), _EMPTY.sub(" ", warning.claim.span.quote))
    warned = _content(warning.claim.span.quote)
    if _stands(warning) == "denied" or _NEGATED.search(warning.claim.span.quote):
        return False  # what "would not" come is told by no words in common
    if common.both < min(_ENOUGH, len(warned)) or common.both < _SHARE * len(warned):
        return False
    here, there = one.nearest((one.at, one.end)), warning.nearest((warning.at, warning.end))
    if here is None or there is None:
        return True
    return stands_for(here).relation(stands_for(there)) in (
        Verdict.AGREE,
        Verdict.COMPATIBLE,
    )


def _by(one: Heard, warning: State) -> bool:
    """Whether what a claim tells came before the horizon, as far as either has a day."""
    day = one.day((one.at, one.end)).start or one.document.published
    return day is not None and warning.when.end is not None and day <= warning.when.end


def _at_end(one: Heard, warning: State) -> bool:
    """Whether a claim that it did not come was made when the time was up."""
    day = one.document.published
    return warning.when.end is not None and day is not None and day >= warning.when.end
