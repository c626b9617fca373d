"""Places as told, found in the world: which of the places of a name each is, how sure, how wide, and why.

All places of one report are found together (``resolve``), from what the report and the case say and never by
guess: the areas that the text puts a place in, the other places of the report, the case's countries, the word for
its kind, how many live there (see ``choose``). Where two are as likely and lie apart, only what they share is told:
their province, their country, or nothing. A quarter that no list has stands at the town that the report puts it in,
under its own name. "20 km north of Hama", "east Aleppo", "the Turkish border" become areas (see ``around``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tallystick.values.names import countries as country_table
from tallystick.values.names import fold
from tallystick.values.place import Place
from tallystick.values.places import choose
from tallystick.values.places.around import Around, around
from tallystick.values.places.choose import Candidate, Name, Setting
from tallystick.values.places.gazetteer import FINE, Entry, Gazetteer
from tallystick.values.places.sphere import Point, kilometres, middle, moved, reach

# How far the words reach, in kilometres, where they name a place of this kind and the list has no width for it.
RADIUS = {"continent": 2500.0, "country": 400.0, "admin1": 60.0, "admin2": 30.0, "admin3": 15.0, "area": 20.0, "town": 6.0, "village": 2.0, "facility": 1.0, "quarter": 2.0}  # fmt: skip
LEAST = 0.7  # how likely one place must be, all others and none taken together, to be told
BOLD = 0.0  # tell the likeliest whatever its share
SEAT = 0.02  # how likely a town must be beside the province named for it, to be what the bare name means
APART = 25.0  # kilometres; places of one name that are nearer to each other are told apart by no report
KEPT = 5  # choices that are kept for people to see


@dataclass(frozen=True, slots=True)
class Choice:
    """One place that it may be: its share of 1, beside all others and its standing in no list, and what speaks for it."""

    entry: Entry
    share: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """``place`` with what is known of it filled in; ``choices`` the likeliest first; ``reasons`` in words."""

    place: Place
    choices: tuple[Choice, ...]
    reasons: tuple[str, ...]


def resolve(
    places: Sequence[Place], lists: Gazetteer, countries: Sequence[str] = (), named: Mapping[str, str] | None = None,
    text: str = "", least: float = LEAST,
) -> tuple[Located, ...]:  # fmt: skip
    """Each of ``places``, all that one report tells, found in ``lists``, in the order given.

    ``countries`` are those of the case, by their usual English names; ``named`` a reviewer's decisions, from the
    folded name (``names.fold``) to the ``id`` of an entry, which win; ``text`` the report, whose names of countries
    and "Paris, Texas" speak for places. A place is told where its share is ``least`` or more; ``BOLD`` always
    tells the likeliest. The same places and the same text give the same answer, whatever their order.
    """
    here = choose.setting(text, countries)
    spots = [_Spot(place, lists) for place in places]
    every = _weighed(spots, lists, here, choose.WEIGHTS, named or {})
    verdicts = {_key(name): _verdict(name, least) for name in every}
    return tuple(_located(spot, verdicts, lists, countries, here, least, named or {}) for spot in spots)


def weighed(
    places: Sequence[Place], lists: Gazetteer, here: Setting, weights: Mapping[str, float]
) -> list[Name]:
    """The names in ``places`` with all that each may stand for: what ``weights`` are learnt from."""
    return _weighed([_Spot(place, lists) for place in places], lists, here, weights, {})


def _weighed(
    spots: Sequence[_Spot],
    lists: Gazetteer,
    here: Setting,
    weights: Mapping[str, float],
    decided: Mapping[str, str],
) -> list[Name]:
    told = sorted(
        (name for spot in spots for name in spot.names),
        key=lambda name: (repr(_key(name)), name.name, name.within),
    )
    every = list({_key(name): name for name in told}.values())
    for name in every:
        entry = _decided(name.name, lists, decided)
        name.candidates = [choose.reviewed(entry)] if entry else choose.candidates(name, lists, here)
    choose.settle(every, here, weights)
    return every


def _key(name: Name) -> tuple[str, str | None, tuple[str, ...]]:
    return fold(name.name) or name.name, name.kind or str(name.area), (
        *sorted(map(fold, name.within)), "|", *sorted(map(fold, name.taken)),
    )  # fmt: skip


class _Spot:
    """One place as told, and the names in its words that are to be found."""

    def __init__(self, place: Place, lists: Gazetteer) -> None:
        self.place = place
        self.about = _about(place, lists)
        within = tuple(dict.fromkeys(told for told in (*place.within, place.country) if told))
        taken = _taken(place)
        called = _called(place, self.about)
        kind = choose.kind_told(place.words or place.name)
        self.names = tuple(
            Name(
                _bare(name, lists),
                kind,
                tuple(told for told in within if fold(told) != fold(_bare(name, lists))),
                tuple(told for told in taken if fold(told) != fold(_bare(name, lists))),
                area=bool(self.about and self.about.area),
            )
            for name in called
        )
        self.outer = tuple(
            Name(told, None, within[number + 1 :])
            for number, told in enumerate(within)
            if fold(told) != fold(place.name)
        )
        self.taken = tuple(
            Name(told, "admin1", area=True) for told in taken if fold(told) != fold(place.name)
        )


def _taken(place: Place) -> tuple[str, ...]:
    """The province, where the text does not say of this very place that it lies there: its reader took it so."""
    told = {fold(name) for name in (*place.within, place.name)}
    return (place.admin1,) if place.admin1 and fold(place.admin1) not in told else ()


def _about(place: Place, lists: Gazetteer) -> Around | None:
    """How the words stand to the names in them; ``None`` where a list has the whole: "North Korea", "West Bank"."""
    for words in dict.fromkeys(filter(None, (place.words, place.name))):
        if (about := around(words)) is None:
            continue
        if about.how in ("side", "middle", "rural") and lists.exact(words) and words[:1].isupper():
            return None
        return about
    return None


def _called(place: Place, about: Around | None) -> tuple[str, ...]:
    """The names that are to be found: those in the words about places, or what the place is called.

    Of one name in such words the place's own stands, which the reader has cleaned: "Syrias border" is Syria's.
    """
    if about is None or (
        len(about.names) == 1 and place.name in about.names[0] and around(place.name) is None
    ):
        return (place.name,)
    return about.names


def _bare(name: str, lists: Gazetteer) -> str:
    """A name without the word for its kind, unless a list has it so: "Aleppo city", but "Mexico City"."""
    less = choose.KIND_WORDS.sub("", name).strip()
    return less if less and less != name and not lists.exact(name) else name


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What can be told of a name: the place itself, or only what those that it may be share."""

    name: Name
    entry: Entry | None
    admin1: str | None
    country: str | None
    choices: tuple[Choice, ...]
    reasons: tuple[str, ...]


def _verdict(name: Name, least: float) -> _Verdict:
    found = name.candidates
    choices = tuple(Choice(one.entry, round(one.share, 4), choose.reasons(one, name)) for one in found[:KEPT])
    if not found:
        return _Verdict(name, None, None, None, (), ("in no list",))
    if found[0].told.get("reviewed"):
        entry = found[0].entry
        return _Verdict(
            name,
            entry,
            entry.admin1,
            entry.country,
            (Choice(entry, 1.0, ("a reviewer said so",)),),
            ("a reviewer said so",),
        )
    best = _finest(name, found)
    share = sum(one.share for one in found if one is best or not _elsewhere(best.entry, one.entry))
    if share >= least:
        reasons = choose.reasons(best, name)
        return _Verdict(name, best.entry, best.entry.admin1, best.entry.country, choices, reasons)
    land, held = _shared((one.entry.country, one.share) for one in found)
    if land is None or held < least:
        if name.nowhere > share:
            return _Verdict(
                name,
                None,
                None,
                None,
                choices,
                ("perhaps in no list: what bears the name has little to do with the report",),
            )
        return _Verdict(name, None, None, None, choices, (_torn(found, name),))
    area, held = _shared((one.entry.admin1, one.share) for one in found if one.entry.country == land)
    return _Verdict(name, None, area if held >= least else None, land, choices, (_torn(found, name),))


def _finest(name: Name, found: Sequence[Candidate]) -> Candidate:
    """Of the likeliest and those that lie about it under the same name, the one that the words mean.

    A town and the province named for it are one cluster: the town, unless the words say "province" or it is
    much less likely.
    """
    top = found[0]
    near = [
        one
        for one in found
        if one is top or (not _elsewhere(top.entry, one.entry) and one.share >= SEAT * top.share)
    ]
    towns = ("town", "village") if not name.area else ("admin1",)
    return max(
        near,
        key=lambda one: (one.told.get("own", 0), one.told.get("kind", 0), one.entry.kind in towns, one.share),
    )


def _shared(shares: Iterable[tuple[str | None, float]]) -> tuple[str | None, float]:
    whole: dict[str, float] = {}
    for area, share in shares:
        if area:
            whole[area] = whole.get(area, 0.0) + share
    return max(whole.items(), key=lambda item: (item[1], item[0]), default=(None, 0.0))


def _torn(found: Sequence[Candidate], name: Name) -> str:
    rivals = [one for one in found if one.share >= 0.1 * found[0].share]
    where = ", ".join(
        dict.fromkeys(
            ", ".join(filter(None, (one.entry.admin1, one.entry.country))) or one.entry.id
            for one in rivals[:5]
        )
    )
    if len(rivals) == 1:
        return f"it may be the one in {where}, and may be in no list"
    return f"{len(rivals)} places of this name are as likely ({where})"


def _elsewhere(one: Entry, other: Entry) -> bool:
    """Whether two entries are two places: far apart, none about the other, or, without points, of two provinces."""
    if one.point and other.point:
        wide = max((e.radius_km or RADIUS[e.kind] for e in (one, other) if FINE[e.kind] <= 3), default=0.0)
        return kilometres(one.point, other.point) > max(APART, 1.3 * wide)
    return (one.admin1, one.country) != (other.admin1, other.country)


def _located(
    spot: _Spot, verdicts: Mapping[tuple[str, str | None, tuple[str, ...]], _Verdict], lists: Gazetteer, countries: Sequence[str],
    here: Setting, least: float, decided: Mapping[str, str],
) -> Located:  # fmt: skip
    found = [verdicts[_key(name)] for name in spot.names]
    place, first = spot.place, found[0]
    if entry := _decided(place.name, lists, decided):  # "east Aleppo", before what is made of its words
        why = ("a reviewer said so",)
        return Located(_at(place, entry), (Choice(entry, 1.0, why),), why)
    if spot.about and spot.about.how == "border":
        return _border(place, found, lists, countries)
    if spot.about and all(one.entry and one.entry.point for one in found):
        area = _area(spot.about, [one.entry for one in found if one.entry])
        if area is not None:
            told = replace(
                _filled(place, first),
                latitude=round(area[0][0], 4),
                longitude=round(area[0][1], 4),
                radius_km=area[1],
            )
            return Located(told, first.choices, (area[2], *first.reasons))
    if first.entry is not None and first.entry.point:
        return Located(_at(place, first.entry), first.choices, first.reasons)
    told = _filled(place, first)
    for outer in (*spot.outer, *spot.taken):
        outer.candidates = [choose.reviewed(entry)] if (entry := _decided(outer.name, lists, decided)) else []
    town = _in_a_town(place)
    told_in = [(outer, f"the report puts it in {outer.name}", town) for outer in spot.outer]
    taken = [(outer, f"its reader puts it in {outer.name}", False) for outer in spot.taken]
    inside = [
        (found_in, said)
        for outer, said, within_town in (*told_in, *taken)
        if (found_in := _outer(outer, lists, here, least, within_town).entry)
    ]
    if inside:
        # The finest: more is told by Aleppo than by Syria; of equals what the report says itself.
        container, reason = max(inside, key=lambda each: FINE[each[0].kind])
        return _standing(told, first, container, reason)
    return Located(told, first.choices, first.reasons)


# What lies in a town, and not beside it.
_TOWN_PART = re.compile(
    r"\b(?:neighbou?rhoods?|quarter|district|suburb|streets?|square|roundabout|market|hospital|clinic|school|university|"
    r"mosque|church|bridge|stations?|stadium|hotel|prison|bakery|embassy|airport|port)\b",
    re.I,
)


def _in_a_town(place: Place) -> bool:
    return bool(_TOWN_PART.search(f"{place.words or ''} {place.name}"))


def _standing(told: Place, first: _Verdict, entry: Entry, why: str) -> Located:
    """A place that no list has, at what it lies in: it is in that place, and is not it."""
    whole = _at(replace(told, admin1=told.admin1 or entry.admin1), entry)
    if entry.kind == "town" and not _in_a_town(told):
        whole = replace(whole, radius_km=max(whole.radius_km or 0.0, RADIUS["admin3"]))
    return Located(replace(whole, code=None), first.choices, (*first.reasons, why))


def _outer(name: Name, lists: Gazetteer, here: Setting, least: float, town: bool) -> _Verdict:
    """What can be told of a place that another is put in, by itself.

    Of a town and the province named for it the town is meant only by what lies in a town: "a
    village in Aleppo" lies in the province, as far as anybody can tell.
    """
    if name.candidates:  # decided by a person
        return _verdict(name, least)
    if not town and name.kind is None:
        wide = Name(name.name, "admin1", name.within, area=True)
        wide.candidates = [one for one in choose.candidates(wide, lists, here) if one.entry.kind == "admin1"]
        choose.settle([wide], here)
        if (verdict := _verdict(wide, least)).entry:
            return verdict
    name.candidates = choose.candidates(name, lists, here)
    choose.settle([name], here)
    return _verdict(name, least)


def _decided(name: str, lists: Gazetteer, decided: Mapping[str, str]) -> Entry | None:
    """The place that a person said a name means."""
    code = decided.get(fold(name))
    return lists.get(code) if code else None


def _filled(place: Place, found: _Verdict) -> Place:
    """``place`` with province and country as found, where the text tells none."""
    itself = place.admin1 is not None and fold(place.admin1) == fold(
        place.name
    )  # a town is not its own province
    admin1 = found.admin1 if itself and found.admin1 else place.admin1 or found.admin1
    return replace(place, admin1=admin1, country=place.country or found.country)


def _at(place: Place, entry: Entry) -> Place:
    point = entry.point
    radius = (entry.radius_km if FINE[entry.kind] <= 3 else None) or RADIUS[entry.kind]
    return replace(
        place, admin1=entry.admin1 or place.admin1, country=entry.country or place.country,
        latitude=point[0] if point else None, longitude=point[1] if point else None, radius_km=round(radius, 1) if point else None,
        code=entry.id,
    )  # fmt: skip


def _area(about: Around, entries: Sequence[Entry]) -> tuple[Point, float, str] | None:
    """The middle and the radius in kilometres of what the words mean, and how it was worked out."""
    points = [entry.point for entry in entries if entry.point]
    entry, point = entries[0], points[0]
    wide = (entry.radius_km if FINE[entry.kind] <= 3 else None) or RADIUS[entry.kind]
    if about.how == "between":
        centre = middle(points)
        return (
            centre,
            round(max(reach(centre, points), 2.0), 1),
            f"between {entries[0].name} and {entries[-1].name}",
        )
    if about.how == "distance" and about.kilometres is not None:
        if about.bearing is None:
            return (
                point,
                round(about.kilometres + wide, 1),
                f"about {about.kilometres:.0f} km from {entry.name}, direction unknown",
            )
        # Four tenths of the distance, for "north" is an eighth of the circle either way and distances are rounded.
        return (
            moved(point, about.bearing, about.kilometres),
            round(max(0.4 * about.kilometres, 1.0), 1),
            f"{about.kilometres:.0f} km from {entry.name}, bearing {about.bearing:.0f}°",
        )
    if about.how == "beyond" and about.bearing is not None:
        return (
            moved(point, about.bearing, 2 * wide),
            round(2 * wide, 1),
            f"beyond {entry.name}, bearing {about.bearing:.0f}°",
        )
    if about.how == "side" and about.bearing is not None:
        return (
            moved(point, about.bearing, wide / 2),
            round(0.75 * wide, 1),
            f"a part of {entry.name}, bearing {about.bearing:.0f}°",
        )
    spread = {"rural": max(wide, 40.0), "edge": 2 * wide, "near": 3 * wide}.get(about.how)
    if spread is None:
        return (point, wide, f"within {entry.name}") if about.how == "middle" else None
    if about.bearing is not None:
        return (
            moved(point, about.bearing, spread / 2),
            round(spread * 0.75, 1),
            f"about {entry.name}, bearing {about.bearing:.0f}°",
        )
    return point, round(spread, 1), f"about {entry.name}"


def _border(place: Place, found: Sequence[_Verdict], lists: Gazetteer, case: Sequence[str]) -> Located:
    """The line between two countries as an area; one country alone where the other cannot be told.

    "The Turkish border" in a case of Syria is that of the two; without a case's country the country alone is told.
    """
    table = country_table()
    lands = [
        table.get(one.name.name.lower())
        or (one.entry.country if one.entry and one.entry.kind == "country" else None)
        for one in found
    ]
    first = lands[0]
    if first is None:
        return Located(
            _filled(place, found[0]), found[0].choices, ("a border of no known country", *found[0].reasons)
        )
    others = [land for land in lands[1:] if land] or [
        land for land in dict.fromkeys(case) if lists.border(first, land)
    ]
    lines = [lists.border(first, land) for land in others]
    if len(others) == 1 and lines[0]:
        centre = middle(lines[0])
        told = replace(
            place, country=place.country or (case[0] if len(case) == 1 and case[0] in (first, others[0]) else None),
            latitude=round(centre[0], 4), longitude=round(centre[1], 4), radius_km=round(reach(centre, lines[0]), 1),
        )  # fmt: skip
        return Located(told, found[0].choices, (f"the border of {first} and {others[0]}: the whole of it",))
    told = replace(place, country=place.country or (first if first in case else None))
    return Located(told, found[0].choices, (f"a border of {first}; which part of it cannot be told",))
