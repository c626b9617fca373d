"""The list of reports: by words, publisher and language; what is doubtful of them, and what waits in them."""

from __future__ import annotations

from typing import cast

from starlette.responses import Response

from tallystick.desk import ReportRow
from tallystick.desk.reports import Only
from tallystick.web.here import Here
from tallystick.web.pages.lists import Leads, Pages, Query, as_csv
from tallystick.web.role import Role
from tallystick.web.row import get

_COLUMNS = (
    "id", "name", "title", "publisher", "published", "language", "accounts", "claims", "waiting", "remarks",
    "capture",
)  # fmt: skip


def reports(here: Here) -> Response:
    """The reports that an address asks for."""
    query = Query.of(here)
    only = {
        "": here._("all reports"),
        "undecided": here._("with claims that wait"),
        "remarked": here._("with remarks"),
        "misdated": here._("with a doubtful date"),
    }
    asked = query.one("only")
    which = cast(Only, asked if asked in only else "")
    words, publisher, language = query.one("q"), query.one("publisher"), query.one("language")
    total = here.desk.count_reports(words=words, publisher=publisher, language=language, only=which)
    listing = here.desk.reports
    if query.one("as") == "csv":
        rows = listing(words=words, publisher=publisher, language=language, only=which, limit=total)
        return as_csv(f"{here.key}-reports", _COLUMNS, map(_cells, rows))
    pages = Pages.of(query, total)
    return here.render(
        "reports.html",
        query=query,
        pages=pages,
        rows=listing(
            words=words,
            publisher=publisher,
            language=language,
            only=which,
            limit=pages.size,
            skip=pages.skip,
        ),
        leads=Leads(here),
        publishers=here.desk.publishers(),
        spoken=here.desk.languages(),
        only=list(only.items()),
        which=which,
    )


def _cells(row: ReportRow) -> list[object]:
    """A report as a line of CSV, in the order of ``_COLUMNS``."""
    said = "; ".join(one.text for one in row.remarked)
    return [
        row.id, row.name, row.title, row.publisher, row.published or "", row.language, row.accounts,
        row.claims, row.undecided, said, row.capture,
    ]  # fmt: skip


ROWS = (get("/c/{case}/reports", "reports", reports, Role.READER),)
