"""Whether an incident falls into the period, the place, the party accused and the kind that a total is over.

Accounts of one incident may differ, and days may reach over the edge of a period. So the answer is
one of four: within, perhaps, outside, or untold; with the reason in words where it is not plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Literal

from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from tallystick.errors import AskedWrongly
from tallystick.findings import blame
from tallystick.model import Account, AccountId, Scope, Weighed
from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, fold, spelt_alike
from tallystick.values.parties.register import basic
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import When

Vote = Literal["within", "perhaps", "outside", "untold"]
_KIND_WORD = re.compile(r"\s+(?:province|governorate|city|town|state|oblast|region|district)$", re.I)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an incident stands to a scope; ``best`` says whether it counts for the best supported number."""

    vote: Vote
    best: bool
    why: str = ""


WITHIN, OUTSIDE = Standing("within", True), Standing("outside", False)


def refuse_untold(scope: Scope, told: Sequence[Account]) -> None:
    """Raises ``AskedWrongly``, with the nearest name, where no account tells of such a place, or accuses so.

    A total of 0 would say more than is known.
    """
    places = [account.telling.place for account in told if account.telling.place]
    if scope.place is not None and scope.place not in {place.code for place in places}:
        names = {n for p in places for n in (p.name, *p.within, p.admin1, p.country) if n}
        if not any(alike(scope.place, name) for name in names):
            _refuse(scope.place, names, "no report of the case tells of harm at a place called", "places")
    if scope.party is not None:
        names = {role.party.name for account in told for _, role in account.accused()}
        if not any(is_party(name, scope.party) for name in names):
            _refuse(scope.party, names, "no incident of the case has an accused called", "parties")


def _refuse(asked: str, names: Collection[str], nobody: str, verb: str) -> None:
    near = process.extractOne(asked, sorted(names), scorer=ratio, processor=str.lower, score_cutoff=60)
    meant = f"; did you mean {near[0]!r}?" if near else ""
    raise AskedWrongly(f"{nobody} {asked!r}{meant} ('tallystick {verb} CASE' lists those that are told)")


class Area:
    """A place that is asked about, by name or code; ``places`` are all that the case tells."""

    def __init__(self, place: str, places: Sequence[Place]) -> None:
        self._place, self._places = place, places
        self._holds: dict[Place, Vote] = {}  # of the places that were asked about

    def holds(self, place: Place | None) -> Vote:
        """Whether ``place`` is the area or lies in it; untold where it may or may not."""
        if place is None:
            return "untold"
        if place not in self._holds:
            self._holds[place] = self._held(place)
        return self._holds[place]

    def _held(self, place: Place) -> Vote:
        asked = self._asked
        if place.code and place.code == self._place:
            return "within"
        if self._is_province and place.admin1:
            return "within" if any(same_name(place.admin1, name) for name in asked) else "outside"
        parts = [part for part in (place.name, *place.within, place.admin1, place.country) if part]
        if any(same_name(part, name) and not _wider(part, name) for part in parts for name in asked):
            return "within"
        wide = any(same_name(place.name, name) for name in (*self._around, *asked))
        bare = place.admin1 is None and not place.within
        if wide or (
            bare and (place.country is None or any(same_name(place.country, a) for a in self._around))
        ):
            return "untold"
        return "outside"

    @cached_property
    def _asked(self) -> tuple[str, ...]:
        """The names of the area: those of its code, where it is one."""
        place = self._place
        coded = {told.name for told in self._places if told.code == place}
        return tuple(sorted(coded)) or (_KIND_WORD.sub("", place),)

    @cached_property
    def _is_province(self) -> bool:
        return any(
            told.admin1 and same_name(told.admin1, name) for told in self._places for name in self._asked
        )

    @cached_property
    def _around(self) -> tuple[str, ...]:
        """The areas that the area is told to lie in."""

        @cache
        def is_asked(part: str) -> bool:
            return any(same_name(part, name) for name in self._asked)

        out = {
            part
            for told in self._places
            if is_asked(told.name) or (told.admin1 and is_asked(told.admin1))
            for part in (*told.within, told.admin1, told.country)
            if part and not is_asked(part)
        }
        return tuple(sorted(out))


@dataclass(frozen=True, slots=True)
class Heard:
    """One account that is weighed: what of it a scope asks about."""

    account: AccountId
    kind: str
    when: When
    place: Place | None
    blamed: tuple[str, ...]


class Seen:
    """One incident, made ready to be asked by many scopes.

    ``days`` are the first and the last that any account of it may mean; all days where none tells any.
    """

    def __init__(self, weighed: Weighed) -> None:
        self.weighed = weighed
        self.heard = tuple(
            Heard(each.id, each.telling.kind, each.telling.when, each.telling.place, tuple(accused(each)))
            for each in weighed.incident.heard
        )
        told = [each.when for each in self.heard if each.when.start or each.when.end]
        self.days = (
            min((when.start or date.min for when in told), default=date.min),
            max((when.end or date.max for when in told), default=date.max),
        )


class Fit:
    """One scope, made ready to be asked of many incidents; ``area`` is its place, where it has one."""

    def __init__(self, scope: Scope, area: Area) -> None:
        self.scope = scope
        self._area = area

    def standing(self, seen: Seen) -> Standing:
        """How an incident stands to the scope: outside by any measure is outside, however little is told.

        One of whose days none touches the scope's is outside without a look at more of it.
        """
        start, end = seen.days
        if start > (self.scope.end or date.max) or end < (self.scope.start or date.min):
            return OUTSIDE
        found: list[Standing] = []
        for vote, noun in self._measures:
            standing = _voted(seen, vote, noun)
            if standing.vote == "outside":
                return OUTSIDE
            found.append(standing)
        if untold := [one for one in found if one.vote == "untold"]:
            return Standing("untold", False, "; ".join(one.why for one in untold))
        unsure = [one for one in found if one.vote == "perhaps"]
        if unsure:
            return Standing("perhaps", all(one.best for one in unsure), "; ".join(one.why for one in unsure))
        return WITHIN

    @cached_property
    def _measures(self) -> list[tuple[Callable[[Heard], Vote], str]]:
        """The questions that the scope asks of an account, each with what it is about."""
        asked: list[tuple[object, Callable[[Heard], Vote], str]] = [
            (self.scope.start or self.scope.end, self._day, "the day"),
            (self.scope.kind, self._what, "what kind of event it was"),
            (self.scope.place, self._where, "the place"),
            (self.scope.party, self._who, "who did it"),
        ]
        return [(vote, noun) for limit, vote, noun in asked if limit]

    def _day(self, told: Heard) -> Vote:
        when = told.when
        if when.start is None and when.end is None:
            return "untold"
        first, last = self.scope.start or date.min, self.scope.end or date.max
        start, end = when.start or date.min, when.end or date.max
        if end < first or last < start:
            return "outside"
        return "within" if first <= start and end <= last else "perhaps"

    def _where(self, told: Heard) -> Vote:
        return self._area.holds(told.place)

    def _who(self, told: Heard) -> Vote:
        if not told.blamed:
            return "untold"
        return "within" if any(is_party(name, self.scope.party or "") for name in told.blamed) else "outside"

    def _what(self, told: Heard) -> Vote:
        if told.kind == self.scope.kind:
            return "within"
        return "untold" if told.kind == "other" else "outside"


@lru_cache(maxsize=65536)
def same_name(one: str, other: str) -> bool:
    """Whether two names of places may be two spellings of one."""
    return spelt_alike(one, other)


@lru_cache(maxsize=65536)
def relation(one: str, other: str) -> Verdict:
    """How two parties stand to each other, by their names."""
    return Party(one).relation(Party(other))


@lru_cache(maxsize=65536)
def is_party(name: str, asked: str) -> bool:
    """Whether two names are of one party: the same name, or two that the base knows for one.

    "The government" is not Russia's for sharing a word with it.
    """
    known = basic().relation(name, asked)
    return Party(name).key == Party(asked).key or (known is not None and known.verdict is Verdict.AGREE)


def accused(account: Account) -> list[str]:
    """The parties that an account says did it, or says claim it; not those that it clears alone."""
    return [role.party.name for _, role in blame.laid(account)]


@lru_cache(maxsize=65536)
def _wider(name: str, asked: str) -> bool:
    """Whether ``asked`` only names a part of ``name``: "east Aleppo" of Aleppo."""
    return set(fold(name).split()) < set(fold(asked).split())


def _voted(seen: Seen, vote: Callable[[Heard], Vote], noun: str) -> Standing:
    """The answer that the accounts of one incident give together; the silent have no vote."""
    answers = [(each.account, answer) for each in seen.heard if (answer := vote(each)) != "untold"]
    given = {answer for _, answer in answers}
    if not given:
        return Standing("untold", False, f"{noun} is not told, or not closely enough")
    if given == {"within"}:
        return WITHIN
    if given == {"outside"}:
        return OUTSIDE
    into: set[str] = set()
    out_of: set[str] = set()
    for account, answer in answers:
        resting = {origin.name for origin in seen.weighed.origins if account in origin.accounts}
        (into if answer == "within" else out_of).update(resting or {account})
    why = f"its accounts differ on {noun}" if len(given) > 1 else f"{noun} reaches over the edge"
    return Standing("perhaps", len(into) > len(out_of), why)


def named_places(accounts: Iterable[Account]) -> tuple[Place, ...]:
    """The places that accounts tell, each once, in order of first telling."""
    return tuple(dict.fromkeys(a.telling.place for a in accounts if a.telling.place))
