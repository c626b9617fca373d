"""Tallystick in Python: the page that tells of it is carried out, and tables follow the case."""

from __future__ import annotations

import doctest
import os
from pathlib import Path
from typing import Any

import pytest

from tallystick import custody
from tallystick.case import Case
from tallystick.errors import AskedWrongly
from tallystick.exchange.columns import TABLES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "python.md"
STRIKE = (
    "At least {n} people were killed in an air strike on the town of Solem on 17 May 2019, the hospital said."
)


def test_the_page_is_carried_out_and_says_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0, "docs/python.md is stale; what differs is told above"


def test_the_page_tells_of_every_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")] == list(TABLES)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "a.txt").write_text(STRIKE.format(n=12), encoding="utf-8")
    return Case.make(str(tmp_path / "case"))


def test_a_path_may_be_told_as_words_one_or_several(case: Case, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(STRIKE.format(n=15), encoding="utf-8")
    with case:
        assert case.add(str(tmp_path / "a.txt")).documents == 1
        assert case.add([str(tmp_path / "b.txt"), tmp_path / "a.txt"]).documents == 1
        assert [report.name for report in case.reports()] == ["a", "b"]


def test_what_is_at_hand_is_worked_out_once_and_follows_what_is_added(case: Case, tmp_path: Path) -> None:
    with case:
        case.add(tmp_path / "a.txt")
        case.read(jobs=1)
        assert case.at_hand() is case.at_hand()
        before = case.table("claims")
        claim = next(each for each in case.claims() if each.topic == "casualties")
        case.decide(claim.id, "rejected", by="A. Haddad")
        assert case.table("claims").num_rows == before.num_rows - 1
        assert case.table("claims").to_pylist() != before.to_pylist()
        assert case.at_hand() == case.record()


def test_another_program_that_decides_is_seen(case: Case, tmp_path: Path) -> None:
    with case:
        case.add(tmp_path / "a.txt")
        case.read(jobs=1)
        claims = len(case.claims())
        with Case.open(os.fspath(case.folder), write=True) as other:
            other.decide(case.claims()[0].id, "rejected", by="A. Haddad")
        assert len(case.claims()) == claims - 1


def test_what_is_at_hand_outlasts_writing_it_out_but_nothing_written_meanwhile(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with case:
        case.add(tmp_path / "a.txt")
        case.read(jobs=1)
        first = case.at_hand()
        case.dossier()
        case.export(tmp_path / "out")
        assert case.at_hand() is first
        assert first == case.record()
        exported = custody.record_export

        def meanwhile(*told: Any) -> None:
            exported(*told)
            with Case.open(case.folder, write=True) as other:
                other.decide(other.claims()[0].id, "rejected", by="A. Haddad")

        monkeypatch.setattr(custody, "record_export", meanwhile)
        case.export(tmp_path / "out")
        assert case.at_hand() is not first
        assert case.at_hand() == case.record() != first


def test_a_table_that_is_none_is_refused_by_the_names_of_those_there_are(case: Case) -> None:
    with case, pytest.raises(AskedWrongly, match=r"no table 'incident'; there are: documents, claims"):
        case.table("incident")
