"""Every file of the folder of enemies comes to what is written beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import ReportRefused
from tallystick.model import Document

FOLDER = Path(__file__).parents[1] / "corpus" / "hostile"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
KEYS = {"gives", "says", "text", "holds", "lacks", "name", "published"}


def files() -> set[str]:
    names = {path.name for path in FOLDER.iterdir() if not path.name.startswith(".")} - {"expected.toml"}
    return {name for name in names if name.removesuffix(".meta.json") not in names - {name}}


def test_every_hostile_file_is_listed_and_every_line_has_its_file() -> None:
    assert files() == set(EXPECTED)
    assert len(EXPECTED) >= 25
    assert {key for told in EXPECTED.values() for key in told} <= KEYS


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_hostile_file_comes_to_what_is_listed(name: str, take: Callable[..., list[Any]]) -> None:
    told = EXPECTED[name]
    items = take(FOLDER / name)
    assert [("read" if isinstance(item, Document) else type(item).__name__) for item in items] == told[
        "gives"
    ]
    refused = [str(item) for item in items if isinstance(item, ReportRefused)]
    for message in refused:
        assert name in message, "a message names the file"
        assert "\n" not in message
        message.encode()
    if refused:
        assert told.get("says", "") in refused[0]
    documents = [item for item in items if isinstance(item, Document)]
    if documents:
        first = documents[0]
        assert told.get("text", first.text) == first.text
        assert told.get("name", first.name) == first.name
        published = first.published.isoformat() if first.published else "unknown"
        assert told.get("published", published) == published
        for words in told.get("holds", ()):
            assert words in first.text
        for words in told.get("lacks", ()):
            assert words not in first.text


def test_one_broken_file_among_a_hundred_does_not_stop_the_others(
    tmp_path: Path, take: Callable[..., list[Any]]
) -> None:
    for number in range(100):
        (tmp_path / f"{number:02}.txt").write_text(f"{number} people left Velin.", encoding="utf-8")
    (tmp_path / "50.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    items = [item for path in sorted(tmp_path.glob("*.txt")) for item in take(path)]
    assert sum(isinstance(item, Document) for item in items) == 99
    assert [type(item).__name__ for item in items if isinstance(item, ReportRefused)] == ["NotText"]
