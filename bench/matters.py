"""Which claims of different reports are of one matter: our comparison against kind and likeness of words.

    python bench/matters.py             measure on the half of ../shared/gold/claims that is held out
    python bench/matters.py --fit       fit the weights of ``tallystick.incidents.matters`` anew on the other half

Reads the reports coded claim by claim (../shared/score/CLAIMS.md), no reader. Each coded claim whose topic and
stance make it a matter becomes an account of its own, with the time that was coded and the place that its words
or else its sentence name. Two labels are measured, over all pairs of such claims of different reports:

* *one matter*: both claims have the same ``matter``. The coders' label is broad (all that is told of one siege).
* *one telling*: a coded relation joins the two, whatever its kind.

The plain alternative, in the same run: the same kind, and a token-set likeness of the words at or above the
threshold that does best on the training half. Both thresholds are chosen on the training half alone.
The reports in ``training/held_out.txt`` are held out; whole reports stand on one side.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from coded import COUNTRIES, MAKER, documents
from rapidfuzz.fuzz import token_set_ratio

from tallystick import naming
from tallystick.claims.matters import matter_of
from tallystick.incidents.matters import WEIGHTS, compare_matters
from tallystick.model import Account, Claim, Document, Telling, Voice
from tallystick.values import place
from tallystick.values.parties.register import basic
from tallystick.values.place import Place
from tallystick.values.places.gazetteer import Gazetteer, default
from tallystick.values.when import UNKNOWN, When

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent.parent / "shared" / "gold" / "claims"
HELD_OUT = HERE.parent / "training" / "held_out.txt"
RIDGE, ROUNDS = 1.0, 60
SENTENCE = 160  # code points around a claim in which the place of its sentence is looked for


class Pair(NamedTuple):
    """Two claims of different reports as accounts, with what the coders say of them."""

    left: Account
    right: Account
    matter: bool
    telling: bool


def told(text: str | None) -> When:
    """A coded time: "2016-10-07/2016-10-08", "2016-08/2016-08"; unknown where none is coded."""
    if not text:
        return UNKNOWN
    first, _, last = text.partition("/")
    start, end = _day(first, False), _day(last or first, True)
    if start is None or end is None or end < start:
        return UNKNOWN
    return When(start, end, "day" if start == end else "days")


def _day(text: str, last: bool) -> date | None:
    parts = [int(part) for part in text[:10].split("-") if part.isdigit()]
    try:
        if len(parts) == 3:
            return date(*parts)
        if len(parts) == 2:
            after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
            return after - timedelta(days=1) if last else date(parts[0], parts[1], 1)
        return date(parts[0], 12, 31) if last else date(parts[0], 1, 1)
    except (ValueError, IndexError, TypeError):
        return None


def accounts(coded: Sequence[dict[str, Any]], folder: Path) -> dict[str, Account]:
    """An account for each coded claim that is of a matter and whose words stand in its report, by the claim's id."""
    by_name = {document.name: document for document in documents(folder)}
    found = {name: list(place.read(document.text)) for name, document in by_name.items()}
    out: dict[str, Account] = {}
    for each in coded:
        kind = matter_of(each["topic"], each["stance"], each["quote"])
        document = by_name[each["doc"]]
        at = document.text.find(each["quote"])
        if kind is None or at < 0:
            continue
        span = document.span(at, at + len(each["quote"]))
        head = Claim(
            span, each["topic"], Telling(kind, when=told(each["time"]), place=_near(found[each["doc"]], span)),
            tuple(Voice(name) for name in each["voices"]), each["stance"], span, MAKER,
        )  # fmt: skip
        out[each["id"]] = Account(head, (head,), document.publisher, document.published)
    return _looked_up(out, {document.id: document for document in by_name.values()})


def _near(mentions: Iterable[place.Mention], span) -> Place | None:
    """The finest place named in the claim's words, else the nearest around them."""
    around = [m for m in mentions if span.start - SENTENCE <= m.start < span.end + SENTENCE and m.rank > 0]
    inside = [m for m in around if span.start <= m.start < span.end]
    best = min(
        inside or around,
        key=lambda m: (-m.rank if inside else 0, abs(m.start - span.start), m.start),
        default=None,
    )
    return best.place if best else None


def _looked_up(told: dict[str, Account], there: dict[str, Document]) -> dict[str, Account]:
    placed = naming.located(tuple(told.values()), there, Gazetteer(default(naming.cache())), COUNTRIES, {})
    named = naming.known(placed, there, basic(), COUNTRIES, {})
    return dict(zip(told, named, strict=True))


def pairs(coded: Sequence[dict[str, Any]], made: dict[str, Account], names: set[str]) -> list[Pair]:
    """All pairs of claims of different reports among ``names``."""
    mine = [each for each in coded if each["doc"] in names and each["id"] in made]
    related = {frozenset((each["id"], other["to"])) for each in coded for other in each["relations"]}
    return [
        Pair(
            made[one["id"]], made[other["id"]], one["matter"] == other["matter"],
            frozenset((one["id"], other["id"])) in related,
        )
        for n, one in enumerate(mine)
        for other in mine[n + 1 :]
        if one["doc"] != other["doc"]
    ]  # fmt: skip


LABELS: tuple[tuple[str, Callable[[Pair], bool]], ...] = (
    ("one matter", lambda pair: pair.matter),
    ("one telling", lambda pair: pair.telling),
)

# ------------------------------------------------------------------------------------ measuring


class Scored(NamedTuple):
    """Precision, recall and F1 of pairs at a threshold, with the numbers behind them."""

    right: int
    found: int
    gold: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 0.0

    def __str__(self) -> str:
        precision = self.right / self.found if self.found else 0.0
        recall = self.right / self.gold if self.gold else 0.0
        return f"P {precision:.3f}  R {recall:.3f}  F1 {self.f1:.3f}   ({self.right} of {self.found} found, {self.gold} coded)"


def scored(scores: Sequence[float], gold: Sequence[bool], floor: float) -> Scored:
    found = [score >= floor for score in scores]
    return Scored(sum(a and b for a, b in zip(found, gold, strict=True)), sum(found), sum(gold))


def best_floor(scores: Sequence[float], gold: Sequence[bool]) -> float:
    """The threshold with the best F1; the highest of equals."""
    return max(sorted(set(scores), reverse=True), key=lambda floor: scored(scores, gold, floor).f1)


def ours(pair: Pair) -> float:
    reasons = compare_matters(pair.left, pair.right)
    return round(WEIGHTS["before comparing"] + sum(WEIGHTS[name] for name, _ in reasons), 6)


def plain(pair: Pair) -> float:
    """Token-set likeness of the words where the kinds are the same, else nothing."""
    if pair.left.telling.kind != pair.right.telling.kind:
        return -1.0
    return token_set_ratio(pair.left.span.quote.lower(), pair.right.span.quote.lower())


# -------------------------------------------------------------------------------------- fitting


def fit(train: Sequence[Pair], coder: Callable[[Pair], bool]) -> dict[str, float]:
    """Weights by logistic regression (Newton's method, ridge) on the reasons of every pair."""
    names = list(WEIGHTS)
    rows: Counter[tuple[tuple[int, ...], bool]] = Counter()
    for pair in train:
        reasons = compare_matters(pair.left, pair.right)
        rows[(0, *sorted(names.index(name) for name, _ in reasons)), coder(pair)] += 1
    weights = [0.0] * len(names)
    for _ in range(ROUNDS):
        slope = [-RIDGE * w if n else 0.0 for n, w in enumerate(weights)]
        curve = [[RIDGE * (a == b and a > 0) for b in range(len(names))] for a in range(len(names))]
        for (active, same), many in rows.items():
            likely = 1 / (1 + math.exp(-sum(weights[n] for n in active)))
            for a in active:
                slope[a] += many * (same - likely)
                for b in active:
                    curve[a][b] += many * likely * (1 - likely)
        step = _solved(curve, slope)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return dict(zip(names, weights, strict=True))


def _solved(rows: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a set of linear equations, by elimination with pivots."""
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    size = len(table)
    for n in range(size):
        pivot = max(range(n, size), key=lambda row: abs(table[row][n]))
        table[n], table[pivot] = table[pivot], table[n]
        if abs(table[n][n]) < 1e-12:
            table[n][n] = 1e-12
        for row in range(size):
            if row != n and table[row][n]:
                share = table[row][n] / table[n][n]
                table[row] = [a - share * b for a, b in zip(table[row], table[n], strict=True)]
    return [table[n][size] / table[n][n] for n in range(size)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the training half")
    parser.add_argument("--gold", type=Path, default=GOLD, help="a folder with all.json and docs/")
    options = parser.parse_args()
    if not (options.gold / "all.json").exists():
        print(f"the coded claims are not at {options.gold}")
        return 2
    coded = json.loads((options.gold / "all.json").read_text(encoding="utf-8"))
    held = {
        line for line in HELD_OUT.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")
    }
    made = accounts(coded, options.gold)
    train = pairs(coded, made, {each["doc"] for each in coded} - held)
    test = pairs(coded, made, held)
    if options.fit:
        fitted = [fit(train, coder) for _, coder in LABELS]
        print(f"{'':40} {'  '.join(label for label, _ in LABELS)}   in use")
        for name, weight in WEIGHTS.items():
            print(f"{name:40} {'  '.join(f'{one[name]:+10.1f}' for one in fitted)} {weight:+8.1f}")
        return 0
    print(f"{platform.machine()}, Python {platform.python_version()}; {len(made)} claims of matters")
    print(f"{len(train):,} pairs to tune on, {len(test):,} held out\n")
    for label, coder in LABELS:
        seen, kept = [coder(p) for p in train], [coder(p) for p in test]
        for name, judge in (("ours", ours), ("kind and likeness", plain)):
            floor = best_floor([judge(p) for p in train], seen)
            print(
                f"{label:12} {name:18} at {floor:6.1f}  train     {scored([judge(p) for p in train], seen, floor)}"
            )
            print(f"{'':41}held out  {scored([judge(p) for p in test], kept, floor)}")
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
