"""Who is said to have done it: blame, claims of responsibility and denials held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from tallystick.findings.context import Context
from tallystick.model import Account, Claim, Role
from tallystick.values.agreement import Relation, Verdict
from tallystick.values.names import alike
from tallystick.values.parties.register import basic
from tallystick.values.party import Party

Said = tuple[Claim, Role]


def roles(account: Account) -> list[Said]:
    """The claims of an account that lay the deed at somebody's door, or deny that; no opponents.

    Of whom a deed is only feared or planned it is not said that they did it.
    """
    return [
        (claim, role)
        for claim, role in account.roles()
        if role.role in ("perpetrator", "claimant") and (claim.counts or denies((claim, role)))
    ]


def laid(account: Account) -> list[Said]:
    """The claims of an account that lay the deed at somebody's door, or say that somebody claims it."""
    return [said for said in roles(account) if not denies(said)]


def denies(said: Said) -> bool:
    """Whether the claim denies that the party did it."""
    return said[1].stance == "denied" or said[0].stance == "denied"


@lru_cache(maxsize=16384)
def parties(one: Party, other: Party, on: date | None = None) -> Relation:
    """How two parties stand to each other as doers of one deed. Symmetric.

    ``agree`` one party; ``compatible`` one is part or ally of the other, or the one is named only by its
    sort ("rebels"), which the other may be; ``conflict`` a state's arm and irregulars; ``unknown`` else.
    """
    if one.name == other.name:
        return Relation(Verdict.AGREE, f"both name {one}")
    verdict = one.relation(other)
    told = basic().relation(one.name, other.name, on)
    if told is not None and told.verdict is not Verdict.UNKNOWN:
        return Relation(told.verdict, told.why)
    left, right = sorted((one.name, other.name))
    if verdict is Verdict.AGREE:
        return Relation(verdict, f"{left} and {right} are one")
    if verdict is Verdict.CONFLICT:
        return Relation(Verdict.CONFLICT, f"of {left} and {right}, one is a state’s and the other is not")
    if _allied(one, other, on) or _allied(other, one, on):
        return Relation(Verdict.COMPATIBLE, f"{left} and {right} are allied")
    if any(_sort_only(a) and b.side == "irregular" for a, b in ((one, other), (other, one))):
        return Relation(Verdict.COMPATIBLE, f"{left} and {right} can be the same people")
    return Relation(Verdict.UNKNOWN, f"no list says how {left} and {right} stand to each other")


def _allied(one: Party, other: Party, on: date | None) -> bool:
    return (meant := other.entry) is not None and any(
        tie.kind == "allied with" and tie.years.holds(on) is not False and Party(tie.to).entry is meant
        for tie in (one.entry.ties if one.entry else ())
    )


def _sort_only(party: Party) -> bool:
    """Whether the words say of what sort they are ("rebels", "terrorist groups"), and not who."""
    return party.entry is None and party.side == "irregular"


def between(one: Said, other: Said, context: Context, on: date | None = None) -> Relation:
    """How two claims about whose deed it is stand to each other.

    A denial contradicts the blame laid on the same party, or on an arm of the same state; a denial of
    one party contradicts no blame laid on another.
    """
    if denies(one) != denies(other):
        denial, blame = (one, other) if denies(one) else (other, one)
        if not _meant(denial[1].party, blame[1].party, on):
            why = f"that {denial[1].party} did not do it says nothing of {blame[1].party}"
            return Relation(Verdict.UNKNOWN, why)
        return Relation(Verdict.CONFLICT, _denied(denial, blame, context))
    told = parties(one[1].party, other[1].party, on)
    if denies(one):
        agree = told.verdict is Verdict.AGREE
        return Relation(Verdict.AGREE, told.why) if agree else Relation(Verdict.UNKNOWN, "two denials")
    claimed = sorted(role.party.name for _, role in (one, other) if accepts(role))
    if told.verdict is Verdict.AGREE and claimed:
        return Relation(told.verdict, f"{claimed[0]} is blamed and says itself that it did it")
    return told


def accepts(role: Role) -> bool:
    """Whether the party is said to claim the deed itself."""
    return role.stance == "claimed" or role.role == "claimant"


def _meant(denied: Party, blamed: Party, on: date | None) -> bool:
    told = parties(denied, blamed, on).verdict
    if told is Verdict.COMPATIBLE:
        return denied.side == blamed.side == "state" or bool(
            (a := denied.entry) and (b := blamed.entry) and {a.sort, b.sort} <= {"government", "army"}
        )
    return told is Verdict.AGREE


def _denied(denial: Said, blame: Said, context: Context) -> str:
    """Who denies what, and whether it is the accused that speaks."""
    claim, role = denial
    voice = claim.source.name if claim.source else context.origin(claim)
    own = alike(voice, role.party.name) or parties(Party(voice), role.party).verdict is Verdict.AGREE
    who = "which denies it" if own else f"and {voice} denies that it was"
    return f"{context.origin(blame[0])} names {blame[1].party}, {who}"


_ORDER = (Verdict.AGREE, Verdict.COMPATIBLE, Verdict.UNKNOWN, Verdict.CONFLICT)


def weighed(one: Sequence[Said], other: Sequence[Said], context: Context, on: date | None = None) -> Relation:
    """How what two accounts, or two origins, say of whose deed it is stand to each other.

    A denial that both tell is no difference between them. Where they share a party they agree, though
    either names more.
    """
    if not one or not other:
        return Relation(Verdict.UNKNOWN, "one of them names nobody")
    denied = [
        found
        for mine, theirs in ((one, other), (other, one))
        for denial in filter(denies, mine)
        if not any(denies(each) and _meant(each[1].party, denial[1].party, on) for each in theirs)
        for found in _contradicted(denial, theirs, context, on)
    ]
    if denied:
        return min(denied)
    pairs = [between(a, b, context, on) for a in one if not denies(a) for b in other if not denies(b)]
    if not pairs:
        return Relation(Verdict.UNKNOWN, "denials alone name nobody")
    return min(pairs, key=lambda pair: (_ORDER.index(pair.verdict), pair.why))


def _contradicted(
    denial: Said, said: Sequence[Said], context: Context, on: date | None
) -> Iterable[Relation]:
    """The conflicts of a denial with the blame in ``said``."""
    for blame in said:
        found = between(denial, blame, context, on)
        if not denies(blame) and found.verdict is Verdict.CONFLICT:
            yield found


def verdict(said: Sequence[Said], context: Context, on: date | None = None) -> Relation:
    """The verdict on a whole incident: a denial against blame is a conflict; then origin against origin."""
    denied = [found for denial in filter(denies, said) for found in _contradicted(denial, said, context, on)]
    if denied:
        return min(denied)
    by_origin: dict[str, list[Said]] = {}
    for each in said:
        if not denies(each):
            by_origin.setdefault(context.origin(each[0]), []).append(each)
    if not by_origin:
        return Relation(Verdict.UNKNOWN, "denials alone name nobody")
    if len(by_origin) == 1:
        return Relation(Verdict.SINGLE_ORIGIN, f"{next(iter(by_origin))} alone names anybody")
    groups = [by_origin[name] for name in sorted(by_origin)]
    pairs = [weighed(a, b, context, on) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    return max(pairs, key=lambda pair: (_ORDER.index(pair.verdict), pair.why))


def day_of(accounts: Iterable[Account]) -> date | None:
    """The day on which ties of parties are looked up: the first that an account tells."""
    return min((each.telling.when.start for each in accounts if each.telling.when.start), default=None)
