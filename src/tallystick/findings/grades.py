"""The grade that an incident would get: computed, labelled as such, never another body's verdict."""

from __future__ import annotations

from collections.abc import Iterable

from tallystick.model import Finding, Incident
from tallystick.values.agreement import Verdict


def grade(incident: Incident, n_origins: int, findings: Iterable[Finding]) -> str:
    """The grade it would get, after Airwars' scheme; a reading aid, never that body's verdict."""
    roles = [role for account in incident.accounts for _, role in account.roles() if role.role != "opponent"]
    blamed = [role for role in roles if role.stance != "denied"]
    harmed = {toll.group for account in incident.accounts for _, toll in account.tolls()}
    if harmed and harmed <= {"fighters", "soldiers"}:
        return "Discounted"
    if any(f.field == "perpetrator" and f.verdict is Verdict.CONFLICT for f in findings):
        return "Contested"
    if any(role.stance == "claimed" for role in blamed):
        return "Confirmed"
    return "Fair" if n_origins >= 2 and blamed else "Weak"
