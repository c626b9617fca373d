"""By which rule a number or a code of somebody else's scheme follows from what is told: each has a name.

A derived value never stands alone: beside it stands the name of the rule that gave it (``Derived``), and the
names are said out in ``SAID`` and in the file ``about.json`` of every export. Where no rule gives a value it
is ``None``, an empty cell: what cannot be told is never made up to fill a column. The schemes are those of
ACLED's codebook and of the codebook of the UCDP Georeferenced Event Dataset; the reading of them is ours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tallystick.exchange.happenings import Actor, Happening
from tallystick.model import State
from tallystick.values.names import fold
from tallystick.values.place import Place

# What stands behind each name of a rule.
SAID: Mapping[str, str] = {
    "not-told": "nothing is told that would give it; the cell is empty",
    "one-figure": "every figure told counts as this one",
    "lowest-told": "figures differ: the least of the reported range, as ACLED takes the most conservative",
    "acled-tens": "the word “tens” alone is told; ACLED counts 10",
    "acled-dozens": "the word “dozens” alone is told; ACLED counts 12",
    "acled-hundreds": "the word “hundreds” alone is told; ACLED counts 100",
    "word-least": "a word that fixes no number alone is told; the least that it can mean",
    "no-least": "only “up to” a number is told: no least is, and none is made up; the cell is empty",
    "reported-low": "the low end of the reported range; no confidence interval",
    "reported-best": "the number of the reported range that most origins name, then the one said last",
    "reported-high": "the high end of the reported range; no confidence interval",
    "reported-high-open": "the greatest number named; an “at least” leaves the range open above it",
    "civilians-best": "the best of the reported range of those told to be civilians",
    "rest-unknown": "the best of all, less those told to be civilians: of which side they were is not told",
    "all-unknown": "the best of all: of none is it told that they were civilians, or of which side",
    "sides-not-told": "reports do not tell of which side the dead were; the cell is empty",
    "kind": "from the kind of event that most origins tell, by the table of kinds",
    "kind-contested": "the same, though accounts contradict one another on the kind",
    "ground-changed-hands": "a fight over ground that a report tells as taken, by what sort of party took it",
    "no-such-kind": "the scheme has no kind for it; the cell is empty",
    "days": "from how many days the told time spans",
    "place-reach": "from how far the place reaches: what it is (country, province), else its radius",
    "first-day": "the first of the days that it may have been on",
    "sole-accused": "the one party that anybody puts it on, denials left out",
    "most-accused": "the party that most accounts put it on; the others accused stand beside it",
    "contested": "several are accused, and it is not told that all had a part; the cell is empty",
    "opponent-told": "the party told as the other side; of several, the one that most accounts name",
    "civilians-told": "civilians are told killed or wounded, and no other side",
    "sort-of-party": "from the sort of the party in the list of parties that knows it",
    "sorts-of-sides": "from the sorts of both sides in the lists of parties that know them",
    "one-sided": "a killing with civilians among the dead, one party accused and no other side told",
    "row-alone": "rows of a dataset alone tell of it: no report does",
    "single-event": "no total over several events is exported as an event",
    "articles-counted": "how many reports tell of it; copies count, so it is no measure of corroboration",
    "cell-of-point": "the cell of half a degree (PRIO-GRID) in which the point lies",
    "id-digits": "the first 52 bits of the incident’s id, as a whole number",
}  # fmt: skip


class Sort(NamedTuple):
    """What ACLED files an event under."""

    disorder_type: str
    event_type: str
    sub_event_type: str


_POLITICAL, _STRATEGIC = "Political violence", "Strategic developments"
_REMOTE = "Explosions/Remote violence"
_CIVILIANS = "Violence against civilians"
# Our kinds as ACLED files them. What is not here it has no event for (a vote, a warning, who is present).
ACLED: Mapping[str, Sort] = {
    "air_strike": Sort(_POLITICAL, _REMOTE, "Air/drone strike"),
    "shelling": Sort(_POLITICAL, _REMOTE, "Shelling/artillery/missile attack"),
    "missile_strike": Sort(_POLITICAL, _REMOTE, "Shelling/artillery/missile attack"),
    "ground_clash": Sort(_POLITICAL, "Battles", "Armed clash"),
    "bombing": Sort(_POLITICAL, _REMOTE, "Remote explosive/landmine/IED"),
    "suicide_bombing": Sort(_POLITICAL, _REMOTE, "Suicide bomb"),
    "chemical_attack": Sort(_POLITICAL, _REMOTE, "Chemical weapon"),
    "landmine": Sort(_POLITICAL, _REMOTE, "Remote explosive/landmine/IED"),
    "killing": Sort(_POLITICAL, _CIVILIANS, "Attack"),
    "capture": Sort(_POLITICAL, _CIVILIANS, "Abduction/forced disappearance"),
    "agreement": Sort(_STRATEGIC, _STRATEGIC, "Agreement"),
}
REGAINS = Sort(_POLITICAL, "Battles", "Government regains territory")
OVERTAKES = Sort(_POLITICAL, "Battles", "Non-state actor overtakes territory")
_INTER: Mapping[str, str] = {
    "government": "State forces", "army": "State forces", "office": "State forces",
    "armed group": "Rebel group", "militia": "Political militia",
}  # fmt: skip
_WORDS = (("dozens", 12), ("tens", 10), ("hundreds", 100))


@dataclass(frozen=True, slots=True)
class Derived:
    """A value and the name of the rule that gave it; ``None`` is an empty cell."""

    value: int | str | None
    rule: str

    def __post_init__(self) -> None:
        if self.rule not in SAID:
            raise ValueError(f"no rule of derivation: {self.rule!r}")


NOTHING = Derived(None, "not-told")


def fatalities(one: Happening) -> Derived:
    """ACLED's single whole number of killed: the most conservative that is told."""
    told = one.range("killed")
    if told is None:
        return NOTHING
    if vague := one.vague(told):
        counted = [(n, word) for claim in vague for word, n in _WORDS if _is_word(word, claim.span.quote)]
        if len(counted) == len(vague):
            n, word = min(counted)
            return Derived(n, f"acled-{word}")
        return Derived(told.low, "word-least")
    if told.open_below:
        return Derived(None, "no-least")
    return Derived(told.low, "one-figure" if told.low == told.high else "lowest-told")


def _is_word(word: str, quote: str) -> bool:
    """Whether a figure is this word alone: "dozens of people", not "tens of thousands"."""
    said = quote.lower().split()
    return word in said and not {"several", "thousands", "hundreds", "millions", "dozens", "tens"} & (
        set(said) - {word}
    )


def deaths(one: Happening) -> dict[str, Derived]:
    """UCDP's numbers of deaths, by column: best, low and high, and of whom they were."""
    told = one.range("killed")
    empty = dict.fromkeys(("best", "high", "low", "deaths_civilians", "deaths_unknown"), NOTHING)
    sides = dict.fromkeys(("deaths_a", "deaths_b"), Derived(None, "sides-not-told"))
    if told is None:
        return {**sides, **empty}
    low = Derived(None, "no-least") if told.open_below else Derived(told.low, "reported-low")
    high = Derived(told.high, "reported-high-open" if told.open else "reported-high")
    civilians = one.range("killed", "civilians")
    if civilians is None or civilians.best > told.best:
        of = {"deaths_civilians": NOTHING, "deaths_unknown": Derived(told.best, "all-unknown")}
    else:
        of = {
            "deaths_civilians": Derived(civilians.best, "civilians-best"),
            "deaths_unknown": Derived(told.best - civilians.best, "rest-unknown"),
        }
    return {**sides, **of, "best": Derived(told.best, "reported-best"), "high": high, "low": low}


def sort(one: Happening, taken: State | None = None) -> tuple[Sort | None, str]:
    """What ACLED files it under, and by which rule; ``taken`` is the state that tells ground as taken."""
    found = ACLED.get(one.called.kind)
    if one.called.kind == "control" and taken is not None:
        holder = one._actor(taken.who) if taken.who else Actor("")
        if holder.is_state:
            return REGAINS, "ground-changed-hands"
        return (OVERTAKES, "ground-changed-hands") if holder.is_armed_group else (None, "no-such-kind")
    if found is None:
        return None, "no-such-kind"
    return found, "kind-contested" if one.verdicts.get("kind") == "conflict" else "kind"


def perpetrator(one: Happening) -> tuple[Actor | None, str]:
    """The party that it is put on, where one can stand for the deed."""
    if not one.accused:
        return None, "not-told"
    if len(one.accused) == 1:
        return one.accused[0], "sole-accused"
    return (one.accused[0], "most-accused") if one.goes_together else (None, "contested")


def civilians_told(one: Happening) -> bool:
    """Whether civilians are told killed or wounded."""
    return any((told := one.range(kind, "civilians")) and told.high for kind in ("killed", "wounded"))


def other_side(one: Happening) -> tuple[str | None, str]:
    """Who stands opposite: the opponent told, else civilians where such are told harmed."""
    if one.opponents:
        return one.opponents[0].name, "opponent-told"
    if civilians_told(one):
        country = one.called.place.country if one.called.place else None
        return f"Civilians ({country})" if country else "Civilians", "civilians-told"
    return None, "not-told"


def inter(actor: Actor | None) -> Derived:
    """ACLED's sort of an actor."""
    word = _INTER.get(actor.sort) if actor else None
    return Derived(word, "sort-of-party") if word else NOTHING


def violence(one: Happening, by: Actor | None) -> Derived:
    """UCDP's type of violence: 1 with a state on a side, 2 between groups, 3 against civilians."""
    other = one.opponents[0] if one.opponents else None
    if by and other:
        sides = (by, other)
        if all(each.is_state or each.is_armed_group for each in sides):
            return Derived(1 if any(each.is_state for each in sides) else 2, "sorts-of-sides")
        return NOTHING
    if by and one.called.kind == "killing" and civilians_told(one):
        return Derived(3, "one-sided")
    return NOTHING


def time_precision(days: int | None) -> Derived:
    """ACLED's precision of a date: 1 a day, 2 within a week, 3 vaguer."""
    if days is None:
        return NOTHING
    return Derived(1 if days == 1 else 2 if days <= 7 else 3, "days")


def date_prec(days: int | None) -> Derived:
    """UCDP's precision of a date: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 up to a year or more."""
    if days is None:
        return NOTHING
    steps = ((1, 1), (6, 2), (7, 3), (31, 4))
    return Derived(next((code for most, code in steps if days <= most), 5), "days")


def geo_precision(place: Place | None) -> Derived:
    """ACLED's precision of a place: 1 the place itself, 2 a small area, 3 a larger region."""
    return _stepped(_reach(place), ((10, 1), (30, 2), (math.inf, 3)))


def where_prec(place: Place | None) -> Derived:
    """UCDP's: 1 exact, 2 within some 25 km, 3 a district, 4 a province, 5 a wider part, 6 a country."""
    return _stepped(_reach(place), ((10, 1), (25, 2), (50, 3), (200, 4), (399, 5), (math.inf, 6)))


def _stepped(reach: float | None, steps: tuple[tuple[float, int], ...]) -> Derived:
    if reach is None:
        return NOTHING
    return Derived(next(code for most, code in steps if reach <= most), "place-reach")


def _reach(place: Place | None) -> float | None:
    """How far the told place reaches, in kilometres; ``None`` where that is not known."""
    if place is None:
        return None
    if place.country and fold(place.name) == fold(place.country):
        return max(400.0, place.radius_km or 0.0)
    if place.admin1 and fold(place.name) == fold(place.admin1):
        return min(max(60.0, place.radius_km or 0.0), 200.0)
    return place.radius_km


def grid_cell(place: Place | None) -> Derived:
    """The PRIO-GRID cell of a point: half a degree wide, numbered from 90° S 180° W eastward, row by row."""
    if place is None or place.latitude is None or place.longitude is None:
        return NOTHING
    row = min(int((place.latitude + 90) * 2), 359)
    column = min(int((place.longitude + 180) * 2), 719)
    return Derived(row * 720 + column + 1, "cell-of-point")


def number_of(name: str) -> int:
    """A whole number that any program can hold, out of an id of ours: its first 52 bits."""
    return int(name.rpartition("-")[2][:13], 16)
