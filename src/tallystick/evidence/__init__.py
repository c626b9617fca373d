"""WHAT EXACTLY DID WE RECEIVE?

Files become captures (their bytes, kept as they came) and captures become documents (the text
and what is known about its publication).

    for found in discover(paths):              a file, or an Unreadable to record
        capture = keep(found, store, …)
        for item in read(capture, path_of(store, capture.id), stem=found.stem, sidecar=sidecar(found)):
            …                                  a Document, or a ReportRefused or PassedOver to record
"""

from tallystick.evidence.capture import HOUR, ahead, check, digest_of, keep, path_of, sweep
from tallystick.evidence.discover import discover
from tallystick.evidence.formats import read
from tallystick.evidence.media import STANDARD_INPUT, media_type_named, media_type_of, origin_of
from tallystick.evidence.members import PassedOver
from tallystick.evidence.record import Metadata, sidecar

__all__ = [
    "HOUR",
    "STANDARD_INPUT",
    "Metadata",
    "PassedOver",
    "ahead",
    "check",
    "digest_of",
    "discover",
    "keep",
    "media_type_named",
    "media_type_of",
    "origin_of",
    "path_of",
    "read",
    "sidecar",
    "sweep",
]
