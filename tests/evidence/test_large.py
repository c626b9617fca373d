"""Memory does not grow with what is received."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tallystick.errors import TooLarge
from tallystick.evidence import check, path_of, read
from tallystick.evidence.formats import LINE_LIMIT
from tallystick.model import Capture

MB = 1 << 20


@pytest.fixture
def fifty_megabyte_line(tmp_path: Path) -> Path:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"id": "a", "text": "One fell."}\n{"id": "b", "text": "')
        for _ in range(50):
            file.write(b"x" * MB)
        file.write(b'"}\n{"id": "c", "text": "Two fell."}\n')
    return path


def test_a_line_of_50_megabytes_is_refused_alone_and_never_held_whole(
    fifty_megabyte_line: Path, store: Path, kept: Callable[[Path], Capture]
) -> None:
    capture = kept(fifty_megabyte_line)
    tracemalloc.start()
    first, second, third = read(capture, path_of(store, capture.id), stem="long")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (getattr(first, "name", None), type(second), getattr(third, "name", None)) == ("a", TooLarge, "c")
    assert "line 2 has more than 16 MB" in str(second)
    assert peak < 2 * LINE_LIMIT + 4 * MB


def test_a_line_of_50_megabytes_without_an_end_is_refused(
    tmp_path: Path, take: Callable[[Path], list[Any]]
) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.truncate(50 * MB)
        file.write(b'{"text": "' + b"x" * 5000)
    (refused,) = take(path)
    assert type(refused) is TooLarge


LIMITED = """
import resource, sys
from pathlib import Path
from tallystick.evidence import check, keep
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (32 << 20),) * 2)
store = Path(sys.argv[2])
capture = keep(Path(sys.argv[1]), store, received="", by="")
assert check(store, capture) is None
print(capture.size)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is set by what /proc says")
def test_a_file_of_200_megabytes_is_kept_and_checked_within_32(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200 * MB)
    command = [sys.executable, "-c", LIMITED, str(path), str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{200 * MB}\n", "")


def test_a_file_past_64_megabytes_is_kept_but_not_read(
    tmp_path: Path, store: Path, kept: Callable[[Path], Capture]
) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(66 * MB)
    capture = kept(path)
    assert capture.size == 66 * MB
    tracemalloc.start()
    (refused,) = read(capture, path_of(store, capture.id), stem="large")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert type(refused) is TooLarge
    assert peak < 65 * MB
    assert check(store, capture) is None
