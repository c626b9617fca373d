"""What reports in one archive cost, beside the same reports as loose files.

    python bench/containers.py                  10,000 web pages
    python bench/containers.py --pages 1000     fewer

The pages are made here: a headline, a menu and twelve paragraphs each, about 4 KB, all different. They are
taken in three ways, each in a process of its own, so that its memory can be told:

    loose      a folder of .html files, each kept in the store and read
    ZIP        one archive of them, kept once, each member unpacked and read
    WARC       one gzipped web archive of them, as warcio writes it, each record held against its digests and read

Each is what ``tallystick add`` does with a file before the ledger: ``evidence.keep`` and ``evidence.read``.
"Keeping" is what it costs without the reading of pages: the same walk with a reader of pages that gives
nothing. Times are of the processor, for a machine may be busy; the store lies in the folder for temporary
files.
"""

from __future__ import annotations

import argparse
import io
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

WORDS = (
    "shells struck market town hospital people killed wounded monitor said convoy road bridge night guns army "
    "fighters residents officials ministry aid water school district rubble truce talks west east north south"
)
WAYS = ("loose", "ZIP", "WARC")


def pages(number: int) -> Iterator[tuple[str, bytes]]:
    """So many pages, each by its name."""
    chance, words = random.Random(7), WORDS.split()  # noqa: S311 - it makes texts, no secrets
    menu = "".join(f'<li><a href="/{word}">{word.title()}</a></li>' for word in words)
    for each in range(number):
        paragraphs = "".join(
            f"<p>{' '.join(chance.choices(words, k=24)).capitalize()}, it said.</p>" for _ in range(12)
        )
        html = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Report {each}</title></head><body>'
            f"<nav><ul>{menu}</ul></nav><article><h1>Report {each}</h1>{paragraphs}</article></body></html>"
        )
        yield f"{each:06}.html", html.encode()


def packed(way: str, number: int, folder: Path) -> None:
    """Put the pages into ``folder``, in this way."""
    if way == "loose":
        for name, content in pages(number):
            (folder / name).write_bytes(content)
    elif way == "ZIP":
        with zipfile.ZipFile(folder / "pages.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in pages(number):
                archive.writestr(name, content)
    else:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter

        with (folder / "pages.warc.gz").open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for name, content in pages(number):
                http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                record = writer.create_warc_record(
                    f"https://ridge.example/{name}",
                    "response",
                    payload=io.BytesIO(content),
                    http_headers=http,
                )
                writer.write_record(record)
                record.raw_stream.close()


def taken(folder: Path, store: Path, reading: bool) -> dict[str, float]:
    """Keep and read all that lies in ``folder``; what it cost."""
    from tallystick.evidence import discover, formats, keep, media, path_of, read, sidecar
    from tallystick.model import Document

    if not reading:
        formats.READERS[media.HTML] = lambda source: iter(())
    begun, read_out = time.process_time(), 0
    for path in discover([folder]):
        assert isinstance(path, Path)
        capture = keep(path, store, received="2020-01-01T00:00:00Z", by="bench")
        stored = path_of(store, capture.id)
        for item in read(capture, stored, stem=path.stem, sidecar=sidecar(path)):
            read_out += isinstance(item, Document)
    seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform == "linux" else 1 << 20
    )
    return {"documents": read_out, "seconds": seconds, "memory": memory}


def measured(way: str, folder: Path, *, reading: bool) -> dict[str, float]:
    """``taken`` in a process of its own."""
    with tempfile.TemporaryDirectory() as store:
        command = [sys.executable, __file__, "--taken", str(folder), store, *([] if reading else ["--bare"])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    answered: dict[str, float] = json.loads(done.stdout)
    return answered


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=10_000)
    ask.add_argument("--taken", nargs=2, help=argparse.SUPPRESS)
    ask.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    asked = ask.parse_args()
    if asked.taken:
        print(json.dumps(taken(Path(asked.taken[0]), Path(asked.taken[1]), not asked.bare)))
        return
    print(
        f"{asked.pages:,} pages; {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    )
    print(
        f"{'':8}{'file, MB':>10}{'documents':>11}{'seconds':>9}{'beside loose':>14}{'keeping':>9}{'memory, MB':>12}"
    )
    loose = 0.0
    for way in WAYS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            packed(way, asked.pages, folder)
            size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            whole, bare = measured(way, folder, reading=True), measured(way, folder, reading=False)
        loose = loose or whole["seconds"]
        print(
            f"{way:8}{size:>10.1f}{whole['documents']:>11,.0f}{whole['seconds']:>9.1f}"
            f"{whole['seconds'] / loose:>13.2f}x{bare['seconds']:>9.1f}{whole['memory']:>12.0f}"
        )


if __name__ == "__main__":
    main()
