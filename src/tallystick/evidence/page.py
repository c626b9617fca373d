"""The report within a web page: its main words, without what stands around them.

The one door to trafilatura and lxml, opened on use. Only the words come from trafilatura; what the
page says of itself is read by ``pagedata``, which takes nothing that the page does not state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tallystick.errors import EmptyReport, NotText, TooLarge
from tallystick.evidence.charsets import as_told, codec
from tallystick.evidence.faults import FAULTS
from tallystick.evidence.media import ATOM, RSS, told_by_bytes
from tallystick.evidence.pagedata import stated
from tallystick.evidence.plain import contents, marked, text_of
from tallystick.evidence.record import Source
from tallystick.model import Document

PAGE_LIMIT = 20 * 1024 * 1024  # bytes
ELEMENT_LIMIT = 50_000  # a long report has some hundreds; time grows faster than their number
ATTRIBUTE_LIMIT = 2_000  # of one element, which has twenty; the parser holds each against all before it

_FEW = 20  # characters; fewer are a button or a label
_NO_REPORT = "//nav | //*[@role='navigation'] | " + " | ".join(
    f"//{tag}" for tag in ("script", "style", "template", "noscript", "object", "iframe", "svg")
)
_STYLE = "translate(@style, ' ', '')"
_UNSHOWN = f"//*[@hidden or contains({_STYLE}, 'display:none') or contains({_STYLE}, 'visibility:hidden')]"
_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*"|'[^']*')*+""")
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")

# Where one of these begins or ends, so does a paragraph.
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
    "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_UNSAID = frozenset({"script", "style", "title", "template", "noscript"})
_LINKS = 0.9  # a page whose words are links for more than this is a list of pages, no report
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{1,40})""", re.I)


def from_page(source: Source) -> Document:
    """The document that the page tells.

    Raises ``TooLarge`` past 20 MB or 50,000 elements, ``NotText`` for bytes that are no page or
    nested past reason, ``EmptyReport`` where no main text is found.
    """
    data = contents(source.stored, source.origin, PAGE_LIMIT)
    if told_by_bytes(source.stored) in (RSS, ATOM):
        raise NotText(f"{source.origin} is a feed, whatever its name says; name it .rss and add it again")
    told = as_told(data, source.charset, source.origin)
    html, notes = _words(data, source.origin) if told is None else (told, ())
    if html.count("<") > 2 * ELEMENT_LIMIT:
        raise TooLarge(
            f"{source.origin} has more than {ELEMENT_LIMIT:,} elements; "
            "save the report's own text as .txt and add that"
        )
    # Metadata first: finding the text takes the tree apart.
    tree = _tree(html, source.origin)
    hidden = _hidden(tree)
    known = source.sidecar.or_else(stated(tree))
    by_sidecar = source.sidecar.published is not None
    text = _main_text(tree, source.origin)
    if any(words in " ".join(text.split()) for words in hidden):
        notes = (
            *notes,
            "some of its words are hidden from those who look at the page, or were until they asked",
        )
    return source.document(
        text,
        known,
        source.origin,
        name=source.stem,
        published_from="metadata" if by_sidecar else "page",
        notes=notes,
    )


def all_words(html: str, origin: str) -> str:
    """All the words of a piece of HTML (a letter, an entry of a feed), block by block, parted by blank lines.

    Unlike ``from_page`` it leaves nothing out but scripts and styles: there is no page around the report.
    Raises as ``from_page`` does; gives nothing where there are no words.
    """
    if html.count("<") > 2 * ELEMENT_LIMIT:
        raise TooLarge(
            f"{origin} has more than {ELEMENT_LIMIT:,} elements; save its text as .txt and add that"
        )
    if not html.strip():
        return ""
    # In a body of its own, so that what is no markup at all is text.
    tree = _tree(f"<html><body>{html}</body></html>", origin)
    blocks: list[list[str]] = [[]]
    for event, element in _walked(tree):
        if element.tag in _BLOCKS and blocks[-1]:
            blocks.append([])
        words = element.text if event == "start" else element.tail
        if words and not (event == "start" and element.tag in _UNSAID):
            blocks[-1].append(words)
    evened = (" ".join("".join(block).split()) for block in blocks)
    return "\n\n".join(words for words in evened if words)


def _walked(tree: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    return iter(etree.iterwalk(tree, events=("start", "end")))


def _words(data: bytes, origin: str) -> tuple[str, tuple[str, ...]]:
    """The page as text, with notes: by its mark, else as it says itself, else as its bytes tell."""
    declared = _CHARSET.search(data[:8192])
    if marked(data)[0] or not declared:
        return text_of(data, origin)
    name = declared[1].decode()
    found = codec(name)
    if found is None:
        raise NotText(f"{origin} cannot be read as {name!r}, which it says it is; save it as UTF-8")
    if found.startswith(("utf-16", "utf-32")):
        found = "utf-8"  # it could be read as ASCII this far
    # A byte that does not fit is shown as �, as browsers do: the rest of the page is certain.
    return data.decode(found, errors="replace"), ()


def _attributes(tag: str) -> int:
    """No fewer than the attributes of an opening tag; of a short one that is not worth counting, 0."""
    return len(_QUOTED.sub(" ", tag).split()) if len(tag) > ATTRIBUTE_LIMIT else 0


def _tree(html: str, origin: str) -> Any:
    """The page's elements. ``NotText`` where they are nested past what the parser goes down."""
    if any(_attributes(tag[0]) > ATTRIBUTE_LIMIT for tag in _TAG.finditer(html)):
        raise TooLarge(
            f"{origin} has an element of more than {ATTRIBUTE_LIMIT:,} attributes; "
            "save the report's own text as .txt and add that"
        )
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, *FAULTS) as error:
        raise EmptyReport(f"{origin} holds no page; check that it was saved whole") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise NotText(
            f"{origin} is nested too deeply, or one piece of it is too large, to be read as a page; "
            "save the report's own text as .txt and add that"
        )
    return tree


def _main_text(tree: Any, origin: str) -> str:
    """The main words, paragraphs parted by a blank line, in the page's own characters."""
    from lxml import etree
    from trafilatura import bare_extraction
    from trafilatura.xml import xmltotxt

    try:
        _prune(tree)
        found = bare_extraction(tree, include_comments=False, with_metadata=False)
        text = xmltotxt(getattr(found, "body", None), include_formatting=False) if found else ""
    except (etree.LxmlError, *FAULTS) as error:
        raise NotText(
            f"{origin} is no page that could be read ({type(error).__name__}); "
            "save its text as .txt and add that"
        ) from error
    if not text.strip():
        raise EmptyReport(
            f"{origin} has no main text (a page drawn by a script, or only links?); "
            "open it in a browser, save its text as .txt and add that"
        )
    return text.replace("\n", "\n\n")


def _hidden(tree: Any) -> set[str]:
    """The beginnings of what the page itself says not to show; a style sheet may hide more."""
    found = (" ".join(element.text_content().split())[:60] for element in tree.xpath(_UNSHOWN))
    return {words for words in found if len(words) >= _FEW}


def _prune(tree: Any) -> None:
    """Take away what is no report for certain: else a page with little text is filled up with it."""
    for element in tree.xpath(_NO_REPORT):
        if element.getparent() is not None:
            element.drop_tree()
    linked = sum(len(link.text_content().strip()) for link in tree.xpath("//a[@href][not(ancestor::a)]"))
    if linked > _LINKS * len(" ".join("".join(tree.xpath("//body//text()")).split())):
        for link in tree.xpath("//a[@href]"):
            link.drop_tree()
