"""Round after round: what came is taken in, read and compared, in batches, until somebody says stop."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING

from tallystick.case import Case
from tallystick.errors import AskedWrongly, TallystickError
from tallystick.model import Event
from tallystick.watching.folders import Folders

if TYPE_CHECKING:
    from tallystick.watching.feeds import Feed, Rules


@dataclass(frozen=True, slots=True)
class Pace:
    """How often what is looked at, in seconds, and how much goes through the case at once.

    A file is taken in when nothing of it changed for ``still`` seconds; ``batch`` is a number of files.
    """

    every: float = 30.0
    feeds: float = 900.0
    still: float = 5.0
    batch: int = 50
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did, and what waits behind it.

    ``files`` were handed to the case, ``polled`` is the feed that was asked; ``documents`` are reports new or
    changed, ``judgements`` None where comparing was left to a later batch. ``waiting`` files wait for theirs,
    the oldest for ``oldest`` seconds; ``unsettled`` ones are being written. ``behind`` says that more arrives
    than is read. ``refused`` are the reports that were refused; ``faults`` what the program could not do at
    single reports, through no fault of theirs. ``event`` is the last custody event then.
    """

    files: int = 0
    polled: str = ""
    documents: int = 0
    read: int = 0
    claims: int = 0
    judgements: int | None = None
    refused: tuple[Event, ...] = ()
    faults: tuple[str, ...] = ()
    waiting: int = 0
    oldest: float = 0.0
    unsettled: int = 0
    behind: bool = False
    seconds: float = 0.0
    event: int = 0

    @property
    def is_idle(self) -> bool:
        """Whether it did nothing, and has nothing to say."""
        return not any((self.files, self.documents, self.read, self.judgements, self.refused, self.faults))


class Stopped(Exception):
    """Somebody said stop in the middle of a step. What the step had done is stored, as after a kill."""


class Watch:
    """Takes into ``case`` what arrives in ``folders`` and ``feeds``; setting ``stop`` ends it between two
    reports.

    Raises ``AskedWrongly`` where a folder is none, or there is nothing to watch.
    """

    def __init__(
        self,
        case: Case,
        folders: Sequence[Path] = (),
        feeds: Sequence[str] = (),
        *,
        rules: Rules | None = None,
        pace: Pace | None = None,
        stop: Flag | None = None,
    ) -> None:
        refuse_sources(folders, feeds)
        self._case, self._pace, self.stop = case, pace or Pace(), stop or Flag()
        self._folders = Folders(case, folders, self._pace.still)
        self._feeds = None
        if feeds:  # only who asks for feeds loads what opens a connection
            from tallystick.watching.feeds import Feeds

            self._feeds = Feeds(case, feeds, rules, self._pace.feeds)
        self._unread = self._uncompared = True  # what a watch that was killed left is done first
        self._leave: set[str] = set()  # readings that gave no claims: not tried again
        self._link_took = self._since_link = 0.0  # seconds: the last comparing, and all else since then

    def rounds(self) -> Iterator[Batch]:
        """Round after round, until ``stop`` is set: what each batch did. No pause while files come."""
        while not self.stop.is_set():
            came = 0
            for batch in self.round():
                came += batch.files
                yield batch
            if not came:
                self.stop.wait(self._pace.every)

    def once(self) -> Iterator[Batch]:
        """One round. Files that are being written get as long as a still one needs, and are then left."""
        batch = Batch()
        for batch in self.round():
            yield batch
        if batch.unsettled and not self.stop.wait(self._pace.still):
            yield from self.round()

    def round(self) -> Iterator[Batch]:
        """Ask the feeds that are due, and take in what lies in the folders, until nothing waits any more."""
        self._case.reload()  # another program may have changed the settings
        with suppress(Stopped):
            for feed in self._feeds.due() if self._feeds else ():
                yield self._batch(feed)
            while (batch := self._batch()).waiting:
                yield batch
            yield batch

    def _go_on(self, *_: object) -> None:
        """Raises ``Stopped`` where somebody said stop: what tells how far things are, asks this."""
        if self.stop.is_set():
            raise Stopped

    def _batch(self, feed: Feed | None = None) -> Batch:
        """One batch: ask ``feed``, take in the files that are due, read and compare."""
        self._go_on()
        began, refused = time.monotonic(), list[Event]()
        documents, faults = 0, list[str]()
        if feed is not None and self._feeds is not None:
            polled = self._feeds.ask(feed)
            documents, refused = polled.documents, [*polled.refused]
        due = self._folders.due(self._pace.batch)
        if due.items:
            before = self._case.ledger.head()[0]
            try:
                refused += self._case.take([item for item, _ in due.items], progress=self._go_on).refused
            except (Stopped, TallystickError):
                raise
            except Exception as fault:  # noqa: BLE001 - the walk raises it when all others are taken in
                faults.append(_said(fault))
            self._folders.taken(due.items)
            documents += len(self._case.ledger.events("kept", after=before))
        self._unread |= bool(documents)
        read, claims = self._read(refused, faults)
        self._since_link += time.monotonic() - began
        return Batch(
            files=len(due.items),
            polled=feed.url if feed else "",
            documents=documents,
            read=read,
            claims=claims,
            judgements=self._link(more=bool(due.waiting)),
            refused=tuple(refused),
            faults=tuple(faults),
            waiting=due.waiting,
            oldest=due.oldest,
            unsettled=due.unsettled,
            behind=due.behind,
            seconds=time.monotonic() - began,
            event=self._case.ledger.head()[0],
        )

    def _read(self, refused: list[Event], faults: list[str]) -> tuple[int, int]:
        """Read what is not read: how many reports and claims; ``refused`` and ``faults`` are added to.

        A fault of the program at one report keeps no other from being read, nor the next from being taken in.
        """
        if not self._unread:
            return 0, 0
        before = self._case.ledger.head()[0]
        try:
            done = self._case.read(jobs=self._pace.jobs, progress=self._go_on, leave=self._leave)
        except (Stopped, TallystickError):
            raise
        except Exception as fault:  # noqa: BLE001 - the walk raises it when all others are read and stored
            faults.append(_said(fault))
            events = self._case.ledger.events("read", after=before)
            read, claims = len(events), sum(event.facts["claims"] for event in events)
        else:
            read, claims = done.documents, done.claims
            refused += done.refused
        self._unread = False
        self._uncompared |= bool(read)
        return read, claims

    def _link(self, *, more: bool) -> int | None:
        """Compare what is new; while ``more`` waits, in no more time than all else takes."""
        if not self._uncompared or (more and self._link_took > self._since_link):
            return None
        began = time.monotonic()
        judgements = self._case.link(progress=self._go_on).judgements
        self._uncompared = False
        self._link_took, self._since_link = time.monotonic() - began, 0.0
        return judgements


def _said(fault: Exception) -> str:
    """A fault of the program in one line, with where it came about."""
    return " ".join([f"{type(fault).__name__}: {fault}", *getattr(fault, "__notes__", ())])


def refuse_sources(folders: Sequence[Path], feeds: Sequence[str]) -> None:
    """Raises ``AskedWrongly`` where there is nothing to watch, or a folder is none."""
    if not folders and not feeds:
        raise AskedWrongly("name at least one folder, or the address of a feed")
    for folder in folders:
        if not folder.is_dir():
            raise AskedWrongly(
                f"{folder} is no folder, nor the address of a feed (https://…); "
                "name the folder into which reports come"
            )
