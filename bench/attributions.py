"""Who says what, held against people: the reader on the dev part of PolNeAR.

    python bench/attributions.py                all 84 reports of ../shared/data/polnear
    python bench/attributions.py --limit 10     the first ten only
    python bench/attributions.py --jobs 1       in one process

PolNeAR (Newell, Margolin and Ruths, 2018) marks in US political news who is quoted (source), by which
words (cue) and what is said (content). Of the reader, each claim with a voice is one attribution:
``voices[0].span`` is its source, ``claim.span`` its content. Claims of one voice whose words overlap,
or have nothing but a comma or a quotation mark between them, are joined into one content.

Everything is counted in word positions; a word that a span only touches belongs to it.

* *content found*: a content is right when it shares a word with a content of the other side. One long
  content may so be met by several short ones, and the reverse: the next line keeps that in check.
* *content, words*: each word is in some content or in none.
* *source found*: an attribution is right when, of those of the other side whose content shares a word
  with its own, one has a source that shares a word with its own. Marked attributions without a source
  are not looked for; a source given to one of them is wrong.
* *source, share of words*: the same, but a source counts by the part of its words that is shared.
* *source, words*: each word is in some source or in none.

A source is right only where it is marked: the full name two sentences earlier does not stand for "he".

Beside it, in the same run, a named alternative that needs no model: ``plain`` takes quotation marks,
the nearest verb of saying, and the nearest run of capitalised words or pronoun; without quotation
marks, what follows "X said" or precedes ", X said". Two reports are marked by six people each:
``people`` is each of the six held against each of the others, by the same measures. The published
agreement between people (source 0.84, content 0.88) is printed beside; it was worked out otherwise
and over other reports, so that only ``people`` can be set against ``reader`` figure by figure.

Of a report marked by several people the first one's marks count (by the order of their file names).
What the corpus marks as no part of the article ("Discard") is left out on both sides.
"""

from __future__ import annotations

import argparse
import re
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations
from pathlib import Path

import sentencex

from tallystick.model import CaptureId, Claim, Document
from tallystick.readers import read

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "shared" / "data" / "polnear" / "data" / "dev"

# As published; not worked out here.
PUBLISHED = {"content found": "0.88", "source found": "0.84"}
MEASURES = (
    "content found",
    "content, words",
    "source found",
    "source, share of words",
    "source, words",
)

WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
TOUCH = re.compile(r"[\s,:;—–\-“”\"‘’'()]*")  # no word between, and no end of a sentence

Extent = tuple[int, int]  # [start, end) in code points


@dataclass(frozen=True)
class Attribution:
    """Word positions of who says it and of what is said; a mark may name no source."""

    source: frozenset[int]
    content: frozenset[int]


@dataclass
class Tally:
    """Right ones among the given and among the marked: what precision and recall are made of."""

    right: float = 0.0
    given: float = 0.0
    found: float = 0.0
    marked: float = 0.0

    def scores(self) -> tuple[float, float, float]:
        precision = self.right / self.given if self.given else 0.0
        recall = self.found / self.marked if self.marked else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


@dataclass
class Board:
    """The tallies of all measures for one maker of attributions."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in MEASURES})

    def add(self, given: list[Attribution], marked: list[Attribution]) -> None:
        """Count one report."""
        content, source = self.tallies["content found"], self.tallies["source found"]
        share = self.tallies["source, share of words"]
        for one in given:
            met = [each for each in marked if each.content & one.content]
            content.given += 1
            content.right += bool(met)
            if one.source:
                best = max((len(each.source & one.source) for each in met), default=0)
                source.given += 1
                source.right += bool(best)
                share.given += 1
                share.right += best / len(one.source)
        for one in marked:
            met = [each for each in given if each.content & one.content]
            content.marked += 1
            content.found += bool(met)
            if one.source:
                best = max((len(each.source & one.source) for each in met), default=0)
                source.marked += 1
                source.found += bool(best)
                share.marked += 1
                share.found += best / len(one.source)
        for name, part in (("content, words", "content"), ("source, words", "source")):
            ours: set[int] = set().union(*(getattr(one, part) for one in given))
            theirs: set[int] = set().union(*(getattr(one, part) for one in marked))
            tally = self.tallies[name]
            tally.right += len(ours & theirs)
            tally.found += len(ours & theirs)
            tally.given += len(ours)
            tally.marked += len(theirs)


class Words:
    """The words of a text, so that offsets become word positions."""

    def __init__(self, text: str, without: Iterable[Extent] = ()) -> None:
        self._starts, self._ends = [], []
        for match in WORD.finditer(text):
            self._starts.append(match.start())
            self._ends.append(match.end())
        self._without: frozenset[int] = frozenset()
        self._without = self.at(without)

    def at(self, extents: Iterable[Extent]) -> frozenset[int]:
        """The positions of the words that ``extents`` hold or touch, but for those left out."""
        out: set[int] = set()
        for start, end in extents:
            out.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return frozenset(out - self._without)


@dataclass(frozen=True)
class Marks:
    """One person's marks on one report, as the corpus keeps them (brat standoff)."""

    attributions: tuple[tuple[tuple[Extent, ...], tuple[Extent, ...]], ...]  # (source, content)
    discarded: tuple[Extent, ...]


def marks(path: Path) -> Marks:
    """Read one file: ``T`` lines name extents, ``E`` lines tie them into attributions."""
    spans: dict[str, tuple[str, tuple[Extent, ...]]] = {}
    events: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("T"):
            name, place, _ = line.split("\t", 2)
            kind, extents = place.split(" ", 1)
            parts = (part.split() for part in extents.split(";"))
            spans[name] = kind, tuple((int(start), int(end)) for start, end in parts)
        elif line.startswith("E"):
            events.append(line.split("\t")[1].split())
    found = []
    for event in events:
        ends: dict[str, tuple[Extent, ...]] = {"Source": (), "Content": ()}
        for part in event:
            role, name = part.split(":")
            role = role.rstrip("0123456789")  # "Content2": a content told in two pieces
            if role in ends:
                ends[role] += spans[name][1]
        if ends["Content"]:
            found.append((ends["Source"], ends["Content"]))
    dropped = (extents for kind, extents in spans.values() if kind == "Discard")
    return Marks(tuple(found), tuple(one for extents in dropped for one in extents))


def by_people(one: Marks, words: Words) -> list[Attribution]:
    """The attributions that a person marked, in word positions."""
    every = (Attribution(words.at(source), words.at(content)) for source, content in one.attributions)
    return [each for each in every if each.content]


def by_reader(claims: Iterable[Claim], text: str, words: Words) -> list[Attribution]:
    """Each claim with a voice; those of one voice whose words touch are one content."""
    said: dict[Extent, list[Extent]] = defaultdict(list)
    for claim in claims:
        voice = claim.voices[0].span if claim.voices else None
        if voice is not None:
            said[voice.start, voice.end].append((claim.span.start, claim.span.end))
    out: list[Attribution] = []
    for source, contents in said.items():
        joined: list[Extent] = []
        for start, end in sorted(contents):
            # Two that overlap leave an empty gap, which matches too.
            if joined and TOUCH.fullmatch(text[joined[-1][1] : start]):
                joined[-1] = joined[-1][0], max(joined[-1][1], end)
            else:
                joined.append((start, end))
        out.extend(Attribution(words.at([source]), words.at([content])) for content in joined)
    return [each for each in out if each.content]


# ------------------------------------------------------------------ the plain alternative

QUOTED = re.compile(r"“[^”]+”?|\"[^\"]+\"?")
SAYING = re.compile(
    r"\b(?:said|says|say|saying|told|tells|added|adds|wrote|writes|tweeted|argued|argues|claimed|claims|"
    r"noted|notes|explained|explains|stated|states|announced|reported|reports|warned|warns|insisted|asked|"
    r"suggested|declared|acknowledged|admitted|according to|called|believes?|thinks?|continued)\b"
)
_CAPITAL = r"[A-Z][\w’'.-]*\w"
SPEAKER = re.compile(
    rf"(?:\b[Tt]he )?\b{_CAPITAL}(?: (?:(?:of|for|the|and) )?{_CAPITAL})*"
    r"|\b(?:[Hh]e|[Ss]he|[Tt]hey|I|[Ww]e)\b"
)
_FAR = 60  # code points between a verb of saying and its subject


def by_plain(text: str, words: Words) -> list[Attribution]:
    """Quotation marks, the nearest verb of saying, and the nearest capitalised run or pronoun."""
    out: list[Attribution] = []
    for line in re.finditer(r"[^\n]+", text):
        for source, content in _plain(line[0]):
            at = line.start()
            one = Attribution(
                words.at([(source[0] + at, source[1] + at)]), words.at([(content[0] + at, content[1] + at)])
            )
            if one.content:
                out.append(one)
    return out


def _plain(line: str) -> Iterator[tuple[Extent, Extent]]:
    """(source, content) in one paragraph, which may hold several sentences."""
    quotes = [match.span() for match in QUOTED.finditer(line)]
    # Quoted words tell no speaker: blanked out, with offsets kept.
    bare = QUOTED.sub(lambda match: " " * len(match[0]), line)
    verbs = [match.span() for match in SAYING.finditer(bare)]
    for quote in quotes:
        if len(WORD.findall(line[slice(*quote)])) < 2:
            continue  # one quoted word is mostly a title or a doubt
        verb = min(verbs, key=lambda one: _gap(one, quote), default=None)
        source = _subject(bare, verb) if verb else None
        if source:
            yield source, quote
    at = 0
    for sentence in sentencex.segment("en", line):
        start = line.find(sentence, at)
        if start < 0:
            continue
        at = end = start + len(sentence)
        if any(quote[0] < end and start < quote[1] for quote in quotes):
            continue
        verb = next((one for one in verbs if start <= one[0] < end), None)
        source = _subject(bare, verb) if verb else None
        if not verb or not source or not start <= source[0] < end:
            continue
        comma = bare.rfind(",", start, min(source[0], verb[0]))
        after = (max(source[1], verb[1]), end)
        # "X said Y" goes on after the verb; "Y, X said" ends with it.
        yield source, after if len(WORD.findall(line[slice(*after)])) > 3 or comma < 0 else (start, comma)


def _subject(bare: str, verb: Extent) -> Extent | None:
    near = [match.span() for match in SPEAKER.finditer(bare) if _gap(match.span(), verb) <= _FAR]
    return min(near, key=lambda one: _gap(one, verb), default=None)


def _gap(left: Extent, right: Extent) -> int:
    return max(left[0] - right[1], right[0] - left[1], 0)


# ------------------------------------------------------------------ the run


@dataclass(frozen=True)
class Report:
    """One article with the marks of each person who worked on it."""

    document: Document
    people: tuple[Marks, ...]

    @property
    def words(self) -> Words:
        return Words(self.document.text, self.people[0].discarded)


def reports(corpus: Path) -> list[Report]:
    """All articles of one part of the corpus, by name."""
    marked: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((corpus / "attributions").glob("*.ann")):
        marked[path.stem.rpartition("_")[0]].append(path)  # <article>_<annotator>.ann
    out = []
    for path in sorted((corpus / "text").glob("*.txt")):
        # As bytes: opened as text, line ends would be rewritten and the offsets moved.
        text = path.read_bytes().decode("utf-8")
        publisher, day, _ = path.stem.split("_", 2)
        document = Document(
            CaptureId(path.stem), path.stem, text, None, publisher, date.fromisoformat(day), "metadata"
        )
        out.append(Report(document, tuple(marks(one) for one in marked[path.stem])))
    return out


def people(every: Iterable[Report]) -> Board:
    """Each person against each other one, over the reports that several marked."""
    board = Board()
    for report in every:
        for left, right in permutations(report.people, 2):
            words = Words(report.document.text, (*left.discarded, *right.discarded))
            board.add(by_people(left, words), by_people(right, words))
    return board


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="a folder with text/ and attributions/")
    parser.add_argument("--limit", type=int, help="read only the first so many reports")
    parser.add_argument("--jobs", type=int, default=2, help="reading processes")
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; this measurement needs that set")
    every = reports(options.corpus)
    chosen = every[: options.limit]
    reader, plain = Board(), Board()
    read_in_order = read([report.document for report in chosen], options.jobs)
    for report, (document, said) in zip(chosen, read_in_order, strict=True):
        if isinstance(said, BaseException):
            raise said  # a report that cannot be read is a fault, not a low score
        words = report.words
        gold = by_people(report.people[0], words)
        reader.add(by_reader(said, document.text, words), gold)
        plain.add(by_plain(document.text, words), gold)
    boards = {"reader": reader, "plain": plain, "people": people(every)}
    ours, theirs = reader.tallies["content found"], plain.tallies["content found"]
    print(f"PolNeAR dev, {len(chosen)} reports, {ours.marked:.0f} attributions marked; ", end="")
    print(f"given by the reader {ours.given:.0f}, by plain {theirs.given:.0f}\n")
    print(f"{'':24}" + "".join(f"{name:^24}" for name in boards) + "published")
    print(f"{'':24}" + f"{'P':>6}{'R':>7}{'F1':>7}    " * len(boards) + "agreement")
    for name in MEASURES:
        cells = (board.tallies[name].scores() for board in boards.values())
        row = "".join(f"{p:6.3f}{r:7.3f}{f:7.3f}    " for p, r, f in cells)
        print(f"{name:24}{row}{PUBLISHED.get(name, ''):>9}")
    print("\nplain: quotation marks, verbs of saying, capitalised runs. people: six, over two reports.")
    print("The published agreement was worked out otherwise, over other reports: see --help.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
