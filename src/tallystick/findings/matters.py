"""Matters: those who say that it is so against those who deny it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.findings.wording import ids, listed
from tallystick.model import Finding, Incident
from tallystick.values.agreement import Verdict


def states(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
    """A matter: those who say it is so against those who deny it."""
    kind = incident.accounts[0].telling.kind
    said = [c for c in incident.claims if c.stance != "denied"]
    denied = [c for c in incident.claims if c.stance == "denied"]
    voices = {names[c.id] for c in incident.claims}
    if said and denied and len(voices) > 1:
        verdict = Verdict.CONFLICT
    else:
        verdict = Verdict.AGREE if len(voices) > 1 else Verdict.SINGLE_ORIGIN
    parts = [
        f"{verb} {listed(sorted({names[c.id] for c in side}))}"
        for side, verb in ((said, "said by"), (denied, "denied, or no sign of it seen, by"))
        if side
    ]
    yield Finding(incident.id, kind, verdict, ids(incident.claims), "; ".join(parts))
