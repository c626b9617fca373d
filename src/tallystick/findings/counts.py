"""How many are told to be in a place over time: forces, people who live or are trapped there, people who leave.

A number counts here only beside a noun of people and a verb of being there, coming or going, in the words of
one claim; who was killed, wounded or captured is a toll and counted elsewhere. What is told of leaving
without a number is a state of its line, too: that people leave, return, or that nobody does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Told, against, states
from tallystick.model import ClaimId, DocumentId, Line, State
from tallystick.values import count, party
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place
from tallystick.values.standing import Standing, standing

_UNDER_ARMS = (
    r"fighters?|troops|soldiers?|rebels?|militants?|gunm[ae]n|forces|personnel|militiam[ae]n|militias?|recruits?|mercenar(?:y|ies)|"
    r"jihadis?(?:ts?)?|insurgents?|combatants?|advis[eo]rs?|policem[ae]n|guards?|conscripts?|commandos?"
)
_PEOPLE = (
    r"people|persons?|residents?|civilians?|inhabitants?|families|family|households?|children|women|citizens?|refugees?|"
    r"villagers?|locals|evacuees?|souls|patients?|migrants?"
)
_COUNTED = re.compile(
    rf"\s+(?:(?:of|the|more|other|so|its|their|whose)\s+)?(?:[\w’'()/-]+\s+){{0,5}}?(?P<noun>(?P<armed>{_UNDER_ARMS})|(?P<people>{_PEOPLE}))\b",
    re.I,
)
# The verbs, by the line and the word of the state.
_VERBS = tuple(
    (kind, what, re.compile(rf"\b(?:{words})\b", re.I))
    for kind, what, words in (
        ("displacement", "returned", r"return(?:ed|ing|s)?(?: home| to)?|(?:came|come|coming|gone|going|go|went) (?:back|home)"),
        ("displacement", "displaced", r"displac(?:ed|es|ing)|uprooted|homeless"),
        ("displacement", "left", r"fle(?:d|e|es|eing)|left|leav(?:e|es|ing)|evacuat(?:ed|es?|ing)|escap(?:ed|es?|ing)|depart(?:ed|s|ing)?|passing through|passed through|crossed into|transferred|bussed out|driven out"),
        ("forces", "arrived", r"arriv(?:ed|es?|ing)|deploy(?:ed|s|ing)|sent|sends?|sending|reinforce\w*|mass(?:ed|ing)|mobilis\w+|mobiliz\w+|travell?ed|joined|join(?:s|ing)|poured|dispatched|amassed"),
        ("forces", "left", r"withdr(?:ew|awn?|awing)|pulled (?:out|back)|left|leav(?:e|ing)|evacuated"),
        ("forces", "there", r"(?:is|are|was|were|has|have|remain(?:s|ed)?|stationed|based|fighting|operat(?:e|es|ing)|deployed|present|inside|on the ground|strong|taking part|took part|holed up|defending|besieging|battling)"),
        ("population", "there", r"liv(?:e|es|ed|ing)|remain(?:s|ed|ing)?|trapped|stay(?:s|ed|ing)?|inhabit\w*|home to|population of|hous(?:es|ing)|shelter(?:s|ed|ing)?|besieged|under (?:[\w’'-]+ )?siege|stuck|still (?:in|there)|need(?:s|ed|ing)?|cut off|reside[sd]?"),
    )
)  # fmt: skip
_TOLL = re.compile(
    r"\b(?:kill\w*|wound\w*|injur\w*|dead|died|dying|deaths?|casualt\w+|martyr\w*|captur\w+|arrest\w*|detain\w*|abduct\w*|execut\w*|hostages?|hit|bodies|victims?|lost their lives)\b",
    re.I,
)
_GO = re.compile(
    rf"\b(?:{_PEOPLE}|thousands|hundreds|dozens|anyone|anybody|nobody|no one|many|those|few)\b(?:\s+(?!(?:that|who|which|to|killed|and)\b)[\w’'-]+){{0,9}}?\s+"
    r"(?P<verb>(?P<back>return(?:ed|ing)?(?: home)?|going home)|leav(?:e|es|ing)|left|fle(?:d|e|eing)|evacuat(?:ed|ing)|escap(?:ed|ing)|depart(?:ed|ing)|pass(?:ed|ing) through|displaced)\b(?!\s+(?:\w+\s+)?(?:dead|behind|without|wounded|injured|homeless))",
    re.I,
)
_NO_SIGN = re.compile(r"\bno (?:sign|evidence|trace|indication)s? (?:of|that)\b|\b(?:nobody|no one)\b", re.I)
_FAR = 70  # code points between a number and its verb


def lines(heard: Sequence[Heard], stands_for: Mapping[Place, Place]) -> Iterator[Line]:
    """For each place a line of the forces, one of the people and one of those who leave, where any is told."""
    found: dict[tuple[str, Place], list[Told]] = defaultdict(list)
    for kind, spot, told in readings(heard):
        found[kind, stands_for.get(spot, spot)].append(told)
    for (kind, spot), counted in found.items():
        yield Line(kind, spot.name, spot, states(counted, relation))


def readings(heard: Iterable[Heard]) -> Iterator[tuple[str, Place, Told]]:
    """What each claim tells of how many are, come or go where; without a place it is left out."""
    taken: dict[tuple[DocumentId, int], tuple[int, ClaimId]] = {}
    every: list[tuple[tuple[DocumentId, int], tuple[int, ClaimId], str, Place, Told]] = []
    for one in heard:
        if one.claim.topic in ("casualties", "attack", "responsibility"):
            continue
        for begins, kind, spot, told in [*_numbers(one), *_goings(one)]:
            key = one.document.id, one.claim.span.start - one.at + begins
            rank = one.end - one.at, one.claim.id
            taken[key] = min(taken.get(key, rank), rank)
            every.append((key, rank, kind, spot, told))
    for key, rank, kind, spot, told in every:
        if taken[key] == rank:
            yield kind, spot, told


def _numbers(one: Heard) -> Iterator[tuple[int, str, Place, Told]]:
    for start, end, number in count.read(one.sentence):
        noun = _COUNTED.match(one.sentence, end)
        if noun is None or not one.holds(start) or number.greatest_told < 3:
            continue
        told = start, noun.end()
        around = one.sentence[max(0, start - 40) : noun.end() + 30]
        if _TOLL.search(around):
            continue
        verb = _verb(one, told, "forces" if noun["armed"] else "people")
        spot = one.nearest(told)
        if verb is None or spot is None:
            continue
        kind, what, at = verb
        yield start, kind, spot, Told(
            one, what, standing(one.sentence, one.stance, min(start, at[0])), one.day(at),
            words_of(one, told, at), _who(one, end, noun), number,
        )  # fmt: skip


def _verb(one: Heard, told: tuple[int, int], of: str) -> tuple[str, str, tuple[int, int]] | None:
    """The nearest verb of being there, coming or going that stands with a number, and the line it is of."""
    best = None
    for order, (kind, what, pattern) in enumerate(_VERBS):
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


def _goings(one: Heard) -> Iterator[tuple[int, str, Place, Told]]:
    """That people leave or return, without a number; or that nobody was seen to."""
    if one.claim.topic not in ("displacement", "population", "other", "warning"):
        return
    for match in _GO.finditer(one.sentence):
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
            "denied" if _NO_SIGN.search(before) else standing(one.sentence, one.stance, verb[0])
        )
        what = "returned" if match["back"] else "left"
        yield (
            match.start(),
            "displacement",
            spot,
            Told(one, what, stands, one.day(verb), words_of(one, match.span()), "people"),
        )


def relation(a: State, b: State) -> Verdict | None:
    """How two states of one place and time stand: their numbers of the same people, or one that denies the other."""
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
