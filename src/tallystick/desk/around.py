"""What was gathered as it is kept, and the accounts as they are now: for gathering around a change."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from tallystick.desk.keep import shared, unpacked
from tallystick.model import (
    Account,
    AccountId,
    Document,
    DocumentId,
    Incident,
    IncidentId,
    Judgement,
    Weighed,
)

WITHIN = "SELECT incident FROM accounts WHERE incident IS NOT NULL AND id IN ({})"
_PART = 500  # names in one question


def parts(names: Sequence[str]) -> Iterable[Sequence[str]]:
    """``names``, as many at a time as one question may hold."""
    return (names[at : at + _PART] for at in range(0, len(names), _PART))


def asked(connection: sqlite3.Connection, query: str, names: Collection[str]) -> list[tuple[Any, ...]]:
    """The rows of ``query``, in which ``{}`` stands for names, for all of ``names``."""
    out: list[tuple[Any, ...]] = []
    for part in parts(sorted(names)):
        out += connection.execute(query.format(",".join("?" * len(part))), part)
    return out


def reports_kept(connection: sqlite3.Connection, names: Collection[str]) -> list[Document]:
    """Those of these reports that are kept, with their texts."""
    found = asked(connection, "SELECT body FROM reports WHERE id IN ({})", names)
    return [shared(body) for (body,) in found]


class Around:
    """The incidents as they are kept, with ``fresh``: all accounts of the reports ``anew``, as they are now.

    An ``incidents.Stood``. To be used before anything of it is written.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        fresh: dict[AccountId, Account],
        anew: Collection[DocumentId],
    ) -> None:
        self._connection, self._fresh, self._anew = connection, fresh, anew

    def every(self) -> set[AccountId]:
        """All accounts there are, and those that are gone."""
        return {
            AccountId(name) for (name,) in self._connection.execute("SELECT id FROM accounts")
        } | self._fresh.keys()

    def gathered(self, names: Collection[AccountId]) -> Iterable[Collection[AccountId]]:
        """The accounts of each incident that any of ``names`` was gathered in."""
        out: dict[str, list[AccountId]] = defaultdict(list)
        query = f"SELECT incident, id FROM accounts WHERE incident IN ({WITHIN})"
        for incident, name in set(asked(self._connection, query, names)):
            out[incident].append(name)
        return out.values()

    def tied(self, names: Collection[AccountId]) -> set[AccountId]:
        """All that are judged the same as any of ``names``."""
        return {
            AccountId(name)
            for query in (
                "SELECT right FROM pairs WHERE verdict = 'same' AND left IN ({})",
                "SELECT left FROM pairs WHERE verdict = 'same' AND right IN ({})",
            )
            for (name,) in asked(self._connection, query, names)
        }

    def accounts(self, names: Collection[AccountId]) -> list[Account]:
        """Those of ``names`` that there are, as they are now."""
        gathered = (a for one in self.incidents(names).values() for a in one.incident.accounts)
        kept = (*gathered, *self._loose(names))
        held = {account.id: account for account in kept if account.document not in self._anew} | self._fresh
        return [held[name] for name in sorted(names) if name in held]

    def judgements(self, names: Collection[AccountId]) -> list[Judgement]:
        """What stands between any two of ``names``."""
        found = asked(self._connection, "SELECT right, body FROM pairs WHERE left IN ({})", names)
        return [unpacked(body) for right, body in found if right in names]

    def incidents(self, names: Collection[AccountId]) -> dict[IncidentId, Weighed]:
        """The incidents that these accounts were gathered in, each once, as they were."""
        ids = {name for (name,) in asked(self._connection, f"SELECT DISTINCT * FROM ({WITHIN})", names)}
        found = asked(self._connection, "SELECT body FROM weighed WHERE id IN ({})", ids)
        return {weighed.incident.id: weighed for weighed in (shared(body) for (body,) in found)}

    def alike(self) -> bool:
        """Whether all accounts of the reports are gathered as they were: nothing that counts has changed."""
        found = asked(self._connection, "SELECT id FROM accounts WHERE document IN ({})", self._anew)
        names = [AccountId(name) for (name,) in found]
        gathered = (a for one in self.incidents(names).values() for a in one.incident.accounts)
        old = {a.id: a for a in (*self._loose(names), *gathered) if a.document in self._anew}
        return old.keys() == self._fresh.keys() and all(
            _gathered_by(account) == _gathered_by(self._fresh[name]) for name, account in old.items()
        )

    def as_they_were(self, names: Collection[AccountId]) -> tuple[tuple[Incident, ...], set[AccountId]]:
        """The incidents of ``names``, of the accounts as they are now; and ``names`` with all in them."""
        stood = self.incidents(names).values()
        near = set(names).union(*(map(_id, one.incident.accounts) for one in stood))
        held = {account.id: account for account in self.accounts(near)}
        incidents = (
            Incident(tuple(held[account.id] for account in one.incident.accounts), one.incident.disputes)
            for one in stood
        )
        return tuple(incidents), near

    def _loose(self, names: Collection[AccountId]) -> list[Account]:
        """Those of these accounts that are of no incident, as they were."""
        query = "SELECT body FROM accounts WHERE body IS NOT NULL AND id IN ({})"
        return [unpacked(body) for (body,) in asked(self._connection, query, names)]


def _id(account: Account) -> AccountId:
    return account.id


def _gathered_by(account: Account) -> tuple[Any, ...]:
    """All of an account that ``incidents.resolve`` looks at, but its id."""
    telling = account.telling
    return account.document, telling.aggregate, telling.when, telling.place, account.is_matter
