"""What stands above the encoder: small nets over its vectors, in NumPy, and the numbers they are fed.

The same names, sizes and buckets are used where the model is trained (``training/model.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tallystick.model import HARM

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

KINDS = HARM
TALLIES = ("none", "killed", "wounded", "captured")
TOPICS = (
    "casualties", "attack", "control", "forces", "population", "displacement", "diplomacy",
    "agreement", "warning", "responsibility", "investigation", "other",
)  # fmt: skip
STANCES = (
    "stated", "alleged", "denied", "warned", "predicted", "called_for", "planned", "promised",
    "estimated", "offered", "refused",
)  # fmt: skip
ROLES = ("none", "perpetrator", "opponent", "claimant")
HELD = ("stated", "alleged", "suspected", "claimed", "denied")
# Who or what has a part in an attack, as its words stand in the text.
PARTS = ("agent", "victim", "target", "weapon")
# One logit for each word piece: an account is first told from here; a speaker, a claim begins or goes
# on; the piece would begin with a capital; it is of no part in an attack, or one begins or goes on.
TOKENS = (
    "telling", "speaker_o", "speaker_b", "speaker_i", "claim_o", "claim_b", "claim_i", "capital",
    "part_o", *(f"{part}_{at}" for part in PARTS for at in "bi"),
)  # fmt: skip
PART_O = TOKENS.index("part_o")
# The scorers of pairs: how many numbers each gives, and whether "none of these" is an answer.
PAIRS: Mapping[str, tuple[int, bool]] = {
    "figure_account": (1, True),
    "account_date": (1, True),
    "account_place": (1, True),
    "account_admin1": (1, True),
    "figure_voice": (1, True),
    "claim_voice": (1, True),
    "account_party": (len(ROLES) + len(HELD), False),
}
PART = 96  # width of a scorer of pairs
HINTS = 15
KIND_HINTS = 2 * (len(KINDS) + 1)
STANCE_HINTS = 2 * 10 + 1
BEFORE = 10  # word pieces before a clause that are read for how it is said
NEAREST = 3  # what is added to a speaker's hint where the rules take it for the one who says this
REACH = 24  # word pieces that stand for an account: from where it is first told
_STEPS = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192])
GAPS = 2 * len(_STEPS) + 3
FAR = 6  # sentences apart; further counts as this
STEPS = 2 * FAR + 1
ORDERS = 8


def gaps(query: Ints, candidates: Ints) -> Ints:
    """How many word pieces each candidate stands after each query, in buckets: (q, c)."""
    apart = candidates[None, :] - query[:, None]
    size = np.searchsorted(_STEPS, np.abs(apart), side="right")
    out: Ints = np.where(apart < 0, -size, size) + len(_STEPS) + 1
    return out


def steps(query: Ints, candidates: Ints) -> Ints:
    """How many sentences each candidate stands after each query, in buckets: (q, c)."""
    out: Ints = np.clip(candidates[None, :] - query[:, None], -FAR, FAR) + FAR
    return out


def orders(near: Ints) -> Ints:
    """How many candidates stand nearer to the query, at most seven: (q, c) from distances (q, c)."""
    ranks = np.argsort(np.argsort(np.abs(near), axis=1, kind="stable"), axis=1, kind="stable")
    out: Ints = np.minimum(ranks, ORDERS - 1)
    return out


def parts_in(logits: Floats) -> list[tuple[int, int, str]]:
    """Runs ``[first, last)`` of word pieces that have one part in an attack, from logits (n, 1 + 2 parts)."""
    best = [*logits.argmax(-1).tolist(), 0]
    out: list[tuple[int, int, str]] = []
    first = 0
    for i in range(1, len(best)):
        # an odd number begins a run; an even one goes on with that of the number before
        if best[i - 1] and (best[i] != best[first] + best[first] % 2):
            out.append((first, i, PARTS[(best[first] - 1) // 2]))
        if not best[i - 1] or best[i] != best[first] + best[first] % 2:
            first = i
    return out


@dataclass(frozen=True, slots=True)
class Settings:
    """How sure the model must be of what, and what its sureness means; set on held-back reports.

    ``certainty`` maps a sort of decision to (slope, offset): the share of decisions that were right
    is the logistic of slope × logit + offset (Platt 1999).
    """

    telling: float = 0.5  # an account begins here
    total: float = 0.5  # an account is a total over several events
    summed: float = 0.5  # so is a figure
    tally: float = 0.5  # a count is a toll
    role: float = 0.5  # a party has a part
    clause: float = 0.5  # a word piece is part of a clause that claims something
    certainty: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def sure(self, sort: str, share: float) -> float:
        """What ``share``, as the model gives it, has turned out to mean: a probability."""
        slope, offset = self.certainty.get(sort, (1.0, 0.0))
        logit = math.log(max(share, 1e-4) / max(1 - share, 1e-4))
        return round(1 / (1 + math.exp(-slope * max(-4.0, min(4.0, logit)) - offset)), 3)


class Heads:
    """The small nets, from the arrays that training left."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        self._w = weights

    def _linear(self, name: str, x: Floats) -> Floats:
        out: Floats = x @ self._w[f"{name}.weight"].T
        bias = self._w.get(f"{name}.bias")
        return out if bias is None else out + bias

    def kind(self, account: Floats, hint: Ints) -> Floats:
        """(n, 2D) and hints → (n, kinds + 2): logits of each kind, of a total, of being what the report is about."""
        h = self._linear("kind1", account) + self._w["kind_hint.weight"][hint]
        return self._linear("kind2", np.maximum(h, 0))

    def tally(self, count: Floats, hint: Ints) -> Floats:
        """(n, 2D) and the rules' hints → (n, 5): logits of what each count counts, and of its being a total's."""
        h = self._linear("tally1", count) + self._w["tally_hint.weight"][hint]
        return self._linear("tally2", np.maximum(h, 0))

    def claim(self, words: Floats, before: Floats, hint: Ints) -> Floats:
        """(n, 2D) for the clauses, (n, 2D) for what stands before, hints → (n, topics + stances): logits."""
        h = (
            self._linear("claim1", words)
            + self._linear("claim0", before)
            + self._w["stance_hint.weight"][hint]
        )
        return self._linear("claim2", np.maximum(h, 0))

    def pair(self, name: str, query: Floats, candidates: Floats, far: Ints) -> Floats:
        """Scores (q, c, outs) of each candidate for each query; ``far`` holds gap, step, hint and order."""
        at = f"pairs.{name}."
        h = self._linear(at + "a", query)[:, None] + self._linear(at + "b", candidates)[None]
        for n, table in enumerate(("gap", "step", "hint", "order")):
            h = h + self._w[f"{at}{table}.weight"][far[..., n]]
        return self._linear(at + "out", np.maximum(h, 0))

    def null(self, name: str, query: Floats) -> Floats:
        """(q,) the score of "none of these"."""
        return self._linear(f"pairs.{name}.null", query)[:, 0]
