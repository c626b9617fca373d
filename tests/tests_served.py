"""A desk that listens, over the example case, and people who sit before a browser."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from tests_desk import PASSWORD, Clock, Inn

from tallystick.case import Case
from tallystick.desk import Desk, Wanted
from tallystick.model import Toll
from tallystick.web.app import make
from tallystick.web.guard import Pace
from tallystick.web.people import OVERALL, reconcile
from tallystick.web.role import Role
from tallystick.web.routes import TABLE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
KEY = "harrow"  # the case's name in addresses
CREW = {"A. Haddad": Role.CODER, "سارة القاضي": Role.CODER, "C. Lind": Role.SENIOR, "D. Karam": Role.ADMIN}
_AXE = """options => axe.run(options).then(told => told.violations
    .filter(each => ['serious', 'critical'].includes(each.impact))
    .map(each => each.id + ': ' + each.nodes.slice(0, 4).map(node => node.html.slice(0, 200) + ' ' + (node.any[0] || {message: ''}).message).join(' | ')))"""
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def harrow(folder: Path, rules: str = "second_check = true\n") -> Path:
    """The example case, read and linked, with a list of its villages."""
    with Case.make(folder, reports=[EXAMPLES / "harrow-valley"]):
        pass
    with (folder / "case.toml").open("a", encoding="utf-8") as file:
        file.write('countries = ["Orveth"]\n' + rules)
    with Case.open(folder, write=True) as case:
        case.add([EXAMPLES / "harrow-valley"])
        case.add_list(EXAMPLES / "harrow-valley-places.csv")
        case.read(jobs=1)
        case.link()
    return folder


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The address at which the desk listens."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class House:
    """A team's desk over one case: its people with their second factors, and where it listens."""

    def __init__(self, case: Path, beside: Path) -> None:
        self.case = case
        self.desk = Desk(Case.open(case, write=True), beside / "kept.sqlite")
        self.desk.catch_up()
        self.inn = Inn(beside, {KEY: self.desk}, Clock(time.time() - 3600))
        for name, role in CREW.items():
            self.inn.settle(name, OVERALL if role is Role.ADMIN else KEY, role)
        reconcile(self.desk.case, KEY, self.inn.people, by="D. Karam")  # as a desk does when it opens
        self.app = make({KEY: self.desk}, self.inn.team, hosts={"127.0.0.1"}, pace=Pace(1e6, 10**6))

    def close(self) -> None:
        self.desk.close()
        self.desk.case.close()
        self.inn.close()


class Sitting:
    """One person before a browser of their own; what its console says against the pages is kept."""

    def __init__(self, browser: Browser, address: str, **more: Any) -> None:
        self.address = address
        self.context = browser.new_context(base_url=address, **more)
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def sign_in(self, inn: Inn, name: str) -> Sitting:
        """Through the door, with a password and a second factor."""
        self.page.goto("/sign-in")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", PASSWORD)
        self.page.fill("[name=code]", inn.code(name))
        self.page.click("main button.main")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def case(self, path: str = "/") -> Page:
        """A page of the case."""
        self.page.goto(f"/c/{KEY}{path}")
        return self.page

    def taste(self, *, language: str = "en", scheme: str = "system") -> None:
        """Choose language and colours, as the form in the header keeps them."""
        for name, value in (("language", language), ("scheme", scheme)):
            self.context.add_cookies([{"name": f"tallystick-{name}", "value": value, "url": self.address}])


def findings(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it stands, and whether it is wider than its window."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    told: list[str] = page.evaluate(
        _AXE, {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    )
    wide = page.evaluate(_WIDE)
    return [*told, *([f"{wide} px wider than the window"] if wide > 0 else [])]


def decided(house: House) -> None:
    """Some work of a day: a claim that two disagree on, another that waits, a grade, a comment, a merge."""
    desk, (anna, sara, lind, _) = house.desk, CREW
    claims = [claim for row in desk.reports(limit=100) for claim in desk.claims_of(row.id)]
    tolls = sorted((c for c in claims if isinstance(c.value, Toll)), key=lambda c: -(c.confidence or 0))
    desk.decide(tolls[0].id, "upheld", anna, "the hospital's own list")
    desk.decide(tolls[0].id, "rejected", sara, "عدد من يوم آخر")
    desk.decide(tolls[1].id, "upheld", anna, "as it stands there")
    desk.catch_up()
    first = next(row for row in desk.rows(Wanted("incident"), limit=100) if row.reports > 3)
    desk.case.comment(first.id, "Ask the hospital for its register.", by=anna, who=anna)
    desk.case.assign(first.id, sara, by=lind, who=lind)
    desk.case.grade("Corvane News Agency", "B", by=lind, who=lind)
    desk.catch_up()


def addresses(house: House) -> dict[str, str]:
    """One address for every page of the desk, by the name of its row; pages with something on them."""
    desk = house.desk
    incident = next(row for row in desk.rows(Wanted("incident"), limit=100) if row.reports > 3)
    report = next(row for row in desk.reports(limit=100) if row.name == "brackwater-post-kelvach-market")
    claim = next(claim for claim in desk.claims_of(report.id) if isinstance(claim.value, Toll))
    pair = next(item for item in desk.queue(limit=500) if item.sort == "pair")
    names = desk.names("place")[0].name, desk.names("party")[0].name
    told = {
        "incident": f"incidents/{incident.id}",
        "report": f"reports/{report.id}",
        "claim": f"claims/{claim.id}",
        "correct": f"claims/{claim.id}/correct",
        "account-told": f"accounts/{incident_account(house, incident.id)}",
        "pair": f"pairs/{pair.id.replace(' ', '/')}",
        "place": f"place?name={quote(names[0])}",
        "party": f"party?name={quote(names[1])}",
        "search": "search?q=market",
    }
    rows = (
        row
        for row in TABLE
        if row.method == "GET"
        and row.team
        and not row.for_programs
        and row.name not in ("lit", "invited", "since")
    )
    return {
        row.name: f"/c/{KEY}/" + told[row.name] if row.name in told else row.path.format(case=KEY)
        for row in rows
    }


def incident_account(house: House, incident: str) -> str:
    weighed = house.desk.weighed(incident)
    assert weighed is not None
    return str(weighed.incident.accounts[0].id)
