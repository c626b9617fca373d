"""WHAT STANDS? The claims and accounts of a case, by what people decided of claims and of names.

Nothing of it is stored: it follows from the ledger and the lists of the case. Claims and accounts are kept
for as long as the case is open and nothing comes that they follow from, for to read the ones and to look up
the places of the others takes longest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tallystick import naming, reviewing
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.ledger import Ledger
from tallystick.model import Account, Claim, ClaimId, Document, accounts
from tallystick.reviewing import Settled
from tallystick.settings import Settings
from tallystick.values.names import fold
from tallystick.values.places.gazetteer import Gazetteer

Progress = Callable[[str, int, int], None]
State = tuple[int, int, Settings]


def _quiet(step: str, done: int, total: int) -> None:
    """Shows no progress."""


class Standing:
    """What stands in the case in ``folder``; ``settings`` gives those that hold when it is asked.

    ``lists`` is the SHA-256 of the lists in which places were last looked up.
    """

    def __init__(self, folder: Path, ledger: Ledger, settings: Callable[[], Settings]) -> None:
        self._folder, self._ledger, self._settings = folder, ledger, settings
        self._said: tuple[State, tuple[Claim, ...]] | None = None
        self._placed: tuple[State, tuple[Account, ...]] | None = None
        self.lists = ""

    def forget(self) -> None:
        """Work claims and accounts out anew when they are next asked for."""
        self._said = self._placed = None

    def _state(self) -> State:
        """What changes whenever something comes that claims or accounts follow from."""
        # Of what only grows the length says whether anything came since; linking adds nothing to accounts.
        events = sum(event.what != "linked" for event in self._ledger.events())
        return events, len(self._ledger.reviews()), self._settings()

    def decisions(self) -> dict[ClaimId, Settled]:
        """What people decided of claims."""
        rule = self._settings()
        return reviewing.settled(self._ledger.reviews(), twice=rule.second_check, seniors=rule.seniors)

    def decided(self, claim: ClaimId) -> Settled:
        """What people decided of one claim."""
        rule = self._settings()
        said = self._ledger.reviews_of([claim])
        found = reviewing.settled(said, twice=rule.second_check, seniors=rule.seniors)
        return found.get(claim, Settled("open"))

    def claims(self) -> tuple[Claim, ...]:
        """The claims as they stand by what people decided of them."""
        state = self._state()
        if self._said is None or self._said[0] != state:
            said, decided = self._ledger.claims(), self.decisions()
            unread = decided.keys() - {claim.id for claim in said}
            self._said = state, reviewing.applied(said, decided, self._ledger.claims_named(unread))
        return self._said[1]

    def known(self) -> dict[ClaimId, Claim]:
        """The claims that a person may decide on: those read, those people gave, and those that stand."""
        own = [each.correction for each in self._ledger.reviews() if each.correction is not None]
        return {each.id: each for each in (*self._ledger.claims(), *own, *self.claims())}

    def accounts(self, progress: Progress = _quiet) -> tuple[Account, ...]:
        """The accounts that the claims make, with what was found of their places and parties."""
        return self.made_of(self.claims(), self._ledger.documents(), progress)

    def made_of(
        self, said: Sequence[Claim], documents: Sequence[Document], progress: Progress = _quiet
    ) -> tuple[Account, ...]:
        """The accounts that ``said``, the claims as they stand, make: see ``accounts``."""
        events, countries = self._ledger.events(), self._settings().countries
        # Of claims worked out before something came, the accounts are as old as they.
        state = self._said[0] if self._said is not None and said is self._said[1] else self._state()
        if self._placed is not None and self._placed[0] == state:
            return self._placed[1]
        told = self._gathered(said, documents)
        there = {document.id: document for document in documents}
        with self._gazetteer(progress) as lists:
            told = naming.located(told, there, lists, countries, naming.decided(events, "place"))
            self.lists = lists.sha256
        register = naming.register(self._folder, events)
        told = naming.known(told, there, register, countries, naming.decided(events, "party"))
        self._placed = state, told
        return told

    def _gathered(self, said: Sequence[Claim], documents: Sequence[Document]) -> tuple[Account, ...]:
        there = {document.id: document for document in documents}
        for claim in said:
            if claim.span.document not in there:
                raise CaseDamaged(
                    f"claim {claim.id} is of {claim.span.document}, which the ledger of {self._folder} does "
                    f"not hold; 'tallystick verify {self._folder}' lists all that is wrong"
                )
        return accounts(said, there)

    def place_id(self, name: str, means: str) -> str:
        """The id of the place that ``name`` is to mean: ``means`` itself, or what a report calls so.

        Raises ``AskedWrongly`` where no list has it, or reports call several places so.
        """
        with self._gazetteer() as lists:
            if lists.get(means) is not None:
                return means
        codes = {
            account.found.place.code
            for account in self.accounts()
            if account.found and account.found.place.code and fold(account.found.place.name) == fold(means)
        }
        if len(codes) == 1:
            return codes.pop() or means
        raise AskedWrongly(
            f"no list has a place {means!r}, and no report names one by it that was found; "
            f"'tallystick places {self._folder} --name {name!r}' lists the ids of those that it may be"
        )

    @contextmanager
    def _gazetteer(self, progress: Progress = _quiet) -> Iterator[Gazetteer]:
        lists = naming.opened(self._folder, self._ledger.events("listed"), progress)
        try:
            yield lists
        except sqlite3.DatabaseError as error:
            raise CaseDamaged(
                f"an index of a list in {naming.cache()} is damaged ({error}); "
                "delete that folder and ask again"
            ) from error
        finally:
            lists.close()
