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
from collections.abc import Collection, Iterable
from typing import Protocol

from tallystick.model import Account, AccountId, Incident, Judgement
from tallystick.values.agreement import Verdict

APART = 3  # days; no two reports of one event that are no slip differ by more


class Stood(Protocol):
    """What was gathered before something changed, and what there is to gather now."""

    def gathered(self, names: Collection[AccountId]) -> Iterable[Collection[AccountId]]:
        """The accounts of each incident, as it was, that any of ``names`` was gathered in."""

    def tied(self, names: Collection[AccountId]) -> Iterable[AccountId]:
        """All that are judged the same as any of ``names``."""

    def accounts(self, names: Collection[AccountId]) -> Iterable[Account]:
        """Those of ``names`` that there are now, as they are now."""

    def judgements(self, names: Collection[AccountId]) -> Iterable[Judgement]:
        """What stands between any two of ``names``."""


def resolve_near(touched: set[AccountId], stood: Stood) -> tuple[tuple[Incident, ...], set[AccountId]]:
    """The incidents that ``resolve`` may give otherwise where only ``touched`` changed, and their accounts.

    ``touched`` are the accounts that are new, gone or otherwise than they were, and both ends of each
    judgement that changed. The accounts are those of the incidents returned, and those that are gone.

    The incidents that held them are resolved together with those that "same" ties to them. Where one of
    these comes out with other accounts, it counts as touched in its turn, until none does. That is the whole
    of it: whether two gatherings join depends on their own accounts alone, so an incident that ends as it
    was came about as it did before, and whatever lies beyond met it as before. Kept to incidents that change
    and their neighbours, the work does not grow with the case.
    """
    before = {name for names in stood.gathered(touched) for name in names}
    now = {account.id for account in stood.accounts(touched) if not account.telling.aggregate}
    come_or_gone = touched - (before & now)
    # What is judged the same as one that was not there, or is no more, has another dispute, if no other home.
    near = touched.union(*stood.gathered(touched | set(stood.tied(come_or_gone))))
    while True:
        tied = set(stood.tied(near)) - near
        ring = {name: frozenset(names) for names in stood.gathered(tied) for name in names}
        here = near | ring.keys()
        found = resolve(stood.accounts(here), stood.judgements(here))
        moved: set[AccountId] = set()
        for incident in found:
            names = frozenset(account.id for account in incident.accounts)
            held = names & ring.keys()
            if held and names != ring[next(iter(held))]:
                moved |= held
        if not moved:
            return tuple(one for one in found if one.accounts[0].id in near), near
        near |= moved.union(*(ring[name] for name in moved))


def resolve(accounts: Iterable[Account], judgements: Iterable[Judgement]) -> tuple[Incident, ...]:
    """The incidents (and matters) that ``accounts`` tell of, by the judgements that stand.

    One judgement a pair stands (the ledger says which: a person's, else the last); of several
    given here the last counts. A person's "same" joins whatever a program says, but no two that a
    person parts; accounts so joined count as one, of which a program's kindest word on any holds.
    Aggregates belong to no incident and are left out. A judgement on an account that is not given is
    passed over.
    """
    by_id = {account.id: account for account in accounts if not account.telling.aggregate}
    standing = {(j.left, j.right): j for j in judgements if j.left in by_id and j.right in by_id}
    group: dict[AccountId, int] = {}
    members: dict[int, set[AccountId]] = {}
    for number, name in enumerate(sorted(by_id)):
        group[name], members[number] = number, {name}
    same = [j for j in standing.values() if j.verdict == "same"]
    apart: list[Judgement] = []
    tied: dict[
        AccountId, int
    ] = {}  # those that persons joined: as one, by the number of their gathering then
    for judgement in sorted(same, key=lambda j: (not j.by_person, -(j.score or 0.0), j.left, j.right)):
        one, other = group[judgement.left], group[judgement.right]
        if one == other:
            continue
        if judgement.by_person:
            may = _no_person_parts(members[one], members[other], standing)
        else:
            may = _may_join(members[one], members[other], by_id, standing, tied)
        if not may:
            apart.append(judgement)
            continue
        if judgement.by_person:
            tied |= dict.fromkeys(members[one] | members[other], one)
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
    one: set[AccountId], other: set[AccountId], standing: dict[tuple[AccountId, AccountId], Judgement]
) -> bool:
    """Whether no person judged a pair across the two gatherings different."""
    across = (standing.get((a, b) if a < b else (b, a)) for a in one for b in other)
    return not any(j and j.verdict == "different" and j.by_person for j in across)


def _may_join(
    one: set[AccountId],
    other: set[AccountId],
    by_id: dict[AccountId, Account],
    standing: dict[tuple[AccountId, AccountId], Judgement],
    tied: dict[AccountId, int],
) -> bool:
    if {by_id[name].document for name in one} & {by_id[name].document for name in other}:
        return False
    if not _no_person_parts(one, other, standing):
        return False
    left, right = _units(one, tied), _units(other, tied)
    same = near = 0
    for here in left:
        for there in right:
            words = [word for a in here for b in there if (word := _word(a, b, by_id, standing)) is not None]
            if not words:
                continue  # never compared, too unlike to keep, or not compared any more
            if max(words) == _DIFFERENT:
                return False
            same += max(words) == _SAME
            near += 1
    pairs = len(left) * len(right)
    enough = 2 * near > pairs if len(left) == 1 or len(right) == 1 else 2 * near >= pairs
    return enough and 3 * same >= pairs


def _units(names: set[AccountId], tied: dict[AccountId, int]) -> list[list[AccountId]]:
    """The accounts of a gathering, those that persons joined as one."""
    units: dict[int | AccountId, list[AccountId]] = defaultdict(list)
    for name in sorted(names):
        units[tied.get(name, name)].append(name)
    return list(units.values())


_DIFFERENT, _UNSURE, _SAME = range(3)


def _word(
    a: AccountId,
    b: AccountId,
    by_id: dict[AccountId, Account],
    standing: dict[tuple[AccountId, AccountId], Judgement],
) -> int | None:
    """What stands between two accounts; ``None`` where nobody compared them."""
    judgement = standing.get((a, b) if a < b else (b, a))
    if not (judgement and judgement.by_person) and _contradict(by_id[a], by_id[b]):
        return _DIFFERENT
    if judgement is None or judgement.withdrawn:
        return None
    if judgement.verdict == "different" or (judgement.by_person and judgement.verdict == "unsure"):
        return _DIFFERENT
    return _SAME if judgement.verdict == "same" else _UNSURE


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
