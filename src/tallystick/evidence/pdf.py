"""A PDF: the text of its pages, as paragraphs, with where each page begins.

What a PDF says of its own making (when it was created, by which program) says nothing of when it was
published, and is not used.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tallystick.errors import EmptyReport, NotText, TooLarge
from tallystick.evidence import sandbox
from tallystick.evidence.paragraphs import text_of
from tallystick.evidence.plain import FILE_LIMIT
from tallystick.evidence.record import VALUE_LIMIT, Metadata, Source
from tallystick.evidence.sheets import Broken, Cover, Locked, Sheet
from tallystick.model import Document

_GARBLED = 0.2  # of a page's characters; a font that does not tell its letters spells none right
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)|powerpoint presentation|untitled|document\s?\d*|print|scan)\b.*"
    r"|.*\.(?:docx?|odt|rtf|indd|qxd|p65|tex|dvi|html?|pdf|xlsx?|pptx?)",
    re.I,
)


def from_pdf(source: Source) -> Document:
    """The document that the PDF tells, with its pages.

    Raises ``TooLarge`` past 64 MB, ``NotText`` for a PDF that is locked or cannot be read, ``EmptyReport``
    where its pages are pictures or hold no text.
    """
    if source.stored.stat().st_size > FILE_LIMIT:
        raise TooLarge(f"{source.origin} has more than {FILE_LIMIT >> 20} MB; split it into smaller PDFs")
    cover, pages = _opened(source)
    garbled = [_is_garbled(page) for page in pages]
    pages = [replace(page, lines=()) if bad else page for page, bad in zip(pages, garbled, strict=True)]
    text, places = text_of(pages)
    pictures = [at for at, page in enumerate(pages, 1) if page.picture]
    strange = [at for at, bad in enumerate(garbled, 1) if bad]
    if not text and (pictures or strange):
        what = "its pages are pictures" if pictures else "its fonts do not tell which letters they show"
        raise EmptyReport(
            f"{source.origin} has no text that can be read: {what}; make the text readable first (OCR), for "
            "example with the program ocrmypdf, and add that"
        )
    if not text:
        raise EmptyReport(f"{source.origin} holds no text; check that it was saved whole")
    known = source.sidecar.or_else(Metadata(title=_title(cover.title)))
    return source.document(
        text,
        known,
        source.origin,
        name=source.stem,
        published_from="metadata",
        pages=places,
        notes=list(_notes(cover, len(pages), pictures, strange)),
    )


def _opened(source: Source) -> tuple[Cover, list[Sheet]]:
    try:
        cover, *pages = sandbox.opened(source.stored)
    except Locked as error:
        raise NotText(
            f"{source.origin} is a PDF locked with a password; open it, save it without one and add that"
        ) from error
    except Broken as error:
        raise NotText(
            f"{source.origin} {error}; open it in a PDF reader, print it into a new PDF and add that"
        ) from error
    assert isinstance(cover, Cover)
    return cover, [page for page in pages if isinstance(page, Sheet)]


def _notes(cover: Cover, read: int, pictures: Sequence[int], strange: Sequence[int]) -> list[str]:
    """What of the PDF was not read, each in a sentence."""
    out = []
    if pictures:
        out.append(f"{_numbered(pictures, cover.pages)} a picture without text, and not read")
    if strange:
        out.append(
            f"{_numbered(strange, cover.pages)} set in fonts that do not tell their letters, and not read"
        )
    if read < cover.pages:
        out.append(f"only the first {read:,} of its {cover.pages:,} pages were read")
    if cover.attachments:
        many = "1 file is" if cover.attachments == 1 else f"{cover.attachments:,} files are"
        out.append(f"{many} attached to it, and not read: save what is attached and add it")
    return out


def _numbered(pages: Sequence[int], of: int) -> str:
    """ "page 3 of 9 is", "pages 3 to 5, 8 of 9 are each"."""
    if len(pages) == 1:
        return f"page {pages[0]:,} of {of:,} is"
    runs: list[list[int]] = []
    for page in pages:
        if runs and runs[-1][-1] == page - 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    told = [f"{run[0]:,}" if len(run) == 1 else f"{run[0]:,} to {run[-1]:,}" for run in runs]
    return f"pages {', '.join(told)} of {of:,} are each"


def _is_garbled(page: Sheet) -> bool:
    """Whether too many characters of the page are none: the font shows letters and does not tell which."""
    counted = Counter("".join(line.text for line in page.lines))
    none = sum(
        n for c, n in counted.items() if c == "\ufffd" or unicodedata.category(c) in ("Co", "Cn", "Cc")
    )
    return none > _GARBLED * counted.total()


def _title(told: str) -> str | None:
    words = " ".join(told.encode("utf-8", "replace").decode().replace("\0", "").split())
    return words if words and len(words) <= VALUE_LIMIT and not _NO_TITLE.fullmatch(words) else None
