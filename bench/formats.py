"""Reading files: how whole the sentences come out, and how quickly, beside the libraries alone.

    .venv/bin/python bench/formats.py [PDF …]

The files are made here, of sentences that are known, so that it can be counted how many of them come out whole.
With PDFs named, their pages are timed too. One process, one thread (PDFium's own process beside it).
"""

from __future__ import annotations

import io
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from tests_files import LEADING, make_pdf, prose

from tallystick.evidence import formats, language
from tallystick.evidence.encodings import CODECS, told
from tallystick.evidence.media import LETTER, PDF, RSS, WORD
from tallystick.model import Capture, CaptureId, Document

PLACES = (
    "Velin",
    "Tarsin",
    "Kelvach",
    "Ostrey",
    "Orveth",
    "Solem",
    "Pellin",
    "Harrow",
    "Selmport",
    "Lowmark",
)
KINDS = (
    "shells",
    "rockets",
    "two air strikes",
    "a car bomb",
    "mortar rounds",
    "a drone",
    "gunfire",
    "a land mine",
)


def sentences(count: int) -> list[str]:
    """Sentences of a report, no two alike."""
    return [
        f"On day {n} of the siege {7 + n % 40} people were killed and at least {3 + n % 90} were wounded when "
        f"{KINDS[n % 8]} struck the market of {PLACES[n % 10]}, said a self-described eyewitness of the anti-government "
        f"district, whom the monitor's investigators had interviewed {n} times."
        for n in range(1, count + 1)
    ]


def hyphenated(lines: Sequence[tuple[float, float, float, str]]) -> list[tuple[float, float, float, str]]:
    """Lines filled up with the beginning of the next line's first word, where it is long, as set text has it."""
    out = [list(line) for line in lines]
    for line, following in pairwise(out):
        first, _, rest = following[3].partition(" ")
        if len(first) > 7 and first.isalpha() and rest:
            line[3], following[3] = f"{line[3]} {first[:4]}-", f"{first[4:]} {rest}"
    return [(left, base, size, text) for left, base, size, text in out]


def paged(told: Sequence[str], columns: int) -> bytes:
    """A report in one or two columns, with a running head, page numbers, and words parted at line ends."""
    measure, lefts = (84, (72.0,)) if columns == 1 else (42, (60.0, 320.0))
    lines = hyphenated(prose(" ".join(told), measure=measure))
    pages, at = [], 0
    while at < len(lines):
        page = [(200.0, 805.0, 9.0, "Velin Monitor: monthly report"), (290.0, 30.0, 9.0, str(len(pages) + 1))]
        for left in lefts:
            page += [
                (left, 770.0 - LEADING * row, size, text)
                for row, (_, _, size, text) in enumerate(lines[at : at + 48])
            ]
            at += 48
        pages.append(page)
    return make_pdf(pages)


def by_pypdf(data: bytes) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def by_pdfium(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def by_python_docx(data: bytes) -> str:
    import docx

    return "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)


def by_us(data: bytes, media_type: str) -> list[Any]:
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "stored"
        stored.write_bytes(data)
        capture = Capture(CaptureId("0" * 64), len(data), media_type, "file", "2016-10-07T00:00:00Z", "bench")
        return list(formats.read(capture, stored, stem="file"))


def text_by_us(data: bytes, media_type: str) -> str:
    (document,) = by_us(data, media_type)
    assert isinstance(document, Document), document
    return document.text


def timed(read: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds by the clock, the best of three, and what came out."""
    best, out = 1e9, None
    for _ in range(3):
        start = time.perf_counter()
        out = read()
        best = min(best, time.perf_counter() - start)
    return best, out


def whole(text: str, known: Sequence[str]) -> str:
    """How many of the sentences stand in the text as they were written; line ends count as spaces."""
    flat = " ".join(text.split())
    return f"{sum(each in flat for each in known)} of {len(known)}"


def pdfs() -> None:
    known = sentences(400)
    print("| pages with | reader | sentences whole | in one paragraph | pages/s | MB/s |")
    print("|---|---|---|---|---|---|")
    for columns in (1, 2):
        data = paged(known, columns)
        pages = data.count(b"/Type /Page ")
        for name, read in (
            ("Tallystick (text with pages)", lambda d=data: text_by_us(d, PDF)),
            ("pypdfium2 alone", lambda d=data: by_pdfium(d)),
            ("pypdf alone", lambda d=data: by_pypdf(d)),
        ):
            seconds, text = timed(read)
            kept = sum(any(each in line for line in text.splitlines()) for each in known)
            print(
                f"| {columns} column{'s' * (columns > 1)} | {name} | {whole(text, known)} | {kept} | {pages / seconds:.0f} "
                f"| {len(data) / seconds / 1e6:.2f} |"
            )


def others() -> None:
    import docx

    known = sentences(200)
    print("\n| files | reader | files/s |")
    print("|---|---|---|")
    packed = io.BytesIO()
    library = docx.Document()  # a file that python-docx reads too
    for each in known:
        library.add_paragraph(each)
    library.save(packed)
    word = packed.getvalue()
    for name, read in (
        ("Tallystick", lambda: text_by_us(word, WORD)),
        ("python-docx alone", lambda: by_python_docx(word)),
    ):
        seconds, text = timed(read)
        print(f"| Word, 200 paragraphs | {name} ({whole(text, known)} sentences) | {1 / seconds:.0f} |")
    letter = EmailMessage()
    letter["From"], letter["Subject"], letter["Date"] = "a@b.example", "x", "Fri, 7 Oct 2016 22:10:00 +0300"
    letter.set_content("\n\n".join(known[:10]))
    letter.add_attachment("\n\n".join(known[10:20]), filename="more.txt")
    mails = [bytes(letter)] * 200
    seconds, _ = timed(lambda: [by_us(each, LETTER) for each in mails])
    print(f"| letters of ten paragraphs and one attachment | Tallystick | {len(mails) / seconds:.0f} |")
    item = "<item><title>{}</title><description>&lt;p&gt;{}&lt;/p&gt;</description></item>"
    feed = "".join(item.format(n, each) for n, each in enumerate(known)).encode()
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>' + feed + b"</channel></rss>"
    seconds, found = timed(lambda: by_us(feed, RSS))
    print(f"| a feed, by entry | Tallystick | {len(found) / seconds:.0f} |")
    text = "\n\n".join(known[:20])
    seconds, _ = timed(lambda: [language.told(text) for _ in range(200)])
    print(f"\nThe language of a report of {len(text):,} characters: {seconds / 200 * 1000:.2f} ms")


def encodings() -> None:
    """What is told of texts whose encoding is known, beside charset-normalizer."""
    import charset_normalizer
    from evidence.test_encodings import CERTAIN, UNCERTAIN

    ours, theirs = {"right": 0, "wrong": 0, "refused": 0}, {"right": 0, "wrong": 0, "refused": 0}
    for text, codec in [*CERTAIN, *UNCERTAIN]:
        data = text.encode(CODECS.get(codec, codec))
        name = told(data)
        best = charset_normalizer.from_bytes(data).best()
        ours["refused" if name is None else "right" if data.decode(CODECS[name]) == text else "wrong"] += 1
        theirs["refused" if best is None else "right" if str(best) == text else "wrong"] += 1
    print(
        f"\n| {len(CERTAIN) + len(UNCERTAIN)} short texts in 20 encodings | right | wrong (other words) | refused |"
    )
    print("|---|---|---|---|")
    for name, counts in (("Tallystick", ours), ("charset-normalizer", theirs)):
        print(f"| {name} | {counts['right']} | {counts['wrong']} | {counts['refused']} |")


def named(paths: Sequence[str]) -> None:
    for path in paths:
        data = Path(path).read_bytes()
        for name, read in (
            ("Tallystick", lambda d=data: by_us(d, PDF)[0]),
            ("pypdfium2", lambda d=data: by_pdfium(d)),
            ("pypdf", lambda d=data: by_pypdf(d)),
        ):
            seconds, out = timed(read)
            pages = len(out.pages) if isinstance(out, Document) else 0
            print(f"{Path(path).name}: {name}: {seconds:.2f} s" + (f" for {pages} pages" if pages else ""))


if __name__ == "__main__":
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}\n")
    pdfs()
    others()
    encodings()
    named(sys.argv[1:])
