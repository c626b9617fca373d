"""Small files of a case, each of which appears whole or not at all, and never over another."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".new-"


def write_new(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that is not there yet; ``FileExistsError`` where it is, ``OSError`` as the disk says.

    It is written beside, readable as ``mode`` allows, brought to disk, and given its name in one step.
    """
    handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # unlike a renaming, this refuses a name that is taken
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            if path.exists():
                raise FileExistsError(str(path)) from None
            os.rename(unfinished, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
