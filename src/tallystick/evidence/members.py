"""What lies within a capture: members of archives and letters, unpacked within bounds.

A small file can unpack to more than any disk holds, hold itself, or name a million empty members.
One ``Allowance`` counts for all that is unpacked of one capture; what goes past it is refused by name,
and what was read before stays.
"""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from tallystick.errors import CaseReadOnly, TooLarge
from tallystick.evidence.media import shown
from tallystick.evidence.plain import FILE_LIMIT
from tallystick.evidence.record import Metadata, Source

MEMBERS = 20_000  # members unpacked of one capture
BYTES = 2 << 30  # bytes unpacked of one capture, all members together
DEPTH = 4  # containers within containers
SECONDS = 600.0  # spent on the members of one capture
_CHUNK = 1 << 20
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


@dataclass(frozen=True, slots=True)
class Member:
    """One thing within a container, not yet read.

    ``name`` is its path within the container, as told there: it is shown, never opened. ``content``
    gives its bytes, and is read only as far as the allowance goes. ``known`` is what the container
    tells of it: its address, its day.
    """

    name: str
    media_type: str
    content: IO[bytes]
    known: Metadata = field(default_factory=Metadata)


@contextmanager
def _room() -> Iterator[None]:
    """Where there is no room to unpack to, that is said of the disk, and never held against the report."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise CaseReadOnly(
            f"{tempfile.gettempdir()}, where archives are unpacked, cannot be written to ({error.strerror}); "
            "make room there or name another folder by TMPDIR, then add the reports again"
        ) from error


class Allowance:
    """What may still be unpacked of one capture, which messages call ``origin``."""

    def __init__(self, origin: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._origin, self._clock = origin, clock
        self._members, self._bytes, self._depth = MEMBERS, BYTES, DEPTH
        self._until = clock() + SECONDS

    @contextmanager
    def unpacked(self, source: Source, member: Member) -> Iterator[Source]:
        """``member`` of ``source`` as a source of its own, on disk for as long as this lasts.

        Raises ``TooLarge`` where the allowance is spent.
        """
        name = shown(member.name)
        where = f"{source.origin}, {name}"
        self._members -= 1
        self._refuse_if_spent()
        if not self._depth:
            raise TooLarge(f"{where} lies more than {DEPTH} archives deep; unpack it and add that")
        with _room():
            handle, path = tempfile.mkstemp(prefix="tallystick-")
        try:
            with _room(), os.fdopen(handle, "wb") as target:
                self._copy(member.content, target, where)
            self._depth -= 1
            try:
                yield replace(
                    source.many(),
                    stored=Path(path),
                    media_type=member.media_type,
                    stem=f"{source.stem}/{name}",
                    sidecar=member.known.or_else(source.many().sidecar),
                    member=f"{source.member}, {name}" if source.member else name,
                )
            finally:
                self._depth += 1
        finally:
            os.unlink(path)

    @property
    def spent(self) -> str | None:
        """Of what too much was unpacked, in words; None while there is some left."""
        if self._members < 0:
            return f"has more than {MEMBERS:,} members"
        if self._bytes < 0:
            return f"unpacks to more than {BYTES >> 30} GB"
        if self._clock() > self._until:
            return f"took more than {SECONDS:.0f} s to unpack"
        return None

    def _refuse_if_spent(self) -> None:
        if spent := self.spent:
            raise TooLarge(f"{self._origin} {spent}; unpack it and add a part at a time")

    def _copy(self, content: IO[bytes], target: IO[bytes], where: str) -> None:
        size = 0
        while chunk := content.read(_CHUNK):
            size += len(chunk)
            self._bytes -= len(chunk)
            if size > FILE_LIMIT:
                raise TooLarge(f"{where} unpacks to more than {FILE_LIMIT >> 20} MB; unpack it and split it")
            self._refuse_if_spent()
            target.write(chunk)
