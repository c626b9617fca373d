"""The pages of a PDF as lines with their places, read in a process of its own.

The one door to PDFium (pypdfium2), opened on use. PDFium is quick and its text is the best measured
(docs/decisions/0020-formats.md), but it is C++ that reads what strangers wrote: a file made to break it must
break neither this process nor the case. So a child process opens it, with bounds on its memory and on the
processor's time for each page; where it goes past them the system ends it, a child that dies is a refusal by
name, and the next file gets a new one.
No script of a PDF is run, no attachment opened, no address followed: PDFium is built and asked for text only.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

PAGE_SECONDS = 8  # of the processor, for one page; a dense one takes some hundredths
FILE_SECONDS = 120.0  # of the processor, for one file
WAIT_SECONDS = 100.0  # by the clock for one page, where the system knows no bound on the processor's time
_START_SECONDS = 60.0  # for the child to come up, on a machine that is busy
_MEMORY = 1 << 30  # bytes of address space, beyond what the child has when it starts
CHARACTERS = 2_500_000  # more are not read; a report of 2,000,000 is refused anyway
SHEETS = 5_000
_TOO_LONG = "takes longer to read than a sound file of its kind could"
_HYPHENS = (0x02, 0xFFFE)
_PICTURE = 3  # FPDF_PAGEOBJ_IMAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is set: its words, its left and right end, its base line, the size of its letters.

    In points of 1/72 inch from the lower left corner of the page as it is shown; size and base line are those
    of the character in its middle, for a note's number stands higher and smaller. ``hyphen`` says that it
    ends within a word, at a hyphen that is no longer part of ``text``.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    hyphen: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: its lines in the order of the file, and whether a picture lies on it."""

    lines: tuple[Line, ...]
    picture: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """What a PDF says of itself, before its first page."""

    pages: int
    title: str
    attachments: int


class Locked(Exception):
    """The PDF is encrypted, and opens only with a password."""


class Broken(Exception):
    """PDFium could not read it; the message says why, as the end of a sentence."""


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
        self._process = spawn.Process(target=_serve, args=(other,), daemon=True)
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
        self._pipe.send(str(path))
        left = FILE_SECONDS
        while isinstance(answer := self._answer(WAIT_SECONDS), tuple):
            value, seconds = answer
            left -= seconds
            if left < 0:
                raise Broken(_TOO_LONG)
            yield value
        self.within = False
        if answer is not None:
            raise answer

    def _answer(self, seconds: float) -> Any:
        """What the child says within ``seconds``."""
        if not self._pipe.poll(seconds):
            raise Broken(_TOO_LONG)
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
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


# ------------------------------------------------------------------------------ in the child


def _serve(pipe: Connection) -> None:
    """Answer each path with its cover, its pages and None, or with why not."""
    _end_with_parent()
    import pypdfium2

    pypdfium2.PdfDocument.new().close()  # what the library needs is loaded before memory is bounded
    _bound_memory()
    pipe.send("ready")
    while True:
        try:
            path = pipe.recv()
        except EOFError:
            return
        try:
            for answer in _pages(path):
                pipe.send(answer)
            pipe.send(None)
        except (Locked, Broken) as refused:
            pipe.send(refused)


def _end_with_parent() -> None:
    """End when the process that started this one is gone, however it went."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def _bound_memory() -> None:
    with suppress(ImportError, OSError, ValueError):  # where the system knows no such bound
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + _MEMORY,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time() -> None:
    """From now on ``PAGE_SECONDS`` of the processor's time; past them the system ends the process."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = int(time.process_time()) + 1 + PAGE_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _pages(path: str) -> Iterator[tuple[Cover | Sheet, float]]:
    """The cover and the pages, each with the seconds that it took."""
    import pypdfium2
    from pypdfium2 import raw

    began = time.process_time()
    _bound_time()
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Locked from error
        raise Broken("is damaged, or no PDF at all") from error
    try:
        pages = len(document)
        cover: Cover | Sheet = Cover(pages, _title(document), document.count_attachments())
        yield cover, time.process_time() - began
        characters = 0
        for number in range(min(pages, SHEETS)):
            began = time.process_time()
            _bound_time()
            sheet = _sheet(document, number)
            characters += sum(len(line.text) for line in sheet.lines)
            yield sheet, time.process_time() - began
            if characters > CHARACTERS:
                return
    finally:
        document.close()


def _title(document: Any) -> str:
    """The title that the PDF gives itself; none where it is no text (half a letter, say)."""
    try:
        return str(document.get_metadata_value("Title"))
    except UnicodeDecodeError:
        return ""


def _sheet(document: Any, number: int) -> Sheet:
    """Page ``number``, from 0 on; a page that PDFium cannot read has no lines."""
    import pypdfium2

    try:
        page = document[number]
        try:
            words = page.get_textpage()
        except pypdfium2.PdfiumError:
            page.close()
            raise
    except pypdfium2.PdfiumError:
        return Sheet((), False)
    try:
        lines = tuple(_lines(words.raw, page.get_rotation()))
        picture = not lines and any(True for _ in page.get_objects(filter=(_PICTURE,), max_depth=3))
        return Sheet(lines, picture)
    finally:
        words.close()
        page.close()


def _lines(words: Any, rotation: int) -> Iterator[Line]:
    """The lines that PDFium sets apart, each with its place."""
    from pypdfium2 import raw

    count = min(raw.FPDFText_CountChars(words), CHARACTERS)
    units = [raw.FPDFText_GetUnicode(words, at) for at in range(count)]
    start = 0
    for at in range(count + 1):
        unit = units[at] if at < count else 10
        # PDFium gives a hyphen at a line's end as one of two characters that no text has, and no line end.
        if unit not in (10, 13, *_HYPHENS):
            continue
        if line := _line(words, units, start, at, rotation, unit in _HYPHENS):
            yield line
        start = at + 1


def _line(words: Any, units: list[int], start: int, end: int, rotation: int, hyphen: bool) -> Line | None:
    """The characters from ``start`` up to ``end``, without those that have no place or no letter."""
    from ctypes import byref, c_double

    from pypdfium2 import raw

    while start < end and units[start] in (0, 32):
        start += 1
    last = end - 1
    while last >= start and units[last] in (0, 32):
        last -= 1
    if last < start:
        return None
    center = (start + last) // 2
    begin, middle, size = _origin(words, start), _origin(words, center), _size(words, center)
    left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
    raw.FPDFText_GetCharBox(words, last, byref(left), byref(right), byref(bottom), byref(top))
    # Where the last letter ends, in the direction of the writing.
    finish = {
        0: (right.value, bottom.value),
        90: (right.value, top.value),
        180: (left.value, top.value),
        270: (left.value, bottom.value),
    }[rotation]
    begin, middle, finish = (_turned(*place, rotation) for place in (begin, middle, finish))
    text = _spelled(words, units, range(start, last + 1), middle[1], size, rotation)
    return Line(text, begin[0], finish[0], middle[1], size, hyphen)


def _spelled(words: Any, units: Sequence[int], places: range, base: float, size: float, rotation: int) -> str:
    """The characters at ``places``, a raised number in brackets: 12 with note 1 is 12[1], not 121."""
    out: list[str] = []
    raised = False
    for at in places:
        if not units[at]:
            continue
        was, raised = (
            raised,
            48 <= units[at] <= 57 and at > places[0] and _is_raised(words, at, base, size, rotation),
        )
        if raised != was:
            out.append("[" if raised else "]")
        out.append(chr(units[at]) if units[at] < 0x110000 else "\ufffd")
    # Letters beyond the first plane come as two halves.
    text = "".join(out) + ("]" if raised else "")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_raised(words: Any, at: int, base: float, size: float, rotation: int) -> bool:
    """Whether character ``at`` is set smaller and higher than its line."""
    height = _turned(*_origin(words, at), rotation)[1]
    return height > base + 0.15 * size and _size(words, at) < 0.85 * size


def _origin(words: Any, at: int) -> tuple[float, float]:
    """Where character ``at`` stands on its base line."""
    from ctypes import byref, c_double

    from pypdfium2 import raw

    x, y = c_double(), c_double()
    raw.FPDFText_GetCharOrigin(words, at, byref(x), byref(y))
    return x.value, y.value


def _size(words: Any, at: int) -> float:
    """How high the letters of the font of character ``at`` are as it is shown."""
    from ctypes import byref
    from math import hypot

    from pypdfium2 import raw

    matrix = raw.FS_MATRIX(0, 0, 0, 0, 0, 0)
    raw.FPDFText_GetMatrix(words, at, byref(matrix))
    return float(raw.FPDFText_GetFontSize(words, at)) * hypot(matrix.c, matrix.d)


def _turned(x: float, y: float, rotation: int) -> tuple[float, float]:
    """A place on a page that is shown turned clockwise by ``rotation`` degrees."""
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[rotation]
