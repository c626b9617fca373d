"""How long and how much memory linking takes as accounts grow, on a war that never was (bench/war.py).

    python bench/scale.py                                    1,000 to 50,000 accounts
    python bench/scale.py --sizes 1000 5000                  these sizes
    python bench/scale.py --before ../other/src              beside it the linking of another checkout's sources
    python bench/scale.py --splink ../venv/bin/python        beside it Splink, where that Python has it (pip install splink)
    python bench/scale.py --ways ours before                 these ways alone
    python bench/scale.py --save                             also writes bench/scale.md and docs/img/linking.svg

Each line is measured in a process of its own, NumPy held to one thread; DuckDB, ours and Splink's, takes the cores
there are. The year stays a year, so the war is denser the more accounts there are; bench/million.py keeps it as dense
as it is and adds years. Seconds are those of linking alone, from accounts with their places looked up to groups, by the clock and
by the processor (less where others keep it busy); memory is the greatest of the process at any time, beside what it
held before linking. A way is not tried at the next size where the last took longer than ``--limit``. The exponent is
the slope of the processor's seconds over accounts between the two greatest sizes, both as logarithms: 1 is twice as
long for twice as many.

    ours      what Tallystick does
    loop      every pair of accounts of different reports within two days (or with a day unknown), scored by four fields in
              a loop in Python, all above a threshold joined: what one would write first
    before    the linking of the sources named, whether their pairs come compared, in slices, or one by one
    Splink    Splink on DuckDB: three blocking rules, six comparisons, m learnt from the true events and the threshold
              that is best on them (both flatter it), all above it joined; totals, which no way links,
              are not laid before it, so its accounts are some fewer
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
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
TARGET = (20_000, 10.0, 1_000.0)  # accounts, seconds, MB
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
Line = dict[str, Any]
CLOSE = 5.0  # of 6.5: what the loop joins. Lower chains more, higher misses most


def memory_mb(line: str) -> float:
    """Resident memory of this process in MB of 1,000,000 bytes: ``VmHWM`` the greatest so far, ``VmRSS`` now.

    By Linux's own account, for ``ru_maxrss`` carries over what the process was started from.
    """
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(told.split(f"{line}:", 1)[1].split(None, 1)[0]) * 1024 / 1e6


# -------------------------------------------------------------------------- the ways, each in its process


def ours(accounts: Sequence[Any]) -> list[frozenset[str]]:
    import linking

    return linking.ours(accounts)


def before(accounts: Sequence[Any]) -> list[frozenset[str]]:
    from tallystick.incidents import compare, pairs, resolve

    judged = []
    for part in pairs(accounts):
        judged += [pair.judgement for pair in part.near] if hasattr(part, "near") else [compare(*part)]
    return [frozenset(a.id for a in incident.accounts) for incident in resolve(accounts, judged)]


def loop(accounts: Sequence[Any]) -> list[frozenset[str]]:
    import linking

    told = sorted((a for a in accounts if not a.telling.aggregate), key=_day)
    links, first = [], 0
    undated = [a for a in told if a.telling.when.start is None]
    for at, right in enumerate(told):
        while (_day(right) - _day(told[first])).days > 2:
            first += 1
        for left in told[first:at]:
            if left.document != right.document and _score(left, right) >= CLOSE:
                links.append((left.id, right.id))
    for left in undated:
        for right in told:
            if left.document != right.document and _score(left, right) >= CLOSE:
                links.append((left.id, right.id))
    groups = linking.shared_index(linking.joined([a.id for a in told], links))
    return [frozenset(group) for group in groups.values()]


def _day(account: Any) -> date:
    """The day told, else that of publication."""
    return account.telling.when.start or account.published


def _score(left: Any, right: Any) -> float:
    one, other = left.telling, right.telling
    gap = one.when.gap(other.when)
    score = 1.0 if gap is None else (2.0, 0.5, -1.0)[gap] if gap <= 2 else -6.0
    if one.place and other.place:
        same = one.place.code == other.place.code and one.place.name == other.place.name
        score += 2.0 if same else 0.5 if one.place.admin1 == other.place.admin1 else -3.0
    score += 1.0 if one.kind == other.kind else -0.5
    killed = [{toll.count.low for _, toll in a.whole("killed")} for a in (left, right)]
    if killed[0] and killed[1]:
        score += 1.5 if killed[0] & killed[1] else -1.0
    return score


WAYS: Mapping[str, Callable[[Sequence[Any]], list[frozenset[str]]]] = {
    "ours": ours,
    "loop": loop,
    "before": before,
}


def one(way: str, size: int) -> Line:
    """Measures one way at one size, in this process."""
    import linking
    import war

    told = war.accounts(size)
    WAYS[way](told.accounts[:50])  # loads what it needs
    held, begin, busy = memory_mb("VmRSS"), time.perf_counter(), time.process_time()
    clusters = WAYS[way](told.accounts)
    took, busy = time.perf_counter() - begin, time.process_time() - busy
    groups = {item: name for item, name in linking.grouped(clusters).items() if item in told.event}
    scores = linking.pairwise(groups, told.event), linking.b_cubed(groups, told.event)
    return {
        "accounts": len(told.accounts), "seconds": took, "busy": busy, "peak": memory_mb("VmHWM"), "held": held,
        "largest": max(map(len, clusters)),
        "precision": scores[0].precision, "recall": scores[0].recall, "f1": scores[0].f1, "b3": scores[1].f1,
    }  # fmt: skip


def export(size: int, path: Path) -> None:
    """Writes the accounts as the table that Splink reads."""
    import war

    told = war.accounts(size)
    with path.open("w", encoding="utf-8") as file:
        for account in told.accounts:
            if account.id not in told.event:
                continue
            telling, place = account.telling, account.telling.place
            killed = [toll.count.low for _, toll in account.whole("killed")]
            line = {
                "unique_id": account.id,
                "document": account.document,
                "kind": telling.kind,
                "day": str(telling.when.start) if telling.when.start else None,
                "published": str(account.published),
                "place": (place.code or place.name) if place else None,
                "admin1": place.admin1 if place else None,
                "killed": killed[0] if killed else None,
                "target": telling.target,
                "words": sorted(set(account.span.quote.lower().split())),
                "event": told.event[account.id],
            }
            file.write(json.dumps(line) + "\n")


# ---------------------------------------------------------------------------------------------- the run


def measured(way: str, size: int, options: argparse.Namespace) -> Line:
    """One line of the table, from a process of its own."""
    env = os.environ | dict.fromkeys(THREADS, "1")
    env["PYTHONPATH"] = os.pathsep.join(
        [str(options.before) if way == "before" else str(HERE.parent / "src"), str(HERE)]
    )
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, __file__, "--one", way, "--sizes", str(size)]
        if way == "Splink":
            table = Path(scratch) / "accounts.jsonl"
            make = [sys.executable, __file__, "--export", str(table), "--sizes", str(size)]
            subprocess.run(make, env=env, check=True)
            command = [str(options.splink), str(HERE / "splink_war.py"), str(table)]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return {"way": way, **json.loads(done.stdout.splitlines()[-1])}


def exponent(lines: Sequence[Line]) -> float | None:
    """The slope of log seconds of processor over log accounts between the two greatest sizes."""
    if len(lines) < 2:
        return None
    one, other = sorted(lines, key=lambda line: line["accounts"])[-2:]
    return math.log(other["busy"] / one["busy"]) / math.log(other["accounts"] / one["accounts"])


def table(lines: Sequence[Line]) -> str:
    rows = [
        "| way | accounts | seconds | of processor | peak MB | of it before linking | pairs P | R | F1 | B³ | largest group |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for line in lines:
        scores = " | ".join(f"{line[name]:.3f}" for name in ("precision", "recall", "f1", "b3"))
        rows.append(
            f"| {line['way']} | {line['accounts']:,} | {line['seconds']:.1f} | {line['busy']:.1f} | {line['peak']:,.0f} | "
            f"{line['held']:,.0f} | {scores} | {line['largest']:,} |"
        )
    return "\n".join(rows)


def growth(lines: Sequence[Line]) -> str:
    parts = []
    for way in dict.fromkeys(line["way"] for line in lines):
        slope = exponent([line for line in lines if line["way"] == way])
        if slope is not None:
            parts.append(f"{way} {slope:.2f}")
    return "Growth between the two greatest sizes of each: " + ", ".join(parts) + "."


def plot(
    lines: Sequence[Line],
    field: str = "busy",
    unit: str = "s",
    below: str = "accounts in one year",
    ticks: Sequence[int] = SIZES,
) -> str:
    """A field over accounts, both by logarithm, as SVG; the same lines give the same bytes."""
    width, height, left, top, right, bottom = 640, 400, 62, 20, 90, 46
    sizes = [line["accounts"] for line in lines]
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    least = min(-1.0 if unit == "s" else 2.0, math.floor(math.log10(min(line[field] for line in lines))))
    most = max(2.0, math.ceil(math.log10(max(line[field] for line in lines))))

    def at(accounts: float, seconds: float) -> tuple[str, str]:
        x = left + (math.log10(accounts) - low) / ((high - low) or 1) * (width - left - right)
        y = top + (most - math.log10(seconds)) / (most - least) * (height - top - bottom)
        return f"{x:.1f}", f"{y:.1f}"

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
        f"<title>{field} ({unit}) over {below}, both by logarithm</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for power in range(int(least), int(most) + 1):
        _, y = at(10**low, 10**power)
        out.append(f'<path d="M{left} {y}H{width - right}" stroke="#ddd"/>')
        out.append(
            f'<text x="{left - 8}" y="{y}" text-anchor="end" dominant-baseline="middle">{10.0**power:,.16g} {unit}</text>'
        )
    for size in (each for each in ticks if 0.98 * min(sizes) <= each <= 1.05 * max(sizes)):
        x, _ = at(size, 1)
        out.append(f'<text x="{x}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>')
    out.append(
        f'<text x="{(left + width - right) / 2:.0f}" y="{height - 6}" text-anchor="middle">{below}</text>'
    )
    if ticks is SIZES and min(sizes) <= TARGET[0] <= max(sizes):
        x, y = at(TARGET[0], TARGET[1])
        out.append(
            f'<path d="M{left} {y}H{x}V{height - bottom}" fill="none" stroke="#999" stroke-dasharray="4 3"/>'
        )
        out.append(f'<text x="{left + 4}" y="{float(y) - 5:.1f}" fill="#666">aim: 20,000 in 10 s</text>')
    ways = list(dict.fromkeys(line["way"] for line in lines))
    colours = dict(zip(ways, ("#0b5", "#c60", "#888", "#36c", "#a0a", "#0aa", "#740"), strict=False))
    colours |= {"ours": "#0b5", "loop": "#c60", "before": "#888", "Splink": "#36c"}
    for way in ways:
        points = [at(line["accounts"], line[field]) for line in lines if line["way"] == way]
        colour = colours[way]
        out.append(
            f'<path d="M{"L".join(" ".join(point) for point in points)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        out += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        out.append(
            f'<text x="{float(x) + 8:.1f}" y="{y}" fill="{colour}" dominant-baseline="middle">{way}</text>'
        )
    return "\n".join([*out, "</svg>"]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--ways", nargs="+", choices=("ours", "loop", "before", "Splink"))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds")
    parser.add_argument("--before", type=Path, help="the src folder of another checkout")
    parser.add_argument("--splink", type=Path, help="a Python that has Splink")
    parser.add_argument("--save", action="store_true", help="write bench/scale.md and docs/img/linking.svg")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--export", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.export:
        export(options.sizes[0], options.export)
        return 0
    if options.one:
        print(json.dumps(one(options.one, options.sizes[0])))
        return 0
    ways = ["ours", "loop"] + ["before"] * bool(options.before) + ["Splink"] * bool(options.splink)
    lines: list[Line] = []
    for way in (each for each in ways if each in (options.ways or ways)):
        for size in sorted(options.sizes):
            if lines and lines[-1]["way"] == way and lines[-1]["busy"] > options.limit:
                break
            lines.append(measured(way, size, options))
            print(table(lines[-1:]).splitlines()[-1], flush=True)
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    told = f"{table(lines)}\n\n{growth(lines)}\n"
    print(f"\n{machine}\n\n{told}")
    if options.save:
        head = f"# Linking as accounts grow\n\n`python bench/scale.py --save`, {machine}; what each way is stands in the script.\n"
        (HERE / "scale.md").write_text(f"{head}\n{told}\n![](../docs/img/linking.svg)\n", encoding="utf-8")
        (HERE.parent / "docs" / "img" / "linking.svg").write_text(plot(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
