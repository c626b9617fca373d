"""What the rules of redaction mean in one record: every spelling of a name, every place that lies near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tallystick.dossier.hiding import PARTICLES, Thing, named
from tallystick.dossier.own import own_words
from tallystick.dossier.points import signed, stretches
from tallystick.dossier.rules import NameRule, PlaceRule, Redaction
from tallystick.model import Account, Claim, Document, Record, Role, Telling
from tallystick.values.blurring import WITHHELD, blurred
from tallystick.values.likeness import compare
from tallystick.values.names import country_names, fold
from tallystick.values.place import Place
from tallystick.values.places.atlas import RADIUS
from tallystick.values.places.sphere import kilometres

_SHORTEST = 3  # letters of a word of a name that goes by itself; in Arabic a word of a name has often three
_BESIDE = 1.0  # kilometres: two entries of lists that are one place
POINT = Thing("[point]", "place", ())


def things(record: Record, rules: Redaction, gone: Sequence[Document] = ()) -> tuple[Thing, ...]:
    """Who and what is to be hidden in ``record``; ``gone`` are reports that are in it no more."""
    groups = tuple(_groups(record))
    told = [_named(rule, n, groups) for rule, n in _numbered(rules.names)]
    sources = [document for document in (*record.documents, *gone) if rules.withholds(document)]
    publishers = [
        source for source in rules.sources if any(fold(d.publisher) == fold(source) for d in sources)
    ]
    for n, publisher in enumerate(publishers, 1):
        told.append(Thing(f"[source {n}]", "source", _spellings((publisher,), groups, "organisation")))
    titles = tuple(dict.fromkeys(d.title for d in sources if d.title and _telling(d.title)))
    if titles:
        told.append(Thing("[title withheld]", "source", titles))
    return tuple(told)


def _telling(title: str) -> bool:
    """Whether a title is looked for in other reports: two words, of which one is not of ours."""
    words = named(title)
    return len(words) >= 2 and not own_words().issuperset(words)


def _numbered(rules: Iterable[NameRule]) -> Iterator[tuple[NameRule, int]]:
    """Each rule with its number among those of its sort."""
    counted: dict[str, int] = {}
    for rule in rules:
        counted[rule.sort] = counted.get(rule.sort, 0) + 1
        yield rule, counted[rule.sort]


def _named(rule: NameRule, n: int, groups: Sequence[frozenset[str]]) -> Thing:
    sort = "person" if rule.sort == "person" else "organisation"
    spellings = _spellings(rule.spelt, groups, sort)
    if rule.sort != "person":
        return Thing(f"[{rule.sort} {n}]", rule.sort, spellings)
    words = dict.fromkeys(
        word
        for spelling in spellings
        if len(every := named(spelling)) > 1
        for word in every
        if word not in PARTICLES
    )
    # A word of ours in small letters ("may") is no name; with a capital it may be one.
    parts = tuple(word for word in words if len(word) >= _SHORTEST and word not in own_words())
    proper = tuple(
        word
        for word in words
        if (len(word) >= _SHORTEST and word in own_words())
        or (len(word) == _SHORTEST - 1 and word.upper() != word)
    )
    return Thing(f"[{rule.sort} {n}]", rule.sort, spellings, parts, proper=proper)


def _groups(record: Record) -> Iterator[frozenset[str]]:
    """Names that the record holds to be of one: each speaker and party as told and as meant."""
    seen: set[frozenset[str]] = set()
    every = (*record.claims, *(claim for account in record.accounts for claim in account.claims))
    loose = {name for claim in every for name in _names(claim)}
    meant = (
        frozenset(
            filter(None, (one.party.name, one.party.words, one.name))
        ) | frozenset(each.text for each in (one.entry.every if one.entry else ()))
        for account in record.accounts
        for one in account.parties
    )  # fmt: skip
    for group in (*meant, *(frozenset((name,)) for name in sorted(loose))):
        if group not in seen:
            seen.add(group)
            yield group


def _names(claim: Claim) -> Iterator[str]:
    for voice in claim.voices:
        yield voice.name
        if voice.party is not None:
            yield voice.party.name
    if isinstance(claim.value, Role):
        yield claim.value.party.name


def _spellings(asked: Sequence[str], groups: Sequence[frozenset[str]], sort: str) -> tuple[str, ...]:
    """The names asked for, and all that the record knows for the same one, in whatever script."""
    out = dict.fromkeys(asked)
    for group in groups:
        if any(_same(name, one, sort) for name in asked for one in group):
            # What is told shorter is left to the parts of the name: it may be somebody else's.
            shortest = min(len(named(name)) for name in asked)
            out |= {name: None for name in sorted(group) if len(named(name)) >= shortest or len(group) > 1}
    return tuple(out)


def _same(asked: str, known: str, sort: str) -> bool:
    if fold(asked) == fold(known):
        return True
    if len(named(asked)) != len(named(known)):
        return False
    return compare(asked, known, sort).same  # type: ignore[arg-type]


@dataclass
class Hidden:
    """The places of a record that are to be told no closer than a radius, each with its label."""

    radius: dict[str, float] = field(default_factory=dict)  # by the folded name
    label: dict[str, str] = field(default_factory=dict)
    names: dict[str, dict[str, None]] = field(default_factory=dict)  # by label, every spelling and code
    centres: list[tuple[tuple[float, float], float]] = field(default_factory=list)
    cells: set[tuple[float, float]] = field(default_factory=set)  # the points that are told instead
    provinces: dict[str, float] = field(default_factory=dict)  # how far each province reaches, by its name

    @classmethod
    def of(cls, record: Record, rules: Sequence[PlaceRule]) -> Hidden:
        """What ``rules`` mean in ``record``: the places named, and all that lie as near to them."""
        out = cls()
        every, others = list(dict.fromkeys(_places(record))), _other_names(record)
        for place in every:
            if place.admin1:
                told = place.radius_km if place.name == place.admin1 and place.radius_km else 0.0
                out.provinces[place.admin1] = max(told, out.provinces.get(place.admin1, 0.0))
        # A province of which the record tells no width is taken to be as wide as they mostly are.
        out.provinces = {name: km or RADIUS["admin1"] for name, km in out.provinces.items()}
        for rule in rules:
            mine = [p for p in every if _called(p, rule.name)]
            centres = [point for point in map(_point, mine) if point]
            out.centres += [(centre, rule.km) for centre in centres]
            near = [place for place in every if _near(place, centres, rule.km)]
            out._hide(rule.name, rule.km)
            for place in (*mine, *near):
                wide = place.name == place.admin1 and (place.radius_km or 0.0) >= rule.km
                if not wide and place.name != place.country:
                    out._hide(place.name, rule.km, place.words, place.code, others.get(place, ()))
                for part in place.within:
                    if not out._reaches(part, rule.km):
                        out._hide(part, rule.km)
        out.cells = {point for place in every if (vague := out.told(place)) and (point := _point(vague))}
        return out

    def _reaches(self, name: str, km: float) -> bool:
        """Whether a name is that of a country, or of a province that reaches as far as asked: it may be
        told."""
        wide = {fold(province) for province, reach in self.provinces.items() if reach >= km}
        return fold(name) in wide or name.lower() in country_names()

    def _hide(
        self,
        name: str,
        km: float,
        words: str | None = None,
        code: str | None = None,
        others: Iterable[str] = (),
    ) -> None:
        key = fold(name)
        if not key:
            return
        self.radius[key] = max(km, self.radius.get(key, 0.0))
        label = self.label.setdefault(key, f"[place {len(self.label) + 1}]")
        mine = self.names.setdefault(label, {})
        mine[name] = None
        if words and fold(words) == key:
            mine[words] = None
        if code and len(code) > _SHORTEST:
            mine[code] = None
        mine |= {other: None for other in others if len(other) >= _SHORTEST}

    def things(self) -> tuple[Thing, ...]:
        """The names that are to go."""
        return tuple(Thing(label, "place", tuple(names)) for label, names in self.names.items())

    def told(self, place: Place) -> Place | None:
        """``place`` blurred, under its label; None where it may be told."""
        km = self.radius.get(fold(place.name), 0.0)
        km = max(km, *(each for centre, each in self.centres if _near(place, [centre], each)), 0.0)
        if km <= 0:
            return None
        vague = blurred(place, km, province_km=self.provinces.get(place.admin1 or ""))
        if vague.name != WITHHELD:
            return vague
        label = self.label.get(fold(place.name), "[place]")
        return Place(
            label, None, vague.admin1, vague.country, vague.latitude, vague.longitude, vague.radius_km
        )

    def points(self, text: str) -> Iterator[tuple[int, int, Thing]]:
        """Where in ``text`` points stand that lie within what is blurred."""
        for start, end in stretches(text, self._holds) if self.centres else ():
            yield start, end, POINT

    def _holds(self, lat: float, lon: float, decimals: int) -> bool:
        """Whether a point, told without its signs, lies within what is blurred and is no cell of our own."""
        slack = 0.6 * 10**-decimals
        ours = any(abs(abs(north) - lat) <= slack for north, _ in self.cells) and any(
            abs(abs(east) - lon) <= slack for _, east in self.cells
        )
        if lat > 90 or ours:
            return False
        return any(
            kilometres(centre, (signed(lat, centre[0]), signed(lon, centre[1]))) <= km
            for centre, km in self.centres
        )


def _places(record: Record) -> Iterator[Place]:
    accounts: Iterable[Account] = record.accounts
    for account in accounts:
        if account.telling.place is not None:
            yield account.telling.place
        if account.found is not None:
            yield account.found.place
    for claim in record.claims:
        if isinstance(claim.value, Telling) and claim.value.place is not None:
            yield claim.value.place
    for line in record.lines:
        if line.place is not None:
            yield line.place


def _other_names(record: Record) -> dict[Place, dict[str, None]]:
    """What else the lists call each place: the names of the entry that it was found to be, or that it most
    likely is, and of each other that lies where it was put."""
    out: dict[Place, dict[str, None]] = {}
    for account in record.accounts:
        found = account.found
        if found is None:
            continue
        at = _point(found.place)
        for choice in found.choices:
            entry = choice.entry
            there = at is not None and entry.latitude is not None and entry.longitude is not None
            if (there and kilometres(at, (entry.latitude, entry.longitude)) <= _BESIDE) or (  # type: ignore[arg-type]
                at is None and choice is found.choices[0]
            ):
                names = dict.fromkeys((entry.name, *entry.names))
                for place in (found.place, account.telling.place):
                    if place is not None:
                        out.setdefault(place, {}).update(names)
    return out


def _called(place: Place, name: str) -> bool:
    return fold(place.name) == fold(name) or place.code == name or compare(place.name, name, "place").same


def _point(place: Place) -> tuple[float, float] | None:
    return None if place.latitude is None or place.longitude is None else (place.latitude, place.longitude)


def _near(place: Place, centres: Iterable[tuple[float, float]], km: float) -> bool:
    point = _point(place)
    return point is not None and any(kilometres(centre, point) <= km for centre in centres)
