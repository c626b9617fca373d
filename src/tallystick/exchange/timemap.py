"""TimeMap's datasheet: events, their sources and their associations as three CSV tables.

The columns are those that Forensic Architecture's TimeMap and its datasheet-server read: days as
month/day/year, both coordinates or none, and one column for each of several values (``source1``,
``source2``, …), which datasheet-server gathers into a list. A day that is not told stays empty: TimeMap then
shows the event on the map alone. https://github.com/forensic-architecture/timemap
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tallystick.exchange import cells
from tallystick.exchange.happenings import Happening, happenings
from tallystick.model import Record

FOLDER = "timemap"
EVENTS, SOURCES, ASSOCIATIONS = "export_events.csv", "export_sources.csv", "export_associations.csv"
_EVENT = (
    "id",
    "description",
    "date",
    "time",
    "time_precision",
    "location",
    "latitude",
    "longitude",
    "category",
)
_SOURCE = ("id", "title", "type", "date", "url", "description")
_ASSOCIATION = ("id", "title", "desc", "mode")
_MODES = {"kind": "FILTER", "party": "FILTER", "verdict": "FILTER"}


def write(record: Record, folder: Path) -> None:
    """Write the three tables of ``record`` into ``folder``/timemap."""
    (folder / FOLDER).mkdir()
    every = list(happenings(record))
    sources = _numbered("source", [_sources(one) for one in every])
    held = _numbered("association", [_held(one) for one in every])
    columns = (*_EVENT, *sources, *held)
    rows = [_event(one) | _spread(_sources(one), sources) | _spread(_held(one), held) for one in every]
    cells.write(folder / FOLDER / EVENTS, columns, rows)
    reports = {each.id: (one, each) for one in every for each in one.reports}
    cells.write(
        folder / FOLDER / SOURCES,
        _SOURCE,
        (_source(one, each) for one, each in sorted(reports.values(), key=lambda both: _name(*both))),
    )
    names = sorted({name for one in every for name in _held(one)})
    cells.write(folder / FOLDER / ASSOCIATIONS, _ASSOCIATION, map(_association, names))


def _numbered(word: str, many: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """As many columns as the longest row needs; one at least, so that the sheet keeps its form."""
    return tuple(f"{word}{n}" for n in range(1, max(map(len, many), default=1) + 1)) or (f"{word}1",)


def _spread(values: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    return {name: values[n] if n < len(values) else "" for n, name in enumerate(columns)}


def _event(one: Happening) -> dict[str, Any]:
    when, place = one.called.when, one.called.place
    placed = place is not None and place.latitude is not None and place.longitude is not None
    return {
        "id": one.id,
        "description": one.summary,
        "date": f"{when.start:%m/%d/%Y}" if when.start else "",
        "time": "",
        "time_precision": when.precision,
        "location": place.name if place else "",
        "latitude": place.latitude if placed and place else "",
        "longitude": place.longitude if placed and place else "",
        "category": one.called.kind,
    }


def _sources(one: Happening) -> list[str]:
    return [one.index.names[each.id] for each in one.reports]


def _held(one: Happening) -> list[str]:
    """What it is filtered by: its kind, who is accused, and where reports contradict one another."""
    told = [f"kind: {one.called.kind}", *(f"party: {actor.name}" for actor in one.accused)]
    return told + [
        f"verdict: {field} in conflict" for field, said in one.verdicts.items() if said == "conflict"
    ]


def _name(one: Happening, report: Any) -> str:
    return one.index.names[report.id]


def _source(one: Happening, report: Any) -> dict[str, Any]:
    return {
        "id": _name(one, report),
        "title": report.title or report.publisher or _name(one, report),
        "type": "Report",
        "date": f"{report.published:%m/%d/%Y}" if report.published else "",
        "url": report.url or "",
        "description": report.publisher or "",
    }


def _association(name: str) -> dict[str, Any]:
    sort, _, what = name.partition(": ")
    return {"id": name, "title": what, "desc": name, "mode": _MODES[sort]}
