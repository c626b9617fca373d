"""What single claims tell of a line, gathered into its states: one for what is told alike, however often.

Two tellings are one state where they tell the same of the same days as standing the same: a copy adds
its claim to a state, never a state. The order in which claims come does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from tallystick.findings.heard import Heard
from tallystick.model import State
from tallystick.values.agreement import Verdict, gravest
from tallystick.values.count import Count
from tallystick.values.party import Party
from tallystick.values.place import Place
from tallystick.values.standing import Standing
from tallystick.values.when import When

Relation = Callable[[State, State], Verdict | None]
NEAR = 1  # days between two publications of states whose own days are not told


@dataclass(frozen=True)
class Told:
    """One claim's telling of a state; the fields are those of ``State``.

    ``own`` says that it is the outlet's own word, whoever speaks in the claim.
    """

    heard: Heard
    what: str
    standing: Standing
    when: When
    words: str
    who: str = ""
    count: Count | None = None
    part: bool = False
    own: bool = False

    @property
    def by(self) -> str:
        """On what its origin stands: the id of the claim, or of the account whose outlet tells it."""
        return self.heard.account.id if self.own else self.heard.claim.id


class Reading(NamedTuple):
    """A telling with the line that it belongs to: its kind, its place, and its name where it has no place."""

    kind: str
    place: Place | None
    told: Told
    about: str = "place not told"


def states(
    told: Iterable[Told], relation: Relation, names: Mapping[str, str], order: Sequence[str] = ()
) -> tuple[State, ...]:
    """The states that ``told`` makes, in the order of their days, each with its verdict.

    ``relation`` says how two states of the same time stand to each other, ``None`` where they do not meet;
    ``names`` are the origins of claims and of accounts' outlets (``own_names``);
    ``order`` are the words of a course in the order in which it runs, which decides between equal days.
    """
    alike: dict[tuple[object, ...], list[Told]] = defaultdict(list)
    for one in told:
        alike[_key(one)].append(one)
    made = [_state(same, names) for same in alike.values()]
    made.sort(key=lambda state: _place_in_time(state, order))
    return tuple(_weighed(state, made, relation) for state in made)


def _key(one: Told) -> tuple[object, ...]:
    return (
        one.what, Party(one.who).key if one.who else "", one.count, one.part, one.standing,
        one.when.start, one.when.end,
        one.when.words if one.when.start is None and one.when.end is None else None,
    )  # fmt: skip


def _state(same: list[Told], names: Mapping[str, str]) -> State:
    """The tellings of one state made one: words, name and stance are those of the first told."""
    same.sort(key=lambda one: (one.heard.document.published or date.max, one.heard.claim.span, one.words))
    first = same[0]
    days = [one.heard.document.published for one in same if one.heard.document.published]
    return State(
        first.what,
        min((one.when for one in same), key=lambda when: (when.words or "", str(when))),
        tuple(sorted({one.heard.claim.id for one in same})),
        tuple(sorted({names[one.by] for one in same})),
        first.standing,
        first.heard.claim.stance,
        first.words,
        first.who,
        first.count,
        first.part,
        min(days, default=None),
    )


def _place_in_time(state: State, order: Sequence[str]) -> tuple[object, ...]:
    day = state.when.start or state.when.end or state.told or date.max
    step = order.index(state.what) if state.what in order else len(order)
    return (
        day,
        state.when.end or day,
        step,
        state.what,
        state.who,
        str(state.count),
        state.standing,
        state.claims,
    )


def together(a: State, b: State) -> bool:
    """Whether two states are told of the same time: days that overlap, or, of no day, reports of one day."""
    gap = a.when.gap(b.when)
    if gap is not None:
        return gap == 0
    return a.told is not None and b.told is not None and abs((a.told - b.told).days) <= NEAR


def _weighed(state: State, every: Sequence[State], relation: Relation) -> State:
    """The state with its verdict: the gravest of how it stands to those of its time, else by its origins."""
    met = [
        (verdict, other)
        for other in every
        if other is not state and together(state, other) and (verdict := relation(state, other)) is not None
    ]
    if not met:
        verdict = Verdict.AGREE if len(state.origins) > 1 else Verdict.SINGLE_ORIGIN
        return replace(state, verdict=verdict)
    own = [Verdict.AGREE] if len(state.origins) > 1 else []
    verdict = gravest([*own, *(verdict for verdict, _ in met)])
    beside = {claim for each, other in met if each is verdict for claim in other.claims}
    return replace(state, verdict=verdict, beside=tuple(sorted(beside)))


def apart(a: State, b: State) -> bool:
    """Whether the two rest on different origins: else one only says the later word."""
    return not set(a.origins) & set(b.origins)


def against(a: State, b: State) -> Verdict:
    """Of two states that cannot both be true: a conflict of origins, or the later word of one."""
    return Verdict.CONFLICT if apart(a, b) else Verdict.UPDATE
