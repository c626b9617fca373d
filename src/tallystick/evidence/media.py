"""Which kinds of report are read, told by the ending of the file's name."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

TEXT, JSON, LINES, HTML = "text/plain", "application/json", "application/x-ndjson", "text/html"
ZIP, TAR, GZIP = "application/zip", "application/x-tar", "application/gzip"
WARC, WACZ = "application/warc", "application/wacz"
UNKNOWN = "application/octet-stream"

ENDINGS = {
    ".txt": TEXT, ".json": JSON, ".jsonl": LINES, ".html": HTML, ".htm": HTML,
    ".zip": ZIP, ".tar": TAR, ".tgz": GZIP, ".gz": GZIP, ".warc": WARC, ".warc.gz": WARC, ".wacz": WACZ,
}  # fmt: skip

ARCHIVES = frozenset({ZIP, TAR, GZIP, WARC, WACZ})
LARGE = ARCHIVES | {LINES}  # read a piece at a time, so that their size costs no memory

# Captured, refused by record, and at least called by their name.
_NOT_READ = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
    ".md": "text/markdown",
    ".xml": "application/xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


def media_type_of(path: PurePath) -> str:
    """The media type that the ending of ``path`` promises; ``application/octet-stream`` for a strange one."""
    ending = path.suffix.lower()
    both = "".join(path.suffixes[-2:]).lower()
    return ENDINGS.get(both) or ENDINGS.get(ending) or _NOT_READ.get(ending) or UNKNOWN


def readable() -> str:
    """The endings that are read, as one says them: ".txt, .json, .jsonl, .html or .htm"."""
    *first, last = ENDINGS
    return f"{', '.join(first)} or {last}"


def shown(path: Path | str) -> str:
    r"""``path`` as text that can be stored and printed.

    A name on disk is bytes, and need not be UTF-8: bytes that are not show as ``\xff``.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")
