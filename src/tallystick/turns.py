"""One walk at a time: two commands that take reports into one case, read or link it, go one after the other.

Each works out from the ledger what is still to do. Two that did so at the same moment would both find the same
report new, and record twice that it was received. The lock is the operating system's own and ends
with the process, however it ends: nothing is left behind that a later command would have to clear away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system that has other locks
    fcntl = None  # type: ignore[assignment]


@contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Wait until no other process has its turn on ``folder``, and have it until the block ends.

    Gives whether nobody else can be at work there: ``False`` where the file system or the system has no such
    locks, and two at once are then as safe as the ledger's own transactions make them.
    """
    if fcntl is None:
        yield False
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        alone = False
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
            alone = True
        yield alone
    finally:
        os.close(handle)
