"""WHO MAY WRITE IN A CASE? Any number of programs at once; the last of them writes the manifest.

Each writer holds a shared lock on the case folder for as long as the case is open. The manifest is taken
away by the first and written by the last, who knows that it is the last because no one else holds the lock.
So where there is a manifest nobody was cut short, and where a program was killed there is none until the
next one is done. How the first one finds the case stays in the record: a manifest that does not hold, and one
that is not there, for whoever could change a file could take the manifest away as well.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tallystick import ledgerplace
from tallystick.errors import AskedWrongly, CaseReadOnly
from tallystick.evidence import manifest
from tallystick.ledger import Ledger
from tallystick.model import Event, Note
from tallystick.settings import Settings, settings, shown

_AGAIN = 0.02  # seconds until the lock is asked for again
_NAMED = 50  # altered files that an event names; of more it tells the number


class Hold:
    """One writer's hold on the case in ``folder``, from now until ``release``.

    Whoever is the only writer (``sole``) keeps all others out until ``begin``, so that what the case is found
    like is what the last one left, and is recorded before the manifest that tells of it goes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._handle = os.open(folder, os.O_RDONLY)
        self.sole = _enter(self._handle, folder)

    def found(self) -> tuple[str, ...] | None:
        """What does not hold of the manifest, each in a sentence; None where the last writer left none."""
        if manifest.exists(self._folder):
            return tuple(manifest.flaws(self._folder))
        return None if self.sole else ()

    def begin(self) -> None:
        """Take the manifest away, and let other writers in."""
        manifest.remove(self._folder)
        if self.sole:
            fcntl.flock(self._handle, fcntl.LOCK_SH)

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
            if ledgerplace.of(self._folder).settled():
                manifest.write(self._folder)
        except OSError:  # others write on, or there is no room
            pass
        finally:
            os.close(self._handle)


def _enter(handle: int, folder: Path) -> bool:
    """Lock the case: alone where nobody else writes in it, else with them; whether alone.

    A disk without locks tells nobody who else is there: then never alone.
    """
    missing = 0
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(handle, fcntl.LOCK_SH)  # waits for whoever begins or ends just now
            if not manifest.exists(folder):
                return False
        except OSError:
            return False
        else:
            missing += not manifest.exists(folder)
            if manifest.exists(folder) or missing > 1:
                return True
        # Either the last writer ended just now, or another one passes from being alone to letting others
        # in, and the system gave us its lock between the two: it has it back when we ask again.
        fcntl.flock(handle, fcntl.LOCK_UN)
        time.sleep(_AGAIN)


def event_of(found: tuple[str, ...] | None, started: bool, by: str, at: str) -> Event | None:
    """The custody event of how the case was found when it was opened for writing; None where all held.

    ``altered``: files were not as the last writer left them. ``unlisted``: there was no manifest, though the
    record had ``started``, so that nobody can tell whether they were.
    """
    if found is None:
        return Event("unlisted", "case", by, at) if started else None
    if not found:
        return None
    return Event("altered", "case", by, at, facts={"files": len(found), "found": list(found[:_NAMED])})


def settle(ledger: Ledger, told: Settings, by: str, at: str, who: str = "") -> None:
    """Record what the settings are, unless the last event of theirs says the same.

    ``who`` sat at the keyboard, where that is known better than to the process.
    """
    if settled(ledger) != told.facts():
        ledger.append(events=[Event("settled", "case.toml", by, at, facts=told.facts(), who=who)])


def settled(ledger: Ledger) -> Mapping[str, Any] | None:
    """The settings as the record last told them; None where it never did."""
    return next((event.facts for event in reversed(ledger.events("settled"))), None)


def unsettled(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Where ``case.toml`` does not say what the record says that was settled."""
    told = settled(ledger)
    if told is None:
        yield Note("the record does not tell the settings; any verb that writes records them")
        return
    facts = settings(folder).facts()
    for name in dict.fromkeys([*facts, *told]):
        now = facts.get(name)
        if now != told.get(name):
            said = (
                f"{shown(folder / 'case.toml')}: {name} is {now!r}, and was settled as "
                f"{told.get(name)!r}; any verb that writes records it as the decision of whoever runs it"
            )
            # A command that was cut short between writing the settings and recording them left no manifest.
            yield said if manifest.exists(folder) else Note(said)


def record_export(
    ledger: Ledger,
    what: str,
    folder: Path,
    within: bool,
    by: str,
    at: str,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Record that ``what`` (a dossier, an export) was written into ``folder``, unless it is as the last was.

    The event's ``sha256`` is that of what ``sha256sum`` says of the files there, in order of their paths;
    ``within`` tells whether the folder is the case's own; ``more`` what else the event is to tell of it.
    """
    sha256, files = manifest.digest(folder)
    told = [event.facts for event in ledger.events("exported") if event.item == what]
    before = [facts.get("sha256") for facts in told if facts.get("within") or not within]
    if before[-1:] != [sha256]:
        facts = {"sha256": sha256, "files": files, "within": within, **(more or {})}
        ledger.append(events=[Event("exported", what, by, at, facts=facts)])


def misshown(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Where ``dossier/`` is not what the record says was last written there; it may be absent."""
    if not os.path.isdir(folder / "dossier"):
        return
    told = [event.facts for event in ledger.events("exported") if event.item == "dossier"]
    # An older Tallystick did not tell where to: then it is to be one of those.
    due = [facts.get("sha256") for facts in told if facts.get("within")][-1:]
    due = due or [facts.get("sha256") for facts in told if "within" not in facts]
    sha256, _ = manifest.digest(folder / "dossier")
    if sha256 not in due:
        said = (
            f"{shown(folder / 'dossier')} is not what was last written there: the SHA-256 of its manifest is "
            f"{sha256}; 'tallystick dossier' writes it anew"
        )
        # A command that was cut short between writing the dossier and recording it left no manifest.
        yield said if manifest.exists(folder) else Note(said)


def refuse_place(case: Path, folder: Path | None, writing: bool) -> None:
    """Raises where ``folder`` is no place for a dossier or an export; None is that of the case's own."""
    if folder is None and not writing:
        raise CaseReadOnly(f"{case} is open to be read, so it cannot be written to; name a folder elsewhere")
    if folder is not None and folder.resolve().is_relative_to(case.resolve()):
        raise AskedWrongly(f"{folder} lies in the case, so it cannot be written; name a folder elsewhere")
