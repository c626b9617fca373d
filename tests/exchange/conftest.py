"""The records that tests of the exchange hand on."""

from __future__ import annotations

import pytest
from tests_records import Builder, market_case

from tallystick.model import Record


@pytest.fixture(scope="session")
def builder() -> type[Builder]:
    return Builder


@pytest.fixture(scope="session")
def market() -> Record:
    """One air strike told by four reports, a matter, a total, an undated shelling and a refused file."""
    return market_case().record()
