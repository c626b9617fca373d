"""Map and timeline as each other's filter: what an address asks for, what it shows, and where its links lead."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined

import tallystick
from tallystick.dossier import maps, render, view
from tallystick.dossier.ground import Ground, Tiles
from tallystick.dossier.pair import Pair, Row, Window, pair, written
from tallystick.dossier.times import Killed
from tallystick.errors import AskedWrongly

WEB = Path(tallystick.__file__).parent / "web"
OCTOBER = date(2016, 10, 1)


def row(n: int, latitude: float | None = 31.0, longitude: float | None = -41.0, **more: object) -> Row:
    held: dict[str, object] = {
        "place": f"Town {n}",
        "radius_km": 2.0,
        "start": OCTOBER,
        "end": OCTOBER,
        **more,
    }
    kind, shape = str(held.pop("kind", "air_strike")), str(held.pop("shape", "one origin"))
    return Row(
        f"i{n}",
        f"Strike {n}",
        f"/incidents/i{n}",
        kind,
        shape,
        latitude=latitude,
        longitude=longitude,
        **held,
    )  # type: ignore[arg-type]


ROWS = [
    row(n, 31 + n % 7 / 5, -41 + n % 5 / 5, start=OCTOBER + timedelta(n % 30), end=OCTOBER + timedelta(n % 30),
        kind=("air_strike", "shelling")[n % 2], killed=Killed(1, 2, 3))
    for n in range(60)
]  # fmt: skip


def asked(query: str) -> Window:
    return Window.read(parse_qsl(query.removeprefix("?")))


# ------------------------------------------------------------------------------- the address


@given(
    st.builds(lambda w, s, wide, tall: (w, s, w + wide, min(84.0, s + tall)),
              st.floats(-180, 179.9), st.floats(-84, 80), st.floats(0.01, 350), st.floats(0.01, 100)),
    st.dates(), st.dates(), st.lists(st.text(min_size=1, max_size=9), max_size=3, unique=True),
)  # fmt: skip
def test_an_address_says_what_it_was_made_of(box: view.Box, one: date, other: date, kinds: list[str]) -> None:
    window = Window(box, min(one, other), max(one, other), tuple(kinds), (("q", "a&b"),))
    back = asked(window.query())
    assert back.box == pytest.approx(box, abs=2e-5)
    assert (back.since, back.until, back.kinds, back.rest) == (
        window.since,
        window.until,
        window.kinds,
        window.rest,
    )


@pytest.mark.parametrize(
    "query",
    ["box=1,2,3", "box=a,b,c,d", "box=1,2,1,2", "box=0,5,1,4", "box=0,-91,1,4", "box=nan,0,1,1", "box=inf,0,1,1",
     "box=1e400,0,1,1", "box=0,0,1,1,1", "from=yesterday", "to=2016-13-01", "from=2016-10-02&to=2016-10-01",
     "from=<script>", "&".join(f"kind={n}" for n in range(60)), "box=900,0,901,1"],
)  # fmt: skip
def test_what_is_no_box_and_no_day_is_refused_in_words(query: str) -> None:
    with pytest.raises(AskedWrongly):
        asked(query)


def test_an_empty_field_of_a_form_asks_for_nothing() -> None:
    assert asked("from=&to=&box=&kind=") == Window()


# --------------------------------------------------------------------------------- the choice


def test_a_row_belongs_where_it_may_lie() -> None:
    near = Window(box=(-41.0, 31.0, -40.0, 32.0))
    assert near.holds_place(row(1, 31.5, -40.5))
    assert near.holds_place(row(1, 30.9, -40.5, radius_km=20.0)), "its disc reaches in"
    assert not near.holds_place(row(1, 30.9, -40.5, radius_km=2.0))
    assert not near.holds_place(row(1, None, None))
    over_the_line = Window(box=(179.0, -20.0, 181.0, -10.0))
    assert over_the_line.holds_place(row(1, -15.0, -179.5))
    assert not over_the_line.holds_place(row(1, -15.0, -178.5))
    week = Window(since=OCTOBER, until=OCTOBER + timedelta(6))
    assert week.holds_days(row(1, start=date(2016, 9, 1), end=None))
    assert week.holds_days(row(1, start=date(2016, 9, 20), end=OCTOBER))
    assert not week.holds_days(row(1, start=date(2016, 10, 8), end=date(2016, 10, 9)))
    assert not week.holds_days(row(1, start=None, end=None))


@settings(max_examples=25, deadline=None)
@given(
    st.floats(-180, 180), st.floats(-80, 80), st.floats(0.1, 60),
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), max_size=8),
)  # fmt: skip
def test_what_the_map_shows_within_the_box_is_what_is_chosen(
    west: float, south: float, wide: float, points: list[tuple[float, float]]
) -> None:
    """Of places known to the metre: those on the drawing are those of the box that the drawing says it shows."""
    seen = view.over((west, south, west + wide, min(84.0, south + wide)), 900.0, 560.0)
    window = asked("box=" + written(seen.box))
    assert window.box is not None
    w, s, e, n = window.box
    rows = [row(number, lat, lon, radius_km=0.0) for number, (lat, lon) in enumerate(points)]
    edges = [abs((lon - edge + 180) % 360 - 180) for _, lon in points for edge in (w, e)]
    edges += [abs(lat - edge) for lat, _ in points for edge in (s, n)]
    if min(edges, default=1.0) < 0.01:
        return
    told = pair(rows, window)
    assert told.map is not None
    drawn = {href for mark in told.map.marks for href, _ in mark.links}
    assert drawn == {each.href for each in told.rows}


def test_each_drawing_is_filtered_by_what_is_chosen_on_the_other() -> None:
    whole = pair(ROWS, Window())
    assert whole.map is not None
    assert whole.times is not None
    assert len(whole.rows) == 60
    week = pair(ROWS, asked("from=2016-10-01&to=2016-10-07"))
    assert week.map is not None
    assert len(week.rows) == sum(len(mark.links) for mark in week.map.marks) == 14
    south = pair(ROWS, asked("box=-42,30,-39,31.1"))
    assert south.times is not None
    assert sum(each.count for each in south.times.bins) == len(south.rows) == 9
    shelling = pair(ROWS, asked("kind=shelling"))
    assert {each.kind for each in shelling.rows} == {"shelling"}
    assert [(k.kind, k.count, k.chosen) for k in shelling.kinds] == [
        ("air_strike", 30, False),
        ("shelling", 30, True),
    ]
    assert asked(shelling.kinds[1].href) == Window()
    assert asked(shelling.kinds[0].href).kinds == ("shelling", "air_strike")


def test_what_cannot_be_chosen_by_is_counted() -> None:
    rows = [row(1), row(2, None, None), row(3, start=None, end=None)]
    assert (pair(rows, asked("box=-42,30,-40,32")).placeless, pair(rows, Window()).placeless) == (1, 0)
    told = pair(rows, asked("from=2016-10-01"))
    assert (told.dayless, len(told.rows)) == (1, 2)


def test_nothing_at_all_is_shown_as_nothing() -> None:
    told = pair([], Window())
    assert (told.map, told.times, told.rows, told.map_svg, told.times_svg) == (None, None, (), "", "")
    assert shown(told)
    empty = pair([], asked("box=0,0,1,1&from=2016-10-01&to=2016-10-03"))
    assert empty.map is not None
    assert empty.times is not None
    assert pair([row(1, None, None)], Window()).map is None


# ---------------------------------------------------------------------------------- the links


def test_every_link_can_be_followed_and_keeps_the_rest_of_the_choice() -> None:
    told = pair(ROWS, asked("q=x&kind=shelling&from=2016-10-02&to=2016-10-20&box=-42,30,-39,33"))
    assert [move.name for move in told.moves] == [
        "nearer",
        "farther",
        "north",
        "south",
        "west",
        "east",
        "whole",
    ]
    assert [move.name for move in told.days] == ["earlier", "later", "fewer", "more", "whole"]
    for move in told.moves:
        to = asked(move.href)
        assert (to.since, to.until, to.kinds, to.rest) == (
            date(2016, 10, 2),
            date(2016, 10, 20),
            ("shelling",),
            (("q", "x"),),
        )
        assert pair(ROWS, to).map
    for move in told.days:
        to = asked(move.href)
        assert (to.kinds, to.rest) == (("shelling",), (("q", "x"),))
        assert to.box == pytest.approx((-42, 30, -39, 33), abs=1e-4)
        assert pair(ROWS, to).times


def test_nearer_and_farther_come_back_to_the_same_view() -> None:
    start = pair(ROWS, asked("box=-42,30,-39,33"))
    nearer = pair(ROWS, asked(next(m.href for m in start.moves if m.name == "nearer")))
    back = pair(ROWS, asked(next(m.href for m in nearer.moves if m.name == "farther")))
    assert start.map
    assert back.map
    assert back.map.view.box == pytest.approx(start.map.view.box, abs=1e-3)


def test_a_mark_of_many_leads_to_where_they_come_apart_and_else_to_the_list() -> None:
    apart = [row(n, 31 + n / 100, -41) for n in range(4)] + [row(9, 40.0, -30.0)]
    told = pair(apart, Window())
    assert told.map is not None
    (many,) = [mark for mark in told.map.marks if len(mark.links) > 1]
    nearer = pair(apart, asked(many.href))
    assert nearer.map is not None
    assert len(nearer.map.marks) == 4
    same = pair([row(1), row(2)], Window())
    assert same.map is not None
    assert same.map.marks[0].href == "#rows"


def test_a_bar_of_the_timeline_leads_to_its_days() -> None:
    rows = [row(n, start=OCTOBER + timedelta(n % 200), end=OCTOBER + timedelta(n % 200)) for n in range(900)]
    told = pair(rows, Window())
    assert told.times is not None
    assert told.times.step == "week"
    for each in told.times.bins[:3]:
        assert len(pair(rows, asked(each.href)).rows) == each.count
    assert f'href="{told.times.bins[1].href}"'.replace("&", "&amp;") in told.times_svg


# ------------------------------------------------------------------------------- the fragment


def shown(told: Pair) -> str:
    source = (WEB / "templates" / "map.html").read_text("utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["term"] = str  # of the desk, for its languages

    def say(message: str, **values: object) -> str:
        return message % values if values else message

    return environment.from_string(source).render(pair=told, _=say)


def test_the_fragment_holds_nothing_that_a_strict_policy_forbids() -> None:
    hostile = '"><script>alert(1)</script>'
    told = pair(
        [row(1, kind=hostile, place=hostile), row(2)], asked("q=%22%3E%3Cscript%3E&kind=%22%3E%3Cb%3E")
    )
    for each in (told, pair([row(1, kind=hostile, place=hostile), row(2)], Window())):
        text = shown(each)
        assert "<script" not in text
        assert "<b>" not in text
        assert not re.search(r"\son\w+=|style=|javascript:", text)
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_tiles_are_shown_with_who_made_them() -> None:
    ground = Ground(tiles=Tiles("https://tiles.example.org/{z}/{x}/{y}.png", "© Some & others"))
    text = shown(pair(ROWS, Window(), ground))
    assert '<image class="tile" href="https://tiles.example.org/' in text
    assert "© Some &amp; others" in text


# -------------------------------------------------------------------------------- the browser


@pytest.fixture
def desk() -> Iterator[str]:
    """A server that shows the fragment as a page of the desk would, under the desk's policy."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            kind, body = "text/html; charset=utf-8", b""
            if url.path == "/drawn.css":
                kind, body = "text/css", render.style()
            elif url.path == "/map.js":
                kind, body = "text/javascript", (WEB / "static" / "map.js").read_bytes()
            elif url.path == "/":
                told = pair(ROWS, asked(url.query))
                rows = "".join(f"<li>{each.id}</li>" for each in told.rows)
                text = f'<!doctype html><html lang="en"><title>Desk</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><link rel="stylesheet" href="/drawn.css"><script src="/map.js" defer></script><main>{shown(told)}<ul id="rows">{rows}</ul></main>'
                body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'",
            )
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def _box(url: str) -> view.Box:
    box = asked(urlsplit(url).query).box
    assert box is not None
    return box


def test_in_a_browser_dragging_turning_and_brushing_ask_for_what_links_ask(browser: str, desk: str) -> None:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1100, "height": 1300})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(desk + "?box=-42,30,-39,33")
        before = _box(page.url)
        page.wait_for_selector("svg.map.live")
        at = page.locator("svg.map").bounding_box()
        assert at is not None
        page.mouse.move(at["x"] + 60, at["y"] + 300)
        page.mouse.down()
        page.mouse.move(at["x"] + 160, at["y"] + 300, steps=4)
        with page.expect_response(lambda answer: "box=" in answer.url):
            page.mouse.up()
        page.wait_for_selector("#pair:not([aria-busy])")
        after = _box(page.url)
        shown_box = pair(ROWS, Window(box=before)).map
        assert shown_box is not None
        west, _, east, north = shown_box.view.box
        assert after[0] == pytest.approx(west - (east - west) * 100 / at["width"], abs=0.01)
        assert after[3] == pytest.approx(north, abs=0.01), "what was dragged sideways does not rise"

        page.focus("#map-view")
        page.mouse.move(at["x"] + 450, at["y"] + 280)
        with page.expect_response(lambda answer: "box=" in answer.url):
            page.mouse.wheel(0, -300)
        page.wait_for_selector("#pair:not([aria-busy])")
        nearer = _box(page.url)
        assert (nearer[2] - nearer[0]) / (after[2] - after[0]) == pytest.approx(0.5, abs=0.02)
        centre = (after[0] + after[2]) / 2
        assert (nearer[0] + nearer[2]) / 2 == pytest.approx(centre, abs=0.05)
        assert page.evaluate("document.activeElement.id") == "map-view", "the focus stays where it was"

        with page.expect_response(lambda answer: "box=" in answer.url):
            page.keyboard.press("-")
        page.wait_for_selector("#pair:not([aria-busy])")
        page.goto(desk)
        page.wait_for_selector("svg.times.live")
        told = pair(ROWS, Window()).times
        assert told is not None
        at = page.locator("svg.times").bounding_box()
        assert at is not None
        share = at["width"] / told.width
        step = (told.right - told.left) / ((told.last - told.first).days + 1)
        y = at["y"] + 10
        page.mouse.move(at["x"] + (told.left + 2.5 * step) * share, y)
        page.mouse.down()
        page.mouse.move(at["x"] + (told.left + 6.5 * step) * share, y, steps=4)
        with page.expect_response(lambda answer: "from=" in answer.url):
            page.mouse.up()
        page.wait_for_url("**from=**")
        chosen = asked(urlsplit(page.url).query)
        assert (chosen.since, chosen.until) == (told.first + timedelta(2), told.first + timedelta(6))
        page.wait_for_selector("#rows li:nth-child(10):last-child")
        page.go_back()
        page.wait_for_selector("#rows li:nth-child(60):last-child")
        assert said == []
        chromium.close()


def test_without_script_every_move_is_a_link(browser: str, desk: str) -> None:
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_context(java_script_enabled=False).new_page()
        page.goto(desk)
        page.click("#map-nearer")
        assert _box(page.url)
        page.click("#days-fewer")
        both = asked(urlsplit(page.url).query)
        assert both.box
        assert both.since
        page.fill("input[name=from]", "2016-10-03")
        page.click("text=Show these days")
        assert asked(urlsplit(page.url).query).since == date(2016, 10, 3)
        assert asked(urlsplit(page.url).query).box == pytest.approx(both.box, abs=1e-3)
        chromium.close()


def test_the_style_stands_in_the_package() -> None:
    assert b".pair" in files("tallystick.dossier").joinpath("drawn.css").read_bytes()
    assert maps.SHAPES[0] == "sources differ"
