"""Fits the weights of ``tallystick/incidents/weights.tsv`` anew, and prints them beside those in use.

    python bench/weights.py            fit, compare, measure; nothing is written
    python bench/weights.py --write    write the table

Reads the coded training reports (../shared/gold/train) with the reader, finds each account's coded incident
with the scorer's own matching, and fits a logistic regression (Newton's method, ridge 3) on the reasons of
every candidate pair of harm, of accounts as read and, for less, of accounts as coded. A reason that would weigh against its own words ("targets differ" for one
event) is set to nought and the rest fitted again. The reasons under ``rival`` are fitted last, on top of the
sum of the others. Weights are rounded to a tenth; a sum of nought is then an even chance. Links are printed
for each training folder with the weights of the other seven, on accounts as read and as coded.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
from datetime import date
from pathlib import Path

import coded as coded_accounts
import numpy as np

from tallystick.claims import claims
from tallystick.incidents import Pair, pairs
from tallystick.model import Account, CaptureId, Document, accounts
from tallystick.naming import cache, known, located
from tallystick.values.parties.register import basic
from tallystick.values.places.gazetteer import Gazetteer, default

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
RIDGE, ROUNDS = 3.0, 40
CODED = 0.3  # what a pair of coded accounts counts beside one of accounts as read
EVERY = -1e6  # no pair is too unlike to learn from
# What may only speak for one event, and what only against it, by the sense of its words.
FOR = (
    "same ", "days share", "days overlap", "part of the other", "in the other's province", "both fighting", "shared",
    ": the same", "both can be true", ": close", "accused are tied",
)  # fmt: skip
AGAINST = (
    "day apart", "days apart", "week apart", "published apart", "differ", "far apart", "opponent", "opposite sides",
    "kind left open", "no figure shared", "no telling word",
)  # fmt: skip
COUNTRIES = ("Syria",)  # what those reports are about
comparing = importlib.import_module("tallystick.incidents.compare")


def scorer():
    """The scorer beside the repository, as a module."""
    spec = importlib.util.spec_from_file_location("score", SHARED / "score" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def told(folder: Path, lists: Gazetteer) -> list[tuple[Document, tuple[Account, ...]]]:
    """Every document of a coded folder with its accounts, as the reader finds them, their places and parties looked up."""
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
        there = {document.id: document}
        mine = located(mine, there, lists, COUNTRIES, {})
        out.append((document, known(mine, there, basic(), COUNTRIES, {})))
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


FURTHER = (
    ("two days apart", "three days apart", 0.0),
    ("three days apart", "up to a week apart", 0.5),
    ("up to a week apart", "further days apart", 1.0),
)


def sense(reason: str) -> int:
    """1 where ``reason`` may only speak for one event, -1 where only against it, 0 where for either."""
    if any(word in reason for word in AGAINST):
        return -1
    return int(any(word in reason for word in FOR))


def regression(
    told: np.ndarray, same: np.ndarray, start: np.ndarray, ridge: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """Log-odds of each column of ``told`` (pairs by reasons, 0 or 1), on top of ``start`` (a log-odds a pair).

    ``counts`` is what each pair counts.
    """
    weights = np.zeros(told.shape[1])
    for _ in range(ROUNDS):
        p = 1 / (1 + np.exp(-(told @ weights + start)))
        curve = (told * (counts * p * (1 - p))[:, None]).T @ told + np.diag(ridge)
        step = np.linalg.solve(curve, told.T @ (counts * (p - same)) + ridge * weights)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


Pairs = list[tuple[Pair, bool, float]]  # whether of one incident, what it counts


def fit(rows: Pairs, names: dict[str, list[str]]) -> dict[str, float]:
    """The weight of each reason; ``names`` are the reasons under each head."""
    alone = [name for head, under in names.items() if head and head != "rival" for name in under]
    seen = {name for pair, _, _ in rows for name in pair.reasons}
    mute = {name for name in alone if name not in seen or not meant(name)}
    same = np.array([same for _, same, _ in rows], float)
    counts = np.array([count for _, _, count in rows])
    while True:
        used = [name for name in alone if name not in mute]
        told = columns(rows, used)
        told = np.hstack([told, np.ones((len(rows), 1))])
        ridge = np.array([RIDGE] * len(used) + [1e-6])
        found = regression(told, same, np.zeros(len(rows)), ridge, counts)
        wrong = {name for name, w in zip(used, found, strict=False) if sense(name) * w < -0.05}
        if not wrong:
            break
        mute |= wrong
    weights = dict.fromkeys(alone, 0.0) | dict(zip(used, found, strict=False)) | {comparing.BASE: found[-1]}
    # Few coded pairs lie many days apart, and those are slips: no more days may speak less against one event.
    for nearer, further, by in FURTHER:
        weights[further] = min(weights[further], weights[nearer] - by)
    summed = columns(rows, alone) @ np.array([weights[name] for name in alone]) + weights[comparing.BASE]
    rival = regression(
        columns(rows, names["rival"]), same, summed, np.full(len(names["rival"]), RIDGE), counts
    )
    return {
        name: round(float(w), 1) + 0.0
        for name, w in (weights | dict(zip(names["rival"], rival, strict=True))).items()
    }


def meant(reason: str) -> bool:
    """Whether ``reason`` is to weigh anything: that something is not told, or too vague, is no reason."""
    return not any(
        word in reason for word in ("not told", "no day told", "too vague", "published together", "no weapon")
    )


def columns(rows: Pairs, names: list[str]) -> np.ndarray:
    place = {name: n for n, name in enumerate(names)}
    out = np.zeros((len(rows), len(names)))
    for number, (pair, _, _) in enumerate(rows):
        for reason in pair.reasons:
            if reason in place:
                out[number, place[reason]] = 1.0
    return out


def compared(accounts, incident: dict[str, str], count: float = 1.0) -> Pairs:
    """Every candidate pair of harm, with whether both are coded as one incident, and what it is to count."""
    harm = [account for account in accounts if not account.is_matter]
    every = (pair for part in pairs(harm, least=EVERY) for pair in part.near)
    return [(p, incident.get(p.left.id) == incident.get(p.right.id, ""), count) for p in every]


def shown(totals: np.ndarray) -> str:
    hit, told, truth = totals
    return f"P {hit / max(1, told):.3f} R {hit / max(1, truth):.3f} F1 {2 * hit / max(1, told + truth):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write the table of weights")
    options = parser.parse_args()
    folders = sorted(p for p in (SHARED / "gold" / "train").glob("t*") if p.is_dir())
    if not folders:
        sys.exit(f"{SHARED / 'gold' / 'train'} is not there; the fit needs those reports")
    score, lists = scorer(), Gazetteer(default(cache()))
    table = [line.split("\t") for line in comparing.read("weights.tsv").split("\n")[1:] if line]
    names: dict[str, list[str]] = {}
    for head, reason, _ in table:
        names.setdefault(head, []).append(reason)
    in_use = dict(comparing.weights())
    read, as_coded = {}, {}
    for folder in folders:
        documents = told(folder, lists)
        read[folder] = [a for _, each in documents for a in each], coded(score, folder, documents)
        as_coded[folder] = coded_accounts.accounts(folder)[::2]
    # Who is whose rival hangs on the other weights: these are fitted first.
    for _ in range(2):
        rows = {folder: compared(*read[folder]) + compared(*as_coded[folder], CODED) for folder in folders}
        use(fit([row for folder in folders for row in rows[folder]], names))
    totals = np.zeros((2, 3))
    for held in folders:
        use(fit([row for folder in folders if folder != held for row in rows[folder]], names))
        totals += [coded_accounts.links(*each)[:3] for each in (read[held], as_coded[held])]
    fitted = fit([row for folder in folders for row in rows[folder]], names)
    print(
        f"{sum(map(len, rows.values())):,} candidate pairs of harm, {sum(s for r in rows.values() for _, s, _ in r):,} of one incident"
    )
    print(
        f"links of each folder with the weights of the others: as read {shown(totals[0])}; as coded {shown(totals[1])}\n"
    )
    print(f"{'':36} fitted  in use  pairs")
    for _, reason, _ in table:
        seen = sum(reason in pair.reasons for each in rows.values() for pair, _, _ in each)
        print(f"{reason:36} {fitted[reason]:6.1f} {in_use[reason]:7.1f} {seen:6,}")
    if options.write:
        lines = [f"{head}\t{reason}\t{fitted[reason]:g}" for head, reason, _ in table]
        path = Path(comparing.__file__).with_name("weights.tsv")
        path.write_text("\n".join(["head\treason\tweight", *lines]) + "\n", encoding="utf-8")
        print(f"\nwrote {path}")


def use(weights: dict[str, float]) -> None:
    """Compare with these from now on."""
    comparing.weights = lambda: weights


if __name__ == "__main__":
    main()
