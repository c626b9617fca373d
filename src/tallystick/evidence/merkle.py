"""A Merkle tree over digests: one root stands for all, and one can be shown to belong without the others.

The tree is that of RFC 6962, section 2.1 (Certificate Transparency). A leaf is hashed with a zero
byte before it and a node with a one byte before its two halves, so that no leaf can pass for a
node; of n leaves, the left half holds the largest power of two that is smaller than n. The way
from a leaf to the root is checked as RFC 9162, section 2.1.3.2, describes it.

Hashes are 32 bytes of SHA-256. Leaves are in an order that the caller fixes and never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

EMPTY = hashlib.sha256().digest()

Side = Literal["left", "right"]


class Step(NamedTuple):
    """One step of the way up: the hash that is joined, and on which side of ours it stands."""

    side: Side
    hash: bytes


def leaf(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(entries: Iterable[bytes]) -> bytes:
    """The hash over all ``entries`` in their order; of none, the SHA-256 of nothing.

    Takes one pass and as many hashes in memory as the tree is high.
    """
    peaks: list[tuple[int, bytes]] = []
    for entry in entries:
        _grow(peaks, entry)
    return _top(peaks)


def roots(entries: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The root over the first entries, for each of ``sizes`` that there are entries for; in one pass."""
    peaks: list[tuple[int, bytes]] = []
    out = {0: EMPTY} if 0 in sizes else {}
    for size, entry in enumerate(entries, 1):
        _grow(peaks, entry)
        if size in sizes:
            out[size] = _top(peaks)
    return out


def _grow(peaks: list[tuple[int, bytes]], entry: bytes) -> None:
    """Take one more entry into the whole subtrees from left to right: how many leaves, their hash."""
    size, top = 1, leaf(entry)
    while peaks and peaks[-1][0] == size:
        size, top = size * 2, node(peaks.pop()[1], top)
    peaks.append((size, top))


def _top(peaks: list[tuple[int, bytes]]) -> bytes:
    """The root over the subtrees."""
    if not peaks:
        return EMPTY
    *others, (_, top) = peaks
    for _, left in reversed(others):
        top = node(left, top)
    return top


def path(index: int, entries: Sequence[bytes]) -> tuple[Step, ...]:
    """The way from the entry at ``index`` to the root, the nearest step first.

    Raises ``IndexError`` where there is no such entry.
    """
    if not 0 <= index < len(entries):
        raise IndexError(f"there is no entry {index} among {len(entries)}")
    steps: list[Step] = []
    start, end = 0, len(entries)
    while end - start > 1:
        middle = start + _left_half(end - start)
        if index < middle:
            steps.append(Step("right", root(entries[middle:end])))
            end = middle
        else:
            steps.append(Step("left", root(entries[start:middle])))
            start = middle
    return tuple(reversed(steps))


def climb(entry: bytes, steps: Iterable[Step]) -> bytes:
    """The root that ``entry`` leads to by ``steps``."""
    top = leaf(entry)
    for side, other in steps:
        top = node(other, top) if side == "left" else node(top, other)
    return top


def sides(index: int, size: int) -> tuple[Side, ...] | None:
    """On which sides the steps from leaf ``index`` of ``size`` stand; None where there is no such leaf.

    A path that turns otherwise belongs to another leaf, whatever root it leads to.
    """
    if not 0 <= index < size:
        return None
    out: list[Side] = []
    last = size - 1
    while last:
        if index % 2:
            out.append("left")
        elif index < last:
            out.append("right")
        # An even leaf that is the last of its row has no neighbour: it goes up as it is.
        index, last = index // 2, last // 2
    return tuple(out)


def belongs(entry: bytes, index: int, size: int, steps: Sequence[Step], top: bytes) -> bool:
    """Whether ``steps`` prove that ``entry`` is at ``index`` of the ``size`` entries of root ``top``."""
    turns = tuple(step.side for step in steps)
    return turns == sides(index, size) and climb(entry, steps) == top


def _left_half(size: int) -> int:
    """The largest power of two smaller than ``size`` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)
