"""Killed or out of room at any step, a case holds, and a second run completes it: nothing lost, nothing twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tests_stops

from tallystick import case as rooms
from tallystick import chain, dossier, naming, turns
from tallystick.case import Case
from tallystick.errors import CaseReadOnly
from tallystick.ledger import FILE
from tallystick.model import Record

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
MOMENTS = 24

Walk = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    """Walks in a process of its own, disturbed as asked."""
    program = subprocess.Popen(
        [sys.executable, tests_stops.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None
    assert program.stdout is not None
    told, said = program.stdin, program.stdout

    def ask(case: Path, step: int = 0, how: str = "", lists: bool = True) -> dict[str, Any]:
        base = case.parent
        asked = {"case": str(case), "reports": str(base / "reports"), "step": step, "how": how}
        told.write(json.dumps(asked | {"lists": [str(base / "own.csv")] if lists else []}) + "\n")
        told.flush()
        return dict(json.loads(said.readline()))

    yield ask
    told.close()
    program.wait()
    said.close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder with reports of several kinds, one of them broken, two of the same bytes, and a list of places."""
    reports = tmp_path / "reports"
    reports.mkdir()
    for name in ("a", "b"):
        record = {
            "id": name,
            "text": f"Report {name} tells of an air strike on Solem.",
            "published": "2019-05-17",
        }
        (reports / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    shutil.copyfile(reports / "a.json", reports / "same.json")
    (reports / "broken.json").write_text('{"id": "broken"', encoding="utf-8")
    (tmp_path / "own.csv").write_text(
        "name,country,latitude,longitude\nSolem,Syria,36,37\n", encoding="utf-8"
    )
    return tmp_path


def held(case: Path) -> dict[str, Any]:
    """All rows, and all other files with their bytes.

    But for the event that the manifest was missing, which only a case tells of that was cut short: so events
    are told without their places, and without the chain and what rows they cover, which ``flaws`` looks at:
    where a capture finds no room and the ledger still does, rows come in two portions. And but for the page
    that tells how far the record had come, with the digest of the dossier that it is in.
    """
    ledger = sqlite3.connect(case / FILE)
    names = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: ledger.execute(f"SELECT * FROM {name} ORDER BY seq").fetchall() for name in sorted(names)}  # noqa: S608
    shown = "SELECT about, turn, body FROM custody WHERE what NOT IN ('unlisted', 'exported') ORDER BY seq"
    rows["custody"] = [(about, turn, chain.bare(body)) for about, turn, body in ledger.execute(shown)]
    ledger.close()
    files = {path.relative_to(case): path for path in case.rglob("*") if path.is_file()}
    # The same rows may lie in other pages of the file.
    apart = (FILE, "manifest.sha256", "dossier/method.html")
    return rows | {
        str(name): path.read_bytes() for name, path in files.items() if not str(name).startswith(apart)
    }


def flaws(case: Path) -> list[str]:
    return list(rooms.verify(case).problems) if (case / FILE).exists() else []


@pytest.mark.parametrize("how", ["kill", "full"])
def test_stopped_at_any_step_a_case_holds_and_a_second_run_completes_it(
    walk: Walk, base: Path, how: str
) -> None:
    case = base / "case"
    whole, stopped, errors = walk(case), 0, set()
    assert whole["error"] is None
    shutil.rmtree(case)
    steps = walk(case, how="count")["steps"]
    due = held(case)
    assert flaws(case) == []
    chance = random.Random(f"{how} 6")  # noqa: S311 - to be drawn again, not to be secret
    for step in [1, 2, steps, *chance.sample(range(3, steps), MOMENTS)]:
        shutil.rmtree(case)
        ended = walk(case, step, how)
        stopped += bool(ended["killed"] or ended["error"])
        errors.add(ended["error"] or "")
        assert flaws(case) == [], step
        again = walk(case)
        assert (again["error"], again["killed"]) == (None, False), step
        assert held(case) == due, step
        assert flaws(case) == [], step
    assert stopped > MOMENTS / 2
    assert not [error for error in errors if error.startswith("unsaid")]
    if how == "full":
        assert any("make room" in error for error in errors)


def test_killed_again_and_again_a_case_still_gets_there(walk: Walk, base: Path) -> None:
    walk(base / "case")
    due = held(base / "case")
    shutil.rmtree(base / "case")
    chance, kills = random.Random(6), 0  # noqa: S311 - to be drawn again, not to be secret
    while walk(base / "case", chance.randrange(60, 200), "kill")["killed"]:
        kills += 1
        assert flaws(base / "case") == []
    assert kills > 1
    assert held(base / "case") == due


def test_two_commands_that_add_the_same_reports_at_once_do_it_once(base: Path) -> None:
    for n in range(20):
        (base / "reports" / f"r{n:02}.txt").write_text(f"Report {n} of a strike on Solem.", encoding="utf-8")
    with Case.make(base / "once") as case:
        case.add([base / "reports"])
        due = len(case._ledger.events())
    code = "import sys; from pathlib import Path; from tallystick.case import Case; "
    code += "case = Case.make(Path(sys.argv[2])); input(); case.add([Path(sys.argv[1])]); case.close()"
    command = [sys.executable, "-c", code, str(base / "reports"), str(base / "case")]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(2)]
    threads = [threading.Thread(target=each.communicate, args=("\n",)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.returncode for each in both] == [0, 0]
    with Case.open(base / "case") as case:
        assert len(case._ledger.events()) == due
        assert len(case._ledger.events("received")) == 24
    assert flaws(base / "case") == []


def test_who_has_the_turn_is_waited_for(base: Path) -> None:
    Case.make(base / "case").close()
    done: list[str] = []

    def second() -> None:
        with turns.alone(base / "case" / "captures"):
            done.append("second")

    with turns.alone(base / "case" / "captures"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        done.append("first")
    thread.join()
    assert done == ["first", "second"]


def test_what_interrupted_commands_left_is_cleared_away(base: Path) -> None:
    case = base / "case"
    Case.make(case).close()
    (case / f"{FILE}.123.new").write_text("draft", encoding="utf-8")
    (case / "case.toml.new").write_text("draft", encoding="utf-8")
    (case / "captures" / ".new-x").write_text("half", encoding="utf-8")
    for folder in (".dossier.new", ".dossier.old", "lists/.new-x"):
        (case / folder).mkdir(parents=True)
        (case / folder / "half").write_text("half", encoding="utf-8")
    (case / "dossier").mkdir()
    with Case.open(case, write=True) as opened:
        opened.add([base / "reports"])
    left = [
        str(path.relative_to(case)) for path in case.rglob("*") if "new" in path.name or "old" in path.name
    ]
    assert left == []


def test_a_dossier_between_its_two_names_is_put_back(base: Path) -> None:
    case = base / "case"
    Case.make(case).close()
    (case / ".dossier.old").mkdir()
    (case / ".dossier.old" / "index.html").write_text("whole", encoding="utf-8")
    with Case.open(case, write=True) as opened:
        opened.add([base / "reports"])
    assert (case / "dossier" / "index.html").read_text(encoding="utf-8") == "whole"


def test_a_standing_list_is_not_harmed_by_taking_it_in_again(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Case.make(base / "case") as case:
        case.add_list(base / "own.csv")

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(naming.shutil, "copyfile", full)
        case.add_list(base / "own.csv")
        assert case.verify().problems == ()
        (base / "other.csv").write_text(
            "name,country,latitude,longitude\nOrveth,Syria,36,37\n", encoding="utf-8"
        )
        with pytest.raises(CaseReadOnly, match="make room"):
            case.add_list(base / "other.csv")
        assert case.verify().problems == ()


@pytest.mark.parametrize("write", [dossier.write, dossier.export])
def test_a_dossier_cut_short_leaves_the_one_before(base: Path, write: Callable[[Record, Path], Any]) -> None:
    """Whatever stops it, at whichever file: the former folder stands, and the next writes it anew."""
    record, folder = Record("case", (), (), (), (), (), ()), base / "shown"
    write(record, folder)
    before = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert before
    for name in ("write_bytes", "open", "mkdir"):
        for after in range(3):
            child = os.fork()
            if not child:
                left, real = [after], getattr(Path, name)

                def call(
                    *arguments: Any, left: list[int] = left, real: Callable[..., Any] = real, **options: Any
                ) -> Any:
                    left[0] -= 1
                    if left[0] < 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return real(*arguments, **options)

                setattr(Path, name, call)
                write(record, folder)
                os._exit(0)
            os.waitpid(child, 0)
            assert {p.name: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    write(record, folder)
    assert sorted(path.name for path in base.iterdir()) == ["own.csv", "reports", "shown"]
