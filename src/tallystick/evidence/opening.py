"""Opening what lies in a case, of which nobody knows who put it there.

A named pipe would be waited for without end, a device be read without end, a link lead out of the case.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader, FileIO
from pathlib import Path


def plain(path: Path | bytes) -> FileIO:
    """The plain file ``path``, opened to read, unbuffered; ``OSError`` for a link, a pipe, or a device."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "no plain file", os.fsdecode(path))
    return FileIO(handle)


def read(path: Path, limit: int) -> bytes:
    """The bytes of a plain file; ``OSError`` as ``plain`` does, and where there are more than ``limit``."""
    with BufferedReader(plain(path)) as file:
        found = file.read(limit + 1)
    if len(found) > limit:
        raise OSError(errno.EFBIG, f"more than {limit:,} bytes", os.fspath(path))
    return found
