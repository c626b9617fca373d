"""A case: one folder, and the walk through the rooms.

    case/
      ledger.sqlite   what was received and said, in tables that only grow; or the same on a server
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
import tempfile
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tallystick import (
    __version__,
    casework,
    checks,
    custody,
    dossier,
    evidence,
    exchange,
    expunge,
    findings,
    incidents,
    intake,
    leaving,
    ledgerplace,
    linking,
    naming,
    readers,
    reviewing,
    signing,
    weighing,
)
from tallystick.changes import Changes, Mark, changes
from tallystick.custody import Hold
from tallystick.dossier import Only, Redaction, facts
from tallystick.errors import AskedWrongly, CaseDamaged, CaseReadOnly, ReportRefused
from tallystick.evidence.checkpoints import Signed
from tallystick.evidence.keys import Signer
from tallystick.exchange.columns import TABLES
from tallystick.exchange.tables import table
from tallystick.expunge import Expunged, ToExpunge, WouldGo
from tallystick.intake import REFUSING, Added, Intake, standing_refusals
from tallystick.leaving import Leaving
from tallystick.ledger import FILE, Clock, Ledger, now
from tallystick.linking import Linked
from tallystick.model import (
    Account,
    AccountId,
    Claim,
    ClaimId,
    Document,
    DocumentId,
    Event,
    Finding,
    Judgement,
    Record,
    Review,
    Scope,
    Total,
    Weighed,
)
from tallystick.readers import WasRead
from tallystick.remarks import remarks
from tallystick.runner import Pool, Runner
from tallystick.settings import Settings, country, settings, writing
from tallystick.standing import Standing
from tallystick.turns import alone

if TYPE_CHECKING:
    import pyarrow as pa

    from tallystick.fetching import Came, Fetcher, Polled, Rules, Wanted

_DECIDED = ("reviewed", "judged", "named", *casework.KINDS)

Progress = Callable[[str, int, int], None]
Where = str | os.PathLike[str]


def quiet(step: str, done: int, total: int) -> None:
    """Shows no progress."""


def _paths(told: Where | Sequence[Where]) -> list[Path]:
    """One path or several, as people write them, as paths."""
    many = [told] if isinstance(told, str | os.PathLike) else told
    return [Path(each) for each in many]


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
        self._compared = linking.file(folder)
        self._ledger = ledger
        self._standing = Standing(folder, ledger, lambda: self._settings)
        self._hold = hold
        self.unmet: tuple[str, ...] = ()  # what the last redaction was to take out, and found nowhere
        self._clock = clock
        self._by = f"tallystick {__version__}"
        self.runner: Runner | None = None  # what carries the work, where it is not this machine alone
        self._kept: tuple[object, Record] | None = None

    def __repr__(self) -> str:
        return f"<Case {self.name!r}, {'writable' if self.writable else 'read-only'}>"

    @classmethod
    def make(
        cls,
        folder: Where,
        *,
        reports: Where | Sequence[Where] | None = None,
        countries: Sequence[str] = (),
        clock: Clock = now,
    ) -> Self:
        """The case in ``folder``, opened for writing; made where there is none.

        ``countries``, where given, become those that the case is about.

        With ``reports``, it is first made sure that there are some, so that a mistyped name
        leaves no empty case behind. A folder that holds other things is not made into a case.
        """
        folder = Path(folder)
        new = not ledgerplace.of(folder).exists()
        if new and os.path.isdir(folder):
            with writing(folder):
                others = {each.name for each in folder.iterdir() if not each.name.startswith(FILE)}
            if "captures" not in others and others - {"case.toml"}:
                raise AskedWrongly(
                    f"{folder} is no case, and holds other things ({min(others)}); "
                    "name a new or an empty folder for the case"
                )
        if reports is not None:
            evidence.discover(_paths(reports), leave_out=[folder])
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
    def open(cls, folder: Where, *, write: bool | None = False, clock: Clock = now) -> Self:
        """The case in ``folder``; raises ``NoSuchCase``, ``CaseDamaged`` or ``CaseReadOnly``.

        With ``write`` None it is opened for writing where it can be, and else to be read.
        """
        folder = Path(folder)
        return cls._opened(folder, ledgerplace.of(folder).writable() if write is None else write, clock)

    @classmethod
    def _opened(cls, folder: Path, write: bool, clock: Clock) -> Self:
        with ExitStack() as undo:
            ledger = Ledger.open(folder, clock=clock)
            undo.callback(ledger.close)
            told = settings(folder)
            if not write:
                case = cls(folder, told, ledger, clock)
            else:
                started = ledger.started()
                ledger.close()
                ledger.place.refuse_read_only()
                with writing(folder):
                    hold = Hold(folder)
                    undo.callback(hold.abandon)
                    found = hold.found()
                ledger = Ledger.open(folder, write=True, clock=clock)
                undo.callback(ledger.close)
                case = cls(folder, told, ledger, clock, hold)
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
        if custody.settled(self._ledger) != self._settings.facts():
            with alone(self.store):  # two who open it at once record it once
                custody.settle(self._ledger, self._settings, self._by, self._clock())

    def _settle(self, told: Settings, by: str = "") -> None:
        """Write other settings, and record them; as the deed of ``by`` where that is a person's."""
        if told != self._settings:
            told.write(self.folder / "case.toml")
            self._settings = told
        custody.settle(self._ledger, told, by or self._by, self._clock(), by)

    def reload(self) -> None:
        """Read the settings again: another program may have written them."""
        self._settings = settings(self.folder)

    @property
    def writable(self) -> bool:
        """Whether the case is open for writing."""
        return self._hold is not None

    def seniors(self, names: Collection[str], *, by: str) -> None:
        """Those whose word settles what others disagree on become ``names``, as ``by`` decides.

        They are written into ``case.toml`` and recorded, for what stands must follow from the case alone.
        Raises ``AskedWrongly`` where nobody decides, or a name is blank.
        """
        if not by.strip() or not all(name.strip() for name in names):
            raise AskedWrongly("say who decides, and name each senior")
        if not self.writable:
            raise CaseReadOnly(f"{self.folder} is open to be read; open it for writing to change settings")
        with alone(self.store):
            self._settle(replace(settings(self.folder), seniors=tuple(sorted(set(names)))), by)

    @property
    def began(self) -> str:
        """When the record began, to the millisecond: what tells this case from others of its name."""
        first = self._ledger.events("settled")[:1]
        return first[0].at if first else ""

    @property
    def ledger(self) -> Ledger:
        """The tables of the case."""
        return self._ledger

    @property
    def settings(self) -> Settings:
        """What ``case.toml`` says."""
        return self._settings

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
        paths: Where | Sequence[Where],
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
        found = list(evidence.discover(_paths(paths), leave_out=[self.folder]))
        return self.take(found, published=published, given=given, again=again, progress=progress)

    def take(
        self,
        found: Sequence[Path | ReportRefused],
        *,
        published: date | None = None,
        given: str | None = None,
        again: str = "",
        progress: Progress = quiet,
    ) -> Added:
        """Take in files that ``evidence.discover`` found, and record what it could not give; as ``add``."""
        with alone(self.store):
            into = Intake(self._ledger, self._clock, self._by, again)
            files = intake.Files(self.store, published, given, into.barred.captures)
            return intake.walk(found, into, files, self._clock, self._by, progress, self.runner)

    def feed(self, url: str, fetcher: Fetcher, rules: Rules) -> Polled:
        """Ask for the feed at ``url``, and take in the entries that it did not have before.

        An answer that brings nothing new is not kept, and where the server can tell that nothing changed it
        is asked for no answer at all: so one may ask again and again. ``fetcher`` remembers how often whom it
        asked.
        """
        from tallystick import fetching

        walk = fetching.Fetching(self.store, self._ledger, fetcher, self._clock, self._by)
        return walk.poll(url, rules.told)

    def fetch(self, wanted: Wanted, rules: Rules, *, progress: Progress = quiet) -> Came:
        """Fetch pages and files from the network into the case, as WARC files.

        What asks the network is imported here: only this, ``feed`` and ``checkpoint``, where a time stamp is
        asked for, open a connection.
        """
        from tallystick import fetching

        fetcher = fetching.Fetcher(rules, self._clock)
        walk = fetching.Fetching(self.store, self._ledger, fetcher, self._clock, self._by)
        return walk.fetch(wanted, rules.told, progress)

    # ----------------------------------------------------------------------------------- claims

    def read(
        self, *, jobs: int = readers.JOBS, progress: Progress = quiet, leave: set[str] | None = None
    ) -> WasRead:
        """Read the claims of every document whose standing reading is not of today's reader.

        Each document's claims are stored on their own, in the order of the documents, however many
        processes read. An error of the tree is a fact about that document and is recorded. Any
        other exception is a fault of the program, not of the report: it must not pass for a
        refusal, nor keep the other documents from being read. So the others are read and stored,
        and then it is raised, with the name of the document added to it. ``leave`` are readings that are not
        tried again (``readers.walk``).
        """
        with alone(self.store):
            runner = self.runner or Pool(jobs)
            return readers.walk(self._ledger, runner, self._clock, self._by, progress, leave)

    # ------------------------------------------------------------------------------------ names

    def add_list(self, path: Where, *, progress: Progress = quiet) -> naming.Taken:
        """Take a list of places into the case: from now on it counts for every report.

        One that counts already changes nothing. Its bytes are kept; the rows that cannot be right are
        refused by name, the others taken. A case's own list (CSV) wins over every other.
        """
        with alone(self.store):
            standing = self.lists()
            names = {event.facts["name"]: event.item for event in standing}
            taken = naming.take(Path(path), self.folder, progress, names)
            if taken.digest not in names.values():
                self._ledger.append(events=[naming.listed(taken, self._by, self._clock())])
        return taken

    def drop_list(self, name: str) -> None:
        """From now on the list of that name does not count; what was taken in stays in the folder."""
        self._ledger.append(events=[naming.dropped(self.folder, self.lists(), name, self._by, self._clock())])

    def lists(self) -> tuple[Event, ...]:
        """The custody events of the lists that count, in the order in which they were taken in."""
        return naming.standing_lists(self._ledger.events("listed"))

    def report_names(self) -> dict[DocumentId, str]:
        """The reports' own ids, by document."""
        return {document.id: document.name for document in self._ledger.documents()}

    def places(self, *, progress: Progress = quiet) -> tuple[Account, ...]:
        """The accounts that tell a place, each with what was found of it and why."""
        return tuple(account for account in self._standing.accounts(progress) if account.found is not None)

    def parties(self, *, progress: Progress = quiet) -> tuple[Account, ...]:
        """The accounts that name a party or a speaker, each with whom its names mean and why."""
        return tuple(account for account in self._standing.accounts(progress) if account.parties)

    def name_means(
        self, sort: naming.Sort, name: str, means: str | None, *, by: str, note: str = "", who: str = ""
    ) -> None:
        """A person's decision on what ``name`` means, for every report from now on; ``None`` takes it back.

        ``means`` is the id of a place in the lists or another name of it in the reports, or the usual
        name of a party; ``who`` sits at the keyboard, where that is known better than to the process.
        Raises ``AskedWrongly`` where no list has that place, or no name of the person is given.
        """
        if not by.strip():
            raise AskedWrongly("say who decides: --by NAME")
        if means is not None and not means.strip():
            raise AskedWrongly("say what the name means; to take a decision back, use --undo")
        if sort == "place" and means is not None:
            means = self._standing.place_id(name, means)
        self._ledger.append(events=[naming.decision(sort, name, means, note, by, self._clock(), who)])

    # -------------------------------------------------------------------------------- decisions

    def decisions(self) -> dict[ClaimId, reviewing.Settled]:
        """What people decided of claims, as it stands."""
        return self._standing.decisions()

    def review(self, review: Review, *, who: str = "", known: Container[ClaimId] | None = None) -> None:
        """Store what a person says of a claim. It counts from now on, also for links once made anew.

        ``who`` sits at the keyboard, where that is known better than to the process; ``known`` as for
        ``decide``. Raises ``AskedWrongly`` where nobody is named, the claim is not one of the case, or the
        words of a correction are not those of its report.
        """
        known = self._standing.known() if known is None else known
        reviewing.store_review(self._ledger, review, known, self._clock(), who)

    def decide(
        self,
        claim: ClaimId,
        verdict: str,
        by: str,
        note: str = "",
        *,
        changes: Mapping[str, Any] | None = None,
        words: str | tuple[int, int] = "",
        account: str = "",
        who: str = "",
        known: Mapping[ClaimId, Claim] | None = None,
    ) -> reviewing.Settled:
        """Store what ``by`` says of ``claim``, and what stands of it then.

        A correction names what it changes (``reviewing.corrected``), the exact ``words`` of the report that
        it rests on (those nearest to the claim's are taken), or the id of the ``account`` that it belongs to.
        ``who`` as for ``review``; ``known`` are the claims that may be decided on, where somebody has them to
        hand (all of the case, unless told).
        """
        known = self._standing.known() if known is None else known
        told = changes or {}
        review = reviewing.review_of(self._ledger, known, claim, verdict, by, note, told, words, account)
        reviewing.store_review(self._ledger, review, known, self._clock(), who)
        return self._standing.decided(claim)

    def history(self) -> tuple[Event, ...]:
        """What people decided of claims, accounts and names, in the order in which they did."""
        return self._ledger.events(*_DECIDED)

    def agreement(self) -> tuple[int, int]:
        """How many claims two people or more looked at, and on how many of those they say the same."""
        return reviewing.agreement(self.decisions().values())

    def judge(self, *judgements: Judgement, who: str = "", known: Container[AccountId] | None = None) -> None:
        """Store a person's judgements on two accounts each, all or none: they win over every program's.

        ``who`` and ``known``, of accounts, as for ``decide``. Raises ``AskedWrongly`` where nobody is
        named or one of them is no account of the case.
        """
        known = {account.id for account in self._standing.accounts()} if known is None else known
        reviewing.store_judgements(self._ledger, judgements, known, self._clock(), who)

    def comment(self, item: str, text: str, *, by: str, who: str = "") -> None:
        """Store a comment on an incident, an account, a claim, a report or a pair, by its id."""
        self._ledger.append(events=[casework.commented(item, text, by, self._clock(), who)])

    def assign(self, item: str, to: str, *, by: str, note: str = "", who: str = "") -> None:
        """Store who is to look at an item; blank takes it from whoever has it."""
        self._ledger.append(events=[casework.assigned(item, to, by, self._clock(), note, who)])

    def grade(self, source: str, grade: str, *, by: str, note: str = "", who: str = "") -> None:
        """Store how far a source is to be relied on (A to F) or how credible a claim is (1 to 6)."""
        self._ledger.append(events=[casework.graded(source, grade, by, self._clock(), note, who)])

    def looked(
        self, incident: str, accounts: Sequence[AccountId], *, by: str, note: str = "", who: str = ""
    ) -> None:
        """Store that a person looked at an incident of these accounts and has nothing to change."""
        self._ledger.append(events=[casework.looked(incident, accounts, by, self._clock(), note, who)])

    # -------------------------------------------------------------------------------- incidents

    def link(self, *, progress: Progress = quiet, who: str = "") -> Linked:
        """Compare the accounts that may tell of the same event, and store what is judged of each pair.

        Only the pairs of documents that changed since they were last compared are compared again (see
        ``linking``); those that come out plainly different are not stored. A pair that was judged before but
        would not be compared any more (a date became known, say) is judged unsure from then on: a judgement
        is outdone by a later one, never withdrawn. ``who`` asked for it, where that is known better than to
        the process.
        """
        # A folder for temporary files is where the pairs lie that are compared.
        with alone(self.store), writing(Path(tempfile.gettempdir())):
            told = self._standing.accounts(progress)
            walk = linking.Linking(self._ledger, self._standing.lists, self._clock, self._by, who)
            return walk.link(told, self._compared, progress, self.runner)

    # ------------------------------------------------------------------------------- expunging

    def would_expunge(self, asked: ToExpunge) -> WouldGo:
        """What ``expunge`` would take out; changes nothing."""
        return expunge.plan(asked, self.folder, self._ledger.rows())

    def expunge(self, asked: ToExpunge) -> Expunged:
        """Take reports or a name out of the case, for safety or law (``tallystick.expunge``)."""
        with alone(self.store):
            done = expunge.carry_out(asked, self.folder, self._ledger, self._clock)
        self._settings = settings(self.folder)
        self._standing.forget()
        custody.settle(self._ledger, self._settings, self._by, self._clock())
        return done

    # --------------------------------------------------------------------- findings and dossier

    def record(self, *, without: Collection[DocumentId] = ()) -> Record:
        """All that the case holds and all that follows from it: a pure function of what is stored.

        ``without`` names reports that it is worked out without, as if they had never come.
        """
        every, stand = self._ledger.documents(), self._standing.claims()
        documents = tuple(each for each in every if each.id not in without)
        order = {document.id: place for place, document in enumerate(documents)}
        said = tuple(claim for claim in stand if claim.span.document not in without)
        # What a report's names mean hangs on that report alone.
        told = tuple(each for each in self._standing.made_of(stand, every) if each.document not in without)
        names = {account.id for account in told}
        judged = tuple(each for each in self._ledger.judgements() if {each.left, each.right} <= names)
        copies = findings.copies(documents)
        texts = {document.id: document for document in documents}
        found = incidents.resolve(told, judged)
        weighed = weighing.weigh(found, copies, texts, self.runner)
        refused = standing_refusals(self._ledger.events(*REFUSING))
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

    def as_of(self, seq: int) -> Self:
        """The case as it stood at the custody event ``seq``, to be read and closed; 0 is before the first.

        Its ``record`` is what followed then from what was stored then, by today's program: the ledger only
        grows, so the rows up to that event, the settings and the lists that it told of are all there is to
        know. What was expunged since is missing. Raises as ``Ledger.as_of``.
        """
        ledger = self._ledger.as_of(seq)
        told = custody.settled(ledger)
        return type(self)(
            self.folder, self._settings.as_told(told) if told else self._settings, ledger, self._clock
        )

    def changes(self, since: int, until: int | None = None) -> Changes:
        """What changed from the custody event ``since`` to the event ``until`` (the last, unless told).

        Both records are worked out of the ledger as it was then, so that what is written meanwhile changes
        nothing. Raises as ``as_of``, and ``AskedWrongly`` where ``since`` comes after ``until``.
        """
        until = self._ledger.head()[0] if until is None else until
        if since > until:
            raise AskedWrongly(f"event {since} comes after event {until}: name the earlier one first")
        with self.as_of(since) as past, self.as_of(until) as present:
            before, after = past.record(), present.record()
        between = [(seq, event) for seq, event in self._ledger.numbered(after=since) if seq <= until]
        return Changes(
            self.name,
            self._ledger.chain_at(1) or "",
            self._mark(since),
            self._mark(until),
            changes(before, after, between),
        )

    def _mark(self, seq: int) -> Mark:
        event = self._ledger.event(seq)
        return Mark(seq, event.at if event else "")

    def at_hand(self) -> Record:
        """The record as ``record`` works it out, kept until the ledger or the settings say more."""
        state = self._ledger.reach(), self._settings
        if self._kept is None or self._kept[0] != state:
            self._kept = state, self.record()
        return self._kept[1]

    def reports(self) -> tuple[Document, ...]:
        """The reports, each with its text."""
        return self.at_hand().documents

    def claims(self) -> tuple[Claim, ...]:
        """Who says what in which words, as it stands by what people decided."""
        return self.at_hand().claims

    def incidents(self) -> tuple[Weighed, ...]:
        """The events of harm, each with its accounts, its origins and what was found on each field."""
        return facts.incidents(self.at_hand())

    def matters(self) -> tuple[Weighed, ...]:
        """What is compared and not counted: who holds which ground, offers, votes, people leaving."""
        return facts.matters(self.at_hand())

    def findings(self) -> tuple[Finding, ...]:
        """What agrees, was updated or cannot all be true: one for each field of each incident and matter."""
        return tuple(found for each in (*self.incidents(), *self.matters()) for found in each.findings)

    def table(self, name: str, asked: Leaving | None = None) -> pa.Table:
        """One of the tables of ``exchange.columns``, in Arrow; as it may leave the house where ``asked``.

        Raises ``AskedWrongly`` where there is no table of that name.
        """
        if name not in TABLES:
            raise AskedWrongly(f"there is no table {name!r}; there are: {', '.join(TABLES)}")
        return table(self.departing(asked)[0] if asked else self.at_hand(), name)

    def total(self, scope: Scope) -> tuple[Record, tuple[Total, ...]]:
        """The record, and how many its reports tell killed, wounded and so on within ``scope``.

        Each toll that is told of any incident there, or of one that could not be placed there. Raises
        ``AskedWrongly`` where no report tells of such a place or accuses such a party: 0 would say more.
        """
        record = self.record()
        return record, findings.within(scope, record.weighed, record.accounts, record.judgements)

    def doubts(self) -> tuple[tuple[Document, Claim], ...]:
        """The claims that their reader was unsure of and no person has looked at, the least sure first."""
        documents = {document.id: document for document in self._ledger.documents()}
        decided = self.decisions()
        queue = [c for c in self._standing.claims() if c.doubtful and c.id not in decided]
        queue.sort(key=lambda claim: (claim.confidence, claim.span, claim.id))
        return tuple((documents[claim.span.document], claim) for claim in queue)

    def departing(self, asked: Leaving | None = None) -> tuple[Record, dossier.Redacted | None]:
        """The record as it may leave the house, and for the house alone what was taken out of it."""
        asked = asked or Leaving()
        gone = leaving.withheld(self._ledger.documents(), asked)
        record = self.record(without={document.id for document in gone}) if gone else self.at_hand()
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
        self.unmet = redacted.unmet() if redacted else ()
        with nullcontext() if folder else alone(self.store):
            index = dossier.write(
                record,
                folder or self.folder / "dossier",
                ground=self._settings.map.ground(self.folder),
                redacted=redacted,
                pdf=pdf,
            )
            self._exported("dossier", index.parent, record)
        return index

    def export(self, folder: Path, asked: Leaving | None = None, formats: Sequence[str] = ()) -> Record:
        """Write the record into ``folder``, as JSON lines or in ``formats`` (``exchange.NAMES``).

        Raises as ``dossier`` does, and as ``exchange.write``.
        """
        custody.refuse_place(self.folder, folder, self._hold is not None)
        record, redacted = self.departing(asked)
        self.unmet = redacted.unmet() if redacted else ()
        if formats:
            exchange.write(record, folder, formats, redacted=redacted, store=self.store)
        else:
            dossier.export(record, folder, redacted)
        self._exported("export", folder, record)
        return record

    def _exported(self, what: str, folder: Path, record: Record) -> None:
        """Record what was written, and what was taken out; a case that is open to be read records nothing."""
        if self._hold is None:
            return
        within, told, before = folder == self.folder / "dossier", leaving.facts(record), self._ledger.reach()
        custody.record_export(self._ledger, what, folder, within, self._by, self._clock(), told)
        after = self._ledger.reach()
        last = self._ledger.event(after.seq)
        if (
            self._kept is not None
            and self._kept[0] == (before, self._settings)
            and after.follows(before)
            and last is not None
            and last.what == "exported"
        ):
            self._kept = (after, self._settings), self._kept[1]  # from what was written out nothing follows

    def run(
        self,
        paths: Where | Sequence[Where],
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
        record = self.at_hand()  # once for the dossier and for who asked
        return Ran(added, was_read, linked, record, self._shown(Leaving()))

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
