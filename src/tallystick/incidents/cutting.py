"""Accounts cut into overlapping windows of time, so that their pairs can be compared apart from one another.

A window holds documents of neighbouring days ("at home" there, each document in one window alone), and of
later windows those accounts that may be a pair with one of them: that share a key within the reach of its
rule, by the tables of ``reach.sql`` that candidates are found in. What ``compare.pairs`` finds in a window,
where one side at least must be at home, are then exactly the pairs that it finds among all accounts whose
earlier window is this one: none is lost, and none is found twice. A pair's judgement follows from its two
documents alone, of which one is there whole and the other with every account that is a candidate; so it is
the same, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tallystick.incidents.compare import pairs
from tallystick.incidents.tables import MEMORY, ranges, reach, read
from tallystick.model import Account, DocumentId, Judgement

SIZE = 5000  # accounts at home in a window, or one document's
_NEVER = 2147483647  # the window of those that are at home in none


@dataclass(frozen=True, slots=True)
class Window:
    """The documents at home in it, and the accounts: theirs, and those that may be a pair with theirs."""

    home: frozenset[DocumentId]
    accounts: tuple[Account, ...]

    def __str__(self) -> str:
        days = sorted(a.published for a in self.accounts if a.published and a.document in self.home)
        return f"{days[0]} to {days[-1]}" if days else "no day told"


def judged(window: Window) -> tuple[int, tuple[Judgement, ...]]:
    """How many candidate pairs the window has, and the judgements on those not plainly different."""
    parts = list(pairs(window.accounts, window.home))
    return sum(part.candidates for part in parts), tuple(p.judgement for part in parts for p in part.near)


def parts(accounts: Iterable[Account]) -> dict[DocumentId, int]:
    """For each document the number of the slice in which ``pairs`` compares it on one machine.

    A pair is found in the lesser of its two documents' slices; within one, pairs are in order of their ids.
    """
    from tallystick.incidents.laid import in_order

    told = [account for account in accounts if not account.telling.aggregate]
    days = {a.document: a.published.toordinal() if a.published else 0 for a in told}
    names = list(days)
    order = [names[n] for n in in_order(names, list(days.values()))]
    number = {name: n for n, name in enumerate(order)}
    cuts = ranges([number[account.document] for account in told])
    return {order[n]: part for part, (start, stop) in enumerate(cuts) for n in range(start, stop)}


def windows(accounts: Iterable[Account], changed: Collection[DocumentId] | None = None) -> Iterator[Window]:
    """The windows of ``accounts``; with ``changed`` only of those documents, the others in reach beside them.

    They depend on nothing but what is given: not on how many there are to compare them. The order of
    ``accounts`` does not matter.
    """
    told = sorted((a for a in accounts if not a.telling.aggregate), key=lambda account: account.id)
    home = _home(told, changed)
    count = 1 + max(home.values(), default=-1)
    guests = _guests(told, home) if count > 1 or len(home) < len({a.document for a in told}) else {}
    at_home: dict[int, list[int]] = {}
    for n, account in enumerate(told):
        if account.document in home:
            at_home.setdefault(home[account.document], []).append(n)
    for window in range(count):
        inside = sorted({*at_home[window], *guests.get(window, ())})
        names = frozenset(told[n].document for n in at_home[window])
        yield Window(names, tuple(told[n] for n in inside))


def _home(told: Iterable[Account], changed: Collection[DocumentId] | None) -> dict[DocumentId, int]:
    """The window that each document is at home in: in order of days, until one holds ``SIZE`` accounts."""
    sizes: dict[DocumentId, int] = {}
    days: dict[DocumentId, date] = {}
    for account in told:
        name, day = account.document, account.published or account.telling.when.start or date.max
        if changed is None or name in changed:
            sizes[name] = sizes.get(name, 0) + 1
            days[name] = min(day, days.get(name, date.max))
    home, window, held = {}, 0, 0
    for name in sorted(sizes, key=lambda name: (days[name], name)):
        if held >= SIZE:
            window, held = window + 1, 0
        home[name] = window
        held += sizes[name]
    return home


def _guests(told: list[Account], home: dict[DocumentId, int]) -> dict[int, list[int]]:
    """For each window the numbers of the accounts of later windows, or of none, that may meet its own."""
    from tempfile import TemporaryDirectory

    import duckdb
    import pyarrow as pa

    from tallystick.incidents.laid import lay

    at_home = pa.array([home.get(each.document, _NEVER) for each in told], pa.int32())
    tables = lay(told, None).tables
    tables["account"] = tables["account"].append_column("w", at_home)
    with TemporaryDirectory(prefix="tallystick-") as disk:
        sql = duckdb.connect(":memory:", config={"memory_limit": f"{MEMORY}MB", "temp_directory": disk})
        try:
            for name in ("account", "key"):
                sql.register("arriving", tables[name])
                sql.execute(f"create temp table {name} as select * from arriving")  # noqa: S608
                sql.unregister("arriving")
            reach(sql, len(told))
            sql.execute(read("guests.sql"))
            met = sql.execute("select w, list(n order by n) from guest group by w").fetchall()
        finally:
            sql.close()
    return dict(met)
