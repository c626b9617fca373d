"""All steps over the 678 reports of ../shared/data/fakes, one report more, and time and memory against size.

    python bench/fakes.py [--jobs 2] [--save]          all 678, and fewer of them
    python bench/fakes.py --sizes 100 --sizes 678      so many

Each size is measured in a process of its own that makes a case, takes every step and exports it; then the
command line takes in one report more, by a process of its own, from its start to its end.

Beside it, in the same run, a named alternative that does far less: the same reports through
sentencex (splitting into sentences only) and through one regular expression for "N killed". The
ratio says what custody, reading, linking and the dossier cost over a bare pass of the text.
``--save`` writes the tables to bench/fakes.md and the plots beside the docs.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scale import plot

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / "shared" / "data" / "fakes" / "reports.jsonl"
SIZES = (84, 169, 339, 678)
ONE_MORE = {
    "id": "one-more", "title": "Nine killed in strike on Douma", "publisher": "Wire", "published": "2017-04-05",
    "text": "An air strike on the town of Douma near Damascus killed nine civilians and wounded 20 others on Tuesday, "
    "the Syrian Observatory for Human Rights said. The government denied that its planes had been there.",
}  # fmt: skip
Line = dict[str, Any]


def peak_mb() -> float:
    """Greatest resident memory so far, of this process and of the largest of its children, in MB."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, children) / 1024


def bare_pass(reports: Path) -> float:
    """Seconds for sentences and one regular expression over every text."""
    import sentencex

    pattern = re.compile(r"(\d+) (?:\w+ ){0,3}(?:killed|dead)")
    begin = time.perf_counter()
    for line in reports.read_text(encoding="utf-8").splitlines():
        for sentence in sentencex.segment("en", json.loads(line)["text"]):
            pattern.findall(sentence)
    return time.perf_counter() - begin


def one(reports: Path, folder: Path, jobs: int) -> Line:
    """All steps over ``reports`` in a new case, in this process."""
    from tallystick.case import Case

    seconds: dict[str, float] = {}

    def timed(step: str, do: Callable[[], Any]) -> Any:
        begin = time.perf_counter()
        done = do()
        seconds[step] = time.perf_counter() - begin
        return done

    with Case.make(folder / "case") as case:
        added = timed("add", lambda: case.add([reports]))
        was_read = timed("read", lambda: case.read(jobs=jobs))
        linked = timed("link", case.link)
        record = timed("findings", case.at_hand)
        timed("dossier", case.dossier)
        timed("export", lambda: case.export(folder / "export"))
    return {
        "reports": added.documents, "refused": len(added.refused) + len(was_read.refused), "claims": was_read.claims,
        "accounts": linked.accounts, "pairs": linked.pairs, "incidents": len(record.weighed),
        "seconds": seconds, "peak": peak_mb(),
    }  # fmt: skip


def one_more(folder: Path) -> float:
    """Seconds of ``tallystick run`` with one report more, from the start of the process to its end."""
    report = folder / "one-more.json"
    report.write_text(json.dumps(ONE_MORE), encoding="utf-8")
    command = [sys.executable, "-m", "tallystick.cli", "run", str(report), "--case", str(folder / "case")]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def measured(size: int, jobs: int) -> Line:
    """One size, by processes of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        lines = REPORTS.read_text(encoding="utf-8").splitlines(keepends=True)
        reports = Path(scratch) / "reports.jsonl"
        reports.write_text("".join(lines[:size]), encoding="utf-8")
        command = [sys.executable, __file__, "--one", str(reports), scratch, "--jobs", str(jobs)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        line: Line = json.loads(done.stdout.splitlines()[-1])
        return line | {"one more": one_more(Path(scratch)), "load": os.getloadavg()[1]}


def table(lines: Sequence[Line], jobs: int) -> str:
    steps = list(lines[0]["seconds"])
    out = [
        f"| reports | accounts | {' | '.join(steps)} | **all** | reports a second | peak MB | one report more |",
        "|---:" * (len(steps) + 6) + "|",
    ]
    for line in lines:
        told = " | ".join(f"{line['seconds'][step]:.1f}" for step in steps)
        total = sum(line["seconds"].values())
        out.append(
            f"| {line['reports']:,} | {line['accounts']:,} | {told} | **{total:.1f}** | "
            f"{line['reports'] / total:.1f} | {line['peak']:.0f} | {line['one more']:.1f} |"
        )
    last = lines[-1]
    out += [
        "",
        f"Seconds by the clock; reading by {jobs} processes. Of the last: {last['refused']} refused, {last['claims']:,} claims, "
        f"{last['pairs']:,} pairs compared, load {last['load']:.1f}. Memory is that of the main process or its largest worker.",
    ]
    if len(lines) > 1:
        first = lines[0]
        grown = [
            f"{step} {math.log(last['seconds'][step] / first['seconds'][step]) / math.log(last['reports'] / first['reports']):.2f}"
            for step in steps
        ]
        out += [
            "",
            f"Seconds grow with reports by these powers, from the least to the greatest: {', '.join(grown)}.",
        ]
    return "\n".join(out)


def drawn(lines: Sequence[Line]) -> dict[str, str]:
    """Seconds of each step, and memory, over reports, as SVG by the file's name."""
    steps = [
        {"way": step, "accounts": line["reports"], "seconds": seconds}
        for line in lines
        for step, seconds in [*line["seconds"].items(), ("one more", line["one more"])]
    ]
    memory = [{"way": "ours", "accounts": line["reports"], "peak": line["peak"]} for line in lines]
    ticks = [line["reports"] for line in lines]
    return {
        "steps.svg": plot(steps, "seconds", "s", "reports", ticks),
        "steps-memory.svg": plot(memory, "peak", "MB", "reports", ticks),
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sizes", type=int, action="append")
    parser.add_argument("--save", action="store_true", help="write bench/fakes.md")
    parser.add_argument("--one", type=Path, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(*options.one, options.jobs)))
        return 0
    if not REPORTS.exists():
        sys.exit(f"{REPORTS} is not there; this measurement needs that set")
    bare = bare_pass(REPORTS)
    lines = []
    for size in sorted(options.sizes or SIZES):
        lines.append(measured(size, options.jobs))
        print(json.dumps(lines[-1]), flush=True)
    total = sum(lines[-1]["seconds"].values())
    told = [
        "# All steps over 678 reports, and over fewer", "",
        f"`python bench/fakes.py --save`, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.", "",
        table(lines, options.jobs), "",
        f"Alternative in the same run: sentencex and one regular expression over the same texts, {bare:.2f} s; all steps take {total / bare:.0f} times as long.", "",
        "![](../docs/img/steps.svg)", "![](../docs/img/steps-memory.svg)",
    ]  # fmt: skip
    print("\n".join(told))
    if options.save:
        (HERE / "fakes.md").write_text("\n".join(told) + "\n", encoding="utf-8")
        for name, image in drawn(lines).items():
            (HERE.parent / "docs" / "img" / name).write_text(image, encoding="utf-8")
    return 1 if any(line["refused"] for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
