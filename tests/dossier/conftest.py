"""The records that tests of the dossier look at (tests_records), and a browser to look at pages with."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def browser() -> str:
    """The path of a Chromium. Without one the test is skipped, unless one is asked for."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        why = "no chromium here to look at the pages with; install it (apt-get install chromium)"
        if os.environ.get("TALLYSTICK_NEED_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture
def look(browser: str, tmp_path: Path) -> Any:
    """Opens a page in the browser, off the network: ``look(url, "--dump-dom")``."""

    def run(url: str, *flags: str) -> str:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}", *flags, url,
        ]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    return run


@pytest.fixture
def pages_of() -> Callable[[Path], dict[str, str]]:
    """The text of every page of a dossier, by its path in it."""
    return lambda folder: {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
    }
