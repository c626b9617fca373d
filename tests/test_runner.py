"""Whoever carries the work, the same comes of it: in order, each with its answer or what came instead."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from operator import truediv
from pathlib import Path
from typing import Any

import pytest
from tests_ledgers import dump

from tallystick import intake
from tallystick.case import Case
from tallystick.errors import CaseDamaged, EmptyReport
from tallystick.runner import Pool

MOMENT = "2019-05-17T00:00:00.000Z"
EXAMPLE = Path(__file__).parent.parent / "examples" / "harrow-valley"


HALVED = partial(truediv, 10)  # what another process finds by its name, wherever the tests lie


class Eager:
    """A runner that asks for all things before it gives the first answer, and packs nothing."""

    def __init__(self) -> None:
        self.carried: list[str] = []

    def map(self, work: Callable[[Any], Any], items: Any, named: Callable[[Any], str]) -> Iterator[Any]:
        for item in list(items):
            self.carried.append(named(item))
            try:
                yield item, work(item)
            except Exception as error:  # noqa: BLE001 - it is the answer
                yield item, error


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_thing_comes_with_its_answer_or_what_came_instead(jobs):
    items = [*range(20)]
    done = list(Pool(jobs).map(HALVED, iter(items), str))
    assert [item for item, _ in done] == items
    assert isinstance(done[0][1], ZeroDivisionError)
    assert [answer for _, answer in done[1:]] == [10 / n for n in items[1:]]


def test_things_are_asked_for_little_by_little():
    asked = []

    def endless() -> Iterator[int]:
        n = 0
        while True:
            asked.append(n)
            yield n
            n += 1

    done = Pool(1).map(str, endless(), str)
    assert next(done) == (0, "0")
    assert len(asked) < 50
    done.close()


def walked(folder: Path, runner: Any, *reports: Path) -> tuple[Any, dict[str, bytes]]:
    """All rows of the ledger and all bytes that leave, of a case walked through."""
    with Case.make(folder / "case", clock=lambda: MOMENT) as case:
        case.runner = runner
        case.run(reports, jobs=1)
        case.export(folder / "export")
    told = [*(folder / "case" / "dossier").rglob("*"), *(folder / "export").rglob("*")]
    return dump(folder / "case"), {
        str(path.relative_to(folder)): path.read_bytes() for path in told if path.is_file()
    }


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows go to the ledger in portions that do not hang on how busy the machine is."""
    monkeypatch.setattr(intake, "SECONDS", 600.0)


def test_a_runner_changes_no_row_and_no_byte(tmp_path, steady, monkeypatch):
    (tmp_path / "broken.json").write_text('{"id": "broken"', encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "spoilt.txt").write_text("Two people were wounded in Orveth on Monday.", encoding="utf-8")
    (tmp_path / "spoilt.txt.meta.json").write_text("[", encoding="utf-8")
    reports = (
        tmp_path / "broken.json",
        EXAMPLE,
        tmp_path / "empty.txt",
        tmp_path / "spoilt.txt",
    )
    monkeypatch.setattr("tallystick.incidents.cutting.SIZE", 5)
    monkeypatch.setattr("tallystick.incidents.tables.SLICE", 7)
    eager = Eager()
    assert walked(tmp_path / "a", None, *reports) == walked(tmp_path / "b", eager, *reports)
    assert {"2019-05-16 to 2019-05-17", "no day told"} & {*eager.carried}  # windows
    assert any(name.endswith("letter-from-solem.txt") for name in eager.carried)  # captures
    assert any(name.startswith("inc-") for name in eager.carried)  # incidents


def test_a_second_walk_compares_only_what_is_new(tmp_path, steady):
    with Case.make(tmp_path / "case", clock=lambda: MOMENT) as case:
        case.runner = Eager()
        case.run([EXAMPLE])
        assert case.link().pairs == 0
        line = {
            "id": "new",
            "published": "2019-05-18",
            "text": "At least 12 people were killed in an air strike on the market of Kelvach on Thursday, the hospital said.",
        }
        (tmp_path / "new.json").write_text(json.dumps(line), encoding="utf-8")
        case.add([tmp_path / "new.json"])
        case.read()
        rows = case.link()
    with Case.make(tmp_path / "other", clock=lambda: MOMENT) as other:
        other.run([EXAMPLE], jobs=1)
        other.add([tmp_path / "new.json"])
        other.read()
        assert other.link() == rows
    assert rows.pairs > 0


def test_what_a_worker_cannot_see_is_no_fact_about_the_report(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("Two people were wounded in Orveth on Monday.", encoding="utf-8")
    with Case.make(tmp_path / "case") as case:
        case.runner = Eager()
        monkeypatch.setattr(intake.os, "access", lambda path, how: False)
        with pytest.raises(CaseDamaged, match="do all workers see") as told:
            case.add([tmp_path / "a.txt"])
        assert "a.txt" in told.value.__notes__[0]
        assert case.record().refusals == ()


def test_a_script_that_works_while_it_is_read_is_told_of_the_guard_that_it_lacks(tmp_path):
    work = """
from operator import truediv
from functools import partial
from tallystick.runner import Pool
print([answer for _, answer in Pool(2).map(partial(truediv, 1), range(1, 40), str)][0])
"""
    script = tmp_path / "mine.py"
    script.write_text(work, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "in mine.py, the work must stand under 'if __name__ == \"__main__\":'" in done.stderr
    guarded = work.replace("print", "if __name__ == '__main__':\n    print")
    script.write_text(guarded, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (0, "1.0\n")


def test_a_fault_keeps_no_other_file_out(tmp_path, monkeypatch):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{name}: two people were wounded in Orveth.", encoding="utf-8")
    real = intake._read_out

    def faulty(kept: Any) -> Any:
        if kept.capture.origin.endswith("b.txt"):
            raise ZeroDivisionError("a fault of the program")
        return real(kept)

    monkeypatch.setattr(intake, "_read_out", faulty)
    with Case.make(tmp_path / "case") as case:
        case.runner = Eager()
        with pytest.raises(ZeroDivisionError) as told:
            case.add([tmp_path / f"{name}.txt" for name in "abc"])
        assert "b.txt" in told.value.__notes__[0]
        assert [document.name for document in case.record().documents] == ["a", "c"]


def test_a_fault_in_a_window_is_told_with_its_days(tmp_path, monkeypatch):
    def faulty(window: Any) -> Any:
        raise EmptyReport("a fault")

    monkeypatch.setattr("tallystick.incidents.judged", faulty)
    with Case.make(tmp_path / "case") as case:
        case.add([EXAMPLE])
        case.read(jobs=1)
        case.runner = Eager()
        with pytest.raises(EmptyReport) as told:
            case.link()
        assert told.value.__notes__[0].startswith("while comparing the accounts of 2019-05-1")
