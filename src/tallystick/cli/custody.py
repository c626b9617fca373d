"""What holds of the evidence: checks, keys, proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.terminal import answering, complain, many, show

if TYPE_CHECKING:
    from tallystick.checks import Outcome


def verify(case: Folder, as_json: AsJson = False) -> None:
    """Carry numbered checks through: every stored byte, row, event and quote against what it was made of.

    The case is not changed, and may be a copy or on a disk that cannot be written. How to check the same
    without Tallystick is told in docs/verify.md.

    \b
    Example:
      tallystick verify case && echo whole
    """
    with answering(as_json):
        from tallystick import case as cases

        found = cases.verify(case)
    answer = {"captures": found.captures, "documents": found.documents, "claims": found.claims}
    lines = [line for outcome in found.outcomes for line in _lines(outcome)]
    lines.append(
        f"{many(found.captures, 'capture')}, {many(found.documents, 'report')}, "
        f"{many(found.claims, 'claim')}: "
        + (f"{many(len(found.problems), 'problem')} found" if found.problems else "all hold")
    )
    told = [_told(outcome) for outcome in found.outcomes]
    show({"case": str(case), **answer, "checks": told, "problems": list(found.problems)}, lines, as_json)
    if not as_json:
        complain(f"{each.check.number}: {finding}" for each in found.outcomes for finding in each.findings)
    if found.problems:
        raise typer.Exit(1)


def _lines(outcome: Outcome) -> list[str]:
    """One check on the terminal: its number, whether it holds, its sentence, and its notes below."""
    said = "holds" if outcome.holds else "left out" if outcome.skipped else "DOES NOT HOLD"
    sentence = outcome.check.sentence + (f" ({outcome.skipped})" if outcome.skipped else "")
    return [
        f"{outcome.check.number:>2}  {said:<13}  {sentence}",
        *(f"{'note: ':>23}{n}" for n in outcome.notes),
    ]


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "number": outcome.check.number,
        "sentence": outcome.check.sentence,
        "holds": outcome.holds,
        "findings": list(outcome.findings),
        "notes": list(outcome.notes),
        "left out": outcome.skipped or None,
    }
