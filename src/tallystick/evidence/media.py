"""Which kinds of report are read, told by the ending of the file's name, else by its first bytes."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

from tallystick.errors import AskedWrongly

TEXT, JSON, LINES, HTML = "text/plain", "application/json", "application/x-ndjson", "text/html"
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LETTER, BOX = "message/rfc822", "application/mbox"
RSS, ATOM, XML = "application/rss+xml", "application/atom+xml", "application/xml"
ZIP, TAR, GZIP = "application/zip", "application/x-tar", "application/gzip"
WARC, WACZ = "application/warc", "application/wacz"
CSV = "text/csv"
UNKNOWN = "application/octet-stream"

STANDARD_INPUT = Path("-")  # as people name it; a file of that name is ./-
ENDINGS = {
    ".txt": TEXT, ".json": JSON, ".jsonl": LINES, ".html": HTML, ".htm": HTML,
    ".pdf": PDF, ".docx": WORD, ".eml": LETTER, ".mbox": BOX, ".rss": RSS, ".atom": ATOM, ".xml": XML,
    ".zip": ZIP, ".tar": TAR, ".tgz": GZIP, ".gz": GZIP, ".warc": WARC, ".warc.gz": WARC, ".wacz": WACZ,
    ".csv": CSV,
}  # fmt: skip

ARCHIVES = frozenset({ZIP, TAR, GZIP, WARC, WACZ})
LARGE = ARCHIVES | {LINES, BOX, CSV}  # read a piece at a time, so that their size costs no memory

# Captured, refused by record, and at least called by their name.
_NOT_READ = {
    ".doc": "application/msword",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".md": "text/markdown",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
# What letters, servers and people say that something is, where that is one of ours.
PROMISED = {media_type: media_type for media_type in ENDINGS.values()} | {
    "application/xhtml+xml": HTML,
    "text/xml": XML,
    "application/jsonl": LINES,
    "application/x-jsonlines": LINES,
}

_HEAD, _TAIL = 4096, 66_000  # bytes; a ZIP lists its members at its end
# A comment ends at its first "-->": were it tried at every other one, forty of them would take years.
_FEED = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?>.*?-->)\s*)*+<(?:(rss|rdf:RDF)|(feed))[\s>]", re.S)
_PAGE = re.compile(rb"\s*(?:<!--(?>.*?-->)\s*)*+<(?:!doctype\s+html|html)[\s>]", re.I | re.S)
_FIELD = re.compile(rb"(?:[!-9;-~]+:.*|[ \t].*)\r?\n")
_BOXED = re.compile(rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) .*\d{4}\r?\n[!-9;-~]+:")


def media_type_of(path: PurePath) -> str:
    """The media type that the ending of ``path`` promises; ``application/octet-stream`` for a strange one."""
    ending = path.suffix.lower()
    both = "".join(path.suffixes[-2:]).lower()
    return ENDINGS.get(both) or ENDINGS.get(ending) or _NOT_READ.get(ending) or UNKNOWN


def told_by_bytes(stored: Path) -> str:
    """The media type of a file whose name promises none, where its bytes leave no doubt.

    Text and JSON are not told: any bytes may be a text. ``application/octet-stream`` where nothing is
    certain.
    """
    with stored.open("rb") as file:
        head = file.read(_HEAD)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(tail)
    if head.startswith(b"WARC/1."):
        return WARC
    if head.startswith(b"\x1f\x8b"):
        return GZIP
    if feed := _FEED.match(head):
        return RSS if feed[1] else ATOM
    if _PAGE.match(head):
        return HTML
    if _BOXED.match(head):
        return BOX
    return LETTER if _is_letter(head) else UNKNOWN


def told_of_words(stored: Path) -> str:
    """As ``told_by_bytes``, for what has no name at all: it may also be words, or records."""
    found = told_by_bytes(stored)
    if found != UNKNOWN:
        return found
    with stored.open("rb") as file:
        head = file.read(_HEAD)
    # What is no text after all the reader of texts refuses, and says why.
    first, _, second = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if not re.match(rb"\[\s*[{\]]|\{\s*[\"}]", first + second):
        return TEXT
    is_lines = first.startswith(b"{") and first.rstrip().endswith(b"}") and second.startswith(b"{")
    return LINES if is_lines else JSON


def media_type_named(word: str) -> str:
    """The media type that a person calls ``word``: "html", ".html" or "text/html"; else ``AskedWrongly``."""
    word = word.strip().lower()
    found = PROMISED.get(word) or ENDINGS.get(f".{word.removeprefix('.')}")
    if found is None:
        raise AskedWrongly(f"nothing of the type {word!r} is read; the types are {readable()}")
    return found


def origin_of(path: Path) -> str:
    """Where the bytes of ``path`` come from, as the custody record and messages say it."""
    return "standard input" if path == STANDARD_INPUT else shown(path)


def _zipped(tail: bytes) -> str:
    """What kind of ZIP it is, by the names that it lists at its end."""
    if b"word/document.xml" in tail:
        return WORD
    if b"datapackage.json" in tail and b"archive/" in tail:
        return WACZ
    return UNKNOWN if b"[Content_Types].xml" in tail else ZIP  # else another file of an office


def _is_letter(head: bytes) -> bool:
    """Whether nothing but the fields of a letter stands above its first blank line, its sender among them."""
    above, parted, _ = head.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [line + b"\n" for line in above.split(b"\n")]
    named = {line.partition(b":")[0].lower() for line in lines}
    if not parted or not all(_FIELD.fullmatch(line) for line in lines):
        return False
    return b"from" in named and not named.isdisjoint({b"date", b"message-id", b"received", b"mime-version"})


def readable() -> str:
    """The endings that are read, as one says them: ".txt, .json, .jsonl, .html or .htm"."""
    *first, last = ENDINGS
    return f"{', '.join(first)} or {last}"


def shown(path: Path | str) -> str:
    r"""``path`` as text that can be stored and printed.

    A name on disk is bytes, and need not be UTF-8: bytes that are not show as ``\xff``.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")
