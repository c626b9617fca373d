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

"Digest" is of all judgements in their order: where it is the same, so is every byte. Memory is the greatest of a
process at any time, of a worker that of all its processes (Java's and Python's) together.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZES = (20_000, 100_000)
WAYS = (0, 1, 2)  # workers; none is one machine
DENSE = 20_000  # accounts a year
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Line = dict[str, Any]


def status(process: int | str, line: str) -> float:
    """A line of /proc/…/status in MB of 1,000,000 bytes: ``VmHWM`` is the greatest resident memory so far."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(told.split(f"{line}:", 1)[1].split(None, 1)[0]) * 1024 / 1e6


def busy(process: int) -> float:
    """Seconds of processor that a process took, and those of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def all_of(worker: int, measure: Callable[[int], float]) -> float:
    """``measure`` added up over a worker and all that it started."""
    import tests_cluster

    total = 0.0
    for process in [worker, *tests_cluster.children(worker)]:
        with suppress(OSError, IndexError):  # it may just have ended
            total += measure(process)
    return total


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
            before = [all_of(worker.pid, busy) for worker in there.workers]
            java = sum(
                busy(process) for process in tests_cluster.children(os.getpid()) if _is_driver(process, there)
            )
            begin, used = time.perf_counter(), time.process_time()
            made = consumed(linking.across(told, due, _quiet, spark))
            took, used = time.perf_counter() - begin, time.process_time() - used
            java = (
                sum(
                    busy(process)
                    for process in tests_cluster.children(os.getpid())
                    if _is_driver(process, there)
                )
                - java
            )
            theirs = [
                all_of(worker.pid, busy) - held for worker, held in zip(there.workers, before, strict=True)
            ]
            peak = [all_of(worker.pid, lambda process: status(process, "VmHWM")) for worker in there.workers]
    return {
        **made, "accounts": len(told), "seconds": took, "busy": used + java, "theirs": sum(theirs), "joined": joined,
        "peak": status("self", "VmHWM"), "worker": max(peak),
    }  # fmt: skip


def _is_driver(process: int, there: Any) -> bool:
    """Whether a process is Spark's driver: Java, and neither the master nor of a worker."""
    import tests_cluster

    cluster = {there.master.pid, *(worker.pid for worker in there.workers)}
    cluster |= {each for one in list(cluster) for each in tests_cluster.children(one)}
    with suppress(OSError):
        return process not in cluster and "java" in Path(f"/proc/{process}/comm").read_text(encoding="utf-8")
    return False


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
