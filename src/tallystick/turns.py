"""One walk at a time: two commands that take reports into one case, read or link it, take turns.

Each works out from the ledger what is still to do. Two that did so at the same moment would both find
the same report new, and record twice that it was received. The lock is the operating system's own and ends
with the process, however it ends: nothing is left behind that a later command would have to clear away.
And who is alone may clear away what interrupted commands left half written.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tallystick import evidence, ledgerfile, ledgerplace
from tallystick.settings import writing

# By path from the case folder. Each is written within a turn, so that within one nobody else is at it.
_LEFT = ("case.toml.new", ".dossier.new", ".dossier.old", "lists/.new-*")


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Wait until no other command is at work in the case whose captures lie in ``store``; have the turn.

    Where the file system has no such locks two at once are as safe as the ledger's own
    transactions make them. Raises ``CaseReadOnly`` where the folder cannot be made.
    """
    with writing(store):
        store.mkdir(exist_ok=True)
        handle = os.open(store, os.O_RDONLY)
    try:
        locked = _locked(handle)
        place = ledgerplace.of(store.parent)
        with place.turn():  # where the ledger is on a server: among all machines that share the folder
            evidence.sweep(store, older_than=0 if locked else evidence.HOUR)
            _tidy(store.parent)
            yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Wait for the lock; whether there is one."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:  # a disk without locks
        return False
    return True


def _tidy(folder: Path) -> None:
    """Clear away what interrupted commands left of ledgers, settings, lists and dossiers."""
    ledgerfile.tidy(folder)
    for left in (path for pattern in _LEFT for path in folder.glob(pattern)):
        with suppress(OSError):
            if left.name == ".dossier.old" and not (folder / "dossier").exists():
                left.rename(folder / "dossier")
            elif left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
