"""Which protected objects an incident's accounts say were hit, were near, were used by fighters, or deny.

Read from what an account holds: the words that first tell it, its target, its place, and the groups of
people that its figures count. Each stands on a claim; what is only supposed or named in another part
is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tallystick.model import Account, Claim, ClaimId, Incident, Struck, Toll, Weighed
from tallystick.values.names import fold
from tallystick.values.objects import KINDS, RELATIONS, Object, read

KEPT = ("hit", "used", "near", "denied")
# That fighting was at a place says not that the place was hit.
_NO_STRIKE = {"ground_clash", "capture", "killing", "other"}
_UNREAL = {"warned", "predicted", "called_for", "planned", "promised", "offered", "refused"}


def mentions(account: Account) -> Iterator[tuple[Claim, Object]]:
    """Every protected object that ``account`` tells of, with the claim that does."""
    if account.head.stance in _UNREAL:
        return
    telling, told = account.telling, account.span.quote
    heard = _heard(account)
    first = [
        one
        for start, end, one in read(told)
        if not any(a <= account.span.start + start and account.span.start + end <= b for a, b, _ in heard)
    ]
    # Of what the telling itself tells, it tells how: "in front of a mosque", whatever the target is called.
    settled = {one.kind for one in first if one.relation in KEPT}
    for words in (telling.target, _spot(account)):
        if words and fold(words) not in fold(told) and not any(fold(words) in name for *_, name in heard):
            first += [one for _, _, one in read(words, aimed=True) if one.kind not in settled]
    denies = account.head.stance == "denied"
    yield from ((account.head, _denied(one) if denies else one) for one in first)
    for claim, toll in account.tolls():
        if claim.counts and toll.count.greatest_told and toll.kind != "displaced":
            yield from ((claim, one) for one in _people(claim, toll))


def _heard(account: Account) -> list[tuple[int, int, str]]:
    """Where its speakers stand, and their names: what "doctors of the city hospital" say hit no hospital."""
    voices = [voice for claim in account.claims for voice in claim.voices]
    return [(v.span.start, v.span.end, fold(v.name)) if v.span else (0, 0, fold(v.name)) for v in voices]


def _spot(account: Account) -> str | None:
    """The words for the place, where the event is of a kind that hits what stands there."""
    place = account.telling.place
    return None if place is None or account.telling.kind in _NO_STRIKE else place.words or place.name


def _denied(one: Object) -> Object:
    return Object(one.kind, one.form, "denied", one.words, one.name)


def _people(claim: Claim, toll: Toll) -> Iterator[Object]:
    """The protected people that a figure counts, by its own words or else by its group."""
    for words in (claim.span.quote, toll.group.removeprefix("other:")):
        found = [one for _, _, one in read(words, aimed=True) if one.form == "person"]
        if found:
            yield from found
            return


@dataclass(slots=True)
class _Told:
    """What is gathered of one kind of object in one relation."""

    forms: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    origins: set[str] = field(default_factory=set)


def _names(weighed: Weighed) -> dict[ClaimId, str]:
    """The origin of each claim, as the graph of who takes it from whom has it."""
    rests = [each for each in weighed.lineage.takings if each.kind in ("voice", "own")]
    return {claim: each.source.removeprefix("voice:") for each in rests for claim in each.claims}


def struck(weighed: Weighed) -> tuple[Struck, ...]:
    """What ``weighed`` is told to have hit, or not: each kind and relation once, in their order."""
    found: dict[tuple[str, str], _Told] = {}
    names = _names(weighed)
    for account in weighed.incident.heard:
        # Of an incident weighed without its graph what is known is on whom each account rests.
        rests = {origin.name for origin in weighed.origins if account.id in origin.accounts}
        for claim, one in mentions(account):
            if one.relation not in KEPT:
                continue
            told = found.setdefault((one.kind, one.relation), _Told())
            told.forms.add(one.form)
            told.words.add(" ".join(one.words.split()))
            told.claims.add(claim.id)
            told.origins.update({names[claim.id]} if claim.id in names else rests)
            if one.name:
                told.names.add(one.name)
    return tuple(
        Struck(
            weighed.incident.id,
            kind,
            relation,
            tuple(sorted(told.forms)),
            tuple(sorted(told.words)),
            tuple(sorted(told.names)),
            tuple(claim.id for claim in _in_order(weighed.incident, told.claims)),
            tuple(sorted(told.origins)),
        )
        for kind in KINDS
        for relation in RELATIONS
        if (kind, relation) in found
        for told in [found[kind, relation]]
    )


def _in_order(incident: Incident, ids: Iterable[str]) -> list[Claim]:
    """The claims of those ids, each once, in the order of their words."""
    wanted = set(ids)
    held = {claim.id: claim for claim in incident.claims if claim.id in wanted}
    return sorted(held.values(), key=lambda claim: (claim.span, claim.id))
