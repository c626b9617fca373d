"""Fits the weights of ``tallystick.incidents.compare`` anew, and prints them beside those in use.

    python bench/weights.py

Reads the coded training reports (../shared/gold/train), finds each account's coded incident with the
scorer's own matching, and fits a logistic regression (Newton's method, ridge 0.5) on the reasons of
every candidate pair of which at least one account was found. Nothing is written: whoever changes the
table rounds to a tenth and measures on dev with ``bench/quality.py``.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import math
import sys
from datetime import date
from pathlib import Path

from tallystick.claims import claims
from tallystick.incidents import pairs
from tallystick.model import Account, CaptureId, Document, accounts
from tallystick.naming import cache, located
from tallystick.values.places.gazetteer import Gazetteer, default

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
RIDGE, ROUNDS = 0.5, 40
COUNTRIES = ("Syria",)  # what those reports are about
comparing = importlib.import_module("tallystick.incidents.compare")


def scorer():
    """The scorer beside the repository, as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "score" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(folder: Path, lists: Gazetteer) -> list[tuple[Document, tuple[Account, ...]]]:
    """Every document of a coded folder with its accounts, as the reader finds them, their places looked up."""
    out = []
    for path in sorted((folder / "docs").glob("*.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        day = date.fromisoformat(record["published"]) if record.get("published") else None
        document = Document(
            CaptureId("0"),
            record["id"],
            record["text"],
            record.get("title"),
            record.get("source"),
            day,
            "metadata" if day else None,
        )
        mine = accounts(claims(document), {document.id: document})
        out.append((document, located(mine, {document.id: document}, lists, COUNTRIES, {})))
    return out


def coded(score, folder: Path, documents) -> dict[str, str]:
    """Each account's coded incident, where the scorer's matching finds one."""
    gold, found = score.load_gold(folder / "gold"), {}
    for document, tellings in documents:

        def at(account, text=document.text):
            if account.get("start") is not None:
                return account["start"], account["end"]
            start = text.find(account["quote"])
            return (start, start + len(account["quote"])) if start >= 0 else None

        events = [a for a in gold.get(document.name, []) if not a["aggregate"]]
        mine = [a for a in tellings if not a.telling.aggregate and not a.is_matter]
        lines = [
            {
                "start": a.span.start,
                "end": a.span.end,
                "kind": a.telling.kind,
                "place": {"name": a.telling.place.name} if a.telling.place else None,
                "date": {"start": str(a.telling.when.start), "end": str(a.telling.when.end)}
                if a.telling.when.start
                else {},
                "tolls": [{"kind": t.kind, "low": t.count.low, "high": t.count.high} for _, t in a.tolls()],
            }
            for a in mine
        ]
        weights = [[score.closeness(g, p, at) for p in lines] for g in events]
        found |= {mine[j].id: events[i]["incident"] for i, j in score.assign(weights, 0.8)}
    return found


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivots: small, and needs nothing installed."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            for c in range(i, size + 1):
                rows[r][c] -= factor * rows[i][c]
    out = [0.0] * size
    for i in reversed(range(size)):
        out[i] = (rows[i][size] - sum(rows[i][c] * out[c] for c in range(i + 1, size))) / rows[i][i]
    return out


def fit(rows: list[tuple[frozenset[int], bool]], size: int) -> list[float]:
    """Log-odds of each feature; the last is the bias, which no ridge holds."""
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [RIDGE * w for w in weights[:-1]] + [0.0]
        curve = [
            [(RIDGE if i == j and i < size - 1 else 1e-6 if i == j else 0.0) for j in range(size)]
            for i in range(size)
        ]
        for features, same in rows:
            on = [*features, size - 1]
            p = 1 / (1 + math.exp(-sum(weights[i] for i in on)))
            for i in on:
                slope[i] += p - same
                for j in on:
                    curve[i][j] += p * (1 - p)
        step = solve(curve, slope)
        weights = [w - s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def main() -> None:
    folders = sorted(p for p in (SHARED / "gold" / "train").glob("t*") if p.is_dir())
    if not folders:
        sys.exit(f"{SHARED / 'gold' / 'train'} is not there; the fit needs those reports")
    score, lists = scorer(), Gazetteer(default(cache()))
    # "tolls differ" is the ground that the other tolls are measured from, so it has no weight of its own.
    names = [name for name in comparing.WEIGHTS if name not in ("before comparing", "tolls differ")]
    rows = []
    for folder in folders:
        documents = told(folder, lists)
        incident = coded(score, folder, documents)
        every = [account for _, tellings in documents for account in tellings]
        for left, right in pairs(every):
            if left.is_matter or (left.id not in incident and right.id not in incident):
                continue
            reasons = {name for name, _ in comparing._harm(left, right)}
            same = left.id in incident and incident[left.id] == incident.get(right.id)
            rows.append((frozenset(i for i, name in enumerate(names) if name in reasons), same))
    fitted = fit(rows, len(names) + 1)
    print(f"{len(rows):,} candidate pairs, {sum(same for _, same in rows):,} of one incident\n")
    print(f"{'':32} fitted  in use  pairs")
    for i, name in enumerate(names):
        seen = sum(i in features for features, _ in rows)
        print(f"{name:32} {fitted[i]:6.2f} {comparing.WEIGHTS[name]:7.1f} {seen:6,}")
    print(f"{'before comparing':32} {fitted[-1]:6.2f} {comparing.WEIGHTS['before comparing']:7.1f}")


if __name__ == "__main__":
    main()
