"""One incident weighed field by field: who agrees, who contradicts, on how many origins."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.findings import fields, matters, tolls
from tallystick.findings.grades import grade
from tallystick.findings.lineage import lineage
from tallystick.findings.origins import Taken, origin_names, origins
from tallystick.model import DocumentId, Incident, Weighed


def find(incident: Incident, copied: Mapping[DocumentId, DocumentId]) -> Weighed:
    """What holds of ``incident``: origins, who takes it from whom, a finding for each field told, a grade.

    ``copied`` is what ``copies`` says of the case's documents; a plain mapping of each to the first of
    those whose text it has will do, without passages and citations.
    """
    taken = copied if isinstance(copied, Taken) else Taken(copied)
    names = origin_names(incident.accounts, taken)
    who = origins(incident.accounts, names)
    if incident.is_matter:
        found = tuple(matters.states(incident, names))
        return Weighed(incident, who, found, "", lineage(incident, names, taken, found))
    found = (*tolls.findings(incident, names), *fields.fields(incident, names))
    graph = lineage(incident, names, taken, found)
    return Weighed(incident, who, found, grade(incident, len(who), found), graph)
