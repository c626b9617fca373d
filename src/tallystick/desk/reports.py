"""What is asked of reports, and of the claims in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from datetime import date
from typing import Any, Literal

from tallystick import reviewing
from tallystick.desk import search
from tallystick.desk.around import reports_kept
from tallystick.desk.asked import Asked
from tallystick.desk.entries import ReportRow
from tallystick.model import AccountId, Claim, ClaimId, Document, DocumentId, Remark, Review

Only = Literal["", "remarked", "misdated", "undecided"]


_ROW = (
    "SELECT id, name, title, publisher, published, language, accounts, claims, remarks, "
    "(SELECT COUNT(*) FROM doubts WHERE doubts.document = documents.id), capture, remarked FROM documents"
)


class Reports(Asked):
    """The reports of a case."""

    def reports(
        self,
        *,
        words: str = "",
        publisher: str = "",
        language: str = "",
        only: Only = "",
        limit: int = 100,
        skip: int = 0,
    ) -> tuple[ReportRow, ...]:
        """The reports, in order of their names; if asked, those with ``words``, or of one ``publisher``.

        ``language`` is its code, "?" for those of which it is not known; ``only`` takes those
        that are ``remarked`` on, whose date is ``misdated``, or with claims that wait ``undecided``.
        """
        where, values = _of_reports(words, publisher, language, only)
        query = f"{_ROW} WHERE {where} ORDER BY place LIMIT ? OFFSET ?"
        found = self._keep.reading.execute(query, (*values, limit, skip))
        return tuple(_report_row(row) for row in found)

    def walk_reports(
        self,
        *,
        words: str = "",
        publisher: str = "",
        language: str = "",
        only: Only = "",
        after: str = "",
        limit: int = 100,
    ) -> tuple[ReportRow, ...]:
        """The same behind the id ``after``, in the order of their ids, which does not change."""
        where, values = _of_reports(words, publisher, language, only)
        query = f"{_ROW} WHERE {where} AND id > ? ORDER BY id LIMIT ?"
        return tuple(map(_report_row, self._keep.reading.execute(query, (*values, after, limit))))

    def count_reports(
        self, *, words: str = "", publisher: str = "", language: str = "", only: Only = ""
    ) -> int:
        """How many reports those are."""
        where, values = _of_reports(words, publisher, language, only)
        found = self._keep.reading.execute(f"SELECT COUNT(*) FROM documents WHERE {where}", values)
        return int(found.fetchone()[0])

    def report_row(self, name: str) -> ReportRow | None:
        """One report in a line."""
        found = self._keep.reading.execute(f"{_ROW} WHERE id = ?", (name,)).fetchone()
        return _report_row(found) if found else None

    def publishers(self, like: str = "", *, limit: int = 500) -> tuple[tuple[str, int], ...]:
        """Who published reports, and how many; the most first. ``like`` is a part of the name."""
        query = (
            "SELECT publisher, COUNT(*) FROM documents WHERE publisher <> '' "
            "GROUP BY publisher ORDER BY 2 DESC, 1"
        )
        part = search.folded(like.strip())
        found = ((name, count) for name, count in self._keep.reading.execute(query))
        return tuple(each for each in found if part in search.folded(each[0]))[:limit]

    def languages(self) -> tuple[tuple[str, int], ...]:
        """The languages of reports ("" where not known), and how many are in each; the most first."""
        query = "SELECT language, COUNT(*) FROM documents GROUP BY language ORDER BY 2 DESC, 1"
        return tuple((name, count) for name, count in self._keep.reading.execute(query))

    def document(self, name: str) -> Document | None:
        """The report of that id, with its text."""
        return next(iter(reports_kept(self._keep.reading, [name])), None)

    def document_of(self, claim: str) -> DocumentId | None:
        """The report that a claim is of, as far as it is read there or a person's."""
        found = self._keep.reading.execute("SELECT document FROM claims WHERE id = ?", (claim,)).fetchone()
        return DocumentId(found[0]) if found else None

    def quote_of(self, claim: str) -> str:
        """The words of a claim that is read, was decided on, or given by a person; else nothing."""
        found = self._keep.reading.execute("SELECT quote FROM claims WHERE id = ?", (claim,)).fetchone()
        return str(found[0]) if found else ""

    def claims_of(self, document: str) -> tuple[Claim, ...]:
        """The claims of a report as they stand by what people decided."""
        said = self.case.ledger.claims_of(DocumentId(document))
        decided = self.settled(document)
        unread = decided.keys() - {claim.id for claim in said}
        former = self.case.ledger.claims_of(DocumentId(document), every=True) if unread else ()
        return reviewing.applied(said, decided, {one.id: one for one in former if one.id in unread})

    def settled(self, document: str) -> dict[ClaimId, reviewing.Settled]:
        """What people decided of the claims of a report, as it stands."""
        return self.settled_in([document])[document]

    def settled_in(self, documents: Iterable[str]) -> dict[str, dict[ClaimId, reviewing.Settled]]:
        """The same of several reports, each under its id; the ledger is asked once."""
        claims = {name: self._claims_in(name) for name in documents}
        said: dict[ClaimId, list[Review]] = {}
        for review in self.case.ledger.reviews_of([each for names in claims.values() for each in names]):
            said.setdefault(review.claim, []).append(review)
        rule = self.case.settings
        out = {}
        for name, own in claims.items():
            reviews = [review for each in own for review in said.get(each, ())]
            out[name] = reviewing.settled(reviews, twice=rule.second_check, seniors=rule.seniors)
        return out

    def known_in(self, document: str) -> dict[ClaimId, Claim]:
        """The claims of a report that may be decided on: those ever read, and those that people gave."""
        out = {claim.id: claim for claim in self.case.ledger.claims_of(DocumentId(document), every=True)}
        for review in self.case.ledger.reviews_of(self._claims_in(document)):
            if review.correction is not None:
                out[review.correction.id] = review.correction
        return out

    def accounts_of(self, claims: Set[ClaimId]) -> set[AccountId]:
        """The accounts that claims belong to, as they were read or given."""
        wanted: dict[DocumentId, set[ClaimId]] = {}
        for name in claims:
            if (document := self.document_of(name)) is not None:
                wanted.setdefault(document, set()).add(name)
        found = (claim for each, names in wanted.items() for claim in self._named_in(each, names))
        return {claim.account for claim in found if claim.account is not None}

    def _named_in(self, document: DocumentId, names: Set[ClaimId]) -> list[Claim]:
        known = self.known_in(document)
        return [known[name] for name in sorted(names) if name in known]

    def _claims_in(self, document: str) -> list[ClaimId]:
        found = self._keep.reading.execute(
            "SELECT id FROM claims WHERE document = ? ORDER BY id", (document,)
        )
        return [ClaimId(name) for (name,) in found]


def _report_row(row: tuple[Any, ...]) -> ReportRow:
    name, own, title, publisher, published, *counted, remarked = row
    day = date.fromisoformat(published) if published else None
    told = tuple(Remark(DocumentId(name), text, about) for about, text in json.loads(remarked))
    language, accounts, claims, many, undecided, capture = counted
    return ReportRow(
        DocumentId(name),
        own,
        title,
        publisher,
        day,
        language,
        accounts,
        claims,
        many,
        undecided,
        capture,
        told,
    )


_ONLY: dict[Only, str] = {
    "": "1",
    "remarked": "remarks > 0",
    "misdated": "misdated",
    "undecided": "id IN (SELECT document FROM doubts)",
}


def _of_reports(words: str, publisher: str, language: str, only: Only) -> tuple[str, tuple[Any, ...]]:
    """The condition, in SQL, for these reports, with its values."""
    parts, values = [_ONLY[only]], []
    if words.strip():
        query = search.asked(words)
        parts.append("id IN (SELECT document FROM texts WHERE texts MATCH ?)" if query else "0")
        values += [query] if query else []
    if publisher:
        parts.append("publisher = ?")
        values.append(publisher)
    if language:
        parts.append("language = ?")
        values.append("" if language == "?" else language)
    return " AND ".join(parts), tuple(values)
