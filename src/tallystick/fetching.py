"""URLs into a case: each answer kept as it comes, each failure recorded, nothing asked twice.

What was fetched is a capture like any other: a WARC file whose origin is the URL asked for. A custody event
``fetched`` comes last, when all that was read of it is stored; so a command cut short anywhere leaves the
URL to be asked again. ``drawn`` tells which picture or PDF was made of which capture.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from tallystick import evidence
from tallystick.errors import CaseReadOnly, NotFetched, ReportRefused, WasExpunged
from tallystick.evidence import PassedOver, drawing
from tallystick.evidence.answers import Limits
from tallystick.evidence.fetch import Fetched, Fetcher, Rules, Validators
from tallystick.evidence.media import WARC, shown
from tallystick.evidence.placing import UNFINISHED
from tallystick.intake import Intake, Told
from tallystick.ledger import Ledger
from tallystick.model import Capture, CaptureId, Document, Event, plain
from tallystick.turns import alone

__all__ = ["Came", "Fetcher", "Fetching", "Limits", "Polled", "Rules", "Wanted"]

Clock = Callable[[], str]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for: the URLs, what is to be drawn of their pages, and whether to ask again."""

    urls: Sequence[str]
    again: bool = False
    image: bool = False
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """What ``fetch`` did: URLs asked, URLs that had been fetched before, rows that were new, refusals."""

    asked: int
    before: int
    captures: int
    documents: int
    drawn: int
    refused: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Polled:
    """What asking for a feed gave: reports that were new, and what was refused; ``failed`` says why it gave
    no answer, and is empty where it did."""

    documents: int = 0
    refused: tuple[Event, ...] = ()
    failed: str = ""


class Fetching:
    """One walk over URLs, into the case in ``folder``."""

    def __init__(self, store: Path, ledger: Ledger, fetcher: Fetcher, clock: Clock, by: str) -> None:
        self._store, self._ledger, self._fetcher = store, ledger, fetcher
        self._clock, self._by = clock, by
        self._intake: Intake  # of the URL that is being fetched
        self._captures = self._documents = self._drawn = 0
        self._refused: list[Event] = []

    def fetch(self, wanted: Wanted, rules: dict[str, object], progress: Progress) -> Came:
        """Fetch each URL once, in the order given; ``rules`` are recorded with each.

        It takes turns with other commands from URL to URL: who has the turn clears away what looks left
        behind, and whoever waits to add reports does not wait for all that is fetched.
        """
        browser = drawing.browser() if wanted.image or wanted.pdf else None
        urls = list(dict.fromkeys(url.strip() for url in wanted.urls))
        known = set() if wanted.again else self._known()
        due = [url for url in urls if url not in known]
        for done, url in enumerate(due):
            progress("fetching", done, len(due))
            with alone(self._store):
                self._intake = Intake(self._ledger, self._clock, self._by)  # others wrote meanwhile
                with self._intake:  # what came is stored before the next is asked for
                    page = self._one(url, rules)
                    if page is not None and browser is not None:
                        self._draw(browser, page, wanted)
            self._captures += self._intake.captures
            self._documents += self._intake.documents
            self._refused += self._intake.refused
        progress("fetching", len(due), len(due))
        return Came(
            len(due),
            len(urls) - len(due),
            self._captures,
            self._documents,
            self._drawn,
            tuple(self._refused),
        )

    def poll(self, url: str, rules: dict[str, object]) -> Polled:
        """Ask for the feed at ``url``; keep the answer where an entry, or a flaw, of it is new.

        An entry is the same where title, text, address and day are: an answer that changed elsewhere (most
        tell when they were made) is not kept. Where the last try failed, the whole answer is asked for and
        kept, so that the record tells that the failure is over.
        """
        with alone(self._store):
            self._intake = Intake(self._ledger, self._clock, self._by)
            with self._intake:
                failed = self._poll(url, rules)
        return Polled(self._intake.documents, tuple(self._intake.refused), failed)

    def _poll(self, url: str, rules: dict[str, object]) -> str:
        """The same, within a turn; why no answer came, or nothing."""
        fell = self._intake.stands(url) | self._intake.stands(shown(url))
        with self._draft(".warc") as path:
            try:
                with path.open("wb") as out:
                    got = self._fetcher.fetch(url, out, None if fell else self._validators(url))
            except NotFetched as error:
                self._intake.refuse(shown(url), error)
                return str(error)
            if got.unchanged:
                return ""
            digest, size = evidence.digest_of(path), path.stat().st_size
            capture = Capture(CaptureId(digest), size, WARC, url, self._clock(), self._by)
            try:
                fresh, flaws = self._fresh(capture, path, got)
            except (WasExpunged, NotFetched) as error:
                self._intake.refuse(shown(url), error)
                return str(error)
            if not fresh and {str(flaw) for flaw in flaws} == fell:
                return got.flaw
            evidence.keep(path, self._store, received=capture.received, by=self._by)
        self._intake.receive(capture)
        for document in fresh:
            self._intake.keep(document, url)
        self._intake.settle(capture, flaws)
        facts = {"url": url, "answers": got.answers, "complete": got.complete, **rules}
        facts |= {"validators": plain(got.validators), "new": len(fresh)}
        self._intake.store()
        self._ledger.append(events=[Event("fetched", capture.id, self._by, self._clock(), got.flaw, facts)])
        return got.flaw

    def _fresh(
        self, capture: Capture, path: Path, got: Fetched
    ) -> tuple[list[Document], list[ReportRefused]]:
        """The entries of a feed that it did not have before, each once, and what is to be refused of it."""
        if not got.complete:
            if self._intake.barred.texts:  # nor can it be told what it holds: nothing of it is kept
                raise NotFetched(got.flaw)
            return [], [NotFetched(got.flaw)]
        seen = {_entry(document) for document in self._ledger.documents_from(capture.origin)}
        fresh: list[Document] = []
        flaws: list[ReportRefused] = []
        for result in self._intake.allowed(capture, self._told(capture, path, got)):
            if isinstance(result, ReportRefused):
                flaws.append(result)
            elif isinstance(result, Document) and _entry(result) not in seen:
                seen.add(_entry(result))
                fresh.append(result)
        return fresh, flaws

    def _validators(self, url: str) -> Validators | None:
        """What the server gave with the last answer that was kept, if it came whole."""
        kept = (
            event.facts for event in reversed(self._ledger.events("fetched")) if event.facts["url"] == url
        )
        facts = next(kept, None)
        told = facts and facts["complete"] and facts.get("validators")
        return Validators(**told) if told else None

    def _known(self) -> set[str]:
        """The URLs whose answer came whole, and was a page or file."""
        return {e.facts["url"] for e in self._ledger.events("fetched") if e.facts["complete"]}

    def _one(self, url: str, rules: dict[str, object]) -> Capture | None:
        """Fetch one URL and store what came; the capture, where there is a page in it."""
        with self._draft(".warc") as path:
            try:
                with path.open("wb") as out:
                    got = self._fetcher.fetch(url, out)
            except NotFetched as error:
                self._intake.refuse(shown(url), error)
                return None
            kept = evidence.keep(path, self._store, received=self._clock(), by=self._by)
        capture = replace(kept, origin=url, media_type=WARC)
        stored = evidence.path_of(self._store, capture.id)
        try:
            if not got.complete and self._intake.barred.texts:  # nor can it be told what it holds
                raise NotFetched(got.flaw)
            told = self._intake.allowed(capture, self._told(capture, stored, got) if got.complete else ())
        except (WasExpunged, NotFetched) as error:
            self._intake.refuse(shown(url), error)
            self._intake.clear(self._store)
            return None
        self._intake.receive(capture)
        reasons = list(self._read(capture, got, told))
        self._intake.settle(capture, reasons)
        facts = {"url": url, "answers": got.answers, "complete": got.complete, **rules}
        self._intake.store()
        self._ledger.append(events=[Event("fetched", capture.id, self._by, self._clock(), got.flaw, facts)])
        return capture if got.complete else None

    def _told(self, capture: Capture, path: Path, got: Fetched) -> Iterator[Told]:
        """What can be read of an answer that came whole."""
        return evidence.read(capture, path, stem=urlsplit(got.answers[-1]["url"]).netloc)

    def _read(self, capture: Capture, got: Fetched, told: Iterable[Told]) -> Iterator[ReportRefused]:
        """Store what was read of the capture; what is to be refused of it."""
        if not got.complete:
            yield NotFetched(got.flaw)
            return
        for result in told:
            if isinstance(result, ReportRefused):
                yield result
            elif isinstance(result, PassedOver):
                self._intake.pass_over(capture, result.text)
            else:
                self._intake.keep(result, capture.origin)

    def _draw(self, browser: Path, page: Capture, wanted: Wanted) -> None:
        """Keep the picture and the PDF of a page as captures of their own, and say of which they are."""
        try:
            drawn = drawing.draw(
                evidence.path_of(self._store, page.id), browser, image=wanted.image, pdf=wanted.pdf
            )
        except ReportRefused as error:
            self._intake.refuse(page.origin, error)
            return
        for each in drawn.files:
            with self._draft(each.ending) as path:
                path.write_bytes(each.content)
                kept = evidence.keep(path, self._store, received=self._clock(), by=self._by)
            capture = replace(kept, origin=f"{page.origin} ({each.what}, drawn by {drawn.program})")
            facts = {"of": page.id, "url": page.origin, "program": drawn.program, **each.facts}
            event = Event("drawn", capture.id, self._by, self._clock(), drawing.NOTE, facts)
            self._intake.receive(capture)
            self._ledger.append(events=[event])
            self._drawn += 1

    @contextmanager
    def _draft(self, ending: str) -> Iterator[Path]:
        """A file within the store for as long as this lasts; ``evidence.sweep`` finds one left by a kill."""
        try:
            self._store.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._store, prefix=UNFINISHED, suffix=ending)
            os.close(handle)
            try:
                yield Path(name)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(name)
        except OSError as error:
            raise CaseReadOnly(
                f"what was fetched cannot be written to {self._store} ({error.strerror}); make room there "
                "and in the folder for temporary files, and run the same command again"
            ) from error


def _entry(document: Document) -> tuple[object, ...]:
    """What makes an entry of a feed the same one when it is met again, wherever in the feed it stands."""
    return document.title, document.text, document.url, document.published
