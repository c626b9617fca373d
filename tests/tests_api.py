"""Programs before a team's desk: a case to decide in, people of every role, and a token for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient
from tests_desk import Clock, Inn

from tallystick.case import Case
from tallystick.desk import Desk
from tallystick.model import Claim, Toll
from tallystick.web.people import reconcile
from tallystick.web.role import Role
from tallystick.web.tokens import Tokens

KEY = "solem"
NAJI, ANNA, BEN, LIND = "R. Naji", "A. Haddad", "B. Idris", "C. Lind"
CREW = {NAJI: Role.READER, ANNA: Role.CODER, BEN: Role.CODER, LIND: Role.SENIOR}
BASE = f"/api/v1/cases/{KEY}"


MATTERS = {
    "m1.txt": "Government forces captured the town of Kelvach on 4 March 2019, the monitor said.\n",
    "m2.txt": "The rebels retook the town of Kelvach on 9 March 2019, the monitor said.\n",
    "m3.txt": "The government and the rebels agreed to a truce in Solem on 5 May 2019, the mediator said.\n",
}


def with_matters(made: Path, beside: Path) -> Path:
    """A copy of a case with reports of matters added, read and linked."""
    folder = shutil.copytree(made, beside / "case")
    for name, text in MATTERS.items():
        (beside / name).write_text(text, encoding="utf-8")
    with Case.open(folder, write=True) as case:
        case.add([beside / name for name in MATTERS])
        case.read(jobs=1)
        case.link()
    return folder


@dataclass
class Office:
    """A copy of a case at a team's desk."""

    case: Path
    beside: Path
    tokens: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, made: Path, beside: Path, rules: str = "") -> Office:
        folder = shutil.copytree(made, beside / "case")
        with (folder / "case.toml").open("a", encoding="utf-8") as file:
            file.write(rules)
        return cls(folder, beside)

    def __post_init__(self) -> None:
        self.desk = Desk(Case.open(self.case, write=True), self.beside / "kept.sqlite")
        self.desk.catch_up()
        self.inn = Inn(self.beside, {KEY: self.desk}, Clock())
        for name, role in CREW.items():
            self.inn.settle(name, KEY, role)
        reconcile(self.desk.case, KEY, self.inn.people, by="a test")
        self.desk.catch_up()
        self.held = Tokens(self.inn.people)
        for name, role in CREW.items():
            self.tokens[name] = self.held.make(name, KEY, role, by="a test")[1]

    def close(self) -> None:
        self.desk.close()
        self.desk.case.close()
        self.inn.close()

    def program(self, name: str, token: str | None = None) -> Program:
        return Program(TestClient(self.inn.app, follow_redirects=False), token or self.tokens[name])

    def tolls(self) -> list[Claim]:
        """The figures of the case."""
        self.desk.catch_up()
        stand = (claim for row in self.desk.reports() for claim in self.desk.claims_of(row.id))
        return sorted((claim for claim in stand if isinstance(claim.value, Toll)), key=lambda claim: claim.id)

    def addresses(self, program: Program) -> list[str]:
        """An address of every list and of every thing that the case has, and of what stands of each."""
        lists = ["reports", "claims", "accounts", "incidents", "matters", "history", "search?q=market"]
        out = ["", *(f"/{each}" for each in lists)]
        for sort in ("reports", "claims", "accounts", "incidents", "matters"):
            ids = [row["id"] for row in program.walk(f"/{sort}?limit=200")]
            out += [f"/{sort}/{name}" for name in ids]
            out += [f"/comments/{name}" for name in ids] + [f"/assignments/{name}" for name in ids]
            out += [f"/claims/{name}/reviews" for name in ids if sort == "claims"]
        accounts = [row["id"] for row in program.walk("/accounts")]
        out += [f"/pairs/{accounts[0]}/{other}/judgements" for other in accounts[1:]]
        return out


@dataclass
class Program:
    """What asks with a token, below the case's address."""

    client: TestClient
    token: str

    def get(self, path: str = "", **headers: str) -> Response:
        told = {"Authorization": f"Bearer {self.token}"} | headers
        return self.client.get(path if path.startswith("/api/") else BASE + path, headers=told)

    def post(self, path: str, body: Any, tag: str | None = None) -> Response:
        """A decision on the state that ``tag`` names; on the one that stands now where none is given."""
        told = {"Authorization": f"Bearer {self.token}"}
        seen = self.get(path).headers.get("etag", "") if tag is None else tag
        return self.client.post(BASE + path, json=body, headers=told | ({"If-Match": seen} if seen else {}))

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """The pages of a list, each asked for when the one before was looked at."""
        due: str | None = path
        while due is not None:
            answer = self.get(due)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            yield told
            due = told["next"]

    def walk(self, path: str) -> list[dict[str, Any]]:
        return [row for page in self.pages(path) for row in page["items"]]
