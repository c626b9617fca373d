"""Many people decide at once in one case: is a decision lost or doubled, is the chain whole, and how long does one wait?

    python bench/deciding.py                          8 people, 5 seconds each way
    python bench/deciding.py --people 20 --seconds 30
    python bench/deciding.py --save                   also writes bench/deciding.md

Each person says of claims of a small case what stands (``Case.decide``), one decision after the other without a pause, every
one with a note of its own; what came back from the call counts as acknowledged. The people are processes that each have
the case open, or threads of one process that share it, as those of the desk do. The ledger lies in a file, and on a
server of PostgreSQL on this machine (a socket, every commit on disk), which this script starts itself. Then it is done again
while, in the middle, half the processes are killed (kill -9), and while the server is, with all it started; it is started
anew, and whoever was sent away opens the case again.

Afterwards every acknowledged decision is looked for in the reviews and in the custody record: once in each. One that was
not acknowledged may be there, too, once for each time that somebody was cut off. ``verify`` says whether all its checks hold.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]
REPORT = "At least {n} people were killed in an air strike on the town of {place} on 1{d} May 2019, the hospital said."
PLACES = ("Solem", "Orveth", "Tamarind", "Kestrel Ford")
HEAD = (
    "ledger",
    "people",
    "in the middle",
    "decisions",
    "a second",
    "median ms",
    "p95 ms",
    "slowest ms",
    "lost",
    "doubled",
    "verify",
)


def decide(case: Any, who: int, until: float, tell: Any) -> None:
    """Decide without a pause until then; tell of each decision when it came back: its note, and how long it took."""
    chance = random.Random(who)  # noqa: S311 - to be drawn again, not to be secret
    claims = [claim.id for claim in case.ledger.claims()]
    while time.time() < until:
        note, began = f"{who} {time.time_ns()}", time.perf_counter()
        case.decide(chance.choice(claims), chance.choice(("upheld", "rejected")), f"Person {who}", note)
        tell(f"{note}\t{(time.perf_counter() - began) * 1000:.2f}")


def work(folder: Path, people: list[int]) -> None:
    """What one process does: its people decide, each in a thread, in the case that it opens; again when sent away."""
    from tallystick.case import Case
    from tallystick.errors import NoServer

    Case.open(folder).close()  # what is loaded once
    os.write(1, b"ready\n")
    until = float(sys.stdin.readline())
    lock = threading.Lock()

    def tell(line: str) -> None:
        with lock:
            os.write(1, f"{line}\n".encode())

    def person(case: Any, who: int) -> None:
        try:
            decide(case, who, until, tell)
        except NoServer:
            tell("away")

    while time.time() < until:
        try:
            with Case.open(folder, write=True) as case:
                threads = [threading.Thread(target=person, args=(case, who)) for who in people]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        except NoServer:
            time.sleep(0.1)


@dataclass
class Found:
    """What became of one run."""

    acknowledged: list[str]
    waited: list[float]
    lost: int
    doubled: int
    unsaid: int
    problems: int


def run(folder: Path, groups: list[list[int]], seconds: float, disturb: Any = None) -> Found:
    """Let these people decide, a group to a process; ``disturb`` is called with the processes in the middle."""
    from tallystick import case as cases
    from tallystick.case import Case

    processes = [
        subprocess.Popen(
            [sys.executable, __file__, "--work", str(folder), *map(str, group)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        for group in groups
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{time.time() + seconds}\n".encode())
    said: list[str] = [""] * len(processes)

    def hear(number: int) -> None:
        said[number] = processes[number].communicate()[0].decode()

    hearing = [threading.Thread(target=hear, args=(number,)) for number in range(len(processes))]
    for thread in hearing:
        thread.start()
    if disturb is not None:
        time.sleep(seconds / 2)
        disturb(processes)
    for thread in hearing:
        thread.join()
    lines = [line for told in said for line in told.split("\n")[:-1] if line != "away"]
    acknowledged = [line.split("\t")[0] for line in lines]
    with Case.open(folder) as case:
        reviews = Counter(each.note for each in case.ledger.reviews())
        events = Counter(each.note for each in case.ledger.events("reviewed"))
    problems = cases.verify(folder).problems
    for problem in problems[:3]:
        print(problem, file=sys.stderr)
    return Found(
        acknowledged,
        sorted(float(line.split("\t")[1]) for line in lines),
        sum(not (reviews[note] and events[note]) for note in acknowledged),
        sum(number > 1 for number in (*reviews.values(), *events.values())),
        len(reviews.keys() - set(acknowledged)),
        len(problems),
    )


def row(name: str, people: str, middle: str, found: Found, seconds: float) -> tuple[str, ...]:
    at = found.waited or [0.0]
    decisions = f"{len(found.acknowledged):,}" + (f" and {found.unsaid} unsaid" if found.unsaid else "")
    return (
        name, people, middle, decisions, f"{len(found.acknowledged) / seconds:,.0f}",
        f"{at[len(at) // 2]:.1f}", f"{at[int(len(at) * 0.95)]:.1f}", f"{at[-1]:.0f}",
        str(found.lost), str(found.doubled), "all hold" if not found.problems else f"{found.problems} do not",
    )  # fmt: skip


def measured(people: int, seconds: float, work: Path) -> list[tuple[str, ...]]:
    from tests_postgres import running

    from tallystick.case import Case
    from tallystick.moves import move

    for n in range(12):
        (work / f"r{n}.txt").write_text(
            REPORT.format(n=n + 3, place=PLACES[n % 4], d=n % 9), encoding="utf-8"
        )
    with Case.make(work / "base") as case:
        case.run(sorted(work.glob("*.txt")), jobs=1)
    out = []
    apart, together = [[who] for who in range(people)], [list(range(people))]
    with ExitStack() as stack:
        server = stack.enter_context(running(safe=True))

        def fresh(on_server: bool) -> Path:
            folder = Path(tempfile.mkdtemp(dir=work)) / "case"
            shutil.copytree(work / "base", folder)
            if on_server:
                move(folder, server.new_case())
            return folder

        def kill_half(processes: list[Any]) -> None:
            for process in processes[::2]:
                process.send_signal(signal.SIGKILL)

        def kill_server(_: list[Any]) -> None:
            server.kill()
            server.start()

        for name, on_server in (("SQLite", False), ("PostgreSQL", True)):
            for said, groups in ((f"{people} processes", apart), (f"{people} threads", together)):
                out.append(row(name, said, "", run(fresh(on_server), groups, seconds), seconds))
            found = run(fresh(on_server), apart, seconds, kill_half)
            out.append(row(name, f"{people} processes", "half are killed", found, seconds))
        for said, groups in ((f"{people} processes", apart), (f"{people} threads", together)):
            found = run(fresh(True), groups, seconds, kill_server)
            out.append(row("PostgreSQL", said, "the server is killed", found, seconds))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("who", nargs="*", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(asked.work, asked.who)
        return
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = measured(asked.people, asked.seconds, Path(folder))
    lines = [f"| {' | '.join(each)} |" for each in (HEAD, ("---",) * len(HEAD), *rows)]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; load before: {busy:.1f}"
    command = f"python bench/deciding.py --people {asked.people} --seconds {asked.seconds:g}"
    told = "\n".join(["# Many people decide at once", "", f"`{command}` on {machine}.", "", *lines, "", NOTE])
    print(told)
    if asked.save:
        (HERE / "deciding.md").write_text(told, encoding="utf-8")


NOTE = """A decision is counted when the call came back; "unsaid" are those that were stored while their person was cut
off. Each decision looks through all claims and decisions of the case before it is stored, so one takes longer
the more there are: what waits for the disk, or for the others, is only part of these times.
"""


if __name__ == "__main__":
    main()
