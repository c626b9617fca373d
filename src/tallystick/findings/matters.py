"""Matters: who says that one is so against who denies it; and the matters of a whole case as lines of states.

A line is what is said of a place or a matter over time, beyond single incidents: for each place who holds
it, what forces and people are there and who leaves; of each text before a council, truce and contact its
course; of each warning what came of it. A state stands on the claims that tell it and on whose word; what is
denied, planned, wanted or feared is shown and moves nothing. Silence tells nothing here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from tallystick.findings import control, counts, dealings, horizons
from tallystick.findings.heard import called, gathered, hear
from tallystick.findings.origins import Taken, own_names
from tallystick.findings.states import Relation, Told
from tallystick.findings.states import states as in_time
from tallystick.findings.wording import ids, listed
from tallystick.model import LINES, Account, Claim, Document, DocumentId, Finding, Incident, Line
from tallystick.values.agreement import Verdict
from tallystick.values.courses import STEPS
from tallystick.values.place import Place
from tallystick.values.standing import Standing, standing

# Not "said by": of those who speak of people leaving one may only tell why others stay.
_VERBS: tuple[tuple[Standing | Literal["refused"], str], ...] = (
    ("happened", "spoken of by"),
    ("planned", "planned or promised, according to"),
    ("wanted", "called for by"),
    ("foretold", "warned of or foretold by"),
    ("possible", "held possible by"),
    ("refused", "refused by"),
    ("denied", "denied, or no sign of it seen, by"),
)


def states(incident: Incident, names: Mapping[str, str]) -> Iterable[Finding]:
    """A matter: those who say it is so, those who plan, want or foretell it, those who deny it.

    What one plans and another tells to have come is one matter in two states: an update, never agreement.
    """
    kind = incident.accounts[0].telling.kind
    stands = {c.id: standing(c.span.quote, c.stance) for c in incident.claims}
    denied = {names[c.id] for c in incident.claims if c.stance == "denied"}
    said = {names[c.id] for c in incident.claims if c.stance != "denied"}
    heads = {stands[account.head.id] for account in incident.accounts}
    if said and denied and len(said | denied) > 1:
        verdict = Verdict.CONFLICT
    elif len(said | denied) == 1:
        verdict = Verdict.SINGLE_ORIGIN
    elif heads <= {"happened"} or len(heads) == 1:
        verdict = Verdict.AGREE
    else:
        verdict = Verdict.UPDATE if {"happened", "planned"} <= heads else Verdict.COMPATIBLE
    parts = []
    for name, verb in _VERBS:
        side = {names[c.id] for c in incident.claims if _shown(c, stands[c.id]) == name}
        if side:
            parts.append(f"{verb} {listed(sorted(side))}")
    yield Finding(incident.id, kind, verdict, ids(incident.claims), "; ".join(parts))


def _shown(claim: Claim, stands: Standing) -> Standing | Literal["refused"]:
    """How a claim stands in words: a negation in what is said makes nobody deny it."""
    if claim.stance == "refused":
        return "refused"
    return "happened" if stands == "denied" and claim.stance != "denied" else stands


def lines(
    accounts: Sequence[Account], documents: Iterable[Document], copied: Mapping[DocumentId, DocumentId]
) -> tuple[Line, ...]:
    """All lines of a case, by kind and by what they are of.

    ``copied`` is what ``copies`` says of the documents. Whose word a state is follows from the
    accounts of its line, as that of a finding from those of its incident. Rows of datasets tell no state. The
    order of what is given does not matter.
    """
    taken = copied if isinstance(copied, Taken) else Taken(copied)
    heard = hear([account for account in accounts if not account.derived], documents)
    read = [reading for sort in (control, counts, dealings, horizons) for reading in sort.readings(heard)]
    stands_for = gathered(reading.place for reading in read if reading.place)
    told: dict[tuple[str, str, Place | None], list[Told]] = defaultdict(list)
    for reading in read:
        whose = stands_for(reading.place) if reading.place else None
        told[reading.kind, "" if whose else reading.about, whose].append(reading.told)
    name_of = called(whose for _, _, whose in told if whose)
    after = horizons.Aftermath(heard, stands_for)
    made = []
    for (kind, about, whose), tellings in told.items():
        relation, order = _RULES[kind]
        told_by = {one.heard.account.id: one.heard.account for one in tellings}
        names = own_names(told_by.values(), taken)
        course = in_time(tellings, relation, names, order)
        line = Line(kind, name_of[whose] if whose else about, whose, course)
        made.append(after.with_outcome(line) if kind == "warning" else line)
    return tuple(sorted(made, key=lambda line: (LINES.index(line.kind), line.about, line.id)))


# How two states of one line stand to each other, and the order in which its states run.
_RULES: Mapping[str, tuple[Relation, Sequence[str]]] = {
    "control": (control.relation, control.ORDER),
    **dict.fromkeys(("forces", "population", "displacement"), (counts.relation, ())),
    **{course: (dealings.relation, order) for course, order in STEPS.items()},
    "warning": (horizons.relation, ()),
}
