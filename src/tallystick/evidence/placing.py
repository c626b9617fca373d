"""New files of a case, each of which appears whole or not at all, and never over another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom
from pathlib import Path
from threading import Lock

UNFINISHED = ".new-"  # how the name of a file begins that is not whole yet

_ASKING = Lock()


@contextmanager
def new_file(path: Path, mode: int = 0o644) -> Iterator[BufferedRandom]:
    """A file to write, which gets the name ``path`` when the block ends without an error.

    It is written beside, readable as ``mode`` and the process's umask allow, brought to disk, and given
    its name in one step. Raises ``FileExistsError`` where the name is taken, ``OSError`` as the disk says.
    """
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)  # readable by its owner alone
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode & ~umask())
            os.fsync(file.fileno())
        _name(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)


def umask() -> int:
    """What the person who runs this process withholds from others; to ask for it is to set it."""
    with _ASKING:  # two threads at once would take each other's for the person's
        held = os.umask(0o077)
        os.umask(held)
    return held


def write_new(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that is not there yet, as ``new_file`` does."""
    with new_file(path, mode) as file:
        file.write(content)


def _name(unfinished: str, path: Path) -> None:
    """Give a finished file its name, unless that is taken: a renaming would not refuse."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if os.path.lexists(path):
            raise FileExistsError(str(path)) from None
        os.rename(unfinished, path)


def to_disk(folder: Path) -> None:
    """Bring the names in ``folder`` to disk, so that they outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
