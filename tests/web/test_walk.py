"""A full review of the example case in a browser, by three people: what they decide is what the dossier says.

What they find is really there: Brackwater Post's "26 at least" is read as 26; Corvane's correction of 18 May,
which tells of seven people hurt at the bus station, is gathered with its rockets; and Corvane's words on the
market's wounded stand beside the market instead of in it.
"""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests_served import CHROMIUM, House, Sitting, chromium, served

from tallystick.model import Claim, Toll

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which this machine has not")
ANNA, SARA, LIND = "A. Haddad", "سارة القاضي", "C. Lind"
_WHERE = """([text, words, ends]) => {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const nodes = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node);
  const at = nodes.map(node => node.data).join("").indexOf(words);
  if (at < 0) throw new Error("not in the text: " + words);
  let left = at + (ends ? words.length - 1 : 0);
  const node = nodes.find(each => left < each.data.length || ((left -= each.data.length), false));
  const range = document.createRange();
  range.setStart(node, left);
  range.setEnd(node, left + 1);
  const box = range.getBoundingClientRect();
  return [ends ? box.right - 0.5 : box.left + 0.5, box.top + box.height / 2];
}"""


def claim_of(house: House, report: str, quote: str, what: str = "") -> Claim:
    """The figure that a report tells in these words."""
    house.desk.catch_up()
    (row,) = (row for row in house.desk.reports(limit=100) if row.name == report)
    return next(
        claim
        for claim in house.desk.claims_of(row.id)
        if isinstance(claim.value, Toll) and claim.span.quote == quote and what in ("", claim.value.kind)
    )


def incident_of(house: House, claim: Claim) -> str:
    house.desk.catch_up()
    assert claim.account is not None
    return str(house.desk.incidents_of([claim.account])[claim.account])


def drag_over(page: Page, text: Locator, words: str) -> None:
    """Choose words with the mouse: press before the first letter, draw, let go after the last."""
    handle = text.element_handle()
    _, y = page.evaluate(_WHERE, [handle, words, False])
    page.evaluate("y => scrollBy(0, y - innerHeight / 2)", y)
    begin = page.evaluate(_WHERE, [handle, words, False])
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*page.evaluate(_WHERE, [handle, words, True]), steps=4)
    page.mouse.up()


class _Words(HTMLParser):
    """The text of a page with one blank for every gap."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.feed(page)
        self.text = " ".join("".join(self._parts).split())

    def handle_data(self, data: str) -> None:
        self._parts.append(data)


def written(house: House, folder: Path) -> dict[str, str]:
    """The dossier of the case as it stands: the words of each incident's page by its id."""
    house.desk.case.dossier(folder)
    pages = (folder / "incidents").glob("*.html")
    return {page.stem: _Words(page.read_text(encoding="utf-8")).text for page in pages}


def correct_by_mouse(page: Page, claim: Claim, words: str, **fields: str) -> None:
    """On the page of a report: "Correct" beside the claim, the words drawn over with the mouse, the reason."""
    beside = page.locator(f"#card-{claim.id}")
    beside.locator("[data-key=c]").click()
    form = beside.locator("form[data-words]")
    form.wait_for()
    drag_over(page, page.locator("article[data-text]"), words)
    expect(form.locator("[name=words]")).to_have_value(words)
    for name, told in fields.items():
        form.locator(f"[name={name}]").fill(told)
    form.locator("button.main").click()
    form.wait_for(state="detached")


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until an element is in focus, as somebody without a mouse does."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {selector}")


def correct_by_keys(page: Page, item: str, words: str, **fields: str) -> None:
    """In the row that is lit: ``c``, then the words of its text by ``t`` and arrows, then the fields by Tab."""
    page.keyboard.press("c")
    page.wait_for_selector(f"{item} form[data-words]")
    tab_to(page, f"{item} form[data-words] [name=count]")
    page.keyboard.press("Escape")
    text = f"{item} [data-text]"
    page.locator(text).focus()
    asked, pressed = words.split(), "ArrowRight"
    for _ in range(200):
        page.keyboard.press(pressed)
        chosen = page.locator(f"{item} form[data-words] [name=words]").input_value()
        if chosen == words:
            break
        pressed = (
            "Shift+ArrowRight"
            if chosen.split()[: len(asked)] == asked[: len(chosen.split())]
            else "ArrowRight"
        )
    page.keyboard.press("Enter")
    for name, told in fields.items():
        tab_to(page, f"{item} form[data-words] [name={name}]")
        page.keyboard.press("Control+A")
        page.keyboard.type(told)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{item} form[data-words]", state="detached")


def test_a_review_is_walked_from_the_queue_to_the_dossier(house: House, tmp_path: Path) -> None:
    five = claim_of(house, "brackwater-post-kelvach-market", "Five")
    wounded = claim_of(house, "brackwater-post-kelvach-market", "26")
    seven = claim_of(house, "corvane-2019-05-18-correction", "seven people")
    more = claim_of(house, "corvane-2019-05-16-market", "More than 20 others")
    caught = claim_of(house, "osa-2019-05-16-kelvach", "more than 10")
    market, rockets, depot = (incident_of(house, claim) for claim in (wounded, seven, caught))
    assert len({market, rockets, depot}) == 3
    before = written(house, tmp_path / "before")
    assert "26 wounded — “26”, according to the Harrow Centre" in before[market]
    assert "5 of them killed — “Five”, according to the Harrow Centre" in before[market]
    assert "34 wounded" in before[market]
    assert "7 wounded (Harrow Centre)" in before[rockets]

    with served(house.app) as address, chromium() as browser:
        anna, sara, lind = (
            Sitting(browser, address, viewport={"width": 1280, "height": 900}).sign_in(house.inn, name)
            for name in (ANNA, SARA, LIND)
        )
        # Anna begins with the queue, and goes to the words of a doubtful figure.
        page = anna.case("/queue?sort=claim")
        page.locator(f"#item-{five.id} .from a[href*='/reports/']").click()
        page.wait_for_url("**/reports/**")
        report = page.url.partition("#")[0]
        correct_by_mouse(page, five, "Five of the dead were children", group="children", note="of whom")
        correct_by_mouse(page, wounded, "26 at least", count="at least 26", note="the Centre leaves it open")
        expect(page.locator(f"#card-{wounded.id}")).to_contain_text("the Centre leaves it open")

        # One decision waits for a second: nothing has changed yet, and Sara is not told what Anna said.
        assert written(house, tmp_path / "waiting")[market] == before[market]
        page = sara.page
        page.goto(report)
        beside = page.locator(f"#card-{wounded.id}")
        expect(beside).to_contain_text("Somebody has decided")
        assert "leaves it open" not in page.content()
        assert ANNA not in page.inner_text("main")
        beside.locator("[name=note]").first.fill("it is put as a number")
        beside.locator("button[value=upheld]").click()
        page.wait_for_load_state()
        expect(page.locator(f"#card-{wounded.id}")).to_contain_text("people disagree")
        expect(page.locator(f"#card-{wounded.id}")).to_contain_text("the Centre leaves it open")

        # The other she corrects by herself, in the queue and by keys alone, and says the same as Anna.
        page = sara.case("/queue?sort=claim")
        for _ in range(60):
            if page.evaluate("id => document.activeElement.id === id", f"item-{five.id}"):
                break
            page.keyboard.press("j")
        correct_by_keys(
            page, f"#item-{five.id}", "Five of the dead were children", group="children", note="so it says"
        )
        expect(page.locator(f"#item-{five.id}")).to_contain_text("two agree")

        # Anna parts what is two events, and makes one of what is one.
        page = anna.case(f"/incidents/{rockets}")
        page.check(f"[name=account][value='{seven.account}']")
        page.fill("#split [name=note]", "a correction of the market's figures")
        page.click("#split button")
        page.wait_for_url(lambda url: "/incidents/" in url)
        fired = claim_of(house, "osa-2019-05-16-kelvach", "12 others")
        page = anna.case(f"/incidents/{incident_of(house, fired)}")
        page.click("details.merge > summary")
        form = page.locator("ul.near li", has=page.locator(f"[name=other][value='{depot}']"))
        form.locator("[name=note]").fill("the depot of the bus station")
        form.locator("button").click()
        page.wait_for_url(lambda url: "/incidents/" in url)

        # The senior sees what the two said, settles it, and grades the source.
        page = lind.case("/queue?sort=claim&order=doubt")
        card = page.locator(f"#item-{wounded.id}")
        for told in ("people disagree", ANNA, SARA, "the Centre leaves it open", "it is put as a number"):
            expect(card).to_contain_text(told)
        page.goto(report)
        correct_by_mouse(
            page, wounded, "26 at least", count="at least 26", note="“at least” is in the sentence"
        )
        corrected = page.locator("li.claim", has_text="instead of 26 wounded")
        expect(corrected).to_contain_text("“at least” is in the sentence")
        expect(corrected.locator(".what").first).to_contain_text("At least 26 wounded")
        page = lind.case(f"/incidents/{incident_of(house, more)}")
        source = page.locator("ul.sources li", has_text="Brackwater Post")
        source.locator("select").select_option("B")
        source.locator("button").click()
        page.wait_for_load_state()
        expect(page.locator("ul.sources li", has_text="Brackwater Post")).to_contain_text(LIND)

        page = lind.case("/history")
        past = {line.inner_text() for line in page.locator("ol.decisions li").all()}
        for by, why in (
            (ANNA, "of whom"),
            (ANNA, "the Centre leaves it open"),
            (SARA, "it is put as a number"),
            (SARA, "so it says"),
            (ANNA, "a correction of the market's figures"),
            (ANNA, "the depot of the bus station"),
            (LIND, "“at least” is in the sentence"),
        ):
            assert any(by in line and why in line for line in past), (by, why)
        assert any(LIND in line and "Brackwater Post" in line for line in past)
        for sitting in (anna, sara, lind):
            assert sitting.said == []

    after = written(house, tmp_path / "after")
    there = after[incident_of(house, more)]
    assert "At least 26 wounded — “26 at least”, according to the Harrow Centre" in there
    assert "5 children killed — “Five of the dead were children”, according to the Harrow Centre" in there
    assert "26 wounded — “26”" not in there
    assert "34 wounded" in there
    assert "7 wounded (Harrow Centre)" not in after[incident_of(house, fired)]
    assert incident_of(house, fired) == incident_of(house, caught)
    assert house.desk.case.verify().problems == ()
