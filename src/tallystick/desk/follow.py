"""Keeping to hand what follows from the ledger, as it grows: only what new rows touch is worked out anew.

A review touches the accounts of one report; a name's meaning those of the reports that use it; a judgement
its two accounts. Around the accounts so touched it is gathered anew (``incidents.resolve_near``), and the
incidents that come out otherwise are weighed anew. A new report may be what others copied: then
all incidents are weighed anew, and only its own accounts are read. Lists, settings and expunging touch all.

What comes out is what ``Case.record`` works out from the beginning; a test holds the two together.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick import findings, incidents, naming, reviewing
from tallystick.case import Case
from tallystick.desk import past
from tallystick.desk.around import WITHIN, Around, asked, parts, reports_kept
from tallystick.desk.entries import Row, doubt_of, names_in, row_of, stake
from tallystick.desk.keep import Keep, packed, unpacked
from tallystick.desk.search import folded
from tallystick.model import (
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Incident,
    Judgement,
    Review,
    Weighed,
    accounts,
)
from tallystick.remarks import remarks
from tallystick.reviewing import Settled
from tallystick.settings import settings
from tallystick.values.names import fold
from tallystick.values.places.gazetteer import Gazetteer

Progress = Callable[[str, int, int], None]
_DUE = ("waiting", "disputed")
_OF_DECISIONS = {"second_check", "seniors"}  # settings that change what stands of reviewed claims alone
_SURE = 4.0  # log-odds at which a program's word on a pair is as good as certain


@dataclass(frozen=True, slots=True)
class _Read:
    """One report with its claims as read, as they stand, and the accounts that they make."""

    document: Document
    said: tuple[Claim, ...]
    stand: tuple[Claim, ...]
    accounts: tuple[Account, ...]


class Follower:
    """What keeps a ``Keep`` up with the ledger of a case. To be used by one thread at a time."""

    def __init__(self, case: Case, keep: Keep) -> None:
        self._case = case
        self._keep = keep
        self._lists: Gazetteer | None = None
        self._forget()

    def _forget(self) -> None:
        """Drop what is held in memory: it is read again when it is needed."""
        self.close()
        self._events: list[Event] | None = None
        self._seen: dict[str, list[str]] = {}  # incidents that somebody looked at, with their accounts then
        self._said: dict[ClaimId, list[Review]] = {}
        self._where: dict[ClaimId, DocumentId] = {}
        self._about: dict[DocumentId, set[ClaimId]] = defaultdict(set)
        self._taken: Any = None

    def close(self) -> None:
        """Close the lists of places."""
        if self._lists is not None:
            self._lists.close()
            self._lists = None

    # ------------------------------------------------------------------------------ how far

    def catch_up(self, progress: Progress) -> int:
        """Work in all that the ledger holds; the seq of the last custody event that is worked in."""
        ledger = self._case.ledger
        extent = ledger.reach()
        stands = json.loads(self._keep.meta("stands") or "null")
        here = {"at": extent.seq, "chain": extent.chain, "rows": extent.rows}
        if stands == here:
            return extent.seq
        new = None
        if stands is not None and ledger.chain_at(stands["at"]) == stands["chain"]:
            new = ledger.events(after=stands["at"])
        if new is None or any(event.what == "settled" for event in new):
            self._case.reload()  # another program wrote them
        if new is None or any(_touches_all(event, self._rules()) for event in new):
            if any(event.what == "expunged" for event in new or ()):
                self._keep.renew()
            self._forget()
            self._anew(here, progress)
        else:
            self._follow(new, {"at": stands["at"], **stands["rows"]}, here, progress)
        return extent.seq

    def _rules(self) -> dict[str, Any]:
        told = self._keep.meta("settings")
        return dict(json.loads(told)) if told else {}

    def _note(self, connection: sqlite3.Connection, name: str, value: Any) -> None:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # ------------------------------------------------------------------------------ all of it

    def _anew(self, here: dict[str, Any], progress: Progress) -> None:
        """Work everything out from the beginning."""
        ledger = self._case.ledger
        documents = ledger.documents()
        with self._keep.writing() as connection:
            self._keep.empty(connection)
            self._note(connection, "settings", json.dumps(self._settled()))
            self._copied(connection, documents)
            for pair in ledger.judgements():
                _keep_pair(connection, pair)
            past.note(connection, ledger.numbered(*past.DECIDED))
            self._renew(connection, documents, set(), progress, everything=True)
            self._number(connection, documents)
            self._note(connection, "stands", json.dumps(here))

    def _settled(self) -> dict[str, Any]:
        """The settings as the record last told them; those of the folder where it never did."""
        told = self._case.ledger.events("settled")
        return dict(told[-1].facts if told else settings(self._case.folder).facts())

    def _copied(self, connection: sqlite3.Connection, documents: Sequence[Document]) -> None:
        self._taken = findings.copies(documents)
        self._note(connection, "copies", packed(self._taken))

    def _number(self, connection: sqlite3.Connection, documents: Sequence[Document]) -> None:
        """The order of the reports."""
        places = ((place, document.id) for place, document in enumerate(documents))
        connection.executemany("UPDATE documents SET place = ? WHERE id = ?", places)

    # ------------------------------------------------------------------------ what is new of it

    def _follow(
        self, new: Sequence[Event], before: dict[str, int], here: dict[str, Any], progress: Progress
    ) -> None:
        ledger = self._case.ledger
        self._load()
        assert self._events is not None
        self._events += [event for event in new if event.what == "named"]
        reviews = ledger.reviews(after=before["reviews"])
        self._hear(reviews)
        with self._keep.writing() as connection:
            touched = {DocumentId(event.item) for event in new if event.what == "read"}
            touched |= {self._where[review.claim] for review in reviews if review.claim in self._where}
            for event in new:
                if event.what == "named":
                    touched |= _naming(connection, event)
                elif event.what == "settled":
                    self._note(connection, "settings", json.dumps(dict(event.facts)))
                    touched |= self._about.keys()
            # One that is known again with another date or title is a new row of the same document.
            added = ledger.document_ids(after=before["documents"])
            every = ledger.documents() if added else ()
            if added:
                touched |= added
                self._copied(connection, every)
            ends = self._judged(connection, before["judgements"])
            documents = [one for name in sorted(touched) if (one := ledger.document(name)) is not None]
            for event in new:
                if event.what == "looked":
                    told = event.facts["accounts"], self._seen.get(event.item, [])
                    ends |= {AccountId(name) for names in told for name in names}
                    self._seen[event.item] = told[0]
            self._renew(connection, documents, ends, progress, weigh_all=bool(added))
            self._number(connection, every)
            past.note(connection, ledger.numbered(*past.DECIDED, after=before["at"]))
            self._note(connection, "stands", json.dumps(here))

    def _judged(self, connection: sqlite3.Connection, before: int) -> set[AccountId]:
        """Take in new judgements; the accounts whose gathering they may change."""
        pairs = self._case.ledger.judged(before)
        for pair in pairs:
            _keep_pair(connection, pair)
        ends = {end for pair in pairs for end in (pair.left, pair.right)}
        _weigh_pairs(connection, ends)
        return ends

    def _load(self) -> None:
        """Read what people decided so far, if that is not in memory yet."""
        if self._events is None:
            ledger = self._case.ledger
            self._events = [*ledger.events("listed", "named")]
            self._seen = {event.item: event.facts["accounts"] for event in ledger.events("looked")}
            self._hear(ledger.reviews())
        if self._taken is None:
            copied = self._keep.meta("copies")
            self._taken = unpacked(copied) if copied else findings.copies(self._case.ledger.documents())

    def _hear(self, reviews: Sequence[Review]) -> None:
        """Note these reviews under their claims, and in which report each claim stands."""
        where: dict[ClaimId, DocumentId] = {}
        for review in reviews:
            self._said.setdefault(review.claim, []).append(review)
            if review.correction is not None:
                where[review.claim] = where[review.correction.id] = review.correction.span.document
        unknown = {review.claim for review in reviews} - where.keys() - self._where.keys()
        for name in sorted(unknown):
            found = self._keep.reading.execute("SELECT document FROM claims WHERE id = ?", (name,)).fetchone()
            if found:
                where[name] = found[0]
        for name, claim in self._case.ledger.claims_named(unknown - where.keys()).items():
            where[name] = claim.span.document
        self._where |= where
        for review in reviews:
            if review.claim in self._where:
                self._about[self._where[review.claim]].add(review.claim)

    def _decided(self, claims: Iterable[ClaimId]) -> dict[ClaimId, Settled]:
        """What stands of these claims by what people said."""
        told = self._rules()
        said = [review for name in claims for review in self._said.get(name, ())]
        return reviewing.settled(said, twice=told["second_check"], seniors=told["seniors"])

    # --------------------------------------------------------------------- working it out anew

    def _renew(
        self,
        connection: sqlite3.Connection,
        documents: Sequence[Document],
        ends: set[AccountId],
        progress: Progress,
        *,
        weigh_all: bool = False,
        everything: bool = False,
    ) -> None:
        """Read the accounts of ``documents`` anew, and gather and weigh what this or ``ends`` touches."""
        self._load()
        ledger = self._case.ledger
        claims = _by_document(ledger.claims()) if everything else None
        read: list[_Read] = []
        for done, document in enumerate(documents):
            if everything and done % 20 == 0:
                progress("preparing the desk", done, len(documents))
            said = ledger.claims_of(document.id) if claims is None else claims.get(document.id, [])
            stand = self._stand(said, document.id)
            read.append(_Read(document, tuple(said), stand, self._found(stand, document)))
        fresh = {account.id: account for each in read for account in each.accounts}
        anew = {each.document.id for each in read}
        before = asked(connection, "SELECT id FROM accounts WHERE document IN ({})", anew)
        dirty = ends | fresh.keys() | {AccountId(name) for (name,) in before}
        around = Around(connection, fresh, anew)
        every = weigh_all or everything
        if every:
            near = around.every() | dirty
            gathered = incidents.resolve(around.accounts(near), around.judgements(near))
        elif not ends and around.alike():
            gathered, near = around.as_they_were(dirty)
        else:
            gathered, near = incidents.resolve_near(dirty, around)
        stood = {} if every else around.incidents(near)
        # What is gathered as it was, of accounts that are as they were, is weighed as it was.
        same = {
            one.id
            for one in gathered
            if one.id in stood
            and stood[one.id].incident == one
            and dirty.isdisjoint(a.id for a in one.accounts)
        }
        changed = near - {account.id for name in same for account in stood[name].incident.accounts}
        totals = [account for account in around.accounts(changed) if account.telling.aggregate]
        _scatter(connection, changed)
        for each in read:
            self._write(connection, each)
        _weigh_pairs(connection, fresh)
        self._weigh(
            connection, [one for one in gathered if one.id not in same], totals, changed,
            progress if every else None,
        )  # fmt: skip
        _line_up(connection, changed, anew)

    def _stand(self, said: Sequence[Claim], document: DocumentId) -> tuple[Claim, ...]:
        """The claims of a report as they stand by what people decided."""
        decided = self._decided(self._about.get(document, ()))
        unread = decided.keys() - {claim.id for claim in said}
        former = (
            {claim.id: claim for claim in self._case.ledger.claims_of(document, every=True)} if unread else {}
        )
        return reviewing.applied(said, decided, {name: former[name] for name in unread if name in former})

    def _found(self, stand: Sequence[Claim], document: Document) -> tuple[Account, ...]:
        """The accounts that claims of one report make, with what their names mean."""
        there = {document.id: document}
        assert self._events is not None
        if self._lists is None:
            self._lists = naming.opened(self._case.folder, self._events, lambda *_: None)
            self._register = naming.register(self._case.folder, self._events)
        lands = self._rules()["countries"]
        told = accounts(stand, there)
        told = naming.located(told, there, self._lists, lands, naming.decided(self._events, "place"))
        return naming.known(told, there, self._register, lands, naming.decided(self._events, "party"))

    def _weigh(
        self,
        connection: sqlite3.Connection,
        gathered: Sequence[Incident],
        totals: Iterable[Account],
        changed: Collection[AccountId],
        progress: Progress | None,
    ) -> None:
        """Weigh these incidents, and keep them; and keep accounts of none. All accounts here ``changed``."""
        texts: dict[DocumentId, Document] = {}
        assert self._taken is not None
        by_person = _judged_by_people(connection, changed)
        for done, incident in enumerate(gathered):
            if progress is not None and done % 50 == 0:
                progress("weighing", done, len(gathered))
            wanted = {account.document for account in incident.accounts} - texts.keys()
            texts |= {each.id: each for each in reports_kept(connection, wanted)}
            self._put(connection, findings.find(incident, self._taken, texts), by_person)
        connection.executemany(
            "UPDATE accounts SET incident = NULL, body = ? WHERE id = ?",
            [(packed(account), account.id) for account in totals],
        )

    def _put(self, connection: sqlite3.Connection, weighed: Weighed, by_person: set[AccountId]) -> None:
        row, told = row_of(weighed), weighed.incident.accounts
        names = [account.id for account in told]
        touched = self._seen.get(row.id) == sorted(names) or any(
            account.id in by_person
            or any(claim.by_person or claim.id in self._said for claim in account.claims)
            for account in told
        )
        put_row(connection, row, touched)
        connection.execute("INSERT OR REPLACE INTO weighed VALUES (?, ?)", (row.id, packed(weighed)))
        connection.executemany(
            "UPDATE accounts SET incident = ?, body = NULL WHERE id = ?",
            [(row.id, account.id) for account in told],
        )

    def _write(self, connection: sqlite3.Connection, read: _Read) -> None:
        """What one report gives: its line, words and names, its accounts, and what is to be decided of it."""
        document, told = read.document, read.accounts
        for table in ("claims", "doubts", "names", "texts", "accounts", "waiting"):
            connection.execute(f"DELETE FROM {table} WHERE document = ?", (document.id,))
        place = connection.execute("SELECT place FROM documents WHERE id = ?", (document.id,)).fetchone()
        captures = self._case.ledger.captures_named([document.capture])
        told_of = list(remarks([document], captures))
        connection.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id, place[0] if place else None, document.name, document.title or "",
                document.publisher or "", document.published.isoformat() if document.published else None,
                document.language or "", document.capture, len(told), len(read.stand),
                len(told_of), any(one.about == "date" for one in told_of),
                json.dumps([[one.about, one.text] for one in told_of]),
            ),
        )  # fmt: skip
        connection.execute("INSERT OR REPLACE INTO reports VALUES (?, ?)", (document.id, packed(document)))
        words = folded(f"{document.title or ''}\n{document.publisher or ''}\n{document.text}")
        connection.execute("INSERT INTO texts VALUES (?, ?)", (words, document.id))
        about = self._about.get(document.id, set())
        quotes = {claim.id: claim.span.quote for claim in (*read.said, *read.stand)}
        if about - quotes.keys():  # decided on, and read or corrected otherwise by now
            former = self._case.ledger.claims_of(document.id, every=True)
            given = (each.correction for name in about for each in self._said.get(name, ()))
            quotes |= {each.id: each.span.quote for each in (*former, *given) if each and each.id in about}
        connection.executemany(
            "INSERT OR REPLACE INTO claims VALUES (?, ?, ?)",
            [(name, document.id, quotes.get(name, "")) for name in sorted(quotes.keys() | about)],
        )
        stakes = {account.id: stake(account) for account in told}
        connection.executemany(
            "INSERT INTO accounts VALUES (?, ?, NULL, ?, NULL)",
            [(name, document.id, most) for name, most in stakes.items()],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", names_in(document.id, told)
        )
        decided = self._decided(about)
        every = {claim.id: claim for claim in (*read.stand, *read.said)}
        every |= {name: each.added for name, each in decided.items() if each.added is not None}
        due = [(claim, Settled("open")) for claim in read.stand if claim.doubtful and claim.id not in decided]
        due += [(every[n], each) for n, each in decided.items() if each.state in _DUE and n in every]
        connection.executemany(
            "INSERT OR REPLACE INTO doubts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [doubt_of(claim, each, document, stakes) for claim, each in due],
        )


def put_row(connection: sqlite3.Connection, row: Row, touched: bool) -> None:
    """Keep one incident with all that lists choose and order by; ``touched`` by a person."""
    killed = row.tolls.get("killed", (0, 0, 0, False))[1]
    where = folded(" ".join((row.place, row.province, row.country)))
    parties = folded("\n".join(row.parties))
    words = folded(" ".join((row.title, row.province, row.country, *row.parties)))
    north, east = (row.latitude, row.longitude) if row.placed else (None, None)
    connection.execute(
        f"INSERT OR REPLACE INTO incidents VALUES ({', '.join('?' * 18)})",
        (
            row.id, row.sort, row.kind,
            row.start.isoformat() if row.start else "9999", row.end.isoformat() if row.end else "9999",
            row.place, north, east, row.radius_km, killed, row.reports, row.differs, touched, row.shape,
            words, where, parties, packed(row),
        ),
    )  # fmt: skip


def _touches_all(event: Event, before: dict[str, Any]) -> bool:
    """Whether what ``event`` tells may change everything."""
    if event.what == "settled":
        now = dict(event.facts)
        return any(now.get(name) != before.get(name) for name in {*now, *before} - _OF_DECISIONS)
    return event.what in ("listed", "expunged", "chained")


def _by_document(claims: Iterable[Claim]) -> dict[DocumentId, list[Claim]]:
    out: dict[DocumentId, list[Claim]] = defaultdict(list)
    for claim in claims:
        out[claim.span.document].append(claim)
    return out


# ------------------------------------------------------------------------------- what is near


def _scatter(connection: sqlite3.Connection, near: Collection[AccountId]) -> None:
    """Take out the incidents that accounts ``near`` were gathered in."""
    for part in parts(sorted(near)):
        marks = ",".join("?" * len(part))
        for table in ("incidents", "weighed", "waiting"):
            query = f"DELETE FROM {table} WHERE id IN ({WITHIN})"
            connection.execute(query.format(marks), part)
        for side in ("left", "right"):
            connection.execute(f"DELETE FROM waiting WHERE {side} IN ({marks})", part)


def _judged_by_people(connection: sqlite3.Connection, names: Collection[AccountId]) -> set[AccountId]:
    """Those of these accounts of which a person judged whether they are the same as any other."""
    told = {
        AccountId(name)
        for side in ("left", "right")
        for (name,) in asked(
            connection,
            f"SELECT {side} FROM pairs WHERE person AND {side} IN ({{}})",
            names,
        )
    }
    return told & set(names)


def _naming(connection: sqlite3.Connection, event: Event) -> set[DocumentId]:
    """The reports that use the name which ``event`` is about, or one that holds it or means it."""
    name = fold(event.facts["name"])
    found = connection.execute("SELECT DISTINCT document FROM names WHERE instr(folded, ?)", (name,))
    return {DocumentId(document) for (document,) in found}


# -------------------------------------------------------------------------------- what is kept


_CLAIMS = """
    INSERT OR REPLACE INTO waiting
    SELECT doubts.claim, 'claim', state, accounts.incident, NULL, doubts.document, account, NULL,
        doubts.title, quote, why, doubt, doubts.weight, doubts.weight * doubt, COALESCE(incidents.day, '9999')
    FROM doubts LEFT JOIN accounts ON accounts.id = account
    LEFT JOIN incidents ON incidents.id = accounts.incident WHERE {}
"""
_PAIRS = """
    INSERT OR REPLACE INTO waiting
    SELECT left || ' ' || right, 'pair', 'open', one.incident, other.incident, NULL, left, right, '', '', '',
        doubt, pairs.weight, pairs.weight * doubt, COALESCE(incidents.day, '9999')
    FROM pairs JOIN accounts one ON one.id = left JOIN accounts other ON other.id = right
    LEFT JOIN incidents ON incidents.id = one.incident
    WHERE doubt IS NOT NULL AND one.incident <> other.incident AND {}
"""
_DIFFERING = """
    INSERT OR REPLACE INTO waiting
    SELECT id, 'incident', 'open', id, NULL, NULL, NULL, NULL, place, '', '', 0.5, killed, 0.5 * killed, day
    FROM incidents WHERE differs AND NOT touched AND sort = 'incident' AND id IN ({})
"""


def _line_up(
    connection: sqlite3.Connection, near: Collection[AccountId], documents: Collection[DocumentId]
) -> None:
    """Put into the queue what waits of these accounts, of their incidents, and of these reports."""
    for query, names in (
        (_CLAIMS.format("account IN ({})"), near),
        (_CLAIMS.format("doubts.document IN ({})"), documents),
        (_PAIRS.format("left IN ({})"), near),
        (_PAIRS.format("right IN ({})"), near),
        (_DIFFERING.format(WITHIN), near),
    ):
        for part in parts(sorted(names)):
            connection.execute(query.format(",".join("?" * len(part))), part)


def _keep_pair(connection: sqlite3.Connection, pair: Judgement) -> None:
    """Keep one judgement that stands; with a doubt where a program was not sure and a person may say."""
    open_ = not pair.by_person and pair.verdict == "unsure" and pair.score is not None
    doubt = max(0.0, 1 - abs(pair.score) / _SURE) if open_ and pair.score is not None else None
    connection.execute(
        "INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, 0, ?)",
        (pair.left, pair.right, pair.verdict, pair.by_person, doubt, packed(pair)),
    )


def _weigh_pairs(connection: sqlite3.Connection, names: Collection[AccountId]) -> None:
    """Say anew how many people are at stake in the open pairs of these accounts."""
    most = "(SELECT COALESCE(MAX(weight), 0) FROM accounts WHERE id IN (left, right))"
    for part in parts(sorted(names)):
        for side in ("left", "right"):
            query = f"UPDATE pairs SET weight = {most} WHERE doubt IS NOT NULL AND {side} IN ({{}})"
            connection.execute(query.format(",".join("?" * len(part))), part)
