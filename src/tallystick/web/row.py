"""One row of the table of routes, and the role that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from tallystick.web.here import Here
from tallystick.web.role import Role

Handler = Callable[[Here], Response]


@dataclass(frozen=True, slots=True)
class Row:
    """What is at one path for one method.

    ``path``: as Starlette writes paths. One that begins with ``/c/{case}`` is a page of that case, and
    ``least`` is the role held in that case; elsewhere it is the role held over the whole desk.
    ``name``: what ``here.url(name, …)`` calls it; rows of one path share one name.
    ``changes``: whether it may write anything, in the case or among the people; a GET never does.
    ``alone``, ``team``: whether it is there in single-user mode, and where people sign in.
    """

    path: str
    name: str
    handler: Handler
    least: Role
    method: str = "GET"
    changes: bool = False
    alone: bool = True
    team: bool = True

    def __post_init__(self) -> None:
        if self.method not in ("GET", "POST"):
            raise ValueError(f"{self.path}: a page is got or posted to, not {self.method}")
        if self.changes and self.method == "GET":
            raise ValueError(f"{self.path}: a GET never changes anything")

    @property
    def of_case(self) -> bool:
        return self.path.startswith("/c/{case}")


def get(
    path: str,
    name: str,
    handler: Handler,
    least: Role = Role.READER,
    *,
    alone: bool = True,
    team: bool = True,
) -> Row:
    """A page to look at."""
    return Row(path, name, handler, least, alone=alone, team=team)


def post(
    path: str,
    name: str,
    handler: Handler,
    least: Role = Role.CODER,
    *,
    changes: bool = True,
    alone: bool = True,
    team: bool = True,
) -> Row:
    """A form that comes back."""
    return Row(path, name, handler, least, "POST", changes, alone, team)
