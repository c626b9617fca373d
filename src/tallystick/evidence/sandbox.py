"""PDFium in a process of its own.

PDFium is quick and its text is the best measured (docs/decisions/0020-formats.md), but it is C++ that reads
what strangers wrote: a file made to break it must break neither this process nor the case. So a child process
opens it, with bounds on its memory and on the processor's time for each page. Where it goes past them the
system ends it; a child that dies is a refusal by name, and the next file gets a new one.

It is a bounded child, and no jail: it has the rights of whoever runs it. What it says is read as JSON,
so that it can put wrong words into a text, and nothing else into this process.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tallystick.evidence import pdfium
from tallystick.evidence.sheets import Answer, Broken, Cover, Locked, Sheet, told

FILE_SECONDS = 120.0  # of the processor, for one file
WAIT_SECONDS = 100.0  # by the clock for one page, where the system knows no bound on the processor's time
_START_SECONDS = 60.0  # for the child to come up, on a machine that is busy
_MOST = 1 << 28  # bytes of one answer; a page of 2,500,000 characters, each a line, takes less
_TOO_LONG = "takes longer to read than a sound file of its kind could"


def opened(path: Path) -> Iterator[Cover | Sheet]:
    """The cover of the PDF ``path`` and then its pages, in order.

    Raises ``Locked`` for one with a password, ``Broken`` for one that is no PDF, takes too long or
    too much memory.
    """
    child = _Child.running()
    try:
        yield from child.read(path)
    finally:
        if child.within:  # it is dead, hangs, or would go on with a file that nobody reads to its end
            child.end()


class _Child:
    """The process that reads PDFs for this one, started when the first is read."""

    _one: _Child | None = None

    def __init__(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, other = spawn.Pipe()
        self._process = spawn.Process(target=pdfium.serve, args=(other,), daemon=True)
        self._process.start()
        other.close()
        self._of = os.getpid()
        self.within = True
        self._answer(_START_SECONDS)
        self.within = False

    @classmethod
    def running(cls) -> _Child:
        one = cls._one
        if one is not None and one._of == os.getpid() and not one._process.is_alive():
            one.end()  # something else ended it, between two files
        if cls._one is None or cls._one._of != os.getpid():
            cls._one = cls()
            atexit.register(cls._one.end)
        return cls._one

    def read(self, path: Path) -> Iterator[Cover | Sheet]:
        self.within = True
        self._pipe.send_bytes(os.fsencode(path))
        left = FILE_SECONDS
        while True:
            answer, seconds = self._answer(WAIT_SECONDS)
            if answer is None or isinstance(answer, Locked | Broken):
                break
            left -= seconds
            if left < 0:
                raise Broken(_TOO_LONG)
            yield answer
        self.within = False
        if answer is not None:
            raise answer

    def _answer(self, seconds: float) -> tuple[Answer, float]:
        """What the child says within ``seconds``."""
        if not self._pipe.poll(seconds):
            raise Broken(_TOO_LONG)
        try:
            return told(self._pipe.recv_bytes(_MOST))
        except (EOFError, OSError, ValueError) as error:
            self._process.join(1)
            if self._process.exitcode == -signal.SIGXCPU:
                raise Broken(_TOO_LONG) from error
            raise Broken(
                "made the library that reads it stop (out of memory, or made to break it)"
            ) from error

    def end(self) -> None:
        """End the process; the next PDF is read by a new one."""
        if type(self)._one is self:
            type(self)._one = None
            atexit.unregister(self.end)
        if self._of == os.getpid():
            self._process.kill()
            self._process.join()
        with suppress(OSError):
            self._pipe.close()
