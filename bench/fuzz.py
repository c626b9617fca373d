"""Every reader of bytes from outside, fed with spoilt files: no crash, no hang over 10 s, no more than 1 GB.

    python bench/fuzz.py [--seconds 600] [--seed 1] [--save FOLDER] [TARGET ...]

The seeds are the hostile corpus and small sound files; each is spoilt by the mutators of ``fuzz_mutate``, and an
input whose outcome was never met joins the seeds. Every input is read in a child process (``fuzz_targets``) with one
gigabyte of address space; one that takes more than ten seconds of the processor, its own children's
included, is killed. What the reader may do is refuse, in
this project's errors; any other exception, a death of the process, a hang, or memory that runs out is a fault. Of each
sort of fault the smallest input found is saved, with the seed. One target is fuzzed after another, in one process.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import select
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from types import TracebackType
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
from fuzz_mutate import mutated  # noqa: E402 - beside this file, wherever it is started from
from fuzz_targets import CORPUS, media_types, shape, targets  # noqa: E402

LIMIT = 10.0  # seconds of the processor for one input
PATIENCE = 12 * LIMIT  # seconds by the clock, for one that sleeps, and on a machine that is busy
SMALL = 100_000  # bytes of a seed
TRIES = 150  # executions to make one fault smaller

TEXT = b"Two people were killed in the market of Velin on Friday, the town's monitor said."
SOUND: dict[str, list[bytes]] = {
    "sidecar": [b'{"title": "Two killed", "source": "Ridge Post", "published": "2016-10-07", "url": "http://a.example/", "language": "en"}'],
    "case.toml": [b'name = "Velin 2016"\ncountries = ["Syria", "Iraq"]\n', b'name = "\\u202e"\n', b"countries = []\n[a]\n"],
    "answer": [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 301 Moved\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\nuntil the end",
    ],
    "address": [b"https://a.example:443/b?c=d#e", b"http://[::1]:80/", b"//b.example/c", "http://b\u00fccher.example/%41".encode()],
    "robots.txt": [b"User-agent: *\nDisallow: /private\nAllow: /*.html$\nCrawl-delay: 5\n\nUser-agent: tallystick\nDisallow:\n"],
    "stamp": [bytes.fromhex("30820010300302010030820007060b2a864886f70d010902")],
    "list of own.csv": [b"name,names,kind,country,admin1,latitude,longitude,radius_km,population,code\nVelin,Welin;Vellin,town,Syria,Idlib,35.5,36.5,3,1000,v1\nOmrun,,village,Syria,,,,,,\n"],
    "list of geonames.txt": [
        b"170063\tAleppo\tAleppo\tHalab,Alep\t36.20124\t37.16117\tP\tPPLA\tSY\t\t09\t\t\t\t1602264\t\t394\tAsia/Damascus\t2018-05-08\n"
        b"170062\tAleppo Governorate\tAleppo\t\t36.1\t37.3\tA\tADM1\tSY\t\t09\t\t\t\t0\t\t300\tAsia/Damascus\t2018-05-08\n"
    ],
    "list of places.json": [b'[{"id":1,"governorate":"Aden","governorate_ar":"x","districts":[{"id":2,"district":"Crater","uzaal":[]}]}]'],
    "list of parties.csv": [b"name,names,sort,countries,ties,over time,described,source,code\nHarrow League,League;HL,armed group,Syria,Orveth:ally,2012-2016,rebels,x,h1\n"],
    "list of actors.txt": [b"HARROW_LEAGUE_ [SYRREB >20120101]\n+THE_LEAGUE\n\t[SYRGOV 20100101-20111231]\n# a note\n<list>\n"],
    "list of entities.json": [b'{"id": "a", "schema": "Organization", "properties": {"name": ["Harrow League"], "alias": ["HL"], "country": ["sy"]}}\n'],
}  # fmt: skip


@dataclass
class Fault:
    """One sort of fault, with the smallest input that shows it."""

    kind: str  # crash, hang or death
    trace: str
    data: bytes


@dataclass
class Found:
    """What came of fuzzing one target."""

    runs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    mb: int = 0
    outcomes: set[str] = field(default_factory=set)
    faults: dict[str, Fault] = field(default_factory=dict)

    @property
    def row(self) -> tuple[str, ...]:
        kinds = [fault.kind for fault in self.faults.values()]
        each = (kinds.count(kind) for kind in ("crash", "death", "hang"))
        rate = self.runs / self.seconds if self.seconds else 0.0
        return (
            f"{self.runs:,}",
            f"{rate:,.0f}",
            f"{len(self.outcomes):,}",
            *map(str, each),
            f"{self.slowest:.2f}",
            f"{self.mb:,}",
        )


class Child:
    """A process that reads one target's inputs; started anew where one killed it. Use it in a ``with`` statement."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._start()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()

    def _start(self) -> None:
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115 - closed in _end
        path = os.pathsep.join([str(HERE.parent / "src"), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "fuzz_targets.py"), self._name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._noise,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        if self._line(60.0, PATIENCE) is None:
            self._noise.seek(0)
            raise SystemExit(
                f"the reader of {self._name} does not start: {self._noise.read().decode()[-2000:]}"
            )

    def _end(self) -> int:
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._noise):
            if stream is not None:
                stream.close()
        return code

    def _line(self, seconds: float, patience: float) -> bytes | None:
        """A line of the child's; None where none comes in time, or it has ended (then ``poll`` tells)."""
        assert self._process.stdout is not None
        out, until, most = b"", time.monotonic() + patience, self._spent() + seconds
        while not out.endswith(b"\n"):
            ready, _, _ = select.select([self._process.stdout], [], [], 1.0)
            part = os.read(self._process.stdout.fileno(), 1 << 16) if ready else b""
            if (ready and not part) or (not ready and (time.monotonic() > until or self._spent() > most)):
                return None
            out += part
        return out

    def _spent(self) -> float:
        """Seconds of the processor that the child and its children have had."""
        total = 0
        for pid in (self._process.pid, *_children(self._process.pid)):
            with suppress(OSError, IndexError):
                fields = (
                    Path(f"/proc/{pid}/stat")
                    .read_text(encoding="ascii", errors="replace")
                    .rpartition(")")[2]
                    .split()
                )
                total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def feed(self, data: bytes) -> dict[str, Any]:
        """What came of one input: ``said``, ``fault``, and where the process did not live through it ``end``."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(struct.pack(">I", len(data)) + data)
            self._process.stdin.flush()
            line = self._line(LIMIT, PATIENCE)
        except BrokenPipeError:
            line = None
        if line is not None:
            answer: dict[str, Any] = json.loads(line)
            return answer
        time.sleep(0.05)
        code = self._process.poll()
        self._end()
        self._start()
        if code is None:
            return {"end": "hang", "fault": f"no answer within {LIMIT:.0f} s of the processor"}
        return {"end": "death", "fault": f"the process ended with {code}"}


def _children(pid: int) -> list[int]:
    try:
        return [
            int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def seeds(name: str) -> list[bytes]:
    """The inputs that are spoilt for one target: what the corpus holds for it, and something sound."""
    from tests_hostile import BUILT, SMALL_AND_SOUND

    from tallystick.evidence import media_type_of

    wanted = media_types().get(name, "")
    if name == "rows":
        return [body for bodies in _case()[1].values() for body in bodies]
    if name == "ledger":
        return [_case()[0]]
    if name in ("checkpoint", "public key", "proof"):
        return _signed()[name]
    files = [path for path in sorted(CORPUS.iterdir()) if path.name != "expected.toml"]
    if name == "sidecar":
        return [*SOUND[name], *(path.read_bytes() for path in files if path.name.endswith(".meta.json"))]
    if name in SOUND:
        return SOUND[name]
    held = [path.read_bytes() for path in files if media_type_of(path) == wanted]
    # Built ones that take no time and no room; what is large is the corpus test's.
    held += [
        made
        for file, make in BUILT.items()
        if media_type_of(Path(file)) == wanted and len(made := make()) <= SMALL
    ]
    held += [data for ending, data in SMALL_AND_SOUND.items() if name in (ending, "no ending")]
    return [data for data in held if len(data) <= SMALL] or [TEXT]


def _signed() -> dict[str, list[bytes]]:
    """A key, a checkpoint signed with it, and a proof that leads to it."""
    from tallystick.evidence import checkpoints, keys, proofs
    from tallystick.model import CaptureId

    with tempfile.TemporaryDirectory() as scratch:
        folder, captures = Path(scratch), [CaptureId(f"{n:064x}") for n in range(5)]
        key = keys.make("desk", folder / "keys")
        counts = dict.fromkeys(checkpoints.TABLES, 0) | {"captures": 5}
        made = checkpoints.Checkpoint(
            7, "0" * 64, checkpoints.root(captures), counts, "2020-01-01T00:00:00Z", "a", "b", key.fingerprint
        )
        signed = checkpoints.write(folder, made, keys.unlock("desk", folder / "keys"), None)
        proof = proofs.make(captures[2], captures, signed, key)
    return {"checkpoint": [signed.content], "public key": [key.pem], "proof": [proof]}


def _case() -> tuple[bytes, dict[str, list[bytes]]]:
    """The ledger of a case of one report, as a file and as the bodies of its rows."""
    import sqlite3

    from tallystick.case import Case
    from tallystick.ledger import FILE

    with tempfile.TemporaryDirectory() as scratch:
        report, folder = Path(scratch) / "a.txt", Path(scratch) / "case"
        report.write_bytes(
            TEXT
            + b" The army denied it. At least three people had been killed there on Thursday, a doctor said."
        )
        with Case.make(folder) as case:
            case.run([report], jobs=1)
        with sqlite3.connect(folder / FILE) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode=DELETE")
            names = [
                name
                for (name,) in connection.execute(
                    "select name from sqlite_master where type = 'table' and sql like '%body%'"
                )
            ]
            bodies = {
                name: [body.encode() for (body,) in connection.execute(f"select body from {name} limit 20")]  # noqa: S608 - names of tables
                for name in names
            }
        connection.close()
        return (folder / FILE).read_bytes(), bodies


def _sort(answer: dict[str, Any]) -> str:
    """What makes two faults the same: where they were raised, and what."""
    places = re.findall(r'File "([^"]*)", line (\d+)', answer["fault"])
    where = f"{Path(places[-1][0]).name}:{places[-1][1]}" if places else ""
    return f"{answer.get('end', 'crash')} {where} {shape(answer['fault'].strip().splitlines()[-1])}"


def fuzz(
    name: str, seconds: float, seed: int, given: Sequence[bytes] | None = None, most: float = inf
) -> Found:
    """Feed one target for so many seconds, or inputs; the seeds themselves come first, unspoilt."""
    pool, found = list(given if given is not None else seeds(name)), Found()
    chance = random.Random(f"{seed} {name}")  # noqa: S311 - to do it again, not to keep a secret
    first = list(pool)
    with Child(name) as child:
        begin = time.monotonic()
        while (now := time.monotonic()) - begin < seconds and found.runs < most:
            data = first.pop() if first else mutated(chance, pool)
            answer = child.feed(data)
            found.runs += 1
            found.slowest = max(found.slowest, time.monotonic() - now)
            found.mb = max(found.mb, answer.get("mb", 0))
            if "fault" in answer:
                sort = _sort(answer)
                held = found.faults.get(sort)
                if held is None or len(data) < len(held.data):
                    found.faults[sort] = Fault(answer.get("end", "crash"), answer["fault"], data)
            elif answer["said"] not in found.outcomes:
                found.outcomes.add(answer["said"])
                pool.append(data)
        found.seconds = time.monotonic() - begin
        for sort, fault in found.faults.items():
            if fault.kind != "hang":
                fault.data = _smaller(child, fault.data, sort)
    return found


def _smaller(child: Child, data: bytes, sort: str) -> bytes:
    """``data`` with as much taken away as leaves the fault the same, within ``TRIES`` executions."""
    part, tries = max(1, len(data) // 2), 0
    while part and tries < TRIES:
        at = 0
        while at < len(data) and tries < TRIES:
            tries += 1
            less = data[:at] + data[at + part :]
            answer = child.feed(less)
            if "fault" in answer and _sort(answer) == sort:
                data = less
            else:
                at += part
        part //= 2
    return data


def saved(name: str, found: Found, seed: int, folder: Path) -> Iterable[str]:
    """Write the faults of one target into ``folder``; a line on each."""
    for number, (sort, fault) in enumerate(sorted(found.faults.items())):
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}-{seed}-{number}"
        file.write_bytes(fault.data)
        file.with_suffix(".trace").write_text(f"{sort}\n\n{fault.trace}", encoding="utf-8")
        yield f"{name}: {sort} ({len(fault.data):,} bytes in {file})"


HEAD = ("target", "executions", "a second", "outcomes", "crashes", "deaths", "hangs", "slowest s", "peak MB")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of: {', '.join(targets())}")
    parser.add_argument("--seconds", type=float, default=600.0, help="for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "tallystick-faults")
    options = parser.parse_args()
    strange = set(options.targets) - set(targets())
    if strange:
        parser.error(f"no target {min(strange)!r}; there are: {', '.join(targets())}")
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {options.seconds:.0f} s each, seed {options.seed}\n"
    )
    wide = max(map(len, targets())) + 2
    print(HEAD[0].ljust(wide) + "".join(head.rjust(11) for head in HEAD[1:]), flush=True)
    told: list[str] = []
    for name in options.targets or targets():
        found = fuzz(name, options.seconds, options.seed)
        print(name.ljust(wide) + "".join(cell.rjust(11) for cell in found.row), flush=True)
        told += saved(name, found, options.seed, options.save)
    print("\n" + ("\n".join(told) or "No crash, no hang, no want of memory."))
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
