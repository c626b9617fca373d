"""What is at the door: the list of cases, and the choices that belong to a browser."""

from __future__ import annotations

from starlette.responses import Response

from tallystick.web.doors import Alone
from tallystick.web.here import Here, Stop
from tallystick.web.role import Role
from tallystick.web.row import get, post

_YEAR = 365 * 24 * 3600
SCHEMES = ("system", "light", "dark")


def cases(here: Here) -> Response:
    """The cases that the person may see; with only one, that one."""
    if len(here.cases) == 1:
        return here.go(_first_page(here), case=next(iter(here.cases)))
    listed = [(key, opened.case.name) for key, opened in sorted(here.cases.items())]
    return here.render("cases.html", listed=listed, first=_first_page(here))


def enter(here: Here) -> Response:
    """The one-time key of single-user mode: it becomes a cookie, and is out of the address from then on."""
    assert isinstance(here.door, Alone)
    answer = here.go("cases")
    if not here.person and not here.door.enter(here.request.path_params["key"], answer):
        raise Stop(
            403,
            here._("This address was used already, or is not the one that the desk printed."),
            here._("Stop the desk with Ctrl-C in its terminal, start it again, and open the new address."),
        )
    return answer


def _first_page(here: Here) -> str:
    return "overview" if here.looks.has("overview") else "about"


def taste(here: Here) -> Response:
    """Language and colours, kept in cookies of the browser: they are nobody's business but its own."""
    answer = here.away(here.told("back"))
    scheme, language = here.told("scheme"), here.told("language")
    secure = here.request.url.scheme == "https"
    for name, value, allowed in (
        ("tallystick-scheme", scheme, SCHEMES),
        ("tallystick-language", language, tuple(here.looks.languages)),
    ):
        if value in allowed:
            answer.set_cookie(name, value, max_age=_YEAR, secure=secure, httponly=True, samesite="lax")
    return answer


ROWS = (
    get("/", "cases", cases, Role.SOMEBODY),
    get("/enter/{key}", "enter", enter, Role.NOBODY, team=False),
    post("/taste", "taste", taste, Role.NOBODY, changes=False),
)
