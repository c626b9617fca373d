"""Lists of places written as indexes: one SQLite file each, made whole or not at all."""

from __future__ import annotations

import hashlib
import lzma
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from importlib.resources import files
from pathlib import Path
from statistics import median

from tallystick.values.places.entries import Built, Entry, Refused, consonants, fault, letters_of
from tallystick.values.places.sphere import swapped
from tallystick.values.scripts import sound

VERSION = 4  # of the tables; an index of another version is built anew

_STALE = 3600  # seconds after which nobody is writing a scratch file any more
_ROWS = 20_000  # rows written at once

_PROBES = ("Sheikh Saeed", "الشيخ سعيد", "Шейх-Саид", "שייח סעיד", "Deir ez-Zor", "Łódź", "Ouagadougou")

_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=4096; PRAGMA temp_store=FILE;
CREATE TABLE place(number INTEGER PRIMARY KEY, id TEXT UNIQUE, code TEXT, name TEXT, kind TEXT, names TEXT, country TEXT, admin1 TEXT,
  admin2 TEXT, latitude REAL, longitude REAL, population INTEGER, source TEXT, radius REAL, wins INTEGER, line INTEGER);
CREATE TABLE letters(key TEXT, rank INTEGER, place INTEGER, main INTEGER, PRIMARY KEY(key, rank, place)) WITHOUT ROWID;
CREATE TABLE sounds(key TEXT, rank INTEGER, place INTEGER, voiced TEXT, spelt INTEGER, PRIMARY KEY(key, rank, place, voiced)) WITHOUT ROWID;
CREATE TABLE border(one TEXT, other TEXT, points TEXT, PRIMARY KEY(one, other)) WITHOUT ROWID;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);
CREATE TEMP TABLE raw_letters(key TEXT, rank INTEGER, place INTEGER, main INTEGER);
CREATE TEMP TABLE raw_sounds(key TEXT, rank INTEGER, place INTEGER, voiced TEXT, spelt INTEGER);
"""

_PLACE = "INSERT OR IGNORE INTO place VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

Progress = Callable[[float], object]  # told the share that is done, 0 to 1


def build(path: Path, rows: Iterable[Entry | Refused], progress: Progress | None = None) -> Built:
    """Write the index at ``path`` from the rows of its lists; what stood there is replaced at the end.

    A row whose code its list has already given is refused, and so is one whose coordinates lie far from the
    other rows of its province or country and would lie among them if swapped. Nothing is held in memory but
    the refused rows. ``progress`` is told 0 when rows begin to be read, 0.5 when all are, 1 at the end.
    Raises ``OSError`` where ``path`` cannot be written.
    """
    out = Built()

    def write(base: sqlite3.Connection) -> str:
        digest = hashlib.sha256()
        for number, row in enumerate(rows, 1):
            if number % _ROWS == 1 and progress:
                progress(min(0.5, number / 2_000_000))
            if isinstance(row, Refused):
                out.refused.append(row)
            elif (why := fault(row)) is not None:
                out.refused.append(Refused(row.source, row.row or number, row.name, why))
            elif not base.execute(_PLACE, _cells(number, row)).rowcount:
                why = f"its code {row.code} is given to a row before it"
                out.refused.append(Refused(row.source, row.row or number, row.name, why))
            else:
                digest.update(repr(row).encode())
                out.taken[row.source] += 1
        for number, why in dict(_swapped_rows(base)).items():
            name, source, line = base.execute(
                "SELECT name, source, line FROM place WHERE number=?", (number,)
            ).fetchone()
            base.execute("DELETE FROM place WHERE number=?", (number,))
            out.refused.append(Refused(source, line or number, name, why))
            out.taken[source] -= 1
        digest.update("".join(sorted(map(str, out.refused))).encode())

        def named() -> Iterator[_Named]:
            for number, names, population in base.execute("SELECT number, names, population FROM place"):
                called = names.split("\n")
                yield number, -population, called, voiced(called)

        (out.names,) = base.execute(
            "SELECT total(1 + length(names) - length(replace(names, char(10), ''))) FROM place"
        ).fetchone()
        _write_keys(base, named)
        return digest.hexdigest()

    _write(path, write, progress)
    return out


def probed() -> str:
    """How some names sound: an index that was made when they sounded otherwise must not be used."""
    return "".join(sound(name).voiced for name in _PROBES)


def default(cache: Path, progress: Progress | None = None) -> Path:
    """The index of the list that comes with the package, in the folder ``cache``; built there if it is missing.

    GeoNames (CC BY 4.0), as ``training/gazetteer.py`` makes it. The file is named for what it is made of, so
    that no index of another version is ever opened, and is put in place whole: two that build at once do no
    harm. Raises ``OSError`` where the folder cannot be written.
    """
    packed = files("tallystick.values.places").joinpath("world.xz").read_bytes()
    mark = hashlib.sha256(f"{VERSION} {probed()}".encode() + packed).hexdigest()
    path = cache / f"places-{mark[:16]}.sqlite"
    if path.exists():
        return path

    def write(base: sqlite3.Connection) -> str:
        if progress:
            progress(0.0)
        head, *columns = lzma.decompress(packed).decode().split("\0")
        table = {name: column.split("\n") for name, column in zip(head.split(" "), columns, strict=True)}
        lines = list(zip(*(table[name] for name in ("names", "sounds", "people")), strict=True))
        base.executemany(_PLACE, _packed_rows(table))
        for line in table["borders"]:
            pair, points = line.split("\t")
            base.execute("INSERT INTO border VALUES(?,?,?)", (*sorted(pair.split("|")), points))
        fresh = any(voiced(names.split("|")) != _unpacked(names, heard) for names, heard, _ in lines[::997])

        def named() -> Iterator[_Named]:
            for number, (names, heard, people) in enumerate(lines, 1):
                called = names.split("|")
                yield number, -int(people), called, voiced(called) if fresh else heard.split("|")
                if progress and number % _ROWS == 0:
                    progress(0.2 + 0.5 * number / len(lines))

        _write_keys(base, named)
        return mark

    _write(path, write, progress)
    return path


def voiced(names: list[str]) -> list[str]:
    """How each name sounds, without spaces; empty where one before it sounds the same."""
    heard = [sound(name).voiced.replace(" ", "") for name in names]
    first = {voiced: at for at, voiced in reversed(list(enumerate(heard)))}
    return [voiced if first[voiced] == at else "" for at, voiced in enumerate(heard)]


def _unpacked(names: str, heard: str) -> list[str]:
    """The column of sounds as long as that of names: what is empty at its end is not written."""
    told = heard.split("|")
    return told + [""] * (names.count("|") + 1 - len(told))


def _packed_rows(table: dict[str, list[str]]) -> Iterator[tuple[object, ...]]:
    """The rows of the packed list as the table ``place`` wants them."""
    wanted = (
        "code",
        "kind",
        "names",
        "country",
        "admin1",
        "admin2",
        "latitude",
        "longitude",
        "people",
        "radius",
    )
    for number, row in enumerate(zip(*(table[name] for name in wanted), strict=True), 1):
        code, kind, names, country, admin1, admin2, north, east, people, radius = row
        yield (
            number, f"geonames:{code}", code, names.split("|", 1)[0], kind, names.replace("|", "\n"), country or None, admin1 or None,
            admin2 or None, float(north), float(east), int(people), "geonames", float(radius) if radius else None, 0, 0,
        )  # fmt: skip


def _cells(number: int, entry: Entry) -> tuple[object, ...]:
    return (
        number, entry.id, entry.code, entry.name, entry.kind, "\n".join(dict.fromkeys((entry.name, *entry.names))), entry.country,
        entry.admin1, entry.admin2, entry.latitude, entry.longitude, entry.population, entry.source, entry.radius_km, entry.wins, entry.row,
    )  # fmt: skip


_Named = tuple[int, int, list[str], list[str]]  # of a place: its number, its rank, its names, how they sound


def _write_keys(base: sqlite3.Connection, named: Callable[[], Iterator[_Named]]) -> None:
    """Write the keys of every place: of its names by their letters, and by their sounds where these differ."""
    base.executemany(
        "INSERT INTO raw_letters VALUES(?,?,?,?)",
        (
            (letters_of(name), rank, number, at == 0)
            for number, rank, names, _ in named()
            for at, name in enumerate(names)
        ),
    )
    base.executemany(
        "INSERT INTO raw_sounds VALUES(?,?,?,?,?)",
        (
            (key, rank, number, voiced, at)
            for number, rank, _, heard in named()
            for at, voiced in enumerate(heard)
            if voiced and (key := consonants(voiced))
        ),
    )


def _swapped_rows(base: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Rows that lie among their like only when latitude and longitude are exchanged: of three or more of one area."""
    for area in ("source, country, admin1", "source, country"):
        groups: Iterable[tuple[str]] = base.execute(  # columns of ours
            f"SELECT group_concat(number || ' ' || latitude || ' ' || longitude) FROM place WHERE latitude IS NOT NULL"  # noqa: S608
            f" AND country IS NOT NULL GROUP BY {area} HAVING count(*) >= 3 AND max(latitude) - min(latitude) > 10"
        ).fetchall()
        for (cells,) in groups:
            rows = [
                (int(n), float(north), float(east))
                for n, north, east in (cell.split() for cell in cells.split(","))
            ]
            centre = median(row[1] for row in rows), median(row[2] for row in rows)
            for number, north, east in rows:
                if swapped((north, east), centre):
                    yield (
                        number,
                        f"{north:g}, {east:g} lies far from its like, and among them if the two are swapped",
                    )


def _write(path: Path, write: Callable[[sqlite3.Connection], str], progress: Progress | None) -> None:
    """Write an index aside and put it in place whole: ``write`` fills the tables and gives the digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for left in path.parent.glob(".*.sqlite.*"):  # by a process that was killed
        with suppress(FileNotFoundError):  # it was put in place just now
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    scratch = Path(aside)
    try:
        with closing(sqlite3.connect(scratch)) as base, base:
            base.executescript(_SCHEMA)
            digest = write(base)
            if progress:
                progress(0.7)
            base.execute(
                "INSERT OR IGNORE INTO letters SELECT * FROM raw_letters ORDER BY key, rank, place, main DESC"
            )
            if progress:
                progress(0.85)
            base.execute(
                "INSERT OR IGNORE INTO sounds SELECT * FROM raw_sounds ORDER BY key, rank, place, voiced, spelt"
            )
            base.execute("INSERT INTO meta VALUES('sha256', ?)", (digest,))
            base.execute(f"PRAGMA user_version={VERSION}")
        os.replace(scratch, path)
    finally:
        scratch.unlink(missing_ok=True)
    if progress:
        progress(1.0)
