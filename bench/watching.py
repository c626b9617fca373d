"""What a stream costs: a look at a folder of many files, and each batch of a watch as its case grows.

    python bench/watching.py [--reports 300] [--batch 25] [--save]

The looks are at folders of made-up files, beside ``os.scandir`` with a ``stat`` of each, the least that any
watcher that looks can do. The batches are the reports of ../shared/data/fakes, one file each, as they would
arrive: how long taking in, reading and comparing take. At the end, what changed since half of them had come.
All are seconds of processor time, which a busy machine changes least. ``--save`` writes bench/watching.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / "shared" / "data" / "fakes" / "reports.jsonl"


def looks(sizes: tuple[int, ...]) -> list[str]:
    """Seconds for the first and the next look at so many files, and for a bare pass over the folder."""
    from tallystick.case import Case
    from tallystick.watching.folders import Folders

    rows = [
        "| files | first look | next look | bare scandir and stat | notes written |",
        "|--:|--:|--:|--:|--:|",
    ]
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch, Case.make(Path(scratch) / "case") as case:
            inbox = Path(scratch) / "inbox"
            inbox.mkdir()
            for n in range(size):
                (inbox / f"r{n}.txt").write_text("x")
            folders = Folders(case, [inbox], 0)
            first, found = timed(folders.look)
            noted, _ = timed(lambda: folders.taken(found))  # noqa: B023
            again, rest = timed(folders.look)
            assert (len(found), len(rest)) == (size, 0)
            bare, _ = timed(lambda: [entry.stat() for entry in os.scandir(inbox)])  # noqa: B023
        rows.append(f"| {size:,} | {first:.3f} s | {again:.3f} s | {bare:.3f} s | {noted:.3f} s |")
    return rows


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.process_time()
    done = work()
    return time.process_time() - begin, done


def stream(number: int, size: int) -> list[str]:
    """The batches of a watch over the first ``number`` reports, and what changed since half of them."""
    from tallystick.case import Case
    from tallystick.watching import Pace, Watch

    rows = [
        "| reports in the case | taken in | read | compared | of a batch of new ones |",
        "|--:|--:|--:|--:|--:|",
    ]
    spent: dict[str, float] = {}

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            spent[name], done = timed(lambda: real(*arguments, **options))
            return done

        return call

    lines = REPORTS.read_text(encoding="utf-8").splitlines()[:number]
    with tempfile.TemporaryDirectory() as scratch, Case.make(Path(scratch) / "case") as case:
        inbox = Path(scratch) / "inbox"
        inbox.mkdir()
        for name in ("take", "read", "link"):
            setattr(case, name, counted(name, getattr(case, name)))
        watch, middle = Watch(case, [inbox], pace=Pace(still=0, batch=size)), 0
        for first in range(0, len(lines), size):
            for n, line in enumerate(lines[first : first + size], first):
                (inbox / f"{n:05}.json").write_text(json.dumps(json.loads(line)), encoding="utf-8")
            for done in watch.round():
                total = first + done.documents
                cells = (f"{spent[name]:.2f} s" for name in ("take", "read", "link"))
                rows.append(
                    f"| {total:,} | {' | '.join(cells)} | {done.seconds:.2f} s for {done.documents} |"
                )
                print(rows[-1], flush=True)
            middle = middle or (case.ledger.head()[0] if first + size >= len(lines) / 2 else 0)
        record, _ = timed(case.record)
        changed, found = timed(lambda: case.changes(middle))
    return [
        *rows,
        "",
        f"One record of all of it takes {record:.1f} s; what changed since half of them had come "
        f"({len(found.every):,} changes) {changed:.1f} s.",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--save", action="store_true", help="write bench/watching.md")
    options = parser.parse_args()
    if not REPORTS.exists():
        sys.exit(f"{REPORTS} is not there; this measurement needs that set")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    shown = [
        "# What a stream costs",
        "",
        f"`python bench/watching.py`, on {machine}: seconds of processor time.",
        "",
    ]
    shown += looks((100, 1_000, 10_000))
    print("\n".join(shown), flush=True)
    shown += ["", *stream(options.reports, options.batch)]
    print("\n".join(shown[-3:]))
    if options.save:
        (HERE / "watching.md").write_text("\n".join(shown) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
