"""Many wars and years that never were, told as the coded reports tell theirs: 10,000 to 1,000,000 accounts.

    python bench/wars.py                     the measured shares, of the coded reports and of 10,000 made accounts
    for account in wars.accounts(1_000_000)  one after the other, none kept

Each share below was counted on the coded training reports (../shared/gold/train: 543 reports, 1,349 accounts of
harm that are no totals, 926 events). What a war of that many sources holds is set by ``YEARLY``: 20,000 accounts a
year and country, 55 a day, as the war of bench/war.py has at that size; more accounts are more years, and more
countries, never a denser war. (The coded reports are a sample, some five a day in their fullest months.) Matters are
three in twenty, as in bench/war.py: the training reports are coded for harm alone. Totals, a quarter of what is told
there, are not made: no total is linked.

A war's places are towns and villages of one country in the list that comes with Tallystick. Chance is Python's
generator seeded by war and year: a year is the same however many are asked for.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import accumulate, combinations
from pathlib import Path
from typing import Any

import war

from tallystick.model import (
    HARM,
    Account,
    CaptureId,
    Claim,
    Document,
    Maker,
    Role,
    Span,
    Telling,
    Toll,
    confusable,
)  # fmt: skip
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.when import UNKNOWN, When

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold" / "train"
MAKER = Maker("wars that never were", "1")
YEARLY, LASTS, FIRST, DAYS = 20_000, 5, 1961, 365
COUNTRIES = ("Syria", "Yemen", "Iraq", "Sudan", "Libya", "Ukraine", "Somalia", "Myanmar", "Mali", "Colombia")

# Events by the number of reports that tell them; reports by the number of their accounts that are no totals.
TELLINGS = {1: 695, 2: 129, 3: 55, 4: 28, 5: 10, 6: 3, 7: 1, 8: 2, 9: 2, 10: 1}
IN_REPORT = {1: 200, 2: 147, 3: 68, 4: 58, 5: 22, 6: 11, 7: 13, 8: 4, 9: 7, 11: 1, 17: 1, 29: 1}
KINDS = {
    "air_strike": 507, "shelling": 294, "ground_clash": 224, "other": 73, "bombing": 71, "killing": 66,
    "suicide_bombing": 62, "chemical_attack": 28, "capture": 15, "missile_strike": 9,
}  # fmt: skip
# Of a hundred accounts those in the first province, the second, ...; and within a province those in its first place.
PROVINCES = (37, 11, 10, 10, 8, 5, 5, 4, 4, 3, 2, 1)
PLACES = (
    (1, 0.116),
    (2, 0.197),
    (5, 0.342),
    (10, 0.484),
    (20, 0.648),
    (50, 0.85),
    (100, 0.916),
    (200, 1.0),
)  # by rank
COARSE = 0.18  # named by the province alone
SPELLINGS = (0.53, 0.1175, 0.1175, 0.1175, 0.1175)  # two tellings of one place spell it alike in 38 of 100
# Days from the event to the report; stretches told (days after the first), and no day at all.
LAG = {0: 476, 1: 278, 2: 62, 3: 33, 4: 22, 5: 23, 6: 10, 7: 15}
STRETCH = {0: 1000, 1: 121, 2: 16, 6: 12, 5: 7, 29: 66, None: 127}
# Figures that an account gives; the greatest number of dead and of wounded at these shares.
KILLED, WOUNDED = {0: 386, 1: 513, 2: 260, 3: 123, 4: 67}, {0: 887, 1: 320, 2: 104, 3: 38}
DEAD = ((0.0, 1), (0.1, 2), (0.25, 4), (0.5, 11), (0.75, 28), (0.9, 56), (0.97, 101), (1.0, 300))
HURT = ((0.0, 1), (0.1, 2), (0.25, 3), (0.5, 9), (0.75, 24), (0.9, 46), (0.99, 200), (1.0, 300))
OPEN = 0.29  # "at least"
GROUPS = {
    "people": 448,
    "civilians": 430,
    "fighters": 403,
    "children": 211,
    "women": 70,
    "soldiers": 64,
    "medics": 26,
}
ACTORS = {0: 135, 1: 554, 2: 492, 3: 168}
PARTIES = {
    "the government": 589, "the emirate": 340, "the northern power": 205, "terrorists": 124, "the coalition": 103,
    "the army": 92, "the front": 67, "terrorist groups": 64, "rebels": 87, "militants": 36, "the river brigade": 33,
}  # fmt: skip
OPPONENT = 0.19  # of the roles told
TARGET, WEAPON = 0.87, 0.57  # accounts that name one
# Words of a telling, and those that reports use by rank: how many of all words told are among the first so many.
LENGTH = ((0.0, 6), (0.1, 10), (0.25, 13), (0.5, 16), (0.75, 18), (0.9, 21), (1.0, 30))
WORDS = ((10, 0.206), (50, 0.444), (100, 0.584), (300, 0.791), (1000, 0.943), (1915, 1.0))
# Of two tellings of one event: how often the same words (three in five shared), day, place, kind; and of those that
# both count the dead, how often with a figure in common.
SAME_WORDS, SAME_DAYS, SAME_PLACE, SAME_KIND, SAME_FIGURE = 0.26, 0.79, 0.755, 0.92, 0.57

_USUAL = [
    "the",
    "of",
    "in",
    "and",
    "killed",
    "people",
    "were",
    "air",
    "civilians",
    "least",
    "strikes",
    "wounded",
    "forces",
    "city",
    "said",
    "aleppo",
    "syrian",
    "have",
    "been",
    "from",
    "attack",
    "rebel",
    "including",
    "government",
    "children",
    "by",
    "strike",
    "province",
    "near",
    "others",
    "regime",
    "terrorist",
    "dozens",
    "town",
    "after",
    "fighters",
    "militants",
    "army",
    "bombing",
    "district",
    "more",
    "during",
    "russian",
    "hospital",
    "held",
    "eastern",
    "northern",
    "led",
    "against",
    "shelling",
    "rockets",
    "residential",
]
_SPELT = ("{}", "al-{}", "{} city", "near {}", "old {}")
_COPIED = 0.34  # of the tellings that are not the first: of two of them all, as often as SAME_WORDS
_SYLLABLES = [a + b for a in "bdfghjklmnprstvz" for b in "aeiou"]


class Drawn:
    """Draws that a year's tellings are made by; the same numbers for the same name."""

    def __init__(self, name: str) -> None:
        self.share = random.Random(name).random  # noqa: S311 - nothing secret

    def among(self, things: Sequence[Any]) -> Any:
        return things[int(self.share() * len(things))]

    def of(self, shares: tuple[Sequence[Any], Sequence[float]]) -> Any:
        things, sums = shares
        return things[bisect(sums, self.share() * sums[-1])]

    def between(self, steps: Sequence[tuple[float, float]]) -> int:
        """A number whose shares below are ``steps``, even between them."""
        at = self.share()
        n = min(bisect(steps, (at, 1e9)), len(steps) - 1)
        (low, least), (high, most) = steps[n - 1], steps[n]
        return round(least + (most - least) * (at - low) / (high - low))

    def rank(self, steps: Sequence[tuple[int, float]]) -> int:
        """A rank from 0, where so many of all lie among the first."""
        at = self.share()
        n = next(n for n, (_, share) in enumerate(steps) if at < share or share == 1.0)
        first = steps[n - 1][0] if n else 0
        return first + int(self.share() * (steps[n][0] - first))


def _shares(table: Mapping[Any, float]) -> tuple[list[Any], list[float]]:
    return list(table), list(accumulate(table.values()))


_TABLES = {
    name: _shares(globals()[name])
    for name in ("TELLINGS", "IN_REPORT", "KINDS", "LAG", "STRETCH", "KILLED", "WOUNDED", "GROUPS", "ACTORS", "PARTIES")
}  # fmt: skip
_MATTERS, _SPELL = _shares(war.MATTERS), (range(len(SPELLINGS)), list(accumulate(SPELLINGS)))
_PROVINCES = (range(len(PROVINCES)), list(accumulate(PROVINCES)))


@dataclass(slots=True)
class Event:
    """What truly happened, and the words in which it was first told."""

    number: int
    kind: str
    day: date
    place: Place
    near: Place
    dead: list[tuple[str, int]]
    hurt: list[tuple[str, int]]
    actors: list[tuple[str, str]]
    target: str | None
    weapon: str | None
    stretch: int | None
    coarse: bool
    words: list[str]
    told: list[str]


def accounts(count: int, at_once: int = 1, events: list[int] | None = None) -> Iterator[Account]:
    """So many accounts in the order of their reports; to ``events`` is added the event of each.

    A war lasts ``LASTS`` years, then the next country's begins; ``at_once`` many are fought in one year.
    """
    made, years = 0, -(-count // YEARLY)
    for year in range(years):
        begun = year // LASTS * at_once
        for war_number in range(begun, begun + at_once):
            for account, number in _year(war_number, year, places(COUNTRIES[war_number % len(COUNTRIES)])):
                if events is not None:
                    events.append(number)
                yield account
                made += 1
                if made == count:
                    return


@cache
def places(country: str) -> list[list[Place]]:
    """The towns and villages of a country by province, those of most people first, and so the provinces."""
    war.COUNTRY = country
    by_province: dict[str, list[Place]] = defaultdict(list)
    for place in war.places():
        by_province[place.admin1 or ""].append(place)
    ordered = sorted(by_province.values(), key=lambda each: -len(each))
    return ordered[: len(PROVINCES)]


def vocabulary() -> list[str]:
    """Words by rank: those that most reports use, then words that mean nothing, of two to four syllables."""
    drawn, out = Drawn("words"), dict.fromkeys(_USUAL)
    while len(out) < WORDS[-1][0]:
        out["".join(drawn.among(_SYLLABLES) for _ in range(2 + int(3 * drawn.share())))] = None
    return list(out)


_WORDS = vocabulary()


def _year(country: int, year: int, spots: list[list[Place]]) -> Iterator[tuple[Account, int]]:
    """The accounts of one war in one year, in the order of their reports."""
    drawn = Drawn(f"war {country} in {year}")
    first, made, number = date(FIRST + year, 1, 1), 0, (country * 1000 + year) * YEARLY
    told: dict[date, list[Event]] = defaultdict(list)
    while made < YEARLY:
        event = _event(drawn, number, first + timedelta(days=int(drawn.share() * DAYS)), spots)
        tellings = min(drawn.of(_TABLES["TELLINGS"]), YEARLY - made)
        for _ in range(tellings):
            told[event.day + timedelta(days=drawn.of(_TABLES["LAG"]))].append(event)
        made, number = made + tellings, number + 1
    report = 0
    for day in sorted(told):
        waiting = sorted(told[day], key=lambda _: drawn.share())
        while waiting:
            size, inside, rest = drawn.of(_TABLES["IN_REPORT"]), [], []
            for event in waiting:  # no report tells an event twice
                (inside if len(inside) < size and all(e is not event for e in inside) else rest).append(event)
            waiting = rest
            yield from _report(drawn, f"{country}-{year}-{report}", day, inside)
            report += 1


def _event(drawn: Drawn, number: int, day: date, spots: list[list[Place]]) -> Event:
    matter = drawn.share() < war.MATTER
    province = spots[min(drawn.of(_PROVINCES), len(spots) - 1)]
    place = province[min(drawn.rank(PLACES), len(province) - 1)]
    dead, hurt = (
        [] if matter else [(drawn.of(_TABLES["GROUPS"]), max(1, drawn.between(sizes))) for _ in range(drawn.of(table))]
        for table, sizes in ((_TABLES["KILLED"], DEAD), (_TABLES["WOUNDED"], HURT))
    )  # fmt: skip
    roles = [
        "opponent" if drawn.share() < OPPONENT else "perpetrator" for _ in range(drawn.of(_TABLES["ACTORS"]))
    ]
    return Event(
        number,
        drawn.of(_MATTERS if matter else _TABLES["KINDS"]),
        day,
        place,
        drawn.among(province),
        dead,
        hurt,
        [(role, drawn.of(_TABLES["PARTIES"])) for role in roles],
        " ".join(_drawn_words(drawn, 3)),
        drawn.among(("barrel bombs", "mortar shells", "a car bomb", "rockets", "cluster bombs", "gunfire")),
        drawn.of(_TABLES["STRETCH"]),
        drawn.share() < COARSE,
        _drawn_words(drawn, 8),
        [],
    )


def _drawn_words(drawn: Drawn, count: int) -> list[str]:
    return [_WORDS[drawn.rank(WORDS)] for _ in range(count)]


def _report(drawn: Drawn, name: str, day: date, events: list[Event]) -> Iterator[tuple[Account, int]]:
    lines = [_line(drawn, event) for event in events]
    text = "\n".join(lines)
    capture = CaptureId(hashlib.sha256(f"{name}\n{text}".encode()).hexdigest())
    document = Document(capture, name, text, None, f"outlet {int(60 * drawn.share())}", day, "metadata")
    name, at = document.id, 0
    for event, line in zip(events, lines, strict=True):
        claims = tuple(_claims(drawn, Span(name, at, at + len(line), line), event))
        at += len(line) + 1
        yield Account(claims[0], claims, document.publisher, day), event.number


def _line(drawn: Drawn, event: Event) -> str:
    if event.told and drawn.share() < _COPIED:
        return event.told[0]
    words = [word for word in event.words if drawn.share() < 0.5]
    words += _drawn_words(drawn, max(2, drawn.between(LENGTH) - len(words) - 3))
    line = f"{' '.join(words)} in {event.place.name}"
    event.told.append(line)
    return line


def _claims(drawn: Drawn, words: Span, event: Event) -> Iterator[Claim]:
    telling = Telling(
        _kind(drawn, event.kind),
        when=_when(drawn, event),
        place=_place(drawn, event),
        target=event.target if drawn.share() < TARGET else None,
        weapon=event.weapon if drawn.share() < WEAPON else None,
    )
    yield _claim(words, "attack", telling)
    for kind, figures in (("killed", event.dead), ("wounded", event.hurt)):
        for group, number in figures:
            if drawn.share() < 0.9:
                toll = Toll(kind, _count(drawn, number), group)  # type: ignore[arg-type]
                yield _claim(words, "casualties", toll)
    for role, party in event.actors:
        if drawn.share() < 0.85:
            said = Role(Party(party), role, "stated")  # type: ignore[arg-type]
            yield _claim(words, "responsibility", said)


def _claim(words: Span, topic: str, value: Any) -> Claim:
    """A claim without its id, a digest that takes longer than all else of it, and that no linking looks at."""
    made: Claim = object.__new__(Claim)
    said = {
        "span": words, "topic": topic, "value": value, "voices": (), "stance": "stated", "telling": words,
        "maker": MAKER, "confidence": None, "_id": "",
    }  # fmt: skip
    for name, part in said.items():
        object.__setattr__(made, name, part)
    return made


def _kind(drawn: Drawn, kind: str) -> str:
    if kind not in KINDS or drawn.share() < SAME_KIND**0.5:
        return kind
    return drawn.among(
        [other for other in sorted(HARM) if other != kind and confusable(kind, other)] or ["other"]
    )


def _when(drawn: Drawn, event: Event) -> When:
    other = drawn.share() > SAME_DAYS**0.5
    stretch = drawn.of(_TABLES["STRETCH"]) if other else event.stretch
    if stretch is None:
        return UNKNOWN
    if stretch == 29:
        first = event.day.replace(day=1)
        return When(first, first + timedelta(days=27), "month")
    first = event.day + timedelta(days=drawn.among((-1, 0, 1)) if other else 0)
    return When(first, first + timedelta(days=stretch), "day" if stretch == 0 else "days")


def _place(drawn: Drawn, event: Event) -> Place:
    other = drawn.share() > SAME_PLACE**0.5
    place = event.near if other and drawn.share() < 0.6 else event.place
    if event.coarse != (other and place is event.place):
        name = place.admin1 or place.name
        return Place(name, name, place.admin1, place.country)
    name = _SPELT[drawn.of(_SPELL)].format(place.name)
    if drawn.share() > 0.94:  # as in bench/war.py: told, and found in no list
        return Place(name, name, place.admin1, place.country)
    return replace(place, name=name, words=name) if name != place.name else place


def _count(drawn: Drawn, number: int) -> Count:
    told = number if drawn.share() < 0.8 else max(1, round(number * (0.75 + 0.5 * drawn.share())))
    return Count(told, None) if drawn.share() < OPEN else Count(told, told)


# ----------------------------------------------------------------------------------------------- the check

Told = tuple[str, Any, Any, Any, Any, Any, frozenset[Any], frozenset[str]]


def _of_gold() -> Iterator[Told]:
    """Of each coded account: report, event, kind, days, place, its spelling, figures of dead, words."""
    for path in sorted(GOLD.glob("*/gold/*.json")):
        coded = json.loads(path.read_text(encoding="utf-8"))
        for each in coded["accounts"]:
            if not each["aggregate"]:
                when, place = each["date"] or {}, each["place"] or {}
                event = each["incident"] and (path.parts[-3], each["incident"])
                dead = frozenset((count["low"], count["high"]) for count in each["killed"])
                days = (when["start"], when["end"]) if when.get("start") else None
                yield (
                    coded["doc"], event, each["type"], days, place.get("name"), place.get("text"), dead,
                    frozenset(re.findall("[a-z]{3,}", each["quote"].lower())),
                )  # fmt: skip


def _of_made(count: int) -> Iterator[Told]:
    events: list[int] = []
    for account in accounts(count, events=events):
        telling, place = account.telling, account.telling.place
        if telling.kind in HARM:
            assert place is not None
            dead = frozenset((toll.count.low, toll.count.high) for _, toll in account.tolls("killed"))
            days = (telling.when.start, telling.when.end) if telling.when.start else None
            words = frozenset(re.findall("[a-z]{3,}", account.span.quote.lower()))
            name = place.code or place.name
            yield account.document, events[-1], telling.kind, days, name, place.name, dead, words


def measured(told: Sequence[Told]) -> dict[str, float]:
    """The shares by which made accounts are held against coded ones."""
    events: dict[Any, list[Told]] = defaultdict(list)
    for each in told:
        if each[1] is not None:
            events[each[1]].append(each)
    pairs = [(a, b) for one in events.values() for a, b in combinations(one, 2) if a[0] != b[0]]
    counted = [(a, b) for a, b in pairs if a[6] and b[6]]
    placed = [(a, b) for a, b in pairs if a[4] == b[4]]
    apart = [len(a[7] & b[7]) / len(a[7] | b[7]) for a, b in pairs if a[7] or b[7]]
    loose = sorted(each for each in apart if each < 0.6)
    tellings = Counter(len({each[0] for each in one}) for one in events.values())
    return {
        "accounts in a report": len(told) / len({each[0] for each in told}),
        "reports that tell an event": sum(n * k for n, k in tellings.items()) / sum(tellings.values()),
        "events told once": tellings[1] / sum(tellings.values()),
        "no day told": sum(each[3] is None for each in told) / len(told),
        "no dead counted": sum(not each[6] for each in told) / len(told),
        "words in a telling": sum(len(each[7]) for each in told) / len(told),
        "of two tellings of one event: the same words": sum(each >= 0.6 for each in apart) / len(pairs),
        "words in common where not, middle": loose[len(loose) // 2],
        "same kind": sum(a[2] == b[2] for a, b in pairs) / len(pairs),
        "same days": sum(a[3] == b[3] for a, b in pairs) / len(pairs),
        "same place": len(placed) / len(pairs),
        "spelt alike where the same": sum(a[5] == b[5] for a, b in placed) / len(placed),
        "a figure of dead in common": sum(bool(a[6] & b[6]) for a, b in counted) / len(counted),
    }


def main() -> int:
    made = measured(list(_of_made(10_000)))
    coded = measured(list(_of_gold())) if GOLD.is_dir() else dict.fromkeys(made, float("nan"))
    print("| share | coded | made |\n|---|---:|---:|")
    for name, share in made.items():
        print(f"| {name} | {coded[name]:.2f} | {share:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
