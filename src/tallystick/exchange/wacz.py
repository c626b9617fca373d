"""WACZ: the bytes of the reports, as they were received, as a web archive that Webrecorder's programs open.

What is told of is handed on whole: a capture that holds other reports, too, is not cut, for it would be
another file then. For the same reason nothing is taken out of it, and an export with words taken out has
none. Nobody signs it: a case that is to be signed is sealed (``tallystick seal``).
"""

from __future__ import annotations

from pathlib import Path

from tallystick.evidence import sealing
from tallystick.model import CaptureId, Record

FILE = "captures.wacz"


def write(record: Record, folder: Path, store: Path, program: str) -> None:
    """Write ``captures.wacz`` with the captures that reports of ``record`` stand in, out of ``store``.

    Its day is that of the last of them to be received, so that the same captures give the same bytes. Raises
    ``CaseDamaged`` where one is not what was received.
    """
    told: dict[CaptureId, list[sealing.Page]] = {}
    for report in record.documents:
        told.setdefault(report.capture, []).append(sealing.Page(report.url, report.title or report.name))
    held = sorted(
        (each for each in record.captures if each.id in told), key=lambda each: (each.received, each.id)
    )
    last = max((each.received for each in held), default="1980-01-01T00:00:00Z")
    contents = sealing.Contents(
        title=record.name,
        created=last.partition(".")[0].removesuffix("Z") + "Z",
        software=program,
        store=store,
        captures=held,
        gone=(),
        pages=told,
        beside={},
    )
    sealing.write(folder / FILE, contents, None)
