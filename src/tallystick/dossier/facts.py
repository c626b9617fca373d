"""What an incident is called: its day, place and kind, out of what its accounts tell.

Nothing is averaged. The value that most origins tell is shown, and the finding beside it says
whether others differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tallystick.dossier import words
from tallystick.model import (
    HARM,
    MATTERS,
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    IncidentId,
    Record,
    Telling,
    Weighed,
    canonical,
)
from tallystick.values.names import fold
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, Precision, When


@dataclass(frozen=True)
class Index:
    """The record's rows by their ids, and which incident or matter an account belongs to.

    ``claims`` are as meant where an account has them so, ``told`` as told.
    """

    documents: dict[DocumentId, Document]
    claims: dict[ClaimId, Claim]
    told: dict[ClaimId, Claim]
    accounts: dict[AccountId, Account]
    incident_of: dict[AccountId, IncidentId]
    weighed: dict[IncidentId, Weighed]
    names: dict[DocumentId, str]


def index(record: Record) -> Index:
    """Every row of ``record`` under its id."""
    told = {claim.id: claim for claim in record.claims}
    claims = dict(told)
    for account in record.accounts:
        claims.update((claim.id, claim) for claim in account.claims)
    told = claims | told
    incident_of = {
        account.id: weighed.incident.id
        for weighed in record.weighed
        for account in weighed.incident.accounts
        if not account.telling.aggregate
    }
    return Index(
        {document.id: document for document in record.documents},
        claims,
        told,
        {account.id: account for account in record.accounts},
        incident_of,
        {weighed.incident.id: weighed for weighed in record.weighed},
        report_names(record.documents),
    )


def fingerprint(record: Record) -> str:
    """SHA-256 of all that a record holds, in its one spelling (``model.canonical``), in hexadecimal.

    Two dossiers with the same one were made of the same reports, claims, links and decisions.
    """
    parts = (
        record.name, record.documents, record.claims, record.judgements, record.refusals, record.made,
    )  # fmt: skip
    whole = hashlib.sha256()
    for part in parts:
        whole.update(canonical(part).encode("utf-8", "backslashreplace") + b"\n")
    return whole.hexdigest()


def report_names(documents: Iterable[Document]) -> dict[DocumentId, str]:
    """Each report's own id; where several reports share one, the later (by content) get a suffix."""
    names: dict[DocumentId, str] = {}
    taken: set[str] = set()
    ordered = sorted(documents, key=lambda document: (document.name, document.id))
    own = {document.name for document in ordered}
    for document in ordered:
        name, length = document.name, 6
        while name in taken or (name != document.name and name in own):
            name = f"{document.name}~{document.id.removeprefix('doc-')[:length]}"
            length += 2
        taken.add(name)
        names[document.id] = name
    return names


def incidents(record: Record) -> tuple[Weighed, ...]:
    """The incidents of harm, without matters and totals."""
    return tuple(w for w in record.weighed if w.incident.is_harm)


def matters(record: Record) -> tuple[Weighed, ...]:
    """What is compared but not counted: who holds which ground, offers, votes, people leaving."""
    return tuple(w for w in record.weighed if w.incident.is_matter and not w.incident.is_total)


def totals(record: Record) -> tuple[Account, ...]:
    """The accounts that give a total over several events: no incident, and added to none."""
    return tuple(account for account in record.accounts if account.telling.aggregate)


def origin_of(weighed: Weighed) -> dict[AccountId, str]:
    """The origin that each account folds into; an account that none lists is its own."""
    found = {account.id: str(account.id) for account in weighed.incident.accounts}
    for n, origin in enumerate(weighed.origins):
        found.update((account, f"{n}:{origin.name}") for account in origin.accounts)
    return found


def rests(weighed: Weighed) -> dict[ClaimId, str]:
    """The origin on whose word each claim stands, by the name that it goes by in the whole incident."""
    told = (taking for taking in weighed.lineage.takings if taking.kind in ("voice", "own"))
    return {name: taking.source.removeprefix("voice:") for taking in told for name in taking.claims}


@dataclass(frozen=True)
class Called:
    """What an incident or matter goes by."""

    when: When
    place: Place | None
    kind: str

    @property
    def title(self) -> str:
        """Kind and place: what it is headed with."""
        return f"{words.capital(words.KINDS[self.kind])}, {words.where(self.place)}"

    @property
    def days(self) -> str:
        """Its day or days, as far as told."""
        return words.days(self.when)


def called(weighed: Weighed) -> Called:
    """The day, place and kind that most origins tell."""
    origin = origin_of(weighed)
    told = [(origin[account.id], account.telling) for account in weighed.incident.heard]
    return Called(_when(told), _place(told), _kind(told))


Told = Sequence[tuple[str, Telling]]


def _when(told: Told) -> When:
    """The day or days that most origins can stand by; of equals the most exact; of those all together."""
    dated = [(origin, telling.when) for origin, telling in told if telling.when.start and telling.when.end]
    if not dated:
        return _words_only({telling.when.words for _, telling in told if telling.when.words})

    def rank(one: When) -> tuple[int, int, int]:
        fit = {origin for origin, other in dated if one.gap(other) == 0}
        exact = {origin for origin, other in dated if (other.start, other.end) == (one.start, one.end)}
        width = (one.end - one.start).days if one.start and one.end else 0
        return -len(fit), width, -len(exact)

    ranks = [(rank(when), when) for _, when in dated]
    best = min(rank for rank, _ in ranks)
    chosen = [when for rank, when in ranks if rank == best]
    starts = [when.start for when in chosen if when.start]
    ends = [when.end for when in chosen if when.end]
    if len(set(zip(starts, ends, strict=True))) == 1:
        return When(starts[0], ends[0], min(when.precision for when in chosen))
    return When(min(starts), max(ends), _reach((max(ends) - min(starts)).days))


def _words_only(told: set[str]) -> When:
    """No day can be told: the words that were used, if all used the same."""
    return replace(UNKNOWN, words=next(iter(told))) if len(told) == 1 else UNKNOWN


def _reach(days: int) -> Precision:
    """The precision of an interval that reaches so many days."""
    steps: tuple[tuple[int, Precision], ...] = ((0, "day"), (6, "days"), (13, "week"), (62, "month"))
    return next((name for most, name in steps if days <= most), "year")


def _place(told: Told) -> Place | None:
    """The place that most origins name; of equals the more closely described, then the first by name."""
    named: dict[str, list[tuple[str, Place]]] = {}
    for origin, telling in told:
        if telling.place:
            named.setdefault(fold(telling.place.name), []).append((origin, telling.place))
    if not named:
        return None
    best = min(
        named.values(),
        key=lambda many: (
            -len({origin for origin, _ in many}),
            -max(_detail(where) for _, where in many),
            min(where.name for _, where in many),
        ),
    )
    places = [where for _, where in best]
    fullest = min(places, key=lambda where: (-_detail(where), where.name, where.words or ""))
    return replace(fullest, words=None) if len(best) > 1 else fullest


def _detail(where: Place) -> int:
    filled = (where.admin1, where.country, where.latitude, where.longitude, where.radius_km)
    return len(where.within) + sum(part is not None for part in filled)


def _kind(told: Told) -> str:
    """The kind that most origins tell; of equals the earlier in the list of kinds; "other" last."""
    order = HARM + MATTERS
    by_kind: dict[str, list[str]] = {}
    for origin, telling in told:
        by_kind.setdefault(telling.kind, []).append(origin)
    return min(
        by_kind,
        key=lambda name: (name == "other", -len(set(by_kind[name])), -len(by_kind[name]), order.index(name)),
    )
