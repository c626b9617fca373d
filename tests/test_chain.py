"""The custody record is a chain: it covers every row once, and knows when one was changed or taken away."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_ledgers import TABLES, ask, dump, force

from tallystick import __version__, chain, former, rows
from tallystick import ledger as ledgers
from tallystick.errors import CaseDamaged
from tallystick.ledger import FILE, Ledger, Reading
from tallystick.model import (
    AccountId,
    Capture,
    CaptureId,
    Claim,
    Document,
    Event,
    Judgement,
    Maker,
    Review,
    Telling,
)

ON_BOTH = True
FORMER = Path(__file__).parent / "corpus" / "ledgers" / "form-1.sql"
NOON = "2019-05-17T12:00:00.000Z"
TEXT = "At least 12 people were killed in Solem on Friday."


def capture(n: int = 1) -> Capture:
    return Capture(CaptureId(f"{n:064x}"), 70, "text/plain", f"{n}.txt", NOON, "test")


def document(n: int = 1) -> Document:
    return Document(capture(n).id, str(n), TEXT)


def reading(n: int = 1) -> Reading:
    whole = document(n).span(0, len(TEXT))
    said = Claim(whole, "attack", Telling("killing"), telling=whole)
    return Reading(document(n), Maker("reader", "1"), (said,), "test", NOON)


def judgement(n: int) -> Judgement:
    return Judgement(AccountId("acc-0"), AccountId(f"acc-{n}"), "same", Maker("linker", "1"))


def event(n: int = 1) -> Event:
    return Event("received", capture(n).id, "test", NOON, facts={"origin": f"{n}.txt"})


def fill(ledger: Ledger, n: int = 1) -> None:
    ledger.append(captures=[capture(n)], documents=[document(n)], events=[event(n)])
    ledger.append(readings=[reading(n)], judgements=[judgement(n)])


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.create(tmp_path, clock=lambda: NOON) as made:
        fill(made)
        fill(made, 2)
        yield made


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------------------- as it is told


def test_the_chain_is_what_the_documents_say_it_is(ledger: Ledger) -> None:
    value = sha("tallystick custody 1")
    for body, stored in ask(ledger.folder, "SELECT body, chain FROM custody ORDER BY seq"):
        value = sha(f"{value}\n{sha(body)}")
        assert stored == value
    assert ledger.head() == (4, value)


def covers(folder: Path) -> list[tuple[str, int]]:
    """The rows that the events cover, one by one; each cover is held against its sum on the way."""
    out = []
    for (body,) in ask(folder, "SELECT body FROM custody ORDER BY seq"):
        facts, lines = json.loads(body)["facts"], []
        for table, (first, last) in sorted(facts.get("rows", {}).items()):
            column = "reading" if table == "claims" else "'-'"
            for seq in range(first, last + 1):
                ((text, of),) = ask(folder, f"SELECT body, {column} FROM {table} WHERE seq = {seq}")  # noqa: S608
                lines.append(f"{table} {seq} {of} {sha(text)}\n")
                out.append((table, seq))
        assert not lines or facts["sum"] == sha("".join(lines))
    return out


@given(st.lists(st.lists(st.tuples(st.sampled_from("cdrjve"), st.integers(1, 3)), max_size=5), max_size=6))
@settings(max_examples=30)
@pytest.mark.on_both
def test_every_row_is_covered_once_however_rows_came(batches: list[list[tuple[str, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Ledger.create(Path(folder), clock=lambda: NOON) as ledger:
            for batch in batches:
                told: dict[str, list[int]] = {sort: [n for s, n in batch if s == sort] for sort in "cdrjve"}
                documents = {n: document(n) for n in (*told["d"], *told["r"])}
                ledger.append(
                    captures=[capture(n) for n in (1, 2, 3, *told["c"])],
                    documents=list(documents.values()),
                    readings=[reading(n) for n in told["r"]],
                    judgements=[judgement(n) for n in told["j"]],
                    reviews=[Review(reading().claims[0].id, "upheld", str(n)) for n in told["v"]],
                    events=[event(n) for n in told["e"]],
                )
            assert ledger.problems() == []
        stored = {(t, seq) for t in TABLES[:5] for (seq,) in ask(Path(folder), f"SELECT seq FROM {t}")}  # noqa: S608
        found = covers(Path(folder))
        assert len(found) == len(stored)
        assert set(found) == stored


def test_a_transaction_without_an_event_of_its_own_gets_one(ledger: Ledger) -> None:
    ledger.append(reviews=[Review(reading().claims[0].id, "upheld", "Anna")])
    (stored,) = ledger.events("stored")
    assert stored.facts["rows"] == {"reviews": [1, 1]}
    assert (stored.item, stored.at) == ("ledger", NOON)


def test_an_event_that_stores_nothing_else_covers_nothing(ledger: Ledger) -> None:
    ledger.append(events=[event(3)])
    assert ledger.events()[-1].facts == {"origin": "3.txt"}


def test_an_event_that_covers_rows_stands_like_any_other(ledger: Ledger) -> None:
    before = dump(ledger.folder)
    fill(ledger)
    fill(ledger, 2)
    assert dump(ledger.folder) == before


@pytest.mark.parametrize("fact", chain.COVER)
def test_nobody_but_the_ledger_says_what_an_event_covers(ledger: Ledger, fact: str) -> None:
    before = dump(ledger.folder)
    with pytest.raises(ValueError, match="given by the ledger"):
        ledger.append(events=[replace(event(3), facts={fact: {}})])
    assert dump(ledger.folder) == before


def test_events_tell_the_person_and_the_program(
    tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers.getpass, "getuser", lambda: "haddad")
    told = []
    for name, whom in (("a", "A. Haddad"), ("b", " "), ("c", None)):
        monkeypatch.setenv("TALLYSTICK_WHO", whom) if whom else monkeypatch.delenv("TALLYSTICK_WHO")
        (tmp_path / name).mkdir()
        with Ledger.create(tmp_path / name) as made:
            fill(made)
            told.append({(each.who, each.program) for each in made.events()})
    program = f"tallystick {__version__}"
    assert told == [{("A. Haddad", program)}, {("haddad", program)}, {("haddad", program)}]


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("uid not found: 4711")

    monkeypatch.delenv("TALLYSTICK_WHO", raising=False)
    monkeypatch.setattr(ledgers.getpass, "getuser", nobody)
    monkeypatch.setattr(ledgers.os, "getuid", lambda: 4711)
    assert ledgers.who() == "user 4711"


def test_an_empty_ledger_has_the_start_of_the_chain_for_its_head(tmp_path: Path) -> None:
    with Ledger.create(tmp_path) as made:
        assert made.head() == (0, sha("tallystick custody 1"))


# ------------------------------------------------------------------------------- what it notices


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE captures SET body = replace(body, '1.txt', '9.txt') WHERE seq = 1", "captures 1 to 1"),
        ("UPDATE claims SET body = replace(body, 'null', '0.9') WHERE seq = 2", "claims 2 to 2"),
        ("UPDATE claims SET reading = 'rdg-x', about = 'rdg-x ' || id WHERE seq = 2", "claims 2 to 2"),
        ("DELETE FROM documents WHERE seq = 2", "covers documents up to row 2, and there are 1"),
        ("DELETE FROM custody WHERE seq = 4", "claims: no custody event covers the rows from 2 on"),
        ("DELETE FROM custody WHERE seq = 1", "row 2: the chain does not go on from the event before"),
        ("UPDATE custody SET chain = replace(chain, '0', '1') WHERE seq = 3", "custody, row 3: the chain"),
        ("UPDATE custody SET body = replace(body, 'T12', 'T13') WHERE seq = 3", "custody, row 3: the chain"),
        ("UPDATE reviews SET seq = seq; UPDATE documents SET turn = 7 WHERE seq = 1", "documents, row 1 "),
    ],
)
def test_what_was_changed_or_taken_away_is_named(ledger: Ledger, statement: str, found: str) -> None:
    assert ledger.problems() == []
    force(ledger.folder, *statement.split("; "))
    assert any(found in problem for problem in ledger.problems())


def test_a_row_that_was_slipped_in_is_covered_by_nothing(ledger: Ledger) -> None:
    false = capture(3)
    force(
        ledger.folder,
        f"INSERT INTO captures (id, about, turn, body) VALUES ('{false.id}', '{false.id}', 0, '{rows.encode(false)}')",  # noqa: S608
    )
    assert ledger.problems() == [f"{ledger.name}: captures: no custody event covers the rows from 3 on"]


def test_events_that_changed_places_are_named(ledger: Ledger) -> None:
    force(
        ledger.folder,
        "UPDATE custody SET seq = 9 WHERE seq = 1",
        "UPDATE custody SET seq = 1 WHERE seq = 2",
        "UPDATE custody SET seq = 2 WHERE seq = 9",
    )
    assert any("custody, row 1: the chain" in problem for problem in ledger.problems())


def test_what_was_taken_off_the_end_whole_shows_in_the_head_alone(ledger: Ledger) -> None:
    """This is why checkpoints are signed and given away: the chain alone cannot tell."""
    head = ledger.head()
    last = ("DELETE FROM claims WHERE seq = 2", "DELETE FROM judgements WHERE seq = 2")
    force(ledger.folder, *last, "DELETE FROM custody WHERE seq = 4")
    assert ledger.problems() == []
    assert ledger.head() != head


@pytest.mark.parametrize("cover", ['"x"', '{"claims":1}', '{"none":[1,2]}', '{"claims":["a","b"]}', "[]"])
def test_a_cover_that_is_none_is_named(ledger: Ledger, cover: str) -> None:
    was = '"rows":{"claims":[2,2],"judgements":[2,2]}'
    force(ledger.folder, f"UPDATE custody SET body = replace(body, '{was}', '\"rows\":{cover}')")  # noqa: S608
    assert any("custody, row 4" in problem for problem in ledger.problems())


# ------------------------------------------------------------------------------- expunged rows


def expunge(ledger: Ledger, table: str, seq: int, old: str, new: str) -> None:
    """Rewrite a row, and say so."""
    ((was,),) = ask(ledger.folder, f"SELECT body FROM {table} WHERE seq = {seq}")  # noqa: S608
    now = was.replace(old, new)
    named = {"body": now} | rows.row(rows.READ[table](now))
    said = ", ".join(f"{name} = '{told}'" for name, told in named.items())
    force(ledger.folder, f"UPDATE {table} SET {said} WHERE seq = {seq}")  # noqa: S608
    told = {"table": table, "seq": seq, "was": sha(was), "now": sha(now)}
    facts = {"expunged": [told], "second": "T. Okoro"}
    ledger.append(events=[Event("expunged", "name", "M. Reed", NOON, "at risk", facts)])


@pytest.mark.parametrize(("table", "seq"), [("captures", 1), ("custody", 1)])
def test_an_expunged_row_is_held_against_the_digests_that_it_left(
    ledger: Ledger, table: str, seq: int
) -> None:
    expunge(ledger, table, seq, "1.txt", "█.txt")
    assert ledger.problems() == []
    expunge(ledger, table, seq, "█.txt", "█.███")
    assert ledger.problems() == []
    force(ledger.folder, f"UPDATE {table} SET body = replace(body, '█.███', 'back') WHERE seq = {seq}")  # noqa: S608
    assert any(f"{table}, row {seq}: it is not as it was left" in each for each in ledger.problems())


# ------------------------------------------------------------------------------- the former form


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A ledger as Tallystick 0.1.0 wrote it before there was a chain."""
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(FORMER.read_text(encoding="utf-8"))
    connection.close()
    return tmp_path


@pytest.mark.of_file
def test_a_ledger_of_the_former_form_is_read_as_it_is(old: Path) -> None:
    before = dump(old)
    with Ledger.open(old) as opened:
        assert [each.what for each in opened.events()] == ["received", "read", "read", "kept"]
        assert len(opened.claims()) == 1
        assert opened.problems() == []
        with pytest.raises(CaseDamaged, match="has no chain yet"):
            opened.head()
    assert dump(old) == before


@pytest.mark.of_file
def test_a_ledger_of_the_former_form_is_chained_when_opened_for_writing(old: Path, tmp_path: Path) -> None:
    before = dump(old)
    with Ledger.open(old, write=True, clock=lambda: NOON) as opened:
        assert opened.problems() == []
        assert opened.head()[0] == len(before["custody"]) + 1
        told = opened.events()[-1]
        assert (told.what, told.at) == ("chained", NOON)
        assert told.facts["rows"]["claims"] == [1, len(before["claims"])]
    after = dump(old)
    assert {name: after[name] for name in TABLES[:5]} == {name: before[name] for name in TABLES[:5]}
    assert [row[:-1] for row in after["custody"][:-1]] == before["custody"]
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    Ledger.create(fresh).close()
    shape = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    assert ask(old, shape) == ask(fresh, shape)
    with Ledger.open(old, write=True) as again:
        assert again.events()[-1] == told


@pytest.mark.of_file
def test_what_was_changed_after_the_carrying_over_is_named(old: Path) -> None:
    Ledger.open(old, write=True).close()
    force(old, "UPDATE reviews SET body = replace(body, 'upheld', 'rejected')")
    with Ledger.open(old) as opened:
        assert any("reviews 1 to 1" in problem for problem in opened.problems())


@pytest.mark.of_file
def test_a_carrying_over_that_is_cut_short_leaves_the_former_ledger(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(old)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(former.chain, "chained", fail)
        with pytest.raises(KeyboardInterrupt):
            Ledger.open(old, write=True)
    assert dump(old) == before
    with Ledger.open(old, write=True) as opened:
        assert opened.problems() == []


@pytest.mark.of_file
def test_a_read_only_ledger_of_the_former_form_is_not_carried_over(old: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(old / FILE, copy)
    with Ledger.open(copy) as opened:
        assert len(opened.documents()) == 1
    assert (copy / FILE).read_bytes() == (old / FILE).read_bytes()
