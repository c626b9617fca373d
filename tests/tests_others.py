"""Other people's programs that look at what we write: in an environment of their own.

Some of them come as source alone, and ``run.py`` builds nothing: ``.ci/run`` puts them into ``.tools/others``.
Without it their tests are skipped, unless they are asked for.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[1] / ".tools" / "others" / "bin" / "python"


def program(package: str) -> str:
    """A Python that has ``package``; the test is skipped where there is none, or fails where it must be there."""
    if PLACE.exists():
        command = [str(PLACE), "-W", "ignore", "-c", f"import {package}"]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            return str(PLACE)
    why = f"no {PLACE} with {package} in it; .ci/run makes one"
    if os.environ.get("TALLYSTICK_NEED_OTHERS") == "1":
        pytest.fail(why)
    pytest.skip(why)


def ask(package: str, script: str, *arguments: str | Path) -> str:
    """What a script prints that uses ``package``; fails with its words where it does not end well."""
    command = [program(package), "-W", "ignore", "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
