"""Map and timeline of the incidents, each a filter of the other, with the list of what both choose."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from tallystick.desk.entries import Row
from tallystick.dossier import pair
from tallystick.web.guard import HEADERS
from tallystick.web.here import Here
from tallystick.web.pages.lists import Leads, Pages, Query, shown, spot, wanted_of
from tallystick.web.role import Role
from tallystick.web.row import get

_POLICY = "Content-Security-Policy"


def on_map(here: Here) -> Response:
    """All incidents that the other filters let through are drawn; box and days choose among them."""
    query = Query.of(here)
    wanted = replace(wanted_of(here, query, "incident"), kinds=(), start=None, end=None, box=None)
    leads = Leads(here)
    held: dict[str, Row] = {row.id: row for row in here.desk.all_rows(wanted)}
    window = pair.Window.read([(key, value) for key, value in query.told if key != "page"])
    case = here.desk.case
    ground = case.settings.map.ground(case.folder, tiles=here.request.app.state.tiles)
    drawn = pair.pair([spot(row, leads.incident(row.id)) for row in held.values()], window, ground)
    pages = Pages.of(query, len(drawn.rows))
    chosen = [held[row.id] for row in drawn.rows[pages.skip : pages.skip + pages.size]]
    answer = here.render(
        "map_page.html",
        pair=drawn,
        query=query,
        wanted=wanted,
        pages=pages,
        rows=shown(here, here.desk.with_waits(chosen), ("killed",)),
        tolls=[here._("Killed")],
    )
    if ground.tiles:
        host = ground.tiles.address.partition("://")[2].partition("/")[0]
        answer.headers[_POLICY] = HEADERS[_POLICY].replace("img-src ", f"img-src https://{host} ")
    return answer


ROWS = (get("/c/{case}/map", "map", on_map, Role.READER),)
