"""What waits for a person: claims, pairs of accounts, and incidents whose accounts cannot all be true."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from tallystick.desk.entries import Item, Pressing
from tallystick.desk.incidents import Incidents
from tallystick.desk.keep import unpacked
from tallystick.dossier import words
from tallystick.model import AccountId, ClaimId
from tallystick.reviewing import same_person

_PRESSING: dict[Pressing, str] = {
    "weight": "weight * doubt DESC",
    "doubt": "doubt DESC, weight DESC",
    "day": "day, weight * doubt DESC",
}
_FIRST: dict[str, dict[Pressing, str]] = {
    "claim": {
        "weight": "doubts.weight * doubts.doubt DESC, claim",
        "doubt": "doubts.doubt DESC, doubts.weight DESC, claim",
        "day": "incidents.day, doubts.weight * doubts.doubt DESC, claim",
    },
    "pair": {
        "weight": "pairs.weight * pairs.doubt DESC, left, right",
        "doubt": "pairs.doubt DESC, pairs.weight DESC, left, right",
        "day": "incidents.day, pairs.weight * pairs.doubt DESC, left, right",
    },
    "incident": {"weight": "killed DESC, id", "doubt": "killed DESC, id", "day": "day, killed DESC, id"},
}


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
        chosen = [sort for sort in sorts if sort in _WAITING]
        parts, values = _waiting(chosen, incident, only, without)
        if not parts:
            return ()
        # Each sort gives its most pressing, by an index of its own; of these the most pressing are taken.
        most = int(skip) + int(limit)
        every = " UNION ALL ".join(
            f"SELECT * FROM ({part} ORDER BY {_FIRST[sort][order]} LIMIT {most})"  # noqa: S608 - all ours
            for sort, part in zip(chosen, parts, strict=True)
        )
        query = f"SELECT * FROM ({every}) ORDER BY {_PRESSING[order]}, id LIMIT ? OFFSET ?"  # noqa: S608
        found = self._keep.reading.execute(query, (*values, limit, skip)).fetchall()
        assigned = self.assigned()
        return tuple(self._item(row, assigned) for row in found)

    def waiting(
        self, *, incident: str = "", only: Collection[str] | None = None, without: Collection[str] = ()
    ) -> dict[str, int]:
        """How many claims, pairs and incidents wait for a person; the arguments are those of ``queue``."""
        out = {}
        for sort in ("claim", "pair", "incident"):
            parts, values = _waiting((sort,), incident, only, without)
            found = self._keep.reading.execute(f"SELECT COUNT(*) FROM ({parts[0]})", values)  # noqa: S608
            out[sort] = int(found.fetchone()[0])
        return out

    def _item(self, row: tuple[Any, ...], assigned: dict[str, str]) -> Item:
        sort, name, state, incident, document, left, right, title, quote, why, doubt, weight, day = row
        start = date.fromisoformat(day) if day and day != "9999" else None
        item = Item(
            sort, name, state, incident, document, ClaimId(name) if sort == "claim" else None,
            tuple(AccountId(one) for one in (left, right) if one), title, quote, why, doubt, weight, start,
            assigned.get(name, ""),
        )  # fmt: skip
        if sort == "pair":
            judgement = unpacked(row[8]) if isinstance(row[8], bytes) else None
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


_WAITING = {
    "claim": (
        "SELECT 'claim' AS sort, doubts.claim AS id, state, accounts.incident AS incident, doubts.document AS document, "
        "account AS left, NULL AS right, title, quote, why, doubt, doubts.weight AS weight, "
        "COALESCE(incidents.day, '9999') AS day FROM doubts LEFT JOIN accounts ON accounts.id = account "
        "LEFT JOIN incidents ON incidents.id = accounts.incident WHERE {}",
        "accounts.incident = ?",
        "doubts.claim",
    ),
    "pair": (
        "SELECT 'pair' AS sort, left || ' ' || right AS id, 'open' AS state, one.incident AS incident, "
        "NULL AS document, left, right, '' AS title, pairs.body AS quote, '' AS why, doubt, "
        "pairs.weight AS weight, COALESCE(incidents.day, '9999') AS day FROM pairs JOIN accounts one ON one.id = left "
        "JOIN accounts other ON other.id = right LEFT JOIN incidents ON incidents.id = one.incident "
        "WHERE doubt IS NOT NULL AND one.incident <> other.incident AND {}",
        "? IN (one.incident, other.incident)",
        "left || ' ' || right",
    ),
    "incident": (
        "SELECT 'incident' AS sort, id, 'open' AS state, id AS incident, NULL AS document, NULL AS left, "
        "NULL AS right, place AS title, '' AS quote, '' AS why, 0.5 AS doubt, killed AS weight, day FROM incidents "
        "WHERE differs AND NOT touched AND sort = 'incident' AND {}",
        "id = ?",
        "id",
    ),
}


def _waiting(
    sorts: Sequence[str], incident: str, only: Collection[str] | None, without: Collection[str]
) -> tuple[list[str], tuple[Any, ...]]:
    parts, values = [], []
    for sort in sorts:
        query, of_incident, name = _WAITING[sort]
        where = ["1"]
        if incident:
            where.append(of_incident)
            values.append(incident)
        if only is not None:
            where.append(f"{name} IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(only)))
        if without:
            where.append(f"{name} NOT IN (SELECT value FROM json_each(?))")
            values.append(json.dumps(sorted(without)))
        parts.append(query.format(" AND ".join(where)))
    return parts, tuple(values)
