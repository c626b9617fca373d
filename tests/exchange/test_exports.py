"""Laws of every form of export: the same bytes twice, nothing internal, nothing that was taken out, no unsaid loss."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from tests_cases import BY, NOTE
from tests_records import Builder, market_case
from typer.testing import CliRunner

from tallystick import exchange
from tallystick.case import Case
from tallystick.cli import app
from tallystick.dossier import NameRule, Only, PlaceRule, Redaction, export, redacted
from tallystick.errors import AskedWrongly, WouldLeak
from tallystick.exchange import sweeping
from tallystick.leaving import Leaving
from tallystick.model import Record
from tallystick.values.place import Place

PLAIN = tuple(exchange.FORMATS)


def every(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# ------------------------------------------------------------------------------------ bytes and folders


def test_two_exports_are_one_byte_for_byte(case: Case, tmp_path: Path) -> None:
    case.export(tmp_path / "one", formats=exchange.NAMES)
    case.export(tmp_path / "two", formats=exchange.NAMES[::-1])
    one, two = every(tmp_path / "one"), every(tmp_path / "two")
    assert one == two
    expected = {name for each in exchange.FORMATS.values() for name in each.made}
    assert set(one) == expected | {"about.json", "captures.wacz"}


def test_an_export_takes_the_place_of_another_and_of_nothing_else(market: Record, tmp_path: Path) -> None:
    exchange.write(market, tmp_path / "out", PLAIN)
    exchange.write(market, tmp_path / "out", ["geojson"])
    assert set(every(tmp_path / "out")) == {"about.json", "incidents.geojson"}
    export(market, tmp_path / "lines")
    exchange.write(market, tmp_path / "lines", ["hxl"])
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(AskedWrongly, match="no part of an export"):
        exchange.write(market, tmp_path / "out", ["geojson"])
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_format_that_is_none_is_refused_with_those_there_are(market: Record, tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match=r"no format 'xlsx'; there are: jsonl, csv, parquet"):
        exchange.write(market, tmp_path / "out", ["geojson", "xlsx"])
    assert not (tmp_path / "out").exists()


def test_an_empty_case_gives_files_without_rows(tmp_path: Path) -> None:
    exchange.write(Record("Nothing", (), (), (), (), (), ()), tmp_path / "out", PLAIN)
    assert json.loads((tmp_path / "out" / "incidents.geojson").read_text())["features"] == []
    assert len((tmp_path / "out" / "acled.csv").read_text().splitlines()) == 1


def test_an_export_says_what_it_is_of_what_is_lost_and_every_rule(case: Case, tmp_path: Path) -> None:
    case.export(tmp_path / "out", formats=["acled", "ged"])
    about = json.loads((tmp_path / "out" / "about.json").read_text())
    assert about["custody"]["chain"] == case._ledger.chain_at(about["custody"]["event"])
    assert "wounded" in about["formats"]["acled"]["lost"]
    named = set(re.findall(r"rule=([a-z-]+)", (tmp_path / "out" / "acled.csv").read_text()))
    named |= {
        rule
        for line in (tmp_path / "out" / "ged.rules.jsonl").read_text().splitlines()
        for rule in json.loads(line)["rules"].values()
    }
    assert named <= about["rules"].keys()


# -------------------------------------------------------------------------------------- what must not leave


def test_notes_comments_and_names_of_people_never_leave(case: Case, tmp_path: Path) -> None:
    case.export(tmp_path / "out", formats=exchange.NAMES)
    for name, content in every(tmp_path / "out").items():
        for word in (NOTE, BY):
            assert word.encode() not in content, name
    table = (tmp_path / "out" / "parquet" / "judgements.parquet").read_bytes()
    import pyarrow.parquet as pq

    rows = pq.read_table(tmp_path / "out" / "parquet" / "judgements.parquet").to_pylist()
    assert rows
    assert NOTE not in str(rows)
    assert BY not in str(rows)
    assert table


def test_a_part_of_the_case_is_exported_with_its_reports_alone(case: Case, tmp_path: Path) -> None:
    whole = case.record()
    chosen = max((w for w in whole.weighed if w.incident.is_harm), key=lambda w: len(w.incident.accounts))
    asked = Leaving(Only(incident=chosen.incident.id))
    case.export(tmp_path / "out", asked, exchange.NAMES)
    collection = json.loads((tmp_path / "out" / "incidents.geojson").read_text())
    assert [each["id"] for each in collection["features"]] == [chosen.incident.id]
    told = {account.document for account in chosen.incident.accounts}
    held = {each.capture for each in whole.documents if each.id in told}
    with zipfile.ZipFile(tmp_path / "out" / "captures.wacz") as package:
        listed = [
            json.loads(line)["sha256"] for line in package.read("tallystick/captures.jsonl").splitlines()
        ]
    assert set(listed) == held
    about = json.loads((tmp_path / "out" / "about.json").read_text())
    assert about["left out"]


RULES = Redaction(
    (NameRule(("Sanna Orlek",)), NameRule(("Harrow Observatory",), "party"), NameRule(("Ada Venn",))),
    (PlaceRule("Solem", 20.0),),
    files=True,
    addresses=True,
)


def blurred_case() -> Builder:
    """The market, with points, and a text that a spreadsheet would run in whose middle a name stands."""
    case = market_case()
    case.report(
        "sum", "=HYPERLINK(0) Ada Venn of Solem counted four dead in Solem.", "Ada Venn's page", "2019-05-20"
    )
    told = case.account("sum", "four dead", "shelling", place="Solem", tolls=[("killed", "four dead", 4, 4, ("Ada Venn",))],
                        roles=[("Ada Venn", "perpetrator", "alleged", "Ada Venn", ())])  # fmt: skip
    case.weigh(
        [told], [("Ada Venn", [told])], {"killed": ("single_origin", "4 (Ada Venn)", (4, 4, 4, False))}
    )
    return case


@pytest.mark.parametrize("name", PLAIN)
def test_what_was_taken_out_stands_in_no_byte_of_any_format(name: str, tmp_path: Path) -> None:
    left = redacted(blurred_case().record(), RULES)
    exchange.write(left.record, tmp_path / "out", [name], redacted=left)
    import pyarrow.parquet as pq

    for path, content in every(tmp_path / "out").items():
        text = content.decode("utf-8", "replace")
        if path.endswith(".parquet"):
            text = str(pq.read_table(tmp_path / "out" / path).to_pylist())
        for word in ("Orlek", "Ada Venn", "Venn", "Harrow Observatory", "Solem", "wire-1.txt"):
            assert word not in text, (path, word)


@pytest.mark.parametrize("name", PLAIN)
def test_the_last_look_finds_a_name_in_every_format(name: str, tmp_path: Path) -> None:
    left = redacted(blurred_case().record(), RULES)
    with pytest.raises(WouldLeak):  # as if a program had forgotten to take it out
        exchange.write(blurred_case().record(), tmp_path / "out", [name], redacted=left)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.csv", 'x\n"of Ada\nVenn"\n'),
        ("a.csv", "x\n'=Ada Venn\n"),
        ("a.csv", 'x\n"[""Ada \\u0056enn""]"\n'),
        ("a.json", '{"a": {"Ada Venn": 1}}'),
        ("a.json", '{"a": "{\\"b\\": \\"Ada \\\\u0056enn\\"}"}'),
        ("a.jsonl", '{"a": ["Ada \\u0056enn"]}\n'),
        ("a.geojson", '{"coordinates": [10.0, 20.0]}'),
        ("a.json", '{"lat": 20.0, "lng": 10.0}'),
        ("a.csv", "latitude,longitude\n20.0,10.0\n"),
        ("Ada Venn.csv", "x\n"),
        ("a.xlsx", "x"),
    ],
)  # fmt: skip
def test_the_last_look_reads_what_programs_read(tmp_path: Path, file: str, content: str) -> None:
    case = Builder("One")
    case.report("r", "Ada Venn saw shells fall on Solem.", "Wire")
    told = case.account("r", "shells fall", "shelling", place="Solem")
    case.weigh([told], [("Wire", [told])], {})
    record = case.record()
    place = Place("Solem", "Solem", latitude=20.0, longitude=10.0, radius_km=6.0)
    head = record.accounts[0].head.meant({}, place)
    from dataclasses import replace

    account = replace(record.accounts[0], head=head, claims=(head,))
    incident = replace(record.weighed[0].incident, accounts=(account,))
    record = replace(record, accounts=(account,), weighed=(replace(record.weighed[0], incident=incident),))
    left = redacted(record, Redaction((NameRule(("Ada Venn",)),), (PlaceRule("Solem", 20.0),)))
    (tmp_path / file).write_text(content, encoding="utf-8")
    with pytest.raises(WouldLeak):
        sweeping.sweep(tmp_path, left)


def test_bytes_as_received_do_not_leave_where_words_are_taken_out(case: Case, tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match="leave wacz out"):
        case.export(tmp_path / "out", Leaving(rules=RULES), ["geojson", "wacz"])
    assert not (tmp_path / "out").exists()


def test_a_point_that_is_blurred_is_blurred_in_every_format(case: Case, tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text(
        "name,kind,country,latitude,longitude\nSolem,town,Syria,35.1234,40.4321\n", encoding="utf-8"
    )
    case.add_list(places)
    case.export(tmp_path / "plain", formats=PLAIN)
    assert any(b"35.1234" in content for content in every(tmp_path / "plain").values())
    case.export(tmp_path / "out", Leaving(rules=Redaction(places=(PlaceRule("Solem", 25.0),))), PLAIN)
    for name, content in every(tmp_path / "out").items():
        assert b"35.1234" not in content, name
        assert b"40.4321" not in content, name
    points = [
        each["geometry"]["coordinates"]
        for each in json.loads((tmp_path / "out" / "incidents.geojson").read_text())["features"]
        if each["geometry"]
    ]
    assert all(abs(point[1] - 35.1234) > 1e-6 for point in points)


def test_formats_may_be_named_apart_and_a_source_that_was_withheld_is_not_told_as_missing(
    case: Case, tmp_path: Path
) -> None:
    source = next(d.publisher for d in case.ledger.documents() if d.publisher)
    asked = ["export", str(case.folder), str(tmp_path / "out"), "--as", "acled", "--as", "geojson,ged"]
    done = CliRunner().invoke(app, [*asked, "--withhold", source, "--withhold", "No Such Paper"])
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"acled.csv", "ged.csv"} < names
    assert any(name.endswith(".geojson") for name in names)
    assert "No Such Paper" in done.output
    assert f"found nowhere, so not taken out: {source}" not in done.output
