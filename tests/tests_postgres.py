"""A server of PostgreSQL for tests: made, started and stopped by them, reached by a socket in a folder alone.

It needs no service and no rights: the program is taken from where Debian, Fedora, Homebrew or the path have it, and
run as an unprivileged user where the tests are root's (the server refuses to be). Where there is none the tests are
skipped and say so; with ``TALLYSTICK_NEED_POSTGRES=1`` they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NEED = "TALLYSTICK_NEED_POSTGRES"
_HOMES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_NUMBERS = count(1)


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, of the newest version that is there."""
    found = [path for pattern in _HOMES for path in Path("/").glob(pattern.lstrip("/"))]
    if onpath := shutil.which("initdb"):
        found.append(Path(onpath).resolve().parent)
    whole = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    return max(whole, key=lambda path: path.parent.name.rjust(9), default=None)


def _user() -> str | None:
    """Whom the server runs as: nobody else where the tests are not root's."""
    if os.getuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass
class Postgres:
    """One server and its folder; ``safe``: with every commit on disk, as people run it."""

    folder: Path
    programs: Path
    safe: bool = False
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def made(cls, safe: bool = False) -> Postgres:
        """A new one, started. Skips, or fails where one is needed, when there is no such program."""
        found = programs()
        if found is None:
            message = "needs the server of PostgreSQL (apt-get install postgresql)"
            if os.environ.get(NEED):
                pytest.fail(message)
            pytest.skip(message)
        folder = Path(tempfile.mkdtemp(prefix="tallystick-pg-"))  # short: the path of a socket has 107 bytes
        server = cls(folder, found, safe)
        if user := _user():
            shutil.chown(folder, user)
        server.run("initdb", "-D", "data", "-U", "tally", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        server.start()
        return server

    def _command(self, program: str, *arguments: str) -> list[str]:
        user = _user()
        as_user = (
            ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
            if user
            else []
        )
        return [*as_user, str(self.programs / program), *arguments]

    def run(self, program: str, *arguments: str, said: str = "") -> str:
        """What one of its programs prints."""
        done = subprocess.run(
            self._command(program, *arguments),
            cwd=self.folder,
            input=said,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "120",
            "shared_buffers": "32MB",
            "autovacuum": "off",
            "log_min_messages": "fatal",
        }
        if not self.safe:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", str(self.folder / "data"), *told),
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(600):
            ready = subprocess.run(
                [self.programs / "pg_isready", "-q", "-h", self.folder], check=False, capture_output=True
            )
            if not ready.returncode:
                return
            assert self.process.poll() is None, "the server ended; see its log"
            time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        """Stop it; whoever is connected is sent away."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        self.process = None

    def kill(self) -> None:
        """End it and all that it started as kill -9 does: what it had not written is lost."""
        assert self.process is not None
        for number in [self.process.pid, *_children(self.process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait(timeout=60)
        (self.folder / "data" / "postmaster.pid").unlink()
        self.process = None

    def url(self, case: str) -> str:
        """The address of a case there."""
        return f"postgresql://tally@/postgres?host={self.folder}&case={case}"

    def new_case(self) -> str:
        """The address of a case that is not there yet."""
        return self.url(f"c{next(_NUMBERS)}")

    def ask(self, statement: str, schema: str = "public") -> list[Any]:
        """What the server says to a program that knows nothing of this one."""
        import psycopg

        path = f"-c search_path={schema}"
        with psycopg.connect(
            host=str(self.folder), user="tally", dbname="postgres", options=path, autocommit=True
        ) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []

    def remove(self) -> None:
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.with_name(f"{self.folder.name}.log").unlink(missing_ok=True)


def _children(parent: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
    )
    return [int(number) for number in found.stdout.split()]


@contextmanager
def running(safe: bool = False) -> Iterator[Postgres]:
    """A server for as long as the ``with`` statement lasts."""
    server = Postgres.made(safe)
    try:
        yield server
    finally:
        server.remove()
