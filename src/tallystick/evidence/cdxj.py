"""CDXJ: where in a WARC file which address was kept, sorted so that a player finds it.

A line has the address in the order of its parts from general to particular (SURT), the moment in
14 digits, and a JSON object. The form is that of the CDXJ index in WACZ 1.1.1.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import quote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from tallystick.model import Capture

_KEPT = ("response", "resource", "revisit")
_PORTS = {"http": 80, "https": 443}
_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
# What warcio raises at a file that only begins like a WARC.
_BROKEN = (ArchiveLoadFailed, ValueError, EOFError, zlib.error, AttributeError, TypeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Indexed:
    """One record: its address, its moment (14 digits, UTC), and where in which file it lies."""

    url: str
    timestamp: str
    mime: str
    digest: str | None
    offset: int
    length: int
    status: int = 200
    filename: str = ""

    def within(self, filename: str) -> Indexed:
        """The same, in the WARC file of that name."""
        return replace(self, filename=filename)


def address(capture: Capture) -> str:
    """Under which address a capture is kept that has no HTTP headers.

    Its own where it was fetched from one, else its digest: what a page says of its own address is
    not where it was received from.
    """
    if re.fullmatch(r"https?://[!-~]+", capture.origin):
        return capture.origin
    return f"urn:sha256:{capture.id}"


def lines(entries: Iterable[Indexed]) -> Iterator[str]:
    """The lines of an index, sorted as bytes are."""
    keyed = ((f"{surt(each.url)} {each.timestamp}", each) for each in entries)
    for key, each in sorted(keyed, key=lambda both: (both[0], both[1].filename, both[1].offset)):
        told: dict[str, Any] = {"url": each.url, "mime": each.mime, "status": str(each.status)}
        told |= {"digest": each.digest} if each.digest else {}
        told |= {"length": str(each.length), "offset": str(each.offset), "filename": each.filename}
        yield f"{key} {json.dumps(told)}"


def surt(url: str) -> str:
    """The sort key of an address: the host's parts reversed, then the path, without what does not tell apart.

    Scheme, fragment, a leading www and the usual port are left out, letters made small and the
    query's parts sorted. What is no web address stands as it is, in small letters.
    """
    url = quote(url, safe="!#$%&'()*+,/:;=?@[]~")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.lower()
    if parts.scheme not in _PORTS or not host:
        return url.lower()
    turned = ",".join(reversed(re.sub(r"^www\d*\.", "", host).split(".")))
    place = f":{port}" if port not in (None, _PORTS[parts.scheme]) else ""
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{turned}{place}){parts.path or '/'}{query}".lower()


def index(file: IO[bytes]) -> tuple[bool, list[Indexed]] | None:
    """Whether a WARC file is compressed, and its records; None for a file that is no whole WARC.

    Only a file can be played from an index whose every record is there to its end and, if any is
    compressed, is compressed by itself.
    """
    begins = file.read(5)
    gzipped = begins.startswith(_GZIP)
    if not gzipped and begins != b"WARC/":
        return None
    file.seek(0)
    # warcio speaks of strange records on standard error; they are counted instead.
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            records = ArchiveIterator(file)
            found = list(_records(records))
            starts = [offset for offset, _ in found]
            if records.err_count or not found or (gzipped and starts != list(_members(file))):
                return None
        except _BROKEN:
            return None
    return gzipped, [entry for _, entry in found if entry is not None]


def _records(records: ArchiveIterator) -> Iterator[tuple[int, Indexed | None]]:
    """Where each record begins, and its entry if it is one to be played; what is cut short raises."""
    for record in records:
        if record.format != "warc":
            raise ValueError(f"{record.format} is another format")
        told = record.rec_headers
        url, kind = told.get_header("WARC-Target-URI"), record.rec_type
        moment = datetime.fromisoformat(told.get_header("WARC-Date") or "")
        status, mime = 200, told.get_header("Content-Type")
        if record.http_headers is not None and kind != "request":
            status = int(record.http_headers.get_statuscode())
            mime = record.http_headers.get_header("Content-Type")
        digest = told.get_header("WARC-Payload-Digest")
        offset, length = records.get_record_offset(), records.get_record_length()
        if record.raw_stream.limit:
            raise EOFError("a record is shorter than it says")
        if kind not in _KEPT or not url:
            yield offset, None
            continue
        mime = "warc/revisit" if kind == "revisit" else (mime or "unk").partition(";")[0].strip()
        at = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y%m%d%H%M%S")
        yield offset, Indexed(url, at, mime, digest, offset, length, status)


def _members(file: IO[bytes]) -> Iterator[int]:
    """Where each member of a gzip file begins; ``EOFError`` or ``zlib.error`` where one is not whole."""
    file.seek(0)
    at, rest = 0, b""
    member: Any = None
    while part := rest or file.read(_CHUNK):
        if member is None:
            yield at
            member = zlib.decompressobj(zlib.MAX_WBITS + 16)
        member.decompress(part)
        rest = member.unused_data
        at += len(part) - len(rest)
        if member.eof:
            member = None
    if member is not None:
        raise EOFError("the last member is cut short")
