"""Writes docs/cli.md from the help of every verb: python docs/make_cli.py > docs/cli.md"""

from __future__ import annotations

import os
import re
import sys

os.environ.update(COLUMNS="100", TERM="dumb", NO_COLOR="1", _TYPER_STANDARD_TRACEBACK="1")

import typer
from typer.testing import CliRunner

from tallystick.cli import app


def help_of(*verb: str) -> str:
    """What ``tallystick VERB --help`` prints, without blanks at line ends."""
    out = CliRunner().invoke(app, [*verb, "--help"], prog_name="tallystick").output
    return re.sub(r"[ \t]+$", "", out, flags=re.M).strip()


def main() -> None:
    """The page, on standard output."""
    start = help_of()
    verbs = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    parts = [
        "# The command line",
        "",
        "Generated from `--help` by `docs/make_cli.py`; a test holds it to that.",
        "",
    ]
    parts += ["```", start, "```", ""]
    for verb in verbs:
        parts += [f"## tallystick {verb}", "", "```", help_of(verb), "```", ""]
    sys.stdout.write("\n".join(parts))


if __name__ == "__main__":
    main()
