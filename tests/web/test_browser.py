"""The door and the pages about people in a real browser: nothing is stopped, nobody is kept out."""

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
from tests_desk import PASSWORD, Clock, Inn

from tallystick.desk import Desk
from tallystick.web.app import make
from tallystick.web.people import OVERALL
from tallystick.web.role import Role

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which this machine has not")
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 800}
_AXE = (
    "axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id))"
)


@pytest.fixture(scope="module")
def inn(tmp_path_factory: pytest.TempPathFactory, cases: dict[str, Desk]) -> Iterator[tuple[Inn, str]]:
    """A desk that listens, and its address."""
    inn = Inn(tmp_path_factory.mktemp("inn"), cases, Clock(time.time() - 3600))
    inn.settle("A. Haddad", OVERALL, Role.ADMIN)
    inn.people.add("سارة القاضي", by="A. Haddad")
    app = make(cases, inn.team, hosts={"127.0.0.1"})
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield inn, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    inn.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seen:
    """One page, and what its console said."""

    def __init__(self, browser: Browser, size: dict[str, int], **more: Any) -> None:
        self.page: Page = browser.new_context(viewport=size, **more).new_page()  # type: ignore[arg-type]
        self.said: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def look(self) -> None:
        """No finding of axe is serious, and no page is wider than its window."""
        axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(axe)
        assert self.page.evaluate(_AXE) == [], self.page.url
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, self.page.url


def test_the_door_and_the_pages_about_people_in_a_browser(inn: tuple[Inn, str], browser: Browser) -> None:
    held, address = inn
    seen = Seen(browser, DESK)
    page = seen.page
    page.goto(f"{address}/people")
    seen.look()
    page.fill("[name=name]", "A. Haddad")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", held.code("A. Haddad"))
    page.click("main button")
    page.wait_for_url(f"{address}/people")  # where they were going
    for path in ("/", "/people", "/audit", "/account", "/c/solem/about"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                page.goto(address + path)
                seen.look()

    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.locator("main").press("?")
    page.wait_for_selector("dialog[open]")
    seen.look()
    page.keyboard.press("Escape")

    page.goto(f"{address}/people")
    page.fill("form.row-form input[name=name]:not([type=hidden])", "D. Karam")
    page.click("button.main")
    link = page.inner_text("main code")
    assert seen.said == []

    other = Seen(browser, PHONE, locale="en-GB")
    page = other.page
    page.goto(link)
    other.look()
    page.fill("[name=password]", "four words in a row")
    page.fill("[name=again]", "four words in a row")
    page.click("main button")
    page.wait_for_selector("svg")
    other.look()
    held.secrets["D. Karam"] = page.inner_text("main code").replace(" ", "")
    page.fill("[name=code]", held.code("D. Karam"))
    page.click("main button")
    page.wait_for_selector(".codes")
    other.look()
    assert other.said == []


def test_everything_at_the_door_works_without_a_script(inn: tuple[Inn, str], browser: Browser) -> None:
    held, address = inn
    page = Seen(browser, PHONE, java_script_enabled=False).page
    page.goto(f"{address}/c/solem/about")
    page.fill("[name=name]", "A. Haddad")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", held.code("A. Haddad"))
    page.click("main button")
    page.wait_for_url(f"{address}/c/solem/about")
    page.click("details.own summary")
    page.select_option("[name=scheme]", "dark")
    page.click("details.own form:has([name=scheme]) button")
    page.wait_for_selector("html[data-scheme=dark]")
    page.click("details.own summary")
    page.click("text=Sign out")
    page.wait_for_url(f"{address}/sign-in")
