"""The lists of incidents and of matters, with filters that combine; each choice is in the address."""

from __future__ import annotations

from typing import Literal

from starlette.responses import Response

from tallystick.dossier import words
from tallystick.web.here import Here
from tallystick.web.pages.lists import (
    COLUMNS,
    ORDERS,
    SHAPES,
    Pages,
    Query,
    as_csv,
    cells,
    shown,
    wanted_of,
)
from tallystick.web.role import Role
from tallystick.web.row import get


def incidents(here: Here) -> Response:
    """Incidents of harm."""
    return _listed(here, "incident")


def matters(here: Here) -> Response:
    """What is compared but not counted: who holds which ground, offers, votes, people leaving."""
    return _listed(here, "matter")


def _listed(here: Here, sort: Literal["incident", "matter"]) -> Response:
    query = Query.of(here)
    wanted = wanted_of(here, query, sort)
    if query.one("as") == "csv":
        return as_csv(f"{here.key}-{sort}s", COLUMNS, map(cells, here.desk.all_rows(wanted)))
    pages = Pages.of(query, here.desk.count(wanted))
    rows = here.desk.rows(wanted, limit=pages.size, skip=pages.skip)
    tolls = ("killed", "wounded") if sort == "incident" else ()
    return here.render(
        "incidents.html",
        sort=sort,
        wanted=wanted,
        query=query,
        pages=pages,
        rows=shown(here, rows, tolls),
        tolls=[here._(words.field_label(name)) for name in tolls],
        kinds=[(kind, here._(words.KINDS.get(kind, kind)), count) for kind, count in here.desk.kinds(sort)],
        orders=order_names(here),
        shapes=[(str(shape), words.VERDICTS[shape][0]) for shape in SHAPES],
    )


def order_names(here: Here) -> list[tuple[str, str]]:
    """The orders of the list, as they are called."""
    called = {
        "day": here._("earliest first"),
        "latest": here._("latest first"),
        "told": here._("most reports first"),
        "killed": here._("most killed first"),
        "place": here._("by place"),
    }
    return [(order, called[order]) for order in ORDERS]


ROWS = (
    get("/c/{case}/incidents", "incidents", incidents, Role.READER),
    get("/c/{case}/matters", "matters", matters, Role.READER),
)
