"""Sessions: a random token in a cookie, its digest in the people file, and two ways to run out."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from tallystick.case import Case
from tallystick.web import proofs
from tallystick.web.doors import Visitor
from tallystick.web.people import People, Person, reconcile
from tallystick.web.role import Role

IDLE, ABSOLUTE = 4 * 3600.0, 12 * 3600.0  # seconds: a pause for lunch is none too long, a night is
_NOTED = 60.0  # seconds after which a session is noted to have been seen again
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


class Team:
    """The door where people sign in. Its sessions lie in the people file, so that a restart ends none."""

    alone = False

    def __init__(self, people: People, *, idle: float = IDLE, absolute: float = ABSOLUTE) -> None:
        self.people = people
        self._file = people.file
        self._idle, self._absolute = idle, absolute

    @staticmethod
    def cookie(request: Request) -> str:
        """The cookie's name: over https one that no neighbouring name can set for us."""
        return "__Host-tallystick" if request.url.scheme == "https" else "tallystick"

    def hold(self, key: str, case: Case) -> None:
        """Roles may have been taken at the terminal meanwhile (``people.reconcile``)."""
        reconcile(case, key, self.people, by="the people file")

    def visitor(self, request: Request) -> Visitor:
        """Who asks. Who has not signed in has a token too, of their browser, for the forms they send."""
        token = request.cookies.get(self.cookie(request), "")
        if not _TOKEN.fullmatch(token):
            return Visitor("", secrets.token_urlsafe(32), fresh=True)
        now = self._file.clock()
        row = self._file.one(
            "SELECT hash, name, made, seen, state FROM sessions JOIN persons ON persons.id = person"
            " WHERE hash = ?",
            proofs.digest(token),
        )
        if row is None or row["state"] != "active":
            return Visitor("", token)
        if now - row["seen"] > self._idle or now - row["made"] > self._absolute:
            return Visitor("", token)
        if now - row["seen"] > _NOTED:
            with self._file.writing() as run:
                run("UPDATE sessions SET seen = ? WHERE hash = ?", now, row["hash"])
        return Visitor(row["name"], token)

    def person(self, visitor: Visitor) -> Person:
        """Who is signed in."""
        return self.people.named(visitor.name)

    def role(self, visitor: Visitor, key: str) -> Role:
        return self.people.role(self.person(visitor).id, key) if visitor.name else Role.NOBODY

    def cases(self, visitor: Visitor, keys: Collection[str]) -> frozenset[str]:
        if not visitor.name:
            return frozenset()
        person = self.person(visitor).id
        return frozenset(key for key in keys if self.people.role(person, key) >= Role.READER)

    def leave(self, request: Request, visitor: Visitor, answer: Response) -> None:
        if visitor.fresh:
            self._set(request, visitor.token, answer)

    def refused(self, request: Request, visitor: Visitor) -> None:
        if visitor.name:
            asked = f"{request.method} {request.url.path}"
            self._file.note("refused", person=visitor.name, about=asked, address=address_of(request))

    def sign_in(self, request: Request, person: Person, answer: Response) -> None:
        """Begin a session under a new token; whatever token the browser had before is worth nothing."""
        token, now = secrets.token_urlsafe(32), self._file.clock()
        with self._file.writing() as run:
            run("DELETE FROM sessions WHERE seen < ? OR made < ?", now - self._idle, now - self._absolute)
            run("INSERT INTO sessions VALUES (?, ?, ?, ?)", proofs.digest(token), person.id, now, now)
        self._file.note("signed in", person=person.name, address=address_of(request))
        self._set(request, token, answer)

    def sign_out(
        self, request: Request, visitor: Visitor, answer: Response, *, everywhere: bool = False
    ) -> None:
        """End this session, or all of the person's."""
        person = self.person(visitor)
        with self._file.writing() as run:
            if everywhere:
                run("DELETE FROM sessions WHERE person = ?", person.id)
            else:
                run("DELETE FROM sessions WHERE hash = ?", proofs.digest(visitor.token))
        what = "signed out everywhere" if everywhere else "signed out"
        self._file.note(what, person=visitor.name, address=address_of(request))
        self._set(request, secrets.token_urlsafe(32), answer)

    def _set(self, request: Request, token: str, answer: Response) -> None:
        secure = request.url.scheme == "https"
        answer.set_cookie(self.cookie(request), token, path="/", secure=secure, httponly=True, samesite="lax")
