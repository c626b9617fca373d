"""Fetching into a case: kept as it comes, recorded when it fails, asked once, and never unless asked for."""

from __future__ import annotations

import ast
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_architecture import HOUSE, imports, modules
from tests_server import Server, html, moved, page
from warcio.archiveiterator import ArchiveIterator

from tallystick import cli, fetching
from tallystick.case import Case
from tallystick.evidence import drawing, path_of, recording
from tallystick.expunge import ToExpunge
from tallystick.ledger import Ledger
from tallystick.model import Event

OWN = ("--allow-private", "--any-port", "--delay", "0")
WORDS = "At least 12 people were killed in an air strike on the town of Solem, the hospital said."


@pytest.fixture
def ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, Any]]:
    """Runs one command with --json: its exit status and what it answered."""

    def run(*arguments: str | Path) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "argv", ["tallystick", *map(str, arguments), "--json"])
        capsys.readouterr()
        try:
            cli.main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        out = capsys.readouterr().out
        return status, json.loads(out) if out else None

    return run


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"/a": html(WORDS), "/b": html(f"{WORDS} Again.")}) as serving:
        yield serving


def events(case: Path, what: str) -> list[Event]:
    with Ledger.open(case) as ledger:
        return list(ledger.events(what))


def captures(case: Path) -> dict[str, str]:
    with Ledger.open(case) as ledger:
        return {capture.origin: capture.id for capture in ledger.captures()}


def problems(case: Path) -> tuple[str, ...]:
    with Case.open(case) as opened:
        return opened.verify().problems


# --------------------------------------------------------------------------- what is kept


def test_what_was_fetched_is_a_capture_whose_origin_is_the_url(tmp_path, server, ask):
    _, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN, "--contact", "a@b.example")
    assert said["asked"] == 1
    assert said["new"]["captures"] == 1
    kept = captures(tmp_path / "case")
    assert list(kept) == [server.url("/a")]
    with path_of(tmp_path / "case" / "captures", kept[server.url("/a")]).open("rb") as file:
        assert [r.rec_type for r in ArchiveIterator(file)] == ["warcinfo", "response", "request", "metadata"]
    (fetched,) = events(tmp_path / "case", "fetched")
    assert fetched.item == kept[server.url("/a")]
    assert fetched.facts["complete"]
    assert fetched.facts["answers"] == [{"url": server.url("/a"), "status": 200, "address": "127.0.0.1"}]
    assert (fetched.facts["allow_private"], fetched.facts["contact"]) == (True, "a@b.example")
    assert problems(tmp_path / "case") == ()


def test_who_waits_for_a_turn_gets_it_between_two_urls_and_not_while_one_is_fetched(
    tmp_path, server, ask, monkeypatch
):
    store, free = tmp_path / "case" / "captures", []

    def turn() -> bool:
        handle = os.open(store, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            os.close(handle)
        return True

    real = fetching.Fetcher.fetch

    def fetch(self, url, out):
        free.append(turn())
        return real(self, url, out)

    def again(self, wanted, rules, progress):
        return walk(self, wanted, rules, lambda *_: free.append(turn()))

    walk = fetching.Fetching.fetch
    monkeypatch.setattr(fetching.Fetcher, "fetch", fetch)
    monkeypatch.setattr(fetching.Fetching, "fetch", again)
    _, said = ask("fetch", server.url("/a"), server.url("/b"), "--case", tmp_path / "case", *OWN)
    assert free == [True, False, True, False, True]
    assert (said["new"]["captures"], said["new"]["documents"]) == (2, 2)


def test_a_page_that_was_fetched_is_a_report_like_any_other(tmp_path, server, ask):
    status, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN)
    assert (status, said["refused"]) == (0, [])
    with Ledger.open(tmp_path / "case") as ledger:
        (document,) = ledger.documents()
    assert WORDS in document.text
    assert document.url == server.url("/a")
    assert document.published is None


def test_a_redirected_page_is_one_report_under_the_address_where_it_was_found(tmp_path, server, ask):
    server.says["/old"] = moved("/a")
    assert ask("fetch", server.url("/old"), "--case", tmp_path / "case", *OWN)[0] == 0
    with Ledger.open(tmp_path / "case") as ledger:
        (document,) = ledger.documents()
    assert document.url == server.url("/a")
    assert list(captures(tmp_path / "case")) == [server.url("/old")]


def test_urls_come_from_a_file_and_from_standard_input(tmp_path, server, ask, monkeypatch):
    listed = f"# two pages\n\n  {server.url('/a')}  \n{server.url('/b')}\n{server.url('/a')}\n"
    (tmp_path / "urls.txt").write_text(listed, encoding="utf-8")
    assert ask("fetch", "--from", tmp_path / "urls.txt", "--case", tmp_path / "one", *OWN)[1]["asked"] == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO(listed))
    assert ask("fetch", "--from", "-", "--case", tmp_path / "two", *OWN)[1]["asked"] == 2


def test_no_url_at_all_is_asked_wrongly(tmp_path, ask):
    assert ask("fetch", "--case", tmp_path / "case")[0] == 2
    assert ask("fetch", "--from", tmp_path / "none.txt", "--case", tmp_path / "case")[0] == 2
    assert not (tmp_path / "case").exists()


def test_the_reason_to_ignore_robots_txt_is_in_the_custody_record(tmp_path, server, ask):
    server.says["/robots.txt"] = page(b"User-agent: *\nDisallow: /")
    assert ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN)[0] == 1
    ask(
        "fetch", server.url("/a"), "--case", tmp_path / "case", *OWN, "--ignore-robots", "war crimes\ninquiry"
    )
    (fetched,) = events(tmp_path / "case", "fetched")
    assert fetched.facts["ignore_robots"] == "war crimes inquiry"


# ----------------------------------------------------------------------- failures, and again


def test_a_failure_is_recorded_with_its_reason_and_the_others_go_on(tmp_path, server, ask):
    bad = ("http://2130706433/", "file:///etc/passwd", server.url("/gone"), "http://user:pw@example.org/")
    status, said = ask(
        "fetch", bad[0], bad[1], bad[2], bad[3], server.url("/a"), "--case", tmp_path / "case", *OWN
    )
    assert status == 1
    assert [each["item"] for each in said["refused"]][:4] == list(bad)
    assert "404" in said["refused"][2]["reason"]
    recorded = events(tmp_path / "case", "refused")
    assert {event.item for event in recorded} >= set(bad)
    assert {event.facts["error"] for event in recorded if event.item in bad} == {"NotFetched"}
    assert set(captures(tmp_path / "case")) == {server.url("/gone"), server.url("/a")}
    assert problems(tmp_path / "case") == ()


def test_a_url_of_strange_characters_is_refused_like_any_other(tmp_path, ask):
    (tmp_path / "urls.txt").write_text(
        "http://example.org/\x00\nhttp://\u202eexample.org/\n", encoding="utf-8"
    )
    urls = ("http://example.org/\udcff", "--from", tmp_path / "urls.txt")
    status, said = ask("fetch", *urls, "--case", tmp_path / "case")
    assert (status, len(said["refused"])) == (1, 3)
    assert said["refused"][0]["item"] == "http://example.org/\\xff"
    assert problems(tmp_path / "case") == ()


def test_without_leave_this_machine_is_not_asked(tmp_path, server, ask):
    status, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", "--any-port")
    assert status == 1
    assert "--allow-private" in said["refused"][0]["reason"]
    assert server.asked == []


def test_what_was_fetched_is_asked_again_only_when_told_to(tmp_path, server, ask):
    command = ("fetch", server.url("/a"), server.url("/b"), "--case", tmp_path / "case", *OWN)
    ask(*command[:2], *command[3:])
    assert (ask(*command)[1]["asked"], ask(*command)[1]["fetched before"]) == (1, 2)
    assert server.paths.count("/a") == server.paths.count("/b") == 1
    assert ask(*command, "--again")[1]["asked"] == 2
    assert len(events(tmp_path / "case", "fetched")) == 4


def test_a_page_that_was_expunged_does_not_come_back_when_asked_again(tmp_path, server, ask):
    folder = tmp_path / "case"
    command = ("fetch", server.url("/a"), "--case", folder, *OWN)
    ask(*command)
    with Case.open(folder, write=True) as case:
        (report,) = case.ledger.documents()
        case.expunge(ToExpunge((report.id,), None, "M. Reed", "T. Okoro", "a witness at risk"))
    status, said = ask(*command, "--again")
    assert (status, said["new"]["captures"]) == (1, 0)
    assert "a witness at risk" in said["refused"][0]["reason"]
    held = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(report.text.encode() in each for each in held)
    assert problems(folder) == ()


@pytest.mark.parametrize(
    "first",
    [
        page(b"", status="500 Oh"),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999\r\n\r\n<p>Nobody was",
        b"",
        moved("http://169.254.169.254/"),
    ],
)
def test_what_did_not_come_whole_is_asked_again_and_is_no_report(tmp_path, server, ask, first):
    server.says["/a"] = first
    command = ("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN)
    assert ask(*command)[0] == 1
    with Ledger.open(tmp_path / "case") as ledger:
        assert ledger.documents() == ()
        assert len(ledger.captures()) == bool(first)
    server.says["/a"] = html(WORDS)
    _, said = ask(*command)
    assert said["asked"] == 1
    assert events(tmp_path / "case", "fetched")[-1].facts["complete"]


def test_a_kill_loses_nothing_that_had_come(tmp_path, server, ask):
    killed = threading.Event()
    server.says["/b"] = lambda sock: bool(killed.wait(20))
    urls = [server.url("/a"), server.url("/b"), server.url("/a?2")]
    command = [sys.executable, "-m", "tallystick.cli", "fetch", *urls, "--case", str(tmp_path / "case"), *OWN]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(HOUSE.parent)}) as process:
        until = time.monotonic() + 60
        while "/b" not in server.paths and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    killed.set()
    assert list(captures(tmp_path / "case")) == [server.url("/a")]
    assert problems(tmp_path / "case") == ()
    server.says["/b"] = html(f"{WORDS} Again.")
    server.says["/a?2"] = html(f"{WORDS} Twice.")
    assert ask("fetch", *urls, "--case", tmp_path / "case", *OWN)[1]["asked"] == 2
    assert server.paths.count("/a") == 1
    assert set(captures(tmp_path / "case")) == set(urls)
    assert problems(tmp_path / "case") == ()


def test_a_full_disk_is_told_and_leaves_a_sound_case(tmp_path, server, ask, monkeypatch):
    def full(self: object, *_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording.Recording, "keep", full)
    status, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN)
    assert (status, said["error"]) == (1, "CaseReadOnly")
    assert list((tmp_path / "case" / "captures").iterdir()) == []
    assert problems(tmp_path / "case") == ()


# --------------------------------------------------------------------- pictures and PDFs


def test_without_a_chromium_nothing_is_asked(tmp_path, server, ask, monkeypatch):
    monkeypatch.setattr(drawing.shutil, "which", lambda name: None)
    status, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN, "--image")
    assert status == 2
    assert "apt install chromium" in said["message"]
    assert server.asked == []


def test_drawings_are_captures_that_belong_to_that_of_the_page(tmp_path, server, ask, monkeypatch):
    files = (
        drawing.File("as a picture", ".png", b"\x89PNG", {"width": 1280}),
        drawing.File("as PDF", ".pdf", b"%PDF"),
    )
    monkeypatch.setattr(drawing, "browser", lambda: Path("/bin/false"))
    monkeypatch.setattr(drawing, "draw", lambda warc, program, **what: drawing.Drawn("Chrome/1", files))
    _, said = ask("fetch", server.url("/a"), "--case", tmp_path / "case", *OWN, "--image", "--pdf")
    assert said["new"]["drawings"] == 2
    kept = captures(tmp_path / "case")
    drawn = events(tmp_path / "case", "drawn")
    assert [event.facts["of"] for event in drawn] == [kept[server.url("/a")]] * 2
    assert {event.item for event in drawn} == set(kept.values()) - {kept[server.url("/a")]}
    assert drawn[0].facts["program"] == "Chrome/1"
    assert "without network" in drawn[0].note
    with Ledger.open(tmp_path / "case") as ledger:
        types = {capture.id: capture.media_type for capture in ledger.captures()}
    assert [types[event.item] for event in drawn] == ["image/png", "application/pdf"]
    assert problems(tmp_path / "case") == ()


# ------------------------------------------------------------------------ off unless asked


def test_one_module_imports_what_fetches_and_two_verbs_call_it():
    every = modules(HOUSE)
    reaches = {name: set(imports(name, path, every)) for name, path in every.items()}
    by = {module: {name for name, told in reaches.items() if module in told} for module in every}
    assert by["evidence.exchange"] == {"evidence.fetch"}
    assert by["evidence.fetch"] == {"fetching"}
    assert by["fetching"] == {"case", "cli.fetch", "cli.watch", "watching.feeds"}
    assert by["watching.feeds"] == {"watching.watch"}


def test_nothing_else_knows_of_sockets():
    """Whichever module imports what can open a connection is named here."""
    doors = {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "requests", "httpx"}
    found = {
        name
        for name, path in modules(HOUSE).items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for told in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
        if told in doors or told.partition(".")[0] in doors
    }  # fmt: skip
    assert found <= {
        "evidence.exchange",
        "evidence.answers",
        "evidence.recording",
        "evidence.stamps",  # for a checkpoint, where a server is named
        "cli.desk",  # listens, and asks nobody
        "web.guard",  # between its server and its pages
        "web.api.programs",  # the names of statuses
        "cluster.joining",  # whether the master that was named is there
    }


def test_what_fetches_is_loaded_by_its_verbs_alone():
    """All ways to it lie within functions, so that no other verb even loads it, nor a watch without a feed."""
    for name in ("case", "cli.fetch", "cli.watch", "watching.watch"):
        tree = ast.parse(modules(HOUSE)[name].read_text(encoding="utf-8"))
        at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not any("feeds" in (told := ast.unparse(node)) or "fetching" in told for node in at_once)


_watched: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Below Python's own functions, where no library can pass it by; a hook cannot be taken away again."""
    if _watched is not None and event.startswith("socket.") and event.removeprefix("socket.") in _LEAVING:
        _watched.append(f"{event} {arguments}")
        raise OSError("no test but those of fetching opens a connection")


_LEAVING = ("connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo")
sys.addaudithook(_watch)


def test_all_other_verbs_open_no_connection(tmp_path, ask, monkeypatch):
    linked = '<link href="http://127.0.0.1/x.css"><img src="http://127.0.0.1/">'
    (tmp_path / "a.html").write_text(f"<html><body>{linked}<p>{WORDS}</body></html>", encoding="utf-8")
    case = tmp_path / "case"
    monkeypatch.setattr(sys.modules[__name__], "_watched", seen := [])
    with pytest.raises(OSError, match="opens a connection"):
        socket.create_connection(("127.0.0.1", 9))
    assert seen.pop()
    for verb in (
        ("run", tmp_path / "a.html", "--case", case, "--jobs", "1"),
        ("verify", case),
        ("findings", case),
        ("totals", case),
        ("export", case, tmp_path / "export"),
        ("changes", case, "--since", "0"),
    ):
        assert ask(*verb)[0] == 0
    assert seen == []
