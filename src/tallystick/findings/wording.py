"""How findings are put in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tallystick.model import Claim, ClaimId


def listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def ids(claims: Iterable[Claim]) -> tuple[ClaimId, ...]:
    return tuple(sorted({claim.id for claim in claims}))
