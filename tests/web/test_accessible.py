"""Every page of the desk and of the dossier for people who do not see, hear or move as others do.

axe looks at each with every rule that it calls serious or critical, and at the size of targets, which it leaves
out by itself. What it cannot see (where the focus goes, what is said aloud, what fits) is looked at here.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests_desk import PASSWORD
from tests_served import CHROMIUM, KEY, House, Sitting, addresses, chromium, decided, findings, served

from tallystick.dossier.rules import NameRule, Redaction
from tallystick.web.routes import TABLE

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which this machine has not")
ADMIN, CODER = "D. Karam", "A. Haddad"
# Every pair of language, colours and width is among them.
LOOKS = [("en", "light", 380), ("en", "dark", 1280), ("ar", "light", 1280), ("ar", "dark", 380)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def desk(valley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A desk on which a day's work was done, and its address."""
    beside = tmp_path_factory.mktemp("accessible")
    house = House(shutil.copytree(valley, beside / "case"), beside)
    decided(house)
    with served(house.app) as address:
        yield house, address
    house.close()


@pytest.fixture(scope="module")
def seat(desk: tuple[House, str], browser: Browser) -> Sitting:
    """An admin, signed in."""
    return Sitting(browser, desk[1]).sign_in(desk[0].inn, ADMIN)


def test_every_page_that_is_asked_for_has_an_address_here(desk: tuple[House, str]) -> None:
    parts = {"lit", "since", "invited"}  # a style sheet, a part of a page, a page that test_browser.py walks
    assert set(addresses(desk[0])) | parts == {
        row.name for row in TABLE if row.method == "GET" and row.team and not row.for_programs
    }


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_axe_finds_nothing_serious_on_any_page(
    desk: tuple[House, str], seat: Sitting, language: str, scheme: str, width: int
) -> None:
    seat.taste(language=language, scheme=scheme)
    seat.page.set_viewport_size({"width": width, "height": 800})
    seat.said.clear()
    for name, path in addresses(desk[0]).items():
        answer = seat.page.goto(path)
        assert answer is not None
        assert answer.status == 200, name
        assert seat.page.get_attribute("html", "lang") == language
        assert seat.page.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
        assert findings(seat.page) == [], name
        if width == 1280:
            fits(seat.page, name)
    assert seat.said == []


def fits(page: Page, name: str) -> None:
    """No page is wider than its window, at the width of a phone or of twice as large letters."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for width in (320, 640, 800, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(wide) <= 0, (name, width)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(wide) <= 0, (name, "200 %")
    page.set_viewport_size({"width": 1280, "height": 800})


def test_axe_would_find_what_is_wrong(seat: Sitting) -> None:
    seat.taste(scheme="light")
    page = seat.case("/queue")
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    page.evaluate(
        "document.querySelector('h1').style.color = '#ddd'; document.body.style.minWidth = '3000px'"
    )
    told = " ".join(findings(page))
    assert all(fault in told for fault in ("button-name", "color-contrast", "wider than the window")), told


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds; the page's policy forbids the way that Playwright has for it."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(
        f"never: {expression}; in focus: {page.evaluate('document.activeElement.outerHTML')[:200]}"
    )


def test_somebody_with_keys_alone_signs_in_and_decides(desk: tuple[House, str], browser: Browser) -> None:
    """Nothing but keys is sent: no mouse, no script that fills a field."""
    house, address = desk
    seat = Sitting(browser, address, viewport={"width": 1280, "height": 800})
    page, keys = seat.page, seat.page.keyboard
    page.goto("/sign-in")
    for told in (CODER, PASSWORD, house.inn.code(CODER)):  # the first field is in focus by itself
        keys.type(told)
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_url(f"**/c/{KEY}/")
    keys.press("g")
    keys.press("2")
    page.wait_for_url("**/queue")
    lit = "document.activeElement.id"
    until(page, "document.activeElement.matches('article.card')")
    while not page.evaluate("document.activeElement.matches('article.claim')"):
        keys.press("j")
    first = page.evaluate(lit)
    what = page.evaluate("document.activeElement.getAttribute('aria-label')")
    before = len(house.desk.case.ledger.events("reviewed"))
    keys.press("u")
    until(page, f"document.activeElement.matches('article.card:not(#{first})')")
    reviewed = house.desk.case.ledger.events("reviewed")
    assert len(reviewed) == before + 1
    assert (reviewed[-1].by, f"item-{reviewed[-1].item}") == (CODER, first)
    expect(page.locator("#told")).to_have_text(re.compile(rf"^{re.escape(what)}: \w+"))
    assert page.get_attribute("#told", "aria-live") == "polite"
    assert seat.said == []


def test_what_is_in_focus_is_seen_and_in_the_order_of_the_page(seat: Sitting) -> None:
    seat.taste()
    seat.page.set_viewport_size({"width": 1280, "height": 800})
    for path in ("/queue", "/incidents", "/map"):
        page = seat.case(path)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.evaluate("window.met = []")
        for _ in range(40):
            page.keyboard.press("Tab")
            told = page.evaluate("""() => {
              const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
              const last = met.at(-1);
              met.push(at);
              return {
                seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
                there: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
                after: !last || at === document.body || !!(last.compareDocumentPosition(at) & 4) || last === document.body,
                what: at.outerHTML.slice(0, 120),
              };
            }""")
            if told["what"].startswith("<body"):
                continue
            assert told["seen"], told
            assert told["there"], told
            assert told["after"], told


def test_nothing_moves_for_whom_motion_is_reduced(seat: Sitting) -> None:
    page = seat.page
    page.emulate_media(reduced_motion="reduce")
    for path in ("/queue", "/map", "/"):
        seat.case(path)
        moving = """[...document.querySelectorAll('*')].filter(each => {
          const style = getComputedStyle(each);
          return style.transitionProperty !== 'none' && style.transitionDuration !== '0s' || style.animationName !== 'none';
        }).length"""
        assert page.evaluate(moving) == 0
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.emulate_media(reduced_motion="no-preference")


def test_words_are_chosen_by_keys_in_a_text_that_runs_leftwards(
    seat: Sitting, desk: tuple[House, str]
) -> None:
    """On an English text within an Arabic page, → is the next word: the text's own direction counts."""
    seat.taste(language="ar")
    seat.page.set_viewport_size({"width": 1280, "height": 800})
    page = seat.page
    page.goto(addresses(desk[0])["report"])
    page.keyboard.press("t")
    said = page.locator("#chosen q")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text("At")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(said).to_have_text("At least 14 people")
    page.keyboard.press("ArrowLeft")
    expect(said).to_have_text("14")
    article = page.locator("article[data-text] p").first
    assert article.evaluate("each => getComputedStyle(each).direction") == "ltr"
    assert page.locator("article[data-text]").get_attribute("lang") == "en"


def test_figures_days_and_the_map_run_rightwards_in_arabic(seat: Sitting, desk: tuple[House, str]) -> None:
    """9–17 is never shown as 17–9, 1 / 7 never as 7 / 1, and west is left of east."""
    seat.taste(language="ar")
    there, runs = addresses(desk[0]), "each => getComputedStyle(each).direction"
    for name, what in (("incidents", ".range"), ("history", "time"), ("map", "svg"), ("map", ".compass")):
        seat.page.goto(there[name])
        assert seat.page.locator(what).first.evaluate(runs) == "ltr", what
    west, east = (seat.page.locator(f"#map-{end}").bounding_box() for end in ("west", "east"))
    assert west is not None
    assert east is not None
    assert west["x"] < east["x"]
    seat.page.goto(there["incident"])
    passage = seat.page.locator(".passage").first
    assert passage.evaluate(runs) == "ltr"
    assert passage.locator("[lang=en]").count()
    assert seat.page.locator("main h2").first.evaluate(runs) == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_dossier(
    desk: tuple[House, str], browser: Browser, tmp_path: Path, scheme: str
) -> None:
    case = desk[0].desk.case
    case.dossier(tmp_path / "whole")
    case.dossier(tmp_path / "less", rules=Redaction((NameRule(("Sanna Orlek",)),)))
    names = ("index", "method", "redaction", "totals", "patterns", "reports", "matters")
    pages = [tmp_path / "whole" / f"{name}.html" for name in names]
    pages += [tmp_path / "less" / "redaction.html"]
    pages += [sorted((tmp_path / "whole" / sort).glob("*.html"))[0] for sort in ("incidents", "reports")]
    seat = Sitting(browser, desk[1], color_scheme=scheme)
    looked = 0
    for path in (each for each in pages if each.exists()):
        for width in (380, 1280):
            seat.page.set_viewport_size({"width": width, "height": 800})
            seat.page.goto(path.as_uri())
            assert findings(seat.page) == [], (path.name, width)
            looked += 1
    assert looked >= 14
    assert (tmp_path / "less" / "redaction.html").exists()
