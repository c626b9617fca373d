"""Tokens: what a program shows in place of a person's session.

A token is of one person, for one case or for all that they see, in a role at most, and it ends. It is shown
once, when it is made; the people file keeps its SHA-256. What a program does with it is that person's deed.
"""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from tallystick.errors import AskedWrongly
from tallystick.web import proofs
from tallystick.web.people import OVERALL, People, Person
from tallystick.web.role import GIVEN, Role

MARK = "tally_"  # begins every token, so that one that was left in a file is found by a search for it
DAYS, MOST_DAYS = 90, 366
_DAY = 24 * 3600.0
_NOTED = 60.0  # seconds after which a token is noted to have been used again


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. ``place``: the case that it is for, ``OVERALL`` for all that the person sees.

    ``id`` names it to people and opens nothing; ``made``, ``ends``, ``used`` and ``ended`` are seconds since
    1970, the last where it was revoked.
    """

    id: str
    person: str
    place: str
    role: Role
    label: str
    made: float
    ends: float
    used: float | None
    ended: float | None

    def state(self, now: float) -> str:
        """Whether it opens anything: good, revoked or over."""
        if self.ended is not None:
            return "revoked"
        return "over" if self.ends <= now else "good"


class Tokens:
    """The tokens of a people file."""

    def __init__(self, people: People) -> None:
        self._people, self._file = people, people.file

    def make(
        self, name: str, place: str, role: Role, *, days: int = DAYS, label: str = "", by: str
    ) -> tuple[Token, str]:
        """A new token of ``name``, and its secret, which is told only now.

        Raises ``AskedWrongly`` where the person may not do as much there themselves, or for days and labels
        that cannot be meant.
        """
        person = self._people.named(name)
        self._refuse(person, place, role)
        if not 1 <= days <= MOST_DAYS:
            raise AskedWrongly(f"a token is good for 1 to {MOST_DAYS} days, not {days}")
        plain = " ".join(label.split())
        if len(plain) > 100 or not plain.isprintable():
            raise AskedWrongly("say in at most 100 signs that can be seen what the token is for")
        secret = MARK + secrets.token_urlsafe(32)
        hashed, now = proofs.digest(secret), self._file.clock()
        with self._file.writing() as run:
            run(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                *(hashed, f"tok-{hashed[:12]}", person.id, place, int(role), plain, now, now + days * _DAY),
            )
        made = self._held(hashed)
        assert made is not None
        where = f"{role.word} in {place or 'every case'}, {days} days"
        self._file.note("token made", person=by, about=person.name, note=f"{made.id}: {where}; {plain}")
        return made, secret

    def _refuse(self, person: Person, place: str, role: Role) -> None:
        if person.state != "active":
            raise AskedWrongly(f"{person.name} is {person.state}; only who can sign in has tokens")
        if role not in GIVEN:
            raise AskedWrongly("a role is one of: " + ", ".join(each.word for each in GIVEN))
        held = [person.roles.get(OVERALL, Role.SOMEBODY)]
        held += [there for key, there in person.roles.items() if place in (OVERALL, key)]
        if max(held) < role:
            where = place or "any case"
            raise AskedWrongly(
                f"{person.name} is not {role.word} in {where}, and a token can do no more than its person; "
                "'tallystick people list' tells who is what"
            )

    def every(self, name: str = "") -> list[Token]:
        """All tokens that were ever made, of one person if asked; the last made first."""
        person = self._people.named(name).id if name else None
        rows = self._file.ask(
            "SELECT tokens.*, name FROM tokens JOIN persons ON persons.id = person"
            " WHERE ? IS NULL OR person = ? ORDER BY made DESC, tokens.id",
            *(person, person),
        )
        return [_token(row) for row in rows]

    def revoke(self, name: str, *, by: str) -> Token:
        """End the token of that id, at once; raises ``AskedWrongly`` where there is none."""
        with self._file.writing() as run:
            run("UPDATE tokens SET ended = ? WHERE id = ? AND ended IS NULL", self._file.clock(), name)
        found = next((each for each in self.every() if each.id == name), None)
        if found is None:
            raise AskedWrongly(
                f"there is no token {name!r}; 'tallystick people tokens' tells which there are"
            )
        self._file.note("token revoked", person=by, about=found.person, note=found.id)
        return found

    def holder(self, secret: str, *, address: str = "") -> Token | None:
        """The token whose secret this is, if it still opens anything; that it was used is noted."""
        hashed, now = proofs.digest(secret), self._file.clock()
        held = self._held(hashed)
        if held is None:
            return None
        good = held.state(now) == "good" and self._people.named(held.person).state == "active"
        if held.used is None or now - held.used > _NOTED:
            with self._file.writing() as run:
                run("UPDATE tokens SET used = ? WHERE hash = ?", now, hashed)
            if not good:  # a program that goes on asking with it
                self._file.note("token refused", about=held.person, address=address, note=held.id)
        return held if good else None

    def _held(self, hashed: str) -> Token | None:
        row = self._file.one(
            "SELECT tokens.*, name FROM tokens JOIN persons ON persons.id = person WHERE hash = ?", hashed
        )
        return None if row is None else _token(row)


def _token(row: sqlite3.Row) -> Token:
    return Token(
        row["id"], row["name"], row["place"], Role(row["role"]), row["label"], row["made"], row["ends"],
        row["used"], row["ended"],
    )  # fmt: skip


def moment(seconds: float) -> str:
    """A moment in UTC (ISO 8601), to the second."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
