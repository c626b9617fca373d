"""WHO STANDS FOR IT? Checkpoints, proofs and sealed files of a case, made of what its ledger tells.

What they are is told in ``evidence`` (``checkpoints``, ``proofs``, ``wacz``); here they are made
and looked at for one case. A checkpoint is recorded by the event ``signed``, whose item is its
number, a sealed file by the event ``sealed``, whose item is its SHA-256.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from cryptography.x509 import Certificate

from tallystick import __version__, goings
from tallystick.errors import AskedWrongly, NoStamp, TallystickError, Unreadable
from tallystick.evidence import attested, checkpoints, keys, proofs, sealed, sealing, stamps
from tallystick.evidence.attested import Standing, Trust
from tallystick.evidence.capture import digest_of, path_of
from tallystick.evidence.checkpoints import Checkpoint, Signed
from tallystick.evidence.keys import Signer
from tallystick.ledger import Clock, Ledger, who
from tallystick.model import CaptureId, Event, Note
from tallystick.rows import UNREADABLE
from tallystick.settings import shown, writing

PROGRAM = f"tallystick {__version__}"


@dataclass(frozen=True, slots=True)
class Stamper:
    """A time-stamp server to ask, and the roots that its reply is to hold against, where given."""

    server: str
    roots: Sequence[Certificate] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file that was written: where, its SHA-256, and the checkpoint that came with it."""

    file: Path
    sha256: str
    captures: int
    gone: int
    checkpoint: Checkpoint


# ---------------------------------------------------------------------------------- checkpoints


def checkpoint(
    folder: Path, ledger: Ledger, signer: Signer, clock: Clock, stamper: Stamper | None = None
) -> tuple[Signed, bool]:
    """The checkpoint of what the ledger holds now, signed, and whether it is a new one.

    Where nothing came since the last one of this key (and it is stamped, if a stamp is asked for),
    that one stands. A server that gives no stamp leaves everything as it was.
    """
    with _alone(folder):
        last = _standing_checkpoint(folder, ledger, signer)
        if last is not None and (stamper is None or last.stamp is not None):
            return last, False
        extent = ledger.extent()
        told = Checkpoint(
            seq=extent.seq,
            chain=extent.chain,
            captures_root=checkpoints.root(extent.captures),
            counts=extent.rows,
            made=clock(),
            by=who(),
            program=PROGRAM,
            key=signer.public.fingerprint,
        )
        stamp = None if stamper is None else _stamp(told.encode(), stamper)
        with writing(folder):
            keys.put(signer.public, folder)
            signed = checkpoints.write(folder, told, signer, stamp)
        facts = checkpoints.facts(signed)
        if stamper is not None:
            facts["server"] = stamper.server
        ledger.append(events=[Event("signed", told.number, PROGRAM, clock(), facts=facts)])
    return signed, True


def _standing_checkpoint(folder: Path, ledger: Ledger, signer: Signer) -> Signed | None:
    """The checkpoint that the last event tells of, if that is signed with this key."""
    last = ledger.events(after=ledger.head()[0] - 1)
    if not last or last[0].what != "signed" or last[0].facts["key"] != signer.public.fingerprint:
        return None
    return checkpoints.read(folder, last[0].item)


def _stamp(content: bytes, stamper: Stamper) -> bytes:
    reply = stamps.request(content, stamper.server)
    if stamper.roots:
        try:
            stamps.hold(reply, content, stamper.roots)
        except ValueError as error:
            raise NoStamp(f"the time stamp of {stamper.server} does not hold: {error}") from error
    return reply


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other command makes a checkpoint of this case meanwhile: two could take one number."""
    place = folder / checkpoints.FOLDER
    with writing(place):
        place.mkdir(exist_ok=True)
        handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def held(folder: Path, ledger: Ledger, trust: Trust) -> Iterator[str]:
    """What does not hold of the checkpoints of a case; as notes, what does and what it was held against."""
    signed = ledger.events("signed")
    if not signed and not checkpoints.numbers(folder) and trust.key is None:
        yield Note("nothing is signed; 'tallystick checkpoint' signs how far the custody record has come")
        return
    extent = ledger.extent()
    outcome = attested.look(folder, Standing(ledger.chain_at, extent.captures, extent.rows, signed), trust)
    yield from outcome.fails
    yield from map(Note, outcome.holds)


def stamped(folder: Path, trust: Trust) -> Iterator[str]:
    """What does not hold of the time stamps of a case; as notes, what they tell and who answers for it."""
    outcome = attested.look_at_stamps(folder, trust.roots)
    yield from outcome.fails
    yield from map(Note, outcome.holds)


# --------------------------------------------------------------------------------------- proofs


def prove(folder: Path, ledger: Ledger, report: str) -> bytes:
    """The proof that a report, named by its SHA-256 or its file, belongs to the last checkpoint that has it.

    Raises ``AskedWrongly`` where the case has no such capture, or no checkpoint tells of it.
    """
    digest = CaptureId(
        report.lower() if keys.FINGERPRINT.fullmatch(report.lower()) else sha256_of(Path(report))
    )
    captures = ledger.extent().captures
    if digest not in captures:
        raise AskedWrongly(f"{shown(folder)} has no capture {digest} ({shown(report)})")
    known = keys.known(folder)
    for number in reversed(checkpoints.numbers(folder)):
        signed = checkpoints.read(folder, number)
        told = signed.checkpoint
        count = told.counts["captures"]
        holds = checkpoints.root(captures[:count]) == told.captures_root
        if captures.index(digest) < count and holds and told.key in known:
            return proofs.make(digest, captures, signed, known[told.key])
    raise AskedWrongly(
        f"no checkpoint of {shown(folder)} tells of the capture {digest}; "
        f"'tallystick checkpoint {shown(folder)} --key NAME' makes one"
    )


def check(file: Path, report: Path | None, trust: Trust) -> attested.Outcome:
    """Hold a proof, with the report that it is of, or a sealed file, against whom a person trusts."""
    try:
        with file.open("rb") as opened:
            content = opened.read(proofs.LIMIT)
    except OSError as error:
        raise AskedWrongly(f"{shown(file)} cannot be read ({error.strerror})") from error
    if content.startswith(b"PK"):
        if report is not None:
            raise AskedWrongly(f"{shown(file)} is a sealed file; a report is given with a proof only")
        outcome = sealed.check(file, trust)
        return outcome if outcome.fails else _with_ledger(file, outcome)
    proof = proofs.read(content)
    if report is None:
        raise AskedWrongly(f"give the report with it: 'tallystick check {shown(file)} REPORT --key PUB.pem'")
    return proofs.check(proof, sha256_of(report), trust)


def _with_ledger(file: Path, outcome: attested.Outcome) -> attested.Outcome:
    """``outcome`` of a sealed file, and whether the ledger in it is what its checkpoints signed."""
    with tempfile.TemporaryDirectory(prefix="tallystick-") as beside:
        folder = Path(beside)
        sealed.unpack(file, folder)
        try:
            with Ledger.still(folder) as ledger:
                fails = ledger.problems()
                if not fails:
                    extent, signed = ledger.extent(), ledger.events("signed")
                    standing = Standing(ledger.chain_at, extent.captures, extent.rows, signed)
                    fails = [*attested.look(folder, standing, Trust()).fails]
        except (TallystickError, *UNREADABLE) as error:
            fails = [str(error)]
        found = tuple(f"the ledger in it: {each.replace(f'{shown(folder)}/', '')}" for each in fails)
    if found:
        return attested.Outcome(found, ())
    return attested.Outcome(
        (), (*outcome.holds, "the ledger in it is whole, and is what its checkpoints signed")
    )


def sha256_of(report: Path) -> str:
    """The SHA-256 of a file that a person named; ``AskedWrongly`` where it cannot be read."""
    try:
        return digest_of(report)
    except Unreadable as error:
        raise AskedWrongly(
            f"{shown(report)} is no SHA-256 of a report and no file that can be read"
        ) from error


# ------------------------------------------------------------------------------------ sealing


def seal(
    folder: Path,
    name: str,
    ledger: Ledger,
    signer: Signer,
    clock: Clock,
    out: Path,
    export: Callable[[Path], object],
) -> Sealed:
    """Write all of a case into the sealed file ``out``, after a checkpoint of what it holds now.

    ``export`` writes the record as JSON lines into a folder. Raises ``AskedWrongly`` for a place
    within the case, or one that is taken, ``CaseDamaged`` where a capture is not what was received.
    """
    if folder.resolve() in out.resolve().parents:
        raise AskedWrongly(
            f"{shown(out)} is within the case; a sealed file is made to leave it: name another place"
        )
    if os.path.lexists(out):
        raise AskedWrongly(f"{shown(out)} is there already; name a file that is not")
    if not out.parent.is_dir():
        raise AskedWrongly(f"there is no folder {shown(out.parent)}; make it first")
    signed, _ = checkpoint(folder, ledger, signer, clock)
    order = {each: place for place, each in enumerate(ledger.extent().captures)}
    captures = sorted(ledger.captures(), key=lambda each: order[each.id])
    gone = expunged(folder, ledger)
    with writing(out.parent):
        beside = tempfile.TemporaryDirectory(dir=out.parent, prefix=".new-")
    with beside as working:
        contents = sealing.Contents(
            title=name,
            created=clock().partition(".")[0].removesuffix("Z") + "Z",
            software=PROGRAM,
            store=folder / "captures",
            captures=captures,
            gone=gone,
            pages=_pages(ledger),
            beside=_beside(folder, ledger, Path(working), export),
        )
        sha256 = sealing.write(out, contents, signer)
    facts = {"file": shown(out.name), "size": out.stat().st_size, "key": signer.public.fingerprint}
    facts |= {"checkpoint": signed.checkpoint.number}
    ledger.append(events=[Event("sealed", sha256, PROGRAM, clock(), facts=facts)])
    return Sealed(out, sha256, len(captures), len(gone), signed.checkpoint)


def expunged(folder: Path, ledger: Ledger) -> set[CaptureId]:
    """The captures whose rows an event ``expunged`` tells of, and whose bytes are gone."""
    captures = ledger.extent().captures
    told = {
        captures[seq - 1]
        for event in ledger.events("expunged")
        for (table, seq), _, _ in goings.rewritten(event)
        if table == "captures" and seq <= len(captures)
    }
    return {each for each in told if not path_of(folder / "captures", each).exists()}


def _pages(ledger: Ledger) -> dict[CaptureId, list[sealing.Page]]:
    """What each capture holds, as its documents tell."""
    out: dict[CaptureId, list[sealing.Page]] = {}
    for document in ledger.documents():
        out.setdefault(document.capture, []).append(
            sealing.Page(document.url, document.title or document.name)
        )
    return out


def _beside(folder: Path, ledger: Ledger, working: Path, export: Callable[[Path], object]) -> dict[str, Path]:
    """The files for ``tallystick/``: the record as JSON lines, the ledger, checkpoints and public keys."""
    export(working / "export")
    ledger.copy(working / "ledger.sqlite")
    there = [*(working / "export").iterdir(), working / "ledger.sqlite", *(folder / "keys").glob("*.pem")]
    for number in checkpoints.numbers(folder):
        there += (folder / checkpoints.FOLDER).glob(f"{number}.*")
    return {PurePath(path).name: path for path in there}
