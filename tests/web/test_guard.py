"""What holds of every request: hosts, sizes, origins, pace; and the door of one person alone."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.testclient import TestClient
from tests_desk import token_of

from tallystick.desk import Desk
from tallystick.web import guard
from tallystick.web.app import make
from tallystick.web.doors import Alone, csrf_of
from tallystick.web.guard import Pace, from_elsewhere, host_of
from tallystick.web.here import Here, Stop
from tallystick.web.looks import Looks, statics
from tallystick.web.role import Role
from tallystick.web.routes import TABLE
from tallystick.web.row import post

HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"  # of htmx 4.0.1, dist/htmx.min.js


def tried(here: Here) -> Response:
    """A form that changes nothing: it says what came."""
    word = here.told("word", 200)
    if not word:
        raise Stop(422, "There is no word.", "Write one.")
    return PlainTextResponse(f"It came: {word}")


FORM = post("/c/{case}/tried", "tried", tried, Role.READER, changes=False)


def alone(cases: dict[str, Desk], key: str | None = None, **more: Any) -> TestClient:
    """The desk with one form more."""
    app = make(cases, Alone("A. Haddad", key), hosts={"testserver", "::1"}, table=(*TABLE, FORM), **more)
    return TestClient(app, follow_redirects=False)


# ------------------------------------------------------------------------------------------ one person


def test_the_key_opens_the_door_once_and_for_one_browser(cases: dict[str, Desk]) -> None:
    mine = alone(cases, "the-key")
    other = TestClient(mine.app, follow_redirects=False)
    assert mine.get("/c/solem/about").status_code == 403
    assert mine.get("/enter/another").status_code == 403
    entered = mine.get("/enter/the-key")
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "the-key" not in entered.headers["set-cookie"]
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert mine.get("/c/solem/about").status_code == 200
    assert other.get("/enter/the-key").status_code == 403
    assert other.get("/c/solem/about").status_code == 403
    assert mine.get("/enter/the-key").status_code == 303  # the browser that has it goes on


def test_without_the_cookie_no_page_of_a_case_says_that_there_is_one(cases: dict[str, Desk]) -> None:
    there, missing = (alone(cases, "k").get(f"/c/{name}/about") for name in ("solem", "missing"))
    assert (there.status_code, missing.status_code) == (403, 403)
    assert there.text.replace("solem", "missing") == missing.text


def test_alone_a_form_needs_its_token_too(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    assert browser.post("/c/solem/tried", data={"word": "x"}).status_code == 403
    assert browser.post("/c/solem/tried", data={"word": "x", "csrf": csrf_of("")}).status_code == 403
    csrf = token_of(browser, "/c/solem/about")
    assert browser.post("/c/solem/tried", data={"word": "x", "csrf": csrf}).status_code == 200
    part = browser.post("/c/solem/tried", data={"word": "x"}, headers={"X-CSRF": csrf, "HX-Request": "true"})
    assert part.text == "It came: x"


def test_nobody_who_was_not_let_in_has_a_token_that_opens_a_form(cases: dict[str, Desk]) -> None:
    browser = alone(cases, "k")
    assert browser.post("/taste", data={"scheme": "dark", "csrf": csrf_of("")}).status_code == 403


def test_an_error_for_the_script_is_a_notice_and_no_page(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    headers = {"X-CSRF": token_of(browser, "/c/solem/about"), "HX-Request": "true"}
    got = browser.post("/c/solem/tried", data={"word": ""}, headers=headers)
    assert got.status_code == 422
    assert got.headers["HX-Retarget"] == "#notice"
    assert "<html" not in got.text
    assert "There is no word." in got.text


def test_colours_and_language_are_kept_by_the_browser_and_nothing_else_is(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    csrf = {"csrf": token_of(browser, "/c/solem/about")}
    got = browser.post("/taste", data=csrf | {"scheme": "dark", "language": "xx", "back": "/c/solem/about"})
    assert (got.status_code, got.headers["location"]) == (303, "/c/solem/about")
    assert 'data-scheme="dark"' in browser.get("/c/solem/about").text
    assert "tallystick-language" not in browser.cookies
    got = browser.post("/taste", data=csrf | {"scheme": '"><script>', "back": "//evil.example"})
    assert got.headers["location"] == "/"
    assert "set-cookie" not in got.headers


# ------------------------------------------------------------------------------------------ hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "", "testserver@evil", "127.0.0.1", "\xe9"]
)
def test_a_name_that_was_made_to_lead_here_gets_nothing(cases: dict[str, Desk], host: str) -> None:
    got = alone(cases).get("/c/solem/about", headers={"Host": host.encode("latin-1")})
    assert got.status_code == 421
    assert "solem" not in got.text
    assert got.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER:8734", "[::1]:80", "[::1]"])
def test_its_own_names_are_known_with_any_port(cases: dict[str, Desk], host: str) -> None:
    assert alone(cases).get("/c/solem/about", headers={"Host": host}).status_code == 200


@given(st.text(alphabet="abc.:[]-019", max_size=20))
def test_the_host_of_a_header_has_no_port_and_no_brackets(header: str) -> None:
    assert ":" not in host_of(header) or header.strip().startswith("[")
    assert "]" not in host_of(header) or not header.strip().startswith("[")


# ------------------------------------------------------------------------------------------ origins


@pytest.mark.parametrize(
    ("headers", "elsewhere"),
    [
        ({}, False),
        ({"origin": "http://desk:8734"}, False),
        ({"origin": "http://DESK:8734", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, False),  # what our own forms send
        ({"origin": "null", "sec-fetch-site": "none"}, False),
        ({"origin": "null"}, True),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, True),
        ({"origin": "http://desk:8734", "sec-fetch-site": "same-site"}, True),
        ({"origin": "http://desk:1"}, True),
        ({"origin": "http://evil.example"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"origin": ""}, True),
    ],
)
def test_a_form_from_elsewhere_is_known_by_what_the_browser_says(
    headers: dict[str, str], elsewhere: bool
) -> None:
    assert from_elsewhere(Headers(headers), "desk:8734") is elsewhere


def test_a_form_from_elsewhere_is_refused_though_it_has_the_token(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    data = {"word": "x", "csrf": token_of(browser, "/c/solem/about")}
    for headers, status in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
    ):
        assert browser.post("/c/solem/tried", data=data, headers=headers).status_code == status


# ------------------------------------------------------------------------------------------ size and pace


def test_more_than_a_form_may_hold_is_refused_told_or_untold(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    csrf = token_of(browser, "/c/solem/about")
    big = b"word=" + b"x" * guard.MOST
    headers = {"X-CSRF": csrf, "Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/c/solem/tried", content=big, headers=headers).status_code == 413
    parts = (big[at : at + 100_000] for at in range(0, len(big), 100_000))
    assert browser.post("/c/solem/tried", content=parts, headers=headers).status_code == 413
    for length in ("-1", "x", "1e3", "٣"):
        told = headers | {"Content-Length": length}
        sent = {name.encode(): value.encode() for name, value in told.items()}
        assert browser.post("/c/solem/tried", content=b"", headers=sent).status_code == 413
    sent = headers | {"Content-Length": 5_000 * "9"}
    assert browser.post("/c/solem/tried", content=b"", headers=sent).status_code == 413


def test_a_field_that_is_too_long_or_a_file_does_not_fit(cases: dict[str, Desk]) -> None:
    browser = alone(cases)
    csrf = {"csrf": token_of(browser, "/c/solem/about")}
    assert browser.post("/c/solem/tried", data=csrf | {"word": "x" * 201}).status_code == 422
    assert browser.post("/c/solem/tried", data=csrf, files={"word": b"bytes"}).status_code == 422
    many = csrf | {f"f{n}": "" for n in range(3000)}
    assert browser.post("/c/solem/tried", data=many).status_code in (400, 422)
    broken = {"X-CSRF": csrf["csrf"], "Content-Type": "multipart/form-data; boundary=x"}
    assert browser.post("/c/solem/tried", content=b"--x\r\nbroken", headers=broken).status_code in (400, 422)


def test_a_request_that_never_comes_whole_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SECONDS", 0.05)
    sent: list[Any] = []

    async def app(scope: Any, receive: Callable[[], Any], send: Any) -> None:
        while True:
            await receive()

    async def receive() -> Any:
        await asyncio.sleep(10)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": "http", "headers": [(b"host", b"desk")], "method": "POST"}
    asyncio.run(guard.Guard(app, {"desk"})(scope, receive, send))
    assert sent[0]["status"] == 408


def test_one_session_cannot_starve_the_others() -> None:
    now = [0.0]
    pace = Pace(rate=2.0, burst=10, clock=lambda: now[0])
    assert [pace.wait("one") > 0 for _ in range(11)] == [False] * 10 + [True]
    assert pace.wait("two") == 0
    now[0] += pace.wait("one")
    assert pace.wait("one") == 0
    assert pace.wait("one") > 0


@given(st.lists(st.floats(0, 3), max_size=60))
def test_nobody_gets_more_than_the_burst_and_the_rate(steps: list[float]) -> None:
    now = [0.0]
    pace = Pace(rate=2.0, burst=5, clock=lambda: now[0])
    let_through = 0
    for step in steps:
        now[0] += step
        let_through += pace.wait("x") == 0
        assert let_through <= 5 + 2.0 * now[0] + 1e-6


def test_who_asks_too_fast_is_told_when_to_go_on(cases: dict[str, Desk]) -> None:
    browser = alone(cases, pace=Pace(rate=0.5, burst=2))
    answers = [browser.get("/c/solem/about") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 2


# ------------------------------------------------------------------------------------------ looks


def test_the_script_of_others_is_the_one_that_was_vendored() -> None:
    held = statics()
    assert hashlib.sha256(held["htmx.min.js"].content).hexdigest() == HTMX
    assert HTMX in held["LICENSES"].content.decode()


def test_our_own_files_fetch_nothing_from_elsewhere() -> None:
    for name in ("desk.css", "desk.js"):
        text = statics()[name].content.decode()
        assert "http:" not in text
        assert "https:" not in text
        assert "@import" not in text
        assert "eval(" not in text


@given(st.text(max_size=100))
def test_any_wish_for_a_language_gives_one_that_there_is(accepted: str) -> None:
    looks = Looks({})
    assert looks.preferred(accepted, accepted) in looks.languages


def test_the_browsers_first_language_that_there_is_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks({})
    monkeypatch.setattr(looks, "languages", {"en": "English", "ar": "العربية"})
    assert looks.preferred("", "fr, ar-SY;q=0.8, en;q=0.5") == "ar"
    assert looks.preferred("", "fr, ar;q=0.1, en;q=0.5") == "en"
    assert looks.preferred("ar", "en") == "ar"
    assert looks.preferred("", "") == "en"
    assert looks.preferred("", "ar;q=x, en;q=nan") == "en"


def test_every_template_says_its_words_through_the_translator() -> None:
    folder = Path(guard.__file__).parent / "templates"
    trans = re.compile(r"{%-? *trans.*?endtrans.*?%}", re.S)
    bare = re.compile(r">\s*([A-Z][a-z]+ [a-z]+[^<{]*)<")
    pages = {page.name: trans.sub("", page.read_text(encoding="utf-8")) for page in folder.glob("*.html")}
    assert {name: found for name, text in pages.items() if (found := bare.findall(text))} == {}


def test_babel_finds_the_words_of_pages_and_of_programs() -> None:
    from babel.messages.extract import extract_from_dir

    house = Path(make.__code__.co_filename).parent
    methods = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
    found = {str(message) for _, _, message, _, _ in extract_from_dir(house, method_map=methods)}
    assert {"Overview", "Sign in", "reader", "The two passwords differ.", "About this case"} <= found
    assert any("is good for %(hours)s hours" in message for message in found)
