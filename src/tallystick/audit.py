"""What can be wrong with a ledger, each in a sentence: the checks of ``verify`` that look into it.

Each is a function of one connection that yields what it finds. A row that was expunged (for safety or law,
see ``expunged``) is held against the digest that the event left of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from tallystick import chain, former, goings, ledgerplace, rows
from tallystick.errors import WordsDoNotMatch
from tallystick.model import Claim, Event, Note, Span

OLD = Note("it was written by an older Tallystick and has no chain; any verb that writes gives it one")


def problems(connection: Connection) -> list[str]:
    """All that is wrong; empty where the ledger is whole. What cannot be read is held against no words."""
    unread = [*unsound(connection), *misnamed(connection)]
    found = [*unread, *gaps(connection), *broken(connection), *uncovered(connection)]
    found += rewritten(connection)
    if not unread:
        found += (*uncaptured(connection), *unfounded(connection))
    return [each for each in found if not isinstance(each, Note)]


# ------------------------------------------------------------------------------- the database


def lacks(connection: Connection) -> list[str]:
    """Why the file can be used as no ledger, each going on from its name."""
    version = former.form(connection)
    if version > rows.SCHEMA:
        return [
            f"was written by a newer Tallystick (its form is {version}, this one knows {rows.SCHEMA}); "
            "update Tallystick"
        ]
    sort = ledgerplace.sort(connection)
    found, due = sort.entries(connection), sort.expected(connection)
    tables = [entry for entry in due if entry.type == "table"]
    names = {entry.name for entry in found}
    return [
        f"is only half a ledger: its table {entry.name!r} is missing; put a copy of it back"
        if entry.name not in names
        else f"has another table {entry.name!r} than a ledger has; put a copy of it back"
        for entry in tables
        if entry not in found
    ]


def unguarded(connection: Connection) -> list[str]:
    """Which triggers and indexes are gone or strange, each going on from the file's name.

    A ledger holds what Tallystick made in it, and nothing else: a trigger of somebody else's could keep the
    record silent, a table hold what no check looks at.
    """
    sort = ledgerplace.sort(connection)
    found, due = sort.entries(connection), sort.expected(connection)
    gone = (
        f"has lost the {entry.type} {entry.name!r}, or has another of that name"
        + (", which keeps its rows from being changed" if entry.type == "trigger" else "")
        + "; put a copy of it back"
        for entry in sorted(due - found)
    )
    names = {(entry.type, entry.name) for entry in due}
    strange = (
        f"holds the {entry.type} {entry.name!r}, which is no part of a ledger; find out who put it there, "
        "and put a copy of the ledger back"
        for entry in sorted(found - due)
        if (entry.type, entry.name) not in names
    )
    return [*gone, *strange]


def unsound(connection: Connection) -> Iterator[str]:
    """Where the file is no sound database, or lacks tables or triggers of a ledger."""
    yield from ledgerplace.sort(connection).unsound(connection)
    yield from (f"it {flaw}" for flaw in lacks(connection) or unguarded(connection))


def gaps(connection: Connection) -> Iterator[str]:
    """Rows that are missing between the first and the last."""
    for table in rows.METADATA.sorted_tables:
        query = select(func.count(), func.max(table.c.seq)).select_from(table)
        count, last = connection.execute(query).one()
        if last is not None and count != last:
            yield f"{table}: {last - count} of {last} rows are missing"


def misnamed(connection: Connection) -> Iterator[str]:
    """Rows whose body cannot be read, is not canonical, or does not make the names beside it."""
    gone = expunged(connection)
    for table in rows.METADATA.sorted_tables:
        turns: dict[str, int] = {}
        for row in connection.execute(select(*rows.told(table)).order_by("seq")):
            turn = turns[row.about] = turns.get(row.about, -1) + 1
            if row.body == rows.GONE and (table.name, row.seq) in gone:
                continue  # it has no id any more; any other that was rewritten has, and is held against it
            where = f"{table}, row {row.seq} ({row.id})"
            try:
                noun = rows.READ[table.name](row.body)
                names = rows.row(noun, getattr(row, "reading", None)) | {"turn": turn}
                honest = rows.encode(noun) == row.body and names.items() <= dict(row._mapping).items()
            except rows.UNREADABLE as error:
                yield f"{where} cannot be read back: {error!r}"
            else:
                if not honest:
                    yield f"{where} does not hold what its id was made of"


# ---------------------------------------------------------------------------------- the chain


def events(connection: Connection, what: str | None = None) -> Iterator[tuple[int, Event]]:
    """The custody events that can be read, each with its seq; of one kind if asked."""
    query = select(rows.CUSTODY.c.seq, rows.CUSTODY.c.body).order_by("seq")
    for seq, body in connection.execute(query if what is None else query.where(rows.CUSTODY.c.what == what)):
        try:
            yield seq, rows.event(body)
        except rows.UNREADABLE:  # ``misnamed`` names it
            continue


def expunged(connection: Connection) -> dict[tuple[str, int], tuple[str, str]]:
    """The rows that were rewritten, by table and seq: the SHA-256 of the first body and of the last.

    An event ``expunged`` tells them in its fact ``expunged``: a list of ``{table, seq, was, now}``.
    """
    out: dict[tuple[str, int], tuple[str, str]] = {}
    for _, event in events(connection, "expunged"):
        for place, was, now in goings.rewritten(event):
            out[place] = out.get(place, (was, ""))[0], now
    return out


def rewritten(connection: Connection) -> Iterator[str]:
    """What does not hold of what was expunged, by what is left of it; as notes, who took out what."""
    told = list(events(connection, "expunged"))
    yield from goings.malformed(told)
    touched = {place for place, (was, now) in expunged(connection).items() if was != now}
    yield from goings.unexplained(connection, touched)
    yield from (Note(goings.said(seq, event)) for seq, event in told)


def unvouched(connection: Connection, reach: int, key: str) -> Iterator[str]:
    """Expungings after the custody event up to which ``key`` signed: anybody may have appended them."""
    for seq, event in events(connection, "expunged"):
        if seq > reach:
            yield (
                f"custody, row {seq}: no later checkpoint signed with {key} covers this expunging "
                f"of {event.at}; what stands now in the rows that it tells of is held by nothing"
            )


def _sums(connection: Connection, table: Table) -> Iterator[tuple[int, str | None, str, str | None]]:
    """Each row's seq and reading, the SHA-256 of the body it was stored with, and what is wrong now."""
    gone = expunged(connection)
    reading = [table.c.reading] if "reading" in table.c else []
    for row in connection.execute(select(table.c.seq, table.c.body, *reading).order_by("seq")):
        found = chain.sha256(row.body)
        was, now = gone.get((table.name, row.seq), (found, found))
        flaw = None if found == now else f"{table}, row {row.seq}: it is not as it was left when expunged"
        yield row.seq, getattr(row, "reading", None), was, flaw


def broken(connection: Connection) -> Iterator[str]:
    """Where a value of the chain does not follow from the value before it and the event's body."""
    if former.form(connection) < rows.SCHEMA:
        yield OLD
        return
    custody = rows.CUSTODY
    values = {row.seq: row.chain for row in connection.execute(select(custody.c.seq, custody.c.chain))}
    before = chain.START
    for seq, _, body_sum, flaw in _sums(connection, custody):
        if flaw:
            yield flaw
        if values[seq] != chain.link(before, body_sum):
            yield f"custody, row {seq}: the chain does not go on from the event before to this one"
        before = values[seq]


def uncovered(connection: Connection) -> Iterator[str]:
    """Rows that no event covers, or more than one, or that do not hold what the event says of them."""
    if former.form(connection) < rows.SCHEMA:
        yield OLD
        return
    lines: dict[str, list[str]] = {}
    for table in rows.METADATA.sorted_tables:
        if table is not rows.CUSTODY:
            of = lines[table.name] = []
            for seq, reading, body_sum, flaw in _sums(connection, table):
                of.append(chain.line(table.name, seq, reading, body_sum))
                if flaw:
                    yield flaw
    reached = dict.fromkeys(lines, 0)
    for seq, event in events(connection):
        if "rows" in event.facts:
            yield from (f"custody, row {seq}: {flaw}" for flaw in _cover(event, lines, reached))
    for name, last in reached.items():
        if last < len(lines[name]):
            yield f"{name}: no custody event covers the rows from {last + 1} on"


def _cover(event: Event, lines: dict[str, list[str]], reached: dict[str, int]) -> Iterator[str]:
    """What does not hold of the cover of one event; moves on how far each table is covered."""
    of: list[str] = []
    try:
        for table, (first, last) in sorted(event.facts["rows"].items()):
            if first != reached[table] + 1 or last < first:
                yield f"it covers {table} from {first} to {last}, where {reached[table] + 1} is next"
            if last > len(lines[table]):
                yield f"it covers {table} up to row {last}, and there are {len(lines[table])}"
            reached[table] = last
            of += lines[table][first - 1 : last]
        told = ", ".join(f"{table} {first} to {last}" for table, (first, last) in event.facts["rows"].items())
    except rows.UNREADABLE as error:
        yield f"its cover cannot be read: {error!r}"
        return
    if chain.total(of) != event.facts.get("sum"):
        yield f"the rows it covers do not hold what was stored then: {told}"


# ---------------------------------------------------------------------------------- the words


def uncaptured(connection: Connection) -> Iterator[str]:
    """Documents whose capture no row tells of."""
    captures = set(connection.execute(select(rows.CAPTURES.c.id)).scalars())
    for row in connection.execute(_documents()):
        if row.capture not in captures:
            yield f"documents, row {row.seq} ({row.id}): its capture {row.capture} is not there"


def unfounded(connection: Connection) -> Iterator[str]:
    """Claims without their words, and readings that nobody told or not as they are."""
    texts = {row.id: rows.document(row.body).text for row in connection.execute(_documents())}
    told: dict[str, int] = {}
    for _, event in events(connection, "read"):
        told[event.facts.get("reading", "")] = event.facts.get("claims", 0)
    found: dict[str, int] = {}
    for row in connection.execute(rows.standing(rows.CLAIMS).order_by("seq")):
        found[row.reading] = found.get(row.reading, 0) + 1
        for flaw in _words(rows.claim(row.body), texts):
            yield f"claims, row {row.seq} ({row.id}): {flaw}"
    for reading in sorted(told.keys() | found.keys()):
        there, due = found.get(reading, 0), told.get(reading, 0)
        if there != due:
            yield f"claims: {there} of {reading} are there, {due} are told by the custody record"


def covered_up(connection: Connection) -> Iterator[str]:
    """The ids of documents whose text is not what their report reads, since a name was taken out of it."""
    gone = expunged(connection)
    yield from (row.id for row in connection.execute(_documents()) if ("documents", row.seq) in gone)


def _documents() -> Select[Any]:
    """Every row of a document that was not expunged whole."""
    return select(rows.DOCUMENTS).where(rows.DOCUMENTS.c.body != rows.GONE).order_by("seq")


def _words(claim: Claim, texts: dict[str, str]) -> Iterator[str]:
    """Where the words that ``claim`` points at are not in its document."""
    spans: list[Span | None] = [claim.span, claim.telling, *(voice.span for voice in claim.voices)]
    for span in spans:
        if span is None:
            continue
        if span.document not in texts:
            yield f"its document {span.document} is not there"
            continue
        try:
            span.check(texts[span.document])
        except WordsDoNotMatch as error:
            yield str(error)
