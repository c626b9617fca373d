"""What every test may use: documents and accounts made by hand, and the sets beside the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests_build import make_account, make_document
from tests_ledgers import on_server
from tests_postgres import Postgres, running

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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of PostgreSQL; the test is skipped, saying so, where there is none."""
    with running() as server:
        yield server


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "of_file: holds of a ledger in a file alone (see tests_ledgers)")
    config.addinivalue_line("markers", "on_both: makes ledgers, though in no folder of pytest's")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests of a module that says ``ON_BOTH`` with the ledger in a file, and again with it on a server."""
    if getattr(metafunc.module, "ON_BOTH", False):
        marked = metafunc.definition.get_closest_marker
        both = "tmp_path" in metafunc.fixturenames or marked("on_both")
        places = ["file", "server"] if both and not marked("of_file") else ["file"]
        metafunc.fixturenames.insert(0, "lies")  # before every fixture that makes a ledger
        metafunc.parametrize("lies", places, indirect=True)


@pytest.fixture
def lies(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the ledgers of this test lie: in a "file", or on a "server"."""
    if request.param == "server":
        on_server(monkeypatch, request.getfixturevalue("postgres"))
    return str(request.param)


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
