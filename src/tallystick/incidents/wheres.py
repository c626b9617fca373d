"""How the spots of very many pairs stand to each other: what ``where`` says of each, worked out in columns.

Of two names most are plainly not one: no word of the one sounds like a word of the other, and their letters
are too unlike. Where that holds for the names and for what the places lie in, containment, provinces and
kilometres decide, and those are arrays. Only what may be one place is asked of ``where`` itself, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.incidents.traits import Spot
from tallystick.incidents.where import FAR_KM, where
from tallystick.values.names import alike, fold, skeleton, spelt_alike
from tallystick.values.place import NEAR_KM
from tallystick.values.places.sphere import EARTH
from tallystick.values.scripts import script

Numbers = np.ndarray[Any, np.dtype[Any]]
REASONS = (
    "place not told", "places far apart", "provinces or countries differ", "told only as near",
    "places differ", "in the other's province", "part of the other's town", "places within 10 km",
    "same province", "same city", "same village, quarter or site",
)  # fmt: skip
_UNTOLD, _FAR, _PROVINCES, _NEAR, _DIFFER, _PROVINCE, _PART, _WITHIN = range(8)
_LEVELS = ("country", "province", "city", "fine")
_WORDS = 4  # of a name; one with more is asked for by itself
_LIKE = 83.0  # of 100, of letters: below that no two names without a like-sounding word are spelt alike (84)
_DENSE = 30_000_000  # answers kept as a table of all names by all names
_AT_ONCE = 200_000  # pairs: the columns worked with are few megabytes
_KM = 1e-6  # so near a limit the formula is left to decide that everything else uses


class _Names:
    """Names by number, and which two of them are ``same``; asked for many at once."""

    def __init__(self, names: Sequence[str], same: Callable[[str, str], bool]) -> None:
        self._names, self._same = names, same
        self._folded = np.array([fold(name) for name in names], dtype=object)
        self._length = np.array([len(name) for name in self._folded], dtype=np.int32)
        words = [sorted({skeleton(word) for word in name.split()}) for name in self._folded]
        number = {word: n for n, word in enumerate(dict.fromkeys(word for each in words for word in each))}
        self._words = np.full((len(names), _WORDS), -1, dtype=np.int32)
        for n, each in enumerate(words):
            self._words[n, : min(len(each), _WORDS)] = [number[word] for word in each[:_WORDS]]
        self._odd = np.array(
            [
                len(each) > _WORDS or not (name.isascii() or script(name) == "latin")
                for each, name in zip(words, names, strict=True)
            ],
            dtype=bool,
        )

    def alike(self, one: Numbers, other: Numbers) -> Numbers:
        """For two columns of names, by number, whether each two are the same."""
        low, high = np.minimum(one, other).astype(np.int64), np.maximum(one, other)
        pairs, at = np.unique(low * len(self._names) + high, return_inverse=True)
        out: Numbers = self._each(pairs // len(self._names), pairs % len(self._names))[at]
        return out

    def _each(self, one: Numbers, other: Numbers) -> Numbers:
        maybe = self._odd[one] | self._odd[other] | (one == other)
        for n in range(_WORDS):
            column = self._words[one, n]
            for m in range(_WORDS):
                maybe |= (column == self._words[other, m]) & (column >= 0)
        a, b = self._length[one], self._length[other]
        close = np.flatnonzero(~maybe & (200 * np.minimum(a, b) >= _LIKE * (a + b)))
        likeness = process.cpdist(
            self._folded[one[close]].tolist(),
            self._folded[other[close]].tolist(),
            scorer=ratio,
            score_cutoff=_LIKE,
        )
        maybe[close] = likeness > 0
        out = np.zeros(len(one), dtype=bool)
        for n in np.flatnonzero(maybe).tolist():
            out[n] = self._same(self._names[one[n]], self._names[other[n]])
        return out


class _Table:
    """What ``_Names`` says of a few names and many, each answer kept."""

    def __init__(self, names: _Names, rows: int, columns: int) -> None:
        self._names, self._shape = names, (rows, columns)
        self._kept = np.full(self._shape, 2, dtype=np.int8) if rows * columns <= _DENSE else None

    def alike(self, row: Numbers, name: Numbers, column: Numbers) -> Numbers:
        """``row`` numbers a few names, ``name`` says which of all they are."""
        if self._kept is None:
            return self._names.alike(name[row], column)
        found: Numbers = self._kept[row, column]
        unknown = np.flatnonzero(found == 2)
        if len(unknown):
            cells = np.unique(row[unknown].astype(np.int64) * self._shape[1] + column[unknown])
            rows, columns = cells // self._shape[1], cells % self._shape[1]
            self._kept[rows, columns] = self._names.alike(name[rows], columns)
            found = self._kept[row, column]
        yes: Numbers = found == 1
        return yes


class Wheres:
    """Spots, numbered in the order given, laid down to be asked how any two stand to each other."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self._spots = spots
        self._known: dict[tuple[int, int], int] = {}
        places = [spot.place for spot in spots]
        number: dict[str, int] = {}

        def named(name: str | None) -> int:
            return number.setdefault(name, len(number)) if name else -1

        self._name = np.array([number.setdefault(p.name, len(number)) for p in places], dtype=np.int32)
        self._admin1 = np.array([named(p.admin1) for p in places], dtype=np.int32)
        outer = [[*map(named, dict.fromkeys((*p.within, p.admin1, p.country)))] for p in places]
        width = max((len(each) for each in outer), default=0)
        lies_in = np.array([each + [-1] * (width - len(each)) for each in outer], dtype=np.int32).reshape(
            len(places), width
        )
        self._outer, inverse = np.unique(lies_in, return_inverse=True)
        self._in = inverse.reshape(lies_in.shape).astype(np.int32)  # by their numbers among outer ones
        self._in[lies_in < 0] = -1
        names = _Names(list(number), spelt_alike)
        self._names, self._inside = names, _Table(names, len(self._outer), len(number))
        self._by_outer = np.searchsorted(self._outer, self._admin1).astype(np.int32)
        lands = {name: n for n, name in enumerate(dict.fromkeys(p.country for p in places if p.country))}
        self._land = np.array([lands[p.country] if p.country else -1 for p in places], dtype=np.int32)
        self._lands = _Lands(list(lands))
        codes: dict[str, int] = {}
        self._code = np.array(
            [codes.setdefault(p.code, len(codes)) if p.code else -1 for p in places], dtype=np.int32
        )
        self._north, self._east = (
            np.radians(np.array([np.nan if x is None else x for x in column], dtype=np.float64))
            for column in ([p.latitude for p in places], [p.longitude for p in places])
        )
        self._radius = np.array([p.radius_km or 0.0 for p in places], dtype=np.float64)
        self._level = np.array([_LEVELS.index(spot.level) for spot in spots], dtype=np.int8)
        self._vague = np.array([spot.vague for spot in spots], dtype=bool)

    def reasons(self, one: Numbers, other: Numbers) -> Numbers:
        """For two columns of spots what ``where`` says of each two: places in ``REASONS``."""
        out = np.full(len(one), _UNTOLD, dtype=np.int8)
        (rows,) = np.nonzero((self._level[one] > 0) & (self._level[other] > 0))
        for at in range(0, len(rows), _AT_ONCE):
            some = rows[at : at + _AT_ONCE]
            out[some] = self._told(one[some], other[some])
        return out

    def _told(self, x: Numbers, y: Numbers) -> Numbers:
        code, others = self._code[x], self._code[y]
        coded = (code >= 0) & (others >= 0)
        gap = np.where(coded, self._kilometres(x, y), np.nan)
        reach = self._radius[x] + self._radius[y] + NEAR_KM
        one = (coded & (code == others)) | self._names.alike(self._name[x], self._name[y])
        for limit in (reach, FAR_KM, NEAR_KM):
            one |= np.abs(gap - limit) < _KM
        inside = self._lies_in(x, y) | self._lies_in(y, x)
        a, b = self._admin1[x], self._admin1[y]
        provinces = (a >= 0) & (b >= 0)
        differ = provinces.copy()
        rows = np.flatnonzero(provinces)
        differ[rows] = ~self._inside.alike(self._by_outer[x[rows]], self._outer, b[rows])
        abroad = self._lands.differ(self._land[x], self._land[y])
        compatible = ~abroad & inside
        conflict = abroad | (~inside & (differ | (gap > reach)))
        vague = self._vague[x] | self._vague[y]
        wide = (self._level[x] == 1) | (self._level[y] == 1)
        plain = np.where(vague, _NEAR, _DIFFER)
        out: Numbers = np.select(
            [
                conflict & (gap > FAR_KM), conflict & differ, conflict,
                compatible & wide, compatible, wide & provinces, wide, vague, gap <= NEAR_KM,
            ],
            [_FAR, _PROVINCES, plain, _PROVINCE, _PART, _PROVINCE, _UNTOLD, _NEAR, _WITHIN],
            _DIFFER,
        ).astype(np.int8)  # fmt: skip
        rows = np.flatnonzero(one)
        out[rows] = [self._asked(*pair) for pair in zip(x[rows].tolist(), y[rows].tolist(), strict=True)]
        return out

    def _asked(self, x: int, y: int) -> int:
        pair = (x, y) if x < y else (y, x)
        found = self._known.get(pair)
        if found is None:
            found = self._known[pair] = REASONS.index(where(self._spots[x], self._spots[y]))
        return found

    def _lies_in(self, inner: Numbers, outer: Numbers) -> Numbers:
        """Whether a place that one lies in is spelt like the other's name."""
        out = np.zeros(len(inner), dtype=bool)
        for column in self._in.T:
            part = column[inner]
            rows = np.flatnonzero((part >= 0) & ~out)
            out[rows] = self._inside.alike(part[rows], self._outer, self._name[outer[rows]])
        return out

    def _kilometres(self, x: Numbers, y: Numbers) -> Numbers:
        """As ``sphere.kilometres``."""
        a, b = self._north[x], self._north[y]
        across = np.sin((self._east[y] - self._east[x]) / 2) ** 2
        h = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * across
        out: Numbers = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(1.0, h)))
        return out


class _Lands:
    """Which two countries, by number, have no like names."""

    def __init__(self, names: Sequence[str]) -> None:
        apart = [not alike(a, b) for a in names for b in names]
        self._apart = np.array(apart, dtype=bool).reshape(len(names), len(names))

    def differ(self, one: Numbers, other: Numbers) -> Numbers:
        """For two columns of countries, -1 where none is told, whether they cannot be one."""
        out = (one >= 0) & (other >= 0)
        rows = np.flatnonzero(out)
        out[rows] = self._apart[one[rows], other[rows]]
        return out
