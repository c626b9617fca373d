"""Incidents that may be one, or of which one may hold the other: what must not be counted twice.

Two incidents may be one where a pair of their accounts is judged the same or unsure, none different,
and no report tells both. One may hold another where its days and its place hold the other's, its
kind may be the same, and nobody parts the accused: an offensive and the raids of it, a week of
shelling and one of its days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tallystick.findings.scopes import accused, relation, same_name
from tallystick.model import IncidentId, Judgement, Part, Telling, Weighed, confusable
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place


class Overlaps:
    """What a case's incidents may have in common, worked out once."""

    def __init__(self, incidents: Sequence[Weighed], judgements: Sequence[Judgement]) -> None:
        self._doubts = doubts(incidents, judgements)
        self._holders = holders(incidents)

    def counted_once(self, parts: Mapping[IncidentId, Part]) -> tuple[Part, ...]:
        """``parts`` so that nobody counts twice at the low end, nor for the best within what may hold it."""
        return tuple(self._held(self._one(dict(parts))).values())

    def _one(self, parts: dict[IncidentId, Part]) -> dict[IncidentId, Part]:
        """Of incidents that may be one the greater low end alone counts.

        The greatest first; an incident that may be one with any that already counts gives 0. Those
        that count are therefore surely apart, so that however the doubts are settled no fewer
        events than these remain.
        """
        counted: set[IncidentId] = set()
        for name in sorted(parts, key=lambda name: (-parts[name].people.low, name)):
            if parts[name].people.low == 0:
                continue
            if maybe := sorted(self._doubts.get(name, set()) & counted):
                parts[name] = lowered(parts[name], 0, parts[name].people.best, _MAYBE_ONE, maybe)
            else:
                counted.add(name)
        return parts

    def _held(self, parts: dict[IncidentId, Part]) -> dict[IncidentId, Part]:
        """Of an incident that may hold others only what goes beyond them counts, but at the high end."""
        inside: dict[IncidentId, list[IncidentId]] = defaultdict(list)
        for name in sorted(parts):
            holder = next((each for each in self._holders.get(name, ()) if each in parts), None)
            if holder is not None:
                inside[holder].append(name)
        out = dict(parts)
        settled: dict[IncidentId, tuple[int, int]] = {}

        def settle(name: IncidentId) -> tuple[int, int]:
            """Low end and best of an incident with all that it may hold; a holder is the longer of two."""
            if name not in settled:
                held = [settle(each) for each in inside.get(name, ())]
                low, best = sum(low for low, _ in held), sum(best for _, best in held)
                own = parts[name].people
                if held:
                    # What goes beyond them at one end may be more than at the other; the sums stay in order.
                    beyond = max(0, own.low - low), max(0, own.best - best)
                    out[name] = lowered(parts[name], *beyond, _MAY_HOLD, inside[name])
                settled[name] = low + out[name].people.low, best + out[name].people.best
            return settled[name]

        for name in inside:
            settle(name)
        return out


_MAYBE_ONE = "may be the same event as another that counts: at the low end it counts once"
_MAY_HOLD = "may hold others that count: only what it tells beyond them counts, but at the high end"


def lowered(part: Part, low: int, best: int, note: str, others: Iterable[IncidentId] = ()) -> Part:
    """``part`` with a lower low end and best, the best handed out by status until none is left of the whole.

    First civilians get theirs, then combatants, then those of whom it is not told what they were. The least
    of a status within a lowered low end cannot be told, and is 0.
    """
    by_status, left = [], best
    for reach in (part.civilians, part.combatants, part.unknown):
        own = min(reach.best, left)
        least = min(reach.low, own) if low == part.people.low else 0
        by_status.append(replace(reach, low=least, best=own))
        left -= own
    civilians, combatants, unknown = by_status
    return replace(
        part,
        people=replace(part.people, low=low, best=best),
        civilians=civilians,
        combatants=combatants,
        unknown=unknown,
        note="; ".join(each for each in (part.note, note) if each),
        others=tuple(sorted({*part.others, *others})),
    )


def doubts(
    incidents: Iterable[Weighed], judgements: Iterable[Judgement]
) -> dict[IncidentId, set[IncidentId]]:
    """For each incident those that it may be one with: only doubt keeps them apart, no word against it."""
    of = {account.id: weighed.incident for weighed in incidents for account in weighed.incident.accounts}
    maybe: set[tuple[IncidentId, IncidentId]] = set()
    apart: set[tuple[IncidentId, IncidentId]] = set()
    for judgement in judgements:
        if judgement.withdrawn:
            continue
        left, right = of.get(judgement.left), of.get(judgement.right)
        if left is None or right is None or left.id == right.id:
            continue
        told_by_one = {a.document for a in left.accounts} & {a.document for a in right.accounts}
        different = judgement.verdict == "different" or told_by_one
        (apart if different else maybe).add((min(left.id, right.id), max(left.id, right.id)))
    out: dict[IncidentId, set[IncidentId]] = defaultdict(set)
    for one, other in maybe - apart:
        out[one].add(other)
        out[other].add(one)
    return dict(out)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one incident's days, places, kinds and accused."""

    name: IncidentId
    tellings: tuple[Telling, ...]
    start: date | None
    end: date | None
    accused: frozenset[str]


def holders(incidents: Iterable[Weighed]) -> dict[IncidentId, tuple[IncidentId, ...]]:
    """For each incident those that may hold it, the shortest first."""
    known = [_known(weighed) for weighed in incidents]
    wide = [
        (one, telling) for one in known for telling in one.tellings
        if telling.when.start and telling.when.end and telling.when.start < telling.when.end and telling.place
    ]  # fmt: skip
    out: dict[IncidentId, tuple[IncidentId, ...]] = {}
    for part in known:
        found = {
            (days, one.name) for one, telling in wide if (days := _holds(one, telling, part)) is not None
        }
        if found:
            out[part.name] = tuple(dict.fromkeys(name for _, name in sorted(found)))
    return out


def _known(weighed: Weighed) -> _Known:
    incident = weighed.incident
    tellings = tuple(account.telling for account in incident.heard)
    days = [t.when for t in tellings if t.when.start and t.when.end]
    blamed = frozenset(name for account in incident.heard for name in accused(account))
    start = min((when.start for when in days if when.start), default=None)
    end = max((when.end for when in days if when.end), default=None)
    return _Known(incident.id, tellings, start, end, blamed)


def _holds(one: _Known, telling: Telling, part: _Known) -> int | None:
    """How many days ``one`` takes by this telling of it, if it may hold ``part``."""
    start, end = telling.when.start, telling.when.end
    if not (start and end and part.start and part.end) or one.name == part.name:
        return None
    if not (start <= part.start and part.end <= end and (start, end) != (part.start, part.end)):
        return None
    if one.start is None or one.end is None or one.end - one.start <= part.end - part.start:
        return None  # the longer holds the shorter, so that none holds itself through another
    places = [other.place for other in part.tellings if other.place]
    if not places or telling.place is None or not all(_within(place, telling.place) for place in places):
        return None
    kinds = {other.kind for other in part.tellings}
    whole = telling.kind in ("other", "ground_clash") or telling.kind in kinds
    if not whole and not any(confusable(telling.kind, kind) for kind in kinds):
        return None
    parted = [relation(a, b) is Verdict.CONFLICT for a in one.accused for b in part.accused]
    return None if parted and all(parted) else (end - start).days


def _within(place: Place, area: Place) -> bool:
    if place.code and place.code == area.code:
        return True
    return any(
        same_name(part, area.name)
        for part in (place.name, *place.within, place.admin1, place.country)
        if part
    )
