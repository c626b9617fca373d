"""What holds of a ledger on a server beside what holds of every ledger: rights, catalogue, addresses, crashes."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests_ledgers import by_hand, dump, on_server
from tests_postgres import Postgres, programs

from tallystick import ledgerplace, ledgerserver, rows
from tallystick.errors import (
    AskedWrongly,
    CaseDamaged,
    CaseReadOnly,
    NoServer,
    NoSuchCase,
    OnlyGrows,
    TallystickError,
)
from tallystick.ledger import Ledger
from tallystick.ledgerserver import Address
from tallystick.model import AccountId, Capture, CaptureId, ClaimId, Document, Event, Judgement, Maker, Review
from tallystick.turns import alone

CAPTURE = Capture(CaptureId("a" * 64), 70, "text/plain", "a.txt", "2019-05-17T10:00:00Z", "test")


def noted(number: int | str) -> Event:
    return Event("noted", str(number), "test", "now")


def fill(ledger: Ledger) -> None:
    ledger.append(
        captures=[CAPTURE],
        documents=[Document(CAPTURE.id, "a", "Twelve people were killed.")],
        judgements=[Judgement(AccountId("acc-1"), AccountId("acc-2"), "same", Maker("linker", "1"))],
        reviews=[Review(ClaimId("clm-1"), "upheld", "Anna")],
        events=[noted(0)],
    )


@pytest.fixture
def folder(postgres: Postgres, tmp_path: Path) -> Path:
    """A folder of a case whose ledger is to be on the server."""
    (tmp_path / "case.toml").write_text(f'database = "{postgres.new_case()}"\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    with Ledger.create(folder) as made:
        fill(made)
        yield made


def schema(folder: Path) -> str:
    place = ledgerplace.of(folder)
    assert isinstance(place, ledgerserver.Server)
    return place.address.schema


# ------------------------------------------------------------------------------- it only grows

CHANGES = {
    "update": "UPDATE {t} SET body = '{{}}'",
    "update of no row": "UPDATE {t} SET body = '' WHERE seq = 99",
    "delete": "DELETE FROM {t}",
    "truncate": "TRUNCATE {t}",
    "the same row again": "INSERT INTO {t} (id, about, turn, body) SELECT id, about, turn + 1, body FROM {t} WHERE seq = 1",
    "upsert": "INSERT INTO {t} (seq, id, about, turn, body) SELECT seq, id, about, turn, body FROM {t} WHERE seq = 1"
    " ON CONFLICT (seq) DO UPDATE SET body = 'x'",
    "merge": "MERGE INTO {t} USING (SELECT 1 AS n) AS one ON seq = n WHEN MATCHED THEN DELETE",
    "a row far off the end": "INSERT INTO {t} (seq, id, about, turn, body) VALUES (99, 'x', 'x', 0, 'x')",
    "a row before the first": "INSERT INTO {t} (seq, id, about, turn, body) VALUES (0, 'x', 'x', 0, 'x')",
    "a turn left out": "INSERT INTO {t} (id, about, turn, body) VALUES ('x', 'x', 1, 'x')",
    "no turn": "INSERT INTO {t} (id, about, turn, body) VALUES ('x', 'x', NULL, 'x')",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_no_row_is_ever_changed_or_removed(ledger: Ledger, change: str) -> None:
    import psycopg

    before = dump(ledger.folder)
    for table in ("captures", "reviews", "custody"):
        with pytest.raises(psycopg.errors.IntegrityError, match=f"{table} only grow: rows are appended"):
            by_hand(ledger.folder, change.format(t=table))
    assert dump(ledger.folder) == before


def test_a_session_that_leaves_out_ordinary_triggers_is_refused_too(ledger: Ledger) -> None:
    import psycopg

    with pytest.raises(psycopg.errors.IntegrityError, match="reviews only grow"):
        by_hand(ledger.folder, "SET session_replication_role = replica", "DELETE FROM reviews")


def test_the_ledger_says_so_when_it_is_asked_to_change_a_row(ledger: Ledger) -> None:
    with pytest.raises(OnlyGrows, match="append what is to stand"), ledger._begin(write=True) as connection:
        connection.exec_driver_sql("TRUNCATE reviews")


def test_what_is_read_through_cannot_be_written_through(ledger: Ledger) -> None:
    with pytest.raises(CaseReadOnly), ledger._begin() as connection:
        connection.exec_driver_sql("INSERT INTO form VALUES (3)")


BROKEN = {
    "a lost table": ("DROP TABLE {s}.claims", "its table 'claims' is missing"),
    "a lost trigger": ("DROP TRIGGER claims_only_grow_never ON {s}.claims", "claims_only_grow_never"),
    "a trigger set aside": ("ALTER TABLE {s}.claims DISABLE TRIGGER USER", "claims_only_grow_"),
    "a trigger for some": ("ALTER TABLE {s}.claims ENABLE TRIGGER claims_only_grow_next", "claims_only_grow_next"),
    "a weakened function": (
        "CREATE OR REPLACE FUNCTION {s}.claims_only_grow_never() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "claims_only_grow_never",
    ),
    "another trigger": (
        "CREATE TRIGGER quiet BEFORE INSERT ON {s}.claims FOR EACH ROW EXECUTE FUNCTION {s}.claims_only_grow_next()",
        "the trigger 'quiet', which is no part",
    ),
    "a rule": ("CREATE RULE hush AS ON INSERT TO {s}.reviews DO INSTEAD NOTHING", "the rule 'hush'"),
    "another table": ("CREATE TABLE {s}.hidden (body text)", "the table 'hidden'"),
    "a view": ("CREATE VIEW {s}.seen AS SELECT 1", "'seen'"),
    "a table that a crash empties": ("ALTER TABLE {s}.reviews SET UNLOGGED", "another table 'reviews'"),
    "rows hidden from some": ("ALTER TABLE {s}.reviews ENABLE ROW LEVEL SECURITY", "another table 'reviews'"),
    "rows of another table": ("CREATE TABLE public.more () INHERITS ({s}.reviews)", "another table 'reviews'"),
    "a lost index": ("DROP INDEX {s}.claims_by_document", "claims_by_document"),
    "a column more": ("ALTER TABLE {s}.claims ADD COLUMN mood text", "another table 'claims'"),
    "a later form": ("UPDATE {s}.form SET form = 99", "newer Tallystick"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_what_was_done_to_the_tables_is_told(
    ledger: Ledger, postgres: Postgres, statement: str, said: str
) -> None:
    postgres.ask(statement.format(s=schema(ledger.folder)))
    try:
        for write in (False, True):
            with pytest.raises(CaseDamaged, match=said):
                Ledger.open(ledger.folder, write=write)
    finally:
        postgres.ask("DROP TABLE IF EXISTS public.more")


# ------------------------------------------------------------------------- as it is in a file

words = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0\1\2"), max_size=6)
told = st.lists(st.builds(Event, words, words, words, words, words), max_size=6)


@given(st.lists(told, max_size=3))
@settings(max_examples=15)
def test_both_hold_the_same_rows_and_give_the_same_answers(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, batches: list[list[Event]]
) -> None:
    """Whatever letters there are: no character is lost, and texts sort by their bytes."""
    found = []
    for server in (False, True):
        folder = tmp_path_factory.mktemp("case")
        if server:
            (folder / "case.toml").write_text(f'database = "{postgres.new_case()}"', encoding="utf-8")
        with Ledger.create(folder, clock=lambda: "now") as ledger:
            for batch in batches:
                named = [Document(CaptureId(each.by), each.what, "text") for each in batch]
                ledger.append(events=batch, documents=named)
            there = {place: dict(row) for place, row in ledger.rows().items()}
            found.append((there, ledger.documents(), ledger.events(), ledger.head(), ledger.extent()))
            ledger.copy(folder / "copy")
    assert found[0] == found[1]


def test_names_longer_than_a_page_of_an_index_are_stored(ledger: Ledger) -> None:
    long = "".join(chr(0x4E00 + n % 20000) for n in range(9000))
    ledger.append(documents=[Document(CAPTURE.id, long, "text")], events=[noted(long)])
    assert ledger.append(events=[noted(long)]).events == 0
    assert long in {each.name for each in ledger.documents()}


def test_a_copy_is_a_file_with_the_same_rows(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    ledger.copy(tmp_path / "copy" / "ledger.sqlite")
    with Ledger.still(tmp_path / "copy") as copy:
        assert copy.rows() == ledger.rows()
        assert copy.problems() == []
        assert copy.head() == ledger.head()


# ------------------------------------------------------------------------------- where it is


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///tally?case=aleppo_2016",
        "postgresql://db.example.org/tally?case=a",
        "postgresql://anna@db.example.org:5433/tally?sslmode=verify-full&case=a",
        "postgresql://[::1]/tally?case=a",
        "postgresql:///tally?host=/run/postgresql&case=a",
    ],
)
def test_an_address_is_spelt_as_it_was_read(url: str) -> None:
    assert str(Address.read(url)) == url
    assert Address.read(str(Address.read(url))) == Address.read(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://anna:secret@host/tally?case=a", "password"),
        ("postgresql://host/tally", r"\?case="),
        ("postgresql://host/tally?case=A-b", r"\?case="),
        ("postgresql://host/tally?case=a;drop", r"\?case="),
        ("postgresql://host/?case=a", "postgresql://HOST"),
        ("mysql://host/tally?case=a", "postgresql://HOST"),
        ("host/tally?case=a", "postgresql://HOST"),
        ("postgresql://host:port/tally?case=a", "cannot be read"),
        ("postgresql://host/tally?case=a&passfile=/etc/passwd", "'passfile'"),
        ("postgresql://host/tally?case=a&options=-csearch_path", "'options'"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(AskedWrongly, match=said) as refused:
        Address.read(url)
    assert "secret" not in str(refused.value)
    (tmp_path / "case.toml").write_text(f'database = "{url}"', encoding="utf-8")
    with pytest.raises(AskedWrongly, match=said):
        Ledger.open(tmp_path)


def test_a_password_goes_to_the_server_that_it_is_for_and_to_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ledgerserver.ENVIRONMENT, "postgresql://anna:p%40ss@db.example.org/tally")
    there = Address.read("postgresql://db.example.org:5432/tally?case=a").parameters()
    assert (there["user"], there["password"]) == ("anna", "p@ss")
    for other in ("evil.example.org/tally", "db.example.org:99/tally", "db.example.org/other"):
        assert "password" not in Address.read(f"postgresql://{other}?case=a").parameters()
    behind = Address.read("postgresql://db.example.org/tally?host=evil.example.org&case=a").parameters()
    assert "password" not in behind


def test_without_the_driver_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(AskedWrongly, match=r"pip install 'tallystick\[postgres\]'"):
        Ledger.open(folder)


def test_a_server_that_is_away_and_a_case_that_is_not_there_are_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSuchCase, match="is not there"):
        Ledger.open(folder)
    (folder / "captures" / "ab").mkdir(parents=True)
    for ask in (Ledger.open, Ledger.create):
        with pytest.raises(CaseDamaged, match="holds captures, but its ledger is not at"):
            ask(folder)
    for url in (
        f"postgresql:///x?host={tmp_path}&case=a",
        str(ledgerplace.of(folder).where).replace("postgres?", "none?"),
    ):
        (folder / "case.toml").write_text(f'database = "{url}"', encoding="utf-8")
        with pytest.raises(NoServer, match="cannot be reached"):
            Ledger.open(folder)


def test_who_may_only_look_can_look_and_is_told_so(ledger: Ledger, postgres: Postgres) -> None:
    names = schema(ledger.folder)
    postgres.ask("DROP ROLE IF EXISTS looker")
    postgres.ask("CREATE ROLE looker LOGIN")
    postgres.ask(f"GRANT USAGE ON SCHEMA {names} TO looker")
    postgres.ask(f"GRANT SELECT ON ALL TABLES IN SCHEMA {names} TO looker")
    told = (ledger.folder / "case.toml").read_text(encoding="utf-8").replace("tally@", "looker@")
    (ledger.folder / "case.toml").write_text(told, encoding="utf-8")
    try:
        with Ledger.open(ledger.folder, write=True) as other:
            assert other.reviews() == ledger.reviews()
            assert other.problems() == []
            with pytest.raises(CaseReadOnly, match="ask whoever looks after the server"):
                other.append(events=[noted(1)])
            postgres.ask(f"GRANT INSERT ON ALL TABLES IN SCHEMA {names} TO looker")
            assert other.append(events=[noted(1)]).events == 1, "to decide takes no more"
            with pytest.raises(TallystickError), other._begin(write=True) as connection:
                connection.exec_driver_sql("ALTER TABLE reviews DISABLE TRIGGER USER")
    finally:
        postgres.ask("DROP OWNED BY looker")
        postgres.ask("DROP ROLE looker")


def test_what_is_acknowledged_is_on_disk_whatever_the_server_is_set_to(
    ledger: Ledger, postgres: Postgres
) -> None:
    postgres.ask("ALTER ROLE tally SET synchronous_commit = off")
    try:
        with Ledger.open(ledger.folder, write=True) as other, other._begin(write=True) as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
    finally:
        postgres.ask("ALTER ROLE tally RESET synchronous_commit")


@pytest.mark.skipif(not (programs() and (programs() / "pg_dump").exists()), reason="needs pg_dump")
def test_a_dump_comes_back_as_a_whole_ledger(ledger: Ledger, postgres: Postgres) -> None:
    whole, schema_name = ledger.rows(), schema(ledger.folder)
    ledger.close()
    dumped = postgres.run("pg_dump", "-h", str(postgres.folder), "-U", "tally", "-n", schema_name, "postgres")
    postgres.ask(f"DROP SCHEMA {schema_name} CASCADE")
    postgres.run("psql", "-h", str(postgres.folder), "-U", "tally", "-q", "postgres", said=dumped)
    with Ledger.open(ledger.folder, write=True) as again:
        assert again.rows() == whole
        assert again.problems() == []
        assert again.append(events=[noted("after")]).events == 1


# ------------------------------------------------------------------------------- several at once


def together(*works: Callable[[], Any]) -> None:
    """Do all of these at once; raises what one raised."""
    faults: list[BaseException] = []

    def carried(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as fault:  # noqa: BLE001 - told below
            faults.append(fault)

    threads = [threading.Thread(target=carried, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_many_that_make_one_ledger_get_one(folder: Path) -> None:
    together(*[lambda: Ledger.create(folder).close()] * 8)
    with Ledger.open(folder) as ledger:
        assert ledger.problems() == []


@pytest.fixture(params=["file", "server"])
def either(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ledger]:
    if request.param == "server":
        on_server(monkeypatch, request.getfixturevalue("postgres"))
    with Ledger.create(tmp_path) as made:
        yield made


def test_threads_that_append_and_read_through_one_ledger_lose_nothing(either: Ledger) -> None:
    def append(who: int) -> None:
        for n in range(25):
            assert either.append(events=[noted(f"{who} {n}")]).events == 1

    def read() -> None:
        for _ in range(25):
            seq, chain = either.head()
            assert either.chain_at(seq) == chain if seq else True

    together(*[lambda who=who: append(who) for who in range(6)], *[read] * 4)
    assert sorted(each.item for each in either.events()) == sorted(
        f"{w} {n}" for w in range(6) for n in range(25)
    )
    assert either.problems() == []


def test_two_programs_that_append_wait_for_each_other(either: Ledger) -> None:
    with Ledger.open(either.folder, write=True) as other:
        together(*[
            lambda one=one, who=who: [one.append(events=[noted(f"{who} {n}")]) for n in range(30)]
            for who, one in enumerate((either, other))
        ])  # fmt: skip
    assert len(either.events()) == 60
    assert either.problems() == []


def test_a_reader_waits_for_no_writer(either: Ledger) -> None:
    either.append(events=[noted(0)])
    with either._begin(write=True) as connection:
        unfinished = rows.row(noted(1)) | {"seq": 2, "turn": 0, "body": rows.encode(noted(1)), "chain": "x"}
        connection.execute(rows.CUSTODY.insert(), unfinished)
        began = time.monotonic()
        together(lambda: either.events(), lambda: either.head())
        assert time.monotonic() - began < 5
        assert len(either.events()) == 1
    assert len(either.events()) == 2


def test_the_turn_in_a_case_is_kept_among_machines_by_the_server(
    ledger: Ledger, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Two folders stand for one folder that two machines see, whose locks do not reach each other."""
    other = tmp_path_factory.mktemp("seen")
    (other / "case.toml").write_bytes((ledger.folder / "case.toml").read_bytes())
    order: list[str] = []

    def second() -> None:
        with alone(other / "captures"):
            order.append("second")

    with alone(ledger.folder / "captures"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
