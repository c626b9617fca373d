"""A case at the desk: what is asked of it, what is decided, and keeping up with both."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import Any, Self

from tallystick import casework
from tallystick.case import Case, quiet
from tallystick.desk.follow import Follower, Progress
from tallystick.desk.keep import Keep, file_of
from tallystick.desk.look import Look
from tallystick.errors import AskedWrongly
from tallystick.model import AccountId, ClaimId, IncidentId, Judgement, Maker
from tallystick.reviewing import Settled, likeness_of

SECONDS = 2.0  # that somebody who decided waits, at most, for what follows from it


class Desk(Look):
    """A case with what follows from it to hand. Use it in a ``with`` statement, or ``close`` it.

    Safe for several threads. What is read is as of the last ``catch_up``, which takes milliseconds where
    little came since, and works in what other programs wrote, too. Each decision is in the ledger, on disk,
    when its method returns, and what follows from it is worked in, or is being (``behind``).
    """

    def __init__(self, case: Case, file: Path | None = None) -> None:
        super().__init__(case, Keep(file or file_of(case.folder)))
        self._follower = Follower(case, self._keep)
        self._worker = ThreadPoolExecutor(1, "follows the ledger")
        self._turn = threading.Lock()
        self._next: Future[int] | None = None  # the pass that has not begun yet
        self.doing: tuple[str, int, int] | None = None  # what takes long just now: step, done, of how many

    def close(self) -> None:
        """Stop following; the case stays open."""
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
            self.doing = step, done, total
            progress(step, done, total)

        try:
            return self._follower.catch_up(shows)
        finally:
            self.doing = None

    @property
    def behind(self) -> int:
        """How many custody events are not worked in yet."""
        return max(0, self.case.ledger.reach().seq - self.at)

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
    ) -> Settled:
        """Store what ``by`` says of a claim (``Case.decide``), and what stands of it then.

        ``words`` are those of the report that a correction rests on, or where they stand in its text;
        ``account`` the one that the claim is to belong to.
        """
        document = self.document_of(claim)
        if document is None:
            raise AskedWrongly(f"no claim {claim!r} is in {self.case.name}; was it read anew meanwhile?")
        found = self.case.decide(
            ClaimId(claim), verdict, by, note, changes=changes, words=words, account=account, who=by,
            known=self.known_in(document),
        )  # fmt: skip
        self.catch_up(wait=SECONDS)
        return found

    def judge(self, one: str, other: str, verdict: str, by: str, note: str = "") -> None:
        """Store whether ``by`` holds two accounts for the same event, different or unsure."""
        if one == other:
            raise AskedWrongly("an account is the same as itself; name two")
        left, right = sorted((AccountId(one), AccountId(other)))
        reasons = (note,) if note else ()
        self._judge(Judgement(left, right, likeness_of(verdict), Maker(by, ""), None, reasons), by=by)

    def split(self, incident: str, accounts: Sequence[str], by: str, note: str = "") -> None:
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
        self._judge(*casework.parting(out, [name for name in there if name not in accounts], by, note), by=by)

    def merge(self, one: str, other: str, by: str, note: str = "") -> IncidentId:
        """Make two incidents one; its id."""
        ends = [self.weighed(name) for name in (one, other)]
        for name, found in zip((one, other), ends, strict=True):
            if found is None:
                raise AskedWrongly(
                    f"no incident {name!r} is in {self.case.name}; it may have been gathered anew"
                )
        left, right = ([account.id for account in end.incident.accounts] for end in ends if end)
        self._judge(*casework.joining(left, right, by, note), by=by)
        now = self.weighed(one)
        return now.incident.id if now else IncidentId(one)

    def _judge(self, *judgements: Judgement, by: str) -> None:
        names = {end for pair in judgements for end in (pair.left, pair.right)}
        self.case.judge(*judgements, who=by, known=self.accounts_known(names))
        self.catch_up(wait=SECONDS)

    def name_means(self, sort: str, name: str, means: str | None, by: str, note: str = "") -> None:
        """Store what a name of a place or party means, for every report (``Case.name_means``)."""
        if sort not in ("place", "party"):
            raise AskedWrongly(f"{sort!r} is neither place nor party")
        self.case.name_means("place" if sort == "place" else "party", name, means, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)

    def looked(self, incident: str, by: str, note: str = "") -> None:
        """Store that ``by`` looked at an incident as it stands and has nothing to change."""
        weighed = self.weighed(incident)
        if weighed is None:
            raise AskedWrongly(
                f"no incident {incident!r} is in {self.case.name}; it may have been gathered anew"
            )
        accounts = [account.id for account in weighed.incident.accounts]
        self.case.looked(weighed.incident.id, accounts, by=by, note=note, who=by)
        self.catch_up(wait=SECONDS)
