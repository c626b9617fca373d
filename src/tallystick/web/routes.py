"""The one table of routes: what has no row here is not there. A test walks all rows with all roles."""

from __future__ import annotations

from tallystick.web.api import description, rows
from tallystick.web.pages import (
    about,
    decisions,
    door,
    findings,
    front,
    history,
    incident,
    incidents,
    map,
    names,
    overview,
    people,
    queue,
    report,
    reports,
    search,
    since,
)
from tallystick.web.row import Row

TABLE: tuple[Row, ...] = (
    *front.ROWS,
    *door.ROWS,
    *people.ROWS,
    *about.ROWS,
    *overview.ROWS,
    *incidents.ROWS,
    *map.ROWS,
    *reports.ROWS,
    *names.ROWS,
    *findings.ROWS,
    *history.ROWS,
    *search.ROWS,
    *queue.ROWS,
    *incident.ROWS,
    *report.ROWS,
    *decisions.ROWS,
    *since.ROWS,
    *description.ROWS,
    *rows.ROWS,
)


def N_(label: str) -> str:
    """Marks a word for translators; it is translated where it is shown."""
    return label


# The navigation of a case, in its order: the row's name and its label; one whose row is missing is left out.
NAVIGATION = (
    ("overview", N_("Overview")),
    ("queue", N_("Queue")),
    ("incidents", N_("Incidents")),
    ("map", N_("Map")),
    ("reports", N_("Reports")),
    ("matters", N_("Matters")),
    ("parties", N_("Parties")),
    ("places", N_("Places")),
    ("findings", N_("Findings")),
    ("history", N_("History")),
    ("search", N_("Search")),
)
