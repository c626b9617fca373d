"""What the benches of linking share: the linking under test, and how close its groups come to the true ones.

A grouping is a mapping from an item (an article, an account) to the name of its group. All figures are of
groupings of the same items and lie between 0 and 1.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tallystick.incidents import pairs, resolve
from tallystick.model import Account, AccountId

Item = TypeVar("Item", bound=Hashable)


def ours(accounts: Sequence[Account]) -> list[frozenset[AccountId]]:
    """The accounts that Tallystick takes for one event each, as sets of ids: what these benches measure."""
    judged = [pair.judgement for part in pairs(accounts) for pair in part.near]
    return [frozenset(account.id for account in incident.accounts) for incident in resolve(accounts, judged)]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def __str__(self) -> str:
        return f"{self.precision:6.3f} {self.recall:6.3f} {self.f1:6.3f}"


def pairwise(
    found: Mapping[Item, Hashable], true: Mapping[Item, Hashable], of: Iterable[Item] | None = None
) -> Score:
    """How many of the pairs found together belong together, and the other way round.

    Counted are the pairs of which at least one is among ``of``; without it, all. Where no pair is found (or
    none is to be found) precision (recall) is 1.
    """
    chosen = set(found if of is None else of)

    def count(names: Iterable[tuple[Hashable, Item]]) -> int:
        """Pairs of one name with at least one chosen: all pairs, less those of two that are not chosen."""
        whole, rest = Counter[Hashable](), Counter[Hashable]()
        for name, item in names:
            whole[name] += 1
            rest[name] += item not in chosen
        return sum(n * (n - 1) // 2 - rest[name] * (rest[name] - 1) // 2 for name, n in whole.items())

    both = count(((found[item], true[item]), item) for item in found)
    mine = count((name, item) for item, name in found.items())
    theirs = count((name, item) for item, name in true.items())
    return Score(both / mine if mine else 1.0, both / theirs if theirs else 1.0)


def b_cubed(
    found: Mapping[Item, Hashable], true: Mapping[Item, Hashable], of: Iterable[Item] | None = None
) -> Score:
    """B³ (Bagga and Baldwin 1998): for each item of ``of``, the share of its found group that is truly of its
    event, and the share of its event that is in its found group; both averaged over items."""
    chosen = list(found if of is None else of)
    if not chosen:
        return Score(1.0, 1.0)
    mine, theirs = Counter(found.values()), Counter(true.values())
    both = Counter((found[item], true[item]) for item in found)
    shared = [(both[found[item], true[item]], found[item], true[item]) for item in chosen]
    return Score(
        sum(n / mine[name] for n, name, _ in shared) / len(chosen),
        sum(n / theirs[name] for n, _, name in shared) / len(chosen),
    )


def grouped(clusters: Iterable[Iterable[Item]]) -> dict[Item, int]:
    """Sets of items as a grouping."""
    return {item: number for number, cluster in enumerate(clusters) for item in cluster}


def joined(items: Iterable[Item], links: Iterable[tuple[Item, Item]]) -> dict[Item, Item]:
    """The grouping of ``items`` where all that ``links`` join, over any number of steps, is one group."""
    head = {item: item for item in items}

    def top(item: Item) -> Item:
        while head[item] != item:
            head[item] = head[head[item]]
            item = head[item]
        return item

    for one, other in links:
        head[top(one)] = top(other)
    return {item: top(item) for item in head}


def by_key(keys: Mapping[Item, Hashable | None]) -> dict[Item, Hashable]:
    """The grouping by a key; an item without one stays alone."""
    return {item: ("alone", item) if key is None else ("key", key) for item, key in keys.items()}


def held_out(name: str, share: int = 5) -> bool:
    """Whether ``name`` belongs to the one in ``share`` that nothing is tuned on: by its SHA-256, so for good."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % share == 0


def shared_index(groups: Mapping[Item, Hashable]) -> dict[Hashable, list[Item]]:
    """The items of each group, in the order given."""
    out: dict[Hashable, list[Item]] = defaultdict(list)
    for item, name in groups.items():
        out[name].append(item)
    return out


def vectors(texts: Mapping[Item, str], common: float = 0.2) -> dict[Item, dict[str, float]]:
    """The words of each text with their weights by TF-IDF, of length 1 together.

    A word weighs (1 + ln count) · ln(texts / texts with it); words of two or more letters count that stand in at
    least two texts and in at most a share ``common`` of them.
    """
    bags = {item: Counter(re.findall(r"[a-z]{2,}", text.lower())) for item, text in texts.items()}
    spread = Counter(word for bag in bags.values() for word in bag)
    rarity = {w: math.log(len(bags) / n) for w, n in spread.items() if 2 <= n <= len(bags) * common}
    out = {}
    for item, bag in bags.items():
        vector = {word: (1 + math.log(n)) * rarity[word] for word, n in sorted(bag.items()) if word in rarity}
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        out[item] = {word: value / length for word, value in vector.items()}
    return out


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How much alike two texts are, 0 to 1, by their ``vectors``."""
    return sum(value * other[word] for word, value in one.items() if word in other)


def alike(texts: Mapping[Item, str], least: float) -> list[tuple[float, Item, Item]]:
    """Pairs of texts whose words are at least so much alike (``cosine`` of ``vectors``), in the order given."""
    items, words = list(texts), vectors(texts)
    posts: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, item in enumerate(items):
        for word, value in words[item].items():
            posts[word].append((at, value))
    columns = {word: (np.array([a for a, _ in p]), np.array([v for _, v in p])) for word, p in posts.items()}
    out = []
    for at, item in enumerate(items):
        sums = np.zeros(len(items))
        for word, value in words[item].items():
            where, values = columns[word]
            sums[where] += value * values
        out += [(float(sums[b]), item, items[b]) for b in np.flatnonzero(sums[:at] >= least)]
    return out
