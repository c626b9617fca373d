"""A folder is put in place at once: what stood there, or what is new, never a half of each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallystick.dossier import shelf, write
from tallystick.dossier.shelf import placed
from tallystick.errors import AskedWrongly
from tallystick.model import Record


def _ours(folder: Path) -> bool:
    return all(path.name.startswith("part-") for path in folder.iterdir())


def _fill(folder: Path, text: str, parts: int = 3) -> None:
    with placed(folder, _ours, "a test") as fresh:
        for n in range(parts):
            (fresh / f"part-{n}").write_text(text)


@pytest.mark.parametrize("at_once", [True, False])
def test_the_new_takes_the_place_of_the_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    if not at_once:
        monkeypatch.setattr(shelf, "_exchange_at_once", lambda left, right: False)
    out = tmp_path / "deep" / "out"
    _fill(out, "old", 5)
    _fill(out, "new", 2)
    assert sorted(path.name for path in out.iterdir()) == ["part-0", "part-1"]
    assert {path.read_text() for path in out.iterdir()} == {"new"}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_a_run_that_fails_leaves_the_old(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _fill(out, "old")

    def interrupted() -> None:
        with placed(out, _ours, "a test") as fresh:
            (fresh / "part-0").write_text("half")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        interrupted()
    assert {path.read_text() for path in out.iterdir()} == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_run_left_behind_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".out.new").mkdir()
    (tmp_path / ".out.new" / "part-9").write_text("half")
    _fill(tmp_path / "out", "new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out", "part-0", "part-1", "part-2"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(AskedWrongly, match="is a file"):
        _fill(tmp_path / "out", "new")


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AskedWrongly, match="cannot be written"):
        _fill(tmp_path / "file" / "out", "new")


def test_a_dossier_takes_no_other_folder_s_place(market: Record, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>my own site</title>")
    with pytest.raises(AskedWrongly, match="no part of a dossier"):
        write(market, tmp_path)
    assert (tmp_path / "index.html").read_text() == "<title>my own site</title>"


def test_a_former_dossier_s_pages_go(market: Record, tmp_path: Path) -> None:
    out = tmp_path / "dossier"
    write(market, out)
    (out / "reports" / "doc-gone.html").write_text("a report that was expunged")
    write(market, out)
    assert not (out / "reports" / "doc-gone.html").exists()


_ENDLESS = """
import sys
from pathlib import Path
from tallystick.dossier.shelf import placed
n = 0
while True:
    n += 1
    with placed(Path(sys.argv[1]), lambda folder: True, "a test") as fresh:
        for part in range(20):
            (fresh / str(part)).write_text(str(n))
    print(n, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is asked to swap two folders in one step")
def test_a_run_killed_at_any_moment_leaves_a_whole_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for moment in range(8):
        run = subprocess.Popen(
            [sys.executable, "-c", _ENDLESS, str(out)], stdout=subprocess.PIPE, env=_paths()
        )
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(0.003 * moment)
        run.send_signal(signal.SIGKILL)
        run.stdout.close()
        run.wait()
        assert len({path.read_text() for path in out.iterdir()}) == 1
        assert len(list(out.iterdir())) == 20


def _paths() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
