"""From stored bytes to documents, one reader for each media type.

What is wrong with one record is yielded as an error in its place, so that the others go on.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO

from tallystick.errors import (
    BadRecord,
    EmptyReport,
    NotText,
    ReportRefused,
    TooLarge,
    UnknownFormat,
    Unreadable,
)
from tallystick.evidence import archives, datasets, feeds, letters, wacz, webarchive
from tallystick.evidence.allowance import Allowance
from tallystick.evidence.charsets import as_told
from tallystick.evidence.faults import FAULTS
from tallystick.evidence.media import (
    ARCHIVES,
    ATOM,
    BOX,
    CSV,
    GZIP,
    HTML,
    JSON,
    LETTER,
    LINES,
    PDF,
    RSS,
    STANDARD_INPUT,
    TAR,
    TEXT,
    UNKNOWN,
    WACZ,
    WARC,
    WORD,
    XML,
    ZIP,
    origin_of,
    readable,
    shown,
    told_by_bytes,
)
from tallystick.evidence.members import Member, PassedOver, unpacked
from tallystick.evidence.page import from_page
from tallystick.evidence.pdf import from_pdf
from tallystick.evidence.plain import contents, convert, marked, refuse_binary, text_of
from tallystick.evidence.record import Decoder, Metadata, Source, from_record
from tallystick.evidence.word import from_word
from tallystick.model import Capture, Document

LINE_LIMIT = 16 * 1024 * 1024  # bytes of one line of .jsonl: the longest text, every character escaped

# What a library may raise on a file made to break it, past what its reader expects: it alone is refused.
_FAULTS = (*FAULTS, EOFError, MemoryError, RuntimeError, struct.error, zlib.error)

Read = Document | ReportRefused | PassedOver
Reader = Callable[[Source], Iterator[Read | Member]]


def read(
    capture: Capture,
    stored: Path,
    *,
    stem: str,
    sidecar: Metadata | None = None,
    published: date | None = None,
) -> Iterator[Read]:
    """The documents told by the bytes of ``capture``, which lie at ``stored``, in their order.

    ``stem`` names a report that has no id of its own (the file's name without its ending).
    ``sidecar`` is what lay beside the file: it fills what a record does not say, and is taken
    before what a page says of itself. ``published`` is the date a person gave: it fills only
    what is unknown after that.

    A container (an archive, a letter with attachments) is opened, and its members are read by their
    own readers, within the bounds of one ``Allowance`` for all of them together.

    Yields a ``ReportRefused`` in the place of each report that cannot be read, and a ``PassedOver``
    for what was seen and is no report; raises none.
    """
    allowance = Allowance(capture.origin, capture.size)
    known = sidecar or Metadata()
    try:
        yield from _read(
            Source(capture, stored, capture.media_type, shown(stem), known, published, allowance)
        )
    except ReportRefused as refused:  # the allowance is spent
        yield refused


def _read(source: Source) -> Iterator[Read]:
    """The documents of ``source`` and, depth first, of its members.

    Raises ``TooLarge`` where the allowance is spent; what else is refused it yields.
    """
    try:
        if source.media_type == UNKNOWN:
            source = replace(source, media_type=told_by_bytes(source.stored))
        if source.member and source.media_type in ARCHIVES:
            source.allowance.archive()
        for found in READERS.get(source.media_type, _unknown)(source):
            if isinstance(found, Member):
                source.allowance.refuse_deeper(source.origin)
                yield from _member(source, found)
            else:
                yield found
    except ReportRefused as refused:
        if source.allowance.spent:
            raise
        yield refused
    except OSError as error:
        yield Unreadable(
            f"the kept bytes of {source.origin} cannot be read ({error.strerror}); run 'tallystick verify'"
        )
    except _FAULTS as error:
        yield NotText(
            f"{source.origin} broke what was to read it ({type(error).__name__}); "
            "save its text as .txt and add that"
        )


def _member(source: Source, member: Member) -> Iterator[Read]:
    if member.media_type not in READERS and member.media_type != UNKNOWN:
        member = replace(member, content=BytesIO())  # it is refused by its name: nothing is unpacked for that
    try:
        with unpacked(source, member) as inner:
            for found in _read(inner):
                if isinstance(found, Document) and found.title is None and member.title:
                    found = replace(found, title=member.title)
                yield found
    except ReportRefused as refused:
        if source.allowance.spent:
            raise
        yield refused


def _text(source: Source) -> Iterator[Read]:
    """A whole file that is one report."""
    data = contents(source.stored, source.origin)
    told = as_told(data, source.charset, source.origin)
    text, notes = text_of(data, source.origin) if told is None else (told, ())
    yield source.document(
        text, source.sidecar, source.origin, name=source.stem, published_from="metadata", notes=notes
    )


def _json(source: Source) -> Iterator[Read]:
    """One record, or a list of them. A list that breaks off is read up to there."""
    text, notes = text_of(contents(source.stored, source.origin), source.origin)
    source = replace(source, notes=notes)
    start = _after_space(text, 0)
    if start == len(text):
        raise EmptyReport(f"{source.origin} is empty; check that it was saved whole")
    if text[start] == "[":
        yield from _list(source.many(), text, start + 1)
        return
    value, end, flaw = Decoder().decode(text, start, source.origin)
    yield flaw or _or_refused(source, value, source.origin, source.stem)
    if _after_space(text, end) < len(text):
        line = text.count("\n", 0, end) + 1
        raise BadRecord(
            f"{source.origin}: something stands after the first record, at line {line}; "
            "put several records into a list [ … ], or one on each line and name the file .jsonl"
        )


def _list(source: Source, text: str, at: int) -> Iterator[Read]:
    """The records of the list that begins before ``at``."""
    decoder, number, line, counted = Decoder(), 0, 1, 0
    at = _after_space(text, at)
    if text[at : at + 1] == "]":
        raise EmptyReport(f"{source.origin} is a list without a record; check that it was saved whole")
    while True:
        number += 1
        line, counted = line + text.count("\n", counted, at), at
        where = f"{source.origin}, record {number} (line {line})"
        value, at, flaw = decoder.decode(text, at, where)
        yield flaw or _or_refused(source, value, where, f"{source.stem}-{number}")
        at = _after_space(text, at)
        if text[at : at + 1] != ",":
            break
        at = _after_space(text, at + 1)
    if text[at : at + 1] != "]" or _after_space(text, at + 1) < len(text):
        raise BadRecord(
            f"{source.origin}: after record {number} (line {line}) the list goes on neither with a comma nor "
            "with its closing bracket, or something stands after that; correct it there and add it again"
        )


def _lines(source: Source) -> Iterator[Read]:
    """One record a line, each read on its own, in memory that does not grow with the file."""
    source, decoder, number, records = source.many(), Decoder(), 0, 0
    with source.stored.open("rb") as file:
        head = file.read(4096)
        refuse_binary(head, source.origin)
        encoding, mark = marked(head)
        if encoding not in (None, "utf-8"):
            name = encoding.upper()
            raise NotText(f"{source.origin} is {name}; convert it: {convert(name, source.origin)}")
        file.seek(mark)
        while line := file.readline(LINE_LIMIT + 1):
            number += 1
            where = f"{source.origin}, line {number}"
            if len(line) > LINE_LIMIT and not line.endswith(b"\n"):
                _skip_line(file)
                records += 1
                yield TooLarge(f"{where} has more than {LINE_LIMIT >> 20} MB; write one report on each line")
            elif line.strip():
                records += 1
                yield _line(source, decoder, line, where, number)
    if not records:
        raise EmptyReport(f"{source.origin} has no record; check that it was saved whole")


def _line(source: Source, decoder: Decoder, line: bytes, where: str, number: int) -> Read:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        command = convert("ENCODING", source.origin)
        return NotText(
            f"{where}: byte {error.start} of it is not UTF-8; find out how the file was written "
            f"(windows-1252, windows-1251 or windows-1256, often) and convert it: {command}"
        )
    try:
        value, end, flaw = decoder.decode(text, 0, where)
    except BadRecord as refused:
        return refused
    if flaw:
        return flaw
    if text[end:].strip():
        return BadRecord(f"{where}: something stands after the record; put each record on a line of its own")
    return _or_refused(source, value, where, f"{source.stem}-{number}")


def _skip_line(file: IO[bytes]) -> None:
    while (part := file.readline(1 << 20)) and not part.endswith(b"\n"):
        pass


def _or_refused(source: Source, record: object, where: str, name: str) -> Read:
    try:
        return from_record(source, record, where, name=name)
    except ReportRefused as refused:
        return refused


def _after_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _whole(read: Callable[[Source], Document]) -> Reader:
    """The reader of a kind of file that is one report."""

    def reader(source: Source) -> Iterator[Read]:
        yield read(source)

    return reader


def _unknown(source: Source) -> Iterator[Read]:
    if source.origin == origin_of(STANDARD_INPUT):
        raise UnknownFormat("standard input does not tell what it is; say it, for example with --type html")
    ending = PurePath(source.member or source.origin).suffix
    found = f"ends in {ending}" if ending else "has no ending"
    raise UnknownFormat(
        f"{source.origin} {found}, and only {readable()} are read; "
        "its bytes are kept: save its text as .txt and add that"
    )


READERS: dict[str, Reader] = {
    TEXT: _text,
    JSON: _json,
    LINES: _lines,
    HTML: _whole(from_page),
    PDF: _whole(from_pdf),
    WORD: _whole(from_word),
    LETTER: letters.from_letter,
    BOX: letters.from_box,
    RSS: feeds.from_feed,
    ATOM: feeds.from_feed,
    XML: feeds.from_feed,
    ZIP: archives.from_zip,
    TAR: archives.from_tar,
    GZIP: archives.from_gzip,
    WARC: webarchive.from_warc,
    WACZ: wacz.from_wacz,
    CSV: datasets.from_dataset,
}
