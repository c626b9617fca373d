"""Linking on ECB+ (../shared/data/ecbplus, topics 30 to 35), beside the head word alone: a second opinion.

    python bench/ecbplus.py

Two questions, both told with B³ and pairs of different reports:

    reports    which reports are about one story? Of each topic there are two stories (its "ecb" and "ecbplus"
               files). The account that our reader finds for the main harm of a report stands for it; a report
               without any stays alone. Beside it: words alone (TF-IDF, cosine), joined above the threshold that is best
               on topics 1 to 29.
    mentions   which gold mentions of events in the sentences released for scoring are one event? Mentions that the
               coders take for one within a report are one account; its words run from the annotated participant, time or
               place before the trigger to the one after it, its day and place are those of the nearest annotated time
               and place of its sentence, its kind comes from the trigger by a list of a few words. Beside it: what has
               one head word (without its ending) is one event, over all reports and within one gold story.

What this shows and what not: four of the six topics have no harm in them (a broken cable, a scoring record, a
nomination, a driver arrested), no report is dated, and roles are not annotated. Tallystick joins accounts
by day, place, kind and toll; where a text gives none of them it leaves them apart, which is what it should do and what
this corpus counts against it. Recall here says how much of such news is out of its reach; precision is the figure to hold it to.
"""

from __future__ import annotations

import argparse
import csv
import platform
import re
import sys
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gva
import linking

from tallystick import naming
from tallystick.claims import claims
from tallystick.model import Account, CaptureId, Claim, Document, DocumentId, Maker, Span, Telling, accounts
from tallystick.values import when
from tallystick.values.place import Place
from tallystick.values.places.gazetteer import Gazetteer, default

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "ecbplus"
TOPICS, OTHERS = range(30, 36), range(1, 30)
MAKER = Maker("ECB+", "1.0")
THRESHOLDS = [round(0.04 + 0.02 * step, 2) for step in range(40)]
KINDS = {
    "killing": "kill murder shoot shot slay stab death dead die homicide gun fire bullet",
    "capture": "arrest custody detain jail charge",
    "statement": "say said tell told announce confirm accuse report statement nominat offer deny",
}
_PARTICLES = {"up", "down", "out", "off", "over", "in", "on", "away", "to", "of"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Annotated words: ``[start, end)`` in the report's text, its sentence, its tag, and what it is said to be."""

    start: int
    end: int
    sentence: int
    tag: str
    instance: str | None

    @property
    def is_event(self) -> bool:
        return self.tag.startswith(("ACTION", "NEG"))


@dataclass(frozen=True, slots=True)
class Report:
    """One file: its text as prose, its mentions in order, and the story that it tells ("33 ecbplus")."""

    document: Document
    story: str
    mentions: tuple[Mention, ...]


def report(path: Path) -> Report:
    """Reads one file; the address at the head of an "ecbplus" file is no part of the report."""
    root = ET.parse(path).getroot()  # noqa: S314 - a corpus beside the repository
    text, where, sentence = "", {}, {}
    for token in root.iter("token"):
        word, line = token.text or "", int(token.get("sentence", "0"))
        if line == 0 and path.stem.endswith("ecbplus"):
            continue
        glue = "" if not text or re.match(r"[.,;:!?)'’%]|n't$", word) or text[-1] in "($“" else " "
        if line != sentence.get("last", line):
            glue = "\n"
        sentence["last"] = line
        where[token.get("t_id")] = len(text) + len(glue), len(text) + len(glue) + len(word), line
        text += glue + word
    instance = {}
    for relation in root.iterfind("Relations/*"):
        target = relation.find("target")
        name = relation.get("note") if relation.tag == "CROSS_DOC_COREF" else None
        for source in relation.iterfind("source"):
            # Within one report only: the chain is known by the file and its target.
            instance[source.get("m_id")] = (
                name or f"{path.stem} {target.get('m_id') if target is not None else ''}"
            )
    mentions = []
    for markable in root.iterfind("Markables/*"):
        spots = [where[a.get("t_id")] for a in markable.iterfind("token_anchor") if a.get("t_id") in where]
        if spots:
            mentions.append(
                Mention(
                    min(s[0] for s in spots), max(s[1] for s in spots), spots[0][2],
                    markable.tag, instance.get(markable.get("m_id")),
                )
            )  # fmt: skip
    topic, _, file = path.stem.partition("_")
    story = f"{topic} {'ecbplus' if file.endswith('ecbplus') else 'ecb'}"
    document = Document(CaptureId("ecb"), path.stem, text)
    return Report(document, story, tuple(sorted(mentions, key=lambda m: (m.start, m.end))))


def reports(folder: Path, topics: Iterable[int]) -> list[Report]:
    return [report(path) for topic in topics for path in sorted((folder / str(topic)).glob("*.xml"))]


def released(folder: Path) -> set[tuple[str, int]]:
    """The sentences whose annotation was checked: (file's stem, sentence)."""
    with (folder / "ECBplus_coreference_sentences.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [{key.strip(): value for key, value in line.items()} for line in csv.DictReader(file)]
    return {(f"{line['Topic']}_{line['File']}", int(line["Sentence Number"])) for line in lines}


# --------------------------------------------------------------------------------- events as accounts


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one report tells it: its first mention stands for it."""

    report: Report
    mention: Mention
    event: str
    head: str


def told(folder: Path, chosen: Sequence[Report]) -> list[Told]:
    """The events of each report that have a mention in a released sentence."""
    checked, out = released(folder), []
    for one in chosen:
        chains: dict[str, Mention] = {}
        for n, mention in enumerate(one.mentions):
            if mention.is_event and (one.document.name, mention.sentence) in checked:
                chains.setdefault(mention.instance or f"{one.document.name} mention {n}", mention)
        out += [
            Told(one, mention, event, head(one.document.text[mention.start : mention.end]))
            for event, mention in chains.items()
        ]
    return out


def head(trigger: str) -> str:
    """The head word of a trigger without its ending: the last word, but of "pulled over" the first."""
    words = re.findall(r"[a-z]+", trigger.lower()) or [trigger.lower()]
    word = words[0] if words[-1] in _PARTICLES else words[-1]
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def account(one: Told, taken: set[Span]) -> Claim:
    """The claim that tells an event, in words that no other event of the report is told by."""
    text, beside = (
        one.report.document.text,
        [m for m in one.report.mentions if m.sentence == one.mention.sentence],
    )
    parts = [m for m in beside if not m.is_event]
    start = max((m.start for m in parts if m.end <= one.mention.start), default=one.mention.start)
    end = min((m.end for m in parts if m.start >= one.mention.end), default=one.mention.end)
    span = one.report.document.span(start, end)
    while span in taken:
        start, end = (start + 1, end) if start < one.mention.start else (start, end - 1)
        span = one.report.document.span(start, end)
    taken.add(span)

    def nearest(tag: str) -> str | None:
        near = sorted(
            (m for m in parts if m.tag.startswith(tag)), key=lambda m: abs(m.start - one.mention.start)
        )
        return text[near[0].start : near[0].end] if near else None

    time, place = nearest("TIME"), nearest("LOC")
    days = [found for _, _, found in when.read(time)] if time else []
    stem = next((kind for kind, words in KINDS.items() if one.head.startswith(tuple(words.split()))), "other")
    telling = Telling(
        stem, when=days[0] if days else when.UNKNOWN, place=Place(place, place) if place else None
    )
    return Claim(span, "attack", telling, telling=span, maker=MAKER)


# ------------------------------------------------------------------------------------------- the run


def line(name: str, found: Mapping[str, Hashable], true: Mapping[str, Hashable]) -> str:
    return f"{name:38}{linking.pairwise(found, true)}  {linking.b_cubed(found, true)}"


def stories(folder: Path, chosen: Sequence[Report], lists: Gazetteer) -> None:
    """Prints how well reports are gathered by story."""
    true = {one.document.name: one.story for one in chosen}
    there = {one.document.id: one.document for one in chosen}
    said = accounts([claim for one in chosen for claim in claims(one.document)], there)
    by_report: dict[DocumentId, list[Account]] = defaultdict(list)
    for each in naming.located(said, there, lists, (), {}):
        by_report[each.document].append(each)
    found = {a.id: there[a.document].name for one in by_report.values() if (a := gva.main_account(one))}
    main = [a for one in by_report.values() for a in one if a.id in found]
    mine = {found[name]: group for name, group in linking.grouped(linking.ours(main)).items()}
    dated = sum(a.telling.when.start is not None for a in main)
    print(
        f"{len(chosen)} reports of {len(set(true.values()))} stories; an account of harm is read in {len(main)}, "
        f"with a day in {dated}, with a place in {sum(a.telling.place is not None for a in main)}"
    )
    others = reports(folder, OTHERS)
    stories_of = {one.document.name: one.story for one in others}
    likenesses = linking.alike({one.document.name: one.document.text for one in others}, THRESHOLDS[0])

    def f1(least: float) -> float:
        groups = linking.joined(stories_of, [(a, b) for like, a, b in likenesses if like >= least])
        return linking.pairwise(groups, stories_of).f1

    least = max(THRESHOLDS, key=f1)
    texts = {one.document.name: one.document.text for one in chosen}
    near = [(a, b) for like, a, b in linking.alike(texts, least)]
    print(line("each report alone", {name: name for name in true}, true))
    print(line("ours, as read", linking.by_key({name: mine.get(name) for name in true}), true))
    print(line(f"words alone, {least:.2f} or more", linking.joined(true, near), true))


def events(folder: Path, chosen: Sequence[Report], lists: Gazetteer) -> None:
    """Prints how well gold mentions are gathered by event."""
    there = {one.document.id: one.document for one in chosen}
    every, taken = told(folder, chosen), set[Span]()
    claim = {n: account(one, taken) for n, one in enumerate(every)}
    number = {each.account: str(n) for n, each in claim.items()}
    made = naming.located(accounts(claim.values(), there), there, lists, (), {})
    mine = {number[name]: group for name, group in linking.grouped(linking.ours(made)).items()}
    true = {str(n): one.event for n, one in enumerate(every)}
    dated = sum(a.telling.when.start is not None for a in made)
    print(
        f"\n{len(every)} events told in {len(chosen)} reports, {len(set(true.values()))} different; with a day "
        f"{dated}, with a place {sum(a.telling.place is not None for a in made)}, "
        f"of a kind of harm {sum(a.telling.kind in ('killing', 'capture') for a in made)}"
    )
    print(line("each alone", {name: name for name in true}, true))
    print(line("ours, gold mentions", mine, true))
    print(line("head word", {str(n): one.head for n, one in enumerate(every)}, true))
    print(
        line(
            "head word within the gold story",
            {str(n): (one.report.story, one.head) for n, one in enumerate(every)},
            true,
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a folder with a folder for each topic")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; this measurement needs that set")
    chosen, lists = reports(options.corpus, TOPICS), Gazetteer(default(naming.cache()))
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(f"ECB+, topics {TOPICS[0]} to {TOPICS[-1]}\n{'':38}{'pairs':^22}{'B³':^22}")
    print(f"{'':38}" + f"{'P':>6} {'R':>6} {'F1':>6}  " * 2)
    stories(options.corpus, chosen, lists)
    events(options.corpus, chosen, lists)
    return 0


if __name__ == "__main__":
    sys.exit(main())
