"""Two cases that all tests of the desk look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests_api import with_matters
from tests_deciding import Crew, make_case
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


@pytest.fixture(scope="session")
def to_decide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case in which something is to be decided; tests take a copy of it."""
    return make_case(tmp_path_factory.mktemp("decide"))


@pytest.fixture(scope="session")
def to_ask(to_decide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with matters in it, for programs to ask of; tests take a copy of it."""
    return with_matters(to_decide, tmp_path_factory.mktemp("ask"))


@pytest.fixture
def crew(to_decide: Path, tmp_path: Path) -> Iterator[Crew]:
    """People before a copy of that case, and nobody has decided anything yet."""
    crew = Crew.of(to_decide, tmp_path)
    yield crew
    crew.close()
