"""Bytes exactly as received, each file of the store named by its own SHA-256.

``store/ab/abcdef…`` holds the bytes whose digest is ``abcdef…``. A file appears there only
whole: it is written beside, brought to disk, and then given its name in one step, so that a
process killed at any moment, or two at once, never leave half a file under a digest.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import IO, TypeVar

from tallystick.errors import CaseDamaged, CaseReadOnly, TooLarge, Unreadable
from tallystick.evidence.media import (
    STANDARD_INPUT,
    UNKNOWN,
    media_type_of,
    origin_of,
    shown,
    told_by_bytes,
    told_of_words,
)
from tallystick.evidence.placing import UNFINISHED, to_disk, umask
from tallystick.model import Capture, CaptureId

CHUNK = 1 << 20
AHEAD = 8  # files kept before their turn
GIVEN_LIMIT = 2 << 30  # bytes of standard input, of which nobody says how long it is
T = TypeVar("T")
HOUR = 3600.0  # seconds; nobody takes longer to write one report


def _nothing(_: CaptureId) -> None:
    """Refuses nothing."""


def keep(
    path: Path,
    store: Path,
    *,
    received: str,
    by: str,
    given: str | None = None,
    refuse: Callable[[CaptureId], None] = _nothing,
) -> Capture:
    """Keep the bytes of the file ``path`` in ``store``, and say what was received.

    ``received`` is the moment in UTC (ISO 8601), ``by`` who or what takes them in. The path "-" is
    standard input, of the media type ``given`` or of what its bytes tell. Memory does not grow with the
    file. Bytes that the store holds already are left alone. ``refuse`` is asked before the bytes get their
    name, and raises where they are not to be kept: nothing of them is left then.

    Raises ``Unreadable`` where the file cannot be read, ``TooLarge`` for a standard input without end,
    ``CaseReadOnly`` where the store cannot be written, ``CaseDamaged`` where it holds other bytes under
    this digest.
    """
    with _given() if path == STANDARD_INPUT else _opened(path) as source:
        unfinished: str | None = None
        try:
            store.mkdir(parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(dir=store, prefix=UNFINISHED)
            with os.fdopen(handle, "wb") as target:
                digest, size = _copy(source, target, path)
                target.flush()
                os.fchmod(target.fileno(), 0o444 & ~umask())
                os.fsync(target.fileno())
            identity = CaptureId(digest)
            refuse(identity)
            _settle(Path(unfinished), path_of(store, identity), digest)
        except OSError as error:
            raise CaseReadOnly(
                f"the case cannot be written to: {shown(store)} ({error.strerror}); "
                "make room or give yourself the right to write there, then add the reports again"
            ) from error
        finally:
            if unfinished is not None:
                with suppress(OSError):  # it has its name by now, or the disk is failing: ``sweep`` comes by
                    os.unlink(unfinished)
    media_type, place = media_type_of(path), path_of(store, identity)
    if path == STANDARD_INPUT:
        media_type = given or told_of_words(place)
    elif media_type == UNKNOWN:
        media_type = told_by_bytes(place)
    return Capture(identity, size, media_type, origin_of(path), received, by)


def ahead(keepings: Iterable[Callable[[], T]]) -> Generator[Callable[[], T], None, None]:
    """For each of ``keepings``, calls of ``keep``, a function that gives what it gave or raises as it did.

    In their order; but the next few run while one capture is read, for most of keeping is waiting for
    the disk. A file whose turn has not come may so lie in the store already; where the walk ends before
    it, nothing says that it was received.
    """
    with ThreadPoolExecutor(AHEAD) as pool:
        waiting: deque[Future[T]] = deque()
        try:
            for keeping in keepings:
                waiting.append(pool.submit(keeping))
                if len(waiting) > AHEAD:
                    yield waiting.popleft().result
            while waiting:
                yield waiting.popleft().result
        finally:
            pool.shutdown(cancel_futures=True)


def path_of(store: Path, capture_id: CaptureId) -> Path:
    """Where ``store`` holds the bytes with this digest; ``CaseDamaged`` if it is no SHA-256."""
    name = sha256(capture_id)
    return store / name[:2] / name


def sha256(told: object) -> str:
    """``told`` if it is a SHA-256 in hexadecimal; ``CaseDamaged`` if not.

    A ledger may come from anybody: nothing that it tells becomes part of a path unless it went through here.
    """
    if not (isinstance(told, str) and re.fullmatch(r"[0-9a-f]{64}", told)):
        raise CaseDamaged(f"{told!r} is no SHA-256: the ledger was changed; fetch the case from a copy")
    return told


def digest_of(path: Path) -> str:
    """SHA-256 of the file ``path``, in hexadecimal; raises ``Unreadable`` where it cannot be read."""
    with _opened(path) as source:
        return _digest(source)


def check(store: Path, capture: Capture) -> str | None:
    """What does not hold about the stored bytes of ``capture``, in a sentence; None if all holds.

    Reads the whole file: a digest says something only about bytes that were read to the end.
    """
    path = path_of(store, capture.id)
    name = f"{shown(path)} (received as {capture.origin})"
    if not os.path.lexists(path):
        return f"{name} is missing"
    try:
        with _opened(path) as source:
            size = os.fstat(source.fileno()).st_size
            if size != capture.size:
                return f"{name} has {size} bytes, but {capture.size} were received"
            digest = _digest(source)
    except (OSError, Unreadable) as error:
        return f"{name} cannot be read: {error}"
    if digest != capture.id:
        return f"{name} was changed: its SHA-256 is now {digest}"
    return None


def sweep(store: Path, *, older_than: float = HOUR) -> int:
    """Remove what killed processes left in ``store``, kept or unpacked by half; how many files that were.

    Only files untouched for ``older_than`` seconds: another process may be writing a younger one. Who
    knows that there is none may ask for 0.
    """
    gone = 0
    for path in store.glob(f"**/{UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime >= older_than:
                path.unlink()
                gone += 1
    return gone


def _opened(path: Path) -> IO[bytes]:
    """The plain file ``path``, opened to read; ``Unreadable`` for anything else.

    Opened without waiting, for a named pipe would wait for ever.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise Unreadable(
            f"{shown(path)} cannot be opened ({error.strerror}); make it readable and add it again"
        ) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable(
            f"{shown(path)} is no plain file (a folder, a pipe or a device); save it as a file and add that"
        )
    return os.fdopen(handle, "rb", buffering=0)


def _given() -> AbstractContextManager[IO[bytes]]:
    """Standard input, to be read and left open."""
    if sys.stdin is None or sys.stdin.closed:
        raise Unreadable("standard input is closed; pipe a report into this command")
    return nullcontext(sys.stdin.buffer)


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _copy(source: IO[bytes], target: IO[bytes], path: Path) -> tuple[str, int]:
    """Copy all bytes; their SHA-256 and number. Faults of the source are ``Unreadable``."""
    sha, size, chunks = hashlib.sha256(), 0, _chunks(source)
    while True:
        try:
            chunk = next(chunks, b"")
        except OSError as error:
            raise Unreadable(
                f"{origin_of(path)} broke off after {size} bytes ({error.strerror}); copy it to a sound disk"
            ) from error
        if not chunk:
            return sha.hexdigest(), size
        sha.update(chunk)
        size += len(chunk)
        if path == STANDARD_INPUT and size > GIVEN_LIMIT:
            raise TooLarge(
                f"standard input gave {GIVEN_LIMIT >> 30} GB and no end; save it as a file and add that"
            )
        target.write(chunk)


def _digest(source: IO[bytes]) -> str:
    sha = hashlib.sha256()
    for chunk in _chunks(source):
        sha.update(chunk)
    return sha.hexdigest()


def _settle(unfinished: Path, place: Path, digest: str) -> None:
    """Give the finished file its name, unless the same bytes stand there already."""
    if os.path.lexists(place):
        with _opened(place) as held:
            if _digest(held) == digest:
                return
        raise CaseDamaged(
            f"{shown(place)} does not hold the bytes that its name says; run 'tallystick verify', "
            "move the file aside as evidence of the change, then add the report again"
        )
    with suppress(FileExistsError):
        place.parent.mkdir()
    # Another process may have made it just now: only one that holds something already is on disk for certain.
    with os.scandir(place.parent) as entries:
        empty = next(entries, None) is None
    if empty:
        to_disk(place.parent.parent)
    os.replace(unfinished, place)
    to_disk(place.parent)
