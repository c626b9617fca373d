"""The queue: what waits for a person, the most pressing first, to be decided in place."""

from __future__ import annotations

from typing import get_args
from urllib.parse import urlencode

from starlette.responses import Response

from tallystick.desk.entries import Item, Pressing
from tallystick.reviewing import same_person
from tallystick.web.cards import Card, Cards
from tallystick.web.here import Here
from tallystick.web.pages.since import state
from tallystick.web.role import Role
from tallystick.web.row import get

PAGE = 20
SORTS = ("claim", "pair", "incident")


def queue(here: Here) -> Response:
    """What waits: ``order``, ``sort`` (several), ``mine``, ``incident`` and ``page`` are in the address."""
    asked = here.request.query_params
    order: Pressing = next((each for each in get_args(Pressing) if each == here.asked("order")), "weight")
    sorts = tuple(sort for sort in SORTS if sort in asked.getlist("sort")) or SORTS
    mine, incident = here.asked("mine") == "1", here.asked("incident")
    page = int(here.asked("page")) if here.asked("page").isdecimal() and len(here.asked("page")) < 6 else 1
    assigned = here.desk.assigned()
    me = same_person(here.person)
    only = {item for item, to in assigned.items() if same_person(to) == me} if mine else None
    told = here.desk.said_by(here.person) if here.desk.case.settings.second_check else frozenset()
    told = frozenset() if mine else told
    waits = here.desk.waiting(incident=incident, only=only, without=told)
    total = sum(waits[sort] for sort in sorts)
    page = max(1, min(page, -(-total // PAGE)))
    items = here.desk.queue(
        order, sorts=sorts, incident=incident, only=only, without=told, limit=PAGE, skip=(page - 1) * PAGE
    )
    cards = Cards(here)
    claims = [item for item in items if item.claim]
    cards.ready({item.document for item in claims if item.document}, [c.claim for c in claims if c.claim])
    shown = [(item, card) for item in items if (card := _card(cards, item)) is not None]
    row = here.desk.row(incident) if incident else None

    def address(number: int) -> str:
        parts = [("order", order), *(("sort", sort) for sort in sorts if sorts != SORTS)]
        parts += [("mine", "1")] * mine + [("incident", incident)] * bool(incident)
        return f"{here.url('queue')}?{urlencode([*parts, ('page', str(number))])}"

    return here.render(
        "queue.html",
        shown=shown,
        waits=waits,
        total=total,
        said=len(told),
        order=order,
        sorts=sorts,
        mine=mine,
        incident=incident,
        row=row,
        page=page,
        pages=-(-total // PAGE),
        address=address,
        back=address(page),
        assigned=assigned,
        people=people(here),
        at=here.desk.at,
        **state(here),
    )


def people(here: Here) -> tuple[str, ...]:
    """Who is proposed when something is assigned: who decided here before, and who asks."""
    if not here.may(Role.SENIOR):
        return ()
    return tuple(dict.fromkeys([here.person, *(by for by, _, _ in here.desk.people())]))


def _card(cards: Cards, item: Item) -> Card | None:
    if item.sort == "claim":
        return cards.claim(item.id)
    if item.sort == "pair":
        return cards.pair(*item.accounts)
    return cards.incident(item.id)


ROWS = (get("/c/{case}/queue", "queue", queue, Role.READER),)
