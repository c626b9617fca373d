"""The ledger only grows, says back what it was told, and knows when it was tampered with."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_ledgers import TABLES, by_hand, dump, force

from tallystick import rows
from tallystick.errors import CaseDamaged, NoSuchCase, OnlyGrows, TallystickError
from tallystick.ledger import FILE, Ledger, Reading
from tallystick.model import (
    HARM,
    MATTERS,
    TOLLS,
    AccountId,
    Capture,
    CaptureId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Judgement,
    Maker,
    Review,
    Role,
    Span,
    Telling,
    Toll,
    Voice,
)
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

ON_BOTH = True

# --------------------------------------------------------------------- any noun, for hypothesis

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
maybe = st.none() | words
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates(date(1000, 1, 1), date(9998, 12, 31))
makers = st.builds(Maker, words, words)
parties = st.builds(Party, words, maybe)
places = st.builds(
    Place, words, maybe, maybe, maybe, st.none() | numbers, st.none() | numbers, st.none() | numbers
)
spans = st.builds(Span, st.just(DocumentId("doc-1")), st.integers(0, 9), st.integers(10, 20), words)
voices = st.builds(Voice, words, st.none() | parties, st.none() | spans)


@st.composite
def whens(draw: st.DrawFn) -> When:
    bounds = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    start, end = draw(st.sampled_from([(*bounds,), (bounds[0], None), (None, bounds[1]), (None, None)]))
    precision = draw(st.sampled_from(["day", "days", "week", "month", "year"])) if start or end else "unknown"
    sort = draw(st.sampled_from(["date", "time", "duration", "set"]))
    return When(
        start, end, precision, draw(maybe), draw(st.booleans()), sort, draw(maybe), draw(maybe),
        draw(st.none() | days), draw(maybe),
    )  # fmt: skip


@st.composite
def counts(draw: st.DrawFn) -> Count:
    low, high = sorted(draw(st.lists(st.integers(0, 10**12), min_size=2, max_size=2)))
    return Count(*draw(st.sampled_from([(low, high), (low, None), (None, high)])), draw(st.booleans()))


values = (
    st.builds(
        Telling,
        st.sampled_from(HARM + MATTERS),
        st.booleans(),
        st.booleans(),
        whens(),
        st.none() | places,
        maybe,
        maybe,
    )
    | st.builds(Toll, st.sampled_from(TOLLS), counts(), words)
    | st.builds(
        Role,
        parties,
        st.sampled_from(["perpetrator", "opponent", "claimant"]),
        st.sampled_from(["stated", "alleged", "suspected", "claimed", "denied"]),
    )
)
captures = st.builds(Capture, words.map(CaptureId), st.integers(0), words, words, words, words)
claims = st.builds(
    Claim,
    spans,
    st.sampled_from(["casualties", "attack", "other"]),
    st.none() | values,
    st.lists(voices, max_size=3).map(tuple),
    st.sampled_from(["stated", "denied", "refused"]),
    st.none() | spans,
    makers,
    st.none() | st.floats(0, 1),
)
reviews = st.builds(
    Review, words.map(ClaimId), st.sampled_from(["upheld", "rejected", "reopened"]), words, words
) | st.builds(Review, words.map(ClaimId), st.just("corrected"), words, words, claims)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
events = st.builds(Event, words, words, words, words, words, st.dictionaries(words, json_values, max_size=3))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    day = draw(st.none() | days)
    source = draw(st.sampled_from(["metadata", "page", "user"])) if day else None
    told = [draw(words) for _ in range(3)]
    return Document(
        CaptureId(told[0]), told[1], told[2], draw(maybe), draw(maybe), day, source, draw(maybe), draw(maybe)
    )


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    left, right = sorted(draw(st.lists(words, min_size=2, max_size=2, unique=True)))
    verdict = draw(st.sampled_from(["same", "different", "unsure"]))
    reasons = tuple(draw(st.lists(words, max_size=3)))
    return Judgement(
        AccountId(left), AccountId(right), verdict, draw(makers), draw(st.none() | numbers), reasons
    )


@given(captures | documents() | claims | judgements() | reviews | events)
@settings(max_examples=400)
def test_a_noun_read_back_is_the_noun_that_was_written(noun: rows.Noun) -> None:
    table = {Capture: "captures", Document: "documents", Claim: "claims"} | {
        Judgement: "judgements",
        Review: "reviews",
        Event: "custody",
    }
    assert rows.READ[table[type(noun)]](rows.encode(noun)) == noun


def test_a_row_written_before_times_had_more_to_tell_keeps_its_body_and_its_id() -> None:
    body = (
        '{"confidence":null,"maker":{"name":"m","version":"1"},"span":{"document":"doc-1","end":7,"quote":"Shells ","start":0},'
        '"stance":"stated","telling":{"document":"doc-1","end":7,"quote":"Shells ","start":0},"topic":"attack","value":{"aggregate":false,'
        '"kind":"shelling","place":null,"primary":false,"target":null,"weapon":null,"when":{"end":"2016-10-07","precision":"day",'
        '"start":"2016-10-07","stretch":false,"words":"Friday"}},"voices":[]}'
    )
    old = rows.claim(body)
    assert isinstance(old.value, Telling)
    assert old.value.when == When(date(2016, 10, 7), date(2016, 10, 7), "day", "Friday")
    assert rows.encode(old) == body
    assert old.id == "clm-1a8bee4fa1edfe3f384f2739"


@pytest.mark.parametrize("body", ["", "[]", "null", "{}", '{"id": NaN}', '{"id": 1', '"a"', "0"])
def test_a_body_that_is_none_is_refused_by_every_reader(body: str) -> None:
    for read in rows.READ.values():
        with pytest.raises(rows.UNREADABLE):
            read(body)


def test_a_number_that_is_none_is_no_fact() -> None:
    body = rows.encode(Event("noted", "x", "test", "now", facts={"score": 1.5}))
    assert rows.event(body).facts == {"score": 1.5}
    with pytest.raises(ValueError, match="NaN is no number"):
        rows.event(body.replace("1.5", "NaN"))


# ----------------------------------------------------------------------------- one small ledger

TEXT = "At least 12 people were killed in Solem on Friday, the hospital said."
CAPTURE = Capture(CaptureId("a" * 64), 70, "text/plain", "a.txt", "2019-05-17T10:00:00Z", "test")
UNDATED = Document(CAPTURE.id, "a", TEXT)
DATED = replace(UNDATED, published=date(2019, 5, 17), published_from="user")
MAKER, LATER = Maker("reader", "1"), Maker("reader", "2")
WHOLE = UNDATED.span(0, len(TEXT))
HEAD = Claim(WHOLE, "attack", Telling("killing"), telling=WHOLE, maker=MAKER)
TOLL = Claim(
    UNDATED.span(0, 11),
    "casualties",
    Toll("killed", Count(12, None)),
    (Voice("the hospital", span=UNDATED.span(51, 63)),),
    telling=WHOLE,
    maker=MAKER,
)
A, B, C = AccountId("acc-1"), AccountId("acc-2"), AccountId("acc-3")
PROGRAM, ANNA, BORIS = Maker("linker", "1"), Maker("Anna"), Maker("Boris")


def reading(
    document: Document = UNDATED, maker: Maker = MAKER, claims: tuple[Claim, ...] = (HEAD, TOLL)
) -> Reading:
    return Reading(document, maker, claims, "test", "2019-05-18T00:00:00Z")


def fill(ledger: Ledger) -> None:
    ledger.append(
        captures=[CAPTURE],
        documents=[UNDATED],
        readings=[reading()],
        judgements=[Judgement(A, B, "same", PROGRAM, 2.5, ("same day",))],
        reviews=[Review(TOLL.id, "upheld", "Anna")],
        events=[Event("received", CAPTURE.id, "test", "2019-05-17T10:00:00Z", facts={"origin": "a.txt"})],
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.create(tmp_path) as made:
        fill(made)
        yield made


# ------------------------------------------------------------------------------- it only grows

CHANGES = {
    "update": "UPDATE {t} SET body = '{{}}'",
    "update of another column": "UPDATE {t} SET id = 'x' WHERE seq = 1",
    "update or replace": "UPDATE OR REPLACE {t} SET about = 'x'",
    "delete": "DELETE FROM {t}",
    "delete of one row": "DELETE FROM {t} WHERE seq = 1",
    "replace by seq": "INSERT OR REPLACE INTO {t} (seq, id, about, turn, body) VALUES (1, 'x', 'x', 0, 'x')",
    "replace by rowid": "REPLACE INTO {t} (rowid, id, about, turn, body) VALUES (1, 'x', 'x', 0, 'x')",
    "replace by its names": "INSERT OR REPLACE INTO {t} (id, about, turn, body)"
    " SELECT id, about, turn, 'x' FROM {t} WHERE seq = 1",
    "replace by itself": "INSERT OR REPLACE INTO {t} SELECT * FROM {t} WHERE seq = 1",
    "the same id and body again": "INSERT INTO {t} (id, about, turn, body)"
    " SELECT id, about, turn + 1, body FROM {t} WHERE seq = 1",
    "upsert": "INSERT INTO {t} (id, about, turn, body) SELECT id, about, turn, 'x' FROM {t} WHERE seq = 1"
    " ON CONFLICT (about, turn) DO UPDATE SET body = 'x'",
    "a row far off the end": "INSERT INTO {t} (seq, id, about, turn, body) VALUES (99, 'x', 'x', 0, 'x')",
    "a turn left out": "INSERT INTO {t} (id, about, turn, body) VALUES ('x', 'x', 1, 'x')",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.of_file
def test_no_row_is_ever_changed_or_removed(ledger: Ledger, change: str) -> None:
    before = dump(ledger.folder)
    for table in TABLES:
        with pytest.raises(sqlite3.IntegrityError, match=f"{table} only grow: rows are appended"):
            by_hand(ledger.folder, change.format(t=table))
    assert dump(ledger.folder) == before


@pytest.mark.of_file
def test_a_row_cannot_hide_before_the_first(ledger: Ledger) -> None:
    before = dump(ledger.folder)
    hide = "INSERT OR REPLACE INTO {t} (seq, id, about, turn, body) VALUES ({seq}, 'x', 'x', 0, 'x')"
    for table in TABLES:
        for seq in (-1, 0):
            with pytest.raises(sqlite3.IntegrityError):
                by_hand(ledger.folder, hide.format(t=table, seq=seq))
    assert dump(ledger.folder) == before


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="no sqlite3 command here")
@pytest.mark.of_file
def test_the_sqlite3_command_is_refused_too(ledger: Ledger) -> None:
    for statement in ("DELETE FROM claims", "REPLACE INTO captures SELECT * FROM captures"):
        done = subprocess.run(
            ["sqlite3", ledger.name, statement], capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        assert "only grow" in done.stderr


def test_a_row_may_be_appended_by_hand_and_is_found_when_it_is_false(ledger: Ledger) -> None:
    by_hand(ledger.folder, "INSERT INTO claims (id, about, turn, body) VALUES ('clm-x', 'x', 0, '{}')")
    assert "claims, row 3 (clm-x) cannot be read back" in ledger.problems()[0]


def test_the_ledger_says_so_when_it_is_asked_to_change_a_row(ledger: Ledger) -> None:
    with (
        pytest.raises(OnlyGrows, match="append what is to stand instead"),
        ledger._begin(write=True) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM claims")


# ------------------------------------------------------------------------ what stands, and what is new


@pytest.mark.of_file
def test_a_ledger_outlives_a_power_cut_and_lets_others_read_meanwhile(ledger: Ledger) -> None:
    with ledger._begin() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL


def test_a_ledger_gives_back_what_it_was_given(ledger: Ledger) -> None:
    assert ledger.captures() == (CAPTURE,)
    assert ledger.documents() == (UNDATED,)
    assert ledger.document(UNDATED.id) == UNDATED
    assert ledger.document(DocumentId("doc-x")) is None
    assert ledger.claims() == (HEAD, TOLL)
    assert ledger.readings() == {UNDATED.id: reading().id}
    assert [each.verdict for each in ledger.judgements()] == ["same"]
    assert ledger.reviews() == (Review(TOLL.id, "upheld", "Anna"),)
    assert [each.what for each in ledger.events()] == ["received", "read"]
    assert ledger.events("read")[0].facts.items() >= {"reading": reading().id, "claims": 2}.items()


def test_taking_the_same_in_twice_changes_nothing(ledger: Ledger) -> None:
    before = dump(ledger.folder)
    fill(ledger)
    assert dump(ledger.folder) == before


def test_the_same_bytes_received_again_are_no_new_capture(ledger: Ledger) -> None:
    assert ledger.append(captures=[replace(CAPTURE, origin="b.txt", received="later")]).captures == 0
    assert ledger.captures() == (CAPTURE,)


def test_the_last_row_stands_and_the_first_is_kept(ledger: Ledger) -> None:
    assert UNDATED.id == DATED.id
    assert ledger.append(documents=[DATED]).documents == 1
    assert ledger.documents() == (DATED,)
    assert len(dump(ledger.folder)["documents"]) == 2


def test_thinking_better_of_it_and_back_again_is_told_three_times(ledger: Ledger) -> None:
    for document in (DATED, UNDATED):
        ledger.append(documents=[document])
    assert ledger.documents() == (UNDATED,)
    assert len(dump(ledger.folder)["documents"]) == 3


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, "x", "y"])), max_size=12), st.integers(1, 5)
)
@settings(max_examples=30, deadline=None)
@pytest.mark.on_both
def test_what_stands_is_what_was_said_last(said: list[tuple[int, str | None]], batch: int) -> None:
    told = [Document(CAPTURE.id, str(which), "text", title) for which, title in said]
    with tempfile.TemporaryDirectory() as folder, Ledger.create(Path(folder)) as ledger:
        for at in range(0, len(told), batch):
            ledger.append(captures=[CAPTURE], documents=told[at : at + batch])
        last = {each.name: each for each in told}
        assert ledger.documents() == tuple(last[name] for name in sorted(last))
        changes = sum(
            each != next((b for b in reversed(told[:at]) if b.name == each.name), None)
            for at, each in enumerate(told)
        )
        assert len(dump(Path(folder))["documents"]) == changes
        assert ledger.problems() == []


def test_only_the_claims_of_the_last_reading_stand(ledger: Ledger) -> None:
    again = replace(TOLL, maker=LATER)
    ledger.append(readings=[reading(maker=LATER, claims=(again,))])
    assert ledger.claims() == (again,)
    ledger.append(readings=[reading()])
    assert ledger.claims() == (HEAD, TOLL)
    assert len(dump(ledger.folder)["claims"]) == 3
    assert ledger.problems() == []


def test_a_document_of_which_more_is_known_is_another_reading() -> None:
    assert len({reading().id, reading(DATED).id, reading(maker=LATER).id}) == 3


def test_a_reading_without_claims_is_a_reading(ledger: Ledger) -> None:
    ledger.append(readings=[reading(maker=LATER, claims=())])
    assert ledger.claims() == ()
    assert ledger.problems() == []


def test_a_claim_read_twice_in_one_reading_is_one_claim(ledger: Ledger) -> None:
    ledger.append(readings=[reading(maker=LATER, claims=(TOLL, TOLL, replace(TOLL, confidence=0.5)))])
    assert len(ledger.claims()) == 1
    assert ledger.problems() == []


def test_a_reading_is_stored_whole_or_not_at_all(ledger: Ledger) -> None:
    def breaking_off() -> Iterator[Event]:
        yield Event("noted", "x", "test", "now")
        raise KeyboardInterrupt

    before = dump(ledger.folder)
    with pytest.raises(KeyboardInterrupt):
        ledger.append(readings=[reading(maker=LATER)], events=breaking_off())
    assert dump(ledger.folder) == before
    assert ledger.claims() == (HEAD, TOLL)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        pytest.param([("same", PROGRAM), ("different", PROGRAM)], "different", id="a program's last"),
        pytest.param([("different", ANNA), ("same", PROGRAM)], "different", id="a person before a program"),
        pytest.param([("same", PROGRAM), ("different", ANNA)], "different", id="a person after a program"),
        pytest.param([("same", ANNA), ("different", BORIS)], "different", id="the later of two persons"),
        pytest.param([("same", ANNA), ("different", BORIS), ("same", ANNA)], "same", id="who says it again"),
        pytest.param(
            [("same", ANNA), ("different", PROGRAM), ("unsure", Maker("linker", "2"))],
            "same",
            id="two programs",
        ),
    ],
)
def test_a_person_outdoes_a_program_and_the_later_the_earlier(
    tmp_path: Path, said: list[tuple[Any, Maker]], stands: str
) -> None:
    with Ledger.create(tmp_path) as ledger:
        for verdict, maker in said:
            ledger.append(judgements=[Judgement(A, B, verdict, maker)])
        assert [each.verdict for each in ledger.judgements()] == [stands]
        assert ledger.problems() == []


def test_judgements_come_in_order_of_their_pairs(tmp_path: Path) -> None:
    with Ledger.create(tmp_path) as ledger:
        for left, right in ((B, C), (A, C), (A, B)):
            ledger.append(judgements=[Judgement(left, right, "same", PROGRAM, 1.0)])
        assert [(each.left, each.right) for each in ledger.judgements()] == [(A, B), (A, C), (B, C)]
        assert ledger.judgements("person") == ()
        assert len(ledger.judgements("program")) == 3


def test_many_rows_at_once_are_looked_up_in_parts(tmp_path: Path) -> None:
    many = [Event("noted", str(number), "test", "now") for number in range(1234)]
    with Ledger.create(tmp_path) as ledger:
        assert ledger.append(events=many).events == 1234
        assert ledger.append(events=many).events == 0
        assert ledger.events() == tuple(map(ledger.signed, many))


def test_a_reader_sees_nothing_of_an_unfinished_transaction(ledger: Ledger) -> None:
    with Ledger.open(ledger.folder) as other, ledger._begin(write=True) as connection:
        connection.exec_driver_sql("INSERT INTO reviews (id, about, turn, body) VALUES ('x', 'x', 0, 'x')")
        assert len(other.reviews()) == 1


def test_a_ledger_opened_to_read_refuses_to_write(ledger: Ledger) -> None:
    before = dump(ledger.folder)
    with Ledger.open(ledger.folder) as other, pytest.raises(TallystickError):
        other.append(documents=[DATED])
    assert dump(ledger.folder) == before


# ------------------------------------------------------------------------------- what is no ledger


@pytest.mark.of_file
def test_two_that_make_one_ledger_get_one(tmp_path: Path) -> None:
    with Ledger.create(tmp_path) as first:
        fill(first)
        with Ledger.create(tmp_path) as second:
            assert second.captures() == (CAPTURE,)
    assert os.listdir(tmp_path) == [FILE]


@pytest.mark.of_file
def test_what_an_interrupted_command_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.1234.new").write_bytes(b"SQLite form")
    (tmp_path / f"{FILE}.1234.new-wal").write_bytes(b"half")
    Ledger.create(tmp_path).close()
    assert os.listdir(tmp_path) == [FILE]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"no database, but quite a long text " * 40, "no sound ledger"),
        (b"SQLite format 3\0", "ledger"),
    ],
)
@pytest.mark.of_file
def test_a_file_that_is_no_ledger_is_told(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / FILE).write_bytes(content)
    for write in (False, True):
        with pytest.raises(CaseDamaged, match=complaint) as told:
            Ledger.open(tmp_path, write=write)
        assert str(tmp_path / FILE) in str(told.value)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.of_file
def test_a_lost_table_is_told(ledger: Ledger, table: str) -> None:
    by_hand(ledger.folder, f"DROP TRIGGER {table}_only_grow_delete", f"DROP TABLE {table}")
    with pytest.raises(CaseDamaged, match=f"only half a ledger: its table '{table}' is missing"):
        Ledger.open(ledger.folder)


@pytest.mark.of_file
def test_a_lost_trigger_is_told(ledger: Ledger) -> None:
    for name, sql in rows.triggers().items():
        by_hand(ledger.folder, f"DROP TRIGGER {name}")
        with pytest.raises(CaseDamaged, match=name):
            Ledger.open(ledger.folder)
        by_hand(ledger.folder, sql)
    Ledger.open(ledger.folder).close()


@pytest.mark.of_file
def test_a_weakened_trigger_is_told(ledger: Ledger) -> None:
    by_hand(
        ledger.folder,
        "DROP TRIGGER claims_only_grow_update",
        "CREATE TRIGGER claims_only_grow_update BEFORE UPDATE ON claims BEGIN SELECT 1; END",
    )
    with pytest.raises(CaseDamaged, match="claims_only_grow_update"):
        Ledger.open(ledger.folder)


@pytest.mark.of_file
def test_a_ledger_of_a_later_version_is_told(ledger: Ledger) -> None:
    by_hand(ledger.folder, "PRAGMA user_version = 99")
    with pytest.raises(CaseDamaged, match=r"newer Tallystick.*update Tallystick"):
        Ledger.open(ledger.folder)


@pytest.mark.of_file
def test_no_ledger_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(NoSuchCase, match="there is no such folder"):
        Ledger.open(tmp_path / "none")
    with pytest.raises(NoSuchCase, match=f"it holds no {FILE}"):
        Ledger.open(tmp_path)


@pytest.mark.parametrize("make", [Ledger.create, Ledger.open])
@pytest.mark.of_file
def test_captures_without_a_ledger_are_a_damaged_case(tmp_path: Path, make: Any) -> None:
    (tmp_path / "captures" / "ab").mkdir(parents=True)
    with pytest.raises(CaseDamaged, match=r"holds captures, but its ledger\.sqlite is gone"):
        make(tmp_path)


# -------------------------------------------------------------------------------------- problems


def test_a_whole_ledger_has_no_problems(ledger: Ledger) -> None:
    ledger.append(
        documents=[DATED], readings=[reading(DATED)], judgements=[Judgement(A, B, "different", ANNA)]
    )
    assert ledger.problems() == []


@pytest.mark.parametrize("what", ["id = 'x'", "about = 'x'", "body = body || ' '"])
def test_a_row_that_was_tampered_with_is_named(ledger: Ledger, what: str) -> None:
    for table in TABLES:
        force(ledger.folder, f"UPDATE {table} SET {what} WHERE seq = 1", table=table)  # noqa: S608
    told = ledger.problems()
    for table in TABLES:
        assert any(f"{table}, row 1 " in problem for problem in told)


@pytest.mark.parametrize(
    ("table", "old", "new"),
    [
        ("documents", "At least 12", "At least 21"),
        ("claims", '"kind":"killing"', '"kind":"shelling"'),
        ("claims", '"low":12', '"low":2'),
        ("judgements", '"verdict":"same"', '"verdict":"different"'),
        ("reviews", '"verdict":"upheld"', '"verdict":"rejected"'),
        ("custody", '"claims":2', '"claims":1'),
        ("custody", '"origin":"a.txt"', '"origin":"b.txt"'),
        ("captures", "a" * 64, "b" * 64),
    ],
)
def test_a_changed_fact_is_named(ledger: Ledger, table: str, old: str, new: str) -> None:
    force(ledger.folder, f"UPDATE {table} SET body = replace(body, '{old}', '{new}')", table=table)  # noqa: S608
    assert any(f"{table}, row " in problem for problem in ledger.problems())


def test_a_claim_filed_elsewhere_is_named(ledger: Ledger) -> None:
    for seq, column in ((1, "document"), (2, "account")):
        force(ledger.folder, f"UPDATE claims SET {column} = 'x' WHERE seq = {seq}", table="claims")  # noqa: S608
    assert ["claims, row" in problem for problem in ledger.problems()] == [True, True]


def test_a_row_that_was_taken_out_is_missed(ledger: Ledger) -> None:
    force(ledger.folder, "DELETE FROM custody WHERE seq = 1", table="custody")
    assert any("custody: 1 of 2 rows are missing" in problem for problem in ledger.problems())


def test_a_claim_that_was_taken_off_the_end_is_missed(ledger: Ledger) -> None:
    force(ledger.folder, "DELETE FROM claims WHERE seq = 2", table="claims")
    assert any("1 of rdg-" in problem and "2 are told" in problem for problem in ledger.problems())


def test_claims_that_no_event_tells_of_are_found(ledger: Ledger) -> None:
    force(ledger.folder, "DELETE FROM custody WHERE what = 'read'", table="custody")
    assert any("0 are told by the custody record" in problem for problem in ledger.problems())


def test_a_document_without_its_capture_is_found(tmp_path: Path) -> None:
    with Ledger.create(tmp_path) as ledger:
        ledger.append(documents=[UNDATED])
        assert ["its capture" in problem for problem in ledger.problems()] == [True]


ELSEWHERE = Span(UNDATED.id, 0, 5, "Words")


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(Claim(ELSEWHERE, "other", None), id="its words"),
        pytest.param(replace(HEAD, telling=ELSEWHERE), id="its telling"),
        pytest.param(replace(HEAD, voices=(Voice("a"), Voice("b", None, ELSEWHERE))), id="its voice's words"),
        pytest.param(Claim(replace(WHOLE, end=999), "other", None), id="words past the end"),
    ],
)
def test_words_that_are_not_in_the_document_are_found(ledger: Ledger, claim: Claim) -> None:
    ledger.append(readings=[reading(maker=LATER, claims=(claim,))])
    told = ledger.problems()
    assert len(told) == 1
    assert claim.id in told[0]
    assert "should read" in told[0]


def test_a_claim_without_its_document_is_found(ledger: Ledger) -> None:
    stray = Claim(Span(DocumentId("doc-x"), 0, 1, "A"), "other", None)
    ledger.append(readings=[reading(maker=LATER, claims=(stray,))])
    assert ["its document doc-x is not there" in problem for problem in ledger.problems()] == [True]


def test_a_row_that_cannot_be_read_stops_whoever_needs_it_and_is_named(ledger: Ledger) -> None:
    force(ledger.folder, "UPDATE documents SET body = '{}'", table="documents")
    with pytest.raises(CaseDamaged, match=r"row 1 of documents .* 'tallystick verify"):
        ledger.documents()
    assert any("documents, row 1" in problem for problem in ledger.problems())


@pytest.mark.of_file
def test_a_torn_page_is_told(ledger: Ledger) -> None:
    ledger.append(events=[Event("noted", str(number), "test", "now") for number in range(300)])
    ledger.close()
    content = bytearray((ledger.folder / FILE).read_bytes())
    for page in range(4096 * 3, len(content), 4096):
        content[page : page + 64] = bytes(64)
    (ledger.folder / FILE).write_bytes(content)
    with pytest.raises(CaseDamaged), Ledger.open(ledger.folder) as opened:
        raise CaseDamaged("; ".join(opened.problems()))


def test_a_body_nested_without_end_is_named_like_any_that_cannot_be_read(ledger: Ledger) -> None:
    for read in (rows.capture, rows.document, rows.claim, rows.judgement, rows.review, rows.event):
        with pytest.raises(rows.UNREADABLE):
            read('{"id": ' * 100_000)


@pytest.mark.of_file
def test_one_document_is_found_without_looking_at_the_others(ledger: Ledger) -> None:
    """A walk asks for each document that it reads: were all looked through each time, twice as many took four times."""
    query = str(rows.standing(rows.DOCUMENTS, "x").compile(compile_kwargs={"literal_binds": True}))
    with sqlite3.connect(ledger.folder / FILE) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    connection.close()
    assert not any(step.startswith("SCAN") for step in plan), plan
