"""Where the ledger is kept."""

from __future__ import annotations

from typing import Annotated

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.terminal import answering, many, show


def move(
    case: Folder,
    to: Annotated[
        str,
        typer.Option(
            "--to", metavar="WHERE", help="The address of a database, or sqlite.", show_default=False
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Carry the ledger of the case to a server of PostgreSQL, for a team, or back into a file.

    Every row keeps its place, its bytes and its link in the chain. The reports and settings stay in the
    folder, which tells from then on where the ledger is: every verb works as before. A password is never
    part of the address; it is looked for in ~/.pgpass, PGPASSWORD and TALLYSTICK_DATABASE (docs/server.md).

    \b
    Example:
      tallystick move case --to "postgresql://db.example.org/tallystick?case=aleppo_2016"
      tallystick move case --to sqlite
    """
    with answering(as_json):
        from tallystick import moves

        done = moves.move(case, to)
    told = {"from": done.came_from, "to": done.went_to, "seq": done.head[0], "chain": done.head[1]}
    lines = [
        f"the ledger is now at {done.went_to}",
        f"it holds {many(done.head[0], 'custody event')}; the chain stands there at {done.head[1]}",
        f"what was at {done.came_from} is kept as {done.put_by}, and may be deleted",
    ]
    show({"case": str(case), **told, "put by": done.put_by}, lines, as_json)
