"""A case of any size, of the war that never was: its reports on disk and in the ledger, read and linked.

    python bench/war_case.py FOLDER --accounts 20000 --outlets 14

A year of so many outlets with a report a day each, at most: 14 are some 5,000 reports. The claims are those that
the war tells (bench/war.py), so nothing is read by the model; one claim in seven is marked as one that its
reader was unsure of. ``--no-link`` leaves the linking to whoever wants it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import war

from tallystick.case import Case
from tallystick.ledger import Reading, now
from tallystick.model import Account, Capture, CaptureId, Claim, Document, DocumentId, Event, Span, Telling
from tallystick.values.place import Place

UNSURE = 7  # one claim in so many


def make(folder: Path, count: int, outlets: int, *, link: bool = True) -> None:
    """Make the case in ``folder``."""
    war.OUTLETS = outlets
    reports: dict[DocumentId, list[Account]] = defaultdict(list)
    for account in war.accounts(count).accounts:
        reports[account.document].append(account)
    with Case.make(folder, countries=[war.COUNTRY]) as case:
        case.store.mkdir(exist_ok=True)
        for number, told in enumerate(reports.values()):
            _keep(case, number, told)
        if link:
            case.link(progress=lambda step, done, total: None)


def _keep(case: Case, number: int, told: Sequence[Account]) -> None:
    """One report with its reading, in one transaction."""
    spans = sorted({account.span for account in told})
    text = "\n".join(span.quote for span in spans)
    data = f"report {number}\n{text}\n".encode()
    name, at = CaptureId(hashlib.sha256(data).hexdigest()), now()
    place = case.store / name[:2] / name
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    published: date | None = told[0].published
    document = Document(name, f"report-{number:06d}", text, None, told[0].publisher, published, "metadata")
    origin = {"origin": f"report-{number:06d}.txt"}
    case.ledger.append(
        captures=[Capture(name, len(data), "text/plain", origin["origin"], at, "bench")],
        documents=[document],
        readings=[Reading(document, war.MAKER, tuple(_moved(told, document)), "bench", at)],
        events=[Event("received", name, "bench", at, facts=origin)],
    )


def _moved(told: Sequence[Account], document: Document) -> Iterator[Claim]:
    """The claims of a report, in the report that holds their words and a line before them."""
    at: dict[Span, Span] = {}
    start = 0
    for span in sorted({account.span for account in told}):
        at[span] = document.span(start, start + len(span.quote))
        start += len(span.quote) + 1
    for number, claim in enumerate(claim for account in told for claim in account.claims):
        sure = 0.3 + (number % 30) / 100 if number % UNSURE == 0 else 0.97
        assert claim.telling is not None
        value = claim.value
        if isinstance(value, Telling) and value.place is not None:  # as told: the lists find the rest
            told_place = Place(value.place.name, value.place.words, value.place.admin1, value.place.country)
            value = replace(value, place=told_place)
        yield replace(claim, span=at[claim.span], telling=at[claim.telling], confidence=sure, value=value)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--accounts", type=int, default=20_000)
    parser.add_argument("--outlets", type=int, default=14)
    parser.add_argument("--no-link", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    make(asked.folder, asked.accounts, asked.outlets, link=not asked.no_link)
    print(f"{asked.folder}: made in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
