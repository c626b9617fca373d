"""Tolls of one incident: low, best and high, with their arithmetic, and how they grew.

Figures for people as a whole stand for an account (``Account.whole``); sub-groups are never added
to one another or to a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tallystick.findings import figures
from tallystick.findings.context import Context
from tallystick.findings.wording import listed
from tallystick.model import Account, Claim, Finding, Incident, Range, Toll
from tallystick.values.agreement import Verdict


@dataclass(frozen=True, slots=True)
class Word:
    """One figure as one origin gave it on one day."""

    claim: Claim
    toll: Toll
    origin: str
    published: date | None


def words(accounts: Iterable[Account], kind: str, names: Mapping[str, str]) -> list[Word]:
    """The figures that stand for each account, in order of publication (undated last)."""
    out: list[Word] = []
    for account in accounts:
        out.extend(
            Word(claim, toll, names[claim.id], account.published) for claim, toll in account.whole(kind)
        )
    return sorted(out, key=lambda w: (w.published or date.max, w.claim.span))


def toll_range(told: list[Word]) -> Range:
    """The reported range of at least one figure.

    Low and high are the least and the greatest told (an open "at least N" counts as N). Best is
    the number that most origins name; of several the latest told, then the greatest.
    """
    low = min(w.toll.count.least for w in told)
    high = max(w.toll.count.greatest_told for w in told)
    backers: dict[int, set[str]] = defaultdict(set)
    latest: dict[int, date] = {}
    for w in told:
        number = w.toll.count.greatest_told
        backers[number].add(w.origin)
        latest[number] = max(latest.get(number, date.min), w.published or date.min)
    best = max(backers, key=lambda n: (len(backers[n]), latest[n], n))
    if low == high:
        arithmetic = f"every figure for the whole counts as {best:,}"
    else:
        n, days = len(backers[best]), {w.published for w in told}
        why = f"what {n} origins name" if n > 1 else "told last" if len(days) > 1 else "the greatest"
        arithmetic = (
            f"of the figures for the whole {low:,} is the least and {high:,} the greatest; {best:,} is {why}"
        )
    is_open = any(w.toll.count.high is None and w.toll.count.greatest_told == high for w in told)
    return Range(low, best, high, tuple(sorted({w.claim.id for w in told})), arithmetic, is_open)


def findings(incident: Incident, context: Context) -> Iterable[Finding]:
    """A finding for each kind of toll that is told."""
    names = context.names
    for kind in ("killed", "wounded", "captured"):
        told = words(incident.accounts, kind, names)
        if told:
            reported = toll_range(told)
            found = figures.verdict([word.claim for word in told], context)
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
        group = (
            ""
            if word.toll.group == "people"
            else f" {word.toll.group.removeprefix('other:').replace('part', 'of them')}"
        )
        parts.setdefault(f"{word.toll.count}{group}", []).append(word.origin)
    figures = "; ".join(f"{figure} ({listed(sorted(set(who)))})" for figure, who in parts.items())
    return f"{_VERDICT_WORDS[verdict]} the {kind}: {figures}"
