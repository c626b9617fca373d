"""The record laid out for the pages: every row under its id, where it is linked to, and numbered words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tallystick.dossier import charts, facts, words
from tallystick.dossier.compose import Section, sections
from tallystick.dossier.ground import Ground
from tallystick.model import (
    FIELDS,
    Account,
    Alleged,
    Capture,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    IncidentId,
    Passage,
    Record,
    Weighed,
)
from tallystick.values.agreement import Verdict

# The gravest first: what an editor looks for.
_ORDER = (Verdict.CONFLICT, Verdict.UPDATE, Verdict.COMPATIBLE, Verdict.AGREE, Verdict.SINGLE_ORIGIN)


@dataclass(frozen=True)
class Link:
    """Where something leads to, and what it is called; no ``href`` where there is nothing to lead to."""

    href: str
    label: str


@dataclass(frozen=True)
class Ref:
    """A link from a sentence to the exact words in a report; ``n`` is its number on this page."""

    n: int
    href: str
    quote: str
    cite: str
    report: str
    id: ClaimId


@dataclass(frozen=True)
class Sentence:
    """A passage with its links."""

    text: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True)
class Chip:
    """A verdict in a word, with a sign, so that colour is never needed."""

    verdict: str
    sign: str
    word: str
    fields: str = ""


@dataclass(frozen=True)
class Ranged:
    """A toll's reported range, or in a word why none is drawn."""

    name: str
    bar: charts.Bar | None
    otherwise: str = ""


class Hrefs:
    """Where links to reports, words, incidents and totals lead: within the folder of the dossier.

    ``root`` is the way from a page to that folder. Other pages of the same views give ``Layout`` their own.
    """

    def report(self, name: DocumentId, root: str) -> str:
        """The page of a report."""
        return f"{root}reports/{name}.html"

    def words(self, name: DocumentId, claim: ClaimId, root: str) -> str:
        """Where exactly the words of a claim light up."""
        return f"{self.report(name, root)}#{claim}"

    def incident(self, name: IncidentId, root: str) -> str:
        """The page of an incident or matter."""
        return f"{root}incidents/{name}.html"

    def totals(self, root: str) -> str:
        """The list of what reports give as totals over several events."""
        return f"{root}index.html#totals"


class Layout:
    """The record laid out: every row under its id, each worked out once."""

    def __init__(self, record: Record, ground: Ground | None = None, hrefs: Hrefs | None = None) -> None:
        self.record = record
        self.ground = ground or Ground()
        self.hrefs = hrefs or Hrefs()
        self.index = facts.index(record)
        self.documents: dict[DocumentId, Document] = self.index.documents
        self.captures: dict[str, Capture] = {capture.id: capture for capture in record.captures}
        incidents, matters = facts.incidents(record), facts.matters(record)
        self.called = {w.incident.id: facts.called(w) for w in (*incidents, *matters)}
        self.incidents = sorted(incidents, key=self._by_day)
        self.matters = sorted(matters, key=self._by_day)
        self.totals = sorted(facts.totals(record), key=_by_period)
        self.all = (*self.incidents, *self.matters)
        self.accounts_in: dict[DocumentId, list[Account]] = {}
        for account in record.accounts:
            self.accounts_in.setdefault(account.document, []).append(account)
        self.claims_in: dict[DocumentId, dict[ClaimId, Claim]] = {}
        for name, claim in sorted(self.index.claims.items(), key=lambda item: (item[1].span, item[0])):
            self.claims_in.setdefault(claim.span.document, {})[name] = claim
        self.scales = _scales(self.incidents)
        self._ids: dict[Claim, ClaimId] = {claim: name for name, claim in self.index.claims.items()}
        self._sections: dict[IncidentId, tuple[Section, ...]] = {}
        self._alleged: dict[IncidentId, list[Alleged]] = {}
        for alleged in record.alleged:
            self._alleged.setdefault(alleged.incident, []).append(alleged)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all that the record holds."""
        return facts.fingerprint(self.record)

    def sections(self, weighed: Weighed) -> tuple[Section, ...]:
        """The sentences on one incident or matter, field by field."""
        name = weighed.incident.id
        if name not in self._sections:
            self._sections[name] = sections(weighed, self.documents, self.called[name])
        return self._sections[name]

    def alleged(self, weighed: Weighed) -> tuple[Alleged, ...]:
        """The articles that may be read beside one incident."""
        return tuple(self._alleged.get(weighed.incident.id, ()))

    def _by_day(self, weighed: Weighed) -> tuple[str, str, str]:
        told = self.called[weighed.incident.id].when
        start, end = told.start.isoformat() if told.start else "9", told.end.isoformat() if told.end else "9"
        return start, end, weighed.incident.id

    def claim_id(self, claim: Claim) -> ClaimId:
        """The id of a claim, worked out once."""
        if claim not in self._ids:
            self._ids[claim] = claim.id
        return self._ids[claim]

    def words_href(self, claim: Claim, root: str) -> str:
        """Where exactly the words of a claim light up."""
        return self.hrefs.words(claim.span.document, self.claim_id(claim), root)

    def report_link(self, document: DocumentId, root: str) -> Link:
        """A report under its publisher, day and title."""
        held = self.documents[document]
        return Link(self.hrefs.report(document, root), f"{words.cite(held)}: {held.title or held.name}")

    def tolls(self, weighed: Weighed, names: Iterable[str]) -> tuple[Ranged, ...]:
        """The reported ranges of an incident, on the scale that all incidents share."""
        out = []
        for name in names:
            finding = weighed.finding(name)
            if finding and finding.range:
                out.append(Ranged(name, charts.bar(finding.range, self.scales[name])))
            else:
                told = any(account.tolls(name) for account in weighed.incident.accounts)
                out.append(Ranged(name, None, "see figures" if told else "not told"))
        return tuple(out)


@dataclass
class Notes:
    """Numbers the words that a page cites, in the order in which they first appear on it."""

    layout: Layout
    root: str
    refs: dict[ClaimId, Ref] = field(default_factory=dict)

    def sentence(self, passage: Passage) -> Sentence:
        """The passage with a link for each of its claims."""
        seen = {self.layout.claim_id(claim): claim for claim in passage.claims}
        return Sentence(passage.text, tuple(self._ref(name, claim) for name, claim in seen.items()))

    def sentences(self, passages: Iterable[Passage]) -> tuple[Sentence, ...]:
        """Several passages, in order."""
        return tuple(self.sentence(passage) for passage in passages)

    def _ref(self, name: ClaimId, claim: Claim) -> Ref:
        if name not in self.refs:
            document = self.layout.documents[claim.span.document]
            self.refs[name] = Ref(
                len(self.refs) + 1,
                self.layout.words_href(claim, self.root),
                words.quoted(claim.span.quote),
                words.cite(document, claim.span),
                document.title or document.name,
                name,
            )
        return self.refs[name]


def chip(verdict: Verdict, fields: str = "") -> Chip:
    """One verdict, with the fields that it holds for."""
    word, sign, _ = words.VERDICTS[verdict]
    return Chip(str(verdict), sign, word, fields)


def chips(weighed: Weighed) -> tuple[Chip, ...]:
    """The verdicts of an incident's fields, the gravest first, fields of one verdict together."""
    names = FIELDS if not weighed.incident.is_matter else tuple(f.field for f in weighed.findings)
    told = {name: finding.verdict for name in names if (finding := weighed.finding(name))}
    out = []
    for verdict in _ORDER:
        held = [words.field_label(name).lower() for name in told if told[name] is verdict]
        if held:
            out.append(chip(verdict, ", ".join(held)))
    return tuple(out)


def reports_of(weighed: Weighed) -> int:
    """How many reports tell it."""
    return len({account.document for account in weighed.incident.accounts})


def _scales(incidents: Sequence[Weighed]) -> dict[str, charts.Scale]:
    """One scale for each kind of toll, so that rows can be compared."""
    greatest = {"killed": 0, "wounded": 0, "captured": 0}
    for weighed in incidents:
        for name in greatest:
            finding = weighed.finding(name)
            if finding and finding.range:
                greatest[name] = max(greatest[name], finding.range.high)
    return {name: charts.Scale(most, 96.0) for name, most in greatest.items()}


def _by_period(account: Account) -> tuple[object, ...]:
    told = account.telling.when
    start, end = told.start.isoformat() if told.start else "9", told.end.isoformat() if told.end else "9"
    return words.where(account.telling.place), start, end, account.span
