"""Where the links of the dossier's views lead on the desk."""

from __future__ import annotations

from tallystick.dossier.layout import Hrefs
from tallystick.model import ClaimId, DocumentId, IncidentId
from tallystick.web.here import Here


class DeskHrefs(Hrefs):
    """The addresses of the desk's own pages, whatever page they stand on."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def report(self, name: DocumentId, root: str) -> str:
        return self._here.url("report", id=name)

    def words(self, name: DocumentId, claim: ClaimId, root: str) -> str:
        return f"{self.report(name, root)}#{claim}"

    def incident(self, name: IncidentId, root: str) -> str:
        return self._here.url("incident", id=name)

    def totals(self, root: str) -> str:
        return ""
