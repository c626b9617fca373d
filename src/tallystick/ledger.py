"""The ledger: the only six things that are stored, in tables that only grow.

``ledger.sqlite`` in the case folder, or a schema on a server of PostgreSQL (``ledgerplace``), holds captures,
documents, claims, judgements, reviews and custody events. A row is never changed or removed; triggers in the
database itself refuse it, whichever program asks. What is thought better of is appended: rows with the same
``about`` follow one another by ``turn``, and the last one stands. How a row looks is told in ``rows``.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self, TypeVar

from sqlalchemy import Connection, Engine, Select, Table, func, insert, select

from tallystick import (
    __version__,
    audit,
    chain,
    former,
    ledgerfile,
    ledgerplace,
    moving,
    rewriting,
    rows,
)
from tallystick.errors import AskedWrongly, CaseDamaged, CaseReadOnly, TallystickError
from tallystick.ledgerfile import FILE as FILE
from tallystick.ledgerplace import Place
from tallystick.model import (
    AccountId,
    Capture,
    CaptureId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Judgement,
    Maker,
    Review,
    digest,
)

WHO = "TALLYSTICK_WHO"  # the environment variable that names the person at whose hand things are recorded
_CHUNK = 500  # names in one question; SQLite's own limit was 999 for long

T = TypeVar("T")
Clock = Callable[[], str]


def now() -> str:
    """This moment in UTC, as the custody record writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def who() -> str:
    """The person at whose hand things are recorded: whom ``TALLYSTICK_WHO`` names, else the login name."""
    if named := os.environ.get(WHO, "").strip():
        return os.fsencode(named).decode("utf-8", "backslashreplace")
    with suppress(OSError, KeyError, ImportError):  # a user whom the system has no name for
        return getpass.getuser()
    return f"user {os.getuid()}"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one maker reads out of one document: stored whole, or not at all."""

    document: Document
    maker: Maker
    claims: tuple[Claim, ...]
    by: str
    at: str

    @property
    def id(self) -> str:
        return reading_id(self.document, self.maker)

    @property
    def event(self) -> Event:
        """The custody event that makes this the standing reading of its document."""
        facts = {"reading": self.id, "claims": len(self.rows())}
        return Event("read", self.document.id, self.by, self.at, facts=facts)

    def rows(self) -> list[tuple[rows.Row, rows.Noun]]:
        """Its claims as rows, each once."""
        return [
            (rows.row(claim, self.id), claim) for claim in {claim.id: claim for claim in self.claims}.values()
        ]


class Counts(NamedTuple):
    """How many rows were new."""

    captures: int = 0
    documents: int = 0
    claims: int = 0
    judgements: int = 0
    reviews: int = 0
    events: int = 0


class Extent(NamedTuple):
    """How far a ledger reaches: its head, the captures in order of their rows, and each table's rows."""

    seq: int
    chain: str
    captures: tuple[CaptureId, ...]
    rows: dict[str, int]


class Reach(NamedTuple):
    """How far a ledger reaches: its head, and the last seq of each table."""

    seq: int
    chain: str
    rows: dict[str, int]

    def follows(self, other: Reach) -> bool:
        """Whether nothing but one custody event came since ``other``."""
        apart = {name for name, last in self.rows.items() if last != other.rows[name]}
        return self.seq == other.seq + 1 and apart == {"custody"}


def reading_id(document: Document, maker: Maker) -> str:
    """A reading depends on all that is known of the document, its date included, and on who reads."""
    return digest("rdg", document, maker)


# ---------------------------------------------------------------------------------- the ledger


class Ledger:
    """One ledger, opened. Use it in a ``with`` statement, or ``close`` it.

    Any number of threads may read and write through it at once: writers wait for each other, readers for
    nobody.
    """

    def __init__(self, place: Place, reading: Engine, writing: Engine | None, clock: Clock = now) -> None:
        self.place = place
        self.folder = place.folder
        self.name = place.name
        self._reading = reading
        self._writing = writing
        self._clock = clock
        self._who = who()
        self._program = f"tallystick {__version__}"
        self._afterwards: Callable[[], None] = lambda: None

    @classmethod
    def create(cls, folder: Path, *, clock: Clock = now) -> Ledger:
        """A new, empty ledger for the case in ``folder``, opened for writing; one that is there is opened.

        It is made whole, so that no interruption leaves half a ledger.
        """
        place = ledgerplace.of(folder)
        if not place.exists():
            place.make()
        return cls.open(folder, write=True, clock=clock)

    @classmethod
    def open(cls, folder: Path, *, write: bool = False, clock: Clock = now) -> Ledger:
        """The ledger in ``folder``; one of an earlier form is carried over where it is opened for writing.

        Raises ``NoSuchCase``, ``CaseDamaged``, ``CaseReadOnly`` or ``NoServer``. A folder that cannot be
        written to can be read.
        """
        place = ledgerplace.of(folder)
        ledger = cls(place, *place.opened(write=write), clock)
        try:
            with ledger._begin() as connection:
                flaws = audit.lacks(connection) or audit.unguarded(connection)
                of_today = not flaws and former.form(connection) == rows.SCHEMA
            if write and not flaws and not of_today:
                with ledger._begin(write=True) as connection:
                    if former.form(connection) < rows.SCHEMA:  # else another program was first
                        former.carry_over(connection, ledger._own("chained"))
        except TallystickError:
            ledger.close()
            raise
        if flaws:
            ledger.close()
            raise CaseDamaged(f"{ledger.name} {flaws[0]}")
        return ledger

    @classmethod
    def still(cls, folder: Path) -> Ledger:
        """The ledger as it lies in ``folder``, to be looked at: no byte there changes, and no file is added.

        Where rows lie beside the file (a command is at work, or was cut short), a copy is opened. Raises as
        ``open`` does, but for triggers that are gone.
        """
        place = ledgerplace.of(folder)
        reading, afterwards = place.still()
        ledger = cls(place, reading, None)
        ledger._afterwards = afterwards
        try:
            for flaw in ledger.look(audit.lacks):
                raise CaseDamaged(f"{ledger.name} {flaw}")
        except TallystickError:
            ledger.close()
            raise
        return ledger

    def close(self) -> None:
        self._reading.dispose()
        if self._writing is not None:  # the last to go: it brings all rows into the file
            self._writing.dispose()
        self._afterwards()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _begin(self, *, write: bool = False) -> Iterator[Connection]:
        """One transaction; what the database refuses is said in this project's errors."""
        engine = self._writing if write else self._reading
        if engine is None:
            raise CaseReadOnly(f"{self.name} is open to be read; it cannot be written to")
        try:
            with engine.begin() as connection:
                yield connection
        except ledgerplace.FAULTS as error:
            raise self.place.meaning(error) from error

    # ------------------------------------------------------------------------------- writing

    def append(
        self,
        *,
        captures: Iterable[Capture] = (),
        documents: Iterable[Document] = (),
        readings: Iterable[Reading] = (),
        judgements: Iterable[Judgement] = (),
        reviews: Iterable[Review] = (),
        events: Iterable[Event] = (),
    ) -> Counts:
        """All of these in one transaction, save what stands already; how many rows were new.

        The same bytes received again are no new capture. A reading that stands already is passed
        over whole; another one brings its own custody event. The last event covers the rows that the
        transaction adds to the other tables (``chain``); where there is none, one is added, ``stored``.
        """
        with self._begin(write=True) as connection:
            readings = list(readings)
            standing = _readings_of(connection, [each.document.id for each in readings])
            fresh = [each for each in readings if standing.get(each.document.id) != each.id]
            grown = {
                table.name: _insert(connection, table, _fresh(connection, table, wanted))
                for table, wanted in (
                    (rows.CAPTURES, map(_named, captures)),
                    (rows.DOCUMENTS, map(_named, documents)),
                    (rows.CLAIMS, (pair for each in fresh for pair in each.rows())),
                    (rows.JUDGEMENTS, map(_named, judgements)),
                    (rows.REVIEWS, map(_named, reviews)),
                )
            }
            told = [*events, *(each.event for each in fresh)]
            recorded = self._record(connection, told, chain.cover(grown))
            captured, read, said, judged, reviewed = map(len, grown.values())
            return Counts(captured, read, said, judged, reviewed, recorded)

    def _record(self, connection: Connection, events: list[Event], cover: dict[str, Any]) -> int:
        """Append the events that do not stand already, chained, the last with ``cover``; how many."""
        for each in events:
            chain.refuse_cover(each)
        table = rows.CUSTODY
        told = [self.signed(each) for each in events]
        new = _fresh(connection, table, map(_named, told))
        if cover:
            if not new:
                told = [self._own("stored")]
                new = _fresh(connection, table, map(_named, told), again=True)
            last = next(each for each in reversed(told) if rows.row(each)["id"] == new[-1]["id"])
            new[-1] = chain.covering(new[-1], last, cover)
        _, value = chain.head(connection)
        return len(_insert(connection, table, chain.chained(value, new)))

    def expunge(self, plan: Callable[[rewriting.Rows], tuple[rewriting.Rows, Event]]) -> rewriting.Rows:
        """Rewrite the rows that ``plan`` gives for all there are, with the event that tells of it, at once.

        The event gets the digests of the rows. What the file still holds of them is gone after ``scrub``.
        """
        with self._begin(write=True) as connection:
            there = rewriting.every(connection)
            changed, event = plan(there)
            rewriting.rewrite(connection, changed)
            facts = {**event.facts, "expunged": rewriting.sums(there, changed)}
            self._record(connection, [replace(event, facts=facts)], {})
        return changed

    def scrub(self) -> None:
        """Write the database anew without what was overwritten in it, and empty the log beside a file.

        Raises ``CaseReadOnly`` where there is no room, ``TallystickError`` where another program looks on.
        """
        if self._writing is None:
            raise CaseReadOnly(f"{self.name} is open to be read; it cannot be written to")
        try:
            self.place.scrub(self._writing)
        except ledgerplace.FAULTS as error:
            raise self.place.meaning(error) from error

    def signed(self, event: Event) -> Event:
        """``event`` with the person at whose hand it is recorded, and the program, where it names none."""
        return replace(event, who=event.who or self._who, program=event.program or self._program)

    def _own(self, what: str) -> Event:
        """An event about the ledger itself."""
        return self.signed(Event(what, "ledger", self._program, self._clock()))

    def started(self) -> bool:
        """Whether the record has events, chained as they are today."""
        with self._begin() as connection:
            return former.form(connection) == rows.SCHEMA and chain.head(connection) != (0, chain.START)

    def head(self) -> chain.Head:
        """Seq of the last custody event and value of the chain there; 0 and its start before the first.

        Raises ``CaseDamaged`` for a ledger of form 1, which has no chain until it is opened for writing.
        """
        with self._begin() as connection:
            return self._head(connection)

    def _head(self, connection: Connection) -> chain.Head:
        if former.form(connection) < rows.SCHEMA:
            raise CaseDamaged(
                f"{self.name} was written by an older Tallystick and has no chain yet; "
                "'tallystick add', or any verb that writes, gives it one"
            )
        return chain.head(connection)

    def extent(self) -> Extent:
        """How far the ledger reaches at one moment; raises as ``head`` does."""
        with self._begin() as connection:
            seq, value = self._head(connection)
            captures = connection.execute(select(rows.CAPTURES.c.id).order_by("seq")).scalars()
            counts = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in rows.METADATA.tables.items()
            }
            return Extent(seq, value, tuple(map(CaptureId, captures)), counts)

    def reach(self) -> Reach:
        """How far the ledger reaches at one moment, to be asked often. Raises as ``head`` does."""
        with self._begin() as connection:
            seq, value = self._head(connection)
            last = {
                name: connection.execute(select(func.max(table.c.seq))).scalar_one() or 0
                for name, table in rows.METADATA.tables.items()
            }
            return Reach(seq, value, last)

    def chain_at(self, seq: int) -> str | None:
        """The value of the chain at the custody event ``seq``; None where there is none."""
        with self._begin() as connection:
            found = connection.execute(select(rows.CUSTODY.c.chain).where(rows.CUSTODY.c.seq == seq))
            return found.scalar_one_or_none()

    def as_of(self, seq: int) -> Ledger:
        """The ledger as it stood at the custody event ``seq``, in memory, to be read; 0 is before the first.

        It holds the events up to that one and the rows that these cover (``chain``): the tables only grow, so
        nothing else is to be known. What was expunged since is not there: nothing brings it back.
        Raises ``AskedWrongly`` where there is no such event, and else as ``head`` does.
        """
        last, _ = self.head()
        if not 0 <= seq <= last:
            raise AskedWrongly(f"{self.name} has no custody event {seq}; the last is {last}")
        carried = self.last("chained")
        if 0 < seq < carried:
            raise AskedWrongly(
                f"an older Tallystick wrote {self.name} up to its event {carried}, and did not record which "
                "rows came when: what stood at an earlier event cannot be told"
            )
        events = [event for n, event in self.numbered() if n <= seq]
        past = Ledger(self.place, ledgerfile.in_memory(), None, self._clock)
        with self._begin() as source, past._begin() as target:
            moving.past(source, target, {**chain.reached(events), rows.CUSTODY.name: seq})
        return past

    def copy(self, file: Path) -> None:
        """Write a copy of the ledger to ``file``, a file of SQLite, without what free pages may hold."""
        if not self.place.copy(file):
            with self._begin() as connection:
                moving.into_file(connection, file)

    # ------------------------------------------------------------------------------- reading

    def _nouns(
        self, query: Select[Any], read: Callable[[str], T], only: Callable[[Any], bool] = bool
    ) -> tuple[T, ...]:
        """What the rows of ``query`` hold, of those that ``only`` lets through."""
        with self._begin() as connection:
            found = [row for row in connection.execute(query) if only(row)]
        out = []
        for row in found:
            try:
                out.append(read(row.body))
            except rows.UNREADABLE as error:
                table = query.get_final_froms()[0]
                raise CaseDamaged(
                    f"row {row.seq} of {table} in {self.name} cannot be read back ({error!r}); "
                    f"'tallystick verify {self.folder}' lists all that is wrong"
                ) from error
        return tuple(out)

    def captures(self) -> tuple[Capture, ...]:
        """In order of their ids."""
        return self._nouns(rows.standing(rows.CAPTURES).order_by("id"), rows.capture)

    def captures_named(self, ids: Iterable[CaptureId]) -> tuple[Capture, ...]:
        """Those of ``ids`` that are there, in order of their ids."""
        out: list[Capture] = []
        for part in _chunks(sorted(ids)):
            query = select(*rows.told(rows.CAPTURES)).where(rows.CAPTURES.c.about.in_(part))
            there = query.where(rows.CAPTURES.c.body != rows.GONE).order_by("id", "seq")
            out += {each.id: each for each in self._nouns(there, rows.capture)}.values()
        return tuple(out)

    def documents(self) -> tuple[Document, ...]:
        """What is last known of each, in order of name and id."""
        return self._nouns(rows.standing(rows.DOCUMENTS).order_by("name", "id"), rows.document)

    def documents_from(self, origin: str) -> tuple[Document, ...]:
        """What is last known of each that came from ``origin`` (of its captures), in order of name and id."""
        captures = [capture.id for capture in self.captures() if capture.origin == origin]
        out: list[Document] = []
        for part in _chunks(captures):
            query = rows.standing(rows.DOCUMENTS).where(rows.DOCUMENTS.c.capture.in_(part))
            out += self._nouns(query.order_by("name", "id"), rows.document)
        return tuple(out)

    def document_ids(self, after: int = 0) -> set[DocumentId]:
        """Those of all documents that are known of; of the rows ``after`` a seq if asked."""
        with self._begin() as connection:
            query = select(rows.DOCUMENTS.c.id).distinct().where(rows.DOCUMENTS.c.seq > after)
            found = connection.execute(query)
            return {DocumentId(name) for (name,) in found}

    def document(self, name: DocumentId) -> Document | None:
        """What is last known of this one."""
        return next(iter(self._nouns(rows.standing(rows.DOCUMENTS, name), rows.document)), None)

    def readings(self) -> dict[DocumentId, str]:
        """The id of the reading that stands, for each document that was read."""
        with self._begin() as connection:
            return _readings(connection)

    def claims(self) -> tuple[Claim, ...]:
        """Those of the standing readings, by document, in the order they were read."""
        stand = set(self.readings().values())
        query = rows.standing(rows.CLAIMS).order_by("document", "seq")
        return self._nouns(query, rows.claim, lambda row: row.reading in stand)

    def claims_of(self, document: DocumentId, *, every: bool = False) -> tuple[Claim, ...]:
        """Those of one document's standing reading, in the order they were read; of ``every`` if asked."""
        table = rows.CLAIMS
        stands = None if every else self._reading_of(document)
        query = select(*rows.told(table)).where(table.c.document == document).order_by("seq")
        with self._begin() as connection:
            found = {row.about: row for row in connection.execute(query)}  # the last on each stands
        chosen = {row.seq for row in found.values() if every or row.reading == stands}
        query = query.where(table.c.body != rows.GONE)
        return self._nouns(query, rows.claim, lambda row: row.seq in chosen)

    def _reading_of(self, document: DocumentId) -> str | None:
        """The id of the reading of one document that stands."""
        table = rows.CUSTODY
        query = select(*rows.told(table)).where(table.c.item == document, table.c.what == "read")
        last = self._nouns(query.order_by(table.c.seq.desc()).limit(1), rows.event)
        return last[0].facts["reading"] if last else None

    def claims_named(
        self, ids: Collection[ClaimId], within: Collection[str] | None = None
    ) -> dict[ClaimId, Claim]:
        """Those of ``ids`` that any reading ever gave, standing or not.

        ``within`` the documents that they are of, where that is known: else all claims are looked through.
        """
        out: dict[ClaimId, Claim] = {}
        table = rows.CLAIMS
        query = select(*rows.told(table)).where(table.c.body != rows.GONE).order_by("seq")
        if within is None:
            parts = (query.where(table.c.id.in_(part)) for part in _chunks(sorted(ids)))
        else:
            parts = (query.where(table.c.document.in_(part)) for part in _chunks(sorted(within)))
        for part in parts:
            found = self._nouns(part, rows.claim, lambda row: row.id in ids)
            out |= {claim.id: claim for claim in found}
        return out

    def judgements(self, maker: Literal["person", "program"] | None = None) -> tuple[Judgement, ...]:
        """The last on each pair, in order of the pairs: a person's, else a program's.

        With ``maker``, the last that persons, or programs, said.
        """
        query = rows.standing(rows.JUDGEMENTS).order_by("left", "right", "maker")
        found = self._nouns(query, rows.judgement, lambda row: maker in (None, row.maker))
        return _first(found)

    def judgement(
        self, left: AccountId, right: AccountId, maker: Literal["person", "program"] = "person"
    ) -> Judgement | None:
        """What a person, or a program, last said of a pair; None where nobody said anything."""
        table = rows.JUDGEMENTS
        query = select(*rows.told(table)).where(
            table.c.left == left, table.c.right == right, table.c.maker == maker, table.c.body != rows.GONE
        )
        return next(iter(self._nouns(query.order_by(table.c.seq.desc()).limit(1), rows.judgement)), None)

    def judged(self, after: int) -> tuple[Judgement, ...]:
        """What stands now on each pair on which something was said after the row ``after``."""
        table = rows.JUDGEMENTS
        with self._begin() as connection:
            query = select(table.c.left, table.c.right).where(table.c.seq > after).distinct()
            pairs = {(left, right) for left, right in connection.execute(query)}
        out: list[Judgement] = []
        for part in _chunks(sorted({left for left, _ in pairs})):
            query = select(*rows.told(table)).where(table.c.left.in_(part), table.c.body != rows.GONE)
            found = self._nouns(
                query.order_by("left", "right", "maker", table.c.seq.desc()),
                rows.judgement,
                lambda row: (row.left, row.right) in pairs,
            )
            out += _first(found)
        return tuple(out)

    def reviews(self, after: int = 0) -> tuple[Review, ...]:
        """All that were ever given and not expunged, in that order: what stands, ``reviewing`` works out.

        Of the rows ``after`` a seq if asked.
        """
        there = select(rows.REVIEWS).where(rows.REVIEWS.c.body != rows.GONE, rows.REVIEWS.c.seq > after)
        return self._nouns(there.order_by("seq"), rows.review)

    def reviews_of(self, claims: Iterable[ClaimId]) -> tuple[Review, ...]:
        """All that were given of these claims, of each in the order in which they were."""
        out: list[Review] = []
        for part in _chunks(sorted(claims)):
            query = select(rows.REVIEWS).where(rows.REVIEWS.c.claim.in_(part)).order_by("claim", "seq")
            out += self._nouns(query.where(rows.REVIEWS.c.body != rows.GONE), rows.review)
        return tuple(out)

    def rows(self, table: str | None = None) -> rewriting.Rows:
        """Every row as it lies there, by table and seq; of one table if asked."""
        with self._begin() as connection:
            return rewriting.every(connection, table)

    def events(self, *what: str, after: int = 0) -> tuple[Event, ...]:
        """In the order they were recorded; of these kinds if any are named, of the rows ``after`` a seq.

        To read an event back takes longer than to fetch it: ask for no more kinds than are looked at.
        """
        query = select(*rows.told(rows.CUSTODY)).where(rows.CUSTODY.c.seq > after).order_by("seq")
        return self._nouns(query.where(rows.CUSTODY.c.what.in_(what)) if what else query, rows.event)

    # ----------------------------------------------------------------------------- verifying

    def numbered(self, *what: str, after: int = 0) -> tuple[tuple[int, Event], ...]:
        """The same, each with its seq."""
        query = select(*rows.told(rows.CUSTODY)).where(rows.CUSTODY.c.seq > after).order_by("seq")
        query = query.where(rows.CUSTODY.c.what.in_(what)) if what else query
        seqs: list[int] = []

        def noted(row: Any) -> bool:
            seqs.append(row.seq)
            return True

        return tuple(zip(seqs, self._nouns(query, rows.event, noted), strict=True))

    def event(self, seq: int) -> Event | None:
        """The custody event at this place; None where there is none."""
        query = select(*rows.told(rows.CUSTODY)).where(rows.CUSTODY.c.seq == seq)
        return next(iter(self._nouns(query, rows.event)), None)

    def last(self, *what: str) -> int:
        """The seq of the last event of these kinds; 0 where there is none."""
        query = select(func.max(rows.CUSTODY.c.seq)).where(rows.CUSTODY.c.what.in_(what))
        with self._begin() as connection:
            return connection.execute(query).scalar_one() or 0

    def look(self, look: Callable[[Connection], Iterable[str]]) -> list[str]:
        """What a function of ``audit`` finds."""
        with self._begin() as connection:
            return list(look(connection))

    def problems(self) -> list[str]:
        """All that is wrong with the ledger, each in a sentence; empty where it is whole (``audit``)."""
        return [f"{self.name}: {each}" for each in self.look(audit.problems)]


# ------------------------------------------------------------------------------------- the rows


def _first(judgements: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The first on each pair: "person" sorts before "program"."""
    first: dict[tuple[str, str], Judgement] = {}
    for judgement in judgements:
        first.setdefault((judgement.left, judgement.right), judgement)
    return tuple(first.values())


def _chunks(names: Iterable[str]) -> Iterator[Sequence[str]]:
    every = list(dict.fromkeys(names))
    return (every[at : at + _CHUNK] for at in range(0, len(every), _CHUNK))


def _named(noun: rows.Noun) -> tuple[rows.Row, rows.Noun]:
    return rows.row(noun), noun


def _fresh(
    connection: Connection, table: Table, wanted: Iterable[tuple[rows.Row, rows.Noun]], *, again: bool = False
) -> list[rows.Row]:
    """The rows that do not stand already, with their bodies and turns; all of them ``again`` if asked."""
    new = [row | {"body": rows.encode(noun)} for row, noun in wanted]
    last: dict[str, tuple[int, str]] = {}
    for part in _chunks(row["about"] for row in new):
        query = select(table.c.about, table.c.turn, table.c.body).where(table.c.about.in_(part))
        last |= {about: (turn, body) for about, turn, body in connection.execute(query.order_by("turn"))}
    out = []
    for row in new:
        turn, body = last.get(row["about"], (-1, None))
        stands = body is not None and (table is rows.CAPTURES or chain.bare(body) == row["body"])
        if stands and not again:
            continue
        last[row["about"]] = (turn + 1, row["body"])
        out.append(row | {"turn": turn + 1})
    return out


def _insert(connection: Connection, table: Table, new: list[rows.Row]) -> list[rows.Row]:
    """Append rows; gives them with the places they took."""
    if not new:
        return []
    last = connection.exec_driver_sql(f"SELECT MAX(seq) FROM {table.name}").scalar_one() or 0  # noqa: S608
    placed = [row | {"seq": seq} for seq, row in enumerate(new, last + 1)]
    connection.execute(insert(table), placed)
    return placed


def _readings(connection: Connection, *about: str) -> dict[DocumentId, str]:
    query = rows.standing(rows.CUSTODY, *about).where(rows.CUSTODY.c.what == "read")
    told = (rows.event(row.body) for row in connection.execute(query))
    return {DocumentId(each.item): each.facts["reading"] for each in told}


def _readings_of(connection: Connection, documents: Iterable[DocumentId]) -> dict[DocumentId, str]:
    """Those of these documents, without a look at all others: this is asked at each reading."""
    out: dict[DocumentId, str] = {}
    for part in _chunks(f"read {name}" for name in documents):
        out |= _readings(connection, *part)
    return out
