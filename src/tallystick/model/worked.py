"""The nouns that are worked out of what is stored, afresh at each look: Incident ← Finding ← Passage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from tallystick.errors import NoSource
from tallystick.model.spelling import digest
from tallystick.model.stored import (
    Account,
    AccountId,
    Capture,
    Claim,
    ClaimId,
    Document,
    Event,
    Judgement,
    Remark,
)
from tallystick.values.agreement import Verdict

IncidentId = NewType("IncidentId", str)
FindingId = NewType("FindingId", str)

FIELDS = (
    "killed",
    "wounded",
    "captured",
    "date",
    "place",
    "kind",
    "perpetrator",
    "weapon",
    "target",
    "status",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """The accounts judged to tell one event, or one matter, with disputes kept in sight.

    Named after the smallest id of its accounts; the names after its other accounts are the
    former ids under which any smaller gathering of the same accounts was known.
    """

    accounts: tuple[Account, ...]
    disputes: tuple[Judgement, ...] = ()

    def __post_init__(self) -> None:
        if not self.accounts:
            raise ValueError("an incident has at least one account")

    @property
    def id(self) -> IncidentId:
        return incident_id(min(account.id for account in self.accounts))

    @property
    def former_ids(self) -> tuple[IncidentId, ...]:
        return tuple(incident_id(name) for name in sorted(account.id for account in self.accounts)[1:])

    @property
    def is_matter(self) -> bool:
        return self.accounts[0].is_matter

    @property
    def claims(self) -> tuple[Claim, ...]:
        return tuple(claim for account in self.accounts for claim in account.claims)


def incident_id(account: AccountId) -> IncidentId:
    """The name of the incident whose smallest account is ``account``."""
    return IncidentId("inc-" + account.removeprefix("acc-"))


@dataclass(frozen=True, slots=True)
class Origin:
    """One independent source of an incident: copies and shared voices folded into one."""

    name: str
    accounts: tuple[AccountId, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A reported range of people: the least, the best supported and the greatest that is told.

    Not a confidence interval. ``claims`` are the ids of the figures it is made of and
    ``arithmetic`` says in words how.
    """

    low: int
    best: int
    high: int
    claims: tuple[ClaimId, ...]
    arithmetic: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Agreement, update or conflict on one field of one incident, with the claims that make it.

    ``summary`` lists what is told and by whom, ``reason`` says in words what makes the verdict.
    """

    incident: IncidentId
    field: str
    verdict: Verdict
    claims: tuple[ClaimId, ...]
    summary: str
    range: Range | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"a finding on {self.field} of {self.incident} names no claim")

    @property
    def id(self) -> FindingId:
        return FindingId(digest("fnd", self))


@dataclass(frozen=True, slots=True)
class Grade:
    """What an incident would get in one field of another body's scheme: computed, never its verdict.

    ``reason`` says in words what it follows from.
    """

    scheme: str
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """One incident with all that was found about it; ``grade`` is the first of ``grades``, if any."""

    incident: Incident
    origins: tuple[Origin, ...]
    findings: tuple[Finding, ...]
    grade: str
    grades: tuple[Grade, ...] = ()

    def finding(self, field: str) -> Finding | None:
        """What was found on one field, or ``None`` where nothing is told."""
        return next((finding for finding in self.findings if finding.field == field), None)


@dataclass(frozen=True, slots=True)
class Record:
    """All that a case holds and all that was worked out of it, at one moment: what is shown and exported.

    ``refusals`` are the custody events of items that could not be taken in or read; ``remarks`` what
    speaks against the dates that reports give for themselves.
    """

    name: str
    captures: tuple[Capture, ...]
    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    accounts: tuple[Account, ...]
    judgements: tuple[Judgement, ...]
    weighed: tuple[Weighed, ...]
    refusals: tuple[Event, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the dossier. It cannot be built without a claim to stand on."""

    text: str
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"no claim stands behind {self.text[:80]!r}; a sentence needs a source")
