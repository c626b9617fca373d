"""How two spots and two pairs of sides stand to each other: the reasons that no SQL can tell."""

from __future__ import annotations

import re

from tallystick.incidents.traits import Sides, Spot
from tallystick.values.agreement import Verdict
from tallystick.values.names import fold, spelt_alike
from tallystick.values.place import NEAR_KM

FAR_KM = 40.0  # further than any report errs on one event
_PART = re.compile(
    r"\b(?:(?:north|south|east|west|central)\w*|rebel|government|regime|opposition|old|rural)\b"
)


def where(one: Spot, other: Spot) -> str:
    """The reason that two spots are, a name in ``weights.tsv``; the same whichever comes first.

    That two names share all words of the shorter is no sign that they are one place: "Eastern Aleppo" lies
    in Aleppo.
    """
    a, b = one.place, other.place
    levels = {one.level, other.level}
    if "country" in levels:
        return "place not told"
    verdict = a.relation(b)
    if verdict is Verdict.AGREE and not _one(one, other):
        verdict = Verdict.COMPATIBLE
    gap = a.gap_km(b) if a.code and b.code else None
    if verdict is Verdict.CONFLICT:
        if gap is not None and gap > FAR_KM:
            return "places far apart"
        if a.admin1 and b.admin1 and not spelt_alike(a.admin1, b.admin1):
            return "provinces or countries differ"
        return "told only as near" if one.vague or other.vague else "places differ"
    if verdict is Verdict.AGREE:
        if levels == {"province"}:
            return "same province"
        if "province" in levels:
            return "in the other's province"
        return "same city" if levels == {"city"} else "same village, quarter or site"
    if "province" in levels:
        return (
            "in the other's province"
            if verdict is Verdict.COMPATIBLE or (a.admin1 and b.admin1)
            else "place not told"
        )
    if verdict is Verdict.COMPATIBLE:
        return "part of the other's town"
    if one.vague or other.vague:
        return "told only as near"
    return "places within 10 km" if gap is not None and gap <= NEAR_KM else "places differ"


def _one(one: Spot, other: Spot) -> bool:
    """Whether two names that agree are those of one place, not of a place and a part of it."""
    a, b = fold(one.place.name), fold(other.place.name)
    if a == b or (one.place.code and one.place.code == other.place.code):
        return True
    words, others = set(a.split()), set(b.split())
    if not (words < others or others < words):
        return True
    return one.level == other.level and not _PART.search(" ".join(words ^ others))


def accused(one: Sides, other: Sides) -> str:
    """The reason that those accused by two accounts are, a name in ``weights.tsv``."""
    verdicts = {a.relation(b) for a in one.accused for b in other.accused}
    if Verdict.AGREE in verdicts:
        return "same accused"
    if Verdict.COMPATIBLE in verdicts:
        return "accused are tied"
    if any(a.key in y.opponents for x, y in ((one, other), (other, one)) for a in x.accused):
        return "accused is the other's opponent"
    return "accused on opposite sides" if Verdict.CONFLICT in verdicts else "accused differ"
