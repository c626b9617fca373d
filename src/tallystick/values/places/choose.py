"""Which place of a name is meant: what speaks for and against each place that a report's names may stand for.

Each candidate has a score, a sum of named features times the weights of ``WEIGHTS``; what the scores of one name
come to, beside that of its standing in no list, is a share of 1 for each (softmax). Names lean on each other: the
country, the province and the neighbourhood of what the other names may be are features too, and are worked out
again until nothing moves. All names take each step at once, so that their order plays no part.

The weights are learnt by ``training/place_weights.py`` from GeoVirus (Gritta et al., 2018), but for those that its texts
cannot show (a case's country, areas told apart from the text, words for kinds), which are set by hand and marked.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest

from tallystick.values.names import countries, fold
from tallystick.values.places.gazetteer import FINE, Entry, Gazetteer, Hit
from tallystick.values.places.sphere import Point, kilometres
from tallystick.values.scripts import likeness

WEIGHTS: dict[str, float] = {
    "nowhere": 3.9,  # that no list has it
    "people": 0.67,  # for each power of ten of people
    "other name": -1.2,  # a name that the list does not call it first
    "unlike": -10.62,  # times how far the spellings differ, 0 to 1
    "country": 2.35,
    "a country's name": 1.79,  # and no province's: "Georgia" is either
    "province": 1.82,
    "district": -0.74,
    "beside": 2.59,  # "Paris, Texas"
    "not beside": -0.24,
    "land": 3.61,  # share of the other names that lie in its country
    "area": 2.42,  # share of the other names that lie in its province
    "near": 3.34,  # 1 where another name lies, falling to a third at 100 km
    # By hand:
    "told": 4.0,  # it lies in what the report puts it in
    "told elsewhere": -4.0,
    "taken": 1.5,  # it lies in the province that the reader took for its own
    "taken elsewhere": -1.5,
    "great city": 1.0,  # abroad, of a million people and more: every report may name it
    "case": 3.0,  # it lies in the country of the case
    "not the case": -2.5,  # the more, the fewer people: a report of Syria may name Moscow, and no village of Russia
    "kind": 1.0,  # it is of the kind that the words say
    "other kind": -1.5,
    "own": 6.0,  # it stands in the case's own list
}
ROUNDS = 4
_MOST = 40  # candidates of one name that are weighed
_KINDS = (
    ("admin1", re.compile(r"\b(?:province|governorate|state|oblast|muhafaza)\b", re.I)),
    ("admin2", re.compile(r"\b(?:district|county|raion|parish)\b", re.I)),
    ("village", re.compile(r"\b(?:villages?|hamlet)\b", re.I)),
    ("town", re.compile(r"\b(?:towns?|city|cities|capital)\b", re.I)),
    ("quarter", re.compile(r"\b(?:neighbou?rhoods?|quarter|suburb)\b", re.I)),
)
_PART_OF = re.compile(r"\b(?:quarters?|suburbs?)\s+of\b", re.I)

# The same words where they stand before or after a name.
KIND_WORDS = re.compile(
    r"^(?:the\s+)?(?:city|town|village|province|governorate|district|neighbou?rhood|capital|state)\s+of\s+(?:the\s+)?"
    r"|\s+(?:province|governorate|district|neighbou?rhood|quarter|village|town|city|area|region)s?$",
    re.I,
)


@dataclass(slots=True)
class Candidate:
    """One place that a name may stand for: its features but those of the other names, and its score."""

    entry: Entry
    hit: Hit
    told: dict[str, float]
    score: float = 0.0
    share: float = 0.0


@dataclass(slots=True)
class Name:
    """One name of a report with all that is told of it, and the places that it may stand for."""

    name: str
    kind: str | None = None
    within: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()  # areas that its reader took it to lie in, which the text does not say of it
    area: bool = False  # the words mean an area by it: "southern Idlib"
    candidates: list[Candidate] = field(default_factory=list)
    nowhere: float = 1.0  # the share of its standing in no list


@dataclass(slots=True)
class Setting:
    """What a report and its case say of where things are: the case's countries, those that the text names, and
    the names that follow others after a comma."""

    lands: frozenset[str] = frozenset()
    named: Counter[tuple[str, str]] = field(default_factory=Counter)  # the word and the country
    beside: Mapping[str, Counter[str]] = field(default_factory=dict)


def kind_told(words: str | None) -> str | None:
    """The kind of place that words say it is, a key of ``FINE``, or ``None``."""
    # "The residential quarter of Tarsin" is a part of Tarsin, "the Midan quarter" a quarter.
    told = _PART_OF.sub("", words or "")
    return next((kind for kind, form in _KINDS if form.search(told)), None)


_SIDES = re.compile(r"(?:north|south|east|west|central|middle|upper|lower|inner|outer)*(?:ern)?")
_CAPITAL = r"[A-Z\u00c0-\u00de][\w.’'-]*"
_BESIDE = re.compile(
    rf"(?=\b({_CAPITAL}(?: {_CAPITAL}){{0,3}})\s?(?:,|\()\s?({_CAPITAL}(?: {_CAPITAL}){{0,2}}))"
)
_WORDS = re.compile(r"[^\W\d_][\w’'.-]*")


def setting(text: str, lands: Sequence[str]) -> Setting:
    """What ``text`` tells by its wording of the countries and of the areas that names lie in."""
    told: Counter[tuple[str, str]] = Counter()
    tongue = countries()
    words = [
        word.rstrip(".'’").removesuffix("'s").removesuffix("’s").lower()
        for word in _WORDS.findall(text)
        if word[0].isupper()
    ]
    for one, two in zip_longest(words, words[1:], fillvalue=""):
        word = f"{one} {two}" if f"{one} {two}" in tongue else one
        if land := tongue.get(word):
            told[word, land] += 1
    beside: dict[str, Counter[str]] = {}
    for match in _BESIDE.finditer(text):
        names, after = match[1].split(" "), match[2].split(" ")
        # Both runs of capitals may hold more than the name: every end of the one, every begin of the other.
        for start in range(len(names)):
            found = beside.setdefault(fold(" ".join(names[start:])), Counter())
            for stop in range(1, len(after) + 1):
                found[" ".join(after[:stop])] += 1
    return Setting(frozenset(map(fold, lands)), told, beside)


def candidates(name: Name, lists: Gazetteer, here: Setting) -> list[Candidate]:
    """The places that ``name`` may stand for, with the features that do not hang on other names."""
    if _SIDES.fullmatch(fold(name.name)):
        return []  # "Eastern", "the north": a side of something, though a list may have a place of that name
    land = countries().get(name.name.lower())
    hits = lists.exact(land or name.name)
    if not land and (any(hit.entry.point is None for hit in hits) or not _at_home(hits, here)):
        # A name that the lists have only elsewhere may be another spelling of one at home.
        hits = tuple(
            hit
            for hit in lists.find(name.name, 0.8)
            if hit.like == 1 or not hits or fold(hit.entry.country) in here.lands
        )
    if land and fold(land) != fold(name.name):  # "Turkish", not "Georgia"
        hits = tuple(hit for hit in hits if hit.entry.kind == "country" and hit.entry.country == land) or hits
    areas = [(told, containers(lists, told)) for told in name.within]
    taken = [(told, containers(lists, told)) for told in name.taken]
    after = [(told, containers(lists, told, "town")) for told in _after(name.name, here)]
    beside = [area for area in after if area[1] or any(_held(hit.entry, area) for hit in hits)]
    home = [hit for hit in hits[_MOST:] if fold(hit.entry.country) in here.lands]
    found = [_weighed(hit, name, areas, taken, beside, here) for hit in (*hits[:_MOST], *home[:_MOST])]
    if land and not any(hit.entry.kind == "admin1" and hit.like == 1 for hit in hits):
        for one in found:
            if one.entry.kind == "country" and one.entry.country == land:
                one.told["a country's name"] = 1.0
    return found


def _at_home(hits: Sequence[Hit], here: Setting) -> bool:
    return bool(hits) and (not here.lands or any(fold(hit.entry.country) in here.lands for hit in hits))


def _after(name: str, here: Setting) -> tuple[str, ...]:
    return tuple(sorted(here.beside.get(fold(name), ())))


@lru_cache(maxsize=4096)
def _same_area(one: str, other: str) -> bool:
    return fold(one) == fold(other) or likeness(one, other) >= 0.85


def containers(lists: Gazetteer, name: str, finest: str = "village") -> tuple[Entry, ...]:
    """The areas and towns that a name may stand for where it tells what another place lies in."""
    land = countries().get(name.lower())
    hits = lists.exact(land or name) or lists.alike(name, 0.88)
    return tuple(hit.entry for hit in hits[:20] if FINE[hit.entry.kind] <= FINE[finest])


_Area = tuple[str, tuple[Entry, ...]]  # what the report calls an area, and what that may be in the lists


def _held(entry: Entry, area: _Area) -> bool:
    """Whether a place lies in an area as told: as one of those in the lists, or as its own row says."""
    name, found = area
    if any(inside(entry, one) for one in found):
        return True
    return any(_same_area(own, name) for own in (entry.admin1, entry.admin2, entry.country) if own)


def inside(entry: Entry, area: Entry) -> bool:
    """Whether a place lies in what the list says of an area: by its country and province, else by distance."""
    if entry.id == area.id:
        return False
    if area.kind == "country":
        return entry.country == area.country
    if area.kind == "admin1":
        return (
            entry.country == area.country and bool(entry.admin1) and _same_area(entry.admin1 or "", area.name)
        )
    if area.kind == "continent" or not entry.point or not area.point:
        return False
    if FINE[entry.kind] < FINE[area.kind]:
        return False
    if (
        area.kind == "admin2"
        and entry.admin2
        and entry.country == area.country
        and _same_area(entry.admin2, area.name)
    ):
        return True
    return kilometres(entry.point, area.point) <= max(35.0, 1.2 * (area.radius_km or 0.0))


def _weighed(
    hit: Hit,
    name: Name,
    areas: Sequence[_Area],
    taken: Sequence[_Area],
    beside: Sequence[_Area],
    here: Setting,
) -> Candidate:
    entry = hit.entry
    people = math.log10(entry.population + 10)
    told = {"people": people}
    if not hit.main:
        told["other name"] = 1.0
    if hit.like < 1:
        told["unlike"] = 1 - hit.like
    if (
        level := {"country": "country", "admin1": "province", "admin2": "district", "admin3": "district"}.get(
            entry.kind
        )
    ) is not None:
        told[level] = 1.0
    known = [area for area in areas if area[1] or _held(entry, area)]
    if known:
        held = sum(_held(entry, area) for area in known) / len(known)
        told["told"], told["told elsewhere"] = held, 1 - held
    if taken := [area for area in taken if area[1] or _held(entry, area)]:
        told["taken" if any(_held(entry, area) for area in taken) else "taken elsewhere"] = 1.0
    if beside:
        told["beside" if any(_held(entry, area) for area in beside) else "not beside"] = 1.0
    if here.lands and entry.country:
        home = fold(entry.country) in here.lands
        told["case" if home else "not the case"] = 1.0 if home else min(1.0, max(0.0, (6 - people) / 3))
        if not home and entry.population >= 1_000_000 and hit.like == 1:
            told["great city"] = 1.0
    if name.kind:
        told["kind" if _of_kind(entry, name.kind) else "other kind"] = 1.0
    if entry.wins:
        told["own"] = 1.0
    return Candidate(entry, hit, {key: value for key, value in told.items() if value})


def _of_kind(entry: Entry, kind: str) -> bool:
    if kind == "village" and entry.population > 50_000:
        return False
    # A quarter that a list calls a village, a town that it calls a district: one step is no other kind.
    return entry.kind == kind or (
        FINE[kind] >= 2 and FINE[entry.kind] >= 2 and abs(FINE[entry.kind] - FINE[kind]) <= 1
    )


def reviewed(entry: Entry) -> Candidate:
    """The one candidate of a name that a reviewer has decided."""
    return Candidate(entry, Hit(entry, 1.0, entry.name), {"own": 1.0, "reviewed": 1.0})


def settle(names: Sequence[Name], here: Setting, weights: Mapping[str, float] = WEIGHTS) -> None:
    """Give every candidate its share, the names leaning on each other, and put the likeliest first."""
    for name in names:
        for one in name.candidates:
            one.score = sum(weights.get(key, 0.0) * value for key, value in one.told.items())
        _share(name, [one.score for one in name.candidates], weights)
    before: list[str] = []
    found = leanings(names, here)
    for _ in range(ROUNDS):
        for name, leans in zip(names, found, strict=True):
            scores = [
                one.score + sum(weights[key] * value for key, value in lean.items())
                for one, lean in zip(name.candidates, leans, strict=True)
            ]
            _share(name, scores, weights)
        found = leanings(names, here)
        now = [best.entry.code if (best := _likeliest(name)) else "" for name in names]
        if now == before:
            break
        before = now
    for name, leans in zip(names, found, strict=True):
        for one, lean in zip(name.candidates, leans, strict=True):
            one.told |= lean
        name.candidates.sort(key=lambda one: (-one.share, one.entry.code, one.entry.source))


def _likeliest(name: Name) -> Candidate | None:
    return max(name.candidates, key=lambda one: (one.share, one.entry.code, one.entry.source), default=None)


def _share(name: Name, scores: Sequence[float], weights: Mapping[str, float]) -> None:
    top = max((*scores, weights["nowhere"]))
    powers = [math.exp(score - top) for score in scores]
    nowhere = math.exp(weights["nowhere"] - top)
    whole = sum(powers) + nowhere
    name.nowhere = nowhere / whole
    for one, power in zip(name.candidates, powers, strict=True):
        one.share = power / whole


@dataclass(slots=True)
class _Said:
    """What the places that one name may stand for say for others: shares by country and province, and where it is."""

    lands: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    areas: dict[tuple[str, str], float] = field(default_factory=lambda: defaultdict(float))
    points: list[tuple[Point, float]] = field(default_factory=list)


def _said(names: Sequence[Name]) -> _Said:
    said = _Said()
    for name in names:
        for one in name.candidates:
            if one.share >= 0.05 and one.entry.country:
                said.lands[one.entry.country] += one.share
                if one.entry.admin1:
                    said.areas[one.entry.country, one.entry.admin1] += one.share
        best = _likeliest(name)
        if best and best.entry.point and best.share >= 0.2 and FINE[best.entry.kind] >= 1:
            said.points.append((best.entry.point, best.share))
    return said


def leanings(names: Sequence[Name], here: Setting) -> list[list[dict[str, float]]]:
    """For each candidate of each name, what the other names and the countries of the text say for it."""
    every = _said(names)
    groups: dict[str, list[Name]] = {}
    for name in names:
        groups.setdefault(fold(name.name), []).append(name)
    for (_, land), times in here.named.items():
        every.lands[land] += math.sqrt(times)
    whole = 0.5 + sum(every.lands.values())
    out = []
    for name in names:
        # Neither the name itself nor the same letters told as another kind speak for it.
        own = _said(groups[fold(name.name)])
        for (word, land), times in here.named.items():
            if word == name.name.lower():
                own.lands[land] += math.sqrt(times)
        left = list(every.points)
        for point in own.points:
            left.remove(point)
        out.append(
            [_lean(one.entry, every, own, whole - sum(own.lands.values()), left) for one in name.candidates]
        )
    return out


def _lean(
    entry: Entry, every: _Said, own: _Said, whole: float, points: list[tuple[Point, float]]
) -> dict[str, float]:
    lean = {}
    if (
        entry.country
        and (held := every.lands.get(entry.country, 0.0) - own.lands.get(entry.country, 0.0)) > 1e-6
    ):
        lean["land"] = held / whole
        area = entry.country, entry.admin1 or ""
        if entry.admin1 and (held := every.areas.get(area, 0.0) - own.areas.get(area, 0.0)) > 1e-6:
            lean["area"] = held / whole
    if points and entry.point and FINE[entry.kind] >= 1 and (near := _nearest(entry.point, points)) > 0.05:
        lean["near"] = near
    return lean


def _nearest(point: Point, points: Sequence[tuple[Point, float]]) -> float:
    best = 0.0
    for other, share in points:
        if abs(other[0] - point[0]) < 3 and share > best:
            best = max(best, share * math.exp(-kilometres(point, other) / 100))
    return best


def reasons(one: Candidate, name: Name) -> tuple[str, ...]:
    """What speaks for and against a candidate, in words."""
    entry, told = one.entry, one.told
    same = "the same name" if one.hit.main else f"another name of {entry.name}"
    parts = [same if one.hit.like == 1 else f"a name spelt alike ({one.hit.spelt})"]
    area = ", ".join(name.within)
    for key, words in (
        ("own", "in the case's own list"), ("told", f"in {area}, as told"), ("told elsewhere", f"not in {area}, where the report puts it"),
        ("taken", f"in {', '.join(name.taken)}, where its reader puts it"), ("taken elsewhere", f"not in {', '.join(name.taken)}, where its reader puts it"),
        ("beside", "in what the text names after it"), ("not beside", "not in what the text names after it"),
        ("case", "in the country of the case"), ("not the case", f"in {entry.country}, not in the country of the case"),
        ("kind", f"a {name.kind}, as told"), ("other kind", f"a {_SAID.get(entry.kind, entry.kind)}, told as a {_SAID.get(name.kind or '', name.kind)}"),
    ):  # fmt: skip
        if told.get(key):
            parts.append(words)
    if told.get("land", 0) >= 0.3:
        parts.append(f"the report names other places in {entry.country}")
    if told.get("area", 0) >= 0.2:
        parts.append(f"the report names other places in {entry.admin1}")
    if told.get("near", 0) >= 0.2:
        parts.append("near another place of the report")
    if entry.population >= 1000:
        parts.append(f"{entry.population:,} people live there")
    return tuple(parts)


_SAID = {"admin1": "province", "admin2": "district", "admin3": "subdistrict"}
