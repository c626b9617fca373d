"""The last look at what is about to leave: every file is searched for what was to be taken out of it.

A redacted record holds none of the words, so that nothing made of it can; this look is there because "cannot"
is a word about programs. It reads what was written, not what was meant: pages as text and attributes, with
tags away so that a name broken by one is found; PDF pages as a reader copies them; lines of JSON; names of
files.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tallystick.dossier.hiding import Hider, named
from tallystick.dossier.own import field_words, own_capitals, own_words
from tallystick.dossier.redaction import Redacted
from tallystick.errors import AskedWrongly, WouldLeak

_APART = "\n" * 5  # farther than two words of one name may stand from each other
# Tags within a sentence; what stands in any other stands by itself.
_WITHIN = frozenset(
    ("a", "abbr", "b", "bdi", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "wbr")
)
# Attributes that hold no words: numbers of a drawing, which might look like a point on the earth.
_DRAWN = frozenset(("class", "d", "points", "transform", "viewbox"))
_OURS = ("style.css",)


def sweep(folder: Path, redacted: Redacted) -> None:
    """Look through every file below ``folder``; raises ``WouldLeak`` where one holds what was taken out."""
    hider, quotes = checked(redacted), flat(redacted.quotes)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        parts = (
            [name] if path.is_dir() else [name, *(() if name in _OURS else texts(path.read_bytes(), name))]
        )
        search(parts, hider, quotes, name)


def flat(quotes: Iterable[str]) -> tuple[str, ...]:
    """Quotations as they are looked for, however lines break."""
    return tuple(" ".join(quote.split()) for quote in quotes)


def search(parts: Iterable[str], hider: Hider, quotes: Sequence[str], where: str) -> None:
    """Look through pieces of text; raises ``WouldLeak``, which says where and which rule, never the words."""
    for part in parts:
        for piece in part.split(_APART) if hider.may_hold(part) else ():
            if (found := hider.found(piece)) is not None:
                raise WouldLeak(_SAID.format(where, f"what {found.label} stands for"))
        told = " ".join(part.split()) if quotes else ""
        if any(quote in told for quote in quotes):
            raise WouldLeak(_SAID.format(where, "words of a withheld source"))


_SAID = (
    "{} would hold {}; nothing was written. This is a fault of the program: please report it, and write no "
    "dossier with these rules until it is mended"
)


def checked(redacted: Redacted) -> Hider:
    """What the last look looks for: without our own words, which pages may use."""
    kept = []
    for thing in redacted.things:
        told = tuple(s for s in thing.spellings if not set(named(s)) <= own_words())
        parts = tuple(word for word in thing.parts if word not in field_words())
        proper = tuple(word for word in thing.proper if word not in own_capitals())
        kept.append(replace(thing, spellings=told, parts=parts, proper=proper))
    return Hider(kept, redacted.others, parts=redacted.hider.parts)


def texts(data: bytes, name: str) -> Iterator[str]:
    """What a reader, or a program, finds in a file of these bytes."""
    if name.endswith(".html"):
        yield from _page(data.decode("utf-8", "replace"))
    elif name.endswith(".jsonl"):
        for line in data.decode("utf-8", "replace").splitlines():
            yield _APART.join(strings(json.loads(line)))
    elif name.endswith(".pdf"):
        yield from _pdf(data)
    else:
        yield data.decode("utf-8", "replace")


def strings(value: Any) -> Iterator[str]:
    """Every string in what JSON can hold, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def _page(text: str) -> Iterator[str]:
    page = _Page()
    page.feed(text)
    page.close()
    yield "".join(page.said)
    yield _APART.join(page.attributes)


class _Page(HTMLParser):
    """The text of a page, with a gap where a reader sees one, and its attributes and comments."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _WITHIN:
            self.said.append(_APART)
        # Classes, ids and the like are the template's, or ids of rows: looked at all the same.
        self.attributes += [html.unescape(value) for name, value in attrs if value and name not in _DRAWN]

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN:
            self.said.append(_APART)

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.attributes.append(data)


def _pdf(data: bytes) -> Iterator[str]:
    """The text of each sheet as a reader copies it, the bookmarks and what the file says of itself."""
    try:
        import pypdfium2
    except ImportError as error:  # pragma: no cover - a package of the core
        raise AskedWrongly("pypdfium2 is missing, so that a PDF cannot be looked through") from error
    with pypdfium2.PdfDocument(data) as document:
        yield from (str(value) for value in document.get_metadata_dict().values())
        yield from (str(each.get_title()) for each in document.get_toc())
        for sheet in document:
            text = sheet.get_textpage()
            yield text.get_text_range()
            text.close()
            sheet.close()
