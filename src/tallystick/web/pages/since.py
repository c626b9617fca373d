"""What came meanwhile: a notice of what others decided, and comparing accounts anew."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.responses import Response

from tallystick.desk.past import DECIDED
from tallystick.reviewing import same_person
from tallystick.web.here import Here
from tallystick.web.role import Role
from tallystick.web.row import get, post


def since(here: Here) -> Response:
    """What others decided since the custody event ``at``: a part of a page, asked for again and again."""
    told = here.asked("at")
    at = int(told) if told.isdecimal() and len(told) < 16 else here.desk.at
    me = same_person(here.person)
    count = Counter(
        event.by for event in here.desk.case.ledger.events(*DECIDED, after=at) if same_person(event.by) != me
    )
    return here.render("since.html", others=count.most_common(5), more=max(0, len(count) - 5))


def compare(here: Here) -> Response:
    """Whether accounts are being compared, how far that has come, and what it came to."""
    return here.render("compare.html", **state(here))


def state(here: Here) -> dict[str, Any]:
    """What the part about comparing shows."""
    work = here.desk.comparing
    return {
        "doing": work.doing,
        "did": work.did,
        "failed": work.failed,
        "changed": 0 if work.doing else len(work.changed()),
    }


def start(here: Here) -> Response:
    """Compare accounts anew, in the background; where that is being done already, show how far it is."""
    here.desk.comparing.start(here.person)
    if here.is_htmx:
        return compare(here)
    back = here.told("back", 2000)
    return here.away(back) if back else here.go("compare")


ROWS = (
    get("/c/{case}/since", "since", since, Role.READER),
    get("/c/{case}/compare", "compare", compare, Role.READER),
    post("/c/{case}/compare", "compare", start, Role.CODER),
)
