"""WHAT HOLDS OF A CASE? Numbered checks, each with its sentence and a function that yields what it finds.

A check is at home where what it looks at is known (the ledger's in ``audit``, the manifest's and the
captures' in ``evidence``, the lists' in ``naming``); here they are numbered and carried through. Nothing in
the case folder changes meanwhile: not a byte of a file, and none is left beside the ledger. A sentence that
is a ``Note`` is no finding. A number stays with its check: ``docs/verify.md`` and other people's notes
name it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from sqlalchemy import Connection

from tallystick import __version__, audit, barred, custody, evidence, expunge, ledgerplace, naming, signing
from tallystick.errors import CaseDamaged, NoSuchCase, ReportRefused, TallystickError
from tallystick.evidence import attested, manifest
from tallystick.evidence.attested import Trust
from tallystick.ledger import FILE, Ledger
from tallystick.ledgerfile import File
from tallystick.model import Capture, CaptureId, Document, DocumentId, Note
from tallystick.rows import UNREADABLE
from tallystick.settings import shown

CAPTURES = "captures"

_NOBODY = Trust()  # neither a key nor a root from elsewhere

# What a case folder holds, and what commands that were cut short may leave there, by path from the folder.
_OURS = re.compile(
    r"ledger\.sqlite(-wal|-shm|\.moved)?|case\.toml|expunging(?:\.new)?|manifest\.sha256|captures/([0-9a-f]{2})/\2[0-9a-f]{62}"
    r"|lists/[0-9a-f]{64}/.+|dossier/.+|checkpoints/[0-9]+\.(json|sig|tsr)|keys/[^/]+\.pem",
    re.S,
)
_FOLDERS = re.compile(r"captures(/[0-9a-f]{2})?|lists(/.+)?|dossier(/.+)?|checkpoints|keys", re.S)
_LEFT = re.compile(
    r"ledger\.sqlite\.[0-9]+\.new.*|case\.toml\.new|manifest\.sha256\.new"
    r"|(captures(/[0-9a-f]{2})?|checkpoints|keys)/\.new-[^/]+|\.dossier\.(new|old)(/.+)?"
    r"|lists/\.new-[0-9a-f]{64}(/.+)?",
    re.S,
)


@dataclass
class Held:
    """The case that is looked at: its folder, and its ledger or why that cannot be opened."""

    folder: Path
    opened: Ledger | None
    fault: str = ""
    trust: Trust = _NOBODY

    @property
    def ledger(self) -> Ledger:
        """Raises ``CaseDamaged`` where there is none to look into."""
        if self.opened is None:
            raise CaseDamaged(self.fault)
        return self.opened

    @cached_property
    def captures(self) -> tuple[Capture, ...]:
        return self.ledger.captures()

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return self.ledger.documents()

    @cached_property
    def unheld(self) -> dict[CaptureId, str]:
        """The captures whose bytes are not those that were received, with what is wrong."""
        store = self.folder / CAPTURES
        gone = barred.gone(self.ledger.events(*barred.GOING))
        there = (capture for capture in self.captures if capture.id not in gone)
        flaws = ((capture.id, evidence.check(store, capture)) for capture in there)
        return {name: flaw for name, flaw in flaws if flaw is not None}

    def audit(self, look: Callable[[Connection], Iterable[str]]) -> Iterator[str]:
        """What a check of the ledger finds, with the file named."""
        for found in self.ledger.look(look):
            said = f"{shown(self.ledger.name)}: {found}"
            yield Note(said) if isinstance(found, Note) else said


Look = Callable[[Held], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is to hold of a case; looked at only where the checks numbered in ``after`` hold."""

    number: int
    sentence: str
    look: Look
    after: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found; ``skipped`` says why it could not be carried through."""

    check: Check
    findings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str = ""

    @property
    def holds(self) -> bool:
        return not (self.findings or self.skipped)


@dataclass(frozen=True, slots=True)
class Verified:
    """How much was looked at, and what each check found."""

    captures: int
    documents: int
    claims: int
    outcomes: tuple[Outcome, ...] = field(default=())

    @property
    def problems(self) -> tuple[str, ...]:
        """All findings, in order of the checks."""
        return tuple(found for outcome in self.outcomes for found in outcome.findings)


# ---------------------------------------------------------------------------------- the checks


def _manifest(held: Held) -> Iterator[str]:
    if manifest.exists(held.folder):
        yield from manifest.flaws(held.folder)
        log = held.folder / f"{FILE}-wal"
        if log.exists() and log.stat().st_size:
            yield f"{shown(log)} holds rows that came after the manifest was written"
    else:
        yield Note(
            f"there is no {manifest.NAME}: a command is at work, or was cut short. So nothing holds the "
            "settings and the dossier, and what was taken off the end of the ledger would not be missed; any "
            "verb that writes makes one anew"
        )
    if held.opened is not None:
        for event in held.ledger.events("altered"):
            files = "; ".join(event.facts["found"])
            yield Note(f"on {event.at}, when the case was opened for writing, this was found: {files}")
        for event in held.ledger.events("unlisted"):
            yield Note(
                f"on {event.at}, when the case was opened for writing, it had no {manifest.NAME}: a command "
                "was cut short, or somebody took it away, and what was changed before that goes unnoticed"
            )


def _folder(held: Held) -> Iterator[str]:
    in_file = isinstance(ledgerplace.of(held.folder), File)
    for path, is_folder in _entries(held.folder):
        at = shown(held.folder / path)
        known = (_FOLDERS if is_folder else _OURS).fullmatch(path)
        if _LEFT.fullmatch(path):
            yield Note(f"{at} was left by a command that was cut short, and can be deleted")
        elif os.path.islink(held.folder / path) or not (is_folder or os.path.isfile(held.folder / path)):
            yield f"{at} is a link or no plain file; a case holds none"
        elif not known:
            yield f"{at} is no part of a case"
        elif path == FILE and not in_file:
            yield f"{at} lies beside a ledger on a server: a move was cut short, or somebody put it there"
    if held.opened is not None:
        yield from _untold(held)


def _entries(folder: Path) -> Iterator[tuple[str, bool]]:
    """All in and under ``folder``, by path from there, and whether it is a folder."""
    for at, folders, files in os.walk(folder):
        folders.sort()
        for name in folders:
            yield os.path.relpath(os.path.join(at, name), folder), True
        for name in sorted(files):
            yield os.path.relpath(os.path.join(at, name), folder), False


def _untold(held: Held) -> Iterator[str]:
    """Captures and lists that no row tells of: a command was cut short before it could say so."""
    known = {capture.id for capture in held.captures}
    for path in sorted((held.folder / CAPTURES).glob("[0-9a-f][0-9a-f]/*")):
        if path.name not in known and path.is_file():
            bare = Capture(CaptureId(path.name), path.stat().st_size, "", "untold", "", "")
            flaw = evidence.check(held.folder / CAPTURES, bare)
            yield flaw or Note(f"{shown(path)} is no report of the case: its taking in was cut short")
    told = {event.item for event in held.ledger.events("listed")}
    for path in sorted((held.folder / naming.FOLDER).glob("*")):
        if path.name not in told:
            yield Note(f"{shown(path)} is no list of the case: its taking in was cut short")


def _database(held: Held) -> Iterator[str]:
    yield from held.audit(audit.unsound) if held.opened is not None else [held.fault]


def _captures(held: Held) -> Iterator[str]:
    yield from held.unheld.values()


def _documents(held: Held) -> Iterator[str]:
    yield from held.audit(audit.uncaptured)
    told: dict[CaptureId, list[Document]] = {}
    for document in held.documents:
        told.setdefault(document.capture, []).append(document)
    received: dict[str, dict[str, str]] = {}  # of each capture the origins, by the media type promised there
    for event in held.ledger.events("received"):
        of = received.setdefault(event.item, {})
        of.setdefault(event.facts.get("media_type", ""), event.facts.get("origin", ""))
    makers = {DocumentId(event.item): event.program or event.by for event in held.ledger.events("kept")}
    today = f"tallystick {__version__}"
    covered = set(held.ledger.look(audit.covered_up))
    gone = barred.gone(held.ledger.events(*barred.GOING))
    back = {event.item for event in held.ledger.events("readmitted")}
    for capture in held.captures:
        if capture.id in held.unheld or capture.id in gone or capture.id not in told:
            continue
        origins = {capture.media_type: capture.origin} | received.get(capture.id, {})
        texts = set(_texts(held.folder, capture, origins))
        for document in told[capture.id]:
            if document.id in covered and capture.id in back:
                continue  # the bytes hold again what is covered; those of any other text are gone, or read so
            if hashlib.sha256(document.text.encode()).digest() in texts:
                continue
            maker = makers.get(document.id, "an unknown program")
            said = f"{document.name} ({document.id}): its capture reads otherwise by {today} than by {maker}"
            yield said if maker == today else Note(said)


def _texts(folder: Path, capture: Capture, origins: dict[str, str]) -> Iterator[bytes]:
    """The SHA-256 of each text that the readers of today find in ``capture``."""
    stored = evidence.path_of(folder / CAPTURES, capture.id)
    for media_type, origin in origins.items():
        again = Capture(capture.id, capture.size, media_type, origin, capture.received, capture.by)
        for found in evidence.read(again, stored, stem=PurePath(origin).stem):
            if not isinstance(found, ReportRefused):
                yield hashlib.sha256(found.text.encode()).digest()


def _lists(held: Held) -> Iterator[str]:
    last = {event.item: event for event in held.ledger.events("listed")}
    for event in held.ledger.events("expunged"):
        for name in event.facts.get("lists", ()):
            last.pop(name, None)
    flaws = (naming.flaw_of(held.folder, event) for event in last.values())
    yield from (flaw for flaw in flaws if flaw is not None)


def _expunged(held: Held) -> Iterator[str]:
    yield from held.audit(audit.rewritten)
    yield from expunge.unfinished(held.folder, held.ledger.events(*barred.GOING))
    if held.trust.key is not None:
        reach, key = attested.reach(held.folder, held.ledger.chain_at, held.trust), str(held.trust.key)
        yield from held.audit(lambda connection: audit.unvouched(connection, reach, key))


def _dossier(held: Held) -> Iterator[str]:
    yield from custody.misshown(held.folder, held.ledger)


def _settings(held: Held) -> Iterator[str]:
    yield from custody.unsettled(held.folder, held.ledger)


def _checkpoints(held: Held) -> Iterator[str]:
    return signing.held(held.folder, held.ledger, held.trust)


def _stamps(held: Held) -> Iterator[str]:
    return signing.stamped(held.folder, held.trust)


def _audit(look: Callable[[Connection], Iterable[str]]) -> Look:
    return lambda held: held.audit(look)


CHECKS = (
    Check(1, "Every file is as the last command that wrote left it.", _manifest),
    Check(2, "Nothing lies in the folder that is no part of the case.", _folder),
    Check(3, "The ledger is a sound database whose triggers keep rows from being changed.", _database),
    Check(4, "No row is missing between the first and the last.", _audit(audit.gaps)),
    Check(5, "Every row is spelt as it was written, and its id follows from it.", _audit(audit.misnamed)),
    Check(6, "Every custody event is chained to the one before.", _audit(audit.broken)),
    Check(7, "Every row was stored by one custody event, as it is now.", _audit(audit.uncovered)),
    Check(8, "Every report is there, in the bytes that were received.", _captures),
    Check(9, "Every text is what its report reads.", _documents, after=(5,)),
    Check(10, "Every claim quotes words that stand where it says.", _audit(audit.unfounded), after=(5,)),
    Check(11, "Every list is there, in the bytes that were taken in.", _lists, after=(5,)),
    Check(12, "Every checkpoint is signed, and the record and captures are what it signed.", _checkpoints),
    Check(13, "Every time stamp is of its checkpoint; where roots are given, one answers for it.", _stamps),
    Check(14, "What was expunged is gone, and nothing else; a key that is given answers for it.", _expunged),
    Check(15, "The dossier is what was written there last, or there is none.", _dossier, after=(5,)),
    Check(16, "The settings are those that the record tells.", _settings, after=(5,)),
)


# ------------------------------------------------------------------------------------- verify


def verify(folder: Path, checks: Sequence[Check] = CHECKS, trust: Trust = _NOBODY) -> Verified:
    """Carry ``checks`` through on the case in ``folder``, which need not be sound, and is not changed.

    ``trust`` names the key and the roots that a person brought with them.
    Raises ``NoSuchCase`` where there is none, and ``TallystickError`` where another command wrote to it
    meanwhile.
    """
    place, fault = ledgerplace.of(folder), ""
    before = place.stamp()
    try:
        opened = Ledger.still(folder)
    except NoSuchCase:
        raise
    except CaseDamaged as error:
        opened, fault = None, str(error)
    try:
        found = look(Held(folder, opened, fault, trust), checks)
    finally:
        if opened is not None:
            opened.close()
    if place.stamp() != before:
        raise TallystickError(
            f"{shown(folder)} was written to while it was verified; ask again when the other command is done"
        )
    return found


def look(held: Held, checks: Sequence[Check] = CHECKS) -> Verified:
    """The checks carried through on a case whose ledger is open."""
    outcomes: dict[int, Outcome] = {}
    for check in checks:
        failed = [number for number in check.after if not outcomes[number].holds]
        if failed:
            outcomes[check.number] = Outcome(check, skipped=f"{failed[0]} does not hold")
        else:
            outcomes[check.number] = _carried(check, held)
    return Verified(*_counts(held), tuple(outcomes.values()))


def _carried(check: Check, held: Held) -> Outcome:
    """What one check found. Where a row holds what no check could foresee, that is a finding, too."""
    findings: list[str] = []
    notes: list[str] = []
    try:
        for said in check.look(held):
            (notes if isinstance(said, Note) else findings).append(said)
    except (TallystickError, *UNREADABLE) as error:
        if held.opened is None and str(error) == held.fault:
            return Outcome(check, skipped="the ledger cannot be opened")
        findings.append(
            str(error) if isinstance(error, TallystickError) else f"cannot be looked at: {error!r}"
        )
    return Outcome(check, tuple(findings), tuple(notes))


def _counts(held: Held) -> tuple[int, int, int]:
    """Captures, documents, and the claims of the readings that stand, as the custody record tells them."""
    try:
        said = {event.item: event.facts["claims"] for event in held.ledger.events("read")}
        return len(held.captures), len(held.documents), sum(said.values())
    except (TallystickError, *UNREADABLE):
        return 0, 0, 0
