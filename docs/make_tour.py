"""Walks docs/tour.md: carries out its commands in an empty folder, and prints the page with what they said.

    .venv/bin/python docs/make_tour.py > /tmp/tour.md && mv /tmp/tour.md docs/tour.md

A command is a line that begins with ``$ `` within a block that begins with ```` ```console ````; what follows
it in the block is what it said. Commands see ``examples/`` and this environment's ``tallystick``; moments of
time are written as one moment, so that two walks say the same. A command that fails ends the walk, unless the
line before its block is ``<!-- status N -->``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "tour.md"
_BLOCK = re.compile(r"(?:<!-- status (\d) -->\n)?```console\n(.*?)```", re.S)
_MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def walked(page: str) -> str:
    """``page`` with what its commands say today."""
    with tempfile.TemporaryDirectory(prefix="tallystick-tour-") as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        return _BLOCK.sub(lambda block: _said(block, Path(folder)), page)


def _said(block: re.Match[str], folder: Path) -> str:
    lines = []
    for command in (line[2:] for line in block[2].splitlines() if line.startswith("$ ")):
        done = subprocess.run(  # noqa: S603 - the page's own commands
            ["bash", "-c", command],  # noqa: S607
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "TALLYSTICK_WHO": "A. Haddad",
                "COLUMNS": "100",
                "NO_COLOR": "1",
                "PYTHONPATH": str(ROOT / "src"),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != int(block[1] or 0):
            raise SystemExit(f"{command}\nended with {done.returncode}:\n{done.stdout}{done.stderr}")
        said = _MOMENT.sub("2019-06-01T09:00:00.000Z", done.stdout)
        lines += [f"$ {command}", *(line.rstrip() for line in said.splitlines())]
    before = f"<!-- status {block[1]} -->\n" if block[1] else ""
    return before + "```console\n" + "\n".join(lines) + "\n```"


if __name__ == "__main__":
    sys.stdout.write(walked(PAGE.read_text(encoding="utf-8")))
