"""What is left of a case when its process is killed, or its disk is full, at any step: and whether a second run mends it.

    python bench/durability.py                     4 reports at every step, 1,000 reports at 240 moments
    python bench/durability.py --reports 0         only the few reports, at every step
    python bench/durability.py --moments 900       more moments of the many
    python bench/durability.py --save              also writes bench/durability.md

Reports are made up here from a seed: records, lists of records, pages, plain texts, the same bytes twice, and some
that are broken. A walk takes them in and reads them (``few``: also takes in a list of places, links and
writes the dossier). A library laid before the C library (stops.c; needs a C compiler) counts each system call of
the process that changes something on disk, whoever makes it, Python or SQLite, and at the chosen one:

    kill       ends the process as kill -9 does, before that call
    torn       ends it in the midst of that call: half of what a write was to write is there
    full       that write is cut in half, and from then on whatever needs room fails (ENOSPC)
    full once  the same for one call alone: room was made meanwhile
    broken     from then on every such call fails (EIO), as on a disk that is going
    small disk a real file system (tmpfs, needs root) of a size at which the walk runs out of room by itself

What a kill leaves in the page cache stays there, as it does on a running machine; a power cut, which loses what was
not yet brought to disk, is not simulated.

Afterwards the case is opened and verified, a second run walks again undisturbed, and all is held against a case that nobody
disturbed: every row of every table but its time (the clock stands still, so also that), the export byte by
byte, every file in the folder by its name. What the reader says of each report is worked out once and given again.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import json
import os
import pickle
import platform
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))
MODES = {"kill": 1, "torn": 2, "full": 3, "full once": 4, "broken": 5}
TEXT = "At least {n} people were killed in an air strike on the town of {place} on {day}, the hospital said. {more}"
PLACES = ("Solem", "Orveth", "Old Harrow", "Tamarind", "Kestrel Ford")
DAYS = ("Monday", "Tuesday", "Friday", "Sunday")
MOUNT, UMOUNT = shutil.which("mount") or "mount", shutil.which("umount") or "umount"
HANGS = 120.0  # seconds; a walk that takes longer is shown with where it stands, and counted as stopped
OWN_LIST = "name,country,latitude,longitude\nSolem,Syria,36.1,37.1\nOrveth,Syria,35.9,36.6\n"


# ------------------------------------------------------------------------------ the reports


def reports(folder: Path, number: int, seed: int) -> None:
    """``number`` files of reports, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be drawn again, not to be secret
    folder.mkdir(parents=True)
    for n in range(number):
        more = " ".join(
            f"{chance.choice(PLACES)} was calm, resident {chance.randrange(10**6)} said." for _ in range(3)
        )
        text = TEXT.format(
            n=chance.randrange(1, 60), place=chance.choice(PLACES), day=chance.choice(DAYS), more=more
        )
        record = {"id": f"r{n}", "source": f"Outlet {n % 7}", "published": "2019-05-18", "text": text}
        name, kind = folder / f"r{n:05}", n % 20
        if kind == 3:
            page = f"<html><head><title>Strike {n}</title></head><body><article><p>{text}</p></article></body></html>"
            name.with_suffix(".html").write_text(page, encoding="utf-8")
        elif kind == 1:
            name.with_suffix(".txt").write_text(text, encoding="utf-8")
        elif kind == 7:
            lines = [json.dumps(record | {"id": f"r{n}-{m}"}) for m in range(3)]
            name.with_suffix(".jsonl").write_text("\n".join(lines), encoding="utf-8")
        elif kind == 2:
            name.with_suffix(".json").write_text('{"id": "broken"', encoding="utf-8")
        elif kind == 11:
            shutil.copyfile(folder / "r00000.json", name.with_suffix(".json"))
        else:
            name.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")


# --------------------------------------------------------------- the walk, in a process of its own


def walk(work: Path, case: Path, whole: bool) -> None:
    """Reports in and read; with ``whole`` a list taken in, linked, the dossier and an export written, too."""
    from tallystick.case import Case

    with Case.make(case, reports=[work / "reports"], clock=lambda: "2026-01-01T00:00:00.000Z") as opened:
        if whole:
            opened.add_list(work / "own.csv")
        opened.add([work / "reports"])
        opened.read(jobs=1)
        if whole:
            opened.link()
            opened.dossier()
            opened.export(case.with_name(f"{case.name}-export"))


def serve(work: Path, whole: bool) -> None:
    """Walk as told on standard input, each time in a child that is disturbed as told; say how it ended."""
    from tallystick import case as rooms

    with (work / "read.pickle").open("rb") as file:
        rooms.readers.claims.claims = pickle.load(file).__getitem__  # noqa: S301 - our own file
    walk(work, work / "first", whole)  # what is loaded once, each child has then
    for line in sys.stdin:
        asked = json.loads(line)
        hear, tell = os.pipe()
        child = os.fork()
        if not child:
            os.close(hear)
            _child(asked, work, tell)
        os.close(tell)
        with os.fdopen(hear) as stream:
            said = stream.read()
        status = os.waitpid(child, 0)[1]
        told = json.loads(said) if said else {}
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status)
        print(json.dumps({"killed": killed, "error": None, "steps": 0} | told), flush=True)


def _child(asked: dict[str, Any], work: Path, tell: int) -> None:
    stops = ctypes.CDLL(None)
    stops.stops_begin.argtypes = [ctypes.c_long, ctypes.c_int]
    stops.stops_count.restype = ctypes.c_long
    from tallystick.errors import TallystickError

    error = None
    faulthandler.dump_traceback_later(HANGS, exit=True)
    stops.stops_begin(asked["step"], asked["mode"])
    try:
        walk(work, Path(asked["case"]), asked["whole"])
    except TallystickError as told:
        error = f"{type(told).__name__}"
    except BaseException as told:  # noqa: BLE001 - what nobody put into words is what is looked for
        error = f"unsaid: {type(told).__name__}: {told}"
    steps = stops.stops_count()
    stops.stops_begin(0, -1)
    os.write(tell, json.dumps({"error": error, "steps": steps}).encode())
    os._exit(0)


class Server:
    """The process that walks."""

    def __init__(self, work: Path, library: Path, whole: bool) -> None:
        environment = os.environ | {"LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, __file__, "--serve", str(work), *(["--whole"] if whole else [])]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def walk(self, case: Path, step: int = 0, mode: int = 0, *, whole: bool) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        asked = {"case": str(case), "step": step, "mode": mode, "whole": whole}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("the process that walks ended")
        return dict(json.loads(line))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


# --------------------------------------------------------------------------- what is left, held against


def stored(case: Path) -> dict[str, Any]:
    """Every row of every table, every other file's bytes, and the name of all there is."""
    ledger = sqlite3.connect(case / "ledger.sqlite")
    names = [
        name
        for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    rows = {name: ledger.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}  # noqa: S608
    ledger.close()
    files = {str(path.relative_to(case)): path for path in case.rglob("*") if path.is_file()}
    skip = ("ledger.sqlite", "manifest.sha256")  # the same rows may lie otherwise in their pages
    held = {name: path.read_bytes() for name, path in files.items() if not name.startswith(skip)}
    return {"rows": rows, "files": held, "names": sorted(files)}


def exported(case: Path, whole: bool) -> dict[str, bytes]:
    from tallystick.case import Case

    folder = case.with_name(f"{case.name}-export")
    if not whole:
        with Case.open(case) as opened:
            opened.export(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def flaws(case: Path, *, opens: bool = True) -> list[str]:
    """What does not hold of what is left, nothing where no ledger was made yet; then whether it opens."""
    from tallystick.case import Case, verify
    from tallystick.errors import TallystickError

    if not (case / "ledger.sqlite").exists():
        return []
    try:
        found = list(verify(case).problems)
        if opens:
            Case.open(case).close()
    except TallystickError as error:
        return [str(error)]
    return found


def differences(found: dict[str, Any], due: dict[str, Any]) -> list[str]:
    out = [f"rows of {name}" for name in due["rows"] if found["rows"].get(name) != due["rows"][name]]
    out += [
        f"bytes of {name}" for name, held in due["files"].items() if found["files"].get(name, held) != held
    ]
    out += [f"lost {name}" for name in due["names"] if name not in found["names"]]
    return out + [f"left over: {name}" for name in found["names"] if name not in due["names"]]


@dataclass
class Line:
    """One line of the table: moments tried, and what came of them."""

    what: str
    moments: int = 0
    stopped: int = 0
    verified: int = 0
    completed: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def tried(
    server: Server, case: Path, due: dict[str, Any], line: Line, step: int, mode: int, *, whole: bool
) -> None:
    """Disturb one walk, look at what is left, walk again, and hold the end against ``due``."""
    shutil.rmtree(case, ignore_errors=True)
    export = case.with_name(f"{case.name}-export")
    shutil.rmtree(export, ignore_errors=True)
    ended = server.walk(case, step, mode, whole=whole)
    line.moments += 1
    line.stopped += bool(ended["killed"] or ended["error"])
    if ended["error"]:
        line.errors[ended["error"].split(":")[0]] += 1
    wrong = [ended["error"]] if (ended["error"] or "").startswith("unsaid") else []
    wrong += (f"left: {flaw}" for flaw in flaws(case))
    line.verified += not wrong
    again = server.walk(case, whole=whole)
    after = [f"again: {again}"] if again["error"] or again["killed"] else []
    if not after:
        after = [f"after: {flaw}" for flaw in flaws(case)]
        found = stored(case) | {"export": exported(case, whole)}
        after += differences(found, due) + ["export"] * (found["export"] != due["export"])
    line.completed += not after
    line.wrong += (f"{line.what}, step {step}: {each}" for each in wrong + after)


def small_disks(server: Server, base: Path, due: dict[str, Any], line: Line, sizes: Sequence[int]) -> None:
    """The walk on real file systems that are too small; the case is then copied to where there is room."""
    for size in sizes:
        disk, case = base / "disk", base / "case"
        disk.mkdir(exist_ok=True)
        subprocess.run([MOUNT, "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(disk)], check=True)
        try:
            ended = server.walk(disk / "case", whole=True)
            wrong = [ended["error"]] if (ended["error"] or "").startswith("unsaid") else []
            shutil.rmtree(case, ignore_errors=True)
            if (disk / "case").exists():
                wrong += flaws(disk / "case", opens=False)  # to open it some room is needed
                shutil.copytree(disk / "case", case)
                wrong += flaws(case)
        finally:
            subprocess.run([UMOUNT, str(disk)], check=True)
        line.moments += 1
        line.stopped += bool(ended["error"])
        if ended["error"]:
            line.errors[ended["error"].split(":")[0]] += 1
        line.verified += not wrong
        again = server.walk(case, whole=True)
        after = [f"again: {again}"] if again["error"] else []
        if not after:
            after = flaws(case) + differences(stored(case), due)
            after += ["export"] * (exported(case, True) != due["export"])
        line.completed += not after
        line.wrong += (f"{line.what}, {size} KB: {each}" for each in wrong + after)


# ---------------------------------------------------------------------------------- the whole


def prepare(work: Path, number: int, seed: int) -> None:
    """The reports, a list, and what the reader says of each, worked out once by a process of its own."""
    work.mkdir()
    reports(work / "reports", number, seed)
    (work / "own.csv").write_text(OWN_LIST, encoding="utf-8")
    code = (
        "import pickle, sys; from pathlib import Path; from tallystick import claims; "
        "from tallystick.case import Case; work = Path(sys.argv[1]); "
        "case = Case.make(work / 'once'); case.add([work / 'reports']); "
        "said = {d: claims.claims(d) for d in case._ledger.documents()}; "
        "pickle.dump(said, (work / 'read.pickle').open('wb'))"
    )
    source = {"PYTHONPATH": str(HERE.parent / "src"), "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code, str(work)], check=True, env=os.environ | source)
    shutil.rmtree(work / "once")


def measured(work: Path, library: Path, modes: Sequence[str], moments: Callable[[int], Sequence[int]], *, whole: bool, disks: bool) -> tuple[int, list[Line]]:  # fmt: skip
    """The number of steps of a walk over the reports of ``work``, and what came of each way to disturb it."""
    server = Server(work, library, whole)
    try:
        case = work / "case"
        steps = server.walk(case, whole=whole)["steps"]
        due = stored(case) | {"export": exported(case, whole)}
        lines = []
        for name in modes:
            lines.append(Line(name))
            for step in moments(steps):
                tried(server, case, due, lines[-1], step, MODES[name], whole=whole)
        if disks and os.geteuid() == 0:
            used = sum(path.stat().st_size // 1024 + 4 for path in case.rglob("*"))
            lines.append(Line("small disk"))
            small_disks(server, work, due, lines[-1], range(8, used * 2, max(1, used // 40)))
    finally:
        server.close()
    return steps, lines


def table(title: str, lines: Sequence[Line]) -> list[str]:
    out = [
        title,
        "",
        f"{'':12}{'moments':>9}{'stopped':>9}{'opens and verifies':>20}{'completed, nothing lost or doubled':>36}",
    ]
    for line in lines:
        out.append(
            f"{line.what:12}{line.moments:>9,}{line.stopped:>9,}{line.verified:>20,}{line.completed:>36,}"
        )
    said = sum((line.errors for line in lines), Counter())
    out += [
        "",
        "said by the command that was stopped: "
        + (", ".join(f"{n} × {k}" for k, n in said.most_common()) or "nothing"),
    ]
    wrong = [each for line in lines for each in line.wrong]
    out += [f"  {each}" for each in wrong[:40]] + (
        [f"  and {len(wrong) - 40} more"] if len(wrong) > 40 else []
    )
    return [*out, ""]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--few", type=int, default=4)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--moments", type=int, default=240)
    parser.add_argument("--modes", nargs="*", default=list(MODES), choices=list(MODES))
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--every", type=int, default=1, help="of the few, only each n-th step")
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--whole", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.whole)
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Memory for a disk: what is looked at is the order of the calls, not how long a disk takes.
    memory = Path("/dev/shm")  # noqa: S108
    base = Path(tempfile.mkdtemp(prefix="durability-", dir=memory if memory.is_dir() else None))
    os.environ["XDG_CACHE_HOME"] = str(base / "cache")
    began, out = time.monotonic(), []
    try:
        library = base / "stops.so"
        build = [
            shutil.which("cc") or "cc",
            "-shared",
            "-fPIC",
            "-O1",
            "-o",
            str(library),
            str(HERE / "stops.c"),
            "-ldl",
        ]
        subprocess.run(build, check=True)
        if asked.few:
            prepare(base / "few", asked.few, asked.seed)
            steps, lines = measured(
                base / "few",
                library,
                asked.modes,
                lambda n: range(1, n + 1, asked.every),
                whole=True,
                disks=True,
            )
            out += table(f"{asked.few} reports, all verbs, at each of {steps:,} steps", lines)
        if asked.reports:
            prepare(base / "many", asked.reports, asked.seed)
            chance = random.Random(asked.seed)  # noqa: S311 - to be drawn again, not to be secret
            share = asked.moments // len(asked.modes)
            steps, lines = measured(
                base / "many", library, asked.modes,
                lambda n: sorted(chance.sample(range(1, n + 1), min(n, share))), whole=False, disks=False,
            )  # fmt: skip
            out += table(
                f"{asked.reports:,} reports, added and read, {steps:,} steps, at moments drawn from them",
                lines,
            )
    finally:
        shutil.rmtree(base, ignore_errors=True)
    out.append(
        f"seed {asked.seed}; {(time.monotonic() - began) / 60:.0f} min; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {platform.system()} {platform.release()}, {os.cpu_count()} cores, tmpfs"
    )
    print("\n".join(out))
    if asked.save:
        (HERE / "durability.md").write_text(
            "# Durability\n\n```\n" + "\n".join(out) + "\n```\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
