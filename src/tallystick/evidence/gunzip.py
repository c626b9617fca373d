"""Bytes that may be gzipped, read from front to end in bounded memory, and past what is damaged.

A ``.gz`` file is a row of gzip members, each with a checksum of its own; in a web archive each record
is one. So where a member is broken the next one can be found again, and is whole or not by its own
checksum.
"""

from __future__ import annotations

import zlib

from tallystick.evidence.allowance import Damaged, Readable

MAGIC = b"\x1f\x8b\x08"
_PIECE = 1 << 16
_EMPTY = 1_000  # gzip members without a byte in them, one after the other
_TRIED = 10_000  # places in one file where a member might begin again
_GZIP = 31  # zlib's word for "with gzip's head and checksum"


class Unzipped:
    """The bytes of ``file``, unzipped where it begins as gzip does, else as they are.

    ``read`` and ``readline`` raise ``Damaged`` where the bytes break off within a gzip member or do
    not hold; from then on they do so always, until ``resume`` has found another member.
    """

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._raw = b""  # not yet unzipped
        self._broken: Damaged | None = None  # where the file itself cannot be read on
        while len(self._raw) < len(MAGIC) and (piece := self._more()):
            self._raw += piece
        self.zipped = self._raw.startswith(MAGIC)
        self._passed = 0  # bytes of the file before those
        self._member: zlib._Decompress | None = None
        self._begin = 0  # where in the file the member begins
        self._out, self._at = b"", 0
        self._flaw: Damaged | None = None
        self._tries = _TRIED

    @property
    def place(self) -> int:
        """How far the file was read: for gzip, where the member begins that is being read."""
        if not self.zipped:
            return self._passed - (len(self._out) - self._at)
        return self._begin if self._member or self._at < len(self._out) else self._passed

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, none only at the end."""
        if self._at == len(self._out) and not self._fill():
            return b""
        out = self._out[self._at : self._at + size]
        self._at += len(out)
        return out

    def readline(self, size: int) -> bytes:
        """One line with its line feed, or the first ``size`` bytes of a longer one."""
        line = b""
        while len(line) < size and not line.endswith(b"\n"):
            if self._at == len(self._out) and not self._fill():
                break
            end = self._out.find(b"\n", self._at) + 1 or len(self._out)
            end = min(end, self._at + size - len(line))
            line += self._out[self._at : end]
            self._at = end
        return line

    def peek(self) -> bytes:
        """What comes next in the same gzip member, whose checksum holds if nothing does; may be short."""
        if self._at == len(self._out) and self._member:
            self._fill(further=False)
        elif self._at == len(self._out) and not self.zipped:
            self._fill()
        return self._out[self._at : self._at + 2]

    def resume(self) -> bool:
        """Go on after damage, at the next gzip member that begins with ``WARC/``; False where there is none.

        Only gzip tells records apart without fail. In an archive that is not zipped, what looks like
        the next record may be the words of a page.
        """
        if not self.zipped:
            return False
        self._member, self._out, self._at, self._flaw = None, b"", 0, None
        self._drop(max(0, self._begin + 1 - self._passed))
        while self._tries:
            found = self._raw.find(MAGIC)
            self._drop(found if found >= 0 else max(0, len(self._raw) - len(MAGIC) + 1))
            more = self._more() if len(self._raw) < _PIECE else b""
            self._raw += more
            if found < 0:
                if not more:
                    return False
                continue
            self._tries -= 1
            if _begins_record(self._raw[:4096]):
                return True
            self._drop(1)
        return False

    def unread(self) -> bool:
        """Whether something is left that nothing of the above has given or gone past."""
        return bool(self._raw or self._at < len(self._out) or self._more())

    def _more(self) -> bytes:
        """The next piece of the file; nothing at its end, and where it cannot be read on."""
        try:
            return b"" if self._broken else self._file.read(_PIECE)
        except Damaged as error:
            self._broken = error
            return b""

    def _drop(self, size: int) -> None:
        self._raw = self._raw[size:]
        self._passed += size

    def _fill(self, *, further: bool = True) -> bool:
        """Unzip some more. False at the end of the file, or of the member unless ``further``."""
        if self._flaw:
            raise self._flaw
        if not self.zipped:
            self._out, self._at, self._raw = self._raw or self._more(), 0, b""
            self._passed += len(self._out)
            if self._broken and not self._out:
                raise self._broken
            return bool(self._out)
        try:
            return self._inflate(further)
        except zlib.error as error:
            self._flaw = Damaged("is damaged: its gzip data do not hold")
            raise self._flaw from error
        except Damaged as error:
            self._flaw = error
            raise

    def _inflate(self, further: bool) -> bool:
        begun = 0
        while True:
            self._raw = self._raw or self._more()
            if self._broken and not self._raw:
                raise self._broken
            if self._member is None:
                if not self._raw or not further:
                    return False
                if begun == _EMPTY:
                    raise Damaged("is a row of gzip members with nothing in them")
                self._member, self._begin, begun = zlib.decompressobj(_GZIP), self._passed, begun + 1
            starved = not self._raw
            out = self._member.decompress(self._raw, _PIECE)
            rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            self._drop(len(self._raw) - len(rest))
            if self._member.eof:
                self._member = None
            elif starved and not out:
                raise Damaged("breaks off")
            if out:
                self._out, self._at = out, 0
                return True


def _begins_record(raw: bytes) -> bool:
    try:
        return zlib.decompressobj(_GZIP).decompress(raw, 16).startswith(b"WARC/")
    except zlib.error:
        return False
