"""One incident weighed field by field: who agrees, who contradicts, on how many origins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tallystick.findings import fields, matters, status, tolls
from tallystick.findings.context import context
from tallystick.findings.grades import grades
from tallystick.findings.lineage import lineage
from tallystick.findings.origins import Taken, origin_names, origins
from tallystick.findings.tallies import tallies
from tallystick.model import Document, DocumentId, Incident, Weighed


def find(
    incident: Incident,
    copied: Mapping[DocumentId, DocumentId],
    documents: Mapping[DocumentId, Document] | None = None,
) -> Weighed:
    """What holds of ``incident``: origins, who takes it from whom, a finding for each field told, its grades.

    ``copied`` is what ``copies`` says of the case's documents; a plain mapping of each to the first of
    those whose text it has will do, without passages and citations. ``documents`` are the reports, whose
    sentences tell that a toll was an early one or has risen; without them only a claim's own words do.

    Rows of datasets, which were worked out of such reports, are shown beside them and weigh nothing; where
    they alone tell of it, all of them are one origin, for which articles stand behind them is not told.
    """
    if len(incident.heard) < len(incident.accounts):
        return _without_rows(incident, copied, documents)
    taken = copied if isinstance(copied, Taken) else Taken(copied)
    names = _one_origin(incident) if incident.is_derived else origin_names(incident.accounts, taken)
    who = origins(incident.accounts, names)
    if incident.is_matter:
        found = tuple(matters.states(incident, names))
        return Weighed(incident, who, found, "", lineage=lineage(incident, names, taken, found))
    here = context(incident.accounts, names, documents, taken)
    found = (
        *tolls.findings(incident, here),
        *fields.fields(incident, here),
        *status.findings(incident, here),
    )
    graded = grades(incident, len(who), found, here)
    graph = lineage(incident, names, taken, found)
    return Weighed(incident, who, found, graded[0].value, graded, graph, tallies(incident, here))


def _without_rows(
    incident: Incident,
    copied: Mapping[DocumentId, DocumentId],
    documents: Mapping[DocumentId, Document] | None,
) -> Weighed:
    """``incident`` weighed by its reports alone, under its own name."""
    found = find(replace(incident, accounts=incident.heard), copied, documents)
    named = tuple(replace(finding, incident=incident.id) for finding in found.findings)
    return replace(found, incident=incident, findings=named)


def _one_origin(incident: Incident) -> dict[str, str]:
    """The one origin of an incident that rows alone tell of: the datasets, by name."""
    name = " and ".join(sorted({account.derived for account in incident.accounts}))
    return {claim.id: name for claim in incident.claims}
