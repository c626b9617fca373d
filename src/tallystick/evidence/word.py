"""A Word file (DOCX): its paragraphs and tables in their order, with notes, heads and feet.

A DOCX is a ZIP of XML. Only the parts that hold words are unpacked, through the door of every other archive
and each within a bound that holds whatever the archive says of its sizes; entities are not expanded and
nothing outside is fetched. An element is visited once, however they are nested (libxml2 refuses 256 levels).

python-docx is not used for it: it unpacks every part, pictures too, before one can ask how large they
are, and leaves out words that were inserted with tracked changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tallystick.errors import EmptyReport, NotText, NotWhole, TooLarge, Unreadable
from tallystick.evidence.archives import Entry, zipped
from tallystick.evidence.plain import TEXT_LIMIT, contents
from tallystick.evidence.record import VALUE_LIMIT, Metadata, Source
from tallystick.model import Document

PART_LIMIT = 32 * 1024 * 1024  # bytes of one part, unpacked
PARTS = 10_000  # members of the archive
MARKS = 2_000_000  # tags, attributes and entities of all parts read: each takes some hundred bytes of memory
_CELL = 200  # characters; a longer cell holds prose, and stands for itself
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _CHOICE}
_CHANGED = {f"{_W}ins", f"{_W}del", f"{_W}moveFrom", f"{_W}moveTo"}
_SPELT = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def from_word(source: Source) -> Document:
    """The document that the Word file tells.

    When it was written or changed is no date of publication. Raises ``NotText`` for a file that is no DOCX,
    or a locked one, ``TooLarge`` past 64 MB, 32 MB of XML in one part, 2,000,000 tags and attributes, or
    2,000,000 characters, ``EmptyReport`` where it holds no words.
    """
    contents(source.stored, source.origin)  # no longer than that
    try:
        with zipped(source) as entries:
            letter = _Parts(source, entries)
            text = _joined(letter.paragraphs(), source.origin)
            known = source.sidecar.or_else(Metadata(title=letter.title()))
            notes = list(letter.notes())
    except (NotWhole, Unreadable, KeyError, ValueError) as error:
        raise NotText(
            f"{source.origin} is no Word file that can be read (damaged, or locked with a password?); "
            "open it, save it anew as .docx and add that"
        ) from error
    if not text:
        raise EmptyReport(f"{source.origin} holds no text; check that it was saved whole")
    return source.document(
        text, known, source.origin, name=source.stem, published_from="metadata", notes=notes
    )


def _joined(paragraphs: Iterator[str], origin: str) -> str:
    """The paragraphs as one text; a note may be referred to a million times, and is told each time."""
    held, size = [], 0
    for words in paragraphs:
        size += len(words)
        if size > TEXT_LIMIT:
            raise TooLarge(f"{origin} has more than {TEXT_LIMIT:,} characters; split it into several reports")
        held.append(words)
    return "\n\n".join(held)


class _Parts:
    """The parts of one Word file that hold words."""

    def __init__(self, source: Source, entries: list[Entry]) -> None:
        self._source, self._origin = source, source.origin
        if len(entries) > PARTS:
            raise TooLarge(
                f"{self._origin} has more than {PARTS:,} parts; save its text as .txt and add that"
            )
        self._entries = {entry.name: entry for entry in entries}
        self._marks = 0
        self._cited: list[tuple[str, str]] = []  # notes referred to: the part that holds them, their id
        self._shown = 0  # of them those whose note was given
        self._hidden = self._tracked = False

    def paragraphs(self) -> Iterator[str]:
        """All paragraphs: heads, the text with each note after the paragraph that refers to it, feet."""
        body = self._part("word/document.xml")
        if body is None:
            raise KeyError("word/document.xml")
        notes = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        yield from self._around("header")
        for block in body.iterchildren(f"{_W}body"):
            for words in self._blocks(block):
                told = len(self._cited)
                yield words
                for number, (kind, name) in enumerate(self._cited[self._shown : told], self._shown + 1):
                    if note := notes[kind].get(name):
                        yield f"[{number}] {note}"
                self._shown = told
        yield from self._around("footer")

    def title(self) -> str | None:
        """The title that the file's properties give."""
        core = self._part("docProps/core.xml")
        found = core.findtext(_TITLE) if core is not None else None
        words = " ".join((found or "").split())
        return words if words and len(words) <= VALUE_LIMIT else None

    def notes(self) -> Iterator[str]:
        """What a person should know of how it was read."""
        if self._tracked:
            yield "it holds tracked changes, and is read as if all were accepted"
        if self._hidden:
            yield "it holds hidden words, which are not read"

    def _part(self, name: str) -> Any:
        """The root of one part, or None where the file has none of that name."""
        from lxml import etree

        entry = self._entries.get(name)
        if entry is None:
            return None
        where = f"{self._origin}, {name}"
        if entry.flaw:
            kind, words = entry.flaw
            raise kind(f"{where} {words}")
        data = b"".join(self._source.allowance.chunks(entry.content(), where, PART_LIMIT))
        self._marks += sum(map(data.count, (b"<", b"=", b"&")))
        if self._marks > MARKS:
            raise TooLarge(
                f"{self._origin} has more than {MARKS:,} tags and attributes; split it into smaller files"
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise ValueError(name) from error

    def _notes_of(self, kind: str) -> dict[str, str]:
        root = self._part(f"word/{kind}s.xml")
        if root is None:
            return {}
        return {
            note.get(f"{_W}id", ""): " ".join(" ".join(self._blocks(note)).split())
            for note in root.iterchildren(f"{_W}{kind}")
        }

    def _around(self, kind: str) -> Iterator[str]:
        """The heads or feet of all sections, each once; a page number is none."""
        names = (name for name in self._entries if re.fullmatch(rf"word/{kind}\d*\.xml", name))
        told: dict[str, None] = {}
        for name in sorted(names):
            told.update(dict.fromkeys(self._blocks(self._part(name))))
        yield from (
            words for words in told if re.search(r"[^\W\d_]{2}", re.sub(r"(?i)\bpage\b|\bof\b", "", words))
        )

    def _blocks(self, parent: Any) -> Iterator[str]:
        """The paragraphs and tables within ``parent``, in their order."""
        for child in parent:
            if child.tag == f"{_W}p":
                if words := self._words(child).strip():
                    yield words
                for box in _nearest(child, f"{_W}txbxContent"):
                    yield from self._blocks(box)
            elif child.tag == f"{_W}tbl":
                for row in _nearest(child, f"{_W}tr"):
                    yield from self._row(row)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
                yield from self._blocks(child)

    def _row(self, row: Any) -> Iterator[str]:
        """A row of short cells as one line, their words parted by tabs; of longer ones each paragraph."""
        cells = [list(self._blocks(cell)) for cell in _nearest(row, f"{_W}tc")]
        if all(len(cell) < 2 and sum(map(len, cell)) <= _CELL for cell in cells):
            if any(cells):
                yield "\t".join(" ".join(cell[0].split()) if cell else "" for cell in cells).strip()
        else:
            yield from (words for cell in cells for words in cell)

    def _words(self, element: Any) -> str:
        """The words of one paragraph, without text boxes, without what was deleted or hidden."""
        out: list[str] = []
        # A stack, not recursion: markup may be nested as deep as its maker likes.
        stack = [iter(element)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = child.tag
            self._tracked |= tag in _CHANGED
            if tag in _GONE or tag == f"{_W}txbxContent" or tag == f"{_W}rPr" or tag == f"{_W}pPr":
                continue
            if tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
                self._hidden = True
            elif tag == f"{_W}t":
                out.append(self._raised(child))
            elif tag in _SPELT:
                out.append(_SPELT[tag])
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self._cited.append((tag.removeprefix(_W).removesuffix("Reference"), child.get(f"{_W}id", "")))
                out.append(f"[{len(self._cited)}]")
            else:
                stack.append(iter(child))
        return "".join(out)

    @staticmethod
    def _raised(text: Any) -> str:
        """A run's words; a raised number in brackets, so that 12 with note 1 does not read 121."""
        words = text.text or ""
        align = text.getparent().find(f"{_W}rPr/{_W}vertAlign")
        is_raised = align is not None and align.get(f"{_W}val") == "superscript"
        return f"[{words}]" if is_raised and words.isdecimal() else words


def _nearest(above: Any, tag: str) -> Iterator[Any]:
    """The elements ``tag`` below ``above``, in order, without those within one of them or in what is gone."""
    stack = [iter(above)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == tag:
            yield child
        elif child.tag not in _GONE:
            stack.append(iter(child))
