"""A case takes in what lies within containers: nothing twice, nothing in silence, and it shows that it goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests_boxes import OK, answer, page, warc_of, zip_of
from typer.testing import CliRunner

from tallystick.case import Case
from tallystick.cli import app
from tallystick.ledger import Ledger

WORDS = "Two people were killed when shells struck the market of Velin, the town's monitor said."
IMAGE = ("Content-Type", "image/png")


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A web archive with two pages and a picture, within a ZIP, beside a broken file."""
    pages = [answer(f"https://ridge.example/{n}", page(f"{WORDS} It was raid {n}.")) for n in (1, 2)]
    archive = warc_of([*pages, answer("https://ridge.example/a.png", b"png", OK, IMAGE)])
    path = tmp_path / "crawl.zip"
    path.write_bytes(zip_of({"a.warc.gz": archive, "b.txt": b"\0"}))
    return path


def stored(case: Path) -> list[tuple[str, str, str]]:
    with Ledger.open(case, write=False) as ledger:
        return [(event.what, event.item, event.note) for event in ledger.events()]


def test_a_container_is_one_capture_and_its_pages_are_documents(crawl: Path, tmp_path: Path) -> None:
    with Case.make(tmp_path / "case") as case:
        added = case.add([crawl])
        assert (added.files, added.captures, added.documents, len(added.refused)) == (1, 1, 2, 1)
        assert case.verify().problems == ()
    assert [path.name for path in (tmp_path / "case" / "captures").rglob(".*")] == []


def test_what_was_passed_over_is_told_each_time_and_recorded_once(crawl: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with Case.make(tmp_path / "case") as case:
            added = case.add([crawl])
        assert [words.partition(": ")[2] for words in added.passed] == [
            "passed over what is no page: pictures (1)"
        ]
        rows = stored(tmp_path / "case")
        assert [what for what, _, _ in rows].count("passed") == 1
    assert added.documents == 0


def test_a_long_container_shows_that_it_goes_on(crawl: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    with Case.make(tmp_path / "case") as case:
        case.add([crawl], progress=lambda *step: steps.append(step))
    assert steps[0] == ("adding", 0, 1)
    assert [step for step in steps if step[0] == "reports"] == [("reports", n, 0) for n in (1, 2, 3, 4)]


def test_the_command_line_tells_what_was_passed_over(crawl: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["add", str(crawl), "--case", str(tmp_path / "case")])
    assert "a.warc.gz: passed over what is no page: pictures (1)" in told.output
    asked = CliRunner().invoke(app, ["add", str(crawl), "--case", str(tmp_path / "case"), "--json"])
    answered: dict[str, Any] = json.loads(asked.stdout)
    assert len(answered["passed"]) == 1
