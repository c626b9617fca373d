"""WHO CARRIES THE WORK? One function done to many things: in this process, in several, or on a cluster.

What is done to a report, or to a window of accounts, is a plain function of it. A ``Runner`` only carries:
things out to wherever there are hands, answers back in their order. So what comes of it is the same, whoever
carries. ``Pool`` is the processes of one machine; ``tallystick.cluster.Spark`` is a cluster.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from threading import Thread
from typing import Protocol, TypeVar

from tallystick.errors import TallystickError

_WORTH_A_PROCESS = 16  # things; fewer are done sooner than a process starts

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Runner(Protocol):
    """Whatever carries work."""

    def map(
        self, work: Callable[[Item], Answer], items: Iterable[Item], named: Callable[[Item], str]
    ) -> Iterator[tuple[Item, Answer | BaseException]]:
        """Each item with what ``work`` makes of it, or with the exception that came instead, in order.

        ``work`` is a function that another process finds by its name, or a ``partial`` of one; items and
        answers can be pickled. ``named`` tells an item in an error: raises ``TallystickError`` where work was
        lost for good, naming what it may have been lost at. ``items`` are asked for little by little.
        """


class Pool:
    """``jobs`` processes of this machine; with one, or for a few things, this process."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs

    def map(
        self, work: Callable[[Item], Answer], items: Iterable[Item], named: Callable[[Item], str]
    ) -> Iterator[tuple[Item, Answer | BaseException]]:
        """As ``Runner`` has it.

        Either way an executor holds on to what each call gave, so that nothing needs to be caught here.
        """
        rest = iter(items)
        first = list(islice(rest, _WORTH_A_PROCESS))
        rest = chain(first, rest)
        pool: Executor
        if self._jobs > 1 and len(first) == _WORTH_A_PROCESS:
            spawn = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(self._jobs, mp_context=spawn, initializer=_end_with_parent)
        else:
            pool = ThreadPoolExecutor(1)
        waiting: deque[tuple[Item, Future[Answer]]] = deque()
        try:
            while True:
                for item in islice(rest, 4 * self._jobs - len(waiting)):
                    waiting.append((item, pool.submit(work, item)))
                if not waiting:
                    return
                item, future = waiting.popleft()
                fault = future.exception()
                if isinstance(fault, BrokenExecutor):
                    names = ", ".join(named(each) for each in [item, *(each for each, _ in waiting)])
                    raise TallystickError(
                        "a working process ended by itself (out of memory, or killed) at one of: "
                        f"{names}; all before is stored: run the same command again, with --jobs 1 to see "
                        f"which{_in_a_script()}"
                    ) from fault
                yield item, future.result() if fault is None else fault
        finally:
            pool.shutdown(cancel_futures=True)


def _in_a_script() -> str:
    """What is likelier where a script of somebody's own asked: each process begins by reading it again."""
    main = sys.modules.get("__main__")
    script = Path(getattr(main, "__file__", None) or "")
    if script.suffix != ".py" or getattr(main, "__spec__", None) is not None:
        return ""
    return (
        f"; in {script.name}, the work must stand under 'if __name__ == \"__main__\":', for each process "
        "reads the script again (or give jobs=1)"
    )


def _end_with_parent() -> None:
    """In a working process: end when the process that started it is gone, however it went, and not before.

    Ctrl-C reaches all processes of a terminal; what it is to end, the one that started this one decides.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
