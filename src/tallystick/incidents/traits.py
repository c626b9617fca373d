"""What of an account is compared: its days, spot, figures and parties, and the words that are its own.

Each trait is written once for all pairs that the account stands in. ``compare`` lays the traits of all
accounts down as an Arrow table, and the rest is SQL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal
from zlib import crc32

from tallystick.model import Account
from tallystick.values.count import Count
from tallystick.values.names import fold, skeleton
from tallystick.values.parties.context import LOADED
from tallystick.values.party import Party
from tallystick.values.place import Place

Level = Literal["country", "province", "city", "fine"]
BIG = 100_000  # people; in a town of so many several things happen on one day
LONG = 31  # days; whoever tells no more than "in 2016" tells no day
LARGE, MIDDLE = 8, 3  # a figure that two accounts share by chance: hardly ever, now and then

# Words that stand in the telling of most events, and tell none from another.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """the ash a an of in on at to for and or by with from as is was were are been be has have had that
        this which who their its his her it they not said after before during near people civilians
        killed wounded injured others least more than dozens several some many between into over against
        two three four five six seven eight nine ten including meanwhile according reported attack
        attacks strike strikes airstrike airstrikes raid raids air shelling shelled bombing bombed bomb
        bombs explosion blast clash clashes fighting killing kill targeted hit targeting struck wounding
        forces area areas city town village province""",
    )
)
_WORD = re.compile(r"[a-z]{3,}")
STEM = 6  # letters; "hospital" and "hospitals", "barrel" and "barrels" meet
# A name that says where something is by what is beside it, or covers more than one place.
_VAGUE = re.compile(
    r"\b(?:near|outside|around|close to|outskirts|countryside|areas?|villages?|towns?|between|axis|road"
    r"|surroundings|(?:north|south|east|west|central)\w*|(?:rebel|government|regime|opposition)\b[\w-]*)\b",
    re.I,
)
_BESIDE = re.compile(
    r"(?:near|outside|around|between|areas?|villages? (?:near|in|of|outside)|\d+ ?k)\b|\d+ ?k", re.I
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as linking sees it: how much of the map it is, and whether it only says what is beside it."""

    place: Place
    level: Level
    vague: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is accused of the deed (by words that say who, not what one thinks of them), and whom it fought."""

    accused: tuple[Party, ...]
    opponents: frozenset[str]


# Low, high, the greatest number told (as ``Count`` has them), and whether so vague that it fits every other.
Figure = tuple[int | None, int | None, int, bool]


@dataclass(frozen=True, slots=True)
class Traits:
    """All of one account that is compared. Words and keys are numbers (CRC-32), equal for equal words."""

    kind: str
    days: tuple[int, int] | None  # ordinals, both included
    published: int | None
    spot: Spot | None
    killed: tuple[Figure, ...]
    wounded: tuple[Figure, ...]
    shared: tuple[int, ...]  # figures of three and more, of any kind and group
    sides: Sides | None
    target: tuple[int, ...]
    weapon: tuple[int, ...]
    words: tuple[int, ...]
    keys: tuple[tuple[str, int], ...]  # a rule of ``candidates.sql`` and what two must share under it


def traits(account: Account) -> Traits:
    """The traits of ``account``, an account of harm or of a matter, no aggregate."""
    telling = account.telling
    start, end = telling.when.start, telling.when.end
    days = (start.toordinal(), end.toordinal()) if start and end and (end - start).days <= LONG else None
    spot = _spot(account)
    target, weapon, words = (
        _words(text) for text in (telling.target, telling.weapon, account.span.quote)
    )  # fmt: skip
    accused = {role.party.key: role.party for _, role in account.accused()}
    told = tuple(party for key, party in sorted(accused.items()) if not _is_loaded(party.name))
    opponents = frozenset(role.party.key for _, role in account.roles("opponent")) if told else frozenset()
    numbers = _numbers(account)
    return Traits(
        telling.kind,
        days,
        account.published.toordinal() if account.published else None,
        spot,
        _figures(account, "killed"),
        _figures(account, "wounded"),
        tuple(sorted({_key(f"{kind} {n}") for kind, n in numbers if n >= MIDDLE})),
        Sides(told, opponents) if told else None,
        target,
        weapon,
        words,
        tuple(sorted(set(_keys(account, spot, target, words, numbers)))),
    )


def _keys(
    account: Account,
    spot: Spot | None,
    target: tuple[int, ...],
    words: tuple[int, ...],
    numbers: set[tuple[str, int]],
) -> Iterator[tuple[str, int]]:
    kind = account.telling.kind
    named, province = _of_place(spot.place) if spot else ((), None)
    if account.is_matter:
        yield from (("matter place", word) for word in named)
        yield from (("matter word", word) for word in words)
        return
    yield from (("place", word) for word in named)
    yield from (("target", word) for word in target)
    yield from (("figure", _key(f"{toll} {n}")) for toll, n in numbers if n >= LARGE)
    yield "kind", _key(kind)
    if province is not None:
        yield "province", _key(province)
        yield "kind in province", _key(f"{kind} {province}")


@lru_cache(maxsize=65536)
def _of_place(place: Place) -> tuple[tuple[int, ...], str | None]:
    """The keys of the words that name a place, and the skeleton of its province, where one is told."""
    named = {
        skeleton(word) for name in (place.name, *place.within) for word in fold(name).split() if len(word) > 2
    }
    if place.code:
        named.add(place.code)  # two names of one place share no word
    province = fold(place.admin1).replace(" ", "")[:12] if place.admin1 else ""
    return tuple(map(_key, named)), skeleton(province) if province else None


@lru_cache(maxsize=65536)
def _is_loaded(name: str) -> bool:
    return LOADED.fullmatch(name) is not None


@lru_cache(maxsize=65536)
def _is_vague(name: str) -> bool:
    return _VAGUE.search(name) is not None


@cache
def _key(text: str) -> int:
    return crc32(text.encode())


def _words(text: str | None) -> tuple[int, ...]:
    """The words of ``text`` that tell one event from another, cut to their first letters."""
    if not text:
        return ()
    # Of plain letters folding leaves the words as they are, and no text of a report need be kept folded.
    found = _WORD.findall(text.lower() if text.isascii() else fold(text))
    return tuple(sorted({_key(word[:STEM]) for word in found if word not in _COMMON}))


def _figures(account: Account, kind: str) -> tuple[Figure, ...]:
    counts = {toll.count for _, toll in account.whole(kind)}
    if not counts:
        return ()
    return tuple(
        sorted(
            ((c.low, c.high, c.greatest_told, says_little(c)) for c in counts),
            key=lambda figure: tuple(-1 if part is None else part for part in figure),
        )
    )


def says_little(told: Count) -> bool:
    """Whether a count is so vague ("some", "many") that any other would agree with it."""
    return told.high is None and (told.low or 0) <= 2


def _numbers(account: Account) -> set[tuple[str, int]]:
    """The numbers that an account names, by kind of toll, of whatever group."""
    out: set[tuple[str, int]] = set()
    for claim, toll in account.tolls():
        if claim.stance != "denied" and not says_little(toll.count):
            out |= {(toll.kind, n) for n in (toll.count.low, toll.count.high) if n is not None}
    return out


def _spot(account: Account) -> Spot | None:
    place = account.telling.place
    if place is None:
        return None
    choices = account.found.choices if account.found and place.code else ()
    entry = next((choice.entry for choice in choices if choice.entry.id == place.code), None)
    vague = _is_vague(place.name) or bool(place.words and _BESIDE.match(place.words))
    level: Level = "fine"
    if (entry and entry.kind == "country") or (place.country and fold(place.name) == fold(place.country)):
        level = "country"
    elif (entry and entry.kind == "admin1") or (entry is None and place.name == place.admin1):
        level = "province"
    elif entry and (place.name == place.admin1 or (entry.kind != "village" and entry.population >= BIG)):
        level = "city"
    return Spot(place, level, vague)
