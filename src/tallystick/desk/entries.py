"""What the desk lists: an incident in a line, something that waits for a person, a report, a find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from tallystick.dossier import facts, words
from tallystick.dossier.report import note
from tallystick.model import (
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    IncidentId,
    Range,
    Remark,
    Review,
    Weighed,
)
from tallystick.reviewing import Settled
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold

Sort = Literal["incident", "matter"]
Order = Literal["day", "latest", "told", "killed", "place"]
Pressing = Literal["weight", "doubt", "day"]

SHOWN_TOLLS = ("killed", "wounded", "captured", "missing", "displaced")


@dataclass(frozen=True, slots=True)
class Row:
    """One incident or matter in a list, on a map, in a timeline.

    ``killed`` and the like are (low, best, high, open): a reported range, ``open`` where the top is no end.
    ``verdicts`` holds those of its fields. ``undecided`` counts what waits in the queue about it.
    """

    id: IncidentId
    sort: Sort
    kind: str
    title: str
    days: str
    start: date | None
    end: date | None
    place: str
    province: str
    country: str
    latitude: float | None
    longitude: float | None
    radius_km: float | None
    tolls: Mapping[str, tuple[int, int, int, bool]]
    verdicts: Mapping[str, str]
    parties: tuple[str, ...]
    origins: int
    reports: int
    accounts: int
    grade: str
    disputes: int
    undecided: int = 0

    @property
    def placed(self) -> bool:
        """Whether its place was found more closely than by its country."""
        return self.latitude is not None and self.place.partition(",")[0] != self.country

    @property
    def differs(self) -> bool:
        """Whether what is told of it cannot all be true."""
        return Verdict.CONFLICT in self.verdicts.values()

    @property
    def shape(self) -> Verdict:
        """The gravest verdict of its fields, which maps and timelines draw."""
        for verdict in (Verdict.CONFLICT, Verdict.UPDATE, Verdict.COMPATIBLE, Verdict.AGREE):
            if verdict in self.verdicts.values():
                return verdict
        return Verdict.SINGLE_ORIGIN


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which incidents are to be listed; what is ``None`` or empty is no limit.

    ``box`` is west, south, east, north in degrees: places whose disc touches it are taken (``touches``).
    ``start`` and ``end`` take in what may lie in between: an end that is not told is open, and what has no
    day at all is left out. ``shape`` is the gravest verdict (``Row.shape``); ``differing`` takes only what
    cannot all be true, ``undecided`` of this what nobody decided on or looked at, ``waiting`` all that the
    queue has something about (``Row.undecided``). ``place``, ``party`` and each of ``words`` are parts of
    names, as ``search`` folds them.
    """

    sort: Sort | None = "incident"
    kinds: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    box: tuple[float, float, float, float] | None = None
    place: str = ""
    party: str = ""
    words: str = ""
    shape: str = ""
    differing: bool = False
    undecided: bool = False
    waiting: bool = False
    order: Order = "day"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that waits for a person, with why, in words.

    ``claim``: a claim that its reader was unsure of (``open``), or that waits for a second person
    (``waiting``), or on which people disagree (``disputed``). ``pair``: two accounts that a program
    was unsure of. ``incident``: one whose accounts cannot all be true, which nobody has looked at.
    ``doubt`` is 0 (sure) to 1; ``weight`` how many people are at stake, as far as told.
    """

    sort: Literal["claim", "pair", "incident"]
    id: str
    state: Literal["open", "waiting", "disputed"]
    incident: IncidentId | None
    document: DocumentId | None
    claim: ClaimId | None
    accounts: tuple[AccountId, ...]
    title: str
    quote: str
    why: str
    doubt: float
    weight: int
    start: date | None
    assigned: str = ""
    said: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in a list."""

    id: DocumentId
    name: str
    title: str
    publisher: str
    published: date | None
    language: str
    accounts: int
    claims: int
    remarks: int
    undecided: int
    capture: str
    remarked: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Where words were found: a report, with the sentence around them, or an incident or name."""

    sort: Literal["report", "incident", "matter", "claim", "account", "place", "party", "publisher", "day"]
    ref: str
    title: str
    before: str
    words: str
    after: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of the first page; ``at`` is the custody event up to which they hold."""

    at: int
    reports: int
    publishers: int
    incidents: int
    matters: int
    accounts: int
    differing: int
    undecided: Mapping[str, int]
    decided: int
    looked_at_twice: int
    agreed: int
    first: date | None
    last: date | None
    refused: int
    compare_anew: int


@dataclass(frozen=True, slots=True)
class Named:
    """A place or party as reports name it: what it means and why, and in how many reports."""

    name: str
    means: str
    code: str
    why: str
    reports: int
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None


def ranged(found: Range) -> tuple[int, int, int, bool]:
    """A reported range as a row keeps it."""
    return found.low, found.best, found.high, found.open


def row_of(weighed: Weighed) -> Row:
    """``weighed`` in a line, without what waits for a person."""
    incident, called = weighed.incident, facts.called(weighed)
    place = called.place
    tolls = {
        name: ranged(finding.range)
        for name in SHOWN_TOLLS
        if (finding := weighed.finding(name)) is not None and finding.range is not None
    }
    accused = {role.party.name: None for account in incident.heard for _, role in account.accused()}
    return Row(
        id=incident.id,
        sort="matter" if incident.is_matter else "incident",
        kind=called.kind,
        title=called.title,
        days=called.days,
        start=called.when.start,
        end=called.when.end,
        place=words.where(place),
        province=(place.admin1 or "") if place else "",
        country=(place.country or "") if place else "",
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        radius_km=place.radius_km if place else None,
        tolls=tolls,
        verdicts={finding.field: str(finding.verdict) for finding in weighed.findings},
        parties=tuple(accused),
        origins=len(weighed.origins),
        reports=len({account.document for account in incident.heard}),
        accounts=len(incident.accounts),
        grade=weighed.grade,
        disputes=len(incident.disputes),
    )


# ------------------------------------------------------------------------- what waits for a person


def stake(account: Account) -> int:
    """How many people an account tells killed, at most; of those wounded, captured and so on a tenth.

    A total over several events is nobody's decision on one: 0.
    """
    if account.telling.aggregate:
        return 0
    most = 0.0
    for _, toll in account.tolls():
        told = toll.count.high if toll.count.high is not None else toll.count.low or 0
        most = max(most, told if toll.kind == "killed" else told / 10)
    return round(most)


def doubt_of(
    claim: Claim, settled: Settled, document: Document, stakes: Mapping[AccountId, int]
) -> tuple[Any, ...]:
    """A claim that waits for a person, as a row of ``doubts``; ``stakes``: those of its report's accounts."""
    title = note(claim.id, claim, document)
    doubt = 1.0 if settled.state == "disputed" else 0.5
    if settled.state == "open":
        doubt = 1 - (claim.confidence or 0.0)
    at_stake = stakes.get(claim.account, 0) if claim.account else 0
    why = {
        "open": f"its reader was {claim.confidence or 0:.2f} sure of it",
        "waiting": f"{', '.join(each.by for each in settled.said)} decided; a second person is asked for",
        "disputed": "; ".join(f"{review.by}: {review.verdict}" for review in settled.said),
    }[settled.state]
    what = f"{title.what}, by {title.who}" if title.who else title.what
    return claim.id, document.id, claim.account, settled.state, doubt, at_stake, what, title.quote, why


def names_in(document: DocumentId, told: Iterable[Account]) -> list[tuple[Any, ...]]:
    """The names of places and parties that the accounts of a report use, as rows of ``names``."""
    out = []
    for account in told:
        place = account.telling.place
        if account.found is not None and place is not None:
            found, why = account.found.place, "; ".join(account.found.reasons)
            at = (found.country or "", found.latitude, found.longitude)
            means = str(found) if found.code else ""
            out.append((fold(place.name), "place", document, place.name, means, found.code or "", why, *at))
            beside = (*place.within, place.admin1, place.country)
            out += [
                (fold(name), "within", document, name, "", "", "", "", None, None) for name in beside if name
            ]
        for party in account.parties:
            why = "; ".join(party.reasons)
            here = (fold(party.party.name), "party", document, party.party.name, party.name, "", why)
            out.append((*here, "", None, None))
            out.append((fold(party.name), "meant", document, party.name, "", "", "", "", None, None))
    return out
