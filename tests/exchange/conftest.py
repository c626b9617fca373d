"""The records that tests of the exchange hand on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests_cases import decided
from tests_records import Builder, market_case

from tallystick.case import Case
from tallystick.model import Record


@pytest.fixture(scope="session")
def builder() -> type[Builder]:
    return Builder


@pytest.fixture(scope="session")
def market() -> Record:
    """One air strike told by four reports, a matter, a total, an undated shelling and a refused file."""
    return market_case().record()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example case, with decisions of a person and their notes; not to be changed."""
    return decided(tmp_path_factory.mktemp("exchange") / "case")


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Iterator[Case]:
    """The same, a copy that may be changed."""
    shutil.copytree(made, tmp_path / "case")
    with Case.open(tmp_path / "case", write=True) as opened:
        yield opened
