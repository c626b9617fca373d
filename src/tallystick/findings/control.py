"""Who holds a place over time: for each place a line of what is told to be taken, held, left or besieged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from tallystick.findings.heard import Heard, words_of
from tallystick.findings.states import Reading, Told, against
from tallystick.model import State
from tallystick.values import holding
from tallystick.values.agreement import Verdict
from tallystick.values.holding import Hold
from tallystick.values.names import fold
from tallystick.values.party import Party
from tallystick.values.standing import Standing, standing
from tallystick.values.when import UNKNOWN

ORDER = ("held", "divided", "besieged", "contested", "left", "siege broken", "taken")
_MARKS = re.compile(r"[\"“”]")
_FEATURE = re.compile(
    r"(?:[’']s)?\s+(?:road|highway|bridge|crossing|junction|airport|air ?base|front|countryside|outskirts)\b",
    re.I,
)
_OWNS = ("taken", "held")


def readings(heard: Iterable[Heard]) -> Iterator[Reading]:
    """What each claim tells of who holds a place; a verb that two claims share is the shorter claim's."""
    read: dict[tuple[str, str, int], list[tuple[Hold, Heard]]] = defaultdict(list)
    for one in heard:
        if one.claim.topic == "casualties" or not holding.may_tell(one.claim.span.quote):
            continue
        for hold in holding.read(one.sentence, tuple(one.spots)):
            if one.holds(hold.start):
                begins = one.claim.span.start - one.at + hold.start
                read[one.document.id, hold.act, begins].append((hold, one))
    for same in read.values():
        hold, one = min(same, key=lambda each: (each[1].end - each[1].at, each[1].claim.id))
        spot = next((told for at, told in one.spots.items() if _over(at, hold.spot)), None)
        name = one.sentence[slice(*hold.spot)]
        yield Reading("control", spot or one.places.meant(name, one.document.id), _told(hold, one))


def _over(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _told(hold: Hold, one: Heard) -> Told:
    rivals = [
        (other.start, other.end) for other in holding.read(one.sentence, tuple(one.spots)) if other != hold
    ]
    if hold.presupposed:
        stands: Standing = "denied" if one.claim.stance == "denied" else "happened"
        when = UNKNOWN  # "rebel-held" says nothing of a day
    else:
        stands = standing(one.sentence, one.claim.stance, hold.start)
        when = one.day((hold.start, hold.end), rivals)
    holder = _named(hold, one)
    return Told(
        one, hold.act, stands, when, words_of(one, (hold.start, hold.end), hold.spot),
        hold.sides or holder, part=hold.part or _at_a_part(hold, one), own=_describes(one, hold),
    )  # fmt: skip


def _at_a_part(hold: Hold, one: Heard) -> bool:
    """Whether the place only names a part of itself, or what leads to it: "the Pellin road"."""
    return bool(
        _FEATURE.search(one.sentence[slice(*hold.spot)]) or _FEATURE.match(one.sentence, hold.spot[1])
    )


def _describes(one: Heard, hold: Hold) -> bool:
    """Whether it is the outlet's own description: "rebel-held", unless it stands within quotation marks."""
    opened = len(_MARKS.findall(one.sentence[: hold.start])) % 2
    return hold.presupposed and not opened


def _named(hold: Hold, one: Heard) -> str:
    """The holder under the name that it means in its report; for a pronoun, whoever speaks."""
    if hold.itself:
        return one.claim.voices[0].name if one.claim.voices else ""
    if hold.holder is None:
        return ""
    means = {fold(each.party.name): each.name for each in one.account.parties}
    return means.get(fold(hold.holder.name), hold.holder.name)


def relation(a: State, b: State) -> Verdict | None:
    """How two states of one place and time stand to each other; ``None`` where they have nothing to do."""
    if a.moves != b.moves:
        return _unlike(a, b)
    if not a.moves or "contested" in (a.what, b.what) or "divided" in (a.what, b.what):
        return None
    if a.what in _OWNS and b.what in _OWNS:
        return _owners(a, b)
    if {a.what, b.what} == {"besieged", "siege broken"}:
        return Verdict.UPDATE
    if "left" in (a.what, b.what) and (a.what in _OWNS or b.what in _OWNS):
        same = _same(a, b)
        if a.part or b.part or same is None:
            return None
        return against(a, b) if same else Verdict.COMPATIBLE
    if a.what == b.what:
        same = _same(a, b)
        return Verdict.AGREE if same else Verdict.COMPATIBLE
    return None


def _unlike(a: State, b: State) -> Verdict | None:
    """One that happened beside one that did not: the same taken and denied, the same planned and come."""
    if a.what != b.what and not (a.what in _OWNS and b.what in _OWNS):
        return None
    if _same(a, b) is False:
        return None
    other = b if a.moves else a
    if other.standing == "denied":
        return against(a, b)
    return Verdict.UPDATE if a.what == b.what else None


def _same(a: State, b: State) -> bool | None:
    """Whether two states are of one holder; ``None`` where either is not told, or it cannot be told."""
    if not a.who or not b.who:
        return None
    told = Party(a.who).relation(Party(b.who))
    if told in (Verdict.AGREE, Verdict.COMPATIBLE):
        return True
    return False if told is Verdict.CONFLICT else None


def _owners(a: State, b: State) -> Verdict | None:
    same = _same(a, b)
    if same:
        return Verdict.AGREE if a.part == b.part and a.what == b.what else Verdict.COMPATIBLE
    if a.part or b.part:
        return Verdict.COMPATIBLE
    if same is None:
        return Verdict.UNKNOWN
    if a.what != b.what or a.when.stretch or b.when.stretch:
        return Verdict.UPDATE  # who took a place holds it no less than who held it before
    return against(a, b)
