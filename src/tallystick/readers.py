"""The walk over documents: read into claims by several processes at once, with the same outcome as by one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Thread

from tallystick import claims
from tallystick.errors import TallystickError
from tallystick.intake import Intake
from tallystick.ledger import Clock, Ledger, Reading, reading_id
from tallystick.model import Claim, Document, Event

JOBS = 2
_WORTH_A_PROCESS = 16  # documents; fewer are read sooner than a process starts

Said = tuple[Claim, ...] | BaseException
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class WasRead:
    """What ``read`` did: documents that were read now, their claims, and those it could not read."""

    documents: int
    claims: int
    refused: tuple[Event, ...]


def walk(
    ledger: Ledger, jobs: int, clock: Clock, by: str, progress: Progress, leave: set[str] | None = None
) -> WasRead:
    """Read every document whose standing reading is not of today's reader, and store what it says.

    What came instead of claims, an error of the tree apart, is raised when all are read. ``leave`` are the
    ids of readings that are not tried; those that gave no claims are added to it.
    """
    stand, leave = ledger.readings(), set() if leave is None else leave
    due = [
        each
        for each in ledger.documents()
        if (reading := reading_id(each, claims.maker_of(each))) != stand.get(each.id) and reading not in leave
    ]
    found, faults = 0, []
    with Intake(ledger, clock, by) as intake:
        for done, (document, said) in enumerate(read(due, jobs)):
            progress("reading", done, len(due))
            if isinstance(said, tuple):
                maker = claims.maker_of(document)
                found += ledger.append(readings=[Reading(document, maker, said, by, clock())]).claims
                continue
            leave.add(reading_id(document, claims.maker_of(document)))
            if isinstance(said, TallystickError):
                intake.refuse(document.id, said)
            else:
                said.add_note(f"while reading {document.name} ({document.id}) of {ledger.folder}")
                faults.append(said)
    progress("reading", len(due), len(due))
    if faults:
        raise faults[0]
    return WasRead(len(due) - len(intake.refused), found, tuple(intake.refused))


def read(documents: Sequence[Document], jobs: int) -> Iterator[tuple[Document, Said]]:
    """Each document with its claims, or with the exception that came instead, in order.

    A few documents are read in this process: to start others takes longer. Either way an executor
    holds on to what each reading gave, so that nothing needs to be caught here.
    """
    pool: Executor
    if jobs > 1 and len(documents) >= _WORTH_A_PROCESS:
        spawn = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_end_with_parent)
    else:
        pool = ThreadPoolExecutor(1)
    waiting: deque[tuple[Document, Future[tuple[Claim, ...]]]] = deque()
    rest = iter(documents)
    try:
        while True:
            for document in islice(rest, 4 * jobs - len(waiting)):
                waiting.append((document, pool.submit(claims.claims, document)))
            if not waiting:
                return
            document, future = waiting.popleft()
            fault = future.exception()
            if isinstance(fault, BrokenExecutor):
                names = ", ".join(each.name for each in [document, *(each for each, _ in waiting)])
                raise TallystickError(
                    f"a reading process ended by itself (out of memory, or killed) at one of: {names}; "
                    "all before is stored: run the same command again, with --jobs 1 to see which"
                ) from fault
            yield document, future.result() if fault is None else fault
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """In a reading process: end when the process that started it is gone, however it went, and not before.

    Ctrl-C reaches all processes of a terminal; what it is to end, the one that started this one decides.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
