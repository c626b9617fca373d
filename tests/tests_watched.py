"""A watch with a quick reader, in a process of its own: killed at a chosen step (``tests_stops``), or the verb."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import duckdb as duckdb  # once here, and not in the child of each walk
import py3langid as py3langid
import pyarrow as pyarrow
import tests_stops
import tests_streams

from tallystick import claims, cli
from tallystick.case import Case
from tallystick.watching import Pace, Watch


def walk(asked: dict[str, Any]) -> None:
    with Case.make(Path(asked["case"]), clock=lambda: "2026-01-01T00:00:00.000Z") as case:
        watch = Watch(case, [Path(asked["reports"])], pace=Pace(still=0, batch=2))
        for _ in watch.round():
            pass


if __name__ == "__main__":
    if len(sys.argv) > 1:
        claims.claims = tests_streams.told
        cli.main()
    else:
        tests_stops.walk, tests_stops.read = walk, tests_streams.told
        tests_stops.main()
