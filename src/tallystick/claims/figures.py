"""Tolls in one sentence: which count of people is tied to which word of harm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tallystick.claims.lexicon import ONE_PERSON, SOME_PERSON, THINGS, TRIGGER, TRIGGERS, group_of
from tallystick.claims.persons import persons
from tallystick.model import Toll
from tallystick.values import count
from tallystick.values.count import Count

_WORD = re.compile(r"[\w’'-]+|[^\w\s]")
_JOIN = re.compile(r"^[\s,]*(?:and|as well as|or|,|plus)?\s*(?:\d+|their|his|her)?\s*$", re.I)
_SUBGROUP = re.compile(
    r"\b(?:includ(?:ing|ed|es)|among (?:them|whom)|of (?:them|whom|which)|amongst|mostly|most of them|were (?:also )?among|comprising)\b",
    re.I,
)
_AUX = re.compile(
    r"\b(?:were|was|are|is|been|being|be|have|has|had|got|also|reportedly|others?|people|or|who|and (?:\w+ )?were|all|later|now|already|left|lay|lie|confirmed)\W*$",
    re.I,
)
_REACHED = re.compile(
    r"\b(?:risen|rose|rises|climbed|increased|reached|stood|stands|put)\s+(?:to|at|by)?\s*$", re.I
)
# "Two of the dead were pupils", "two women were among the dead": a part of a whole told elsewhere
_OF_WHOLE = re.compile(
    r"^\s+of (?:the (?:\w+ )?(?:dead|killed|victims|wounded|injured|casualties)|those (?:killed|wounded|injured|hurt)|them)\b",
    re.I,
)
_AMONG = re.compile(
    r"^(?:\s+(?!and\b|or\b|who\b|that\b)[a-z’'-]+){0,2}(?:,? and (?:the|his|her|their) [a-z-]+)?\s+(?:was|were|is|are) (?:also )?among (?:(?:the|those) (?P<who>dead|killed|victims|wounded|injured|hurt)|them)\b",
    re.I,
)
_ROW = re.compile(r"^(?:\s+(?!and\b|or\b|who\b|that\b)[a-z’'-]+){0,2}\s*(?:,|,?\s+and)\s*$", re.I)
_WHO = {
    "dead": "killed",
    "killed": "killed",
    "victims": "killed",
    "wounded": "wounded",
    "injured": "wounded",
    "hurt": "wounded",
}
# "Three of the wounded died", "eight wounded people died": those who died are counted, not the wounded
DIED = re.compile(
    r"^(?:\s+of (?:the|those)(?: \w+)?)?\s+(?:wounded|injured|hurt)"
    r"(?: (?:people|persons|civilians|patients|men|women|children|victims|soldiers|fighters|have|had|has|later|since|then|also)){0,3} died\b",
    re.I,
)
_BREAK = re.compile(r"[;:.!?]\s|\b(?:while|but|whereas|after|when|as)\b", re.I)
# "Could kill 5,000", "would be wounded": nobody was harmed yet. "May have killed" is a doubt, told apart.
_UNREAL = re.compile(
    r"\b(?:could|would|might|may|will|can|threaten(?:s|ed|ing)? to|vow(?:s|ed|ing)? to|plan(?:s|ned|ning)? to)\s+"
    r"(?:(?!have\b|later\b)[\w-]+\s+){0,2}$"
)
_HARMED = r"(?:kill|wound|injur|hurt|captur|abduct|kidnap|execut)\w*"
_DENIED_BEFORE = re.compile(
    rf"\b(?:den(?:y|ied|ies|ying)\s+(?:that|(?:report|claim|allegation)s?\s+(?:that|of)|(?:having\s+)?{_HARMED})"
    rf"|no\s+(?:evidence|sign|proof|indication)s?\s+(?:that|of)"
    rf"|(?:(?:did|do|does|had|has|have)(?:\s+not|n[’']t)|never)\s+(?:\w+\s+)?{_HARMED})"
    r"\s+(?:(?!that\b|which\b|who\b)[\w’'-]+\s+){0,5}$",
    re.I,
)
# "Fourteen died, not 16", "contrary to reports of 12 dead": a number that is told to be wrong.
_CORRECTED = re.compile(
    r"(?:[,;(–—-]\s*|\b(?:and|but)\s+)not\s+(?:(?:the|as|earlier|previously|initially|reported)\s+)*$"
    r"|\b(?:contrary to|instead of|rather than)\s+(?:(?!that\b|which\b|who\b)[\w’'-]+\s+){0,4}$",
    re.I,
)
# Whom this was done to is alive and unhurt, as far as these words tell.
_SPARED = re.compile(
    r"\b(?:freed|freeing|releas(?:ed|ing)|rescu(?:ed|ing)|evacuat(?:ed|ing)|arrest(?:ed|ing)|sav(?:ed|ing)|sheltered)"
    r"\s+(?:(?:about|some|at|least|more|than|another|nearly|over|up|to|a|further)\s+)*$",
    re.I,
)
_MISSING = re.compile(
    r"[^,;.]{0,24}?\b(?:are|were|is|was|remain(?:s|ed)?|still|reported|listed as|gone|went)\s+(?:\w+\s+){0,2}?"
    r"(?:missing|unaccounted for)\b",
    re.I,
)
_DENIED_AFTER = re.compile(
    rf"[^,;.]{{0,20}}?\b(?:was|were|been|is|are)(?:\s+not|n[’']t)\s+(?:\w+\s+)?{_HARMED}\b", re.I
)
_FALSE = re.compile(
    r"\b(?:report|claim|allegation)s?\s+(?:that|of)\s+(?:(?!that\b|which\b|who\b)[\w’'-]+\s+){0,5}$", re.I
)
_IS_FALSE = re.compile(r"[^;.]{0,80}\b(?:was|were|is|are)\s+(?:false|untrue|baseless|fabricated)\b", re.I)
_DOUBT = re.compile(
    r"\b(?:reportedly|allegedly|purportedly|believed|feared|thought|presumed|may have)\b", re.I
)
_PART_OF = re.compile(r"\s+(?:out )?of (?:the |its |their |some |about |at least )?", re.I)
_OWN_VERB = re.compile(r"\s+(?:were|was|have been|had been)\b", re.I)
_AND_THEN = re.compile(r"\b(?:and|while)(?: that)?(?: (?:another|at least|some|about|a further))*\s*$", re.I)
_OF_ITS = re.compile(r"\s+of (?:its|their|our|his|her)\b", re.I)
_PASSIVE = re.compile(r"\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$", re.I)
_FILL = re.compile(
    r"^\W*(?:(?:about|up|to|the|of|some|another|a|an|further|other|as|many|more|than|least|at|between|for|also|with|by|her|his|their|all|rose|risen|rises|climbed|reached|stands?|stood|increased|is|was|has|had|have|now|from)\W+)*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A toll at ``[start, end)`` of its sentence; ``part`` is true for a sub-group of the figure before it.

    ``of_them``: it is a part of those of whom a sentence before tells ("a woman was among them").
    """

    start: int
    end: int
    toll: Toll
    part: bool
    stance: Literal["stated", "alleged", "denied"] = "stated"
    of_them: bool = False


@dataclass(slots=True)
class _Trigger:
    kind: str
    form: str
    start: int
    end: int
    spent: bool = False  # taken by the count before it


@dataclass(frozen=True, slots=True)
class _Counted:
    start: int
    end: int  # end of the number words
    stop: int  # end of the noun phrase, as far as a noun for people was found
    value: Count
    group: str


def read(
    sentence: str, masked: Sequence[tuple[int, int]] = (), nobody: Sequence[tuple[int, int]] = ()
) -> list[Figure]:
    """The tolls that ``sentence`` tells, in order.

    ``masked`` are spans (dates, other numbers) in which no count is looked for, ``nobody`` those (parties,
    places) that name no single person. Offsets are code
    points of ``sentence``; ``sentence[start:end]`` holds the number words and the people counted.
    """
    triggers = _triggers(sentence)
    counted = _counted(sentence, masked) if triggers else []
    figures: list[Figure] = []
    for index, here in enumerate(counted):
        before = counted[index - 1] if index else None
        after = counted[index + 1] if index + 1 < len(counted) else None
        found = _attach(sentence, here, before, after, triggers)
        part = False
        if figures:
            last = figures[-1]
            gap = sentence[last.end : here.start]
            near = len(gap) < 90 and not re.search(r"[;.!?]\s", gap)
            between = [t for t in triggers if last.end <= t.start < here.start and not t.spent]
            if near and not between and _SUBGROUP.search(gap) and not _AMONG.match(gap):
                if re.search(r"\bwere (?:also )?among\W+(?:the )?$", gap):
                    # "four children were among eight people killed": the first is the part
                    group = "other:part" if last.toll.group == "people" else last.toll.group
                    figures[-1] = replace(
                        last, toll=replace(last.toll, kind=found or last.toll.kind, group=group), part=True
                    )
                else:
                    found, part = last.toll.kind, True
            elif _OWN_VERB.match(sentence, here.stop):
                pass  # "and twenty civilians were treated": they have a verb of their own
            elif found is None and near and not between and _continues(gap, here):
                found, part = last.toll.kind, last.part and bool(_JOIN.match(gap))
        among = _among(sentence, counted, index)
        if among:  # "among them" without a word for harm counts nobody by itself
            found = _WHO[among["who"].lower()] if among["who"] else None
        if found:
            here = _of_their_sort(sentence, here, before)
            part = part or bool(_OF_WHOLE.match(sentence[here.end :]) or among)
            group = "other:part" if part and here.group == "people" else here.group
            figures.append(
                Figure(here.start, here.stop, Toll(found, here.value, group), part, _stance(sentence, here))
            )
    return _with_persons(sentence, [*masked, *nobody], figures, counted)


def _with_persons(
    sentence: str, masked: Sequence[tuple[int, int]], figures: list[Figure], counted: list[_Counted]
) -> list[Figure]:
    """``figures``, and one for each person told by name or description where no count stands."""
    for start, end, harm in persons(sentence, masked):
        if not any(start < each.stop and each.start < end for each in counted):
            here = _Counted(start, end, end, Count(1, 1), "people")
            group = group_of(sentence[start:end])
            toll = Toll(harm, Count(1, 1), group[0] if group else "people")
            figures.append(Figure(start, end, toll, False, _stance(sentence, here)))
    return sorted(figures, key=lambda figure: figure.start)


def proposed(
    sentence: str, masked: Sequence[tuple[int, int]] = (), nobody: Sequence[tuple[int, int]] = ()
) -> list[Figure]:
    """Every count in ``sentence`` that may count people, tied to a word of harm or not.

    Each stands as a figure of people killed until something says what it counts.
    """
    counted = _counted(sentence, masked, loose=True)
    figures = []
    for index, here in enumerate(counted):
        among = _among(sentence, counted, index)
        group = "other:part" if among and here.group == "people" else here.group
        who = among["who"] if among else None
        toll = Toll(_WHO[who.lower()] if who else "killed", here.value, group)
        stance, of_them = _stance(sentence, here), among is not None and who is None
        figures.append(Figure(here.start, here.stop, toll, among is not None, stance, of_them))
    return _with_persons(sentence, [*masked, *nobody], figures, counted)


def _of_their_sort(sentence: str, here: _Counted, before: _Counted | None) -> _Counted:
    """A bare number is of those counted before it as somebody's: "six of its fighters were taken, and two killed"."""
    bare = here.stop == here.end and _OWN_VERB.match(sentence, here.end)
    if not bare or before is None or not _OF_ITS.match(sentence[before.end : before.stop]):
        return here
    gap = sentence[before.stop : here.start]
    same = len(gap) < 90 and _AND_THEN.search(gap) and not re.search(r"[;.!?]\s", gap)
    return replace(here, group=before.group) if same else here


def _among(sentence: str, counted: Sequence[_Counted], index: int) -> re.Match[str] | None:
    """The words that put a count, and those that it is told in one row with, among the dead or the hurt."""
    here, *later = counted[index:]
    for after in later:
        if _AMONG.match(sentence[here.stop :]) or not _ROW.match(sentence[here.stop : after.start]):
            break
        here = after
    return _AMONG.match(sentence[here.stop :])


def _stance(sentence: str, here: _Counted) -> Literal["stated", "alleged", "denied"]:
    """Whether the wording right around a count denies it or doubts it."""
    before, after = sentence[max(0, here.start - 120) : here.start], sentence[here.stop : here.stop + 120]
    if _DENIED_BEFORE.search(before) or _CORRECTED.search(before) or _DENIED_AFTER.match(after):
        return "denied"
    if _FALSE.search(before) and _IS_FALSE.match(after):
        return "denied"
    near = re.split(r"[,;:.]", before)[-1], re.split(r"[,;:.]", after)[0][:40]
    return "alleged" if any(_DOUBT.search(words) for words in near) else "stated"


def _continues(gap: str, here: _Counted) -> bool:
    """Whether a count goes on with the harm of the one before: "and two women", "… and another 23 people"."""
    if _JOIN.match(gap):
        return True
    return (
        here.stop > here.end
        and bool(
            re.search(r"\b(?:and|along with|as well as)(?: (?:another|some|a further|the))?\W*$", gap, re.I)
        )
        and len(gap.split()) <= 9
    )


def _triggers(sentence: str) -> list[_Trigger]:
    out = []
    for match in TRIGGER.finditer(sentence):
        assert match.lastgroup is not None
        if _UNREAL.search(sentence, max(0, match.start() - 60), match.start()):
            continue
        kind, _, form = TRIGGERS[int(match.lastgroup[1:])]
        out.append(_Trigger(kind, form, match.start(), match.end()))
    return out


_UNIT = re.compile(
    r"\s*(?:days?|hours?|minutes?|weeks?|months?|years?|kilomet(?:er|re)s?|km|miles?|met(?:er|re)s?|feet|percent|per cent|%|am|pm|gmt|times?|dollars|euros)\b",
    re.I,
)


def _counted(sentence: str, masked: Sequence[tuple[int, int]], loose: bool = False) -> list[_Counted]:
    """Counts that may count people: followed by such a noun, or by no noun for things.

    ``loose`` lets all pass but those before a unit of measure.
    """
    found: list[_Counted] = []
    raw = [(a, b, c, False) for a, b, c in count.read(sentence)]
    told = [(a, b) for a, b, _, _ in raw]
    raw += [(m.start(), m.end(), Count(1, 1), True) for m in ONE_PERSON.finditer(sentence)]
    if loose:  # never in place of a number that is told: "his two bodyguards" are two
        raw += [
            (m.start(), m.end(), Count(1, 1), True)
            for m in SOME_PERSON.finditer(sentence)
            if not any(m.start() < b and a < m.end() for a, b in told)
        ]
    raw.sort(key=lambda item: (item[0], -item[1]))
    for start, end, value, single in raw:
        if any(start < b and a < end for a, b in masked) or (found and start < found[-1].stop):
            continue
        if value == Count(1, 1) and re.search(
            r"\bnot (?:even )?$", sentence[max(0, start - 12) : start], re.I
        ):
            continue  # "not one person was killed"
        if _SPARED.search(sentence, max(0, start - 60), start) or _MISSING.match(sentence, end, end + 60):
            continue
        if single:
            group = group_of(sentence[start:end])
            found.append(_Counted(start, end, end, value, group[0] if group else "people"))
            continue
        tail = sentence[end : end + 70]
        limit = re.search(
            r"[,;:.!?()\"“”]|\b(?:were|was|are|is|have|has|had|in|on|at|by|from|and|including|among|when|while|who|that|after)\b|\d",
            tail,
        )
        phrase = tail[: limit.start()] if limit else tail
        harm = TRIGGER.search(phrase)
        nouns = phrase[: harm.start()] if harm else phrase
        group = group_of(nouns)
        thing = THINGS.search(nouns)
        if loose:
            if _UNIT.match(nouns):
                continue
        elif (
            (
                thing
                and (
                    group is None
                    or (thing.start() < group[1] and not re.match(r"\s*of\b", nouns[thing.end() :]))
                )
            )
            or (group is None and len(nouns.split()) > 3)
            or (value.high is None and sentence[start:end].lower() == "some" and group is None)
        ):
            continue
        stop = end + group[2] if group else end
        if found and found[-1].stop == found[-1].end and _PART_OF.fullmatch(sentence[found[-1].end : start]):
            # "40 of the 100 people": the forty are counted, and the hundred say of whom
            if group and found[-1].group == "people":
                found[-1] = replace(found[-1], stop=stop, group=group[0])
            continue
        # "40 of the dead", "12 Daesh terrorists": the last noun for people in the phrase is its head
        if group:
            rest = group_of(nouns[group[2] :])
            if rest and not nouns[group[2] : group[2] + rest[1]].strip() and rest[0] != "people":
                group, stop = rest, stop + rest[2]
        found.append(_Counted(start, end, stop, value, group[0] if group else "people"))
    return found


def _attach(
    sentence: str, here: _Counted, before: _Counted | None, after: _Counted | None, triggers: list[_Trigger]
) -> str | None:
    """The kind of harm that ``here`` counts, or ``None``: the word of harm that governs it."""
    if DIED.match(sentence[here.end :]):
        return "killed"
    left = [
        t
        for t in triggers
        if t.end <= here.start and (before is None or t.start >= before.end or t.form == "noun")
    ]
    right = [t for t in triggers if t.start >= here.end and (after is None or t.start < after.start)]
    inside = [t for t in triggers if here.start <= t.start < here.stop]
    near_left = left[-1] if left else None
    if near_left and not near_left.spent and near_left.form in ("act", "past", "noun"):
        gap = sentence[near_left.end : here.start]
        if _FILL.match(gap):
            # "12 killed 30 wounded" has both; a word of state right after the people wins there
            tight = right and not sentence[here.stop : right[0].start].strip() and right[0].form != "act"
            if not tight or near_left.form == "act":
                return near_left.kind
    if inside:
        return inside[0].kind
    if right:
        first = right[0]
        gap = sentence[here.stop : first.start]
        words = gap.split()
        if (
            first.form != "act"
            and first.form != "noun"
            and ((len(words) <= 2 and not re.search(r"\band\b", gap)) or _AUX.search(gap))
            and len(words) <= 22
            and not re.search(r"[;!?]\s", gap)
        ):
            first.spent = True
            return first.kind
        if first.form in ("past", "state") and len(words) <= 4 and not re.search(r"\band\b|[,;]", gap):
            first.spent = True
            return first.kind
    if after is not None:
        # "42 people, including 16 children, were killed": the verb stands beyond the sub-group
        beyond = [t for t in triggers if t.start >= after.end and t.form in ("past", "state")]
        if beyond:
            gap = sentence[here.stop : beyond[0].start]
            if _SUBGROUP.search(sentence[here.stop : after.start]) and _AUX.search(gap) and len(gap) < 160:
                return beyond[0].kind
            if (
                _JOIN.match(sentence[here.stop : after.start])
                and len(gap) < 80
                and (_AUX.search(gap) or len(gap.split()) < 6)
            ):
                return beyond[0].kind
    if near_left and not near_left.spent:
        gap = sentence[near_left.end : here.start]
        if near_left.form == "past" and _PASSIVE.search(sentence, 0, near_left.start) and " and " in gap:
            return None  # "four were killed and twenty treated": the passive counts nobody after it
        if len(gap.split()) <= 7 and not _BREAK.search(gap) and near_left.form != "state":
            return near_left.kind
        if near_left.form == "noun" and (len(gap.split()) <= 10 or _REACHED.search(gap)):
            return near_left.kind
    return None
