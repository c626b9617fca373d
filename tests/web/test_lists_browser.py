"""The pages where people look and find in a real browser: wide and narrow, light and dark, with a script or not."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from tests_desk import read_case

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.web.app import make
from tallystick.web.doors import Alone
from tallystick.web.guard import Pace

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which this machine has not")
PAGES = (
    "",
    "incidents?differ=1",
    "map",
    "reports",
    "places",
    "findings",
    "findings?part=sources",
    "history",
    "search?q=shelling",
)
_AXE = (
    "axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id))"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk that listens, with findings worked out and a decision of each kind, and its address."""
    folder = tmp_path_factory.mktemp("browsed")
    with Case.open(read_case(folder), write=True) as case, Desk(case, folder / "kept.sqlite") as desk:
        desk.catch_up()
        desk.decide(case.ledger.claims()[0].id, "rejected", "A. Haddad", "not said there")
        desk.name_means("party", desk.names("party")[0].name, "The army", "B. Idris")
        for named in desk.names("place"):
            desk.name_means("place", named.name, "geonames:170063", "B. Idris")
        desk.whole()
        desk._working.wait(60)
        app = make({"solem": desk}, Alone("A. Haddad", None), pace=Pace(burst=10**6))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/c/solem/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def seen(browser: Browser, width: int, **more: Any) -> tuple[Page, list[str]]:
    """A page of that width, and what its console says; an icon that the desk has not is no fault."""
    page = browser.new_context(viewport={"width": width, "height": 800}, **more).new_page()
    said: list[str] = []
    page.on("console", lambda told: said.append(told.text) if told.type in ("error", "warning") else None)
    page.on("pageerror", lambda told: said.append(str(told)))
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return page, said


@pytest.mark.parametrize(("width", "scheme"), [(380, "light"), (800, "dark"), (1400, "light")])
def test_pages_fit_and_nothing_is_stopped(browser: Browser, address: str, width: int, scheme: str) -> None:
    page, said = seen(browser, width, color_scheme=scheme)
    for name in PAGES:
        page.goto(address + name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_open_to_everybody(browser: Browser, address: str, scheme: str) -> None:
    page, _ = seen(browser, 1280, color_scheme=scheme, bypass_csp=True)
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    for name in PAGES:
        page.goto(address + name)
        page.evaluate(axe)
        assert page.evaluate(_AXE) == [], name


@pytest.mark.parametrize("script", [True, False])
def test_the_map_moves_and_takes_the_list_along(browser: Browser, address: str, script: bool) -> None:
    page, said = seen(browser, 1280, java_script_enabled=script)
    page.goto(f"{address}map?from=2019-05-01")
    page.click("#map-nearer")
    page.wait_for_url("**box=*")
    assert "from=2019-05-01" in page.url
    shown = page.locator("#rows tbody tr").count()
    page.goto(page.url.replace("/map?", "/incidents?"))
    assert page.locator("tbody tr").count() == shown
    assert said == []


def test_keys_walk_over_rows_and_lead_to_the_search(browser: Browser, address: str) -> None:
    page, said = seen(browser, 1280)
    page.goto(address + "incidents")
    first = page.locator("[data-row] a").first.get_attribute("href")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.getAttribute('href')") == first
    page.goto(address + "history")
    page.keyboard.press("/")
    page.wait_for_url("**/search")
    assert said == []
