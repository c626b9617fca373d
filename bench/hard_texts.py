"""The coded reports written badly: how much of the reading is lost when the text is not clean.

    python bench/hard_texts.py                    every way of writing, over ../shared/gold/dev
    python bench/hard_texts.py --only capitals    one of them, beside the plain text
    python bench/hard_texts.py --limit 10         with the first ten reports only

What people send is seldom a clean article. So each report is written anew in seven ways, its coding
is carried along, and both go through ``bench/quality.py``, as the plain report does:

    capitals        all in capitals
    small           all in small letters
    unpunctuated    every mark is a blank, but for hyphens and the marks within a number (1,000)
    broken          broken English: no articles, few auxiliaries, words that changed places, slips
    bullets         one sentence a line, each behind "- "
    live            a live blog: two sentences an entry, the newest first, each under its hour
    pages           six reports, each in the middle of some forty pages about other matters

The codes stay (who, how many, when); only their words are looked up in the new text, where each
must stand exactly, or nothing is measured. ``pages`` is held against the same six reports as they
were. Whatever is read in the pages around a report counts as wrong, so paragraphs that tell of harm
are left out of those; so are paragraphs that name a year, for the report's "Friday" is that of its own
day of publication, and a date line above it would rightly be taken for another.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any

import quality

FILLER = quality.SHARED / "data" / "gum_news" / "dep"

# What is printed: the heading, the scorer's row, the figure in it.
COLUMNS = (
    ("figures F1", "figures", "f1"),
    ("right account F1", "figures_on_the_right_account", "f1"),
    ("voice named", "voice_of_figure_where_named", "accuracy"),
    ("accounts F1", "accounts", "f1"),
    ("kind", "kind", "accuracy"),
    ("date", "date_same", "accuracy"),
    ("place", "place", "accuracy"),
    ("actors F1", "actors", "f1"),
)

# Words of one coded passage that stand further apart than this in the new text were torn apart.
TORN = 60

Scores = Mapping[str, Mapping[str, float | None]]
Report = tuple[dict[str, Any], dict[str, Any]]  # what docs/ and gold/ hold of it


# ------------------------------------------------- a new text that knows where its letters come from


@dataclass
class Rewriting:
    """A text written anew piece by piece, in any order; it knows where each old letter stands now."""

    old: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    at: dict[int, int] = field(default_factory=dict)  # place in the old text → place in the new one

    def keep(self, start: int, end: int) -> None:
        """The old letters ``[start, end)`` as they are."""
        self.change(start, end, self.old[start:end])

    def change(self, start: int, end: int, words: str) -> None:
        """``words`` in place of the old letters ``[start, end)``."""
        for place in range(start, end) if words else ():
            self.at[place] = self.length + min(place - start, len(words) - 1)
        self.add(words)

    def add(self, words: str) -> None:
        """``words`` that the old text does not have."""
        self.parts.append(words)
        self.length += len(words)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def where(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the old letters ``[start, end)`` stand now; of what was torn apart, the greatest part."""
        places = sorted(self.at[place] for place in range(start, end) if place in self.at)
        runs: list[list[int]] = []
        for place in places:
            if runs and place - runs[-1][-1] <= TORN:
                runs[-1].append(place)
            else:
                runs.append([place])
        if not runs:
            return None
        longest = max(runs, key=len)
        return longest[0], longest[-1] + 1


def sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of ``text`` as the reader cuts it, so that a line begins where one can begin."""
    from tallystick.claims.sentence import sentences as cut

    return list(cut(text))


def letter_by_letter(text: str, turn: Callable[[int, str], str]) -> Rewriting:
    """Each letter turned, where it stays one letter: "ß" has no capital of its length."""
    out = Rewriting(text)
    for place, letter in enumerate(text):
        new = turn(place, letter)
        out.change(place, place + 1, new if len(new) == 1 else letter)
    return out


# --------------------------------------------------------------------------------- ways of writing


def capitals(text: str, seed: str) -> Rewriting:
    return letter_by_letter(text, lambda _, letter: letter.upper())


def small(text: str, seed: str) -> Rewriting:
    return letter_by_letter(text, lambda _, letter: letter.lower())


def unpunctuated(text: str, seed: str) -> Rewriting:
    # Without its comma 1,000 would be two numbers, and the coding no longer true of the text.
    in_number = {m.start() + 1 for m in re.finditer(r"\d[.,:](?=\d)", text)}

    def turn(place: int, letter: str) -> str:
        return " " if letter in ".,;:!?\"'()“”‘’…" and place not in in_number else letter

    return letter_by_letter(text, turn)


# What is left out: articles and small auxiliaries. Not "was", "were" and "been", for "rebels were killed"
# would become "rebels killed", which says who did it instead of to whom it was done.
LOST = frozenset({"a", "an", "the", "has", "have", "had", "is", "are", "will", "would", "did", "does"})
SWAPPED = 0.05  # of the words, each with the next: a tenth of all words changes its place
SLIPS = 0.02
_WORD = re.compile(r"[^\W_]+(?:[-’'.,:/][^\W_]+)*")
_NUMBER = re.compile(
    r"\d|\b(?:no|none|one|once|two|twice|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|(?:hundred|thousand|million|billion|dozen|score|ten)s?"
    r"|half|double|several|many|few|first|second|third)\b",
    re.IGNORECASE,
)


def _slip(word: str, chance: random.Random) -> str:
    """``word`` as hasty fingers type it: a letter left out, typed twice, wrong, or after the next one."""
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return chance.choice(
        (
            before + after,
            before + letter + letter + after,
            before + chance.choice(string.ascii_lowercase) + after,
            before + after[0] + letter + after[1:],
        )
    )


def broken(text: str, seed: str) -> Rewriting:
    chance = random.Random(seed)  # noqa: S311 (the same slips in each run, and no secret)
    out, at = Rewriting(text), 0
    words: list[re.Match[str]] = []
    lost: set[int] = set()
    for found in _WORD.finditer(text):
        if found[0].lower() in LOST and text[found.end() : found.end() + 1] == " ":
            lost.update(range(found.start(), found.end() + 1))
        else:
            words.append(found)

    def between(start: int, end: int) -> None:
        for place in range(start, end):
            if place not in lost:
                out.keep(place, place + 1)

    def put(word: re.Match[str]) -> None:
        safe = len(word[0]) < 4 or not word[0].isalpha() or _NUMBER.search(word[0])
        if not safe and chance.random() < SLIPS:
            out.change(word.start(), word.end(), _slip(word[0], chance))
        else:
            out.keep(word.start(), word.end())

    def may_swap(n: int) -> bool:
        """Names keep their order, and so do the words before a number: "at least 26" must stay that."""
        if n + 1 >= len(words):
            return False
        gap = "".join(text[p] for p in range(words[n].end(), words[n + 1].start()) if p not in lost)
        pair = words[n][0] + words[n + 1][0]
        near = " ".join(word[0] for word in words[n : n + 5])
        return gap == " " and pair.isalpha() and pair.islower() and not _NUMBER.search(near)

    n = 0
    while n < len(words):
        swap = may_swap(n) and chance.random() < SWAPPED
        first, last = words[n], words[n + swap]
        between(at, first.start())
        put(last)
        if swap:
            between(first.end(), last.start())
            put(first)
        at, n = last.end(), n + 1 + swap
    between(at, len(text))
    return out


def bullets(text: str, seed: str) -> Rewriting:
    out = Rewriting(text)
    for start, end in sentences(text):
        out.add("- ")
        out.keep(start, end)
        out.add("\n")
    return out


def live(text: str, seed: str) -> Rewriting:
    out = Rewriting(text)
    found = sentences(text)
    entries = [found[n : n + 2] for n in range(0, len(found), 2)]
    for number, entry in reversed(list(enumerate(entries))):
        minute = 6 * 60 + 10 + number * min(37, 1000 // len(entries))
        out.add(f"{minute // 60:02}:{minute % 60:02} GMT\n\n")
        for n, (start, end) in enumerate(entry):
            out.add(" " if n else "")
            out.keep(start, end)
        out.add("\n\n")
    return out


PAGES, WORDS = 40, 400  # so many pages, of so many words
PADDED = 6  # reports; more would only take longer
_HARM = re.compile(
    r"\b(?:kill|dead|death|die[ds]?\b|dying|wound|injur|casualt|attack|bomb|blast|explo|army|armed|soldier"
    r"|troop|rebel|wars?\b|captur|fatal|murder|strike|shot|shoot|milit|victim|missing|protest|kidnap|hostage"
    r"|conflict|arrest|prison|detain|displac|refugee|violen|massacre|genocide|terror|weapon|missile"
    r"|stampede|crush|asylum)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


@cache
def filler() -> tuple[tuple[str, ...], ...]:
    """Wikinews articles and interviews, each as its paragraphs that tell of no harm and name no year."""
    out = []
    for path in sorted(FILLER.glob("*.conllu")):
        paragraphs: list[list[str]] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line == "# newpar" or line.startswith("# newpar "):
                paragraphs.append([])
            elif line.startswith("# text = "):
                paragraphs = paragraphs or [[]]
                paragraphs[-1].append(line.removeprefix("# text = ").strip())
        whole = [" ".join(paragraph) for paragraph in paragraphs]
        out.append(tuple(p for p in whole if p and not _HARM.search(p) and not _YEAR.search(p)))
    return tuple(article for article in out if article)


def pages(text: str, seed: str) -> Rewriting:
    out, page, words = Rewriting(text), 1, 0

    def count(piece: str) -> None:
        """Turns the page once it is full, as a printed file does: never within a sentence here."""
        nonlocal page, words
        words += len(piece.split())
        if words >= WORDS:
            out.add(f"\n\nPage {page} of {PAGES}\n\f")
            page, words = page + 1, words - WORDS

    # Each report begins its filler at another article, so that the six do not share their pages.
    first = random.Random(seed).randrange(len(filler()))  # noqa: S311 (no secret)
    other = chain.from_iterable(islice(cycle(filler()), first, None))

    def around(pages_wanted: float) -> None:
        while page + words / WORDS < pages_wanted:
            paragraph = next(other)
            out.add(paragraph)
            count(paragraph)
            out.add("\n\n")

    around(1 + (PAGES - len(text.split()) / WORDS) / 2)
    at = 0
    for _, end in sentences(text):
        out.keep(at, end)
        count(text[at:end])
        at = end
    out.add("\n\n")
    around(PAGES + 0.95)
    return out


# What each does to a text, whether to the title too, and to how many reports.
WAYS: dict[str, tuple[Callable[[str, str], Rewriting], bool, int | None]] = {
    "capitals": (capitals, True, None),
    "small": (small, True, None),
    "unpunctuated": (unpunctuated, True, None),
    "broken": (broken, True, None),
    "bullets": (bullets, False, None),
    "live": (live, False, None),
    "pages": (pages, False, PADDED),
}


# -------------------------------------------------------------------------- the coding carried along


def nearest(text: str, words: str, to: int) -> int:
    """Where ``words`` stand in ``text``, nearest to the place ``to``."""
    found = [m.start() for m in re.finditer(re.escape(words), text)]
    if not found:
        raise ValueError(f"the coding quotes {words[:60]!r}, which its report does not hold")
    return min(found, key=lambda place: abs(place - to))


def carried(value: Any, rewriting: Rewriting, to: int) -> Any:
    """``value`` with every quoted passage in it ("quote", "text") as the new text has it."""
    if isinstance(value, list):
        return [carried(item, rewriting, to) for item in value]
    if not isinstance(value, dict):
        return value
    out = {}
    for key, item in value.items():
        if key in ("quote", "text") and item:
            start = nearest(rewriting.old, item, to)
            place = rewriting.where(start, start + len(item))
            # An article may be all that is quoted ("a"), and is lost in broken English.
            out[key] = rewriting.text[slice(*place)] if place else None
        else:
            out[key] = carried(item, rewriting, to)
    return out


def account(coded: dict[str, Any], rewriting: Rewriting) -> dict[str, Any]:
    """One coded account in the new text. Its place is written beside the quote: there the words may
    stand twice, where they stood once."""
    to = rewriting.old.index(coded["quote"])
    place = rewriting.where(to, to + len(coded["quote"]))
    if place is None:
        raise ValueError(f"nothing is left of {coded['quote']!r}")
    return {**carried(coded, rewriting, to), "start": place[0], "end": place[1]}


def rewritten(report: Report, turn: Callable[[str, str], Rewriting], title_too: bool) -> Report:
    """The report and its coding, written in another way."""
    document, gold = report
    seed = document["id"]
    rewriting = turn(document["text"], seed)
    title = document.get("title")
    if title and title_too:
        title = turn(title, f"title of {seed}").text
    accounts = [account(coded, rewriting) for coded in gold["accounts"]]
    return {**document, "title": title, "text": rewriting.text}, {**gold, "accounts": accounts}


def quotes(value: Any) -> Iterator[str]:
    """Every quoted passage of a coding."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in ("quote", "text") and isinstance(item, str):
                yield item
            else:
                yield from quotes(item)
    elif isinstance(value, list):
        for item in value:
            yield from quotes(item)


# ------------------------------------------------------------------------------------- the measuring


def coded_reports(folder: Path, limit: int | None) -> list[Report]:
    """The reports of a coded folder with their codings, the first ``limit`` of them."""
    out = []
    for path in sorted((folder / "docs").glob("*.json"))[:limit]:
        coding = folder / "gold" / path.name
        pair = path.read_text(encoding="utf-8"), coding.read_text(encoding="utf-8")
        out.append((json.loads(pair[0]), json.loads(pair[1])))
    return out


def spread(reports: list[Report], wanted: int | None) -> list[Report]:
    """``wanted`` of the reports that tell of something, evenly from first to last; all if None."""
    if wanted is None:
        return reports
    telling = [report for report in reports if report[1]["accounts"]]
    if len(telling) <= wanted:
        return telling
    return [telling[n * len(telling) // wanted] for n in range(wanted)]


def measured(reports: list[Report]) -> Scores:
    """The scorer's table for these reports, written into a folder of their own."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "docs").mkdir()
        (folder / "gold").mkdir()
        for document, gold in reports:
            for words in quotes(gold):
                if words not in document["text"]:
                    raise ValueError(f"{document['id']} does not hold the words quoted of it: {words!r}")
            for name, record in (("docs", document), ("gold", gold)):
                path = folder / name / f"{document['id']}.json"
                path.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        return quality.measure(folder)


def row(name: str, scores: Scores, plain: Scores | None) -> str:
    """One line of the table: each figure, and how far it is from that of the plain text."""
    cells = [f"{name:<18}", f"{scores['documents']:>7}"]
    for heading, line, figure in COLUMNS:
        value = scores[line][figure]
        cell = "–" if value is None else f"{value:.3f}"
        if plain is not None:
            before = plain[line][figure]
            cell += "" if value is None or before is None else f" {value - before:+.3f}"
        cells.append(f"{cell:>{max(12, len(heading))}}")
    return " | ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--gold", type=Path, default=quality.SHARED / "gold" / "dev", help="a folder with docs/ and gold/"
    )
    parser.add_argument("--only", choices=WAYS, action="append", help="this way of writing; may be repeated")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N reports only")
    options = parser.parse_args()
    if not (options.gold / "docs").is_dir():
        sys.exit(f"{options.gold / 'docs'} is not there; this measurement needs coded reports")
    wanted = options.only or list(WAYS)
    if "pages" in wanted and not filler():
        sys.exit(f"{FILLER} is not there; name other ways of writing with --only, one --only for each")
    reports = coded_reports(options.gold, options.limit)
    headings = [f"{heading:>{max(12, len(heading))}}" for heading, _, _ in COLUMNS]
    print(" | ".join([f"{'':<18}", "reports", *headings]))
    print("-|-".join(["-" * 18, "-" * 7, *("-" * len(heading) for heading in headings)]))
    of_all: Scores | None = None
    for name in wanted:
        turn, title_too, number = WAYS[name]
        chosen = spread(reports, number)
        # A difference is told against the very same reports.
        if number is None:
            if of_all is None:
                of_all = measured(chosen)
                print(row("plain", of_all, None), flush=True)
            plain = of_all
        else:
            plain = measured(chosen)
            print(row("plain, the same", plain, None), flush=True)
        scores = measured([rewritten(report, turn, title_too) for report in chosen])
        print(row(name, scores, plain), flush=True)


if __name__ == "__main__":
    main()
