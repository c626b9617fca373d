"""How many are told to be in a place over time: forces, people who live or are trapped there, who leaves.

A number counts here only beside a noun of people and a verb of being there, coming or going, in the words of
one claim; who was killed, wounded or captured is a toll and counted elsewhere. What is told of leaving
without a number is a state of its line, too: that people leave, return, or that nobody does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Reading, Told, against
from tallystick.model import ClaimId, DocumentId, State
from tallystick.values import count, party
from tallystick.values.agreement import Verdict
from tallystick.values.presence import COUNTED, GO, NO_SIGN, TOLL, VERBS
from tallystick.values.standing import Standing, standing

_CLAUSE = re.compile(r"[.;:,]\s|\b(?:but|while|where|who|which|after|before|as)\b", re.I)
_FAR = 70  # code points between a number and its verb


def readings(heard: Iterable[Heard]) -> Iterator[Reading]:
    """What each claim tells of how many are, come or go where; without a place it is left out."""
    taken: dict[tuple[DocumentId, int], tuple[int, ClaimId]] = {}
    every: list[tuple[tuple[DocumentId, int], tuple[int, ClaimId], Reading]] = []
    for one in heard:
        if one.claim.topic in ("casualties", "attack", "responsibility"):
            continue
        for begins, reading in [*_numbers(one), *_goings(one)]:
            key = one.document.id, one.claim.span.start - one.at + begins
            rank = one.end - one.at, one.claim.id
            taken[key] = min(taken.get(key, rank), rank)
            every.append((key, rank, reading))
    for key, rank, reading in every:
        if taken[key] == rank:
            yield reading


def _numbers(one: Heard) -> Iterator[tuple[int, Reading]]:
    for start, end, number in count.read(one.sentence):
        noun = COUNTED.match(one.sentence, end)
        if noun is None or not one.holds(start) or number.greatest_told < 3:
            continue
        told = start, noun.end()
        verb = _verb(one, told, "forces" if noun["armed"] else "people")
        if verb is None or _is_toll(one.sentence, told):
            continue
        spot = one.nearest(told)
        if spot is None:
            continue
        kind, what, at = verb
        stands = standing(one.sentence, one.claim.stance, min(start, at[0]))
        words = words_of(one, told, at)
        reading = Told(one, what, stands, one.day(at), words, _who(one, end, noun), number)
        yield start, Reading(kind, spot, reading)


def _is_toll(sentence: str, told: tuple[int, int]) -> bool:
    """Whether those counted are told in the same clause to be killed, wounded or captured."""
    end = _CLAUSE.search(sentence, told[1])
    return bool(TOLL.search(sentence, max(0, told[0] - 40), end.start() if end else len(sentence)))


def _verb(one: Heard, told: tuple[int, int], of: str) -> tuple[str, str, tuple[int, int]] | None:
    """The nearest verb of being there, coming or going that stands with a number, and the line it is of."""
    best = None
    for order, (kind, what, pattern) in enumerate(VERBS):
        if (kind == "forces") != (of == "forces"):
            continue
        for match in pattern.finditer(one.sentence, max(0, told[0] - _FAR), told[1] + _FAR):
            if told[0] <= match.start() < told[1] and kind == "forces" and what == "there":
                continue
            gap = max(match.start() - told[1], told[0] - match.end(), 0)
            between = one.sentence[min(match.end(), told[1]) : max(match.start(), told[0])]
            if gap <= _FAR and not re.search(r"[.;:]\s|\b(?:but|while|who|which|that)\b", between):
                found = gap + 15 * (what == "there"), order, kind, what, match.span()
                best = min(best or found, found)
    return None if best is None else best[2:]


def _who(one: Heard, end: int, noun: re.Match[str]) -> str:
    """Who is counted: the party that the words name, else the noun."""
    phrase = one.sentence[end : noun.end()]
    named = [each.name for _, _, each in party.read(phrase)]
    return named[-1] if named and noun["armed"] else noun["noun"].lower()


def _goings(one: Heard) -> Iterator[tuple[int, Reading]]:
    """That people leave or return, without a number; or that nobody was seen to."""
    if one.claim.topic not in ("displacement", "population", "other", "warning"):
        return
    for match in GO.finditer(one.sentence):
        verb = match.span("verb")
        before = one.sentence[max(0, match.start() - 30) : match.end()]
        if not one.holds(match.start()) or any(
            start <= match.start() < end for start, end, _ in count.read(one.sentence)
        ):
            continue
        spot = one.nearest(match.span())
        if spot is None:
            continue
        stands: Standing = (
            "denied" if NO_SIGN.search(before) else standing(one.sentence, one.claim.stance, verb[0])
        )
        what = "returned" if match["back"] else "leaving"
        told = Told(one, what, stands, one.day(verb), words_of(one, match.span()), "people")
        yield match.start(), Reading("displacement", spot, told)


def relation(a: State, b: State) -> Verdict | None:
    """How two states of one place and time stand: by their numbers, or as one that denies the other."""
    if a.what != b.what or a.who != b.who:
        return None
    if a.moves != b.moves:
        other = b if a.moves else a
        return against(a, b) if other.standing == "denied" else Verdict.UPDATE
    if not a.moves:
        return None
    if a.count is None or b.count is None:
        return Verdict.COMPATIBLE
    told = a.count.relation(b.count)
    return against(a, b) if told is Verdict.CONFLICT else told
