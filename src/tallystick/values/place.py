"""Places as told: the name, the words, and what contains it, without coordinates it was not given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, countries, country_names, fold, spelt_alike
from tallystick.values.places.around import widened
from tallystick.values.places.sphere import kilometres

_FEATURE = (
    "neighbou?rhood|district|quarter|suburb|city|town|village|hamlet|province|governorate|region|area|camp|"
    "countryside|valley|island|county|state|airport|airbase|air base|border|crossing|checkpoint|road|highway|bridge|"
    "square|street|market|hospital|(?:bus|train|police|power|water) station|school|university|mosque|church|refinery|junction|crossroads|hill|mountain|mountains|river|dam|port|base|sub-?district|municipality"
)
_ADMIN1 = re.compile(r"province|governorate|state|oblast|region", re.I)
_WIDE = re.compile(
    r"province|governorate|countryside|region|valley|county|outskirts|suburbs|villages|towns|districts|neighbou?rhoods",
    re.I,
)
_SMALL = re.compile(
    r"neighbou?rhood|district|quarter|suburb|village|hamlet|camp|square|street|market|hospital|station|school|university|mosque|church|bridge|crossing|crossroads|checkpoint",
    re.I,
)
_SIDE = (
    r"(?:(?:north|south|east|west|central|upper|lower|rural|greater|inner|old|outer)"
    r"(?:[- ]?(?:north|south|east|west))?(?:ern|eastern|western)?|northeastern|northwestern|southeastern|southwestern|"
    r"northeast|northwest|southeast|southwest)"
)
_HELD = r"(?:[\w’'-]+-(?:held|controlled|besieged|run|populated|majority|ruled)|besieged|divided|ancient|historic|nearby|war-torn|key|strategic|neighbou?ring|Kurdish|rebel|government)"
_UPPER = r"[A-Z\u00c0-\u00de\u0400-\u042f\u0100-\u017f\u0600-\u06ff\u0590-\u05ff]"
_TAIL = r"[\w’'ʿʾ]{0,40}"  # bounded, and apart from what joins words: or reading takes for ever
_PARTICLE = r"(?:al|el|ad|ar|as|ash|at|az|an|ul)"
_WORD = rf"(?:(?:{_PARTICLE}-|(?:al|el|de|del|la|los|las|bin|ibn|bint|umm|abu)[- ])?{_UPPER}{_TAIL}(?:-{_UPPER}?{_TAIL}){{0,6}}|{_PARTICLE}-{_UPPER}{_TAIL}(?:-{_TAIL}){{0,6}})"
_NAME = rf"(?:{_WORD})(?:[ ]{_WORD}){{0,3}}"
_FIRE_OF = re.compile(r"fire|attack|assault|offensive|advance|blast|strike|raid", re.I)  # of whom, not where
_STRIKE = r"(?:attacks?|raids?|strikes?|air ?strikes?|airstrikes?|assault|offensive|shelling|bombing|bombardment|fire|advance|blast)"
_LEAD = re.compile(
    rf"\b(?P<strike>(?:{_STRIKE})\s+)?(?P<prep>(?i:in|at|near|outside|inside|around|across|over|within|on|into|towards?|from|to|of|entering|leaving|hit|hitting|struck|bombed|shelled|targeted|targeting|attacked|between|and))\s+"
    rf"(?:(?:the|a|an|its|their)\s+)?(?:(?:[\w-]+ )?(?:outskirts|edge|north|south|east|west|north-?east|north-?west|south-?east|south-?west|centre|center|heart|suburbs?) of (?:the )?)?"
    rf"(?:{_HELD}\s+)*(?P<side>(?:(?i:{_SIDE})\s+)?)(?:{_HELD}\s+)*(?:(?:[a-z-]+\s+)?(?P<pre>{_FEATURE}|suburbs|outskirts|countryside|cities|towns|villages|provinces|districts|neighbou?rhoods|capital)\s+(?:of\s+|called\s+)?(?:the\s+)?(?P<side2>(?:(?i:{_SIDE})\s+)?))?"
    rf"(?P<name>{_NAME})(?:[’']s)?(?:\s+(?P<post>{_FEATURE})s?\b)?"
)
_BARE = re.compile(rf"\b(?P<side>(?:(?i:{_SIDE})\s+)?)(?P<name>{_NAME})(?:[’']s)?\s+(?P<post>{_FEATURE})s?\b")
_NOT_A_PLACE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|God|Allah|Ramadan|Eid|Islam|Twitter|Facebook|"
    r"President|Minister|General|Colonel|Mr|Mrs|Dr|Secretary|Ambassador|Observatory|Agency|Ministry|Council|"
    r"Army|Forces?|Front|Brigades?|Government|Coalition|Party|Movement|Organi[sz]ation|Nations|Commission|Committee|"
    r"Union|Corps|Militia|Group|Defen[cs]e|Network|Centre|Center|Crescent|Cross|Rights|News|Times|Press|TV|Television|"
    r"Reuters|He|She|They|It|We|I|The|This|That|His|Her|Their|But|And|On|In|At|By|As|For|Also|Some|Many|Two|Three|One|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Attacks?|Bombs?|Bombing|Barrel|Killed|Kills?|Killing|Dead|Wounded|Injured|Injures?|Monitor|NGO|Civilians?|People|Children|Strikes?|Raids?|Airstrikes?|Rebels?|Regime|Terrorists?|Militants?|Last|Published|Updated|Another|Both|Hours?|Minutes|Days|Officials?|Volunteers|Residents|Activists|When|While|After|Before|Since|During|More|Most|At|Least|Over|"
    r"\w+-(?:led|held|backed|linked|controlled|affiliated|based|run|formed|trained)|US|UN|IS|EU|NATO|AFP|AP|"
    r"Islamic|Islamist|Muslim|Sunni|Shia|Shi|Christian|Jewish|Arab|Western|Date|Source|Air|State|War)\b"
)
_BORDER = re.compile(
    r"\s+(?:border|frontier)\b(?!\s+(?:town|city|village|crossing|post|guards?|police|province|region))"
)
NEAR_KM = 10.0  # what lists and reports may differ by for one place
_WEAK = {"of", "to", "from", "and", "on", "over", "between", "towards", "toward", "into"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place as told. Coordinates are decimal degrees (WGS 84), ``radius_km`` how far the words reach.

    ``name`` is what to call it, ``words`` the exact words with those that put it "20 km north of" or "near" what
    they name, ``within`` the places that the same text
    puts it in, nearest first; what is not told is ``None`` or empty.
    """

    name: str
    words: str | None = None
    admin1: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None
    within: tuple[str, ...] = ()
    code: str | None = field(default=None, metadata={"later": True})

    def __str__(self) -> str:
        parts = {fold(part): part for part in (self.name, *self.within, self.admin1, self.country) if part}
        return ", ".join(parts.values())

    def gap_km(self, other: Place) -> float | None:
        """Kilometres between the two points; ``None`` where either has no coordinates."""
        if (
            self.latitude is None
            or self.longitude is None
            or other.latitude is None
            or other.longitude is None
        ):
            return None
        return kilometres((self.latitude, self.longitude), (other.latitude, other.longitude))

    def relation(self, other: Place) -> Verdict:
        """``agree`` for one place, ``compatible`` where one contains the other, else ``unknown``.

        One place are two that were found to be the same entry of a list, or have like names. Two names
        that differ are no conflict by themselves: either may lie in the other, or be another name
        for it. Only different provinces or countries, and points further apart than both reach,
        cannot both be true; two places of one name in different provinces are two.
        """
        if self.code and self.code == other.code:
            return Verdict.AGREE
        if self.country and other.country and not alike(self.country, other.country):
            return Verdict.CONFLICT
        one_name = spelt_alike(self.name, other.name)
        inside = any(
            spelt_alike(part, outer.name)
            for inner, outer in ((self, other), (other, self))
            for part in (*inner.within, inner.admin1, inner.country)
        )
        # A report that names a place alone is often taken to name its province so: that tells no other province.
        itself = one_name and any(
            each.admin1 and spelt_alike(each.admin1, each.name) for each in (self, other)
        )
        if self.admin1 and other.admin1 and not itself and not spelt_alike(self.admin1, other.admin1):
            # What one report takes for the province may be a town of the other's, or the place itself.
            return Verdict.COMPATIBLE if inside and not one_name else Verdict.CONFLICT
        if inside and not one_name:
            return Verdict.COMPATIBLE
        gap = self.gap_km(other) if self.code and other.code else None
        if gap is not None and gap > (self.radius_km or 0.0) + (other.radius_km or 0.0) + NEAR_KM:
            return Verdict.CONFLICT
        return Verdict.AGREE if one_name else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the text names it: ``[start, end)`` are the words, ``rank`` how fine it is.

    Rank 3 is a part of a town or a village, 2 a name without further word, 1 a province or
    region, 0 a country. ``strong`` says that the words leave no doubt that it is a place;
    ``holds`` says that the text puts other places in this one.
    """

    start: int
    end: int
    place: Place
    rank: int
    strong: bool
    holds: bool = False


def read(text: str) -> Iterator[Mention]:
    """Every place that the wording of ``text`` shows to be one, in order, none overlapping.

    By wording alone: a name after "in", "near", "the town of", or before "district", "province".
    Names seen so once count wherever they stand. No list of places is consulted.
    """
    found: dict[int, Mention] = {}
    taken = bytearray(len(text))  # 1 where a mention stands
    known: dict[str, int] = {}
    for pattern in (_BARE, _LEAD):
        at = 0
        while match := pattern.search(text, at):
            at = match.end() if match.end("name") > match.start() else match.end() + 1
            mention = _mention(text, match)
            if mention is None:
                at = match.start() + 1 if pattern is _BARE else match.start("name")
                at = max(at, match.start() + 1)
                continue
            at = max(mention.end, match.start() + 1)
            if any(taken[mention.start : mention.end]):
                continue
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            found[mention.start] = mention
            if mention.strong:
                known[fold(mention.place.name)] = mention.rank
    wide = {fold(m.place.name) for m in found.values() if m.rank == 1 and m.place.admin1}
    every = _with_apostrophes(sorted(found.values(), key=lambda m: m.start))
    kept = [
        _within(text, mention, every[number + 1 : number + 4])
        for number, mention in enumerate(every)
        if mention.strong or fold(mention.place.name) in known or mention.rank == 0
    ]
    outer: dict[str, dict[str, str]] = {}  # name → places that it lies in, by their folded names
    for mention in kept:
        inside = outer.setdefault(fold(mention.place.name), {})
        for name in mention.place.within:
            inside.setdefault(fold(name), name)
    for mention in kept:
        name = fold(mention.place.name)
        # What the text once calls a province, or once puts another place in, is the wider of two.
        holds = mention.rank == 2 and (
            name in wide or any(name in inside for other, inside in outer.items() if other != name)
        )
        within = tuple(told for folded, told in outer[name].items() if folded != name)
        rank = 1 if name in wide and mention.rank == 2 else mention.rank
        admin1 = mention.place.admin1 or next((told for told in within if fold(told) in wide), None)
        first, last = widened(text, mention.start, mention.end)  # "20 km north of" it is told of it, too
        spot = replace(mention.place, words=text[first:last], within=within, admin1=admin1)
        yield replace(mention, place=spot, rank=rank, holds=holds)


def _with_apostrophes(mentions: list[Mention]) -> list[Mention]:
    """ "Aleppos suburbs" where the text names Aleppo, too: an apostrophe was lost on the way."""
    names = {mention.place.name for mention in mentions}

    def whole(name: str | None) -> str | None:
        return name[:-1] if name and name.endswith("s") and name[:-1] in names else name

    return [
        replace(m, place=replace(m.place, name=whole(m.place.name) or "", admin1=whole(m.place.admin1)))
        for m in mentions
    ]


def _mention(text: str, match: re.Match[str]) -> Mention | None:
    groups = match.groupdict()
    name = match["name"]
    begin, end = match.span("name")
    bad = _NOT_A_PLACE.search(name)
    if bad:
        if bad.start() == 0:
            return None
        name = name[: bad.start()].rstrip()
        end = begin + len(name)
        groups["post"] = None
    lower = name.lower()
    if lower in countries() and lower not in country_names():
        border = _BORDER.match(text, end)
        if border is None or not groups.get("prep"):
            return None  # "in Syrian territory": an adjective
        label = f"{name} {border[0].strip()}"
        return Mention(begin, border.end(), Place(label, text[begin : border.end()]), 2, True)
    if len(name) < 3 or (name.isupper() and len(name) <= 4 and lower not in country_names()):
        return None
    first = lower.split()[0]
    if len(lower.split()) > 1 and (first in countries() or first[:-1] in country_names()):
        # "Syrian Idlib", "Syrias Raqa": the country's word, then the place
        skip = len(name.split()[0]) + 1
        name, begin = name[skip:], begin + skip
        lower = name.lower()
    # "Syrias largest city": an apostrophe lost on the way
    country = countries().get(lower) or (
        countries().get(lower[:-1]) if lower[:-1] in country_names() else None
    )
    feature = (groups.get("pre") or groups.get("post") or "").lower()
    side = (groups.get("side") or groups.get("side2") or "").strip()
    prep = (groups.get("prep") or "").lower()
    facility = bool(_SMALL.search(name.split()[-1])) and len(name.split()) > 1
    strong = (
        bool(feature)
        or facility
        or bool(groups.get("strike") and not (prep == "of" and _FIRE_OF.search(groups["strike"])))
        or (bool(prep) and prep not in _WEAK)
        or country is not None
    )
    if country:
        return Mention(begin, end, Place(country, text[begin:end], country=country), 0, True)
    start = begin
    for group in ("pre", "side2", "side"):
        if groups.get(group):
            start = min(start, match.start(group))
    stop = match.end("post") if groups.get("post") else end
    admin1 = name if feature and _ADMIN1.search(feature) else None
    wide = bool(admin1) or bool(_WIDE.search(feature)) or bool(side)
    rank = 3 if facility or _SMALL.search(feature) else 1 if wide else 2
    label = (
        f"{side} {name}"
        if side and (side[0].isupper() or not side.lower().endswith("ern")) and not admin1
        else name
    )
    return Mention(start, stop, Place(label, text[start:stop], admin1=admin1), rank, strong)


_JOINED = re.compile(
    rf"[’'s]*,?\s*(?P<in>(?:which is |located |situated )?(?:in|of|within|on the (?:edge|outskirts) of|(?:in|on) the (?:\w+ )?(?:north|south|east|west|\w+) of)\s+)?"
    rf"(?:the\s+)?(?:{_HELD}\s+|{_SIDE}\s+|{_FEATURE}\s+(?:of\s+)?)*(?:[\w-]+ )?(?:of )?",
    re.I,
)


def _within(text: str, mention: Mention, after: Sequence[Mention]) -> Mention:
    """Fill province and country from the places that the text puts around this one: of the next three.

    "Khan Shihab in Lower Marr province" lies in that province: only words that say so count.
    """
    place, here = mention.place, mention
    within: list[str] = []
    for other in after:
        between = text[here.end : other.start]
        joined = _JOINED.fullmatch(between) if len(between) <= 60 else None
        # "Tarsin, Omrun and Daral" is a list; "Tarsin, Kessir province" is not.
        if joined is None or (not joined["in"] and other.rank > 1):
            break
        place = replace(
            place,
            admin1=place.admin1 or other.place.admin1,
            country=place.country or other.place.country,
        )
        within.append(other.place.name)
        here = other
    return replace(mention, place=replace(place, within=tuple(within)))
