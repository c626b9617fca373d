"""Whether ``tallystick verify`` names every single byte that is changed, in any file of a case.

    python bench/flips.py                     10,000 flips, some five minutes of one processor
    python bench/flips.py --flips 500 --seed 3
    python bench/flips.py --save              and write the table to bench/flips.md

A case is made of examples/harrow-valley, with a list of places, a signed checkpoint and the public key. Then, time and again, one byte of it becomes another, verify looks,
and the byte is put back. Half of the flips fall on a file drawn with equal chances, so that small files are
hit, half on a byte drawn from all, so that large ones are. "by check" is the first one with a finding in which
the path of the flipped file stands: that something somewhere is amiss counts as missed. Checks are carried
through until one names it, as nothing that a later one says could take a finding back.

Nearly all is found by the digests of the manifest and of the captures. So, beside it and in the same run, a
tenth as many flips of the ledger with the manifest taken away, each looked at by all checks: what the
others alone are worth, among them SQLite's own ``PRAGMA integrity_check``, which is the named alternative.
What they miss lies in bytes that hold nothing, such as free space within a page: the rows are read as they
were written. A flip that changes what any row says, and is missed, would be a fault; it is counted apart.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tallystick import checks
from tallystick.case import Case
from tallystick.checks import CHECKS, Check
from tallystick.evidence import keys, manifest
from tallystick.ledger import FILE, Ledger
from tallystick.rows import METADATA
from tallystick.settings import shown

HERE = Path(__file__).resolve().parent
REPORTS = HERE.parent / "examples" / "harrow-valley"

# Which checks look first: those that read every byte once, and cost least.
FIRST = (1, 2, 8)
STEPS = (
    *([check] for number in FIRST for check in CHECKS if check.number == number),
    [check for check in CHECKS if check.number not in FIRST],
)
WITHIN = [check for check in CHECKS if check.number not in (1, 9)]  # those that look into the ledger


@dataclass
class Tally:
    """How many flips fell on a sort of file, and which check named them; those that none did, as told."""

    flips: int = 0
    named: Counter[int] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def make(folder: Path) -> Path:
    """A finished case of the example, in ``folder``."""
    with Case.make(folder, clock=lambda: "2019-05-20T12:00:00.000Z") as case:
        case.run([REPORTS], jobs=1)
        case.add_list(_places(folder.parent))
        private = folder.parent / "private"
        keys.make("bench", private)
        case.checkpoint(keys.unlock("bench", private))
    return folder


def _places(folder: Path) -> Path:
    path = folder / "our-places.csv"
    path.write_text("name,latitude,longitude\nOmrun,31.4,-41.2\n", encoding="utf-8")
    return path


def sort_of(path: Path, case: Path) -> str:
    first = path.relative_to(case).parts[0]
    return f"{first}/" if (case / first).is_dir() else first


def drawn(case: Path, flips: int, seed: int) -> Iterator[tuple[Path, int, int]]:
    """Files with the place of a byte and what to change in it."""
    chance = random.Random(seed)  # noqa: S311
    files = sorted(path for path in case.rglob("*") if path.is_file() and path.stat().st_size)
    sizes = [path.stat().st_size for path in files]
    for _ in range(flips):
        weights = None if chance.random() < 0.5 else sizes
        (path,) = chance.choices(files, weights)
        yield path, chance.randrange(path.stat().st_size), chance.randrange(1, 256)


@contextmanager
def flipped(path: Path, place: int, change: int) -> Iterator[None]:
    """``path`` with one byte changed, for as long as this lasts."""
    path.chmod(0o644)
    with path.open("r+b", buffering=0) as file:
        (byte,) = os.pread(file.fileno(), 1, place)
        os.pwrite(file.fileno(), bytes([byte ^ change]), place)
        try:
            yield
        finally:
            os.pwrite(file.fileno(), bytes([byte]), place)


def found_by(case: Path, chosen: Sequence[Check], flipped: Path) -> list[int]:
    """The numbers of those of ``chosen`` that name the file ``flipped`` in what they find."""
    outcomes = checks.verify(case, chosen).outcomes
    return [each.check.number for each in outcomes if any(shown(flipped) in found for found in each.findings)]


def by_all(case: Path, flipped: Path) -> int | None:
    """The first check of ``verify`` that names the file ``flipped``, if any does."""
    return next((found[0] for step in STEPS if (found := found_by(case, step, flipped))), None)


def fall(
    case: Path, flips: Iterator[tuple[Path, int, int]], named: Callable[[Path, Path], int | None]
) -> dict[str, Tally]:
    """Flip byte after byte; what became of each, by sort of file."""
    out: dict[str, Tally] = {}
    for path, place, change in flips:
        tally = out.setdefault(sort_of(path, case), Tally())
        tally.flips += 1
        with flipped(path, place, change):
            found = named(case, path)
        if found is None:
            tally.missed.append(f"{path.relative_to(case)}, byte {place}, changed by {change:#04x}")
        else:
            tally.named[found] += 1
    return out


# ------------------------------------------------------------------------- without the manifest


def without_manifest(case: Path, flips: int, seed: int) -> tuple[Tally, Tally, list[str]]:
    """Flips of the ledger alone: what all checks name, what SQLite does, and missed ones that changed a row."""
    manifest.remove(case)
    ledger, was = case / FILE, _rows(case)
    chance = random.Random(seed)  # noqa: S311
    ours, theirs, changed = Tally(), Tally(), []
    for _ in range(flips):
        place, change = chance.randrange(ledger.stat().st_size), chance.randrange(1, 256)
        with flipped(ledger, place, change):
            found = found_by(case, WITHIN, ledger)
            if not found and _rows(case) != was:
                changed.append(f"{FILE}, byte {place}, changed by {change:#04x}")
        ours.flips += 1
        ours.named.update(found[:1])
        theirs.named.update({3} & set(found))
    return ours, theirs, changed


def _rows(case: Path) -> list[list[tuple[object, ...]]]:
    """All that the ledger says."""
    with Ledger.still(case) as ledger, ledger._begin() as connection:
        return [
            [tuple(row) for row in connection.execute(table.select().order_by("seq"))]
            for table in METADATA.sorted_tables
        ]


# -------------------------------------------------------------------------------------- the table


def table(tallies: dict[str, Tally]) -> list[str]:
    lines = ["| file | flips | named | by check |", "|---|---:|---:|---|"]
    whole = Tally()
    for name, tally in sorted(tallies.items()):
        whole.flips += tally.flips
        whole.named.update(tally.named)
        lines.append(_row(f"`{name}`", tally))
    return [*lines, _row("**all**", whole)]


def _row(name: str, tally: Tally) -> str:
    by = ", ".join(f"{number}: {times:,}" for number, times in sorted(tally.named.items()))
    return f"| {name} | {tally.flips:,} | {tally.named.total():,} | {by} |"


def main() -> int:
    parser = argparse.ArgumentParser(description="Whether verify names every byte that is changed.")
    parser.add_argument("--flips", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", action="store_true", help="write the table to bench/flips.md")
    asked = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108  # no disk is worn out by this
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        case = make(Path(folder) / "case")
        size = sum(path.stat().st_size for path in case.rglob("*") if path.is_file())
        begin = time.process_time()
        tallies = fall(case, drawn(case, asked.flips, asked.seed), by_all)
        took = time.process_time() - begin
        copy = shutil.copytree(case, Path(folder) / "copy")
        ours, theirs, changed = without_manifest(copy, asked.flips // 10, asked.seed)
    missed = [told for tally in tallies.values() for told in tally.missed]
    named = asked.flips - len(missed)
    lines = [
        f"{platform.machine()}, Python {platform.python_version()}, one processor; a case of {size:,} bytes; "
        f"seed {asked.seed}; {1000 * took / asked.flips:.0f} ms of it for each flip.",
        "",
        f"**{named:,} of {asked.flips:,} flips were named by `verify`, with the file.**",
        "",
        *table(tallies),
        "",
        f"Without the manifest, {ours.flips:,} flips of `{FILE}`: {ours.named.total():,} named by the other "
        f"checks, {theirs.named.total():,} by the soundness of the database (check 3) alone; of those that no "
        f"check named, {len(changed):,} changed what a row says.",
    ]
    print("\n".join([*lines, *(f"MISSED: {told}" for told in [*missed, *changed])]))
    if asked.save:
        head = [
            "# Flipped bytes",
            "",
            "`python bench/flips.py --save`; what is counted is told in the script.",
            "",
        ]
        (HERE / "flips.md").write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    return int(bool(missed or changed))


if __name__ == "__main__":
    sys.exit(main())
