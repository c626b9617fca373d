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
from tallystick.web.standing import mark

_SHOWN, _ALL = 40, 2000  # sources of one sort, at first and at most


def findings(here: Here) -> Response:
    """The view models of ``desk.whole``, with how many decisions came since."""
    desk, part = here.desk, here.asked("part")
    parts = {
        "patterns": here._("What repeats"),
        "totals": here._("Totals"),
        "alleged": here._("Crimes alleged"),
        "sources": here._("Sources"),
        "lines": here._("Lines of matters"),
    }
    leads = Leads(here)

    def lead(told: str) -> str:
        """Where a link of the view models leads; a number to the page with the list behind it."""
        if told.startswith("#list-"):
            return f"{here.url('findings')}?part=patterns&list={told[1:]}{told}"
        return leads.marked(told)

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
        shown=_ALL if here.asked("all") else _SHOWN,
        scale=RELIABILITY,
        lead=lead,
        chosen=here.asked("list"),
        words=words,
        mark=mark,
        part=part if part in parts else "patterns",
        parts=list(parts.items()),
    )
    if worked.busy and worked.whole is None:
        answer.headers["Refresh"] = "4"
    return answer


ROWS = (get("/c/{case}/findings", "findings", findings, Role.READER),)
