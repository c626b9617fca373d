"""A process that is killed, or whose disk is full, at a chosen step: run by ``test_durability`` as a program.

A step is a call that changes something on disk, or a statement that the database is asked: each is counted
before it is made and, but for a full disk, once more after it. One program does it all, in a child for each walk, so
that the time goes into the walks. Lines in and out are JSON.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tallystick import case as rooms
from tallystick import intake
from tallystick.case import Case
from tallystick.errors import TallystickError
from tallystick.model import Claim, Document, Telling, Toll
from tallystick.values.count import Count

intake.SECONDS = 3600.0  # on a busy machine rows would be stored in other portions, and events cover others
CALLS = ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync", "fchmod")
NEED_ROOM = ("replace", "rename", "link", "mkdir")


class Stops:
    """Counts steps; at the chosen one the process is killed, or the disk full from then on."""

    def __init__(self, at: int, how: str) -> None:
        self.count, self._at, self._how = 0, at, how

    def step(self) -> bool:
        """Whether the disk is full at this step; where the process is to be killed, it does not return."""
        self.count += 1
        if self._how == "kill" and self.count == self._at:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._how == "full" and self.count >= self._at

    def call(self, real: Callable[..., Any], room: bool) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            if self.step() and room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), *arguments[:1])
            done = real(*arguments, **options)
            if self._how == "kill":
                self.step()
            return done

        return counted

    def database(self) -> type[sqlite3.Connection]:
        stops = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, *arguments: Any) -> Cursor:
                stops.statement(self.connection, sql)
                super().execute(sql, *arguments)
                return self

            def executemany(self, sql: str, *arguments: Any) -> Cursor:
                stops.statement(self.connection, sql)
                super().executemany(sql, *arguments)
                return self

        class Connection(sqlite3.Connection):
            def cursor(self, *_: Any) -> Any:
                return super().cursor(Cursor)

            def commit(self) -> None:
                stops.statement(self, "COMMIT")
                super().commit()
                stops.step()

        return Connection

    def statement(self, connection: sqlite3.Connection, sql: str) -> None:
        full = self.step()
        if full and sql.lstrip().split(None, 1)[0].upper() in ("CREATE", "INSERT", "COMMIT"):
            # The database itself finds no further page: a true SQLITE_FULL, whenever it needs one.
            sqlite3.Connection.execute(connection, "PRAGMA max_page_count = 1")


def read(document: Document) -> tuple[Claim, ...]:
    """What a reader might make of a text, at once."""
    told = document.span(0, 8)
    head = Claim(told, "attack", Telling("killing"), telling=told)
    return head, Claim(told, "casualties", Toll("killed", Count(len(document.text), None)), telling=told)


def walk(asked: dict[str, Any]) -> None:
    reports, folder = Path(asked["reports"]), Path(asked["case"])
    with Case.make(folder, reports=[reports], clock=lambda: "2026-01-01T00:00:00.000Z") as case:
        for each in asked["lists"]:
            case.add_list(Path(each))
        case.add([reports])
        case.read(jobs=1)


def child(asked: dict[str, Any], tell: int) -> None:
    stops = Stops(asked["step"], asked["how"])
    for name in CALLS:
        setattr(os, name, stops.call(getattr(os, name), name in NEED_ROOM))
    connect, database = sqlite3.connect, stops.database()
    sqlite3.connect = lambda *a, **o: connect(*a, **({"factory": database} | o))  # type: ignore[assignment]
    error = None
    try:
        walk(asked)
    except TallystickError as told:
        error = str(told)
    except BaseException as told:  # noqa: BLE001 - what nobody put into words is what is looked for
        error = f"unsaid: {told!r}"
    os.write(tell, json.dumps({"steps": stops.count, "error": error}).encode())
    os._exit(0)


def main() -> None:
    rooms.readers.claims.claims = read
    for line in sys.stdin:
        hear, tell = os.pipe()
        started = os.fork()
        if not started:
            child(json.loads(line), tell)
        os.close(tell)
        with os.fdopen(hear) as stream:
            said = stream.read()
        killed = os.WIFSIGNALED(os.waitpid(started, 0)[1])
        sys.stdout.write(
            json.dumps({"killed": killed, "steps": 0, "error": None} | json.loads(said or "{}")) + "\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
