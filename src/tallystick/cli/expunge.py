"""What must go for safety or law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.cli.seals import Keys, signer_named
from tallystick.errors import AskedWrongly, CaseDamaged
from tallystick.terminal import answering, complain, many, show

if TYPE_CHECKING:
    from tallystick.case import Case
    from tallystick.evidence.keys import Signer
    from tallystick.expunge import Expunged, WouldGo


def expunge(
    case: Folder,
    reports: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[REPORT]...",
            help="Reports that go whole: their names, their files or their SHA-256.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Take this name out wherever it stands: 'Full Name'.")
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers for it.")] = "",
    second: Annotated[str, typer.Option(metavar="NAME", help="Who else does.")] = "",
    reason: Annotated[str, typer.Option(metavar="WORDS", help="Why: it stays in the case.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    finish: Annotated[bool, typer.Option("--finish", help="Complete one that was cut short.")] = False,
    key: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Your key: sign a checkpoint afterwards, which answers for it."),
    ] = None,
    keys: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Take reports, or a name, out of the case for safety or law. It cannot be undone.

    A report goes with all that was read of it; its SHA-256 stays, so that the rest still verifies and it is
    not taken in again. A name is covered in every text, and the bytes of the reports that hold it go.
    Two people answer for it, and a checkpoint made afterwards: without one 'verify --key' does not hold, for
    anybody could have appended the words that it was expunged. The name itself is kept nowhere, but mind
    the history of your shell.

    \b
    Example:
      tallystick expunge case --name "Ann Lee" --by "M. Reed" --second "T. Okoro" --reason "witness at risk"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.expunge import ToExpunge, begun
        from tallystick.settings import shown

        if finish:
            was = begun(case)
            Case.open(case, write=True).close()
            show({"case": str(case), "finished": was}, ["completed" if was else "nothing was begun"], as_json)
            return
        asked = ToExpunge(tuple(reports or ()), name, by, second, reason)
        signer = signer_named(key, keys) if key and not dry_run else None
        with Case.open(case, write=not dry_run) as opened:
            found = opened.would_expunge(asked)
            if dry_run:
                show({"case": str(case), "would": _told(found)}, _lines(found, "would go"), as_json)
                return
            if not yes:
                _confirm(found, as_json)
            done = opened.expunge(asked)
            number, unsigned = _answered_for(opened, signer)
    answer = {"case": str(case), "expunged": _told(done.plan), **_beside(done), "checkpoint": number}
    if number is None:
        checkpoint = (
            f"nobody answers for it yet; 'tallystick checkpoint {shown(case)} --key NAME' makes a checkpoint"
        )
    else:
        checkpoint = f"checkpoint {number}, signed with {key}, answers for it"
    show(answer, [*_lines(done.plan, "gone"), *_handed_on(done), checkpoint], as_json)
    if unsigned and not as_json:
        complain([unsigned])
    if done.left or unsigned:
        if done.left and not as_json:
            complain(
                f"{path} still holds the name and is no part of the case; remove it" for path in done.left
            )
        raise typer.Exit(1)


def _answered_for(opened: Case, signer: Signer | None) -> tuple[str | None, str]:
    """The number of the checkpoint made with ``signer``; where none could be made, why."""
    if signer is None:
        return None, ""
    try:
        return opened.checkpoint(signer)[0].checkpoint.number, ""
    except CaseDamaged as error:  # the expunging is done, and is to be told of all the same
        return None, str(error)


def _confirm(found: WouldGo, as_json: bool) -> None:
    if as_json:
        raise AskedWrongly("with --json nobody can be asked whether it is meant; say so by --yes")
    show({}, _lines(found, "would go"), as_json=False)
    if not typer.confirm("This cannot be undone. Take it out?"):
        raise AskedWrongly("nothing was taken out")


def _told(plan: WouldGo) -> dict[str, Any]:
    from tallystick.rewriting import listed

    return {
        "rows": listed(plan.changed),
        "captures": list(plan.captures),
        "lists": list(plan.lists),
        "settings": plan.settings,
        "reports": list(plan.reports),
        "copies": list(plan.copies),
    }


def _lines(plan: WouldGo, what: str) -> list[str]:
    from tallystick.rewriting import listed

    rows = ", ".join(f"{number:,} of {table}" for table, number in listed(plan.changed).items())
    lines = [f"{what}: {rows or 'no row'}; the bytes of {many(len(plan.captures), 'capture')}; the dossier"]
    lines += [f"  {capture}" for capture in plan.captures]
    lines += [f"the list {digest}: take it in again without the name" for digest in plan.lists]
    if plan.reports:
        lines.append(f"reports: {', '.join(plan.reports)}")
    if plan.copies:
        lines.append(f"the same text stands in other reports, which stay: {', '.join(plan.copies)}")
    return lines


def _beside(done: Expunged) -> dict[str, Any]:
    events = [{"what": e.what, "item": e.item, "at": e.at, "by": e.by} for e in done.handed_on]
    return {"left": [str(path) for path in done.left], "handed on": events}


def _handed_on(done: Expunged) -> list[str]:
    if not done.handed_on:
        return ["nothing of the case was handed on, as far as it tells"]
    lines = ["what was handed on before cannot be called back from here; tell those who have it:"]
    return lines + [f"  {event.at}  {event.what} {event.item}, by {event.by}" for event in done.handed_on]
