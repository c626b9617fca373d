"""Accounts gathered into incidents, without chaining.

The surest "same" is taken first. Two gatherings become one only where

* nobody, person or program, judged a pair across them different, and no pair contradicts itself plainly, by
  another day and another place;
* none across them are of one document;
* at least a third of the pairs across them are judged the same, and half are the same or unsure, of a single
  account's more than half: two accounts that a third one alone ties are not made one event.

What was judged the same and yet stays apart is kept as a dispute on both sides; what was judged different
and yet is held together, by a person's "same", as a dispute within. The outcome does not depend on the
order of what is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from tallystick.model import Account, AccountId, Incident, Judgement
from tallystick.values.agreement import Verdict

APART = 3  # days; no two reports of one event that are no slip differ by more


def resolve(accounts: Iterable[Account], judgements: Iterable[Judgement]) -> tuple[Incident, ...]:
    """The incidents (and matters) that ``accounts`` tell of, by the judgements that stand.

    One judgement a pair stands (the ledger says which: a person's, else the last); of several
    given here the last counts. A person's "same" joins whatever a program says, but no two that a
    person parts. Aggregates belong to no incident and are left out. A judgement on an account that
    is not given is passed over.
    """
    by_id = {account.id: account for account in accounts if not account.telling.aggregate}
    standing = {(j.left, j.right): j for j in judgements if j.left in by_id and j.right in by_id}
    group: dict[AccountId, int] = {}
    members: dict[int, set[AccountId]] = {}
    for number, name in enumerate(sorted(by_id)):
        group[name], members[number] = number, {name}
    same = [j for j in standing.values() if j.verdict == "same"]
    apart: list[Judgement] = []
    for judgement in sorted(same, key=lambda j: (not j.by_person, -(j.score or 0.0), j.left, j.right)):
        one, other = group[judgement.left], group[judgement.right]
        if one == other:
            continue
        may = _no_person_parts if judgement.by_person else _may_join
        if not may(members[one], members[other], by_id, standing):
            apart.append(judgement)
            continue
        for name in members[other]:
            group[name] = one
        members[one] |= members.pop(other)
    disputes: dict[int, list[Judgement]] = defaultdict(list)
    for judgement in standing.values():
        if judgement.verdict == "different" and group[judgement.left] == group[judgement.right]:
            disputes[group[judgement.left]].append(judgement)
    for judgement in apart:
        if group[judgement.left] != group[judgement.right]:
            disputes[group[judgement.left]].append(judgement)
            disputes[group[judgement.right]].append(judgement)
    incidents = (
        Incident(
            tuple(sorted((by_id[name] for name in names), key=lambda a: a.id)),
            tuple(sorted(disputes[number], key=lambda j: (j.left, j.right))),
        )
        for number, names in members.items()
    )
    return tuple(sorted(incidents, key=lambda incident: incident.id))


def _no_person_parts(
    one: set[AccountId],
    other: set[AccountId],
    by_id: dict[AccountId, Account],
    standing: dict[tuple[AccountId, AccountId], Judgement],
) -> bool:
    """Whether no person judged a pair across the two gatherings different."""
    across = (standing.get((a, b) if a < b else (b, a)) for a in one for b in other)
    return not any(j and j.verdict == "different" and j.by_person for j in across)


def _may_join(
    one: set[AccountId],
    other: set[AccountId],
    by_id: dict[AccountId, Account],
    standing: dict[tuple[AccountId, AccountId], Judgement],
) -> bool:
    if {by_id[name].document for name in one} & {by_id[name].document for name in other}:
        return False
    same = near = 0
    for a in one:
        for b in other:
            judgement = standing.get((a, b) if a < b else (b, a))
            if not (judgement and judgement.by_person) and _contradict(by_id[a], by_id[b]):
                return False
            if judgement is None or judgement.withdrawn:
                continue  # never compared, too unlike to keep, or not compared any more
            if judgement.verdict == "different" or (judgement.by_person and judgement.verdict == "unsure"):
                return False
            same += judgement.verdict == "same"
            near += 1
    pairs = len(one) * len(other)
    enough = 2 * near > pairs if len(one) == 1 or len(other) == 1 else 2 * near >= pairs
    return enough and 3 * same >= pairs


def _contradict(one: Account, other: Account) -> bool:
    """Whether two accounts tell other days and other places, neither of which could be the other's."""
    gap = one.telling.when.gap(other.telling.when)
    here, there = one.telling.place, other.telling.place
    return (
        gap is not None
        and gap > APART
        and here is not None
        and there is not None
        and here.relation(there) is Verdict.CONFLICT
    )
