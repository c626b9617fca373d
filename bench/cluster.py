"""What linking costs on a cluster of Spark beside one machine, on a war that never was (bench/war.py).

    python bench/cluster.py --sizes 20000 100000       these sizes; needs the extra 'spark' and Java 17
    python bench/cluster.py --days 365                 a year, however many accounts: the pairs then grow as their square
    python bench/cluster.py --save                     also writes bench/cluster.md

Without ``--days`` the war lasts as long as it takes to stay as dense as 20,000 accounts a year: twice as many
accounts then are twice as many days. Each line is measured in a process of its own, NumPy held to one thread. The
cluster is one master and its workers on loopback, of Spark's own programs, a worker with one core for Spark: all of it
shares the cores of this machine, so by the clock a cluster cannot win here. What it costs is in the processor's
seconds, which other work on the machine does not change much: those of this process (cutting windows, packing, putting
in order) are what cannot be shared out; those of the workers are what more machines divide among themselves.

    one machine   ``incidents.pairs`` in this process; DuckDB takes the cores there are
    n workers     ``linking.across``: windows carried through ``mapInArrow``, each compared by ``incidents.pairs``

"Digest" is of all judgements in their order: where it is the same, so is every byte. Memory is the greatest of this
process at any time, and of a worker that of all its processes (Java's and Python's) together, looked at once a second.
Processes of Python end when they are idle: what they took is counted as far as the last look saw it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZES = (20_000, 100_000, 1_000_000)
WAYS = (0, 1, 2)  # workers; none is one machine
DENSE = 20_000  # accounts a year
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Line = dict[str, Any]


def status(process: int | str, line: str) -> float:
    """A line of /proc/…/status in MB of 1,000,000 bytes: ``VmHWM`` is the greatest resident memory so far."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(told.split(f"{line}:", 1)[1].split(None, 1)[0]) * 1024 / 1e6


def busy(process: int) -> float:
    """Seconds of processor that a process itself took."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def family() -> dict[int, int]:
    """Whoever runs on this machine, and who started it."""
    out = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with suppress(OSError, IndexError):
                out[int(each.name)] = int(
                    (each / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1]
                )
    return out


def below(process: int, parents: Mapping[int, int]) -> list[int]:
    """A process and all that it started, and they."""
    out = [process]
    for one in out:
        out += [each for each, parent in parents.items() if parent == one]
    return out


def name_of(process: int) -> str:
    """What a process is called; nothing where it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text(encoding="utf-8")
    return ""


class Watch:
    """Looks at processes and all that they start, once a second: what ends meanwhile is counted up to the last look.

    Spark ends idle processes of Python, and whoever ends is gone from /proc with what it took.
    """

    def __init__(self, roots: Callable[[], dict[str, list[int]]]) -> None:
        self._roots = roots
        self._took: dict[str, dict[int, float]] = {}
        self._most: dict[str, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> Watch:
        self._look()
        self._before = {name: sum(took.values()) for name, took in self._took.items()}
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _look_on(self) -> None:
        while not self._over.wait(1.0):
            self._look()

    def _look(self) -> None:
        for name, processes in self._roots().items():
            here = 0.0
            for process in processes:
                with suppress(OSError, IndexError):  # it may just have ended
                    self._took.setdefault(name, {})[process] = busy(process)
                    here += status(process, "VmRSS")
            self._most[name] = max(here, self._most.get(name, 0.0))

    def took(self, name: str) -> float:
        """Seconds of processor since it began to look."""
        return sum(self._took.get(name, {}).values()) - self._before.get(name, 0.0)

    def most(self, name: str) -> float:
        """The greatest resident memory seen at one time, of all these processes together, in MB."""
        return self._most.get(name, 0.0)


def consumed(parts: Iterable[tuple[int, Sequence[Any]]]) -> Line:
    """What came of comparing, and a digest of it."""
    digest, pairs, near = hashlib.sha256(), 0, 0
    for candidates, judgements in parts:
        pairs += candidates
        near += len(judgements)
        for judgement in judgements:
            digest.update(repr(judgement).encode())
    return {"pairs": pairs, "near": near, "digest": digest.hexdigest()[:12]}


def one(workers: int, size: int, days: int) -> Line:
    """Measures one way at one size, in this process."""
    import war

    from tallystick import linking

    war.DAYS = days
    told = war.accounts(size).accounts
    due = {account.document for account in told}
    list(linking.here(told[:50], {told[0].document}, _quiet))  # loads what it needs
    if not workers:
        begin, used = time.perf_counter(), time.process_time()
        made = consumed(linking.here(told, due, _quiet))
        took, used = time.perf_counter() - begin, time.process_time() - used
        return {
            **made,
            "accounts": len(told),
            "seconds": took,
            "busy": used,
            "theirs": 0.0,
            "peak": status("self", "VmHWM"),
        }
    import tests_cluster

    from tallystick import cluster

    with tests_cluster.running(workers) as there:
        begin = time.perf_counter()
        with cluster.joined(
            there.address,
            seeing=HERE,
            settings={"spark.executor.memory": "900m", "spark.driver.memory": "2g"},
        ) as spark:
            joined = time.perf_counter() - begin

            def roots() -> dict[str, list[int]]:
                parents = family()
                out = {f"worker {n}": below(worker.pid, parents) for n, worker in enumerate(there.workers)}
                apart = {process for each in out.values() for process in each}
                apart |= set(below(there.master.pid, parents))
                mine = [process for process in below(os.getpid(), parents) if process not in apart]
                return out | {"driver": [process for process in mine if "java" in name_of(process)]}

            with Watch(roots) as watch:
                begin, used = time.perf_counter(), time.process_time()
                made = consumed(linking.across(told, due, _quiet, spark))
                took, used = time.perf_counter() - begin, time.process_time() - used
            java, theirs = watch.took("driver"), [watch.took(f"worker {n}") for n in range(workers)]
            peak = [watch.most(f"worker {n}") for n in range(workers)]
    return {
        **made, "accounts": len(told), "seconds": took, "busy": used + java, "theirs": sum(theirs), "joined": joined,
        "peak": status("self", "VmHWM"), "worker": max(peak),
    }  # fmt: skip


def _quiet(step: str, done: int, total: int) -> None:
    """Shows no progress."""


def measured(workers: int, size: int, days: int) -> Line:
    """One line of the table, from a process of its own."""
    env = os.environ | dict.fromkeys(THREADS, "1")
    env["PYTHONPATH"] = os.pathsep.join(map(str, (HERE.parent / "src", HERE, HERE.parent / "tests")))
    command = [sys.executable, __file__, "--one", str(workers), "--sizes", str(size), "--days", str(days)]
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return {"workers": workers, "load": os.getloadavg()[0], **json.loads(done.stdout.splitlines()[-1])}


def table(lines: Sequence[Line]) -> str:
    out = [
        "| accounts | way | seconds | processor: here | on workers | peak MB: here | a worker | to join, s | candidate pairs | judged | digest | load |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---:|",
    ]
    for line in lines:
        way = {0: "one machine", 1: "1 worker"}.get(line["workers"], f"{line['workers']} workers")
        cluster = (f"{line['worker']:,.0f}", f"{line['joined']:.1f}") if line["workers"] else ("–", "–")
        out.append(
            f"| {line['accounts']:,} | {way} | {line['seconds']:.1f} | {line['busy']:.1f} | {line['theirs']:.1f} "
            f"| {line['peak']:,.0f} | {cluster[0]} | {cluster[1]} | {line['pairs']:,} | {line['near']:,} "
            f"| {line['digest']} | {line['load']:.1f} |"
        )
    return "\n".join(out)


def told(lines: Sequence[Line]) -> str:
    """What the lines say of each size, in sentences."""
    out = []
    for size in sorted({line["accounts"] for line in lines}):
        ways = {line["workers"]: line for line in lines if line["accounts"] == size}
        same = len({line["digest"] for line in ways.values()}) == 1
        said = (
            f"{size:,} accounts: the judgements are {'the same, byte for byte' if same else 'NOT THE SAME'}."
        )
        if {0, 1, 2} <= ways.keys():
            alone, least, most = ways[0], ways[1], ways[2]
            all_ = [line["busy"] + line["theirs"] for line in (alone, least, most)]
            said += (
                f" One worker costs {all_[1] / all_[0]:.2f} times the processor of one machine, of which "
                f"{least['busy'] / all_[1]:.0%} cannot be shared out; the second worker adds "
                f"{all_[2] - all_[1]:+.1f} s of processor ({(all_[2] - all_[1]) / all_[0]:+.0%} of one machine's) "
                f"and {most['worker']:,.0f} MB."
            )
        out.append(said)
    return "\n".join(out)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--days", type=int, help="how long the war lasts")
    parser.add_argument("--save", action="store_true", help="write bench/cluster.md")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(one(options.one, options.sizes[0], options.days)))
        return 0
    lines: list[Line] = []
    for size in sorted(options.sizes):
        for workers in WAYS:
            lines.append(measured(workers, size, options.days or max(365, 365 * size // DENSE)))
            print(table(lines[-1:]).splitlines()[-1], flush=True)
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    said = f"{table(lines)}\n\n{told(lines)}\n"
    print(f"\n{machine}\n\n{said}")
    if options.save:
        head = f"# Linking on a cluster\n\n`python bench/cluster.py --save`, {machine}; what each way is stands in the script.\n"
        (HERE / "cluster.md").write_text(f"{head}\n{said}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
