"""What custody costs: 5,000 web pages and 500 PDFs taken in, beside their extraction alone, in one run.

    python bench/ingest.py [--pages 5000] [--pdfs 500] [--save]

Three ways take turns, a tenth of the files at a time, so that what else the machine does falls on each alike:

    library   the extraction library alone, in a loop: trafilatura called as our reader of pages calls it; for PDFs
              PDFium (pypdfium2) in this process, the text of each page
    reading   our readers alone: the library, and what is told of the page or PDF, its language, its furniture, the
              paragraphs of its pages, and for PDFs the process of their own that PDFium runs in
    add       the whole of ``tallystick add``: reading, and custody: bytes hashed, kept and brought to disk, ledger,
              chain, one transaction after another

Custody is what ``add`` takes over reading, and the bar is 30 % of it. Seconds are by the clock, and beside them by the
processor (of this process: PDFium's own is in neither), which other work on the machine and its disk do not change. The pages and PDFs
are made of the sentences of the example reports, in another order each; PDFs have two pages. ``--save`` writes the
table to bench/ingest.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]
EXAMPLES = HERE.parent / "examples" / "harrow-valley"
BAR = 0.30
PARTS = 10  # folders of files, each taken by one way after another


def sentences() -> list[str]:
    """The sentences of the example reports, and every word of them for varying."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("*.json"))]
    texts = [
        str(each.get("text", ""))
        for record in records
        for each in (record if isinstance(record, list) else [record])
    ]
    texts += [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    return [part for text in texts for part in re.split(r"(?<=[.!?”])\s+", text) if 40 < len(part) < 400]


def report(chance: random.Random, told: Sequence[str]) -> list[str]:
    """Paragraphs of some 3,000 characters: the examples' sentences with their numbers and some words exchanged."""
    words = [word for sentence in told for word in sentence.split() if word.isalpha()]

    def varied() -> str:
        sentence = re.sub(r"\d+", lambda _: str(chance.randint(2, 90)), chance.choice(told))
        return " ".join(chance.choice(words) if chance.random() < 0.05 else word for word in sentence.split())

    return [" ".join(varied() for _ in range(3)) for _ in range(8)]


def page(chance: random.Random, told: Sequence[str], number: int) -> str:
    """A page as outlets make them: a head that tells, navigation, the article, others' headlines around it."""
    paragraphs = "".join(f"<p>{each}</p>\n" for each in report(chance, told))
    links = "".join(f'<li><a href="/{n}.html">{chance.choice(told)[:60]}</a></li>' for n in range(25))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report {number} | Ridge Post</title>'
        f'<meta property="og:site_name" content="Ridge Post"><meta property="article:published_time" content="2019-05-{1 + number % 28:02}T10:00:00Z">'
        f"<style>{'p { margin: 0 } ' * 40}</style><script>{'var a = 1; ' * 60}</script></head><body>"
        f"<nav><ul>{links}</ul></nav><main><article><h1>Report {number}</h1>{paragraphs}</article></main>"
        f"<aside><h2>More</h2><ul>{links}</ul></aside><footer><p>Ridge Post. All rights reserved.</p></footer></body></html>"
    )


def sheets(chance: random.Random, told: Sequence[str]) -> bytes:
    """A PDF of two pages, set in lines of some 90 characters."""
    import textwrap

    from tests_hostile import FONT, pdf, stream

    def sheet() -> bytes:
        lines = [line for part in report(chance, told)[:5] for line in textwrap.wrap(part, 90)]
        shown = "".join("(" + re.sub(r"([()\\])", r"\\\1", line) + ") Tj T*\n" for line in lines)
        return stream(f"BT /F1 10 Tf 12 TL 50 750 Td\n{shown}ET".encode("cp1252", "replace"))

    leaf = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {} 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
    tree = "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>"
    leaves = (leaf.format(6), leaf.format(7))
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", tree, *leaves, FONT, sheet(), sheet())


def library(path: Path) -> int:
    """The extraction library alone; how many characters it gave."""
    if path.suffix == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(path.read_bytes())
        try:
            return sum(len(leaf.get_textpage().get_text_range()) for leaf in document)
        finally:
            document.close()
    from lxml.html import HTMLParser, document_fromstring
    from trafilatura import bare_extraction
    from trafilatura.xml import xmltotxt

    tree = document_fromstring(
        path.read_bytes(), parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    )
    found = bare_extraction(tree, include_comments=False, with_metadata=False)
    return len(xmltotxt(found.body, include_formatting=False))


def reading(path: Path) -> int:
    """Our readers alone, on the file where it lies."""
    from tallystick.evidence import media_type_of, read
    from tallystick.model import Capture, CaptureId, Document

    capture = Capture(
        CaptureId("0" * 64),
        path.stat().st_size,
        media_type_of(path),
        str(path),
        "2020-01-01T00:00:00Z",
        "bench",
    )
    return sum(len(item.text) for item in read(capture, path, stem=path.stem) if isinstance(item, Document))


@dataclass
class Taken:
    """Seconds of each way over the same files."""

    files: int
    library: float = 0.0
    reading: float = 0.0
    add: float = 0.0
    cpu: dict[str, float] = field(default_factory=lambda: {"library": 0.0, "reading": 0.0, "add": 0.0})

    @contextmanager
    def timed(self, way: str) -> Iterator[None]:
        """Counts what happens within for one way, by the clock and by the processor."""
        begin, spent = time.perf_counter(), time.process_time()
        yield
        setattr(self, way, getattr(self, way) + time.perf_counter() - begin)
        self.cpu[way] += time.process_time() - spent


def measured(folders: Sequence[Path], case: Path) -> Taken:
    """The three ways in turns, a folder at a time, so that what else the machine does falls on each alike."""
    from tallystick.case import Case

    taken = Taken(0)
    with Case.make(case) as opened:
        for folder in folders:
            files = sorted(folder.iterdir())
            for way in (library, reading):
                if not taken.files:
                    way(files[0])  # what is imported on use is not measured
                with taken.timed(way.__name__):
                    assert all(way(file) for file in files)
            with taken.timed("add"):
                added = opened.add([folder])
            assert (added.documents, added.refused) == (len(files), ())
            taken.files += len(files)
    return taken


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--pdfs", type=int, default=500)
    parser.add_argument("--save", action="store_true", help="write bench/ingest.md")
    options = parser.parse_args()
    chance, told = random.Random(1), sentences()  # noqa: S311 - the same files on every run
    lines = [
        "# What custody costs", "",
        f"`python bench/ingest.py --pages {options.pages} --pdfs {options.pdfs}`; {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.", "",
        "| | files | library s | reading s | add s | add a second | custody over reading | add over library | processor: reading s | add s | custody over reading |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    worst = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        for name, number in (("pages", options.pages), ("PDFs", options.pdfs)):
            folder = Path(scratch) / name
            folder.mkdir()
            for n in range(number):
                part = folder / str(n * PARTS // number)
                part.mkdir(exist_ok=True)
                if name == "pages":
                    (part / f"{n:05}.html").write_text(page(chance, told, n), encoding="utf-8")
                else:
                    (part / f"{n:05}.pdf").write_bytes(sheets(chance, told))
            taken = measured(sorted(folder.iterdir()), Path(scratch) / f"case-{name}")
            custody = taken.add / taken.reading - 1
            worst = max(worst, custody)
            lines.append(
                f"| {name} | {taken.files:,} | {taken.library:.1f} | {taken.reading:.1f} | {taken.add:.1f} | {taken.files / taken.add:.0f} "
                f"| {custody:+.0%} | {taken.add / taken.library - 1:+.0%} "
                f"| {taken.cpu['reading']:.1f} | {taken.cpu['add']:.1f} | {taken.cpu['add'] / taken.cpu['reading'] - 1:+.0%} |"
            )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    lines += [
        "",
        f"Peak memory of the process {peak:,} MB. Custody costs at most {worst:.0%} over reading; the bar is {BAR:.0%}.",
        "",
    ]
    print("\n".join(lines))
    if options.save:
        (HERE / "ingest.md").write_text("\n".join(lines), encoding="utf-8")
    return 0 if worst <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
