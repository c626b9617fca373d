"""Reads files as ``add`` does, in a process of one gigabyte, and prints what came of each as a line of JSON.

    python tests_reading.py STORE FILE...

``seconds`` are the processor's. ``gives`` says in order what each was: ``read``, ``passed`` over, or the class of the refusal; ``refused`` are its words.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from tallystick.errors import ReportRefused
from tallystick.evidence import keep, path_of, read, sidecar
from tallystick.model import Document

MEMORY = 1 << 30


def outcome(path: Path, store: Path) -> dict[str, Any]:
    """All that comes of one file; a sidecar that is refused refuses it."""
    capture = keep(path, store, received="2020-01-02T03:04:05Z", by="the tests")
    try:
        items: list[Any] = list(
            read(capture, path_of(store, capture.id), stem=path.stem, sidecar=sidecar(path))
        )
    except ReportRefused as refused:
        items = [refused]
    documents = [item for item in items if isinstance(item, Document)]
    return {
        "gives": [kind(item) for item in items],
        "refused": [str(item) for item in items if isinstance(item, ReportRefused)],
        "documents": [
            {
                "text": each.text, "name": each.name, "title": each.title, "url": each.url, "language": each.language,
                "publisher": each.publisher, "published": each.published.isoformat() if each.published else "unknown",
            }
            for each in documents
        ],
    }  # fmt: skip


def kind(item: object) -> str:
    if isinstance(item, Document):
        return "read"
    return type(item).__name__ if isinstance(item, ReportRefused) else "passed"


def main(store: Path, paths: list[Path]) -> None:
    os.fsync = lambda _: None  # what is kept here need not outlast a power cut
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for path in paths:
        begin = time.process_time()
        told = outcome(path, store)
        seconds = time.process_time() - begin
        sys.stdout.write(json.dumps({"file": path.name, "seconds": seconds, **told}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
