"""What is asked of incidents and matters, of the accounts in them, and of the pairs between those."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from tallystick.desk import search
from tallystick.desk.asked import Asked
from tallystick.desk.entries import Order, Row, Wanted
from tallystick.desk.keep import shared, unpacked
from tallystick.model import Account, AccountId, IncidentId, Judgement, Weighed

_ORDERS: dict[Order, str] = {
    "day": "day, id",
    "latest": "day = '9999', day DESC, id",
    "told": "reports DESC, id",
    "killed": "killed DESC, id",
    "place": "place, day, id",
}


_PART = 500  # names in one question
_WAITS = (
    "SELECT incident, COUNT(*) FROM waiting WHERE incident IN ({}) GROUP BY incident",
    "SELECT other, COUNT(*) FROM waiting WHERE other IN ({}) GROUP BY other",
)
_WAITING = "id IN (SELECT incident FROM waiting UNION SELECT other FROM waiting)"


class Incidents(Asked):
    """The incidents and matters of a case."""

    def walk(self, wanted: Wanted, *, after: str = "", limit: int = 100) -> tuple[Row, ...]:
        """The incidents or matters that are ``wanted`` behind the id ``after``, in the order of their ids.

        Unlike a day or a place an id does not change: who goes on from the last id meets each once.
        """
        where, values = _where(wanted)
        query = f"SELECT row FROM incidents WHERE {where} AND id > ? ORDER BY id LIMIT ?"
        found = self._keep.reading.execute(query, (*values, after, limit))
        return self.with_waits([unpacked(row) for (row,) in found])

    def walk_accounts(
        self, *, report: str = "", incident: str = "", after: str = "", limit: int = 100
    ) -> tuple[AccountId, ...]:
        """The ids of accounts behind ``after``, in their order; of one report or incident if asked."""
        told = {"id > ?": after, "document = ?": report, "incident = ?": incident}
        asked = {part: value for part, value in told.items() if value}
        where = " AND ".join(asked) or "1"
        query = f"SELECT id FROM accounts WHERE {where} ORDER BY id LIMIT ?"
        found = self._keep.reading.execute(query, (*asked.values(), limit))
        return tuple(AccountId(name) for (name,) in found)

    def rows(self, wanted: Wanted = Wanted(), *, limit: int = 100, skip: int = 0) -> tuple[Row, ...]:  # noqa: B008
        """The incidents or matters that are ``wanted``, in its order, from the one at ``skip`` on."""
        where, values = _where(wanted)
        query = f"SELECT row FROM incidents WHERE {where} ORDER BY {_ORDERS[wanted.order]} LIMIT ? OFFSET ?"
        found = self._keep.reading.execute(query, (*values, limit, skip))
        return self.with_waits([unpacked(row) for (row,) in found])

    def with_waits(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows, each with how much waits for a person about it."""
        waits = self._waits([row.id for row in rows])
        return tuple(replace(row, undecided=waits[row.id]) if waits[row.id] else row for row in rows)

    def _waits(self, names: Sequence[str]) -> Counter[str]:
        """How much of the queue is about each of these."""
        out: Counter[str] = Counter()
        for at in range(0, len(names), _PART):
            part = names[at : at + _PART]
            marks = ",".join("?" * len(part))
            for query in _WAITS:
                found = self._keep.reading.execute(query.format(marks), part)
                out.update(dict(found.fetchall()))
        return out

    def count(self, wanted: Wanted = Wanted()) -> int:  # noqa: B008 - a frozen value
        """How many incidents or matters are ``wanted``."""
        where, values = _where(wanted)
        found = self._keep.reading.execute(f"SELECT COUNT(*) FROM incidents WHERE {where}", values)
        return int(found.fetchone()[0])

    def weighed(self, name: str) -> Weighed | None:
        """The incident or matter of that id, also of a former one; None where there is none."""
        reading = self._keep.reading
        found = reading.execute("SELECT body FROM weighed WHERE id = ?", (name,)).fetchone()
        if found is None:
            account = "acc-" + name.removeprefix("inc-")
            query = "SELECT body FROM weighed WHERE id = (SELECT incident FROM accounts WHERE id = ?)"
            found = reading.execute(query, (account,)).fetchone()
        return shared(found[0]) if found else None

    def all_rows(self, wanted: Wanted) -> Iterator[Row]:
        """All that are ``wanted``, without what waits about them: for drawings and files."""
        where, values = _where(wanted)
        query = f"SELECT row FROM incidents WHERE {where} ORDER BY {_ORDERS[wanted.order]}"
        for (row,) in self._keep.reading.execute(query, values):
            yield unpacked(row)

    def kinds(self, sort: str) -> tuple[tuple[str, int], ...]:
        """The kinds of incidents or matters that there are, and how many of each; the most first."""
        query = "SELECT kind, COUNT(*) FROM incidents WHERE sort = ? GROUP BY kind ORDER BY 2 DESC, 1"
        return tuple((kind, count) for kind, count in self._keep.reading.execute(query, (sort,)))

    def row(self, name: str) -> Row | None:
        """The same in a line."""
        found = self._keep.reading.execute("SELECT row FROM incidents WHERE id = ?", (name,)).fetchone()
        return unpacked(found[0]) if found else None

    def incidents_of(self, names: Iterable[str]) -> dict[AccountId, IncidentId]:
        """The incident that each of these accounts belongs to; totals belong to none."""
        out: dict[AccountId, IncidentId] = {}
        for name in names:
            found = self._keep.reading.execute(
                "SELECT incident FROM accounts WHERE id = ?", (name,)
            ).fetchone()
            if found and found[0]:
                out[AccountId(name)] = IncidentId(found[0])
        return out

    def accounts_known(self, names: Iterable[str]) -> set[AccountId]:
        """Those of ``names`` that are accounts of the case."""
        ask = "SELECT 1 FROM accounts WHERE id = ?"
        return {AccountId(name) for name in names if self._keep.reading.execute(ask, (name,)).fetchone()}

    def account(self, name: str) -> Account | None:
        """The account of that id, its names looked up; None where there is none."""
        found = self._keep.reading.execute(
            "SELECT incident, body FROM accounts WHERE id = ?", (name,)
        ).fetchone()
        if found is None:
            return None
        if found[1] is not None:
            loose = unpacked(found[1])
            assert isinstance(loose, Account)
            return loose
        weighed = self.weighed(found[0]) if found[0] else None
        return next((one for one in weighed.incident.accounts if one.id == name), None) if weighed else None

    def judgement(self, left: str, right: str) -> Judgement | None:
        """What stands between two accounts, the lesser id first: a person's word, else a program's."""
        query = "SELECT body FROM pairs WHERE (left, right) = (?, ?)"
        found = self._keep.reading.execute(query, (left, right)).fetchone()
        return unpacked(found[0]) if found else None

    def judgements_of(self, names: Iterable[str]) -> tuple[Judgement, ...]:
        """What stands between any of these accounts and any other, in order of the pairs."""
        out = {}
        for name in names:
            for side in ("left", "right"):
                found = self._keep.reading.execute(
                    f"SELECT left, right, body FROM pairs WHERE {side} = ?", (name,)
                )
                out.update({(left, right): body for left, right, body in found})
        return tuple(unpacked(out[pair]) for pair in sorted(out))


def _where(wanted: Wanted) -> tuple[str, tuple[Any, ...]]:
    """The condition, in SQL, for what is wanted, with its values."""
    parts: list[str] = ["1"]
    values: list[Any] = []

    def add(part: str, *more: Any) -> None:
        parts.append(part)
        values.extend(more)

    if wanted.sort:
        add("sort = ?", wanted.sort)
    if wanted.kinds:
        add(f"kind IN ({','.join('?' * len(wanted.kinds))})", *wanted.kinds)
    if wanted.start or wanted.end:
        add("(day <> '9999' OR last <> '9999')")
    if wanted.start:
        add("last >= ?", wanted.start.isoformat())
    if wanted.end:
        add("(day <= ? OR day = '9999')", wanted.end.isoformat())
    if wanted.box:
        add("touches(latitude, longitude, radius, ?, ?, ?, ?)", *wanted.box)
    for column, told in (("wheres", wanted.place), ("parties", wanted.party)):
        if sought := search.folded(told.strip()):
            add(f"instr({column}, ?)", sought)
    for word in search.folded(wanted.words).split():
        add("instr(folded, ?)", word)
    if wanted.shape:
        add("shape = ?", wanted.shape)
    if wanted.differing:
        add("differs")
    if wanted.undecided:
        add("differs AND NOT touched")
    if wanted.waiting:
        add(_WAITING)
    return " AND ".join(parts), tuple(values)
