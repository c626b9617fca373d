"""Who may do what: people and their roles, invitations, and the audit of the door."""

from __future__ import annotations

from starlette.responses import Response

from tallystick.errors import AskedWrongly
from tallystick.web.here import Here, Stop
from tallystick.web.pages.door import team
from tallystick.web.people import INVITED, OVERALL, reconcile
from tallystick.web.role import GIVEN, Role
from tallystick.web.row import get, post

_LINES = 100  # of the audit on one page
# Every kind of line that the audit has.
KINDS = (
    "signed in", "sign-in failed", "signed out", "signed out everywhere", "refused", "added", "invited",
    "enrolled", "role", "disabled", "enabled", "removed", "password changed", "recovery codes changed",
    "token made", "token revoked", "token refused",
)  # fmt: skip


def people(here: Here, link: str = "", invited: str = "") -> Response:
    """Everybody, their roles in each case, and what an admin can do about them."""
    return here.render(
        "people.html",
        everybody=team(here).people.everybody(),
        places=[
            *((key, here.every[key].case.name) for key in sorted(here.every)),
            (OVERALL, here._("the whole desk")),
        ],
        given=GIVEN,
        link=link,
        invited=invited,
        hours=int(INVITED // 3600),
    )


def changing(here: Here) -> Response:
    """One of the buttons of that page."""
    held, by, name = team(here).people, here.person, here.told("name", 200)
    what = here.told("what")
    if what == "add":
        name = held.add(name, by=by).name
        _give(here, name)
    elif what == "role":
        _give(here, name)
    elif what == "disable":
        held.disable(name, by=by)
    elif what == "enable":
        held.enable(name, by=by)
    elif what == "remove":
        held.disable(name, by=by, state="removed")
    elif what != "invite":
        raise Stop(422, "")
    for key, opened in here.every.items():
        reconcile(opened.case, key, held, by=by)
    if what in ("add", "invite"):
        token = held.invite(name, by=by)
        return people(here, str(here.request.base_url).rstrip("/") + here.url("invited", token=token), name)
    return here.go("people")


def _give(here: Here, name: str) -> None:
    """The role that the form names, where it names one."""
    place, word = here.told("place"), here.told("role")
    if place not in here.every and place != OVERALL:
        raise Stop(404, "")
    if word not in ("", "none", *(role.word for role in GIVEN)):
        raise AskedWrongly(f"{word!r} is no role")
    if word:
        role = None if word == "none" else Role[word.upper()]
        team(here).people.give(name, place, role, by=here.person)


def audit(here: Here) -> Response:
    """What happened at the door, the last first; of one person or one kind where asked for."""
    person, what = here.asked("person"), here.asked("what")
    told = here.asked("before")
    before = int(told) if told.isdecimal() and len(told) < 20 else 0
    what = what if what in KINDS else ""
    lines = team(here).people.file.audit(person, what, min(before, 2**62), _LINES + 1)
    return here.render(
        "audit.html",
        lines=lines[:_LINES],
        older=lines[_LINES - 1]["seq"] if len(lines) > _LINES else 0,
        person=person,
        what=what,
        kinds=KINDS,
    )


ROWS = (
    get("/people", "people", people, Role.ADMIN, alone=False),
    post("/people", "people", changing, Role.ADMIN, alone=False),
    get("/audit", "audit", audit, Role.ADMIN, alone=False),
)
