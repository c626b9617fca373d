"""A doubtful date is seen wherever a report is: in the record, the findings, the dossier and the export."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tallystick.case import Case
from tallystick.cli import app

SAYS = "it prints “Published 20 March 2021” at its head (20 March 2021), but is dated 12 March 2021"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    reports = tmp_path / "reports.jsonl"
    text = "Published {} March 2021 Four people were killed by shells in Velmar on Friday."
    lines = [
        {"id": name, "published": "2021-03-12", "text": text.format(day)}
        for name, day in (("right", 12), ("wrong", 20))
    ]
    reports.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with Case.make(tmp_path / "case") as opened:
        opened.run([reports], jobs=1)
        yield opened


def test_a_doubtful_date_is_seen_wherever_the_report_is(case: Case, tmp_path: Path):
    record = case.record()
    (remark,) = record.remarks
    assert remark.text == SAYS
    assert {d.id: d.name for d in record.documents}[remark.document] == "wrong"

    case.export(tmp_path / "export")
    lines = map(json.loads, (tmp_path / "export" / "documents.jsonl").read_text("utf-8").splitlines())
    assert {line["id"]: line["remarks"] for line in lines} == {"right": [], "wrong": [SAYS]}

    dossier = case.folder / "dossier"
    pages = {page.stem: page.read_text("utf-8") for page in (dossier / "reports").glob("*.html")}
    doubted = [page for page in pages.values() if SAYS in page.replace("<bdi>", "").replace("</bdi>", "")]
    assert len(pages) == 2
    assert len(doubted) == 1
    assert "<bdi>wrong</bdi>" in doubted[0]
    assert "doubtful date" in (dossier / "index.html").read_text("utf-8")

    printed = CliRunner().invoke(app, ["findings", str(case.folder)]).output
    assert f"look at the date of wrong: {SAYS}" in " ".join(printed.split())
    told = json.loads(CliRunner().invoke(app, ["findings", str(case.folder), "--json"]).output)
    assert told["remarks"] == [{"document": "wrong", "about": "date", "remark": SAYS}]
