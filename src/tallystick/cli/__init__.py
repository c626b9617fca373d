"""The command line: one verb per room. Each parses, calls one function of ``case``, and prints.

Exit status 0: fine. 1: a problem was found (a report refused, a byte changed). 2: asked wrongly.
The rooms are imported when a verb needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from tallystick import __version__
from tallystick.cli import (
    changes,
    custody,
    decide,
    desk,
    expunge,
    fetch,
    leave,
    move,
    names,
    people,
    seals,
    shows,
    walk,
    watch,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

# In the order in which --help lists them.
VERBS = (
    walk.run,
    walk.add,
    fetch.fetch,
    watch.watch,
    fetch.leads,
    walk.read,
    names.lists,
    names.places,
    names.parties,
    names.name,
    walk.link,
    shows.findings,
    shows.totals,
    shows.matters,
    shows.patterns,
    shows.doubts,
    changes.changes,
    decide.review,
    decide.judge,
    decide.merge,
    decide.split,
    decide.history,
    desk.desk,
    people.people,
    leave.dossier,
    leave.export,
    custody.verify,
    seals.key,
    seals.checkpoint,
    seals.prove,
    seals.seal,
    seals.check,
    expunge.expunge,
    move.move,
)
for verb in VERBS:
    app.command()(verb)


def main() -> None:
    """The ``tallystick`` command."""
    for stream in (sys.stdout, sys.stderr):  # a file's name need not be text that can be printed
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    # What is made here lives as long as the command and makes no rings; to look for some as often as Python
    # does takes a sixth of the time.
    gc.set_threshold(200_000, 50, 100)
    app(prog_name="tallystick")


@app.callback(invoke_without_command=True)
def _start(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    """Turn contradictory reports of a war into a record that one can check.

    \b
    Everything at once:
      tallystick run reports/ --case case --published 2016-10-07
    The same, step by step:
      tallystick add reports/ --case case --published 2016-10-07
      tallystick read case
      tallystick link case
      tallystick dossier case
    Then:
      tallystick findings case
      tallystick export case export/
      tallystick verify case

    Running a verb twice changes nothing. Exit status: 0 fine, 1 a problem was found,
    2 asked wrongly.
    """
    if version:
        print(f"tallystick {__version__}")
        raise typer.Exit
