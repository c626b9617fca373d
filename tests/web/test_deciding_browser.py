"""Deciding in a real browser: words chosen by mouse and by keyboard, a wrong merge separated, the queue by keys."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect, sync_playwright
from tests_deciding import Crew

from tallystick.model import Toll

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which this machine has not")
ANNA = "A. Haddad"
_AXE = (
    "axe.run().then(r => r.violations.filter(v => ['serious', 'critical'].includes(v.impact))"
    ".map(v => v.id + ': ' + v.nodes[0].target))"
)
# Where the words begin and end on the screen.
_RECT = """([words, skip]) => {
  const walker = document.createTreeWalker(document.querySelector("article.text"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0 || skip-- > 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + words.length);
    const box = range.getBoundingClientRect();
    return [box.left, box.right, box.top + box.height / 2];
  }
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Seat:
    """One person before the desk: a page, and what its console said."""

    def __init__(self, crew: Crew, address: str, chromium: Chromium, **more: object) -> None:
        self.crew, self.address = crew, f"{address}/c/solem"
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **more)  # type: ignore[arg-type]
        context.add_cookies([{"name": "who", "value": "A._Haddad", "url": address}])
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.said: list[str] = []
        self.page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def goto(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("load")

    def looks_well(self) -> None:
        """No finding of axe is serious, and no page is wider than its window."""
        axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(axe)
        assert self.page.evaluate(_AXE) == [], self.page.url
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, self.page.url


@pytest.fixture
def seat(to_decide: Path, tmp_path: Path, chromium: Chromium) -> Iterator[Seat]:
    crew = Crew.of(to_decide, tmp_path)
    server = uvicorn.Server(uvicorn.Config(crew.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    seat = Seat(crew, f"http://127.0.0.1:{port}", chromium)
    yield seat
    seat.page.context.close()
    server.should_exit = True
    thread.join()
    crew.close()


def test_a_toll_is_corrected_by_choosing_its_words_with_the_mouse(seat: Seat) -> None:
    crew, page, claim = seat.crew, seat.page, seat.crew.toll("a.txt")
    seat.goto(f"/reports/{crew.report('a.txt')}")
    left, right, middle = page.evaluate(_RECT, ["of Solem", 1])  # behind an emoji
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move((left + right) / 2, middle)
    page.mouse.move(right, middle)
    page.mouse.up()
    expect(page.locator("#chosen q")).to_have_text("of Solem")
    card = page.locator(f"#card-{claim.id}")
    card.get_by_text("Correct").click()
    form = card.locator("form.correct")
    expect(form.locator("[name=words]")).to_have_value("of Solem")
    form.locator("[name=count]").fill("at least 14")
    form.locator("[name=note]").fill("the second paragraph says so")
    form.get_by_role("button", name="Correct it so").click()
    expect(page.locator(".claim .what", has_text="At least 14 killed")).to_be_visible()
    (event,) = crew.past()
    (review,) = crew.desk.case.ledger.reviews()
    text = crew.desk.document(crew.report("a.txt")).text  # type: ignore[union-attr]
    assert (event.who, event.note, event.item) == (ANNA, "the second paragraph says so", claim.id)
    assert review.correction is not None
    assert isinstance(review.correction.value, Toll)
    assert (review.correction.span.start, review.correction.span.quote) == (
        text.rindex("of Solem"),
        "of Solem",
    )
    assert review.correction.value.count.low == 14
    assert crew.desk.case.verify().problems == ()
    assert seat.said == []


def test_a_toll_is_corrected_by_choosing_its_words_with_the_keyboard_alone(seat: Seat) -> None:
    crew, page, claim = seat.crew, seat.page, seat.crew.toll("b.txt")
    seat.goto(f"/reports/{crew.report('b.txt')}")
    page.locator(f"#card-{claim.id}").focus()
    page.keyboard.press("c")
    form = page.locator(f"#card-{claim.id} form.correct")
    expect(form.locator("[name=count]")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("t")
    expect(page.locator("article.text")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#chosen q")).to_have_text("Fifteen people")
    page.keyboard.press("Enter")
    expect(form.locator("[name=count]")).to_be_focused()
    expect(form.locator("[name=words]")).to_have_value("Fifteen people")
    page.keyboard.press("Control+a")
    page.keyboard.type("15 to 17")
    page.keyboard.press("Enter")
    expect(page.locator(".claim .what", has_text="15 to 17 killed")).to_be_visible()
    (review,) = crew.desk.case.ledger.reviews()
    assert review.correction is not None
    assert review.correction.span.quote == "Fifteen people"
    assert (review.by, seat.said) == (ANNA, [])


def test_in_text_written_leftwards_the_left_arrow_goes_on(seat: Seat) -> None:
    page = seat.page
    seat.goto(f"/reports/{seat.crew.report('e.txt')}")
    page.keyboard.press("t")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#chosen q")).to_have_text("قُتل")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#chosen q")).to_have_text("اثنا")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.locator("#chosen q")).to_have_text("اثنا عشر")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#chosen q")).to_have_text("اثنا")


def test_a_wrong_merge_is_separated(seat: Seat) -> None:
    crew, page = seat.crew, seat.page
    crew.desk.merge(crew.incident("a.txt"), crew.incident("c.txt"), "B. Idris")
    crew.desk.catch_up()
    wrong, name = crew.account("c.txt").id, crew.incident("a.txt")
    seat.goto(f"/incidents/{name}")
    seat.looks_well()
    page.locator(f"#{wrong} input[type=checkbox]").check()
    form = page.locator("#split")
    form.locator("[name=note]").fill("another village")
    form.get_by_role("button").click()
    expect(page.locator(f"#{wrong}")).to_have_count(0)
    crew.desk.catch_up()
    assert crew.incident("a.txt") != crew.incident("c.txt")
    mine = [event for event in crew.past() if event.by == ANNA]
    assert {(event.facts["verdict"], event.note) for event in mine} == {("different", "another village")}
    record = crew.desk.case.record()
    assert not [
        w for w in record.weighed if {wrong, crew.account("a.txt").id} <= {a.id for a in w.incident.accounts}
    ]
    assert seat.said == []


def test_the_queue_is_worked_through_by_keys_and_the_next_is_lit(seat: Seat) -> None:
    crew, page = seat.crew, seat.page
    seat.goto("/queue?sort=claim")
    seat.looks_well()
    cards = page.locator("article.card")
    first, second, third = (str(cards.nth(n).get_attribute("id")) for n in range(3))
    expect(page.locator(f"#{first}")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"#{first}.done")).to_be_visible()
    expect(page.locator(f"#{second}")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator(f"#{third}")).to_be_focused()
    assert [event.facts["verdict"] for event in crew.past()] == ["upheld", "rejected"]
    page.keyboard.press("k")
    expect(page.locator(f"#{second}")).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator(f"#{second} [value=reopened]")).to_have_count(0)
    assert [event.facts["verdict"] for event in crew.past()] == ["upheld", "rejected", "reopened"]
    assert [event.item for event in crew.past()] == [
        name.removeprefix("item-") for name in (first, second, second)
    ]
    assert seat.said == []


def test_in_the_queue_words_of_a_card_go_into_the_form_of_that_card_alone(seat: Seat) -> None:
    crew, page = seat.crew, seat.page
    seat.goto("/queue?sort=claim")
    one, other = page.locator("article.card").nth(0), page.locator("article.card").nth(1)
    one.locator("blockquote mark").dblclick()
    for card in (one, other):
        card.get_by_text("Correct").click()
        expect(card.locator("form.correct")).to_be_visible()
    chosen = one.locator("[name=words]").input_value()
    assert chosen
    assert chosen in (one.locator("blockquote").text_content() or "")
    expect(other.locator("[name=words]")).to_have_value("")
    one.get_by_role("button", name="Correct it so").click()  # nothing is changed by that
    expect(page.locator("#notice")).to_contain_text("nothing of the claim is changed")
    expect(page.locator("#notice")).to_be_in_viewport()
    one.locator("[name=stance]").select_option("estimated")
    one.get_by_role("button", name="Correct it so").click()
    expect(page.locator("article.card.done")).to_have_count(1)
    (review,) = crew.desk.case.ledger.reviews()
    assert review.correction is not None
    assert (review.correction.span.quote, review.correction.stance) == (chosen, "estimated")
    expect(page.locator("#notice")).to_be_empty()


def test_what_somebody_decided_meanwhile_is_shown_in_place_and_can_be_sent_again(seat: Seat) -> None:
    crew, page = seat.crew, seat.page
    seat.goto("/queue?sort=claim")
    card = page.locator("article.card").first
    claim = str(card.get_attribute("id")).removeprefix("item-")
    crew.desk.decide(claim, "rejected", "B. Idris", "told of another day")
    card.get_by_role("button", name="Uphold").click()
    told = page.locator("[data-item]", has_text="decided on this since")
    expect(told).to_contain_text("told of another day")
    told.get_by_role("button", name="Say it all the same").click()
    expect(page.locator(f"#item-{claim}.done")).to_be_visible()
    assert [event.by for event in crew.past()] == ["B. Idris", ANNA]


def test_every_page_works_without_a_script(seat: Seat, chromium: Chromium) -> None:
    crew = seat.crew
    plain = Seat(crew, seat.address.removesuffix("/c/solem"), chromium, java_script_enabled=False)
    claim, page = crew.toll("a.txt"), plain.page
    page.goto(f"{plain.address}/reports/{crew.report('a.txt')}")
    page.locator(f"#card-{claim.id}").get_by_text("Correct").click()
    page.locator("[name=words]").fill("At least 12 people")
    page.locator("[name=count]").fill("13")
    page.get_by_role("button", name="Correct it so").click()
    page.locator(".claim .what", has_text="13 killed").wait_for()
    page.goto(f"{plain.address}/queue?sort=claim")
    page.get_by_role("button", name="Uphold").first.click()
    assert page.url.startswith(f"{plain.address}/queue")
    assert [event.facts["verdict"] for event in crew.past()] == ["corrected", "upheld"]
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 800, 1400])
def test_the_pages_are_accessible_and_fit_at_every_width(
    seat: Seat, chromium: Chromium, width: int, scheme: str
) -> None:
    crew = seat.crew
    page = seat.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    one, other = crew.account("a.txt").id, crew.account("b.txt").id
    crew.desk.decide(crew.toll("a.txt").id, "rejected", "B. Idris", "why")
    for path in (
        "/queue",
        f"/incidents/{crew.incident('b.txt')}",
        f"/reports/{crew.report('a.txt')}",
        f"/reports/{crew.report('d.txt')}",
        f"/reports/{crew.report('e.txt')}",
        f"/pairs/{min(one, other)}/{max(one, other)}",
        f"/claims/{crew.toll('b.txt').id}/correct",
        "/compare",
    ):
        seat.goto(path)
        seat.looks_well()
    assert seat.said == []
