"""The people of a desk: names, roles, invitations, and signing in."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from tallystick.case import Case
from tallystick.errors import AskedWrongly
from tallystick.reviewing import same_person
from tallystick.web import proofs
from tallystick.web.peoplefile import PeopleFile
from tallystick.web.role import GIVEN, Role

INVITED = 72 * 3600.0  # seconds that an invitation is good for
OVERALL = ""  # the place of a role that is held over the whole desk
# How many sign-ins may fail before the next has to wait, by what they have in common.
_FREE = {"name": 3, "address": 10}
_LONGEST_WAIT, _FORGOTTEN = 900.0, 24 * 3600.0  # seconds


class Throttled(Exception):
    """Too many sign-ins failed; ``wait`` seconds have to pass before the next."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"{wait:.0f} s")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a name here. ``roles``: by case; that over the whole desk is under ``OVERALL``."""

    id: int
    name: str
    state: str
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation: for whom, who has taken it, and the secret for time codes once they have."""

    person: int
    name: str
    taken: str
    secret: str


class People:
    """Who may sign in, and what they may do; ``file`` holds it, ``passwords`` compares."""

    def __init__(self, file: PeopleFile, hasher: PasswordHasher | None = None) -> None:
        self.file = file
        self.passwords = proofs.Passwords(hasher)

    # ------------------------------------------------------------------------------------- persons

    def everybody(self) -> list[Person]:
        """All who were ever invited, by name; a name that was removed stays taken."""
        return [self._person(row) for row in self.file.ask("SELECT * FROM persons ORDER BY folded")]

    def named(self, name: str) -> Person:
        """Raises ``AskedWrongly`` where nobody has that name."""
        row = self.file.one("SELECT * FROM persons WHERE folded = ?", proofs.folded(name))
        if row is None:
            raise AskedWrongly(f"nobody is called {name!r} here; 'tallystick people list' tells who is")
        return self._person(row)

    def by_id(self, person: int) -> Person | None:
        row = self.file.one("SELECT * FROM persons WHERE id = ?", person)
        return None if row is None else self._person(row)

    def _person(self, row: sqlite3.Row) -> Person:
        held = self.file.ask("SELECT place, role FROM roles WHERE person = ?", row["id"])
        return Person(
            row["id"], row["name"], row["state"], {each["place"]: Role(each["role"]) for each in held}
        )

    def role(self, person: int, place: str) -> Role:
        """What they may do in the case ``place``: what they were given there, or over the whole desk."""
        row = self.file.one(
            "SELECT max(role) AS role FROM roles JOIN persons ON persons.id = person"
            " WHERE person = ? AND place IN (?, ?) AND state = 'active'",
            *(person, place, OVERALL),
        )
        return Role.SOMEBODY if row is None or row["role"] is None else Role(row["role"])

    def add(self, name: str, *, by: str) -> Person:
        """Take ``name`` in, with no role yet; raises ``AskedWrongly`` for a name that is taken or is none."""
        plain = " ".join(name.split())
        if not 1 <= len(plain) <= 100 or not plain.isprintable():
            raise AskedWrongly("a name has from 1 to 100 signs that can be seen")
        try:
            with self.file.writing() as run:
                run("INSERT INTO persons (name, folded) VALUES (?, ?)", plain, proofs.folded(plain))
        except sqlite3.IntegrityError as error:
            raise AskedWrongly(
                f"somebody is or was called {plain!r} here, and a name is never given to another person, "
                "for decisions are kept under it; take a longer one"
            ) from error
        self.file.note("added", person=by, about=plain)
        return self.named(plain)

    def give(self, name: str, place: str, role: Role | None, *, by: str) -> None:
        """Give ``role`` in the case ``place`` (or over the whole desk); None takes it away."""
        person = self.named(name)
        if person.state == "removed":
            raise AskedWrongly(f"{person.name} was removed")
        if role is not None and role not in GIVEN:
            raise AskedWrongly("a role is one of: " + ", ".join(each.word for each in GIVEN))
        with self.file.writing() as run:
            run("DELETE FROM roles WHERE person = ? AND place = ?", person.id, place)
            if role is not None:
                run("INSERT INTO roles VALUES (?, ?, ?)", person.id, place, int(role))
            self._refuse_nobody_left(person)
        note = f"{role.word if role else 'none'} in {place or 'the whole desk'}"
        self.file.note("role", person=by, about=person.name, note=note)

    def _refuse_nobody_left(self, person: Person) -> None:
        """Raises ``AskedWrongly``, which undoes what was done, where nobody could let others in any more."""
        was_admin = person.state == "active" and person.roles.get(OVERALL) == Role.ADMIN
        left = self.file.one(
            "SELECT 1 FROM roles JOIN persons ON persons.id = person"
            " WHERE place = '' AND role = ? AND state = 'active'",
            int(Role.ADMIN),
        )
        if was_admin and left is None:
            raise AskedWrongly(f"{person.name} is the last admin of the desk; make somebody else one first")

    def disable(self, name: str, *, by: str, state: str = "disabled") -> None:
        """Sign them out and let them in no more; ``removed`` is for good, and keeps only the name."""
        person = self.named(name)
        with self.file.writing() as run:
            run("UPDATE persons SET state = ? WHERE id = ?", state, person.id)
            run("DELETE FROM sessions WHERE person = ?", person.id)
            run("DELETE FROM invitations WHERE person = ?", person.id)
            self._end_tokens(run, person.id)
            self._refuse_nobody_left(person)
            if state == "removed":
                run("UPDATE persons SET password = NULL, secret = NULL WHERE id = ?", person.id)
                run("DELETE FROM codes WHERE person = ?", person.id)
                run("DELETE FROM roles WHERE person = ?", person.id)
        self.file.note(state, person=by, about=person.name)

    def _end_tokens(self, run: Callable[..., int], person: int) -> None:
        """Whoever is shut out, or is to prove themselves anew, has no program that goes on in their name."""
        run("UPDATE tokens SET ended = ? WHERE person = ? AND ended IS NULL", self.file.clock(), person)

    def enable(self, name: str, *, by: str) -> None:
        """Let somebody in again who was disabled, with the password and second factor that they had."""
        person = self.named(name)
        with self.file.writing() as run:
            run(
                "UPDATE persons SET state = CASE WHEN password IS NULL THEN 'invited' ELSE 'active' END"
                " WHERE id = ? AND state = 'disabled'",
                person.id,
            )
        self.file.note("enabled", person=by, about=person.name)

    # --------------------------------------------------------------------------------- invitations

    def invite(self, name: str, *, by: str, last: bool = False) -> str:
        """A token for setting password and second factor anew, good for ``INVITED`` seconds, once.

        What they had before stops at once. The token stands in no file: only its digest does. The ``last``
        admin can only be invited anew at the terminal: else a mistake would leave nobody inside.
        """
        person = self.named(name)
        if person.state == "removed":
            raise AskedWrongly(f"{person.name} was removed, for good")
        token = secrets.token_urlsafe(32)
        with self.file.writing() as run:
            run("DELETE FROM invitations WHERE person = ?", person.id)
            run("DELETE FROM sessions WHERE person = ?", person.id)
            run("DELETE FROM codes WHERE person = ?", person.id)
            self._end_tokens(run, person.id)
            run(
                "UPDATE persons SET state = 'invited', password = NULL, secret = NULL WHERE id = ?", person.id
            )
            if not last:
                self._refuse_nobody_left(person)
            run(
                "INSERT INTO invitations (hash, person, ends) VALUES (?, ?, ?)",
                *(proofs.digest(token), person.id, self.file.clock() + INVITED),
            )
        self.file.note("invited", person=by, about=person.name)
        return token

    def invited(self, token: str) -> Invited | None:
        """Whom the invitation is for; None where it is over, used, or none."""
        row = self.file.one(
            "SELECT person, name, taken, secret_ FROM (SELECT invitations.person, name, taken, ends,"
            " invitations.secret AS secret_ FROM invitations JOIN persons ON persons.id = invitations.person"
            " WHERE hash = ?) WHERE ends > ?",
            *(proofs.digest(token), self.file.clock()),
        )
        if row is None:
            return None
        return Invited(row["person"], row["name"], row["taken"] or "", row["secret_"] or "")

    def take(self, token: str, browser: str, password: str) -> bool:
        """Keep the password, and a new secret, with the invitation, for this ``browser`` alone.

        Whoever made the invitation knows its address, but from here on another browser gets nothing by it:
        so nobody else ever sees the secret.
        """
        hashed, mine = self.passwords.hash(password), proofs.digest(browser)
        with self.file.writing() as run:
            met = run(
                "UPDATE invitations SET taken = ?, password = ?, secret = ?"
                " WHERE hash = ? AND ends > ? AND (taken IS NULL OR taken = ?)",
                *(mine, hashed, proofs.new_secret(), proofs.digest(token), self.file.clock(), mine),
            )
        return met == 1

    def accept(self, token: str, browser: str, code: str, *, address: str = "") -> list[str] | None:
        """Make password and second factor those of the person, if ``code`` shows that their app works.

        Gives the recovery codes, which are shown once; None where the code is wrong.
        """
        invited = self.invited(token)
        if invited is None or not invited.secret or invited.taken != proofs.digest(browser):
            return None
        step = proofs.step_of(invited.secret, code, self.file.clock(), 0)
        if step is None:
            return None
        codes, mine = proofs.new_codes(), proofs.digest(token)
        with self.file.writing() as run:
            met = run(
                "UPDATE persons SET step = ?, state = 'active', (password, secret) ="
                " (SELECT password, secret FROM invitations WHERE hash = ?)"
                " WHERE id = (SELECT person FROM invitations WHERE hash = ?)",
                *(step, mine, mine),
            )
            if met != 1:
                return None  # used by another request at this moment
            run("DELETE FROM invitations WHERE hash = ?", mine)
            self._keep_codes(run, invited.person, codes)
        self.file.note("enrolled", person=invited.name, address=address)
        return codes

    @staticmethod
    def _keep_codes(run, person: int, codes: list[str]) -> None:  # type: ignore[no-untyped-def]
        run("DELETE FROM codes WHERE person = ?", person)
        for code in codes:
            run("INSERT INTO codes VALUES (?, ?)", person, proofs.digest(proofs.plain_code(code)))

    # ---------------------------------------------------------------------------------- signing in

    def prove(self, name: str, password: str, code: str, *, address: str) -> Person | None:
        """The person, where name, password and code are all right; else None, whatever was wrong.

        A time code is taken once, a recovery code too. Raises ``Throttled`` where too many failed before;
        each attempt counts as failed until it has not, so that many at once gain nothing.
        """
        plain = proofs.folded(name[:200])
        self._count(plain, address)
        row = self.file.one("SELECT * FROM persons WHERE folded = ?", plain)
        usable = row if row is not None and row["state"] == "active" else None
        knows = self.passwords.holds(usable["password"] if usable is not None else None, password)
        if usable is None or not knows or not self._spend(usable, code):
            self.file.note("sign-in failed", about=name[:100], address=address)
            return None
        if self.passwords.outdated(usable["password"]):
            with self.file.writing() as run:
                run(
                    "UPDATE persons SET password = ? WHERE id = ?",
                    self.passwords.hash(password),
                    usable["id"],
                )
        self._forget(plain, address)
        return self._person(usable)

    def _spend(self, row: sqlite3.Row, code: str) -> bool:
        """Whether ``code`` is a code of theirs, by time or for recovery, that was not used; now it is."""
        step = proofs.step_of(row["secret"], code, self.file.clock(), row["step"])
        with self.file.writing() as run:
            if step is not None:
                return (
                    run("UPDATE persons SET step = ? WHERE id = ? AND step < ?", step, row["id"], step) == 1
                )
            spent = proofs.digest(proofs.plain_code(code))
            return run("DELETE FROM codes WHERE person = ? AND hash = ?", row["id"], spent) == 1

    def _count(self, plain: str, address: str) -> None:
        """Count an attempt by name and by address; raises ``Throttled`` where it comes too soon."""
        now = self.file.clock()
        with self.file.writing() as run:
            run("DELETE FROM attempts WHERE last < ?", now - _FORGOTTEN)
            for sort, mark in zip(_FREE, _marks(plain, address), strict=True):
                row = self.file.one("SELECT failures, last FROM attempts WHERE what = ?", mark)
                over = 0 if row is None else row["failures"] - _FREE[sort]
                if row is not None and over >= 0:
                    wait = row["last"] + min(_LONGEST_WAIT, 2.0 ** min(over, 20)) - now
                    if wait > 0:
                        raise Throttled(wait)
            for mark in _marks(plain, address):
                run(
                    "INSERT INTO attempts VALUES (?, 1, ?) ON CONFLICT (what)"
                    " DO UPDATE SET failures = failures + 1, last = excluded.last",
                    *(mark, now),
                )

    def knows(self, person: Person, password: str, *, address: str) -> bool:
        """Whether it is their password, where that is asked for again; raises ``Throttled`` as ``prove``."""
        plain = proofs.folded(person.name)
        self._count(plain, address)
        row = self.file.one("SELECT password FROM persons WHERE id = ?", person.id)
        known = self.passwords.holds(None if row is None else row["password"], password)
        if known:
            self._forget(plain, address)
        return known

    def _forget(self, plain: str, address: str) -> None:
        """Count what failed before no more."""
        with self.file.writing() as run:
            run("DELETE FROM attempts WHERE what IN (?, ?)", *_marks(plain, address))

    def change_password(self, person: Person, password: str, *, address: str) -> None:
        """Keep another password, and end all sessions of theirs."""
        hashed = self.passwords.hash(password)
        with self.file.writing() as run:
            run("UPDATE persons SET password = ? WHERE id = ?", hashed, person.id)
            run("DELETE FROM sessions WHERE person = ?", person.id)
        self.file.note("password changed", person=person.name, address=address)

    def change_codes(self, person: Person, *, address: str) -> list[str]:
        """New recovery codes in place of those left."""
        codes = proofs.new_codes()
        with self.file.writing() as run:
            self._keep_codes(run, person.id, codes)
        self.file.note("recovery codes changed", person=person.name, address=address)
        return codes

    def codes_left(self, person: int) -> int:
        row = self.file.one("SELECT count(*) AS n FROM codes WHERE person = ?", person)
        return int(row["n"]) if row is not None else 0

    # ---------------------------------------------------------------------------------------- cases

    def bind(self, key: str, began: str) -> None:
        """Hold the name ``key`` of addresses to the case whose record ``began`` so.

        Roles are given under that name: raises ``AskedWrongly`` where it was another case's before.
        """
        with self.file.writing() as run:
            row = self.file.one("SELECT began FROM cases WHERE key = ?", key)
            if row is None:
                run("INSERT INTO cases VALUES (?, ?)", key, began)
            elif row["began"] != began:
                raise AskedWrongly(
                    f"in {self.file.path} roles are given for another case called {key!r}; rename this "
                    "folder, or use another people file"
                )


def _marks(plain: str, address: str) -> tuple[str, str]:
    """What attempts are counted under: no name in the clear, for it may be a password, typed amiss."""
    return f"name {proofs.digest(plain)}", f"address {address}"


def opened(path: Path, *, make: bool = False) -> People:
    """The people of the file at ``path``."""
    return People(PeopleFile(path, make=make))


def reconcile(case: Case, key: str, people: People, *, by: str) -> None:
    """Write into the case who of these people may settle what others disagree on there.

    Names among its ``seniors`` that nobody has here stay as they are. Does nothing where all is so already,
    or the case is open to be read.
    """
    if not case.writable:
        return
    held = set(case.settings.seniors)
    for person in people.everybody():
        settles = person.state == "active" and people.role(person.id, key) >= Role.SENIOR
        held -= {name for name in held if same_person(name) == same_person(person.name)}
        if settles:
            held.add(person.name)
    if held != set(case.settings.seniors):
        case.seniors(held, by=by)
