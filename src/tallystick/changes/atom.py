"""All changes as an Atom feed (RFC 4287): an entry for each, cited to the words.

Ids are UUIDs of version 5 (RFC 9562), made of the case and of the change, so that whoever asks again, over
whatever span of time, meets the same entry under the same id. Nothing in the feed hangs on the clock or the
machine: the same two states give the same bytes.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from html import escape
from xml.etree import ElementTree as Xml

from tallystick.changes.nouns import SORTS, Change, Changes

_ATOM = "http://www.w3.org/2005/Atom"
_SPACE = uuid.UUID("1a2f0d1c-6f0a-5c57-9a3e-7f3d3c1f8b52")  # the name space of all ids given here
_NEVER = "1970-01-01T00:00:00Z"  # where there is no event, for a feed must have a moment
# Characters that XML 1.0 cannot hold.
_UNHELD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Href = Callable[[Change], str]


def _nowhere(change: Change) -> str:
    """The address of nothing: a feed in a file leads nowhere."""
    return ""


def atom(changes: Changes, *, self_url: str = "", href: Href = _nowhere) -> bytes:
    """The feed in UTF-8; ``self_url`` is where it can be had, ``href`` where a change can be looked at."""
    Xml.register_namespace("", _ATOM)
    feed = Xml.Element(f"{{{_ATOM}}}feed")
    space = uuid.uuid5(_SPACE, changes.case)
    _text(feed, "id", f"urn:uuid:{space}")
    _text(feed, "title", f"{changes.name}: what changed")
    _text(feed, "subtitle", f"Since {changes.since}, up to {changes.until}")
    _text(feed, "updated", changes.until.at or _NEVER)
    _text(feed, "generator", "Tallystick")
    _text(Xml.SubElement(feed, f"{{{_ATOM}}}author"), "name", changes.name)
    if self_url:
        Xml.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=self_url)
    for change in sorted(changes.every, key=lambda each: each.at, reverse=True):
        _entry(feed, change, space, href(change))
    Xml.indent(feed)
    written: bytes = Xml.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(feed: Xml.Element, change: Change, space: uuid.UUID, href: str) -> None:
    entry = Xml.SubElement(feed, f"{{{_ATOM}}}entry")
    _text(entry, "id", f"urn:uuid:{uuid.uuid5(space, change.id)}")
    _text(entry, "title", f"{change.title}: {change.said}"[:300])
    _text(entry, "updated", change.at or _NEVER)
    Xml.SubElement(entry, f"{{{_ATOM}}}category", term=change.sort, label=SORTS[change.sort])
    if href:
        Xml.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=href)
    _text(entry, "summary", change.said)
    _text(entry, "content", _html(change), type="html")


def _html(change: Change) -> str:
    """What an entry shows: the change, and each of its words as they are cited."""
    rows = [f"<p>{escape(change.said)}</p>"]
    if change.words:
        cited = []
        for words in change.words:
            gone = "No longer: " if words.went else ""
            url = words.url if words.url.startswith(("http://", "https://")) else ""
            link = f' <a href="{escape(url)}">{escape(url)}</a>' if url else ""
            cited.append(f"<li>{gone}{escape(words.said)}{link}</li>")
        rows.append(f"<ul>{''.join(cited)}</ul>")
    return "".join(rows)


def _text(parent: Xml.Element, name: str, told: str, **attributes: str) -> None:
    Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = _UNHELD.sub("\ufffd", told)
