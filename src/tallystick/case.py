"""A case: one folder, and the walk through the rooms.

    case/
      ledger.sqlite   what was received and said, in tables that only grow
      captures/       the reports' bytes, each file named by its SHA-256
      lists/          the case's own lists of places and parties, under their SHA-256
      case.toml       the case's name, and the countries it is about
      manifest.sha256 the SHA-256 of each file but the captures, while nobody writes
      dossier/        worked out of the above; may be deleted and written again

``add`` → ``read`` → ``link`` → ``dossier``: each verb takes what the one before it stored, and
running it twice changes nothing. This is the one boundary where an error of the tree may stop
being an error: what is wrong with one report becomes a custody event, ``refused``, and the others
go on.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Self

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick import (
    __version__,
    checks,
    claims,
    custody,
    dossier,
    evidence,
    expunge,
    findings,
    incidents,
    leaving,
    ledgerfile,
    linking,
    naming,
    readers,
    reviewing,
    signing,
)
from tallystick.custody import Hold
from tallystick.dossier import Only, Redaction
from tallystick.errors import AskedWrongly, CaseDamaged, ReportRefused, TallystickError, WasExpunged
from tallystick.evidence import PassedOver
from tallystick.evidence.checkpoints import Signed
from tallystick.evidence.keys import Signer
from tallystick.expunge import Expunged, ToExpunge, Went, WouldGo
from tallystick.intake import Intake, standing_refusals
from tallystick.leaving import Leaving
from tallystick.ledger import FILE, Clock, Ledger, Reading, now, reading_id
from tallystick.model import (
    TOLLS,
    Account,
    AccountId,
    Capture,
    CaptureId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Judgement,
    Record,
    Review,
    Scope,
    Total,
    accounts,
)
from tallystick.remarks import remarks
from tallystick.settings import Settings, country, settings, writing
from tallystick.turns import alone
from tallystick.values.names import alike, fold
from tallystick.values.places.gazetteer import Gazetteer

if TYPE_CHECKING:
    from tallystick.fetching import Came, Rules, Wanted

_BATCH = 1000
_DECIDED = ("reviewed", "judged", "named")
_LEFT_OUT = ("no longer a pair to compare",)

Progress = Callable[[str, int, int], None]


def quiet(step: str, done: int, total: int) -> None:
    """Shows no progress."""


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
class WasRead:
    """What ``read`` did: documents that were read now, their claims, and those it could not read."""

    documents: int
    claims: int
    refused: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """What ``link`` did: accounts and pairs that were looked at, judgements that were new."""

    accounts: int
    pairs: int
    judgements: int


@dataclass(frozen=True, slots=True)
class Ran:
    """What ``run`` did, step by step, with the record and the dossier that came of it."""

    added: Added
    read: WasRead
    linked: Linked
    record: Record
    index: Path


class Case:
    """One case, opened. Use it in a ``with`` statement, or ``close`` it."""

    def __init__(
        self, folder: Path, settings: Settings, ledger: Ledger, clock: Clock = now, hold: Hold | None = None
    ) -> None:
        self.folder = folder
        self._settings = settings
        self.store = folder / "captures"
        self._lists = ""  # SHA-256 of the lists in which places were looked up
        self._placed: tuple[tuple[int, tuple[str, ...]], tuple[Account, ...]] | None = None
        self._compared = linking.file(folder)
        self._ledger = ledger
        self._hold = hold
        self._clock = clock
        self._by = f"tallystick {__version__}"

    @classmethod
    def make(
        cls,
        folder: Path,
        *,
        reports: Sequence[Path] | None = None,
        countries: Sequence[str] = (),
        clock: Clock = now,
    ) -> Self:
        """The case in ``folder``, opened for writing; made where there is none.

        ``countries``, where given, become those that the case is about.

        With ``reports``, it is first made sure that there are some, so that a mistyped name
        leaves no empty case behind. A folder that holds other things is not made into a case.
        """
        new = not os.path.exists(folder / FILE)
        if new and os.path.isdir(folder):
            with writing(folder):
                others = {each.name for each in folder.iterdir() if not each.name.startswith(FILE)}
            if "captures" not in others and others - {"case.toml"}:
                raise AskedWrongly(
                    f"{folder} is no case, and holds other things ({min(others)}); "
                    "name a new or an empty folder for the case"
                )
        if reports is not None:
            evidence.discover(reports, leave_out=[folder])
        if new:
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            Ledger.create(folder, clock=clock).close()
        file = folder / "case.toml"
        with ExitStack() as undo:
            case = cls._opened(folder, True, clock)
            undo.callback(case.close)
            with alone(folder / "captures"):
                if not file.exists():
                    case._settings.write(file)
                told = settings(folder)
                if countries:
                    told = replace(told, countries=tuple(map(country, countries)))
                    case._settle(told)
            undo.pop_all()
        return case

    @classmethod
    def open(cls, folder: Path, *, write: bool | None = False, clock: Clock = now) -> Self:
        """The case in ``folder``; raises ``NoSuchCase``, ``CaseDamaged`` or ``CaseReadOnly``.

        With ``write`` None it is opened for writing where it can be, and else to be read.
        """
        return cls._opened(folder, ledgerfile.writable(folder) if write is None else write, clock)

    @classmethod
    def _opened(cls, folder: Path, write: bool, clock: Clock) -> Self:
        with ExitStack() as undo:
            ledger = Ledger.open(folder, clock=clock)
            undo.callback(ledger.close)
            told = settings(folder)
            case = cls(folder, told, ledger, clock)
            if write:
                started = ledger.started()
                ledger.close()
                ledgerfile.refuse_read_only(folder)
                with writing(folder):
                    case._hold = hold = Hold(folder)
                    undo.callback(hold.abandon)
                    found = hold.found()
                case._ledger = Ledger.open(folder, write=True, clock=clock)
                undo.callback(case._ledger.close)
                case._begin(hold, custody.event_of(found, started, case._by, clock()))
            undo.pop_all()
        return case

    def _begin(self, hold: Hold, how: Event | None) -> None:
        """What comes first where a case is opened for writing: to record how it was found."""
        if how is not None:
            self._ledger.append(events=[how])
        with writing(self.folder):
            hold.begin()
        if expunge.begun(self.folder):
            expunge.refuse_links(self.folder)  # before ``alone``, which tidies up in there
            with alone(self.store):
                expunge.finish(self.folder, self._ledger)
            self._settings = settings(self.folder)
        custody.settle(self._ledger, self._settings, self._by, self._clock())

    def _settle(self, told: Settings) -> None:
        """Write other settings, and record them."""
        if told != self._settings:
            told.write(self.folder / "case.toml")
            self._settings = told
        custody.settle(self._ledger, told, self._by, self._clock())

    @property
    def name(self) -> str:
        return self._settings.name

    @property
    def countries(self) -> tuple[str, ...]:
        return self._settings.countries

    def close(self) -> None:
        """Close the ledger; who was the last to write in the case leaves its manifest."""
        self._ledger.close()
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --------------------------------------------------------------------------------- evidence

    def add(
        self,
        paths: Sequence[Path],
        *,
        published: date | None = None,
        given: str | None = None,
        again: str = "",
        progress: Progress = quiet,
    ) -> Added:
        """Take in the reports at and under ``paths``; ``published`` dates those that tell no date.

        The path "-" is standard input, ``given`` its media type. Each report is stored on its own: what was
        stored stays, whatever happens to the next. What was expunged is refused, or taken in ``again`` for
        the reason given there.
        """
        found = list(evidence.discover(paths, leave_out=[self.folder]))
        met = count(1)
        with ExitStack() as held:
            held.enter_context(alone(self.store))
            gone = expunge.gone(self._ledger.events())
            back = gone.keys() if again else ()
            files = (path for path in found if isinstance(path, Path))
            keeping = (self._keeping(path, given, gone, again) for path in files)
            kept = held.enter_context(closing(evidence.ahead(keeping)))
            intake = held.enter_context(Intake(self._ledger, self._clock, self._by, back, again))
            for done, item in enumerate(found):
                progress("adding", done, len(found))
                if isinstance(item, ReportRefused):
                    intake.refuse(str(item), item)
                else:
                    self._add(item, next(kept), published, intake, lambda: progress("reports", next(met), 0))
        progress("adding", len(found), len(found))
        refused, passed = tuple(intake.refused), tuple(intake.passed)
        return Added(len(found), intake.captures, intake.documents, refused, passed)

    def _keeping(
        self, path: Path, given: str | None, gone: Mapping[str, Went], again: str
    ) -> Callable[[], Capture]:
        """Keeps the bytes of a file, when it is called, as received now; what is ``gone`` only ``again``."""
        received = self._clock()

        def refuse(met: CaptureId) -> None:
            if met in gone and not again:
                raise WasExpunged(expunge.refusal(gone[met]), met)

        return lambda: evidence.keep(
            path, self.store, received=received, by=self._by, given=given, refuse=refuse
        )

    def _add(
        self,
        path: Path,
        kept: Callable[[], Capture],
        published: date | None,
        intake: Intake,
        goes_on: Callable[[], None],
    ) -> None:
        """Take in one file; ``goes_on`` is called for each thing in it, for a file may hold thousands."""
        origin = evidence.origin_of(path)
        try:
            capture = kept()
        except WasExpunged as error:
            intake.refuse(error.capture, error)  # its name may be what had to go
            return
        except ReportRefused as error:
            intake.refuse(origin, error)
            return
        intake.receive(capture)
        reasons: list[ReportRefused] = []
        for result in self._documents(path, capture, published):
            goes_on()
            if isinstance(result, ReportRefused):
                reasons.append(result)
            elif isinstance(result, PassedOver):
                intake.pass_over(capture, result.text)
            else:
                intake.keep(result, origin)
        intake.settle(capture, reasons)

    def _documents(
        self, path: Path, capture: Capture, published: date | None
    ) -> Iterator[Document | ReportRefused | PassedOver]:
        """What the capture holds; a refusal of the whole is given like that of one of its records."""
        stored, stem = evidence.path_of(self.store, capture.id), PurePath(capture.origin).stem
        try:
            beside = evidence.sidecar(path)
            yield from evidence.read(capture, stored, stem=stem, sidecar=beside, published=published)
        except ReportRefused as error:
            yield error

    def fetch(self, wanted: Wanted, rules: Rules, *, progress: Progress = quiet) -> Came:
        """Fetch pages and files from the network into the case, as WARC files.

        The one verb that opens a connection: what can is imported here, and nowhere else.
        """
        from tallystick import fetching

        fetcher = fetching.Fetcher(rules, self._clock)
        walk = fetching.Fetching(self.store, self._ledger, fetcher, self._clock, self._by)
        return walk.fetch(wanted, rules.told, progress)

    # ----------------------------------------------------------------------------------- claims

    def read(self, *, jobs: int = readers.JOBS, progress: Progress = quiet) -> WasRead:
        """Read the claims of every document whose standing reading is not of today's reader.

        Each document's claims are stored on their own, in the order of the documents, however many
        processes read. An error of the tree is a fact about that document and is recorded. Any
        other exception is a fault of the program, not of the report: it must not pass for a
        refusal, nor keep the other documents from being read. So the others are read and stored,
        and then it is raised, with the name of the document added to it.
        """
        with alone(self.store):
            return self._read(jobs, progress)

    def _read(self, jobs: int, progress: Progress) -> WasRead:
        stand = self._ledger.readings()
        due = [
            document
            for document in self._ledger.documents()
            if stand.get(document.id) != reading_id(document, claims.MAKER)
        ]
        found, faults = 0, []
        with Intake(self._ledger, self._clock, self._by) as intake:
            for done, (document, said) in enumerate(readers.read(due, jobs)):
                progress("reading", done, len(due))
                if isinstance(said, tuple):
                    reading = Reading(document, claims.MAKER, said, self._by, self._clock())
                    found += self._ledger.append(readings=[reading]).claims
                elif isinstance(said, TallystickError):
                    intake.refuse(document.id, said)
                else:
                    said.add_note(f"while reading {document.name} ({document.id}) of {self.folder}")
                    faults.append(said)
        progress("reading", len(due), len(due))
        if faults:
            raise faults[0]
        return WasRead(len(due) - len(intake.refused), found, tuple(intake.refused))

    # ------------------------------------------------------------------------------------ names

    def add_list(self, path: Path, *, progress: Progress = quiet) -> naming.Taken:
        """Take a list of places into the case: from now on it counts for every report.

        One that counts already changes nothing. Its bytes are kept; the rows that cannot be right are
        refused by name, the others taken. A case's own list (CSV) wins over every other.
        """
        with alone(self.store):
            standing = self.lists()
            names = {event.facts["name"]: event.item for event in standing}
            taken = naming.take(path, self.folder, progress, names)
            if taken.digest not in names.values():
                self._ledger.append(events=[naming.listed(taken, self._by, self._clock())])
        return taken

    def drop_list(self, name: str) -> None:
        """From now on the list of that name does not count; what was taken in stays in the folder."""
        for event in naming.standing_lists(self._ledger.events()):
            if name in (event.facts["name"], event.item):
                facts = {**event.facts, "counts": False}
                self._ledger.append(
                    events=[Event("listed", event.item, self._by, self._clock(), facts=facts)]
                )
                return
        raise AskedWrongly(
            f"no list {name!r} counts in this case; 'tallystick lists {self.folder}' names those that do"
        )

    def lists(self) -> tuple[Event, ...]:
        """The custody events of the lists that count, in the order in which they were taken in."""
        return naming.standing_lists(self._ledger.events())

    def report_names(self) -> dict[DocumentId, str]:
        """The reports' own ids, by document."""
        return {document.id: document.name for document in self._ledger.documents()}

    def places(self, *, progress: Progress = quiet) -> tuple[Account, ...]:
        """The accounts that tell a place, each with what was found of it and why."""
        return tuple(account for account in self._accounts(progress) if account.found is not None)

    def parties(self, *, progress: Progress = quiet) -> tuple[Account, ...]:
        """The accounts that name a party or a speaker, each with whom its names mean and why."""
        return tuple(account for account in self._accounts(progress) if account.parties)

    def name_means(self, sort: naming.Sort, name: str, means: str | None, *, by: str, note: str = "") -> None:
        """A person's decision on what ``name`` means, for every report from now on; ``None`` takes it back.

        ``means`` is the id of a place in the lists or another name of it in the reports, or the usual
        name of a party. Raises
        ``AskedWrongly`` where no list has that place, or no name of the person is given.
        """
        if not by.strip():
            raise AskedWrongly("say who decides: --by NAME")
        if means is not None and not means.strip():
            raise AskedWrongly("say what the name means; to take a decision back, use --undo")
        if sort == "place" and means is not None:
            means = self._place_id(name, means)
        self._ledger.append(events=[naming.decision(sort, name, means, note, by, self._clock())])

    def _place_id(self, name: str, means: str) -> str:
        """The id of the place ``means``: itself, or that of a place which a report of the case calls so."""
        with self._gazetteer() as lists:
            if lists.get(means) is not None:
                return means
        codes = {
            account.found.place.code
            for account in self.places()
            if account.found and account.found.place.code and fold(account.found.place.name) == fold(means)
        }
        if len(codes) == 1:
            return codes.pop() or means
        raise AskedWrongly(
            f"no list has a place {means!r}, and no report names one by it that was found; "
            f"'tallystick places {self.folder} --name {name!r}' lists the ids of those that it may be"
        )

    @contextmanager
    def _gazetteer(self, progress: Progress = quiet) -> Iterator[Gazetteer]:
        lists = naming.opened(self.folder, self._ledger.events(), progress)
        try:
            yield lists
        except sqlite3.DatabaseError as error:
            raise CaseDamaged(
                f"an index of a list in {naming.cache()} is damaged ({error}); "
                "delete that folder and ask again"
            ) from error
        finally:
            lists.close()

    # -------------------------------------------------------------------------------- decisions

    def decisions(self) -> dict[ClaimId, reviewing.Settled]:
        """What people decided of claims, as it stands."""
        rule = self._settings
        return reviewing.settled(self._ledger.reviews(), twice=rule.second_check, seniors=rule.seniors)

    def review(self, review: Review) -> None:
        """Store what a person says of a claim. It counts from now on, also for links once made anew.

        Raises ``AskedWrongly`` where nobody is named, the claim is not one of the case, or the words of a
        correction are not those of its report.
        """
        if not review.by.strip():
            raise AskedWrongly("say who decides: --by NAME")
        known = {claim.id for claim in self._stand()} | {claim.id for claim in self._ledger.claims()}
        if review.claim not in known and review.verdict != "added":
            raise AskedWrongly(f"no claim {review.claim!r} is in {self.folder}; was it read anew meanwhile?")
        if review.correction is not None:
            spans = (review.correction.span, review.correction.telling)
            for span in filter(None, spans):
                document = self._ledger.document(span.document)
                if document is None:
                    raise AskedWrongly(f"no report {span.document!r} is in {self.folder}")
                span.check(document.text)
        before = [each for each in self._ledger.reviews() if each.claim == review.claim]
        if before and before[-1] == review:
            return  # said already, and nothing since
        facts = {"verdict": review.verdict}
        event = Event("reviewed", review.claim, review.by, self._clock(), review.note, facts)
        self._ledger.append(reviews=[review], events=[event])

    def decide(
        self,
        claim: ClaimId,
        verdict: str,
        by: str,
        note: str = "",
        *,
        changes: Mapping[str, Any] | None = None,
        words: str = "",
    ) -> reviewing.Settled:
        """Store what ``by`` says of ``claim``, and what stands of it then.

        A correction names what it changes (``reviewing.corrected``), or the exact ``words`` of the report
        that it rests on: those nearest to the claim's are taken.
        """
        if verdict not in ("upheld", "rejected", "corrected", "reopened"):
            raise AskedWrongly(f"{verdict!r} is neither upheld, rejected, corrected nor reopened")
        correction = None
        if verdict == "corrected":
            known = {each.id: each for each in (*self._ledger.claims(), *self._stand())}
            if claim not in known:
                raise AskedWrongly(f"no claim {claim!r} is in {self.folder}; was it read anew meanwhile?")
            document = self._ledger.document(known[claim].span.document)
            assert document is not None, "the ledger holds the document of each of its claims"
            chosen = reviewing.chosen(document, words, known[claim].span) if words else None
            correction = reviewing.corrected(known[claim], document, by, words=chosen, changes=changes)
        elif changes or words:
            raise AskedWrongly(f"what is {verdict} is not changed; to change it, say corrected")
        self.review(Review(claim, verdict, by, note, correction))  # type: ignore[arg-type]
        return self.decisions().get(claim, reviewing.Settled("open"))

    def history(self) -> tuple[Event, ...]:
        """What people decided of claims, accounts and names, in the order in which they did."""
        return tuple(event for event in self._ledger.events() if event.what in _DECIDED)

    def judge(self, judgement: Judgement) -> None:
        """Store a person's judgement on two accounts: it wins over every program's.

        Raises ``AskedWrongly`` where nobody is named or one of the two is no account of the case.
        """
        if not judgement.by_person or not judgement.maker.name.strip():
            raise AskedWrongly("say who judges: --by NAME")
        known = {account.id for account in self._accounts()}
        for name in (judgement.left, judgement.right):
            if name not in known:
                raise AskedWrongly(f"no account {name!r} is in {self.folder}; was it read anew meanwhile?")
        if judgement in self._ledger.judgements("person"):
            return  # said already, and nothing since
        note, by = "; ".join(judgement.reasons), judgement.maker.name
        pair = f"{judgement.left} {judgement.right}"
        event = Event("judged", pair, by, self._clock(), note, {"verdict": judgement.verdict})
        self._ledger.append(judgements=[judgement], events=[event])

    # -------------------------------------------------------------------------------- incidents

    def link(self, *, progress: Progress = quiet) -> Linked:
        """Compare the accounts that may tell of the same event, and store what is judged of each pair.

        Only the pairs of documents that changed since they were last compared are compared again (see
        ``linking``); those that come out plainly different are not stored. A pair that was judged before but
        would not be compared any more (a date became known, say) is judged unsure from then on: a judgement
        is outdone by a later one, never withdrawn.
        """
        # A folder for temporary files is where the pairs lie that are compared.
        with alone(self.store), writing(Path(tempfile.gettempdir())):
            return self._link(progress)

    def _link(self, progress: Progress) -> Linked:
        told = self._accounts(progress)
        stand = {(each.left, each.right): each for each in self._ledger.judgements("program")}
        marks = linking.marks(told)
        before = self._ledger.events()
        changed = linking.changed(marks, self._compared, before)
        known = linking.linkings(before)
        proposed: set[tuple[AccountId, AccountId]] = set()
        fresh: list[Judgement] = []
        looked_at = new = 0

        def shows(done: int, of: int) -> None:
            progress("linking", done, of)

        for part in incidents.pairs(told, changed, progress=shows):
            looked_at += part.candidates
            for pair in part.near:
                proposed.add((pair.left.id, pair.right.id))
                judgement = pair.judgement
                if stand.get((judgement.left, judgement.right)) != judgement:
                    fresh.append(judgement)
            while len(fresh) >= _BATCH:
                new += self._judge(fresh[:_BATCH])
                known += 1
                del fresh[:_BATCH]
        document = {account.id: account.document for account in told}
        for left, right in sorted(stand.keys() - proposed):
            both = {document.get(left), document.get(right)}
            left_out = Judgement(left, right, "unsure", incidents.MAKER, None, _LEFT_OUT)
            if None not in both and not changed.isdisjoint(both) and stand[left, right] != left_out:
                fresh.append(left_out)
        new += self._judge(fresh)
        linking.remember(marks, self._compared, self._ledger.events(), known + bool(fresh))
        return Linked(len(told), looked_at, new)

    def _judge(self, judgements: list[Judgement]) -> int:
        """Store these with the custody event that tells of them."""
        if not judgements:
            return 0
        facts = {"judgements": len(judgements), "version": incidents.MAKER.version, "places": self._lists}
        event = Event("linked", incidents.MAKER.name, self._by, self._clock(), facts=facts)
        return self._ledger.append(judgements=judgements, events=[event]).judgements

    def _accounts(self, progress: Progress = quiet) -> tuple[Account, ...]:
        return self._found(self._stand(), self._ledger.documents(), progress)

    def _stand(self) -> tuple[Claim, ...]:
        """The claims as they stand by what people decided of them."""
        said, decided = self._ledger.claims(), self.decisions()
        unread = decided.keys() - {claim.id for claim in said}
        return reviewing.applied(said, decided, self._ledger.claims_named(unread))

    def _found(
        self, said: Sequence[Claim], documents: Sequence[Document], progress: Progress = quiet
    ) -> tuple[Account, ...]:
        """The accounts that claims make, their places and parties looked up in the lists of the case."""
        events = self._ledger.events()
        # Of what only grows the length says whether anything came since; linking adds nothing to accounts.
        reviews = len(self._ledger.reviews())
        state = sum(event.what != "linked" for event in events) + reviews, self.countries
        if self._placed is not None and self._placed[0] == state:
            return self._placed[1]
        told = _gathered(said, documents, self.folder)
        there = {document.id: document for document in documents}
        with self._gazetteer(progress) as lists:
            told = naming.located(told, there, lists, self.countries, naming.decided(events, "place"))
            self._lists = lists.sha256
        register = naming.register(self.folder, events)
        told = naming.known(told, there, register, self.countries, naming.decided(events, "party"))
        self._placed = state, told
        return told

    # ------------------------------------------------------------------------------- expunging

    def would_expunge(self, asked: ToExpunge) -> WouldGo:
        """What ``expunge`` would take out; changes nothing."""
        return expunge.plan(asked, self.folder, self._ledger.rows())

    def expunge(self, asked: ToExpunge) -> Expunged:
        """Take reports or a name out of the case, for safety or law (``tallystick.expunge``)."""
        with alone(self.store):
            done = expunge.carry_out(asked, self.folder, self._ledger, self._clock)
        self._settings, self._placed = settings(self.folder), None
        custody.settle(self._ledger, self._settings, self._by, self._clock())
        return done

    # --------------------------------------------------------------------- findings and dossier

    def record(self, *, without: Collection[DocumentId] = ()) -> Record:
        """All that the case holds and all that follows from it: a pure function of what is stored.

        ``without`` names reports that it is worked out without, as if they had never come.
        """
        every, stand = self._ledger.documents(), self._stand()
        documents = tuple(each for each in every if each.id not in without)
        order = {document.id: place for place, document in enumerate(documents)}
        said = tuple(claim for claim in stand if claim.span.document not in without)
        # What a report's names mean hangs on that report alone.
        told = tuple(each for each in self._found(stand, every) if each.document not in without)
        names = {account.id for account in told}
        judged = tuple(each for each in self._ledger.judgements() if {each.left, each.right} <= names)
        copies = findings.copies(documents)
        texts = {document.id: document for document in documents}
        found = incidents.resolve(told, judged)
        weighed = tuple(findings.find(incident, copies, texts) for incident in found)
        refused = standing_refusals(self._ledger.events())
        captures = self._ledger.captures()
        if without:
            held = {document.capture for document in documents}
            captures = tuple(capture for capture in captures if capture.id in held)
        repeated = findings.patterns(weighed)
        return Record(
            name=self.name,
            captures=captures,
            documents=documents,
            claims=tuple(sorted(said, key=lambda claim: order[claim.span.document])),
            accounts=told,
            judgements=judged,
            weighed=weighed,
            refusals=tuple(event for about in refused.values() for event in about.values()),
            remarks=tuple(remarks(documents, captures)),
            lines=findings.lines(told, documents, copies),
            totals=findings.totals(weighed, told, judged),
            patterns=repeated,
            alleged=findings.alleged(weighed, repeated.struck),
        )

    def total(self, scope: Scope) -> tuple[Record, tuple[Total, ...]]:
        """The record, and how many its reports tell killed, wounded and so on within ``scope``.

        Each toll that is told of any incident there, or of one that could not be placed there. Raises
        ``AskedWrongly`` where no report tells of such a place or accuses such a party: 0 would say more.
        """
        record = self.record()
        told = [account for account in record.accounts if not account.is_matter]
        places = [account.telling.place for account in told if account.telling.place]
        if scope.place is not None and scope.place not in {place.code for place in places}:
            names = {n for p in places for n in (p.name, *p.within, p.admin1, p.country) if n}
            _told_of(scope.place, names, "no report of the case tells of harm at a place called", "places")
        if scope.party is not None:
            names = {role.party.name for account in told for _, role in account.accused()}
            _told_of(scope.party, names, "no incident of the case has an accused called", "parties")
        tallied = findings.Tallied(record.weighed, record.accounts, record.judgements)
        found = [tallied.total(scope, toll) for toll in TOLLS]
        return record, tuple(each for each in found if each.parts or each.left_out or each.compared)

    def doubts(self) -> tuple[tuple[Document, Claim], ...]:
        """The claims that their reader was unsure of and no person has looked at, the least sure first."""
        documents = {document.id: document for document in self._ledger.documents()}
        decided = self.decisions()
        queue = [c for c in self._stand() if c.doubtful and c.id not in decided]
        queue.sort(key=lambda claim: (claim.confidence, claim.span, claim.id))
        return tuple((documents[claim.span.document], claim) for claim in queue)

    def departing(self, asked: Leaving | None = None) -> tuple[Record, dossier.Redacted | None]:
        """The record as it may leave the house, and for the house alone what was taken out of it."""
        asked = asked or Leaving()
        gone = leaving.withheld(self._ledger.documents(), asked)
        record = self.record(without={document.id for document in gone})
        past = leaving.Past.of(self._ledger, self._settings, self.decisions())
        return leaving.departing(record, past, asked, gone)

    def dossier(
        self,
        folder: Path | None = None,
        *,
        scope: Only | None = None,
        rules: Redaction | None = None,
        with_names: bool = False,
        pdf: bool = False,
    ) -> Path:
        """Write the dossier into ``folder``, or into the case; the page to open.

        ``scope`` is the part of the case that it is of, ``rules`` what is taken out of it; either leaves the
        house, and needs a ``folder`` elsewhere. ``with_names`` names the people who decided, ``pdf`` adds
        ``dossier.pdf``. Raises ``WouldLeak`` where a file would hold what was to go; then nothing is written.
        """
        return self._shown(Leaving(scope or Only(), rules, with_names), folder, pdf=pdf)

    def _shown(self, asked: Leaving, folder: Path | None = None, *, pdf: bool = False) -> Path:
        if folder is None and not asked.plain:
            raise AskedWrongly(
                "a part of the case, or one with words taken out, leaves it: name a folder for it"
            )
        custody.refuse_place(self.folder, folder, self._hold is not None)
        record, redacted = self.departing(asked)
        with nullcontext() if folder else alone(self.store):
            index = dossier.write(record, folder or self.folder / "dossier", redacted=redacted, pdf=pdf)
            self._exported("dossier", index.parent, record)
        return index

    def export(self, folder: Path, asked: Leaving | None = None) -> Record:
        """Write the record as JSON lines into ``folder``; raises as ``dossier`` does."""
        custody.refuse_place(self.folder, folder, self._hold is not None)
        record, redacted = self.departing(asked)
        dossier.export(record, folder, redacted)
        self._exported("export", folder, record)
        return record

    def _exported(self, what: str, folder: Path, record: Record) -> None:
        """Record what was written, and what was taken out; a case that is open to be read records nothing."""
        if self._hold is not None:
            within = folder == self.folder / "dossier"
            told = leaving.facts(record)
            custody.record_export(self._ledger, what, folder, within, self._by, self._clock(), told)

    def run(
        self,
        paths: Sequence[Path],
        *,
        published: date | None = None,
        given: str | None = None,
        jobs: int = readers.JOBS,
        progress: Progress = quiet,
    ) -> Ran:
        """All steps, from reports to dossier; the arguments are those of ``add`` and ``read``."""
        added = self.add(paths, published=published, given=given, progress=progress)
        was_read = self.read(jobs=jobs, progress=progress)
        linked = self.link(progress=progress)
        index = self._shown(Leaving())
        return Ran(added, was_read, linked, self.record(), index)

    # ---------------------------------------------------------------------------------- signing

    def checkpoint(self, signer: Signer, stamper: signing.Stamper | None = None) -> tuple[Signed, bool]:
        """Sign how far the custody record has come, and over which captures; whether that is new.

        Raises ``CaseDamaged`` where a check does not hold: nobody signs what does not hold by itself.
        """
        self._refuse_flawed()
        return signing.checkpoint(self.folder, self._ledger, signer, self._clock, stamper)

    def prove(self, report: str) -> bytes:
        """The proof that a report, by its SHA-256 or its file, belongs to a signed checkpoint."""
        return signing.prove(self.folder, self._ledger, report)

    def seal(self, out: Path, signer: Signer) -> signing.Sealed:
        """Write the whole case into one signed file, for somebody who has not this program.

        Raises as ``checkpoint`` does.
        """
        self._refuse_flawed()
        return signing.seal(self.folder, self.name, self._ledger, signer, self._clock, out, self._into)

    def _refuse_flawed(self) -> None:
        for problem in self.verify().problems:
            raise CaseDamaged(
                f"{problem}; nothing is signed: 'tallystick verify' tells all that does not hold"
            )

    def _into(self, folder: Path) -> None:
        dossier.export(self.record(), folder)

    def verify(self) -> checks.Verified:
        """Carry the numbered checks through; reads everything, and changes nothing."""
        return checks.look(checks.Held(self.folder, self._ledger))


verify = checks.verify  # of a case that need not be sound enough to be opened


def _told_of(asked: str, names: Collection[str], nobody: str, verb: str) -> None:
    """Raises ``AskedWrongly`` where none of ``names`` is like what was asked for, with the nearest."""
    if any(alike(asked, name) for name in names):
        return
    near = process.extractOne(asked, sorted(names), scorer=ratio, processor=str.lower, score_cutoff=60)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    raise AskedWrongly(f"{nobody} {asked!r}{meant} ('tallystick {verb} CASE' lists those that are told)")


def _gathered(said: Sequence[Claim], documents: Sequence[Document], folder: Path) -> tuple[Account, ...]:
    there = {document.id: document for document in documents}
    for claim in said:
        if claim.span.document not in there:
            raise CaseDamaged(
                f"claim {claim.id} is of {claim.span.document}, which the ledger of {folder} does not hold; "
                f"'tallystick verify {folder}' lists all that is wrong"
            )
    return accounts(said, there)
