"""The one table of routes: a page is there because its row is here. A test walks all rows with all roles."""

from __future__ import annotations

from tallystick.web.pages import about, door, front, people
from tallystick.web.row import Row

TABLE: tuple[Row, ...] = (
    *front.ROWS,
    *door.ROWS,
    *people.ROWS,
    *about.ROWS,
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
