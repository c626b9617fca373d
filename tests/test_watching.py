"""Reports that arrive: each is taken in once, none is lost, whatever is killed, broken, or still being written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
import tests_streams
import tests_watched
from tests_server import Server, page
from tests_streams import read_quickly, report, sentence

from tallystick import claims as reader
from tallystick import cli, evidence
from tallystick.case import Case
from tallystick.errors import AskedWrongly
from tallystick.expunge import ToExpunge
from tallystick.fetching import Rules
from tallystick.ledger import Ledger
from tallystick.model import Capture, Record
from tallystick.watching import Batch, Pace, Watch
from tallystick.watching import folders as looking

NOW = Pace(still=0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    read_quickly(monkeypatch)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with Case.make(tmp_path / "case") as opened:
        yield opened


def fill(inbox: Path, number: int, first: int = 0) -> None:
    for n in range(first, first + number):
        file = report(inbox, f"r{n}", sentence(10 + n, voice=f"source {n}"))
        os.utime(file, (1_500_000_000 + n, 1_500_000_000 + n))


def names(case: Case) -> list[str]:
    return sorted(document.name for document in case.ledger.documents())


def happened(case: Case, *what: str) -> Counter[tuple[str, str]]:
    """How often each thing happened to each item; of what was received, to each origin."""
    events = case.ledger.events(*what)
    return Counter((each.what, str(each.facts.get("origin", each.item))) for each in events)


def told(record: Record) -> tuple[Any, ...]:
    """What a record tells, whatever came first."""
    return record.documents, record.claims, record.accounts, record.judgements, record.weighed, record.lines


# ------------------------------------------------------------------------------------ folders


def test_what_lies_in_a_folder_is_taken_in_read_and_compared_once(case: Case, inbox: Path) -> None:
    fill(inbox, 3)
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert (done.files, done.documents, done.read, done.waiting) == (3, 3, 3, 0)
    assert done.judgements is not None
    assert done.judgements > 0
    assert done.event == case.ledger.head()[0]
    (again,) = watch.round()
    assert again.is_idle
    assert case.ledger.head()[0] == done.event


def test_a_new_file_is_taken_in_by_the_next_round_and_the_record_is_that_of_adding_all(
    case: Case, inbox: Path, tmp_path: Path
) -> None:
    watch = Watch(case, [inbox], pace=NOW)
    for n in range(3):
        fill(inbox, 1, first=n)
        assert [done.documents for done in watch.round()] == [1]
    with Case.make(tmp_path / "other") as other:
        other.add([inbox])
        other.read(jobs=1)
        other.link()
        assert told(other.record()) == told(case.record())


def test_an_empty_folder_and_one_that_goes_and_comes_back_are_watched_on(case: Case, inbox: Path) -> None:
    watch = Watch(case, [inbox], pace=NOW)
    assert [done.is_idle for done in watch.round()] == [True]
    inbox.rmdir()
    assert [done.is_idle for done in watch.round()] == [True]
    fill(inbox, 1)
    assert [done.files for done in watch.round()] == [1]


def test_a_file_that_is_being_written_is_left_until_it_is_still(case: Case, inbox: Path) -> None:
    file = report(inbox, "r", sentence(12))
    watch = Watch(case, [inbox], pace=Pace(still=0.4))
    (done,) = watch.round()
    assert (done.files, done.unsettled) == (0, 1)
    file.write_text(json.dumps({"id": "r", "text": sentence(13)}))
    time.sleep(0.25)
    file.write_text(json.dumps({"id": "r", "text": sentence(14)}))
    assert [(d.files, d.unsettled) for d in watch.round()] == [(0, 1)]
    time.sleep(0.5)
    assert [(d.files, d.unsettled) for d in watch.round()] == [(1, 0)]
    (document,) = case.ledger.documents()
    assert "14 people" in document.text


def test_a_disk_whose_clock_is_ahead_holds_no_file_back(case: Case, inbox: Path) -> None:
    file = report(inbox, "r", sentence(12))
    os.utime(file, (time.time() + 86_400, time.time() + 86_400))
    watch = Watch(case, [inbox], pace=Pace(still=0.2))
    assert [done.unsettled for done in watch.round()] == [1]
    time.sleep(0.25)
    assert [done.files for done in watch.round()] == [1]


def test_once_waits_for_a_file_as_long_as_a_still_one_needs_and_leaves_the_others(
    case: Case, inbox: Path
) -> None:
    report(inbox, "r", sentence(12))
    watch = Watch(case, [inbox], pace=Pace(still=0.2))
    assert [done.files for done in watch.once()] == [0, 1]


def test_what_is_unfinished_hidden_or_beside_a_report_is_no_report(case: Case, inbox: Path) -> None:
    fill(inbox, 1)
    for name in (".hidden.json", "big.json.part", "page.html.crdownload"):
        (inbox / name).write_text("{}")
    (inbox / "r0.json.meta.json").write_text('{"title": "From the sidecar"}')
    assert [done.files for done in Watch(case, [inbox], pace=NOW).round()] == [1]
    (document,) = case.ledger.documents()
    assert document.title == "From the sidecar"


def test_a_sidecar_that_comes_later_is_heard(case: Case, inbox: Path) -> None:
    fill(inbox, 1)
    watch = Watch(case, [inbox], pace=NOW)
    list(watch.round())
    (inbox / "r0.json.meta.json").write_text('{"title": "Later"}')
    assert [done.documents for done in watch.round()] == [1]
    assert [document.title for document in case.ledger.documents()] == ["Later"]


def test_the_case_itself_is_not_taken_in_where_it_lies_in_the_folder(inbox: Path) -> None:
    fill(inbox, 1)
    with Case.make(inbox / "case") as case:
        assert [done.files for done in Watch(case, [inbox], pace=NOW).round()] == [1]


def test_a_link_out_of_the_folder_is_refused_once_and_not_followed(
    case: Case, inbox: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text(sentence(99))
    (inbox / "link.txt").symlink_to(tmp_path / "secret.txt")
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert "a link out of its folder" in done.refused[0].note
    assert [each.is_idle for each in watch.round()] == [True]
    assert names(case) == []


# ------------------------------------------------------------------------------------ what is broken


def test_a_bad_file_is_refused_alone_and_tried_again_only_when_it_changes(
    case: Case, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(inbox, 2)
    bad = inbox / "bad.json"
    bad.write_text('{"id": "bad"')
    kept: list[str] = []
    keep = evidence.keep
    monkeypatch.setattr(evidence, "keep", lambda path, *a, **o: kept.append(path.name) or keep(path, *a, **o))
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert (done.documents, len(done.refused)) == (2, 1)
    for _ in range(3):
        assert [each.is_idle for each in watch.round()] == [True]
    assert kept.count("bad.json") == 1
    bad.write_text(json.dumps({"id": "bad", "text": sentence(12)}))
    assert [each.documents for each in watch.round()] == [1]
    assert case.record().refusals == ()


def test_a_report_that_its_reader_refuses_is_not_read_again_each_round(
    case: Case, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(reader, "claims", lambda d: tried.append(d.name) or tests_streams.told(d))
    report(inbox, "odd", "unreadable words")
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert [event.note for event in done.refused] == ["odd cannot be read"]
    for n in range(3):
        fill(inbox, 1, first=n)
        assert [each.refused for each in watch.round()] == [()]
    assert Counter(tried) == Counter(("odd", "r0", "r1", "r2"))


def test_a_fault_of_the_reader_at_one_report_stops_nothing(case: Case, inbox: Path) -> None:
    report(inbox, "a-bad", "this one crashes")
    fill(inbox, 2)
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert (done.documents, done.read, done.refused) == (3, 2, ())
    assert done.claims == len(case.ledger.claims())
    assert "ZeroDivisionError" in done.faults[0]
    assert "a-bad" in done.faults[0]
    fill(inbox, 1, first=2)
    assert [(each.read, each.faults) for each in watch.round()] == [(1, ())]


def test_a_fault_at_one_file_stops_nothing(case: Case, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = evidence.read

    def faulty(capture: Capture, *more: Any, **named: Any) -> Iterator[Any]:
        if "r1." in capture.origin:
            raise ZeroDivisionError
        yield from read(capture, *more, **named)

    monkeypatch.setattr(evidence, "read", faulty)
    fill(inbox, 3)
    watch = Watch(case, [inbox], pace=NOW)
    (done,) = watch.round()
    assert (done.documents, done.read, len(done.faults)) == (2, 2, 1)
    assert "ZeroDivisionError" in done.faults[0]
    assert "r1." in done.faults[0]
    fill(inbox, 1, first=3)
    assert [(each.read, each.faults) for each in watch.round()] == [(1, ())]


# ------------------------------------------------------------------------------------ too much


def test_more_than_a_batch_waits_where_it_lies_and_all_of_it_comes_oldest_first(
    case: Case, inbox: Path
) -> None:
    fill(inbox, 7)
    done = list(Watch(case, [inbox], pace=Pace(still=0, batch=3)).round())
    assert [(each.files, each.waiting) for each in done] == [(3, 4), (3, 1), (1, 0)]
    assert done[0].oldest > 86_400
    received = [event.facts["origin"] for event in case.ledger.events("received")]
    assert received == [str(inbox / f"r{n}.json") for n in range(7)]
    assert done[-1].judgements is not None
    assert len(case.record().documents) == 7


def test_when_more_arrives_than_is_read_the_watch_says_so_and_drops_nothing(case: Case, inbox: Path) -> None:
    fill(inbox, 4)
    watch = Watch(case, [inbox], pace=Pace(still=0, batch=2))
    done: list[Batch] = []
    for batch in watch.round():
        done.append(batch)
        if len(done) < 4:
            fill(inbox, 3, first=4 + 3 * len(done))
    assert [batch.behind for batch in done[:4]] == [False, True, True, True]
    assert not done[-1].behind
    assert done[-1].waiting == 0
    assert len(names(case)) == 4 + 9 == sum(batch.documents for batch in done)


def test_a_file_that_is_written_to_while_it_waits_for_its_batch_waits_anew(
    case: Case, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_APART", 10**9)  # no look while files wait
    fill(inbox, 4)
    watch = Watch(case, [inbox], pace=Pace(still=60, batch=2))
    batches = watch.round()
    assert next(batches).waiting == 2
    report(inbox, "r3", sentence(99))
    assert [done.files for done in batches] == [1]
    assert names(case) == ["r0", "r1", "r2"]
    assert [(done.files, done.unsettled) for done in watch.round()] == [(0, 1)]


# ------------------------------------------------------------------------------ stopped, killed, begun again


def test_stop_ends_a_watch_between_two_reports_and_the_next_one_goes_on(case: Case, inbox: Path) -> None:
    fill(inbox, 6)
    stop = Flag()
    watch = Watch(case, [inbox], pace=Pace(still=0, batch=2), stop=stop)
    rounds = watch.rounds()
    assert next(rounds).files == 2
    stop.set()
    assert list(rounds) == []
    assert len(names(case)) == 2
    assert sum(done.files for done in Watch(case, [inbox], pace=NOW).round()) == 4
    assert set(happened(case, "received", "kept", "read").values()) == {1}


def test_what_was_taken_in_and_not_read_is_read_first(case: Case, inbox: Path) -> None:
    fill(inbox, 2)
    case.add([inbox])
    (inbox / "r0.json").unlink()
    assert [done.read for done in Watch(case, [inbox], pace=NOW).round()] == [2]


@pytest.mark.parametrize("how", ["lost", "of another case", "garbage"])
def test_without_its_notes_a_watch_does_all_again_with_the_same_outcome(
    case: Case, inbox: Path, tmp_path: Path, how: str
) -> None:
    fill(inbox, 3)
    list(Watch(case, [inbox], pace=NOW).round())
    before = case.ledger.head()
    seen = looking.Seen(case, [inbox])
    assert len(seen.stamps) == 3
    file = seen._file
    if how == "lost":
        file.unlink()
    elif how == "garbage":
        file.write_text('{"form": 1, "files": [')
    else:
        kept = json.loads(file.read_text())
        file.write_text(json.dumps(kept | {"chain": "0" * 64}))
    assert looking.Seen(case, [inbox]).stamps == {}
    (done,) = Watch(case, [inbox], pace=NOW).round()
    assert (done.files, done.documents, done.read) == (3, 0, 0)
    assert case.ledger.head() == before


Walk = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    """Watches in a process of its own, killed at a step if asked."""
    program = subprocess.Popen(
        [sys.executable, tests_watched.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None
    assert program.stdout is not None
    told, said = program.stdin, program.stdout

    def ask(case: Path, reports: Path, step: int = 0) -> dict[str, Any]:
        asked = {"case": str(case), "reports": str(reports), "step": step, "how": "kill" if step else ""}
        told.write(json.dumps(asked) + "\n")
        told.flush()
        return dict(json.loads(said.readline()))

    yield ask
    told.close()
    program.wait()
    said.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork")
def test_killed_at_any_step_again_and_again_nothing_is_lost_and_nothing_comes_twice(
    walk: Walk, inbox: Path, tmp_path: Path
) -> None:
    fill(inbox, 3)
    (inbox / "bad.json").write_text('{"id": "bad"')
    counted = walk(tmp_path / "whole", inbox, step=10**9)
    assert counted["error"] is None
    with Case.open(tmp_path / "whole") as case:
        whole, came = told(case.record()), happened(case, "received", "kept", "read", "refused")
        assert set(came.values()) == {1}
    moments, killed = 3, 0
    for n in range(1, moments + 1):
        folder = tmp_path / f"case-{n}"
        for step in (counted["steps"] * n // (moments + 1), counted["steps"] // 9)[: 1 + n % 2]:
            killed += walk(folder, inbox, step)["killed"]
        assert walk(folder, inbox)["error"] is None
        with Case.open(folder) as case:
            assert told(case.record()) == whole
            assert happened(case, "received", "kept", "read", "refused") == came
            assert case.verify().problems == ()
    assert killed == 5


# ------------------------------------------------------------------------------------ the verb


@pytest.fixture
def watching(inbox: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """The verb, in a process of its own, with a quick reader."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*more: str) -> subprocess.Popen[str]:
        command = [sys.executable, tests_watched.__file__, "watch", str(tmp_path / "case"), str(inbox), *more]
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return begun[-1]

    yield begin
    for program in begun:
        program.kill()
        program.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_verb_cleanly_and_the_case_verifies(
    watching: Callable[..., subprocess.Popen[str]], inbox: Path, tmp_path: Path, number: int
) -> None:
    fill(inbox, 2)
    program = watching("--json", "--still", "0", "--every", "60")
    assert program.stdout is not None
    said = json.loads(program.stdout.readline())
    assert (said["batch"], said["files"], said["read"], said["waiting"]) == (1, 2, 2, 0)
    program.send_signal(number)
    out, err = program.communicate(timeout=20)
    assert (program.returncode, out, err) == (0, "", "")
    with Case.open(tmp_path / "case") as case:
        assert case.verify().problems == ()
        assert said["event"] == case.ledger.head()[0]
        assert (tmp_path / "case" / "manifest.sha256").exists()


def test_once_from_cron_tells_in_a_line_what_it_did_and_a_refusal_is_its_status(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def once() -> tuple[object, str, str]:
        command = ["tallystick", "watch", str(tmp_path / "case"), str(inbox), "--once", "--still", "0"]
        monkeypatch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    fill(inbox, 1)
    (inbox / "odd.xyz").write_text("what is this")
    status, out, err = once()
    assert out.startswith("2 files, 1 new or changed report, 1 read, ")
    assert "1 refused" in out
    assert "ends in .xyz" in err
    assert status == 1
    assert once() == (0, "nothing new\n", "")


def test_nothing_to_watch_and_no_folder_are_asked_wrongly(tmp_path: Path, case: Case) -> None:
    with pytest.raises(AskedWrongly, match="at least one folder"):
        Watch(case)
    with pytest.raises(AskedWrongly, match="is no folder"):
        Watch(case, [tmp_path / "none"])


# ------------------------------------------------------------------------------------ feeds


RSS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><lastBuildDate>{made}</lastBuildDate>'
    "{items}</channel></rss>"
)
OWN = Rules(allow_private=True, any_port=True, delay=0.0)


def feed(
    *numbers: int, made: str = "Mon, 20 May 2019 00:00:00 GMT", ids: bool = True, etag: str = ""
) -> bytes:
    items = "".join(
        f"<item><title>Strike {n}</title>{f'<guid>e{n}</guid>' if ids else ''}"
        f"<link>https://wire.example/{n}</link><pubDate>Fri, 17 May 2019 10:00:00 GMT</pubDate>"
        f"<description>{sentence(n)}</description></item>"
        for n in numbers
    )
    headers = ["Content-Type: application/rss+xml", *([f"ETag: {etag}"] if etag else [])]
    return page(RSS.format(made=made, items=items).encode(), *headers)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"/feed": feed(11, 12)}) as serving:
        yield serving


@pytest.fixture
def follow(case: Case, server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Batch]:
    """One round of a watch that follows the feed; time passes between two of them."""
    clock = [1000.0]
    from tallystick.watching import feeds

    monkeypatch.setattr(feeds.time, "monotonic", lambda: clock[0])
    watch = Watch(case, [], [server.url("/feed")], rules=OWN, pace=NOW)

    def once() -> Batch:
        clock[0] += 10_000
        return next(iter(watch.round()))

    return once


def asked(server: Server) -> list[bytes]:
    return [each for each in server.asked if b" /feed " in each]


def test_each_entry_of_a_feed_is_a_report_once_wherever_it_stands_in_it_later(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    assert follow().documents == 2
    server.says["/feed"] = feed(13, 11, 12)
    assert follow().documents == 1
    assert sorted(d.title or "" for d in case.ledger.documents()) == ["Strike 11", "Strike 12", "Strike 13"]
    assert len(case.ledger.captures()) == 2
    assert case.verify().problems == ()


def test_entries_without_ids_are_told_apart_by_what_they_say(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    server.says["/feed"] = feed(11, 12, ids=False)
    assert follow().documents == 2
    server.says["/feed"] = feed(13, 11, 12, ids=False)
    assert follow().documents == 1


def test_a_feed_that_only_tells_that_it_was_made_anew_is_not_kept(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    follow()
    head = case.ledger.head()
    server.says["/feed"] = feed(11, 12, made="Tue, 21 May 2019 00:00:00 GMT")
    assert follow().is_idle
    assert case.ledger.head() == head
    assert not [each for each in (case.folder / "captures").rglob("*") if each.name.startswith(".")]


def test_an_entry_that_was_expunged_does_not_come_back_with_the_next_answer(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    follow()
    (gone,) = (each.id for each in case.ledger.documents() if each.title == "Strike 11")
    case.expunge(ToExpunge((gone,), None, "M. Reed", "T. Okoro", "a witness at risk"))
    server.says["/feed"] = feed(13, 11, 12, made="Tue, 21 May 2019 00:00:00 GMT")
    batch = follow()
    assert batch.documents == 0
    (refused,) = batch.refused
    assert refused.facts["error"] == "WasExpunged"
    assert "a witness at risk" in refused.note
    assert not any(sentence(11).encode() in p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
    rows = case.ledger.head()
    server.says["/feed"] = feed(13, 11, 12, made="Wed, 22 May 2019 00:00:00 GMT")
    follow()
    assert case.ledger.head() == rows
    server.says["/feed"] = feed(13, 12)
    assert follow().documents == 2  # 12 went with the answer that it came in, and is not what had to go
    assert sorted(d.title or "" for d in case.ledger.documents()) == ["Strike 12", "Strike 13"]
    assert case.verify().problems == ()


def test_an_entry_that_is_expunged_goes_from_every_answer_that_gave_it(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    follow()
    server.says["/feed"] = feed(13, 11, 12)
    follow()
    (gone,) = (each.id for each in case.ledger.documents() if each.title == "Strike 11")
    case.expunge(ToExpunge((gone,), None, "M. Reed", "T. Okoro", "a witness at risk"))
    assert not any(sentence(11).encode() in p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
    whole = feed(13, 11, 12).partition(b"\r\n\r\n")[2]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: 99999\r\n\r\n"
    server.says["/feed"] = head + whole  # cut short, so that it cannot be told what it holds
    assert len(follow().refused) == 1
    assert not any(sentence(11).encode() in p.read_bytes() for p in case.folder.rglob("*") if p.is_file())
    assert case.verify().problems == ()


def test_a_feed_is_asked_by_whether_it_changed(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    server.says["/feed"] = [feed(11, etag='"one"'), page(b"", status="304 Not Modified")]
    assert follow().documents == 1
    head = case.ledger.head()
    assert follow().is_idle
    assert b"If-None-Match" not in asked(server)[0]
    assert b'\r\nIf-None-Match: "one"\r\n' in asked(server)[1]
    assert case.ledger.head() == head


def test_a_feed_that_fails_is_refused_once_asked_less_often_and_told_to_be_well_again(
    case: Case, server: Server, follow: Callable[[], Batch]
) -> None:
    good = server.says["/feed"]
    follow()
    server.says["/feed"] = page(b"oops", status="500 Internal Server Error")
    assert len(follow().refused) == 1
    captures = len(case.ledger.captures())
    assert follow().documents == 0
    assert len(case.ledger.captures()) == captures
    assert len(case.record().refusals) == 1
    server.says["/feed"] = good
    follow()
    assert case.record().refusals == ()
    assert len(names(case)) == 2


def test_robots_txt_is_heeded_and_a_feed_is_not_asked_before_it_is_due(
    case: Case, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(case, [], [server.url("/feed")], rules=OWN, pace=NOW)
    list(watch.round())
    list(watch.round())
    assert len(asked(server)) == 1
    server.says["/robots.txt"] = page(b"User-agent: *\nDisallow: /")
    (done, *_) = Watch(case, [], [server.url("/feed")], rules=OWN, pace=NOW).round()
    assert "is not asked" in done.refused[0].note
    assert len(asked(server)) == 1


def test_a_watch_that_was_killed_between_the_answer_and_its_event_takes_no_entry_in_twice(
    case: Case, server: Server, follow: Callable[[], Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Ledger.append

    def killed(self: Ledger, **rows: Any) -> Any:
        if any(event.what == "fetched" for event in rows.get("events", ())):
            raise KeyboardInterrupt
        return append(self, **rows)

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            follow()
    assert len(names(case)) == 2
    assert follow().documents == 0
    assert len(names(case)) == 2


def test_folders_and_feeds_are_watched_together_and_a_thread_may_stop_it(
    case: Case, inbox: Path, server: Server
) -> None:
    fill(inbox, 1)
    stop = Flag()
    watch = Watch(case, [inbox], [server.url("/feed")], rules=OWN, pace=NOW, stop=stop)
    came = 0
    for batch in watch.rounds():
        came += batch.documents
        if came == 3:
            Thread(target=stop.set).start()
    assert came == 3
