"""Two figures of one toll held against each other: one, both possible, a later word, a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from tallystick.findings.context import Context, day_words
from tallystick.model import Account, Claim, Toll
from tallystick.values.agreement import Relation, Verdict
from tallystick.values.count import VAGUE, Count

CLASSES = frozenset(("people", "civilians", "fighters", "soldiers"))  # that together make up everybody
_CIVIL = frozenset(("children", "women", "medics", "journalists"))
_VAGUE = re.compile(rf"(?i:\b(?:{'|'.join(sorted(VAGUE, key=len, reverse=True))})\b)")  # the longest first
# Of pairs of one origin's words the kindest counts: somebody who says "at least 20" and "22" said both.
_KIND = (Verdict.AGREE, Verdict.COMPATIBLE, Verdict.UPDATE, Verdict.UNKNOWN, Verdict.CONFLICT)


def between(one: Claim, other: Claim, context: Context) -> Relation:
    """How two claims that give figures of one kind of toll stand to each other. Symmetric.

    ``agree`` the same bounds for the same people. ``compatible`` both can be true: open bounds, other
    people, a part and a whole that holds it. ``update`` where one origin gives both, or where the words
    of either report tell that the lower figure was an early one or that the higher has grown, and it was
    not published first. ``conflict`` otherwise. ``unknown`` where either is only feared or planned.
    """
    a, b = one.value, other.value
    if not isinstance(a, Toll) or not isinstance(b, Toll) or a.kind != b.kind:
        return Relation(Verdict.UNKNOWN, "they do not count the same")
    if any(not claim.counts and claim.stance != "denied" for claim in (one, other)):
        return Relation(Verdict.UNKNOWN, "one of them does not say that it happened")
    if (one.stance == "denied") != (other.stance == "denied"):
        told = a.group == b.group and a.count.relation(b.count) is not Verdict.CONFLICT
        return Relation(
            Verdict.CONFLICT if told else Verdict.UNKNOWN, f"{_says(one, context)}; {_says(other, context)}"
        )
    both = "; ".join(sorted((_says(one, context), _says(other, context))))
    if a.group != b.group:
        part = _part(a.group, b.group)
        if part is None:
            return Relation(Verdict.COMPATIBLE, f"they count different people: {both}")
        within, whole = (a, b) if part == a.group else (b, a)
        return _within(one, other, within, whole, context, both)
    verdict = a.count.relation(b.count)
    if verdict is Verdict.AGREE:
        return Relation(verdict, f"both give {_figure(a)}")
    return _apart(one, other, verdict, context, both)


def _part(one: str, other: str) -> str | None:
    """Which of two groups is part of the other, or ``None`` where neither is."""
    for part, whole in ((one, other), (other, one)):
        if whole == "people" or (whole == "civilians" and part in _CIVIL):
            return part
    return None


def _within(one: Claim, other: Claim, part: Toll, whole: Toll, context: Context, both: str) -> Relation:
    """A part and a whole: the part may be as great as the whole, and no greater."""
    if part.count.relation(whole.count) is Verdict.AGREE and part.group in CLASSES:
        return Relation(Verdict.AGREE, f"both give {part.count}")
    most = Count(None, whole.count.high, whole.count.approx) if whole.count.high is not None else None
    least = Count(part.count.least, None, part.count.approx) if part.count.least else None
    if most and least and most.relation(least) is Verdict.CONFLICT:
        return _apart(one, other, Verdict.CONFLICT, context, f"a part is greater than the whole: {both}")
    if part.count.least > whole.count.greatest_told and context.origin(one) == context.origin(other):
        return _apart(one, other, Verdict.COMPATIBLE, context, both)
    return Relation(Verdict.COMPATIBLE, f"the one are part of the other: {both}")


def _apart(one: Claim, other: Claim, verdict: Verdict, context: Context, both: str) -> Relation:
    """Two figures that differ: whether the one is a later word on the other."""
    low, high = sorted((one, other), key=_size)
    same = context.origin(one) == context.origin(other)
    moved = _size(low)[0] != _size(high)[0] and not (
        verdict is Verdict.COMPATIBLE and (is_vague(low) or is_vague(high))
    )
    if same and moved:
        return Relation(Verdict.UPDATE, _changed(one, other, context))
    if moved and (words := _motion(low, high, context)):
        return Relation(Verdict.UPDATE, f"{both}; the report says “{words}”")
    tail = "both can be true" if verdict is Verdict.COMPATIBLE else "they cannot both be true"
    return Relation(verdict, f"{both}; {tail}")


def _motion(low: Claim, high: Claim, context: Context) -> str | None:
    """The words of a report that make the higher figure a later word on the lower, if any do."""
    if words := context.early(low):
        return words
    first, last = context.day(low), context.day(high)
    if first and last and first > last:
        return None
    return context.may_grow(low) or context.grown(high)


def _changed(one: Claim, other: Claim, context: Context) -> str:
    days = sorted((day, _says(c, context)) for c in (one, other) if (day := context.day(c)))
    if len(days) == 2 and days[0][0] != days[1][0]:
        return f"word changed: {days[0][1]} on {day_words(days[0][0])}, then {days[1][1]}"
    both = ", and ".join(sorted((_says(one, context), _says(other, context))))
    return f"word changed: {both}; which came last cannot be told"


def _size(claim: Claim) -> tuple[int, str, str]:
    assert isinstance(claim.value, Toll)
    return claim.value.count.greatest_told, claim.span.quote, claim.id


def is_vague(claim: Claim) -> bool:
    """Whether a figure is a word like "dozens": it fixes no number that a later one could change."""
    count = claim.value.count if isinstance(claim.value, Toll) else None
    words = claim.span.quote
    return (
        count is not None
        and count.high is None
        and any(VAGUE.get(found[0].lower()) == count.low for found in _VAGUE.finditer(words))
        and str(count.low) not in words
    )


def _figure(toll: Toll) -> str:
    group = toll.group.removeprefix("other:").replace("part", "of them")
    return str(toll.count) if group == "people" else f"{toll.count} {group}"


def _says(claim: Claim, context: Context) -> str:
    assert isinstance(claim.value, Toll)
    denied = "not " if claim.stance == "denied" else ""
    return f"{context.origin(claim)} says {denied}{_figure(claim.value)}"


# ------------------------------------------------------------------------------- two accounts


def of_accounts(one: Account, other: Account, kind: str, context: Context) -> Relation:
    """How two accounts stand to each other on one toll.

    An origin that speaks in both is held against itself; one that speaks in one of them against whoever
    in the other comes nearest: that two voices within one account disagree is no difference between the
    accounts. The gravest of these counts, agreement before what merely can be true.
    """
    left, right = _told(one, other, kind), _told(other, one, kind)
    if not left or not right:
        return Relation(Verdict.UNKNOWN, f"one of them gives no number {kind}")
    found = [*_held(left, right, context), *_held(right, left, context)]
    if any(relation.verdict is Verdict.AGREE for relation in found):
        found = [relation for relation in found if relation.verdict is not Verdict.COMPATIBLE]
    return max(found, key=lambda relation: (_KIND.index(relation.verdict), relation.why))


def _told(account: Account, beside: Account, kind: str) -> list[Claim]:
    """The figures of an account that count: of whole classes of people, and of what the other counts."""
    mine, theirs = ([c for c, _ in each.tolls(kind) if c.counts] for each in (account, beside))
    groups = {_group(c) for each in (_wide(mine), _wide(theirs)) for c in each}
    return [claim for claim in mine if _group(claim) in groups]


def _wide(claims: Sequence[Claim]) -> list[Claim]:
    return [claim for claim in claims if _group(claim) in CLASSES] or list(claims)


def _group(claim: Claim) -> str:
    assert isinstance(claim.value, Toll)
    return claim.value.group


def _held(mine: Sequence[Claim], theirs: Sequence[Claim], context: Context) -> Iterable[Relation]:
    """Each origin of ``mine`` against itself in ``theirs``, or against who comes nearest there.

    Who only says what one of these says is spoken for by it: its later word answers both.
    """
    shared = {context.origin(claim) for claim in mine} & {context.origin(claim) for claim in theirs}
    spoken_for = {_size(claim)[0] for claim in mine if context.origin(claim) in shared}
    for origin in sorted({context.origin(claim) for claim in mine}):
        own = [claim for claim in mine if context.origin(claim) == origin]
        if origin in shared:
            yield nearest(own, [claim for claim in theirs if context.origin(claim) == origin], context)
        elif not {_size(claim)[0] for claim in own} <= spoken_for:
            yield nearest(own, theirs, context)


def nearest(mine: Sequence[Claim], theirs: Sequence[Claim], context: Context) -> Relation:
    """The kindest relation between any of ``mine`` and any of ``theirs``, each the words of one side.

    They agree where the greatest figure of each is the same. Else figures of people as a whole go before
    those of parts, where both sides give them.
    """
    for one in _greatest(mine):
        for other in _greatest(theirs):
            if (top := between(one, other, context)).verdict is Verdict.AGREE:
                return top
    as_said = _kindest(mine, theirs, context)
    if as_said.verdict is Verdict.AGREE:
        return as_said
    return _kindest(_firm(mine, context), _firm(theirs, context), context)


def _greatest(claims: Sequence[Claim]) -> list[Claim]:
    most = max(_size(claim)[0] for claim in claims)
    return [claim for claim in claims if _size(claim)[0] == most]


def _kindest(mine: Sequence[Claim], theirs: Sequence[Claim], context: Context) -> Relation:
    whole = [[claim for claim in side if _group(claim) == "people"] for side in (mine, theirs)]
    left, right = whole if all(whole) else (mine, theirs)
    pairs = [between(one, other, context) for one in left for other in right]
    return min(pairs, key=lambda pair: (_KIND.index(pair.verdict), pair.why))


def _firm(claims: Sequence[Claim], context: Context) -> list[Claim]:
    """Without words like "a number of" beside numbers, and what another figure of one account outdoes.

    That is an open figure beside a greater one on the same word, and the plain number of a headline
    beside the open one of its text ("26 killed", "at least 26").
    """
    firm = [claim for claim in claims if not is_vague(claim)] or list(claims)
    return [
        claim
        for claim in firm
        if not any(
            _says_more(other, claim)
            for other in firm
            if other.account == claim.account and context.origin(other) == context.origin(claim)
        )
    ]


def _says_more(one: Claim, other: Claim) -> bool:
    """Whether ``one`` makes ``other`` superfluous."""
    a, b = one.value, other.value
    if not isinstance(a, Toll) or not isinstance(b, Toll) or not {a.group, b.group} <= CLASSES:
        return False
    if b.count.high is None:
        return a.group == b.group and a.count.least > b.count.greatest_told
    # A greater whole says nothing of its part.
    of_it = a.group == b.group or _part(a.group, b.group) == a.group
    return of_it and a.count.high is None and a.count.least == b.count.low == b.count.high


# ------------------------------------------------------------------------------ one incident


def verdict(claims: Sequence[Claim], context: Context) -> Relation:
    """How all figures of one kind for one incident stand to each other, by origins' last words.

    One origin alone: ``update`` where its own word changed over time, else ``single_origin``.
    Several: ``conflict`` where their last words cannot both be true; otherwise ``update`` where
    some origin changed its word; otherwise ``agree`` or ``compatible``.
    """
    by_origin: dict[str, list[Claim]] = {}
    for claim in claims:
        by_origin.setdefault(context.origin(claim), []).append(claim)
    names = sorted(by_origin)
    lasts = {name: _last(by_origin[name], context) for name in names}
    changes = [change for name in names if (change := _change(by_origin[name], lasts[name], context))]
    if len(names) == 1:
        alone = Relation(Verdict.SINGLE_ORIGIN, f"{names[0]} alone gives a number")
        return changes[0] if changes else alone
    pairs = [
        nearest(lasts[one], lasts[other], context) for i, one in enumerate(names) for other in names[i + 1 :]
    ]
    gravest = max(pairs, key=lambda pair: (_KIND.index(pair.verdict), pair.why))
    if gravest.verdict is not Verdict.CONFLICT and changes:
        return changes[0]
    return gravest


def _last(own: Sequence[Claim], context: Context) -> list[Claim]:
    """The figures of an origin's last day of speaking, with those that no day is known of.

    What a copy repeats was said when it was said first.
    """
    days = {claim.id: _said_on(claim, own, context) for claim in own}
    last = max((day for day in days.values() if day), default=None)
    return [claim for claim in own if days[claim.id] in (None, last)]


def _said_on(claim: Claim, own: Sequence[Claim], context: Context) -> date | None:
    day = context.day(claim)
    if not context.is_copy(claim):
        return day
    same = [context.day(each) for each in own if each.value == claim.value]
    return min((each for each in (*same, day) if each), default=None)


def _change(own: Sequence[Claim], last: Sequence[Claim], context: Context) -> Relation | None:
    """How an origin's word changed between its first day and its last, or ``None``.

    A figure of no known day that fits none of the dated ones is a changed word, too.
    """
    days = {claim.id: day for claim in own if (day := _said_on(claim, own, context))}
    if not days:
        return None
    start = min(days.values())
    first = [claim for claim in own if days.get(claim.id) == start]
    dated = [claim for claim in own if claim.id in days]
    undated = [claim for claim in own if claim.id not in days]
    if start != max(days.values()) and (change := _moved(first, last, context)):
        return change
    changes = (_moved([claim], dated, context) for claim in undated)
    return next((change for change in changes if change), None)


def _moved(before: Sequence[Claim], after: Sequence[Claim], context: Context) -> Relation | None:
    """The change from some of an origin's words to others, where none of these repeats one of those."""
    pairs = [between(a, b, context) for a in before for b in after]
    if any(pair.verdict is Verdict.AGREE for pair in pairs):
        return None
    moved = [pair for pair in pairs if pair.verdict is Verdict.UPDATE]
    return min(moved, key=lambda pair: pair.why, default=None)
