"""The manifest of a case: the SHA-256 of each of its files, as ``sha256sum`` writes and checks them.

``manifest.sha256`` names every file of the case folder but the captures, whose names are their digests,
itself, and what SQLite keeps beside a database for as long as it is open. A line is the digest, two spaces
and the path from the folder; lines are in order of the bytes of the paths, so that two manifests of the
same files are the same bytes. Whoever may write in the folder may write a manifest, too: it shows decay,
slips and whoever did not think of it; against others stands a signature kept elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tallystick.evidence import opening, placing
from tallystick.evidence.media import shown

NAME = "manifest.sha256"
_LIMIT = 1 << 28  # bytes of a manifest: some two million files
_DRAFT = f"{NAME}.new"
_APART = (b"captures", NAME.encode(), _DRAFT.encode())  # at the top of the folder
_PASSING = (b"-wal", b"-shm")  # ends of the names of what SQLite keeps beside an open database
# GNU coreutils write a name that holds one of these with a backslash before the line.
_ESCAPES = {b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r"}
_LINE = re.compile(rb"\\?[0-9a-f]{64}  [^\n]+")


def listed(folder: Path, apart: tuple[bytes, ...] = ()) -> bytes:
    """The lines of a manifest of the files in and under ``folder``, but for those of ``apart`` at its top.

    Links and what is no plain file have no line. Raises ``OSError`` where one cannot be read.
    """
    top = os.fsencode(folder)
    lines = []
    for path in sorted(_files(top, b"", apart)):
        with opening.plain(os.path.join(top, path)) as file:
            lines.append(_line(hashlib.file_digest(file, "sha256").hexdigest(), path))
    return b"".join(lines)


def digest(folder: Path) -> tuple[str, int]:
    """The SHA-256 of the manifest of all files in and under ``folder``, and how many those are."""
    lines = listed(folder)
    return hashlib.sha256(lines).hexdigest(), lines.count(b"\n")


def write(folder: Path) -> None:
    """Write the manifest of the case in ``folder``, at once and down to the disk; raises ``OSError``."""
    draft = folder / _DRAFT
    try:
        with draft.open("wb") as file:
            file.write(listed(folder, _APART))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / NAME)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    placing.to_disk(folder)


def remove(folder: Path) -> bool:
    """Take the manifest away, down to the disk, before anything is written; whether it was there."""
    try:
        (folder / NAME).unlink()
    except FileNotFoundError:
        return False
    placing.to_disk(folder)
    return True


def exists(folder: Path) -> bool:
    return os.path.lexists(folder / NAME)


def flaws(folder: Path) -> Iterator[str]:
    """What is not as the manifest of the case in ``folder`` says, each with its path; it must be there."""
    name = shown(folder / NAME)
    try:
        said = opening.read(folder / NAME, _LIMIT)
        found = listed(folder, _APART)
    except OSError as error:
        yield f"{shown(error.filename or name)} cannot be read ({error.strerror})"
        return
    if said == found:
        return
    lines = said.split(b"\n")
    yield from (f"{name}, line {n}, is no line of a manifest" for n in _malformed(lines))
    told, here = _by_path(lines), _by_path(found.split(b"\n"))
    for path in sorted(told.keys() | here.keys()):
        at = shown(folder / os.fsdecode(path))
        if path not in here:
            yield f"{at} is missing"
        elif path not in told:
            yield f"{at} was added, or its line was taken out of {name}"
        elif told[path] != here[path]:
            yield f"{at} was changed: its SHA-256 is now {here[path].decode()}, and not as {name} says"
    if sorted(told) != list(told) or len(told) + 1 != len(lines):
        yield f"the lines of {name} are not those that were written"


def _malformed(lines: list[bytes]) -> Iterator[int]:
    return (n for n, line in enumerate(lines[:-1], 1) if not _LINE.fullmatch(line))


def _by_path(lines: list[bytes]) -> dict[bytes, bytes]:
    """The digests of a manifest's lines by path, of those that are lines."""
    out = {}
    for line in filter(_LINE.fullmatch, lines):
        escaped, line = line.startswith(b"\\"), line.removeprefix(b"\\")
        path = line[66:]
        if escaped:
            path = re.sub(rb"\\[\\nr]", lambda found: _PLAIN[found[0]], path)
        out[path] = line[:64]
    return out


_PLAIN = {written: plain for plain, written in _ESCAPES.items()}


def _line(sha256: str, path: bytes) -> bytes:
    written = re.sub(rb"[\\\n\r]", lambda found: _ESCAPES[found[0]], path)
    return (b"\\" if written != path else b"") + sha256.encode() + b"  " + written + b"\n"


def _files(top: bytes, under: bytes, apart: tuple[bytes, ...]) -> Iterator[bytes]:
    """The paths from ``top`` of the plain files in and under its folder ``under``."""
    with os.scandir(os.path.join(top, under)) as entries:
        for entry in entries:
            if entry.name in apart or (apart and entry.name.endswith(_PASSING)):
                continue
            path = os.path.join(under, entry.name)
            if entry.is_dir(follow_symlinks=False):
                yield from _files(top, path, ())
            elif entry.is_file(follow_symlinks=False):
                yield path
