"""Reading of times against TempEval-3: extents and values of TIMEX3, the day the document was made given.

    python bench/times.py [--misses] [--texts FOLDER]

TimeBank and AQUAINT as TempEval-3 cleaned them (../shared/data/tempeval3). The forms were written while
looking at AQUAINT and one half of TimeBank (by a hash of the name); the other half was only counted.
Scored as the task did it: strict (same extent), relaxed (overlapping extents), value (overlapping, and
the same TIMEX3 value); every row counts TIMEX3 of the text, not the creation time. Beside it what
HeidelTime reached on the platinum test of the task, which is not among these texts, and the
``dateparser`` package on the same texts in the same run, where it is installed.

Sources: UzZaman et al., SemEval-2013 Task 1; Strötgen et al., HeidelTime: Tuning English and
Developing Spanish Resources for TempEval-3.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEXTS = HERE.parent.parent / "shared" / "data" / "tempeval3" / "data" / "TBAQ-cleaned"
HEIDELTIME = "HeidelTime on the task's platinum test (published): strict 81.3, relaxed 90.3, value 77.6"

Spans = list[tuple[int, int, str]]
Reader = Callable[[str, date], Spans]


@dataclass(frozen=True)
class Text:
    """One document: its text without marks, the day it was made, and its TIMEX3 as (start, end, value)."""

    name: str
    text: str
    made: date
    told: Spans
    held_out: bool


def texts(folder: Path) -> list[Text]:
    """All documents in ``folder``, in order of their names."""
    return [_text(path) for path in sorted(folder.glob("*/*.tml"))]


def _text(path: Path) -> Text:
    raw = path.read_text(encoding="utf-8", errors="replace")
    made = re.search(r'<DCT>.*?value="(\d{4}-\d\d-\d\d)', raw, re.S)
    if made is None:
        raise ValueError(f"{path} tells no creation time")
    body = raw[raw.index("<TEXT>") + 6 : raw.index("</TEXT>")]
    out: list[str] = []
    told: Spans = []
    at, opened = 0, None
    for piece in re.split(r"(<[^>]+>)", body):
        if piece.startswith("<TIMEX3"):
            value = re.search(r'value="([^"]*)"', piece)
            opened = at, value[1] if value else ""
        elif piece.startswith("</TIMEX3") and opened is not None:
            told.append((opened[0], at, opened[1]))
            opened = None
        elif not piece.startswith("<"):
            plain = unescape(piece)
            out.append(plain)
            at += len(plain)
    half = int(hashlib.sha256(path.name.encode()).hexdigest(), 16) % 2
    held_out = path.parent.name == "TimeBank" and half == 1
    return Text(path.name, "".join(out), date.fromisoformat(made[1]), told, held_out)


def ours(text: str, made: date) -> Spans:
    """What ``when.expressions`` finds, with TIMEX3 values."""
    from tallystick.values import when

    return [(a, b, when.timex(told)[1]) for a, b, told in when.expressions(text, made)]


def dateparsers(text: str, made: date) -> Spans:
    """What ``dateparser.search`` finds; every value a day, as that package has no other."""
    from dateparser.search import search_dates

    settings = {
        "RELATIVE_BASE": datetime(made.year, made.month, made.day, tzinfo=UTC),
        "PREFER_DATES_FROM": "past",
    }
    spans: Spans = []
    at = 0
    for words, told in search_dates(text, languages=["en"], settings=settings) or []:
        start = text.find(words, at)
        if start >= 0:
            at = start + len(words)
            spans.append((start, at, told.date().isoformat()))
    return spans


def scores(chosen: Iterable[Text], reader: Reader, missed: list[str] | None = None) -> tuple[float, ...]:
    """F1 of strict extents, relaxed extents and values, and the share of right values among what overlaps."""
    told = found = strict = relaxed = valued = 0
    for one in chosen:
        gold, mine = one.told, reader(one.text, one.made)
        told, found = told + len(gold), found + len(mine)
        exact = {(a, b) for a, b, _ in gold}
        strict += sum((a, b) in exact for a, b, _ in mine)
        free = list(gold)
        for a, b, value in mine:
            match = next((g for g in free if g[0] < b and a < g[1]), None)
            if match is None:
                _note(missed, one, a, b, "found too many", value)
                continue
            free.remove(match)
            relaxed += 1
            valued += match[2] == value
            if match[2] != value:
                _note(missed, one, a, b, f"should be {match[2]} ({one.text[match[0] : match[1]]!r})", value)
            elif (a, b) not in exact:
                _note(missed, one, a, b, f"extent should be {one.text[match[0] : match[1]]!r}", value)
        for a, b, value in free:
            _note(missed, one, a, b, "missed", value)
    return *(2 * n / (told + found) if told + found else 0.0 for n in (strict, relaxed, valued)), (
        valued / relaxed if relaxed else 0.0
    )


def _note(missed: list[str] | None, one: Text, a: int, b: int, what: str, value: str) -> None:
    if missed is not None:
        around = f"{one.text[max(0, a - 40) : a]}[[{one.text[a:b]}]]{one.text[b : b + 25]}"
        missed.append(f"{what} | {value} | {' '.join(around.split())} | {one.made} {one.name}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=TEXTS, metavar="FOLDER", help="the folder TBAQ-cleaned")
    parser.add_argument("--misses", action="store_true", help="print what was missed, of the half looked at")
    options = parser.parse_args()
    if not options.texts.exists():
        sys.exit(f"{options.texts} is not there; this measurement needs that set")
    every = texts(options.texts)
    seen, kept = [t for t in every if not t.held_out], [t for t in every if t.held_out]
    missed: list[str] = []
    parts = (
        ("looked at: AQUAINT, half of TimeBank", seen),
        ("held out: other half of TimeBank", kept),
        ("all", every),
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}; {len(every)} texts, "
          f"{sum(len(t.told) for t in every)} TIMEX3 in their text")  # fmt: skip
    print(
        f"{'reader':10}  {'texts':38}{'strict F1':>10}{'relaxed F1':>11}{'value F1':>9}{'value right':>12}{'seconds':>9}"
    )
    for name, reader in (("tallystick", ours), ("dateparser", dateparsers)):
        for label, chosen in parts:
            begin = time.perf_counter()
            try:
                strict, relaxed, valued, right = scores(
                    chosen, reader, missed if chosen is seen and reader is ours else None
                )
            except ModuleNotFoundError:
                print(f"{name:10}  not installed, left out")
                break
            took = time.perf_counter() - begin
            print(f"{name:10}  {label:38}{strict:10.3f}{relaxed:11.3f}{valued:9.3f}{right:12.3f}{took:9.1f}")
    print(HEIDELTIME)
    if options.misses:
        print("\n".join(missed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
