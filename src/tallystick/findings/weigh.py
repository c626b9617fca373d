"""One incident weighed field by field: who agrees, who contradicts, on how many origins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tallystick.findings import tolls
from tallystick.findings.origins import origin_names, origins
from tallystick.model import Claim, DocumentId, Finding, Incident, Weighed, confusable
from tallystick.values.agreement import Verdict, gravest
from tallystick.values.names import alike


def find(incident: Incident, copied: Mapping[DocumentId, DocumentId]) -> Weighed:
    """What holds of ``incident``: its origins, a finding for each field that is told, and a grade.

    ``copied`` is what ``copies`` says of the case's documents.
    """
    names = origin_names(incident.accounts, copied)
    findings = [*_matter(incident, names)] if incident.is_matter else [*_harm(incident, names)]
    who = origins(incident.accounts, names)
    return Weighed(
        incident, who, tuple(findings), "" if incident.is_matter else _grade(incident, len(who), findings)
    )


def _harm(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
    for kind in ("killed", "wounded", "captured"):
        told = tolls.words(incident.accounts, kind, names)
        if told:
            reported = tolls.toll_range(told)
            verdict = tolls.toll_verdict(told)
            yield Finding(
                incident.id, kind, verdict, reported.claims, _toll_words(kind, told, verdict), reported
            )
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
    summary = "; ".join(f"{value} ({_list(sorted(set(who)))})" for value, who in told.items())
    return Finding(incident.id, field, verdict, _ids(claim for claim, _ in values), summary)


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
    summary = "; ".join(f"{what} ({_list(sorted(who))})" for what, who in told.items())
    yield Finding(incident.id, "perpetrator", verdict, _ids(claim for claim, _ in roles), summary)


def _matter(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
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
        f"{verb} {_list(sorted({names[c.id] for c in side}))}"
        for side, verb in ((said, "said by"), (denied, "denied, or no sign of it seen, by"))
        if side
    ]
    yield Finding(incident.id, kind, verdict, _ids(incident.claims), "; ".join(parts))


def _grade(incident: Incident, n_origins: int, findings: Iterable[Finding]) -> str:
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


_VERDICT_WORDS = {
    Verdict.AGREE: "All say the same of",
    Verdict.COMPATIBLE: "What is said can all be true of",
    Verdict.UPDATE: "Word changed over time on",
    Verdict.CONFLICT: "Sources contradict each other on",
    Verdict.SINGLE_ORIGIN: "One origin alone speaks of",
    Verdict.UNKNOWN: "It cannot be told whether sources agree on",
}


def _toll_words(kind: str, told: list[tolls.Word], verdict: Verdict) -> str:
    parts: dict[str, list[str]] = {}
    for word in told:
        group = (
            ""
            if word.toll.group == "people"
            else f" {word.toll.group.removeprefix('other:').replace('part', 'of them')}"
        )
        parts.setdefault(f"{word.toll.count}{group}", []).append(word.origin)
    listed = "; ".join(f"{figure} ({_list(sorted(set(who)))})" for figure, who in parts.items())
    return f"{_VERDICT_WORDS[verdict]} the {kind}: {listed}"


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _ids(claims: Iterable[Claim]) -> tuple[Any, ...]:
    return tuple(sorted({claim.id for claim in claims}))
