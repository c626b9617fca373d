"""The one door to PDFium (pypdfium2): the pages of a PDF as lines with their places.

It is opened in a child process (``sandbox``), never in the process that holds the case. No script of a PDF is
run, no attachment opened, no address followed: PDFium is asked for text and places only.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from ctypes import byref, c_double, c_ushort
from functools import cached_property
from math import hypot
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from tallystick.evidence.sheets import Broken, Cover, Line, Locked, Sheet, spelt

PAGE_SECONDS = 8  # of the processor, for one page; a dense one takes some hundredths
CHARACTERS = 2_500_000  # more are not read; a report of 2,000,000 is refused anyway
SHEETS = 5_000
_MEMORY = 1 << 30  # bytes of address space, beyond what the child has when it starts
_PICTURE = 3  # FPDF_PAGEOBJ_IMAGE
# PDFium gives a hyphen at a line's end as one of two characters that no text has, and no line end.
_HYPHENS = "\x02\ufffe"
_ENDS = re.compile(f"[\r\n{_HYPHENS}]")
_DIGIT = re.compile(r"(?<=[^\s\d])\d+|(?<=\d)\d+")


def serve(pipe: Connection) -> None:
    """Answer each path, as bytes, with its cover, its pages and None, or with why not (``sheets.spelt``)."""
    _end_with_parent()
    import pypdfium2

    pypdfium2.PdfDocument.new().close()  # what the library needs is loaded before memory is bounded
    _bound_memory()
    pipe.send_bytes(spelt(None))
    while True:
        try:
            path = os.fsdecode(pipe.recv_bytes())
        except EOFError:
            return
        try:
            for answer, seconds in _pages(path):
                pipe.send_bytes(spelt(answer, seconds))
            pipe.send_bytes(spelt(None))
        except (Locked, Broken) as refused:
            pipe.send_bytes(spelt(refused))


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
        lines = tuple(_Words(words.raw, page.get_rotation()).lines())
        picture = not lines and any(True for _ in page.get_objects(filter=(_PICTURE,), max_depth=3))
        return Sheet(lines, picture)
    finally:
        words.close()
        page.close()


Place = tuple[float, float]


class _Words:
    """The characters of one page, each with its place, and the page's turn in degrees clockwise."""

    def __init__(self, words: Any, turn: int) -> None:
        from pypdfium2 import raw

        self._raw, self._words, self._turn = raw, words, turn

    def lines(self) -> Iterator[Line]:
        """The lines that PDFium sets apart, each with its place."""
        start = 0
        for end in (*_ENDS.finditer(self._units), None):
            at = end.start() if end else len(self._units)
            whole = self._units[start:at]
            first = start + len(whole) - len(whole.lstrip("\0 "))
            last = start + len(whole.rstrip("\0 ")) - 1
            if first <= last:
                yield self._line(first, last, end is not None and end[0] in _HYPHENS)
            start = at + 1

    @cached_property
    def _units(self) -> str:
        """One character for each that PDFium counts; those beyond the first plane are two halves."""
        count = min(self._raw.FPDFText_CountChars(self._words), CHARACTERS)
        buffer = (c_ushort * (count + 1))()
        if self._raw.FPDFText_GetText(self._words, 0, count, buffer) == count + 1:
            return "".join(map(chr, buffer[:-1]))
        units = (self._raw.FPDFText_GetUnicode(self._words, at) for at in range(count))
        return "".join(chr(unit) if unit < 0x110000 else "\ufffd" for unit in units)

    def _line(self, first: int, last: int, hyphen: bool) -> Line:
        """The characters from ``first`` to ``last``, neither of them a space."""
        center = (first + last) // 2
        while self._units[center] in "\0 ":  # a space that PDFium put in has no size
            center += 1
        (left, _), (_, base), size = self._origin(first), self._origin(center), self._size(center)
        text = self._spelled(first, last, base, size)
        return Line(text, left, self._right(last), base, size, hyphen)

    def _spelled(self, first: int, last: int, base: float, size: float) -> str:
        """The words, a raised number after one in brackets: 12 with note 1 is 12[1], not 121."""
        text, done, out = self._units[first : last + 1], 0, []
        for digits in _DIGIT.finditer(text):
            raised = [self._is_raised(first + at, base, size) for at in range(*digits.span())]
            if True in raised:
                begin = digits.start() + raised.index(True)
                out += [text[done:begin], f"[{text[begin : digits.end()]}]"]
                done = digits.end()
        spelled = ("".join(out) + text[done:]).replace("\0", "")
        return spelled.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _is_raised(self, at: int, base: float, size: float) -> bool:
        """Whether character ``at`` is set higher and smaller than its line."""
        return self._origin(at)[1] > base + 0.15 * size and self._size(at) < 0.85 * size

    def _origin(self, at: int) -> Place:
        """Where character ``at`` stands on its base line, on the page as it is shown."""
        x, y = c_double(), c_double()
        self._raw.FPDFText_GetCharOrigin(self._words, at, byref(x), byref(y))
        return self._shown(x.value, y.value)

    def _right(self, at: int) -> float:
        """Where character ``at`` ends, in the direction of the writing."""
        left, right, bottom, top = c_double(), c_double(), c_double(), c_double()
        self._raw.FPDFText_GetCharBox(self._words, at, byref(left), byref(right), byref(bottom), byref(top))
        x = left if self._turn in (180, 270) else right
        y = top if self._turn in (90, 180) else bottom
        return self._shown(x.value, y.value)[0]

    def _size(self, at: int) -> float:
        """How high the letters of the font of character ``at`` are as it is shown."""
        matrix = self._raw.FS_MATRIX(0, 0, 0, 0, 0, 0)
        self._raw.FPDFText_GetMatrix(self._words, at, byref(matrix))
        return float(self._raw.FPDFText_GetFontSize(self._words, at)) * hypot(matrix.c, matrix.d)

    def _shown(self, x: float, y: float) -> Place:
        return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[self._turn]
