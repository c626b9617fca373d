"""The traits of many accounts as Arrow tables, and the SQL that finds and compares their pairs in DuckDB.

The statements are in ``reach.sql``, ``candidates.sql`` and ``comparison.sql``. Weights are added up as whole
hundredths: the same sum in whatever order, on any number of threads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy
from functools import partial
from importlib.resources import files
from string import Template
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from tallystick.incidents.matters import follow
from tallystick.incidents.traits import LARGE, MIDDLE
from tallystick.incidents.where import accused
from tallystick.model import HARM, MATTERS, Account, DocumentId

HEADS = (
    "day",
    "place",
    "kind",
    "killed",
    "wounded",
    "figures",
    "accused",
    "target",
    "weapon",
    "words",
    "rival",
)
HOPELESS = -6.0  # an account so unlike is no rival
SLICE = 4000  # accounts of the lower documents that are compared at one time: so memory has a bound
SLICES = 25  # at most, of many accounts: each looks through all keys once
MEMORY, EACH = (
    600,
    0.0025,
)  # MB: what DuckDB keeps before it writes to disk, and for each account where there are many

Row = tuple[int, int, tuple[str, ...], float]  # two accounts by number, the reasons under HEADS, the score


def read(name: str) -> str:
    """A file of this room as text."""
    return (files("tallystick.incidents") / name).read_text(encoding="utf-8")


TOLLS = (  # as ``tolls.sql`` numbers them
    "the same, eight or more",
    "the same, three to seven",
    "the same, one or two",
    "both can be true",
    "close",
    "too vague to tell",
    "both can be true, far apart",
    "differ",
)
_REACHED = 50_000  # accounts
_MADE = re.compile(r"create or replace (?:temp )?table (dated|undated|said) as")
_REASON = re.compile(r"\{([^{}]+)\}")
# Kinds that one matter may be told under in two reports, by their numbers, as pairs in one number.
_FOLLOWS = [
    64 * n + m
    for n, one in enumerate(MATTERS, 1)
    for m, other in enumerate(MATTERS, 1)
    if n != m and follow(one, other)
]


class Tables:
    """Accounts in an order given, numbered from 0, laid down to be asked for their pairs.

    They are looked at once, one after the other; none is kept.
    """

    def __init__(
        self,
        told: Iterable[Account],
        weights: Mapping[str, tuple[float, str]],
        base: float,
        changed: Collection[DocumentId] | None = None,
    ) -> None:
        import duckdb  # it and pyarrow take half a second to import: only where accounts are compared

        from tallystick.incidents.laid import lay
        from tallystick.incidents.wheres import Wheres

        self._base, self._codes = base, _coded(weights)
        self._packed = {
            reason: (round(100 * weights[reason][0]) << _BITS * len(HEADS)) + code
            for reason, code in self._codes.items()
        }
        self._laid = lay(told, changed)
        self.documents, self.document = self._laid.documents, self._laid.document
        self.spots, self.spot = self._laid.every_spot, self._laid.spot
        self._wheres = Wheres(self._laid.every_spot)
        self._sided: dict[tuple[int, int], int] = {}
        self._disk = TemporaryDirectory(prefix="tallystick-")
        memory = max(MEMORY, EACH * len(self._laid.spot))
        self._sql = duckdb.connect(
            ":memory:", config={"memory_limit": f"{memory}MB", "temp_directory": self._disk.name}
        )
        for name, table in self._laid.tables.items():
            self._load(name, table, temporary=name == "key")
        self._laid.tables.clear()
        reach(self._sql, len(self._laid.spot))
        self._sql.execute("drop table key")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sql.close()
        self._disk.cleanup()

    def beside(self) -> Self:
        """The same tables, to be asked by another thread meanwhile: what is found and compared is its own.

        What was related once is known to all; two threads that relate the same values come to the same.
        """
        other = copy(self)
        other._sql = self._sql.cursor()
        return other

    def _load(self, name: str, table: Any, *, temporary: bool = True) -> None:
        """Lay down a table; one that is temporary is seen by nobody ``beside``."""
        self._sql.register("arriving", table)
        sort = "temp table" if temporary else "table"
        self._sql.execute(f"create or replace {sort} {name} as select * from arriving")  # noqa: S608
        self._sql.unregister("arriving")

    def _run(self, name: str, **values: object) -> None:
        text = _REASON.sub(lambda told: str(self._packed[told[1]]), read(name))
        self._sql.execute(Template(text).substitute(values))

    def slices(self) -> Iterator[tuple[int, int]]:
        """Ranges of documents [start, stop) that are compared at one time."""
        return ranges(self._laid.document.tolist())

    def candidates(self, start: int, stop: int) -> int:
        """Find the candidate pairs whose lower document is in the range; how many they are."""
        self._run("candidates.sql", start=start, stop=stop, follows=", ".join(map(str, _FOLLOWS)))
        found = self._sql.execute("select count(*) from candidate").fetchone()
        return int(found[0]) if found else 0

    def propose(self, left: int, right: int) -> None:
        """Take these two accounts for the one candidate pair."""
        self._sql.execute(
            "create or replace temp table candidate as select ?::int as l, ?::int as r", [left, right]
        )

    def matters(self) -> list[tuple[int, int]]:
        """The candidate pairs that are of matters."""
        return self._sql.execute(
            "select l, r from candidate join account on n = l where matter > 0 order by l, r"
        ).fetchall()

    def compare(self, least: float) -> None:
        """Compare the candidate pairs of harm: those that reach this score are then in ``compared``."""
        self._know()
        self._run(
            "comparison.sql",
            base=round(100 * self._base), hopeless=round(100 * HOPELESS), least=round(100 * least),
            other=HARM.index("other"), fighting=HARM.index("ground_clash"),
            killed=_BITS * HEADS.index("killed"),
            most=self._most("rival"), figures=self._most("figures"), target=self._most("target"),
            weapon=self._most("weapon"), words=self._most("words"),
        )  # fmt: skip

    def _most(self, head: str) -> int:
        """The most that a reason under ``head`` weighs."""
        mask = _MASK << _BITS * HEADS.index(head)
        return max(
            packed >> _BITS * len(HEADS)
            for reason, packed in self._packed.items()
            if self._codes[reason] & mask
        )

    def compared(self, least: float) -> Iterator[Row]:
        """The candidate pairs of harm that reach this score, with their reasons, in order."""
        self.compare(least)
        rows = self._sql.execute("select l, r, codes, score from compared order by l, r")
        known: dict[int, tuple[str, ...]] = {}
        while batch := rows.fetchmany(10_000):
            for left, right, codes, score in batch:
                reasons = known.get(codes)
                if reasons is None:
                    reasons = known[codes] = self.reasons(codes)
                yield left, right, reasons, score / 100

    def reasons(self, codes: int) -> tuple[str, ...]:
        """The reason under each head that a number of ``compared`` stands for."""
        named = {code: reason for reason, code in self._codes.items()}
        return tuple(named[codes & (_MASK << _BITS * head)] for head in range(len(HEADS)))

    def columns(self) -> tuple[Any, Any, Any]:
        """What ``compared`` holds as columns: the two accounts by number, and the score in hundredths."""
        found = self._sql.execute("select l, r, score from compared").fetchnumpy()
        return found["l"], found["r"], found["score"]

    def _know(self) -> None:
        """Say of each candidate pair what values say of each other that meet in many pairs."""
        import numpy as np
        import pyarrow as pa

        from tallystick.incidents.meeting import related
        from tallystick.incidents.wheres import REASONS

        self._sql.execute(
            "create or replace temp table here as select * from account "
            "where n in (select l from candidate union all select r from candidate)"
        )
        pairs = self._sql.sql("select l, r from candidate").to_arrow_table()
        left, right = (pairs[name].to_numpy() for name in ("l", "r"))
        known = np.zeros(len(left), dtype=np.int64)
        places = np.array([self._packed[reason] for reason in REASONS], dtype=np.int64)
        for told, untold, answer in (
            (self._laid.spot, "place not told", lambda x, y: places[self._wheres.reasons(x, y)]),
            (self._laid.sides, "accused not told by both", self._accused),
            (self._laid.killed, "killed: not told by both", partial(self._toll, "killed")),
            (self._laid.wounded, "wounded: not told by both", partial(self._toll, "wounded")),
        ):
            one, other = told[left], told[right]
            (both,) = np.nonzero((one >= 0) & (other >= 0))
            said = np.full(len(left), self._packed[untold], dtype=np.int64)
            said[both] = related(one[both], other[both], answer)
            known += said
        self._load("candidate", pairs.append_column("known", pa.array(known)))

    def _accused(self, one: Any, other: Any) -> Any:
        """The reasons of sides that meet, each two related once for all slices."""
        import numpy as np

        out = np.empty(len(one), dtype=np.int64)
        for n, pair in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
            if pair not in self._sided:
                x, y = (self._laid.every_sides[number] for number in pair)
                self._sided[pair] = self._packed[accused(x, y)]
            out[n] = self._sided[pair]
        return out

    def _toll(self, toll: str, one: Any, other: Any) -> Any:
        """The reasons of figures that meet."""
        import numpy as np
        import pyarrow as pa

        self._load("met", pa.table({"i": np.arange(len(one), dtype=np.int32), "x": one, "y": other}))
        self._run("tolls.sql", toll=toll, large=LARGE, middle=MIDDLE)
        found = self._sql.execute("select i, said from tolls").fetchnumpy()
        reasons = np.array([self._packed[f"{toll}: {told}"] for told in TOLLS], dtype=np.int64)
        out = np.empty(len(one), dtype=np.int64)
        out[found["i"]] = reasons[found["said"]]
        return out


def reach(sql: Any, count: int) -> None:
    """Lay down in ``sql`` what the keys of ``count`` accounts reach, some accounts at a time.

    DuckDB 2.0 fails inside where it joins a million at once ("global dictionary column changed identity").
    """
    text = _MADE.sub(r"create or replace table \1 as", read("reach.sql"))  # seen beside, too
    for start in range(0, max(1, count), _REACHED):
        sql.execute(Template(text).substitute(start=start, stop=start + _REACHED))
        text = _MADE.sub(r"insert into \1", text)


def ranges(documents: Collection[int]) -> Iterator[tuple[int, int]]:
    """Ranges of documents [start, stop) compared at one time; given is each account's document."""
    size = max(SLICE, len(documents) // SLICES)
    sizes = Counter(documents)
    start = held = 0
    for document in range(len(sizes)):
        held += sizes[document]
        if held >= size or document == len(sizes) - 1:
            yield start, document + 1
            start, held = document + 1, 0


_BITS, _MASK = 4, 15


def _coded(weights: Mapping[str, tuple[float, str]]) -> dict[str, int]:
    """A number for each reason: its place under its head, from 1, in the four bits of that head."""
    places = dict.fromkeys(HEADS, 0)
    out = {}
    for reason, (_, head) in weights.items():
        places[head] += 1
        assert places[head] <= _MASK, f"more reasons under {head} than {_BITS} bits can tell"
        out[reason] = places[head] << _BITS * HEADS.index(head)
    return out
