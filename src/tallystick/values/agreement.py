"""The verdict on one field, and how two values of each kind stand to each other.

The words are those of the field's vocabulary: ``agree`` same value; ``compatible`` both can be
true; ``update`` a later word of the same origin; ``conflict`` cannot both be true;
``single_origin`` only one independent origin speaks; ``unknown`` cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """How the values told for one field stand to each other."""

    AGREE = "agree"
    COMPATIBLE = "compatible"
    UPDATE = "update"
    CONFLICT = "conflict"
    SINGLE_ORIGIN = "single_origin"
    UNKNOWN = "unknown"


class Relation(NamedTuple):
    """How two values, or two accounts, stand to each other, and why, in words."""

    verdict: Verdict
    why: str


# From harmless to grave: of several pairs, the gravest relation names the field. Where one pair
# cannot be told apart, it cannot be told that all agree.
_GRAVITY = (Verdict.AGREE, Verdict.COMPATIBLE, Verdict.UNKNOWN, Verdict.UPDATE, Verdict.CONFLICT)


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of the verdicts on pairs; ``unknown`` where there is none.

    ``single_origin`` is a verdict on a whole field, never on a pair, and is refused here.
    """
    return max(verdicts, key=_GRAVITY.index, default=Verdict.UNKNOWN)
