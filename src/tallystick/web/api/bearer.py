"""The door for programs: who asks is the person of the token that is shown, and may do what both may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tallystick.case import Case
from tallystick.web.doors import Visitor
from tallystick.web.people import OVERALL
from tallystick.web.role import Role
from tallystick.web.sessions import Team, address_of
from tallystick.web.tokens import Token, Tokens

_LONGEST = 200  # characters of a token that is looked up


@dataclass(frozen=True, slots=True)
class Holder(Visitor):
    """Somebody's program. ``shown`` is the token that it showed, None where that opens nothing."""

    shown: Token | None = None


class Bearer:
    """The door where programs show a token (RFC 6750). Cookies open nothing here, and none is given."""

    alone = False

    def __init__(self, team: Team) -> None:
        self._team, self._people = team, team.people
        self._tokens = Tokens(team.people)

    def visitor(self, request: Request) -> Holder:
        secret = given(request)
        shown = self._tokens.holder(secret, address=address_of(request)) if secret else None
        return Holder(shown.person if shown else "", secret, shown=shown)

    def role(self, visitor: Visitor, key: str) -> Role:
        """The lesser of what the token and its person may do there."""
        shown = visitor.shown if isinstance(visitor, Holder) else None
        if shown is None:
            return Role.NOBODY
        if shown.place not in (OVERALL, key) or key == OVERALL:
            return Role.SOMEBODY
        return min(shown.role, self.own(visitor, key))

    def own(self, visitor: Visitor, key: str) -> Role:
        """What the person may do there themselves."""
        return self._people.role(self._people.named(visitor.name).id, key)

    def cases(self, visitor: Visitor, keys: Collection[str]) -> frozenset[str]:
        return frozenset(key for key in keys if self.role(visitor, key) >= Role.READER)

    def leave(self, request: Request, visitor: Visitor, answer: Response) -> None:
        """Nothing: a program keeps its token itself."""

    def refused(self, request: Request, visitor: Visitor) -> None:
        self._team.refused(request, visitor)

    def hold(self, key: str, case: Case) -> None:
        self._team.hold(key, case)


def given(request: Request) -> str:
    """The token of the header ``Authorization: Bearer …``; empty where there is none, or more than one."""
    told = request.headers.getlist("authorization")
    scheme, _, secret = (told[0] if len(told) == 1 else "").partition(" ")
    plain = secret.strip()
    return plain if scheme.lower() == "bearer" and len(plain) <= _LONGEST else ""
