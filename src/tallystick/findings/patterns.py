"""Patterns: which protected objects reports say are hit again and again, by whom, with what, where and when.

Every number is a list of incidents. A group of incidents (those in which one party is accused, of one
weapon, one province) is held against the other incidents of the case for which the same thing is told
otherwise; incidents for which it is not told are in neither. An incident belongs to every value that any
of its accounts tells, because choosing one would take sides.

What this counts is reports. Where more reporters are, more is reported; an accusation is not proof.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tallystick.findings import rates
from tallystick.findings.heard import called, gathered
from tallystick.findings.objects import mentions, struck
from tallystick.model import ClaimId, IncidentId, Pattern, Patterns, Repeat, Share, Struck, Weighed
from tallystick.values.names import alike, fold
from tallystick.values.objects import KINDS
from tallystick.values.place import Place

MINIMUM = 3  # incidents hit, below which nothing is shown as a pattern
_WIDE = 100.0  # km: a place as wide as this is no spot
DAYS = 3  # within which a second strike on one object counts as repeated
ANY = "any"
MOST = 25  # values of one dimension that are looked at, those that most incidents tell
DIMENSIONS = ("accused", "deed", "kind", "weapon", "province", "place", "month")
_AGAIN = re.compile(
    r"\b(?:double[- ]tap|triple[- ]tap|(?:second|third|fourth|fifth) (?:time|strike|attack|raid|bomb)|"
    r"(?:hit|struck|bombed|targeted|attacked|shelled) (?:once )?(?:again|twice|repeatedly)|strikes? again|"
    r"follow-up (?:strike|attack|raid))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Case:
    """The incidents of harm of a case by id, what was hit in each, and what each tells of every dimension."""

    weighed: Mapping[IncidentId, Weighed]
    hits: Mapping[str, Mapping[IncidentId, Sequence[Struck]]]
    told: Mapping[str, Mapping[IncidentId, frozenset[str]]]
    names: Mapping[tuple[str, str], str]  # how a value is written
    where: Callable[[Place], str]  # what a place is called, no two alike


def patterns(weighed: Iterable[Weighed], minimum: int = MINIMUM, days: int = DAYS) -> Patterns:
    """What repeats over the incidents of a case; nothing with fewer than ``minimum`` incidents hit.

    Matters, totals over several events, and what rows of datasets alone tell are left out. ``days`` is how
    far apart two strikes on one object may be to count as repeated. Raises ``ValueError`` for a ``minimum``
    or ``days`` below 1.
    """
    if minimum < 1 or days < 1:
        raise ValueError(f"at least one incident and one day, not {minimum} and {days}")
    held = {w.incident.id: w for w in weighed if w.incident.is_harm and not w.incident.is_derived}
    order = sorted(held)
    found = tuple(one for name in order for one in struck(held[name]))
    case = _laid_out({name: held[name] for name in order}, found)
    groups = list(_groups(case, minimum))
    looked = [(kind, group) for kind in (ANY, *KINDS) if case.hits.get(kind) for group in groups]
    beside = [(kind, group) for kind, group in looked if group.others]
    chances = rates.holm([rates.chance(*_counts(case, *each)) for each in beside])
    allowed = {(kind, group.key): chance for (kind, group), chance in zip(beside, chances, strict=True)}
    shown = tuple(
        _pattern(case, kind, group, allowed.get((kind, group.key)))
        for kind, group in looked
        if _counts(case, kind, group)[0] >= minimum
    )
    return Patterns(tuple(order), found, shown, _repeats(case, days), len(beside), minimum, days)


def _laid_out(weighed: Mapping[IncidentId, Weighed], found: Iterable[Struck]) -> _Case:
    hits: dict[str, dict[IncidentId, list[Struck]]] = defaultdict(lambda: defaultdict(list))
    for one in found:
        if one.relation == "hit":
            for kind in (ANY, one.kind):
                hits[kind][one.incident].append(one)
    told: dict[str, dict[IncidentId, frozenset[str]]] = {dimension: {} for dimension in DIMENSIONS}
    spelt: dict[tuple[str, str], set[str]] = defaultdict(set)
    where = _places(weighed.values())
    for name, incident in weighed.items():
        for dimension, values in _attributes(incident, where).items():
            if values:
                told[dimension][name] = frozenset(_folded(dimension, value) for value in values)
            for value in values:
                spelt[dimension, _folded(dimension, value)].add(value)
    return _Case(weighed, hits, told, {key: min(values) for key, values in spelt.items()}, where)


def _places(weighed: Iterable[Weighed]) -> Callable[[Place], str]:
    """What each place that incidents tell is called: one place by one name, two places by two."""
    told = {a.telling.place for each in weighed for a in each.incident.heard if a.telling.place}
    stands_for = gathered(told)
    names = called(map(stands_for, told))
    return lambda place: names[stands_for(place)]


def _folded(dimension: str, value: str) -> str:
    """What two spellings of one value share; a weapon's words without their plural."""
    if dimension == "deed":
        return ": ".join(map(fold, value.split(": ", 1)))
    return re.sub(r"s\b", "", fold(value)) if dimension == "weapon" else fold(value)


def _attributes(weighed: Weighed, where: Callable[[Place], str]) -> dict[str, set[str]]:
    """What any account of an incident tells of each dimension; what was denied is not told."""
    out: dict[str, set[str]] = {dimension: set() for dimension in DIMENSIONS}
    for account in weighed.incident.heard:
        telling, place = account.telling, account.telling.place
        if telling.kind != "other":
            out["kind"].add(telling.kind)
        if telling.weapon:
            out["weapon"].add(telling.weapon)
        if place is not None:
            out["place"].add(where(place))
            if place.admin1:
                out["province"].add(place.admin1)
        start, end = telling.when.start, telling.when.end
        if start and end and (start.year, start.month) == (end.year, end.month):
            out["month"].add(f"{start:%Y-%m}")
        out["accused"].update(
            role.party.name
            for claim, role in account.roles()
            if role.role != "opponent" and role.stance != "denied" and claim.counts
        )
    out["deed"] = {f"{kind}: {party}" for kind in out["kind"] for party in out["accused"]}
    return out


@dataclass(frozen=True, slots=True)
class _Group:
    """The incidents that tell one value, and those to hold them against, which tell another."""

    key: tuple[str, str]  # dimension and value
    here: tuple[IncidentId, ...]
    others: tuple[IncidentId, ...]


def _groups(case: _Case, minimum: int) -> Iterator[_Group]:
    """The values that most incidents tell, and at least ``minimum``: chosen without a look at what was hit.

    A deed is held against deeds of its own kind.
    """
    for dimension in DIMENSIONS:
        holding: dict[str, set[IncidentId]] = defaultdict(set)
        comparable: dict[str, set[IncidentId]] = defaultdict(set)
        for name, values in case.told[dimension].items():
            for value in values:
                holding[value].add(name)
                comparable[_compared_as(dimension, value)].add(name)
        for value in sorted(holding, key=lambda value: (-len(holding[value]), value))[:MOST]:
            here = holding[value]
            if len(here) >= minimum:
                others = comparable[_compared_as(dimension, value)] - here
                yield _Group((dimension, value), tuple(sorted(here)), tuple(sorted(others)))


def _compared_as(dimension: str, value: str) -> str:
    return value.partition(": ")[0] if dimension == "deed" else ""


def _counts(case: _Case, kind: str, group: _Group) -> tuple[int, int, int, int]:
    """Hit here, of how many; hit among the others, of how many."""
    hits = case.hits[kind].keys()
    inside, outside = (sum(name in hits for name in side) for side in (group.here, group.others))
    return inside, len(group.here), outside, len(group.others)


def _pattern(case: _Case, kind: str, group: _Group, chance: float | None) -> Pattern:
    """One kind of object in the incidents of one value, beside those that tell another value."""
    hits = case.hits[kind]
    inside, outside = _share(group.here, hits), _share(group.others, hits)
    mine = [one for name in inside.hit for one in hits[name]]
    single = tuple(name for name in inside.hit if len({o for one in hits[name] for o in one.origins}) == 1)
    return Pattern(
        kind,
        group.key[0],
        case.names[group.key],
        inside,
        outside if group.others else None,
        rates.odds(*_counts(case, kind, group)) if group.others else None,
        chance,
        single,
        tuple(sorted({origin for one in mine for origin in one.origins})),
        _once(claim for one in mine for claim in one.claims),
    )


def _share(names: tuple[IncidentId, ...], hits: Mapping[IncidentId, Sequence[Struck]]) -> Share:
    hit = tuple(name for name in names if name in hits)
    return Share(hit, names, *rates.wilson(len(hit), len(names)))


def _once(claims: Iterable[ClaimId]) -> tuple[ClaimId, ...]:
    return tuple(dict.fromkeys(claims))


# ------------------------------------------------------------------------------- second strikes


def _repeats(case: _Case, days: int) -> tuple[Repeat, ...]:
    """Second strikes on one object: told within days of a first at the same place, or told as such."""
    out = [*_told_again(case)]
    for kind in KINDS:
        by_place: dict[str, list[tuple[date, IncidentId]]] = defaultdict(list)
        for name in case.hits.get(kind, {}):
            day = _day(case.weighed[name])
            for place in _spots(case, name) if day else ():
                by_place[place].append((day or date.min, name))
        seen: set[tuple[IncidentId, IncidentId]] = set()
        for place, dated in sorted(by_place.items()):
            for first, second, apart in _within(sorted(dated), days):
                pair = first, second
                named = _one_object(case, kind, pair) if pair not in seen else None
                if named is not None:
                    seen.add(pair)
                    out.append(_repeat(case, kind, pair, apart, place, named))
    return tuple(sorted(out, key=lambda one: (one.object, one.first or "", one.second)))


def _within(
    dated: Sequence[tuple[date, IncidentId]], days: int
) -> Iterator[tuple[IncidentId, IncidentId, int]]:
    """The pairs of incidents that lie 1 to ``days`` days apart, the earlier first; ``dated`` is in order."""
    on: dict[date, list[IncidentId]] = defaultdict(list)
    for day, name in dated:
        on[day].append(name)
    for day, name in dated:
        for apart in range(1, days + 1):
            for other in on.get(day + timedelta(days=apart), ()):
                yield name, other, apart


def _repeat(
    case: _Case, kind: str, pair: tuple[IncidentId, IncidentId], days: int, place: str, named: bool
) -> Repeat:
    told = [one for name in pair for one in case.hits[kind][name]]
    words = "; ".join(dict.fromkeys(word for one in told for word in one.names or one.words))
    claims = _once(claim for one in told for claim in one.claims)
    return Repeat(kind, *pair, days, case.names["place", place], words, named, claims)


def _told_again(case: _Case) -> Iterable[Repeat]:
    """Incidents whose own words say that it was not the first time."""
    for kind in KINDS:
        for name in case.hits.get(kind, {}):
            for account in case.weighed[name].incident.heard:
                again = _AGAIN.search(account.span.quote)
                if again and any(o.kind == kind and o.relation == "hit" for _, o in mentions(account)):
                    place = case.where(account.telling.place) if account.telling.place else ""
                    yield Repeat(kind, None, name, None, place, again[0], False, (account.head.id,))
                    break


def _day(weighed: Weighed) -> date | None:
    """The one day on which all its dated accounts put it, else ``None``."""
    told = [account.telling.when for account in weighed.incident.heard]
    days = {(when.start, when.end) for when in told if when.start or when.end}
    if len(days) != 1:
        return None
    start, end = next(iter(days))
    return start if start == end else None


def _spots(case: _Case, name: IncidentId) -> set[str]:
    """The places of an incident that may hold one building: no whole province or country."""
    accounts = case.weighed[name].incident.heard
    places = [a.telling.place for a in accounts if a.telling.place]
    return {
        _folded("place", case.where(place))
        for place in places
        if fold(place.name) not in (fold(place.admin1), fold(place.country))
        and (place.radius_km or 0) < _WIDE
    }


def _one_object(case: _Case, kind: str, pair: tuple[IncidentId, IncidentId]) -> bool | None:
    """Whether both tell one name of a building or site; ``None`` where it cannot be the same one."""
    left, right = (list(case.hits[kind][name]) for name in pair)
    if not all(any("place" in one.forms for one in side) for side in (left, right)):
        return None
    names = [[name for one in side for name in one.names] for side in (left, right)]
    if not all(names):
        return False
    return True if any(alike(a, b) for a in names[0] for b in names[1]) else None
