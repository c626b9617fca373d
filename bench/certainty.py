"""Whether a claim's confidence means what it says: of those read with 0.7, seven in ten should be right.

    PYTHONPATH=src python bench/certainty.py        on ../shared/gold/dev and the held-out coded claims

Right is what the coders bear out: a figure whose kind and bounds the report's coding holds; an account
that the scorer matches with a coded one; a party in its role in that account; a clause that meets a
coded claim of the same topic. Printed are the claims by their confidence, how many of them were right,
and the expected calibration error (the mean distance between the two, by number of claims).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))
import tune  # noqa: E402

SHARED = HERE.parent.parent / "shared"
EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.01)
NAMES = {"telling": "accounts", "tally": "figures", "role": "parties", "clause": "clauses"}


def judged() -> dict[str, list[tuple[float, bool]]]:
    """Each sort's claims: their confidence, and whether they are right."""
    from tallystick import claims

    out: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for report, coded in tune.data.gold([SHARED / "gold" / "dev"]):
        document = tune.document_of(report)
        for sort, share, right in tune.judged(document, {**coded, "claims": None}, claims.claims(document)):
            out[sort].append((share, right))
    names = tune.corpus.HELD_OUT
    every = json.loads((SHARED / "gold/claims/all.json").read_text(encoding="utf-8"))
    for name in sorted(names):
        report = json.loads((SHARED / f"gold/claims/docs/{name}.json").read_text(encoding="utf-8"))
        document = tune.document_of(report)
        gold = {"accounts": [], "claims": [c for c in every if c["doc"] == name]}
        for sort, share, right in tune.judged(document, gold, claims.claims(document)):
            if sort == "clause":
                out[sort].append((share, right))
    return out


def table(points: list[tuple[float, bool]]) -> tuple[list[tuple[float, float, int, float, float]], float]:
    """(from, to, how many, mean confidence, share right) of each bin that holds any, and the error."""
    rows, error = [], 0.0
    for low, high in pairwise(EDGES):
        here = [(p, right) for p, right in points if low <= p < high]
        if here:
            said = sum(p for p, _ in here) / len(here)
            was = sum(right for _, right in here) / len(here)
            rows.append((low, min(high, 1.0), len(here), said, was))
            error += abs(said - was) * len(here) / len(points)
    return rows, error


def main() -> None:
    for sort, points in judged().items():
        rows, error = table(points)
        print(f"{NAMES[sort]}: {len(points)} claims, expected calibration error {error:.3f}")
        for low, high, many, said, was in rows:
            print(f"  {low:.2f}–{high:.2f}  {many:5}  said {said:.2f}  right {was:.2f}")


if __name__ == "__main__":
    main()
