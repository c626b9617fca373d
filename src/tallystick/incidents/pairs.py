"""Candidate pairs: accounts of different documents close enough to be one event.

Two harm accounts are candidates when their days lie at most ``WINDOW`` apart and they share the
kind of event, the place in a list that theirs was found to be, or a word of a place name (by its
skeleton, so that spellings meet); where a day is unknown, when they share a place or such a word, or
the kind and a publication within ``WINDOW`` days. Matters are candidates when they are of one kind and
share a place or such a word, or were published within ``WINDOW`` days. Aggregates are never candidates:
a total is no incident.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta

from tallystick.model import Account
from tallystick.values.names import fold, skeleton

WINDOW = 2  # days


def pairs(accounts: Iterable[Account]) -> Iterator[tuple[Account, Account]]:
    """Candidate pairs, each once, the smaller id on the left, in order of ids."""
    single = {account.id: account for account in accounts if not account.telling.aggregate}
    told = [single[name] for name in sorted(single)]
    named = [set(_keys(account)) for account in told]
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)  # numbers of accounts, rising
    for number, keys in enumerate(named):
        for key in keys:
            blocks[key].append(number)
    for number, (left, keys) in enumerate(zip(told, named, strict=True)):
        later: set[int] = set()
        for key in keys:
            block = blocks[key]
            later.update(block[bisect_right(block, number) :])
        for other in sorted(later):
            right = told[other]
            if left.document != right.document and _near(left, right):
                yield left, right


def _keys(account: Account) -> Iterator[tuple[str, ...]]:
    telling = account.telling
    place = telling.place
    words = {
        skeleton(word)
        for name in ((place.name, place.admin1 or "", *place.within) if place else ())
        for word in fold(name).split()
        if len(word) > 2
    }
    if place and place.code:
        words.add(place.code)  # two names of one place share no word
    if account.is_matter:
        yield from ((telling.kind, word) for word in words)
        if account.published is not None:
            yield from (
                (telling.kind, (account.published + timedelta(days=by)).isoformat()) for by in range(-1, 2)
            )
        return
    when = telling.when
    if when.start is None or when.end is None:
        yield from (("any day", word) for word in words)
        if account.published is not None:
            for by in range(-WINDOW, WINDOW + 1):
                yield "published", (account.published + timedelta(days=by)).isoformat(), telling.kind
        return
    # Every day that it may lie on, widened so that any two within the window share one.
    last = min(when.end, when.start + timedelta(days=14))
    day = when.start - timedelta(days=WINDOW)
    while day <= last:
        for word in words:
            yield day.isoformat(), word
        yield day.isoformat(), "kind", telling.kind
        day += timedelta(days=1)
    yield from (("any day", word) for word in words)
    if account.published is not None:
        yield "published", account.published.isoformat(), telling.kind


def _near(left: Account, right: Account) -> bool:
    gap = left.telling.when.gap(right.telling.when)
    return gap is None or gap <= WINDOW
