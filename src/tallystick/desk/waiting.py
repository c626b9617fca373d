"""What waits for a person: claims, pairs of accounts, and incidents whose accounts cannot all be true."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tallystick.desk.entries import Item, Pressing
from tallystick.desk.incidents import Incidents
from tallystick.dossier import words
from tallystick.model import AccountId, ClaimId
from tallystick.reviewing import same_person

_PRESSING: dict[Pressing, str] = {
    "weight": "pressing DESC, id",
    "doubt": "doubt DESC, pressing DESC, id",
    "day": "day, pressing DESC, id",
}
_COLUMNS = "sort, id, state, incident, document, left, right, title, quote, why, doubt, weight, day"


class Waiting(Incidents):
    """The queue of a case."""

    def queue(
        self,
        order: Pressing = "weight",
        *,
        sorts: Sequence[str] = ("claim", "pair", "incident"),
        incident: str = "",
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        limit: int = 50,
        skip: int = 0,
    ) -> tuple[Item, ...]:
        """What waits for a person, the most pressing first; of one incident if asked.

        ``only`` these items, ``without`` those, by their ids.
        """
        where, values = _where(sorts, incident, only, without)
        found = self._keep.reading.execute(
            f"SELECT {_COLUMNS} FROM waiting WHERE {where} ORDER BY {_PRESSING[order]} LIMIT ? OFFSET ?",
            (*values, limit, skip),
        ).fetchall()
        assigned = self.assigned()
        return tuple(self._item(row, assigned) for row in found)

    def waiting(
        self, *, incident: str = "", only: Collection[str] | None = None, without: Collection[str] = ()
    ) -> dict[str, int]:
        """How many claims, pairs and incidents wait for a person; the arguments are those of ``queue``."""
        where, values = _where(("claim", "pair", "incident"), incident, only, without)
        query = f"SELECT sort, COUNT(*) FROM waiting WHERE {where} GROUP BY sort"
        out = {"claim": 0, "pair": 0, "incident": 0}
        return out | dict(self._keep.reading.execute(query, values).fetchall())

    def _item(self, row: tuple[Any, ...], assigned: dict[str, str]) -> Item:
        sort, name, state, incident, document, left, right, title, quote, why, doubt, weight, day = row
        start = date.fromisoformat(day) if day and day != "9999" else None
        item = Item(
            sort, name, state, incident, document, ClaimId(name) if sort == "claim" else None,
            tuple(AccountId(one) for one in (left, right) if one), title, quote, why, doubt, weight, start,
            assigned.get(name, ""),
        )  # fmt: skip
        if sort == "pair":
            judgement = self.judgement(left, right)
            ends = [self.account(one) for one in (left, right)]
            told = " | ".join(words.quoted(one.span.quote, 90) for one in ends if one is not None)
            reasons = "; ".join(judgement.reasons) if judgement else ""
            return replace(item, title="Do these two tell of one event?", quote=told, why=reasons)
        return item

    def said_by(self, person: str) -> frozenset[ClaimId]:
        """The claims that wait for a second person's word, and of which ``person`` has said theirs."""
        found = self._keep.reading.execute("SELECT claim FROM doubts WHERE state = 'waiting'").fetchall()
        name = same_person(person)
        last: dict[ClaimId, set[str]] = {}
        for review in self.case.ledger.reviews_of([ClaimId(claim) for (claim,) in found]):
            if review.verdict == "reopened":
                last.pop(review.claim, None)
            else:
                last.setdefault(review.claim, set()).add(same_person(review.by))
        return frozenset(claim for claim, said in last.items() if name in said)

    def assigned(self) -> dict[str, str]:
        """To whom each thing that waits was given last, by its id."""
        out: dict[str, str] = {}
        for event in self.case.ledger.events("assigned"):
            out[event.item] = event.facts.get("to", "")
        return {item: person for item, person in out.items() if person}


def _where(
    sorts: Sequence[str], incident: str, only: Collection[str] | None, without: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """The condition, in SQL, for what is asked of the queue, with its values."""
    parts, values = [f"sort IN ({','.join('?' * len(sorts))})"], list(sorts)
    if incident:
        parts.append("(incident = ? OR other = ?)")
        values += [incident, incident]
    if only is not None:
        parts.append("id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(only)))
    if without:
        parts.append("id NOT IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(sorted(without)))
    return " AND ".join(parts), tuple(values)
