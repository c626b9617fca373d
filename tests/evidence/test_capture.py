"""Bytes are kept as they came, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.errors import CaseDamaged, CaseReadOnly, Unreadable
from tallystick.evidence import check, keep, media_type_of, path_of, sweep
from tallystick.evidence.capture import CHUNK
from tallystick.model import Capture, CaptureId

Kept = Callable[[Path], Capture]


def noise(seed: str, size: int) -> bytes:
    """Bytes without a pattern, the same at each run."""
    return hashlib.shake_256(seed.encode()).digest(size)


def held(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


@given(data=st.binary(max_size=3000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_are_kept_exactly_as_received(data: bytes, tmp_path: Path, store: Path, kept: Kept) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(data)
    capture = kept(path)
    assert capture.id == hashlib.sha256(data).hexdigest()
    assert capture.size == len(data)
    assert path_of(store, capture.id).read_bytes() == data
    assert check(store, capture) is None


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_bytes_are_kept_whatever_their_number(size: int, tmp_path: Path, store: Path, kept: Kept) -> None:
    data = noise(str(size), size)
    (tmp_path / "report.bin").write_bytes(data)
    capture = kept(tmp_path / "report.bin")
    assert capture.size == size
    assert path_of(store, capture.id).read_bytes() == data


def test_a_capture_says_what_where_when_and_by_whom(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "Report.HTML"
    path.write_text("<p>words", encoding="utf-8")
    digest = CaptureId(hashlib.sha256(b"<p>words").hexdigest())
    assert kept(path) == Capture(digest, 8, "text/html", str(path), "2020-01-02T03:04:05Z", "the tests")


def test_a_name_that_is_no_utf_8_can_still_be_stored_and_printed(tmp_path: Path, kept: Kept) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    try:
        path.write_bytes(b"words")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert kept(path).origin.endswith("caf\\xe9.txt")
    kept(path).origin.encode()


def test_the_same_bytes_are_kept_once_and_left_alone(tmp_path: Path, store: Path, kept: Kept) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"words")
    first = kept(tmp_path / "a.txt")
    place = path_of(store, first.id)
    before = place.stat()
    second = kept(tmp_path / "b.txt")
    assert (second.id, second.origin) == (first.id, str(tmp_path / "b.txt"))
    assert held(store) == [place]
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_kept_file_is_read_only_and_lies_under_its_digest(tmp_path: Path, store: Path, kept: Kept) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    capture = kept(tmp_path / "a.txt")
    place = path_of(store, capture.id)
    assert place == store / capture.id[:2] / capture.id
    assert stat.S_IMODE(place.stat().st_mode) == 0o444


@pytest.mark.parametrize("name", ["", "ab", "../../../etc/passwd", "A" * 64, "0" * 63 + "/", "0" * 64 + "\n"])
def test_only_a_digest_leads_into_the_store(name: str, store: Path) -> None:
    with pytest.raises(CaseDamaged, match="no SHA-256"):
        path_of(store, CaptureId(name))


def test_any_flipped_byte_is_named(tmp_path: Path, store: Path, kept: Kept) -> None:
    data = noise("5", 2 * CHUNK + 100)
    (tmp_path / "a.bin").write_bytes(data)
    capture = kept(tmp_path / "a.bin")
    place = path_of(store, capture.id)
    place.chmod(0o644)
    for at in (0, 77, CHUNK - 1, CHUNK, 2 * CHUNK, len(data) - 1):
        place.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        said = check(store, capture)
        assert said is not None
        assert capture.id in said
        assert "was changed" in said
    place.write_bytes(data)
    assert check(store, capture) is None


def test_what_does_not_hold_is_said_in_a_sentence(tmp_path: Path, store: Path, kept: Kept) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    capture = kept(tmp_path / "a.txt")
    place = path_of(store, capture.id)
    place.chmod(0o644)
    place.write_bytes(b"word")
    assert "has 4 bytes, but 5 were received" in (check(store, capture) or "")
    place.unlink()
    assert "is missing" in (check(store, capture) or "")
    place.mkdir()
    assert "no plain file" in (check(store, capture) or "")


def test_other_bytes_under_a_digest_are_never_mended_in_silence(
    tmp_path: Path, store: Path, kept: Kept
) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    place = path_of(store, kept(tmp_path / "a.txt").id)
    place.chmod(0o644)
    place.write_bytes(b"wards")
    with pytest.raises(CaseDamaged, match="tallystick verify"):
        kept(tmp_path / "a.txt")
    assert place.read_bytes() == b"wards"
    assert held(store) == [place], "nothing unfinished is left"


def test_a_folder_a_pipe_and_a_missing_file_are_unreadable(tmp_path: Path, store: Path, kept: Kept) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    for name, words in (
        ("pipe.txt", "no plain file"),
        ("folder.txt", "no plain file"),
        ("none.txt", "No such file"),
    ):
        with pytest.raises(Unreadable, match=words) as caught:
            kept(tmp_path / name)
        assert name in str(caught.value)
    assert not store.exists() or held(store) == []


def test_a_store_that_cannot_be_written_is_said_to_be_read_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CaseReadOnly, match="cannot be written to"):
        keep(tmp_path / "a.txt", tmp_path / "file" / "store", received="", by="")


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, store: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaseReadOnly, match="No space left"):
        kept(tmp_path / "a.txt")
    assert held(store) == []


def test_a_file_reaches_the_disk_before_it_gets_its_name(
    tmp_path: Path, store: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    steps: list[str] = []
    sync, rename = os.fsync, os.replace

    def synced(handle: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def renamed(source: Path, target: Path) -> None:
        assert Path(source).read_bytes() == b"words"
        steps.append("name")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    kept(tmp_path / "a.txt")
    assert steps == ["file", "folder", "name", "folder"]


def test_unfinished_files_are_swept_when_old_enough(tmp_path: Path, store: Path, kept: Kept) -> None:
    (tmp_path / "a.txt").write_bytes(b"words")
    place = path_of(store, kept(tmp_path / "a.txt").id)
    (store / ".new-old").write_bytes(b"half")
    os.utime(store / ".new-old", (time.time() - 7200, time.time() - 7200))
    (store / ".new-young").write_bytes(b"half")
    assert sweep(store) == 1
    assert held(store) == [store / ".new-young", place]
    assert sweep(store / "none") == 0


def test_the_ending_names_the_media_type() -> None:
    told = {
        name: media_type_of(Path(name))
        for name in ("a.TXT", "a.json", "a.jsonl", "a.htm", "a.b.html", "a", "a.xyz")
    }
    assert told == {
        "a.TXT": "text/plain",
        "a.json": "application/json",
        "a.jsonl": "application/x-ndjson",
        "a.htm": "text/html",
        "a.b.html": "text/html",
        "a": "application/octet-stream",
        "a.xyz": "application/octet-stream",
    }


STEADILY = """
import sys
from itertools import count
from pathlib import Path
from tallystick.evidence import keep
folder, store = Path(sys.argv[1]), Path(sys.argv[2])
rounds = range(int(sys.argv[3])) if sys.argv[3] != "for ever" else count()
print("ready", flush=True)
sys.stdin.readline()
for number in rounds:
    path = folder / f"{number}.txt"
    if not path.exists():
        path.write_bytes(b"%d of %s" % (number, bytes(folder)) * 20_000)
    print(keep(path, store, received="", by="").id, flush=True)
"""


def keeping(folder: Path, store: Path, rounds: int | str) -> subprocess.Popen[str]:
    """A process that stands ready to keep files, and begins at a line of input."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-c", STEADILY, str(folder), str(store), str(rounds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def assert_all_hold(store: Path) -> int:
    finished = [path for path in held(store) if not path.name.startswith(".new-")]
    for path in finished:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    return len(finished)


def test_killed_at_any_moment_the_store_holds_only_whole_files(tmp_path: Path, store: Path) -> None:
    for turn, pause in enumerate(noise("pauses", 10)):
        process = keeping(tmp_path / f"turn-{turn}", store, "for ever")
        begin(process)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(0.04 * pause / 255)
        process.send_signal(signal.SIGKILL)
        said = [first.strip(), *process.communicate()[0].split()]
        assert process.returncode == -signal.SIGKILL
        assert_all_hold(store)
        # A last line may have been cut off by the kill.
        whole = [CaptureId(name) for name in said if len(name) == 64]
        assert all(path_of(store, name).is_file() for name in whole), "what was reported stays"
    assert assert_all_hold(store) >= 10


def test_two_processes_may_keep_the_same_files_at_once(tmp_path: Path, store: Path) -> None:
    keeping(tmp_path / "same", tmp_path / "first", 60).communicate("go\n")
    both = [keeping(tmp_path / "same", store, 60) for _ in range(2)]
    for process in both:
        begin(process)
    said = [process.communicate()[0] for process in both]
    assert said[0] == said[1]
    assert [process.returncode for process in both] == [0, 0]
    assert assert_all_hold(store) == 60
    assert len(held(store)) == 60, "nothing unfinished is left"


def test_what_the_umask_withholds_is_withheld(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Two people were killed.", encoding="utf-8")
    before = os.umask(0o077)
    try:
        held = keep(tmp_path / "a.txt", tmp_path / "store", received="2020-01-02T03:04:05Z", by="the tests")
    finally:
        os.umask(before)
    assert path_of(tmp_path / "store", held.id).stat().st_mode & 0o777 == 0o400
