"""Truces, texts before a council, and contacts: what was offered, agreed, vetoed, broken off, on whose word.

A truce is of its place, a text of the council it lies before and of who wrote it, a contact of who meets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Reading, Told, against
from tallystick.model import State
from tallystick.values import courses, party
from tallystick.values.agreement import Verdict
from tallystick.values.courses import Course, Step
from tallystick.values.names import countries, fold
from tallystick.values.place import Place
from tallystick.values.standing import Standing, standing

_COURSES: tuple[Course, ...] = ("text", "truce", "contact")
_BODY = re.compile(
    r"\b(?:(?:[A-Z][\w’'-]+|of|for|on) ){0,4}"
    r"(?:Council|Assembly|Parliament|Congress|Senate|Commission|Committee)\b|\b[Pp]arliament\b|\bcouncil\b"
)
_SPONSOR = re.compile(
    r"\b(?P<who>[A-Z][\w’'-]+)-(?:drafted|sponsored|backed|proposed|penned)\b"
    r"|\b(?:drafted|sponsored|proposed|presented|submitted|tabled|penned|chalked out|put forward|circulated)"
    r" by (?:the )?(?P<by>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?)"
)
_OWN_STANCE = {
    "offered": ("offered", "called_for", "planned", "promised"),
    "refused": ("refused",), "rejected": ("refused",), "vetoed": ("refused",),
}  # fmt: skip
_BY = re.compile(r"(?:\s+on [^,;.]{1,24}?)?\s+by (?:the )?", re.I)
_NAME = re.compile(r"\b(?:United States|United Kingdom|Saudi Arabia|[A-Z][a-z]+|US|UK|UAE)\b")
_MATTER = re.compile(
    r"(?:[’']s)?\s+(?:civil\s+)?(?:conflict|war|crisis|uprising|peace|border|city|capital|town|province|people|refugees)\b",
    re.I,
)
_CLOSE = 90  # code points to either side of a verb in which those who deal are named
_NEXT = 12  # code points between a verb and its subject
_ABOUT = re.compile(
    r"\b(?:in|on|over|about|across|discuss(?:ed|ing)?|for|regarding|around|inside|of)\s+(?:the\s+)?(?:[\w’'-]+\s+){0,2}$",
    re.I,
)
# "A truce brokered by Corvane collapsed": what is said in passing has no day of its own in the sentence.
_PASSING = re.compile(r"^(?:brokered|negotiated|mediated|signed|agreed|reached|declared|announced)$", re.I)


def readings(heard: Iterable[Heard]) -> Iterator[Reading]:
    """What each claim tells of a course; of a verb that two claims share, the shorter claim tells it."""
    read: dict[tuple[str, str, int], list[tuple[Step, Heard, tuple[Step, ...]]]] = defaultdict(list)
    for one in heard:
        if one.claim.topic in ("casualties", "attack"):
            continue
        for course in _COURSES:
            steps = tuple(courses.read(one.sentence, course))
            for step in _own(steps, one.sentence):
                if one.holds(step.start):
                    begins = one.claim.span.start - one.at + step.start
                    read[one.document.id, course, begins].append((step, one, steps))
    for same in read.values():
        step, one, steps = min(same, key=lambda each: (each[1].end - each[1].at, each[1].claim.id))
        about, spot = _of(step, one)
        if about or spot:
            yield Reading(step.course, spot, _told(step, one, steps), about)


def _own(steps: tuple[Step, ...], sentence: str) -> tuple[Step, ...]:
    """The steps without those told in passing, where the sentence tells another of the same noun."""
    return tuple(
        step
        for step in steps
        if not (
            _PASSING.match(sentence[step.start : step.end])
            and any(other.noun == step.noun and other != step for other in steps)
            and not re.search(r"\b(?:was|were|been|have|has|had)\s+(?:\w+ly )?$", sentence[: step.start])
        )
    )


def _told(step: Step, one: Heard, steps: Sequence[Step]) -> Told:
    verb = step.start, step.end
    stands: Standing = standing(one.sentence, _stance(step, one), step.start)
    rivals = [(other.start, other.end) for other in steps if other != step]
    return Told(
        one,
        _what(step, stands),
        stands,
        one.day(verb, rivals),
        words_of(one, verb, step.noun),
        _who(step, one),
    )


def _stance(step: Step, one: Heard) -> str:
    """The stance as it bears on the step: to offer or to refuse is what an offer or a refusal is."""
    return "stated" if one.claim.stance in _OWN_STANCE.get(step.name, ()) else one.claim.stance


def _what(step: Step, stands: Standing) -> str:
    return "to be voted on" if step.name == "voted on" and stands in ("planned", "wanted") else step.name


def _who(step: Step, one: Heard) -> str:
    """Of a vote the votes ("11 for, 2 against"), of a truce who offers, refuses or violates it."""
    if step.course == "text":
        words = ("for", "against", "abstaining")
        return ", ".join(f"{number} {word}" for number, word in zip(step.votes, words, strict=True) if number)
    if step.course != "truce" or step.name not in ("violated", "offered", "refused", "extended"):
        return ""
    named = list(party.read(one.sentence))
    by = _BY.match(one.sentence, step.end)
    if by:
        return next((each.name for start, _, each in named if 0 <= start - by.end() <= 4), "")
    subject = [each.name for _, end, each in named if 0 <= step.start - end <= _NEXT]
    return subject[-1] if subject and step.noun[0] > step.start else ""


def _of(step: Step, one: Heard) -> tuple[str, Place | None]:
    """What a step is of: its place, or a name for it; neither where it cannot be told."""
    if step.course == "truce":
        return "place not told", one.nearest(step.noun)
    if step.course == "text":
        return _text(one), None
    body = _BODY.search(one.sentence)
    if body and body[0][0].isupper():
        return _body(body[0]), None
    named = _dealers(step, one)
    return (" and ".join(named), None) if len(named) == 2 else ("", None)


def _dealers(step: Step, one: Heard) -> list[str]:
    """The countries whose words or people the sentence tells to deal with each other, a speaker's with them.

    A country that is dealt about ("talks on", "the Kessian war") is none of them.
    """
    near = one.sentence[max(0, step.start - _CLOSE) : step.end + _CLOSE]
    named = {
        countries()[word[0].lower()]
        for word in _NAME.finditer(near)
        if word[0].lower() in countries()
        and not _ABOUT.search(near[: word.start()])
        and not _MATTER.match(near, word.end())
    }
    if len(named) < 2:
        named |= {land for voice in one.claim.voices[:1] if (land := _land(voice.name))}
    return sorted(named)


def _land(name: str) -> str | None:
    """The country that a name is of: "US Secretary of State", "Russian foreign ministry"."""
    words = (word[0] for word in _NAME.finditer(name))
    return next((countries()[word.lower()] for word in words if word.lower() in countries()), None)


def _text(one: Heard) -> str:
    """The council a text lies before and who wrote it, as far as told; nothing where neither is."""
    body, sponsor = _BODY.search(one.sentence), _SPONSOR.search(one.sentence)
    told = (sponsor["who"] or sponsor["by"]) if sponsor else ""
    who = _land(told) or told
    if body is None and not who:
        return ""
    return ", ".join(filter(None, (_body(body[0]) if body else "", f"text of {who}" if who else "")))


def _body(words: str) -> str:
    """A council by its usual name, without what only leads to it."""
    bare = re.sub(r"^(?:(?:The|A|An|At|In|On|Its|And|For|of|for|on) )+", "", words)
    return (
        "UN Security Council"
        if fold(bare) in ("security council", "un security council", "council")
        else bare
    )


def relation(a: State, b: State) -> Verdict | None:
    """How two steps of one course and time stand to each other."""
    if a.what != b.what:
        dated = a.when.start is not None and b.when.start is not None
        return Verdict.UPDATE if a.moves and b.moves and dated else None
    if a.moves != b.moves:
        other = b if a.moves else a
        return against(a, b) if other.standing == "denied" else Verdict.UPDATE
    if not a.moves:
        return None
    return Verdict.AGREE if a.who == b.who or not (a.who and b.who) else Verdict.COMPATIBLE
