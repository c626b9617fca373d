"""What waits for a decision, as a card: a claim in its sentence, two accounts, an incident in a line.

The words of the dossier are used throughout (``dossier.report.note``, ``dossier.incident.cells_of``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tallystick import casework
from tallystick.desk import Row
from tallystick.dossier import words
from tallystick.dossier.incident import cells_of
from tallystick.dossier.layout import Layout, Link
from tallystick.dossier.report import Note, note
from tallystick.dossier.sentence import sentence_of
from tallystick.model import Account, AccountId, Claim, ClaimId, Document, DocumentId, Judgement, Record
from tallystick.reviewing import Settled, same_person
from tallystick.web.here import Here
from tallystick.web.hrefs import DeskHrefs
from tallystick.web.standing import Stand, is_blind, mark_of_incident, mark_of_pair, stand

COLUMNS = ("Day", "Place", "Kind", "Figures", "Who", "Weapon")


@dataclass(frozen=True)
class ClaimCard:
    """A claim to decide on: its words in their sentence, what it says, and what stands of it.

    ``at`` is where the sentence begins in the text, in code points.
    """

    id: ClaimId
    note: Note
    at: int
    before: str
    quote: str
    after: str
    report: Link
    incident: Link
    stand: Stand
    account: str
    grade: str
    graded_by: str
    sort: Literal["claim"] = "claim"


@dataclass(frozen=True)
class Side:
    """One of two accounts: its report, and what it tells, by column."""

    id: AccountId
    report: Link
    published: str
    incident: Link
    cells: tuple[tuple[str, tuple[Link, ...]], ...]
    before: str
    quote: str
    after: str


@dataclass(frozen=True)
class PairCard:
    """Two accounts that may tell of one event, and what is judged of them."""

    id: str
    left: Side
    right: Side
    verdict: str
    by: str
    by_person: bool
    reasons: tuple[str, ...]
    score: float | None
    seen: str
    before: str  # what to judge to take the last word back; empty where it is no person's
    sort: Literal["pair"] = "pair"


@dataclass(frozen=True)
class IncidentCard:
    """An incident whose accounts cannot all be true."""

    id: str
    row: Row
    href: str
    differing: tuple[str, ...]
    seen: str
    looked: str  # who looked at it as it stands
    sort: Literal["incident"] = "incident"


Card = ClaimCard | PairCard | IncidentCard


class Cards:
    """Makes the cards of one request; reports are read once."""

    def __init__(self, here: Here) -> None:
        self.here = here
        self._documents: dict[str, Document | None] = {}
        self._settled: dict[str, Mapping[ClaimId, Settled]] = {}
        self._known: dict[str, Mapping[ClaimId, Claim]] = {}
        self._told: dict[ClaimId, Claim] = {}
        self._grades: Mapping[str, tuple[str, str]] | None = None

    def ready(self, documents: Collection[str], claims: Iterable[ClaimId]) -> None:
        """Read what people said of these reports, and these claims of them as they were told, all at once."""
        self._settled |= self.here.desk.settled_in(documents)
        wanted = set(claims)
        self._told |= self.here.desk.case.ledger.claims_named(wanted, documents)
        for settled in self._settled.values():
            for each in settled.values():
                given = (each.added, *(review.correction for review in each.said))
                self._told |= {claim.id: claim for claim in given if claim and claim.id in wanted}

    def told(self, claim: Claim) -> Claim:
        """A claim that is ``ready``, as it was told: names in it are not looked up."""
        return self._told.get(claim.id, claim)

    def document(self, name: str) -> Document | None:
        if name not in self._documents:
            self._documents[name] = self.here.desk.document(name)
        return self._documents[name]

    def settled(self, name: str) -> Mapping[ClaimId, Settled]:
        """What people decided of the claims of a report."""
        if name not in self._settled:
            self._settled[name] = self.here.desk.settled(name)
        return self._settled[name]

    def known(self, name: str) -> Mapping[ClaimId, Claim]:
        """The claims of a report that may be decided on."""
        if name not in self._known:
            self._known[name] = self.here.desk.known_in(name)
        return self._known[name]

    # --------------------------------------------------------------------------------- claims

    def claim(self, name: str) -> ClaimCard | None:
        """The card of a claim; None where there is no such claim."""
        report = self.here.desk.document_of(name)
        document = self.document(report) if report else None
        claim = self._told.get(ClaimId(name))
        if claim is None and report:
            claim = self.known(report).get(ClaimId(name))
        if document is None or claim is None:
            return None
        return self.of_claim(claim, document)

    def of_claim(self, claim: Claim, document: Document) -> ClaimCard:
        """The card of a claim of a report."""
        here, span = self.here, claim.span
        start, end = sentence_of(document.text, span.start, span.end)
        account = claim.account or ""
        incident = here.desk.incidents_of([account]).get(AccountId(account)) if account else None
        row = here.desk.row(incident) if incident else None
        settled = self.settled(document.id).get(claim.id, Settled("open"))
        grade, by = self.grades().get(claim.id, ("", ""))
        if same_person(by) != same_person(here.person) and is_blind(here, settled):
            grade, by = "", ""  # how credible somebody finds it, tells what they said of it
        return ClaimCard(
            id=claim.id,
            note=note(claim.id, claim, document),
            at=start,
            before=document.text[start : span.start],
            quote=document.text[span.start : span.end],
            after=document.text[span.end : end],
            report=self.report_link(document, claim.id),
            incident=Link(here.url("incident", id=row.id), f"{row.title}, {row.days}")
            if row
            else Link("", ""),
            stand=stand(here, settled),
            account=account,
            grade=grade,
            graded_by=by,
        )

    def report_link(self, document: Document, claim: str = "") -> Link:
        """A report, at the words of a claim if one is named."""
        href = self.here.url("report", id=document.id) + (f"#{claim}" if claim else "")
        return Link(href, f"{words.cite(document)}: {document.title or document.name}")

    def accounts(self, document: Document) -> tuple[tuple[str, str], ...]:
        """The accounts of a report by id, each with its kind and first words, by the claims that stand.

        What only waits for a second person tells the second nothing here.
        """
        heads: dict[str, str] = {}
        for claim in self.here.desk.claims_of(document.id):
            if claim.telling is not None and claim.account:
                kind = getattr(claim.value, "kind", "")
                label = f"{self.here._(words.capital(words.KINDS[kind]))}: " if kind in words.KINDS else ""
                told = f"{label}{words.quoted(claim.telling.quote, 70)}"
                if label or claim.account not in heads:
                    heads[claim.account] = told
        there = self.here.desk.accounts_known(heads)
        return tuple((name, heads[name]) for name in sorted(heads) if name in there)

    def grades(self) -> Mapping[str, tuple[str, str]]:
        """The grade that stands of each source (by folded name) and claim, and whose it is."""
        if self._grades is None:
            told = casework.grades(self.here.desk.case.ledger.events("graded"))
            self._grades = {name: (event.facts["grade"], event.by) for name, event in told.items()}
        return self._grades

    # ---------------------------------------------------------------------------------- pairs

    def pair(self, left: str, right: str) -> PairCard | None:
        """The card of two accounts; None where one of them is not there."""
        left, right = sorted((left, right))
        ends = [self.here.desk.account(name) for name in (left, right)]
        one, other = ends
        if one is None or other is None:
            return None
        judged = self.here.desk.judgement(left, right)
        layout = self.layout([one, other])
        return PairCard(
            f"{one.id} {other.id}",
            self.side(layout, one),
            self.side(layout, other),
            judged.verdict if judged else "",
            judged.maker.name if judged else "",
            bool(judged and judged.by_person),
            judged.reasons if judged else (),
            judged.score if judged else None,
            mark_of_pair(judged),
            self._before(judged),
        )

    def _before(self, judged: Judgement | None) -> str:
        """The verdict that stood before a person's: a person's, or else what a program says."""
        if judged is None or not judged.by_person:
            return ""
        return self.here.desk.before(judged.left, judged.right)

    def layout(self, accounts: Iterable[Account]) -> Layout:
        """These accounts laid out by themselves, without incidents."""
        told = tuple(accounts)
        names = dict.fromkeys(account.document for account in told)
        documents = tuple(held for name in names if (held := self.document(name)) is not None)
        record = Record(self.here.desk.case.name, (), documents, (), told, (), ())
        return Layout(record, hrefs=DeskHrefs(self.here))

    def side(self, layout: Layout, account: Account) -> Side:
        """One account as it stands beside another."""
        document = layout.documents[DocumentId(account.document)]
        cells, span = cells_of(layout, account), account.span
        start, end = sentence_of(document.text, span.start, span.end)
        incident = self.here.desk.incidents_of([account.id]).get(account.id)
        row = self.here.desk.row(incident) if incident else None
        return Side(
            account.id,
            self.report_link(document, layout.claim_id(account.head)),
            words.published(document),
            Link(self.here.url("incident", id=row.id), f"{row.title}, {row.days}") if row else Link("", ""),
            tuple((name, tuple(cells.get(name, ()))) for name in COLUMNS),
            document.text[start : span.start],
            span.quote,
            document.text[span.end : end],
        )

    # ------------------------------------------------------------------------------ incidents

    def incident(self, name: str) -> IncidentCard | None:
        """The card of an incident; None where there is none of that id."""
        row, weighed = self.here.desk.row(name), self.here.desk.weighed(name)
        if row is None or weighed is None:
            return None
        differing = tuple(
            self.here._(words.field_label(field).lower())
            for field, verdict in row.verdicts.items()
            if verdict == "conflict"
        )
        held = sorted(account.id for account in weighed.incident.accounts)
        looked = next(iter(self.here.desk.history(item=name, what=("looked",), limit=1)), None)
        return IncidentCard(
            name,
            row,
            self.here.url("incident", id=name),
            differing,
            mark_of_incident(weighed.incident),
            looked.by if looked and list(looked.facts["accounts"]) == held else "",
        )
