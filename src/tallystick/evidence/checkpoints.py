"""Checkpoints: how far the custody record had come, over which captures, signed.

    checkpoints/000012.json   what is signed: canonical JSON and a line's end
    checkpoints/000012.sig    the Ed25519 signature of exactly that file, 64 bytes
    checkpoints/000012.tsr    a time stamp of that file (RFC 3161), where one was asked for
    keys/NAME.pem             the public key

The number is that of the last custody event that the checkpoint tells of. The next event is
``signed``, with the digests of the files, so that a checkpoint that went is missed. The checkpoint
holds the chain value of its last event: whoever changes or cuts off anything before it must forge
the signature. Its Merkle root over the captures lets one capture be shown to belong to it
(``proofs``); the entries of the tree are the captures' digests, 32 bytes each, in order of their rows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tallystick.errors import CaseDamaged
from tallystick.evidence import merkle, opening
from tallystick.evidence.keys import Signer
from tallystick.evidence.media import shown
from tallystick.evidence.placing import write_new
from tallystick.model import CaptureId, Event, canonical

FOLDER = "checkpoints"
FORM = "tallystick checkpoint 1"
TABLES = ("captures", "documents", "claims", "judgements", "reviews", "custody")
LIMIT = 1_000_000  # bytes; a checkpoint has less than a thousand, a stamp less than ten thousand
_ENDINGS = (".json", ".sig", ".tsr")
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says.

    ``seq`` and ``chain`` are those of the last custody event, ``captures_root`` is the Merkle root
    over the first ``counts["captures"]`` captures, ``key`` the fingerprint of who signs; ``made``
    is the moment in UTC by the clock of the machine that made it, which only a time stamp confirms.
    """

    seq: int
    chain: str
    captures_root: str
    counts: Mapping[str, int]
    made: str
    by: str
    program: str
    key: str

    @property
    def number(self) -> str:
        return f"{self.seq:06}"

    def encode(self) -> bytes:
        """The file, byte for byte."""
        return (canonical(asdict(self) | {"form": FORM}) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint as it lies in a case: what it says, its exact bytes, its signature and its stamp."""

    checkpoint: Checkpoint
    content: bytes
    signature: bytes
    stamp: bytes | None = None


def entry(capture: CaptureId) -> bytes:
    """What stands for a capture in the Merkle tree: the 32 bytes of its digest."""
    return bytes.fromhex(capture)


def root(captures: Sequence[CaptureId]) -> str:
    """The Merkle root over ``captures``, in hexadecimal."""
    return merkle.root(map(entry, captures)).hex()


def decode(content: bytes) -> Checkpoint:
    """The checkpoint that is spelt so; ``ValueError`` saying what is wrong with it."""
    try:
        told: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is no JSON: {error}") from error
    if not isinstance(told, dict) or told.pop("form", None) != FORM:
        raise ValueError(f"it is no {FORM!r}")
    kinds: dict[str, type] = {"seq": int, "counts": dict}
    for name in Checkpoint.__slots__:
        if type(told.get(name)) is not kinds.get(name, str):
            raise ValueError(f"its {name!r} is missing or is no {kinds.get(name, str).__name__}")
    for name in ("chain", "captures_root", "key"):
        if not _HEX.fullmatch(told[name]):
            raise ValueError(f"its {name!r} is no SHA-256")
    numbers = [told["counts"].get(table) for table in TABLES]
    if any(type(each) is not int or each < 0 for each in (told["seq"], *numbers)):
        raise ValueError("its 'seq' and 'counts' are to be whole numbers")
    if told.keys() != set(Checkpoint.__slots__) or told["counts"].keys() != set(TABLES):
        raise ValueError("it has keys that no checkpoint has")
    checkpoint = Checkpoint(**told)
    if checkpoint.encode() != content:
        raise ValueError("it is not spelt as a checkpoint is")
    return checkpoint


def write(case: Path, checkpoint: Checkpoint, signer: Signer, stamp: bytes | None) -> Signed:
    """Sign a checkpoint and put it into the case, in place of an untold one of an interrupted command."""
    content = checkpoint.encode()
    signed = Signed(checkpoint, content, signer.sign(content), stamp)
    place = case / FOLDER / checkpoint.number
    place.parent.mkdir(exist_ok=True)
    for ending in _ENDINGS:
        place.with_suffix(ending).unlink(missing_ok=True)
    # What is read first is written last: a checkpoint that is there has its signature.
    if stamp is not None:
        write_new(place.with_suffix(".tsr"), stamp)
    write_new(place.with_suffix(".sig"), signed.signature)
    write_new(place.with_suffix(".json"), content)
    return signed


def facts(signed: Signed) -> dict[str, Any]:
    """What the custody event ``signed`` remembers of a checkpoint; its item is the number."""
    return {
        "key": signed.checkpoint.key,
        "sha256": _sha256(signed.content),
        "signature": _sha256(signed.signature),
        "stamp": None if signed.stamp is None else _sha256(signed.stamp),
    }


def numbers(case: Path) -> list[str]:
    """The numbers of the checkpoints in a case, the oldest first."""
    found = (path.stem for path in (case / FOLDER).glob("*.json"))
    return sorted((each for each in found if re.fullmatch(r"\d{6,}", each)), key=int)


def read(case: Path, number: str) -> Signed:
    """The checkpoint of that number; ``CaseDamaged`` where it is missing, or is none."""
    place = case / FOLDER / number
    try:
        content = _content(place.with_suffix(".json"))
        signature = _content(place.with_suffix(".sig"))
        stamp = place.with_suffix(".tsr")
        stamped = _content(stamp) if os.path.lexists(stamp) else None
    except OSError as error:
        raise CaseDamaged(f"{shown(error.filename)} cannot be read ({error.strerror})") from error
    try:
        checkpoint = decode(content)
    except ValueError as error:
        raise CaseDamaged(f"{shown(place.with_suffix('.json'))} is no checkpoint: {error}") from error
    if checkpoint.number != number:
        raise CaseDamaged(f"{shown(place.with_suffix('.json'))} is the checkpoint {checkpoint.number}")
    return Signed(checkpoint, content, signature, stamped)


def every(case: Path) -> Iterator[Signed | CaseDamaged]:
    """The checkpoints of a case, the oldest first; what cannot be read is given as the error it is."""
    for number in numbers(case):
        try:
            yield read(case, number)
        except CaseDamaged as error:
            yield error


def told(events: Sequence[Event]) -> dict[str, Event]:
    """The ``signed`` events by the checkpoint's number."""
    return {event.item: event for event in events if event.what == "signed"}


def _content(path: Path) -> bytes:
    return opening.read(path, LIMIT)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
