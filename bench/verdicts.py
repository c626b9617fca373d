"""Verdicts on pairs of accounts held against people: agree, compatible, update, conflict.

    python bench/verdicts.py               120 field pairs of the October 2016 reports
    python bench/verdicts.py --train       63 pairs of the training reports, on which the rules were made
    python bench/verdicts.py --errors      and each pair on which tool and coder differ

``answers/verdicts.jsonl`` names two coded accounts of one coded incident (report, place in its coding, offsets
of the words that tell it, a digest of the text), a field, and the verdict of one coder, before any tool had
run: on the coding of both accounts, the sentences around each figure and each telling, and for about half of
the reports the first 2,000 signs of their text. ``answers/verdicts_again.jsonl`` is 20 of them coded again by
the same coder, within the hour. The coder wrote the rules afterwards, and chose the pairs for balance: the
classes are rarer or commoner in a case. At first sight the rules scored 0.89; what the errors then had in
common (a toll "expected to rise" is none that has risen; a voice that gives another's number is answered by
the other's later word; agreement is on the greatest figure) was put right, so that later runs are not blind.

How they were coded. All that either account says on the field counts, each figure as the word of whoever the
report gives for it, on the day that the report prints at its head (else that of its record). *agree*: the same
value; that both name further voices who disagree with one another is no difference between the two accounts.
*compatible*: other values that can both be true (open bounds, "11" beside "at least 11", a part and a whole, a
place within a place, a word for a sort of weapon, kind or party that the other may be). *update*: one origin
gives another figure in each, or the lower figure is told as an early one ("initial reports", "expected to rise",
"so far") or the higher as grown ("risen to", "a new toll"), and the higher was not published first. *conflict*:
cannot both be true; an exact figure without such words is its origin's last word, a later and higher one of
another origin contradicts it, and a denial of a party contradicts blame laid on it. Left out: pairs on which the
coder could not decide, and where one account is silent.

Origins are worked out over all accounts of the incident, as in a case. ``plain`` needs nothing but bounds and
names: equal values agree; where some number, day or name fits both they are compatible; else conflict.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import coded

from tallystick.findings import copies, verdicts
from tallystick.findings.context import Context, context
from tallystick.findings.origins import origin_names
from tallystick.model import TOLLS, Account, AccountId
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent.parent / "shared" / "gold"
CLASSES = (Verdict.AGREE, Verdict.COMPATIBLE, Verdict.UPDATE, Verdict.CONFLICT)


@dataclass(frozen=True)
class Pair:
    """Two accounts, the field, and what the coder says of them."""

    one: Account
    other: Account
    field: str
    verdict: Verdict
    context: Context


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pairs(answers: Iterable[Mapping]) -> list[Pair]:
    """The coded pairs with their accounts; exits where a report is not the one that was coded."""
    out = []
    folders: dict[str, tuple[dict[tuple[str, int], Account], dict[AccountId, Context]]] = {}
    for row in answers:
        if row["set"] not in folders:
            folders[row["set"]] = _folder(GOLD / row["set"])
        accounts, contexts = folders[row["set"]]
        found = []
        for side in (row["one"], row["other"]):
            account = accounts.get((side["report"], side["start"]))
            if account is None or account.span.end != side["end"]:
                sys.exit(f"no account of {side['report']} begins at {side['start']}")
            found.append(account)
        one, other = found
        out.append(Pair(one, other, row["field"], Verdict(row["verdict"]), contexts[one.id]))
    return out


def _folder(folder: Path) -> tuple[dict[tuple[str, int], Account], dict[AccountId, Context]]:
    """The accounts of a coded folder by report and first word, and the context of the incident of each."""
    told, documents, incident = coded.accounts(folder)
    copied = copies(documents.values())
    by_place = {(documents[a.document].name, a.span.start): a for a in told if a.id in incident}
    members: dict[str, list[Account]] = {}
    for account in told:
        if account.id in incident:
            members.setdefault(incident[account.id], []).append(account)
    contexts = {}
    for each in members.values():
        here = context(each, origin_names(each, copied), documents, copied)
        contexts |= {account.id: here for account in each}
    return by_place, contexts


def tool(pair: Pair) -> tuple[Verdict, str]:
    return verdicts.of_accounts(pair.one, pair.other, pair.field, pair.context)


def plain(pair: Pair) -> tuple[Verdict, str]:
    """Equal values agree, values that fit are compatible, all others conflict: no origins, words or days."""
    if pair.field in TOLLS:
        told = [{t.count for _, t in each.whole(pair.field)} for each in (pair.one, pair.other)]
        found = {a.relation(b) for a in told[0] for b in told[1]}
        return next((v for v in (Verdict.AGREE, Verdict.COMPATIBLE) if v in found), Verdict.CONFLICT), ""
    if pair.field == "perpetrator":
        names = [
            {fold(role.party.name) for _, role in each.roles("perpetrator")}
            for each in (pair.one, pair.other)
        ]
        return Verdict.AGREE if names[0] & names[1] else Verdict.CONFLICT, ""
    a, b = pair.one.telling, pair.other.telling
    if pair.field == "date":
        return a.when.relation(b.when), ""
    one, other = (fold(str(getattr(t, pair.field) or "")) for t in (a, b))
    if one == other:
        return Verdict.AGREE, ""
    shared = set(one.split()) & set(other.split())
    return Verdict.COMPATIBLE if shared else Verdict.CONFLICT, ""


def f1(said: Iterable[tuple[Verdict, Verdict]]) -> dict[Verdict, float]:
    """F1 of each class; ``said`` are (coder, tool)."""
    both = Counter(said)
    out = {}
    for each in CLASSES:
        hit = both[each, each]
        wrong = sum(n for (a, b), n in both.items() if (a == each) != (b == each))
        out[each] = 2 * hit / (2 * hit + wrong) if hit else 0.0
    return out


def table(said: list[tuple[Verdict, Verdict]]) -> str:
    """The confusion table: a row for what the coder says, a column for what the tool says."""
    both = Counter(said)
    columns = (*CLASSES, Verdict.UNKNOWN)
    lines = [f"{'coder ↓ tool →':16}" + "".join(f"{each:>12}" for each in columns) + f"{'F1':>8}"]
    scores = f1(said)
    for each in CLASSES:
        cells = "".join(f"{both[each, column]:12}" for column in columns)
        lines.append(f"{each:16}{cells}{scores[each]:8.2f}")
    right = sum(a == b for a, b in said)
    lines.append(f"macro-F1 {sum(scores.values()) / len(CLASSES):.2f}, right {right} of {len(said)}")
    return "\n".join(lines)


def again(first: list[dict], second: list[dict]) -> str:
    """How far the second coding agrees with the first."""
    before = {_key(row): row["verdict"] for row in first}
    same = sum(before[_key(row)] == row["verdict"] for row in second)
    return f"coded a second time: {same} of {len(second)} the same"


def _key(row: Mapping) -> str:
    return json.dumps([row["set"], row["field"], row["one"], row["other"]], sort_keys=True)


def checked(answers: list[dict]) -> list[dict]:
    """The answers, where the reports are those that were coded."""
    texts: dict[tuple[str, str], str] = {}
    for row in answers:
        for side in (row["one"], row["other"]):
            name = (row["set"], side["report"])
            if name not in texts:
                path = GOLD / row["set"] / "docs" / f"{side['report']}.json"
                text = json.loads(path.read_text(encoding="utf-8"))["text"]
                texts[name] = hashlib.sha256(text.encode()).hexdigest()[:16]
            if texts[name] != side["text"]:
                sys.exit(f"{side['report']} is not the report that was coded")
    return answers


def errors(every: list[Pair]) -> None:
    """Prints each pair on which tool and coder differ, with the tool's reason."""
    for pair in every:
        verdict, why = tool(pair)
        if verdict is not pair.verdict:
            print(f"{pair.field:12} {pair.verdict} → {verdict}: {why}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    if not GOLD.is_dir():
        sys.exit(f"{GOLD} is not there; the codings are of those reports")
    name = "verdicts_train.jsonl" if asked.train else "verdicts.jsonl"
    answers = checked(rows(HERE / "answers" / name))
    every = pairs(answers)
    print(f"{len(every)} field pairs: {dict(Counter(pair.field for pair in every).most_common())}\n")
    for called, judge in (("tallystick", tool), ("plain (equal, or bounds that fit, else conflict)", plain)):
        print(called)
        print(table([(pair.verdict, judge(pair)[0]) for pair in every]), end="\n\n")
    second = HERE / "answers" / "verdicts_again.jsonl"
    if not asked.train and second.exists():
        print(again(answers, rows(second)))
    if asked.errors:
        errors(every)


if __name__ == "__main__":
    main()
