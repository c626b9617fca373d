"""What a walk gathers is stored by the second and at its end, however that comes; files are kept before their turn, in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import Any

import pytest
from tests_ledgers import ask

from tallystick import evidence, intake
from tallystick.case import Case
from tallystick.errors import Unreadable
from tallystick.model import Capture

ON_BOTH = True


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.txt").write_text(f"{number} people left Velin on Friday.", encoding="utf-8")
    (folder / "15.txt").write_bytes(b"\x89PNG")
    return folder


def rows_of(case: Path, table: str) -> int:
    return int(ask(case, f"SELECT COUNT(*) FROM {table}")[0][0])  # noqa: S608 - names of tables


def test_a_walk_over_thirty_files_asks_the_disk_for_few_transactions(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Case.make(tmp_path / "case") as case:
        appended: list[int] = []
        append = case._ledger.append
        monkeypatch.setattr(intake, "SECONDS", 60.0)
        monkeypatch.setattr(
            case._ledger,
            "append",
            lambda **more: (appended.append(len(list(more["events"]))), append(**more))[1],
        )
        added = case.add([reports])
    assert (added.captures, added.documents, len(added.refused)) == (30, 29, 1)
    assert len(appended) == 1
    with Case.open(tmp_path / "case") as case:
        assert case.verify().problems == ()
        events = [event.what for event in case._ledger.events()]
    assert (events.count("received"), events.count("kept"), events.count("refused")) == (30, 29, 1)


@pytest.mark.parametrize("fault", [KeyboardInterrupt, RuntimeError])
def test_what_was_gathered_is_stored_though_the_walk_breaks_off(
    fault: type[BaseException], reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SECONDS", 60.0)

    def stop(step: str, done: int, _: int) -> None:
        if step == "adding" and done == 10:
            raise fault

    with Case.make(tmp_path / "case") as case:
        with pytest.raises(fault):
            case.add([reports], progress=stop)
        assert rows_of(tmp_path / "case", "captures") == 10
        assert rows_of(tmp_path / "case", "documents") == 10
        assert case.verify().problems == ()
        again = case.add([reports])
        assert (again.captures, again.documents) == (20, 19)


def test_a_fault_of_a_reader_is_raised_after_the_other_files_are_taken_in(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = evidence.read

    def faulty(capture: Capture, *more: Any, **named: Any) -> Iterator[Any]:
        yield from read(capture, *more, **named)
        if PurePath(capture.origin).stem.endswith("7"):
            raise ZeroDivisionError

    with Case.make(tmp_path / "case") as case:
        monkeypatch.setattr(intake.evidence, "read", faulty)
        with pytest.raises(ZeroDivisionError) as raised:
            case.add([reports])
        assert "while taking in " in raised.value.__notes__[0]
        assert rows_of(tmp_path / "case", "captures") == 30
        monkeypatch.setattr(intake.evidence, "read", read)
        assert case.verify().problems == ()
        again = case.add([reports])
        assert (again.captures, again.documents) == (0, 0)


def test_what_is_older_than_a_second_is_on_disk_while_the_walk_goes_on(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SECONDS", -1.0)
    stood: list[int] = []

    def look(step: str, done: int, _: int) -> None:
        if step == "adding":
            stood.append(rows_of(tmp_path / "case", "captures"))

    with Case.make(tmp_path / "case") as case:
        case.add([reports], progress=look)
    assert stood == [*range(30), 30]


def test_files_are_kept_ahead_and_given_in_order() -> None:
    begun: list[int] = []

    def keeping(number: int) -> Callable[[], Any]:
        def keep() -> Any:
            begun.append(number)
            if number == 3:
                raise Unreadable("three")
            return number

        return keep

    given = evidence.ahead(keeping(number) for number in range(40))
    assert next(given)() == 0
    assert len(begun) <= 12, "no more than the next few"
    assert [next(given)() for _ in range(2)] == [1, 2]
    with pytest.raises(Unreadable, match="three"):
        next(given)()
    assert next(given)() == 4
    given.close()
    assert max(begun) < 20, "what nobody asks for is not kept"


def test_the_bytes_of_a_row_are_on_disk_before_the_row(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever transaction is looked at, each capture in it stands in the store, whole."""
    with Case.make(tmp_path / "case") as case:
        append = case._ledger.append

        def checked(**more: Any) -> Any:
            for capture in more.get("captures", ()):
                assert evidence.check(case.store, capture) is None
            return append(**more)

        monkeypatch.setattr(case._ledger, "append", checked)
        assert case.add([reports]).captures == 30
    assert not [name for name in os.listdir(tmp_path / "case" / "captures") if name.startswith(".new")]
