"""A year of a war that never was, as reports would tell it: accounts in any number, and the event each tells.

    told = war.accounts(20_000)        the accounts, in the order of their reports
    told.event                         the event of each, by account id

Places are the towns and villages of one country in the list that comes with Tallystick, a third of the events in one
city and most of the rest in few others. The year stays a year however many accounts there are, so more of them are
more a day and place. An event is told once mostly, by some tens of reports at times; each telling slips as
reports do: the day by one or not at all told, the place only as its province, the kind as another that is often
confused with it, the toll higher, lower, open or missing, the words copied or put anew. Of the accounts three in
twenty are matters and one in thirty a total, which belongs to no event. Chance is drawn from SHA-256 of a
counter: the same number gives the same accounts on every machine.
"""

from __future__ import annotations

import hashlib
import sqlite3
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import TypeVar

from tallystick import naming
from tallystick.model import (
    Account,
    AccountId,
    CaptureId,
    Claim,
    Document,
    Maker,
    Role,
    Telling,
    Toll,
    confusable,
)
from tallystick.model import accounts as gathered
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.places.gazetteer import default
from tallystick.values.when import UNKNOWN, When

MAKER = Maker("a war that never was", "1")
COUNTRY, FIRST, DAYS = "Syria", date(2016, 1, 1), 365
OUTLETS = 60
KINDS = {
    "air_strike": 30, "shelling": 25, "ground_clash": 15, "killing": 10, "bombing": 6, "capture": 5,
    "missile_strike": 3, "suicide_bombing": 2, "landmine": 2, "other": 2,
}  # fmt: skip
MATTERS = {"control": 5, "displacement": 2, "statement": 5, "meeting": 2, "agreement": 1}
MATTER, TOTAL = 0.15, 0.03  # shares of accounts
PARTIES = ("the army", "the rebels", "the northern front", "the coalition", "the river brigade")
TARGETS = ("a market", "a hospital", "a school", "a bakery", "a mosque", "a checkpoint", "a convoy", "a camp")
WORDS = {
    "air_strike": ("warplanes struck", "an air raid hit", "jets bombed", "raids targeted"),
    "shelling": ("mortar shells fell on", "artillery hit", "shelling struck", "rockets landed in"),
    "ground_clash": ("clashes broke out in", "fighting raged in", "gunmen fought in"),
    "killing": ("gunmen shot people in", "bodies were found in", "a sniper fired in"),
    "bombing": ("a bomb went off in", "a car bomb hit", "a blast tore through"),
    "capture": ("men were seized in", "fighters were captured in", "people were abducted in"),
    "missile_strike": ("a missile hit", "missiles struck"),
    "suicide_bombing": ("a suicide bomber struck", "a bomber blew himself up in"),
    "landmine": ("a mine went off in", "a landmine killed people in"),
    "other": ("violence was reported in", "an attack took place in"),
    "control": ("troops took", "fighters now hold", "the town passed to others:"),
    "displacement": ("families fled", "people left"),
    "statement": ("a minister condemned events in", "an official called for calm in", "an envoy accused both sides over"),
    "meeting": ("delegates met over", "envoys held talks on"),
    "agreement": ("a truce was agreed for", "a local deal was reached in"),
}  # fmt: skip
_REST = (
    "residents", "activists", "say", "early", "morning", "evening", "rescue", "workers", "streets", "homes", "smoke",
    "rubble", "families", "children", "doctors", "wounded", "carried", "night", "heavy", "fourth", "week", "line",
    "front", "river", "bridge", "eastern", "western", "quarter", "supplies", "road", "hours", "several", "reported",
    "state", "television", "monitor", "witness", "spokesman", "denied", "confirmed", "later", "toll", "rise", "critical",
)  # fmt: skip

Any = TypeVar("Any")


class Chance:
    """Numbers that look like chance and are the same in every run: SHA-256 of a name and a counter."""

    def __init__(self, name: str) -> None:
        self._name, self._count, self._left = name, 0, b""

    def share(self) -> float:
        """At least 0 and less than 1."""
        if len(self._left) < 4:
            self._left = hashlib.sha256(f"{self._name} {self._count}".encode()).digest()
            self._count += 1
        word, self._left = self._left[:4], self._left[4:]
        return int.from_bytes(word, "big") / 2**32

    def among(self, things: Sequence[Any]) -> Any:
        return things[int(self.share() * len(things))]

    def weighted(self, things: Sequence[Any], sums: Sequence[float]) -> Any:
        """One of ``things``; ``sums`` are their weights added up."""
        return things[bisect(sums, self.share() * sums[-1])]


@dataclass(frozen=True, slots=True)
class War:
    """Accounts in the order of their reports, and the event that each tells; totals have none."""

    accounts: tuple[Account, ...]
    event: dict[AccountId, int]


@dataclass(frozen=True, slots=True)
class Event:
    """What truly happened."""

    number: int
    kind: str
    day: date
    place: Place
    killed: int
    wounded: int
    party: str
    target: str | None
    words: str


def places() -> list[Place]:
    """The towns and villages of the country, those with most people first."""
    rows = sqlite3.connect(f"file:{default(naming.cache())}?mode=ro", uri=True).execute(
        "SELECT id, name, admin1, latitude, longitude FROM place WHERE country = ? AND kind IN ('town', 'village')"
        " AND latitude IS NOT NULL AND admin1 IS NOT NULL ORDER BY population DESC, id",
        (COUNTRY,),
    )
    return [
        Place(name, name, admin1, COUNTRY, north, east, 5.0, code=code)
        for code, name, admin1, north, east in rows
    ]


def accounts(count: int, spots: Sequence[Place] | None = None) -> War:
    """So many accounts, and some more of the last event's; in ``spots``, or in all places of the country."""
    chance, spots = Chance(f"war {count}"), spots or places()
    rest = [1 / rank for rank in range(2, len(spots) + 1)]
    sums = list(accumulate([sum(rest) / 2, *rest]))  # a third of them in the first
    told: dict[tuple[int, date], list[tuple[Event, bool]]] = defaultdict(list)
    made = number = 0
    while made < count:
        event = _event(chance, number, spots, sums)
        number += 1
        reports = min(40, int(max(chance.share(), 1e-9) ** -0.8))  # mostly one or two, up to forty
        start = int(chance.share() * OUTLETS)
        total = chance.share() < TOTAL
        for outlet in range(start, start + reports):
            late = int(3 * chance.share() ** 2)
            told[outlet % OUTLETS, event.day + timedelta(days=late)].append((event, total))
        made += reports
    return _told(chance, told)


def _event(chance: Chance, number: int, spots: Sequence[Place], sums: Sequence[float]) -> Event:
    kinds = MATTERS if chance.share() < MATTER else KINDS
    kind = chance.weighted(list(kinds), list(accumulate(kinds.values())))
    heavy = int(1 / max(chance.share(), 0.005)) if chance.share() < 0.9 else 0
    spot = chance.weighted(spots, sums)
    target = chance.among(TARGETS) if chance.share() < 0.6 else None
    words = f"{chance.among(WORDS[kind])} {target + ' in ' if target else ''}{spot.name}"
    killed = heavy if kind in KINDS else 0
    return Event(
        number,
        kind,
        FIRST + timedelta(days=int(chance.share() * DAYS)),
        spot,
        killed,
        int(killed * 3 * chance.share()),
        chance.among(PARTIES),
        target,
        f"{words} {_filling(chance)}",
    )


def _filling(chance: Chance) -> str:
    return " ".join(chance.among(_REST) for _ in range(8))


def _told(chance: Chance, told: dict[tuple[int, date], list[tuple[Event, bool]]]) -> War:
    """The reports: of each outlet and day one, with a sentence for each event it tells."""
    claims: list[Claim] = []
    documents, event = {}, {}
    for (outlet, day), events in sorted(told.items(), key=lambda item: (item[0][1], item[0][0])):
        lines = [_line(chance, one) for one, _ in events]
        text = "\n".join(lines)
        document = Document(
            CaptureId("0"), f"{outlet}-{day}", text, None, f"outlet {outlet}", day, "metadata"
        )
        documents[document.id] = document
        at = 0
        for (one, total), line in zip(events, lines, strict=True):
            mine = list(_claims(chance, document, (at, at + len(line)), one, total))
            at += len(line) + 1
            claims += mine
            name = mine[0].account
            if not total and name is not None:
                event[name] = one.number
    return War(gathered(claims, documents), event)


def _line(chance: Chance, event: Event) -> str:
    if chance.share() < 0.5:
        return event.words  # a copy
    return f"{chance.among(WORDS[event.kind])} {event.place.name} {_filling(chance)}"


def _claims(
    chance: Chance, document: Document, where: tuple[int, int], event: Event, total: bool
) -> Iterator[Claim]:
    words = document.span(*where)
    telling = Telling(
        _kind(chance, event.kind),
        total,
        when=_when(chance, event.day),
        place=_place(chance, event.place),
        target=event.target if chance.share() < 0.85 else None,
    )
    yield Claim(words, "attack", telling, telling=words, maker=MAKER)
    for kind, number in (("killed", event.killed), ("wounded", event.wounded)):
        if number and chance.share() < 0.95:
            yield Claim(words, "casualties", Toll(kind, _count(chance, number)), telling=words, maker=MAKER)
    if chance.share() < 0.4:
        party = event.party if chance.share() < 0.9 else chance.among(PARTIES)
        yield Claim(
            words, "responsibility", Role(Party(party), "perpetrator", "stated"), telling=words, maker=MAKER
        )


def _kind(chance: Chance, kind: str) -> str:
    others = [other for other in KINDS if kind in KINDS and other != kind and confusable(kind, other)]
    return chance.among(others) if others and chance.share() < 0.04 else kind


def _when(chance: Chance, day: date) -> When:
    drawn = chance.share()
    if drawn < 0.05:
        return UNKNOWN
    if drawn < 0.08:
        return When(day - timedelta(days=1), day, "day")
    slip = 0 if drawn < 0.98 else 1 if drawn < 0.995 else -1
    return When(day + timedelta(days=slip), day + timedelta(days=slip), "day")


def _place(chance: Chance, place: Place) -> Place | None:
    drawn = chance.share()
    if drawn < 0.01:
        return None
    if drawn < 0.14 and place.admin1:
        return Place(place.admin1, place.admin1, place.admin1, COUNTRY)
    if drawn < 0.20:  # told, and found in no list
        return replace(place, latitude=None, longitude=None, radius_km=None, code=None)
    return place


def _count(chance: Chance, number: int) -> Count:
    drawn = chance.share()
    off = number if drawn < 0.88 else max(1, round(number * (0.7 + 0.6 * chance.share())))
    if drawn < 0.15:
        return Count(off, None)
    return Count(off, off, approx=drawn > 0.95)
