"""Totals over incidents without double counting, and what was left out, and why.

Low is the sum of the low ends, best of the best supported numbers, high of the high ends. Where two
incidents may be one, or one may hold the other, the low end counts once and the high end twice
(``overlaps``). Totals that reports give themselves are never added: they stand beside ours for the
same period and place. All of it is a reported range of what these reports tell, not a confidence
interval. See docs/decisions/0015-totals-without-double-counting.md.
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from tallystick.findings.overlaps import Overlaps, lowered
from tallystick.findings.scopes import Area, Fit, Seen, Standing, named_places, refuse_untold
from tallystick.model import (
    TOLLS,
    Account,
    ClaimId,
    Compared,
    IncidentId,
    Judgement,
    LeftOut,
    Part,
    Reach,
    Scope,
    Sum,
    Tally,
    Toll,
    Total,
    Totals,
    Weighed,
)
from tallystick.values.names import fold
from tallystick.values.party import Party
from tallystick.values.place import Place

TOLLED = ("killed", "wounded")  # the tolls that are totalled for the whole case
SHOWN = 8  # terms of a sum that its arithmetic writes out
NOBODY = Reach(0, 0, 0)
_ROWS = "rows of a dataset alone tell of it; reports that it was worked out of may be counted already"


def totals(
    weighed: Iterable[Weighed], accounts: Iterable[Account], judgements: Iterable[Judgement]
) -> tuple[Totals, ...]:
    """The totals of a whole case, by month, by province and by party accused, for each toll of ``TOLLED``."""
    case = Tallied(weighed, accounts, judgements)
    return tuple(case.by_all(toll) for toll in TOLLED if any(w.tally(toll) for w in case.incidents))


def within(
    scope: Scope, weighed: Iterable[Weighed], accounts: Sequence[Account], judgements: Iterable[Judgement]
) -> tuple[Total, ...]:
    """How many are told killed, wounded and so on within ``scope``: each toll told of any incident there.

    Or of one that could not be placed there. Raises ``AskedWrongly`` as ``refuse_untold`` does.
    """
    refuse_untold(scope, [account for account in accounts if not account.is_matter])
    tallied = Tallied(weighed, accounts, judgements)
    found = [tallied.total(scope, toll) for toll in TOLLS]
    return tuple(each for each in found if each.parts or each.left_out or each.compared)


class Tallied:
    """The incidents of a case, each worked out once, then asked for the totals of many scopes.

    ``weighed`` may hold matters and aggregates: they are no incidents and are passed over.
    ``accounts`` are all of the case, for its places and for the totals that reports give.
    """

    def __init__(
        self, weighed: Iterable[Weighed], accounts: Iterable[Account], judgements: Iterable[Judgement]
    ) -> None:
        held = [w for w in weighed if w.incident.is_harm]
        self.incidents = tuple(sorted(held, key=lambda w: w.incident.id))
        self._accounts = tuple(sorted(accounts, key=lambda a: a.span))
        self._places = named_places(self._accounts)
        self._overlaps = Overlaps(self.incidents, tuple(judgements))
        self._doubtful = {c.id for w in self.incidents for c in w.incident.claims if c.doubtful}
        self._compared: dict[str, tuple[Compared, ...]] = {}
        self._seen = [Seen(weighed) for weighed in self.incidents]
        self._telling: dict[str, list[tuple[int, Tally]]] = {}  # of each toll the incidents, by number
        self._areas: dict[str, Area] = {}
        self._stood: dict[Scope, Callable[[int], Standing]] = {}

    def total(self, scope: Scope, toll: str = "killed") -> Total:
        """How many are told killed (or another ``toll``) in the incidents of ``scope``, each counted once."""
        return replace(self._counted(scope, toll), compared=self._told_within(scope, toll))

    def by_all(self, toll: str) -> Totals:
        """The totals of one toll over everything, by month, by province and by party accused."""
        return Totals(
            toll,
            self.total(Scope(), toll),
            tuple(self.total(Scope(start, end), toll) for start, end in self._months(toll)),
            self._by_size((Scope(place=name) for name in self._provinces(toll)), toll),
            self._by_size((Scope(party=name) for name in self._accused(toll)), toll),
        )

    def _counted(self, scope: Scope, toll: str) -> Total:
        parts, left_out = dict[IncidentId, Part](), list[LeftOut]()
        standing_of = self._standings(scope)
        for n, tally in self._with(toll):
            weighed, standing = self.incidents[n], standing_of(n)
            if standing.vote == "outside":
                continue
            if standing.vote == "untold":
                left_out.append(LeftOut(weighed.incident.id, standing.why))
            elif weighed.incident.is_derived:
                left_out.append(LeftOut(weighed.incident.id, _ROWS))
            else:
                parts[weighed.incident.id] = _part(weighed, tally, standing)
        once = self._overlaps.counted_once(parts)
        doubtful = {claim for part in once for claim in part.claims} & self._doubtful
        return Total(
            scope,
            toll,
            added([part.people for part in once]),
            added([part.civilians for part in once]),
            added([part.combatants for part in once]),
            added([part.unknown for part in once]),
            once,
            tuple(left_out),
            (),
            tuple(sorted(doubtful)),
        )

    def _with(self, toll: str) -> list[tuple[int, Tally]]:
        """The incidents of which this toll is told, by number."""
        if toll not in self._telling:
            told = ((n, weighed.tally(toll)) for n, weighed in enumerate(self.incidents))
            self._telling[toll] = [(n, tally) for n, tally in told if tally is not None]
        return self._telling[toll]

    def _standings(self, scope: Scope) -> Callable[[int], Standing]:
        """What tells of an incident, by number, how it stands to the scope, whichever toll is asked for."""
        if scope not in self._stood:
            fit = Fit(scope, self._area(scope.place or ""))
            self._stood[scope] = cache(lambda n: fit.standing(self._seen[n]))
        return self._stood[scope]

    def _area(self, place: str) -> Area:
        if place not in self._areas:
            self._areas[place] = Area(place, self._places)
        return self._areas[place]

    # ------------------------------------------------------------------------ what reports add up

    def _told_within(self, scope: Scope, toll: str) -> tuple[Compared, ...]:
        """The totals that reports give for periods and places within ``scope``."""
        if toll not in self._compared:
            self._compared[toll] = tuple(self._told(toll))
        area = self._area(scope.place or "")

        def covers(own: Scope) -> bool:
            assert own.start
            assert own.end
            during = (scope.start or date.min) <= own.start and own.end <= (scope.end or date.max)
            there = not scope.place or area.holds(Place(own.place or "")) == "within"
            return during and there and not scope.party and scope.kind in (None, own.kind)

        return tuple(each for each in self._compared[toll] if covers(each.scope))

    def _told(self, toll: str) -> Iterator[Compared]:
        """Each total over several events that tells its period and place, beside what ours comes to."""
        told: dict[tuple[Scope, Toll], set[ClaimId]] = defaultdict(set)
        for account in self._accounts:
            when, place = account.telling.when, account.telling.place
            if not account.telling.aggregate or not (when.start and when.end and place):
                continue
            kind = None if account.telling.kind == "other" else account.telling.kind
            scope = Scope(when.start, when.end, place.name, None, kind)
            for claim, figure in account.tolls(toll):
                if claim.counts and figure.group in ("people", "civilians"):
                    told[scope, figure].add(claim.id)
        ours = {scope: self._counted(scope, toll) for scope, _ in told}
        for (scope, figure), claims in told.items():
            found = ours[scope]
            incidents = tuple(part.incident for part in found.parts)
            yield Compared(tuple(sorted(claims)), scope, figure, found.people, found.civilians, incidents)

    # ------------------------------------------------------------------------------ what there is

    def _months(self, toll: str) -> list[tuple[date, date]]:
        """The months in which incidents are told, a stretch of more than two months in none of its own."""
        out = set()
        for account in self._of(toll):
            when = account.telling.when
            if when.start and when.end and when.end - when.start <= timedelta(days=62):
                for number in range(_month(when.start), _month(when.end) + 1):
                    year, month = divmod(number, 12)
                    last = calendar.monthrange(year, month + 1)[1]
                    out.add((date(year, month + 1, 1), date(year, month + 1, last)))
        return sorted(out)

    def _provinces(self, toll: str) -> list[str]:
        places = [account.telling.place for account in self._of(toll)]
        return _named((place.admin1 for place in places if place and place.admin1), fold)

    def _accused(self, toll: str) -> list[str]:
        blamed = (name for n, _ in self._with(toll) for each in self._seen[n].heard for name in each.blamed)
        return _named(blamed, lambda name: Party(name).key)

    def _of(self, toll: str) -> Iterator[Account]:
        for n, _ in self._with(toll):
            yield from self.incidents[n].incident.heard

    def _by_size(self, scopes: Iterable[Scope], toll: str) -> tuple[Total, ...]:
        found = [self.total(scope, toll) for scope in scopes]
        found = [each for each in found if each.parts]
        return tuple(sorted(found, key=lambda t: (-t.people.best, -t.people.high, str(t.scope))))


def _month(day: date) -> int:
    """The months since the year 0."""
    return 12 * day.year + day.month - 1


def _named(names: Iterable[str], key: Callable[[str], str]) -> list[str]:
    """Each name once: of those with one key the most frequent, of equals the first by the alphabet."""
    by_key: dict[str, Counter[str]] = defaultdict(Counter)
    for name in names:
        by_key[key(name)][name] += 1
    return sorted(min(found, key=lambda name: (-found[name], name)) for found in by_key.values())


# --------------------------------------------------------------------------------- one incident


def _part(weighed: Weighed, tally: Tally, standing: Standing) -> Part:
    """What one incident gives, before it is held against others."""
    told = tally.range
    people = Reach(told.low, told.best, told.high, told.open)
    civilians = _capped(_status(weighed, tally.kind, "civilians"), people)
    rest = Reach(people.low - civilians.low, people.best - civilians.best, people.high)
    combatants = _capped(_status(weighed, tally.kind, "combatants"), rest)
    part = Part(
        weighed.incident.id,
        people,
        civilians,
        combatants,
        _rest(people, civilians, combatants),
        told.claims,
        next((t.contested for t in weighed.tallies if t.kind == tally.kind and t.contested), ""),
    )
    if standing.vote == "within":
        return part
    note = f"{standing.why}: not counted at the low end" + ("" if standing.best else ", nor for the best")
    return lowered(part, 0, part.people.best if standing.best else 0, note)


def _status(weighed: Weighed, kind: str, group: str) -> Reach:
    tally = weighed.tally(kind, group)
    if tally is None:
        return NOBODY
    return Reach(tally.range.low, tally.range.best, tally.range.high, tally.range.open)


def _capped(reach: Reach, whole: Reach) -> Reach:
    """No more of one status than of the whole: an account that tells more than another contradicts it."""
    low, best, high = (min(getattr(reach, end), getattr(whole, end)) for end in ("low", "best", "high"))
    return Reach(min(low, best), best, high, reach.open)


def _rest(people: Reach, civilians: Reach, combatants: Reach) -> Reach:
    """Those of whom it is not told what they were: the whole less what is told of both, at each end."""
    spoken_for = civilians.open or combatants.open
    low = 0 if spoken_for else max(0, people.low - civilians.high - combatants.high)
    best = max(low, people.best - civilians.best - combatants.best)
    high = max(best, people.high - civilians.low - combatants.low)
    return Reach(low, best, high, people.open)


def added(reaches: Sequence[Reach]) -> Sum:
    """Ranges added up, each end by itself, with the arithmetic in words."""
    told = [each for each in reaches if each.high or each.open]
    low, best, high = (sum(getattr(each, end) for each in told) for end in ("low", "best", "high"))
    if not told:
        return Sum(0, 0, 0, False, "nothing is told")
    lines = [
        f"{name} {total:,}{_terms([getattr(each, name) for each in told])}"
        for name, total in (("low", low), ("best", best), ("high", high))
    ]
    is_open = any(each.open for each in told)
    if is_open:
        lines.append("the top stays open, for some of these are told as “at least” or by a part alone")
    return Sum(low, best, high, is_open, "; ".join(lines))


def _terms(numbers: Sequence[int]) -> str:
    """ " = 31 + 14": the terms by size, the last of many together; those that give nothing left out."""
    told = sorted((n for n in numbers if n), reverse=True)
    if len(told) < 2:
        return ""
    shown = [f"{n:,}" for n in told[:SHOWN]]
    if rest := told[SHOWN:]:
        shown.append(f"{sum(rest):,} of {len(rest):,} more")
    return " = " + " + ".join(shown)
