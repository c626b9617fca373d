"""A proof that one report belongs to a signed checkpoint, which shows nothing of the others.

A proof is a JSON object, one value to a line, so that line tools can take it apart:

    form         "tallystick proof 1"
    report       SHA-256 of the report's bytes
    index        its place among the captures, counted from 0
    path         the way to the Merkle root, the nearest step first: {"left": HASH} or {"right": HASH}
    checkpoint   base64 of the checkpoint's exact bytes, which hold the root and the number of captures
    signature    base64 of the 64 bytes of its Ed25519 signature
    key          base64 of the public key in PEM form: to look at, not to believe
    stamp        base64 of the time stamp's raw reply, or null

What the others can learn from it is how many captures there are, and hashes of hashes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tallystick.errors import AskedWrongly
from tallystick.evidence import checkpoints, keys, merkle
from tallystick.evidence.attested import Outcome, Trust, stamped
from tallystick.evidence.checkpoints import Signed
from tallystick.evidence.keys import FINGERPRINT, PublicKey
from tallystick.model import CaptureId

FORM = "tallystick proof 1"
LIMIT = 4_000_000  # bytes of a proof; one among a million reports has less than ten thousand
_KEYS = ("form", "report", "index", "path", "checkpoint", "signature", "key", "stamp")


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof, read: what it is of, the way up, and the checkpoint that it leads to."""

    report: CaptureId
    index: int
    path: tuple[merkle.Step, ...]
    signed: Signed
    key: PublicKey


def make(report: CaptureId, captures: Sequence[CaptureId], signed: Signed, key: PublicKey) -> bytes:
    """The proof that ``report`` is among the ``captures`` that ``signed`` tells of."""
    among = [checkpoints.entry(each) for each in captures[: signed.checkpoint.counts["captures"]]]
    index = among.index(checkpoints.entry(report))
    told: dict[str, Any] = {
        "form": FORM,
        "report": report,
        "index": index,
        "path": [{side: each.hex()} for side, each in merkle.path(index, among)],
        "checkpoint": _base64(signed.content),
        "signature": _base64(signed.signature),
        "key": _base64(key.pem),
        "stamp": None if signed.stamp is None else _base64(signed.stamp),
    }
    return (json.dumps(told, indent=1) + "\n").encode()


def read(content: bytes) -> Proof:
    """The proof that is written so; ``AskedWrongly`` saying what is wrong with it."""
    try:
        told = json.loads(content)
        if not isinstance(told, dict) or told.get("form") != FORM or sorted(told) != sorted(_KEYS):
            raise ValueError(f"it is no {FORM!r}")
        report, index = told["report"], told["index"]
        if not isinstance(report, str) or not FINGERPRINT.fullmatch(report):
            raise ValueError("its 'report' is no SHA-256")
        if type(index) is not int:
            raise ValueError("its 'index' is no whole number")
        stamp = None if told["stamp"] is None else _bytes(told["stamp"])
        exact = _bytes(told["checkpoint"])
        signed = Signed(checkpoints.decode(exact), exact, _bytes(told["signature"]), stamp)
        key = keys.public(_bytes(told["key"]), "the key in the proof", "the key in the proof")
        return Proof(CaptureId(report), index, tuple(map(_step, told["path"])), signed, key)
    except (ValueError, TypeError, RecursionError, AskedWrongly) as error:
        raise AskedWrongly(f"this is no proof that can be read: {error}") from error


def check(proof: Proof, report: str, trust: Trust) -> Outcome:
    """Hold a proof against the SHA-256 of a report, the key that a person trusts, and roots where given."""
    assert trust.key is not None
    told = proof.signed.checkpoint
    key = trust.key.key or proof.key
    fails, holds = [], []
    if report != proof.report:
        fails.append(
            f"the report is not the one that the proof is of: its SHA-256 is {report}, not {proof.report}"
        )
    size, top = told.counts["captures"], bytes.fromhex(told.captures_root)
    if not merkle.belongs(checkpoints.entry(proof.report), proof.index, size, proof.path, top):
        fails.append(
            "the way through the Merkle tree does not lead from that report to the root that was signed"
        )
    if key.fingerprint != trust.key.fingerprint or told.key != trust.key.fingerprint:
        fails.append(f"the checkpoint is signed with another key ({told.key}) than {trust.key}")
    elif not key.signed(proof.signed.signature, proof.signed.content):
        fails.append(f"the signature of the checkpoint is not that of {trust.key}")
    if proof.signed.stamp is not None:
        try:
            holds.append(
                stamped(proof.signed.stamp, proof.signed.content, f"checkpoint {told.number}", trust.roots)
            )
        except AskedWrongly as error:  # the extra is not installed
            holds.append(f"the time stamp was not looked at: {error}")
        except ValueError as error:
            fails.append(f"the time stamp does not hold: {error}")
    if fails:
        return Outcome(tuple(fails), ())
    first = (
        f"this report is number {proof.index + 1} of the {size} captures of checkpoint {told.number}, "
        f"signed with {trust.key}; its maker dates it {told.made}"
    )
    return Outcome((), (first, *holds))


def _step(told: Any) -> merkle.Step:
    if isinstance(told, dict) and len(told) == 1:
        ((side, value),) = told.items()
        if side in ("left", "right") and isinstance(value, str) and FINGERPRINT.fullmatch(value):
            turn: Literal["left", "right"] = "left" if side == "left" else "right"
            return merkle.Step(turn, bytes.fromhex(value))
    raise ValueError("a step of its 'path' is not one hash on the left or the right")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(told: Any) -> bytes:
    if not isinstance(told, str):
        raise ValueError("a value that is to be base64 is no string")
    return base64.b64decode(told, validate=True)
