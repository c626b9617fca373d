"""What a walk over reports adds to the ledger and its custody record, so that a second walk adds nothing."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path, PurePath
from platform import node
from typing import Self

from tallystick import evidence
from tallystick.barred import GOING, Barred, Went, digest_of, refusal
from tallystick.errors import CaseDamaged, ReportRefused, TallystickError, WasExpunged
from tallystick.evidence import Metadata, PassedOver
from tallystick.ledger import Clock, Ledger
from tallystick.model import Capture, CaptureId, Document, DocumentId, Event
from tallystick.remarks import unread
from tallystick.runner import Runner

SECONDS = 1.0  # of work that a killed process may have to do again
MOST = 500  # events of one transaction

Progress = Callable[[str, int, int], None]
Told = Document | ReportRefused | PassedOver


@dataclass(frozen=True, slots=True)
class Added:
    """What ``add`` did: files looked at, rows that were new, the reports that were refused, and what
    containers held that is no report, in words."""

    files: int
    captures: int
    documents: int
    refused: tuple[Event, ...]
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """How files are taken in: where their bytes are kept, and what the person said of all of them.

    ``published`` dates those that tell no date, ``given`` is the media type of standard input, and
    ``barred`` tells of each digest that is not taken in how it went.
    """

    store: Path
    published: date | None = None
    given: str | None = None
    barred: Mapping[str, Went] = field(default_factory=dict)


class Intake:
    """One walk's additions to the custody record, so that a second walk adds nothing.

    Rows are gathered, and go to the ledger in one transaction with all that came within a second:
    bringing a row to disk takes as long as reading a page. What a killed process had gathered and not
    stored is taken in by the next walk, as if it had been killed a second earlier. Use it in a ``with``
    statement: at its end, however that comes, all is stored.

    A file is received when its origin last gave other bytes, a document kept when more or other
    things are known of it, and a refusal recorded unless the same one stands.
    """

    def __init__(self, ledger: Ledger, clock: Clock, by: str, again: str = "") -> None:
        """What was expunged stays out, or is taken in ``again`` for the reason given there."""
        out = Barred.of(ledger.events(*GOING))
        self.barred, self._back = (Barred(), out) if again else (out, Barred())
        self._again = again
        self._returned: set[str] = set()
        self._ledger, self._clock, self._by = ledger, clock, by
        events = ledger.events(*REFUSING, "passed")
        self._standing = standing_refusals(events)
        self._last = {event.facts["origin"]: event.item for event in events if event.what == "received"}
        self._passed = {(event.item, event.note) for event in events if event.what == "passed"}
        self._known = (
            ledger.document_ids()
        )  # to ask for each of those that are new takes longer than to read it
        self._met: set[DocumentId] = set()
        self._gathered: tuple[list[Capture], list[Document], list[Event]] = ([], [], [])
        self._pending: dict[DocumentId, Document] = {}
        self._stored = time.monotonic()
        self.captures = self.documents = 0
        self.refused: list[Event] = []
        self.passed: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with suppress(TallystickError) if kind else nullcontext():
            self.store()

    def store(self) -> None:
        """Bring what was gathered to the ledger, in one transaction."""
        captures, documents, events = self._gathered
        self._gathered, self._pending = ([], [], []), {}
        if captures or documents or events:
            new = self._ledger.append(captures=captures, documents=documents, events=events)
            self.captures += new.captures
            self.documents += new.documents
        self._stored = time.monotonic()

    def _gather(
        self, *, capture: Capture | None = None, document: Document | None = None, events: Sequence[Event]
    ) -> None:
        captures, documents, told = self._gathered
        if capture is not None:
            captures.append(capture)
        if document is not None:
            documents.append(document)
            self._pending[document.id] = document
            self._known.add(document.id)
        told.extend(events)
        if len(told) >= MOST or time.monotonic() - self._stored > SECONDS:
            self.store()

    def receive(self, capture: Capture) -> None:
        """Store that these bytes came from there."""
        events = []
        if capture.id in self._back.captures and capture.id not in self._returned:
            self._returned.add(capture.id)
            events = [Event("readmitted", capture.id, self._by, self._clock(), self._again)]
        if self._last.get(capture.origin) != capture.id:
            self._last[capture.origin] = capture.id
            self._standing.pop(capture.origin, None)
            events.append(self._received(capture))
        self._gather(capture=capture, events=events)

    def allowed(self, capture: Capture, told: Iterable[Told]) -> Iterable[Told]:
        """``told``, which was read of ``capture``, where no report in it was expunged.

        Else ``WasExpunged`` is raised; ``clear`` takes the bytes away.
        """
        if not self.barred.texts:
            return told
        told = tuple(told)
        found = (self.barred.went(each) for each in told if isinstance(each, Document))
        went = next(filter(None, found), None)
        if went is None:
            return told
        raise WasExpunged(refusal(went, "a report in it"), capture.id)

    def clear(self, store: Path) -> None:
        """Take away bytes that nothing tells of: those of refused captures, and of walks that were killed.

        Only where something was expunged, and at the end: the same bytes may come twice. Whoever asks has
        the turn to write.
        """
        if not self.barred.texts:
            return
        held = {capture.id for capture in self._ledger.captures()}
        for path in store.glob("[0-9a-f][0-9a-f]/*"):
            if path.name not in held:
                path.unlink(missing_ok=True)

    def keep(self, document: Document, origin: str) -> None:
        """Store what is known of a document now.

        Silence takes nothing back: what a later place or run does not tell (the date that a person
        gave, a sidecar's title) stays as it was. Of two places in one walk that contradict each
        other the first is heard, on every walk.
        """
        known = self._pending.get(document.id)
        if known is None and document.id in self._known:
            known = self._ledger.document(document.id)
        if known is not None:
            document = _filled(known, document) if document.id in self._met else _filled(document, known)
        self._met.add(document.id)
        if document == known:
            return
        day = document.published.isoformat() if document.published else None
        facts: dict[str, object] = {
            "name": document.name,
            "published": day,
            "published_from": document.published_from,
        }
        facts |= {"capture": document.capture, "origin": origin, "language": document.language}
        facts |= {"language_from": document.language_from, "notes": [*document.notes, *unread(document)]}
        event = Event("kept", document.id, self._by, self._clock(), facts=facts)
        self._gather(document=document, events=[*self._coming_back(document), event])

    def _coming_back(self, document: Document) -> Iterator[Event]:
        """What tells, once, that the text of an expunged report came back in other bytes."""
        went = self._back.went(document)
        if went is not None and self._returned.isdisjoint(told := (went.capture, digest_of(document))):
            self._returned.add(told[1])
            facts = {"text": told[1]}
            yield Event("readmitted", document.capture, self._by, self._clock(), self._again, facts)

    def settle(self, capture: Capture, reasons: Sequence[ReportRefused]) -> None:
        """Store what was refused of a capture, and that nothing else is refused of it any more."""
        stale = self._standing.get(capture.origin, {}).keys() - {str(reason) for reason in reasons}
        if stale:
            self._standing.pop(capture.origin)
            self._gather(events=[self._received(capture)])
        for reason in reasons:
            self.refuse(capture.origin, reason)

    def stands(self, item: str) -> frozenset[str]:
        """The reasons for which ``item`` stands refused."""
        return frozenset(self._standing.get(item, {}))

    def refuse(self, item: str, reason: TallystickError) -> None:
        """Store that ``item`` was refused, and why, unless that stands."""
        about = self._standing.setdefault(item, {})
        if str(reason) not in about:
            facts = {"error": type(reason).__name__}
            event = Event("refused", item, self._by, self._clock(), str(reason), facts)
            about[str(reason)] = self._ledger.signed(event)
            self._gather(events=[about[str(reason)]])
        self.refused.append(about[str(reason)])

    def pass_over(self, capture: Capture, what: str) -> None:
        """Store that a container held what is no report, so that nothing goes by in silence."""
        self.passed.append(what)
        if (capture.id, what) not in self._passed:
            self._passed.add((capture.id, what))
            facts = {"origin": capture.origin}
            event = Event("passed", capture.id, self._by, self._clock(), what, facts)
            self._gather(events=[event])

    def _received(self, capture: Capture) -> Event:
        facts = {"origin": capture.origin, "size": capture.size, "media_type": capture.media_type}
        return Event("received", capture.id, self._by, self._clock(), facts=facts)


# ------------------------------------------------------------------------------ the walk of ``add``


Taken = tuple[Capture, Iterable[Told]]


def walk(
    found: Sequence[Path | ReportRefused],
    intake: Intake,
    files: Files,
    clock: Clock,
    by: str,
    progress: Progress,
    runner: Runner | None = None,
) -> Added:
    """Take in what was found, one after another; each is stored whatever happens to the next.

    With a ``runner`` the text is read out of the captures by whatever it carries to, which must see the
    store. What reading a file raised that is no error of the tree is a fault of the program: it is raised,
    with the file's name, when all others are taken in.
    """
    faults: list[Exception] = []
    met = count(1)
    paths = [path for path in found if isinstance(path, Path)]
    keeping = (_keeping(path, files, clock(), by) for path in paths)
    with closing(evidence.ahead(keeping)) as kept, intake:
        taking = _taking(paths, kept, files) if runner is None else _carried(paths, kept, files, runner)
        for done, item in enumerate(found):
            progress("adding", done, len(found))
            if isinstance(item, ReportRefused):
                intake.refuse(str(item), item)
            else:
                try:
                    _add(item, next(taking), intake, lambda: progress("reports", next(met), 0))
                except _Fault as fault:
                    fault.raised.add_note(f"while taking in {evidence.origin_of(item)}")
                    faults.append(fault.raised)
    intake.clear(files.store)
    progress("adding", len(found), len(found))
    if faults:
        for other in faults[1:]:
            faults[0].add_note(" ".join(["and", repr(other), *other.__notes__]))
        raise faults[0]
    return Added(len(found), intake.captures, intake.documents, tuple(intake.refused), tuple(intake.passed))


def _keeping(path: Path, files: Files, received: str, by: str) -> Callable[[], Capture]:
    """Keeps the bytes of a file, when it is called, as ``received``; not what is barred."""

    def refuse(met: CaptureId) -> None:
        if met in files.barred:
            raise WasExpunged(refusal(files.barred[met]), met)

    return lambda: evidence.keep(
        path, files.store, received=received, by=by, given=files.given, refuse=refuse
    )


def _add(path: Path, taken: Callable[[], Taken], intake: Intake, goes_on: Callable[[], None]) -> None:
    """Take in one file; ``goes_on`` is called for each thing in it, for a file may hold thousands."""
    origin = evidence.origin_of(path)
    try:
        capture, told = _taken(taken)
        told = intake.allowed(capture, _read_through(told))
    except WasExpunged as error:
        intake.refuse(error.capture, error)  # its name may be what had to go
        return
    except ReportRefused as error:
        intake.refuse(origin, error)
        return
    intake.receive(capture)
    reasons: list[ReportRefused] = []
    for result in told:
        goes_on()
        if isinstance(result, ReportRefused):
            reasons.append(result)
        elif isinstance(result, PassedOver):
            intake.pass_over(capture, result.text)
        else:
            intake.keep(result, origin)
    intake.settle(capture, reasons)


class _Fault(Exception):
    """What reading a file raised that is no error of the tree."""

    def __init__(self, raised: Exception) -> None:
        super().__init__(repr(raised))
        self.raised = raised


def _taken(taken: Callable[[], Taken]) -> Taken:
    try:
        return taken()
    except TallystickError:
        raise
    except Exception as error:
        raise _Fault(error) from error


def _read_through(told: Iterable[Told]) -> Iterator[Told]:
    try:
        yield from told
    except TallystickError:
        raise
    except Exception as error:
        raise _Fault(error) from error


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file that is kept, with all that reading it asks for: ``beside`` is its sidecar, or what is wrong
    with that."""

    capture: Capture
    stored: Path
    stem: str
    beside: Metadata | ReportRefused | None
    published: date | None


def _at_hand(path: Path, capture: Capture, files: Files) -> _Kept:
    beside: Metadata | ReportRefused | None
    try:
        beside = evidence.sidecar(path)
    except ReportRefused as error:
        beside = error
    stored = evidence.path_of(files.store, capture.id)
    return _Kept(capture, stored, PurePath(capture.origin).stem, beside, files.published)


def _documents(kept: _Kept) -> Iterator[Told]:
    """What the capture holds; a refusal of the whole is given like that of one of its records."""
    if isinstance(kept.beside, ReportRefused):
        yield kept.beside
        return
    try:
        yield from evidence.read(
            kept.capture, kept.stored, stem=kept.stem, sidecar=kept.beside, published=kept.published
        )
    except ReportRefused as error:
        yield error


def _taking(
    paths: Iterable[Path], kept: Iterator[Callable[[], Capture]], files: Files
) -> Iterator[Callable[[], Taken]]:
    """For each path what gives its capture and, one after another, what is in it; raises as ``keep`` did."""

    def taking(path: Path, keep: Callable[[], Capture]) -> Taken:
        capture = keep()
        return capture, _documents(_at_hand(path, capture, files))

    for path, keep in zip(paths, kept, strict=True):
        yield partial(taking, path, keep)


def _read_out(kept: _Kept) -> tuple[Told, ...]:
    if not os.access(kept.stored, os.R_OK):  # of this machine, so no fact about the report
        raise CaseDamaged(f"{kept.stored} cannot be read on {node()}: do all workers see the case's folder?")
    return tuple(_documents(kept))


def _carried(
    paths: Iterable[Path], kept: Iterator[Callable[[], Capture]], files: Files, runner: Runner
) -> Iterator[Callable[[], Taken]]:
    """As ``_taking``, what is in the captures read out wherever ``runner`` carries them."""
    turns: deque[Future[Taken]] = deque()
    away: deque[Future[Taken]] = deque()

    def leaving() -> Iterator[_Kept]:
        for path, keep in zip(paths, kept, strict=True):
            turn: Future[Taken] = Future()
            turns.append(turn)
            try:
                item = _at_hand(path, keep(), files)
            except Exception as error:  # noqa: BLE001 - raised when its turn comes
                turn.set_exception(error)
            else:
                away.append(turn)
                yield item

    for item, told in runner.map(_read_out, leaving(), lambda item: item.capture.origin):
        if isinstance(told, BaseException):
            told.add_note(f"while reading {item.capture.origin}")
            away.popleft().set_exception(told)
        else:
            away.popleft().set_result((item.capture, told))
        while turns and turns[0].done():
            yield turns.popleft().result
    while turns:
        yield turns.popleft().result


# ------------------------------------------------------------------------------ what is known already


REFUSING = ("refused", "received", "read")  # the kinds of events that tell what is refused still


def standing_refusals(events: Iterable[Event]) -> dict[str, dict[str, Event]]:
    """The refusals that stand, by item and reason: those of items not received or read since.

    ``events`` are those of the kinds ``REFUSING``, in order; others are passed over.
    """
    standing: dict[str, dict[str, Event]] = {}
    for event in events:
        if event.what == "refused" and event.note:  # one that was expunged tells no reason any more
            standing.setdefault(event.item, {})[event.note] = event
        elif event.what == "received":
            standing.pop(event.facts["origin"], None)
        elif event.what == "read":
            standing.pop(event.item, None)
    return standing


def _filled(document: Document, other: Document) -> Document:
    """``document``, with what it does not tell taken from ``other``."""
    dated = document if document.published else other
    # What somebody said of the language goes before what its words tell.
    voiced = next((each for each in (document, other) if each.language and not each.language_from), document)
    return replace(
        document,
        title=document.title or other.title,
        publisher=document.publisher or other.publisher,
        published=dated.published,
        published_from=dated.published_from,
        url=document.url or other.url,
        language=voiced.language,
        language_from=voiced.language_from,
    )
