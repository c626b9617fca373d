"""The custody record as a chain: each event is bound to the one before it, and to the rows it stored.

A value of the chain is the SHA-256, in hexadecimal, of the value before it, a newline, and the SHA-256
of the event's body; the first goes on from that of the words ``tallystick custody 1``. (Of the digest of
the body, not of the body: so the chain holds even where a body had to go and only its digest is left.)
The last event of a transaction that stored other rows tells which and what they held, its *cover*:
``rows``, for each table ``[first, last]``, and ``sum``, the SHA-256 over a line for each of them. So
whoever knows one value of the chain knows every row that was stored up to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from tallystick import rows
from tallystick.model import Event

COVER = ("rows", "sum")  # the facts of an event that tell its cover
Head = tuple[int, str]  # seq of an event, and the value of the chain there


def sha256(text: str) -> str:
    """SHA-256 of the UTF-8 of ``text``, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


START = sha256("tallystick custody 1")


def link(before: str, body_sum: str) -> str:
    """The value of the chain at an event whose body has the SHA-256 ``body_sum``, after ``before``."""
    return sha256(f"{before}\n{body_sum}")


def line(table: str, seq: int, reading: str | None, body_sum: str) -> str:
    """What the sum of a cover takes in of one row; ``reading`` is told by claims alone."""
    return f"{table} {seq} {reading or '-'} {body_sum}\n"


def cover(grown: Mapping[str, Sequence[rows.Row]]) -> dict[str, Any]:
    """The cover of rows by table, each with its ``seq``; empty where there is none."""
    there = {table: new for table, new in sorted(grown.items()) if new}
    lines = (
        line(table, row["seq"], row.get("reading"), sha256(row["body"]))
        for table, new in there.items()
        for row in new
    )
    spans = {table: [new[0]["seq"], new[-1]["seq"]] for table, new in there.items()}
    return {"rows": spans, "sum": total(lines)} if spans else {}


def total(lines: Iterable[str]) -> str:
    """The sum over the lines of rows, in order of table and seq."""
    whole = hashlib.sha256()
    for each in lines:
        whole.update(each.encode())
    return whole.hexdigest()


def covering(row: rows.Row, event: Event, facts: Mapping[str, Any]) -> rows.Row:
    """The row of ``event`` with the facts of a cover added to its own."""
    event = replace(event, facts={**event.facts, **facts})
    return row | rows.row(event) | {"body": rows.encode(event)}


def reached(events: Iterable[Event]) -> dict[str, int]:
    """The last row of each table that these events, the first ones of a record, cover."""
    last: dict[str, int] = {}
    for event in events:
        last |= {table: span[1] for table, span in event.facts.get("rows", {}).items()}
    return last


def bare(body: str) -> str:
    """The body of an event without its cover: the event as it was given to the ledger."""
    if '"sum":' not in body:
        return body
    event = rows.event(body)
    return rows.encode(
        replace(event, facts={name: told for name, told in event.facts.items() if name not in COVER})
    )


def refuse_cover(event: Event) -> None:
    """Raises ``ValueError`` where an event brings facts of a cover itself: only the ledger gives these."""
    if not event.facts.keys().isdisjoint(COVER):
        raise ValueError(f"the facts {' and '.join(COVER)} of an event are given by the ledger")


def head(connection: Connection) -> Head:
    """The last event's seq and value of the chain; 0 and its start where there is none."""
    last = connection.exec_driver_sql("SELECT seq, chain FROM custody ORDER BY seq DESC LIMIT 1").first()
    return (0, START) if last is None else (last.seq, last.chain)


def chained(before: str, events: Iterable[rows.Row]) -> list[rows.Row]:
    """Rows of events, in their order, with the values of the chain that goes on from ``before``."""
    out = []
    for row in events:
        before = link(before, sha256(row["body"]))
        out.append(row | {"chain": before})
    return out
