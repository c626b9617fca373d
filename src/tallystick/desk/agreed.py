"""How far people agree who looked at the same claims, each by themselves.

Raw agreement is the share of claims on which two people say the same, a correction's content included.
Cohen's kappa (Cohen 1960, Educational and Psychological Measurement 20, 37-46) takes out what would agree by
chance. What counts is what each said by themselves: where somebody changes their word when they have seen
another's, the word before. Kappa is told of the verdicts alone (upheld, rejected, corrected), for
corrections are hardly ever equal by chance. Over several pairs of people observed and expected agreement are
averaged, weighted by the claims of each pair (pooled kappa: De Vries, Elliott, Kanouse and Teleki 2008,
Field Methods 20, 272-282).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tallystick.model import Review
from tallystick.reviewing import Settled, agreement


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people: how many claims both looked at, on how many they say the same, and their kappa.

    ``kappa`` is None where chance alone would always agree: where both only ever gave one verdict.
    """

    one: str
    other: str
    claims: int
    same: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """All pairs of people, and the claims that two or more looked at; ``decided`` are all with a word,
    ``stands`` those of which one stands."""

    decided: int
    stands: int
    twice: int
    same: int
    kappa: float | None
    pairs: tuple[Pair, ...]

    @property
    def raw(self) -> float | None:
        """The share of claims looked at twice on which all say the same."""
        return self.same / self.twice if self.twice else None


def agreed(stand: Iterable[Settled]) -> Agreed:
    """What people's words on claims come to: those that each gave before they could see the others'."""
    every = list(stand)
    held: dict[tuple[str, str], list[tuple[Review, Review]]] = defaultdict(list)
    for one in every:
        for left, right in combinations(sorted(one.unseeing or one.said, key=lambda review: review.by), 2):
            held[left.by, right.by].append((left, right))
    pairs, observed, expected, many = [], 0.0, 0.0, 0
    for (one_by, other_by), both in sorted(held.items()):
        see, chance = _shares([(str(a.verdict), str(b.verdict)) for a, b in both])
        same = sum(Settled("open", each).agreed is True for each in both)
        pairs.append(Pair(one_by, other_by, len(both), same, _kappa(see, chance)))
        observed, expected, many = observed + see * len(both), expected + chance * len(both), many + len(both)
    twice, same = agreement(every)
    kappa = _kappa(observed / many, expected / many) if many else None
    stands = sum(one.standing is not None for one in every)
    spoken = sum(bool(one.said) for one in every)
    return Agreed(spoken, stands, twice, same, kappa, tuple(pairs))


def _shares(told: list[tuple[str, str]]) -> tuple[float, float]:
    """The share that agrees, and the share that would by chance."""
    many = len(told)
    lefts, rights = Counter(left for left, _ in told), Counter(right for _, right in told)
    chance = sum(lefts[verdict] * rights[verdict] for verdict in lefts) / many**2
    return sum(left == right for left, right in told) / many, chance


def _kappa(observed: float, expected: float) -> float | None:
    return None if expected >= 1 - 1e-12 else (observed - expected) / (1 - expected)
