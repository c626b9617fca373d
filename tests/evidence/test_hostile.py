"""Every hostile file, of the folder and built, comes to what is written beside it, within one gigabyte and ten seconds."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tests_reading
from tests_hostile import BUILT

from tallystick.errors import ReportRefused
from tallystick.model import Document

FOLDER = Path(__file__).parents[1] / "corpus" / "hostile"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
KEYS = {"gives", "says", "text", "holds", "lacks", "name", "names", "title", "url", "published"}
LARGEST = 80_000  # bytes of a file that is committed
SECONDS = 10.0  # of the processor


def files() -> set[str]:
    names = {path.name for path in FOLDER.iterdir() if not path.name.startswith(".")} - {"expected.toml"}
    return {name for name in names if name.removesuffix(".meta.json") not in names - {name}}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of each file, read by one process after another file; one that ends it is missing here."""
    built = tmp_path_factory.mktemp("built")
    for name, make in BUILT.items():
        (built / name).write_bytes(make())
    paths = [*(FOLDER / name for name in sorted(files())), *(built / name for name in BUILT)]
    command = [
        sys.executable,
        tests_reading.__file__,
        str(tmp_path_factory.mktemp("store")),
        *map(str, paths),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"{paths[len(told)].name} ended the process: {done.stderr[-2000:]}"
    assert done.stderr == "", "nothing is said beside what is answered"
    return {each["file"]: each for each in told}


def test_every_hostile_file_is_listed_and_every_line_has_its_file() -> None:
    assert not files() & set(BUILT)
    assert files() | set(BUILT) == set(EXPECTED)
    assert len(EXPECTED) >= 250
    assert {key for told in EXPECTED.values() for key in told} <= KEYS
    assert all((FOLDER / name).stat().st_size < LARGEST for name in files())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_hostile_file_comes_to_what_is_listed(name: str, outcomes: dict[str, Any]) -> None:
    told, found = EXPECTED[name], outcomes[name]
    many = isinstance(told["gives"], dict)  # how many of each, where they are many
    assert (Counter(found["gives"]) if many else found["gives"]) == told["gives"]
    assert found["seconds"] < SECONDS
    for message in found["refused"]:
        assert name in message, "a message names the file"
        assert "\n" not in message
        message.encode()
    if found["refused"]:
        assert told.get("says", "") in found["refused"][0]
    if found["documents"]:
        first = found["documents"][0]
        for key in ("text", "name", "title", "url", "published"):
            assert told.get(key, first[key]) == first[key]
        assert told.get("names", []) == [
            each["name"] for each in found["documents"][: len(told.get("names", []))]
        ]
        for words in told.get("holds", ()):
            assert words in first["text"]
        for words in told.get("lacks", ()):
            assert words not in first["text"]


def test_one_broken_file_among_a_hundred_does_not_stop_the_others(
    tmp_path: Path, take: Callable[..., list[Any]]
) -> None:
    for number in range(100):
        (tmp_path / f"{number:02}.txt").write_text(f"{number} people left Velin.", encoding="utf-8")
    (tmp_path / "50.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    items = [item for path in sorted(tmp_path.glob("*.txt")) for item in take(path)]
    assert sum(isinstance(item, Document) for item in items) == 99
    assert [type(item).__name__ for item in items if isinstance(item, ReportRefused)] == ["NotText"]
