"""ZIP, tar and gzip: each file within is a member, read as it would be from a folder.

The same order, the same hidden files left out, the same sidecars heeded. A name within an archive
is shown and never opened, so it can lead nowhere; one that tries to is refused all the same.
"""

from __future__ import annotations

import io
import stat
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath, PurePosixPath

from tallystick.errors import EmptyReport, NotWhole, ReportRefused, TooLarge, UnknownFormat, Unreadable
from tallystick.evidence.allowance import FAULTS, Damaged, Readable
from tallystick.evidence.discover import SIDECAR
from tallystick.evidence.gunzip import Unzipped
from tallystick.evidence.media import media_type_of
from tallystick.evidence.members import Flow, Member
from tallystick.evidence.record import SIDECAR_LIMIT, Metadata, Source, sidecar_of
from tallystick.values.plainly import plainly

DIRECTORY_LIMIT = 16 << 20  # bytes of a ZIP's directory, which is read whole
_TAR_HEAD_LIMIT = 64 << 10  # bytes of one head of a tar, long names and attributes included
_LOCAL_HEAD = 30  # bytes before each file of a ZIP, its name left out
_CHUNK = 1 << 18
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others unpack into memory without bounds
_METHODS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstandard", 95: "xz", 98: "PPMd"}

Flaw = tuple[type[ReportRefused], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive. ``flaw`` is why it is not read, as the end of the sentence "x …"."""

    name: str
    content: Callable[[], Readable]
    flaw: Flaw | None = None


def from_zip(source: Source) -> Iterator[Member | ReportRefused]:
    """The files of a ZIP archive. Raises ``NotWhole``, ``TooLarge`` or ``EmptyReport`` for all of it."""
    with zipped(source) as entries:
        yield from _members(source, entries)


def from_tar(source: Source) -> Iterator[Member | ReportRefused]:
    """The files of a tar archive; one that breaks off is read up to there, and then ``NotWhole``."""
    with _Guarded(source) as file:
        entries, whole = _tar_entries(file, source)
        if entries or whole:
            yield from _members(source, entries)
    if not whole:
        raise NotWhole(f"{source.origin} is cut off or damaged; fetch it again")


def from_gzip(source: Source) -> Iterator[Member]:
    """The one file that was compressed, named as its archive without the ending."""
    path = PurePosixPath(source.stem) if source.member else PurePath(source.capture.origin)
    name = path.stem + (".tar" if path.suffix.lower() == ".tgz" else "")
    with source.stored.open("rb") as file:
        content = Unzipped(file)
        if not content.zipped:
            raise NotWhole(f"{source.origin} is no gzip file, whatever its name says; check what it is")
        yield Member(name, media_type_of(PurePosixPath(name)), content)


@contextmanager
def zipped(source: Source) -> Iterator[list[Entry]]:
    """The files of the ZIP archive at ``source``, which can be read as long as this lasts.

    Raises ``NotWhole`` where it has no directory that can be read, ``TooLarge`` for too long a one.
    """
    with _Guarded(source) as file:
        file.limit = DIRECTORY_LIMIT
        try:
            archive = zipfile.ZipFile(file)
        except FAULTS as error:
            raise NotWhole(
                f"{source.origin} is cut off, or is no ZIP archive: the directory at its end cannot be read; "
                "fetch it again"
            ) from error
        with archive:
            infos = archive.infolist()
            source.allowance.expect(len(infos))
            file.limit = None
            yield list(_zip_entries(archive, infos))


class _Guarded(io.FileIO):
    """A file that gives no more at once than ``limit``: an archive may lie about its size."""

    limit: int | None = None

    def __init__(self, source: Source) -> None:
        super().__init__(source.stored)
        self._origin = source.origin

    def read(self, size: int | None = -1, /) -> bytes:
        if self.limit is not None and size is not None and size > self.limit:
            raise TooLarge(
                f"{self._origin} has a directory of more than {self.limit >> 10:,} KB; "
                "unpack it and add a part at a time"
            )
        return super().read(size) or b""


# ---------------------------------------------------------------------------------------- members


def _members(source: Source, entries: Iterable[Entry]) -> Iterator[Member | ReportRefused]:
    """What is to be read of these files, in the order of their names, folder by folder."""
    shown = [entry for entry in entries if not _hidden(entry.name)]
    if not shown:
        raise EmptyReport(f"{source.origin} holds no file (hidden ones are left out); was it saved whole?")
    named = Counter(entry.name for entry in shown)
    beside = {name: name.removesuffix(SIDECAR) for name in named if name.endswith(SIDECAR)}
    sidecars = {of: name for name, of in beside.items() if of in named}
    by_name = {entry.name: entry for entry in shown}
    for name in sorted(named, key=_parts):
        if beside.get(name) in sidecars:
            continue
        try:
            told = sidecars.get(name)
            known = _sidecar(source, by_name[told]) if told else Metadata()
            yield member(source, by_name[name], known, times=named[name])
        except ReportRefused as refused:
            if source.allowance.spent:
                raise
            yield refused


def member(source: Source, entry: Entry, known: Metadata | None = None, *, times: int = 1) -> Member:
    """The file as a member. Raises a ``ReportRefused`` where its directory tells that it cannot be read."""
    where = f"{source.origin}, {plainly(entry.name)}"
    if times > 1:
        raise Unreadable(
            f"{where} stands there {times} times, and programs differ in which they show; "
            "unpack the archive and add the right one"
        )
    parts = _parts(entry.name)
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        raise Unreadable(
            f"{where} has a name that leads out of the archive; unpack it by itself and add that"
        )
    if entry.flaw:
        kind, words = entry.flaw
        raise kind(f"{where} {words}")
    media_type = media_type_of(PurePosixPath(entry.name))
    return Member(entry.name, media_type, entry.content(), known or Metadata())


def _hidden(name: str) -> bool:
    """As on disk: hidden files and folders are left out, and what a Mac writes beside files."""
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in _parts(name))


def _parts(name: str) -> list[str]:
    """The folders and the file of a name; some programs on Windows write it in their own way."""
    return name.replace("\\", "/").split("/")


def _sidecar(source: Source, entry: Entry) -> Metadata:
    """What stands in the sidecar ``entry`` about the report that it lies beside."""
    where = f"{source.origin}, {plainly(entry.name)}"
    content = member(source, entry).content
    pieces = source.allowance.chunks(content, where, SIDECAR_LIMIT)
    return sidecar_of(b"".join(pieces), where)


# -------------------------------------------------------------------------------------------- ZIP


def _zip_entries(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> Iterator[Entry]:
    overlapping = _overlapping(infos)
    for info in infos:
        if info.filename.endswith("/"):
            continue
        flaw = _zip_flaw(info)
        if flaw is None and info in overlapping:
            flaw = (
                NotWhole,
                "shares its bytes with another file, as no honest program packs; have it packed anew",
            )
        yield Entry(_zip_name(info), partial(_opened, archive, info), flaw)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as told: by the archive's word UTF-8, else by its bytes; others show as ``\\xff``.

    Without that word they should be in the encoding of the IBM PC, and are in whatever the packing
    machine used, which nothing in the archive tells.
    """
    if info.flag_bits & 0x800:
        return info.filename
    return info.filename.encode("cp437").decode("utf-8", "surrogateescape")


def _zip_flaw(info: zipfile.ZipInfo) -> Flaw | None:
    mode = info.external_attr >> 16
    if info.create_system == 3 and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Unreadable, "is a link or a device and no file; add what it leads to by itself"
    if info.flag_bits & 0x1:
        return Unreadable, "is encrypted; unpack it with its password and add that"
    if info.compress_type not in _READ:
        method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
        return UnknownFormat, f"is compressed by {method}, and only deflate is read; unpack it and add that"
    return None


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[zipfile.ZipInfo]:
    """The files whose bytes are, for certain, those of another file as well (Fifield 2019)."""
    found: set[zipfile.ZipInfo] = set()
    reach, before = -1, None
    for info in sorted(infos, key=lambda info: info.header_offset):
        if before is not None and info.header_offset < reach:
            found |= {before, info}
        end = info.header_offset + _LOCAL_HEAD + info.compress_size
        if end > reach:
            reach, before = end, info
    return found


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Readable:
    return Flow(_inflated(archive, info))


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The file's bytes. Its checksum is held by the library; its size is held here."""
    size = 0
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                yield chunk
    except FAULTS as error:
        raise Damaged("is damaged or cut off: its checksum does not hold") from error
    if size != info.file_size:
        raise Damaged(f"has {size:,} bytes, but its directory says {info.file_size:,}")


# --------------------------------------------------------------------------------------- tar, gzip


def _tar_entries(file: _Guarded, source: Source) -> tuple[list[Entry], bool]:
    """The files up to where the archive ends, and whether it ends as one that is whole."""
    entries: list[Entry] = []
    file.limit = _TAR_HEAD_LIMIT
    try:
        archive = tarfile.TarFile(fileobj=file, errorlevel=1)
        for number, info in enumerate(iter(archive.next, None), 1):
            source.allowance.expect(number)
            if not info.isdir():
                entries.append(_tar_entry(archive, info))
        file.seek(archive.offset)
        whole = not file.read(tarfile.BLOCKSIZE).strip(b"\0")  # the library takes a broken head for the end
    except FAULTS:
        whole = False
    file.limit = None
    return entries, whole


def _tar_entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Entry:
    flaw: Flaw | None = None
    if not info.isreg():
        flaw = Unreadable, "is a link or a device and no file; add what it leads to by itself"
    elif info.issparse():
        flaw = UnknownFormat, "has holes in place of bytes (a sparse file); unpack it and add that"
    return Entry(info.name.removeprefix("./"), partial(_within, archive, info), flaw)


def _within(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Readable:
    file = archive.extractfile(info)
    assert file is not None  # only links and devices have none
    return file
