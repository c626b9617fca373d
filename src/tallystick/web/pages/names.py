"""Places and parties as reports name them: what each name means and why, and saying what it means."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode

from starlette.responses import Response

from tallystick.desk.names import Sort, Which
from tallystick.dossier import maps
from tallystick.dossier.render import map_svg
from tallystick.values.names import fold
from tallystick.values.place import Place
from tallystick.web.here import Here, Stop
from tallystick.web.pages.lists import Leads, Pages, Query
from tallystick.web.role import Role
from tallystick.web.row import get, post
from tallystick.web.standing import Meanwhile, both, mark, unchanged

_MOST_REPORTS = 60  # reports that are listed for one meaning


def places(here: Here) -> Response:
    return _listed(here, "place")


def parties(here: Here) -> Response:
    return _listed(here, "party")


def _listed(here: Here, sort: Sort) -> Response:
    query = Query.of(here)
    called = {"": here._("all names"), "several": here._("that mean several things")}
    if sort == "place":
        called["unfound"] = here._("that were not found")
    called["decided"] = here._("that a person decided on")
    asked, like = query.one("which"), query.one("q")
    which = cast(Which, asked if asked in called else "")
    pages = Pages.of(query, here.desk.count_names(sort, like=like, which=which))
    return here.render(
        "names.html",
        sort=sort,
        query=query,
        pages=pages,
        which=which,
        called=list(called.items()),
        names=here.desk.names_told(sort, like=like, which=which, limit=pages.size, skip=pages.skip),
        decided=here.desk.names_decided(sort),
        fold=fold,
        page="place" if sort == "place" else "party",
    )


def place(here: Here) -> Response:
    return _one(here, "place")


def party(here: Here) -> Response:
    return _one(here, "party")


def _one(here: Here, sort: Sort) -> Response:
    """One name: its meanings with their reports, and what else it may mean."""
    name, spelt = here.asked("name")[:300], here.asked("spelt")[:300]
    meanings = here.desk.name_told(sort, name)
    if not meanings:
        raise Stop(
            404,
            here._("No report names “%(name)s” now.") % {"name": name},
            here._("It may have been read anew meanwhile. Look for it in the list."),
        )
    desk, leads = here.desk, Leads(here)
    reports = []
    for each in meanings:
        documents = desk.reports_naming(
            sort, name, means=each.code if sort == "place" else each.means, limit=_MOST_REPORTS
        )
        rows = [row for row in map(desk.report_row, documents) if row is not None]
        reports.append((each, [(leads.report(row.id), row) for row in rows], each.reports - len(rows)))
    places_ = desk.place_choices(name, spelt) if sort == "place" else ()
    chart = None
    if places_:
        near = [one for one in places_ if one.latitude is not None][:8]
        spots = [
            maps.Spot(
                Place(one.name, latitude=one.latitude, longitude=one.longitude, radius_km=one.radius_km),
                "one origin",
                f"#choice-{n}",
                f"{n}. {one.name}, {one.province or one.country}",
                meaning=True,
            )
            for n, one in enumerate(places_, 1)
            if one in near
        ]
        ground = desk.case.settings.map.ground(desk.case.folder)
        drawn = maps.draw(spots, ground)
        chart = replace(drawn, called=here._("Map of the choices")) if drawn else None
    return here.render(
        "name.html",
        sort=sort,
        kinds=_kinds(here),
        name=meanings[0].name,
        spelt=spelt,
        reports=reports,
        decided=desk.names_decided(sort).get(fold(name)),
        seen=_mark(here, sort, name),
        places=places_,
        parties=desk.party_choices(spelt or name) if sort == "party" else (),
        meanings=desk.meanings("party") if sort == "party" else (),
        chart=map_svg(chart) if chart else None,
    )


def _kinds(here: Here) -> dict[str, str]:
    """The kinds of places of lists that are no words, as people say them."""
    return {
        "admin1": here._("province"),
        "admin2": here._("district"),
        "admin3": here._("subdistrict"),
        "quarter": here._("quarter of a town"),
    }


def _mark(here: Here, sort: Sort, name: str) -> str:
    """A mark of what a person decided that a name means; empty where nobody did."""
    decided = here.desk.names_decided(sort).get(fold(name))
    return mark([decided.by, decided.at, decided.means]) if decided else ""


def place_means(here: Here) -> Response:
    return _means(here, "place")


def party_means(here: Here) -> Response:
    return _means(here, "party")


def _means(here: Here, sort: Sort) -> Response:
    """Store what a name means, for every report; or take that back."""
    name, means = here.told("name", 300), here.told("means", 300)
    if not here.desk.name_told(sort, name):
        raise Stop(404, here._("No report names “%(name)s” now.") % {"name": name})
    back = here.told("what") == "undo"
    if not back and not means:
        raise Stop(
            422, here._("Nothing is chosen."), here._("Go back, choose what the name means, and send it.")
        )

    def first() -> None:
        now = here.desk.names_decided(sort).get(fold(name))
        said = f"{now.by}: {now.means}" if now else here._("What was said of it was taken back.")
        unchanged(here, _mark(here, sort, name), (said,))

    note = here.told("note", 2000)
    try:
        here.desk.name_means(sort, name, None if back else means, here.person, note, first=first)
    except Meanwhile as meanwhile:
        return both(here, meanwhile)
    return here.away(here.url(sort) + "?" + urlencode({"name": name}))


ROWS = (
    get("/c/{case}/parties", "parties", parties, Role.READER),
    get("/c/{case}/places", "places", places, Role.READER),
    get("/c/{case}/place", "place", place, Role.READER),
    post("/c/{case}/place", "place", place_means, Role.CODER),
    get("/c/{case}/party", "party", party, Role.READER),
    post("/c/{case}/party", "party", party_means, Role.CODER),
)
