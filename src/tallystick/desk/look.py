"""What the desk's pages ask of a case: read from what is kept to hand, in milliseconds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tallystick import reviewing
from tallystick.case import Case
from tallystick.desk import search
from tallystick.desk.entries import Hit, Item, Named, Order, Overview, Pressing, ReportRow, Row, Wanted
from tallystick.desk.keep import Keep, unpacked
from tallystick.dossier import words
from tallystick.intake import REFUSING, standing_refusals
from tallystick.model import (
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    IncidentId,
    Judgement,
    Record,
    Weighed,
)
from tallystick.remarks import remarks
from tallystick.values.names import fold

_ORDERS: dict[Order, str] = {
    "day": "day, id",
    "told": "reports DESC, id",
    "killed": "killed DESC, id",
    "place": "place, day, id",
}
_PRESSING: dict[Pressing, str] = {
    "weight": "weight * doubt DESC",
    "doubt": "doubt DESC, weight DESC",
    "day": "day, weight * doubt DESC",
}
_FIRST: dict[str, dict[Pressing, str]] = {
    "claim": {
        "weight": "doubts.weight * doubts.doubt DESC, claim",
        "doubt": "doubts.doubt DESC, doubts.weight DESC, claim",
        "day": "incidents.day, doubts.weight * doubts.doubt DESC, claim",
    },
    "pair": {
        "weight": "pairs.weight * pairs.doubt DESC, left, right",
        "doubt": "pairs.doubt DESC, pairs.weight DESC, left, right",
        "day": "incidents.day, pairs.weight * pairs.doubt DESC, left, right",
    },
    "incident": {"weight": "killed DESC, id", "doubt": "killed DESC, id", "day": "day, killed DESC, id"},
}
DECIDED = ("reviewed", "judged", "named", "graded", "commented", "assigned", "looked")


class Look:
    """A look at a case, as of what is kept of it. Safe for several threads."""

    def __init__(self, case: Case, keep: Keep) -> None:
        self.case = case
        self._keep = keep

    @property
    def at(self) -> int:
        """The seq of the last custody event that is worked in; 0 before any was."""
        told = json.loads(self._keep.meta("stands") or "null")
        return int(told["at"]) if told else 0

    # ------------------------------------------------------------------------------ incidents

    def rows(self, wanted: Wanted = Wanted(), *, limit: int = 100, skip: int = 0) -> tuple[Row, ...]:  # noqa: B008
        """The incidents or matters that are ``wanted``, in its order, from the one at ``skip`` on."""
        where, values = _where(wanted)
        query = f"SELECT row FROM incidents WHERE {where} ORDER BY {_ORDERS[wanted.order]} LIMIT ? OFFSET ?"  # noqa: S608
        found = self._keep.reading.execute(query, (*values, limit, skip))
        return tuple(unpacked(row) for (row,) in found)

    def count(self, wanted: Wanted = Wanted()) -> int:  # noqa: B008 - a frozen value
        """How many incidents or matters are ``wanted``."""
        where, values = _where(wanted)
        found = self._keep.reading.execute(f"SELECT COUNT(*) FROM incidents WHERE {where}", values)  # noqa: S608
        return int(found.fetchone()[0])

    def weighed(self, name: str) -> Weighed | None:
        """The incident or matter of that id, also of a former one; None where there is none."""
        reading = self._keep.reading
        found = reading.execute("SELECT body FROM incidents WHERE id = ?", (name,)).fetchone()
        if found is None:
            account = "acc-" + name.removeprefix("inc-")
            query = "SELECT body FROM incidents WHERE id = (SELECT incident FROM accounts WHERE id = ?)"
            found = reading.execute(query, (account,)).fetchone()
        return unpacked(found[0]) if found else None

    def row(self, name: str) -> Row | None:
        """The same in a line."""
        found = self._keep.reading.execute("SELECT row FROM incidents WHERE id = ?", (name,)).fetchone()
        return unpacked(found[0]) if found else None

    def incidents_of(self, names: Iterable[str]) -> dict[AccountId, IncidentId]:
        """The incident that each of these accounts belongs to; totals belong to none."""
        out: dict[AccountId, IncidentId] = {}
        for name in names:
            found = self._keep.reading.execute(
                "SELECT incident FROM accounts WHERE id = ?", (name,)
            ).fetchone()
            if found and found[0]:
                out[AccountId(name)] = IncidentId(found[0])
        return out

    def accounts_known(self, names: Iterable[str]) -> set[AccountId]:
        """Those of ``names`` that are accounts of the case."""
        ask = "SELECT 1 FROM accounts WHERE id = ?"
        return {AccountId(name) for name in names if self._keep.reading.execute(ask, (name,)).fetchone()}

    def account(self, name: str) -> Account | None:
        """The account of that id, its names looked up; None where there is none."""
        found = self._keep.reading.execute(
            "SELECT incident, body FROM accounts WHERE id = ?", (name,)
        ).fetchone()
        if found is None:
            return None
        if found[1] is not None:
            loose = unpacked(found[1])
            assert isinstance(loose, Account)
            return loose
        weighed = self.weighed(found[0]) if found[0] else None
        return next((one for one in weighed.incident.accounts if one.id == name), None) if weighed else None

    def judgements_of(self, names: Iterable[str]) -> tuple[Judgement, ...]:
        """What stands between any of these accounts and any other, in order of the pairs."""
        out = {}
        for name in names:
            for side in ("left", "right"):
                found = self._keep.reading.execute(
                    f"SELECT left, right, body FROM pairs WHERE {side} = ?", (name,)
                )
                out.update({(left, right): body for left, right, body in found})
        return tuple(unpacked(out[pair]) for pair in sorted(out))

    # -------------------------------------------------------------------------------- reports

    def reports(
        self, *, words: str = "", publisher: str = "", limit: int = 100, skip: int = 0
    ) -> tuple[ReportRow, ...]:
        """The reports, in order of their names; of those that hold ``words`` or are of a ``publisher``, if asked."""
        where, values = _of_reports(words, publisher)
        query = (
            "SELECT id, name, title, publisher, published, language, accounts, claims, remarks, "
            "(SELECT COUNT(*) FROM doubts WHERE doubts.document = documents.id), capture "
            f"FROM documents WHERE {where} ORDER BY place LIMIT ? OFFSET ?"
        )
        found = self._keep.reading.execute(query, (*values, limit, skip))
        return tuple(_report_row(*row) for row in found)

    def count_reports(self, *, words: str = "", publisher: str = "") -> int:
        """How many reports those are."""
        where, values = _of_reports(words, publisher)
        found = self._keep.reading.execute(f"SELECT COUNT(*) FROM documents WHERE {where}", values)  # noqa: S608
        return int(found.fetchone()[0])

    def document(self, name: str) -> Document | None:
        """The report of that id, with its text."""
        return self.case.ledger.document(DocumentId(name))

    def document_of(self, claim: str) -> DocumentId | None:
        """The report that a claim is of, as far as it is read there or a person's."""
        found = self._keep.reading.execute("SELECT document FROM claims WHERE id = ?", (claim,)).fetchone()
        return DocumentId(found[0]) if found else None

    def claims_of(self, document: str) -> tuple[Claim, ...]:
        """The claims of a report as they stand by what people decided."""
        said = self.case.ledger.claims_of(DocumentId(document))
        decided = self.settled(document)
        unread = decided.keys() - {claim.id for claim in said}
        former = self.case.ledger.claims_of(DocumentId(document), every=True) if unread else ()
        return reviewing.applied(said, decided, {one.id: one for one in former if one.id in unread})

    def settled(self, document: str) -> dict[ClaimId, reviewing.Settled]:
        """What people decided of the claims of a report, as it stands."""
        reviews = self.case.ledger.reviews_of(self._claims_in(document))
        rule = self.case.settings
        return reviewing.settled(reviews, twice=rule.second_check, seniors=rule.seniors)

    def known_in(self, document: str) -> dict[ClaimId, Claim]:
        """The claims of a report that may be decided on: those ever read, and those that people gave."""
        out = {claim.id: claim for claim in self.case.ledger.claims_of(DocumentId(document), every=True)}
        for review in self.case.ledger.reviews_of(self._claims_in(document)):
            if review.correction is not None:
                out[review.correction.id] = review.correction
        return out

    def _claims_in(self, document: str) -> list[ClaimId]:
        found = self._keep.reading.execute(
            "SELECT id FROM claims WHERE document = ? ORDER BY id", (document,)
        )
        return [ClaimId(name) for (name,) in found]

    # ------------------------------------------------------------------------- partial records

    def record_of(self, incidents: Iterable[str] = (), documents: Iterable[str] = ()) -> Record:
        """A record of these incidents and reports alone, for the pages of the dossier to be made of.

        It holds the reports that the incidents are told in, and the incidents that the reports tell; no totals,
        patterns and lines, which are of the whole case.
        """
        wanted = {one.incident.id: one for one in map(self.weighed, incidents) if one is not None}
        asked = [DocumentId(name) for name in documents]
        marks = ",".join("?" * len(asked))
        told = self._keep.reading.execute(
            f"SELECT DISTINCT incident, NULL FROM accounts WHERE incident IS NOT NULL AND document IN ({marks}) "  # noqa: S608
            f"UNION ALL SELECT NULL, body FROM accounts WHERE body IS NOT NULL AND document IN ({marks})",
            (*asked, *asked),
        ).fetchall()
        loose = [unpacked(body) for _, body in told if body is not None]
        for name in sorted(name for name, _ in told if name and name not in wanted):
            if (weighed := self.weighed(name)) is not None:
                wanted[weighed.incident.id] = weighed
        chosen = tuple(wanted[name] for name in sorted(wanted))
        names = {account.document for one in chosen for account in one.incident.accounts} | set(asked)
        reports = [one for name in sorted(names) if (one := self.case.ledger.document(name)) is not None]
        reports.sort(key=lambda one: (one.name, one.id))
        captures = self.case.ledger.captures_named({one.capture for one in reports})
        here = [account for one in chosen for account in one.incident.accounts] + loose
        here.sort(key=lambda account: account.span)
        inside = {account.id for account in here}
        judged = self.judgements_of(sorted(inside))
        return Record(
            name=self.case.name,
            captures=captures,
            documents=tuple(reports),
            claims=tuple(claim for name in asked for claim in self.claims_of(name)),
            accounts=tuple(here),
            judgements=tuple(each for each in judged if {each.left, each.right} <= inside),
            weighed=chosen,
            remarks=tuple(remarks(reports, captures)),
        )

    # ---------------------------------------------------------------------------- what waits

    def queue(
        self,
        order: Pressing = "weight",
        *,
        sorts: Sequence[str] = ("claim", "pair", "incident"),
        incident: str = "",
        limit: int = 50,
        skip: int = 0,
    ) -> tuple[Item, ...]:
        """What waits for a person, the most pressing first; of one incident if asked."""
        chosen = [sort for sort in sorts if sort in _WAITING]
        parts, values = _waiting(chosen, incident)
        if not parts:
            return ()
        # Each sort gives its most pressing, by an index of its own; of these the most pressing are taken.
        most = int(skip) + int(limit)
        every = " UNION ALL ".join(
            f"SELECT * FROM ({part} ORDER BY {_FIRST[sort][order]} LIMIT {most})"  # noqa: S608 - all ours
            for sort, part in zip(chosen, parts, strict=True)
        )
        query = f"SELECT * FROM ({every}) ORDER BY {_PRESSING[order]}, id LIMIT ? OFFSET ?"  # noqa: S608
        found = self._keep.reading.execute(query, (*values, limit, skip)).fetchall()
        assigned = self.assigned()
        return tuple(self._item(row, assigned) for row in found)

    def waiting(self, *, incident: str = "") -> dict[str, int]:
        """How many claims, pairs and incidents wait for a person."""
        out = {}
        for sort in ("claim", "pair", "incident"):
            parts, values = _waiting((sort,), incident)
            found = self._keep.reading.execute(f"SELECT COUNT(*) FROM ({parts[0]})", values)  # noqa: S608
            out[sort] = int(found.fetchone()[0])
        return out

    def _item(self, row: tuple[Any, ...], assigned: dict[str, str]) -> Item:
        sort, name, state, incident, document, left, right, title, quote, why, doubt, weight, day = row
        start = date.fromisoformat(day) if day and day != "9999" else None
        item = Item(
            sort, name, state, incident, document, ClaimId(name) if sort == "claim" else None,
            tuple(AccountId(one) for one in (left, right) if one), title, quote, why, doubt, weight, start,
            assigned.get(name, ""),
        )  # fmt: skip
        if sort == "pair":
            judgement = unpacked(row[8]) if isinstance(row[8], bytes) else None
            ends = [self.account(one) for one in (left, right)]
            told = " | ".join(words.quoted(one.span.quote, 90) for one in ends if one is not None)
            reasons = "; ".join(judgement.reasons) if judgement else ""
            return replace(item, title="Do these two tell of one event?", quote=told, why=reasons)
        return item

    def assigned(self) -> dict[str, str]:
        """To whom each thing that waits was given last, by its id."""
        out: dict[str, str] = {}
        for event in self.case.ledger.events("assigned"):
            out[event.item] = event.facts.get("to", "")
        return {item: person for item, person in out.items() if person}

    # -------------------------------------------------------------------------------- search

    def search(self, asked: str, *, limit: int = 50, skip: int = 0) -> tuple[Hit, ...]:
        """The reports that hold what is ``asked`` (see ``search.asked``), the likeliest first, with the words."""
        query = search.asked(asked)
        if query is None:
            return ()
        found = self._keep.reading.execute(
            "SELECT texts.document FROM texts WHERE texts MATCH ? ORDER BY rank, texts.document LIMIT ? OFFSET ?",
            (query, limit, skip),
        ).fetchall()
        out, terms = [], search.terms(asked)
        for (name,) in found:
            document = self.document(name)
            if document is None:
                continue
            told = search.found(document.text, terms)
            before, middle, after = search.around(document.text, *(told or (0, 0)))
            title = document.title or document.name
            out.append(Hit("report", name, title, before, middle, after, document.published))
        return tuple(out)

    def count_found(self, asked: str) -> int:
        """How many reports hold what is ``asked``."""
        query = search.asked(asked)
        if query is None:
            return 0
        found = self._keep.reading.execute("SELECT COUNT(*) FROM texts WHERE texts MATCH ?", (query,))
        return int(found.fetchone()[0])

    def names(self, sort: str, *, like: str = "", limit: int = 100, skip: int = 0) -> tuple[Named, ...]:
        """The places or parties ("place", "party") that reports name, the most often named first."""
        found = self._keep.reading.execute(
            "SELECT folded, means, reports FROM named WHERE sort = ? AND instr(folded, ?) "
            "ORDER BY reports DESC, folded, means LIMIT ? OFFSET ?",
            (sort, fold(like), limit, skip),
        ).fetchall()
        out = []
        for folded, means, reports in found:
            row = self._keep.reading.execute(
                "SELECT name, code, why, country, latitude, longitude FROM names "
                "WHERE (sort, folded, means) = (?, ?, ?) ORDER BY document LIMIT 1",
                (sort, folded, means),
            ).fetchone()
            if row is not None:
                name, code, why, *where = row
                out.append(Named(name, means, code, why, reports, *where))
        return tuple(out)

    def reports_naming(self, sort: str, name: str, *, limit: int = 100) -> tuple[DocumentId, ...]:
        """The reports that use a name of a place or party."""
        found = self._keep.reading.execute(
            "SELECT DISTINCT document FROM names WHERE sort = ? AND folded = ? ORDER BY document LIMIT ?",
            (sort, fold(name), limit),
        )
        return tuple(DocumentId(document) for (document,) in found)

    # --------------------------------------------------------------------------- the whole case

    def overview(self) -> Overview:
        """The figures of the first page."""
        ask: Callable[[str], Any] = lambda query: self._keep.reading.execute(query).fetchone()  # noqa: E731
        reports, publishers, accounts = ask(
            "SELECT COUNT(*), COUNT(DISTINCT NULLIF(publisher, '')), COALESCE(SUM(accounts), 0) FROM documents"
        )
        first, last = ask("SELECT MIN(day), MAX(NULLIF(last, '9999')) FROM incidents WHERE day <> '9999'")
        rule = self.case.settings
        told = reviewing.settled(self.case.ledger.reviews(), twice=rule.second_check, seniors=rule.seniors)
        twice, agreed = reviewing.agreement(told.values())
        refused = standing_refusals(self.case.ledger.events(*REFUSING))
        return Overview(
            at=self.at,
            reports=reports,
            publishers=publishers,
            incidents=self.count(Wanted("incident")),
            matters=self.count(Wanted("matter")),
            accounts=accounts,
            differing=self.count(Wanted("incident", differing=True)),
            undecided=self.waiting(),
            decided=len(told),
            looked_at_twice=twice,
            agreed=agreed,
            first=date.fromisoformat(first) if first else None,
            last=date.fromisoformat(last) if last else None,
            refused=len(refused),
            compare_anew=0,
        )

    def history(
        self, *, item: str = "", by: str = "", what: Sequence[str] = DECIDED, limit: int = 100, skip: int = 0
    ) -> tuple[Event, ...]:
        """What people decided, the last first; of one item or one person if asked."""
        found = [
            event
            for kind in what
            for event in self.case.ledger.events(kind)
            if (not item or item in event.item.split()) and (not by or event.by == by)
        ]
        found.sort(key=lambda event: event.at, reverse=True)
        return tuple(found[skip : skip + limit])


def _report_row(
    name: str, own: str, title: str, publisher: str, published: str | None, *more: Any
) -> ReportRow:
    day = date.fromisoformat(published) if published else None
    return ReportRow(DocumentId(name), own, title, publisher, day, *more)


def _where(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """The condition, in SQL, for what is wanted, with its values."""
    parts: list[str] = ["1"]
    values: list[Any] = []

    def add(part: str, *more: Any) -> None:
        parts.append(part)
        values.extend(more)

    if wanted.sort:
        add("sort = ?", wanted.sort)
    if wanted.kinds:
        add(f"kind IN ({','.join('?' * len(wanted.kinds))})", *wanted.kinds)
    if wanted.start:
        add("last >= ? AND day <> '9999'", wanted.start.isoformat())
    if wanted.end:
        add("day <= ?", wanted.end.isoformat())
    if wanted.box:
        west, south, east, north = wanted.box
        add("latitude BETWEEN ? AND ?", south, north)
        if west <= east:
            add("longitude BETWEEN ? AND ?", west, east)
        else:
            add("(longitude >= ? OR longitude <= ?)", west, east)
    for told in (wanted.place, wanted.party, *wanted.words.split()):
        if told:
            add("instr(folded, ?)", search.folded(told))
    if wanted.differing:
        add("differs")
    if wanted.undecided:
        add("differs AND NOT touched")
    return " AND ".join(parts), tuple(values)


def _of_reports(words: str, publisher: str) -> tuple[str, tuple[Any, ...]]:
    parts, values = ["1"], []
    if words.strip():
        query = search.asked(words)
        parts.append("id IN (SELECT document FROM texts WHERE texts MATCH ?)" if query else "0")
        values += [query] if query else []
    if publisher:
        parts.append("publisher = ?")
        values.append(publisher)
    return " AND ".join(parts), tuple(values)


_WAITING = {
    "claim": (
        "SELECT 'claim' AS sort, doubts.claim AS id, state, accounts.incident AS incident, doubts.document AS document, "
        "account AS left, NULL AS right, title, quote, why, doubt, doubts.weight AS weight, "
        "COALESCE(incidents.day, '9999') AS day FROM doubts LEFT JOIN accounts ON accounts.id = account "
        "LEFT JOIN incidents ON incidents.id = accounts.incident WHERE {}",
        "accounts.incident = ?",
    ),
    "pair": (
        "SELECT 'pair' AS sort, left || ' ' || right AS id, 'open' AS state, one.incident AS incident, "
        "NULL AS document, left, right, '' AS title, pairs.body AS quote, '' AS why, doubt, "
        "pairs.weight AS weight, COALESCE(incidents.day, '9999') AS day FROM pairs JOIN accounts one ON one.id = left "
        "JOIN accounts other ON other.id = right LEFT JOIN incidents ON incidents.id = one.incident "
        "WHERE doubt IS NOT NULL AND one.incident <> other.incident AND {}",
        "? IN (one.incident, other.incident)",
    ),
    "incident": (
        "SELECT 'incident' AS sort, id, 'open' AS state, id AS incident, NULL AS document, NULL AS left, "
        "NULL AS right, place AS title, '' AS quote, '' AS why, 0.5 AS doubt, killed AS weight, day FROM incidents "
        "WHERE differs AND NOT touched AND sort = 'incident' AND {}",
        "id = ?",
    ),
}


def _waiting(sorts: Sequence[str], incident: str) -> tuple[list[str], tuple[Any, ...]]:
    chosen = [_WAITING[sort] for sort in sorts if sort in _WAITING]
    parts = [query.format(which if incident else "1") for query, which in chosen]
    return parts, (incident,) * len(parts) if incident else ()
