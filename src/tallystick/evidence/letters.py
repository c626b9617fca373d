"""E-mail: a letter with what was sent in it, and a box of letters (mbox).

The letter is one document: its subject, sender and the day of sending are metadata, its body the text. Files
sent with it and letters forwarded in it are members, read by the readers of their own media types. A letter
may be broken in every way: what its parts say of themselves is heard, and never trusted with a file name.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email import message_from_bytes, policy
from email.errors import MessageError
from email.generator import BytesGenerator
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePosixPath
from typing import IO, Any

from tallystick.errors import EmptyReport, NotText, ReportRefused, TooLarge
from tallystick.evidence.faults import FAULTS
from tallystick.evidence.media import BOX, HTML, LETTER, PROMISED, TEXT, UNKNOWN, media_type_of, told_by_bytes
from tallystick.evidence.members import Member
from tallystick.evidence.page import all_words
from tallystick.evidence.plain import contents, text_of
from tallystick.evidence.record import VALUE_LIMIT, Metadata, Source
from tallystick.model import Document

PARTS = 1000  # of one letter
LETTER_LIMIT = 64 * 1024 * 1024  # bytes of one letter of a box
LINE_LIMIT = 1 << 20  # bytes of one line of a box
LINES = 2_000_000  # of one letter: the library holds each apart
# The library's time grows with the square of a head's length. Of a longer one the beginning is read; a longer
# one that tells how a part is written could not be trusted, and is refused. As are too many of those.
HEAD_LIMIT, HEADS_LIMIT = 16 << 10, 1 << 20  # bytes of one head, and of all those of parts
HEADS, PARAMETERS = 20_000, 200  # heads of a letter with its parts, and parameters of one
_NAME = 150  # characters of a member's name
# What the library may raise on a letter made to break it.
_FAULTS = (*FAULTS, MessageError)
# A full date as RFC 5322 writes it: years of two digits would have to be guessed.
_SENT = re.compile(r"\s*(?:[A-Za-z]{3,9},\s*)?\d{1,2}\s+[A-Za-z]{3}[a-z]*\.?\s+\d{4}\s+\d{1,2}:\d{2}")
# "From here on …" begins a sentence; the line that parts two letters tells who and at what time.
_BEGINS = re.compile(rb"From \S.*\d:\d\d.*")
_SIGNED = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}


def from_letter(source: Source) -> Iterator[Document | ReportRefused | Member]:
    """The letter, then each file and letter within it.

    Raises ``TooLarge`` past 64 MB, 2,000,000 lines, 1,000 parts or the bounds of heads, ``NotText``
    where it has no head of a letter.
    """
    if told_by_bytes(source.stored) == BOX:  # several letters in one file would pass for one
        yield from from_box(source)
        return
    data = contents(source.stored, source.origin)
    if data.count(b"\n") + data.count(b"\r") > 2 * LINES:
        raise TooLarge(f"{source.origin} has more than {LINES:,} lines; save its text as .txt and add that")
    if data.count(b"\n--") > 4 * PARTS:
        raise TooLarge(f"{source.origin} has more than {PARTS:,} parts; save its text as .txt and add that")
    try:
        letter = message_from_bytes(data, policy=_bounded(_Heads(source.origin)))
        if not any(letter.get(key) for key in ("From", "Date", "Subject", "To", "Message-ID", "Received")):
            raise NotText(f"{source.origin} has no head of a letter; save its text as .txt and add that")
        parts = _Parts(letter, source.origin)
    except _FAULTS as error:
        raise NotText(
            f"{source.origin} is no letter that could be read ({type(error).__name__}); "
            "save its text as .txt and add that"
        ) from error
    yield _or_refused(source, letter, parts)
    yield from parts.members


def _or_refused(source: Source, letter: Message, parts: _Parts) -> Document | ReportRefused:
    try:
        text = "\n\n".join(parts.body)
        if not text.strip():
            raise EmptyReport(f"{source.origin} has no words of its own; what was sent with it is read apart")
        head = Metadata(
            title=_head(letter, "Subject") or None,
            publisher=_sender(letter),
            published=_day(letter),
        )
        return source.document(
            text,
            source.sidecar.or_else(head),
            source.origin,
            name=source.stem,
            published_from="metadata",
            notes=parts.notes,
        )
    except ReportRefused as refused:
        return refused


def _day(letter: Message) -> date | None:
    """The day of sending; none where a letter names two."""
    days = {sent(told) for told in letter.get_all("Date", [])}
    return days.pop() if len(days) == 1 else None


def sent(told: Any) -> date | None:
    """The day that a letter or an entry of a feed gives, in the zone it was written in; None in doubt."""
    words = str(told or "")
    if not _SENT.match(words):
        return None
    try:
        day = parsedate_to_datetime(words).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # The library reads the year 0000 as 2000.
    return day if 1000 <= day.year <= 9998 and str(day.year) in words else None


class _Heads:
    """How much was read of the heads of one letter and its parts."""

    def __init__(self, origin: str) -> None:
        self._origin, self._size, self._count = origin, 0, 0

    def bounded(self, name: str, value: str) -> str:
        """The beginning of ``value``; ``TooLarge`` where what it tells of a part is past the bounds."""
        self._count += 1
        of_part = name.lower().startswith("content-")
        self._size += len(value) if of_part else 0
        if (
            self._count > HEADS
            or self._size > HEADS_LIMIT
            or (of_part and (len(value) > HEAD_LIMIT or value.count(";") > PARAMETERS))
        ):
            raise TooLarge(
                f"{self._origin} has more or longer heads ({name[:40]!r}) than any mailer writes; "
                "save its text as .txt and add that"
            )
        return value[:HEAD_LIMIT]


def _bounded(heads: _Heads) -> Compat32:
    """The library's policy of reading heads as they stand, each within these bounds."""

    class Bounded(Compat32):
        def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
            name, value = super().header_source_parse(sourcelines)
            return name, heads.bounded(name, value)

    return Bounded()


class _Parts:
    """The parts of one letter: its body in paragraphs, and what was sent with it."""

    def __init__(self, letter: Message, origin: str) -> None:
        self.body: list[str] = []
        self.members: list[Member] = []
        self.notes: list[str] = []
        self._origin = origin
        self._names: set[str] = set()
        self._pictures = 0
        for count, part in enumerate(_leaves(letter)):
            if count > PARTS:
                raise TooLarge(f"{origin} has more than {PARTS:,} parts; save its text as .txt and add that")
            self._take(part)
        if self._pictures:
            many = "1 picture" if self._pictures == 1 else f"{self._pictures} pictures"
            self.notes.append(f"{many} in the letter not read")

    def _take(self, part: Message) -> None:
        """Take one part: words of the body, a member, or something that is only noted."""
        kind, is_file = _kind(part), _is_file(part)
        if kind == "message/rfc822":
            self._forwarded(part)
        elif kind in _SIGNED:
            self.notes.append("the letter is signed; the signature was not checked")
        elif kind.startswith("image/") and not is_file:
            self._pictures += 1
        elif kind in (TEXT, HTML) and not is_file:
            try:
                words = self._words(part, kind)
            except ReportRefused as refused:
                self.notes.append(f"a part of it was not read: {refused}")
            else:
                self.body += [words] if words.strip() else []
        elif kind.startswith("message/") and not is_file:  # what became of a letter sent, or a part of one
            self.notes.append(f"a part of the kind {kind} was not read")
        else:
            name = self._called(part, "part")
            promised = media_type_of(PurePosixPath(name))
            media_type = promised if promised != UNKNOWN else PROMISED.get(kind, UNKNOWN)
            self.members.append(Member(name, media_type, io.BytesIO(_bytes(part))))

    def _forwarded(self, part: Message) -> None:
        payload = _payload(part)
        inner = payload[0] if isinstance(payload, list) and payload else None
        if not isinstance(inner, Message):
            self.notes.append("a letter forwarded in it is damaged, and was not read")
            return
        out = io.BytesIO()
        try:
            BytesGenerator(out, mangle_from_=False, maxheaderlen=0, policy=policy.compat32).flatten(inner)
        except _FAULTS:
            self.notes.append("a letter forwarded in it is damaged, and was not read")
            return
        name = self._called(part, _head(inner, "Subject") or "letter")
        self.members.append(Member(name, LETTER, io.BytesIO(out.getvalue())))

    def _words(self, part: Message, kind: str) -> str:
        """The words of a part of the body, in the character set that it names, else as its bytes tell."""
        data, charset = _bytes(part), part.get_content_charset()
        text: str | None = None
        if charset and charset not in ("us-ascii", "unknown-8bit", "utf-8"):
            try:
                text = data.decode(_AS_READ.get(charset, charset))
            except (LookupError, ValueError):
                self.notes.append(f"a part says that it is written in {charset[:40]!r}, which it is not")
        if text is None:
            text, notes = text_of(data, self._origin)
            self.notes += notes
        return all_words(text, self._origin) if kind == HTML else text

    def _called(self, part: Message, other: str) -> str:
        """A name for a part that can be shown: what it is called there, without a way through folders."""
        told = _plain(part.get_filename() or "") or other
        name = told.replace("\\", "/").rpartition("/")[2].strip(". ")[:_NAME] or other
        path, number = PurePosixPath(name), 1
        while name in self._names:
            number += 1
            name = f"{path.stem}-{number}{path.suffix}"
        self._names.add(name)
        return name


# What mailers call so is written in what holds it and more (WHATWG, Encoding).
_AS_READ = {"iso-8859-1": "cp1252", "latin1": "cp1252", "ascii": "cp1252"}


def _payload(part: Message) -> Any:
    """What a part holds: parts in a list, or its text; None where its charset is none to look up."""
    try:
        return part.get_payload()
    except (LookupError, ValueError):
        return None


def _leaves(letter: Message) -> Iterator[Message]:
    """The parts that hold something, in order; of several readings of one thing the plainest that says it."""
    stack: list[Message] = [letter]
    while stack:
        part = stack.pop()
        payload = _payload(part)
        if not isinstance(payload, list) or part.get_content_type() == "message/rfc822":
            yield part
        elif part.get_content_type() == "multipart/alternative":
            stack += reversed(_chosen([each for each in payload if isinstance(each, Message)]))
        else:
            stack += [each for each in reversed(payload) if isinstance(each, Message)]


def _chosen(parts: list[Message]) -> list[Message]:
    """Of alternatives the plain text, unless it only says that there is another; else the marked-up one."""
    sizes: dict[str, tuple[int, Message]] = {}
    for part in parts:
        if part.get_content_type() in (TEXT, HTML) and not part.is_multipart():
            sizes.setdefault(part.get_content_type(), (len(_bytes(part).split()), part))
    words, plain = sizes.get(TEXT) or (0, None)
    marked, html = sizes.get(HTML) or (0, None)
    # Markup has more "words" than it shows; a plain text a twentieth as long says "see the other part".
    if plain is not None and (html is None or 20 * words >= marked or words > 100):
        return [plain]
    rest = [html] if html is not None else [part for part in parts if part.is_multipart()]
    return rest or parts[-1:]


def _is_file(part: Message) -> bool:
    """Whether it was attached, or has the name of a file and is no part of the letter's own look."""
    if part.get_content_disposition() == "attachment":
        return True
    return bool(part.get_filename()) and not (part.get("Content-ID") or _kind(part).startswith("text/"))


def _kind(part: Message) -> str:
    return part.get_content_type().lower()


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _sender(letter: Message) -> str | None:
    """The sender's name, else the address; none where the line nests its comments past reason."""
    told = _head(letter, "From")
    with suppress(RecursionError):
        name, address = parseaddr(told)
        return name or address or None
    return None


def _head(letter: Message, key: str) -> str:
    return _plain(letter.get(key) or "")[:VALUE_LIMIT]


def _plain(told: Any) -> str:
    """A line of a head as one line of text, its encoded words read where they can be."""
    words = str(told)
    with suppress(MessageError, LookupError, TypeError, ValueError):
        words = str(make_header(decode_header(words)))
    words = "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in words)
    return " ".join(words.encode("utf-8", "replace").decode().split())


# ------------------------------------------------------------------------------ a box of letters


def from_box(source: Source) -> Iterator[Member]:
    """Each letter of an mbox, in order: one begins at a line "From …", first or after a blank line."""
    with source.stored.open("rb") as file:
        number = 0
        for letter in _letters(file, source.origin):
            number += 1
            yield Member(f"letter-{number}.eml", LETTER, io.BytesIO(letter))
    if not number:
        raise EmptyReport(f"{source.origin} holds no letter; check that it was saved whole")


def _letters(file: IO[bytes], origin: str) -> Iterator[bytes]:
    lines: list[bytes] = []
    size, blank, begun = 0, True, False
    while line := file.readline(LINE_LIMIT):
        if blank and _BEGINS.match(line):
            if begun:
                yield b"".join(lines)
            lines, size, begun = [], 0, True
        elif begun:
            size += len(line)
            if size > LETTER_LIMIT:
                raise TooLarge(f"{origin} holds a letter of more than {LETTER_LIMIT >> 20} MB; take it out")
            lines.append(line)
        blank = line in (b"\n", b"\r\n")
    if begun:
        yield b"".join(lines)
