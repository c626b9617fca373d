"""The steps that a truce, a text before a council, or the contact between two parties goes through, as told.

``read`` finds in a sentence the verbs that move such a course: "a truce was agreed", "came into force", "was
violated"; "a draft resolution was vetoed by eleven votes to one"; "broke off talks", "contacts were resumed".
A verb counts only beside a noun of its course, in one clause. What is still to come is told by ``standing``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from tallystick.values import count
from tallystick.values.count import Count

Course = Literal["truce", "text", "contact"]

# The steps in the order in which such a course runs; what comes later outdoes what came before.
STEPS: Final[dict[Course, tuple[str, ...]]] = {
    "truce": ("offered", "refused", "agreed", "in force", "violated", "extended", "ended"),
    "text": ("drafted", "to be voted on", "voted on", "amended", "withdrawn", "rejected", "vetoed", "adopted"),
    "contact": ("held", "broken off", "resumed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One verb of a course at ``[start, end)`` and the noun that it moves, at ``noun``.

    ``votes`` are the votes told with it: (for, against, abstaining), ``None`` where not told.
    """

    course: Course
    name: str
    start: int
    end: int
    noun: tuple[int, int]
    votes: tuple[Count | None, Count | None, Count | None] = (None, None, None)


_NOUNS: Final[dict[Course, re.Pattern[str]]] = {
    "truce": re.compile(
        r"\b(?:truces?|cease-?fires?|armistice|cessation of hostilities|(?:humanitarian |fighting )?(?:pause|lull)|freeze on fighting|"
        r"halt (?:in|to) (?:the )?(?:fighting|bombing|bombardments?|hostilities)|de-?escalation (?:deal|agreement|zones?))\b", re.I,
    ),
    "text": re.compile(
        r"\b(?:draft (?:resolution|text|statement|agreement|law)s?|draft|resolutions?|motion|(?:[\w’'-]+-)?(?:drafted|sponsored) (?:resolution|text|measure)s?|bill)\b", re.I,
    ),
    "contact": re.compile(
        r"\b(?:contacts?|talks|negotiations?|(?:diplomatic |bilateral )?(?:relations|ties|channels?|cooperation|dialogue)|meetings?|summit|(?:tele)?phone call|call|conference)\b", re.I,
    ),
}  # fmt: skip

_VERBS: Final[dict[Course, tuple[tuple[str, str], ...]]] = {
    "truce": (
        ("refused", r"reject(?:s|ed|ing)?|refus(?:es?|ed|ing)|turn(?:s|ed) down|dismiss(?:es|ed)"),
        ("ended", r"collaps(?:e|es|ed|ing)|(?:br(?:oke|eaks?|oken|eaking)|fell|falls?|fallen) (?:down|apart)|unravel\w*|expir(?:ed|es|ing|y)|end(?:ed|s)?\b(?! of the (?:week|month|year))|is over|was over|over by|shatter(?:ed|s)|terminated|(?<!has )(?<!have )(?<!now )(?<!far )(?<!already )lasted(?= (?:for )?(?:[\w-]+ ){1,4}?(?:hours?|days?|weeks?|months?)\b)"),
        ("violated", r"violat(?:ed|es|ing|ions?)|breach(?:ed|es|ing)?|br(?:oke|oken|eaks?|eaking)(?! down| off| apart)"),
        ("extended", r"exten(?:d|ds|ded|ding|sion)|renew(?:ed|s|al|ing)?|prolong(?:ed|s|ing)?"),
        ("in force", r"(?:came|come|comes|coming|went|goes|entered|put|enters?) into (?:force|effect)|(?:took|takes?|taking|taken) (?:effect|hold)|(?:is|was|are|were|remain(?:s|ed)?) (?:still )?(?:in (?:place|force|effect)|holding)|(?:began|begins?|begun|started|starts)|held|holds|holding|implement(?:ed|s|ing)|observ(?:ed|es|ing)|last(?:ed|s)"),
        ("agreed", r"agree(?:d|s|ing)?(?: to| on| upon)?|reach(?:ed|es|ing)?|sign(?:ed|s|ing)?|broker(?:ed|s|ing)?|negotiat(?:ed|es|ing)|mediat(?:ed|es|ing)|str(?:uck|ikes)|conclud(?:ed|es|ing)|declar(?:ed|es|ing)|announc(?:ed|es|ing)"),
        ("offered", r"offer(?:ed|s|ing)?|propos(?:ed|es|ing|al)|call(?:ed|s|ing)? for|urg(?:ed|es|ing)|demand(?:ed|s|ing)?|suggest(?:ed|s|ing)?"),
    ),
    "text": (
        ("vetoed", r"veto(?:ed|es|ing)?|block(?:ed|s|ing)?"),
        ("rejected", r"reject(?:ed|s|ing)?|(?:was|were|been) defeated|failed to (?:pass|win|get|be adopted)|voted (?:it )?down"),
        ("adopted", r"adopt(?:ed|s|ing|ion)?|pass(?:ed|es|ing)?|approv(?:ed|es|ing|al)|endors(?:ed|es|ing)"),
        ("withdrawn", r"withdr(?:ew|awn|aws|awing)|dropped|shelved"),
        ("amended", r"amend(?:ed|s|ing)|watered down|revis(?:ed|es|ing)"),
        ("voted on", r"vot(?:e|es|ed|ing) (?:on|for|against|in favou?r of)|put to (?:a|the) vote|held a vote on"),
        ("drafted", r"draft(?:ed|ing)(?! (?:resolution|text|statement|measure))|table[sd]|tabling|submit(?:s|ted|ting)?|circulat(?:ed|es|ing)|present(?:ed|s|ing)|propos(?:ed|es|ing)|put forward|introduc(?:ed|es|ing)|discuss(?:ed|es|ing)|consider(?:ed|s|ing)"),
    ),
    "contact": (
        ("broken off", r"(?:br(?:oke|oken|eaks?|eaking)|cut(?:s|ting)?) off|break(?:ing)? off|suspen(?:d|ds|ded|ding|sion)|cut(?:s|ting)?|sever(?:ed|s|ing)|halt(?:ed|s|ing)?|froze|frozen|freez(?:e|es|ing)|call(?:ed|s|ing) off|cancel(?:led|ed|s)|collaps(?:ed|es|e)|walk(?:ed)? out of"),
        ("resumed", r"resum(?:ed|es|ing|ption)|restor(?:ed|es|ing)|restart(?:ed|s|ing)?|re-?open(?:ed|s|ing)?|renew(?:ed|s|ing)?|revive[sd]?"),
        ("held", r"held|hold(?:s|ing)?|met|meets?|meeting with|(?:took|takes?|taken|taking) place|attend(?:ed|s|ing)|host(?:ed|s|ing)|conven(?:ed|es|ing)|gather(?:ed|s)|(?:spoke|speaks?|spoken) (?:with|to) [^.;]{2,60}? by (?:tele)?phone|discussed"),
    ),
}  # fmt: skip
_TABLES: Final[dict[Course, re.Pattern[str]]] = {
    course: re.compile(
        "|".join(f"(?P<s{n}>(?<![\\w-])(?:{words})\\b)" for n, (_, words) in enumerate(verbs)), re.I
    )
    for course, verbs in _VERBS.items()
}
# A meeting without its noun: "Kerry met Lavrov".
_MET = re.compile(
    r"\b(?:met|meets?|will meet|to meet)\b(?! (?:the|its|their|his|her|with)? ?(?:needs?|conditions?|criteria|demands?|target|deadline|requirements?|resistance))",
    re.I,
)
_BREAK = re.compile(
    r"[.;:!?]\s|\b(?:but|although|though|whereas|who|after|before|since|until|following|when|while)\b", re.I
)
_FAR = 60  # code points between a verb and its noun
_N = r"(?P<{}>\d{{1,3}}|(?:" + "|".join((*count.TENS, *count.UNITS)) + r")(?:-[a-z]+)?)"
_FOR_AND_AGAINST = re.compile(
    rf"\bby (?:a vote of )?{_N.format('yes')}(?: votes?)?(?: to |[-–]){_N.format('no')}\b|\bvot(?:ed|es?) {_N.format('ayes')}(?: to |[-–]){_N.format('noes')}\b",
    re.I,
)
_FOR = re.compile(rf"\b{_N.format('n')} (?:\w+ )?(?:votes? |voted |voting )?(?:in favou?r|for)\b", re.I)
_AGAINST = re.compile(rf"\b{_N.format('n')} (?:\w+ )?(?:votes? |voted |voting )?(?:against|opposed)\b", re.I)
_ABSTAINED = re.compile(rf"\b{_N.format('n')} (?:\w+ )?(?:abstentions?|abstain(?:ed|ing))\b", re.I)


def read(words: str, course: Course) -> Iterator[Step]:
    """Every step of ``course`` that ``words`` (a sentence) tell, in order, one for each verb.

    A verb belongs to the nearest noun of its course within reach, no clause between them.
    """
    nouns = [match.span() for match in _NOUNS[course].finditer(words)]
    if course == "contact" and not nouns:
        nouns = [match.span() for match in _MET.finditer(words)]
    if not nouns:
        return
    for match in _TABLES[course].finditer(words):
        verb = match.span()
        noun = min(nouns, key=lambda n: (_apart(n, verb), n))
        if _apart(noun, verb) > _FAR or _BREAK.search(words, min(noun[1], verb[1]), max(noun[0], verb[0])):
            continue
        name = _VERBS[course][int((match.lastgroup or "s0")[1:])][0]
        votes = _votes(words) if course == "text" else (None, None, None)
        yield Step(course, name, verb[0], verb[1], noun, votes)


def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)


def _votes(words: str) -> tuple[Count | None, Count | None, Count | None]:
    """The votes for and against and the abstentions that a sentence gives."""
    both = _FOR_AND_AGAINST.search(words)
    yes = _number(both["yes"] or both["ayes"]) if both else _first(_FOR, words)
    no = _number(both["no"] or both["noes"]) if both else _first(_AGAINST, words)
    return yes, no, _first(_ABSTAINED, words)


def _first(pattern: re.Pattern[str], words: str) -> Count | None:
    return next(filter(None, (_number(match["n"]) for match in pattern.finditer(words))), None)


def _number(words: str) -> Count | None:
    """A count of votes; words that are no number ("votes for") are none."""
    value = count.number(words)
    return Count(value, value) if value is not None and value < 1000 else None
