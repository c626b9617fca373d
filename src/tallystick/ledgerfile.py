"""The file of a ledger: made whole, opened, looked at as it lies, and what its errors mean.

``ledger.sqlite`` is in SQLite's write-ahead mode: while a program has it open, rows may lie beside it in
``ledger.sqlite-wal`` before they are brought into the file; a killed program leaves them there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from tallystick import rows
from tallystick.errors import CaseDamaged, CaseReadOnly, NoSuchCase, OnlyGrows, TallystickError

FILE = "ledger.sqlite"
BUSY_SECONDS = 30
# What reading a file that is no sound database may raise; the last where SQLite quotes bytes of it.
FAULTS = (DBAPIError, sqlite3.Error, UnicodeDecodeError)
_TRIES = 3  # at copying a ledger that changes meanwhile


def engine(file: Path, mode: str, *, write: bool) -> Engine:
    """One connection to ``file``, with a transaction that begins where SQLAlchemy says it does."""

    def connect() -> sqlite3.Connection:
        uri = f"{file.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            if not write:
                connection.execute("PRAGMA query_only = ON")
        except FAULTS:  # no database: a file handle left open is warned of from Python 3.13 on
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "begin", begin)
    return engine


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
    connection.exec_driver_sql(f"PRAGMA user_version = {rows.SCHEMA}")


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


def writable(folder: Path) -> bool:
    """Whether the ledger in ``folder`` can be written to."""
    return os.access(folder, os.W_OK) and os.access(folder / FILE, os.W_OK)


def refuse_read_only(folder: Path) -> None:
    """Raises ``CaseReadOnly`` where the ledger in ``folder`` cannot be written to."""
    if not writable(folder):
        raise CaseReadOnly(
            f"{folder} cannot be written to; copy the case to where you may write, and go on there"
        )


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
