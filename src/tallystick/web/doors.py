"""Who is asking? One person alone on their own machine, or people who sign in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from tallystick.case import Case
from tallystick.web.role import Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks. ``name``: empty for who has not signed in. ``token``: the secret of their session.

    ``fresh``: a token made just now, which the answer is to hand over as a cookie.
    """

    name: str
    token: str
    fresh: bool = False


class Door(Protocol):
    """How it is found out who asks, and what they may do."""

    alone: bool

    def visitor(self, request: Request) -> Visitor:
        """Who asks; never fails: a token that is not known is nobody's."""

    def role(self, visitor: Visitor, key: str) -> Role:
        """What the visitor may do in the case ``key``; over the whole desk where it is empty."""

    def cases(self, visitor: Visitor, keys: Collection[str]) -> frozenset[str]:
        """Those of the cases that the visitor may see."""

    def leave(self, request: Request, visitor: Visitor, answer: Response) -> None:
        """Hand over the cookie of a ``fresh`` token."""

    def refused(self, request: Request, visitor: Visitor) -> None:
        """Keep in the audit that the visitor asked for what is not for them."""

    def hold(self, key: str, case: Case) -> None:
        """See that those settle in the case ``key`` who have the role now; before each decision."""


def csrf_of(token: str) -> str:
    """The token that a session's forms carry: it follows from the session's secret, and does not tell it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


class Alone:
    """One person, on their own machine, in every role.

    ``key``: the one-time key of the address that is printed. Whoever opens that address first is given the
    cookie; nobody else is let in. Without a key whoever reaches the port is that person.
    """

    alone = True
    cookie = "tallystick-alone"

    def __init__(self, name: str, key: str | None) -> None:
        self.name = name
        self._key = key
        self._open = key is None
        self._token = secrets.token_urlsafe(32)
        self._lock = threading.Lock()

    def visitor(self, request: Request) -> Visitor:
        held = request.cookies.get(self.cookie, "")
        if self._open or hmac.compare_digest(held.encode(), self._token.encode()):
            return Visitor(self.name, self._token)
        return Visitor("", "")

    def role(self, visitor: Visitor, key: str) -> Role:
        return Role.ADMIN if visitor.name else Role.NOBODY

    def cases(self, visitor: Visitor, keys: Collection[str]) -> frozenset[str]:
        return frozenset(keys) if visitor.name else frozenset()

    def leave(self, request: Request, visitor: Visitor, answer: Response) -> None:
        """Nothing: the one cookie is handed over by ``enter``."""

    def refused(self, request: Request, visitor: Visitor) -> None:
        """Nothing: there is nobody else."""

    def enter(self, key: str, answer: Response) -> bool:
        """Whether ``key`` opens the door, which it does once; ``answer`` then carries the cookie."""
        with self._lock:
            if self._key is None or not hmac.compare_digest(key.encode(), self._key.encode()):
                return False
            self._key = None
        answer.set_cookie(self.cookie, self._token, httponly=True, samesite="strict", path="/")
        return True

    def hold(self, key: str, case: Case) -> None:
        """Whoever is alone settles by the names that the case gives."""
