"""Every reader of bytes from outside, each fed one input: what may come of it, and what must not.

Run as ``python bench/fuzz_targets.py TARGET`` it is the child: it takes inputs on its standard input, each
after its length in four bytes, and answers each with one line of JSON. It has one gigabyte of address space. An answer is ``{"said":
…, "mb": …}``, or has the trace of what should not have been raised as ``"fault"``.
"""

from __future__ import annotations

import json
import os
import re
import resource
import struct
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MEMORY = 1 << 30  # bytes of address space
HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "tests" / "corpus" / "hostile"
Feed = Callable[[bytes, Path], str]


def shape(message: str) -> str:
    """A message without its numbers and quotations, so that the same refusal of two inputs is one."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|0x[0-9a-f]+|\d[\d,]*", "#", message)[:160]


def _media(media_type: str) -> Feed:
    """The reader of one media type, through the dispatcher, as ``add`` calls it; of the type that the bytes tell for none."""
    from tallystick import rows
    from tallystick.evidence import read
    from tallystick.evidence.media import UNKNOWN, told_by_bytes
    from tallystick.model import Capture, CaptureId, Document

    def feed(data: bytes, folder: Path) -> str:
        stored = folder / "input"
        stored.write_bytes(data)
        told = told_by_bytes(stored) if media_type == UNKNOWN else media_type
        capture = Capture(CaptureId("0" * 64), len(data), told, "input", "2020-01-01T00:00:00Z", "fuzz")
        said = set()
        for item in read(capture, stored, stem="input"):
            if isinstance(item, Document):
                assert rows.document(rows.encode(item)) == item, "a document comes back as it was stored"
                item.text.encode()
                said.add(
                    f"read {(item.title is None, item.url is None, item.published is None, item.language)}"
                )
            else:
                str(item).encode()
                said.add(f"{type(item).__name__}: {shape(str(item))}")
        return " | ".join(sorted(said))

    return feed


def _sidecar(data: bytes, folder: Path) -> str:
    from tallystick.errors import ReportRefused
    from tallystick.evidence import sidecar

    (folder / "a.txt.meta.json").write_bytes(data)
    try:
        return "read" if sidecar(folder / "a.txt") else "nothing"
    except ReportRefused as refused:
        return shape(str(refused))


def _settings(data: bytes, folder: Path) -> str:
    from tallystick.errors import AskedWrongly
    from tallystick.settings import settings

    (folder / "case.toml").write_bytes(data)
    try:
        return f"read {len(settings(folder).countries)}"
    except AskedWrongly as refused:
        return shape(str(refused))


def _list(name: str) -> Feed:
    """A list of places or parties under this file name, as ``add --list`` takes it."""

    def feed(data: bytes, folder: Path) -> str:
        from tallystick import naming
        from tallystick.errors import AskedWrongly

        (folder / name).write_bytes(data)
        try:
            taken = naming.take(folder / name, folder / "case", lambda *_: None, {})
            return f"{taken.sort} {taken.taken > 0} {shape(str(taken.refused[:1]))}"
        except AskedWrongly as refused:
            return shape(str(refused))
        finally:
            for index in naming.cache().glob("list-*"):
                index.unlink()

    return feed


def _bodies(data: bytes, _: Path) -> str:
    """The body of a row of the ledger, as each of the six nouns."""
    from tallystick import rows

    text, said = data.decode("utf-8", "replace"), []
    for read in (rows.capture, rows.document, rows.claim, rows.judgement, rows.review, rows.event):
        try:
            said.append(type(read(text)).__name__)
        except rows.UNREADABLE as error:
            said.append(type(error).__name__)
    return " ".join(said)


def _ledger(data: bytes, folder: Path) -> str:
    """The file of the ledger itself: opened, verified, and all of it read."""
    from tallystick.errors import TallystickError
    from tallystick.ledger import FILE, Ledger

    for left in folder.glob(f"{FILE}*"):
        left.unlink()
    (folder / FILE).write_bytes(data)
    try:
        with Ledger.open(folder) as ledger:
            problems = ledger.problems()
            for read in (
                ledger.captures,
                ledger.documents,
                ledger.claims,
                ledger.judgements,
                ledger.reviews,
                ledger.events,
            ):
                with suppress(TallystickError):
                    read()
            return shape(problems[0]) if problems else "whole"
    except TallystickError as refused:
        return shape(str(refused))


def _proof(data: bytes, _: Path) -> str:
    from tallystick.errors import AskedWrongly
    from tallystick.evidence import attested, keys, proofs

    try:
        proof = proofs.read(data)
    except AskedWrongly as refused:
        return shape(str(refused))
    outcome = proofs.check(proof, proof.report, attested.Trust(keys.Given("0" * 64, None)))
    return f"{len(outcome.holds)} {[shape(each) for each in outcome.fails]}"


def _checkpoint(data: bytes, _: Path) -> str:
    from tallystick.evidence import checkpoints

    try:
        return f"read {checkpoints.decode(data).encode() == data}"
    except ValueError as refused:
        return shape(str(refused))


def _stamp(data: bytes, _: Path) -> str:
    from tallystick.evidence import stamps

    try:
        return f"read {stamps.read(data).at.year}"
    except ValueError as refused:
        return shape(str(refused))


def _key(data: bytes, _: Path) -> str:
    from tallystick.errors import AskedWrongly
    from tallystick.evidence import keys

    try:
        return f"read {len(keys.public(data, 'name', 'where').name)}"
    except AskedWrongly as refused:
        return shape(str(refused))


def _answer(data: bytes, _: Path) -> str:
    """What a server answers, over a socket of our own."""
    import io
    import socket

    from tallystick.errors import TallystickError
    from tallystick.evidence import addresses, answers

    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        with suppress(BlockingIOError):
            theirs.send(data)
        theirs.close()
        told = answers.Answer(addresses.target("http://a.example/"), b"", "192.0.2.1", (), None, io.BytesIO())
        try:
            answers.receive(told, ours, answers.Limits(read=5.0, whole=8.0))
        except TallystickError as refused:
            return shape(str(refused))
    return f"{told.status} {told.truncated} {shape(told.flaw)} {len(told.remarks)}"


def _address(data: bytes, _: Path) -> str:
    """An address, and where a server sends on to."""
    from tallystick.errors import TallystickError
    from tallystick.evidence import addresses

    told, said = data.decode("utf-8", "replace"), []
    for ask in (
        addresses.target,
        lambda url: addresses.redirected(addresses.target("http://a.example/b"), url),
    ):
        try:
            said.append(ask(told).scheme)
        except TallystickError as refused:
            said.append(shape(str(refused)))
    return " | ".join(said)


def _robots(data: bytes, _: Path) -> str:
    from tallystick.evidence import robots

    rules = robots.robots(data, "tallystick")
    return " ".join(rules.rule(path)[1][:9] for path in ("/", "/a/b.html?c=d", "/*$%41"))


def media_types() -> dict[str, str]:
    """Every media type that has a reader, by the first ending that promises it; ``no ending`` for none."""
    from tallystick.evidence.formats import READERS
    from tallystick.evidence.media import ENDINGS, UNKNOWN

    names: dict[str, str] = {}
    for ending, media_type in ENDINGS.items():
        if media_type in READERS and media_type not in names.values():
            names[ending] = media_type
    return names | {"no ending": UNKNOWN}


def targets() -> dict[str, Feed]:
    """Every reader of bytes from outside, by a name for it."""
    held: dict[str, Feed] = {name: _media(media_type) for name, media_type in media_types().items()}
    held |= {"sidecar": _sidecar, "case.toml": _settings, "rows": _bodies, "ledger": _ledger}
    signed = {"proof": _proof, "checkpoint": _checkpoint, "stamp": _stamp, "public key": _key}
    held |= signed | {"answer": _answer, "address": _address, "robots.txt": _robots}
    held |= {
        f"list of {name}": _list(name)
        for name in ("own.csv", "geonames.txt", "places.json", "parties.csv", "actors.txt", "entities.json")
    }
    return held


def _peak() -> int:
    """Megabytes that this process has held at most; what ``getrusage`` tells begins with its parent's."""
    told = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(told[1]) >> 10 if told else 0


def _self_test(data: bytes, _: Path) -> str:
    """Has one fault of each kind that ends; the tests of the fuzzing look for them."""
    if b"!" in data:
        raise ValueError("a mark")
    if b"bb" in data:
        os._exit(3)
    return f"read {len(data) > 10}"


def _serve(name: str) -> None:
    feed = _self_test if name == "self-test" else targets()[name]
    read, write = sys.stdin.buffer, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    memory = "/dev/shm"  # noqa: S108 - quicker than a disk, where there is one
    with tempfile.TemporaryDirectory(dir=memory if os.path.isdir(memory) else None) as scratch:
        os.environ["XDG_CACHE_HOME"] = os.environ["TMPDIR"] = scratch
        tempfile.tempdir = scratch
        folder = Path(scratch) / "input"
        folder.mkdir()
        with suppress(Exception):
            feed(
                b"", folder
            )  # what is imported on use counts before the limit is set, and not against an input's time
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        write.write("{}\n")
        write.flush()
        while head := read.read(4):
            data = read.read(struct.unpack(">I", head)[0])
            answer: dict[str, object] = {}
            try:
                answer["said"] = feed(data, folder)
            except BaseException:  # noqa: BLE001 - a fault is what is looked for
                answer["fault"] = traceback.format_exc()
            answer["mb"] = _peak()
            write.write(json.dumps(answer) + "\n")
            write.flush()


if __name__ == "__main__":
    _serve(sys.argv[1])
