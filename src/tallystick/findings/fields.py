"""Date, place, kind, weapon, target: two tellings held against each other, and the verdict on each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tallystick.findings import blame
from tallystick.findings.context import Context, day_words
from tallystick.findings.wording import ids, listed
from tallystick.model import Claim, Finding, Incident, Telling, confusable
from tallystick.values import weapon
from tallystick.values.agreement import Relation, Verdict
from tallystick.values.names import fold
from tallystick.values.place import NEAR_KM, Place
from tallystick.values.when import When

_FEATURES = re.compile(
    r"\b(?:city|town|village|area|district|neighbou?rhood|province|governorate|region|camp|suburb|crossing|border)\b"
)
_SMALL_WORDS = re.compile(r"\b(?:an?|the|of|in|at|on|and|near|for|by|its|his|their|some|several|two|three)\b")
_GRAVITY = (Verdict.AGREE, Verdict.COMPATIBLE, Verdict.UNKNOWN, Verdict.UPDATE, Verdict.CONFLICT)


def dates(one: When, other: When) -> Relation:
    """``agree`` the same days, ``compatible`` some in common, ``conflict`` none; else ``unknown``."""
    verdict = one.relation(other)
    left, right = (_days(when) for when in sorted((one, other), key=str))
    why = {
        Verdict.AGREE: f"both say {left}",
        Verdict.COMPATIBLE: f"{left} and {right} have days in common",
        Verdict.CONFLICT: f"{left} and {right} have no day in common",
    }
    return Relation(verdict, why.get(verdict, "a day is not told by both"))


def _days(told: When) -> str:
    """The days as a reader says them; the words, where a bound is open."""
    if told.start is None or told.end is None:
        return str(told)
    start, end = day_words(told.start), day_words(told.end)
    return start if start == end else f"{start} to {end}"


def places(one: Place, other: Place) -> Relation:
    """As ``Place.relation``; a place and one within it, by their names or their circles, are ``compatible``.

    Of two that no list tells apart and that are found within ``NEAR_KM`` of each other both can be meant.
    """
    verdict = one.relation(other)
    left, right = sorted((str(one), str(other)))
    if verdict is Verdict.AGREE:
        if _bare(one.name) != _bare(other.name) and (_holds(one, other) or _holds(other, one)):
            return Relation(Verdict.COMPATIBLE, f"one of {left} and {right} lies in the other")
        return Relation(verdict, f"both name {left}" if left == right else f"{left} and {right} are one")
    if verdict is Verdict.UNKNOWN and (gap := one.gap_km(other)) is not None:
        reach = max(one.radius_km or 0.0, other.radius_km or 0.0, NEAR_KM)
        if gap <= reach:
            return Relation(
                Verdict.COMPATIBLE, f"{left} and {right} lie {gap:.0f} km apart or one in the other"
            )
    why = {
        Verdict.COMPATIBLE: f"one of {left} and {right} lies in the other",
        Verdict.CONFLICT: f"{left} and {right} are two places",
    }
    return Relation(verdict, why.get(verdict, f"nothing tells whether {left} and {right} are one"))


def _bare(name: str) -> str:
    """A name without the words for what sort of place it is."""
    return " ".join(_FEATURES.sub(" ", fold(name)).split())


def _holds(outer: Place, inner: Place) -> bool:
    """Whether one name is told within the other ("East Aleppo (Aleppo)"), or one is much the wider."""
    if set(_bare(outer.name).split()) < set(_bare(inner.name).split()):
        return True
    return bool(outer.radius_km and inner.radius_km and outer.radius_km > 3 * inner.radius_km)


def kinds(one: str, other: str) -> Relation:
    """``compatible`` for kinds that reports call by each other's name; ``unknown`` where one tells none."""
    left, right = sorted((one.replace("_", " "), other.replace("_", " ")))
    if "other" in (one, other):
        return Relation(Verdict.UNKNOWN, "one tells no kind")
    if one == other:
        return Relation(Verdict.AGREE, f"both tell of {left}")
    if confusable(one, other):
        return Relation(Verdict.COMPATIBLE, f"what one calls {left} another may call {right}")
    return Relation(Verdict.CONFLICT, f"{left} is not {right}")


def targets(one: str, other: str) -> Relation:
    """``agree`` the same words, ``compatible`` where they share some; else ``unknown``."""
    left, right = sorted((one, other))
    a, b = (frozenset(_SMALL_WORDS.sub(" ", fold(words)).split()) for words in (one, other))
    a, b = (frozenset(word.removesuffix("s") for word in words) for words in (a, b))
    if a == b:
        return Relation(Verdict.AGREE, f"both say {left}")
    if a & b:
        return Relation(Verdict.COMPATIBLE, f"“{left}” and “{right}” can mean the same")
    return Relation(Verdict.UNKNOWN, f"nothing tells whether “{left}” and “{right}” are one")


_Pick = Callable[[Telling], Any]
# Each field of a telling: what is told, ``None`` where it is silent, and how two such values stand.
TELLINGS: dict[str, tuple[_Pick, Callable[[Any, Any], Relation]]] = {
    "date": (lambda t: t.when if t.when.start or t.when.end else None, dates),
    "place": (lambda t: t.place, places),
    "kind": (lambda t: t.kind if t.kind != "other" else None, kinds),
    "weapon": (lambda t: t.weapon, weapon.relation),
    "target": (lambda t: t.target, targets),
}


def between(one: Telling, other: Telling, field: str) -> Relation:
    """How two tellings stand to each other on one field; silence is ``unknown``."""
    pick, relation = TELLINGS[field]
    a, b = pick(one), pick(other)
    if a is None or b is None:
        return Relation(Verdict.UNKNOWN, f"one of them tells no {field}")
    return relation(a, b)


def fields(incident: Incident, context: Context) -> Iterable[Finding]:
    """A finding for each field of the telling that somebody tells, and one for who did it."""
    heads = [(account.head, account.telling) for account in incident.accounts]
    for field, (pick, relation) in TELLINGS.items():
        values = [(claim, pick(telling)) for claim, telling in heads if pick(telling) is not None]
        if values:
            yield _field(incident, field, values, context, relation)
    yield from _perpetrator(incident, context)


def _field(
    incident: Incident,
    field: str,
    values: list[tuple[Claim, Any]],
    context: Context,
    relation: Callable[[Any, Any], Relation],
) -> Finding:
    told: dict[str, list[str]] = {}
    for claim, value in values:
        told.setdefault(str(value).replace("_", " "), []).append(context.origin(claim))
    found = _verdict(values, context, relation)
    return _finding(incident, field, found, (claim for claim, _ in values), told)


def _verdict(
    values: list[tuple[Claim, Any]], context: Context, relation: Callable[[Any, Any], Relation]
) -> Relation:
    """Origin against origin, as in ``figures.verdict``, by what each told last: of two the kindest pair.

    That one origin tells two things on one day is no contradiction; that it takes back what it told before
    is an ``update``.
    """
    by_origin: dict[str, list[tuple[Claim, Any]]] = {}
    for claim, value in values:
        by_origin.setdefault(context.origin(claim), []).append((claim, value))
    names = sorted(by_origin)
    courses = {name: _course(by_origin[name], context) for name in names}
    changes = [
        Relation(Verdict.UPDATE, f"{name} changed its word: {held.why}")
        for name, (first, last) in courses.items()
        if first and (held := _kindest(first, last, relation)).verdict is Verdict.CONFLICT
    ]
    if len(names) == 1:
        return changes[0] if changes else Relation(Verdict.SINGLE_ORIGIN, f"{names[0]} alone tells it")
    pairs = [
        _kindest(courses[one][1], courses[other][1], relation)
        for i, one in enumerate(names)
        for other in names[i + 1 :]
    ]
    gravest = max(pairs, key=lambda pair: (_GRAVITY.index(pair.verdict), pair.why))
    return changes[0] if changes and gravest.verdict is not Verdict.CONFLICT else gravest


def _course(own: list[tuple[Claim, Any]], context: Context) -> tuple[list[Any], list[Any]]:
    """What an origin told on its first day and on its last, the undated with the last.

    A copy tells nothing new. The first is empty where there is but one day.
    """
    own = [each for each in own if not context.is_copy(each[0])] or own
    days = [context.day(claim) for claim, _ in own]
    dated = sorted({day for day in days if day})
    start, end = (dated[0], dated[-1]) if dated else (None, None)
    told = [(day, value) for day, (_, value) in zip(days, own, strict=True)]
    first = [value for day, value in told if day == start] if start != end else []
    return first, [value for day, value in told if day in (None, end)]


def _kindest(mine: list[Any], theirs: list[Any], relation: Callable[[Any, Any], Relation]) -> Relation:
    """The kindest relation of what one side tells to what the other does; equal values count once."""
    pairs = [relation(a, b) for a in dict.fromkeys(mine) for b in dict.fromkeys(theirs)]
    return min(pairs, key=lambda pair: (_GRAVITY.index(pair.verdict), pair.why))


def _perpetrator(incident: Incident, context: Context) -> Iterable[Finding]:
    """Who is said to have done it; a denial stands against an attribution to the same party."""
    roles = [each for account in incident.accounts for each in blame.roles(account)]
    if not roles:
        return
    told: dict[str, list[str]] = {}
    for claim, role in roles:
        said = f"{role.party} {'denies it' if blame.denies((claim, role)) else role.stance}"
        told.setdefault(said, []).append(context.origin(claim))
    found = blame.verdict(roles, context, blame.day_of(incident.accounts))
    yield _finding(incident, "perpetrator", found, (claim for claim, _ in roles), told)


def _finding(
    incident: Incident, field: str, found: Relation, claims: Iterable[Claim], told: dict[str, list[str]]
) -> Finding:
    """A finding whose summary lists each value with whose it is, and says what makes the verdict."""
    values = "; ".join(f"{value} ({listed(sorted(set(who)))})" for value, who in told.items())
    return Finding(incident.id, field, found.verdict, ids(claims), values, reason=found.why)
