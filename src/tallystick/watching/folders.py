"""The folders that are watched: which files are new or changed, and written to no more.

They are looked at by name, size and time, at intervals, without asking the system to be told: that works on
every disk, network shares among them, loses nothing when much arrives at once, and takes a fraction of a
second for thousands of files (``bench/watching.py``).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tallystick import evidence
from tallystick.case import Case
from tallystick.errors import NoReports, ReportRefused
from tallystick.evidence.discover import sidecar_path
from tallystick.naming import cache

# What browsers, editors and copying programs call a file that they have not finished; they rename it then.
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp", ".swp")
_APART = 20  # times as long as a look takes, until the next one while files wait
_FORM = 1  # of the file that ``Seen`` keeps
Item = tuple[Path | ReportRefused, "Stamp | None"]


class Stamp(NamedTuple):
    """How a file looks from outside, with the sidecar beside it: any change of either is another stamp."""

    size: int
    modified: int
    node: int
    beside: tuple[int, int] | None

    @classmethod
    def of(cls, path: Path) -> Stamp | None:
        """None where there is no such file any more."""
        try:
            told = path.stat()
        except OSError:
            return None
        beside = None
        with suppress(OSError):
            there = sidecar_path(path).stat()
            beside = there.st_size, there.st_mtime_ns
        return cls(told.st_size, told.st_mtime_ns, told.st_ino, beside)

    @property
    def latest(self) -> float:
        """When the file, or its sidecar, was last written to, by the clock of its disk, in seconds."""
        return max(self.modified, self.beside[1] if self.beside else 0) / 1e9


class Seen:
    """How each file looked when it was taken in, kept in the user's cache from one watch to the next.

    It belongs to one place in the record of one case: where the record does not hold that (another case, a
    copy from before), or the file cannot be read, all files are taken in anew, with the same outcome.
    """

    def __init__(self, case: Case, folders: Sequence[Path]) -> None:
        name = "\0".join([str(case.folder.resolve()), *sorted(str(folder.resolve()) for folder in folders)])
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self._case, self._file = case, cache() / f"watched-{digest}.json"
        self.stamps: dict[str, Stamp] = {}
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            if kept["form"] == _FORM and case.ledger.chain_at(kept["event"]) == kept["chain"]:
                self.stamps = {
                    path: Stamp(size, modified, node, tuple(beside) if beside else None)
                    for path, (size, modified, node, beside) in kept["files"].items()
                }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            self.stamps = {}

    def save(self) -> None:
        """Keep it; a cache that cannot be written costs time alone."""
        seq, chain = self._case.ledger.head()
        kept = {"form": _FORM, "event": seq, "chain": chain, "files": self.stamps}
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}.new")
        with suppress(OSError):
            draft.write_text(json.dumps(kept), encoding="utf-8")
            draft.replace(self._file)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be taken in now, oldest first, and what waits behind it.

    ``oldest`` is for how many seconds the first of these waits; ``behind`` whether, by the last look, more
    came than was taken while files waited; ``unsettled`` how many are being written.
    """

    items: tuple[Item, ...] = ()
    waiting: int = 0
    oldest: float = 0.0
    unsettled: int = 0
    behind: bool = False


class Folders:
    """The folders that are watched, and the queue of what the last look at them found.

    While files wait, looking takes a twentieth of the time at most: it is only done anew where the last look
    is twenty times as long ago as it took.
    """

    def __init__(self, case: Case, folders: Sequence[Path], still: float) -> None:
        self._case, self._folders, self._still = case, folders, still
        self._seen = Seen(case, folders)
        # Files that are not still, and since when they look as they do.
        self._met: dict[str, tuple[Stamp, float]] = {}
        self._refused: set[str] = set()  # what ``discover`` could not give, told once
        self._queue: deque[Item] = deque()
        self._next = 0.0  # when to look again, though files wait (``time.monotonic``)
        self._taken = 0  # since the last look
        self._behind = False

    def due(self, most: int) -> Due:
        """The next of what is due, ``most`` files of it; what was written to since the look waits anew."""
        if not self._queue or time.monotonic() >= self._next:
            self._refill()
        items = [self._queue.popleft() for _ in range(min(most, len(self._queue)))]
        self._taken += len(items)
        first = self._queue[0][1] if self._queue else None
        return Due(
            tuple(
                (item, stamp)
                for item, stamp in items
                if isinstance(item, ReportRefused) or Stamp.of(item) == stamp
            ),
            len(self._queue),
            max(0.0, time.time() - first.latest) if first else 0.0,
            len(self._met),
            self._behind and bool(self._queue),
        )

    def _refill(self) -> None:
        """Look anew. What was taken out of the queue and not noted as taken in is found again."""
        began, waited = time.monotonic(), len(self._queue)
        self._queue = deque(self.look())
        self._behind = waited > 0 and len(self._queue) - waited > self._taken
        self._taken = 0
        self._next = time.monotonic() + _APART * (time.monotonic() - began)

    def look(self) -> list[Item]:
        """Every file that is new or changed since it was taken in and has been still for long enough.

        Oldest first, each with its stamp; and what could not be looked at, once.
        """
        due: list[Item] = []
        met: dict[str, tuple[Stamp, float]] = {}
        there: set[str] = set()
        for item in self._found():
            if isinstance(item, ReportRefused):
                if str(item) not in self._refused:
                    due.append((item, None))
                continue
            stamp, name = Stamp.of(item), os.fspath(item)
            there.add(name)
            if stamp is None or stamp == self._seen.stamps.get(name):
                continue
            if self._is_still(name, stamp, met):
                due.append((item, stamp))
        self._met = met
        for name in self._seen.stamps.keys() - there:  # gone: what comes under that name is another file
            del self._seen.stamps[name]
        due.sort(key=lambda each: (each[1].latest if each[1] else 0.0, str(each[0])))
        return due

    def _found(self) -> Iterator[Path | ReportRefused]:
        for folder in self._folders:
            with suppress(NoReports):  # an empty one; or it is gone, and may be there again
                for item in evidence.discover([folder], leave_out=[self._case.folder]):
                    if isinstance(item, ReportRefused) or not item.name.lower().endswith(UNFINISHED):
                        yield item

    def _is_still(self, name: str, stamp: Stamp, met: dict[str, tuple[Stamp, float]]) -> bool:
        """Whether a file has not changed for long enough: by its own time, or as we have seen.

        A disk of another machine may have another clock: there a file may seem to come from the future.
        """
        if 0 <= self._still <= time.time() - stamp.latest:
            return True
        before, since = self._met.get(name, (None, 0.0))
        now = time.monotonic()
        met[name] = stamp, since if before == stamp else now
        if now - met[name][1] >= self._still:
            del met[name]
            return True
        return False

    def taken(self, batch: Sequence[Item]) -> None:
        """Note what was handed to the case: it is not handed there again until it changes."""
        for item, stamp in batch:
            if isinstance(item, ReportRefused):
                self._refused.add(str(item))
            elif stamp is not None:
                self._seen.stamps[os.fspath(item)] = stamp
        self._seen.save()
