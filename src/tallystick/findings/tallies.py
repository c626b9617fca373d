"""How many of each group in one incident, how that grew, and where civilian status is contested.

Where one origin tells of civilians alone and another of combatants alone (``status.contested``), the
same dead may be meant: the least is then 0 in both columns. The word of a party that is itself accused
is context, no proof, of whom it killed. (Airwars, "Methodology": contested status keeps 0 as the
minimum in both columns.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tallystick.findings.context import Context
from tallystick.findings.status import accused, contested
from tallystick.findings.tolls import Word, in_order, toll_range, words
from tallystick.findings.wording import listed
from tallystick.model import TOLLS, ClaimId, Incident, Range, Step, Tally, Toll
from tallystick.values.count import Count

_FIGHTING = ("fighters", "soldiers")
_GROUPS = ("people", "civilians", "combatants", *_FIGHTING, "children", "women", "medics", "journalists")


def tallies(incident: Incident, context: Context) -> tuple[Tally, ...]:
    """What is told of each group, kind by kind.

    "people" is the whole. "combatants" are fighters and soldiers together: an account's one figure of
    each, told by one origin, are added, for nobody is both.
    """
    out: list[Tally] = []
    for kind in TOLLS:
        whole = words(incident.accounts, kind, context)
        if not whole:
            continue
        told = {"people": whole} | _groups(incident, kind, context)
        why = _contested(incident, kind, told, context)
        for group in sorted(told, key=_place):
            reported = toll_range(told[group], group)
            doubt = why.get(group, "")
            if doubt:
                reported = _from_none(reported, doubt)
            undated = tuple(sorted({c.id for w in told[group] if w.published is None for c in w.claims}))
            course = _course(told[group], group)
            out.append(Tally(kind, group, reported, course, undated, _denied(incident, kind, group), doubt))
    return tuple(out)


def _place(group: str) -> tuple[int, str]:
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS)), group


def _groups(incident: Incident, kind: str, context: Context) -> dict[str, list[Word]]:
    """The figures of each group but the whole, in order of publication."""
    out: dict[str, list[Word]] = defaultdict(list)
    for account in incident.accounts:
        for claim, toll in account.tolls(kind):
            if claim.counts and toll.group != "people":
                day = context.days.get(account.id) or account.published
                out[toll.group].append(Word(claim, toll, context.origin(claim), day))
    fighting = [
        replace(a, claims=tuple(c for c in a.claims if c is a.head or _fighting(c.value)))
        for a in incident.accounts
    ]
    if any(group in out for group in _FIGHTING):
        out["combatants"] = words(fighting, kind, context)
    return {group: sorted(told, key=in_order) for group, told in out.items()}


def _fighting(value: object) -> bool:
    return isinstance(value, Toll) and value.group in _FIGHTING


def _denied(incident: Incident, kind: str, group: str) -> tuple[ClaimId, ...]:
    return tuple(
        sorted(
            claim.id
            for account in incident.accounts
            for claim, toll in account.tolls(kind)
            if claim.stance == "denied" and toll.group == group
        )
    )


# ------------------------------------------------------------------------------------- status


def _contested(
    incident: Incident, kind: str, told: Mapping[str, Sequence[Word]], context: Context
) -> dict[str, str]:
    """The groups whose least is 0, and why, in words."""
    out: dict[str, str] = {}
    others = (w for w in told.get("combatants", ()) if not all(map(context.of_its_own, w.claims)))
    fought = _tellers(others)
    if fought and fought <= set(accused(incident, fought)):
        only = f"that they were combatants is the word of the accused alone ({listed(sorted(fought))})"
        out |= dict.fromkeys(("combatants", *_FIGHTING), f"{only}: context, no proof")
    civil = _tellers(told.get("civilians", ()))
    other = ""
    for each in contested(incident, context):
        unblamed = {context.origin(claim) for claim in each.combatants} - set(each.by_accused)
        if each.kind == kind and unblamed:
            civil = {context.origin(claim) for claim in each.civilians}
            other = f"combatants ({listed(sorted(unblamed))})"
    none = _denying(incident, kind, told, context) - civil
    if civil and not other and none:
        other = f"no civilians ({listed(sorted(none))})"
    if other:
        why = f"who they were is contested: civilians ({listed(sorted(civil))}) or {other}"
        out |= dict.fromkeys(("civilians", "combatants", *_FIGHTING), why)
    return out


def _denying(incident: Incident, kind: str, told: Mapping[str, Sequence[Word]], context: Context) -> set[str]:
    """The origins that say that no civilians were harmed, but for the accused."""
    none = {w.origin for w in told.get("civilians", ()) if w.toll.count.greatest_told == 0}
    none |= {context.names[name] for name in _denied(incident, kind, "civilians")}
    return none - set(accused(incident, none))


def _tellers(told: Iterable[Word]) -> set[str]:
    return {w.origin for w in told if w.toll.count.greatest_told > 0}


def _from_none(told: Range, why: str) -> Range:
    return replace(told, low=0, arithmetic=f"{told.arithmetic}; the least is 0, because {why}")


# ------------------------------------------------------------------------------------- course


def _course(told: Sequence[Word], group: str) -> tuple[Step, ...]:
    """What stood on each day of publication, the undated left out.

    Of an origin its last word stands. What it said before and is printed again, in a copy or
    elsewhere, is no new word; and an "at least" below what it told before takes nothing back.
    """
    by_day: dict[date, list[Word]] = defaultdict(list)
    for w in told:
        if w.published is not None:
            by_day[w.published].append(w)
    said: dict[tuple[str, Count], list[Word]] = defaultdict(list)
    stands: dict[str, list[tuple[str, Count]]] = {}
    steps: list[Step] = []
    for day, words_now in sorted(by_day.items()):
        news: dict[str, list[tuple[str, Count]]] = defaultdict(list)
        for w in words_now:
            figure = (w.origin, w.toll.count)
            if not said[figure]:
                news[w.origin].append(figure)
            said[figure].append(w)
        for origin, figures in news.items():
            before = max((count.greatest_told for _, count in stands.get(origin, ())), default=-1)
            if any(count.high is not None or count.least >= before for _, count in figures):
                stands[origin] = figures
        standing = [w for figures in stands.values() for figure in figures for w in said[figure]]
        steps.append(_step(day, group, standing, words_now))
    return tuple(steps)


def _step(day: date, group: str, stands: Sequence[Word], said: Sequence[Word]) -> Step:
    reported = toll_range(stands, group)
    return Step(day, reported.low, reported.high, reported.open, tuple(_claims(said)), tuple(_claims(stands)))


def _claims(told: Iterable[Word]) -> Iterator[ClaimId]:
    yield from sorted({claim.id for w in told for claim in w.claims})
