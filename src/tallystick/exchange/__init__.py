"""HOW DO WE HAND IT ON? The record in the forms that other programs read; one module a form.

``write`` puts a record into a folder in the formats asked for; each is a pure function from the record, as it
may leave, to files. What a format has no room for is lost there, and ``about.json`` says what (``LOST``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallystick.dossier import export as jsonl
from tallystick.dossier.export import FILES
from tallystick.dossier.redaction import Redacted
from tallystick.dossier.shelf import placed
from tallystick.errors import AskedWrongly
from tallystick.exchange import (
    acled,
    bayanat,
    files,
    ftm,
    ged,
    geojson,
    hxl,
    prov,
    rules,
    sweeping,
    tabular,
    timemap,
    wacz,
)
from tallystick.model import Record

ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Format:
    """One form: its name, what it is, the files that it makes, what of the record it has no room for."""

    name: str
    says: str
    made: tuple[str, ...]
    write: Callable[[Record, Path], None]
    lost: str
    derives: bool = False


def _jsonl(record: Record, folder: Path) -> None:
    jsonl(record, folder / "jsonl")


_GATHERED = "single accounts, claims and their words; who said what of one field"
_EVERY = (
    Format("jsonl", "JSON lines: documents, claims, accounts, incidents, findings",
           tuple(f"jsonl/{name}" for name in FILES), _jsonl, "judgements and lines of states"),
    Format("csv", "every table as CSV", tabular.names("csv"), tabular.write_csv,
           "types of columns: CSV has none"),
    Format("parquet", "every table as Parquet", tabular.names("parquet"), tabular.write_parquet,
           "nothing of the tables"),
    Format("geojson", "incidents and matters as GeoJSON", (geojson.FILE,), geojson.write, _GATHERED),
    Format("acled", "ACLED-like CSV", (acled.FILE,), acled.write,
           f"{_GATHERED}; wounded and captured; ranges; matters that ACLED has no event for", derives=True),
    Format("ged", "UCDP-GED-like CSV", (ged.FILE, ged.RULES), ged.write,
           f"{_GATHERED}; wounded and captured; that a range is open above; all matters", derives=True),
    Format("ftm", "FollowTheMoney entities", (ftm.FILE,), ftm.write,
           "single claims and their words; what stands in notes is no property of its own", derives=True),
    Format("bayanat", "Bayanat JSON", (bayanat.FILE,), bayanat.write,
           f"{_GATHERED}; figures and verdicts stand in comments alone", derives=True),
    Format("timemap", "TimeMap datasheet", tuple(f"{timemap.FOLDER}/{name}" for name in
           (timemap.EVENTS, timemap.SOURCES, timemap.ASSOCIATIONS)), timemap.write,
           f"{_GATHERED}; figures stand in the description alone; of several days the first is shown"),
    Format("hxl", "HXL-tagged CSV", (hxl.FILE,), hxl.write, f"{_GATHERED}; all matters; the parties",
           derives=True),
    Format("prov", "W3C PROV-JSON from passage to bytes", (prov.FILE,), prov.write,
           "values read out of the words; findings but for their sentences"),
)  # fmt: skip
FORMATS: Mapping[str, Format] = {each.name: each for each in _EVERY}
WACZ = "wacz"
NAMES = (*FORMATS, WACZ)


def write(
    record: Record,
    folder: Path,
    formats: Sequence[str],
    *,
    redacted: Redacted | None = None,
    store: Path | None = None,
) -> None:
    """Write ``record`` into ``folder`` in each of ``formats`` (of ``NAMES``), in place of an export there.

    ``redacted`` is what was taken out of it: every file is searched for it before it is put in its place.
    ``store`` is where the captures lie, for ``wacz``. Raises ``AskedWrongly`` for a format that is none, for
    ``wacz`` with words taken out, and where the folder holds anything else; ``WouldLeak`` where a file holds
    what was to go: then nothing is written.
    """
    chosen = [name for name in NAMES if name in formats]
    if strange := sorted(set(formats) - set(NAMES)):
        raise AskedWrongly(f"no format {strange[0]!r}; there are: {', '.join(NAMES)}")
    if WACZ in chosen and redacted is not None:
        raise AskedWrongly(
            "captures are handed on as they were received: a WACZ with words taken out cannot be; "
            "leave wacz out of --as, or take nothing out"
        )
    with placed(folder, is_export, "an export") as fresh:
        for name in chosen:
            if name == WACZ:
                assert store is not None
                wacz.write(record, fresh, store, record.made.program if record.made else "tallystick")
            else:
                FORMATS[name].write(record, fresh)
        files.whole(fresh / ABOUT, about(record, chosen))
        if redacted is not None:
            sweeping.sweep(fresh, redacted)


def is_export(folder: Path) -> bool:
    """Whether a folder holds an export and nothing else, so that another may take its place."""
    ours = {ABOUT, wacz.FILE, *FILES, *(name for each in _EVERY for name in each.made)}
    ours |= {name.partition("/")[0] for name in ours if "/" in name}
    return all(path.relative_to(folder).as_posix() in ours for path in folder.rglob("*"))


def about(record: Record, formats: Sequence[str]) -> dict[str, Any]:
    """What an export says of itself: what it was made of, what each format loses, every rule by its name."""
    made = record.made
    chosen = [FORMATS[name] for name in formats if name in FORMATS]
    told: dict[str, Any] = {"case": record.name}
    if made is not None:
        told |= {
            "program": made.program,
            "reader": made.reader,
            "custody": {"event": made.head[0], "chain": made.head[1], "day": made.day},
            "covers": [made.covers.title, *made.covers.told],
            "left out": list(made.covers.left_out),
            "taken out": [
                {"label": each.label, "times": each.times, "how": each.how} for each in made.removed or ()
            ],
        }
    told["formats"] = {each.name: {"files": list(each.made), "lost": each.lost} for each in chosen}
    if any(each.derives for each in chosen):
        told["rules"] = dict(sorted(rules.SAID.items()))
        told["kinds"] = {kind: sort._asdict() for kind, sort in sorted(rules.ACLED.items())}
    return told
