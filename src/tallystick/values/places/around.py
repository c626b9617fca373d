"""Words that put something about a place rather than in it: "20 km north of Hama", "east Aleppo", "the Turkish border".

What is read is how the words stand to the names in them, by wording alone; where those names lie is for
``atlas`` to say. Distances are kilometres, bearings degrees clockwise from north.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEARINGS = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0, "northeast": 45.0, "southeast": 135.0, "southwest": 225.0, "northwest": 315.0}  # fmt: skip
_MILE = 1.609344
_UNITS = {"k": 1.0, "mi": _MILE, "m": 0.001, "y": 0.0009144}
_FEW = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip
_WAY = r"(?:(?:north|south)[- ]?)?(?:east|west)|north|south"
_LONG = rf"(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?|{'|'.join(_FEW)})[- ]?(?P<unit>kilomet(?:er|re)s?|kms?|miles?|met(?:er|re)s?|yards?|mi|m)\b"
_OF = r"(?:of|from)\s+(?:the\s+)?(?:(?:city|town|village|capital|province|border town)\s+(?:of\s+)?)?"
_NAMED = r"(?P<name>\S.{0,60}?)"
_FORMS = tuple(
    (how, re.compile(pattern + r"\W*", re.I))
    for how, pattern in (
        ("distance", rf"(?:about |around |some |roughly |nearly |less than |more than )?{_LONG}\s+(?:(?:to|in) the\s+)?(?:(?P<way>{_WAY})(?:ern)?\s+)?(?:(?:away|outside)\s+)?(?:{_OF})?{_NAMED}"),
        ("border", r"(?:(?:near|along|at|on)\s+)?(?:the\s+)?(?P<one>[\w’'.]+(?: [\w’'.]+){0,2}?)[-–—/](?P<two>[\w’'.]+(?: [\w’'.]+){0,2}?) (?:border|frontier)s?"),
        ("border", r"(?:(?:near|along|at|on)\s+)?(?:the\s+)?(?:border|frontier)s? between (?P<one>.{2,40}?) and (?P<two>.{2,40}?)"),
        ("border", rf"(?:(?:near|along|at|on)\s+)?(?:the\s+)?(?:border|frontier)s? (?:with|of) (?:the\s+)?{_NAMED}"),
        ("border", rf"(?:(?:near|along|at|on)\s+)?(?:the\s+)?{_NAMED} (?:border|frontier)s?(?: area| region| zone)?"),
        ("between", r"(?:(?:the )?(?:road|area|highway|line|front)\s+)?(?:linking|between) (?P<one>.{2,40}?) and (?P<two>.{2,40}?)"),
        ("rural", rf"(?:the\s+)?(?:(?:(?P<way>{_WAY})(?:ern)?\s+)?(?:rural|rif|reef)\s+(?:parts of\s+)?|(?:(?P<way2>{_WAY})(?:ern)?\s+)?countryside (?:of|around|outside|near)\s+){_NAMED}"),
        ("rural", rf"(?:the\s+)?(?:(?P<way>{_WAY})(?:ern)?\s+)?{_NAMED}(?:[’']s)?\s+(?:(?P<way2>{_WAY})(?:ern)?\s+)?countryside"),
        ("edge", rf"(?:the\s+)?(?:(?P<way>{_WAY})(?:ern)?\s+)?(?:outskirts|suburbs?|edges?|environs|periphery)(?: (?:of|in|around))?\s+(?:the\s+)?(?:(?:city|town|village|capital)\s+(?:of\s+)?)?{_NAMED}"),
        ("edge", rf"(?:the\s+)?{_NAMED}(?:[’']s)?\s+(?:(?P<way>{_WAY})(?:ern)?\s+)?(?:outskirts|suburbs|environs|periphery)"),
        ("near", rf"(?:near|nearby|around|close to|outside|off|by|just outside)\s+(?:the\s+)?(?:(?:city|town|village|capital|border town)\s+(?:of\s+)?)?{_NAMED}"),
        ("side", rf"(?:in\s+)?the\s+(?P<way>{_WAY})\s+of\s+(?:the\s+)?(?:(?:city|town|village|capital)\s+(?:of\s+)?)?{_NAMED}"),
        ("beyond", rf"(?:the area\s+)?(?:to the\s+)?(?P<way>{_WAY})\s+of\s+(?:the\s+)?(?:(?:city|town|village|capital)\s+(?:of\s+)?)?{_NAMED}"),
        ("side", rf"(?:the\s+)?(?P<way>{_WAY})(?:ern)?\s+(?:part(?:s)?\s+(?:of|in)\s+|half of\s+|side of\s+)?(?:the\s+)?(?:(?:city|town|province)\s+(?:of\s+)?)?{_NAMED}"),
        ("side", rf"{_NAMED}(?:[’']s)?\s+(?P<way>{_WAY})(?:ern)?(?:\s+(?:part|side|half|sector))?"),
        ("middle", rf"(?:the\s+)?(?:central|inner|downtown|(?:centre|center|heart|middle) of)\s+(?:the\s+)?(?:(?:city|town)\s+(?:of\s+)?)?{_NAMED}"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """How words stand to the names in them.

    ``how`` is ``distance``, ``beyond`` (to a side, no distance told), ``side`` (a part of it), ``rural``, ``edge``,
    ``near``, ``middle``, ``between`` or ``border``; ``names`` are one or two; ``bearing`` and ``kilometres`` as told.
    """

    how: str
    names: tuple[str, ...]
    bearing: float | None = None
    kilometres: float | None = None
    area: bool = False  # "southern Idlib" is said of a province, "south Idlib" of a town


def around(words: str | None) -> Around | None:
    """How ``words`` put something about the places they name, or ``None`` where they name a place and no more."""
    told = " ".join((words or "").split())
    if not told or len(told) > 160 or not re.search(r"[ –—/-]", told):
        return None
    for how, form in _FORMS:
        if match := form.fullmatch(told):
            found = match.groupdict()
            names = tuple(
                name.strip(" ,.’'")
                for name in (found.get("name"), found.get("one"), found.get("two"))
                if name
            )
            if any(not any(sign.isupper() or ord(sign) > 0x590 for sign in name) for name in names):
                continue  # "north of the river": no name
            way = re.sub(r"[- ]", "", (found.get("way") or found.get("way2") or "").lower())
            area = (
                how == "side"
                and bool(re.match(r"(?:the )?\S+ern\b", told))
                and not re.search(r"\b(?:city|town|village)\b", told)
            )
            return Around(how, names, _BEARINGS.get(way), _far(found.get("number"), found.get("unit")), area)
    return None


def _far(number: str | None, unit: str | None) -> float | None:
    if not number or not unit:
        return None
    value = _FEW.get(number.lower()) or float(number.replace(",", "."))
    small = unit.lower()
    return value * _UNITS["mi" if small.startswith("mi") else small[0]]


_BEFORE = re.compile(
    rf"(?:{_LONG}\s+(?:(?:to|in) the\s+)?(?:(?:{_WAY})(?:ern)?\s+)?(?:(?:away|outside)\s+)?{_OF}"
    rf"|(?:(?:{_WAY})(?:ern)?\s+)?(?:countryside|outskirts|suburbs?|edges?|environs)\s+(?:of|around)\s+(?:the\s+)?(?:(?:city|town|village|capital)\s+(?:of\s+)?)?"
    rf"|(?:{_WAY})\s+of\s+(?:the\s+)?(?:(?:city|town|village|capital)\s+(?:of\s+)?)?|near\s+(?:the\s+)?(?:(?:city|town|village)\s+(?:of\s+)?)?"
    rf"|rural\s+|(?:border|frontier)\s+(?:with|of)\s+(?:the\s+)?)$",
    re.I,
)
_AFTER = re.compile(
    rf"(?:[’']s)?\s+(?:(?:{_WAY})(?:ern)?\s+)?(?:countryside|outskirts|suburbs|environs|(?:border|frontier)(?!\s+(?:town|guards?|police|crossing|post)))\b",
    re.I,
)


_NAME = r"[A-Z\u00c0-\u00de][\w’'-]*(?: [A-Z\u00c0-\u00de][\w’'-]*){0,2}"
_BETWEEN = re.compile(r"\bbetween (?:the )?(?:(?:towns?|cit(?:y|ies)|villages?) of )?$")
_AND = re.compile(rf" and (?:the )?(?:(?:town|city|village) of )?{_NAME}")
_BETWEEN_AND = re.compile(
    rf"\bbetween (?:the )?(?:(?:towns?|cit(?:y|ies)|villages?) of )?{_NAME} and (?:the )?(?:(?:town|city|village) of )?$"
)


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` with the words about it that put it "20 km north of" or at "the … border" of what it names.

    The new limits hold the old ones, and never pass the end of a line. ``around(text[start:end])`` reads them.
    """
    line = text.rfind("\n", 0, start) + 1
    if first := _BETWEEN.search(text[max(line, start - 20) : start]):
        if second := _AND.match(text, end):
            return start - len(first[0]), second.end()
    elif both := _BETWEEN_AND.search(text[max(line, start - 70) : start]):
        return start - len(both[0]), end
    before = _BEFORE.search(text[max(line, start - 60) : start])
    after = _AFTER.match(text, end)
    stop = after.end() if after else end
    return (start - len(before[0]) if before else start), stop
