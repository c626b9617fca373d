"""Very many accounts gathered at once: in columns, without an object for a pair or an incident.

``gathered`` gives what ``pairs`` and ``resolve`` give together where no person has judged, by the same SQL
and the same ``gather``, and holds of each account only what is compared: a million fit one machine. The
accounts are looked at once, in any order.

A gathering never reaches beyond those that "same" ties together, step by step; so each such heap is gathered
by itself, most of them no more than two accounts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from tallystick.incidents import matters
from tallystick.incidents.compare import DIFFERENT, SAME, compare_by, tables_of
from tallystick.incidents.resolve import DIFFERENT as APART
from tallystick.incidents.resolve import SAME as TOGETHER
from tallystick.incidents.resolve import UNSURE, Between, contradict, gather
from tallystick.model import Account, AccountId

if TYPE_CHECKING:
    from tallystick.incidents.tables import Tables

AT_ONCE = 2  # slices compared at one time: while one asks DuckDB, another works on its answers

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Near:
    """The pairs not plainly different, by the numbers of their accounts, the smaller id on the left."""

    left: Numbers
    right: Numbers
    score: Numbers
    """In hundredths; the same event from ``100 * SAME`` up, below that unsure."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Accounts by number, in the order in which they came, totals left out.

    ``incident`` is each one's: the number of the account of the least id in it. ``disputed`` are the pairs,
    by their place in ``near``, that are judged the same and yet stay apart. ``candidates`` were compared.
    """

    accounts: tuple[AccountId, ...]
    incident: Numbers
    near: Near
    disputed: Numbers
    candidates: int

    def incidents(self) -> Iterator[tuple[AccountId, ...]]:
        """The ids of the accounts of each incident, sorted; incidents by the first account they hold."""
        order = np.argsort(self.incident, kind="stable")
        cuts = np.flatnonzero(np.diff(self.incident[order])) + 1
        for numbers in np.split(order, cuts) if len(order) else ():
            yield tuple(sorted(self.accounts[n] for n in numbers.tolist()))


def gathered(
    accounts: Iterable[Account], progress: Callable[[int, int], None] = lambda done, of: None
) -> Gathered:
    """The accounts that tell of one event, together; ``progress`` is told of the reports done, and of all.

    Totals and rows of datasets are left out.
    """
    with _uncollected():
        return _all_gathered(accounts, progress)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for rings of objects: none are made here, and it would look through millions."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _all_gathered(accounts: Iterable[Account], progress: Callable[[int, int], None]) -> Gathered:
    told: list[AccountId] = []
    days: list[tuple[int, int]] = []
    spoken: dict[int, Account] = {}  # matters are compared by their words

    def seen() -> Iterator[Account]:
        for account in accounts:
            if account.telling.aggregate or account.derived:
                continue
            if account.is_matter:
                spoken[len(told)] = account
            when = account.telling.when
            known = when.start and when.end
            days.append((when.start.toordinal(), when.end.toordinal()) if known else (-1, -1))  # type: ignore[union-attr]
            told.append(account.id)
            yield account

    with tables_of(seen()) as tables:
        rank = np.empty(len(told), dtype=np.int32)
        rank[np.argsort(np.array(told, dtype=np.bytes_))] = np.arange(len(told), dtype=np.int32)
        near, candidates = _compared(tables, spoken, rank, progress)
        spot, document, spots = tables.spot, tables.document, tables.spots

    def apart(a: int, b: int) -> bool:
        (first, last), (other_first, other_last) = days[a], days[b]
        gap = max(0, other_first - last, first - other_last) if first > 0 and other_first > 0 else None
        if gap is None or gap == 0:
            return False
        here, there = (spots[spot[n]].place if spot[n] >= 0 else None for n in (a, b))
        return contradict(gap, here, there)

    incident, disputed = _gathered(near, rank, document, apart)
    return Gathered(tuple(told), incident, near, disputed, candidates)


def _compared(
    tables: Tables, spoken: dict[int, Account], rank: Numbers, progress: Callable[[int, int], None]
) -> tuple[Near, int]:
    """The pairs that are not plainly different, slice after slice, and how many candidates there were."""
    reports = len(tables.documents)
    slices = list(tables.slices()) if reports > 1 else []
    free: SimpleQueue[Tables] = SimpleQueue()
    for _ in range(AT_ONCE):
        free.put(tables.beside())

    def compared(start: int, stop: int) -> tuple[int, tuple[Numbers, ...]]:
        mine = free.get()
        try:
            return mine.candidates(start, stop), _near(mine, spoken, rank)
        finally:
            free.put(mine)

    candidates = 0
    parts: list[tuple[Numbers, ...]] = [(np.empty(0, dtype=np.int32),) * 3]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(compared, *zip(*slices, strict=True)) if slices else iter(())
        for (_, stop), (many, columns) in zip(slices, found, strict=True):
            candidates += many
            parts.append(columns)
            progress(stop, reports)
    return Near(*(np.concatenate(column).astype(np.int32) for column in zip(*parts, strict=True))), candidates


def _near(tables: Tables, spoken: dict[int, Account], rank: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The pairs of one slice that are not plainly different: left, right, score in hundredths."""
    compare_by(tables)
    left, right, score = tables.columns()
    scored = ((a, b, matters.scored(spoken[a], spoken[b], DIFFERENT)) for a, b in tables.matters())
    of_matters = [(a, b, round(100 * told)) for a, b, told in scored if told is not None]
    more = np.array(of_matters, dtype=np.int64).reshape(-1, 3)
    left, right, score = (np.concatenate([a, b]) for a, b in zip((left, right, score), more.T, strict=True))
    turned = rank[left] > rank[right]
    return np.where(turned, right, left), np.where(turned, left, right), score


def _gathered(
    near: Near, rank: Numbers, document: Numbers, apart: Callable[[int, int], bool]
) -> tuple[Numbers, Numbers]:
    """The incident of each account, and the ties that hold nothing together."""
    incident = np.arange(len(rank), dtype=np.int32)
    ties = np.flatnonzero(near.score >= 100 * SAME)
    heap = _heaps(len(rank), near.left[ties], near.right[ties])
    ties = ties[
        np.lexsort((rank[near.right[ties]], rank[near.left[ties]], -near.score[ties], heap[near.left[ties]]))
    ]
    inside = np.flatnonzero(heap[near.left] == heap[near.right])
    inside = inside[np.argsort(heap[near.left[inside]], kind="stable")]
    disputed: list[int] = []
    words = _runs(heap[near.left[inside]])
    for (start, stop), (first, last) in zip(_runs(heap[near.left[ties]]), words, strict=True):
        rows = ties[start:stop].tolist()
        known = {}
        for row in inside[first:last].tolist():
            known[int(near.left[row]), int(near.right[row])] = (
                TOGETHER if near.score[row] >= 100 * SAME else UNSURE
            )

        def word(a: int, b: int, known: dict[tuple[int, int], int] = known) -> int | None:
            if apart(a, b):
                return APART
            return known.get((a, b) if rank[a] < rank[b] else (b, a))

        between = Between(lambda n: int(document[n]), word, lambda a, b: False)
        pairs = [(int(near.left[row]), int(near.right[row]), False) for row in rows]
        members, loose = gather(dict.fromkeys(n for a, b, _ in pairs for n in (a, b)), pairs, between)
        disputed += [rows[n] for n in loose]
        for numbers in members:
            incident[list(numbers)] = min(numbers, key=lambda n: int(rank[n]))
    return incident, np.array(sorted(disputed), dtype=np.int32)


def _heaps(count: int, one: Numbers, other: Numbers) -> Numbers:
    """For each of ``count`` the least that ties lead to from it, over any number of steps."""
    heap = np.arange(count, dtype=np.int32)
    while True:
        least = np.minimum(heap[one], heap[other])
        if np.array_equal(heap[one], least) and np.array_equal(heap[other], least):
            return heap
        np.minimum.at(heap, heap[one], least)
        np.minimum.at(heap, heap[other], least)
        while not np.array_equal(heap, further := heap[heap]):
            heap = further


def _runs(values: Numbers) -> Collection[tuple[int, int]]:
    """Where each run of equal values begins and ends."""
    cuts = [0, *(np.flatnonzero(np.diff(values)) + 1).tolist(), len(values)]
    return list(pairwise(cuts)) if len(values) else []
