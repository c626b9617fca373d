"""The whole case is worked out in a process of its own: seldom, only when somebody looks, and its end is told."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.desk.keep import Keep
from tallystick.desk.sources import sources
from tallystick.desk.whole import APART, Whole, Worked, Working, whole

REPORTS = Path(__file__).parents[2] / "examples" / "harrow-valley"
GIVES = (
    "import pickle, sys, zlib; sys.stdout.buffer.write(b'7\\n' + zlib.compress(pickle.dumps('the findings')))"
)
SLEEPS = "import time; time.sleep(60)"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keep(tmp_path: Path) -> Iterator[Keep]:
    keep = Keep(tmp_path / "kept.sqlite")
    yield keep
    keep.close()


def working(keep: Keep, code: str, clock: Clock | None = None) -> Working:
    return Working(keep.file.parent, keep, clock=clock or Clock(), command=(sys.executable, "-c", code))


def ended(works: Working, reach: int = 7) -> Worked:
    works.look(reach)
    assert works.wait(30)
    return works.look(reach)


def test_what_a_process_gives_is_kept_with_the_event_that_it_stands_at(keep: Keep) -> None:
    assert ended(working(keep, GIVES)) == Worked("the findings", 7, False)  # type: ignore[arg-type]
    again = working(keep, "raise SystemExit(3)")
    assert again.look(7) == Worked("the findings", 7, False), "nothing came since, so nothing begins"  # type: ignore[arg-type]


def test_what_there_is_stays_while_it_is_worked_out_anew(keep: Keep) -> None:
    ended(working(keep, GIVES))
    works = working(keep, SLEEPS)
    assert works.look(9) == Worked("the findings", 7, True)  # type: ignore[arg-type]
    works.close()


def test_it_begins_at_most_once_in_half_a_minute_and_only_when_somebody_looks(keep: Keep) -> None:
    clock = Clock()
    works = working(keep, GIVES, clock)
    assert ended(works).at == 7
    clock.now += APART - 1
    assert not works.look(9).busy
    clock.now += 1
    time.sleep(0.05)
    assert not keep.reading.execute("SELECT 1 FROM whole WHERE at <> 7").fetchall(), "nobody looked"
    assert works.look(9).busy
    assert works.wait(30)


def test_many_who_look_at_once_begin_one_process(keep: Keep) -> None:
    works = working(keep, SLEEPS)
    seen: list[int] = []

    def look() -> None:
        works.look(7)
        assert works._child is not None
        seen.append(works._child.pid)

    threads = [threading.Thread(target=look) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    works.close()
    assert len(seen) == 12
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise ValueError('the disk is full')", "ended with an error: ValueError: the disk is full"),
        ("raise SystemExit(3)", "ended with an error: status 3"),
        ("print('no number')", "could not be kept"),
        ("pass", "could not be kept"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "ended from outside (signal 9)"),
    ],
)
def test_a_process_that_fails_is_told_and_takes_nothing_away(keep: Keep, code: str, words: str) -> None:
    ended(working(keep, GIVES))
    told = ended(working(keep, code), 9)
    assert told == Worked("the findings", 7, False, told.failed)  # type: ignore[arg-type]
    assert words in told.failed


def test_after_a_failure_it_is_tried_again_and_the_failure_is_forgotten(keep: Keep, tmp_path: Path) -> None:
    clock, there = Clock(), tmp_path / "there"
    works = working(
        keep, f"import os\nif not os.path.exists({str(there)!r}): raise SystemExit(1)\n{GIVES}", clock
    )
    assert ended(works).failed
    there.touch()
    assert works.look(7).failed, "not before half a minute"
    clock.now += APART
    assert ended(works) == Worked("the findings", 7, False)  # type: ignore[arg-type]


def test_a_process_that_was_killed_is_told(keep: Keep) -> None:
    works = working(keep, SLEEPS)
    assert works.look(7).busy
    assert works._child is not None
    os.kill(works._child.pid, signal.SIGKILL)
    assert works.wait(30)
    assert "signal 9" in works.look(7).failed


def test_a_program_that_is_not_there_is_told(keep: Keep) -> None:
    works = Working(keep.file.parent, keep, command=("/nowhere/python",))
    assert "could not be begun" in (works.look(7).failed or works.look(7).failed)
    assert not works.look(7).busy


def test_closing_ends_the_process_and_none_begins_after(keep: Keep) -> None:
    works = working(keep, SLEEPS)
    works.look(7)
    child = works._child
    assert child is not None
    begun = time.monotonic()
    works.close()
    assert time.monotonic() - begun < 5
    assert child.poll() is not None
    assert not works.look(9).busy


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("made") / "case"
    reports = [REPORTS / "osa-2019-05-16-kelvach.json", REPORTS / "ostrey-herald-2019-05-18.json"]
    with Case.make(folder, reports=reports) as case:
        case.add(reports)
        case.read(jobs=1)
        case.link()
        yield case


def test_the_process_gives_what_the_record_gives(case: Case, tmp_path: Path) -> None:
    with Desk(case, tmp_path / "kept.sqlite") as desk:
        assert desk.whole().busy
        assert desk._working.wait(60)
        told = desk.whole()
        assert told.failed == ""
        assert isinstance(told.whole, Whole)
        assert told.at == case.ledger.reach().seq
        assert told.whole == whole(case.record())
        assert desk.whole().whole is told.whole


def test_every_source_is_counted_once_for_what_it_says(case: Case) -> None:
    record = case.record()
    found = sources(record)
    assert len({(one.sort, one.name) for one in found}) == len(found)
    for one in found:
        assert 0 <= one.differ <= one.shared
        if one.sort == "publisher":
            own = {document.id for document in record.documents if document.publisher == one.name}
            told = {
                claim.id
                for weighed in record.weighed
                for account in weighed.incident.accounts
                for claim in account.claims
                if claim.span.document in own
            }
            assert (one.reports, one.claims) == (len(own), len(told))
