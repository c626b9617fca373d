"""Rows carried from one database into another as they are: the same places, the same chain, byte for byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from tallystick import ledgerfile, ledgerplace, rows
from tallystick.errors import CaseDamaged

_AT_ONCE = 1000  # rows that are carried in one statement
Row = dict[str, Any]


def carry(source: Connection, target: Connection) -> dict[str, int]:
    """Put every row of ``source`` into the empty tables of ``target``, in its transaction; how many of each.

    The triggers of ``target`` are set aside meanwhile: they ask for rows as they came in, and of what was
    expunged since, two in a row may have become the same. Raises ``CaseDamaged`` where ``differ`` finds that
    one is not as it was.
    """
    sort = ledgerplace.sort(target)
    sort.unguard(target)
    for table in rows.METADATA.sorted_tables:
        there = _rows(source, table.name)
        while part := list(islice(there, _AT_ONCE)):
            target.execute(insert(table), part)
    sort.guard(target)
    for flaw in differ(source, target):
        raise CaseDamaged(f"{flaw}; nothing was moved")
    return {table.name: _count(target, table) for table in rows.METADATA.sorted_tables}


def differ(left: Connection, right: Connection) -> Iterator[str]:
    """The first row of each table that the two do not hold alike."""
    for table in rows.METADATA.sorted_tables:
        for one, other in zip_longest(_rows(left, table.name), _rows(right, table.name)):
            if one != other:
                yield f"{table}: row {(one or other or {})['seq']} is not the same in both ledgers"
                break


def past(source: Connection, target: Connection, last: Mapping[str, int]) -> None:
    """Put the rows of ``source`` up to the places ``last``, by table, into the empty tables of ``target``.

    Only to be looked at: ``target`` has no triggers, so that nothing is asked of rows of which some were
    expunged since.
    """
    rows.METADATA.create_all(target)
    ledgerplace.sort(target).number(target, rows.SCHEMA)
    for table in rows.METADATA.sorted_tables:
        there = _rows(source, table.name, last.get(table.name, 0))
        while part := list(islice(there, _AT_ONCE)):
            target.execute(insert(table), part)


def within(part: Connection, whole: Connection) -> bool:
    """Whether every row of ``part`` is in its place in ``whole``, which may go on after it."""
    return all(
        one == other
        for table in rows.METADATA.sorted_tables
        for one, other in zip_longest(
            _rows(part, table.name), islice(_rows(whole, table.name), _count(part, table))
        )
    )


def into_file(source: Connection, file: Path) -> None:
    """Write a ledger of SQLite with the rows of ``source`` to ``file``, which is not there yet."""
    made = ledgerfile.engine(file, "rwc", write=True)
    try:
        with made.begin() as connection:
            ledgerfile.lay_out(connection)
            carry(source, connection)
    except ledgerplace.FAULTS as error:
        raise ledgerfile.meaning(error, file) from error
    finally:
        made.dispose()
    with closing(sqlite3.connect(file)) as written:
        written.execute("PRAGMA journal_mode = WAL")


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _rows(connection: Connection, table: str, upto: int | None = None) -> Iterator[Row]:
    """The rows of a table in order of their places, a stretch at a time; up to a place if asked."""
    of, last = rows.METADATA.tables[table], 0
    whole = select(of) if upto is None else select(of).where(of.c.seq <= upto)
    while True:
        query = whole.where(of.c.seq > last).order_by("seq").limit(_AT_ONCE)
        found = [dict(row._mapping) for row in connection.execute(query)]
        yield from found
        if len(found) < _AT_ONCE:
            return
        last = found[-1]["seq"]
