"""The traits of many accounts as Arrow tables, and the SQL that finds and compares their pairs in DuckDB.

The statements are in ``reach.sql``, ``candidates.sql`` and ``comparison.sql``. Weights are added up as whole
hundredths: the same sum in whatever order, on any number of threads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from string import Template
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from tallystick.incidents.matters import follow
from tallystick.incidents.traits import LARGE, MIDDLE, Figure, Traits, traits
from tallystick.incidents.where import accused, where
from tallystick.model import HARM, MATTERS, Account, DocumentId, confusable

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
MEMORY = "600MB"  # what DuckDB keeps before it writes to disk

Columns = Mapping[str, Iterable[Any]]
Row = tuple[int, int, tuple[str, ...], float]  # two accounts by number, the reasons under HEADS, the score


def read(name: str) -> str:
    """A file of this room as text."""
    return (files("tallystick.incidents") / name).read_text(encoding="utf-8")


class Tables:
    """Accounts in an order given, numbered from 0, laid down to be asked for their pairs."""

    def __init__(
        self,
        told: Sequence[Account],
        weights: Mapping[str, tuple[float, str]],
        base: float,
        changed: Collection[DocumentId] | None = None,
    ) -> None:
        import duckdb  # it and pyarrow take half a second to import: only where accounts are compared

        self._disk = TemporaryDirectory(prefix="tallystick-")
        self._sql = duckdb.connect(
            ":memory:", config={"memory_limit": MEMORY, "temp_directory": self._disk.name}
        )
        self._told, self._base = told, base
        order = {name: n for n, name in enumerate(sorted({account.document for account in told}))}
        self._documents = [order[account.document] for account in told]
        rows = [traits(account) for account in told]
        self._spots, self._sides = _Numbered(), _Numbered()
        self._load_accounts(rows, changed)
        self._load(
            "key",
            {
                "n": [n for n, row in enumerate(rows) for _ in row.keys],
                "rule": [rule for row in rows for rule, _ in row.keys],
                "key": [key for row in rows for _, key in row.keys],
            },
            n="int32", rule="string", key="uint32",
        )  # fmt: skip
        self._codes = _coded(weights)
        columns = {
            "reason": weights.keys(),
            "weight": (round(100 * weight) for weight, _ in weights.values()),
            "code": self._codes.values(),
        }
        self._load("weight", columns, reason="string", weight="int32", code="int64")
        for name, kinds, meet in (("confused", HARM, confusable), ("follows", MATTERS, follow)):
            met = [(one, other) for one in kinds for other in kinds if one != other and meet(one, other)]
            both = {"one": (one for one, _ in met), "other": (other for _, other in met)}
            self._load(name, both, one="string", other="string")
        self._run("reach.sql")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sql.close()
        self._disk.cleanup()

    def _load_accounts(self, rows: Sequence[Traits], changed: Collection[DocumentId] | None) -> None:
        killed, wounded = _Numbered(), _Numbered()
        columns: dict[str, Iterable[Any]] = {
            "n": range(len(rows)),
            "document": self._documents,
            "changed": [changed is None or account.document in changed for account in self._told],
            "matter": [account.is_matter for account in self._told],
            "kind": [row.kind for row in rows],
            "first": [row.days and row.days[0] for row in rows],
            "last": [row.days and row.days[1] for row in rows],
            "published": [row.published for row in rows],
            "province": [next((key for rule, key in row.keys if rule == "province"), None) for row in rows],
            "spot": [self._spots.of(row.spot) for row in rows],
            "sides": [self._sides.of(row.sides) for row in rows],
            "killed": [killed.of(row.killed or None) for row in rows],
            "wounded": [wounded.of(row.wounded or None) for row in rows],
            "shared": [row.shared for row in rows],
            "target": [row.target for row in rows],
            "weapon": [row.weapon for row in rows],
            "words": [row.words for row in rows],
        }
        types = dict.fromkeys(
            ("n", "document", "first", "last", "published", "spot", "sides", "killed", "wounded"), "int32"
        )
        types |= dict.fromkeys(("shared", "target", "weapon", "words"), "uint32[]")
        self._load(
            "account", columns, **types, changed="bool", matter="bool", kind="string", province="uint32"
        )
        figures: list[tuple[str, int, Figure]] = [
            (toll, n, figure)
            for toll, told in (("killed", killed), ("wounded", wounded))
            for n, each in enumerate(told.every)
            for figure in each
        ]
        self._load(
            "figure",
            {
                "toll": [toll for toll, _, _ in figures],
                "n": [n for _, n, _ in figures],
                "low": [f[0] for _, _, f in figures],
                "high": [f[1] for _, _, f in figures],
                "most": [f[2] for _, _, f in figures],
                "vague": [f[3] for _, _, f in figures],
            },
            toll="string", n="int32", low="int64", high="int64", most="int64", vague="bool",
        )  # fmt: skip

    def _load(self, name: str, columns: Columns, **types: str) -> None:
        import pyarrow as pa

        kinds = {"uint32[]": pa.list_(pa.uint32()), "bool": pa.bool_()}
        table = pa.table(
            {
                key: pa.array(list(values), kinds.get(types[key]) or getattr(pa, types[key])())
                for key, values in columns.items()
            }
        )
        self._sql.register("arriving", table)
        self._sql.execute(f"create or replace temp table {name} as select * from arriving")  # noqa: S608
        self._sql.unregister("arriving")

    def _run(self, name: str, **numbers: int) -> None:
        self._sql.execute(Template(read(name)).substitute(numbers))

    def slices(self) -> Iterator[tuple[int, int]]:
        """Ranges of documents [start, stop) that are compared at one time."""
        return ranges(self._documents)

    def candidates(self, start: int, stop: int) -> int:
        """Find the candidate pairs whose lower document is in the range; how many they are."""
        self._run("candidates.sql", start=start, stop=stop)
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
            "select l, r from candidate join account on n = l where matter order by l, r"
        ).fetchall()

    def compared(self, least: float) -> Iterator[Row]:
        """The candidate pairs of harm that reach this score, with their reasons, in order."""
        self._met("spot", "spots", self._spots, where)
        self._met("sides", "sides", self._sides, accused)
        self._run(
            "comparison.sql",
            base=round(100 * self._base), large=LARGE, middle=MIDDLE, hopeless=round(100 * HOPELESS),
            least=round(100 * least),
        )  # fmt: skip
        rows = self._sql.execute("select l, r, codes, score from compared order by l, r")
        named = {code: reason for reason, code in self._codes.items()}
        known: dict[int, tuple[str, ...]] = {}
        while batch := rows.fetchmany(10_000):
            for left, right, codes, score in batch:
                reasons = known.get(codes)
                if reasons is None:
                    reasons = known[codes] = tuple(
                        named[codes & (_MASK << _BITS * head)] for head in range(len(HEADS))
                    )
                yield left, right, reasons, score / 100

    def _met(self, column: str, name: str, told: _Numbered, relation: Callable[[Any, Any], str]) -> None:
        """Relate every two values that meet in a candidate pair, once for all pairs in which they do."""
        met = self._sql.execute(
            f"select distinct a.{column}, b.{column} from candidate "  # noqa: S608
            "join account a on a.n = l join account b on b.n = r "
            f"where not a.matter and a.{column} is not null and b.{column} is not null"
        ).fetchall()
        said = [relation(told.every[x], told.every[y]) for x, y in met]
        columns = {"x": (x for x, _ in met), "y": (y for _, y in met), "reason": said}
        self._load(name, columns, x="int32", y="int32", reason="string")


def ranges(documents: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Ranges of documents [start, stop) of about ``SLICE`` accounts each; given is the document of each."""
    sizes = Counter(documents)
    start = held = 0
    for document in range(len(sizes)):
        held += sizes[document]
        if held >= SLICE or document == len(sizes) - 1:
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


class _Numbered:
    """Values numbered in the order in which they came, equal ones alike."""

    def __init__(self) -> None:
        self.every: list[Any] = []
        self._number: dict[Hashable, int] = {}

    def of(self, value: Hashable | None) -> int | None:
        if value is None:
            return None
        if value not in self._number:
            self._number[value] = len(self.every)
            self.every.append(value)
        return self._number[value]
