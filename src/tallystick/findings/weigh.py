"""One incident weighed field by field: who agrees, who contradicts, on how many origins."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.findings import fields, matters, status, tolls
from tallystick.findings.context import context
from tallystick.findings.grades import grades
from tallystick.findings.origins import origin_names, origins
from tallystick.model import Document, DocumentId, Incident, Weighed


def find(
    incident: Incident,
    copied: Mapping[DocumentId, DocumentId],
    documents: Mapping[DocumentId, Document] | None = None,
) -> Weighed:
    """What holds of ``incident``: its origins, a finding for each field that is told, and its grades.

    ``copied`` is what ``copies`` says of the case's documents. ``documents`` are the reports, whose
    sentences tell that a toll was an early one or has risen; without them only a claim's own words do.
    """
    names = origin_names(incident.accounts, copied)
    who = origins(incident.accounts, names)
    if incident.is_matter:
        return Weighed(incident, who, tuple(matters.states(incident, names)), "")
    here = context(incident.accounts, names, documents, copied)
    found = (
        *tolls.findings(incident, here),
        *fields.fields(incident, here),
        *status.findings(incident, here),
    )
    graded = grades(incident, len(who), found, here)
    return Weighed(incident, who, found, graded[0].value, graded)
