"""WHO MAY WRITE IN A CASE? Any number of programs at once; the last of them writes the manifest.

Each writer holds a shared lock on the case folder for as long as the case is open. The manifest is taken
away by the first and written by the last, who knows that it is the last because no one else holds the lock.
So where there is a manifest nobody was cut short, and where a program was killed there is none until the
next one is done.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from tallystick import ledgerfile
from tallystick.errors import AskedWrongly, CaseReadOnly
from tallystick.evidence import manifest
from tallystick.ledger import Ledger
from tallystick.model import Event

_NAMED = 50  # altered files that an event names; of more it tells the number


class Hold:
    """One writer's hold on the case in ``folder``, from now until ``release``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # a disk without locks: see ``release``
            fcntl.flock(self._handle, fcntl.LOCK_SH)  # waits for whoever writes the manifest just now

    def begin(self) -> tuple[str, ...]:
        """Take the manifest away; gives what did not hold of it, each in a sentence."""
        if not manifest.exists(self._folder):
            return ()
        flaws = tuple(manifest.flaws(self._folder))
        # Where another writer took it away meanwhile, what was found may be what that one has written.
        return flaws if manifest.remove(self._folder) else ()

    def abandon(self) -> None:
        """Let go without a word: what was taken away stays away."""
        os.close(self._handle)

    def release(self) -> None:
        """Let go; the last who does writes the manifest.

        Where it cannot be written, or nobody can tell who is last (a disk without locks), or rows still
        lie outside the ledger's file, there is none: ``verify`` says so.
        """
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if ledgerfile.settled(self._folder):
                manifest.write(self._folder)
        except OSError:  # others write on, or there is no room
            pass
        finally:
            os.close(self._handle)


def altered(flaws: tuple[str, ...], by: str, at: str) -> Event:
    """The custody event that files were not as the last writer left them when the case was opened."""
    return Event("altered", "case", by, at, facts={"files": len(flaws), "found": list(flaws[:_NAMED])})


def record_export(ledger: Ledger, what: str, folder: Path, by: str, at: str) -> None:
    """Record that ``what`` (a dossier, an export) was written into ``folder``, unless it is as the last was.

    The event's ``sha256`` is that of what ``sha256sum`` says of the files there, in order of their paths.
    """
    sha256, files = manifest.digest(folder)
    before = [event.facts["sha256"] for event in ledger.events("exported") if event.item == what]
    if before[-1:] != [sha256]:
        event = Event("exported", what, by, at, facts={"sha256": sha256, "files": files})
        ledger.append(events=[event])


def refuse_place(case: Path, folder: Path | None, writing: bool) -> None:
    """Raises where ``folder`` is no place for a dossier or an export; None is that of the case's own."""
    if folder is None and not writing:
        raise CaseReadOnly(f"{case} is open to be read, so it cannot be written to; name a folder elsewhere")
    if folder is not None and folder.resolve().is_relative_to(case.resolve()):
        raise AskedWrongly(f"{folder} lies in the case, so it cannot be written; name a folder elsewhere")
