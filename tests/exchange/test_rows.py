"""Rows of datasets: derived records, whose every claim has its words, and which corroborate nothing."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests_build import make_account, make_document

from tallystick import exchange, findings
from tallystick.case import Case
from tallystick.claims import claims, maker_of
from tallystick.claims.rows import KINDS
from tallystick.exchange import acled, ged, rules
from tallystick.model import Account, Document, Incident, Role, Telling, Toll, accounts
from tallystick.values import datasets
from tallystick.values.agreement import Verdict

ACLED = {
    "event_id_cnty": "ORV12", "event_date": "2019-05-16", "year": "2019", "time_precision": "1",
    "event_type": "Explosions/Remote violence", "sub_event_type": "Air/drone strike",
    "actor1": "Military Forces of Orveth", "actor2": "Civilians (Orveth)", "country": "Orveth", "admin1": "Harrow",
    "location": "Kelvach", "latitude": "31.5", "longitude": "40.25", "source": "Valley Wire; Harrow Observatory",
    "notes": "On 16 May 2019, aircraft hit a market.\nAt least 11 were killed.", "fatalities": "11",
}  # fmt: skip
GED = {
    "id": "42", "type_of_violence": "3", "side_a": "Government of Orveth", "side_b": "Civilians",
    "where_coordinates": "Kelvach", "adm_1": "Harrow", "country": "Orveth", "latitude": "31.5", "longitude": "40.25",
    "date_start": "2019-05-16 00:00:00.000", "date_end": "2019-05-18 00:00:00.000", "deaths_civilians": "9",
    "best": "11", "high": "17", "low": "9",
}  # fmt: skip


def table(*rows: dict[str, str], comma: str = ",") -> str:
    file = io.StringIO()
    out = csv.DictWriter(file, list(rows[0]), delimiter=comma)
    out.writeheader()
    out.writerows(rows)
    return file.getvalue()


def taken(folder: Path, text: str | bytes, name: str = "rows.csv") -> tuple[list[Document], list[str]]:
    """The documents that a CSV gives, and why others were refused."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    with Case.make(folder / "case") as case:
        added = case.add([folder / name])
        return list(case.ledger.documents()), [event.note for event in added.refused]


def values(document: Document, kind: type) -> list[Any]:
    return [claim.value for claim in claims(document) if isinstance(claim.value, kind)]


# ------------------------------------------------------------------------------------ what a row tells


@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_a_row_of_acled_tells_what_its_columns_say_in_its_own_words(tmp_path: Path, comma: str) -> None:
    [document], refused = taken(tmp_path, table(ACLED, comma=comma))
    assert not refused
    assert (document.derived, document.publisher, document.name) == ("ACLED", "ACLED", "ORV12")
    assert document.published is None  # that an event has a day says nothing of when its row was published
    [telling] = values(document, Telling)
    assert (telling.kind, telling.when.start, telling.when.precision) == (
        "air_strike",
        date(2019, 5, 16),
        "day",
    )
    assert (telling.place.name, telling.place.admin1, telling.place.latitude) == ("Kelvach", "Harrow", 31.5)
    [toll] = values(document, Toll)
    assert (toll.kind, toll.count.low, toll.count.high) == ("killed", 11, 11)
    [role] = values(document, Role)
    assert (role.party.name, role.role) == ("Military Forces of Orveth", "perpetrator")
    said = claims(document)
    assert {claim.maker for claim in said} == {maker_of(document)}
    assert {claim.maker.name for claim in said} == {"tallystick-rows"}
    for claim in said:
        assert document.text[claim.span.start : claim.span.end] == claim.span.quote
        column, _, cell = claim.span.quote.partition(": ")
        assert " ".join(ACLED[column].split()) == cell


def test_a_row_of_ucdp_tells_its_best_and_keeps_low_and_high_as_words(tmp_path: Path) -> None:
    [document], _ = taken(tmp_path, table(GED))
    [telling] = values(document, Telling)
    assert (telling.kind, telling.when.start, telling.when.end) == (
        "killing",
        date(2019, 5, 16),
        date(2019, 5, 18),
    )
    assert {(toll.group, toll.count.low, toll.count.high) for toll in values(document, Toll)} == {
        ("people", 11, 11), ("civilians", 9, 9),
    }  # fmt: skip
    assert {claim.span.quote for claim in claims(document)} >= {"low: 9", "high: 17"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"fatalities": "0"}, []),  # ACLED writes it where no number is told, too
        ({"fatalities": ""}, []),
        ({"fatalities": "7"}, [7]),
    ],
)
def test_a_nought_of_acled_is_no_claim_that_nobody_died(
    tmp_path: Path, changed: dict[str, str], told: list[int]
) -> None:
    [document], _ = taken(tmp_path, table(ACLED | changed))
    assert [toll.count.low for toll in values(document, Toll)] == told


@pytest.mark.parametrize(
    ("changed", "roles"),
    [
        ({"event_type": "Battles", "actor2": "Rebels of Harrow"},
         [("Military Forces of Orveth", "opponent"), ("Rebels of Harrow", "opponent")]),
        ({"actor2": "Rebels of Harrow"}, []),  # of two that are no civilians nobody says which did it
        ({"actor1": "Civilians (Orveth)", "actor2": "Rebels of Harrow"}, [("Rebels of Harrow", "perpetrator")]),
        ({"actor1": "Unidentified Armed Group (Orveth)"}, []),
        ({"event_type": "Strategic developments", "sub_event_type": "Agreement"}, []),
    ],
)  # fmt: skip
def test_who_did_it_is_told_only_where_the_columns_tell_it(
    tmp_path: Path, changed: dict[str, str], roles: list[Any]
) -> None:
    [document], _ = taken(tmp_path, table(ACLED | changed))
    assert [(role.party.name, role.role) for role in values(document, Role)] == roles


@pytest.mark.parametrize(
    ("precision", "start", "end"),
    [("1", "2019-05-16", "2019-05-16"), ("2", "2019-05-13", "2019-05-19"), ("3", "2019-05-01", "2019-05-31")],
)
def test_a_vague_day_stays_as_wide_as_its_precision(
    tmp_path: Path, precision: str, start: str, end: str
) -> None:
    [document], _ = taken(tmp_path, table(ACLED | {"time_precision": precision}))
    [telling] = values(document, Telling)
    assert (str(telling.when.start), str(telling.when.end)) == (start, end)


# ------------------------------------------------------------------------------------ that they weigh nothing


def row_of(name: str, dataset: str, **more: Any) -> Account:
    return replace(make_account(name, **more), derived=dataset)


REPORTS = st.lists(
    st.builds(
        make_account,
        st.sampled_from(["a", "b", "c"]),
        killed=st.sampled_from([None, (3, 3), (5, 5), (5, None)]),
        voice=st.sampled_from([None, "A", "B"]),
        kind=st.sampled_from(["air_strike", "shelling"]),
        day=st.sampled_from([None, "2016-10-05", "2016-10-06"]),
        by=st.sampled_from([None, "Government of Syria", "Islamic State"]),
        publisher=st.sampled_from([None, "Wire"]),
    ),
    min_size=1, max_size=3, unique_by=lambda account: account.document,
)  # fmt: skip
ROWS = st.lists(
    st.builds(
        row_of,
        st.sampled_from(["r", "s"]),
        st.sampled_from(["ACLED", "UCDP GED"]),
        killed=st.sampled_from([None, (3, 3), (9, 9)]),
        kind=st.sampled_from(["air_strike", "killing"]),
        by=st.sampled_from([None, "Government of Syria", "Hezbollah"]),
        place=st.sampled_from(["Tarsin", "Elsewhere"]),
    ),
    min_size=1, max_size=2, unique_by=lambda account: account.document,
)  # fmt: skip


@given(REPORTS, ROWS)
def test_a_row_beside_reports_changes_no_origin_no_verdict_no_figure_and_no_grade(
    reports: list[Account], rows: list[Account]
) -> None:
    alone = Incident(tuple(reports))
    both = Incident((*reports, *rows))
    one, other = findings.find(alone, {}), findings.find(both, {})
    assert other.incident is both
    assert (one.origins, one.grade, one.grades, one.tallies, one.lineage) == (
        other.origins, other.grade, other.grades, other.tallies, other.lineage,
    )  # fmt: skip
    assert [replace(f, incident=both.id) for f in one.findings] == list(other.findings)
    from tallystick.dossier.facts import called

    assert called(one) == called(other)


@given(REPORTS, ROWS)
def test_a_row_beside_reports_adds_to_no_total_no_pattern_and_no_crime_alleged(
    reports: list[Account], rows: list[Account]
) -> None:
    def told(accounts: tuple[Account, ...]) -> tuple[object, ...]:
        weighed = [findings.find(Incident(accounts), {})]
        repeated = findings.patterns(weighed, 1)
        sums = [
            sorted((str(each.scope), each.people, len(each.parts)) for each in (total.whole, *total.by_party))
            for total in findings.totals(weighed, accounts, [])
        ]
        shown = [(each.object, each.dimension, each.value) for each in repeated.patterns]
        tags = [(one.article, one.why) for one in findings.alleged(weighed, repeated.struck)]
        return sums, shown, tags

    assert told((*reports, *rows)) == told(tuple(reports))


@given(ROWS)
def test_rows_alone_are_one_origin_however_many_they_are(rows: list[Account]) -> None:
    weighed = findings.find(Incident(tuple(rows)), {})
    assert len(weighed.origins) == 1
    agreed = {Verdict.AGREE, Verdict.CONFLICT, Verdict.COMPATIBLE, Verdict.UPDATE}
    assert not agreed & {finding.verdict for finding in weighed.findings if finding.field == "killed"}
    assert weighed.grade in ("Weak", "Contested", "Discounted")


@given(ROWS)
def test_what_rows_alone_tell_is_left_out_of_totals_and_that_is_said(rows: list[Account]) -> None:
    weighed = findings.find(Incident(tuple(rows)), {})
    for each in findings.totals([weighed], rows, []):
        assert each.whole.people.high == 0
        assert [left.incident for left in each.whole.left_out] == [weighed.incident.id]
        assert "rows of a dataset alone" in each.whole.left_out[0].why


NOTES = (
    "Government forces captured the town of Pellin from rebels on 16 May 2019 after a week of heavy shelling in which, "
    "residents said, most of the houses along the northern road were destroyed. The army holds the bridge and the mill."
)


def test_rows_tell_no_state_and_are_no_copies_of_one_another() -> None:
    text = (
        "event_id_cnty: ORV{}\nsub_event_type: Government regains territory\nlocation: Pellin\nnotes: "
        + NOTES
    )
    rows = [replace(make_document(text.format(n), f"r{n}", None), derived="ACLED") for n in (1, 2)]
    reports = [replace(row, derived="") for row in rows]
    told = accounts([claim for each in rows for claim in claims(each)], {d.id: d for d in rows})
    assert len(told) == 2
    # As reports they would be copies, and tell who holds the town: else there were nothing to leave out.
    assert findings.copies(reports).pairs
    assert findings.lines([replace(each, derived="") for each in told], rows, findings.copies(reports))
    assert not findings.copies(rows).pairs
    assert findings.lines(told, rows, findings.copies(rows)) == ()


def test_a_row_is_linked_shown_and_read_once(made: Path, case: Case, tmp_path: Path) -> None:
    before, _ = case.departing()
    case.export(tmp_path / "out", formats=["acled", "ged"])
    added = case.add([tmp_path / "out" / "acled.csv", tmp_path / "out" / "ged.csv"])
    assert not added.refused
    assert case.read(jobs=1).documents == added.documents
    assert case.read(jobs=1).documents == 0
    case.link()
    after = case.record()
    derived = {account.id for account in after.accounts if account.derived}
    assert derived
    assert any(
        0 < sum(a.derived != "" for a in w.incident.accounts) < len(w.incident.accounts)
        for w in after.weighed
    )
    told = {
        frozenset(a.id for a in w.incident.heard): ([o.name for o in w.origins], w.grade, [f.verdict for f in w.findings])
        for w in after.weighed if not w.incident.is_derived
    }  # fmt: skip
    assert told == {
        frozenset(a.id for a in w.incident.accounts): (
            [o.name for o in w.origins],
            w.grade,
            [f.verdict for f in w.findings],
        )
        for w in before.weighed
    }
    alone = {w.incident.id for w in (*case.incidents(), *case.matters()) if w.incident.is_derived}
    rows = [row for name in ("incidents", "matters") for row in case.table(name).to_pylist()]
    assert {row["id"] for row in rows if row["derived"]} == alone
    assert {row["derived"] for row in case.table("documents").to_pylist()} == {None, "ACLED", "UCDP GED"}
    assert {row["derived"] for row in case.table("accounts").to_pylist()} >= {None, "ACLED"}
    case.export(tmp_path / "again", formats=["acled", "ged"])
    with (tmp_path / "again" / "acled.csv").open(encoding="utf-8", newline="") as file:
        tags = {row["event_id_cnty"]: row["tags"] for row in csv.DictReader(file)}
    assert {name for name, told in tags.items() if "source rule=row-alone" in told} == alone & tags.keys()
    ruled = [
        json.loads(line) for line in (tmp_path / "again" / "ged.rules.jsonl").read_text("utf-8").splitlines()
    ]
    assert {
        each["relid"] for each in ruled if each["rules"].get("source_original") == "row-alone"
    } == alone & {each["relid"] for each in ruled}
    pages = case.dossier(tmp_path / "dossier").parent
    assert "ACLED" in "".join(
        path.read_text(encoding="utf-8") for path in (pages / "incidents").glob("*.html")
    )
    assert not case.verify().problems


# ------------------------------------------------------------------------------------ there and back


def test_what_is_exported_as_acled_comes_back_with_its_kind_days_place_and_figure(
    case: Case, tmp_path: Path
) -> None:
    record, _ = case.departing()
    exchange.write(record, tmp_path / "out", ["acled"])
    documents, refused = taken(tmp_path / "back", (tmp_path / "out" / "acled.csv").read_bytes())
    rows = list(acled.rows(record))
    assert not refused
    assert len(documents) == len(rows)
    by_name = {document.name: document for document in documents}
    for row in rows:
        document = by_name[row["event_id_cnty"]]
        [telling] = values(document, Telling)
        kind = (
            next(key for key, sort in rules.ACLED.items() if sort.sub_event_type == row["sub_event_type"])
            if row["sub_event_type"]
            else "other"
        )
        assert telling.kind == KINDS.get((row["sub_event_type"] or "").lower(), "other")
        assert rules.ACLED.get(telling.kind) == rules.ACLED.get(kind)
        assert (telling.when.start is None) == (row["event_date"] is None)
        if row["time_precision"] == 1:
            assert telling.when.start == telling.when.end == row["event_date"]
        assert (telling.place.name if telling.place else None) == row["location"]
        assert [toll.count.low for toll in values(document, Toll)] == (
            [row["fatalities"]] if row["fatalities"] else []
        )


def test_what_is_exported_as_ucdp_comes_back_with_its_days_place_and_best(case: Case, tmp_path: Path) -> None:
    record, _ = case.departing()
    exchange.write(record, tmp_path / "out", ["ged"])
    documents, refused = taken(tmp_path / "back", (tmp_path / "out" / "ged.csv").read_bytes())
    rows = {str(row["id"]): row for row, _ in ged.rows(record)}
    assert not refused
    assert {document.name for document in documents} == rows.keys()
    for document in documents:
        row = rows[document.name]
        [telling] = values(document, Telling)
        assert (telling.when.start, telling.when.end) == (row["date_start"], row["date_end"])
        assert (telling.place.name if telling.place else None) == row["where_coordinates"]
        whole = [toll.count.low for toll in values(document, Toll) if toll.group == "people"]
        assert whole == ([] if row["best"] is None else [row["best"]])


# ------------------------------------------------------------------------------------ hostile rows


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"event_id_cnty": " "}, "has no 'event_id_cnty'"),
        ({"event_date": "05/06/2019"}, "is no ISO date"),
        ({"event_date": "2019-02-30"}, "is no ISO date"),
        ({"event_date": "0001-01-01"}, "is no ISO date"),
        ({"fatalities": "-3"}, "no number of people"),
        ({"fatalities": "about 11"}, "no number of people"),
        ({"fatalities": "1e9"}, "no number of people"),
        ({"fatalities": "99999999"}, "no number of people"),
        ({"fatalities": "١١"}, "no number of people"),
        ({"latitude": "131.5"}, "no degrees"),
        ({"latitude": "nan"}, "no degrees"),
        ({"longitude": "inf"}, "no degrees"),
        ({"notes": "x" * 100_001}, "has a cell of more than"),
        ({"event_id_cnty": "x" * 10_001}, "is longer than"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_by_name_and_the_others_go_on(
    tmp_path: Path, changed: dict[str, str], why: str
) -> None:
    documents, refused = taken(
        tmp_path, table(ACLED | {"event_id_cnty": "A"}, ACLED | changed, ACLED | {"event_id_cnty": "C"})
    )
    assert [document.name for document in documents] == ["A", "C"]
    assert len(refused) == 1
    assert "row 3" in refused[0]
    assert why in refused[0]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no row"),
        (b"\n\n", "no row"),
        (table(ACLED).splitlines()[0].encode(), "no row below"),
        (b"name,day,dead\nx,y,3\n", "columns are not those of ACLED or UCDP GED"),
        (b"\xff\xfe" + table(ACLED).encode("utf-16-le"), "convert it"),
        (table(ACLED).encode() + b"\xff\xff", "not UTF-8"),
        (table(ACLED).encode() + b"\0\0", "binary"),
        (table(*[ACLED] * 30).encode() + b"\0\0", "zeros"),
        (b"\x89PNG\r\n", "PNG"),
        (b"fatalities," + table(ACLED).encode(), "two columns of one name"),
        (table(ACLED).encode() + b'"' + b"never closed,\n" * 100_000, "cannot be told"),
        (b"event_id_cnty," + b"x" * 2_000_000, "a line of more than"),
    ],
)
def test_a_table_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes, why: str) -> None:
    _, refused = taken(tmp_path, content)
    assert len(refused) == 1
    assert why in refused[0]


def test_a_row_with_more_or_fewer_cells_is_refused(tmp_path: Path) -> None:
    head, body = table(ACLED | {"notes": "x"}).splitlines()
    documents, refused = taken(tmp_path, f"{head}\n{body},more\n{body}\nORV13,2019\n")
    assert len(documents) == 1
    assert ["row 2" in refused[0], "row 4" in refused[1]] == [True, True]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
def test_no_cell_passes_for_another_column(words: str) -> None:
    """A line break in a cell begins no line of its own: nobody writes figures into another's column."""
    from tallystick.evidence.datasets import _cell

    cell = _cell(f"{words}\nfatalities: 900\r\n")
    assert len(f"notes: {cell}".splitlines()) == 1


@given(st.text(max_size=12))
def test_cells_are_read_or_told_to_be_none_and_never_break_what_reads_them(text: str) -> None:
    assert datasets.count(text) is None or datasets.count(text) >= 0  # type: ignore[operator]
    assert datasets.degrees(text) is None or abs(datasets.degrees(text) or 0) < 1000
    assert datasets.flaw(datasets.ACLED, ACLED | {"event_date": text}) is None or text.strip()


@pytest.mark.parametrize("head", ["event_id_cnty,event_date\rSYR1,2016-10-07\r", '"' + "x" * 140_000])
def test_a_first_line_that_is_no_row_is_refused_and_the_file_beside_it_is_taken(
    tmp_path: Path, head: str
) -> None:
    (tmp_path / "a.csv").write_bytes(head.encode())
    (tmp_path / "b.txt").write_text("Three people were killed in Aleppo on Monday.", encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        added = case.add([tmp_path / "a.csv", tmp_path / "b.txt"])
    assert (added.documents, len(added.refused)) == (1, 1)


def test_the_halves_of_a_point_stand_side_by_side_whatever_the_order_of_columns(tmp_path: Path) -> None:
    row = {"longitude": "40.25"} | {name: cell for name, cell in ACLED.items() if name != "longitude"}
    (document,), _ = taken(tmp_path, table(row | {"notes": "n " * 400}))
    lines = document.text.split("\n")
    assert [line for line in lines if "itude: " in line] == lines[-2:]
