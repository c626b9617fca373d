"""How much may be unpacked of one capture, whatever it says of itself.

A small file can unpack to more than any disk holds, hold itself, or name a million empty members.
One ``Allowance`` counts for all that is taken out of one capture, at any depth. Its bounds are
numbers of things, so that the outcome does not depend on the machine; the bound in seconds stands
behind them. It counts the processor's time and the unpacking alone: a busy machine and long
pages cost nothing of it.
"""

from __future__ import annotations

import lzma
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tarfile import TarError
from typing import Protocol
from zipfile import BadZipFile

from tallystick.errors import NotWhole, TooLarge

# Of each so much for any capture, and as much more as honest ones of its size have.
MEMBERS, MEMBER_SIZE = 20_000, 2_000  # members, and one more for so many bytes of the capture
ARCHIVE_MEMBERS = 1_000  # archives among them
BYTES, TIMES = 2 << 30, 20  # bytes unpacked, all members together, and so many for each byte of the capture
SECONDS, SPEED = 10.0, 5_000_000  # spent on unpacking, and one more for so many bytes of the capture
DEPTH = 4  # containers within containers
CHUNK = 1 << 20

# What the standard library raises, as late as on reading, for an archive that is not what it says.
FAULTS = (
    BadZipFile, TarError, EOFError, zlib.error, lzma.LZMAError, struct.error,
    ArithmeticError, LookupError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip


class Readable(Protocol):
    """Bytes to be read once, from front to end."""

    def read(self, size: int, /) -> bytes: ...


class Damaged(ValueError):
    """Raised by what unpacks, with what is wrong in words that finish the sentence "member x …"."""


class Allowance:
    """What may still be unpacked of one capture: ``origin`` as messages call it, ``size`` in bytes."""

    def __init__(self, origin: str, size: int = 0, clock: Callable[[], float] = time.thread_time) -> None:
        self._origin, self._clock = origin, clock
        self._most_members = self._members = MEMBERS + size // MEMBER_SIZE
        self._most_bytes = self._bytes = BYTES + size * TIMES
        self._seconds = SECONDS + size / SPEED
        self._archives, self._depth = ARCHIVE_MEMBERS, DEPTH

    @property
    def spent(self) -> str | None:
        """Of what too much was unpacked, in words; None while there is some left."""
        if self._members < 0:
            return f"has more than {self._most_members:,} members"
        if self._archives < 0:
            return f"holds more than {ARCHIVE_MEMBERS:,} archives"
        if self._bytes < 0:
            return f"unpacks to more than {self._most_bytes >> 20:,} MB"
        if self._seconds < 0:
            return "takes longer to unpack than anything of its size should"
        return None

    def member(self) -> None:
        """One more member is to be read. Raises ``TooLarge`` where that is one too many."""
        self._members -= 1
        self.spend(0)

    def archive(self) -> None:
        """One member more was found to be an archive. Raises ``TooLarge`` where that is one too many."""
        self._archives -= 1
        self.spend(0)

    def expect(self, members: int) -> None:
        """An archive names so many members. Raises ``TooLarge`` where they are more than are left."""
        if members > self._members:
            self._members = -1
            self.spend(0)

    def spend(self, size: int) -> None:
        """``size`` more bytes were unpacked. Raises ``TooLarge`` where the allowance is spent."""
        self._bytes -= size
        if spent := self.spent:
            raise TooLarge(f"{self._origin} {spent}; unpack it and add a part at a time")

    def refuse_deeper(self, where: str) -> None:
        """Raises ``TooLarge`` where ``where`` lies so deep that nothing within it is read."""
        if not self._depth:
            raise TooLarge(f"{where} lies {DEPTH} archives deep, and holds more; unpack it and add that")

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """What is read meanwhile lies one container deeper."""
        self._depth -= 1
        try:
            yield
        finally:
            self._depth += 1

    def chunks(self, content: Readable, where: str, limit: int | None = None) -> Iterator[bytes]:
        """All bytes of ``content``, a piece at a time, each counted.

        Raises ``NotWhole`` where they cannot be unpacked, ``TooLarge`` where they are more than
        ``limit`` or the allowance is spent.
        """
        size = 0
        while True:
            began = self._clock()
            try:
                chunk = content.read(CHUNK)
            except Damaged as error:
                raise NotWhole(f"{where} {error}; fetch it again") from error
            except FAULTS as error:
                raise NotWhole(
                    f"{where} is damaged or cut off ({type(error).__name__}); fetch it again"
                ) from error
            finally:
                self._seconds -= self._clock() - began
            if not chunk:
                return
            size += len(chunk)
            self.spend(len(chunk))
            if limit is not None and size > limit:
                raise TooLarge(f"{where} unpacks to more than {limit >> 20} MB; unpack it and split it")
            yield chunk
