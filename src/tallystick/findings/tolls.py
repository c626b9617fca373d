"""Tolls of one incident: low, best and high of the whole, with their arithmetic and whose word each is.

Figures for people as a whole stand for an account; sub-groups are never added to one another or to
a whole. How many of each group, and how figures grew, is in ``tallies``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tallystick.findings import figures
from tallystick.findings.context import Context
from tallystick.findings.wording import listed
from tallystick.model import TOLLS, Account, Claim, ClaimId, End, Finding, Incident, Range, Span, Toll
from tallystick.values.agreement import Verdict
from tallystick.values.count import Count

CLASSES = ("civilians", "fighters", "soldiers")  # nobody is of two: an account may tell the whole by them


@dataclass(frozen=True, slots=True)
class Word:
    """One figure as one origin gave it on one day; ``also`` are the other claims where it is their sum."""

    claim: Claim
    toll: Toll
    origin: str
    published: date | None
    also: tuple[Claim, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (self.claim, *self.also)

    def opens(self, group: str) -> bool:
        """Whether there may be more of ``group`` than it says: an "at least", or of the whole a part."""
        is_part = group == "people" and self.toll.group not in ("people", *CLASSES)
        return is_part or self.toll.count.high is None


def words(accounts: Iterable[Account], kind: str, context: Context) -> list[Word]:
    """The figures that stand for each account, in order of publication (undated last).

    Those for "people"; where it gives none, those of whole classes (``CLASSES``), added up where one
    origin tells one figure for each of several. An account that tells of parts alone, children or
    medics, tells no fewer than the greatest of them: parts are not added.
    """
    out: list[Word] = []
    for account in accounts:
        told = [
            Word(claim, toll, context.origin(claim), context.days.get(account.id) or account.published)
            for claim, toll in account.tolls(kind)
            if claim.counts
        ]
        people = [word for word in told if word.toll.group == "people"]
        out += people or _by_class([w for w in told if w.toll.group in CLASSES]) or _greatest_part(told)
    return sorted(out, key=in_order)


def in_order(word: Word) -> tuple[date, Span, str]:
    """By day of publication, undated last, then as they stand."""
    return word.published or date.max, word.claim.span, word.claim.id


def _greatest_part(told: Sequence[Word]) -> list[Word]:
    """Of an account that tells of parts alone the figures of one part; of several, those of the greatest.

    The whole is at least the greatest of its parts, and stays open (``toll_range``).
    """
    if len({word.toll.group for word in told}) < 2:
        return list(told)
    chief = max(told, key=lambda w: (w.toll.count.least, w.toll.count.greatest_told, w.toll.group))
    return [word for word in told if word.toll == chief.toll]


def _by_class(told: Sequence[Word]) -> list[Word]:
    """One account's figures of whole classes, those of one telling added up.

    Only where an origin tells exactly one figure for each of two or three classes is it plain that
    they are parts of one telling; else each stands as told.
    """
    by_origin: dict[str, list[Word]] = defaultdict(list)
    for word in told:
        by_origin[word.origin].append(word)
    out: list[Word] = []
    for own in by_origin.values():
        figures = {(word.toll.group, word.toll.count) for word in own}
        groups = {group for group, _ in figures}
        if len(groups) < 2 or len(figures) > len(groups):
            out += own
            continue
        first, *others = sorted(own, key=in_order)
        count = added([count for _, count in figures])
        whole = Toll(first.toll.kind, count, "people")
        out.append(Word(first.claim, whole, first.origin, first.published, tuple(w.claim for w in others)))
    return out


def added(counts: Sequence[Count]) -> Count:
    """The sum of several counts; an open bound of one leaves the sum open, at what the leasts come to.

    A count without a least adds nothing to the least of the sum.
    """
    low = sum(count.least for count in counts)
    if any(count.high is None for count in counts):
        above = any(count.above for count in counts)
        return Count(low, None, any(count.approx for count in counts), above)
    high = sum(count.high for count in counts if count.high is not None)
    return Count(low, high, any(count.approx for count in counts))


def toll_range(told: Sequence[Word], group: str = "people") -> Range:
    """The reported range of at least one figure for ``group``.

    Low and high are the least and the greatest told (an open "at least N" counts as N). "Up to N"
    names no least: it leaves the low end where others put it, and makes it 0 where it stands alone
    or lies below all of theirs. Best is the number that most origins name; of several the one first
    said last, so that a copy of an old figure renews nothing, then the greatest. A word like "dozens"
    fixes no number: beside numbers it is neither the least nor the best, and only lifts the high end.
    """
    firm = [w for w in told if w.also or not figures.is_vague(w.claim)] or told
    lows = [w.toll.count.low for w in firm if w.toll.count.low is not None]
    below = [
        w
        for w in firm
        if w.toll.count.low is None and w.toll.count.greatest_told < min(lows, default=1 << 62)
    ]
    low = 0 if below else min(lows)
    high = max(w.toll.count.greatest_told for w in told)
    best, why = _best(firm)
    least = below or [w for w in firm if w.toll.count.low == low]
    greatest = [w for w in told if w.toll.count.greatest_told == high]
    is_open = any(w.opens(group) for w in greatest)
    return Range(
        low,
        best,
        high,
        _ids(told),
        _arithmetic(told, firm, group, (low, best, high), why, below),
        is_open,
        bool(below),
        _end(least),
        _end(w for w in firm if w.toll.count.greatest_told == best),
        _end(greatest),
    )


def _best(told: Iterable[Word]) -> tuple[int, str]:
    """The best supported number, and in words why it is."""
    said: dict[int, dict[str, date]] = defaultdict(dict)
    days: set[date | None] = set()
    for w in told:
        by = said[w.toll.count.greatest_told]
        by[w.origin] = min(by.get(w.origin, date.max), w.published or date.min)
        days.add(w.published)
    best = max(said, key=lambda n: (len(said[n]), max(said[n].values()), n))
    n = len(said[best])
    return best, f"what {n} origins name" if n > 1 else "told last" if len(days) > 1 else "the greatest"


def _arithmetic(
    told: Sequence[Word],
    firm: Sequence[Word],
    group: str,
    ends: tuple[int, int, int],
    why: str,
    below: Sequence[Word],
) -> str:
    low, best, high = ends
    of = "the whole" if group == "people" else group.removeprefix("other:")
    if low == high:
        lines = [f"every figure for {of} counts as {best:,}"]
    else:
        least = "" if below else f"{low:,} is the least and "
        lines = [f"of the figures for {of} {least}{high:,} the greatest; {best:,} is {why}"]
    if below:
        lines.append(
            f"{listed(sorted({str(w.toll.count) for w in below}))} names no least, so that the low end is 0"
        )
    opening = {_figure(w) for w in told if w.toll.count.greatest_told == high and w.opens(group)}
    if opening:
        lines.append(f"{listed(sorted(opening))} leaves the top open")
    if vague := sorted({f"“{w.claim.span.quote}”" for w in told if w not in firm}):
        lines.append(f"{listed(vague)} {'fixes' if len(vague) == 1 else 'fix'} no number")
    lines += sorted({f"{w.toll.count} is {summed(w)}" for w in told if w.also})
    return "; ".join(lines)


def summed(word: Word) -> str:
    """How a figure was added up, of the classes that one account tells apart without a whole."""
    told = {
        f"{c.value.count} {c.value.group}": CLASSES.index(c.value.group)
        for c in word.claims
        if isinstance(c.value, Toll)
    }
    return (
        f"a sum of ours, {' + '.join(sorted(told, key=told.__getitem__))}, of one account that gives no whole"
    )


def _end(told: Iterable[Word]) -> End:
    told = list(told)
    return End(_ids(told), tuple(sorted({w.origin for w in told})))


def _ids(told: Iterable[Word]) -> tuple[ClaimId, ...]:
    return tuple(sorted({claim.id for w in told for claim in w.claims}))


def findings(incident: Incident, context: Context) -> Iterable[Finding]:
    """A finding for each kind of toll that is told."""
    for kind in TOLLS:
        told = words(incident.accounts, kind, context)
        if told:
            reported = toll_range(told)
            found = figures.verdict([word.claim.counting(word.toll) for word in told], context)
            summary = _toll_words(kind, told, found.verdict)
            yield Finding(incident.id, kind, found.verdict, reported.claims, summary, reported, found.why)


_VERDICT_WORDS = {
    Verdict.AGREE: "All say the same of",
    Verdict.COMPATIBLE: "What is said can all be true of",
    Verdict.UPDATE: "Word changed over time on",
    Verdict.CONFLICT: "Sources contradict each other on",
    Verdict.SINGLE_ORIGIN: "One origin alone speaks of",
    Verdict.UNKNOWN: "It cannot be told whether sources agree on",
}


def _toll_words(kind: str, told: list[Word], verdict: Verdict) -> str:
    parts: dict[str, list[str]] = {}
    for word in told:
        how = f", {summed(word)}" if word.also else ""
        parts.setdefault(f"{_figure(word)}{how}", []).append(word.origin)
    figures = "; ".join(f"{figure} ({listed(sorted(set(who)))})" for figure, who in parts.items())
    return f"{_VERDICT_WORDS[verdict]} the {kind}: {figures}"


def _figure(word: Word) -> str:
    group = word.toll.group.removeprefix("other:").replace("part", "of them")
    return str(word.toll.count) if group == "people" else f"{word.toll.count} {group}"
