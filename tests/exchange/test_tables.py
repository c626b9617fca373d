"""The tables: the record and nothing else, in stable columns, joined by ids."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tallystick.dossier import export
from tallystick.exchange.columns import TABLES, schema
from tallystick.exchange.tables import table, tables
from tallystick.model import FIELDS, Line, Record, State
from tallystick.values.count import Count
from tallystick.values.place import Place

# Where the ids of one table's column are found: (table, column) → (table, column).
JOINS = {
    ("claims", "document"): ("documents", "id"),
    ("accounts", "document"): ("documents", "id"),
    ("tolls", "account"): ("accounts", "id"),
    ("tolls", "claim"): ("claims", "id"),
    ("actors", "account"): ("accounts", "id"),
    ("actors", "claim"): ("claims", "id"),
    ("findings", "incident"): ("incidents", "id"),
    ("findings", "matter"): ("matters", "id"),
    ("incidents", "accounts"): ("accounts", "id"),
    ("findings", "claims"): ("claims", "id"),
}


@pytest.fixture(scope="module")
def every(market: Record) -> dict[str, pa.Table]:
    return tables(market)


def _flat(column: pa.ChunkedArray) -> Iterator[Any]:
    for value in column.to_pylist():
        yield from value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", list(TABLES))
def test_each_table_has_its_columns_and_says_what_they_mean(every: dict[str, pa.Table], name: str) -> None:
    assert every[name].schema.equals(schema(name))
    assert every[name].column_names == [column.name for column in TABLES[name]]
    assert all(field.metadata[b"means"] for field in every[name].schema)


def test_no_record_makes_tables_without_rows_of_the_same_columns(every: dict[str, pa.Table]) -> None:
    empty = tables(Record("Nothing", (), (), (), (), (), ()))
    assert all(not each.num_rows and each.schema.equals(every[name].schema) for name, each in empty.items())


@pytest.mark.parametrize("name", ["documents", "claims", "accounts", "incidents", "findings"])
def test_the_rows_are_those_of_the_json_lines(
    every: dict[str, pa.Table], market: Record, tmp_path: Path, name: str
) -> None:
    export(market, tmp_path / "out")
    lines = [
        json.loads(line) for line in (tmp_path / "out" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    assert every[name]["id"].to_pylist() == [line["id"] for line in lines]
    shared = {
        "quote",
        "text",
        "start",
        "end",
        "stance",
        "field",
        "verdict",
        "summary",
        "kind",
        "weapon",
        "aggregate",
    }
    for row, line in zip(every[name].to_pylist(), lines, strict=True):
        same = shared & row.keys() & line.keys()
        assert same
        assert {key: row[key] for key in same} == {key: line[key] for key in same}


@pytest.mark.parametrize(("column", "found_in"), JOINS.items(), ids=lambda pair: ".".join(pair))
def test_ids_join_the_tables(
    every: dict[str, pa.Table], column: tuple[str, str], found_in: tuple[str, str]
) -> None:
    wanted = {value for value in _flat(every[column[0]][column[1]]) if value is not None}
    assert wanted
    assert wanted <= set(_flat(every[found_in[0]][found_in[1]]))


def test_a_quote_is_the_text_at_its_offsets(every: dict[str, pa.Table]) -> None:
    texts = dict(
        zip(every["documents"]["id"].to_pylist(), every["documents"]["text"].to_pylist(), strict=True)
    )
    for name in ("claims", "accounts", "tolls"):
        for row in every[name].to_pylist():
            assert texts[row["document"]][row["start"] : row["end"]] == row["quote"]


def test_an_open_bound_is_null_and_a_range_says_that_its_top_is_no_end(builder: Any) -> None:
    case = builder()
    case.report("a", "An air strike killed at least 11 people.", "Wire")
    telling = case.account("a", "An air strike", tolls=[("killed", "at least 11", 11, None, ())])
    case.weigh(
        [telling], [("Wire", [telling])], {"killed": ("single_origin", "at least 11", (11, 11, 11, True))}
    )
    [toll] = table(case.record(), "tolls").to_pylist()
    assert (toll["low"], toll["high"], toll["quote"]) == (11, None, "at least 11")
    [incident] = table(case.record(), "incidents").to_pylist()
    assert (incident["killed_high"], incident["killed_open"], incident["wounded_high"]) == (11, True, None)


def test_a_denied_figure_is_a_claim_and_no_toll(builder: Any) -> None:
    case = builder()
    case.report("a", "An air strike killed 11 people.", "Wire")
    telling = case.account("a", "An air strike")
    case.claim(
        "a", "11 people", builder.Toll("killed", builder.Count(11, 11)), telling=telling, stance="denied"
    )
    record = case.record()
    assert table(record, "tolls").num_rows == 0
    assert [row["stance"] for row in table(record, "claims").to_pylist() if row["toll"]] == ["denied"]


def test_a_total_is_in_no_incident(every: dict[str, pa.Table]) -> None:
    totals = [row for row in every["accounts"].to_pylist() if row["aggregate"]]
    assert totals
    assert all(row["incident"] is None for row in totals)


def test_every_field_has_a_verdict_in_words(every: dict[str, pa.Table]) -> None:
    for row in every["incidents"].to_pylist():
        assert all(row[f"{field}_verdict"] for field in FIELDS)


def test_what_is_no_character_becomes_one_that_says_so(builder: Any) -> None:
    case = builder()
    case.report("a", "An air strike killed 11 people.", title="A strike \ud83d in the valley")
    assert table(case.record(), "documents")["title"].to_pylist() == ["A strike \ufffd in the valley"]


def test_states_stand_in_the_order_of_their_line(market: Record, builder: Any) -> None:
    claim = market.claims[0].id
    states = tuple(
        State(
            "taken", builder.day(day), (claim,), ("Wire",), "happened", "stated", "took", who, Count(3, None)
        )
        for day, who in (("2019-05-16", "Rebels"), ("2019-05-18", "Army"))
    )
    record = replace(market, lines=(Line("control", "", Place("Kelvač", latitude=1.5), states),))
    rows = table(record, "states").to_pylist()
    assert [(row["n"], row["who"], row["date_start"].isoformat(), row["high"]) for row in rows] == [
        (1, "Rebels", "2019-05-16", None),
        (2, "Army", "2019-05-18", None),
    ]
    assert {row["place"] for row in rows} == {"Kelvač"}


def test_duckdb_reads_them_as_they_are(every: dict[str, pa.Table]) -> None:
    tolls, incidents = every["tolls"], every["incidents"]  # found by their names, in the query
    assert tolls.num_rows
    assert incidents.num_rows
    found = duckdb.sql(
        "select i.id, count(distinct t.document) from incidents i join tolls t on t.incident = i.id group by all"
    ).fetchall()
    assert found
    assert all(reports >= 1 for _, reports in found)


def test_the_order_of_the_record_shows_in_no_table(market: Record) -> None:
    turned = replace(
        market,
        claims=market.claims[::-1],
        accounts=market.accounts[::-1],
        weighed=market.weighed[::-1],
        judgements=market.judgements[::-1],
    )
    assert {name: each.to_pylist() for name, each in tables(turned).items()} == {
        name: each.to_pylist() for name, each in tables(market).items()
    }
