"""The verdict on each field of an incident of harm but its tolls: date, place, kind, weapon, perpetrator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tallystick.findings.wording import ids, listed
from tallystick.model import Claim, Finding, Incident, confusable
from tallystick.values.agreement import Verdict, gravest
from tallystick.values.names import alike


def fields(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
    """A finding for each field that is told; ``names`` is the origin of each claim."""
    heads = [(account.head, account.telling) for account in incident.accounts]
    fields: tuple[tuple[str, Callable[[Any], Any], Callable[[Any, Any], Verdict]], ...] = (
        ("date", lambda t: t.when if t.when.start or t.when.end else None, lambda a, b: a.relation(b)),
        ("place", lambda t: t.place, lambda a, b: a.relation(b)),
        ("kind", lambda t: t.kind if t.kind != "other" else None, _kinds),
        ("weapon", lambda t: t.weapon, lambda a, b: Verdict.AGREE if alike(a, b) else Verdict.UNKNOWN),
    )
    for field, pick, relation in fields:
        values = [(claim, pick(telling)) for claim, telling in heads if pick(telling) is not None]
        if values:
            yield _field(incident, field, values, names, relation)
    yield from _perpetrator(incident, names)


def _field(
    incident: Incident,
    field: str,
    values: list[tuple[Claim, Any]],
    names: Mapping[str, str],
    relation: Callable[[Any, Any], Verdict],
) -> Finding:
    told: dict[str, list[str]] = {}
    for claim, value in values:
        told.setdefault(str(value).replace("_", " "), []).append(names[claim.id])
    if len({names[claim.id] for claim, _ in values}) == 1:
        verdict = Verdict.SINGLE_ORIGIN
    else:
        distinct = list(dict.fromkeys(value for _, value in values))  # equal ones say the same of all
        verdict = gravest(relation(a, b) for i, a in enumerate(distinct) for b in distinct[i:])
    summary = "; ".join(f"{value} ({listed(sorted(set(who)))})" for value, who in told.items())
    return Finding(incident.id, field, verdict, ids(claim for claim, _ in values), summary)


def _kinds(a: str, b: str) -> Verdict:
    if a == b:
        return Verdict.AGREE
    return Verdict.COMPATIBLE if confusable(a, b) else Verdict.CONFLICT


def _perpetrator(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
    """Who is said to have done it; a denial stands against an attribution to the same party."""
    roles = [
        (claim, role)
        for account in incident.accounts
        for claim, role in account.roles()
        if role.role in ("perpetrator", "claimant")
    ]
    said = [(c, r) for c, r in roles if r.stance != "denied"]
    denied = [(c, r) for c, r in roles if r.stance == "denied"]
    if not roles:
        return
    contradicted = any(alike(d.party.name, s.party.name) for _, d in denied for _, s in said)
    by_origin: dict[str, list[Any]] = {}
    for claim, role in said:
        by_origin.setdefault(names[claim.id], []).append(role.party)
    groups = list(by_origin.values())
    between = [
        Verdict.AGREE if any(a.relation(b) is Verdict.AGREE for a in one for b in other)
        else gravest(a.relation(b) for a in one for b in other)
        for i, one in enumerate(groups)
        for other in groups[i + 1 :]
    ]  # fmt: skip
    if contradicted:
        verdict = Verdict.CONFLICT
    elif len({names[claim.id] for claim, _ in roles}) == 1:
        verdict = Verdict.SINGLE_ORIGIN
    else:
        verdict = gravest(between)
    told: dict[str, set[str]] = {}
    for claim, role in roles:
        told.setdefault(f"{role.party} {'denies it' if role.stance == 'denied' else role.stance}", set()).add(
            names[claim.id]
        )
    summary = "; ".join(f"{what} ({listed(sorted(who))})" for what, who in told.items())
    yield Finding(incident.id, "perpetrator", verdict, ids(claim for claim, _ in roles), summary)
