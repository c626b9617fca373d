"""The nouns that are worked out of what is stored, afresh at each look: Incident ← Finding ← Passage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NewType

from tallystick.errors import NoSource
from tallystick.model.decided import Event, Judgement, Remark
from tallystick.model.made import Made
from tallystick.model.spelling import digest
from tallystick.model.stored import (
    Account,
    AccountId,
    Capture,
    Claim,
    ClaimId,
    Document,
    Span,
    Stance,
    Toll,
)
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count
from tallystick.values.place import Place
from tallystick.values.standing import Standing
from tallystick.values.when import When

IncidentId = NewType("IncidentId", str)
FindingId = NewType("FindingId", str)

# What lines are told of, and what may become of a warning.
LINES = ("control", "forces", "population", "displacement", "text", "truce", "contact", "warning")
OUTCOMES = ("came true", "did not", "not yet due", "cannot be told")
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
# A difference that comes of chance less often than this, all comparisons allowed for, is told as one.
CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Incident:
    """The accounts judged to tell one event, or one matter, with disputes kept in sight.

    Named after the smallest id of its accounts; the names after its other accounts are the
    former ids under which any smaller gathering of the same accounts was known.
    """

    accounts: tuple[Account, ...]
    disputes: tuple[Judgement, ...] = ()
    _id: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        if not self.accounts:
            raise ValueError("an incident has at least one account")
        object.__setattr__(self, "_id", incident_id(min(account.id for account in self.accounts)))

    @property
    def id(self) -> IncidentId:
        return IncidentId(self._id)

    @property
    def former_ids(self) -> tuple[IncidentId, ...]:
        return tuple(incident_id(name) for name in sorted(account.id for account in self.accounts)[1:])

    @property
    def is_matter(self) -> bool:
        return self.accounts[0].is_matter

    @property
    def is_total(self) -> bool:
        """Whether all that tells of it adds up several events."""
        return all(account.telling.aggregate for account in self.accounts)

    @property
    def is_harm(self) -> bool:
        """Whether it is one event of harm: no matter, and no total over several."""
        return not self.is_matter and not self.is_total

    @property
    def heard(self) -> tuple[Account, ...]:
        """The accounts that are weighed: of reports; rows of datasets only where no report tells of it."""
        return tuple(account for account in self.accounts if not account.derived) or self.accounts

    @property
    def is_derived(self) -> bool:
        """Whether rows of datasets alone tell of it: no report does."""
        return all(account.derived for account in self.accounts)

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
class Source:
    """A node of who takes it from whom: a report, or a voice or outlet on whose word something stands.

    ``id`` is the document's id, or the name of the voice or outlet after ``voice:``.
    """

    id: str
    sort: Literal["report", "voice"]
    name: str
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """One takes it from another: an edge between two ``Source`` ids, with the words that show it.

    ``copy`` most of a report stands in another; ``passage`` two sentences or more do; ``voice`` a report
    gives somebody as its source; ``own`` it tells in its own words (``source`` is its outlet); ``cites``
    it names an outlet; ``speaks_for`` a voice is of a body. Where ``directed`` is false it cannot be told
    which of the two came first. ``words`` are spans of the taker's report and, of copies, by turns of the
    other's too; ``why`` says it in words.
    """

    kind: Literal["copy", "passage", "voice", "own", "cites", "speaks_for"]
    taker: str
    source: str
    words: tuple[Span, ...]
    why: str
    directed: bool = True
    claims: tuple[ClaimId, ...] = ()


@dataclass(frozen=True, slots=True)
class Backing:
    """The independent origins that tell one field of an incident, by name."""

    field: str
    origins: tuple[str, ...]
    claims: tuple[ClaimId, ...]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Who takes it from whom, of one incident, and on how many independent origins each field rests."""

    sources: tuple[Source, ...] = ()
    takings: tuple[Taking, ...] = ()
    backings: tuple[Backing, ...] = ()

    def backing(self, field: str) -> tuple[str, ...]:
        """The independent origins of one field; empty where nothing is told."""
        return next((each.origins for each in self.backings if each.field == field), ())


@dataclass(frozen=True, slots=True)
class End:
    """One end of a reported range, or its best: the claims that name it, and whose word they are."""

    claims: tuple[ClaimId, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range:
    """A reported range of people: the least, the best supported and the greatest that is told.

    Not a confidence interval. ``claims`` are the ids of the figures it is made of and
    ``arithmetic`` says in words how. ``open`` says that the top is no end ("at least 12"),
    ``open_below`` that no least is told ("up to 20"). ``at_low``, ``at_best`` and ``at_high`` are the
    figures that make each, and whose word they are.
    """

    low: int
    best: int
    high: int
    claims: tuple[ClaimId, ...]
    arithmetic: str
    open: bool = False
    open_below: bool = False
    at_low: End = End()
    at_best: End = End()
    at_high: End = End()


@dataclass(frozen=True, slots=True)
class Step:
    """What stood on one day of publication: the last word of each origin that had spoken.

    ``said`` are the claims published on that day, ``standing`` those that stood at its end; ``low``
    and ``high`` are the least and the greatest of these, ``open`` as in ``Range``.
    """

    day: date
    low: int
    high: int
    open: bool
    said: tuple[ClaimId, ...]
    standing: tuple[ClaimId, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of one group were killed, wounded, captured, missing or displaced in one incident.

    ``group`` is "people" for the whole, else a part of it that is never added to anything.
    ``course`` is what stood on each day of publication, ``undated`` the figures of reports without
    one, ``denied`` the figures that were denied: shown, not counted. ``contested`` says in words why
    the least is 0 although somebody tells more; empty where it is not.
    """

    kind: str
    group: str
    range: Range
    course: tuple[Step, ...] = ()
    undated: tuple[ClaimId, ...] = ()
    denied: tuple[ClaimId, ...] = ()
    contested: str = ""

    @property
    def peak(self) -> Step | None:
        """The first day on which the greatest number stood; of equals an open one."""
        return max(self.course, key=lambda step: (step.high, step.open), default=None)


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
    lineage: Lineage = Lineage()
    tallies: tuple[Tally, ...] = ()

    def finding(self, field: str) -> Finding | None:
        """What was found on one field, or ``None`` where nothing is told."""
        return next((finding for finding in self.findings if finding.field == field), None)

    def tally(self, kind: str, group: str = "people") -> Tally | None:
        """How many of ``group`` are told killed, wounded and so on, or ``None`` where nothing is told."""
        return next((tally for tally in self.tallies if (tally.kind, tally.group) == (kind, group)), None)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a total is over: a period (both days inclusive), a place, a party accused, a kind of incident.

    ``place`` is a name or the code of a list's entry; what lies in it counts. ``None`` is no limit.
    """

    start: date | None = None
    end: date | None = None
    place: str | None = None
    party: str | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"a period ends before it starts: {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class Sum:
    """A reported range added up over incidents, with its arithmetic in words. Not a confidence interval."""

    low: int
    best: int
    high: int
    open: bool
    arithmetic: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A reported range by its numbers alone; ``open`` says that the top is no end."""

    low: int
    best: int
    high: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What one incident adds to a total at each end, as a whole and by status, with the claims behind it.

    ``note`` says why it is not all that the incident tells, empty where it is; ``others`` are the
    incidents that it may be one with, or hold.
    """

    incident: IncidentId
    people: Reach
    civilians: Reach
    combatants: Reach
    unknown: Reach
    claims: tuple[ClaimId, ...]
    note: str = ""
    others: tuple[IncidentId, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An incident that a total leaves out because something is not told of it, and what."""

    incident: IncidentId
    why: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A report's own total, beside what its period, place and kind come to here: never added.

    ``ours`` is of people, ``civilians`` of those told to be civilians; ``told`` says of whom the report's is.
    """

    claims: tuple[ClaimId, ...]
    scope: Scope
    told: Toll
    ours: Sum
    civilians: Sum
    incidents: tuple[IncidentId, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How many these reports tell as killed (wounded, ...) in a period, at a place, by a party: each once.

    ``people`` is the sum over ``parts``; ``civilians``, ``combatants`` and ``unknown`` the same by
    status. ``left_out`` lists the incidents that could not be placed in the scope, ``compared`` the
    reports' own totals within it, ``doubtful`` the claims behind it that their reader was unsure of.
    """

    scope: Scope
    toll: str
    people: Sum
    civilians: Sum
    combatants: Sum
    unknown: Sum
    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...] = ()
    compared: tuple[Compared, ...] = ()
    doubtful: tuple[ClaimId, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals of one toll over the whole case, and by month, by province and by party accused."""

    toll: str
    whole: Total
    by_month: tuple[Total, ...]
    by_province: tuple[Total, ...]
    by_party: tuple[Total, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One state on a line: what is told to be so, of which days, on whose word, and how it stands to others.

    ``what`` is a word of the line's kind ("taken", "violated", "there"), ``who`` of whom it is told (the
    holder, who is counted), ``count`` how many, ``part`` whether of a part of the place alone, ``words``
    those that tell it. ``told`` is the first day on which a report tells it, ``None`` where none has a date.
    ``standing`` says whether it happened or is planned, denied, wanted, foretold or possible: only what
    happened ``moves`` the line. ``verdict`` is how it stands to the other states of the same time, ``beside``
    the claims of those that decide it. A warning has an ``outcome`` (``OUTCOMES``) and in ``came`` the claims
    that tell it.
    """

    what: str
    when: When
    claims: tuple[ClaimId, ...]
    origins: tuple[str, ...]
    standing: Standing
    stance: Stance
    words: str
    who: str = ""
    count: Count | None = None
    part: bool = False
    told: date | None = None
    verdict: Verdict = Verdict.UNKNOWN
    beside: tuple[ClaimId, ...] = ()
    outcome: str = ""
    came: tuple[ClaimId, ...] = ()

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"a state ({self.what}) names no claim")
        if self.outcome and self.outcome not in OUTCOMES:
            raise ValueError(f"no outcome of a warning: {self.outcome!r}")
        if self.outcome in ("came true", "did not") and not self.came:
            raise NoSource(f"that a warning {self.outcome} is told by no claim")

    @property
    def moves(self) -> bool:
        """Whether it changes the line: what is denied, planned or feared leaves it where it was."""
        return self.standing == "happened"


@dataclass(frozen=True, slots=True)
class Line:
    """The states of one matter in the order of their days: who holds a place, how a truce went.

    ``kind`` is one of ``LINES``; ``about`` names what it is a line of, where no ``place`` does.
    """

    kind: str
    about: str
    place: Place | None
    states: tuple[State, ...]

    def __post_init__(self) -> None:
        if self.kind not in LINES:
            raise ValueError(f"no kind of line: {self.kind!r}")
        if not self.states:
            raise NoSource(f"a line of {self.kind} ({self.about}) has no state")

    @property
    def id(self) -> str:
        return digest("lin", self.kind, self.about, self.place.code or self.place.name if self.place else "")

    @property
    def course(self) -> tuple[State, ...]:
        """The states that move it."""
        return tuple(state for state in self.states if state.moves)


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
    def id(self) -> str:
        """What it is a pattern of, whatever incidents make it today."""
        return digest("pat", self.object, self.dimension, self.value)

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
    speaks against the dates that reports give for themselves; ``lines`` the matters of the whole case as
    lines of states; ``totals`` what is told killed and wounded over all incidents; ``patterns`` what
    repeats over them, ``alleged`` the articles that may be read beside them. ``made`` says how it came about,
    where it is to leave the house.
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
    lines: tuple[Line, ...] = ()
    totals: tuple[Totals, ...] = ()
    patterns: Patterns = Patterns()
    alleged: tuple[Alleged, ...] = ()
    made: Made | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the dossier. It cannot be built without a claim to stand on."""

    text: str
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        if not self.claims:
            raise NoSource(f"no claim stands behind {self.text[:80]!r}; a sentence needs a source")
