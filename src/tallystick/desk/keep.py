"""What is kept to hand of a case: one SQLite file in the user's cache, which may be deleted at any time.

All in it follows from the ledger; ``follow`` says how. It lies in the cache of the person who runs the desk
and never in the case folder, for what was worked out is kept as Python pickles: a folder that comes from
somebody else must not bring any. So it is only read where nobody else could have written it.
"""

from __future__ import annotations

import functools
import hashlib
import io
import os
import pickle
import platform
import re
import sqlite3
import threading
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tallystick import __version__
from tallystick.dossier.pair import touches

FORM = 4  # of what the tables below hold; their own shape is told apart by itself

# A statement ends with ";" at the end of a line, one within a trigger with "|".
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, place INTEGER, name TEXT, title TEXT, publisher TEXT, published TEXT, language TEXT,
    capture TEXT, accounts INTEGER, claims INTEGER, remarks INTEGER, misdated INTEGER, remarked TEXT
) WITHOUT ROWID;
CREATE INDEX documents_by_place ON documents (place);
CREATE INDEX documents_by_name ON documents (name);
CREATE INDEX documents_by_publisher ON documents (publisher);
CREATE TABLE reports (id TEXT PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE claims (id TEXT PRIMARY KEY, document TEXT NOT NULL, quote TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX claims_by_document ON claims (document);
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, incident TEXT, weight INTEGER NOT NULL, body BLOB
) WITHOUT ROWID;
CREATE INDEX accounts_by_document ON accounts (document);
CREATE INDEX accounts_by_incident ON accounts (incident);
CREATE TABLE pairs (
    left TEXT, right TEXT, verdict TEXT NOT NULL, person INTEGER NOT NULL, doubt REAL,
    weight INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (left, right)
) WITHOUT ROWID;
CREATE INDEX pairs_by_right ON pairs (right);
CREATE TABLE doubts (
    claim TEXT PRIMARY KEY, document TEXT NOT NULL, account TEXT, state TEXT NOT NULL, doubt REAL NOT NULL,
    weight INTEGER NOT NULL, title TEXT NOT NULL, quote TEXT NOT NULL, why TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX doubts_by_document ON doubts (document);
CREATE INDEX doubts_by_account ON doubts (account);
CREATE TABLE waiting (
    id TEXT PRIMARY KEY, sort TEXT NOT NULL, state TEXT NOT NULL, incident TEXT, other TEXT, document TEXT,
    left TEXT, right TEXT, title TEXT NOT NULL, quote TEXT NOT NULL, why TEXT NOT NULL, doubt REAL NOT NULL,
    weight INTEGER NOT NULL, pressing REAL NOT NULL, day TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX waiting_by_pressing ON waiting (pressing DESC, id);
CREATE INDEX waiting_by_doubt ON waiting (doubt DESC, pressing DESC, id);
CREATE INDEX waiting_by_day ON waiting (day, pressing DESC, id);
CREATE INDEX waiting_by_sort ON waiting (sort, pressing DESC, id);
CREATE INDEX waiting_by_incident ON waiting (incident);
CREATE INDEX waiting_by_other ON waiting (other);
CREATE INDEX waiting_by_left ON waiting (left);
CREATE INDEX waiting_by_right ON waiting (right);
CREATE INDEX waiting_by_document ON waiting (document);
CREATE TABLE incidents (
    id TEXT PRIMARY KEY, sort TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, last TEXT NOT NULL,
    place TEXT NOT NULL, latitude REAL, longitude REAL, radius REAL, killed INTEGER NOT NULL,
    reports INTEGER NOT NULL, differs INTEGER NOT NULL, touched INTEGER NOT NULL, shape TEXT NOT NULL,
    folded TEXT NOT NULL, wheres TEXT NOT NULL, parties TEXT NOT NULL,
    row BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE weighed (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX incidents_by_day ON incidents (sort, day, id);
CREATE INDEX incidents_by_killed ON incidents (sort, killed DESC);
CREATE INDEX incidents_by_reports ON incidents (sort, reports DESC);
CREATE INDEX incidents_by_place ON incidents (sort, place, day);
CREATE TABLE names (
    folded TEXT NOT NULL, sort TEXT NOT NULL, document TEXT NOT NULL, name TEXT NOT NULL, means TEXT NOT NULL,
    code TEXT NOT NULL, why TEXT NOT NULL, country TEXT NOT NULL, latitude REAL, longitude REAL,
    PRIMARY KEY (sort, folded, means, document)
) WITHOUT ROWID;
CREATE INDEX names_by_document ON names (document);
CREATE TABLE named (
    sort TEXT NOT NULL, folded TEXT NOT NULL, means TEXT NOT NULL, reports INTEGER NOT NULL,
    PRIMARY KEY (sort, folded, means)
) WITHOUT ROWID;
CREATE INDEX named_by_reports ON named (sort, reports DESC, folded);
CREATE TRIGGER told AFTER INSERT ON names BEGIN
    INSERT INTO named VALUES (new.sort, new.folded, new.means, 1)
    ON CONFLICT DO UPDATE SET reports = reports + 1|
END;
CREATE TRIGGER untold AFTER DELETE ON names BEGIN
    UPDATE named SET reports = reports - 1 WHERE (sort, folded, means) = (old.sort, old.folded, old.means)|
    DELETE FROM named WHERE (sort, folded, means) = (old.sort, old.folded, old.means) AND reports = 0|
END;
CREATE TABLE past (
    seq INTEGER PRIMARY KEY, what TEXT NOT NULL, by TEXT NOT NULL, day TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX past_by_what ON past (what, seq);
CREATE INDEX past_by_person ON past (by, seq);
CREATE INDEX past_by_day ON past (day, seq);
CREATE TABLE past_about (item TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (item, seq)) WITHOUT ROWID;
CREATE TABLE whole (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE VIRTUAL TABLE texts USING fts5 (
    folded, document UNINDEXED, tokenize = 'unicode61 remove_diacritics 0'
);
"""


def _is_ours(file: Path) -> bool:
    """Whether nobody else could have written ``file``; raises ``OSError`` where there is none."""
    found = file.lstat()
    mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return mine and not file.is_symlink() and not found.st_mode & 0o022


def maker() -> str:
    """What made the rows: another version may work out something else, or not read them."""
    tables = hashlib.sha256(_TABLES.encode()).hexdigest()[:12]
    return f"{FORM} {tables} {__version__} {platform.python_version()}"


class _Packer(pickle.Pickler):
    """Puts values with slots down as their class and their fields.

    Python 3.11 asks a frozen one with slots for its fields anew at each reading, which takes most of it.
    """

    def reducer_override(self, what: Any) -> Any:
        sort: Any = type(what)
        names = _fields(sort)
        return (_made, (sort, *(getattr(what, name) for name in names))) if names else NotImplemented


@functools.cache
def _fields(sort: Any) -> tuple[str, ...]:
    """The fields of a dataclass that has slots and no class above it; none of any other."""
    own: dict[str, Any] = vars(sort)
    slotted = "__dataclass_fields__" in own and "__slots__" in own and len(sort.__mro__) == 2
    return tuple(own["__slots__"]) if slotted else ()


@functools.cache
def _setters(sort: Any) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(sort.__dict__[name].__set__ for name in _fields(sort))


def _made(sort: Any, *values: Any) -> Any:
    """One of ``sort`` with these fields, as it was: nothing is checked or worked out again."""
    made: Any = object.__new__(sort)
    for put, value in zip(_setters(sort), values, strict=True):
        put(made, value)
    return made


def packed(what: Any) -> bytes:
    """``what`` as a column keeps it."""
    out = io.BytesIO()
    _Packer(out, pickle.HIGHEST_PROTOCOL).dump(what)
    return zlib.compress(out.getvalue(), 1)


def unpacked(body: bytes) -> Any:
    """What ``packed`` kept, in this file alone."""
    return pickle.loads(zlib.decompress(body))  # noqa: S301 - of a file that only this user writes


@functools.lru_cache(maxsize=512)
def shared(body: bytes) -> Any:
    """The same, held for whoever asks next: what is kept is frozen."""
    return unpacked(body)


class _Held:
    """One thread's connection, closed when the thread is gone and forgets it."""

    def __init__(self, connection: sqlite3.Connection, drawing: int) -> None:
        self.connection, self.drawing = connection, drawing

    def __del__(self) -> None:
        self.connection.close()


class Keep:
    """The file, opened: one connection a thread, for as long as that lives."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._own = threading.local()
        self._opened: weakref.WeakSet[_Held] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._drawing = 0  # how often the file was made anew while it was open
        if not self._is_sound():
            self.renew()

    def _is_sound(self) -> bool:
        """Whether there is a file that is ours, of today's form and by today's program."""
        try:
            return all(map(_is_ours, self._files())) and self.meta("maker") == maker()
        except (OSError, sqlite3.DatabaseError):
            return False

    def _files(self) -> list[Path]:
        """The file, and those beside it that there are: what lies in them is read like the file's own."""
        beside = [self.file.with_name(self.file.name + end) for end in ("-wal", "-shm")]
        return [self.file, *(path for path in beside if os.path.lexists(path))]

    def renew(self) -> None:
        """Make the file anew: nothing of what was in it is left on the disk, free pages and all.

        Each thread opens it anew when it next asks.
        """
        with self._lock:
            self._drawing += 1
        for path in self._files():
            path.unlink(missing_ok=True)
        os.close(os.open(self.file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with self.writing() as connection:
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement.replace("|", ";"))
            connection.execute("INSERT INTO meta VALUES ('maker', ?)", (maker(),))

    @property
    def reading(self) -> sqlite3.Connection:
        """This thread's connection."""
        held: _Held | None = getattr(self._own, "held", None)
        if held is None or held.drawing != self._drawing:
            drawing = self._drawing
            connection = sqlite3.connect(self.file, timeout=30, isolation_level=None, check_same_thread=False)
            # What is lost when the machine stops is worked out again.
            for pragma in ("journal_mode = WAL", "synchronous = OFF", "mmap_size = 268435456"):
                connection.execute(f"PRAGMA {pragma}")
            connection.create_function("touches", 7, touches, deterministic=True)
            held = self._own.held = _Held(connection, drawing)
            with self._lock:
                self._opened.add(held)
        return held.connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        connection = self.reading
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    @contextmanager
    def still(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, with all that is asked of it within as of one moment."""
        connection = self.reading
        if connection.in_transaction:
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def empty(self, connection: sqlite3.Connection) -> None:
        """Take out all that follows from the ledger; what is noted under names stays."""
        for table in re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", _TABLES):
            if table != "meta":
                connection.execute(f"DELETE FROM {table}")

    def meta(self, name: str) -> Any:
        """What is noted under ``name``; None where nothing is."""
        row = self.reading.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else row[0]

    def interrupt(self) -> None:
        """End what is being asked, in every thread: it raises ``sqlite3.OperationalError`` there."""
        with self._lock:
            for held in self._opened:
                with suppress(sqlite3.ProgrammingError):  # closed already
                    held.connection.interrupt()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            for held in self._opened:
                held.connection.close()
            self._opened = weakref.WeakSet()
        self._own = threading.local()
