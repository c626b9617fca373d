"""Small files of the formats that Tallystick reads, made by hand: PDFs, Word files, letters."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence

Set = tuple[float, float, float, str]  # left, base line and size in points, and the words set there
PICTURE = "/Im1"  # a page of nothing but a picture
LEADING, SIZE, LETTER = 14.0, 11.0, 5.1  # of set prose, in points; LETTER is how wide a letter is, about
# How wide the letters of Helvetica are, in thousandths of its size.
_WIDTHS = {
    **dict.fromkeys("ijl'", 222), **dict.fromkeys(" .,:;ftI/!", 278), **dict.fromkeys("r-()“”", 333),
    **dict.fromkeys("ckszvxyJ", 500), **dict.fromkeys("FTZ", 611), **dict.fromkeys("ABEKPSVXY", 667),
    **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("mM", 833), "W": 944,
}  # fmt: skip


def width(words: str, size: float = SIZE) -> float:
    """How wide ``words`` are when set, in points."""
    return sum(_WIDTHS.get(c, 556) for c in words) * size / 1000


def prose(
    words: str, *, left: float = 72, top: float = 740, measure: int = 80, size: float = SIZE
) -> list[Set]:
    """``words`` in lines of at most ``measure`` letters' width, paragraphs parted by half a line."""
    out: list[Set] = []
    for paragraph in words.split("\n"):
        line = ""
        for word in [*paragraph.split(), None]:
            if word is None or width(f"{line} {word}", size) > measure * LETTER:
                out.append((left, top, size, line))
                top -= LEADING * size / SIZE
                line = ""
            line = f"{line} {word}".strip() if word else line
        top -= LEADING / 2
    return out


def make_pdf(
    pages: Sequence[Sequence[Set] | str],
    *,
    title: str = "",
    catalogue: str = "",
    trailer: str = "",
    rotate: int = 0,
) -> bytes:
    """A PDF of these pages: lists of what is set where, in Helvetica, or ``PICTURE``."""
    count = len(pages)
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(count))
    objects: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
        b" /Length 1 >>\nstream\n\x80\nendstream",
    ]
    for at, page in enumerate(pages):
        turn = f"/Rotate {rotate}" if rotate else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {turn} /Contents {6 + 2 * at} 0 R"
            " /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> >>".encode()
        )
        if isinstance(page, str):
            content = b"q 595 0 0 842 0 0 cm /Im1 Do Q" if page == PICTURE else page.encode("latin-1")
        else:
            content = b"\n".join(_set(each) for each in page)
        packed = zlib.compress(content)
        objects.append(
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
        )
    objects.append(
        f"<< /Title {_string(title).decode('latin-1')} /CreationDate (D:20010203040506Z) >>".encode("latin-1")
    )
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R {trailer} >>\n".encode()
    )
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def _set(each: Set) -> bytes:
    left, base, size, words = each
    return f"BT /F1 {size} Tf {left} {base} Td ".encode() + _string(words) + b" Tj ET"


def _string(words: str) -> bytes:
    data = words.encode("cp1252")
    return b"(" + data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b")"


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def make_word(body: str, **parts: str) -> bytes:
    """A Word file with this markup as its body, and more parts by their path (``footnotes`` of word/)."""
    members = {"word/document": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    members |= {name if "/" in name else f"word/{name}": markup for name, markup in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, markup in members.items():
            archive.writestr(f"{name}.xml", markup)
    return out.getvalue()


def paragraph(*words: str) -> str:
    """A paragraph of Word, each of ``words`` a run of its own; markup may stand among them."""
    runs = (
        each if each.startswith("<") else f'<w:r><w:t xml:space="preserve">{each}</w:t></w:r>'
        for each in words
    )
    return f"<w:p>{''.join(runs)}</w:p>"
