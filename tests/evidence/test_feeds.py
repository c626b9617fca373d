"""Each entry of a feed is a report with its address and its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tallystick.errors import EmptyReport, NotText, ReportRefused, TooLarge
from tallystick.model import Document

Written = Callable[..., list[Any]]
SAID = "Two people were killed in Velin on Friday, the monitor said."


def rss(*items: str, channel: str = "<title>Ridge Post</title><language>en</language>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{channel}{"".join(items)}</channel></rss>'


ITEM = (
    "<item><title>Market struck</title><link>https://ridge.example/a</link><guid>ridge-1</guid>"
    "<pubDate>Fri, 07 Oct 2016 22:10:00 GMT</pubDate><description>&lt;p&gt;"
    + SAID
    + "&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;</description></item>"
)


def test_an_entry_tells_its_words_its_address_and_its_day(written: Written) -> None:
    (document,) = written("feed.rss", rss(ITEM))
    assert document.text == f"{SAID}\n\nMore."
    assert (document.name, document.title, document.publisher) == ("ridge-1", "Market struck", "Ridge Post")
    assert document.url == "https://ridge.example/a"
    assert (document.published, document.published_from) == (date(2016, 10, 7), "metadata")


def test_the_whole_content_is_read_before_the_summary(written: Written) -> None:
    item = ITEM.replace(
        "</item>", f"<content:encoded><![CDATA[<p>{SAID}</p><p>{SAID} Again.</p>]]></content:encoded></item>"
    )
    (document,) = written("feed.rss", rss(item))
    assert document.text == f"{SAID}\n\n{SAID} Again."


def test_atom_is_read_and_a_day_of_change_is_no_day_of_publication(written: Written) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Ridge Post</title>'
        "<entry><id>a</id><title>x</title><updated>2016-10-08T00:00:00Z</updated>"
        f"<published>2016-10-07T22:10:00Z</published><content type='html'>&lt;p&gt;{SAID}&lt;/p&gt;</content></entry>"
        f"<entry><id>b</id><title>y</title><updated>2016-10-08T00:00:00Z</updated><content>{SAID}</content></entry></feed>"
    )
    first, second = written("feed.atom", feed)
    assert (first.published, second.published) == (date(2016, 10, 7), None)
    assert first.text == second.text == SAID


@pytest.mark.parametrize("told", ["07/10/2016", "Fri, 07 Oct 16 22:10:00 GMT", "October 2016", "soon"])
def test_a_day_that_would_have_to_be_guessed_is_unknown(written: Written, told: str) -> None:
    (document,) = written("feed.rss", rss(ITEM.replace("Fri, 07 Oct 2016 22:10:00 GMT", told)))
    assert document.published is None


def test_an_entry_of_a_headline_alone_says_so(written: Written) -> None:
    (document,) = written("feed.rss", rss("<item><title>Two killed in Velin</title></item>"))
    assert document.text == "Two killed in Velin"
    assert document.notes == ("the feed gives only its headline",)
    assert document.name == "feed-1"


def test_an_empty_entry_is_refused_and_the_others_go_on(written: Written) -> None:
    first, second = written("feed.rss", rss("<item><link>https://ridge.example/b</link></item>", ITEM))
    assert isinstance(first, ReportRefused)
    assert "entry 1" in str(first)
    assert isinstance(second, Document)


def test_a_feed_without_entries_is_empty(written: Written) -> None:
    (refused,) = written("feed.rss", rss())
    assert type(refused) is EmptyReport


def test_xml_that_is_no_feed_is_refused(written: Written) -> None:
    (refused,) = written("list.xml", '<?xml version="1.0"?><list><a>x</a></list>')
    assert type(refused) is NotText
    assert "no RSS or Atom feed" in str(refused)


def test_a_feed_without_an_ending_is_told_by_its_bytes(written: Written) -> None:
    (document,) = written("feed", rss(ITEM))
    assert document.name == "ridge-1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_with_entities_of_its_own_is_refused(written: Written, encoding: str) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    feed = rss(ITEM.replace("More.", "&b;&f;")).replace("?>", f"?>{bomb}", 1)
    (refused,) = written("feed.rss", feed.encode(encoding))
    assert type(refused) is NotText
    assert "entities of its own" in str(refused)


def test_scripts_of_an_entry_are_no_words(written: Written) -> None:
    (document,) = written("feed.rss", rss(ITEM.replace("More.", "&lt;script&gt;alert(1)&lt;/script&gt;")))
    assert document.text == SAID


def test_a_feed_that_breaks_off_gives_what_stands_before(written: Written) -> None:
    found = written("feed.rss", rss(ITEM, ITEM.replace("ridge-1", "ridge-2"))[:-200])
    assert found[0].name == "ridge-1"


@pytest.mark.parametrize(
    "feed",
    [
        rss("<item>" + "<x/>" * 100_001 + "</item>"),
        rss("<item>" + " ".join(["<x", *(f"a{n}=''" for n in range(201)), "/>"]) + "</item>"),
        rss("<item>" + "\n" * 1_000_001 + "</item>"),
        "<rss>" + "<x>" * 100_001,
        "<rss><x " + "a='' " * 1000,
    ],
)
def test_a_feed_that_would_be_read_for_long_is_refused_before(written: Written, feed: str) -> None:
    (refused,) = written("feed.rss", feed)
    assert type(refused) is TooLarge
