"""An answer of a web server, received within bounds, each byte kept as it came.

Of the head only that is read which tells where the answer ends (RFC 9112, section 6); chunks and compression
stay as they came, for whoever reads it later. A server can send a byte a minute, a head without end, a length
that is not true: every wait and every count has its limit, and what had come by then is kept.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from tallystick.errors import NotFetched
from tallystick.evidence.addresses import Target

_CHUNK = 1 << 16
_INTERIM = 8  # answers such as 103 Early Hints before the one that counts
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: ([^\r\n]*))?\r?\n")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_ROW = 4096  # bytes of a line between chunks


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, in seconds (``whole`` is one answer from its first to its last byte), and how many bytes."""

    connect: float = 15.0
    read: float = 30.0
    whole: float = 300.0
    size: int = 64 << 20
    head: int = 64 << 10


@dataclass(frozen=True, slots=True)
class Tls:
    """How a connection was secured; ``chain`` holds the certificates sent (DER), the server's own first."""

    protocol: str
    cipher: str
    chain: tuple[bytes, ...]
    flaw: str = ""  # why the certificate proves nothing; empty where it was verified


@dataclass(slots=True)
class Answer:
    """What was sent to ``target`` and what came back.

    ``raw`` holds the answer as received, its body from byte ``body`` on. ``truncated`` is the word of the
    WARC standard (length, time, disconnect, unspecified) for an answer that did not come whole, ``flaw``
    says it in a sentence; ``remarks`` are other oddities.
    """

    target: Target
    request: bytes
    address: str
    answers: tuple[str, ...]
    tls: Tls | None
    raw: IO[bytes]
    status: int = 0
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: int = 0
    truncated: str = ""
    flaw: str = ""
    remarks: list[str] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        """The first header of that name (lower case), as it is meant: in UTF-8 where it is that."""
        for key, value in self.headers:
            if key == name:
                with suppress(UnicodeError):
                    return value.encode("latin-1").decode()
                return value
        return None


class _Slow(Exception):
    """A wait came to its end."""


class _Broken(Exception):
    """The connection ended before the answer did; says how."""


class _Cut(Exception):
    """The answer is not followed any further: the WARC standard's word for it, and a sentence."""

    def __init__(self, word: str, flaw: str) -> None:
        self.word, self.flaw = word, flaw


def receive(answer: Answer, sock: socket.socket, limits: Limits) -> None:
    """Receive into ``answer`` what comes from ``sock``.

    Raises ``NotFetched`` where no whole head of an HTTP/1 answer comes. What breaks off after that is kept as
    far as it came, and says so.
    """
    url, line = answer.target.url, _Line(sock, limits)
    try:
        _head(answer, line, limits.head)
    except (_Slow, _Broken) as error:
        raise NotFetched(f"{url}: no answer came ({error}); try again later") from error
    try:
        _body(answer, _Kept(line, answer.raw, limits.size))
    except _Cut as cut:
        answer.truncated, answer.flaw = cut.word, cut.flaw
    except _Slow as slow:
        answer.truncated, answer.flaw = "time", str(slow)
    except _Broken as broken:
        answer.truncated, answer.flaw = "disconnect", f"the connection ended {broken}"
    if line.surplus and not answer.truncated:
        answer.remarks.append("more bytes came after the end of the answer; they are not kept")
    answer.raw.seek(0)


class _Line:
    """What comes from a socket, until the other side ends it or time is up."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        self._sock, self._limits = sock, limits
        self._until = time.monotonic() + limits.whole
        self._came, self._at = b"", 0

    @property
    def surplus(self) -> bool:
        """Whether bytes came that nobody asked for."""
        return self._at < len(self._came)

    def some(self, most: int) -> bytes:
        """Between one and ``most`` bytes; none at the end."""
        if not self.surplus:
            self._came, self._at = self._received(), 0
        return self._take(min(self._at + most, len(self._came)))

    def row(self, most: int) -> bytes:
        """Up to the next line feed, with it, but no more than ``most`` bytes."""
        out = bytearray()
        while len(out) < most and not out.endswith(b"\n"):
            if not self.surplus:
                self._came, self._at = self._received(), 0
            if not self._came:
                break
            end = self._came.find(b"\n", self._at) + 1 or len(self._came)
            out += self._take(min(end, self._at + most - len(out)))
        return bytes(out)

    def _take(self, end: int) -> bytes:
        out, self._at = self._came[self._at : end], end
        return out

    def _received(self) -> bytes:
        left = self._until - time.monotonic()
        slow = _Slow(f"nothing came for {self._limits.read:g} s")
        if left < self._limits.read:
            slow = _Slow(f"it took more than {self._limits.whole:g} s")
        if left <= 0:
            raise slow
        try:
            self._sock.settimeout(min(left, self._limits.read))
            return self._sock.recv(_CHUNK)
        except TimeoutError as error:
            raise slow from error
        except ssl.SSLEOFError as error:
            raise _Broken("without the farewell that TLS asks for") from error
        except OSError as error:
            raise _Broken(f"by a fault: {error}") from error


class _Kept:
    """The same, where all that is read is kept, up to ``size`` bytes in all."""

    def __init__(self, line: _Line, raw: IO[bytes], size: int) -> None:
        self._line, self._raw, self._size = line, raw, size

    def _keep(self, data: bytes) -> bytes:
        room = max(self._size - self._raw.tell(), 0)
        self._raw.write(data[:room])
        if len(data) > room:
            raise _Cut("length", f"it is longer than the limit of {self._size:,} bytes")
        return data

    def row(self, most: int) -> bytes:
        return self._keep(self._line.row(most))

    def copy(self, count: int | None) -> None:
        """Exactly ``count`` bytes, or all until the other side ends."""
        done = 0
        while count is None or done < count:
            part = self._line.some(_CHUNK if count is None else min(_CHUNK, count - done))
            if not part:
                if count is not None:
                    raise _Broken(f"after {done:,} of {count:,} bytes")
                return
            self._keep(part)
            done += len(part)


def _head(answer: Answer, line: _Line, limit: int) -> None:
    """Read the status and the headers into ``answer``, past any interim answers."""
    url = answer.target.url
    for _ in range(_INTERIM):
        head = bytearray(line.row(limit))
        if not head:
            raise _Broken("without a byte")
        found = _STATUS.fullmatch(head)
        if found is None:
            raise NotFetched(
                f"{url}: what answers does not speak HTTP/1, but begins with {bytes(head[:40])!r}; "
                "it is not kept"
            )
        row = b""
        while row not in (b"\r\n", b"\n"):
            row = line.row(_CHUNK)
            head += row
            if len(head) > limit:
                raise NotFetched(f"{url}: the answer has a head of more than {limit:,} bytes; it is not kept")
            if not row.endswith(b"\n"):
                raise _Broken("within the head of the answer")
        status = int(found[1])
        if status >= 200:
            answer.status, answer.reason = status, (found[2] or b"").decode("latin-1").strip()
            answer.headers, answer.body = _headers(bytes(head)), len(head)
            answer.raw.write(head)
            return
        if status == 101:
            raise NotFetched(f"{url} answers in another protocol than was asked for; it is not kept")
        answer.remarks.append(f"an interim answer {status} came first and is not kept")
    raise NotFetched(f"{url} gave {_INTERIM} interim answers and none that counts")


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """The headers, names in lower case; a line that is none is passed over, a folded one joined."""
    found: list[tuple[str, str]] = []
    for row in head.decode("latin-1").split("\n")[1:]:
        row = row.rstrip("\r")
        name, colon, value = row.partition(":")
        if row[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {row.strip()}")
        elif colon and name and not re.search(r"\s", name):
            found.append((name.lower(), value.strip()))
    return tuple(found)


def _body(answer: Answer, kept: _Kept) -> None:
    """Read the body to where the head says that it ends."""
    if answer.status in (204, 304):
        return
    codings = _values(answer, "transfer-encoding")
    lengths = set(_values(answer, "content-length"))
    if codings:
        if lengths:
            answer.remarks.append("Content-Length stands beside Transfer-Encoding and is not heeded")
        if codings[-1] == "chunked":
            _chunks(kept)
        else:
            kept.copy(None)
        return
    length = lengths.pop() if len(lengths) == 1 else ""
    if re.fullmatch(r"[0-9]{1,18}", length):
        kept.copy(int(length))
        return
    if length or lengths:
        answer.remarks.append("Content-Length says no one length; what came until the end is kept")
    kept.copy(None)


def _values(answer: Answer, name: str) -> list[str]:
    """What the headers of that name list, in lower case."""
    return [part.strip().lower() for key, value in answer.headers if key == name for part in value.split(",")]


def _chunks(kept: _Kept) -> None:
    """Chunks with their sizes, as they came, and what follows the last."""
    size = -1
    while size:
        row = kept.row(_ROW)
        found = _SIZE.fullmatch(row)
        if found is None and not row.endswith(b"\n") and len(row) < _ROW:
            raise _Broken("between two chunks")
        if found is None:
            raise _Cut("unspecified", f"a chunk begins with {row[:20]!r}, which is no size")
        size = int(found[1], 16)
        if size:
            kept.copy(size)
            if (end := kept.row(2)) not in (b"\r\n", b"\n"):
                if not end:
                    raise _Broken("within a chunk")
                raise _Cut("unspecified", f"a chunk ends with {end!r}")
    while (row := kept.row(_ROW)) not in (b"\r\n", b"\n"):
        if not row:
            raise _Broken("before the end of the last chunk")
