"""Very many accounts linked on one machine: time and memory, beside Splink on the very same candidate pairs.

    python bench/million.py                                  10,000 to 200,000 accounts
    python bench/million.py --sizes 1000000                  a million
    python bench/million.py --splink ../venv/bin/python      beside it Splink, where that Python has it (pip install splink)
    python bench/million.py --save                           also writes bench/million.md and its figures

The accounts are those of bench/wars.py, made one after the other while they are looked at. The clock stops while one
is made. Inside it is all from ``Account`` objects to incidents: traits, candidate pairs, comparison and resolution
(``incidents.bulk.gathered``). Not inside: reading, looking up places, storing judgements. Each line is measured in a
process of its own with NumPy held to one thread and DuckDB to two.

Two slices of pairs are compared at one time (``bulk.AT_ONCE``), so finding candidates and comparing them is one step there.
Where Splink stands beside it, the two steps are also measured apart, one slice at a time, in a run of their own.

Splink is given the candidate pairs as they are (``register_blocked_pairs_for_predict``) and compares and clusters
them by six comparisons (bench/splink_war.py) at a probability of 0.95; finding the pairs is no part of its time, nor
is learning its weights. Beside it stands what the same two steps take here. Its values come ready: of its six
comparisons none relates two places, two parties or several figures.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scale import THREADS, memory_mb, plot

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 20_000, 50_000, 100_000, 200_000)
TICKS = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
Line = dict[str, Any]


class Clock:
    """Seconds by the clock and of the processor, by step; what one step calls of another counts for the other alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.busy: dict[str, float] = {}
        self._step, self._since = "", (time.perf_counter(), time.process_time())

    def turn(self, step: str) -> str:
        """From now on the time is ``step``'s; whose it was."""
        now, was = (time.perf_counter(), time.process_time()), self._step
        self.seconds[was] = self.seconds.get(was, 0.0) + now[0] - self._since[0]
        self.busy[was] = self.busy.get(was, 0.0) + now[1] - self._since[1]
        self._step, self._since = step, now
        return was

    def on(self, place: Any, name: str, step: str) -> None:
        """Count what ``place.name`` does as ``step``."""
        done: Callable[..., Any] = getattr(place, name)

        def timed(*args: Any, **named: Any) -> Any:
            was = self.turn(step)
            try:
                return done(*args, **named)
            finally:
                self.turn(was)

        setattr(place, name, timed)


def one(size: int, at_once: int, keep: Path | None) -> Line:
    """Measures one size, in this process; in ``keep`` the accounts and candidate pairs are laid down for Splink."""
    import linking
    import wars

    from tallystick.incidents import bulk, tables

    for _ in bulk.gathered(wars.accounts(60)).incidents():
        pass  # loads what it needs
    clock, events, rows = Clock(), [], []
    clock.on(tables.Tables, "__init__", "traits and tables")
    clock.on(bulk, "_compared", "candidates and comparison")
    clock.on(bulk, "_gathered", "resolution")
    if keep:
        bulk.AT_ONCE = 1
        clock.on(tables.Tables, "candidates", "candidates and comparison")
        clock.on(bulk, "_near", "comparison")
        found = tables.Tables.candidates

        def candidates(self: Any, start: int, stop: int) -> int:
            count = found(self, start, stop)
            was = clock.turn("")
            self._sql.execute(f"copy (select l, r from candidate) to '{keep}/pairs-{start}.parquet'")  # noqa: S608
            clock.turn(was)
            return count

        tables.Tables.candidates = candidates  # type: ignore[method-assign]

    def made() -> Iterator[Any]:
        was = clock.turn("")
        for account in wars.accounts(size, at_once, events):
            if keep:
                rows.append(_row(len(rows), account, events[-1]))
            clock.turn(was)
            yield account
            clock.turn("")
        clock.turn(was)

    held = memory_mb("VmRSS")
    clock.turn("resolution")
    found_all = bulk.gathered(made())
    clock.turn("")
    peak = memory_mb("VmHWM")
    if keep:
        _lay(rows, keep)
    groups, true = dict(enumerate(found_all.incident.tolist())), dict(enumerate(events))
    score = linking.pairwise(groups, true)
    steps = ("traits and tables", "candidates and comparison", "comparison", "resolution")
    return {
        "accounts": size, "apart": keep is not None, "candidates": found_all.candidates, "near": len(found_all.near.left),
        "seconds": {step: clock.seconds.get(step, 0.0) for step in steps},
        "busy": {step: clock.busy.get(step, 0.0) for step in steps},
        "peak": peak, "held": held, "load": os.getloadavg()[1],
        "precision": score.precision, "recall": score.recall, "b3": linking.b_cubed(groups, true).f1,
    }  # fmt: skip


def _row(number: int, account: Any, event: int) -> Line:
    """An account as Splink reads it, its number as its id."""
    telling, place = account.telling, account.telling.place
    killed = [toll.count.low for _, toll in account.whole("killed")]
    return {
        "unique_id": number,
        "document": account.document,
        "kind": telling.kind,
        "day": telling.when.start,
        "published": account.published,
        "place": (place.code or place.name) if place else None,
        "admin1": place.admin1 if place else None,
        "killed": killed[0] if killed else None,
        "target": telling.target,
        "words": sorted(set(account.span.quote.lower().split())),
        "event": event,
    }


def _lay(rows: list[Line], folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist(rows), folder / "accounts.parquet")


def measured(size: int, options: argparse.Namespace) -> Iterator[Line]:
    """The lines of one size: ours, and Splink's where it is asked for; each from a process of its own."""
    env = os.environ | dict.fromkeys(THREADS, "1")
    env["PYTHONPATH"] = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, __file__, "--one", "--sizes", str(size), "--at-once", str(options.at_once)]
        done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
        yield json.loads(done.stdout.splitlines()[-1])
        if options.splink:
            done = subprocess.run(
                [*command, "--keep", scratch], env=env, check=True, stdout=subprocess.PIPE, text=True
            )
            yield json.loads(done.stdout.splitlines()[-1])
            command = [str(options.splink), str(HERE / "splink_pairs.py"), scratch]
            done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
            yield {"accounts": size, "splink": json.loads(done.stdout.splitlines()[-1])}


def table(lines: Sequence[Line]) -> str:
    out = [
        "| accounts | candidate pairs | seconds | of it traits and tables | candidates and comparison | resolution | of processor "
        "| ns of processor a pair | peak MB | of it before | pairs P | R | B³ | load |",
        "|---:" * 14 + "|",
    ]
    for line in _whole(lines):
        took, busy = line["seconds"], line["busy"]
        out.append(
            f"| {line['accounts']:,} | {line['candidates']:,} | {sum(took.values()):.1f} | {took['traits and tables']:.1f} | "
            f"{took['candidates and comparison']:.1f} | {took['resolution']:.1f} | {sum(busy.values()):.1f} | "
            f"{1e9 * busy['candidates and comparison'] / line['candidates']:.0f} | {line['peak']:,.0f} | "
            f"{line['held']:,.0f} | {line['precision']:.3f} | {line['recall']:.3f} | {line['b3']:.3f} | {line['load']:.1f} |"
        )
    return "\n".join(out)


def _whole(lines: Sequence[Line]) -> list[Line]:
    """Our lines of whole runs."""
    return [line for line in lines if "busy" in line and not line["apart"]]


def beside(lines: Sequence[Line]) -> str:
    """Splink and ours on the same candidate pairs."""
    ours = {line["accounts"]: line for line in lines if "busy" in line and line["apart"]}
    out = [
        "| accounts | candidate pairs | Splink: seconds | of processor | peak MB | ours, the same steps, one slice at a time: seconds | of processor | "
        "ratio of processor | Splink pairs P | R | ours P | R |",
        "|---:" * 12 + "|",
    ]
    for line in (each for each in lines if "splink" in each):
        mine, its = ours[line["accounts"]], line["splink"]
        steps = ("comparison", "resolution")
        seconds, busy = (sum(mine[name][step] for step in steps) for name in ("seconds", "busy"))
        out.append(
            f"| {line['accounts']:,} | {mine['candidates']:,} | {its['seconds']:.1f} | {its['busy']:.1f} | {its['peak']:,.0f} | "
            f"{seconds:.1f} | {busy:.1f} | {busy / its['busy']:.2f} | {its['precision']:.3f} | {its['recall']:.3f} | "
            f"{mine['precision']:.3f} | {mine['recall']:.3f} |"
        )
    return "\n".join(out) if len(out) > 2 else ""


def growth(lines: Sequence[Line]) -> str:
    told = sorted((sum(line["busy"].values()), line["accounts"]) for line in _whole(lines))
    if len(told) < 2:
        return ""
    (a, n), (b, m) = told[0], told[-1]
    (c, k) = told[-2]
    return (
        f"Seconds of processor grow by the power {math.log(b / a) / math.log(m / n):.2f} of accounts from the least "
        f"to the greatest, {math.log(b / c) / math.log(m / k):.2f} between the two greatest."
    )


def drawn(lines: Sequence[Line]) -> dict[str, str]:
    """Seconds of processor and memory over accounts, as SVG by the file's name; Splink's are of two steps alone."""
    ours = [
        {
            "way": "ours",
            "accounts": line["accounts"],
            "busy": sum(line["busy"].values()),
            "peak": line["peak"],
        }
        for line in _whole(lines)
    ]
    theirs = [
        {"way": "Splink", "accounts": line["accounts"], **line["splink"]}
        for line in lines
        if "splink" in line
    ]
    below = "accounts, 20,000 a year"
    return {
        "million.svg": plot([*ours, *theirs], "busy", "s", below, TICKS),
        "million-memory.svg": plot([*ours, *theirs], "peak", "MB", below, TICKS),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--at-once", type=int, default=1, help="wars fought in one year")
    parser.add_argument("--splink", type=Path, help="a Python that has Splink")
    parser.add_argument("--save", action="store_true", help="write bench/million.md")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.sizes[0], options.at_once, options.keep)))
        return 0
    lines: list[Line] = []
    for size in sorted(options.sizes):
        for line in measured(size, options):
            lines.append(line)
            print(json.dumps(line), flush=True)
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    told = "\n\n".join(part for part in (table(lines), growth(lines), beside(lines)) if part)
    print(f"\n{machine}\n\n{told}")
    if options.save:
        head = f"# Very many accounts linked\n\n`python bench/million.py --save`, {machine}; what is measured stands in the script.\n"
        shown = "![](../docs/img/million.svg)\n![](../docs/img/million-memory.svg)"
        (HERE / "million.md").write_text(f"{head}\n{told}\n\n{shown}\n", encoding="utf-8")
        for name, image in drawn(lines).items():
            (HERE.parent / "docs" / "img" / name).write_text(image, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
