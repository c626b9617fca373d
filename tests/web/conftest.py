"""Two cases that all tests of the desk look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests_desk import make_cases

from tallystick.desk import Desk


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    yield from make_cases(tmp_path_factory.mktemp("cases"))
