"""Who was harmed: whether combatants alone, and whether it is contested that they were civilians.

One side's "terrorists" are another's residents. Where one origin calls the harmed combatants alone and
another calls them civilians alone, the status is contested, and whoever counts civilians or combatants
takes none as the least of both. That a party blamed for the deed says so is context, not proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tallystick.findings import blame
from tallystick.findings.citations import outlet_name
from tallystick.findings.context import Context
from tallystick.findings.wording import ids, listed
from tallystick.model import Claim, Finding, Incident, Toll
from tallystick.values.agreement import Verdict
from tallystick.values.parties.register import basic
from tallystick.values.party import Party

COMBATANTS = frozenset(("fighters", "soldiers"))
CIVILIANS = frozenset(("civilians", "children", "women", "medics", "journalists"))
_HARMED = ("killed", "wounded")
_FOUGHT = frozenset(("ground_clash",))  # both are harmed there, and one count says nothing of the other


@dataclass(frozen=True, slots=True)
class Contested:
    """One toll of which it is contested whom it counts: the claims on each side.

    ``by_accused`` are the origins that call the harmed combatants and are themselves blamed for the deed.
    """

    kind: str
    civilians: tuple[Claim, ...]
    combatants: tuple[Claim, ...]
    by_accused: tuple[str, ...]


def contested(incident: Incident, context: Context) -> tuple[Contested, ...]:
    """Each toll of which one origin counts civilians alone and another combatants alone.

    Nothing is contested in a clash, nor by an origin that tells of both, or counts none of them; nor by those
    who own to have lost fighters: they do not say who the others were.
    """
    if all(account.telling.kind in _FOUGHT for account in incident.accounts):
        return ()
    out = []
    for kind in _HARMED:
        sides: dict[str, dict[bool, list[Claim]]] = {}
        for account in incident.accounts:
            for claim, toll in account.tolls(kind):
                if claim.counts and toll.count.high != 0 and toll.group in COMBATANTS | CIVILIANS:
                    if toll.group in COMBATANTS and context.of_its_own(claim):
                        continue
                    of_origin = sides.setdefault(context.origin(claim), {})
                    of_origin.setdefault(toll.group in COMBATANTS, []).append(claim)
        one_sided = {name: side for name, side in sides.items() if len(side) == 1}
        fought, civil = (
            tuple(c for name in sorted(one_sided) for c in one_sided[name].get(armed, ()))
            for armed in (True, False)
        )
        if fought and civil:
            speakers = sorted({context.origin(claim) for claim in fought})
            out.append(Contested(kind, civil, fought, tuple(accused(incident, speakers))))
    return tuple(out)


def combatants_only(incident: Incident) -> tuple[Claim, ...]:
    """The figures of an incident that killed or wounded fighters or soldiers alone.

    None where anybody else is counted, be it among the captured or the displaced. What is denied or still
    to come and a figure of nobody say nothing of who was harmed.
    """
    told = [
        (claim, toll)
        for account in incident.accounts
        for claim, toll in account.tolls()
        if claim.counts and toll.count.greatest_told
    ]
    if any(toll.group not in COMBATANTS for _, toll in told):
        return ()
    return tuple(claim for claim, toll in told if toll.kind in _HARMED)


def accused(incident: Incident, speakers: Iterable[str]) -> list[str]:
    """Those of ``speakers`` that the deed is laid to, or that are an arm of a party it is laid to."""
    blamed = [role.party for account in incident.accounts for _, role in blame.laid(account)]
    outlets = {outlet_name(account.publisher) for account in incident.accounts if account.publisher}
    return [name for name in speakers if any(_near(name, party, name in outlets) for party in blamed)]


def _near(speaker: str, party: Party, is_outlet: bool) -> bool:
    """Whether a speaker is a party or one with it; an outlet only where a list says so, not by its name."""
    told = basic().relation(speaker, party.name) if is_outlet else blame.parties(Party(speaker), party)
    return told is not None and told.verdict in (Verdict.AGREE, Verdict.COMPATIBLE)


def findings(incident: Incident, context: Context) -> Iterable[Finding]:
    """A finding of the field ``status`` for an incident of which it is contested whom it harmed."""
    found = contested(incident, context)
    if not found:
        return
    parts, claims = [], []
    for each in found:
        civil, fought = (
            listed(sorted({f"{_group(c)} ({context.origin(c)})" for c in side}))
            for side in (each.civilians, each.combatants)
        )
        parts.append(f"{each.kind}: {civil}, against {fought}")
        claims += [*each.civilians, *each.combatants]
    accusers = sorted({name for each in found for name in each.by_accused})
    reason = "one origin calls the harmed civilians, another combatants"
    if accusers:
        reason += f"; {listed(accusers)}, to whom the deed is laid, says so: context, not proof"
    yield Finding(incident.id, "status", Verdict.CONFLICT, ids(claims), "; ".join(parts), reason=reason)


def _group(claim: Claim) -> str:
    assert isinstance(claim.value, Toll)
    return claim.value.group
