"""Looking for words, names, days and ids over the whole case."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from tallystick.desk import search as finding
from tallystick.desk.entries import Hit
from tallystick.dossier import words
from tallystick.web.here import Here
from tallystick.web.pages.lists import Leads, Pages, Query, shown
from tallystick.web.role import Role
from tallystick.web.row import get

_PAGE = 20
Part = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """A report in which words were found: around them its own words, those that were looked for lit."""

    hit: Hit
    href: str
    day: str
    parts: tuple[Part, ...]


def search(here: Here) -> Response:
    """Everything that is found, reports by pages."""
    query, desk = Query.of(here), here.desk
    asked = query.one("q")
    if not asked:
        return here.render("search.html", query=query, asked="", found=None, lines=(), pages=None)
    found = desk.find(asked)
    pages = Pages.of(query, desk.count_found(asked), _PAGE)
    leads, terms = Leads(here), finding.terms(asked)
    lines = [
        Line(
            hit,
            leads.report(hit.ref),
            words.day(hit.day) if hit.day else here._("day unknown"),
            (*_lit(hit.before, terms), (hit.words, True), *_lit(hit.after, terms))
            if hit.words
            else ((hit.after, False),),
        )
        for hit in desk.search(asked, limit=pages.size, skip=pages.skip)
    ]
    return here.render(
        "search.html",
        query=query,
        asked=asked,
        found=found,
        ids=[(hit, _leads(leads, hit)) for hit in found.ids],
        incidents=shown(here, found.incidents, ("killed",)),
        matters=shown(here, found.matters, ()),
        tolls=[here._("Killed")],
        lines=lines,
        pages=pages,
        day=words.day,
    )


def _leads(leads: Leads, hit: Hit) -> str:
    """Where an id leads."""
    if hit.sort in ("incident", "matter"):
        return leads.incident(hit.ref)
    if hit.sort == "report":
        return leads.report(hit.ref)
    return leads.report(hit.words, hit.ref if hit.sort == "claim" else "")


def _lit(text: str, terms: tuple[tuple[str, bool], ...]) -> tuple[Part, ...]:
    """Words of a report in parts, those that were looked for lit."""
    out: list[Part] = []
    at = 0
    for start, end in finding.every(text, terms):
        out += [(text[at:start], False), (text[start:end], True)]
        at = end
    return (*out, (text[at:], False))


ROWS = (get("/c/{case}/search", "search", search, Role.READER),)
