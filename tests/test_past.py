"""What a case held at an earlier event: the ledger only grows, so the past is still there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests_streams import PLACES, read_quickly, report, sentence

from tallystick.case import Case
from tallystick.errors import AskedWrongly
from tallystick.expunge import ToExpunge
from tallystick.model import Judgement, Maker, Record
from tallystick.settings import settings as settings_of

ON_BOTH = True

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("add", "add", "add", "again", "read", "link", "decide", "judge", "name", "settle")),
        st.integers(0, 50),
        st.integers(0, 50),
    ),
    min_size=2,
    max_size=9,
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    read_quickly(monkeypatch)


def step(case: Case, reports: Path, what: str, one: int, other: int) -> None:
    """One thing that is done to a case, on whatever the numbers choose."""
    record = case.record()
    match what:
        case "add":
            n, place = 10 + one % 3, PLACES[other % len(PLACES)]
            case.add([report(reports, f"r{one}", sentence(n, place, voice=f"source {other % 4}"))])
        case "again":  # the same bytes, with another word on the day
            if record.documents:
                file = reports / f"{record.documents[one % len(record.documents)].name}.json"
                (reports / f"{file.name}.meta.json").write_text(json.dumps({"title": f"Title {other}"}))
                case.add([file])
        case "read":
            case.read(jobs=1)
        case "link":
            case.link()
        case "decide" if record.claims:
            claim = record.claims[one % len(record.claims)]
            case.decide(claim.id, ("upheld", "rejected", "reopened")[other % 3], f"Person {other % 2}")
        case "judge" if len(record.accounts) > 1:
            names = sorted(account.id for account in record.accounts)
            left = one % (len(names) - 1)
            verdict = ("same", "different", "unsure")[other % 3]
            case.judge(Judgement(names[left], names[left + 1], verdict, Maker("A. Haddad")))
        case "name" if record.accounts:
            case.name_means("party", f"source {one % 4}", f"Source {other % 2}", by="A. Haddad")
        case "settle":
            case.seniors([f"Person {one % 2}"], by="A. Haddad")


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
