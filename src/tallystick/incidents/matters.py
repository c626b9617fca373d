"""Two accounts of a matter compared: one meeting, one vote, one statement, one state of a place, or two.

A matter has no toll to be known by. It is known by its day, its place, its parties, whose word it is,
and above all by its words, of which outlets give different cuts: whole, shortened, with "[...]", in
quotation marks or in other words. What is planned in one account and has happened in the other is one
matter in two states; what one asserts and the other denies is one matter, too. Neither is agreement: the
reasons say so, and ``findings`` weighs it.

``WEIGHTS`` are log-odds (natural logarithm), set to halves with the fit of ``bench/matters.py --fit`` on the
training half of the reports coded claim by claim in view; it has few pairs, so that no weight is taken
from it unseen (decision record 0017).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from tallystick.model import Account, Claim, Toll
from tallystick.values import party
from tallystick.values.agreement import Verdict
from tallystick.values.names import alike, fold
from tallystick.values.standing import standing
from tallystick.values.when import When
from tallystick.values.wordings import NOTHING, shared

Reason = tuple[str, str]

WEIGHTS: dict[str, float] = {
    "before comparing": -5.0,
    "same kind": 2.5,
    "kinds that follow each other": 0.0,
    "same day": 1.0,
    "days overlap": 1.0,
    "a day in a longer time": 0.0,
    "days apart": -2.0,
    "published together": 0.5,
    "published apart": -1.0,
    "same place": 1.0,
    "one place in the other": 0.5,
    "places differ": -0.5,
    "same parties": 0.0,
    "same speaker": 1.5,
    "other speaker": -0.5,
    "same words": 3.0,
    "much the same words": 2.0,
    "words in common": 0.5,
    "told in other words": -1.5,
    "one state of things": 0.3,
    "planned in one, happened in the other": 0.0,
    "denied in one, asserted in the other": 0.0,
}

# Of one place and time there is one state of things for these; of the others there may be many.
_STATES = frozenset(("displacement", "population", "control", "forces"))
# One matter under two kinds: a draft comes to a vote, a truce is suspended, who is besieged is who holds.
_FOLLOW = (
    {"draft", "vote", "refusal", "meeting"},
    {"agreement", "suspension", "offer", "refusal"},
    {"contact", "suspension", "meeting"},
    {"control", "population", "forces"},
    {"population", "displacement"},
    {"statement", "warning", "refusal", "offer"},
)
_SPOKEN = frozenset(("statement", "warning", "offer", "refusal"))
_DEALT = frozenset(("meeting", "contact", "vote", "draft", "agreement", "suspension", "offer", "refusal"))
_TOGETHER, _APART = 2, 7  # days between two publications
_LONG = 10  # days: in a longer time nearly everything falls


def compare_matters(left: Account, right: Account) -> list[Reason]:
    """The reasons for and against two accounts telling one matter, each a key of ``WEIGHTS`` and a detail.

    The order of the two does not matter for which reasons are given. Nothing is a reason that is not told.
    """
    return [
        *_kind(left, right),
        *_day(left, right),
        *_place(left, right),
        *_parties(left, right),
        *_speakers(left, right),
        *_words(left, right),
        *_state(left, right),
        *_standing(left, right),
    ]


def score(reasons: Iterable[str]) -> float:
    """What the reasons weigh together."""
    return round(WEIGHTS["before comparing"] + sum(WEIGHTS[name] for name in reasons), 2)


def scored(left: Account, right: Account, least: float) -> float | None:
    """What the reasons for two accounts weigh together, where that is ``least`` or more; else ``None``.

    Reasons that weigh nothing are not looked for, nor the words of two that no words could bring so far.
    """
    told = [name for each in (_kind, _day, _place, _speakers) for name, _ in each(left, right)]
    if score([*told, "same words", "one state of things"]) < least:
        return None
    told += [name for each in (_words, _state) for name, _ in each(left, right)]
    found = score(told)
    return found if found >= least else None


def follow(one: str, other: str) -> bool:
    """Whether one matter may be told under these two kinds, as it goes on."""
    return any({one, other} <= kinds for kinds in _FOLLOW)


def _kind(left: Account, right: Account) -> Iterator[Reason]:
    a, b = left.telling.kind, right.telling.kind
    if a == b:
        yield "same kind", a
    elif follow(a, b):
        yield "kinds that follow each other", f"{a}; {b}"


def _day(left: Account, right: Account) -> Iterator[Reason]:
    a, b = left.telling.when, right.telling.when
    gap = a.gap(b)
    if gap is not None:
        lasts = max(_length(a), _length(b))
        name = "same day" if lasts == 0 else "days overlap" if lasts <= _LONG else "a day in a longer time"
        yield (name, f"{a}; {b}") if gap == 0 else ("days apart", f"{a}; {b}")
        if gap or lasts <= _LONG:
            return
    if left.published is None or right.published is None:
        return
    between = abs((left.published - right.published).days)
    if between <= _TOGETHER:
        yield "published together", ""
    elif between > _APART:
        yield "published apart", f"{between} days"


def _length(told: When) -> int:
    return (told.end - told.start).days if told.start and told.end else 0


def _place(left: Account, right: Account) -> Iterator[Reason]:
    a, b = left.telling.place, right.telling.place
    if a is None or b is None:
        return
    relation = a.relation(b)
    coarse = any(p.name in (p.admin1, p.country) for p in (a, b))
    told = f"{a.name}; {b.name}"
    if relation is Verdict.COMPATIBLE or (relation is Verdict.AGREE and coarse):
        yield "one place in the other", told
    elif relation is Verdict.AGREE:
        yield "same place", told
    elif not coarse:
        yield "places differ", told


def _parties(left: Account, right: Account) -> Iterator[Reason]:
    """Who deals with whom. Of ground and people nearly every report names the same two sides."""
    if not {left.telling.kind, right.telling.kind} <= _DEALT:
        return
    one, other = _named(left), _named(right)
    both = sorted(a for a in one if any(alike(a, b) for b in other))
    if both:
        yield "same parties", ", ".join(both)


def _named(account: Account) -> frozenset[str]:
    """The parties that the words of an account name, under the names they mean."""
    means = {fold(each.party.name): each.name for each in account.parties}
    told = (name for quote in _quotes(account) for name in _parties_in(quote))
    return frozenset(means.get(fold(name), name) for name in told)


@lru_cache(maxsize=16384)
def _parties_in(quote: str) -> tuple[str, ...]:
    return tuple(each.name for _, _, each in party.read(quote))


def _speakers(left: Account, right: Account) -> Iterator[Reason]:
    """Whose word it is: of what is spoken, one statement has one speaker."""
    one, other = (
        {voice.name for claim in account.claims for voice in claim.voices} for account in (left, right)
    )
    if not one or not other:
        return
    both = sorted(a for a in one if any(alike(a, b) for b in other))
    if both:
        yield "same speaker", ", ".join(both)
    elif {left.telling.kind, right.telling.kind} & _SPOKEN:
        yield "other speaker", f"{min(one)}; {min(other)}"


def _words(left: Account, right: Account) -> Iterator[Reason]:
    """How alike their words are. Of a state of things two reports may speak in wholly different words."""
    best = max((shared(a, b) for a in _quotes(left) for b in _quotes(right)), default=NOTHING)
    told = f"{best.both} shared, {best.alike:.0f} of 100 alike"
    spoken = left.telling.kind == right.telling.kind and left.telling.kind not in _STATES
    if best.both >= 3 and (best.alike >= 80 or best.inner >= 0.75):
        yield "same words", told
    elif best.both >= 2 and (best.alike >= 65 or best.inner >= 0.5):
        yield "much the same words", told
    elif best.both >= 2:
        yield "words in common", told
    elif spoken:
        yield "told in other words", told  # one speaker makes many statements


def _state(left: Account, right: Account) -> Iterator[Reason]:
    """What makes one matter of two accounts without a word in common."""
    a, b = left.telling, right.telling
    if a.kind == b.kind and a.kind in _STATES and a.place and b.place:
        together = max(_length(a.when), _length(b.when)) <= _LONG and a.when.gap(b.when) in (0, None)
        if together and a.place.relation(b.place) is Verdict.AGREE:
            yield "one state of things", a.place.name


def _standing(left: Account, right: Account) -> Iterator[Reason]:
    """How what each tells stands. Neither is agreement, and neither weighs anything, see ``scored``."""
    one, other = (_stands(account.head) for account in (left, right))
    if {one, other} == {"planned", "happened"}:
        yield "planned in one, happened in the other", ""
    elif (one == "denied") != (other == "denied"):
        yield "denied in one, asserted in the other", ""


@lru_cache(maxsize=16384)
def _stands(claim: Claim) -> str:
    return standing(claim.span.quote, claim.stance)


def _quotes(account: Account) -> list[str]:
    """The words of an account's claims, figures left out: they stand inside the others' words."""
    return [claim.span.quote for claim in account.claims if not isinstance(claim.value, Toll)]
