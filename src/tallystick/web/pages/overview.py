"""The first page of a case: its figures, what waits, what differs most, and what was done last."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

from markupsafe import Markup
from starlette.responses import Response

from tallystick.desk import Desk
from tallystick.desk.entries import Overview, Wanted
from tallystick.dossier import pair
from tallystick.reviewing import same_person
from tallystick.web.here import Here
from tallystick.web.pages.history import told
from tallystick.web.pages.lists import Leads, shown, spot
from tallystick.web.role import Role
from tallystick.web.row import get

_FEW = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it counts, and where it leads."""

    number: int
    label: str
    href: str


def overview(here: Here) -> Response:
    """All of it, each thing with the page that tells more."""
    desk, leads = here.desk, Leads(here)
    figures = desk.overview()
    drawings = _drawn(here)
    differing = desk.rows(Wanted("incident", differing=True, order="told"), limit=_FEW)
    refused = desk.refused()
    return here.render(
        "overview.html",
        figures=_figures(here, figures),
        overview=figures,
        next_step=_next(here, figures),
        needs_second=_needs_second(here),
        differing=shown(here, differing, ("killed",)),
        tolls=[here._("Killed")],
        decisions=told(here, desk.numbered_history(limit=_FEW + 2)),
        people=desk.people()[:_FEW],
        doubtful=desk.reports(only="misdated", limit=_FEW),
        doubtful_all=desk.count_reports(only="misdated"),
        refused=[event for about in refused.values() for event in about.values()],
        leads=leads,
        map_svg=drawings.map_svg,
        times_svg=drawings.times_svg,
        drawn_before=drawings.at != desk.at,
        behind=desk.behind,
        doing=desk.doing,
    )


class _Drawn(NamedTuple):
    """The drawings of a case as of a custody event, how long they took, and when they were made (seconds)."""

    of: object
    at: int
    took: float
    made: float
    map_svg: Markup
    times_svg: Markup


# They take longer than all else on the page, and a decision changes a dot of them.
_DRAWN: WeakKeyDictionary[Desk, _Drawn] = WeakKeyDictionary()
_SLOW = 0.1  # seconds: what took longer is shown again though something changed since
_SHARE = 50  # for so many times the seconds that it took


def _drawn(here: Here) -> _Drawn:
    """Map and timeline of all incidents, with links that lead to the page of both."""
    desk, leads, page = here.desk, Leads(here), here.url("map")
    of, began = (desk.case.settings.map, page), time.monotonic()
    kept = _DRAWN.get(desk)
    if kept is not None and kept.of == of:
        young = kept.took > _SLOW and began - kept.made < _SHARE * kept.took
        if kept.at == desk.at or young:
            return kept
    at = desk.at
    spots = [spot(row, leads.incident(row.id)) for row in desk.all_rows(Wanted("incident"))]
    ground = desk.case.settings.map.ground(desk.case.folder)
    drawn = _led(pair.pair(spots, pair.Window(), ground, anchor=f"{page}#rows"), page)
    made = time.monotonic()
    kept = _DRAWN[desk] = _Drawn(of, at, made - began, made, drawn.map_svg, drawn.times_svg)
    return kept


def _figures(here: Here, told: Overview) -> list[Figure]:
    url = here.url
    return [
        Figure(told.reports, here.ngettext("report", "reports", told.reports), url("reports")),
        Figure(told.publishers, here.ngettext("publisher", "publishers", told.publishers), url("reports")),
        Figure(told.incidents, here.ngettext("incident", "incidents", told.incidents), url("incidents")),
        Figure(
            told.differing,
            here.ngettext(
                "incident that cannot all be true", "incidents that cannot all be true", told.differing
            ),
            url("incidents") + "?differ=1",
        ),
        Figure(told.matters, here.ngettext("other matter", "other matters", told.matters), url("matters")),
        Figure(told.accounts, here.ngettext("account", "accounts", told.accounts), ""),
        Figure(
            told.decided, here.ngettext("claim decided on", "claims decided on", told.decided), url("history")
        ),
    ]


def _next(here: Here, told: Overview) -> tuple[str, str, str]:
    """What to do next in a sentence, with the address and the name of the page for it; both may be ""."""
    queue = here.url("queue") if here.looks.has("queue") else ""
    waits = sum(told.undecided.values())
    if not told.reports:
        said = here._("No report is in this case yet. In a terminal, “tallystick add” takes some in.")
        return said, "", ""
    if waits and not told.decided:
        said = here._(
            "Begin with the queue: it puts first what weighs most and what the program was least sure of. "
            "Look at the words, then uphold, correct or reject."
        )
        return said, queue, here._("Open the queue")
    if waits:
        return (
            here._("Go on with the queue, where the most pressing stands first."),
            queue,
            here._("Open the queue"),
        )
    said = here._("Nothing waits for a person. Look at what differs, or at what was decided.")
    return said, here.url("incidents") + "?differ=1", here._("What differs")


def _needs_second(here: Here) -> bool:
    """Whether who is alone at the desk is to be told that another person is needed."""
    rule = here.desk.case.settings
    settles = same_person(here.person) in map(same_person, rule.seniors)
    return here.door.alone and rule.second_check and not settles


def _led(drawn: pair.Pair, page: str) -> pair.Pair:
    """The drawings with links that lead to the page of the map."""
    on, over = drawn.map, drawn.times
    if on is not None:
        marks = (replace(mark, href=_to(mark.href, page)) for mark in on.marks)
        on = replace(on, marks=tuple(marks))
    if over is not None:
        over = replace(over, bins=tuple(replace(each, href=_to(each.href, page)) for each in over.bins))
    return replace(drawn, map=on, times=over)


def _to(href: str, page: str) -> str:
    return page + href if href.startswith("?") else href


ROWS = (get("/c/{case}/", "overview", overview, Role.READER),)
