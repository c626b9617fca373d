"""The last look at an export before it leaves: every file is read back and searched for what was to go.

It is the look of ``dossier.sweep``, into the forms that are written here: cells of CSV as a program reads
them and as they stand, strings of JSON, keys too, values and notes of Parquet. A pair of coordinates is
looked at as a text would write it. A file of any other kind is refused, so that nothing leaves unseen.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tallystick.dossier.redaction import Redacted
from tallystick.dossier.sweep import checked, flat, search, strings
from tallystick.errors import WouldLeak
from tallystick.exchange.cells import CELLS, unguard


def sweep(folder: Path, redacted: Redacted) -> None:
    """Look through every file below ``folder``; raises ``WouldLeak`` where one holds what was taken out."""
    hider, quotes = checked(redacted), flat(redacted.quotes)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        search([name, *(_texts(path) if path.is_file() else ())], hider, quotes, name)


def _texts(path: Path) -> Iterator[str]:
    """What a program or a reader finds in a file, each piece by itself."""
    if path.suffix == ".csv":
        yield from _cells(path.read_text(encoding="utf-8"))
    elif path.suffix == ".jsonl" or path.name.endswith(".ftm.json"):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _of_json(json.loads(line))
    elif path.suffix in (".json", ".geojson"):
        yield from _of_json(json.loads(path.read_text(encoding="utf-8")))
    elif path.suffix == ".parquet":
        yield from _columns(path)
    else:
        raise WouldLeak(f"{path.name} cannot be looked into, so that it cannot leave; choose other formats")


def _cells(text: str) -> Iterator[str]:
    head: list[str] = []
    csv.field_size_limit(CELLS)  # the text of a report is one cell
    for row in csv.reader(io.StringIO(text, newline="")):
        head = head or row
        for cell in row:
            yield cell
            yield unguard(cell)
            if cell.startswith(("[", "{")):
                yield from _nested(cell)
        yield from _pair(dict(zip(head, row, strict=False)))


def _nested(cell: str) -> Iterator[str]:
    try:
        yield from strings(json.loads(cell))
    except ValueError:
        return  # no JSON: it was looked at as it stands


def _of_json(value: Any) -> Iterator[str]:
    for each in strings(value):
        yield each
        if each.startswith("{"):
            yield from _nested(each)
    yield from _points(value)


def _points(value: Any) -> Iterator[str]:
    """Every point in what JSON can hold: of GeoJSON, or under the names of its two coordinates."""
    if isinstance(value, dict):
        if isinstance(point := value.get("coordinates"), list) and len(point) == 2:
            yield from _point(point[1], point[0])
        yield from _pair(value)
        for each in value.values():
            yield from _points(each)
    elif isinstance(value, list):
        for each in value:
            yield from _points(each)


def _pair(row: dict[str, Any]) -> Iterator[str]:
    for north, east in (("latitude", "longitude"), ("Latitude", "Longitude"), ("lat", "lng")):
        yield from _point(row.get(north), row.get(east))


def _point(north: Any, east: Any) -> Iterator[str]:
    """A point as a text would write it: so that it is looked at as points in texts are."""
    with suppress(TypeError, ValueError):
        yield f"{float(north):.4f}, {float(east):.4f}"


def _columns(path: Path) -> Iterator[str]:
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    for key, value in (table.schema.metadata or {}).items():
        yield f"{key.decode()} {value.decode()}"
    for row in table.to_pylist():
        yield from strings(row)
        yield from _pair(row)
