"""Who tells: publishers and voices, how often, and how often others tell the same thing and do not differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from tallystick.model import Claim, ClaimId, Document, DocumentId, IncidentId, Record, Weighed
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher of reports, or a voice that reports quote.

    ``shared`` is on how many fields of incidents and matters it is heard beside another origin; on ``differ``
    of them what is told cannot all be true, whoever is right.
    """

    sort: Literal["publisher", "voice"]
    name: str
    reports: int
    claims: int
    incidents: int
    shared: int
    differ: int


@dataclass
class _Heard:
    names: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    reports: set[DocumentId] = field(default_factory=set)
    claims: set[ClaimId] = field(default_factory=set)
    incidents: set[IncidentId] = field(default_factory=set)
    shared: int = 0
    differ: int = 0


Key = tuple[Literal["publisher", "voice"], str]


def sources(record: Record) -> tuple[Source, ...]:
    """Every publisher and voice of ``record``; of each sort the most often heard first.

    Voices are told together whose names fold alike (``values.names.fold``), under the most frequent of them.
    """
    documents = {document.id: document for document in record.documents}
    heard: dict[Key, _Heard] = defaultdict(_Heard)
    for document in record.documents:
        if document.publisher:
            held = heard["publisher", fold(document.publisher) or document.publisher]
            held.names[document.publisher] += 1
            held.reports.add(document.id)
    for weighed in record.weighed:
        _hear(weighed, documents, heard)
    told = [
        Source(
            sort,
            max(sorted(held.names), key=held.names.__getitem__),
            len(held.reports),
            len(held.claims),
            len(held.incidents),
            held.shared,
            held.differ,
        )
        for (sort, _), held in heard.items()
    ]
    return tuple(sorted(told, key=lambda one: (one.sort, -one.incidents, -one.claims, one.name)))


def _hear(weighed: Weighed, documents: dict[DocumentId, Document], heard: dict[Key, _Heard]) -> None:
    """Add what the accounts of one incident say, and on which of its fields others are heard, too."""
    speaking: dict[ClaimId, tuple[Key, ...]] = {}
    for account in weighed.incident.heard:
        for claim in account.claims:
            names = tuple(_speakers(claim, documents[claim.span.document]))
            speaking[claim.id] = tuple(key for key, _ in names)
            for key, name in names:
                held = heard[key]
                held.names[name] += 1
                held.reports.add(claim.span.document)
                held.claims.add(claim.id)
                held.incidents.add(weighed.incident.id)
    for finding in weighed.findings:
        if finding.verdict is Verdict.SINGLE_ORIGIN:
            continue
        for key in {key for name in finding.claims for key in speaking.get(name, ())}:
            heard[key].shared += 1
            heard[key].differ += finding.verdict is Verdict.CONFLICT


def _speakers(claim: Claim, document: Document) -> Iterable[tuple[Key, str]]:
    """The publisher of a claim's report, and the voices that the claim is put into."""
    if document.publisher:
        yield ("publisher", fold(document.publisher) or document.publisher), document.publisher
    for name in dict.fromkeys(voice.name for voice in claim.voices):
        yield ("voice", fold(name) or name), name
