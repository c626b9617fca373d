"""WACZ: a ZIP of web archives with a list of its pages, and a digest of each file in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tallystick.errors import EmptyReport, NotWhole, ReportRefused
from tallystick.evidence.allowance import Readable
from tallystick.evidence.archives import Entry, member, zipped
from tallystick.evidence.members import Member, PassedOver
from tallystick.evidence.payload import Digest
from tallystick.evidence.record import VALUE_LIMIT, Source
from tallystick.evidence.webarchive import records
from tallystick.values.plainly import plainly

PACKAGE, SEAL = "datapackage.json", "datapackage-digest.json"
LIST_LIMIT = 16 << 20  # bytes of a list of files, or of one line of a list of pages

Found = Member | PassedOver | ReportRefused


def from_wacz(source: Source) -> Iterator[Found]:
    """The pages of each web archive in it, with the titles of its own list where they have none.

    Every file that ``datapackage.json`` lists is held against its digest. One that does not hold or is
    not there, and a web archive that is not listed, is refused and not read. Where there is no such
    list that is said, and the archives are read by their own digests.
    """
    with zipped(source) as entries:
        box = _Box(source, entries)
        yield from box.hold()
        yield from box.entitle()
        archives = sorted(name for name in box.names if name.endswith((".warc", ".warc.gz")))
        if not archives:
            raise EmptyReport(f"{source.origin} holds no web archive; check that it was saved whole")
        for name in archives:
            if name in box.sound:
                yield from _titled(records(box.content(name), source, name), box.titles)


def _titled(found: Iterator[Found], titles: Mapping[str, str]) -> Iterator[Found]:
    for each in found:
        if isinstance(each, Member) and each.known.url:
            each = replace(each, title=titles.get(each.known.url))
        yield each


class _Box:
    """The files of one WACZ; ``sound`` are those that hold."""

    def __init__(self, source: Source, entries: list[Entry]) -> None:
        self._source = source
        self._times = Counter(entry.name for entry in entries)
        self._entries = {entry.name: entry for entry in entries}
        self.names = set(self._entries)
        self.sound = self.names
        self.titles: dict[str, str] = {}

    def content(self, name: str) -> Readable:
        """The bytes of a file. Raises a ``ReportRefused`` where they cannot be had at all."""
        return member(self._source, self._entries[name], times=self._times[name]).content

    def hold(self) -> Iterator[ReportRefused]:
        """Hold each file against its digest; what does not hold is refused."""
        try:
            listed = self._listed()
        except ReportRefused as refused:
            yield refused
            return
        sound = set()
        for name, digest in sorted(listed.items()):
            try:
                self._check(name, digest)
                sound.add(name)
            except ReportRefused as refused:
                if self._source.allowance.spent:
                    raise
                yield refused
        self.sound = sound
        for name in sorted(self.names - listed.keys()):
            if name.endswith((".warc", ".warc.gz")):
                yield NotWhole(
                    f"{self._where(name)} is not listed in {PACKAGE}: it was put there later; "
                    "unpack it and add it by itself"
                )

    def entitle(self) -> Iterator[ReportRefused]:
        """Fill ``titles``: what its lists call each page, by its address."""
        for name in sorted(self.sound):
            if name.startswith("pages/") and name.endswith(".jsonl"):
                try:
                    chunks = self._source.allowance.chunks(self.content(name), self._where(name))
                    for line in _lines(chunks):
                        self._entitle(_json(line) or {})
                except ReportRefused as refused:
                    if self._source.allowance.spent:
                        raise
                    yield refused

    def _entitle(self, page: dict[str, Any]) -> None:
        address, title = page.get("url"), page.get("title")
        if isinstance(address, str) and isinstance(title, str) and len(title) <= VALUE_LIMIT:
            # JSON can spell half a character, which no file can hold.
            words = " ".join(title.encode("utf-8", "replace").decode().split())
            self.titles.setdefault(address, words)

    def _listed(self) -> dict[str, str]:
        """The digest of each file, by its name. Raises ``NotWhole`` where there is no list that holds."""
        if PACKAGE not in self.names:
            raise NotWhole(f"{self._source.origin} has no {PACKAGE}; fetch it again")
        data, where = self._bytes(PACKAGE), self._where(PACKAGE)
        if SEAL in self.names:
            seal = Digest((_json(self._bytes(SEAL)) or {}).get("hash"))
            seal.update(data)
            if not seal.holds():
                raise NotWhole(f"{where} is not the one whose digest stands in {SEAL}; ask for it again")
        resources = (_json(data) or {}).get("resources")
        if not isinstance(resources, list):
            raise NotWhole(f"{where} lists no files; fetch the archive again from where it came")
        listed = {}
        for each in resources:
            path, digest = (each.get(key) if isinstance(each, dict) else None for key in ("path", "hash"))
            if not isinstance(path, str) or not isinstance(digest, str):
                raise NotWhole(f"{where} lists a file without its digest; ask for it again")
            listed[path] = digest
        return listed

    def _check(self, name: str, told: str) -> None:
        if name not in self.names:
            raise NotWhole(f"{self._where(name)} is listed in {PACKAGE} and is not there; ask for it again")
        digest = Digest(told)
        for chunk in self._source.allowance.chunks(self.content(name), self._where(name)):
            digest.update(chunk)
        if not digest.holds():
            raise NotWhole(
                f"{self._where(name)} is not the file that was packed: its digest is not "
                f"{plainly(told[:100])}; ask for it again"
            )

    def _bytes(self, name: str) -> bytes:
        chunks = self._source.allowance.chunks(self.content(name), self._where(name), LIST_LIMIT)
        return b"".join(chunks)

    def _where(self, name: str) -> str:
        return f"{self._source.origin}, {plainly(name)}"


def _lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > LIST_LIMIT:
            rest = b""  # no page has such a line; what is left of it says nothing
    yield rest


def _json(data: bytes) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):
        found = json.loads(data)
        if isinstance(found, dict):
            return found
    return None
