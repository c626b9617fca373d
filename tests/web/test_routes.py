"""Every row of the table, for everybody who may come: the answer is the one that the row's role says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from tests_desk import Inn, token_of

from tallystick.desk import Desk
from tallystick.web.app import make
from tallystick.web.doors import Alone
from tallystick.web.guard import HEADERS
from tallystick.web.looks import statics
from tallystick.web.people import OVERALL
from tallystick.web.role import GIVEN, Role
from tallystick.web.routes import NAVIGATION, TABLE
from tallystick.web.row import Row, get, post
from tallystick.web.tokens import Tokens

# What stands in a path for each of its parts; a thing that is not there is told with 404, which is an answer
# of the handler, and past the door.
PARTS = {"case": "solem", "token": "none", "key": "none", "item": "none"}
TEAM = [row for row in TABLE if row.team and not row.for_programs]
PROGRAMS = [row for row in TABLE if row.for_programs]


def path_of(row: Row, case: str = "solem") -> str:
    parts = dict.fromkeys(["id", "name", "left", "right", "claim", "incident", "report"], "none")
    out = row.path.replace(":path}", "}").replace(":int}", "}")
    for name, value in {**parts, **PARTS, "case": case}.items():
        out = out.replace(f"{{{name}}}", value)
    assert "{" not in out, f"say in PARTS what stands for the parts of {row.path}"
    return out


def called(row: Row) -> str:
    return f"{row.method} {row.path}"


@pytest.fixture(scope="module")
def inn(tmp_path_factory: pytest.TempPathFactory, cases: dict[str, Desk]) -> Iterator[Inn]:
    inn = Inn(tmp_path_factory.mktemp("inn"), cases)
    inn.settle("Nobody's", role=None)
    for role in GIVEN:
        inn.settle(f"{role.word} here", "solem", role)
        inn.settle(f"{role.word} over all", OVERALL, role)
    yield inn
    inn.close()


@pytest.fixture(scope="module")
def browsers(inn: Inn) -> dict[str, TestClient]:
    return {name: inn.sign_in(name) for name in inn.secrets}


@pytest.fixture(scope="module")
def tokens(inn: Inn) -> dict[tuple[str, str, Role], str]:
    """Tokens of everybody who has a role: in that role and as a reader, for one case and, of some, for all."""
    made = Tokens(inn.people)
    out = {}
    for person in inn.people.everybody():
        held = max(person.roles.values(), default=Role.SOMEBODY)
        for role in {held, Role.READER} if held in GIVEN else ():
            for place in ("solem", OVERALL) if person.name.endswith("over all") else ("solem",):
                out[person.name, place, role] = made.make(person.name, place, role, by="a test")[1]
    return out


_PROGRAM: dict[int, TestClient] = {}


def shown(inn: Inn, row: Row, token: str | None, case: str = "solem", **headers: str) -> Response:
    """What a program is answered that shows ``token``, and no cookie."""
    told = {"Authorization": f"Bearer {token}"} if token is not None else {}
    body = {"json": {}} if row.method == "POST" else {}
    return _PROGRAM.setdefault(id(inn), inn.browser()).request(
        row.method, path_of(row, case), headers={**told, **headers}, **body
    )


def rows_of(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the tables in a ledger."""
    with sqlite3.connect(folder / "ledger.sqlite") as held:
        tables = [name for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: held.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
    held.close()
    return found


def may(row: Row, here: Role, overall: Role) -> int | None:
    """The status with which the door answers; None where it lets through."""
    held = max(here, overall) if row.of_case else overall
    if row.least <= Role.SOMEBODY and not row.of_case:
        return None
    if row.of_case and held < Role.READER:
        return 404
    return 403 if held < row.least else None


ENDS = {"sign-out"}  # what ends a session is looked at elsewhere


@pytest.mark.parametrize("row", [row for row in TEAM if row.name not in ENDS], ids=called)
def test_each_route_answers_each_role_as_its_row_says(
    inn: Inn, browsers: dict[str, TestClient], row: Row
) -> None:
    for name, browser in browsers.items():
        word = name.split()[0]
        role = Role[word.upper()] if word.upper() in Role.__members__ else Role.SOMEBODY
        overall = role if name.endswith("over all") else Role.SOMEBODY
        here = Role.SOMEBODY if name.endswith("over all") else role
        for case, at in (("solem", here), ("other", Role.SOMEBODY), ("missing", None)):
            if not row.of_case and case != "solem":
                continue
            path, data = path_of(row, case), {"csrf": token_of(browser, "/account")}
            got = browser.get(path) if row.method == "GET" else browser.post(path, data=data)
            expected = 404 if at is None else may(row, at, overall)
            if expected is None:
                assert got.status_code in (200, 303, 404, 422, 429), (name, case, got.status_code)
                assert "This takes the role" not in got.text
            else:
                assert got.status_code == expected, (name, case)


@pytest.mark.parametrize("row", TEAM, ids=called)
def test_who_is_not_signed_in_is_sent_to_the_door(inn: Inn, row: Row) -> None:
    browser = inn.browser()
    for case in ("solem", "missing"):
        path = path_of(row, case)
        got = (
            browser.get(path) if row.method == "GET" else browser.post(path, data={"csrf": token_of(browser)})
        )
        if row.least == Role.NOBODY:
            assert got.status_code in (200, 303, 404, 422, 429)
        elif row.method == "GET":
            assert (got.status_code, got.headers["location"]) == (303, f"/sign-in?next={path}")
        else:
            assert got.status_code == 403


@pytest.mark.parametrize("row", [row for row in TEAM if row.method == "POST"], ids=called)
@pytest.mark.parametrize("csrf", [None, "", "0" * 64, "é"])
def test_a_form_without_the_sessions_token_is_refused(
    browsers: dict[str, TestClient], row: Row, csrf: str | None
) -> None:
    data = {} if csrf is None else {"csrf": csrf}
    assert browsers["admin over all"].post(path_of(row), data=data).status_code == 403


@pytest.mark.parametrize("row", [row for row in TEAM if row.method == "POST"], ids=called)
def test_a_form_with_another_sessions_token_is_refused(browsers: dict[str, TestClient], row: Row) -> None:
    other = token_of(browsers["admin here"], "/account")
    assert browsers["admin over all"].post(path_of(row), data={"csrf": other}).status_code == 403


def test_a_get_never_writes(
    inn: Inn, browsers: dict[str, TestClient], tokens: dict[tuple[str, str, Role], str]
) -> None:
    def held() -> object:
        kept = inn.people.file
        tables = ("persons", "roles", "codes", "invitations", "cases", "attempts")
        told = {name: [tuple(row) for row in kept.ask(f"SELECT * FROM {name}")] for name in tables}  # noqa: S608
        return told, [rows_of(desk.case.folder) for desk in inn.cases.values()]

    before = held()
    for row in PROGRAMS:
        if row.method == "GET":
            for token in (tokens["admin over all", OVERALL, Role.ADMIN], None):
                assert shown(inn, row, token).status_code in (200, 401, 404, 422)
    assert held() == before
    for row in TEAM:
        if row.method == "GET":
            for case in ("solem", "other"):
                browsers["admin over all"].get(path_of(row, case))
                inn.browser().get(path_of(row, case))
    assert held() == before


@pytest.mark.parametrize("row", PROGRAMS, ids=called)
def test_each_row_for_programs_answers_each_token_as_the_lesser_of_token_and_person_may(
    inn: Inn, tokens: dict[tuple[str, str, Role], str], row: Row
) -> None:
    for (name, place, role), token in tokens.items():
        over_all = name.endswith("over all")
        for case, at in (
            ("solem", role),
            ("other", role if over_all and place == OVERALL else Role.SOMEBODY),
        ):
            got = shown(inn, row, token, case)
            if not row.of_case:
                assert got.status_code == 200
            elif at < Role.READER:
                assert got.status_code == 404, (name, place, role, case)
            elif at < row.least:
                assert got.status_code == 403, (name, place, role, case)
                assert "This takes the role" in got.json()["detail"]
            else:
                assert got.status_code in (200, 404, 422), (name, place, role, case, got.text)
    if row.of_case:
        assert shown(inn, row, tokens["admin over all", OVERALL, Role.ADMIN], "missing").status_code == 404


@pytest.mark.parametrize("row", PROGRAMS, ids=called)
def test_without_a_good_token_a_program_is_told_that_it_needs_one(
    inn: Inn, browsers: dict[str, TestClient], row: Row
) -> None:
    expected = 200 if row.least == Role.NOBODY else 401
    for token in (None, "", "x", "tally_" + "A" * 43, "x" * 10_000):
        got = shown(inn, row, token)
        assert got.status_code == expected
        if expected == 401:
            assert got.headers["content-type"] == "application/problem+json"
            assert got.headers["www-authenticate"].startswith("Bearer")
    signed_in = browsers["admin over all"].request(row.method, path_of(row))
    assert signed_in.status_code == expected, "a cookie opens nothing here"


@pytest.mark.parametrize("row", PROGRAMS, ids=called)
def test_every_answer_to_a_program_carries_the_headers(
    inn: Inn, tokens: dict[tuple[str, str, Role], str], row: Row
) -> None:
    for token in (None, tokens["reader here", "solem", Role.READER]):
        got = shown(inn, row, token)
        for name, value in HEADERS.items():
            assert got.headers[name] == value
        assert got.headers["Cache-Control"] == "no-store"
        assert "set-cookie" not in got.headers


@pytest.mark.parametrize("row", TEAM, ids=called)
def test_every_answer_carries_the_headers(browsers: dict[str, TestClient], inn: Inn, row: Row) -> None:
    for browser in (browsers["reader here"], inn.browser()):
        got = browser.request(row.method, path_of(row))
        for name, value in HEADERS.items():
            assert got.headers[name] == value
        assert got.headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_a_style_in_it(browsers: dict[str, TestClient]) -> None:
    for row in TEAM:
        if row.method == "GET":
            page = browsers["admin over all"].get(path_of(row)).text
            assert "<style" not in page
            assert " style=" not in page
            assert " on" not in {tag[:3] for tag in page.split("<")}
            assert page.count("<script") == page.count('<script src="/static/')


def test_a_row_that_changes_something_is_posted() -> None:
    with pytest.raises(ValueError, match="GET never changes"):
        Row("/x", "x", lambda here: None, Role.READER, "GET", changes=True)  # type: ignore[arg-type, return-value]
    with pytest.raises(ValueError, match="not PUT"):
        Row("/x", "x", lambda here: None, Role.READER, "PUT")  # type: ignore[arg-type, return-value]


def test_every_row_has_a_place_of_its_own_and_one_name_for_each_path() -> None:
    assert len({(row.method, row.path, row.alone, row.team) for row in TABLE}) == len(TABLE)
    paths: dict[str, str] = {}
    for row in TABLE:
        assert paths.setdefault(row.name, row.path) == row.path, f"{row.name} is the name of two paths"


def test_only_a_page_of_no_case_is_open_to_nobody() -> None:
    assert not [row for row in TABLE if row.of_case and row.least < Role.READER]


def test_alone_there_is_no_page_about_people(tmp_path: Path) -> None:
    browser = TestClient(make({}, Alone("A. Haddad", None), hosts={"testserver"}))
    for row in TABLE:
        if not row.alone:
            assert browser.request(row.method, path_of(row)).status_code in (404, 405)


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "....//app.py",
        "/etc/passwd",
        "desk.css/..",
        "",
        "desk.css%00",
    ],
)
def test_no_path_below_static_leads_out_of_it(inn: Inn, path: str) -> None:
    digest = statics()["desk.css"].digest
    assert inn.browser().get(f"/static/{digest}/{path}").status_code == 404
    assert inn.browser().get(f"/static/{path}").status_code == 404


def test_a_static_file_is_kept_for_ever_under_its_digest_alone(inn: Inn) -> None:
    for name, held in statics().items():
        got = inn.browser().get(f"/static/{held.digest}/{name}")
        assert got.content == held.content
        assert "immutable" in got.headers["Cache-Control"]
        assert inn.browser().get(f"/static/{'0' * 16}/{name}").status_code == 404


def test_the_navigation_names_pages_in_their_order_and_only_those_there_are(cases: dict[str, Desk]) -> None:
    def page(here):  # type: ignore[no-untyped-def]
        return here.render("about.html", name="x", countries=(), version="")

    table = [*TABLE, get("/c/{case}/queue", "queue", page), get("/c/{case}", "overview", page)]
    browser = TestClient(make(cases, Alone("A. Haddad", None), table=table))
    shown = browser.get("/c/solem/queue").text
    assert 0 < shown.index(">Overview</a>") < shown.index(">Queue</a>")
    for name, label in NAVIGATION:
        there = any(row.name == name for row in table)
        assert (f">{label}</a>" in shown) == there


def test_a_fault_in_a_page_tells_nothing_of_the_inside(
    cases: dict[str, Desk], caplog: pytest.LogCaptureFixture
) -> None:
    def broken(here):  # type: ignore[no-untyped-def]
        raise RuntimeError("the secret of the inside")

    rows = [*TABLE, get("/c/{case}/broken", "broken", broken), post("/c/{case}/broken", "broken", broken)]
    browser = TestClient(make(cases, Alone("A. Haddad", None), table=rows))
    got = browser.get("/c/solem/broken")
    assert got.status_code == 500
    assert "secret" not in got.text
    assert "secret" in caplog.text
    assert got.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
