"""What a web page states about itself: title, publisher, address, language, and its date.

A date is taken only where the page says that it is the date of publication: not from its
address, a copyright line, words in the text or a date of change. Where the page names two such
dates, it has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tallystick.errors import BadDate
from tallystick.evidence.record import VALUE_LIMIT, Metadata
from tallystick.values.when import iso

# Names under which pages give the date of publication in <meta>, in small letters.
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "date.published",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "parsely-pub-date",
    "sailthru.date", "citation_publication_date", "dc.date.issued", "dcterms.issued", "dcterms.date.issued",
)  # fmt: skip
_ARTICLE = ("Article", "Posting", "Report")
# A time in a paragraph may be that of the event; around the article stand those of other articles.
_TIMES = (
    "//time[@pubdate or @itemprop='datePublished']/@datetime"
    " | //*[@itemprop='datePublished']/@content",
    "//article//time[@datetime][not(@itemprop)][not(contains(@class, 'updat') or contains(@class, 'modif'))]"
    "[not(ancestor::p or ancestor::li or ancestor::nav or ancestor::aside or ancestor::footer"
    " or ancestor::blockquote or ancestor::figure)]/@datetime",
)  # fmt: skip


def stated(tree: Any) -> Metadata:
    """The page's own metadata; ``tree`` is its lxml root element."""
    articles = list(_articles(tree))
    metas: dict[str, list[str]] = {}
    for meta in tree.xpath("//meta[@content]"):
        for name in {meta.get(key, "").strip().lower() for key in ("property", "name", "itemprop")} - {""}:
            metas.setdefault(name, []).append(meta.get("content"))
    return Metadata(
        title=_first(_title(tree, articles, metas)),
        publisher=_first([*metas.get("og:site_name", ()), *map(_publisher, articles)]),
        published=_published(tree, articles, metas),
        url=_first(
            filter(_absolute, [*tree.xpath("//link[@rel='canonical']/@href"), *metas.get("og:url", ())])
        ),
        language=_first(tree.xpath("/html/@lang")),
    )


def _title(tree: Any, articles: list[dict[str, Any]], metas: dict[str, list[str]]) -> Iterator[Any]:
    yield from (article.get("headline") for article in articles)
    yield from metas.get("og:title", ())
    headings = tree.xpath("//h1")
    if len(headings) == 1:
        yield headings[0].text_content()
    yield from (title.text_content() for title in tree.xpath("//head/title"))


def _publisher(article: dict[str, Any]) -> Any:
    publisher = article.get("publisher")
    return publisher.get("name") if isinstance(publisher, dict) else publisher


def _published(tree: Any, articles: list[dict[str, Any]], metas: dict[str, list[str]]) -> date | None:
    """The first place that gives dates decides: one date is the date, two are none."""
    places: list[Iterable[Any]] = [
        (article.get("datePublished") for article in articles),
        (value for name in _PUBLISHED for value in metas.get(name, ())),
        *(tree.xpath(path) for path in _TIMES),
    ]
    for place in places:
        days = {day for value in place if (day := _day(value))}
        if days:
            return days.pop() if len(days) == 1 else None
    return None


def _day(value: Any) -> date | None:
    """The day of an ISO date; a page's other spellings (10/11/2016) would have to be guessed."""
    try:
        return iso(value) if isinstance(value, str) else None
    except BadDate:
        return None


def _articles(tree: Any) -> Iterator[dict[str, Any]]:
    """The descriptions of articles (schema.org, JSON-LD) that stand at the top of the page's data."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in found if isinstance(found, list) else [found]:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for thing in graph if isinstance(graph, list) else [item]:
                if isinstance(thing, dict) and _is_article(thing.get("@type")):
                    yield thing


def _is_article(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(one, str) and one.endswith(_ARTICLE) for one in kinds)


def _absolute(value: Any) -> bool:
    return isinstance(value, str) and value.strip().startswith(("http://", "https://"))


def _first(values: Iterable[Any]) -> str | None:
    """The first string that says something, its white space evened out."""
    for value in values:
        if isinstance(value, str) and (words := " ".join(value.split())) and len(words) <= VALUE_LIMIT:
            # JSON can spell half a character, which no file can hold.
            return words.encode("utf-8", "replace").decode()
    return None
