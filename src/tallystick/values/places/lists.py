"""Lists of places as others publish them, read row by row into ``Entry``: never repaired, never guessed.

=============  ======================================================================================
``geonames``   a country dump of GeoNames (19 columns, tabs), its ADM1 and ADM2 rows giving the names of areas
``pcodes``     a table of p-codes (CSV), one row for each area or settlement: ``ADM1_EN``, ``ADM1_PCODE`` …
``opensyria``  the folder of Open Syria's geography: ``governorates.json``, ``districts.json``, ``subdistricts.json``
``yemen``      the folder of Yemen-info, its ``yemen-info.json`` or its SQLite file, which alone has the villages
``own``        a case's own list (CSV): ``name``, and any of ``kind, names, country, admin1, admin2, latitude,
               longitude, radius_km, population, code``; other names are separated by semicolons
=============  ======================================================================================

What a row lacks stays unknown; a row that cannot be read is ``Refused`` with its number and why. Files that
are no such list at all raise ``UnknownList``.
"""

from __future__ import annotations

import csv
import json
import math
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.values.names import country_codes
from tallystick.values.places.gazetteer import FINE, Entry, Refused

Rows = Iterator[Entry | Refused]
Areas = dict[tuple[str, ...], str]  # the codes of a country, a province and a district: what it is called
CELL = 1_000_000  # characters in one cell of a table; no name list is longer
_SPACES = re.compile(r"\s+")


class UnknownList(ValueError):
    """A file or folder that is none of the lists that can be read."""


def read(path: Path) -> Rows:
    """The rows of the list at ``path``, whose form is told by what it holds.

    Raises ``UnknownList`` where it is none of them, ``OSError`` where it cannot be opened.
    """
    if path.is_dir():
        return _folder(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"SQLite format 3\0"):
        return _yemen_tables(path)
    if path.suffix.lower() == ".json" or head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["):
        return yemen(path)
    if not head.strip():
        raise UnknownList(f"{path} is empty")
    line = re.split(rb"\r\n|\r|\n", head.removeprefix(b"\xef\xbb\xbf"), maxsplit=1)[0]
    if head.count(b"\0") > 8 or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnknownList(
            f"{path} is no text in UTF-8: save it as such, or give the list that it was made from"
        )
    words = line.decode("utf-8", "replace")
    columns = [column.strip().strip('"').lower() for column in re.split("[,;\t]", words)]
    if line.count(b"\t") == 18:
        return geonames(path)
    if any(re.match(r"adm[0-4]_?(?:\w*name|pcode|[a-z]{2}$)", column) for column in columns):
        return pcodes(path)
    if "name" in columns:
        return own(path)
    raise UnknownList(
        f"{path} begins with {words[:60]!r}: that is no dump of GeoNames (19 columns), no table of p-codes (ADM1_EN …) "
        f'and no own list (a column "name")'
    )


def _folder(path: Path) -> Rows:
    for folder in (path, path / "data"):
        if (folder / "governorates.json").is_file():
            return opensyria(folder)
    for file in (*sorted((path / "automated").glob("*.db")), path / "yemen-info.json"):
        if file.is_file():
            return read(file)
    raise UnknownList(
        f"{path} holds no governorates.json and no yemen-info.json: give the file of a list, or such a folder"
    )


def number(words: str | None) -> float | None:
    """A decimal number, or ``None`` for an empty cell. Raises ``ValueError`` for anything else."""
    if not words or not words.strip():
        return None
    told = words.strip().replace(",", ".") if words.count(",") == 1 and "." not in words else words.strip()
    value = float(told)
    if not math.isfinite(value):
        raise ValueError(f"{words.strip()!r} is no number")
    return value


def _whole(words: str | None) -> int:
    """A whole number, thousands apart or not; 0 for an empty cell. Raises ``ValueError``."""
    if not words or not words.strip():
        return 0
    value = float(re.sub(r"(?<=\d)[, \u00a0](?=\d{3}\b)", "", words.strip()))
    if not math.isfinite(value):
        raise ValueError(f"{words.strip()!r} is no number")
    return int(value)


def geonames(path: Path) -> Rows:
    """A country dump: https://download.geonames.org/export/dump/ (CC BY 4.0). It is read twice, line by line."""
    areas: Areas = {}
    for _, cells in _lines(path):
        if len(cells) == 19 and cells[7] in ("ADM1", "ADM2"):
            key = (cells[8], cells[10]) if cells[7] == "ADM1" else (cells[8], cells[10], cells[11])
            areas.setdefault(key, cells[1])
    for row, cells in _lines(path):
        if len(cells) != 19:
            name = cells[1] if len(cells) > 1 else ""
            yield Refused(path.name, row, name[:60], f"it has {len(cells)} columns, not 19")
            continue
        try:
            yield _geoname(row, cells, areas, path.name)
        except ValueError as error:
            yield Refused(path.name, row, cells[1], str(error))


_CODES = {"ADM1": "admin1", "ADM2": "admin2", "ADM3": "admin3", "ADM4": "admin3", "PPLX": "quarter", "PCLI": "country", "CONT": "continent"}  # fmt: skip


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        for row, line in enumerate(file, 1):
            if line.strip():
                yield row, line.rstrip("\r\n").split("\t")


def _geoname(row: int, cells: list[str], areas: Areas, source: str) -> Entry:
    population = int(cells[14] or 0)
    kind = _CODES.get(cells[7]) or {
        "P": "town" if population >= 5000 or cells[7].startswith("PPLA") or cells[7] == "PPLC" else "village", "S": "facility",
    }.get(cells[6], "area")  # fmt: skip
    others = dict.fromkeys(name for name in (cells[2], *cells[3].split(",")) if name and name != cells[1])
    return Entry(
        cells[0], cells[1], kind, tuple(others), country_codes().get(cells[8]), areas.get((cells[8], cells[10])),
        areas.get((cells[8], cells[10], cells[11])), number(cells[4]), number(cells[5]), population, source, row=row,
    )  # fmt: skip


def _records(path: Path) -> Iterator[tuple[int, dict[str, str] | Refused]]:
    """The rows of a table with a head, each with its line; a row that is no row of it is refused."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        first = file.readline()
        file.seek(0)
        between = max(",;\t", key=first.count)
        csv.field_size_limit(CELL)
        table = csv.reader(file, delimiter=between)
        head = [_SPACES.sub("_", column.strip()).lower() for column in next(table)]
        while True:
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error as error:
                yield table.line_num, Refused(path.name, table.line_num, "", f"{error}")
                continue
            if not any(cell.strip() for cell in cells):
                continue
            record = {column: cell.strip() for column, cell in zip(head, cells, strict=False) if column}
            if len(cells) != len(head):
                name = record.get("name") or record.get("adm1_en") or cells[0]
                more = "more" if len(cells) > len(head) else "fewer"
                yield (
                    table.line_num,
                    Refused(path.name, table.line_num, name[:60], f"it has {more} columns than its head"),
                )
                continue
            yield table.line_num, record


def pcodes(path: Path) -> Rows:
    """A table of p-codes as OCHA publishes them on HDX: areas of each level, or settlements with their areas."""
    seen: set[str] = set()
    for row, record in _records(path):
        if isinstance(record, Refused):
            yield record
            continue
        try:
            yield from _coded(row, record, seen, path.name)
        except ValueError as error:
            yield Refused(path.name, row, record.get("adm1_en", ""), str(error))


def _coded(row: int, cells: Mapping[str, str], seen: set[str], source: str) -> Rows:
    names = {
        level: _first(
            cells, f"adm{level}_en", f"adm{level}_name", f"adm{level}_ref_name", f"admin{level}name_en"
        )
        for level in range(5)
    }
    codes = {level: _first(cells, f"adm{level}_pcode", f"admin{level}pcode") for level in range(5)}
    north = number(_first(cells, "latitude", "lat", "center_lat", "y"))
    east = number(_first(cells, "longitude", "lon", "long", "center_lon", "x"))
    finest = max((level for level in range(1, 5) if codes[level]), default=0)
    if not finest:
        yield Refused(source, row, names[1], "it has no p-code")
        return
    country = country_codes().get(codes[finest][:2].upper()) or names[0] or None
    settlement = _first(cells, "name_en", "settlement", "pop_place", "locality_en", "featurename_en")
    for level in range(1, finest + 1):
        if not names[level]:
            if level == finest and not settlement:
                yield Refused(source, row, codes[level], f"its area of level {level} has no name")
            continue
        last = level == finest and not settlement
        if codes[level] in seen:
            if last:
                yield Refused(
                    source, row, names[level], f"its code {codes[level]} is given to a row before it"
                )
            continue
        seen.add(codes[level])
        yield Entry(
            codes[level], names[level], f"admin{min(level, 3)}", _tongues(cells, f"adm{level}_", names[level]), country, names[1] or None,
            names[2] or None if level > 1 else None, north if last else None, east if last else None, 0, source, row=row,
        )  # fmt: skip
    if settlement:
        code = _first(cells, "pcode", "locality_pcode", "featurepcode") or f"{codes[finest]}-{row}"
        yield Entry(
            code, settlement, "village", _tongues(cells, "name_", settlement), country, names[1] or None, names[2] or None, north, east, 0, source, row=row,
        )  # fmt: skip


def _first(cells: Mapping[str, str], *columns: str) -> str:
    return next((cells[column] for column in columns if cells.get(column)), "")


def _tongues(cells: Mapping[str, str], start: str, name: str) -> tuple[str, ...]:
    """The same name in the other languages of the table: ``adm1_ar``, ``adm1_ua``, ``adm1alt1en`` …"""
    alternative = re.compile(rf"{start}[a-z]{{2}}|{start.rstrip('_')}_?alt\d?_?[a-z]{{2}}")
    found = (cell for column, cell in cells.items() if cell and alternative.fullmatch(column))
    return tuple(dict.fromkeys(cell for cell in found if cell != name))


def opensyria(folder: Path) -> Rows:
    """https://github.com/Open-Syria/data-geography (CC BY 4.0)."""
    files = (("governorates", "admin1"), ("districts", "admin2"), ("subdistricts", "admin3"))
    tables = {
        name: _array(folder / f"{name}.json") for name, _ in files if (folder / f"{name}.json").is_file()
    }
    above = {
        name: {str(r.get("id")): _english(r) for r in rows if isinstance(r, dict)}
        for name, rows in tables.items()
    }
    for name, kind in files:
        source = f"opensyria {name}"
        for row, record in enumerate(tables.get(name, ()), 1):
            try:
                own = record["name"]["en"]
                province = above["governorates"].get(record.get("governorateId")) or (
                    own if kind == "admin1" else None
                )
                district = above.get("districts", {}).get(record.get("districtId")) or (
                    own if kind == "admin2" else None
                )
                others = (
                    record["name"].get("ar"),
                    *(alias["value"] for alias in record.get("aliases") or ()),
                )
                centre, area = record.get("centroid") or {}, (record.get("area") or {}).get("value")
                yield Entry(
                    str(record["id"]), own, kind, tuple(dict.fromkeys(filter(None, others))), "Syria", province, district,
                    _decimal(centre.get("latitude")), _decimal(centre.get("longitude")),
                    int((record.get("population") or {}).get("value") or 0), source, round(math.sqrt(area / math.pi), 1) if area else None, row=row,
                )  # fmt: skip
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                yield Refused(
                    source, row, str(record)[:40], f"it is no such record ({type(error).__name__}: {error})"
                )


def _decimal(value: Any) -> float | None:
    """A coordinate of a JSON file. Raises ``ValueError`` where it is neither a number nor missing."""
    if value is None or (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ):
        return None if value is None else float(value)
    raise ValueError(f"{value!r} is no number")


def _english(record: dict[str, Any]) -> str:
    name = record.get("name")
    return str(name.get("en") or "") if isinstance(name, dict) else ""


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnknownList(f"{path} is no JSON that can be read: {str(error)[:80]}") from error


def _array(path: Path) -> list[Any]:
    records = _json(path)
    if not isinstance(records, list):
        raise UnknownList(f"{path} is no array of records")
    return records


def yemen(path: Path) -> Rows:
    """https://github.com/YemenOpenSource/Yemen-info (MIT): names in two scripts, no coordinates."""
    whole = _json(path)
    if not isinstance(whole, dict) or not isinstance(whole.get("governorates"), list):
        raise UnknownList(f'{path} holds no "governorates"')
    records = enumerate(whole["governorates"], 1)
    return chain.from_iterable(_below(record, (number,), path.name, ()) for number, record in records)


_LEVELS = (("admin1", "districts"), ("admin2", "uzaal"), ("admin3", "villages"), ("village", ""))


def _below(record: Any, place: tuple[int, ...], source: str, above: tuple[str, ...]) -> Rows:
    """A governorate, district, sub-district or village and all that is in it; ``place`` counts its way down."""
    kind, inner = _LEVELS[len(above)]
    if not isinstance(record, dict) or not (record.get("name_en") or record.get("name_ar")):
        yield Refused(source, place[-1], str(record)[:40], f"an entry of kind {kind} has no name")
        return
    names = [
        str(record[key])
        for key in ("name_en", "name_ar", "name_en_normalized", "name_ar_normalized")
        if record.get(key)
    ]
    yield _yemeni(place[-1], "/".join(map(str, place)), kind, names, (*above, names[0]), source)
    held = record.get(inner) if inner else ()
    if held and not isinstance(held, list):
        yield Refused(source, place[-1], names[0], f"its {inner} are no list")
        return
    for number, one in enumerate(held or (), 1):
        yield from _below(one, (*place, number), source, (*above, names[0]))


def _yemeni(row: int, code: str, kind: str, names: list[str], areas: tuple[str, ...], source: str) -> Entry:
    others = tuple(dict.fromkeys(name for name in names[1:] if name != names[0]))
    return Entry(
        code,
        names[0],
        kind,
        others,
        "Yemen",
        areas[0],
        areas[1] if len(areas) > 1 else None,
        source=source,
        row=row,
    )


def _yemen_tables(path: Path) -> Rows:
    """The SQLite file of Yemen-info, with its villages. Raises ``UnknownList`` where it is another's."""
    tables = (
        ("governorates", "governorate_id"),
        ("districts", "district_id"),
        ("uzaal", "uzaal_id"),
        ("villages", "villages_id"),
    )
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            areas: dict[tuple[str, int], tuple[str, ...]] = {}
            rows: list[Entry | Refused] = []
            for level, (table, key) in enumerate(tables):
                outer = tables[level - 1] if level else None
                chosen = f"{key}, name_en, name_ar, name_en_normalized, name_ar_normalized, {outer[1] if outer else 0}"
                for code, *names, above in base.execute(f"SELECT {chosen} FROM {table} ORDER BY {key}"):  # noqa: S608  names of ours
                    told = [str(name) for name in names if name]
                    source = f"{path.name} {table}"
                    if not told:
                        rows.append(Refused(source, code, "", "it has no name"))
                        continue
                    way = (*areas.get((outer[0], above), ()), told[0]) if outer else (told[0],)
                    areas[table, code] = way
                    rows.append(_yemeni(code, str(code), _LEVELS[level][0], told, way, source))
    except sqlite3.Error as error:
        raise UnknownList(f"{path} is a database, but not that of Yemen-info: {error}") from error
    return iter(rows)


_OWN = (
    "name", "kind", "names", "country", "admin1", "admin2", "latitude", "longitude", "population", "code", "radius_km"
)  # fmt: skip


def own(path: Path) -> Rows:
    """A case's own list: its rows win over every other list.

    A column called nearly as one that is read ("lat", "populaton") is told as refused; others stay unread.
    """
    told = False
    for row, record in _records(path):
        if isinstance(record, Refused):
            yield record
            continue
        if not told:
            told = True
            yield from _nearly(path, record)
        name = record.get("name", "")
        try:
            others = tuple(part.strip() for part in record.get("names", "").split(";") if part.strip())
            yield Entry(
                record.get("code") or f"row {row}", name, record.get("kind", "").lower() or "town", others, record.get("country") or None,
                record.get("admin1") or None, record.get("admin2") or None, number(record.get("latitude")), number(record.get("longitude")),
                _whole(record.get("population")), path.name, number(record.get("radius_km")), wins=True, row=row,
            )  # fmt: skip
        except ValueError as error:
            yield Refused(path.name, row, name, str(error))


def _nearly(path: Path, columns: Collection[str]) -> Iterator[Refused]:
    for column in columns:
        if column not in _OWN:
            begun = next((known for known in _OWN if len(column) >= 3 and known.startswith(column)), None)
            near = process.extractOne(column, _OWN, scorer=ratio, score_cutoff=75)
            meant = begun or (near[0] if near else None)
            if meant is not None and meant not in columns:
                yield Refused(path.name, 1, column[:60], f"no such column is read; it is called {meant!r}")


__all__ = ["FINE", "Entry", "Refused", "UnknownList", "read"]
