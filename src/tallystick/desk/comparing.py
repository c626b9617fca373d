"""Comparing accounts anew, behind the pages: after corrections other pairs may come out the same, or not."""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from tallystick import reviewing
from tallystick.case import Case
from tallystick.errors import TallystickError
from tallystick.linking import Linked
from tallystick.model import AccountId, ClaimId, Review, Said

log = logging.getLogger("tallystick.desk")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come; ``by`` asked for it."""

    by: str
    step: str
    done: int
    total: int


class Comparing:
    """``Case.link`` in a thread of its own, once at a time."""

    def __init__(self, case: Case, accounts_of: Callable[[Set[ClaimId]], Set[AccountId]]) -> None:
        """``accounts_of`` tells the accounts that claims of the case belong to."""
        self._case, self._accounts_of = case, accounts_of
        self._counting = threading.Lock()
        self._since = self._seen = -1  # custody events: since which is counted, and up to which it was
        self._words: Counter[ClaimId] = Counter()  # how many were said of each claim since
        self._otherwise: set[ClaimId] = set()  # those of them that stand otherwise now
        self._changed: frozenset[AccountId] = frozenset()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._compared: int | None = None  # how far the ledger had come when one began that came to its end
        self.doing: Progress | None = None
        self.did: Linked | None = None  # what the last one came to
        self.failed = ""  # why the last one did not end, for a person

    def start(self, by: str) -> bool:
        """Begin, unless one is at work; whether it began."""
        with self._lock:
            if self.doing is not None:
                return False
            self.doing, self.did, self.failed = Progress(by, "", 0, 0), None, ""
            self._thread = threading.Thread(
                target=self._run, args=(by,), name="compares accounts", daemon=True
            )
            self._thread.start()
            return True

    def _run(self, by: str) -> None:
        def shows(step: str, done: int, total: int) -> None:
            self.doing = Progress(by, step, done, total)

        try:
            begun = self._case.ledger.reach().seq
            self.did = self._case.link(progress=shows, who=by)
            self._compared = begun
        except TallystickError as error:
            log.error("accounts could not be compared: %s", error)
            self.failed = type(error).__name__
        except Exception:
            log.exception("accounts could not be compared")
            self.failed = "unforeseen"
        finally:
            self.doing = None

    def close(self) -> None:
        """Wait for the one at work."""
        if self._thread is not None:
            self._thread.join()

    # ---------------------------------------------------------------------- what changed since

    def changed(self) -> frozenset[AccountId]:
        """The accounts that people's decisions changed since accounts were last compared.

        Where that was done before this desk was opened: since judgements were last stored, for a comparing
        that finds nothing new leaves no row. Each decision is looked at once.
        """
        ledger = self._case.ledger
        after = ledger.last("linked") if self._compared is None else self._compared
        with self._counting:
            if after != self._since:
                self._since, self._seen = after, after
                self._words, self._otherwise, self._changed = Counter(), set(), frozenset()
            told: set[ClaimId] = set()
            for seq, event in ledger.numbered("reviewed", after=self._seen):
                self._seen = seq
                told.add(ClaimId(event.item))
                self._words[ClaimId(event.item)] += 1
            if told:
                self._otherwise = (self._otherwise - told) | self._stand_otherwise(told)
                self._changed = frozenset(self._accounts_of(self._otherwise))
            return self._changed

    def _stand_otherwise(self, claims: Set[ClaimId]) -> set[ClaimId]:
        """Those that stand otherwise than when accounts were compared; what only waits changes nothing."""
        said = defaultdict[ClaimId, list[Review]](list)
        for review in self._case.ledger.reviews_of(claims):
            said[review.claim].append(review)
        out = set()
        for claim, reviews in said.items():
            before = reviews[: max(0, len(reviews) - self._words[claim])]
            unsaid: Said = "rejected" if any(each.verdict == "added" for each in reviews) else "upheld"
            if self._stands(reviews, unsaid) != self._stands(before, unsaid):
                out.add(claim)
        return out

    def _stands(self, reviews: Iterable[Review], unsaid: Said) -> tuple[str, str]:
        """What these words on one claim come to; ``unsaid`` where none of them stands."""
        rule = self._case.settings
        found = reviewing.settled(reviews, twice=rule.second_check, seniors=rule.seniors).values()
        standing = next((each.standing for each in found), None)
        return (unsaid, "") if standing is None else reviewing.outcome(standing)
