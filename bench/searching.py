"""Looking for words in the 678 reports of ../shared/data/fakes, and in 25,000 reports' worth of such text.

    python bench/searching.py [--reports 25000] [--save]

Each question is asked as the page asks it (how many reports hold the words, and the first twenty with the words
around each), three times; the middle time is told. The many reports are made of sentences of the 678, drawn by
chance with a fixed seed, each about as long as a report of the set. Beside it, in the same run, a named
alternative: SQLite's LIKE over the same folded texts, which every page could do without an index.
``--save`` writes the table to bench/searching.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from tallystick.desk.finds import Finds
from tallystick.desk.keep import Keep
from tallystick.desk.search import folded, terms
from tallystick.model import CaptureId, Document, DocumentId

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent.parent / "shared" / "data" / "fakes" / "reports.jsonl"
ASKED = (
    "killed",
    "Aleppo",
    "barrel bomb",
    '"white helmets"',
    "hosp*",
    "killed -Aleppo",
    "2016-10-07",
    "مستشفى",
)
PAGE = 20


class Shelf(Finds):
    """Reports held in memory where a case has its ledger."""

    def __init__(self, keep: Keep, documents: dict[str, Document]) -> None:
        super().__init__(cast(Any, SimpleNamespace()), keep)
        self._documents = documents

    def document(self, name: str) -> Document | None:
        return self._documents.get(name)


def drawn(texts: list[str], many: int) -> list[str]:
    """``many`` texts of sentences drawn by chance."""
    chance = random.Random(7)  # noqa: S311 - no secret
    sentences = [part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if part]
    mean = sum(map(len, texts)) / len(texts)
    out = []
    for _ in range(many):
        made: list[str] = []
        length = 0
        while length < mean:
            made.append(chance.choice(sentences))
            length += len(made[-1])
        out.append(" ".join(made))
    return out


def shelf(texts: list[str], folder: Path) -> tuple[Shelf, Keep, float]:
    """The texts as the desk keeps them, and the seconds that it took to index them."""
    keep = Keep(folder / "kept.sqlite")
    documents = {}
    begin = time.perf_counter()
    with keep.writing() as connection:
        for n, text in enumerate(texts):
            name = DocumentId(f"doc-{n:06d}")
            documents[str(name)] = Document(CaptureId(f"{n:064x}"), f"r{n}", text)
            connection.execute("INSERT INTO texts VALUES (?, ?)", (folded(text), name))
    return Shelf(keep, documents), keep, time.perf_counter() - begin


def middle(ask: Callable[[], object]) -> float:
    """Milliseconds, the middle of three."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        ask()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times)


def scanned(connection: sqlite3.Connection, asked: str) -> int:
    """How many texts hold the words, letter by letter."""
    words = [term for term, _ in terms(asked)]
    where = " AND ".join("folded LIKE ?" for _ in words)
    found = connection.execute(f"SELECT COUNT(*) FROM texts WHERE {where}", [f"%{word}%" for word in words])  # noqa: S608
    return int(found.fetchone()[0])


def table(texts: list[str], label: str) -> list[str]:
    """The lines of the table for one set of texts."""
    with tempfile.TemporaryDirectory() as scratch:
        held, keep, seconds = shelf(texts, Path(scratch))
        keep.reading.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = sum(map(len, texts)) / 1e6
        lines = [
            f"{label}: {len(texts):,} reports, {size:.1f} million letters, indexed in {seconds:.1f} s, "
            f"{keep.file.stat().st_size / 1e6:.0f} MB of file",
            "",
            "| asked | reports | page, ms | LIKE over all, ms |",
            "|---|---|---|---|",
        ]
        for asked in ASKED:
            page = middle(lambda asked=asked: (held.count_found(asked), held.search(asked, limit=PAGE)))  # type: ignore[misc]
            scan = middle(lambda asked=asked: scanned(keep.reading, asked))  # type: ignore[misc]
            lines.append(f"| {asked} | {held.count_found(asked):,} | {page:.1f} | {scan:.1f} |")
        keep.close()
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=25_000)
    parser.add_argument("--save", action="store_true", help="write bench/searching.md")
    options = parser.parse_args()
    if not REPORTS.exists():
        sys.exit(f"{REPORTS} is not there; this measurement needs that set")
    texts = [json.loads(line)["text"] for line in REPORTS.read_text(encoding="utf-8").splitlines()]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        "# Looking for words",
        "",
        f"`python bench/searching.py --reports {options.reports}` on {machine}.",
    ]
    lines += ["", *table(texts, "The set"), "", *table(drawn(texts, options.reports), "Drawn from it")]
    told = "\n".join(lines) + "\n"
    sys.stdout.write(told)
    if options.save:
        (HERE / "searching.md").write_text(told, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
