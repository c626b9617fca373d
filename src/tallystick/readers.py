"""The walk over documents: read into claims by whoever carries the work, with the same outcome as by one."""

from __future__ import annotations

from dataclasses import dataclass

from tallystick import claims
from tallystick.errors import TallystickError
from tallystick.intake import Intake, Progress
from tallystick.ledger import Clock, Ledger, Reading, reading_id
from tallystick.model import Event
from tallystick.runner import Runner

JOBS = 2


@dataclass(frozen=True, slots=True)
class WasRead:
    """What ``read`` did: documents that were read now, their claims, and those it could not read."""

    documents: int
    claims: int
    refused: tuple[Event, ...]


def walk(
    ledger: Ledger, runner: Runner, clock: Clock, by: str, progress: Progress, leave: set[str] | None = None
) -> WasRead:
    """Read every document whose standing reading is not of today's reader, and store what it says.

    What came instead of claims, an error of the tree apart, is raised when all are read. ``leave`` are the
    ids of readings that are not tried; those that gave no claims are added to it.
    """
    stand, leave = ledger.readings(), set() if leave is None else leave
    due = [
        each
        for each in ledger.documents()
        if (reading := reading_id(each, claims.maker_of(each))) != stand.get(each.id) and reading not in leave
    ]
    found, faults = 0, []
    with Intake(ledger, clock, by) as intake:
        read = runner.map(claims.claims, due, lambda document: document.name)
        for done, (document, said) in enumerate(read):
            progress("reading", done, len(due))
            if isinstance(said, tuple):
                maker = claims.maker_of(document)
                found += ledger.append(readings=[Reading(document, maker, said, by, clock())]).claims
                continue
            leave.add(reading_id(document, claims.maker_of(document)))
            if isinstance(said, TallystickError):
                intake.refuse(document.id, said)
            else:
                said.add_note(f"while reading {document.name} ({document.id}) of {ledger.folder}")
                faults.append(said)
    progress("reading", len(due), len(due))
    if faults:
        raise faults[0]
    return WasRead(len(due) - len(intake.refused), found, tuple(intake.refused))
