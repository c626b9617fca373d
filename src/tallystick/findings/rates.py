"""Shares and odds of small numbers, with their uncertainty.

* ``wilson``: the score interval for a share (E. B. Wilson, 1927, J. Am. Stat. Assoc. 22), which R. G.
  Newcombe (1998, Statistics in Medicine 17) recommends over the textbook one: it never leaves 0 to 1
  and is no point at 0 or at all.
* ``odds``: the odds ratio of a table of two by two, exactly, by the hypergeometric distribution given
  both margins: the conditional estimate of greatest likelihood and J. Cornfield's interval (1956,
  Proc. Third Berkeley Symposium), as tools for Fisher's exact test print them.
* ``chance``: R. A. Fisher's exact test, two-sided: the chance of all tables no likelier than this one.
* ``holm``: S. Holm's (1979, Scand. J. Statist. 6) allowance for looking at many tables.

All of them take incidents to be drawn one by one. Those of a case were chosen by reporters and may hang
together, so that the true uncertainty is greater; the pages say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, fsum, inf, lgamma, log, sqrt
from statistics import NormalDist

LEVEL = 0.95
_Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
_TIE = 1e-7  # tables this near in likelihood are equally likely: rounding must not decide
_NOTHING = -60.0  # e to this is nothing beside the likeliest
_FINE, _EXACT = 1e-12, 1e-14  # how near the log odds, and a probability or a mean, are found


def wilson(hit: int, of: int) -> tuple[float, float]:
    """The 95 % score interval for the share ``hit`` of ``of``; (0, 1) where ``of`` is 0.

    Raises ``ValueError`` unless 0 ≤ hit ≤ of.
    """
    if not 0 <= hit <= of:
        raise ValueError(f"{hit} of {of} is no share")
    if of == 0:
        return 0.0, 1.0
    share, square = hit / of, _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    return (0.0 if hit == 0 else max(0.0, middle - half)), (1.0 if hit == of else min(1.0, middle + half))


class _Table:
    """A table of two by two given its margins: how likely each count of its first cell is."""

    def __init__(self, hit: int, of: int, hit_else: int, of_else: int) -> None:
        if not (0 <= hit <= of and 0 <= hit_else <= of_else):
            raise ValueError(f"{hit} of {of} beside {hit_else} of {of_else} is no table")
        self.hit = hit
        total = hit + hit_else
        self.least, self.most = max(0, total - of_else), min(total, of)
        self._logs = [
            _log_choose(of, k) + _log_choose(of_else, total - k) for k in range(self.least, self.most + 1)
        ]
        # Where the odds of the sample lie, halves added so that they always lie somewhere.
        self.near = log((hit + 0.5) * (of_else - hit_else + 0.5) / ((of - hit + 0.5) * (hit_else + 0.5)))

    def shares(self, log_odds: float) -> dict[int, float]:
        """The probability of each count at an odds ratio of exp(``log_odds``), but for those next to none."""
        low, high = 0, len(self._logs) - 1
        while low < high:  # the likeliest count: what comes after a count is ever less likely beside it
            middle = (low + high) // 2
            rises = self._logs[middle + 1] - self._logs[middle] + log_odds > 0
            low, high = (middle + 1, high) if rises else (low, middle)
        top = self._logs[low] + log_odds * low
        found: dict[int, float] = {}
        for way in (range(low, len(self._logs)), range(low - 1, -1, -1)):
            for k in way:
                under = self._logs[k] + log_odds * k - top
                if under < _NOTHING:
                    break
                found[self.least + k] = exp(under)
        total = fsum(found.values())
        return {k: weight / total for k, weight in found.items()}

    def mean(self, log_odds: float) -> float:
        return fsum(k * share for k, share in self.shares(log_odds).items())

    def at_least(self, log_odds: float) -> float:
        return fsum(share for k, share in self.shares(log_odds).items() if k >= self.hit)

    def at_most(self, log_odds: float) -> float:
        return fsum(share for k, share in self.shares(log_odds).items() if k <= self.hit)

    def where(self, rises: Callable[[float], float]) -> float:
        """The odds ratio at which ``rises``, which grows with the log odds, passes 0."""
        low, high = self.near - 1, self.near + 1
        while rises(low) > 0:
            low -= 2 * (high - low)
        while rises(high) < 0:
            high += 2 * (high - low)
        return _settled(exp(_zero(rises, low, high)))


def _zero(rises: Callable[[float], float], low: float, high: float) -> float:
    """Where ``rises`` passes 0 between two points on either side of it.

    By the false position with the Illinois step (M. Dowell and P. Jarratt, 1971, BIT 11): the end that
    stays twice counts half, so that neither end is stuck.
    """
    under, over = rises(low), rises(high)
    before = 0
    while high - low > _FINE and under < 0 < over:
        at = (low * over - high * under) / (over - under)
        told = rises(at)
        if told < 0:
            low, under, over = at, told, over / 2 if before < 0 else over
        else:
            high, over, under = at, told, under / 2 if before > 0 else under
        if abs(told) < _EXACT:
            return at
        before = -1 if told < 0 else 1
    return low if under >= 0 else high if over <= 0 else (low + high) / 2


def odds(hit: int, of: int, hit_else: int, of_else: int) -> tuple[float, float, float]:
    """(low, estimate, high) of the odds of being hit here over those elsewhere, at 95 %.

    ``inf`` where the data set no upper end; where nothing, or all, is hit the bounds are 0 and ``inf``
    and the estimate 1, which says that nothing can be told. Raises ``ValueError`` for no table.
    """
    table = _Table(hit, of, hit_else, of_else)
    if table.least == table.most:
        return 0.0, 1.0, inf
    tail = (1 - LEVEL) / 2
    at_bottom, at_top = hit == table.least, hit == table.most
    low = 0.0 if at_bottom else table.where(lambda x: table.at_least(x) - tail)
    high = inf if at_top else table.where(lambda x: tail - table.at_most(x))
    middle = 0.0 if at_bottom else inf if at_top else table.where(lambda x: table.mean(x) - hit)
    return low, middle, high


def chance(hit: int, of: int, hit_else: int, of_else: int) -> float:
    """The probability, were the odds the same, of this table or one no likelier (two-sided)."""
    table = _Table(hit, of, hit_else, of_else)
    shares = table.shares(0.0)
    bar = shares.get(hit, 0.0) * (1 + _TIE)
    return _settled(min(1.0, fsum(share for share in shares.values() if share <= bar)))


def holm(chances: Sequence[float]) -> list[float]:
    """Each chance with allowance for all of them having been looked at, in the same order; at most 1."""
    order = sorted(range(len(chances)), key=lambda at: chances[at])
    out, reached = [0.0] * len(chances), 0.0
    for rank, at in enumerate(order):
        reached = max(reached, min(1.0, (len(chances) - rank) * chances[at]))
        out[at] = reached
    return out


def _settled(number: float) -> float:
    """Nine digits: what lies past them is the machine's, not the data's."""
    return float(f"{number:.9g}")


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
