"""All steps over the 678 reports of ../shared/data/fakes: reports a second, peak memory, failures.

    python bench/fakes.py [--jobs 2] [--save]

Beside it, in the same run, a named alternative that does far less: the same reports through
sentencex (splitting into sentences only) and through one regular expression for "N killed". The
ratio says what custody, reading, linking and the dossier cost over a bare pass of the text.
``--save`` writes the table to bench/fakes.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / "shared" / "data" / "fakes" / "reports.jsonl"


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


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--save", action="store_true", help="write bench/fakes.md")
    options = parser.parse_args()
    if not REPORTS.exists():
        sys.exit(f"{REPORTS} is not there; this measurement needs that set")
    from tallystick.case import Case

    bare = bare_pass(REPORTS)
    rows: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as scratch, Case.make(Path(scratch) / "case") as case:
        begin = time.perf_counter()
        added = case.add([REPORTS])
        rows.append(("add (keep and read in)", time.perf_counter() - begin))
        begin = time.perf_counter()
        was_read = case.read(jobs=options.jobs)
        rows.append((f"read ({options.jobs} processes)", time.perf_counter() - begin))
        begin = time.perf_counter()
        linked = case.link()
        rows.append(("link", time.perf_counter() - begin))
        begin = time.perf_counter()
        case.record()
        rows.append(("findings (alone)", time.perf_counter() - begin))
        begin = time.perf_counter()
        case.dossier()
        rows.append(("findings and dossier", time.perf_counter() - begin))
        refused = len(added.refused) + len(was_read.refused)
        reports = added.documents
    total = sum(seconds for name, seconds in rows if "alone" not in name)
    lines = [
        "# All steps over 678 reports", "",
        f"`python bench/fakes.py --save`, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.", "",
        "| step | seconds |", "|---|---:|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in rows),
        f"| **all** | **{total:.1f}** |", "",
        f"{reports} reports, {refused} refused, {was_read.claims:,} claims, {linked.accounts:,} accounts, {linked.pairs:,} pairs compared; "
        f"**{reports / total:.1f} reports a second**, peak memory {peak_mb():.0f} MB (the larger of the main process and its largest worker).", "",
        f"Alternative in the same run: sentencex and one regular expression over the same texts, {bare:.2f} s; all steps take {total / bare:.0f} times as long.",
    ]  # fmt: skip
    print("\n".join(lines))
    if options.save:
        (HERE / "fakes.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
