"""The desk as one Starlette application."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tallystick.desk import Desk as Followed
from tallystick.web.api.bearer import Bearer
from tallystick.web.api.programs import Programs
from tallystick.web.asking import Desk
from tallystick.web.doors import Door
from tallystick.web.guard import Guard, Pace
from tallystick.web.looks import Looks, statics
from tallystick.web.routes import NAVIGATION, TABLE
from tallystick.web.row import PREFIX, Row
from tallystick.web.sessions import Team

_FOR_EVER = "public, max-age=31536000, immutable"


def make(
    cases: Mapping[str, Followed],
    door: Door,
    *,
    hosts: Collection[str] = (),
    pace: Pace | None = None,
    tiles: bool = False,
    table: Sequence[Row] = TABLE,
) -> Starlette:
    """The desk of ``cases``, each under its name in addresses, for whom ``door`` lets in.

    ``hosts``: the names that the Host header may give (``guard.Guard``); ``pace``: how fast one session may
    ask. ``tiles`` lets maps ask the servers that cases name for pictures: a case may come from a stranger, so
    whoever opens the desk says so. ``table`` is the table of routes; tests may give another one.
    """
    held = [
        row
        for row in table
        if (row.alone if door.alone else row.team) and (isinstance(door, Team) or not row.for_programs)
    ]
    looks = Looks({row.name: row.path for row in held}, NAVIGATION)
    pace = pace or Pace()
    pages = Desk(cases, door, looks, pace)
    programs = Programs(cases, Bearer(door), looks, pace, held) if isinstance(door, Team) else None

    def asked(row: Row) -> Desk:
        return programs if programs and row.for_programs else pages

    async def not_there(request: Request, error: Exception) -> Response:
        if programs and request.url.path.startswith(PREFIX):
            return await programs.not_there(request, error)
        return await pages.not_there(request, error)

    made = Starlette(
        routes=[
            Route("/static/{digest}/{name:path}", static, methods=["GET"], name="static"),
            *(Route(row.path, asked(row).endpoint(row), methods=[row.method], name=row.name) for row in held),
        ],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: not_there},
    )
    made.state.tiles = tiles
    made.router.redirect_slashes = False  # a page has one address
    return made


async def static(request: Request) -> Response:
    """A static file under its digest: from a table in memory, so that no path leads anywhere else."""
    held = statics().get(request.path_params["name"])
    if held is None or held.digest != request.path_params["digest"]:
        raise HTTPException(404)
    return Response(held.content, media_type=held.media_type, headers={"Cache-Control": _FOR_EVER})
