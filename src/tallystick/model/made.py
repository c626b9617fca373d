"""How a record came about: what is told of it wherever it leaves the house."""

from __future__ import annotations

from dataclasses import dataclass

from tallystick.model.stored import Claim


@dataclass(frozen=True, slots=True)
class Covers:
    """What a record covers, and what of its case it leaves out, each in sentences.

    ``title`` says it in a few words; ``whole`` is true where it is the whole case.
    """

    title: str
    told: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a person: on which ``day`` (ISO 8601, UTC), what, on what, and by whom.

    ``what`` is a few words ("rejected a claim"), ``about`` the ids or the name that it is about, ``by`` a
    role, or a name where names were asked for. The person's note is never part of it.
    """

    day: str
    what: str
    about: str
    by: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A claim that stands no more because people rejected or replaced it: told, so that it does not
    vanish."""

    claim: Claim
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What one rule of redaction took out: ``label`` stands in its place, ``times`` in this record.

    ``sort`` is ``person``, ``party``, ``voice``, ``place``, ``source``, ``address`` or ``file``; ``how`` says
    in words what was done, without what was removed.
    """

    label: str
    sort: str
    times: int
    how: str


@dataclass(frozen=True, slots=True)
class Made:
    """How a record was made, as its first pages tell.

    ``program`` and ``reader`` are names with versions; ``settings`` and ``lists`` are pairs of what and
    which; ``head`` is the custody event that it rests on, by its number and the value of the chain there,
    ``day`` (ISO 8601, UTC) when that was recorded.
    ``removed`` is ``None`` where nothing was asked to be removed.
    """

    program: str
    reader: str
    settings: tuple[tuple[str, str], ...]
    lists: tuple[tuple[str, str], ...]
    head: tuple[int, str]
    day: str
    covers: Covers
    decisions: tuple[Decided, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    removed: tuple[Removed, ...] | None = None
