"""What people decided, in the order in which they did: by whom, of what, when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from tallystick import reviewing
from tallystick.desk.agreed import Agreed, agreed
from tallystick.desk.asked import Asked
from tallystick.desk.keep import packed, unpacked
from tallystick.model import Event

DECIDED = ("reviewed", "judged", "named", "graded", "commented", "assigned", "looked")


def note(connection: sqlite3.Connection, events: Iterable[tuple[int, Event]]) -> None:
    """Keep these events of people, each under its seq, its person, its day and all ids that it is about."""
    for seq, event in events:
        row = (seq, event.what, event.by, event.at[:10], packed(event))
        connection.execute("INSERT OR REPLACE INTO past VALUES (?, ?, ?, ?, ?)", row)
        about = {event.item, *event.item.split()}
        connection.executemany(
            "INSERT OR IGNORE INTO past_about VALUES (?, ?)", [(item, seq) for item in sorted(about)]
        )


class Past(Asked):
    """What people decided in a case."""

    def history(
        self,
        *,
        item: str = "",
        by: str = "",
        what: Sequence[str] = DECIDED,
        first: date | None = None,
        last: date | None = None,
        limit: int = 100,
        skip: int = 0,
    ) -> tuple[Event, ...]:
        """What people decided, the last first; of one item, one person, some kinds or days if asked."""
        return tuple(
            event
            for _, event in self.numbered_history(
                item=item, by=by, what=what, first=first, last=last, limit=limit, skip=skip
            )
        )

    def numbered_history(
        self,
        *,
        item: str = "",
        by: str = "",
        what: Sequence[str] = DECIDED,
        first: date | None = None,
        last: date | None = None,
        before: int | None = None,
        limit: int = 100,
        skip: int = 0,
    ) -> tuple[tuple[int, Event], ...]:
        """The same, each with its seq in the custody record; only what stands ``before`` one if asked."""
        where, values = _where(item, by, what, first, last)
        if before is not None:
            where, values = f"{where} AND seq < ?", (*values, before)
        found = self._keep.reading.execute(
            f"SELECT seq, body FROM past WHERE {where} ORDER BY seq DESC LIMIT ? OFFSET ?",
            (*values, limit, skip),
        )
        return tuple((seq, unpacked(body)) for seq, body in found)

    def count_history(
        self,
        *,
        item: str = "",
        by: str = "",
        what: Sequence[str] = DECIDED,
        first: date | None = None,
        last: date | None = None,
    ) -> int:
        """How many decisions those are."""
        where, values = _where(item, by, what, first, last)
        found = self._keep.reading.execute(f"SELECT COUNT(*) FROM past WHERE {where}", values)
        return int(found.fetchone()[0])

    def decision(self, seq: int) -> Event | None:
        """The decision that stands at this place of the custody record; None where there is none."""
        row = self._keep.reading.execute("SELECT body FROM past WHERE seq = ?", (seq,)).fetchone()
        return unpacked(row[0]) if row else None

    def last_on(self, what: str, item: str) -> int | None:
        """Where the last decision of one kind on one item stands; ``item`` as its event has it."""
        row = self._keep.reading.execute(
            "SELECT MAX(past.seq) FROM past_about JOIN past ON past.seq = past_about.seq "
            "WHERE past_about.item = ? AND past.what = ?",
            (item, what),
        ).fetchone()
        return None if row is None else row[0]

    def people(self) -> tuple[tuple[str, int, str], ...]:
        """Who decided, how often, and on which day last; who did last comes first."""
        found = self._keep.reading.execute(
            "SELECT by, COUNT(*), MAX(day) FROM past GROUP BY by ORDER BY MAX(seq) DESC"
        )
        return tuple((by, count, day) for by, count, day in found)

    def agreement(self) -> Agreed:
        """How far people agree who looked at the same claims, worked out once for each state of the case."""
        at = self.at
        if self._agreed is None or self._agreed[0] != at:
            rule = self.case.settings
            reviews = self.case.ledger.reviews()
            told = reviewing.settled(reviews, twice=rule.second_check, seniors=rule.seniors)
            self._agreed = at, agreed(told.values())
        return self._agreed[1]

    _agreed: tuple[int, Agreed] | None = None


def _where(
    item: str, by: str, what: Sequence[str], first: date | None, last: date | None
) -> tuple[str, tuple[Any, ...]]:
    """The condition, in SQL, with its values."""
    parts = [f"what IN ({','.join('?' * len(what))})"]
    values: list[Any] = [*what]
    if item:
        parts.append("seq IN (SELECT seq FROM past_about WHERE item = ?)")
        values.append(item)
    if by:
        parts.append("by = ?")
        values.append(by)
    if first:
        parts.append("day >= ?")
        values.append(first.isoformat())
    if last:
        parts.append("day <= ?")
        values.append(last.isoformat())
    return " AND ".join(parts), tuple(values)
