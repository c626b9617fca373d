"""A desk to ask in tests: a small case, people in every role, and a client that goes on as a browser does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyotp
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.web.app import make
from tallystick.web.guard import Pace
from tallystick.web.opened import opened
from tallystick.web.people import People
from tallystick.web.peoplefile import PeopleFile
from tallystick.web.role import Role
from tallystick.web.sessions import Team

PASSWORD = "three blind horses run"  # noqa: S105 - of nobody
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # no protection, and no wait
_TOKEN = re.compile(r'name="csrf" value="(\w+)"')


@dataclass
class Clock:
    """A clock that stands until it is moved; in seconds since 1970."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Inn:
    """A desk with people, and the secrets of their second factors."""

    folder: Path
    cases: dict[str, Desk]
    clock: Clock = field(default_factory=Clock)
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(PeopleFile(self.folder / "people.sqlite", make=True, clock=self.clock), QUICK)
        self.team = Team(self.people)
        self.app: Starlette = make(self.cases, self.team, hosts={"testserver"}, pace=Pace(1e6, 10**6))

    def settle(self, name: str, place: str = "solem", role: Role | None = None) -> None:
        """Somebody who has their password and second factor, in a role."""
        self.people.add(name, by="a test")
        token = self.people.invite(name, by="a test")
        assert self.people.take(token, "browser", PASSWORD)
        found = self.people.invited(token)
        assert found is not None
        self.secrets[name] = found.secret
        assert self.people.accept(token, "browser", self.code(name)) is not None
        if role is not None:
            self.people.give(name, place, role, by="a test")

    def code(self, name: str) -> str:
        """What their app shows; time goes on first, for a code is good once."""
        self.clock.now += 60
        return pyotp.TOTP(self.secrets[name]).at(int(self.clock.now))

    def browser(self, *, scheme: str = "http") -> TestClient:
        return TestClient(self.app, base_url=f"{scheme}://testserver", follow_redirects=False)

    def sign_in(self, name: str, browser: TestClient | None = None) -> TestClient:
        """A browser in which they are signed in."""
        browser = browser or self.browser()
        told = {"name": name, "password": PASSWORD, "code": self.code(name)}
        answer = browser.post("/sign-in", data={**told, "csrf": token_of(browser)})
        assert answer.status_code == 303, answer.text
        return browser

    def close(self) -> None:
        self.people.file.close()


def make_cases(folder: Path) -> Iterator[dict[str, Desk]]:
    """Two empty cases, opened as a desk opens them; they are closed when the next is asked for."""
    desks = {}
    for name in ("solem", "other"):
        Case.make(folder / name).close()
        desks[name] = opened(folder / name)
        desks[name].catch_up()
    yield desks
    for desk in desks.values():
        desk.close()
        desk.case.close()


def token_of(browser: TestClient, page: str = "/sign-in") -> str:
    """The token that the forms of a page carry; any page of the session has it."""
    answer = browser.get(page, follow_redirects=True)
    found = _TOKEN.search(answer.text)
    assert found is not None, answer.text
    return found[1]


_CHOSEN = (
    "radio-orveth-2019-05-17.txt",
    "radio-orveth-2019-05-17.txt.meta.json",
    "osa-2019-05-16-kelvach.json",
)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&\u202eevil\u2066"


def read_case(folder: Path) -> Path:
    """A case in ``folder`` of two example reports and a hostile one, read and linked; closed again."""
    reports = folder / "reports"
    reports.mkdir(parents=True)
    for name in _CHOSEN:
        shutil.copy(Path(__file__).parents[1] / "examples" / "harrow-valley" / name, reports)
    hostile = (
        f"{EVIL}\n\nShelling killed 12 people in {EVIL} on 16 May 2019, {EVIL} said. قصف مستشفى في إدلب.\n"
    )
    (reports / "hostile.txt").write_text(hostile, encoding="utf-8")
    with Case.make(folder / "solem", reports=[reports]) as case:
        case.add([reports])
        case.read(jobs=1)
        case.link()
    return folder / "solem"
