"""A sealed file: all captures of a case as a web archive (WACZ 1.1.1), signed, our records beside them.

    archive/data.warc.gz      each capture as a WARC record of type resource
    archive/SHA256.warc.gz    a capture that was received as WARC, byte for byte, with its headers
    indexes/index.cdx         where each record is
    pages/pages.jsonl         what there is to look at
    tallystick/               captures.jsonl, and what the caller puts beside it
    datapackage.json          the SHA-256 of every file above
    datapackage-digest.json   the SHA-256 of that, signed

Nothing in the zip is compressed but the WARC records themselves, and no clock but the caller's is
asked: the same case at the same moment gives the same bytes. What was signed is the text
``sha256:…`` of ``datapackage.json``, with Ed25519; ``publicKey`` is base64 of the key's DER form.
The layout follows the WACZ 1.1.1 and WACZ Auth 0.1.0 specifications of Webrecorder, but for the kind of key.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import uuid
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.warcwriter import WARCWriter

from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.evidence import opening
from tallystick.evidence.capture import CHUNK, path_of
from tallystick.evidence.cdxj import Indexed, address, index, lines
from tallystick.evidence.keys import Signer
from tallystick.evidence.media import shown
from tallystick.evidence.placing import new_file
from tallystick.model import Capture, CaptureId

VERSION = "1.1.1"
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
WARC, INDEX, PAGES, OURS = "archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl", "tallystick/"
CAPTURES = f"{OURS}captures.jsonl"
# Records are named by what they hold, within this space of names.
_IDS = uuid.UUID("6d1c7a52-5f0b-5c57-9c1e-0e2f3f6f7a10")
# The earliest moment that a zip can tell: when a file was written says nothing here.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Page:
    """Something to look at in a capture: its address where it tells one, and what it is called."""

    url: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a sealed file.

    ``created`` is the moment in UTC (ISO 8601), ``gone`` the captures that were expunged, ``pages``
    what each capture holds, ``beside`` the files for ``tallystick/`` by their name there.
    """

    title: str
    created: str
    software: str
    store: Path
    captures: Sequence[Capture]
    gone: Collection[CaptureId]
    pages: Mapping[CaptureId, Sequence[Page]]
    beside: Mapping[str, Path]


def write(out: Path, contents: Contents, signer: Signer | None) -> str:
    """Write the sealed file ``out``; its SHA-256. Without a ``signer`` it is an archive that nobody signed.

    Raises ``AskedWrongly`` where ``out`` is there already or cannot be written, ``CaseDamaged``
    where a capture is not what was received: what does not hold is not sealed.
    """
    try:
        with new_file(out, 0o600) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
                _Sealing(package, contents, signer).write()
            file.flush()
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileExistsError as error:
        raise AskedWrongly(f"{shown(out)} is there already; name a file that is not") from error
    except OSError as error:
        raise AskedWrongly(
            f"{shown(out)} cannot be written: {error.strerror or error}; name another place, with room for it"
        ) from error


class _Part:
    """One file of the zip while it is written: how long it is, and its SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sha = file, hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self._sha.update(content)
        self.size += len(content)
        return self._file.write(content)

    def flush(self) -> None:
        """What asks for it (warcio) is answered when the file is closed."""

    @property
    def digest(self) -> str:
        return f"sha256:{self._sha.hexdigest()}"


class _Sealing:
    """One sealed file being written: its zip, and what was put into it so far."""

    def __init__(self, package: zipfile.ZipFile, contents: Contents, signer: Signer | None) -> None:
        self._package, self._contents, self._signer = package, contents, signer
        self._resources: list[dict[str, Any]] = []
        self._indexed: list[Indexed] = []
        self._holds: dict[CaptureId, str] = {}  # in which file of the zip a capture lies

    def write(self) -> None:
        archived = self._web_archives()
        self._records([each for each in self._there() if each.id not in archived])
        for capture in archived.values():
            with self._part(self._holds[capture.id]) as part:
                _copy(self._contents.store, capture, part)
        self._text(INDEX, lines(self._indexed))
        self._text(PAGES, self._pages())
        self._text(CAPTURES, map(self._listed, self._contents.captures))
        for name, path in sorted(self._contents.beside.items()):
            with self._part(OURS + name) as part, opening.plain(path) as file:
                while chunk := file.read(CHUNK):
                    part.write(chunk)
        self._sign()

    def _there(self) -> Iterator[Capture]:
        """The captures whose bytes were not expunged."""
        return (each for each in self._contents.captures if each.id not in self._contents.gone)

    def _web_archives(self) -> dict[CaptureId, Capture]:
        """The captures that are themselves whole WARC files, indexed: they go in as they are."""
        out: dict[CaptureId, Capture] = {}
        for capture in self._there():
            with _stored(self._contents.store, capture) as file:
                found = index(file)
            if found is not None:
                gzipped, entries = found
                name = f"archive/{capture.id}.warc{'.gz' if gzipped else ''}"
                self._indexed += (each.within(os.path.basename(name)) for each in entries)
                self._holds[capture.id] = name
                out[capture.id] = capture
        return out

    def _records(self, captures: Sequence[Capture]) -> None:
        """``data.warc.gz``: a record that tells who wrote it, and one for each capture."""
        with self._part(WARC) as part:
            writer = WARCWriter(part, gzip=True, warc_version="1.1")
            info = writer.create_warcinfo_record(
                "data.warc.gz", {"software": self._contents.software, "format": "WARC File Format 1.1"}
            )
            info.rec_headers.replace_header("WARC-Date", self._contents.created)
            info.rec_headers.replace_header("WARC-Record-ID", _record_id(self._contents.created))
            writer.write_record(info)
            for capture in captures:
                at, uri = part.size, address(capture)
                headers = {
                    "WARC-Date": capture.received,
                    "WARC-Record-ID": _record_id(capture.id),
                    "WARC-Block-Digest": f"sha256:{capture.id}",
                    "WARC-Payload-Digest": f"sha256:{capture.id}",
                }
                with _stored(self._contents.store, capture) as file:
                    source = _Checked(file)
                    writer.write_record(
                        writer.create_warc_record(
                            uri,
                            "resource",
                            payload=source,
                            length=capture.size,
                            warc_content_type=capture.media_type,
                            warc_headers_dict=headers,
                        )
                    )
                source.hold(capture)
                self._holds[capture.id] = WARC
                told = Indexed(
                    uri,
                    _seconds(capture.received),
                    capture.media_type,
                    f"sha256:{capture.id}",
                    at,
                    part.size - at,
                )
                self._indexed.append(told.within("data.warc.gz"))

    def _pages(self) -> Iterator[dict[str, Any]]:
        """A line for each thing to look at; an address is given only where a record has it."""
        yield {"format": "json-pages-1.0", "id": "pages", "title": "Captures"}
        when = {each.url: each.timestamp for each in self._indexed}
        for capture in self._there():
            told = self._contents.pages.get(capture.id, ())
            if self._holds[capture.id] == WARC:
                title = told[0].title if len(told) == 1 else capture.origin
                found = [Page(address(capture), title)]
            else:
                found = [page for page in told if page.url in when]
            for page in found:
                assert page.url is not None
                at = (
                    datetime.strptime(when[page.url] + "Z", "%Y%m%d%H%M%S%z")
                    .isoformat()
                    .replace("+00:00", "Z")
                )
                name = hashlib.sha256(f"{capture.id} {page.url}".encode()).hexdigest()[:24]
                yield {"id": name, "url": page.url, "ts": at, "title": page.title}

    def _listed(self, capture: Capture) -> dict[str, Any]:
        """What ``captures.jsonl`` tells of a capture; one that was expunged lies in no file."""
        return {
            "sha256": capture.id,
            "size": capture.size,
            "media_type": capture.media_type,
            "origin": capture.origin,
            "received": capture.received,
            "by": capture.by,
            "file": self._holds.get(capture.id),
            "expunged": capture.id in self._contents.gone,
        }

    def _sign(self) -> None:
        """The list of all files, its digest, and our signature where somebody signs."""
        told = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": self._contents.title,
            "created": self._contents.created,
            "software": self._contents.software,
            "resources": self._resources,
        }
        content = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        over: dict[str, Any] = {"path": PACKAGE, "hash": digest}
        if self._signer is not None:
            over["signedData"] = {
                "hash": digest,
                "created": self._contents.created,
                "software": self._contents.software,
                "signature": base64.b64encode(self._signer.sign(digest.encode())).decode(),
                "publicKey": base64.b64encode(self._signer.public.der).decode(),
            }
        for name, part in ((PACKAGE, content), (DIGEST, (json.dumps(over, indent=2) + "\n").encode())):
            self._package.writestr(zipfile.ZipInfo(name, _EPOCH), part)

    @contextmanager
    def _part(self, name: str) -> Iterator[_Part]:
        """A file of the zip to write, listed when it is done."""
        told = zipfile.ZipInfo(name, _EPOCH)
        told.external_attr = 0o644 << 16
        with self._package.open(told, "w", force_zip64=True) as file:
            part = _Part(file)
            yield part
        listed = {"name": os.path.basename(name), "path": name, "hash": part.digest, "bytes": part.size}
        # Else some programs read lines of JSON as a table, which must have the same keys in every row.
        self._resources.append(listed | {"type": "file"})

    def _text(self, name: str, rows: Iterator[Any]) -> None:
        """A file of lines; what is no string is written as JSON."""
        with self._part(name) as part:
            for row in rows:
                text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, sort_keys=True)
                part.write(text.encode("utf-8", "backslashreplace") + b"\n")


class _Checked:
    """The stored bytes of a capture, held against its digest once they were read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._sha, self._size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(size)
        self._sha.update(content)
        self._size += len(content)
        return content

    def hold(self, capture: Capture) -> None:
        if self._sha.hexdigest() != capture.id or self._size != capture.size:
            raise CaseDamaged(
                f"the capture {capture.id} (received as {capture.origin}) is not what was received; "
                "nothing was sealed: 'tallystick verify' says what is wrong with the case"
            )


def _stored(store: Path, capture: Capture) -> IO[bytes]:
    try:
        return path_of(store, capture.id).open("rb")
    except OSError as error:
        raise CaseDamaged(
            f"the capture {capture.id} (received as {capture.origin}) cannot be read ({error.strerror}); "
            "nothing was sealed"
        ) from error


def _copy(store: Path, capture: Capture, part: _Part) -> None:
    with _stored(store, capture) as file:
        source = _Checked(file)
        while chunk := source.read(CHUNK):
            part.write(chunk)
    source.hold(capture)


def _record_id(of: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(_IDS, of)}>"


def _seconds(moment: str) -> str:
    """A moment of ISO 8601 as an index writes it: 14 digits, UTC."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y%m%d%H%M%S")
