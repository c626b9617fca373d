"""Accounts compared: which pairs are worth comparing, how each comes out, and why, in words.

``candidates.sql`` names the pairs, ``comparison.sql`` gives each a reason under every head and adds up the
weights of ``weights.tsv``; both run in DuckDB over Arrow tables, in slices of documents that need nothing of
one another (``tables``). A sum of ``SAME`` or more is judged the same event, one under ``DIFFERENT``
different, between them unsure. Weights are log-odds (natural logarithm), fitted by logistic regression on the
accounts that the reader finds in the coded training reports (``bench/weights.py``).

A pair's judgement follows from its two documents and from nothing else of the case: a new report touches no
judgement on others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from tallystick import __version__
from tallystick.incidents import matters
from tallystick.incidents.tables import HEADS, Tables, read
from tallystick.incidents.traits import says_little
from tallystick.model import Account, DocumentId, Judgement, Maker

SAME, DIFFERENT = 0.0, -1.5  # as likely as not; one in six
BASE = "before comparing"
TRAITS = 1  # counted up when ``traits`` or ``where`` change what they say
_PLACE = HEADS.index("place")
Verdict = Literal["same", "different", "unsure"]


@cache
def _rows() -> tuple[tuple[str, str, float], ...]:
    """The rows of ``weights.tsv``: head (empty for ``BASE``), reason, weight."""
    rows = (line.split("\t") for line in read("weights.tsv").split("\n")[1:] if line)
    return tuple((head, reason, float(weight)) for head, reason, weight in rows)


@cache
def weights() -> Mapping[str, float]:
    """The weight of each reason, as ``weights.tsv`` has them."""
    return {reason: weight for _, reason, weight in _rows()}


def tables_of(told: Iterable[Account], changed: Collection[DocumentId] | None = None) -> Tables:
    """Accounts laid down to be compared by the weights of this room."""
    under = {reason: (weights()[reason], head) for head, reason, _ in _rows() if head}
    return Tables(told, under, weights()[BASE], changed)


def _maker() -> Maker:
    """The program with what decides: its version, and a digest of weights, SQL and thresholds."""
    tables = [
        read(name) for name in ("weights.tsv", "reach.sql", "candidates.sql", "tolls.sql", "comparison.sql")
    ]
    told = f"{tables}{sorted(matters.WEIGHTS.items())}{SAME}{DIFFERENT}{TRAITS}"
    return Maker("tallystick-weights", f"{__version__}+{hashlib.sha256(told.encode()).hexdigest()[:8]}")


MAKER = _maker()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two accounts compared, the smaller id on the left.

    ``reasons`` has one under each of ``HEADS``, a matter's those that apply; ``score`` is the sum of
    their weights. ``said`` is what each account says under each head; of matters one line, of what the
    two say under each reason.
    """

    left: Account
    right: Account
    reasons: tuple[str, ...]
    score: float
    said: tuple[tuple[str, ...], ...] = field(repr=False, compare=False)

    @property
    def _of_matters(self) -> bool:
        return self.left.is_matter or self.right.is_matter

    @property
    def _apart(self) -> str:
        a, b = self.left.telling.place, self.right.telling.place
        gap = a.gap_km(b) if a and b and a.code and b.code and a.code != b.code else None
        return "" if gap is None or gap < 1 else f", {gap:.0f} km"

    @property
    def verdict(self) -> Verdict:
        if self.score >= SAME:
            return "same"
        return "different" if self.score < DIFFERENT else "unsure"

    @property
    def judgement(self) -> Judgement:
        """The pair as a judgement, its reasons in words with their weights; those without are left out."""
        given = matters.WEIGHTS if self._of_matters else weights()
        reasons = []
        for n, name in enumerate(self.reasons):
            if weight := given[name]:
                detail = self._detail(n)
                reasons.append(f"{name} ({detail}): {weight:+.1f}" if detail else f"{name}: {weight:+.1f}")
        return Judgement(self.left.id, self.right.id, self.verdict, MAKER, self.score, tuple(reasons))

    def _detail(self, n: int) -> str:
        """What the two say under the ``n``-th reason; empty where neither says anything."""
        one, other = self.said[0][n], self.said[-1][n]
        told = one if one == other else f"{one or 'not told'}; {other or 'not told'}"
        return told + self._apart if n == _PLACE and not self._of_matters else told


@dataclass(frozen=True, slots=True)
class Slice:
    """What came of comparing one slice: how many candidate pairs, and those not plainly different."""

    candidates: int
    near: tuple[Pair, ...]


def compare_by(tables: Tables) -> None:
    """Compare the candidate pairs of harm, keeping those not plainly different."""
    tables.compare(DIFFERENT)


def compare(left: Account, right: Account) -> Judgement:
    """Whether two accounts tell of one event, as if their documents told nothing else.

    Their order does not matter.
    """
    return pair(left, right).judgement


def pair(left: Account, right: Account) -> Pair:
    """Two accounts compared by themselves, whether or not they are a candidate pair."""
    one, other = sorted((left, right), key=lambda account: account.id)
    if one.is_matter or other.is_matter:
        return _matters(one, other)
    with tables_of((one, other)) as tables:
        tables.propose(0, 1)
        ((_, _, reasons, score),) = tables.compared(-1e6)
    return Pair(one, other, reasons, score, (_details(one), _details(other)))


def pairs(
    accounts: Iterable[Account],
    changed: Collection[DocumentId] | None = None,
    least: float = DIFFERENT,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[Slice]:
    """The candidate pairs among ``accounts`` compared, in slices; of each those of ``least`` score or more.

    With ``changed`` only pairs of which at least one document is among them: what was judged of the
    others stands. ``progress`` is told how many documents of how many are done. Aggregates are in no
    pair: a total is no incident. The order of ``accounts`` does not matter.
    """
    told = sorted((a for a in accounts if not a.telling.aggregate), key=lambda account: account.id)
    documents = len({account.document for account in told})
    if documents < 2 or (changed is not None and not changed):
        return

    @cache
    def said(number: int) -> tuple[str, ...]:
        return _details(told[number])

    with tables_of(told, changed) as tables:
        for start, stop in tables.slices():
            found = tables.candidates(start, stop)
            near = [
                Pair(told[a], told[b], reasons, score, (said(a), said(b)))
                for a, b, reasons, score in tables.compared(least)
            ]
            of_matters = ((told[a], told[b]) for a, b in tables.matters())
            near += [_matters(a, b) for a, b in of_matters if matters.scored(a, b, least) is not None]
            yield Slice(found, tuple(sorted(near, key=lambda p: (p.left.id, p.right.id))))
            progress(stop, documents)


def _matters(left: Account, right: Account) -> Pair:
    told = matters.compare_matters(left, right)
    reasons, details = tuple(name for name, _ in told), tuple(detail for _, detail in told)
    return Pair(left, right, reasons, matters.score(reasons), (details,))


# ------------------------------------------------------------------------------- reasons in words


def _details(account: Account) -> tuple[str, ...]:
    """What an account says under each of ``HEADS``, in a few words; empty where it says nothing."""
    telling = account.telling
    return (
        str(telling.when) if telling.when.start else "",
        telling.place.name if telling.place else "",
        telling.kind.replace("_", " "),
        _counts(account, "killed"),
        _counts(account, "wounded"),
        "",
        _accused(account),
        telling.target or "",
        telling.weapon or "",
        "",
        "",
    )


def _counts(account: Account, kind: str) -> str:
    counts = {toll.count for _, toll in account.whole(kind)}
    plain = [count for count in counts if not says_little(count)]
    return ", ".join(str(c) for c in sorted(plain or counts, key=lambda c: (c.greatest_told, str(c))))


def _accused(account: Account) -> str:
    return ", ".join(dict.fromkeys(role.party.name for _, role in account.accused()))
