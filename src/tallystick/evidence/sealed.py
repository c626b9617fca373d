"""Checking a sealed file: by a stranger, who has the file, the public key and nothing else.

First the signature, then what it is over: the digest of every file, the digest of every record, and
whether the captures are those whose Merkle root the checkpoints signed. What the signature does not
cover is not read further than it takes to say so.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import re
import shutil
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from tallystick.errors import AskedWrongly
from tallystick.evidence import checkpoints
from tallystick.evidence.attested import Outcome, Trust, stamped
from tallystick.evidence.capture import CHUNK
from tallystick.evidence.checkpoints import Signed
from tallystick.evidence.keys import public
from tallystick.evidence.media import shown
from tallystick.evidence.sealing import CAPTURES, DIGEST, OURS, PACKAGE
from tallystick.model import CaptureId

_SMALL = 100_000  # bytes of datapackage-digest.json
_LARGE = 200_000_000  # bytes of datapackage.json, and of any file of ours that is read whole
_END = struct.Struct("<4s16xH")  # of its end: its mark, the length of the comment
_UTF8 = 0x800  # the flag of an entry whose name is UTF-8
_SHA256 = re.compile(r"sha256:[0-9a-f]{64}")
_HEAD = struct.Struct("<4s22xHH")  # of a zip's local head: its mark, the lengths of name and extra field
_BROKEN = (zipfile.BadZipFile, OSError, EOFError, zlib.error, NotImplementedError, RuntimeError)
# What of a case lies in it as it lay there, by its folder in a case.
_OWN = {
    ".": re.compile(r"ledger\.sqlite"),
    "checkpoints": re.compile(r"[0-9]+\.(?:json|sig|tsr)"),
    "keys": re.compile(r"[^/\0]+\.pem"),
}


class _Unsound(Exception):
    """Where checking ends: a sentence that says what is wrong."""


def check(path: Path, trust: Trust) -> Outcome:
    """Hold a sealed file against the key that a person trusts, and against itself; reads all of it.

    Raises ``AskedWrongly`` for a file that is no zip.
    """
    assert trust.key is not None
    try:
        package = zipfile.ZipFile(path)
    except (*_BROKEN, ValueError) as error:
        raise AskedWrongly(f"{shown(path)} cannot be read as a sealed file: {error}") from error
    with package:
        try:
            _held_whole(package, path)
            return _checked(package, trust)
        except (_Unsound, UnicodeDecodeError, *_BROKEN) as error:
            return Outcome((f"{error}",), ())


def unpack(path: Path, folder: Path) -> None:
    """Put the ledger, checkpoints and public keys of a sealed file into ``folder``, as a case has them.

    Only of one that ``check`` found whole.
    """
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            file = name.removeprefix(OURS)
            of = next((where for where, named in _OWN.items() if named.fullmatch(file)), None)
            if name.startswith(OURS) and of is not None:
                place = folder / of / file
                place.parent.mkdir(exist_ok=True)
                with package.open(name) as source, place.open("xb") as target:
                    shutil.copyfileobj(source, target, CHUNK)


def _checked(package: zipfile.ZipFile, trust: Trust) -> Outcome:
    files, created = _signed_list(package, trust)
    fails = [*_differences(package, files)]
    if fails:  # what is not the signed bytes is not looked into
        return Outcome(tuple(fails), ())
    captures = [json.loads(line) for line in _content(package, CAPTURES).splitlines()]
    records = 0
    where: dict[str, set[CaptureId]] = {}
    for name in sorted(files):
        if name.startswith("archive/"):
            for held, flaw in _records(package, name):
                records += 1
                fails += [flaw] if flaw else []
                where.setdefault(name, set()).add(CaptureId(held))
            where.setdefault(name, set()).add(CaptureId(files[name][0].removeprefix("sha256:")))
    fails += _absent(captures, where)
    signed = list(_checkpoints(package, files))
    more, holds = _attested(package, files, signed, [CaptureId(each["sha256"]) for each in captures], trust)
    fails += more
    if fails:
        return Outcome(tuple(fails), ())
    gone = sum(each["expunged"] for each in captures)
    first = (
        f"all {len(files)} files and {records} records are what was signed with {trust.key}; "
        f"its maker dates it {created}; {len(captures)} captures"
        + (f", of which {gone} were expunged and are not in it" if gone else "")
    )
    return Outcome((), (first, *holds))


def _held_whole(package: zipfile.ZipFile, path: Path) -> None:
    """Raises ``_Unsound`` where the file holds bytes beside those of its entries and their directory.

    Entries are stored as they are, one after another from the first byte on, in the order of the directory;
    nothing is before, between or behind them. What no digest covers is in no sealed file.
    """
    at = 0
    with path.open("rb") as file:
        for each in package.infolist():
            if each.compress_type != zipfile.ZIP_STORED or each.flag_bits & ~_UTF8:
                raise _Unsound(f"{each.filename!r} is packed in a way in which no sealed file is")
            file.seek(at)
            head = file.read(_HEAD.size)
            if each.header_offset != at or len(head) < _HEAD.size or head[:4] != b"PK\3\4":
                raise _Unsound(f"bytes that nobody signed stand before {each.filename!r}")
            _, name, extra = _HEAD.unpack(head)
            at += _HEAD.size + name + extra + each.compress_size
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _END.size))
        end = file.read()
    behind = len(end) < _END.size or _END.unpack(end)[0] != b"PK\5\6" or _END.unpack(end)[1] != 0
    if behind or package.start_dir != at:
        raise _Unsound("bytes that nobody signed stand before its directory or behind its end")


def _signed_list(package: zipfile.ZipFile, trust: Trust) -> tuple[dict[str, tuple[str, int]], str]:
    """The SHA-256 and size of each file as ``datapackage.json`` tells them, once its signature holds."""
    assert trust.key is not None
    try:
        over = json.loads(_content(package, DIGEST, _SMALL))
        told = over["signedData"]
        digest, signature = over["hash"], base64.b64decode(told["signature"], validate=True)
        der = base64.b64decode(told["publicKey"], validate=True)
        pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(der) + b"-----END PUBLIC KEY-----\n"
        key = public(pem, "its key", "its key")
        if told["hash"] != digest:
            raise ValueError("it tells of two digests")
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise ValueError("its digest is no SHA-256")
    except (ValueError, KeyError, TypeError, RecursionError, AskedWrongly) as error:
        raise _Unsound(f"{DIGEST} holds no signature that can be read: {error}") from error
    if key.fingerprint != trust.key.fingerprint:
        raise _Unsound(f"it is signed with another key ({key.fingerprint}) than {trust.key}")
    if not key.signed(signature, digest.encode()):
        raise _Unsound(f"its signature is not that of {trust.key}")
    content = _content(package, PACKAGE)
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != digest:
        raise _Unsound(f"{PACKAGE} was changed: its digest is not the one that was signed")
    try:
        listed = json.loads(content)
        files = {each["path"]: (each["hash"], each["bytes"]) for each in listed["resources"]}
        if listed["created"] != told["created"]:
            raise ValueError("it tells of two moments")
        return files, str(listed["created"])
    except (ValueError, KeyError, TypeError) as error:
        raise _Unsound(f"{PACKAGE} is no list of files: {error!r}") from error


def _differences(package: zipfile.ZipFile, files: dict[str, tuple[str, int]]) -> Iterator[str]:
    """Files that are not those that were signed, are missing, or were added."""
    there = Counter(each.filename for each in package.infolist())
    for name in sorted(name for name, times in there.items() if times > 1):
        yield f"{name!r} is in it more than once"
    for name in sorted(there.keys() - files.keys() - {PACKAGE, DIGEST}):
        yield f"{name!r} was added: the signed list does not tell of it"
    for name, (digest, size) in sorted(files.items()):
        if name not in there:
            yield f"{name!r} is missing"
            continue
        sha, left = hashlib.sha256(), size
        with package.open(name) as file:
            while left >= 0 and (chunk := file.read(CHUNK)):
                sha.update(chunk)
                left -= len(chunk)
        if left or f"sha256:{sha.hexdigest()}" != digest:
            yield f"{name!r} was changed: its digest is not the one that was signed"


def _records(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str | None]]:
    """For each record of a WARC file: the SHA-256 of what it holds, and what is wrong with it."""
    with package.open(name) as file, contextlib.redirect_stderr(io.StringIO()):
        try:
            for number, record in enumerate(ArchiveIterator(file, check_digests=True), 1):
                sha = hashlib.sha256()
                while chunk := record.raw_stream.read(CHUNK):
                    sha.update(chunk)
                checker = record.digest_checker
                flaw = f"{name}, record {number}: {'; '.join(checker.problems)}" if checker.problems else None
                yield sha.hexdigest(), flaw
        except (ArchiveLoadFailed, ValueError) as error:
            raise _Unsound(f"{name} cannot be read as a web archive: {error}") from error


def _absent(captures: list[dict[str, Any]], where: dict[str, set[CaptureId]]) -> Iterator[str]:
    """Captures that are not where ``captures.jsonl`` says."""
    for each in captures:
        if each["expunged"] == (each["file"] is not None):
            yield f"the capture {each['sha256']} is told to be expunged and to be there"
        elif each["file"] is not None and each["sha256"] not in where.get(each["file"], ()):
            yield f"the capture {each['sha256']} is not in {each['file']}"


def _checkpoints(package: zipfile.ZipFile, files: dict[str, tuple[str, int]]) -> Iterator[Signed]:
    """The checkpoints that came with the file."""
    for name in sorted(files):
        place, _, ending = name.rpartition(".")
        if ending == "sig" and place.startswith(OURS):
            content = _content(package, f"{place}.json")
            stamp = _content(package, f"{place}.tsr") if f"{place}.tsr" in files else None
            try:
                yield Signed(checkpoints.decode(content), content, _content(package, name), stamp)
            except ValueError as error:
                raise _Unsound(f"{place}.json is no checkpoint: {error}") from error


def _attested(
    package: zipfile.ZipFile,
    files: dict[str, tuple[str, int]],
    signed: list[Signed],
    captures: list[CaptureId],
    trust: Trust,
) -> tuple[list[str], list[str]]:
    """What does not hold of the checkpoints, and what the stamps tell."""
    found = (
        _content(package, name) for name in sorted(files) if name.startswith(OURS) and name.endswith(".pem")
    )
    known = {key.fingerprint: key for key in (public(pem, "a key", "a key") for pem in found)}
    if trust.key is not None and trust.key.key is not None:
        known = {trust.key.fingerprint: trust.key.key} | known
    fails: list[str] = []
    holds: list[str] = []
    for each in signed:
        told, what = each.checkpoint, f"checkpoint {each.checkpoint.number}"
        signer = known.get(told.key)
        if signer is None or not signer.signed(each.signature, each.content):
            fails.append(f"the signature of {what} is not that of a key in the file")
        if checkpoints.root(captures[: told.counts["captures"]]) != told.captures_root:
            fails.append(f"the captures are not those whose Merkle root {what} signed")
        if each.stamp is not None:
            try:
                holds = [stamped(each.stamp, each.content, what, trust.roots)]
            except AskedWrongly as error:  # the extra is not installed
                holds = [f"the time stamps were not looked at: {error}"]
            except ValueError as error:
                fails.append(f"the time stamp of {what} does not hold: {error}")
    return fails, holds


def _content(package: zipfile.ZipFile, name: str, limit: int = _LARGE) -> bytes:
    """A file of the zip, whole; ``_Unsound`` where it is missing or too large."""
    try:
        with package.open(name) as file:
            content = file.read(limit + 1)
    except KeyError as error:
        raise _Unsound(f"it has no {name}, and is no sealed file") from error
    if len(content) > limit:
        raise _Unsound(f"its {name} has more than {limit:,} bytes")
    return content
