"""One incident weighed field by field: who agrees, who contradicts, on how many origins."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.findings import fields, matters, tolls
from tallystick.findings.grades import grade
from tallystick.findings.origins import origin_names, origins
from tallystick.findings.tallies import tallies
from tallystick.model import DocumentId, Incident, Weighed


def find(incident: Incident, copied: Mapping[DocumentId, DocumentId]) -> Weighed:
    """What holds of ``incident``: its origins, a finding for each field that is told, and a grade.

    ``copied`` is what ``copies`` says of the case's documents.
    """
    names = origin_names(incident.accounts, copied)
    who = origins(incident.accounts, names)
    if incident.is_matter:
        return Weighed(incident, who, tuple(matters.states(incident, names)), "")
    found = (*tolls.findings(incident, names), *fields.fields(incident, names))
    return Weighed(incident, who, found, grade(incident, len(who), found), tallies(incident, names))
