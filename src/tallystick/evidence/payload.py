"""What a server sent, as it was meant: chunks joined, compression undone, digests held.

Each step takes pieces of bytes and gives pieces, in bounded memory, and raises ``Damaged``.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterator

from tallystick.evidence.allowance import Damaged, Readable
from tallystick.evidence.gunzip import Unzipped
from tallystick.evidence.members import Flow

ENCODINGS = ("gzip", "x-gzip", "deflate")
_ALGORITHMS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
_PIECE = 1 << 16
_LINE = 4_096  # bytes of the line above a chunk
_LENGTH = re.compile(rb"([0-9a-fA-F]{1,15})[ \t]*(;.*)?\r?\n?", re.DOTALL)


class Digest:
    """A digest as told (``sha1:…``, in base 16, 32 or 64), held against the bytes that come.

    One that nobody told, or in no known way, holds.
    """

    def __init__(self, told: str | None) -> None:
        name, _, value = (told or "").strip().partition(":")
        name = name.lower().replace("-", "")
        self._value = value.strip().rstrip("=")
        known = name in _ALGORITHMS and self._value
        self._hash = hashlib.new(name, usedforsecurity=False) if known else None

    def update(self, piece: bytes) -> None:
        if self._hash:
            self._hash.update(piece)

    def holds(self) -> bool:
        if self._hash is None:
            return True
        digest, value = self._hash.digest(), self._value
        if value.lower() == digest.hex() or value.upper() == b32encode(digest).decode().rstrip("="):
            return True
        return value in {spelt(digest).decode().rstrip("=") for spelt in (b64encode, urlsafe_b64encode)}


def pieces(content: Readable) -> Iterator[bytes]:
    while piece := content.read(_PIECE):
        yield piece


def meant(content: Readable, *, digest: str | None, chunked: bool, encoding: str) -> Iterator[bytes]:
    """The payload in ``content``, its ``digest`` held at the end.

    The digest should be that of the payload with the chunks joined (RFC 2616, entity body); many
    programs take it of the bytes as they came, and either will do.
    """
    came, joined = Digest(digest), Digest(digest)
    raw = _summed(pieces(content), came)
    body = _summed(dechunked(raw) if chunked else raw, joined)
    yield from decoded(body, encoding)
    for rest in (body, raw):  # what a decoder did not want counts for the digest
        for _ in rest:
            pass
    if not (came.holds() or joined.holds()):
        raise Damaged(f"is not what was captured: its digest is not {digest}")


def dechunked(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Chunked transfer undone (RFC 9112, 7.1). What only pretends to be chunked is given as it is."""
    rest, at, left, begun = b"", 0, 0, False
    for piece in raw:
        rest, at = rest[at:] + piece, 0
        out: list[bytes] = []
        while at < len(rest):
            if left:
                out.append(rest[at : at + left])
                at, left = at + len(out[-1]), left - len(out[-1])
                continue
            end = rest.find(b"\n", at) + 1
            if not end and len(rest) - at < _LINE:
                break
            line = rest[at:end]
            if begun and line in (b"\r\n", b"\n"):
                at = end
                continue
            length = _LENGTH.fullmatch(line)
            if length is None:
                if begun:
                    raise Damaged("is sent in chunks, and one of them has no length")
                yield rest
                yield from raw
                return
            at, left, begun = end, int(length[1], 16), True
            if not left:
                yield b"".join(out)
                return
        if out:
            yield b"".join(out)
    if begun:
        raise Damaged("breaks off before its last chunk")
    yield rest[at:]


def decoded(body: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Compression undone; what only pretends to be gzip is given as it is, as browsers do."""
    if encoding == "deflate":
        yield from _inflated(body)
    elif encoding in ENCODINGS:
        yield from pieces(Unzipped(Flow(body)))
    else:
        yield from body


def _inflated(body: Iterator[bytes]) -> Iterator[bytes]:
    """What "deflate" was taken to mean: a zlib stream, as the standard says, or a bare one."""
    zipped = None
    for piece in body:
        if zipped is None:
            zipped = zlib.decompressobj(15 if piece[0] & 15 == 8 else -15)
        rest = piece
        while rest and not zipped.eof:
            try:
                out = zipped.decompress(rest, _PIECE)
            except zlib.error as error:
                raise Damaged("is damaged: its deflate data do not hold") from error
            rest = zipped.unconsumed_tail
            if out:
                yield out
    if zipped is not None and not zipped.eof:
        yield zipped.flush()
        if not zipped.eof:
            raise Damaged("breaks off")


def _summed(body: Iterator[bytes], digest: Digest) -> Iterator[bytes]:
    for piece in body:
        digest.update(piece)
        yield piece
