"""One row of the table of routes, and the role that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from tallystick.web.api.operation import Operation
from tallystick.web.here import Here
from tallystick.web.role import Role

Handler = Callable[[Here], Response]
PREFIX = "/api/v1/"  # of all that programs ask for


@dataclass(frozen=True, slots=True)
class Row:
    """What is at one path for one method.

    ``path``: as Starlette writes paths. One that begins with ``/c/{case}`` is a page of that case, and
    ``least`` is the role held in that case; elsewhere it is the role held over the whole desk. One below
    ``PREFIX`` is for programs, which show a token, and ``told`` says what is to be known of it.
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
    told: Operation | None = None

    def __post_init__(self) -> None:
        if self.for_programs != (self.told is not None):
            raise ValueError(f"{self.path}: what programs may ask for is described, and nothing else is")
        if self.method not in ("GET", "POST"):
            raise ValueError(f"{self.path}: a page is got or posted to, not {self.method}")
        if self.changes and self.method == "GET":
            raise ValueError(f"{self.path}: a GET never changes anything")

    @property
    def of_case(self) -> bool:
        return self.path.startswith(("/c/{case}", f"{PREFIX}cases/{{case}}"))

    @property
    def for_programs(self) -> bool:
        return self.path.startswith(PREFIX)


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
