"""Two cases that all tests of the desk look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests_desk import make_cases
from tests_served import House, harrow

from tallystick.desk import Desk


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    yield from make_cases(tmp_path_factory.mktemp("cases"))


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example case, read and linked, where a second person is asked for; to be copied, not changed."""
    return harrow(tmp_path_factory.mktemp("valley") / "case")


@pytest.fixture
def house(valley: Path, tmp_path: Path) -> Iterator[House]:
    """A team's desk over a copy of it."""
    house = House(shutil.copytree(valley, tmp_path / "case"), tmp_path)
    yield house
    house.close()
