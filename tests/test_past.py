"""What a case held at an earlier event: the ledger only grows, so the past is still there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from tests_streams import STEPS, read_quickly, report, sentence, step

from tallystick.case import Case
from tallystick.errors import AskedWrongly
from tallystick.expunge import ToExpunge
from tallystick.ledger import FILE, Ledger
from tallystick.model import Record
from tallystick.settings import settings as settings_of

ON_BOTH = True


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    read_quickly(monkeypatch)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
@pytest.mark.of_file
def test_the_record_as_of_a_step_is_the_record_that_stood_then(steps: list[tuple[str, int, int]]) -> None:
    with TemporaryDirectory() as beside:
        folder, reports = Path(beside) / "case", Path(beside) / "reports"
        stood: list[tuple[int, Record]] = []
        with Case.make(folder) as case:
            for what, one, other in steps:
                step(case, reports, what, one, other)
                stood.append((case.ledger.head()[0], case.record()))
            for seq, record in stood:
                with case.as_of(seq) as past:
                    assert past.record() == record
                    assert past.ledger.head() == (seq, case.ledger.chain_at(seq))


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with Case.make(tmp_path / "case") as opened:
        for name, n in (("a", 12), ("b", 14)):
            opened.add([report(tmp_path / "reports", name, sentence(n))])
            opened.read(jobs=1)
        opened.link()
        yield opened


def test_before_the_first_event_there_is_nothing(case: Case) -> None:
    with case.as_of(0) as past:
        record = past.record()
        assert (record.documents, record.captures, record.accounts, record.weighed) == ((), (), (), ())


def test_the_present_is_the_past_of_the_last_event(case: Case) -> None:
    with case.as_of(case.ledger.head()[0]) as past:
        assert past.record() == case.record()


def test_what_is_done_after_it_was_opened_changes_nothing_of_the_past(case: Case, tmp_path: Path) -> None:
    at = case.ledger.head()[0]
    with case.as_of(at) as past:
        before = past.record()
        case.add([report(tmp_path / "reports", "c", sentence(40, "Pellin"))])
        case.read(jobs=1)
        assert past.record() == before
        assert len(case.record().accounts) == len(before.accounts) + 1


def test_the_past_cannot_be_written_to(case: Case) -> None:
    with case.as_of(3) as past:
        assert not past.writable
        with pytest.raises(Exception, match="open to be read"):
            past.comment("inc-1", "no", by="A. Haddad")


@pytest.mark.parametrize("seq", [-1, 10_000])
def test_an_event_that_is_not_there_is_asked_wrongly(case: Case, seq: int) -> None:
    with pytest.raises(AskedWrongly, match="no custody event"):
        case.as_of(seq)


@pytest.mark.of_file
def test_of_a_ledger_that_had_no_chain_no_state_is_told_from_before_it_had_one(tmp_path: Path) -> None:
    former = Path(__file__).parent / "corpus" / "ledgers" / "form-1.sql"
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(former.read_text(encoding="utf-8"))
    connection.close()
    with Ledger.open(tmp_path, write=True) as ledger:
        last = ledger.head()[0]
        assert ledger.events()[-1].what == "chained"
        for seq in range(1, last):
            with pytest.raises(AskedWrongly, match="cannot be told"):
                ledger.as_of(seq)
        with ledger.as_of(last) as past:
            assert (past.documents(), past.claims()) == (ledger.documents(), ledger.claims())
        with ledger.as_of(0) as past:
            assert past.events() == past.documents() == ()


@pytest.mark.of_file
def test_what_was_expunged_is_in_no_past(case: Case) -> None:
    at = case.ledger.head()[0]
    gone = next(document for document in case.record().documents if document.name == "b")
    asked = ToExpunge((gone.capture,), None, "A. Haddad", "B. Idris", "a court order")
    case.expunge(asked)
    with case.as_of(at) as past:
        record = past.record()
    assert [document.name for document in record.documents] == ["a"]
    assert "14" not in repr(record.accounts)


def test_the_settings_are_those_of_the_time(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    with Case.make(folder, countries=["Syria"]) as case:
        at = case.ledger.head()[0]
    with Case.make(folder, countries=["Yemen"]) as case:
        assert settings_of(folder).countries == ("Yemen",)
        with case.as_of(at) as past:
            assert past.countries == ("Syria",)
