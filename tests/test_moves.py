"""A ledger goes to a server and back with all it holds; on the server every room works; and a crash loses nothing."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from tests_ledgers import dump, force
from tests_postgres import Postgres, running

from tallystick import case as rooms
from tallystick import custody, ledgerplace, moves
from tallystick.case import Case
from tallystick.errors import AskedWrongly, CaseDamaged, NoServer, TallystickError
from tallystick.evidence import keys
from tallystick.expunge import ToExpunge
from tallystick.ledger import FILE, Ledger
from tallystick.ledgerfile import MOVED
from tallystick.ledgerserver import Server
from tallystick.model import Event
from tallystick.moves import move

REPORT = "At least {n} people were killed in an air strike on the town of Solem on 17 May 2019, Ann Lee said."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case in a file, to be copied."""
    base = tmp_path_factory.mktemp("base")
    for n in (12, 15):
        (base / f"r{n}.txt").write_text(REPORT.format(n=n), encoding="utf-8")
    with Case.make(base / "case") as case:
        case.run([base / "r12.txt", base / "r15.txt"])
    return base / "case"


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


@pytest.fixture
def moved(folder: Path, postgres: Postgres) -> Path:
    move(folder, postgres.new_case())
    return folder


@pytest.fixture
def durable() -> Iterator[Postgres]:
    """A server as people run it, with every commit on disk."""
    with running(safe=True) as server:
        yield server


def names(folder: Path) -> set[str]:
    return {each.name for each in folder.iterdir()}


# ---------------------------------------------------------------------------------- there and back


def test_a_ledger_goes_there_and_back_with_all_it_holds(folder: Path, postgres: Postgres) -> None:
    before, url = dump(folder), postgres.new_case()
    done = move(folder, url)
    assert done.head[0] == len(before["custody"])
    there = dump(folder)
    assert isinstance(ledgerplace.of(folder), Server)
    assert {name: there[name][: len(before[name])] for name in before} == before
    with Case.open(folder) as case:
        assert [event.what for event in case.ledger.events(after=done.head[0])] == ["moved", "settled"]
        assert case.ledger.events("moved")[0].facts == {
            "from": FILE, "to": url, "seq": done.head[0], "chain": done.head[1],
        }  # fmt: skip
    assert rooms.verify(folder).problems == ()
    assert FILE not in names(folder)
    assert MOVED in names(folder)
    back = move(folder, "sqlite")
    again = dump(folder)
    assert {name: again[name][: len(there[name])] for name in there} == there
    assert rooms.verify(folder).problems == ()
    assert MOVED not in names(folder)
    assert "database" not in (folder / "case.toml").read_text(encoding="utf-8")
    assert postgres.ask("SELECT COUNT(*) FROM custody", back.put_by) == [(len(there["custody"]),)]
    move(folder, url)  # the same name is free again
    assert rooms.verify(folder).problems == ()


def test_every_room_works_on_a_server(moved: Path, made: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text(REPORT.format(n=20).replace("17 May", "19 May"), encoding="utf-8")
    with Case.open(moved, write=True) as case, Case.open(made) as before:
        assert case.record() == before.record()
        ran = case.run([tmp_path / "new.txt"])
        assert ran.added.documents == 1
        assert ran.index.is_file()
        assert case.verify().problems == ()
    assert rooms.verify(moved).problems == ()
    with Case.open(moved, write=True) as case:
        assert custody.settled(case.ledger) is not None
    assert names(moved) >= {"manifest.sha256"}


def test_a_case_may_begin_on_a_server(tmp_path: Path, postgres: Postgres) -> None:
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "case.toml").write_text(f'database = "{postgres.new_case()}"\n', encoding="utf-8")
    (tmp_path / "new.txt").write_text(REPORT.format(n=20), encoding="utf-8")
    with Case.make(folder) as case:
        assert case.add([tmp_path / "new.txt"]).documents == 1
    assert rooms.verify(folder).problems == ()
    assert FILE not in names(folder)


def test_what_is_there_already_or_another_is_not_written_over(
    folder: Path, moved: Path, postgres: Postgres, tmp_path: Path, made: Path
) -> None:
    with pytest.raises(AskedWrongly, match="there already"):
        move(moved, str(ledgerplace.of(moved).where))
    other = Path(shutil.copytree(made, tmp_path / "other"))
    with Case.open(other, write=True) as case:
        case.ledger.append(events=[Event("noted", "x", "test", "now")])
    before, whole = dump(moved), dump(other)
    with pytest.raises(AskedWrongly, match="the ledger of another case"):
        move(other, str(ledgerplace.of(moved).where))
    assert dump(moved) == before
    assert {name: dump(other)[name] for name in ("captures", "claims")} == {
        name: whole[name] for name in ("captures", "claims")
    }
    with pytest.raises(AskedWrongly, match="there already"):
        move(other, "sqlite")
    with pytest.raises(AskedWrongly, match="bring it back first"):
        move(moved, postgres.new_case())


def test_a_ledger_that_is_not_whole_does_not_move(folder: Path, postgres: Postgres) -> None:
    force(folder, "UPDATE claims SET body = replace(body, '12', '21') WHERE seq = 1")
    with pytest.raises(CaseDamaged, match="nothing is moved that is not whole"):
        move(folder, postgres.new_case())
    assert FILE in names(folder)


def test_nothing_moves_while_somebody_else_writes(folder: Path, postgres: Postgres) -> None:
    with Case.open(folder, write=True), pytest.raises(TallystickError, match="another command writes"):
        move(folder, postgres.new_case())
    assert FILE in names(folder)


def test_a_server_that_is_away_moves_nothing(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NoServer):
        move(folder, f"postgresql:///x?host={tmp_path}&case=a")
    assert rooms.verify(folder).problems == ()
    with Case.open(folder, write=True) as case:
        case.ledger.append(events=[Event("noted", "x", "test", "now")])


class Stopped(BaseException):
    """As a kill ends it: nothing that waits for errors sees it."""


@pytest.mark.parametrize("where", ["moving.carry", "_names", "os.replace", "custody.settle"])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("back", [False, True])
def test_stopped_anywhere_the_case_holds_and_the_next_try_completes_it(
    folder: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, where: str, after: bool, back: bool
) -> None:
    url = postgres.new_case()
    if back:
        move(folder, url)
    rows = dump(folder)
    to = "sqlite" if back else url
    holder: object = moves
    *path, name = where.split(".")
    for each in path:
        holder = getattr(holder, each)
    was: Callable[..., object] = getattr(holder, name)

    def stop(*told: object, **more: object) -> object:
        if not after:
            raise Stopped
        was(*told, **more)
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(holder, name, stop)
        with pytest.raises(Stopped):
            move(folder, to)
    with Case.open(folder) as case:
        assert case.ledger.problems() == []
        arrived = isinstance(case.ledger.place, Server) is not back
    if not arrived or FILE in names(folder):
        with pytest.raises(AskedWrongly, match="there already") if arrived and back else nullcontext():
            move(folder, to)
    with Case.open(folder, write=True) as case:
        assert isinstance(case.ledger.place, Server) is not back
    now = dump(folder)
    assert {name: now[name][: len(rows[name])] for name in rows} == rows
    assert rooms.verify(folder).problems == ()


# ------------------------------------------------------------------------------- sealed, expunged


def test_a_sealed_case_holds_its_ledger_in_a_file(moved: Path, tmp_path: Path) -> None:
    keys.make("harrow", tmp_path / "keys")
    signer = keys.unlock("harrow", tmp_path / "keys")
    with Case.open(moved, write=True) as case:
        case.seal(tmp_path / "case.wacz", signer)
        whole = case.ledger.rows()
    assert rooms.verify(moved).problems == ()
    shutil.unpack_archive(tmp_path / "case.wacz", tmp_path / "out", "zip")
    with Ledger.still(tmp_path / "out" / "tallystick") as copy:
        assert copy.rows().items() <= whole.items()
        assert copy.problems() == []


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "sqlite3", "sha256sum"))), reason="needs bash and sqlite3"
)
def test_the_script_of_standard_tools_agrees_with_a_copy(moved: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(moved, tmp_path / "copy"))
    with Case.open(moved) as case:
        case.ledger.copy(copy / FILE)
    (copy / "manifest.sha256").unlink()  # it tells of the folder without the ledger
    script = Path(__file__).parent.parent / "docs" / "verify.sh"
    done = subprocess.run(["bash", script, copy], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "DOES NOT HOLD" not in done.stdout


def test_a_name_that_is_expunged_is_gone_from_the_tables_their_files_and_the_folder(
    folder: Path, durable: Postgres
) -> None:
    def on_disk() -> bool:
        durable.ask("CHECKPOINT")
        base = durable.folder / "data" / "base"
        return any(b"Ann Lee" in path.read_bytes() for path in base.rglob("*") if path.is_file())

    move(folder, durable.new_case())
    durable.ask("ANALYZE")
    assert on_disk()
    asked = ToExpunge((), "Ann Lee", "M. Reed", "T. Okoro", "at risk")
    with Case.open(folder, write=True) as case:
        done = case.expunge(asked)
        assert done.left == ()
    assert "Ann Lee" not in str(dump(folder))
    assert not on_disk()
    assert MOVED not in names(folder)
    assert rooms.verify(folder).problems == ()
    move(folder, "sqlite")
    assert rooms.verify(folder).problems == ()


def test_verify_names_what_lies_beside_and_what_was_taken_off(moved: Path) -> None:
    shutil.copyfile(moved / MOVED, moved / FILE)
    assert any("lies beside a ledger on a server" in told for told in rooms.verify(moved).problems)
    (moved / FILE).unlink()
    force(moved, "DELETE FROM claims WHERE seq = 2")
    assert any("claims" in told for told in rooms.verify(moved).problems)


def test_settings_that_lead_to_another_ledger_are_found(moved: Path, postgres: Postgres) -> None:
    """Whoever can write in the folder could let it name a ledger of another past: the record names the place."""
    place = ledgerplace.of(moved)
    assert isinstance(place, Server)
    told = (moved / "case.toml").read_text(encoding="utf-8")
    (moved / "case.toml").write_text(told.replace("tally@", "postgres@"), encoding="utf-8")
    postgres.ask("DROP ROLE IF EXISTS postgres")
    postgres.ask("CREATE ROLE postgres SUPERUSER LOGIN")
    try:
        problems = rooms.verify(moved).problems
    finally:
        postgres.ask("DROP ROLE postgres")
    assert any("case.toml: database is" in problem for problem in problems)


# ------------------------------------------------------------------------------------- kill -9

CLIENT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from tallystick.ledger import Ledger
    from tallystick.model import Event

    with Ledger.open(Path(sys.argv[1]), write=True) as ledger:
        for n in range(100_000):
            ledger.append(events=[Event("noted", f"{sys.argv[2]} {n}", "test", "now")])
            print(n, flush=True)
    """
)


def test_a_killed_program_loses_nothing_that_was_acknowledged(moved: Path) -> None:
    said = {}
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(moved), str(who)], stdout=subprocess.PIPE, text=True
        )
        for who in range(2)
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "0\n"
    time.sleep(0.3)
    for who, program in enumerate(programs):
        program.send_signal(signal.SIGKILL)
        said[who] = len(program.communicate()[0].split()) + 1
    assert all(number > 5 for number in said.values())
    with Ledger.open(moved, write=True) as ledger:
        told = [event.item for event in ledger.events("noted")]
        for who, number in said.items():
            mine = [item for item in told if item.startswith(f"{who} ")]
            assert mine == [f"{who} {n}" for n in range(len(mine))]
            assert len(mine) in (number, number + 1)
        assert ledger.problems() == []


def test_a_killed_server_loses_nothing_that_was_acknowledged(folder: Path, durable: Postgres) -> None:
    move(folder, durable.new_case())
    assert not any("fsync" in note for each in rooms.verify(folder).outcomes for note in each.notes)
    said: list[str] = []
    with Ledger.open(folder, write=True) as ledger:

        def append(who: int) -> None:
            for n in range(100_000):
                try:
                    ledger.append(events=[Event("noted", f"{who} {n}", "test", "now")])
                except TallystickError:
                    return
                said.append(f"{who} {n}")

        threads = [threading.Thread(target=append, args=(who,)) for who in range(3)]
        for thread in threads:
            thread.start()
        while len(said) < 60:
            time.sleep(0.01)
        durable.kill()
        for thread in threads:
            thread.join()
        durable.start()
        told = [event.item for event in ledger.events("noted")]  # whoever has the case open goes on
        assert set(said) <= set(told)
        assert len(told) == len(set(told))
        assert len(told) <= len(said) + 3
        assert ledger.problems() == []
        ledger.append(events=[Event("noted", "after", "test", "now")])
        durable.stop()
        durable.start()  # and where nobody had noticed, too
        ledger.append(events=[Event("noted", "after", "test", "later")])
    assert rooms.verify(folder).problems == ()
