"""What every test may use: documents and accounts made by hand, and the sets beside the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from tests_build import make_account, make_document

from tallystick.model import Account, Document

# How long one example takes says nothing of the law it holds, and much of what else the machine does.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture
def document() -> Callable[..., Document]:
    return make_document


@pytest.fixture
def account() -> Callable[..., Account]:
    return make_account


@pytest.fixture
def shared() -> Callable[[str], Path]:
    """A path under ../shared; the test is skipped, saying so, where that set is not there."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"needs ../shared/{name}, which is not beside this checkout")
        return path

    return find
