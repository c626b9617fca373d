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

# A difference that comes of chance less often than this, all comparisons allowed for, is told as one.
CHANCE = 0.05
FIELDS = ("killed", "wounded", "captured", "date", "place", "kind", "perpetrator", "weapon")


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
    """Agreement, update or conflict on one field of one incident, with the claims that make it."""

    incident: IncidentId
    field: str
    verdict: Verdict
    claims: tuple[ClaimId, ...]
    summary: str
    range: Range | None = None

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"a finding on {self.field} of {self.incident} names no claim")

    @property
    def id(self) -> FindingId:
        return FindingId(digest("fnd", self))


@dataclass(frozen=True, slots=True)
class Weighed:
    """One incident with all that was found about it."""

    incident: Incident
    origins: tuple[Origin, ...]
    findings: tuple[Finding, ...]
    grade: str

    def finding(self, field: str) -> Finding | None:
        """What was found on one field, or ``None`` where nothing is told."""
        return next((finding for finding in self.findings if finding.field == field), None)


@dataclass(frozen=True, slots=True)
class Struck:
    """What an incident's accounts say of one kind of protected object in one relation.

    ``kind``, ``forms`` and ``relation`` are words of ``values.objects``: ``hit``, ``used`` (by fighters,
    it is said), ``near`` or ``denied``. ``words`` say so, ``claims`` hold them, ``origins`` are whose
    word it is; ``names`` are the object's own, where told.
    """

    incident: IncidentId
    kind: str
    relation: str
    forms: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    claims: tuple[ClaimId, ...]
    origins: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"no claim says that {self.incident} is about a {self.kind} object")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many incidents, each by its id, with an interval for their share (0 to 1)."""

    hit: tuple[IncidentId, ...]
    of: tuple[IncidentId, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """Reports of one kind of protected object hit, in the incidents that share a value, beside the others.

    ``object`` is a kind of ``values.objects`` or ``any``; ``dimension`` one of ``accused``, ``deed``,
    ``kind``, ``weapon``, ``province``, ``place``, ``month``, and ``value`` what the incidents of
    ``here`` share of it. ``elsewhere`` are the incidents for which that dimension is told otherwise,
    ``None`` where there are none; then so are ``odds`` (how many times the odds of ``elsewhere``;
    infinite where none of ``elsewhere`` is hit) and ``chance`` (how often a share so
    different comes of chance alone, with allowance for the number of comparisons made).
    ``single`` are the hits that rest on one origin; ``origins`` all on whose word any hit rests.
    """

    object: str
    dimension: str
    value: str
    here: Share
    elsewhere: Share | None
    odds: tuple[float, float, float] | None  # low, estimate, high
    chance: float | None
    single: tuple[IncidentId, ...]
    origins: tuple[str, ...]
    claims: tuple[ClaimId, ...]

    @property
    def is_clear(self) -> bool:
        """Whether a difference from the others is hardly chance alone: see ``CHANCE``."""
        return self.chance is not None and self.chance < CHANCE


@dataclass(frozen=True, slots=True)
class Repeat:
    """A second strike on one protected object, told within days of a first, or told as such in ``words``.

    ``first`` and ``days`` are ``None`` where only words tell of it ("struck again", "double tap").
    ``named``: both are told under the object's own name; else it is not told whether it was one object.
    """

    object: str
    first: IncidentId | None
    second: IncidentId
    days: int | None
    place: str
    words: str
    named: bool
    claims: tuple[ClaimId, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What repeats over the incidents of a case, as told; nothing below ``minimum`` incidents hit.

    ``compared`` is how many groups were held against the others, shown or not; ``days`` how far
    apart a second strike may be.
    """

    incidents: tuple[IncidentId, ...] = ()
    struck: tuple[Struck, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    compared: int = 0
    minimum: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Alleged:
    """An article of the Rome Statute that what is alleged of one incident may be read under; never a finding.

    ``why`` tells which words led to it, ``hint`` what would have to be established; ``claims`` hold the
    words.
    """

    incident: IncidentId
    article: str
    title: str
    why: str
    hint: str
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"no claim leads to article {self.article} for {self.incident}")


@dataclass(frozen=True, slots=True)
class Record:
    """All that a case holds and all that was worked out of it, at one moment: what is shown and exported.

    ``refusals`` are the custody events of items that could not be taken in or read; ``remarks`` what
    speaks against the dates that reports give for themselves; ``patterns`` what repeats over incidents,
    ``alleged`` the articles that may be read beside them.
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
    patterns: Patterns = Patterns()
    alleged: tuple[Alleged, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the dossier. It cannot be built without a claim to stand on."""

    text: str
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"no claim stands behind {self.text[:80]!r}; a sentence needs a source")
