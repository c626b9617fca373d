"""The traits of many accounts laid down as Arrow tables: of none is more kept than is compared."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa

from tallystick.incidents.traits import Figure, Sides, Spot, Traits, traits
from tallystick.model import HARM, MATTERS, Account, DocumentId, confusable

_BATCH = 20_000  # accounts
_OFTEN = 126  # words that most accounts tell, each a bit of two numbers
_LISTS = ("shared", "target", "weapon", "words")
_NUMBERS = ("first", "last", "published")
# The rules of ``reach.sql`` by number: a column of words in millions of rows is slow.
RULES = {
    rule: number
    for number, rule in enumerate(
        (
            "place",
            "figure",
            "target",
            "kind in province",
            "kind",
            "province",
            "matter place",
            "matter word",
        ),
        1,
    )
}
_MATTER = {kind: n for n, kind in enumerate(MATTERS, 1)}
_HARM = {kind: n for n, kind in enumerate(HARM)}
_AKIN = {
    kind: sum(1 << n for n, other in enumerate(HARM) if other != kind and confusable(kind, other))
    for kind in HARM
}

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(slots=True)
class Laid:
    """Accounts by number, in the order in which they came.

    ``tables`` are account, key and figure. ``spot``, ``sides``, ``killed`` and ``wounded`` are numbers of
    each account's, -1 where it tells none; ``document`` is the place of its document among ``documents``,
    which are in order of publication.
    """

    tables: dict[str, pa.Table]
    document: Numbers
    spot: Numbers
    sides: Numbers
    killed: Numbers
    wounded: Numbers
    documents: list[DocumentId]
    every_spot: list[Spot]
    every_sides: list[Sides]


def lay(told: Iterable[Account], changed: Collection[DocumentId] | None) -> Laid:
    """Look at each account once, and lay down what of it is compared."""
    names, spot, sides, killed, wounded = (_Numbered() for _ in range(5))
    days: list[int] = []  # of each document the day of its publication
    accounts, keys = [_accounts(0, [], [], None)], [_keys(0, [])]
    stream, at = iter(told), 0
    while batch := list(islice(stream, _BATCH)):
        rows = [traits(account) for account in batch]
        names.add(account.document for account in batch)
        for number, row in zip(names.numbers[at:], rows, strict=True):
            if number == len(days):
                days.append(row.published or 0)
        spot.add(row.spot for row in rows)
        sides.add(row.sides for row in rows)
        killed.add(row.killed or None for row in rows)
        wounded.add(row.wounded or None for row in rows)
        accounts.append(_accounts(at, batch, rows, changed))
        keys.append(_keys(at, rows))
        at += len(batch)
    order = in_order(names.every, days)
    rank = np.empty(len(days), dtype=np.int32)
    rank[order] = np.arange(len(days), dtype=np.int32)
    document = rank[names.column()]
    account = pa.concat_tables(accounts).append_column("document", pa.array(document))
    tables = {
        "account": _with_bits(account.combine_chunks()),
        "key": pa.concat_tables(keys),
        "figure": _figures(killed.every, wounded.every),
    }
    return Laid(
        tables, document, spot.column(), sides.column(), killed.column(), wounded.column(),
        [names.every[n] for n in order], spot.every, sides.every,
    )  # fmt: skip


def in_order(documents: Sequence[DocumentId], days: Sequence[int]) -> list[int]:
    """The numbers of documents in the order in which they are compared: by day of publication (0: untold)."""
    return sorted(range(len(days)), key=lambda n: (days[n], documents[n]))


def _accounts(
    at: int,
    batch: Sequence[Account],
    rows: Sequence[Traits],
    changed: Collection[DocumentId] | None,
) -> pa.Table:
    columns = {
        "n": pa.array(range(at, at + len(rows)), pa.int32()),
        "changed": pa.array([changed is None or a.document in changed for a in batch], pa.bool_()),
        "matter": pa.array([_MATTER.get(row.kind, 0) for row in rows], pa.int16()),
        "kind": pa.array([_HARM.get(row.kind, -1) for row in rows], pa.int16()),
        "akin": pa.array(
            [_AKIN.get(row.kind, 0) for row in rows], pa.int32()
        ),  # a bit for each kind often confused
        "province": pa.array(
            [next((key for rule, key in row.keys if rule == "province"), None) for row in rows], pa.uint32()
        ),
    }
    numbers = {
        "first": [row.days and row.days[0] for row in rows],
        "last": [row.days and row.days[1] for row in rows],
        "published": [row.published for row in rows],
    }
    columns |= {name: pa.array(numbers[name], pa.int32()) for name in _NUMBERS}
    columns |= {name: _lists([getattr(row, name) for row in rows]) for name in _LISTS}
    return pa.table(columns)


def _lists(rows: Sequence[Sequence[int]]) -> pa.Array:
    starts = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    values = np.fromiter(chain.from_iterable(rows), dtype=np.uint32, count=int(starts[-1]))
    return pa.ListArray.from_arrays(pa.array(starts), pa.array(values))


def _keys(at: int, rows: Sequence[Traits]) -> pa.Table:
    told = list(chain.from_iterable(row.keys for row in rows))
    many = [len(row.keys) for row in rows]
    return pa.table(
        {
            "n": pa.array(np.repeat(np.arange(at, at + len(rows), dtype=np.int32), many)),
            "rule": pa.array([RULES[rule] for rule, _ in told], pa.uint8()),
            "key": pa.array([key for _, key in told], pa.uint32()),
        }
    )


def _figures(killed: Sequence[tuple[Figure, ...]], wounded: Sequence[tuple[Figure, ...]]) -> pa.Table:
    every = [
        (toll, n, *figure)
        for toll, told in (("killed", killed), ("wounded", wounded))
        for n, each in enumerate(told)
        for figure in each
    ]
    names = {"toll": pa.string(), "n": pa.int32(), "low": pa.int64(), "high": pa.int64(), "most": pa.int64()}
    types = [*names.items(), ("vague", pa.bool_())]
    return pa.table(
        {name: pa.array([row[at] for row in every], kind) for at, (name, kind) in enumerate(types)}
    )


def _with_bits(account: pa.Table) -> pa.Table:
    """The lists of words and figures with bits beside them: where no bit is shared, nothing is.

    Of ``words`` only how many there are is kept, those that most accounts tell as a bit each (``often``), and
    the others (``rare``).
    """
    words, starts = _flat(account["words"])
    known, inverse, told = np.unique(words, return_inverse=True, return_counts=True)
    place = np.full(len(known), _OFTEN, dtype=np.int64)
    most = np.lexsort((known, -told))[:_OFTEN]
    place[most] = np.arange(len(most))
    place = place[inverse]
    often = place < _OFTEN
    kept = np.flatnonzero(~often)
    cut = np.searchsorted(kept, starts)
    rare = words[kept]
    columns: dict[str, Any] = {
        "words": pa.array(np.diff(starts).astype(np.int32)),
        "often": _bits(np.where(often & (place < 63), place, -1), starts),
        "often_too": _bits(np.where(often & (place >= 63), place - 63, -1), starts),
        "rare": pa.ListArray.from_arrays(pa.array(cut.astype(np.int32)), pa.array(rare)),
        "rare_bits": _bits(rare % 63, cut),
        "rare_bits_too": _bits(rare // 63 % 63, cut),
    }
    for name in ("shared", "target", "weapon"):
        values, at = _flat(account[name])
        columns[name] = account[name]
        columns[f"{name}_bits"] = _bits(values % 63, at)
    kept_columns = {name: account[name] for name in account.column_names if name not in columns}
    return pa.table(kept_columns | columns)


def _flat(column: pa.ChunkedArray) -> tuple[Numbers, Numbers]:
    """A column of lists as its values one after the other, and where each list begins, and the last ends."""
    lists = column.combine_chunks()
    starts = lists.offsets.to_numpy().astype(np.int64)
    return lists.values.to_numpy().astype(np.int64)[starts[0] : starts[-1]], starts - starts[0]


def _bits(places: Numbers, starts: Numbers) -> pa.Array:
    """Of each list its bits together; a place below 0 is none."""
    bits = np.where(places >= 0, np.int64(1) << np.maximum(places, 0), 0).astype(np.int64)
    out = np.zeros(len(starts) - 1, dtype=np.int64)
    full = np.flatnonzero(np.diff(starts))
    if len(full):
        out[full] = np.bitwise_or.reduceat(bits, starts[full])
    return pa.array(out)


class _Numbered:
    """Values numbered in the order in which they came, equal ones alike; ``None`` is -1."""

    def __init__(self) -> None:
        self.every: list[Any] = []
        self.numbers = array("i")
        self._number: dict[Hashable, int] = {}

    def add(self, values: Iterable[Hashable | None]) -> None:
        for value in values:
            number = -1 if value is None else self._number.setdefault(value, len(self.every))
            if number == len(self.every):
                self.every.append(value)
            self.numbers.append(number)

    def column(self) -> Numbers:
        return np.array(self.numbers, dtype=np.int32)
