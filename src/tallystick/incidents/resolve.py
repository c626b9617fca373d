"""Accounts gathered into incidents, without chaining.

The surest "same" is taken first. Two gatherings become one only where

* nobody, person or program, judged a pair across them different, and no pair contradicts itself plainly, by
  another day and another place;
* none across them are of one document;
* it is not a row of a dataset that ties them: reports are gathered first, among themselves, and rows come to
  what was gathered, for they are worked out of such reports;
* at least a third of the pairs across them are judged the same, and half are the same or unsure, of a single
  account's more than half: two accounts that a third one alone ties are not made one event.

What was judged the same and yet stays apart is kept as a dispute on both sides; what was judged different
and yet is held together, by a person's "same", as a dispute within. The outcome does not depend on the
order of what is given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tallystick.model import Account, AccountId, Incident, Judgement
from tallystick.values.agreement import Verdict
from tallystick.values.place import Place

DIFFERENT, UNSURE, SAME = range(3)
APART = 3  # days; no two reports of one event that are no slip differ by more

Name = TypeVar("Name", bound=Hashable)


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

    def of_rows(judgement: Judgement) -> bool:
        return bool(by_id[judgement.left].derived or by_id[judgement.right].derived)

    same = sorted(
        (j for j in standing.values() if j.verdict == "same"),
        key=lambda j: (not j.by_person, of_rows(j), -(j.score or 0.0), j.left, j.right),
    )

    def parted(a: AccountId, b: AccountId) -> bool:
        judgement = standing.get((a, b) if a < b else (b, a))
        return bool(judgement and judgement.verdict == "different" and judgement.by_person)

    between = Between(
        lambda name: by_id[name].document,
        lambda a, b: _word(a, b, by_id, standing),
        parted,
        lambda name: bool(by_id[name].derived),
    )
    members, apart = gather(sorted(by_id), [(j.left, j.right, j.by_person) for j in same], between)
    group = {name: number for number, names in enumerate(members) for name in names}
    disputes: dict[int, list[Judgement]] = defaultdict(list)
    for judgement in standing.values():
        if judgement.verdict == "different" and group[judgement.left] == group[judgement.right]:
            disputes[group[judgement.left]].append(judgement)
    for judgement in (same[n] for n in apart):
        disputes[group[judgement.left]].append(judgement)
        disputes[group[judgement.right]].append(judgement)
    incidents = (
        Incident(
            tuple(sorted((by_id[name] for name in names), key=lambda a: a.id)),
            tuple(sorted(disputes[number], key=lambda j: (j.left, j.right))),
        )
        for number, names in enumerate(members)
    )
    return tuple(sorted(incidents, key=lambda incident: incident.id))


@dataclass(frozen=True, slots=True)
class Between(Generic[Name]):
    """What ``gather`` asks of accounts, whatever their names: ids here, numbers where there are very many."""

    document: Callable[[Name], Hashable]
    word: Callable[[Name, Name], int | None]
    """``DIFFERENT``, ``UNSURE`` or ``SAME``; ``None`` where nobody compared the two."""
    parted: Callable[[Name, Name], bool]
    """Whether a person judged the two different."""
    derived: Callable[[Name], bool] = lambda name: False
    """Whether it is a row of a dataset."""


def gather(
    names: Iterable[Name], ties: Sequence[tuple[Name, Name, bool]], between: Between[Name]
) -> tuple[list[set[Name]], list[int]]:
    """The gatherings of ``names``, and the numbers of those ``ties`` whose two ends stay apart.

    ``ties`` are the pairs judged the same, each with whether a person did, persons' first, then the
    surest, those of rows of datasets last.
    """
    group: dict[Name, int] = {}
    members: dict[int, set[Name]] = {}
    for number, name in enumerate(names):
        group[name], members[number] = number, {name}
    apart: list[int] = []
    tied: dict[Name, int] = {}  # those that persons joined: as one, by the number of their gathering then
    for number, (left, right, by_person) in enumerate(ties):
        one, other = group[left], group[right]
        if one == other:
            continue
        if by_person:
            may = not _parted(members[one], members[other], between)
        else:
            sides = members[one], members[other]
            rows = between.derived(left) or between.derived(right)
            bridges = rows and not any(all(map(between.derived, side)) for side in sides)
            may = not bridges and _may_join(*sides, between, tied)
        if not may:
            apart.append(number)
            continue
        if by_person:
            tied |= dict.fromkeys(members[one] | members[other], one)
        for name in members[other]:
            group[name] = one
        members[one] |= members.pop(other)
    return list(members.values()), [n for n in apart if group[ties[n][0]] != group[ties[n][1]]]


def _parted(one: set[Name], other: set[Name], between: Between[Name]) -> bool:
    """Whether a person judged a pair across the two gatherings different."""
    return any(between.parted(a, b) for a in one for b in other)


def _may_join(one: set[Name], other: set[Name], between: Between[Name], tied: Mapping[Name, int]) -> bool:
    if {between.document(name) for name in one} & {between.document(name) for name in other}:
        return False
    if _parted(one, other, between):
        return False
    left, right = _units(one, tied), _units(other, tied)
    same = near = 0
    for here in left:
        for there in right:
            words = [word for a in here for b in there if (word := between.word(a, b)) is not None]
            if not words:
                continue  # never compared, too unlike to keep, or not compared any more
            if max(words) == DIFFERENT:
                return False
            same += max(words) == SAME
            near += 1
    pairs = len(left) * len(right)
    enough = 2 * near > pairs if len(left) == 1 or len(right) == 1 else 2 * near >= pairs
    return enough and 3 * same >= pairs


def _units(names: set[Name], tied: Mapping[Name, int]) -> list[list[Name]]:
    """The accounts of a gathering, those that persons joined as one."""
    units: dict[Hashable, list[Name]] = defaultdict(list)
    for name in names:
        units[("tied", tied[name]) if name in tied else name].append(name)
    return list(units.values())


def _word(
    a: AccountId,
    b: AccountId,
    by_id: dict[AccountId, Account],
    standing: dict[tuple[AccountId, AccountId], Judgement],
) -> int | None:
    """What stands between two accounts; ``None`` where nobody compared them."""
    judgement = standing.get((a, b) if a < b else (b, a))
    if not (judgement and judgement.by_person) and _contradict(by_id[a], by_id[b]):
        return DIFFERENT
    if judgement is None or judgement.withdrawn:
        return None
    if judgement.verdict == "different" or (judgement.by_person and judgement.verdict == "unsure"):
        return DIFFERENT
    return SAME if judgement.verdict == "same" else UNSURE


def _contradict(one: Account, other: Account) -> bool:
    gap = one.telling.when.gap(other.telling.when)
    return contradict(gap, one.telling.place, other.telling.place)


def contradict(gap: int | None, here: Place | None, there: Place | None) -> bool:
    """Whether days so far apart and these places tell of two events, neither place being the other's."""
    return (
        gap is not None
        and gap > APART
        and here is not None
        and there is not None
        and here.relation(there) is Verdict.CONFLICT
    )
