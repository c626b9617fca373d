"""Laws of the pages: each sentence leads to its words, nothing comes from outside, no report is alive."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tallystick.dossier import write
from tallystick.model import Record

VOID = {"meta", "link", "br", "hr", "line", "rect", "circle", "path"}


@dataclass
class Sentence:
    text: str = ""
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """What the tests need to know of one page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[str] = []
        self.table_links: list[str] = []
        self.ids: list[str] = []
        self.marks: list[tuple[set[str], str]] = []
        self.headings: list[int] = []
        self.sentences: list[Sentence] = []
        self.article = ""
        self.text = ""
        self.feed(text)
        assert not self.open, self.open

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tag(tag, attrs)
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def _tag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.append((tag, held))
        if tag == "a" and held.get("href"):
            self.links.append(str(held["href"]))
            if self._in(lambda tag, _: tag == "table"):
                self.table_links.append(str(held["href"]))
            if self._in(lambda _, a: "passage" in str(a.get("class"))):
                self.sentences[-1].links.append(str(held["href"]))
        if held.get("id"):
            self.ids.append(str(held["id"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "mark":
            self.marks.append((set(str(held["class"]).split()), ""))
        if "passage" in str(held.get("class")):
            self.sentences.append(Sentence())

    def _in(self, which: Any) -> bool:
        return any(which(tag, attrs) for tag, attrs in self.open)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1][0] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in(lambda tag, a: tag == "article" and a.get("class") == "text"):
            if self._in(lambda tag, _: tag == "p"):
                self.article += data
            if self._in(lambda tag, _: tag == "mark"):
                classes, before = self.marks[-1]
                self.marks[-1] = (classes, before + data)
        if self._in(lambda _, a: "passage" in str(a.get("class"))):
            self.sentences[-1].text += data


def _read(folder: Path) -> dict[str, Page]:
    return {
        str(path.relative_to(folder)): Page(path.read_bytes().decode("utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def pages(market: Record, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    folder = tmp_path_factory.mktemp("dossier") / "out"
    assert write(market, folder) == folder / "index.html"
    return _read(folder)


def _follow(pages: dict[str, Page], at: str, href: str) -> tuple[str, str]:
    """The page and the fragment that ``href`` on page ``at`` leads to."""
    path, _, fragment = href.partition("#")
    target = os.path.normpath(os.path.join(os.path.dirname(at), unquote(path))) if path else at
    return target, fragment


def test_every_page_leads_to_every_sort_of_page(pages: dict[str, Page]) -> None:
    sorts = {name for name in pages if "/" not in name and not re.search(r"-\d|incidents|aggregates", name)}
    for at, page in pages.items():
        assert sorts <= {_follow(pages, at, href)[0] for href in page.links} | {at}, at


def test_every_sentence_links_to_words_that_are_there(market: Record, pages: dict[str, Page]) -> None:
    claims = {claim.id: claim for claim in market.claims}
    seen = 0
    for at, page in pages.items():
        for sentence in page.sentences:
            assert sentence.links, (at, sentence.text)
            for href in sentence.links:
                target, fragment = _follow(pages, at, href)
                lit = "".join(text for classes, text in pages[target].marks if fragment in classes)
                assert fragment in pages[target].ids
                assert lit == claims[fragment].span.quote
                seen += 1
    assert seen > 60


def test_every_claim_lights_up_exactly_its_words(market: Record, pages: dict[str, Page]) -> None:
    for claim in market.claims:
        page = pages[f"reports/{claim.span.document}.html"]
        assert page.ids.count(claim.id) == 1
        assert "".join(text for classes, text in page.marks if claim.id in classes) == claim.span.quote


def test_side_by_side_each_figure_leads_to_its_own_words(market: Record, pages: dict[str, Page]) -> None:
    strike = next(w for w in market.weighed if len(w.incident.accounts) == 4)
    fragments = [href.partition("#")[2] for href in pages[f"incidents/{strike.incident.id}.html"].table_links]
    for account in strike.incident.accounts:
        for claim, _ in (*account.tolls(), *account.roles()):
            assert claim.id in fragments


def test_a_report_is_shown_whole_and_unchanged(market: Record, pages: dict[str, Page]) -> None:
    for document in market.documents:
        assert pages[f"reports/{document.id}.html"].article == document.text
        assert document.capture in pages[f"reports/{document.id}.html"].text
        assert document.capture in pages["index.html"].text


def test_no_character_is_left_for_a_browser_to_change(builder: Any, tmp_path: Path) -> None:
    """A raw carriage return would be read as a line feed; half a surrogate pair cannot be written at all."""
    case = builder()
    case.report("a", "One dead.\r\nTwo hurt.\rEnd", title="half a \ud83d smile")
    write(case.record(), tmp_path / "out")
    (page,) = (tmp_path / "out" / "reports").iterdir()
    raw = page.read_bytes()
    assert b"\r" not in raw
    assert raw.count(b"&#13;") == 2
    assert b"half a &#55357; smile" in raw


def test_every_link_leads_somewhere(pages: dict[str, Page]) -> None:
    for at, page in pages.items():
        for href in page.links:
            target, fragment = _follow(pages, at, href)
            assert target in pages, (at, href)
            assert not fragment or fragment in pages[target].ids, (at, href)


def test_ids_are_unique_and_headings_in_order(pages: dict[str, Page]) -> None:
    for at, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), at
        assert page.headings[0] == 1, at
        assert page.headings.count(1) == 1
        assert all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False)), (
            at,
            page.headings,
        )
        tags = [tag for tag, _ in page.tags]
        assert tags.count("main") == tags.count("footer") == 1
        assert any(tag == "html" and attrs.get("lang") == "en" for tag, attrs in page.tags)


def test_no_page_asks_the_network(pages: dict[str, Page]) -> None:
    for at, page in pages.items():
        policy = next(
            a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"
        )
        assert str(policy).startswith("default-src 'none'; style-src 'self' file:"), at
        for tag, attrs in page.tags:
            assert tag not in (
                "script",
                "img",
                "iframe",
                "object",
                "embed",
                "form",
                "base",
                "use",
                "video",
            ), at
            for name, value in attrs.items():
                assert name not in ("src", "srcset", "style", "action", "xlink:href"), (at, name)
                assert not name.startswith("on"), (at, name)
                if name == "href":
                    assert not re.match(r"[a-z]+:|//", str(value), re.I), (at, value)


def test_the_style_asks_the_network_for_nothing(tmp_path: Path, market: Record) -> None:
    style = (write(market, tmp_path / "out").parent / "style.css").read_text()
    assert not re.search(r"url\(|@import|https?:", style)


def test_colour_is_never_the_only_word(pages: dict[str, Page]) -> None:
    """Every verdict chip has its word."""
    front = pages["index.html"].text
    for word in ("Differ", "Compatible", "Agree", "One origin", "Updated", "Not settled"):
        assert word in front


def test_the_front_counts_what_is_there(pages: dict[str, Page]) -> None:
    text = " ".join(pages["index.html"].text.split())
    assert "5 reports 3 publishers (1 report names none)" in text
    assert "2 incidents" in text
    assert "would grade Contested" in text
    assert "not text: byte 0x00 at offset 3" in text
    assert "9–17 or more best 17" in text


HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)></style></title>{{ 7*7 }}{% raw %} &amp; "
    "\u202egnal\u202c <!-- \x00\x08 ]]> javascript:alert(1)"
)


def test_hostile_text_is_inert(builder: Any, tmp_path: Path) -> None:
    case = builder(HOSTILE)
    case.report("../../" + HOSTILE, HOSTILE + "\r\nKilled: nine.\rEnd", HOSTILE, "2020-01-01", HOSTILE,
                url="javascript:alert(1)", language='"><script>')  # fmt: skip
    name = next(iter(case.documents))
    telling = case.account(
        name, HOSTILE[:40], "air_strike", builder.undated(HOSTILE[:30]), HOSTILE, weapon=HOSTILE,
        voices=[HOSTILE],
        tolls=[("killed", "nine", 9, 9, [HOSTILE], "other:" + HOSTILE)],
        roles=[(HOSTILE, "perpetrator", "alleged", HOSTILE, [HOSTILE])],
        says=[(HOSTILE, "denied", [HOSTILE])],
    )  # fmt: skip
    case.weigh(
        [telling], [(HOSTILE, [telling])], {"killed": ("conflict", HOSTILE, (9, 9, 9, False)),
        "perpetrator": ("conflict", HOSTILE), "place": ("single_origin", HOSTILE)}, HOSTILE,
    )  # fmt: skip
    case.refuse(HOSTILE, HOSTILE)
    record = case.record()
    write(record, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    pages = _read(tmp_path / "out")
    test_no_page_asks_the_network(pages)
    test_every_link_leads_somewhere(pages)
    for at, page in pages.items():
        assert {attrs["lang"] for _, attrs in page.tags if "lang" in attrs} <= {"en", ""}, at
        assert "49" not in re.sub("[0-9a-f]{24,}", "", page.text.replace("7*7", "")), (
            at
        )  # ids and digests aside
        assert not at.startswith("reports/") or "\x00" not in page.text
        if not at.startswith("reports/"):
            assert "\u202e" not in page.text, at
    (document,) = record.documents
    shown = pages[f"reports/{document.id}.html"].article
    assert shown == document.text.replace("\x00", "\u2400").replace("\x08", "\u2408")


def test_the_same_record_gives_the_same_bytes(market: Record, tmp_path: Path) -> None:
    """Not even the seed of Python's hashes may show."""
    script = (
        "import importlib.util, sys; from pathlib import Path; from tallystick.dossier import export, write\n"
        "spec = importlib.util.spec_from_file_location('built', sys.argv[1])\n"
        "built = importlib.util.module_from_spec(spec); spec.loader.exec_module(built)\n"
        "record = built.market_case().record()\n"
        "write(record, Path(sys.argv[2], 'd')); export(record, Path(sys.argv[2], 'e'))\n"
    )
    here = str(Path(__file__).with_name("conftest.py"))
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", script, here, str(tmp_path / seed)], check=True, env=env)
    one, two = (_bytes(tmp_path / seed) for seed in ("1", "2"))
    assert len(one) > 15
    assert one == two


def _bytes(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_empty_record_makes_a_dossier(builder: Any, tmp_path: Path) -> None:
    write(builder("Nothing yet").record(), tmp_path / "out")
    pages = _read(tmp_path / "out")
    assert sorted(pages) == ["index.html", "method.html", "reports.html"]
    assert "No incident is told in these reports." in pages["index.html"].text
    test_every_link_leads_somewhere(pages)
    test_ids_are_unique_and_headings_in_order(pages)


def test_a_case_of_700_reports_is_written_in_seconds_with_a_light_front(builder: Any, tmp_path: Path) -> None:
    case = builder("Many")
    tellings = []
    for n in range(700):
        lines = [f"Raid {n}-{k} hit town {n % 90}, killing {k + 1} people, a monitor said." for k in range(3)]
        case.report(
            f"r{n}",
            "\n\n".join(lines) + " Filler. " * 200,
            f"Outlet {n % 15}",
            f"2016-{n % 12 + 1:02}-{n % 28 + 1:02}",
        )
        when = builder.day(f"2016-{n % 12 + 1:02}-{n % 28 + 1:02}")
        for k in range(3):
            aggregate, kind = (k == 2 and n % 2 == 0), "vote" if k == 2 else "air_strike"
            telling = case.account(
                f"r{n}", f"Raid {n}-{k} hit", "other" if aggregate else kind, when, f"town {n % 90}",
                aggregate=aggregate, tolls=[("killed", f"{k + 1} people", k + 1, k + 1, ["a monitor"])],
            )  # fmt: skip
            if not aggregate:
                tellings.append(telling)
    built = case.built()
    case.built = lambda: built
    for telling in tellings:
        case.weigh(
            [telling], [("a monitor", [telling])], {"killed": ("single_origin", "x", (1, 1, 1, False))}
        )
    record = case.record()
    started = time.process_time()
    front = write(record, tmp_path / "out")
    assert time.process_time() - started < 15
    assert front.stat().st_size < 400_000
    listed = [Page(path.read_text("utf-8")) for path in (tmp_path / "out").glob("incidents*.html")]
    linked = {href for page in listed for href in page.links if href.startswith("incidents/inc-")}
    assert len(linked) == 1400
