"""Which protected object an account says was hit, held against 80 accounts coded by hand.

    python bench/patterns.py              the coded accounts, and those that the reader finds at the same words
    python bench/patterns.py --misses     beside that, each answer that differs (never looked at for dev)

**How they were coded** (``bench/answers/objects.jsonl``, before a rule was written). Of ``../shared/gold``,
accounts of single events in the order of a hash of report and place: 26 with a word for some protected
object in or within 60 characters of their words, 7 with such a word near by, 7 without; 40 from ``train``,
on which rules were then made, and 40 from ``dev``, which were only measured (though whoever wrote the
rules had read them when coding). One coder, a language model,
read the account and some 250 characters to either side, and wrote for each kind of object
(``values.objects.KINDS``) what the report says of *this* event: ``hit`` where something hit, damaged or went
off in it, or where such people are among the harmed; ``near`` where it was only near, outside or in front
of; ``used`` where fighters are said to have used it. Where the wounded were taken, who spoke, an object of
another event, and a "residential area" that names no building, are nothing. Of two relations the stronger
is written.

**What is compared.** For each account and kind one answer. ``words alone`` reads what first tells the
account, as coded; ``with target`` adds the target and place that the coder wrote down, which on ``dev``
and ``train`` come from the same hand that coded the accounts; ``reader`` is the account that the reader makes
at the same words, nothing where it makes none. ``keywords``, the named alternative, calls hit whatever
object a plain list finds in the words and the target.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import coded

from tallystick.claims import claims
from tallystick.findings.objects import mentions
from tallystick.model import Account, Document, accounts

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent.parent / "shared" / "gold"
ANSWERS = HERE / "answers" / "objects.jsonl"
KEYWORDS = {
    "medical": r"hospital|clinic|medic|doctor|nurse|ambulance", "education": r"school|universit|college",
    "worship": r"mosque|church|shrine|temple", "market": r"market|baker|bread|souk", "aid": r"aid|humanitarian|convoy",
    "rescue": r"rescue|white helmet|civil defen", "press": r"journalist|reporter|correspondent|photographer",
    "displaced": r"refugee|displaced|camp", "utilities": r"water|power|electric|dam\b", "homes": r"house|home|residential|apartment",
    "heritage": r"museum|citadel|monument|ancient", "gathering": r"wedding|funeral|mourn",
}  # fmt: skip
Answer = set[tuple[str, str]]  # (kind, relation)


def answers() -> list[dict[str, Any]]:
    """The coded lines, in order."""
    return [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]


def folders() -> list[Path]:
    return [GOLD / "dev", *sorted((GOLD / "train").glob("t?"))]


def read(account: Account) -> Answer:
    """Kinds with their relation, the stronger of two; only hit and near are coded often enough to count."""
    found: dict[str, str] = {}
    for _, one in mentions(account):
        if one.relation in ("hit", "near") and found.get(one.kind) != "hit":
            found[one.kind] = one.relation
    return set(found.items())


def words_alone(account: Account) -> Account:
    """The account as its own words tell it, without target, place and figures."""
    bare = replace(account.telling, target=None, place=None)
    head = replace(account.head, value=bare)
    return replace(account, head=head, claims=(head,))


def keywords(account: Account) -> Answer:
    text = f"{account.span.quote} {account.telling.target or ''}"
    return {(kind, "hit") for kind, words in KEYWORDS.items() if re.search(words, text, re.I)}


def by_reader(document: Document, at: list[int]) -> Account | None:
    """The account of harm that the reader makes where the coded one stands: the one that shares most of it."""
    made = [a for a in accounts(claims(document), {document.id: document}) if not a.is_matter]
    shared = [(min(a.span.end, at[1]) - max(a.span.start, at[0]), a) for a in made]
    best = max(shared, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] > 0 else None


def scores(pairs: Iterable[tuple[Answer, Answer]], relation: str) -> tuple[int, int, int]:
    """(right, given, coded) of one relation over accounts."""
    right = given = marked = 0
    for found, gold in pairs:
        ours, theirs = ({kind for kind, how in side if how == relation} for side in (found, gold))
        right, given, marked = right + len(ours & theirs), given + len(ours), marked + len(theirs)
    return right, given, marked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--misses", action="store_true", help="print the answers on train that differ")
    args = parser.parse_args()
    if not GOLD.exists():
        sys.exit("needs ../shared/gold, which is not beside this checkout")
    told: dict[tuple[str, int, int], Account] = {}
    texts: dict[str, Document] = {}
    for folder in folders():
        made_up, there, _ = coded.accounts(folder)
        texts |= {document.name: document for document in there.values()}
        for account in made_up:
            if not account.telling.aggregate:
                at = there[account.document].name, account.span.start, account.span.end
                told.setdefault(at, account)
    rows: dict[str, list[tuple[Answer, Answer]]] = {}
    for line in answers():
        document = texts[line["id"]]
        if hashlib.sha256(document.text.encode()).hexdigest() != line["sha256"]:
            sys.exit(f"the text of {line['id']} is not the one that was coded")
        account = told[line["id"], *line["at"]]
        gold = {(one["kind"], one["relation"]) for one in line["objects"]}
        found = by_reader(document, line["at"])
        made = {
            "words alone": read(words_alone(account)),
            "with target": read(account),
            "reader": read(found) if found else set(),
            "keywords": keywords(account),
        }
        for name, answer in made.items():
            rows.setdefault(f"{line['set']:5} {name}", []).append((answer, gold))
            if args.misses and line["set"] == "train" and answer != gold and name != "keywords":
                print(f"{name}: {sorted(answer)} for {sorted(gold)}: {account.span.quote!r}")
    show(rows)


def show(rows: dict[str, list[tuple[Answer, Answer]]]) -> None:
    """One line for each set and maker."""
    print(
        f"protected objects of 80 accounts, on {platform.machine()} with Python {platform.python_version()}\n"
    )
    print(f"{'':18} {'hit':>27} {'near':>20}  accounts")
    print(
        f"{'set   by':18} {'prec.':>7} {'recall':>7} {'F1':>5} {'of':>5} {'prec.':>7} {'recall':>7} {'of':>4}  all right"
    )
    for name in sorted(rows):
        pairs = rows[name]
        cells = []
        for relation in ("hit", "near"):
            right, given, marked = scores(pairs, relation)
            precision, recall = (f"{right}/{given}", f"{right}/{marked}")
            cells.append(f"{precision:>7} {recall:>7}")
            if relation == "hit":
                cells[-1] += f" {2 * right / (given + marked) if given + marked else 0:5.2f} {marked:>5}"
            else:
                cells[-1] += f" {marked:>4}"
        exact = sum(found == gold for found, gold in pairs)
        print(f"{name:18} {cells[0]} {cells[1]}  {exact}/{len(pairs)}")


if __name__ == "__main__":
    main()
