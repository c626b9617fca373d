"""Each export is opened by another program, which finds in it what the record holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tests_others
from tests_records import market_case

from tallystick import exchange
from tallystick.case import Case
from tallystick.exchange import acled, bayanat, ged, timemap
from tallystick.exchange.columns import TABLES
from tallystick.exchange.tables import tables
from tallystick.model import Record


@pytest.fixture(scope="module")
def record(made: Path) -> Record:
    """The example case as it may leave: two reports of it hold what a spreadsheet would run, and an odd letter."""
    with Case.open(made) as opened:
        return opened.departing()[0]


@pytest.fixture(scope="module")
def folder(record: Record, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("opened") / "out"
    exchange.write(record, place, exchange.NAMES, store=made / "captures")
    return place


def asked(sql: str, path: Path, *more: Any) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(sql, [str(path), *more]).fetchall()


# ------------------------------------------------------------------------------- tables, by DuckDB


@pytest.mark.parametrize("name", list(TABLES))
def test_duckdb_reads_of_parquet_and_of_csv_what_the_tables_hold(
    folder: Path, record: Record, name: str
) -> None:
    table = tables(record)[name]
    rows = [tuple(row.values()) for row in table.to_pylist()]
    assert asked("SELECT * FROM read_parquet(?)", folder / "parquet" / f"{name}.parquet") == rows
    texts = asked("SELECT * FROM read_csv(?, all_varchar=true, header=true)", folder / "csv" / f"{name}.csv")
    assert len(texts) == len(rows)
    for text, row in zip(texts, rows, strict=True):
        for cell, value in zip(text, row, strict=True):
            assert (cell or "") == exchange.tabular.cells.cell(value)


COUNTS = dict.fromkeys(
    ("year", "time_precision", "iso", "geo_precision", "fatalities", "timestamp"), "BIGINT"
)
ACLED = (
    dict.fromkeys(acled.COLUMNS, "VARCHAR")
    | COUNTS
    | {"event_date": "DATE", "latitude": "DOUBLE", "longitude": "DOUBLE"}
)
_GED_COUNTS = (
    "id", "year", "type_of_violence", "number_of_sources", "where_prec", "priogrid_gid", "event_clarity", "date_prec",
    "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high", "low", "country_id", "gwnoa", "gwnob",
)  # fmt: skip
GED = dict.fromkeys(ged.COLUMNS, "VARCHAR") | dict.fromkeys(_GED_COUNTS, "BIGINT")
GED |= {"latitude": "DOUBLE", "longitude": "DOUBLE", "date_start": "DATE", "date_end": "DATE"}


@pytest.mark.parametrize(("file", "columns"), [(acled.FILE, ACLED), (ged.FILE, GED)])
def test_duckdb_reads_rows_of_the_fields_own_columns_and_types(
    folder: Path, record: Record, file: str, columns: dict[str, str]
) -> None:
    sql = f"SELECT * FROM read_csv(?, header=true, columns={columns})"  # noqa: S608
    found = [dict(zip(columns, row, strict=True)) for row in asked(sql, folder / file)]
    harm = sum(each.incident.is_harm for each in record.weighed)
    assert len(found) >= harm > 3
    for row in found:
        assert set(row) == set(columns)
        assert row["year"] is None or row["year"] == (row.get("event_date") or row.get("date_start")).year
    if file == ged.FILE:
        for row in found:
            assert row["best"] is None or (row["low"] or 0) <= row["best"] <= row["high"]
            assert row["best"] is None or row["best"] == row["deaths_unknown"] + (
                row["deaths_civilians"] or 0
            )
        assert len({row["id"] for row in found}) == len(found)
    else:
        told = {row["event_id_cnty"]: row["fatalities"] for row in found}
        for each in record.weighed:
            killed = each.finding("killed")
            if each.incident.is_harm and killed and killed.range and not killed.range.open_below:
                assert told[each.incident.id] <= max(killed.range.low, 12)


def test_what_a_spreadsheet_would_run_is_guarded_and_read_back(tmp_path: Path) -> None:
    case = market_case()
    words = "=cmd|'/C calc'!A1 \"killed\" ten,\r\n@home"
    case.report("sum", f"{words} Ten were killed.", "+Valley Wire", "2019-05-20", "-Title")
    told = case.account("sum", words, "shelling", place="@Solem", tolls=[("killed", "Ten", 10, 10, ())])
    case.weigh([told], [("+Valley Wire", [told])], {"killed": ("single_origin", "10", (10, 10, 10, False))})
    record = case.record()
    exchange.write(record, tmp_path / "out", ["csv", "acled", "ged", "hxl", "timemap"])
    for path in (tmp_path / "out").rglob("*.csv"):
        for row in asked("SELECT * FROM read_csv(?, all_varchar=true, header=false)", path):
            assert not any((cell or "").startswith(("=", "+", "@", "-T")) for cell in row), path
    rows = list(exchange.tabular.cells.read(tmp_path / "out" / "csv" / "documents.csv"))
    assert {row["publisher"] for row in rows} >= {"+Valley Wire"}
    assert words in next(row["text"] for row in rows if row["id"] == "sum")
    assert any(
        row["location"] == "@Solem" for row in exchange.tabular.cells.read(tmp_path / "out" / "acled.csv")
    )


# ------------------------------------------------------------------------------- maps


def test_geojson_is_read_by_a_library_of_its_own(folder: Path, record: Record) -> None:
    geojson = pytest.importorskip("geojson")
    found = geojson.loads((folder / "incidents.geojson").read_text(encoding="utf-8"))
    assert isinstance(found, geojson.FeatureCollection)
    assert found.errors() == []
    assert {each["id"] for each in found["features"]} == {
        w.incident.id for w in record.weighed if not w.incident.is_total
    }


def test_the_datasheet_becomes_events_that_timemap_takes(folder: Path) -> None:
    """By TimeMap's own demands of an event, and datasheet-server's way to gather numbered columns into lists."""
    place = folder / timemap.FOLDER
    sources = {
        row[0] for row in asked("SELECT id FROM read_csv(?, all_varchar=true)", place / timemap.SOURCES)
    }
    held = {
        row[0] for row in asked("SELECT id FROM read_csv(?, all_varchar=true)", place / timemap.ASSOCIATIONS)
    }
    with duckdb.connect() as connection:
        shown = connection.execute(
            "SELECT * FROM read_csv(?, all_varchar=true)", [str(place / timemap.EVENTS)]
        )
        columns = [each[0] for each in shown.description or ()]
        events = [dict(zip(columns, row, strict=True)) for row in shown.fetchall()]
    assert events
    for event in events:
        assert event["id"]
        assert event["description"]
        assert event["category"]
        assert (event["latitude"] is None) == (event["longitude"] is None)
        if event["date"]:
            datetime.strptime(event["date"], "%m/%d/%Y")  # noqa: DTZ007
        gathered = {
            name: {event[each] for each in columns if each.startswith(name) and each[len(name) :].isdigit()}
            - {None}
            for name in ("source", "association")
        }
        assert gathered["source"] <= sources
        assert gathered["association"] <= held


# ------------------------------------------------------------------------------- case files

# What each field of Bayanat's models may hold, by its own Bulletin, Incident, Actor, Event and GeoLocation.
_TITLE: Callable[[Any], bool] = lambda value: isinstance(value, str) and 0 < len(value) <= bayanat.LONGEST  # noqa: E731
_TEXT: Callable[[Any], bool] = lambda value: value is None or isinstance(value, str)  # noqa: E731
_DAY: Callable[[Any], bool] = lambda value: value is None or bool(datetime.fromisoformat(value))  # noqa: E731
EVENT = {
    "title": _TITLE,
    "comments": _TEXT,
    "from_date": _DAY,
    "to_date": _DAY,
    "estimated": lambda v: isinstance(v, bool),
}
FIELDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "incidents": {
        "originid": _TITLE, "title": _TITLE, "description": _TEXT, "comments": lambda v: bool(json.loads(v)),
        "events": lambda many: all(EVENT[key](value) for each in many for key, value in each.items()),
        "bulletin_relations": lambda many: all(each["bulletin"]["originid"] for each in many),
        "actor_relations": lambda many: all(each["actor"]["originid"] and each["comment"] for each in many),
    },
    "bulletins": {
        "originid": _TITLE, "title": _TITLE, "description": _TEXT, "comments": _TEXT, "source_link": _TEXT,
        "source_link_type": lambda v: v is False, "publish_date": _DAY,
        "tags": lambda many: all(isinstance(each, str) for each in many),
        "events": lambda many: all(EVENT[key](value) for each in many for key, value in each.items()),
        "geoLocations": lambda many: all(-90 <= each["lat"] <= 90 and -180 <= each["lng"] <= 180 for each in many),
    },
    "actors": {
        "originid": _TITLE, "name": _TITLE, "comments": _TEXT, "type": lambda v: v in ("Person", "Entity"),
    },
}  # fmt: skip


def test_bayanat_finds_the_fields_that_its_models_take(folder: Path) -> None:
    found = json.loads((folder / bayanat.FILE).read_text(encoding="utf-8"))
    assert set(found) == set(FIELDS)
    for kind, rows in found.items():
        assert rows, kind
        for row in rows:
            assert set(row) == set(FIELDS[kind])
            assert all(FIELDS[kind][key](value) for key, value in row.items()), row
    ids = {kind: {row["originid"] for row in rows} for kind, rows in found.items()}
    for incident in found["incidents"]:
        assert {each["bulletin"]["originid"] for each in incident["bulletin_relations"]} <= ids["bulletins"]
        assert {each["actor"]["originid"] for each in incident["actor_relations"]} <= ids["actors"]


_FTM = """
import json, sys
from followthemoney import model
seen, ends = {}, []
for line in open(sys.argv[1], encoding="utf-8"):
    told = json.loads(line)
    entity = model.get_proxy(told, cleaned=False)  # every value is held against its type
    model.get(told["schema"]).validate(told)
    assert entity.to_dict()["properties"] == told["properties"], (entity.to_dict(), told)
    seen[entity.id] = entity.schema.name
    ends += [value for prop, value in entity.itervalues() if prop.type.name == "entity"]
assert set(ends) <= set(seen), set(ends) - set(seen)
print(json.dumps(sorted(set(seen.values()))))
"""


def test_followthemoney_validates_every_entity_and_loses_no_value(folder: Path) -> None:
    said = json.loads(tests_others.ask("followthemoney", _FTM, folder / "entities.ftm.json"))
    assert {"Article", "Documentation", "Event", "Note"} <= set(said)


_HXL = """
import json, sys, hxl
data = hxl.data(sys.argv[1], hxl.InputOptions(allow_local=True))
print(json.dumps([[column.display_tag for column in data.columns], [list(row.values) for row in data]]))
"""


def test_libhxl_finds_the_hashtags_and_the_rows(folder: Path, record: Record) -> None:
    columns, rows = json.loads(tests_others.ask("hxl", _HXL, folder / "hxl.csv"))
    assert columns == list(exchange.hxl.TAGS.values())
    assert [row[0] for row in rows] == sorted(w.incident.id for w in record.weighed if w.incident.is_harm)


# ------------------------------------------------------------------------------- provenance and bytes


def test_prov_leads_from_every_sentence_to_bytes(folder: Path, record: Record) -> None:
    model = pytest.importorskip("prov.model")
    text = (folder / "prov.json").read_text(encoding="utf-8")
    found = model.ProvDocument.deserialize(content=text, format="json")
    back: dict[str, set[str]] = {}
    for each in found.get_records(model.ProvDerivation):
        later, earlier = (str(value) for _, value in each.formal_attributes[:2])
        back.setdefault(later, set()).add(earlier)
    captures = {f"tallystick:{capture.id}" for capture in record.captures}
    told = json.loads(text)["entity"]
    passages = [name for name, each in told.items() if each["prov:type"] == "passage"]
    assert passages
    for name in passages:
        reached, trail = set[str](), [name]
        while trail:
            here = trail.pop()
            reached.add(here)
            trail += back.get(here, set()) - reached
        assert reached & captures, told[name]
    documents = {document.id: document for document in record.documents}
    for name, claim in told.items():
        if claim["prov:type"] == "claim":
            [report] = {each for each in back[name] if each.removeprefix("tallystick:") in documents}
            text = documents[report.removeprefix("tallystick:")].text  # type: ignore[index]
            assert text[claim["tallystick:start"] : claim["tallystick:end"]] == claim["prov:value"]


def test_webrecorder_finds_the_captures_valid(folder: Path) -> None:
    script = "import sys; from wacz.main import main; sys.exit(main(['validate', '-f', sys.argv[1]]))"
    assert "Validation succeeded" in tests_others.ask("wacz", script, folder / "captures.wacz")
