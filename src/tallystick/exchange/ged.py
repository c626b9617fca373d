"""UCDP-GED-like CSV: the columns of the Georeferenced Event Dataset, one row an incident with dead or harmed.

UCDP's columns are in its codebook (https://ucdp.uu.se/downloads). It has no room for rules: a line for each
row in ``ged.rules.jsonl`` beside it names the rule of each derived cell. Ids of conflicts, dyads and sides,
and the numbers of Gleditsch and Ward, are UCDP's to give, and stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tallystick.exchange import cells, files, rules
from tallystick.exchange.happenings import Happening, happenings
from tallystick.exchange.rules import Derived
from tallystick.model import Record
from tallystick.values.place import Place

COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id",
    "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id",
    "side_a_new_id", "side_a", "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources",
    "source_article", "source_office", "source_date", "source_headline", "source_original", "where_prec",
    "where_coordinates", "where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt",
    "priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec", "date_start", "date_end",
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "gwnoa", "gwnob",
)  # fmt: skip
FILE, RULES = "ged.csv", "ged.rules.jsonl"


def write(record: Record, folder: Path) -> None:
    """Write ``ged.csv`` and ``ged.rules.jsonl`` of ``record`` into ``folder``."""
    both = list(rows(record))
    cells.write(folder / FILE, COLUMNS, (row for row, _ in both))
    files.lines(
        folder / RULES, ({"id": row["id"], "relid": row["relid"], "rules": told} for row, told in both)
    )


def rows(record: Record) -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Each row with the rules of its derived cells, in the order of the incidents' ids."""
    return (_row(one) for one in happenings(record, matters=False))


def _row(one: Happening) -> tuple[dict[str, Any], dict[str, str]]:
    when, place = one.called.when, one.called.place
    actor, by = rules.perpetrator(one)
    other, against = rules.other_side(one)
    derived: dict[str, Derived] = {
        "id": Derived(rules.number_of(one.id), "id-digits"),
        "type_of_violence": rules.violence(one, actor),
        "side_a": Derived(actor.name if actor else None, by),
        "side_b": Derived("Civilians" if against == "civilians-told" else other, against),
        "number_of_sources": Derived(len(one.reports), "articles-counted"),
        "where_prec": rules.where_prec(place),
        "priogrid_gid": rules.grid_cell(place),
        "event_clarity": Derived(1, "single-event"),
        "date_prec": rules.date_prec(one.days),
        **rules.deaths(one),
    }
    row = dict.fromkeys(COLUMNS) | {
        "relid": one.id,
        "year": when.start.year if when.start else None,
        "code_status": "Clear",
        "source_article": _joined(_article(one, n) for n in range(len(one.reports))),
        "source_office": _joined(each.publisher for each in one.reports),
        "source_date": _joined(each.published and each.published.isoformat() for each in one.reports),
        "source_headline": _joined(each.title for each in one.reports),
        "source_original": _joined(one.origins),
        "where_coordinates": place.name if place else None,
        "where_description": place.words if place else None,
        "adm_1": place.admin1 if place else None,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "geom_wkt": _point(place),
        "country": place.country if place else None,
        "date_start": when.start,
        "date_end": when.end,
        **{name: each.value for name, each in derived.items()},
    }
    if row["side_a"] and row["side_b"]:
        row["dyad_name"] = f"{row['side_a']} - {row['side_b']}"
    told = {name: each.rule for name, each in derived.items()}
    if one.weighed.incident.is_derived:
        told["source_original"] = "row-alone"
    return row, dict(sorted(told.items()))


def _article(one: Happening, n: int) -> str:
    """A report as UCDP writes one: who published it, when, under which title, in quotation marks."""
    report = one.reports[n]
    day = report.published.isoformat() if report.published else ""
    told = (report.publisher or "", day, report.title or "")
    return '"' + ",".join(part.replace('"', "'") for part in told) + '"'


def _joined(parts: Any) -> str | None:
    return ";".join(part or "" for part in parts).strip(";") or None


def _point(place: Place | None) -> str | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return f"POINT ({place.longitude!r} {place.latitude!r})"
