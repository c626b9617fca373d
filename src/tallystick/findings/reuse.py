"""Text reuse: which reports repeat another's words, whole or by passage, and which words these are.

Every run of four words that stands in two reports is a seed; seeds are lengthened to runs, and runs
with a few other words between them are one passage, so that cutting, another order of paragraphs,
another heading and single changed words leave the rest to be found. Candidates come from an index of
the runs (an inverted index, as in Broder 1997 and in Schleimer, Wilkerson and Aiken 2003, without
their sampling, which costs recall and is not needed at this size): each holder of a run is paired with
the eight holders before it and with the first, so that the work grows with the text and not with the
square of its readers.

What stands in many reports that have nothing else to do with each other is *stock*: an outlet's foot
of the page, the agency's sentence on how the war began. Stock is no evidence of copying and counts on
neither side of a share.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from tallystick.model import Document, DocumentId, Span

GRAM = 4  # words of a seed, from which a run is lengthened
INDEXED = 6  # words of the runs by which candidates and stock are found: shorter ones recur by chance
RUN = 8  # words that a passage shares at least
GAP = 3  # other words within a passage, on either side, between two runs of it
COPY = 0.3  # share of the shorter report's own words that makes the whole a copy
LEAST = 15  # shared words of a copy, at least: a sentence that many would write is none
PASSAGE = 30  # shared words in two sentences or more: a passage taken over, though the whole is no copy
BACK = 8  # holders of a run before this one that it is paired with
# Stock: a run that stands in reports of so many days of publication, such a share of all days, and so many
# days apart; in so many reports of one outlet on so many days; in so many reports, and such a share of all.
STOCK_DAYS, STOCK_DAYS_SHARE, STOCK_SPAN = 6, 0.03, 15
STOCK_OUTLET, STOCK_OUTLET_DAYS = 5, 4
STOCK_ALL, STOCK_SHARE = 50, 0.05
# Scripts without spaces between words: there each sign is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:['’][^\W_{_UNSPACED}]+)*")
_END = re.compile(r"[.!?؟۔](?=[\s\"”’')\]]|$)|[。！？\n]")

Grams = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shared:
    """What two reports have in common, word for word but for small changes.

    ``left`` and ``right`` are in the order of publication, then of ids. ``passages`` are the same
    words in the one and in the other; ``words`` how many are shared, stock left out; ``share`` these
    over the own words of the shorter report and ``taken`` over those of ``right``, 0 to 1;
    ``sentences`` those of ``right`` that stand mostly in ``left``.
    """

    left: DocumentId
    right: DocumentId
    passages: tuple[tuple[Span, Span], ...]
    words: int
    share: float
    taken: float
    sentences: int

    @property
    def whole(self) -> bool:
        """Whether one is a copy of the other as a whole."""
        return self.words >= LEAST and self.share >= COPY

    @property
    def passage(self) -> bool:
        """Whether a passage was taken over: two sentences or more."""
        return self.words >= PASSAGE and self.sentences >= 2


def shared(documents: Iterable[Document]) -> tuple[Shared, ...]:
    """Every pair of ``documents`` of which one is a copy of the other or has a passage of it.

    In order of publication (undated last), then of ids; the same whatever order they come in.
    """
    order = sorted({document.id: document for document in documents}.values(), key=in_order)
    if len(order) < 2:
        return ()
    index = _Index(order)
    out = (index.compare(left, right) for left, right in index.candidates())
    return tuple(found for found in out if found.whole or found.passage)


def in_order(document: Document) -> tuple[date, DocumentId]:
    """The order of publication, undated last, then of ids."""
    return document.published or date.max, document.id


def firsts(order: Sequence[Document], found: Iterable[Shared]) -> dict[DocumentId, DocumentId]:
    """Each document to that whose words it has: the first of those it is a copy of, itself where of none.

    Of several the one that it shares most with, of nearly equal ones the first. A copy of a copy goes
    back to the source only where the words it took are those that the other had taken: two reports
    that each repeat another part of a third are no copies of each other.
    """
    copied: dict[DocumentId, list[Shared]] = {}
    for pair in found:
        if pair.whole:
            copied.setdefault(pair.right, []).append(pair)
    parent: dict[DocumentId, Shared] = {}
    first: dict[DocumentId, DocumentId] = {}
    for document in order:
        here = copied.get(document.id, ())
        first[document.id] = document.id
        if not here:
            continue
        most = max(pair.words for pair in here)
        link = next(pair for pair in here if pair.words >= 0.9 * most)
        parent[document.id] = link
        while (back := parent.get(link.left)) is not None and _leads_back(link, back):
            link = back
        first[document.id] = link.left
    return first


def _leads_back(link: Shared, back: Shared) -> bool:
    """Whether at least half of what ``link`` took from a report is what that one took from ``back.left``."""
    taken = [(left.start, left.end) for left, _ in link.passages]
    had = [(right.start, right.end) for _, right in back.passages]
    common = sum(max(0, min(e, f) - max(s, t)) for s, e in taken for t, f in had)
    return 2 * common >= sum(end - start for start, end in taken)


@lru_cache(maxsize=200_000)
def _number(word: str) -> int:
    """A word as a number: the same for all that differ in capitals and apostrophes alone."""
    return zlib.crc32(word.casefold().replace("'", "").replace("’", "").encode("utf-8", "surrogatepass"))


def _grams(words: Sequence[int], long: int) -> Grams:
    """A number for each run of ``long`` words, in order."""
    told = np.array(words, dtype=np.uint64)
    if len(told) < long:
        return np.empty(0, dtype=np.uint64)
    out = np.zeros(len(told) - long + 1, dtype=np.uint64)
    for n in range(long):
        out = (out ^ told[n : n + len(out)]) * np.uint64(0x9E3779B97F4A7C15)
        out ^= out >> np.uint64(29)
    return out


@dataclass(frozen=True, slots=True)
class _Text:
    """One report in words: their numbers, places and sentences, its seeds, and what is stock."""

    words: list[int]
    at: list[tuple[int, int]]
    sentence: list[int]
    seeds: list[int]
    stock: list[bool]

    @property
    def own(self) -> int:
        """How many words are no stock."""
        return len(self.stock) - sum(self.stock)


class _Index:
    """All runs of a set of reports in order of publication, with their holders."""

    def __init__(self, order: Sequence[Document]) -> None:
        self._order = order
        each = [_grams([_number(word) for word in _WORD.findall(d.text)], INDEXED) for d in order]
        runs = np.concatenate(each)
        holders = np.repeat(np.arange(len(order)), [len(grams) for grams in each])
        del each
        by_run = np.lexsort((holders, runs))
        runs, holders = runs[by_run], holders[by_run]
        fresh = np.ones(len(runs), dtype=bool)
        fresh[1:] = (runs[1:] != runs[:-1]) | (holders[1:] != holders[:-1])
        runs, holders = runs[fresh], holders[fresh]
        self._sizes = np.bincount(holders, minlength=len(order))
        new = np.ones(len(runs), dtype=bool)
        new[1:] = runs[1:] != runs[:-1]
        group = np.cumsum(new) - 1
        many = np.bincount(group)[group] > 1 if len(group) else new
        self._runs, self._holders = runs[many], holders[many]
        self._stock, self._outlet_stock = self._find_stock()
        self._texts: dict[int, _Text] = {}

    def _find_stock(self) -> tuple[Grams, Mapping[int, Grams]]:
        """The runs that are stock everywhere, and those of one outlet by the outlet's number."""
        none = np.empty(0, dtype=np.uint64)
        if not len(self._runs):
            return none, {}
        days = np.array([(d.published or date.max).toordinal() for d in self._order])[self._holders]
        new = np.ones(len(self._runs), dtype=bool)
        new[1:] = self._runs[1:] != self._runs[:-1]
        group = np.cumsum(new) - 1
        held = np.bincount(group)
        other_day = new.copy()
        other_day[1:] |= days[1:] != days[:-1]
        starts, undated = np.flatnonzero(new), days == date.max.toordinal()
        last = np.maximum.reduceat(np.where(undated, 0, days), starts)
        first = np.minimum.reduceat(days, starts)
        days_least = max(STOCK_DAYS, STOCK_DAYS_SHARE * len({d.published for d in self._order}))
        everywhere = (np.bincount(group, weights=other_day) >= days_least) & (last - first >= STOCK_SPAN)
        everywhere |= held > max(STOCK_ALL, STOCK_SHARE * len(self._order))
        stock = self._runs[new][everywhere]
        names = [d.publisher for d in self._order]
        number = {name: n for n, name in enumerate(sorted({name for name in names if name}))}
        self._outlets = np.array([number.get(name or "", -1) for name in names])
        outlet = self._outlets[self._holders]
        rows = np.flatnonzero((held[group] >= STOCK_OUTLET) & ~everywhere[group] & (outlet >= 0))
        if not len(rows):
            return stock, {}
        rows = rows[np.lexsort((self._holders[rows], outlet[rows], group[rows]))]
        g, o, day = group[rows], outlet[rows], days[rows]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (g[1:] != g[:-1]) | (o[1:] != o[:-1])
        pair = np.cumsum(new) - 1
        other_day = new | (day == date.max.toordinal())  # an undated report may be of any day
        other_day[1:] |= day[1:] != day[:-1]
        often = (np.bincount(pair) >= STOCK_OUTLET) & (
            np.bincount(pair, weights=other_day) >= STOCK_OUTLET_DAYS
        )
        first = rows[new][often]
        return stock, {int(n): self._runs[first[outlet[first] == n]] for n in np.unique(outlet[first])}

    def _is_stock(self, grams: Grams, outlet: int) -> Mask:
        """Which of ``grams``, of one report, are stock; the lists of stock are in order."""
        out = _among(grams, self._stock)
        mine = self._outlet_stock.get(outlet)
        return out if mine is None else out | _among(grams, mine)

    def candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs of places in the order that share enough runs to be compared word by word."""
        kept = ~_among(self._runs, self._stock)
        outlet = self._outlets[self._holders] if len(self._runs) else np.empty(0, dtype=np.int64)
        for n, stock in self._outlet_stock.items():
            kept &= ~((outlet == n) & _among(self._runs, stock))
        runs, holders = self._runs[kept], self._holders[kept]
        if not len(runs):
            return
        new = np.ones(len(runs), dtype=bool)
        new[1:] = runs[1:] != runs[:-1]
        first = np.maximum.accumulate(np.where(new, np.arange(len(runs)), 0))
        since = np.arange(len(runs)) - first
        codes = [holders[first[since > BACK]] * len(self._order) + holders[since > BACK]]
        for lag in range(1, BACK + 1):
            at = np.flatnonzero(since >= lag)
            codes.append(holders[at - lag] * len(self._order) + holders[at])
        pairs, times = np.unique(np.concatenate(codes), return_counts=True)
        left, right = np.divmod(pairs, len(self._order))
        shorter = np.minimum(self._sizes[left], self._sizes[right])
        enough = (times >= PASSAGE // 3) | ((times >= LEAST // 5) & (times >= COPY / 4 * shorter))
        yield from zip(left[enough].tolist(), right[enough].tolist(), strict=True)

    def _text(self, n: int) -> _Text:
        if n not in self._texts:
            text = self._order[n].text
            found = [(m.start(), m.end()) for m in _WORD.finditer(text)]
            words = [_number(text[start:end]) for start, end in found]
            ends = [m.end() for m in _END.finditer(text)]
            stock = np.zeros(len(words), dtype=bool)
            outlet = int(self._outlets[n]) if len(self._runs) else -1
            for at in np.flatnonzero(self._is_stock(_grams(words, INDEXED), outlet)):
                stock[at : at + INDEXED] = True
            sentence = [bisect_right(ends, start) for start, _ in found]
            self._texts[n] = _Text(words, found, sentence, _grams(words, GRAM).tolist(), stock.tolist())
        return self._texts[n]

    def compare(self, left: int, right: int) -> Shared:
        """What the reports at two places of the order share."""
        one, other = self._text(left), self._text(right)
        a, b = self._order[left], self._order[right]
        passages, here, there, covered = [], set[int](), set[int](), set[int]()
        for i, j, long_i, long_j, runs in _passages(one, other):
            for at, to, long in runs:
                mine = _own(one, at, long)
                here.update(at + n for n in mine)
                there.update(to + n for n in mine)  # a formula said ten times is told once
            covered.update(range(j, j + long_j))
            passages.append((
                a.span(one.at[i][0], one.at[i + long_i - 1][1]),
                b.span(other.at[j][0], other.at[j + long_j - 1][1]),
            ))  # fmt: skip
        words = min(len(here), len(there))
        share, taken = (min(1.0, words / own) if own else 0.0 for own in (min(one.own, other.own), other.own))
        return Shared(a.id, b.id, tuple(passages), words, share, taken, _sentences(other, covered))


def _among(grams: Grams, some: Grams) -> Mask:
    """Which of ``grams`` are among ``some``, which are in order."""
    if not len(some):
        return np.zeros(len(grams), dtype=bool)
    at = np.minimum(np.searchsorted(some, grams), len(some) - 1)
    found: Mask = some[at] == grams
    return found


def _sentences(text: _Text, covered: set[int]) -> int:
    """How many sentences of five words or more are covered for the most part."""
    long: dict[int, int] = {}
    mine: dict[int, int] = {}
    for n, sentence in enumerate(text.sentence):
        long[sentence] = long.get(sentence, 0) + 1
        mine[sentence] = mine.get(sentence, 0) + (n in covered)
    return sum(long[n] >= 5 and mine[n] >= 0.6 * long[n] for n in long)


Run = tuple[int, int, int]  # where it begins in the one and in the other, and how long it is, in words


def _passages(one: _Text, other: _Text) -> Iterator[tuple[int, int, int, int, list[Run]]]:
    """Passages of two texts: where they begin in words, how long they are in each, and their runs."""
    runs = _runs(one, other)
    at = 0
    while at < len(runs):
        i, j, long = runs[at]
        end_i, end_j, mine = i + long, j + long, [runs[at]]
        at += 1
        while at < len(runs) and 0 <= runs[at][0] - end_i <= GAP and 0 <= runs[at][1] - end_j <= GAP:
            mine.append(runs[at])
            end_i, end_j = runs[at][0] + runs[at][2], runs[at][1] + runs[at][2]
            at += 1
        if sum(len(_own(one, n, length)) for n, _, length in mine) >= RUN:
            yield i, j, end_i - i, end_j - j, mine


def _runs(one: _Text, other: _Text) -> list[Run]:
    """The longest runs alike from each place of ``one`` on that no run before it holds."""
    place: dict[int, list[int]] = {}
    for j, seed in enumerate(other.seeds):
        if not all(other.stock[j : j + GRAM]) and len(held := place.setdefault(seed, [])) < 4:
            held.append(j)
    runs = []
    i = 0
    while i < len(one.seeds):
        found = place.get(one.seeds[i], ())
        if not found or all(one.stock[i : i + GRAM]):
            i += 1
            continue
        long, j = max((_long(one.words, other.words, i, j), -j) for j in found)
        runs.append((i, -j, long))
        i += long
    return runs


def _long(one: Sequence[int], other: Sequence[int], i: int, j: int) -> int:
    """How many words run alike from these places on."""
    most = min(len(one) - i, len(other) - j)
    long = GRAM
    while long < most and one[i + long] == other[j + long]:
        long += 1
    return min(long, most)


def _own(text: _Text, i: int, long: int) -> list[int]:
    """The words of a run that are no stock, counted from its beginning."""
    return [n for n in range(long) if not text.stock[i + n]]
