"""What follows from the whole case: what repeats, totals, crimes alleged, sources, lines of matters."""

from __future__ import annotations

from starlette.responses import Response

from tallystick.casework import RELIABILITY, grades
from tallystick.dossier import words
from tallystick.values.names import fold
from tallystick.web.here import Here
from tallystick.web.pages.lists import Leads
from tallystick.web.role import Role
from tallystick.web.row import get

_SHOWN = 40  # sources of one sort at first; the others are behind a summary


def findings(here: Here) -> Response:
    """The view models of ``desk.whole``, with how many decisions came since."""
    desk = here.desk
    worked = desk.whole()
    since = max(0, desk.case.ledger.reach().seq - worked.at)
    given = grades(desk.case.ledger.events("graded"))
    held = worked.whole.sources if worked.whole else ()
    sources = {
        sort: [(one, given.get(fold(one.name))) for one in held if one.sort == sort]
        for sort in ("publisher", "voice")
    }
    answer = here.render(
        "findings.html",
        worked=worked,
        whole=worked.whole,
        since=since,
        sources=sources,
        shown=_SHOWN,
        scale=RELIABILITY,
        lead=Leads(here).marked,
        words=words,
        part=here.is_htmx,
    )
    if worked.busy and worked.whole is None:
        answer.headers["Refresh"] = "4"
    return answer


ROWS = (get("/c/{case}/findings", "findings", findings, Role.READER),)
