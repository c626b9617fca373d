"""The file of a ledger: made whole, opened, looked at as it lies, and what its errors mean.

``File`` is the ledger of a case folder that lies in a file of SQLite (``ledgerplace`` tells the shape that it
shares with a server's); below it stand the functions by which ``audit`` and others look into one.

``ledger.sqlite`` is in SQLite's write-ahead mode: while a program has it open, rows may lie beside it in
``ledger.sqlite-wal`` before they are brought into the file; a killed program leaves them there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from tallystick import rows
from tallystick.errors import CaseDamaged, CaseReadOnly, NoSuchCase, OnlyGrows, TallystickError

FILE = "ledger.sqlite"
MOVED = f"{FILE}.moved"  # the file of a ledger that went to a server
BUSY_SECONDS = 30
# What reading a file that is no sound database may raise; the last where SQLite quotes bytes of it.
FAULTS = (DBAPIError, sqlite3.Error, UnicodeDecodeError)
_READERS = 8  # connections that are kept open; more are opened where more threads read at once
_TRIES = 3  # at copying a ledger that changes meanwhile


@dataclass(frozen=True, slots=True)
class File:
    """The ledger of the case in ``folder`` that lies there in a file."""

    folder: Path

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.folder / FILE)

    @property
    def where(self) -> str:
        """What a custody event calls it."""
        return FILE

    def exists(self) -> bool:
        return os.path.exists(self.folder / FILE)

    def make(self) -> None:
        """An empty ledger, made whole or not at all. Raises ``CaseDamaged`` where one is lost."""
        if has_captures(self.folder):
            raise no_ledger(self.folder)
        if not os.access(self.folder, os.W_OK):
            raise CaseReadOnly(f"{self.folder} cannot be written to; choose another, or change its rights")
        draft(self.folder / FILE)

    def opened(self, *, write: bool) -> tuple[Engine, Engine | None]:
        """Where it is read, and where it is written to; raises as ``Ledger.open`` does.

        What is read is a file of its own connection for every transaction that goes on, and waits for no
        writer; what is written has one connection, for which the threads of a program wait in turn.
        """
        file = there(self.folder)
        if write:
            self.refuse_read_only()
        mode = "rw" if self.writable() else read_only(file)
        return engine(file, mode, write=False), engine(file, mode, write=True) if write else None

    def still(self) -> tuple[Engine, Callable[[], None]]:
        """Where it is looked at without a byte in the folder changing, and what is to be done afterwards."""
        file = there(self.folder)
        if not log(file):
            return engine(file, "ro&immutable=1", write=False), lambda: None
        apart = copied(file)
        return engine(Path(apart.name) / FILE, "rw", write=False), apart.cleanup

    def writable(self) -> bool:
        """Whether it can be written to."""
        return os.access(self.folder, os.W_OK) and os.access(self.folder / FILE, os.W_OK)

    def refuse_read_only(self) -> None:
        """Raises ``CaseReadOnly`` where it cannot be written to."""
        if not self.writable():
            raise CaseReadOnly(
                f"{self.folder} cannot be written to; copy the case to where you may write, and go on there"
            )

    def settled(self) -> bool:
        """Whether all rows lie in the file itself; those beside it are brought there where that can be."""
        return settled(self.folder)

    def stamp(self) -> object:
        """What tells that it was written to."""
        return stamp(self.folder)

    def scrub(self, engine: Engine) -> None:
        """Write it anew, so that nothing is left of what was overwritten."""
        with engine.connect() as connection:
            scrub(connection.connection.dbapi_connection)

    def copy(self, file: Path) -> bool:
        """Write a copy to ``file``, without what its free pages may hold; whether this can be done here."""
        compacted(self.folder / FILE, file)
        return True

    def turn(self) -> AbstractContextManager[None]:
        """A turn in the case beyond the lock of its folder: a file needs none."""
        return nullcontext()

    def meaning(self, error: Exception) -> TallystickError:
        """What an error of the database means for whoever asked."""
        return meaning(error, self.folder / FILE)


def engine(file: Path, mode: str, *, write: bool) -> Engine:
    """Connections to ``file``, with a transaction that begins where SQLAlchemy says it does.

    One goes from thread to thread, but is in one transaction's hand at a time. To write there is one alone.
    """

    def connect() -> sqlite3.Connection:
        uri = f"{file.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            if not write:
                connection.execute("PRAGMA query_only = ON")
        except FAULTS:  # no database: a file handle left open is warned of from Python 3.13 on
            connection.close()
            raise
        return connection

    size, more = (1, 0) if write else (_READERS, -1)
    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=more,
        pool_timeout=BUSY_SECONDS,
    )

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "begin", begin)
    return engine


def in_memory() -> Engine:
    """A database in memory, of one connection, that is gone when it is disposed of."""
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def draft(file: Path) -> None:
    """An empty ledger, made beside ``file`` and linked into its place.

    All of it lies in the one file before that is linked: it is filled in the mode that has no log beside
    it, for on a full disk a log cannot be brought into the file, and would be lost with its name.
    """
    draft = file.with_name(f"{FILE}.{os.getpid()}.new")
    try:
        draft.unlink(missing_ok=True)
        made = engine(draft, "rwc", write=True)
        try:
            with made.begin() as connection:
                lay_out(connection)
        finally:
            made.dispose()
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        except OSError:  # a disk without links
            draft.rename(file)
    except FAULTS as error:
        if not file.exists():  # else another process was first, and has cleared this draft away
            raise meaning(error, file) from error
    except OSError as error:
        if file.exists():
            return
        raise CaseReadOnly(
            f"{file} cannot be made ({error.strerror}); make room or name another folder"
        ) from error
    finally:
        tidy(file.parent)


def lay_out(connection: Connection) -> None:
    """The tables, indexes and triggers of a ledger, in an empty database."""
    rows.METADATA.create_all(connection)
    for trigger in rows.triggers().values():
        connection.exec_driver_sql(trigger)
    number(connection, rows.SCHEMA)


def form(connection: Connection) -> int:
    """The form of the tables, as the file tells it."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def number(connection: Connection, form: int) -> None:
    """Say in the file which form its tables have."""
    connection.exec_driver_sql(f"PRAGMA user_version = {form:d}")


def entries(connection: Connection) -> frozenset[rows.Entry]:
    """All that is in the database. An index that SQLite made for itself has no SQL; here it is empty."""
    master = connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return frozenset(
        rows.Entry(kind, name, table, " ".join((sql or "").split())) for kind, name, table, sql in master
    )


def expected(connection: Connection) -> frozenset[rows.Entry]:
    """What a ledger of the form of this one holds."""
    today = _today()
    if form(connection) == rows.SCHEMA:
        return today
    return frozenset(entry._replace(sql=spelt(entry.sql)) for entry in today)


@cache
def _today() -> frozenset[rows.Entry]:
    """What a new ledger holds: one is made in memory and looked at."""
    made = create_engine("sqlite://")
    try:
        with made.begin() as connection:
            lay_out(connection)
            return entries(connection)
    finally:
        made.dispose()


def spelt(sql: str) -> str:
    """The SQL that makes a table of today as form 1 had it, with single spaces."""
    return sql.replace(", chain TEXT NOT NULL", "")


def unsound(connection: Connection) -> Iterator[str]:
    """Where the file is no sound database."""
    sound = connection.exec_driver_sql("PRAGMA integrity_check")
    yield from (str(line) for (line,) in sound if line != "ok")


def unguard(connection: Connection) -> None:
    """Set the triggers aside, in this transaction, to rewrite rows; what was there is overwritten."""
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for name in rows.triggers():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def guard(connection: Connection) -> None:
    """Put the triggers back."""
    for sql in rows.triggers().values():
        connection.exec_driver_sql(sql)


def scrub(connection: Any) -> None:
    """Write the database anew, so that nothing of what was overwritten is left in it or in its log.

    Raises ``sqlite3.Error``: also ("locked") where another program still reads what was there before.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("VACUUM")
    ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy:
        raise sqlite3.OperationalError("database is locked")


def tidy(folder: Path) -> None:
    """Clear away the drafts of a ledger that interrupted commands, and those that came second, left."""
    for left in folder.glob(f"{FILE}.*.new*"):
        with suppress(OSError):
            left.unlink()


def read_only(file: Path) -> str:
    """How to open ``file`` where nothing beside it can be written.

    Immutable, unless there is a write-ahead log with rows of its own: those must be seen too.
    """
    return "ro" if log(file) else "ro&immutable=1"


def log(file: Path) -> int:
    """How many bytes of rows lie in the write-ahead log beside ``file``."""
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def settled(folder: Path) -> bool:
    """Whether all rows lie in the ledger's own file; those beside it are brought there where that can be."""
    file = folder / FILE
    if not log(file):
        return True
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
        try:
            (busy, *_), *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()
    except sqlite3.Error:
        return False
    return not busy


def stamp(folder: Path) -> tuple[tuple[int, int, int], ...]:
    """What tells that a ledger was written to: of its file and of the log beside it, node, size and time."""
    out = []
    for path in (folder / FILE, folder / f"{FILE}-wal"):
        try:
            found = path.stat()
        except OSError:
            out.append((0, 0, 0))
        else:
            out.append((found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else (0, 0, 0))
    return tuple(out)


def copied(file: Path) -> tempfile.TemporaryDirectory[str]:
    """A copy of the ledger with its log, in a folder of its own.

    Raises ``TallystickError`` where it keeps changing meanwhile.
    """
    for _ in range(_TRIES):
        apart = tempfile.TemporaryDirectory(prefix="tallystick-")
        before = stamp(file.parent)
        try:
            for name in (file.name, f"{file.name}-wal"):
                shutil.copyfile(file.with_name(name), Path(apart.name) / name)
        except FileNotFoundError:  # the log was brought into the file just now
            before = ()
        except OSError as error:
            apart.cleanup()
            raise CaseDamaged(f"{error.filename} cannot be copied ({error.strerror})") from error
        if stamp(file.parent) == before:
            return apart
        apart.cleanup()
    raise TallystickError(f"{file} is being written to; ask again when the other command is done")


def compacted(file: Path, to: Path) -> None:
    """A copy of the ledger in one file ``to``, without what its free pages may hold."""
    source = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        source.execute("VACUUM INTO ?", (os.fspath(to),))
    except sqlite3.Error as error:
        raise CaseReadOnly(f"{file} cannot be copied to {to} ({error}); make room there") from error
    finally:
        source.close()


def there(folder: Path) -> Path:
    """The ledger's file in ``folder``, if it can be one; raises as ``Ledger.open`` does."""
    file = folder / FILE
    if not os.path.isfile(file):
        raise no_ledger(folder)
    if not os.access(file, os.R_OK):
        raise CaseDamaged(f"{file} cannot be read; give yourself the right to, or ask whose it is")
    if file.stat().st_size == 0:
        raise CaseDamaged(
            f"{file} is empty: writing it was cut short, or the disk was full; "
            "put a copy of it back, or take the reports in anew into another folder"
        )
    return file


def has_captures(folder: Path) -> bool:
    return os.path.isdir(folder / "captures") and bool(os.listdir(folder / "captures"))


def no_ledger(folder: Path) -> TallystickError:
    if not os.path.exists(folder):
        return NoSuchCase(
            f"no case at {folder}: there is no such folder; "
            f"'tallystick run REPORTS --case {folder}' makes one"
        )
    if os.path.isdir(folder) and not os.access(folder, os.R_OK | os.X_OK):
        return CaseDamaged(f"{folder} cannot be opened; give yourself the right to, or ask whose it is")
    if os.path.exists(folder / MOVED):
        return CaseDamaged(
            f"the ledger of {folder} was moved to a server, but its case.toml does not say to which; "
            'put there the line that did: database = "postgresql://..."'
        )
    if has_captures(folder):
        return CaseDamaged(
            f"{folder} holds captures, but its {FILE} is gone; "
            "put a copy of it back, or take the reports in anew into another folder"
        )
    return NoSuchCase(
        f"no case at {folder}: it holds no {FILE}; name a folder that 'tallystick run' has made"
    )


def meaning(error: Exception, file: Path) -> TallystickError:
    """What an error of the database means for whoever asked."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if "only grow" in said:
        return OnlyGrows(f"{file}: {said}; append what is to stand instead")
    if "readonly" in said or "unable to open" in said:
        return CaseReadOnly(
            f"{file} cannot be opened where nothing can be written ({said}); "
            "copy the case to where you may write"
        )
    if "locked" in said:
        return TallystickError(
            f"{file} has been in use for {BUSY_SECONDS} seconds; wait for the other command to end"
        )
    if "is full" in said or "disk I/O" in said:  # a full disk shows as either, by what was to be written
        return CaseReadOnly(
            f"{file} cannot be written to ({said}); look whether the disk is full or failing, "
            "make room, and run the same command again"
        )
    return CaseDamaged(
        f"{file} is no sound ledger ({said}); "
        "put a copy of it back, or take the reports in anew into another folder"
    )
