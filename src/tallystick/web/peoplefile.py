"""The people file: who may sign in, on a SQLite file of its own that only its owner can read.

It lies outside every case, for a case is handed on and passwords are not. What happened at the door (the
audit) only grows: triggers refuse to change or remove a line of it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tallystick.errors import AskedWrongly
from tallystick.evidence import keys

FORM = 2
_BUSY = 10.0  # seconds to wait for another process that writes
_TABLES = """
CREATE TABLE persons (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, folded TEXT NOT NULL UNIQUE,
  password TEXT, secret TEXT, step INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'disabled', 'removed'))
);
CREATE TABLE roles (
  person INTEGER NOT NULL REFERENCES persons, place TEXT NOT NULL,
  role INTEGER NOT NULL CHECK (role BETWEEN 2 AND 5), PRIMARY KEY (person, place)
);
CREATE TABLE codes (
  person INTEGER NOT NULL REFERENCES persons, hash TEXT NOT NULL, PRIMARY KEY (person, hash)
);
CREATE TABLE sessions (
  hash TEXT PRIMARY KEY, person INTEGER NOT NULL REFERENCES persons, made REAL NOT NULL, seen REAL NOT NULL
);
CREATE TABLE invitations (
  hash TEXT PRIMARY KEY, person INTEGER NOT NULL UNIQUE REFERENCES persons, ends REAL NOT NULL,
  taken TEXT, password TEXT, secret TEXT
);
CREATE TABLE tokens (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, person INTEGER NOT NULL REFERENCES persons,
  place TEXT NOT NULL, role INTEGER NOT NULL CHECK (role BETWEEN 2 AND 5), label TEXT NOT NULL,
  made REAL NOT NULL, ends REAL NOT NULL, used REAL, ended REAL
);
CREATE TABLE attempts (what TEXT PRIMARY KEY, failures INTEGER NOT NULL, last REAL NOT NULL);
CREATE TABLE cases (key TEXT PRIMARY KEY, began TEXT NOT NULL);
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, what TEXT NOT NULL, person TEXT NOT NULL,
  about TEXT NOT NULL, address TEXT NOT NULL, note TEXT NOT NULL
);
CREATE INDEX audit_by_person ON audit (person);
CREATE INDEX sessions_by_person ON sessions (person);
CREATE INDEX tokens_by_person ON tokens (person);
CREATE TRIGGER audit_only_grows_update BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
CREATE TRIGGER audit_only_grows_delete BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
"""
# What a file of the form before lacks.
_SINCE_1 = re.findall(r"CREATE (?:TABLE tokens|INDEX tokens_by_person) .*?;", _TABLES, re.S)


def default_file() -> Path:
    """Where the people file lies unless another is named: in the user's own data folder."""
    told = os.environ.get("XDG_DATA_HOME", "")
    base = Path(told) if told.startswith("/") else Path.home() / ".local" / "share"
    return base / "tallystick" / "people.sqlite"


class PeopleFile:
    """The file, opened; every read and write of it goes through ``reading`` and ``writing``.

    One connection serves all threads, one after another: what is asked of it takes microseconds.
    """

    def __init__(self, path: Path, *, make: bool = False, clock: Callable[[], float] = time.time) -> None:
        """Open ``path``; raises ``AskedWrongly`` where it is no such file, or none and not to ``make``."""
        refuse_in_case(path)
        self.path, self.clock = path, clock
        self._lock = threading.RLock()
        if not path.exists():
            if not make:
                raise AskedWrongly(
                    f"there is no people file {path}; make it, with whoever runs the desk: "
                    f"tallystick people add NAME --role admin --file {path}"
                )
            _create(path)
        if path.stat().st_mode & 0o077:
            raise AskedWrongly(f"others on this machine can read {path}; take that away: chmod 600 {path}")
        self._held = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
        self._held.row_factory = sqlite3.Row
        try:
            form = self._held.execute("PRAGMA user_version").fetchone()[0]
            self._held.execute("PRAGMA foreign_keys = ON")
            self._held.execute("PRAGMA synchronous = FULL")
            self._held.execute("PRAGMA secure_delete = ON")
        except sqlite3.DatabaseError as error:
            self._held.close()
            raise AskedWrongly(f"{path} is no people file ({error}); name another") from error
        if form == 1:
            form = self._grow()
        if form != FORM:
            self._held.close()
            raise AskedWrongly(f"{path} is no people file of this version; name another")

    def _grow(self) -> int:
        """Add to a file of the first form what it lacks; another process may just have done so."""
        with self.writing() as run:
            form = int(self._held.execute("PRAGMA user_version").fetchone()[0])
            if form == 1:
                for statement in _SINCE_1:
                    run(statement)
                run(f"PRAGMA user_version = {FORM}")
            return FORM if form == 1 else form

    def close(self) -> None:
        self._held.close()

    def ask(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """The rows that a SELECT finds."""
        with self._lock:
            return self._held.execute(sql, values).fetchall()

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        """The first of them, or None."""
        with self._lock:
            row: sqlite3.Row | None = self._held.execute(sql, values).fetchone()
            return row

    @contextmanager
    def writing(self) -> Iterator[Callable[..., int]]:
        """One transaction, whole or not at all; gives what runs a statement and counts the rows it met."""
        with self._lock:
            self._held.execute("BEGIN IMMEDIATE")
            try:
                yield lambda sql, *values: self._held.execute(sql, values).rowcount
            except BaseException:
                self._held.execute("ROLLBACK")
                raise
            self._held.execute("COMMIT")

    def note(
        self, what: str, *, person: str = "", about: str = "", address: str = "", note: str = ""
    ) -> None:
        """A line of the audit: what happened, by whom, to whom or what, from which address."""
        at = datetime.fromtimestamp(self.clock(), UTC).isoformat(timespec="seconds")
        told = (at, what, person, about[:200], address[:100], note[:500])
        with self.writing() as run:
            run("INSERT INTO audit (at, what, person, about, address, note) VALUES (?, ?, ?, ?, ?, ?)", *told)

    def audit(self, person: str, what: str, before: int, most: int) -> list[sqlite3.Row]:
        """Lines of the audit, the last first; of one person and one kind where given, before a seq."""
        return self.ask(
            "SELECT * FROM audit WHERE (? = '' OR person = ? OR about = ?) AND (? = '' OR what = ?)"
            " AND (? = 0 OR seq < ?) ORDER BY seq DESC LIMIT ?",
            *(person, person, person, what, what, before, before, most),
        )


def refuse_in_case(path: Path) -> None:
    """Raises ``AskedWrongly`` where ``path`` lies within a case: a case is handed on, passwords are not."""
    for folder in path.resolve().parents:
        if keys.is_case(folder):
            raise AskedWrongly(
                f"{path} lies within the case {folder}, which is handed on to others; passwords must not be: "
                "name a file outside of it"
            )


def _create(path: Path) -> None:
    """An empty people file, made beside its place and put there whole, readable by its owner alone."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(draft)) as held:
            held.executescript(f"{_TABLES} PRAGMA user_version = {FORM};")
            held.execute("PRAGMA journal_mode = WAL")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    except OSError as error:
        raise AskedWrongly(f"{path} cannot be made ({error.strerror}); name another place") from error
    finally:
        draft.unlink(missing_ok=True)
