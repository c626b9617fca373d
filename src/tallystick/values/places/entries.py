"""One place as a list has it, whether it can be right, and the keys by which its names are found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from tallystick.values.names import fold
from tallystick.values.places.sphere import kilometres
from tallystick.values.scripts import likeness

# How fine each kind is; kinds of one number may be taken for each other.
FINE = {"continent": -1, "country": 0, "admin1": 1, "admin2": 2, "admin3": 3, "area": 3, "town": 4, "village": 5, "facility": 6, "quarter": 6}  # fmt: skip


_MARKS = {chr(n) for n in (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a list. ``code`` is its id there, ``kind`` a key of ``FINE``; decimal degrees (WGS 84).

    ``country`` and ``admin1`` are names, ``names`` every other name in any script, ``population`` 0 where nobody
    counted, ``source`` the list it stands in, ``radius_km`` how wide it is where the list tells, and ``wins``
    says that it stands in a case's own list, which is right against every other.
    """

    code: str
    name: str
    kind: str = "town"
    names: tuple[str, ...] = ()
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    source: str = ""
    radius_km: float | None = None
    wins: bool = False
    row: int = field(default=0, compare=False)  # where it stands in its list; 0 where nobody counted

    @property
    def id(self) -> str:
        """What no other entry of any list is called: the list, a colon, the code."""
        return f"{self.source}:{self.code}"

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, or ``None`` where the list tells neither."""
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of a list that was not taken: where it stands, what it names, and why."""

    source: str
    row: int
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.source}, row {self.row} ({self.name or 'no name'}): {self.why}"


@dataclass(slots=True)
class Built:
    """What came of indexing a list: how many rows of each source were taken, which were refused, how many names."""

    taken: Counter[str] = field(default_factory=Counter)
    refused: list[Refused] = field(default_factory=list)
    names: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a name may stand for.

    ``like`` is how far the spellings agree, 1 for the same letters; ``spelt`` the name of the list that was found;
    ``main`` says that this is what the list calls the place first.
    """

    entry: Entry
    like: float
    spelt: str
    main: bool = True


def fault(entry: Entry) -> str | None:
    """Why an entry cannot be right, or ``None``."""
    if not all(isinstance(name, str) for name in (entry.name, *entry.names)):
        return "a name of it is no text"
    if not entry.name.strip():
        return "it has no name"
    if marks := sorted(
        {f"U+{ord(sign):04X}" for name in (entry.name, *entry.names) for sign in name if sign in _MARKS}
    ):
        return f"a name holds marks that cannot be seen ({', '.join(marks)}): take them out"
    if any(sign in name for name in (entry.name, *entry.names) for sign in "\n\r\0\ufffd"):
        return "a name holds a line break, a NUL, or letters that could not be read: is the file UTF-8?"
    if entry.kind not in FINE:
        return f"{entry.kind!r} is no kind of place: one of {', '.join(FINE)}"
    if not 0 <= entry.population < 10**11:
        return f"{entry.population} is no population"
    if (entry.latitude is None) != (entry.longitude is None):
        return "it has one coordinate of the two"
    if entry.latitude is not None and entry.longitude is not None:
        if not -90 <= entry.latitude <= 90:
            other = abs(entry.longitude) <= 90 and abs(entry.latitude) <= 180
            return f"latitude {entry.latitude:g} is beyond 90" + ("; are the two swapped?" if other else "")
        if not -180 <= entry.longitude <= 180:
            return f"longitude {entry.longitude:g} is beyond 180"
    if entry.population < 0:
        return f"a population of {entry.population}"
    return None


def letters_of(name: str) -> str:
    """The key of a name by its letters: folded, or as it stands where folding leaves nothing."""
    return fold(name) or name.strip().casefold()


_KEY = str.maketrans("F", "B", "AIUH")


def consonants(voiced: str) -> str:
    """The key of a name by its sound, ``scripts.Sound.coarse``, out of ``Sound.voiced``."""
    return voiced.translate(_KEY)


def one_place(one: Entry, other: Entry) -> bool:
    """Whether rows of two lists that share a name are one place: of like kind, and near or of one province."""
    if abs(FINE[one.kind] - FINE[other.kind]) > 1 or (
        one.kind != other.kind and (one.kind in _AREAS or other.kind in _AREAS)
    ):
        return False
    if one.country and other.country and fold(one.country) != fold(other.country):
        return False
    if one.kind in ("continent", "country", "admin1"):
        return one.country is not None or one.kind == "continent"
    if one.point and other.point:
        return kilometres(one.point, other.point) < max(8.0, one.radius_km or 0.0, other.radius_km or 0.0)
    return likeness(one.admin1 or "", other.admin1 or "") >= 0.8


_AREAS = frozenset(("continent", "country", "admin1", "admin2", "admin3"))


def filled(entry: Entry, by: Entry) -> Entry:
    """``entry`` with what it lacks taken from another row for the same place."""
    point = entry if entry.point else by
    return replace(
        entry, country=entry.country or by.country, admin1=entry.admin1 or by.admin1, admin2=entry.admin2 or by.admin2,
        latitude=point.latitude, longitude=point.longitude, population=entry.population or by.population,
        radius_km=entry.radius_km or by.radius_km,
    )  # fmt: skip
