"""The parties that lists know: their names over time, what they are part of, and the base that comes with the program.

An ``Entry`` is one party of one list. The base is ``parties.tsv``, whose head tells its columns; a
case's own list is written in the same small language. Years are written as far as they are known
("2016", "2016-07", "2016-07-28"): what falls within an unknown month or day cannot be told.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files

from tallystick.values.names import countries, fold

STATE = frozenset(("government", "army", "office"))
SORTS = frozenset((
    *STATE, "armed group", "militia", "coalition", "party", "monitor", "agency", "body", "medium", "rescue", "court", "person", "other",
))  # fmt: skip
TIES = ("part of", "allied with", "split from", "successor of")
BASE = "base"
_STRETCH = re.compile(r"(\d{4}(?:-\d\d){0,2})?\.\.(\d{4}(?:-\d\d){0,2})?|(\d{4}(?:-\d\d){0,2})")
_TIE = re.compile(rf"({'|'.join(TIES)}): ([^{{}}]+?)(?: \{{([^{{}}]*)\}})?")
_IDS = re.compile(r"UCDP Actor [\d.]+, id ([\d, ]+)")


@dataclass(frozen=True, slots=True)
class Years:
    """A stretch of time, ``since`` to ``until`` as written, each ``None`` where it is open or unknown."""

    since: str | None = None
    until: str | None = None

    @classmethod
    def of(cls, words: str | None) -> Years:
        """Read "2012..2016-07", "2016..", "..2016-07-28" or "2014". Raises ``ValueError`` for anything else."""
        if not words or not words.strip():
            return cls()
        match = _STRETCH.fullmatch(words.strip())
        if not match:
            raise ValueError(
                f"{words!r} is no stretch of time: write since..until, each as 2016, 2016-07 or 2016-07-28"
            )
        out = cls(match[1] or match[3], match[2])
        for end in (out.since, out.until):
            if end:
                _ends(end)
        if out.since and out.until and _ends(out.since)[0] > _ends(out.until)[1]:
            raise ValueError(f"{words!r} ends before it begins")
        return out

    def holds(self, day: date | None) -> bool | None:
        """Whether ``day`` lies within, both ends counted; ``None`` where that cannot be told."""
        if not self.since and not self.until:
            return True
        if day is None:
            return None
        sure = True
        if self.since:
            first, last = _ends(self.since)
            if day < first:
                return False
            sure = day >= last
        if self.until:
            first, last = _ends(self.until)
            if day > last:
                return False
            sure = sure and day <= first
        return True if sure else None

    def meets(self, other: Years) -> bool:
        """Whether there may be a day within both stretches, the day on which one gives way to the other left out."""
        for one, two in ((self, other), (other, self)):
            if one.since and two.until and _ends(one.since)[0] >= _ends(two.until)[1]:
                return False
        return True

    def __str__(self) -> str:
        if self.since and self.until:
            return f"{self.since} to {self.until}"
        return f"since {self.since}" if self.since else f"until {self.until}" if self.until else ""


def _ends(words: str) -> tuple[date, date]:
    """The first and the last day of a year, month or day as written."""
    parts = [int(part) for part in words.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if len(parts) == 3:
        return date(year, month, parts[2]), date(year, month, parts[2])
    date(year, month, 1)  # so that a thirteenth month is refused as such
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a party: when it bore it, its usual form at that time, and whether a running text may be read for it."""

    text: str
    usual: str
    years: Years = Years()
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Tie:
    """What stands between a party and another: one of ``TIES``, the other's name, and when."""

    kind: str
    to: str
    years: Years = Years()

    def __str__(self) -> str:
        when = str(self.years)
        return f"{self.kind} {self.to}" + (f" ({when})" if when else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One party of a list. ``code`` is its id there; ``described`` holds (description, whether it suffices alone).

    ``same`` are the ids of rows in other lists that are this party; ``source`` says where the entry is from.
    """

    code: str
    name: str
    sort: str = "other"
    names: tuple[Name, ...] = ()
    countries: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    described: tuple[tuple[str, bool], ...] = ()
    source: str = ""
    list: str = ""
    same: tuple[str, ...] = field(default=())

    @property
    def every(self) -> tuple[Name, ...]:
        """Its usual name and every other, each once."""
        told = {name.text: name for name in reversed(self.names)}
        first = told.pop(self.name, Name(self.name, self.name))
        return (first, *(name for name in self.names if name.text in told))

    def called(self, day: date | None) -> str:
        """Its usual name on ``day``: that of the time where one is told for certain, else its usual name."""
        if day is not None:
            for name in self.names:
                if (name.years.since or name.years.until) and name.years.holds(day):
                    return name.usual
        return self.name


def entry(cells: dict[str, str], where: str) -> Entry:
    """An entry from cells named ``name, names, sort, countries, ties, over time, described, source, code``.

    Raises ``ValueError`` saying what is wrong with it.
    """
    name = cells.get("name", "").strip()
    if not name:
        raise ValueError("it has no name")
    sort = cells.get("sort", "").strip() or "other"
    if sort not in SORTS:
        raise ValueError(f"{sort!r} is no sort of party: one of {', '.join(sorted(SORTS))}")
    names = [
        Name(other.removeprefix("~"), name, plain=not other.startswith("~"))
        for other in _parts(cells.get("names"))
    ]
    names += _periods(cells.get("over time"))
    ties = []
    for words in _parts(cells.get("ties")):
        match = _TIE.fullmatch(words)
        if not match:
            raise ValueError(
                f"{words!r} is no tie: write one of {', '.join(TIES)}, a colon, a name, and {{years}}"
            )
        ties.append(Tie(match[1], match[2], Years.of(match[3])))
    described = tuple(
        (words.removeprefix("?"), not words.startswith("?")) for words in _parts(cells.get("described"))
    )
    source = cells.get("source", "").strip()
    ids = _IDS.search(source)
    return Entry(
        cells.get("code", "").strip() or name, name, sort, tuple(names), tuple(_parts(cells.get("countries"))), tuple(ties), described,
        source or where, where, tuple(f"ucdp {each}" for each in _parts(ids[1], ",")) if ids else (),
    )  # fmt: skip


def _parts(words: str | None, sign: str = ";") -> list[str]:
    return [part.strip() for part in (words or "").split(sign) if part.strip()]


def _periods(words: str | None) -> Iterator[Name]:
    """Names over time: "..2016-07-28: A | B ; 2016-07-28..: C"."""
    for period in _parts(words, " ; "):
        when, _, told = period.partition(": ")
        names = _parts(told, "|")
        if not names:
            raise ValueError(f"{period!r} tells no names over time: write since..until: name | name")
        years = Years.of(when)
        yield from (Name(each.removeprefix("~"), names[0], years, not each.startswith("~")) for each in names)


@cache
def base() -> tuple[Entry, ...]:
    """The entries of ``parties.tsv``, and a government and an army for each country that it gives none."""
    columns = ("name", "names", "sort", "countries", "ties", "over time", "described", "source")
    lines = (files("tallystick.values.parties") / "parties.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    listed = [entry(dict(zip(columns, row, strict=True)), BASE) for row in rows]
    here = {
        fold(name.text): number
        for number, each in enumerate(listed)
        if each.sort in ("government", "army")
        for name in each.every
    }
    told = {fold(name.text) for each in listed for name in each.every}
    for state in _states():
        number = next(
            (here[key] for key in map(fold, (state.name, *(n.text for n in state.names))) if key in here),
            None,
        )
        if number is None:
            listed.append(replace(state, names=tuple(n for n in state.names if fold(n.text) not in told)))
        else:
            usual = listed[number].name
            more = tuple(replace(n, usual=usual) for n in state.every if fold(n.text) not in told)
            listed[number] = replace(listed[number], names=listed[number].names + more)
    return tuple(listed)


def _states() -> Iterator[Entry]:
    """The governments and armies of all countries, under the names that their adjectives make."""
    adjectives: dict[str, list[str]] = {}
    for word, land in countries().items():
        if word != land.lower():
            adjectives.setdefault(land, []).append(
                word.upper() if len(word.strip(".")) <= 3 else word.title()
            )
    for land, words in adjectives.items():
        owner = f"{words[0]} government"
        for arm, others in (
            ("government", ("regime", "authorities")),
            ("army", ("armed forces", "military")),
        ):
            more = [f"{word} {other}" for word in (*words, land) for other in (arm, *others)][1:]
            if arm == "government":
                more += [land, f"Government of {land}"]
            name = f"{words[0]} {arm}"
            yield Entry(
                name, name, arm, tuple(Name(each, name, plain=False) for each in more), (land,),
                (Tie("part of", owner),) if arm == "army" else (), source="the names of countries", list=BASE,
            )  # fmt: skip
