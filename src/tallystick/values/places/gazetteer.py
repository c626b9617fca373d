"""Lists of places, each indexed in one SQLite file: what a name may stand for, without loading the list.

A list is indexed once (``build``; ``default`` for the list that comes with the package) and then opened in
milliseconds. ``Gazetteer`` searches several at once, the later winning over the earlier. Names are found by two
keys, their letters and their sounds, so that a spelling or a script that no list has still finds its place.
Rows that cannot be right are refused by name, the rest is taken.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Indel

from tallystick.values.places.entries import (
    FINE,
    Built,
    Entry,
    Hit,
    Refused,
    fault,
    filled,
    letters_of,
    one_place,
)
from tallystick.values.places.index import VERSION, Progress, build, default, voiced
from tallystick.values.places.sphere import Point
from tallystick.values.scripts import Sound, near, script, sound


def _entry(row: tuple[Any, ...]) -> Entry:
    (
        _,
        _,
        code,
        name,
        kind,
        names,
        country,
        admin1,
        admin2,
        north,
        east,
        people,
        source,
        radius,
        wins,
        line,
    ) = row
    return Entry(
        code, name, kind, tuple(names.split("\n")[1:]), country, admin1, admin2, north, east, people, source, radius, bool(wins), line,
    )  # fmt: skip


class Gazetteer:
    """Open lists, searched together. Nothing of them is loaded but what is asked for.

    ``paths`` are indexes; of one place that two of them have, the later's row stands, what it lacks filled in from
    the earlier. ``sha256`` tells what is in them all. Raises ``sqlite3.DatabaseError`` where one is no index of
    this version.
    """

    def __init__(self, *paths: Path) -> None:
        self._bases = [_opened(path) for path in paths]
        marks = [
            base.execute("SELECT value FROM meta WHERE key='sha256'").fetchone()[0] for base in self._bases
        ]
        self.sha256 = hashlib.sha256("\n".join(marks).encode()).hexdigest()
        self._exact = lru_cache(maxsize=4096)(self._of_letters)
        self._alike = lru_cache(maxsize=4096)(self._of_sound)

    def __enter__(self) -> Gazetteer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for base in self._bases:
            base.close()

    def get(self, code: str) -> Entry | None:
        """The entry whose ``id`` is ``code``, of the last list that has it."""
        for base in reversed(self._bases):
            if row := base.execute("SELECT * FROM place WHERE id=?", (code,)).fetchone():
                return _entry(row)
        return None

    def border(self, one: str, other: str) -> tuple[Point, ...]:
        """Points about 20 km apart on the line between two countries, by their usual English names; may be none."""
        for base in reversed(self._bases):
            if row := base.execute(
                "SELECT points FROM border WHERE one=? AND other=?", sorted((one, other))
            ).fetchone():
                pairs = (point.split(",") for point in row[0].split(" "))
                return tuple((float(north), float(east)) for north, east in pairs)
        return ()

    def find(self, name: str, least: float = 0.75) -> tuple[Hit, ...]:
        """The places that ``name`` may stand for: the likest spelling first, then a case's own, then the most people.

        ``least`` is how far the spellings must agree, 0 to 1. At most some tens of places come back.
        """
        exact, alike = self.exact(name), self.alike(name, least)
        known = {hit.entry.id for hit in exact}
        placed = [hit.entry for hit in alike if hit.entry.point and hit.like >= 0.85]
        bare = [hit.entry for hit in exact if not hit.entry.point]
        whole = (hit if hit.entry.point else _placed(hit, placed, bare) for hit in exact)
        return (*whole, *(hit for hit in alike if hit.entry.id not in known))

    def exact(self, name: str) -> tuple[Hit, ...]:
        """The places that a list calls by these letters, articles and marks aside."""
        return self._exact(letters_of(name))

    def alike(self, name: str, least: float = 0.75) -> tuple[Hit, ...]:
        """The places of which a name sounds like ``name``, in whatever script, the likest first."""
        return tuple(hit for hit in self._alike(name) if hit.like >= least)

    def _of_letters(self, key: str) -> tuple[Hit, ...]:
        found = []
        for base in self._bases:
            rows = base.execute(
                "SELECT letters.main, place.* FROM letters JOIN place ON number = letters.place WHERE key=? ORDER BY letters.rank LIMIT ?",
                (key, _MOST),
            )
            found.append([_hit(row[0], _entry(row[1:]), key) for row in rows])
        return _together(found)

    def _of_sound(self, name: str) -> tuple[Hit, ...]:
        heard = sound(name)
        if not heard.coarse:
            return ()
        found = []
        around = len(heard.voiced) - _VOWELS, len(heard.voiced) + _VOWELS
        for base in self._bases:
            rows = base.execute(_ALIKE, (heard.coarse, *around, _HEARD)).fetchall()
            best = process.extract(
                heard.voiced,
                [row[0] for row in rows],
                scorer=Indel.normalized_similarity,
                processor=None,
                limit=_KEPT,
                score_cutoff=0.5,
            )
            found.append(_heard(base, [rows[at] for _, _, at in best], name))
        return _together(found)


_MOST = 60  # places of one name in one list that are looked at
_HEARD = 300  # and spellings of one sound
_KEPT = 6  # of which so many are compared letter by letter
_VOWELS = 4  # vowels that one spelling may have and the other not: Arabic and Hebrew write few


_ALIKE = "SELECT voiced, place, spelt FROM sounds WHERE key=? AND length(voiced) BETWEEN ? AND ? ORDER BY rank LIMIT ?"
_THESE = f"SELECT * FROM place WHERE number IN ({','.join('?' * _KEPT)})"  # noqa: S608  marks of ours


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise sqlite3.DatabaseError(f"{path} is no file")
    base = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    (version,) = base.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        base.close()
        raise sqlite3.DatabaseError(f"{path} is an index of version {version}, not {VERSION}: build it anew")
    base.execute("PRAGMA cache_size=-24000")  # 24 MB of its pages at most
    return base


def _hit(main: int, entry: Entry, key: str) -> Hit:
    spelt = (
        entry.name if main else next((name for name in entry.names if letters_of(name) == key), entry.name)
    )
    return Hit(entry, 1.0, spelt, bool(main))


def _placed(hit: Hit, others: Sequence[Entry], bare: Sequence[Entry]) -> Hit:
    """A row without a point, with that of the one row of another list that is the same place, and of no other row."""
    same = [entry for entry in others if entry.source != hit.entry.source and one_place(entry, hit.entry)]
    if len(same) == 1 and sum(one_place(same[0], entry) for entry in bare) == 1:
        return replace(hit, entry=filled(hit.entry, same[0]))
    return hit


def _heard(base: sqlite3.Connection, rows: Sequence[tuple[str, int, int]], name: str) -> list[Hit]:
    """The places of the rows whose sounds are like enough, with how far their spelling agrees."""
    if not rows:
        return []
    asked = [place for _, place, _ in rows]
    asked += asked[:1] * (_KEPT - len(asked))  # always as many: the statement is then prepared once
    entries = {row[0]: _entry(row) for row in base.execute(_THESE, asked)}
    hits, latin, letters, heard = [], name.isascii(), letters_of(name), sound(name)
    for sounds, place, spelt in rows:
        entry = entries[place]
        told = entry.names[spelt - 1] if spelt else entry.name
        # As ``likeness``, but that the sounds of the list are at hand.
        short = told.isascii() or script(told) not in ("arabic", "hebrew")
        like = near(heard, Sound(heard.coarse, sounds, short))
        # Letters count beside sounds where both are Latin: many names of few consonants sound the same.
        if latin and told.isascii():
            like = 0.6 * like + 0.4 * Indel.normalized_similarity(letters, letters_of(told))
        hits.append(Hit(entry, round(min(like, 0.99), 4), told, spelt == 0))
    return hits


def _together(lists: Sequence[Sequence[Hit]]) -> tuple[Hit, ...]:
    """The hits of several lists as one: the best spelling of each place, and each place once."""
    kept: dict[str, Hit] = {}
    for hits in lists:
        fresh: dict[str, Hit] = {}
        for hit in hits:
            code = hit.entry.id
            if code not in fresh or hit.like > fresh[code].like:
                fresh[code] = hit
        for code, old in list(kept.items()) if fresh else ():
            same = [code for code, new in fresh.items() if one_place(old.entry, new.entry)]
            # Of several villages of one name, a town without a point among them is none in particular.
            if len(same) == 1:
                new = fresh[same[0]]
                fresh[same[0]] = replace(
                    new, entry=filled(new.entry, old.entry), like=max(new.like, old.like)
                )
                del kept[code]
        kept |= fresh
    return tuple(sorted(kept.values(), key=_order))


def _order(hit: Hit) -> tuple[float, bool, int, str, str]:
    return -hit.like, not hit.entry.wins, -hit.entry.population, hit.entry.source, hit.entry.code


__all__ = [
    "FINE",
    "Built",
    "Entry",
    "Gazetteer",
    "Hit",
    "Progress",
    "Refused",
    "build",
    "default",
    "fault",
    "voiced",
]
