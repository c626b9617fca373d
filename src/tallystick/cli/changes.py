"""What changed in a case since somebody last looked."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import Folder
from tallystick.errors import AskedWrongly
from tallystick.terminal import answering, show

if TYPE_CHECKING:
    from tallystick.ledger import Ledger


def changes(
    case: Folder,
    since: Annotated[
        str,
        typer.Option(
            metavar="WHEN",
            help="A day (2026-11-20, from its first moment in UTC), a moment (2026-11-20T09:30Z), the number "
            "of a custody event, or last: since you last asked with last.",
        ),
    ] = "last",
    until: Annotated[
        str, typer.Option(metavar="WHEN", help="Up to a day, a moment or an event; else up to now.")
    ] = "",
    bookmark: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where last is remembered, in place of your own folder of state."),
    ] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Leave last where it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
    atom: Annotated[bool, typer.Option("--atom", help="Print an Atom feed and nothing else.")] = False,
) -> None:
    """What changed: new incidents, tolls that moved, conflicts that appeared, what people decided.

    Each change is told with the words that moved it, and whose they are. Incidents that were joined, parted
    or are gone are told as such, and names that need a person. It is worked out of the record as it stood at
    one event of custody and at another, by today's program; what was expunged since is in neither.

    Where you read to (--since last) is remembered for you and not in the case, and only once all was printed.

    \b
    Example:
      tallystick changes case --since 2026-11-20
      tallystick changes case
      tallystick changes case --since 412 --until 480 --json
      tallystick changes case --since 2026-11-20 --atom > changes.atom
    """
    with answering(as_json):
        from tallystick import changes as room
        from tallystick.bookmark import Bookmark
        from tallystick.case import Case

        if as_json and atom:
            raise AskedWrongly("--json and --atom are two forms of one answer; ask for one of them")
        with Case.open(case) as opened:
            ledger = opened.ledger
            mark = Bookmark.of(ledger, bookmark)
            is_last = since.strip().lower() == "last"
            begin = mark.read(ledger) if is_last else event_at(ledger, since)
            found = opened.changes(begin, event_at(ledger, until) if until else None)
            if atom:
                sys.stdout.buffer.write(room.atom(found))
            else:
                show({"case": str(case), **room.told(found)}, room.lines(found), as_json)
            sys.stdout.flush()
            if is_last and not stay:
                mark.write(ledger, found.until.seq)


def event_at(ledger: Ledger, told: str) -> int:
    """The last custody event before what ``told`` names: a day, a moment; or the event that it numbers.

    Clocks of several machines need not agree, so it is the event before the first that was recorded at that
    moment or later: rather is something told twice than not at all. Raises ``AskedWrongly``.
    """
    told = told.strip()
    if re.fullmatch(r"#?[0-9]{1,15}", told):
        return int(told.lstrip("#"))
    moment = _moment(told)
    return (
        next((seq for seq, event in ledger.numbered() if _moment(event.at) >= moment), ledger.head()[0] + 1)
        - 1
    )


def _moment(told: str) -> datetime:
    """A day as its first moment, or a moment; in UTC where no zone is told."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", told):
            return datetime.combine(date.fromisoformat(told), datetime.min.time(), UTC)
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise AskedWrongly(
            f"{told!r} is no day, no moment and no event; say --since 2026-11-20, --since 2026-11-20T09:30Z, "
            "--since 412 or --since last"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
