"""A case at the desk: what is asked of it, what is decided, and keeping up with both."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Self

from tallystick import adding, casework
from tallystick.case import Case, quiet
from tallystick.desk.choices import Choices
from tallystick.desk.comparing import Comparing
from tallystick.desk.entries import Overview
from tallystick.desk.follow import Follower, Progress
from tallystick.desk.keep import Keep
from tallystick.desk.look import Look
from tallystick.desk.whole import Worked, Working
from tallystick.errors import AskedWrongly
from tallystick.model import AccountId, ClaimId, Event, IncidentId, Judgement, Maker, Review
from tallystick.naming import kept
from tallystick.reviewing import Settled, likeness_of

Guard = Callable[[], None]
SECONDS = 2.0  # that somebody who decided waits, at most, for what follows from it


def nothing() -> None:
    """Does nothing."""


class Closing(Exception):
    """The desk is being closed while something long is worked out."""


class Desk(Look, Choices):
    """A case with what follows from it to hand. Use it in a ``with`` statement, or ``close`` it.

    Safe for several threads. What is read is as of the last ``catch_up``, which takes milliseconds where
    little came since, and works in what other programs wrote, too. Each decision is in the ledger, on disk,
    when its method returns, and what follows from it is worked in, or is being (``behind``).
    """

    def __init__(self, case: Case, file: Path | None = None) -> None:
        super().__init__(case, Keep(file or kept(case.folder)))
        self._follower = Follower(case, self._keep)
        self._worker = ThreadPoolExecutor(1, "follows the ledger")
        self._working = Working(case.folder, self._keep)
        self._turn = threading.Lock()
        self._deciding = threading.Lock()
        self.comparing = Comparing(case, self.accounts_of)
        self._closing = False
        self._next: Future[int] | None = None  # the pass that has not begun yet
        self.doing: tuple[str, int, int] | None = None  # what takes long just now: step, done, of how many

    def close(self) -> None:
        """Stop following, also in the middle of it; the case stays open."""
        self._closing = True
        self._keep.interrupt()
        self._working.close()
        self.comparing.close()
        self._worker.shutdown()
        self._follower.close()
        self._keep.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def catch_up(self, progress: Progress = quiet, wait: float | None = None) -> bool:
        """Work in all that the ledger holds by now; whether that was done within ``wait`` seconds.

        Without ``wait`` it returns when it is done. Who asks while a pass is at work shares the next one.
        """
        with self._turn:
            if self._next is None:
                self._next = self._worker.submit(self._pass, progress)
            due = self._next
        try:
            due.result(wait)
        except NotYet:
            return False
        return True

    def _pass(self, progress: Progress) -> int:
        with self._turn:
            self._next = None

        def shows(step: str, done: int, total: int) -> None:
            if self._closing:
                raise Closing
            self.doing = step, done, total
            progress(step, done, total)

        try:
            return self._follower.catch_up(shows)
        except (Closing, sqlite3.OperationalError):
            if not self._closing:
                raise
            return 0  # nothing of it is kept: it is worked in when the case is opened again
        finally:
            self.doing = None

    @property
    def behind(self) -> int:
        """How many custody events are not worked in yet."""
        return max(0, self.case.ledger.reach().seq - self.at)

    def whole(self) -> Worked:
        """What follows from the whole case at once, as far as it is worked out; see ``whole``."""
        return self._working.look(self.case.ledger.reach().seq)

    def overview(self) -> Overview:
        """The figures of the first page."""
        return replace(super().overview(), compare_anew=len(self.comparing.changed()))

    # --------------------------------------------------------------------------- what is decided

    def decide(
        self,
        claim: str,
        verdict: str,
        by: str,
        note: str = "",
        *,
        changes: Mapping[str, Any] | None = None,
        words: tuple[int, int] | str = "",
        account: str = "",
        first: Guard = nothing,
    ) -> Settled:
        """Store what ``by`` says of a claim (``Case.decide``), and what stands of it then.

        ``words`` are those of the report that a correction rests on, or where they stand in its text;
        ``account`` the one that the claim is to belong to. ``first`` is called when nobody else at this desk
        can decide any more before this is stored, and may raise: then nothing is.
        """
        document = self.document_of(claim)
        if document is None:
            raise AskedWrongly(f"no claim {claim!r} is in {self.case.name}; was it read anew meanwhile?")
        known = self.known_in(document)
        with self._deciding:
            first()
            found = self.case.decide(
                ClaimId(claim), verdict, by, note, changes=changes, words=words, account=account, who=by,
                known=known,
            )  # fmt: skip
        self.catch_up(wait=SECONDS)
        return found

    def add(
        self,
        document: str,
        sort: str,
        words: tuple[int, int],
        by: str,
        note: str = "",
        *,
        changes: Mapping[str, Any],
        account: str = "",
    ) -> ClaimId:
        """Store a claim that ``by`` reads at ``words`` of a report (``adding.given``), and its id.

        ``account`` is the one that a toll or a party is of.
        """
        held = self.document(document)
        if held is None:
            raise AskedWrongly(f"no report {document!r} is in {self.case.name}")
        known = self.known_in(document)
        telling = adding.telling_of(known, account) if account else None
        claim = adding.given(held, sort, words, by, changes=changes, account=telling)
        if claim.id in known:
            raise AskedWrongly("the same is read in these words already; uphold that, or correct it")
        self.case.review(Review(claim.id, "added", by, note, claim), who=by, known=known)
        self.catch_up(wait=SECONDS)
        return claim.id

    def judge(
        self, one: str, other: str, verdict: str, by: str, note: str = "", *, first: Guard = nothing
    ) -> None:
        """Store whether ``by`` holds two accounts for the same event, different or unsure."""
        if one == other:
            raise AskedWrongly("an account is the same as itself; name two")
        left, right = sorted((AccountId(one), AccountId(other)))
        reasons = (note,) if note else ()
        self._judge(
            Judgement(left, right, likeness_of(verdict), Maker(by, ""), None, reasons), by=by, first=first
        )

    def split(
        self, incident: str, accounts: Sequence[str], by: str, note: str = "", *, first: Guard = nothing
    ) -> None:
        """Take ``accounts`` out of an incident: each is another event than all that stay."""
        weighed = self.weighed(incident)
        if weighed is None:
            raise AskedWrongly(
                f"no incident {incident!r} is in {self.case.name}; it may have been gathered anew"
            )
        there = [account.id for account in weighed.incident.accounts]
        strange = sorted(set(accounts) - set(there))
        if strange:
            raise AskedWrongly(f"{strange[0]} is no account of {incident}; it may have been gathered anew")
        out = [name for name in there if name in accounts]
        stay = [name for name in there if name not in accounts]
        self._judge(*casework.parting(out, stay, by, note), by=by, first=first)

    def merge(self, one: str, other: str, by: str, note: str = "", *, first: Guard = nothing) -> IncidentId:
        """Make two incidents one; its id."""
        ends = [self.weighed(name) for name in (one, other)]
        for name, found in zip((one, other), ends, strict=True):
            if found is None:
                raise AskedWrongly(
                    f"no incident {name!r} is in {self.case.name}; it may have been gathered anew"
                )
        left, right = ([account.id for account in end.incident.accounts] for end in ends if end)
        self._judge(*casework.joining(left, right, by, note), by=by, first=first)
        now = self.weighed(one)
        return now.incident.id if now else IncidentId(one)

    def _judge(self, *judgements: Judgement, by: str, first: Guard) -> None:
        names = {end for pair in judgements for end in (pair.left, pair.right)}
        known = self.accounts_known(names)
        with self._deciding:
            first()
            self.case.judge(*judgements, who=by, known=known)
        self.catch_up(wait=SECONDS)

    def before(self, left: str, right: str) -> str:
        """What is to be judged of two accounts to take the last word of a person back.

        What a person said before it; else what a program says; else that it is unsure.
        """
        ledger, pair = self.case.ledger, f"{left} {right}"
        told = [str(event.facts["verdict"]) for event in self.history(item=pair, what=("judged",), limit=2)]
        program = ledger.judgement(AccountId(left), AccountId(right), "program")
        return told[1] if len(told) > 1 else program.verdict if program else "unsure"

    def take_back(self, judged: Sequence[Event], by: str, note: str = "", *, first: Guard = nothing) -> None:
        """Judge the pairs of these decisions as they stood before, all or none."""
        reasons = (note,) if note else ()
        pairs = [event.item.split() for event in judged]
        before = [
            Judgement(
                AccountId(left),
                AccountId(right),
                likeness_of(self.before(left, right)),
                Maker(by, ""),
                None,
                reasons,
            )
            for left, right in pairs
        ]
        self._judge(*before, by=by, first=first)

    def assign(self, item: str, to: str, by: str, note: str = "", *, first: Guard = nothing) -> None:
        """Store who is to look at something (``Case.assign``)."""
        with self._deciding:
            first()
            self.case.assign(item, to, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)

    def grade(self, source: str, grade: str, by: str, note: str = "", *, first: Guard = nothing) -> None:
        """Store the grade of a source or a claim (``Case.grade``)."""
        with self._deciding:
            first()
            self.case.grade(source, grade, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)

    def name_means(
        self, sort: str, name: str, means: str | None, by: str, note: str = "", *, first: Guard = nothing
    ) -> None:
        """Store what a name of a place or party means, for every report (``Case.name_means``)."""
        if sort not in ("place", "party"):
            raise AskedWrongly(f"{sort!r} is neither place nor party")
        kind: Literal["place", "party"] = "place" if sort == "place" else "party"
        with self._deciding:
            first()
            self.case.name_means(kind, name, means, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)

    def looked(
        self, incident: str, by: str, note: str = "", *, back: bool = False, first: Guard = nothing
    ) -> None:
        """Store that ``by`` looked at an incident as it stands and has nothing to change.

        With ``back`` that is taken back: it counts as looked at with no account at all.
        """
        weighed = self.weighed(incident)
        if weighed is None:
            raise AskedWrongly(
                f"no incident {incident!r} is in {self.case.name}; it may have been gathered anew"
            )
        accounts = [] if back else [account.id for account in weighed.incident.accounts]
        with self._deciding:
            first()
            self.case.looked(weighed.incident.id, accounts, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)
