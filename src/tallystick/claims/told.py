"""What the model makes of a text before it is written down as claims: accounts, their figures and parties, clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tallystick.claims.candidates import Candidate
from tallystick.model import confusable
from tallystick.values.agreement import Verdict


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that is a toll: what of, how surely, on whose word, and how surely it is of several events.

    ``lent``: the voice is known from nothing but the one speaker that the sentence has.
    """

    count: Candidate  # value: figures.Figure
    kind: str
    sure: float
    speaker: Candidate | None = None
    summed: float = 0.0
    lent: bool = False

    @property
    def start(self) -> int:
        return self.count.start


@dataclass(frozen=True, slots=True)
class Part:
    """A party in its role: whether stated, alleged, claimed…, and how surely it has the role at all."""

    party: Candidate
    role: str
    held: str
    sure: float


@dataclass(slots=True)
class Told:
    """An account: the word piece it is first told from, and what was decided of it."""

    piece: int
    sure: float
    kind: str = "other"
    total: bool = False
    primary: bool = False
    day: tuple[Candidate, float] | None = None
    place: tuple[Candidate, float] | None = None
    admin1: tuple[Candidate, float] | None = None
    speaker: Candidate | None = None
    parties: list[Part] = field(default_factory=list)
    figures: list[Counted] = field(default_factory=list)

    def take_parties(self, other: Told) -> None:
        """Add the parties of an account that is the same, but those in a part that is told already."""
        have = {(part.party.name, part.role) for part in self.parties}
        self.parties.extend(part for part in other.parties if (part.party.name, part.role) not in have)

    def is_like(self, other: Told) -> bool:
        """Whether both are of one kind, or of two that are taken for each other."""
        return self.kind == other.kind or confusable(self.kind, other.kind)


@dataclass(frozen=True, slots=True)
class Clause:
    """Words ``[first, last)``, in pieces, that claim something of a topic, with a stance, on a speaker's word."""

    first: int
    last: int
    topic: str
    stance: str
    sure: float
    speaker: Candidate | None


def once(accounts: Sequence[Told]) -> list[Told]:
    """The accounts, an event told twice made one: the same toll again, where neither day nor place speaks against it."""
    out: list[Told] = []
    for told in accounts:
        same = next((old for old in out if _retold(old, told)), None)
        if same is None:
            out.append(told)
            continue
        same.figures.extend(told.figures)
        same.day, same.place = same.day or told.day, same.place or told.place
        same.admin1, same.sure = same.admin1 or told.admin1, max(same.sure, told.sure)
        same.take_parties(told)
    return out


def _retold(old: Told, new: Told) -> bool:
    if old.total != new.total or not old.is_like(new):
        return False
    if old.day and new.day and (old.day[0].value.gap(new.day[0].value) or 0) > 0:
        return False
    here, there = (told.place[0].value.place if told.place else None for told in (old, new))
    if here and there and here.relation(there) not in (Verdict.AGREE, Verdict.COMPATIBLE):
        return False
    tolls = [
        {
            (f.kind, f.count.value.toll.count)
            for f in told.figures
            if f.count.value.toll.count.greatest_told > 2
        }
        for told in (old, new)
    ]
    return bool(tolls[0] & tolls[1])
