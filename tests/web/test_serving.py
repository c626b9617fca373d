"""``tallystick desk`` and ``tallystick people``, as they are typed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from typer.testing import CliRunner, Result

from tallystick import cli
from tallystick.case import Case
from tallystick.web.people import opened
from tallystick.web.role import Role


@pytest.fixture
def case(tmp_path: Path) -> Path:
    Case.make(tmp_path / "solem").close()
    return tmp_path / "solem"


def ask(*arguments: str | Path, typed: str = "") -> Result:
    return CliRunner().invoke(cli.app, list(map(str, arguments)), input=typed)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def status_of(url: str, cookie: str = "", host: str = "") -> tuple[int, str]:
    """The status of an answer, and the cookie that it gives."""
    headers = {"Cookie": cookie, **({"Host": host} if host else {})}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - an address of our own desk
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=20) as answer:
            return answer.status, answer.headers.get("set-cookie") or ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("set-cookie") or ""


@pytest.fixture
def running(case: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A desk of its own process, and the address that it printed."""
    command = [sys.executable, "-m", "tallystick.cli", "desk", str(case), "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [*command, "--by", "A. Haddad"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as desk:  # fmt: skip
        try:
            assert desk.stdout is not None
            lines = [desk.stdout.readline() for _ in range(4)]
            found = re.search(r"http://127\.0\.0\.1:\d+/enter/[\w-]{32}\n", "".join(lines))
            assert found is not None, lines
            yield desk, found[0].strip()
        finally:
            desk.kill()


def test_a_desk_for_one_opens_by_its_address_alone_and_closes_at_ctrl_c(
    running: tuple[subprocess.Popen[str], str], case: Path
) -> None:
    desk, address = running
    base = address.partition("/enter/")[0]
    assert status_of(f"{base}/c/solem/about")[0] == 403
    assert status_of(address, host="evil.example")[0] == 421
    status, cookie = status_of(address)
    assert status == 303
    assert status_of(f"{base}/c/solem/about", cookie.partition(";")[0])[0] == 200
    assert status_of(address)[0] == 403  # by now used up

    port = base.rpartition(":")[2]
    again = ask("desk", case, "--port", port, "--no-browser")
    assert again.exit_code == 2
    assert f"cannot listen at 127.0.0.1, port {port}" in again.stderr

    desk.send_signal(signal.SIGINT)
    out, err = desk.communicate(timeout=20)
    assert (desk.returncode, err) == (0, "")
    assert out == "The desk is closed. All that was decided is stored.\n"
    assert (case / "manifest.sha256").exists()  # whoever writes last leaves it


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--host", "0.0.0.0"], "without --people"),  # noqa: S104
        (["--host", "192.0.2.1"], "without --people"),
        (["--host", "::"], "without --people"),
        (["--host", "desk.example"], "without --people"),
        (["--behind-proxy"], "without --people"),
        (["--host", "0.0.0.0", "--people", "p"], "without https"),  # noqa: S104
        (["--host", "0.0.0.0", "--people", "p", "--tls-cert", "c", "--tls-key", "k"], "no certificate"),  # noqa: S104
        (["--host", "0.0.0.0", "--people", "p", "--behind-proxy"], "--hostname"),  # noqa: S104
        (["--people", "p", "--no-key"], "for one person alone"),
        (["--tls-cert", "c"], "both --tls-cert and --tls-key"),
        (["--people", "none.sqlite"], "there is no people file"),
    ],
)
def test_a_desk_that_strangers_could_enter_or_overhear_does_not_open(
    case: Path, options: list[str], why: str
) -> None:
    told = ask("desk", case, "--no-browser", "--port", "0", *options)
    assert told.exit_code == 2
    assert why in told.stderr


def test_what_is_no_case_is_told_before_the_desk_opens(tmp_path: Path) -> None:
    told = ask("desk", tmp_path / "nowhere", "--no-browser")
    assert told.exit_code == 2
    assert "nowhere" in told.stderr


def test_a_certificate_that_cannot_be_read_is_told(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    ask("people", "add", "A. Haddad", "--role", "admin", "--file", file)
    told = ask(
        "desk", case, "--people", file, "--tls-cert", tmp_path / "c", "--tls-key", tmp_path / "k",
        "--hostname", "desk.example", "--port", "0",
    )  # fmt: skip
    assert told.exit_code == 2
    assert "certificate" in told.stderr


def test_the_first_admin_is_made_at_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "people.sqlite"
    told = ask(
        "people", "add", "A. Haddad", "--role", "admin", "--file", file, "--address", "https://d.example/"
    )
    assert told.exit_code == 0
    assert re.search(r"  https://d\.example/invited/[\w-]{43}\n", told.stdout)
    people = opened(file)
    assert people.named("A. Haddad").roles == {"": Role.ADMIN}
    people.file.close()
    assert "A. Haddad: invited; admin in every case" in ask("people", "list", "--file", file).stdout


def test_password_and_second_factor_can_be_set_at_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.sqlite"
    secret = pyotp.random_base32()
    monkeypatch.setattr("tallystick.web.proofs.new_secret", lambda: secret)
    code = pyotp.TOTP(secret).now()
    told = ask(
        "people", "add", "A. Haddad", "--role", "admin", "--file", file, "--ask-password",
        typed=f"four words in a row\nfour words in a row\n000000\n{code}\n",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    assert "four words" not in told.output
    assert secret in told.output
    assert len(re.findall(r"  [a-z2-9]{4}(-[a-z2-9]{4}){3}\n", told.output)) == 10
    people = opened(file)
    assert people.named("A. Haddad").state == "active"
    people.file.close()


def test_roles_are_given_and_taken_at_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "people.sqlite"
    ask("people", "add", "B. Sayed", "--file", file)
    assert (
        ask("people", "role", "B. Sayed", "--role", "coder", "--case", "solem", "--file", file).exit_code == 0
    )
    assert "coder in solem" in ask("people", "--file", file).stdout
    assert (
        ask("people", "role", "B. Sayed", "--role", "none", "--case", "solem", "--file", file).exit_code == 0
    )
    assert "no role" in ask("people", "list", "--file", file).stdout
    assert ask("people", "remove", "B. Sayed", "--file", file).exit_code == 0
    assert "removed" in ask("people", "list", "--file", file).stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["list"], "there is no people file"),
        (["dance"], "none of list, add"),
        (["add"], "say who"),
        (["add", "x", "--role", "king"], "none of reader"),
        (["role", "x"], "there is no people file"),
    ],
)
def test_what_is_asked_wrongly_is_told(tmp_path: Path, arguments: list[str], why: str) -> None:
    told = ask("people", *arguments, "--file", tmp_path / "people.sqlite")
    assert told.exit_code == 2
    assert why in told.stderr


def test_the_people_file_is_not_made_in_a_case(case: Path) -> None:
    told = ask("people", "add", "A. Haddad", "--role", "admin", "--file", case / "people.sqlite")
    assert told.exit_code == 2
    assert "within the case" in told.stderr
    assert not (case / "people.sqlite").exists()


def test_a_taken_port_is_told_with_what_to_do(case: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = ask("desk", case, "--no-browser", "--port", str(taken.getsockname()[1]))
    assert told.exit_code == 2
    assert "--port 0" in told.stderr
