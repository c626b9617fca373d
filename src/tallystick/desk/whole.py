"""What follows from the whole case at once: patterns, totals, crimes alleged, sources, lines of matters.

To work it out takes seconds to minutes and all of one processor, so it is done in a process of its own: in
a thread every page would wait for it. It stands at a custody event; what came since is told beside it, and it
is worked out anew when somebody looks, at most once in ``APART`` seconds. What the process has to give is a
pickle over a pipe that nobody else holds, kept in the same file as all else that is kept (``keep``).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tallystick.case import Case
from tallystick.desk.keep import Keep, packed, unpacked
from tallystick.desk.sources import Source, sources
from tallystick.dossier import patterns, strips, totals
from tallystick.dossier.layout import Hrefs, Layout, Link, Notes, Sentence
from tallystick.model import ClaimId, DocumentId, IncidentId, Record

APART = 30.0  # seconds between two beginnings
LINES = 200  # lines of matters that are shown: those with most states
LISTED = 100  # incidents under one article
VOICES = 200  # voices that are shown: those most heard
_CHILD = "from tallystick.desk.whole import main; main()"


@dataclass(frozen=True, slots=True)
class Article:
    """One crime that words may be read as alleging, with the incidents, and what is to be established."""

    article: str
    title: str
    hint: str
    incidents: tuple[tuple[Link, str, Sentence], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Whole:
    """The view models of the page of findings; their links tell what they lead to: see ``_Marked``."""

    patterns: patterns.PatternsPage
    totals: tuple[totals.TollTotals, ...]
    alleged: tuple[Article, ...]
    sources: tuple[Source, ...]
    lines: tuple[strips.Group, ...]
    lines_more: int


class Worked(NamedTuple):
    """What is there of it: as of the custody event ``at``; ``failed`` says why the last try gave nothing."""

    whole: Whole | None
    at: int
    busy: bool
    failed: str = ""


class _Marked(Hrefs):
    """Links as the sort and the id of what they lead to: whoever shows them knows its address."""

    def report(self, name: DocumentId, root: str) -> str:
        return f"report:{name}"

    def words(self, name: DocumentId, claim: ClaimId, root: str) -> str:
        return f"report:{name}#{claim}"

    def incident(self, name: IncidentId, root: str) -> str:
        return f"incident:{name}"

    def totals(self, root: str) -> str:
        return ""


def whole(record: Record) -> Whole:
    """All of it, out of the whole record."""
    layout = Layout(record, hrefs=_Marked())
    lines = sorted(record.lines, key=lambda line: (-len(line.states), line.id))
    kept = {line.id for line in lines[:LINES]}
    chosen = [line for line in record.lines if line.id in kept]
    return Whole(
        patterns.patterns(layout),
        totals.page(layout),
        _alleged(layout),
        sources(record),
        strips.groups(layout, Notes(layout, ""), chosen),
        max(0, len(lines) - LINES),
    )


def _alleged(layout: Layout) -> tuple[Article, ...]:
    held = defaultdict(list)
    for one in layout.record.alleged:
        held[one.article, one.title, one.hint].append(one)
    notes, out = Notes(layout, ""), []
    for (article, title, hint), many in sorted(held.items()):
        told = []
        for one in many[:LISTED]:
            called = layout.called[one.incident]
            link = Link(layout.hrefs.incident(one.incident, ""), called.title)
            told.append((link, called.days, notes.sentence(patterns.tagged(one, layout.index.claims))))
        out.append(Article(article, title, hint, tuple(told), max(0, len(many) - LISTED)))
    return tuple(out)


class Working:
    """What works it out, and keeps it; for several threads."""

    def __init__(
        self,
        folder: Path,
        keep: Keep,
        *,
        clock: Callable[[], float] = time.monotonic,
        command: Sequence[str] | None = None,
    ) -> None:
        self._keep, self._clock = keep, clock
        self._command = command or (sys.executable, "-P", "-c", _CHILD, str(folder.resolve()))
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._began: float | None = None
        self._failed = ""
        self._closed = False
        self._read: tuple[int, Whole] | None = None

    def look(self, reach: int) -> Worked:
        """What there is, and begin anew where the ledger reaches further, to the custody event ``reach``."""
        with self._lock:
            if self._read is None:
                row = self._keep.reading.execute("SELECT at, body FROM whole").fetchone()
                self._read = (row[0], unpacked(row[1])) if row else None
            at, held = self._read or (0, None)
            now = self._clock()
            due = self._began is None or now - self._began >= APART
            if at != reach and self._child is None and due and not self._closed:
                self._begin(now)
            return Worked(held, at, self._child is not None, self._failed)

    def _begin(self, now: float) -> None:
        self._began = now
        paths = os.pathsep.join(path for path in sys.path if path)
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own program, on the folder that is open
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": paths},
                start_new_session=True,
            )
        except OSError as error:
            self._failed = f"it could not be begun ({error.strerror})"
            return
        self._thread = threading.Thread(target=self._wait, args=(self._child,), daemon=True)
        self._thread.start()

    def _wait(self, child: subprocess.Popen[bytes]) -> None:
        """Take what the process gives, when it gives it."""
        given, said = child.communicate()
        failed = ""
        try:
            if child.returncode:
                failed = _why(child.returncode, said)
            else:
                at, _, body = given.partition(b"\n")
                read = int(at), unpacked(body)
                with self._keep.writing() as connection:
                    connection.execute("INSERT OR REPLACE INTO whole VALUES (1, ?, ?)", (read[0], body))
                self._read = read
        except Exception as error:  # noqa: BLE001 - whatever it is, the page tells it
            failed = f"what it gave could not be kept ({type(error).__name__}: {error})"
        with self._lock:
            self._failed, self._child = failed, None

    def wait(self, seconds: float) -> bool:
        """Whether the process that is at work was done within so many seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return thread is None or not thread.is_alive()

    def close(self) -> None:
        """End the process that is at work, if any."""
        with self._lock:
            self._closed = True
            child = self._child
        if child is not None:
            with suppress(OSError):
                child.kill()
        self.wait(5.0)


def _why(code: int, said: bytes) -> str:
    """Why a process gave nothing, in words."""
    if code < 0:
        return f"its process was ended from outside (signal {-code}); it may have taken too much memory"
    last = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"its process ended with an error: {last or f'status {code}'}"


def main() -> None:
    """Work out the whole case in the folder that is the first argument; the child's side of ``Working``."""
    with suppress(OSError, AttributeError):
        os.nice(10)  # pages go first
    with Case.open(Path(sys.argv[1])) as case:
        at = case.ledger.reach().seq
        body = packed(whole(case.record()))
    sys.stdout.buffer.write(b"%d\n" % at + body)
    sys.stdout.buffer.flush()
