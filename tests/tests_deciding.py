"""A case to decide in, and people of every role who ask for its pages, without a door to pass."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.model import Account, Claim, Event, Toll
from tallystick.web.app import make
from tallystick.web.doors import Visitor, csrf_of
from tallystick.web.guard import Pace
from tallystick.web.role import Role

PEOPLE = {
    "R. Naji": Role.READER,
    "A. Haddad": Role.CODER,
    "B. Idris": Role.CODER,
    "C. Lind": Role.SENIOR,
}
TWICE = 'second_check = true\nseniors = ["C. Lind"]\n'
HOSTILE = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(2)>\u202e{{ 7*7777 }}&lt;"
REPORTS = {
    "a.txt": "At least 12 people were killed in an air strike on the market of Solem on 17 May 2019, the hospital "
    "said.\n\nThe army denied that its planes had bombed the market 🕊 of Solem.\n",
    "b.txt": "Fifteen people were killed in an air strike on the market of Solem on 17 May 2019, the monitor said. "
    "The monitor blamed the army.\n",
    "c.txt": "Nine people were killed in an air strike on the village of Orveth on 3 March 2019, the mayor said.\n",
    "d.txt": f"Four people were killed {HOSTILE} in shelling of Kelvach on 2 April 2019, the mayor {HOSTILE} said.\n"
    + "x" * 30_000
    + "\n",
    "e.txt": "قُتل اثنا عشر شخصا في غارة جوية على سوق سوليم 😀 يوم 17 مايو 2019، قال المستشفى.\n",
}


def make_case(folder: Path) -> Path:
    """The reports above, read and linked."""
    (folder / "in").mkdir()
    for name, text in REPORTS.items():
        (folder / "in" / name).write_text(text, encoding="utf-8")
    with Case.make(folder / "case", reports=[folder / "in"]) as case:
        case.add([folder / "in"])
        case.read(jobs=1)
        case.link()
    return folder / "case"


class Open:
    """A door that takes everybody at their word, told in a cookie."""

    alone = False

    def visitor(self, request: Request) -> Visitor:
        name = request.cookies.get("who", "").replace("_", " ")
        return Visitor(name, f"token of {name}")

    def role(self, visitor: Visitor, key: str) -> Role:
        return PEOPLE.get(visitor.name, Role.NOBODY)

    def cases(self, visitor: Visitor, keys: Collection[str]) -> frozenset[str]:
        return frozenset(keys)

    def leave(self, request: Request, visitor: Visitor, answer: Response) -> None: ...

    def hold(self, key, case):  # type: ignore[no-untyped-def]
        """Roles are as they are."""

    def refused(self, request: Request, visitor: Visitor) -> None: ...


@dataclass
class Crew:
    """A copy of the case at a desk, and the browsers of those who decide in it."""

    folder: Path
    desk: Desk

    @classmethod
    def of(cls, made: Path, beside: Path, rules: str = "") -> Crew:
        folder = beside / "case"
        shutil.copytree(made, folder)
        with (folder / "case.toml").open("a", encoding="utf-8") as file:
            file.write(rules)
        desk = Desk(Case.open(folder, write=True), beside / "kept.sqlite")
        desk.catch_up()
        return cls(folder, desk)

    def __post_init__(self) -> None:
        self.app = make({"solem": self.desk}, Open(), pace=Pace(1e6, 10**6))

    def close(self) -> None:
        self.desk.close()
        self.desk.case.close()

    def browser(self, name: str) -> Browser:
        return Browser(self, name)

    # ---------------------------------------------------------------------- what there is

    def report(self, name: str) -> str:
        """The id of the report of this name."""
        return next(str(row.id) for row in self.desk.reports(limit=100) if row.name == name.partition(".")[0])

    def claims(self, name: str) -> tuple[Claim, ...]:
        self.desk.catch_up()
        return self.desk.claims_of(self.report(name))

    def toll(self, name: str) -> Claim:
        """The first figure of a report."""
        return next(claim for claim in self.claims(name) if isinstance(claim.value, Toll))

    def account(self, name: str) -> Account:
        """The first account of a report that belongs to an incident."""
        told = dict.fromkeys(str(claim.account) for claim in self.claims(name) if claim.account)
        found = self.desk.account(next(iter(self.desk.incidents_of(told))))
        assert found is not None
        return found

    def incident(self, name: str) -> str:
        """The incident that the first account of a report belongs to."""
        account = self.account(name)
        return str(self.desk.incidents_of([account.id])[account.id])

    def past(self) -> tuple[Event, ...]:
        """What people decided, in its order."""
        kinds = ("reviewed", "judged", "named", "commented", "assigned", "graded", "looked")
        return self.desk.case.ledger.events(*kinds)

    def rows(self) -> int:
        """How many rows the ledger holds, of all tables."""
        return sum(self.desk.case.ledger.reach().rows.values())


class Browser:
    """What one person sends, and is answered."""

    def __init__(self, crew: Crew, name: str) -> None:
        self.name = name
        self._client = TestClient(crew.app, follow_redirects=False, cookies={"who": name.replace(" ", "_")})

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(f"/c/solem{path}", headers=headers)

    def post(self, path: str, htmx: bool = False, **fields: Any) -> Any:
        data = {"csrf": csrf_of(f"token of {self.name}")} | fields
        headers = {"HX-Request": "true"} if htmx else {}
        return self._client.post(f"/c/solem{path}", data=data, headers=headers)

    def seen(self, path: str, action: str) -> str:
        """The mark that the form with this action carries on a page."""
        page = self.get(path).text
        found = re.search(rf'action="/c/solem{re.escape(action)}".*?name="seen" value="(\w*)"', page, re.S)
        assert found is not None, f"no form sends to {action} on {path}"
        return found[1]


class Tags(HTMLParser):
    """The elements and attributes of a page, and the text outside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data
