"""What holds of the evidence: checks, keys, proofs."""

from __future__ import annotations

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.terminal import answering, complain, many, show


def verify(case: Folder, as_json: AsJson = False) -> None:
    """Hold every stored byte against its digest, every id and every quote against what it was made of.

    \b
    Example:
      tallystick verify case && echo whole
    """
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            found = opened.verify()
    answer = {"captures": found.captures, "documents": found.documents, "claims": found.claims}
    lines = [
        f"{many(found.captures, 'capture')}, {many(found.documents, 'report')}, "
        f"{many(found.claims, 'claim')}: "
        + (f"{many(len(found.problems), 'problem')} found" if found.problems else "all hold")
    ]
    show({"case": str(case), **answer, "problems": list(found.problems)}, lines, as_json)
    if not as_json:
        complain(found.problems)
    if found.problems:
        raise typer.Exit(1)
