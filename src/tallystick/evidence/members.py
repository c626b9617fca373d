"""What lies within a capture: members of archives and letters, each read by the reader of its kind."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tallystick.errors import CaseReadOnly, TooLarge, Unreadable
from tallystick.evidence.allowance import Readable
from tallystick.evidence.media import LARGE
from tallystick.evidence.placing import UNFINISHED
from tallystick.evidence.plain import FILE_LIMIT
from tallystick.evidence.record import Metadata, Source
from tallystick.values.plainly import plainly

NAME_LIMIT = 8_000  # characters of a member's name: as long as an address on the web may well be
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


@dataclass(frozen=True, slots=True)
class Member:
    """One thing within a container, not yet read.

    ``name`` is its path within the container, as told there: it is shown, never opened. ``content``
    gives its bytes, and is read only as far as the allowance goes. ``known`` is what the container
    tells of it, and is taken before what it says of itself; ``title`` is taken after that.
    ``charset`` is the encoding that came with it.
    """

    name: str
    media_type: str
    content: Readable
    known: Metadata = field(default_factory=Metadata)
    title: str | None = None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What was seen in a container and is no report, in one sentence: pictures, redirects."""

    text: str


class Flow:
    """Pieces of bytes, to be read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int, /) -> bytes:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._rest = piece
        out, self._rest = self._rest[:size], self._rest[size:]
        return out


@contextmanager
def unpacked(source: Source, member: Member) -> Iterator[Source]:
    """``member`` of ``source`` as a source of its own, on disk for as long as this lasts.

    It lies beside the capture's own bytes, under a name that ``capture.sweep`` knows: what is
    received in confidence is written nowhere else. Raises ``TooLarge`` where the allowance is
    spent, ``NotWhole`` where the member cannot be unpacked.
    """
    allowance, name = source.allowance, plainly(member.name)
    allowance.member()
    if len(name) > NAME_LIMIT:
        raise TooLarge(
            f"{source.origin}, {name[:80]}… has a name of {len(name):,} characters, more than "
            f"{NAME_LIMIT:,}; give it another"
        )
    where = f"{source.origin}, {name}"
    with allowance.deeper():
        path = _on_disk(source, member, where)
        try:
            yield replace(
                source,
                stored=path,
                media_type=member.media_type,
                stem=f"{source.stem}/{name}",
                sidecar=member.known.or_else(source.many().sidecar),
                member=f"{source.member}, {name}" if source.member else name,
                charset=member.charset,
            )
        finally:
            path.unlink(missing_ok=True)


def _on_disk(source: Source, member: Member, where: str) -> Path:
    """The member's bytes in a file of their own, which the caller takes away."""
    limit = None if member.media_type in LARGE else FILE_LIMIT
    path = None
    try:
        beside = source.stored.parent
        # A case on a disk that cannot be written is only looked at: then in a file that nobody else can read.
        handle, path = tempfile.mkstemp(prefix=UNFINISHED, dir=beside if os.access(beside, os.W_OK) else None)
        with os.fdopen(handle, "wb") as target:
            for chunk in source.allowance.chunks(member.content, where, limit):
                target.write(chunk)
        whole, path = Path(path), None
    except OSError as error:
        if error.errno in _NO_ROOM:  # said of the disk, and never held against the report
            raise CaseReadOnly(
                f"{source.stored.parent}, where {where} is unpacked, cannot be written to "
                f"({error.strerror}); make room there, then add the reports again"
            ) from error
        raise Unreadable(
            f"{where} cannot be unpacked ({error.strerror}); make room in the case folder and add it again"
        ) from error
    finally:
        if path is not None:
            os.unlink(path)
    return whole
