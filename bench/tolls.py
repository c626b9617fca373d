"""Tolls of incidents told twice, on coded accounts with their coded incidents: reading and linking play no part.

    python bench/tolls.py [--gold FOLDER] [--dossier FOLDER]

Each incident that two or more reports tell is weighed, and its reported range of people killed is held
against the scorer's (``../shared/score/score.py``, ``killed_range``: the least and the greatest of
the figures for people; of an account without one, of all its figures). Where the two differ, the
reason is named by kind. Beside it stands a named alternative: the least and the greatest of every
figure told, whoever it counts. ``--dossier`` writes the pages of these incidents.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import coded

from tallystick import dossier
from tallystick.findings import copies, find, totals
from tallystick.findings.tolls import CLASSES
from tallystick.model import Account, Incident, Record, Weighed

SHARED = Path(__file__).resolve().parents[2] / "shared"
Ends = tuple[int, int] | None


def scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wanted(score: ModuleType, accounts: list[Account]) -> Ends:
    """What the scorer makes of the same accounts."""
    told = [
        {
            "tolls": [
                {"kind": t.kind, "low": t.count.low, "high": t.count.high, "group": t.group}
                for _, t in a.tolls()
            ]
        }
        for a in accounts
    ]
    return score.killed_range(told)


def every_figure(accounts: list[Account]) -> Ends:
    """The alternative: the least and the greatest of all figures, sub-groups too."""
    counts = [toll.count for account in accounts for _, toll in account.tolls("killed")]
    lows = [count.low for count in counts if count.low is not None]
    return (min(lows), max(count.greatest_told for count in counts)) if lows else None


def why(accounts: list[Account]) -> str:
    """The kind of reason for which ours may differ from the scorer's, the plainest first."""
    kinds = set()
    for account in accounts:
        figures = [t for c, t in account.tolls("killed") if c.counts]
        groups = {t.group for t in figures}
        if "people" in groups:
            kinds.update(
                {"a figure “up to N” names no least"} if any(t.count.low is None for t in figures) else ()
            )
        elif len(groups & set(CLASSES)) > 1:
            kinds.add("civilians and fighters of one account are added here")
        elif groups & set(CLASSES) and groups - set(CLASSES):
            kinds.add(
                "the scorer counts a sub-group (children) as the least where the whole is of civilians or fighters"
            )
        elif len(groups) > 1:
            kinds.add("the scorer counts the lesser of several sub-groups as the least")
    order = ("the scorer counts a", "civilians and", "the scorer counts the", "a figure")
    found = sorted(kinds, key=lambda kind: next(n for n, start in enumerate(order) if kind.startswith(start)))
    return found[0] if found else "other"


def gathered(folder: Path) -> tuple[list[Weighed], Record]:
    """The coded incidents of ``folder``, weighed, and a record of them."""
    told, documents, incident = coded.accounts(folder)
    groups: dict[str, list[Account]] = {}
    for account in told:
        if account.id in incident:
            groups.setdefault(incident[account.id], []).append(account)
    copied = copies(documents.values())
    weighed = [find(Incident(tuple(group)), copied) for _, group in sorted(groups.items())]
    claims = tuple(claim for account in told for claim in account.claims)
    summed = totals(weighed, told, ())
    return weighed, Record(
        folder.name, (), tuple(documents.values()), claims, told, (), tuple(weighed), totals=summed
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, action="append", help="a folder with docs/ and gold/")
    parser.add_argument("--scorer", type=Path, default=SHARED / "score" / "score.py")
    parser.add_argument("--dossier", type=Path, help="write the pages of the last folder's incidents here")
    options = parser.parse_args()
    score = scorer(options.scorer)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    record = None
    for folder in options.gold or [SHARED / "gold" / "dev"]:
        weighed, record = gathered(folder)
        hits: Counter[str] = Counter()
        misses: Counter[str] = Counter()
        for each in weighed:
            accounts = list(each.incident.accounts)
            want = wanted(score, accounts)
            if want is None or len({account.document for account in accounts}) < 2:
                continue
            found = each.finding("killed")
            ours = (found.range.low, found.range.high) if found and found.range else None
            hits["of"] += 1
            hits["every figure"] += every_figure(accounts) == want
            hits["ours"] += ours == want
            if ours != want:
                misses[why(accounts)] += 1
        of = hits["of"]
        print(f"{folder.name}: {of} incidents told twice")
        for name in ("ours", "every figure"):
            print(f"  {name:14} {hits[name]:3} of {of} equal the scorer's ({hits[name] / of:.2f})")
        for reason, n in misses.most_common():
            print(f"  {n:3} differ: {reason}")
    if options.dossier and record:
        print(f"pages: {dossier.write(record, options.dossier)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
