"""What can be wrong with a ledger, each in a sentence: the numbered checks behind ``verify``.

1. the file is a sound database, with its tables and triggers;
2. no row is missing between the first and the last;
3. every row's names follow from its body, and its body is the canonical one;
4. every document's capture is there, every claim's words are those of its document;
5. every reading is told by a custody event, with as many claims as it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Table, func, select

from tallystick import rows
from tallystick.errors import WordsDoNotMatch
from tallystick.model import Claim, Span


def problems(connection: Connection, file: Path) -> list[str]:
    """All that does not hold of the ledger in ``file``; empty where it is whole."""
    sound = [str(line) for (line,) in connection.exec_driver_sql("PRAGMA integrity_check")]
    out = [f"{file}: {line}" for line in sound if line != "ok"]
    out += [f"{file} {flaw}" for flaw in flaws(connection)]
    for table in rows.METADATA.sorted_tables:
        out += (f"{file}, {table}: {flaw}" for flaw in _gaps(connection, table))
    for table in rows.METADATA.sorted_tables:
        out += (f"{file}, {table}, {flaw}" for flaw in _misnamed(connection, table))
    if not out:  # what cannot be read back cannot be held against its words
        out += (f"{file}, {flaw}" for flaw in _unfounded(connection))
    return out


def flaws(connection: Connection) -> list[str]:
    """What the file lacks of a ledger."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > rows.SCHEMA:
        return [
            f"was written by a newer Tallystick (its form is {version}, this one knows {rows.SCHEMA}); "
            "update Tallystick"
        ]
    master = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
    found: dict[str, str] = {row.name: row.sql for row in master}
    out = [
        f"is only half a ledger: its table {name!r} is missing; put a copy of it back"
        for name in rows.METADATA.tables
        if name not in found
    ]
    return out or [
        f"has lost the trigger {name!r} that keeps its rows from being changed; put a copy of it back"
        for name, sql in rows.triggers().items()
        if found.get(name) != sql
    ]


def _gaps(connection: Connection, table: Table) -> Iterator[str]:
    count, last = connection.execute(select(func.count(), func.max(table.c.seq)).select_from(table)).one()
    if last is not None and count != last:
        yield f"{last - count} of {last} rows are missing"


def _misnamed(connection: Connection, table: Table) -> Iterator[str]:
    """Rows whose body cannot be read, is not canonical, or does not make the names beside it."""
    for row in connection.execute(select(table).order_by("seq")):
        try:
            noun = rows.READ[table.name](row.body)
            names = rows.row(noun, getattr(row, "reading", None))
            honest = rows.encode(noun) == row.body and names.items() <= dict(row._mapping).items()
        except rows.UNREADABLE as error:
            yield f"row {row.seq} ({row.id}) cannot be read back: {error!r}"
        else:
            if not honest:
                yield f"row {row.seq} ({row.id}) does not hold what its id was made of"


def _unfounded(connection: Connection) -> Iterator[str]:
    """Documents without their capture, claims without their words, readings that nobody told."""
    captures = set(connection.execute(select(rows.CAPTURES.c.id)).scalars())
    texts: dict[str, str] = {}
    for row in connection.execute(select(rows.DOCUMENTS).order_by("seq")):
        document = rows.document(row.body)
        texts[row.id] = document.text
        if document.capture not in captures:
            yield f"documents, row {row.seq} ({row.id}): its capture {document.capture} is not there"
    told: dict[str, int] = {}
    for row in connection.execute(select(rows.CUSTODY).where(rows.CUSTODY.c.what == "read")):
        facts = rows.event(row.body).facts
        told[facts.get("reading", "")] = facts.get("claims", 0)
    found: dict[str, int] = {}
    for row in connection.execute(rows.standing(rows.CLAIMS).order_by("seq")):
        found[row.reading] = found.get(row.reading, 0) + 1
        for flaw in _words(rows.claim(row.body), texts):
            yield f"claims, row {row.seq} ({row.id}): {flaw}"
    for reading in sorted(told.keys() | found.keys()):
        there, due = found.get(reading, 0), told.get(reading, 0)
        if there != due:
            yield f"claims: {there} of {reading} are there, {due} are told by the custody record"


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
