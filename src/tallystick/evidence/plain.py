"""Bytes to text, and what makes a text fit to be read. One place, for every format."""

from __future__ import annotations

import codecs
import shlex
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from tallystick.errors import EmptyReport, NotText, TooLarge
from tallystick.evidence import encodings, furniture

FILE_LIMIT = 64 * 1024 * 1024  # bytes of one file that is read whole
TEXT_LIMIT = 2_000_000  # characters of one report

_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a ZIP archive (also .docx, .xlsx and .odt are that)",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF file",
    b"RIFF": "a sound, a film or a WebP picture",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
}
# Of them those that are read under their own name.
_NAMED = {b"%PDF-": ".pdf", b"PK\x03\x04": "by what it is (.docx, .zip)", b"\x1f\x8b": ".gz"}
# UTF-32 first: its mark for little-endian begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Below the space, but with a place in texts.
_LAYOUT = "\t\n\v\f\r"


def contents(stored: Path, origin: str, limit: int = FILE_LIMIT) -> bytes:
    """All bytes of ``stored``; ``TooLarge`` past ``limit``, without reading on."""
    with stored.open("rb") as source:
        data = source.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(
            f"{origin} has more than {limit >> 20} MB; split it into smaller files, "
            "or write one record a line and name it .jsonl"
        )
    return data


def marked(data: bytes) -> tuple[str | None, int]:
    """The encoding that a byte order mark names (None without one), and the mark's length."""
    return next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), (None, 0))


def refuse_known(data: bytes, origin: str) -> None:
    """``NotText`` for bytes that begin as a picture, an archive or another thing that is no text."""
    for magic, name in _MAGIC.items():
        if data.startswith(magic):
            ending = _NAMED.get(magic)
            do = f"name it {ending} and add it again" if ending else "save its text as .txt and add that"
            raise NotText(f"{origin} is {name}, whatever its name says; {do}")


def refuse_binary(data: bytes, origin: str) -> None:
    """``NotText`` for bytes that are a picture, an archive or another thing that is no text."""
    refuse_known(data, origin)
    encoding, _ = marked(data)
    at = data.find(b"\0")
    if at < 0 or (encoding or "").startswith(("utf-16", "utf-32")):
        return
    # Latin letters in UTF-16 are every other byte zero.
    sample = data[: 4096 & ~1]
    for half, name in ((sample[1::2], "UTF-16LE"), (sample[::2], "UTF-16BE")):
        if len(half) > 8 and half.count(0) > 0.6 * len(half) and sample.count(0) < 0.7 * len(sample):
            raise NotText(
                f"{origin} looks like {name} without a byte order mark; convert it: {convert(name, origin)}"
            )
    raise NotText(f"{origin} looks like a binary file: byte {at} is zero; save its text as .txt and add that")


def decoded(data: bytes, origin: str) -> str:
    """``data`` as text: UTF-8, or what a byte order mark says.

    Raises ``NotText``, naming the first byte that does not fit and the command that converts.
    """
    refuse_binary(data, origin)
    encoding, mark = marked(data)
    try:
        return data[mark:].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        at = mark + error.start
        raise NotText(
            f"{origin} is not {(encoding or 'utf-8').upper()}: byte {at} is 0x{data[at]:02x}; find out how "
            "it was written (windows-1252 or windows-1256, often) and convert it: "
            + convert("WINDOWS-1252", origin)
        ) from error


def text_of(data: bytes, origin: str) -> tuple[str, tuple[str, ...]]:
    """``data`` as text, and what is to be known of that: UTF-8, what a mark says, or what its bytes tell.

    Raises ``NotText`` as ``decoded`` does, where the bytes can be read in two ways.
    """
    refuse_known(data, origin)
    is_plain = marked(data)[0] is not None or (b"\0" not in data and _is_utf_8(data))
    name = None if is_plain else encodings.told(data)
    if name is None:
        return decoded(data, origin), ()
    return data.decode(encodings.CODECS[name]), (f"its encoding, {name}, is told from its bytes alone",)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def convert(encoding: str, origin: str) -> str:
    """The command that rewrites the file ``origin`` as UTF-8."""
    path = Path(origin)
    target = f"{path.stem}-utf8{path.suffix}"
    return f"iconv -f {encoding} -t UTF-8 {shlex.quote(origin)} > {shlex.quote(target)}"


def fit(text: str, where: str) -> str:
    """The working text of one report: one kind of line end, no page furniture, else untouched.

    Characters are kept as they are: composed and decomposed letters stay what they were.
    Raises ``NotText``, ``TooLarge`` or ``EmptyReport``, naming ``where``.
    """
    return fit_paged(text, where, ())[0]


def fit_paged(text: str, where: str, pages: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """As ``fit``, and where in the working text those places lie that ``pages`` gives in ``text``.

    Both in code points. A place whose character goes moves to the next one that stays.
    """
    if len(text) > TEXT_LIMIT:
        raise TooLarge(
            f"{where} has {len(text):,} characters, more than {TEXT_LIMIT:,}; split it into several reports"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotText(
            f"{where}: character {error.start} is \\u{ord(text[error.start]):04x}, half of a pair and "
            "no letter; write the text out again with whole characters"
        ) from error
    counted = Counter(text)
    controls = sum(n for c, n in counted.items() if (c < " " and c not in _LAYOUT) or c == "\x7f")
    if "\0" in text or controls * 100 > len(text):
        raise NotText(
            f"{where} looks like a binary file: {controls:,} of its {len(text):,} characters are "
            "control characters; save its text and add that"
        )
    pages = [place - text.count("\r\n", 0, place) for place in pages]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = furniture.left(text)
    fitted = "\n".join(text[start:end] for start, end in lines)
    if not any(unicodedata.category(c)[0] in "LNPS" for c in fitted):
        raise EmptyReport(f"{where} holds no text; check that it was saved whole")
    return fitted, _moved(pages, lines, len(fitted))


def _moved(places: Sequence[int], lines: Sequence[tuple[int, int]], end: int) -> tuple[int, ...]:
    """Where ``places`` lie once only ``lines`` are left, each with one line feed after it."""
    ends = [stop for _, stop in lines]
    begins = list(accumulate((stop - start + 1 for start, stop in lines), initial=0))
    out = []
    for place in places:
        at = bisect_left(ends, place)  # the first line that holds the place, or stands after it
        out.append(begins[at] + max(0, place - lines[at][0]) if at < len(lines) else end)
    return tuple(out)
