"""Comparing accounts anew, behind the pages: after corrections other pairs may come out the same, or not."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Set
from dataclasses import dataclass

from tallystick.case import Case
from tallystick.errors import TallystickError
from tallystick.linking import Linked
from tallystick.model import AccountId, ClaimId

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
        self._changed: set[AccountId] = set()
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
        """The accounts of which people decided something since accounts were last compared.

        Where that was done before this desk was opened: since judgements were last stored, for a comparing
        that finds nothing new leaves no row. Each decision is looked at once.
        """
        ledger = self._case.ledger
        after = ledger.last("linked") if self._compared is None else self._compared
        with self._counting:
            if after != self._since:
                self._since, self._seen, self._changed = after, after, set()
            claims: set[ClaimId] = set()
            for seq, event in ledger.numbered("reviewed", after=self._seen):
                self._seen = seq
                if event.facts.get("verdict") != "upheld":
                    claims.add(ClaimId(event.item))
            self._changed |= self._accounts_of(claims)
            return frozenset(self._changed)
