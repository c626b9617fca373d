"""Tokens: shown once, kept as a digest, of one person, in a role at most, until they end; and each is told of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests_desk import Inn, token_of
from typer.testing import CliRunner

from tallystick.cli import app
from tallystick.desk import Desk
from tallystick.errors import AskedWrongly
from tallystick.web.people import OVERALL, opened
from tallystick.web.peoplefile import FORM, PeopleFile
from tallystick.web.role import Role
from tallystick.web.tokens import MARK, Tokens

ANNA = "A. Haddad"
DAY = 24 * 3600


@pytest.fixture
def inn(tmp_path: Path, cases: dict[str, Desk]) -> Iterator[Inn]:
    inn = Inn(tmp_path, cases)
    inn.settle("D. Karam", OVERALL, Role.ADMIN)
    inn.settle(ANNA, "solem", Role.CODER)
    yield inn
    inn.close()


@pytest.fixture
def tokens(inn: Inn) -> Tokens:
    return Tokens(inn.people)


def asked(inn: Inn, secret: str, path: str = "cases/solem") -> int:
    client = TestClient(inn.app)
    return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"}).status_code


def lines(inn: Inn, what: str) -> list[tuple[str, str, str]]:
    return [(row["person"], row["about"], row["note"]) for row in inn.people.file.audit("", what, 0, 100)]


def test_a_token_is_shown_once_and_stands_in_no_file(inn: Inn, tokens: Tokens, tmp_path: Path) -> None:
    made, secret = tokens.make(ANNA, "solem", Role.CODER, label="weekly figures", by="a test")
    assert secret.startswith(MARK)
    assert len(secret) == len(MARK) + 43
    assert asked(inn, secret) == 200
    assert not [file for file in tmp_path.iterdir() if secret.encode() in file.read_bytes()]
    assert secret not in repr(tokens.every())
    assert tokens.every() == tokens.every(ANNA) != []
    assert lines(inn, "token made") == [
        ("a test", ANNA, f"{made.id}: coder in solem, 90 days; weekly figures")
    ]


def test_no_two_tokens_are_alike(tokens: Tokens) -> None:
    made = [tokens.make(ANNA, "solem", Role.READER, by="a test") for _ in range(20)]
    assert len({secret for _, secret in made}) == len({one.id for one, _ in made}) == 20


def test_a_revoked_token_is_refused_from_then_on(inn: Inn, tokens: Tokens) -> None:
    made, secret = tokens.make(ANNA, "solem", Role.CODER, by="a test")
    other = tokens.make(ANNA, "solem", Role.CODER, by="a test")[1]
    assert asked(inn, secret) == 200
    assert tokens.revoke(made.id, by="D. Karam").state(inn.clock.now) == "revoked"
    assert (asked(inn, secret), asked(inn, other)) == (401, 200)
    assert lines(inn, "token revoked") == [("D. Karam", ANNA, made.id)]
    tokens.revoke(made.id, by="D. Karam")
    assert asked(inn, secret) == 401
    with pytest.raises(AskedWrongly, match="no token 'tok-x'"):
        tokens.revoke("tok-x", by="a test")


def test_a_token_ends_on_its_day(inn: Inn, tokens: Tokens) -> None:
    made, secret = tokens.make(ANNA, "solem", Role.CODER, days=2, by="a test")
    inn.clock.now += 2 * DAY - 1
    assert (asked(inn, secret), made.state(inn.clock.now)) == (200, "good")
    inn.clock.now += 1
    assert (asked(inn, secret), made.state(inn.clock.now)) == (401, "over")


def test_whoever_goes_on_with_a_token_that_is_over_is_told_of_once_a_minute(inn: Inn, tokens: Tokens) -> None:
    made, secret = tokens.make(ANNA, "solem", Role.CODER, days=1, by="a test")
    inn.clock.now += DAY
    for _ in range(3):
        asked(inn, secret)
    assert lines(inn, "token refused") == [("", ANNA, made.id)]
    inn.clock.now += 61
    asked(inn, secret)
    assert len(lines(inn, "token refused")) == 2
    for _ in range(3):
        asked(inn, MARK + "A" * 43)  # nobody's: not a line, or strangers could fill the audit
    assert len(lines(inn, "token refused")) == 2


@pytest.mark.parametrize("end", ["disable", "remove", "reset"])
def test_who_is_shut_out_or_invited_anew_has_no_token_that_goes_on(
    inn: Inn, tokens: Tokens, end: str
) -> None:
    secret = tokens.make(ANNA, "solem", Role.CODER, by="a test")[1]
    if end == "reset":
        inn.people.invite(ANNA, by="a test")
    else:
        inn.people.disable(ANNA, by="a test", state="removed" if end == "remove" else "disabled")
    assert asked(inn, secret) == 401
    if end == "disable":
        inn.people.enable(ANNA, by="a test")
        assert asked(inn, secret) == 401, "what was ended stays ended"


def test_a_role_that_is_taken_away_ends_at_the_next_request(inn: Inn, tokens: Tokens) -> None:
    secret = tokens.make(ANNA, "solem", Role.CODER, by="a test")[1]
    assert asked(inn, secret) == 200
    inn.people.give(ANNA, "solem", None, by="a test")
    assert (asked(inn, secret), asked(inn, secret, "cases")) == (404, 200)
    inn.people.give(ANNA, "solem", Role.READER, by="a test")
    assert asked(inn, secret) == 200
    client = TestClient(inn.app)
    answer = client.get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"}).json()
    assert [each["role"] for each in answer["items"]] == ["reader"]


@pytest.mark.parametrize(
    ("place", "role", "days", "said"),
    [
        ("solem", Role.SENIOR, 90, "not senior in solem"),
        ("other", Role.READER, 90, "not reader in other"),
        (OVERALL, Role.SENIOR, 90, "not senior in any case"),
        ("solem", Role.SOMEBODY, 90, "a role is one of"),
        ("solem", Role.READER, 0, "1 to 366 days"),
        ("solem", Role.READER, 367, "1 to 366 days"),
    ],
)
def test_a_token_is_never_made_for_more_than_its_person_may(
    tokens: Tokens, place: str, role: Role, days: int, said: str
) -> None:
    with pytest.raises(AskedWrongly, match=said):
        tokens.make(ANNA, place, role, days=days, by="a test")
    assert tokens.every() == []


def test_who_cannot_sign_in_has_no_tokens(inn: Inn, tokens: Tokens) -> None:
    inn.people.add("New", by="a test")
    with pytest.raises(AskedWrongly, match="New is invited"):
        tokens.make("New", "solem", Role.READER, by="a test")


@pytest.mark.parametrize("label", ["x" * 101, "a\x1b[2Jb"])
def test_a_label_is_a_few_signs_that_can_be_seen(tokens: Tokens, label: str) -> None:
    with pytest.raises(AskedWrongly, match="at most 100 signs"):
        tokens.make(ANNA, "solem", Role.READER, label=label, by="a test")


def test_a_token_tells_what_it_is(inn: Inn, tokens: Tokens) -> None:
    made, secret = tokens.make(ANNA, "solem", Role.READER, days=1, label="figures", by="a test")
    told = TestClient(inn.app).get("/api/v1/token", headers={"Authorization": f"Bearer {secret}"}).json()
    assert (told["id"], told["person"], told["case"], told["role"]) == (made.id, ANNA, "solem", "reader")
    assert secret not in str(told)


def test_people_see_their_own_tokens_and_revoke_them_and_no_others(inn: Inn, tokens: Tokens) -> None:
    mine, secret = tokens.make(ANNA, "solem", Role.CODER, label="figures <b>", by="a test")
    other, others = tokens.make("D. Karam", OVERALL, Role.ADMIN, by="a test")
    browser = inn.sign_in(ANNA)
    page = browser.get("/account").text
    assert mine.id in page
    assert "figures &lt;b&gt;" in page
    assert other.id not in page
    assert secret not in page

    def revoke(name: str) -> int:
        told = {"what": "revoke", "token": name, "csrf": token_of(browser, "/account")}
        return int(browser.post("/account", data=told).status_code)

    assert (revoke(other.id), asked(inn, others)) == (404, 200)
    assert (revoke(mine.id), asked(inn, secret)) == (303, 401)
    assert lines(inn, "token revoked") == [(ANNA, ANNA, mine.id)]
    assert mine.id not in browser.get("/account").text


def test_a_people_file_of_the_former_form_grows_and_keeps_who_is_in_it(inn: Inn, tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    inn.people.file.close()
    with closing(sqlite3.connect(file)) as held, held:
        held.execute("DROP TABLE tokens")
        held.execute("PRAGMA user_version = 1")
    for _ in range(2):
        people = opened(file)
        assert [person.name for person in people.everybody()] == [ANNA, "D. Karam"]
        made, _ = Tokens(people).make(ANNA, "solem", Role.CODER, by="a test")
        assert made in Tokens(people).every(ANNA)
        people.file.close()
    with closing(sqlite3.connect(file)) as held:
        assert held.execute("PRAGMA user_version").fetchone() == (FORM,)
        grown = {
            sql
            for (sql,) in held.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'tokens' AND sql <> ''"
            )
        }
    fresh = PeopleFile(tmp_path / "fresh.sqlite", make=True)
    there = {
        row["sql"]
        for row in fresh.ask("SELECT sql FROM sqlite_master WHERE tbl_name = 'tokens' AND sql <> ''")
    }
    fresh.close()
    assert grown == there


def run(file: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["people", *words, "--file", str(file)])
    return done.exit_code, done.output


def test_tokens_are_made_told_of_and_revoked_at_the_terminal(inn: Inn, tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    assert run(file, "tokens") == (0, "no token yet\n")
    status, told = run(file, "token", ANNA, "--case", "solem", "--role", "reader", "--for", "figures")
    assert status == 0
    name, secret = told.split()[1].rstrip(":"), told.split()[-1]
    assert asked(inn, secret) == 200
    _, listed = run(file, "tokens", ANNA)
    assert listed.startswith(f"{name}: {ANNA}, reader in solem, good, until ")
    assert listed.rstrip().endswith("; figures")
    assert secret not in listed
    assert run(file, "revoke", name)[0] == 0
    assert asked(inn, secret) == 401
    assert "revoked" in run(file, "tokens")[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token",), "say who"), (("revoke",), "say who"), (("revoke", "tok-1"), "no token"),
        (("token", ANNA, "--case", "solem"), "--role reader"),
        (("token", ANNA, "--case", "solem", "--role", "none"), "--role reader"),
        (("token", "Nobody", "--role", "reader"), "nobody is called"), (("tokens", "Nobody"), "nobody is called"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_at_the_terminal_is_told(
    inn: Inn, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    status, told = run(tmp_path / "people.sqlite", *words)
    assert status != 0
    assert said in " ".join(told.split())
