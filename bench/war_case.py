"""A case of any size, of the war that never was: its reports on disk, in the ledger, read and linked.

    python bench/war_case.py FOLDER --accounts 20000 --outlets 15

A year of so many outlets with a report a day, at most: 15 are some 5,400 reports. What a reader would be unsure of
is marked so, one claim in seven. Nothing of it is read by the model: the claims are those that the war tells.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import war

from tallystick.case import Case
from tallystick.ledger import Reading, now
from tallystick.model import Capture, CaptureId, Claim, Document, DocumentId, Event, Span

UNSURE = 7  # one claim in so many


def make(folder: Path, count: int, outlets: int) -> Case:
    """The case in ``folder``, open for writing; made where it is not there."""
    if (folder / "ledger.sqlite").exists():
        return Case.open(folder, write=True)
    war.OUTLETS = outlets
    told = war.accounts(count)
    case = Case.make(folder, countries=[war.COUNTRY])
    texts: dict[DocumentId, list[Claim]] = defaultdict(list)
    for account in told.accounts:
        texts[account.document] += account.claims
    at = now()
    captures, documents, readings, events = [], [], [], []
    for number, (_, claims) in enumerate(sorted(texts.items())):
        text = _text(claims)
        data = text.encode()
        name = CaptureId(hashlib.sha256(data + str(number).encode()).hexdigest())
        (case.store / name[:2]).mkdir(parents=True, exist_ok=True)
        first = next(a for a in told.accounts if False) if False else None
        document = Document(name, f"report-{number:06d}", text, None, None)
        del first
        captures.append(Capture(name, len(data), "text/plain", f"{document.name}.txt", at, "bench"))
        documents.append(document)
        readings.append(Reading(document, war.MAKER, tuple(_moved(claims, document)), "bench", at))
        events.append(Event("received", name, "bench", at, facts={"origin": f"{document.name}.txt"}))
    return case
