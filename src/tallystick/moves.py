"""WHERE IS THE LEDGER KEPT? Carried from its file to a server of PostgreSQL, or back, with all it holds.

Every row takes the same place there, with the same body and the same value of the chain, and is held against
the former before anything else changes. Then ``case.toml`` names the new place, from which moment it counts,
and what was left is put by: the file as ``ledger.sqlite.moved``, the schema under another name. Nobody else
can write meanwhile. Cut short before that moment, the case is where it was, and what lies half done elsewhere
is cleared away by the next try, if all of it is in the ledger; cut short after it, the next try puts by what
was left.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tallystick import __version__, audit, chain, custody, ledgerplace, moving
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged, TallystickError
from tallystick.evidence import manifest, placing
from tallystick.ledger import FILE, Ledger, now
from tallystick.ledgerfile import MOVED, File
from tallystick.ledgerserver import Address, Server
from tallystick.model import Event
from tallystick.settings import settings, writing
from tallystick.turns import alone

TO_FILE = "sqlite"


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a ledger went from and to, how far it reached then, and what the former is called now."""

    came_from: str
    went_to: str
    head: chain.Head
    put_by: str


def move(folder: Path, to: str, *, clock: Callable[[], str] = now) -> Moved:
    """Carry the ledger of the case in ``folder`` to the server at the address ``to``, or a file ("sqlite").

    Raises ``AskedWrongly`` where it is there already, or another ledger is; ``CaseDamaged`` where it is not
    whole; ``NoServer``; ``TallystickError`` where somebody else has the case open for writing.
    """
    source = ledgerplace.of(folder)
    target = File(folder) if to == TO_FILE else Server(folder, Address.read(to))
    if source == target and not (isinstance(target, Server) and (folder / FILE).exists()):
        raise AskedWrongly(f"the ledger of {folder} is there already")
    if isinstance(source, Server) and isinstance(target, Server) and source != target:
        raise AskedWrongly(f"the ledger of {folder} is on a server; bring it back first: --to {TO_FILE}")
    Case.open(folder, write=True, clock=clock).close()  # records how the case was found
    by = f"tallystick {__version__}"
    with _held(folder), alone(folder / "captures"):
        if isinstance(target, Server):
            head, put_by = _to_server(folder, source, target)
        else:
            assert isinstance(source, Server), "there are files and servers"
            head, put_by = _to_file(folder, source)
        facts = {"from": source.where, "to": target.where, "seq": head[0], "chain": head[1]}
        with Ledger.open(folder, write=True, clock=clock) as ledger:
            if source != target:
                ledger.append(events=[Event("moved", "ledger", by, clock(), facts=facts)])
            custody.settle(ledger, settings(folder), by, clock())
    return Moved(source.name, target.name, head, put_by)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep every other writer out of the case, and write its manifest at the end."""
    with writing(folder):
        hold = custody.Hold(folder)
    try:
        if not hold.sole or hold.found() != ():
            raise TallystickError(f"another command writes in {folder}; wait for it to end, and ask again")
        manifest.remove(folder)
        yield
    except BaseException:
        hold.abandon()
        raise
    hold.release()


def _to_server(folder: Path, source: ledgerplace.Place, target: Server) -> tuple[chain.Head, str]:
    if source == target:  # a move was cut short before the file was put by
        with Ledger.open(folder) as ledger, ledger._begin() as there:
            _refuse_other(folder / FILE, there)
            head = chain.head(there)
    else:
        engine = target.engine()
        try:
            with (
                Ledger.open(folder, write=True) as ledger,
                ledger._begin(write=True) as there,
                _said_by(target),
                engine.begin() as connection,
            ):
                head = _carry(there, connection, target)
        finally:
            engine.dispose()
        _names(folder, str(target.address))
    if not File(folder).settled():
        raise TallystickError(f"{folder / FILE} is in use; wait for the other program to end, and ask again")
    with writing(folder):
        os.replace(folder / FILE, folder / MOVED)
        placing.to_disk(folder)
    return head, MOVED


@contextmanager
def _said_by(target: Server) -> Iterator[None]:
    """What the server refuses is said of the server; what the file does, its own ledger says."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise
        raise target.meaning(error) from error


def _carry(source: Connection, connection: Connection, target: Server) -> chain.Head:
    """Every row onto the server, in a transaction there; the head of both."""
    for problem in audit.problems(source):
        raise CaseDamaged(f"{problem}; nothing is moved that is not whole")
    if not target.lay_out(connection):
        if not moving.within(connection, source):
            raise AskedWrongly(
                f"at {target.name} is the ledger of another case, or a later one of this; name another"
            )
        connection.exec_driver_sql(
            f"DROP SCHEMA {target.address.schema} CASCADE"
        )  # half done, and all of it is ours
        target.lay_out(connection)
    moving.carry(source, connection)
    return chain.head(connection)


def _to_file(folder: Path, source: Server) -> tuple[chain.Head, str]:
    draft = folder / f"{FILE}.{os.getpid()}.new"
    with Ledger.open(folder, write=True) as ledger, ledger._begin(write=True) as there:
        for problem in audit.problems(there):
            raise CaseDamaged(f"{problem}; nothing is moved that is not whole")
        if (folder / FILE).exists():  # a move back was cut short
            _refuse_other(folder / FILE, there)
        head = chain.head(there)
        moving.into_file(there, draft)
        with writing(folder):
            os.replace(draft, folder / FILE)
            placing.to_disk(folder)
        _names(folder, None)
        put_by = f"{source.address.schema}_moved_{head[0]}"
        there.exec_driver_sql(f"ALTER SCHEMA {source.address.schema} RENAME TO {put_by}")
    with suppress(FileNotFoundError):
        (folder / MOVED).unlink()  # the ledger lies in the folder again, and goes on from there
    return head, put_by


def _names(folder: Path, database: str | None) -> None:
    """Let ``case.toml`` name the place of the ledger; from then on it is there."""
    replace(settings(folder), database=database).write(folder / "case.toml")


def _refuse_other(file: Path, whole: Connection) -> None:
    """Raises ``AskedWrongly`` where a ledger that lies there holds what ``whole`` does not."""
    engine, afterwards = File(file.parent).still()
    try:
        with engine.begin() as connection:
            same = moving.within(connection, whole)
    except ledgerplace.FAULTS as error:
        raise AskedWrongly(
            f"{file} is in the way, and is no ledger of this case; put it elsewhere"
        ) from error
    finally:
        engine.dispose()
        afterwards()
    if not same:
        raise AskedWrongly(f"{file} is in the way, and holds rows that the ledger does not; put it elsewhere")
