"""RSS and Atom: each entry of a feed is a report, with its address and its day.

The one door to feedparser, which is given bytes and never an address: it would fetch that.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tallystick.errors import BadDate, EmptyReport, NotText, ReportRefused, TooLarge
from tallystick.evidence.faults import FAULTS
from tallystick.evidence.letters import sent
from tallystick.evidence.page import all_words
from tallystick.evidence.plain import contents, refuse_binary
from tallystick.evidence.record import VALUE_LIMIT, Metadata, Source
from tallystick.model import Document
from tallystick.values.when import iso

FEED_LIMIT = 16 * 1024 * 1024  # bytes
ENTRIES = 20_000
# What keeps feedparser under some seconds: its time grows with elements, with lines and entities, with the
# square of one element's attributes; and it takes what is no XML to pieces at a tenth of the speed.
ELEMENTS, ATTRIBUTES, MARKS = 100_000, 200, 1_000_000
BROKEN_LIMIT, _LONG = 1 << 20, re.compile(rb"<[^<>]{4000}")  # bytes of a feed that is no XML, and of a tag
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(rss|feed|rdf)\b", re.I)
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)\b", re.I)
_ENTITY = re.compile(rb"<!ENTITY", re.I)


def from_feed(source: Source) -> Iterator[Document | ReportRefused]:
    """Each entry of the feed, in order.

    Raises ``TooLarge`` past 16 MB, 20,000 entries, 100,000 elements, 200 attributes of one, 1,000,000 lines
    and entities, or 1 MB of what is no XML, ``NotText`` for XML that is no feed, ``EmptyReport``
    for a feed without entries.
    """
    data = contents(source.stored, source.origin, FEED_LIMIT)
    refuse_binary(data, source.origin)
    if not _ROOT.search(data.replace(b"\0", b"")[:20_000]):
        raise NotText(f"{source.origin} is XML, and no RSS or Atom feed; save its text as .txt and add that")
    if _ENTITY.search(data.replace(b"\0", b"")):
        # They can multiply without end, or stand for a file of this machine.
        raise NotText(f"{source.origin} declares entities of its own, as no feed does; save its text as .txt")
    if len(_ENTRY.findall(data)) > ENTRIES:
        raise TooLarge(f"{source.origin} has more than {ENTRIES:,} entries; split it into smaller feeds")
    if not _is_bounded(data):
        raise TooLarge(f"{source.origin} has more markup than a feed has; split it into smaller feeds")
    found = _parsed(data, source.origin)
    if not found.entries:
        raise EmptyReport(f"{source.origin} is a feed without an entry; check that it was saved whole")
    feed, source = found.get("feed", {}), source.many()
    for number, entry in enumerate(found.entries, 1):
        where = f"{source.origin}, entry {number}"
        try:
            yield _document(source, entry, feed, where, f"{source.stem}-{number}")
        except ReportRefused as refused:
            yield refused


def _is_bounded(data: bytes) -> bool:
    """Whether feedparser reads these bytes within some seconds."""
    from lxml import etree

    if sum(map(data.count, (b"\n", b"\r", b"&"))) > MARKS:
        return False
    counted = _Counted()
    try:
        etree.fromstring(data, etree.XMLParser(target=counted, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return len(data) <= BROKEN_LIMIT and data.count(b"<") <= ELEMENTS and not _LONG.search(data)
    except OverflowError:
        return False
    return True


class _Counted:
    """Counts elements as the parser comes to them; ``OverflowError`` where they are too many."""

    def __init__(self) -> None:
        self._elements = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > ELEMENTS or len(attributes) > ATTRIBUTES:
            raise OverflowError

    def close(self) -> None:
        """Nothing is held."""


def _parsed(data: bytes, origin: str) -> Any:
    import feedparser

    try:
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except FAULTS as error:
        raise NotText(
            f"{origin} is no feed that could be read ({type(error).__name__}); "
            "save its text as .txt and add that"
        ) from error


def _document(source: Source, entry: Any, feed: Any, where: str, name: str) -> Document:
    title = _line(_words(entry.get("title_detail"), where))
    told = [*entry.get("content", ()), entry.get("summary_detail")]
    text = max((_words(each, where) for each in told), key=len)
    notes = [] if text else ["the feed gives only its headline"]
    outlet = entry.get("source") or feed
    known = Metadata(
        name=_line(entry.get("id")),
        title=title,
        publisher=_line(_words(outlet.get("title_detail"), where)),
        published=_day(entry.get("published")),
        url=_address(entry.get("link")),
        language=_line(entry.get("language") or feed.get("language")),
    )
    return source.document(
        text or title or "",
        known.or_else(source.sidecar),
        where,
        name=name,
        published_from="metadata",
        notes=notes,
    )


def _words(detail: Any, where: str) -> str:
    """The words of one value, which may be HTML or plain text."""
    value = detail.get("value") if detail else None
    if not isinstance(value, str):
        return ""
    if detail.get("type") in ("text/html", "application/xhtml+xml"):
        return all_words(value, where)
    return value.strip()


def _day(told: Any) -> date | None:
    """The day of publication, written as feeds are to write it; a day of change is another matter."""
    if not isinstance(told, str):
        return None
    try:
        return iso(told)
    except BadDate:
        return sent(told)


def _line(told: Any) -> str | None:
    words = " ".join(str(told or "").replace("\0", "").encode("utf-8", "replace").decode().split())
    return words[:VALUE_LIMIT] or None


def _address(told: Any) -> str | None:
    address = _line(told)
    return address if address and address.startswith(("http://", "https://")) else None
