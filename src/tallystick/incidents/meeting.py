"""What two values say of each other, asked once of the same two, however many pairs they meet in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[Any]]
DENSE = 60_000_000  # cells of a table of values by values; where there would be more, pairs are sorted


def related(one: Numbers, other: Numbers, answer: Callable[[Numbers, Numbers], Numbers]) -> Numbers:
    """For two columns of numbers from 0, ``answer`` for each two; which of two is first must not matter."""
    if not len(one):
        return answer(one, other)
    low, high = np.minimum(one, other), np.maximum(one, other)
    there = np.zeros(int(high.max()) + 1, dtype=bool)
    there[low] = there[high] = True
    (values,) = np.nonzero(there)
    number = np.cumsum(there) - 1
    cell = number[low] * len(values) + number[high]
    if len(values) ** 2 > DENSE:
        cells, at = np.unique(cell, return_inverse=True)
        return _all(answer(values[cells // len(values)], values[cells % len(values)]), at)
    met = np.zeros(len(values) ** 2, dtype=bool)
    met[cell] = True
    (cells,) = np.nonzero(met)
    where = np.empty(len(values) ** 2, dtype=np.int32)
    where[cells] = np.arange(len(cells), dtype=np.int32)
    return _all(answer(values[cells // len(values)], values[cells % len(values)]), where[cell])


def _all(answers: Numbers, at: Numbers) -> Numbers:
    out: Numbers = answers[at]
    return out
