"""Who takes it from whom: copies found among rewritten reports, pairs of reports coded by hand, and speed.

    python bench/origins.py                all three
    python bench/origins.py --only pairs   one of: rewritten, pairs, speed
    python bench/origins.py --reader       the pairs end to end as well, with the reader and linking (30 s)
    python bench/origins.py --save         write the tables to bench/origins.md

*Rewritten.* Each of the 678 reports of ../shared/data/fakes is rewritten as copyists do (``rewriting.py``:
cut, its paragraphs in another order, under another heading, a third of its sentences paraphrased), given
to another outlet one or two days later, and put in one pool with all originals. Asked is, of every pair of
a rewritten report and an original, whether the one is a copy of the other. Beside it, in the same run, the
plain alternative: the Jaccard index of word trigrams over whole texts, at the threshold that is best on
these very pairs. Real copies are among the 678: where a run of 25 words of a report's original stands in
another original, it cannot be said that its rewritten form is no copy of that one, and the pair is left
out and counted beside. What is left of pairs that the coders of ../shared/gold put to one incident are
same-event reports written on their own: how many of these are called copies is told.

*Pairs.* Sixty pairs of reports of October 2016 that tell of one coded incident, coded by the project before
anything was run on them (``answers/origins.jsonl``, with the words that decide as offsets), from five
signals: most common wording, some common wording, one voice by the gold, another camp's outlet on one
side, and by lot. The guideline:

* *copy*: two sentences or more on the event or its surroundings stand in both in the same or barely
  changed words (in a text of one sentence, that one). Words of a statement put out for all (a ministry's,
  an agency's head's) do not count; words spoken to one reporter do.
* *same voice*: no copy, and what both tell of the event (its toll; without one, the deed) rests in both on
  one body, even if each adds others: the same monitor, ministry, agency or witness, a body and its
  spokesman, one outlet speaking in its own words twice, or one report naming the other's outlet as its source.
* *independent*: neither, as far as the words tell.

*Speed.* 20,000 reports of some 250 words made by chance from the word pairs of the same 678, every fifth a
rewritten copy of another, one passage of 40 words at the foot of all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import coded
from rewriting import rewrite

from tallystick.findings import copies, find
from tallystick.findings.lineage import relation
from tallystick.findings.origins import Taken
from tallystick.model import Account, CaptureId, Document, DocumentId, Incident

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
REPORTS = SHARED / "data" / "fakes" / "reports.jsonl"
DEV = SHARED / "gold" / "dev"
ANSWERS = HERE / "answers" / "origins.jsonl"
SETTINGS = (
    ("a third paraphrased", {"paraphrased": 1 / 3}),
    ("a third paraphrased, a third left out", {"paraphrased": 1 / 3, "dropped": 1 / 3}),
    ("half paraphrased, a third left out", {"paraphrased": 1 / 2, "dropped": 1 / 3}),
)
EMBEDDED = "half of it, a third paraphrased, within another report"
RUN = 25  # words in common that keep a pair from counting as unrelated
KINDS = ("copy", "same voice", "independent")
WORD = re.compile(r"\w+")


def reports() -> list[Document]:
    """The 678 reports as documents."""
    out = []
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        day = date.fromisoformat(told["published"])
        out.append(_document(told["id"], told["text"], told["source"], day))
    return out


def _document(name: str, text: str, outlet: str, day: date) -> Document:
    return Document(CaptureId("0"), name, text, None, outlet, day, "metadata")


# ------------------------------------------------------------------------------- rewritten


def rewritten(originals: list[Document]) -> Iterator[str]:
    """The rows of the first table."""
    alike = set(_sharing(originals))
    event = _one_event(originals)
    yield "| reports rewritten | what | precision | recall | F1 | same-event pairs called copies |"
    yield "|---|---|---:|---:|---:|---:|"
    for name, setting in (*SETTINGS, (EMBEDDED, {"cut": 0.5})):
        lot = Random(5)  # noqa: S311
        changed, hosts = {}, set()
        for n, document in enumerate(originals):
            day = (document.published or date.min) + timedelta(days=lot.randrange(1, 3))
            text = rewrite(document.text, lot, **setting)
            if name == EMBEDDED:
                host = originals[(n + 331) % len(originals)]
                text = f"{host.text} {text}"
            new = _document(f"{document.name}-rewritten", text, f"Copyist {n % 40}", day)
            changed[new] = document
            if name == EMBEDDED:
                hosts.add((new.id, host.id))
                hosts |= {(new.id, other) for other in _others(host.id, alike)}
        taken = copies([*originals, *changed])
        true = {(new.id, old.id) for new, old in changed.items()}
        origin = {new.id: old.id for new, old in changed.items()}
        left_out = {(new, y) for new, x in origin.items() for y in _others(x, alike)} | hosts
        rivals = {(new, y) for new, x in origin.items() for y in _others(x, event)} - left_out
        found = {
            (pair.right, pair.left) if pair.right in origin else (pair.left, pair.right)
            for pair in taken.pairs
            if (pair.right in origin) != (pair.left in origin)
        }
        yield _row(name, "Tallystick", found, true, left_out, rivals)
        yield _row(name, *_jaccard(originals, list(changed), true, left_out), true, left_out, rivals)
    yield ""
    yield (
        "Every pair that counts against Tallystick in the first setting was read: all share sentences of one wire story, "
        "of a statement that both quote, or of the outlet's own earlier report, with words changed. "
        f"{len(originals)} reports; {len(event)} pairs of originals are coded as one incident, of which "
        f"{len(event & alike)} share a run of {RUN} words. {len(alike)} pairs of originals in all do, and are left out. "
        f"In the last setting the other report that it stands in is left out, too."
    )


def _sharing(originals: list[Document]) -> Iterator[tuple[DocumentId, DocumentId]]:
    """Pairs of originals with a run of ``RUN`` words in common."""
    holders: dict[tuple[str, ...], set[DocumentId]] = defaultdict(set)
    for document in originals:
        words = WORD.findall(document.text.lower())
        for n in range(len(words) - RUN + 1):
            holders[tuple(words[n : n + RUN])].add(document.id)
    for held in holders.values():
        yield from combinations(sorted(held), 2)


def _one_event(originals: list[Document]) -> set[tuple[DocumentId, DocumentId]]:
    """Pairs of originals that coders put to one incident."""
    by_name = {document.name: document.id for document in originals}
    out = set()
    for folder in (DEV, *sorted((SHARED / "gold" / "train").glob("t*"))):
        told: dict[str, set[DocumentId]] = defaultdict(set)
        for path in sorted((folder / "gold").glob("*.json")):
            record = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(record, dict) or record.get("doc") not in by_name:
                continue
            for account in record["accounts"]:
                if account.get("incident") and not account["aggregate"]:
                    told[account["incident"]].add(by_name[record["doc"]])
        out |= {pair for held in told.values() for pair in combinations(sorted(held), 2)}
    return out


def _others(one: DocumentId, pairs: Iterable[tuple[DocumentId, DocumentId]]) -> list[DocumentId]:
    key = id(pairs)
    if key not in _NEXT:
        beside: dict[DocumentId, list[DocumentId]] = defaultdict(list)
        for a, b in pairs:
            beside[a].append(b)
            beside[b].append(a)
        _NEXT[key] = beside
    return _NEXT[key].get(one, [])


_NEXT: dict[int, dict[DocumentId, list[DocumentId]]] = {}


def _row(name, what, found, true, left_out, rivals) -> str:
    asked = found - left_out
    right = len(asked & true)
    p, r = right / max(1, len(asked)), right / len(true)
    f1 = 2 * p * r / max(1e-9, p + r)
    return f"| {name} | {what} | {p:.3f} | {r:.3f} | {f1:.3f} | {len(found & rivals)} of {len(rivals)} |"


def _jaccard(originals, changed, true, left_out) -> tuple[str, set]:
    """Whole-text Jaccard of trigrams over the same pairs, at the threshold best for F1 on them."""
    holders: dict[tuple[str, ...], list[DocumentId]] = defaultdict(list)
    size = {}
    for document in originals:
        grams = _trigrams(document.text)
        size[document.id] = len(grams)
        for gram in grams:
            holders[gram].append(document.id)
    scored = []
    for document in changed:
        grams = _trigrams(document.text)
        common = Counter(old for gram in grams for old in holders.get(gram, ()))
        for old, n in common.items():
            if (document.id, old) not in left_out:
                scored.append((n / (len(grams) + size[old] - n), (document.id, old)))
    scored.sort(key=lambda each: -each[0])
    best, right, cut = 0.0, 0, 0
    for n, (_, pair) in enumerate(scored, 1):
        right += pair in true
        if (f1 := 2 * right / (n + len(true))) > best:
            best, cut = f1, n
    return f"Jaccard of trigrams, best at {scored[cut - 1][0]:.2f}", {pair for _, pair in scored[:cut]}


def _trigrams(text: str) -> set[tuple[str, ...]]:
    words = WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))


# ----------------------------------------------------------------------------------- pairs


def pairs(reader: bool) -> Iterator[str]:
    """The confusion table of the sixty pairs."""
    rows = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    told, documents, incident = coded.accounts(DEV)
    there = {document.name: document for document in documents.values()}
    for row in rows:
        for side in ("left", "right"):
            if hashlib.sha256(there[row[side]].text.encode()).hexdigest() != row[f"{side}_sha256"]:
                sys.exit(f"{row[side]} is not the report that was coded")
    taken = copies(documents.values())
    members: dict[str, list[Account]] = defaultdict(list)
    for account in told:
        if account.id in incident:
            members[incident[account.id]].append(account)

    def judged(row: dict[str, str]) -> str:
        graph = find(Incident(tuple(members[row["incident"]])), taken).lineage
        return relation(graph, there[row["left"]].id, there[row["right"]].id)

    yield from _confusion("on coded accounts", [(row["relation"], judged(row)) for row in rows])
    plain = [(row["relation"], _plain(there[row["left"]], there[row["right"]])) for row in rows]
    yield from _confusion("alternative: copy where trigrams' Jaccard is 0.1 or more, else independent", plain)
    if reader:
        yield from _confusion(
            "end to end: what the reader finds and linking brings together", list(_end_to_end(rows))
        )


def _plain(left: Document, right: Document) -> str:
    one, other = _trigrams(left.text), _trigrams(right.text)
    return "copy" if len(one & other) >= 0.1 * len(one | other) else "independent"


def _end_to_end(rows: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Of each pair the closest relation in any incident that holds accounts of both; where none does, a copy by the words."""
    from tallystick.case import Case

    with (
        tempfile.TemporaryDirectory() as scratch,
        Case.make(Path(scratch) / "case", countries=coded.COUNTRIES) as case,
    ):
        case.add([DEV / "docs"])
        case.read(jobs=1)
        case.link()
        record = case.record()
    names = {document.name: document.id for document in record.documents}
    taken = copies(record.documents)
    for row in rows:
        ends = {names[row["left"]], names[row["right"]]}
        graphs = [w.lineage for w in record.weighed if ends <= {a.document for a in w.incident.accounts}]
        told = [relation(graph, *sorted(ends)) for graph in graphs]
        told += ["copy"] if taken.between(*sorted(ends)) else []
        yield row["relation"], min(told, key=KINDS.index, default="independent")


def _confusion(name: str, judged: list[tuple[str, str]]) -> Iterator[str]:
    table = Counter(judged)
    right = sum(table[kind, kind] for kind in KINDS)
    yield f"{name}: **{right} of {len(judged)} right, accuracy {right / len(judged):.2f}**"
    yield ""
    yield "| coded | " + " | ".join(f"found {kind}" for kind in KINDS) + " |"
    yield "|---|---:|---:|---:|"
    for kind in KINDS:
        yield f"| {kind} | " + " | ".join(str(table[kind, other]) for other in KINDS) + " |"
    yield ""


# ----------------------------------------------------------------------------------- speed


def speed(originals: list[Document], number: int = 20_000) -> Iterator[str]:
    """Seconds and memory for that many made-up reports."""
    made = made_up(originals, number)
    for n in (number // 4, number // 2, number):
        begin, worked = time.perf_counter(), time.process_time()
        taken: Taken = copies(made[:n])
        seconds, worked = time.perf_counter() - begin, time.process_time() - worked
        found = sum(taken[made[k].id] != made[k].id for k in range(4, n, 5))
        wrong = sum(first != document for document, first in taken.items()) - found
        yield (
            f"{n:,} reports: {worked:.1f} s of one processor ({seconds:.1f} s by the clock); of {n // 5:,} rewritten "
            f"copies {found:,} go back to another report, and {wrong:,} originals to the copy of them of the same day."
        )
    yield f"Peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, the reports themselves with it."


def made_up(originals: list[Document], number: int) -> list[Document]:
    """That many reports by a chain of word pairs, every fifth a rewritten copy, one foot under all."""
    follow: dict[str, list[str]] = defaultdict(list)
    for document in originals:
        words = document.text.split()
        for a, b, c in zip(words, words[1:], words[2:], strict=False):
            follow[f"{a} {b}"].append(c)
            follow[b].append(c)
    lot, begin = Random(3), date(2016, 1, 1)  # noqa: S311
    starts = sorted(pair for pair in follow if " " in pair)
    foot = " ".join(originals[0].text.split()[:40])
    texts: list[str] = []
    for n in range(number):
        if n % 5 == 4:
            texts.append(rewrite(lot.choice(texts[-400:]), lot, dropped=0.2))
            continue
        words = lot.choice(starts).split()
        while len(words) < 250:
            last = words[-1] if lot.random() < 0.3 else f"{words[-2]} {words[-1]}"
            words.append(lot.choice(follow.get(last) or lot.choice(starts).split()[:1]))
        texts.append(" ".join(words))
    return [
        _document(
            f"made-{n}", f"{text} {foot}", f"Outlet {n % 60}", begin + timedelta(days=n * 365 // number)
        )
        for n, text in enumerate(texts)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=("rewritten", "pairs", "speed"))
    parser.add_argument("--reader", action="store_true")
    parser.add_argument("--save", action="store_true", help="write bench/origins.md")
    options = parser.parse_args()
    for needed in (REPORTS, DEV):
        if not needed.exists():
            sys.exit(f"{needed} is not there; this measurement needs that set")
    lines = [
        "# Origins",
        "",
        f"`python bench/origins.py`, Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}.",
        "",
    ]
    originals = reports()
    if options.only in (None, "rewritten"):
        lines += ["## Copies among rewritten reports", "", *rewritten(originals), ""]
    if options.only in (None, "pairs"):
        lines += ["## Sixty pairs coded by hand", "", *pairs(options.reader)]
    if options.only in (None, "speed"):
        lines += ["## Speed", "", *speed(originals), ""]
    print("\n".join(lines))
    if options.save:
        (HERE / "origins.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
