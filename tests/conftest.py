"""What every test may use: documents and accounts made by hand, and the sets beside the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests_build import make_account, make_document

from tallystick.model import Account, Document

# How long one example takes says nothing of the law it holds, and much of what else the machine does.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder of this run's own, so that the index of the default list is made anew, once."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


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
