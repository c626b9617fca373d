"""A web page: its main words, and only what it states about itself."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.errors import NotText, TooLarge
from tallystick.evidence import page
from tallystick.model import Document

Written = Callable[..., list[Any]]
DAY = date(2016, 10, 7)
BODY = (
    "Two people were killed and eleven were wounded when shells struck the market of Velin, it said.",
    "The monitor named nobody. Officials of the Ostrava ministry denied that their guns had fired.",
    "Residents told the Ridge Post that three shells fell within ten minutes, the last beside the clinic.",
)


def html(head: str = "", before: str = "", after: str = "") -> str:
    paragraphs = "".join(f"<p>{words}</p>" for words in BODY)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shells | Ridge Post</title>
    {head}</head><body><a href="#main">Skip to main content</a><header><nav><ul>
    <li><a href="/">Front page</a></li><li><a href="/weather">Weather</a></li></ul></nav></header>
    <main id="main"><article><h1>Shells strike market</h1>{before}{paragraphs}
    <div class="related"><h3>Related articles</h3><ul>
    <li><a href="/x">Older shells on older markets</a></li></ul></div></article></main>{after}
    <footer><a href="/privacy">Privacy policy</a> © 2014 Ridge Post</footer></body></html>"""


def ld(thing: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_the_main_words_are_read_and_nothing_around_them(written: Written) -> None:
    (document,) = written("p.html", html())
    for words in BODY:
        assert words in document.text
    assert "\n\n".join(BODY) in document.text, "paragraphs are parted by a blank line"
    for words in ("Skip to", "Front page", "Weather", "Related articles", "Older shells", "Privacy", "©"):
        assert words not in document.text


def test_a_page_states_its_title_publisher_address_and_language(written: Written) -> None:
    head = meta("og:site_name", "Ridge Post") + '<link rel="canonical" href="https://ridge.example/17">'
    (document,) = written("p.html", html(head))
    assert (document.name, document.title, document.publisher) == ("p", "Shells strike market", "Ridge Post")
    assert (document.url, document.language) == ("https://ridge.example/17", "en")
    (bare,) = written("p.html", html())
    assert (bare.publisher, bare.url) == (None, None), "neither is guessed from the title or the address"


ARTICLE = {"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2016-10-07T09:00:00Z"}
DATED = {
    "json-ld": ld(ARTICLE),
    "json-ld in a list": ld([{"@type": "WebSite"}, ARTICLE]),
    "json-ld in a graph": ld(
        {"@graph": [{"@type": "Person"}, {**ARTICLE, "@type": ["Thing", "ReportageNewsArticle"]}]}
    ),
    "meta": meta("article:published_time", "2016-10-07T09:00:00+00:00"),
    "meta by name": '<meta name="DCTERMS.issued" content="2016-10-07">',
    "meta by itemprop": '<meta itemprop="datePublished" content="2016-10-07">',
    "json-ld before meta": ld(ARTICLE) + meta("article:published_time", "2016-10-08"),
    "with a date of change": meta("article:published_time", "2016-10-07")
    + meta("article:modified_time", "2016-10-09"),
}


@pytest.mark.parametrize("head", DATED.values(), ids=DATED)
def test_a_date_that_the_page_states_is_taken(head: str, written: Written) -> None:
    (document,) = written("p.html", html(head), published=date(2020, 1, 1))
    assert (document.published, document.published_from) == (DAY, "page")


@pytest.mark.parametrize(
    "before",
    [
        '<time datetime="2016-10-07T09:00:00Z">Friday</time>',
        '<header><time datetime="2016-10-07">7 October</time></header>',
        '<span itemprop="datePublished" content="2016-10-07">Friday</span>',
        '<p><time itemprop="datePublished" datetime="2016-10-07">7 October</time></p>',
    ],
)
def test_a_time_element_of_the_article_is_taken(before: str, written: Written) -> None:
    (document,) = written("p.html", html(before=before))
    assert (document.published, document.published_from) == (DAY, "page")


UNDATED = {
    "nothing": "",
    "copyright year": '<meta name="copyright" content="2014">',
    "address": '<link rel="canonical" href="https://ridge.example/2016/10/07/shells">',
    "date of change": meta("article:modified_time", "2016-10-09")
    + ld({"@type": "Article", "dateModified": "2016-10-09"}),
    "other spelling": meta("article:published_time", "07/10/2016"),
    "only a year": meta("article:published_time", "2016"),
    "two in json-ld": ld([ARTICLE, {**ARTICLE, "datePublished": "2016-10-01"}]),
    "another kind of thing": ld({"@type": "Organization", "datePublished": "2016-10-07"}),
    "json-ld of wrong types": ld({**ARTICLE, "datePublished": [20161007], "publisher": [1], "headline": {}}),
    "date expires": '<meta name="expires" content="2016-10-07">',
}


@pytest.mark.parametrize("head", UNDATED.values(), ids=UNDATED)
def test_a_date_that_the_page_does_not_state_is_not_guessed(head: str, written: Written) -> None:
    (document,) = written("p.html", html(head, after="<p>Updated 8 October 2016</p>"))
    assert (document.published, document.published_from) == (None, None)
    (document,) = written("p.html", html(head), published=DAY)
    assert (document.published, document.published_from) == (DAY, "user")


@pytest.mark.parametrize(
    "before",
    [
        '<p>On <time datetime="2016-10-05">Wednesday</time> the truce ended.</p>',
        '<time class="updated" datetime="2016-10-09">Sunday</time>',
        '<time itemprop="dateModified" datetime="2016-10-09">Sunday</time>',
        '<time datetime="2016-10-07">a</time><time datetime="2016-10-01">b</time>',
    ],
)
def test_another_time_in_the_article_is_not_taken(before: str, written: Written) -> None:
    (document,) = written("p.html", html(before=before))
    assert document.published is None


def test_a_sidecar_is_taken_before_the_page(written: Written) -> None:
    beside = '{"id": "s-1", "title": "As filed", "published": "2016-10-05", "source": "Kite Wire"}'
    (document,) = written("p.html", html(DATED["meta"] + meta("og:site_name", "Ridge Post")), beside=beside)
    assert (document.name, document.title, document.publisher) == ("s-1", "As filed", "Kite Wire")
    assert (document.published, document.published_from) == (date(2016, 10, 5), "metadata")
    (document,) = written("p.html", html(DATED["meta"]), beside='{"title": "As filed"}')
    assert (document.title, document.published, document.published_from) == ("As filed", DAY, "page")


def test_half_a_letter_in_a_page_s_data_does_not_reach_the_document(written: Written) -> None:
    (document,) = written("p.html", html(ld({"@type": "Article", "headline": "Shells \ud83d"})))
    assert document.title == "Shells ?"


def test_letters_of_a_page_are_kept_as_they_are(written: Written) -> None:
    (document,) = written("p.html", html().replace("Velin", "Ve\u030clin").replace("Ostrava", "Ostráva"))
    assert "Ve\u030clin" in document.text
    assert "Ostráva" in document.text


def test_the_title_is_taken_where_the_page_states_it_best(written: Written) -> None:
    named, headline = meta("og:title", "As shared"), ld({"@type": "Article", "headline": "As filed"})
    for head, title in ((named + headline, "As filed"), (named, "As shared"), ("", "Shells strike market")):
        assert [document.title for document in written("p.html", html(head))] == [title]
    (document,) = written("p.html", html(after="<h1>Another heading</h1>"))
    assert document.title == "Shells | Ridge Post"


def test_figures_in_a_table_are_read(written: Written) -> None:
    table = "<table><tr><th>Town</th><th>Killed</th></tr><tr><td>Velin</td><td>eleven men</td></tr></table>"
    (document,) = written("p.html", html(before=table))
    assert "eleven men" in document.text


def test_a_page_too_large_is_refused(written: Written) -> None:
    (refused,) = written("p.html", b"<p>" + b"word " * (page.PAGE_LIMIT // 5 + 1))
    assert type(refused) is TooLarge
    (refused,) = written("p.html", "<html><body>" + "<i>a</i>" * 60_000)
    assert type(refused) is TooLarge
    assert "50,000 elements" in str(refused)


def test_a_page_made_to_be_slow_ends_in_time(written: Written) -> None:
    listed = "<ul><li>" * 100 + "words" + "</li></ul>" * 100
    start = time.monotonic()
    for body in ("a<br>" * 20_000, listed * 100, "<b>" * 20_000, "<table><tr><td>" * 80 + BODY[0]):
        assert len(written("p.html", f"<html><body><article><p>{BODY[0]}</p>{body}")) == 1
    assert time.monotonic() - start < 15


def test_a_bomb_of_entities_or_depth_does_not_crash(written: Written) -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    for content in (
        f'<!DOCTYPE html [<!ENTITY l0 "ha">{laughs}]><html><body><p>&l9;</p></body></html>',
        "<div>" * 100_000,
        "<p>" + "&#" * 50_000,
        "<a href='" + "x" * 1_000_000,
        "<html><body>" + "<font color=red>" * 3000 + BODY[0],
        "<?xml version='1.0' encoding='utf-16'?><html><body><p>" + BODY[0],
    ):
        (item,) = written("p.html", content)
        assert isinstance(item, Document) or "p.html" in str(item)


def test_a_fault_within_the_extractor_refuses_only_that_page(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(page, "_prune", broken)
    (refused,) = written("p.html", html())
    assert type(refused) is NotText
    assert "RecursionError" in str(refused)


def test_the_extractor_is_opened_only_for_pages_and_says_nothing() -> None:
    code = """
import sys, tempfile
from pathlib import Path
from tallystick.evidence import keep, path_of, read
folder = Path(tempfile.mkdtemp())
def take(name, words):
    (folder / name).write_text(words)
    capture = keep(folder / name, folder / "store", received="", by="")
    return list(read(capture, path_of(folder / "store", capture.id), stem="a"))
take("a.txt", "Two fell."); take("a.json", '{"text": "Two fell."}')
assert not {"lxml", "trafilatura"} & set(sys.modules)
take("a.html", '<html><body><div id="root"></div></body></html>'); take("b.html", "")
assert "trafilatura" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
