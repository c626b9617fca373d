"""Where the ledger of a case lies, as its folder tells: in a file there, or on a server.

The key ``database`` in ``case.toml`` names the server; where there is none the ledger is the file
``ledger.sqlite``. Both are a ``Place``, which tells all in which they differ, so that nothing above asks
which of them it has; of a connection to either, ``sort`` tells how to look into what it is connected to.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from tallystick import ledgerfile, ledgerserver, rows
from tallystick.errors import TallystickError

# What asking either may raise; the last where SQLite quotes bytes of a file that is no database.
FAULTS = (DBAPIError, NoneFree, sqlite3.Error, UnicodeDecodeError)
_LIMIT = 1_000_000  # bytes of a file of settings


class Place(Protocol):
    """Where a ledger lies. Each method is told where it is written (``File``, ``Server``)."""

    @property
    def folder(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def where(self) -> str: ...
    def exists(self) -> bool: ...
    def make(self) -> None: ...
    def opened(self, *, write: bool) -> tuple[Engine, Engine | None]: ...
    def still(self) -> tuple[Engine, Callable[[], None]]: ...
    def writable(self) -> bool: ...
    def refuse_read_only(self) -> None: ...
    def settled(self) -> bool: ...
    def stamp(self) -> object: ...
    def scrub(self, engine: Engine) -> None: ...
    def copy(self, file: Path) -> bool: ...
    def turn(self) -> AbstractContextManager[None]: ...
    def meaning(self, error: Exception) -> TallystickError: ...


class Sort(Protocol):
    """How to look into a ledger through a connection: functions of ``ledgerfile`` and ``ledgerserver``."""

    def form(self, connection: Connection) -> int: ...
    def number(self, connection: Connection, form: int) -> None: ...
    def entries(self, connection: Connection) -> frozenset[rows.Entry]: ...
    def expected(self, connection: Connection) -> frozenset[rows.Entry]: ...
    def unsound(self, connection: Connection) -> Iterator[str]: ...
    def unguard(self, connection: Connection) -> None: ...
    def guard(self, connection: Connection) -> None: ...


def of(folder: Path) -> Place:
    """Where the ledger of the case in ``folder`` lies, or would.

    Raises ``AskedWrongly`` where ``case.toml`` names a database that can be none.
    """
    told = database(folder)
    if told is None:
        return ledgerfile.File(folder)
    return ledgerserver.Server(folder, ledgerserver.Address.read(told))


def sort(connection: Connection) -> Sort:
    """How to look into what ``connection`` is connected to."""
    return ledgerserver if connection.dialect.name == "postgresql" else ledgerfile


def database(folder: Path) -> str | None:
    """The server that ``case.toml`` names, if any. What else is wrong with the file, ``settings`` tells."""
    try:
        handle = os.open(folder / "case.toml", os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            whole = stat.S_ISREG(os.fstat(handle).st_mode)
            text = file.read(_LIMIT + 1).decode() if whole else ""
        told = tomllib.loads(text if len(text) <= _LIMIT else "").get("database")
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, str) else None
