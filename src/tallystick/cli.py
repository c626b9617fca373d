"""The command line: one verb per room. Each parses, calls one function of ``case``, and prints.

Exit status 0: fine. 1: a problem was found (a report refused, a byte changed). 2: asked wrongly.
The rooms are imported when a verb needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick import __version__
from tallystick.errors import AskedWrongly, TallystickError

if TYPE_CHECKING:
    from tallystick.model import Event, Record, Weighed

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Reports = Annotated[
    list[Path],
    typer.Argument(
        metavar="REPORTS", help="Files or folders: .txt, .json, .jsonl, .html.", show_default=False
    ),
]
Into = Annotated[
    Path,
    typer.Option("--case", metavar="CASE", help="The case folder; made when missing.", show_default=False),
]
Folder = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False)]
Published = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="When those reports were published that do not tell it themselves: 2016-10-07. "
        "Without it their date stays unknown.",
    ),
]
Jobs = Annotated[
    int, typer.Option(min=1, metavar="N", help="How many processes read; the result is the same.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def main() -> None:
    """The ``tallystick`` command."""
    for stream in (sys.stdout, sys.stderr):  # a file's name need not be text that can be printed
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
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


@app.command()
def run(
    reports: Reports, case: Into, published: Published = None, jobs: Jobs = 2, as_json: AsJson = False
) -> None:
    """All steps: take reports in, read and link them, and write the dossier.

    A report that cannot be read is named, recorded and passed over; the others go on.

    \b
    Example:
      tallystick run reports/ --case case --published 2016-10-07
    """
    with _answering(as_json), _progress() as progress:
        from tallystick.case import Case

        day = _day(published)
        with Case.make(case, reports=reports) as opened:
            ran = opened.run(reports, published=day, jobs=jobs, progress=progress)
        refused = (*ran.added.refused, *ran.read.refused)
        new = {
            "captures": ran.added.captures,
            "documents": ran.added.documents,
            "claims": ran.read.claims,
            "judgements": ran.linked.judgements,
        }
        counts = _counts(ran.record)
        lines = [
            f"{_n(ran.added.files, 'file')}, {_n(counts['documents'], 'report')} in the case "
            f"({new['documents']:,} new), {len(refused):,} refused",
            *_summary(counts),
            f"dossier: {ran.index}",
        ]
        answer = {"files": ran.added.files, "new": new, **counts, "dossier": str(ran.index)}
    _say(answer, lines, as_json, case, refused)


@app.command()
def add(reports: Reports, case: Into, published: Published = None, as_json: AsJson = False) -> None:
    """Keep reports as received, under their SHA-256, and read out their text and metadata.

    \b
    Example:
      tallystick add statement.txt articles.jsonl pages/ --case case
    """
    with _answering(as_json), _progress() as progress:
        from tallystick.case import Case

        day = _day(published)
        with Case.make(case, reports=reports) as opened:
            added = opened.add(reports, published=day, progress=progress)
        answer = {"files": added.files, "new": {"captures": added.captures, "documents": added.documents}}
        lines = [
            f"{_n(added.files, 'file')}: {_n(added.captures, 'new capture')}, "
            f"{_n(added.documents, 'new or changed report')}, {len(added.refused):,} refused"
        ]
    _say(answer, lines, as_json, case, added.refused)


@app.command()
def read(case: Folder, jobs: Jobs = 2, as_json: AsJson = False) -> None:
    """Read the reports into claims: who says what, and in which words.

    Only reports that are new, or of which something new is known, are read.

    \b
    Example:
      tallystick read case --jobs 4
    """
    with _answering(as_json), _progress() as progress:
        from tallystick.case import Case

        with Case.open(case, write=True) as opened:
            done = opened.read(jobs=jobs, progress=progress)
        answer = {"read": done.documents, "new": {"claims": done.claims}}
        lines = [
            f"{_n(done.documents, 'report')} read, {_n(done.claims, 'new claim')}, "
            f"{len(done.refused):,} refused"
        ]
    _say(answer, lines, as_json, case, done.refused)


@app.command()
def link(case: Folder, as_json: AsJson = False) -> None:
    """Compare accounts of different reports, and judge which tell of the same event, with reasons.

    \b
    Example:
      tallystick link case
    """
    with _answering(as_json), _progress() as progress:
        from tallystick.case import Case

        with Case.open(case, write=True) as opened:
            linked = opened.link(progress=progress)
        new = {"judgements": linked.judgements}
        answer = {"accounts": linked.accounts, "pairs": linked.pairs, "new": new}
        lines = [
            f"{_n(linked.accounts, 'account')}, {_n(linked.pairs, 'pair')} compared, "
            f"{_n(linked.judgements, 'new judgement')}"
        ]
    _say(answer, lines, as_json, case)


@app.command()
def findings(case: Folder, as_json: AsJson = False) -> None:
    """List the incidents with their ranges and verdicts: where reports agree, and where not.

    \b
    Example:
      tallystick findings case --json | jq '.incidents[] | select(.verdicts.killed == "conflict")'
    """
    with _answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            weighed = opened.findings()
    if as_json:
        print(
            json.dumps(
                {"case": str(case), "incidents": [_told(each) for each in weighed]}, ensure_ascii=False
            )
        )
    else:
        _table(weighed)


@app.command()
def doubts(case: Folder, as_json: AsJson = False) -> None:
    """List the claims that the reader was unsure of, the least sure first: what to look at before all else.

    They are kept and counted like any other, and marked in the dossier.

    \b
    Example:
      tallystick doubts case | head -20
    """
    with _answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            queue = opened.doubts()
    told = [
        {
            "claim": claim.id,
            "document": document.name,
            "confidence": claim.confidence,
            "topic": claim.topic,
            "stance": claim.stance,
            "voices": [voice.name for voice in claim.voices],
            "start": claim.span.start,
            "end": claim.span.end,
            "quote": claim.span.quote,
        }
        for document, claim in queue
    ]
    lines = []
    for document, claim in queue:
        who = " through ".join(voice.name for voice in reversed(claim.voices)) or "the outlet"
        where = f"{claim.confidence:.2f}  {document.name} at {claim.span.start}"
        words = " ".join(claim.span.quote.split())
        lines.append(f"{where}: {claim.topic}, {claim.stance}, on the word of {who}: “{words}”")
    _print({"case": str(case), "doubts": told}, lines or ["no claim was read with doubt"], as_json)


@app.command()
def dossier(
    case: Folder,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="FOLDER", help="Where to; without it, dossier/ in the case."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the dossier: a folder of pages that open from disk, each sentence leading to its words.

    \b
    Example:
      tallystick dossier case --folder for-the-editor
    """
    with _answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            index = opened.dossier(folder)
    _say({"dossier": str(index)}, [f"dossier: {index}"], as_json, case)


@app.command()
def export(
    case: Folder,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Write the record as JSON lines: documents, claims, accounts, incidents, findings.

    \b
    Example:
      tallystick export case export/
    """
    with _answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            counts = _counts(opened.export(folder))
    _say({**counts, "folder": str(folder)}, [*_summary(counts), f"export: {folder}"], as_json, case)


@app.command()
def verify(case: Folder, as_json: AsJson = False) -> None:
    """Hold every stored byte against its digest, every id and every quote against what it was made of.

    \b
    Example:
      tallystick verify case && echo whole
    """
    with _answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            found = opened.verify()
    answer = {"captures": found.captures, "documents": found.documents, "claims": found.claims}
    lines = [
        f"{_n(found.captures, 'capture')}, {_n(found.documents, 'report')}, {_n(found.claims, 'claim')}: "
        + (f"{_n(len(found.problems), 'problem')} found" if found.problems else "all hold")
    ]
    _print({"case": str(case), **answer, "problems": list(found.problems)}, lines, as_json)
    if not as_json:
        _complain(found.problems)
    if found.problems:
        raise typer.Exit(1)


# -------------------------------------------------------------------------------------- printing


@contextmanager
def _answering(as_json: bool) -> Iterator[None]:
    """An error of the tree is one line, or one object, and an exit status."""
    try:
        yield
    except TallystickError as error:
        if as_json:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))
        else:
            _complain([str(error)])
        raise typer.Exit(2 if isinstance(error, AskedWrongly) else 1) from None


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Bars on the terminal, one for each step; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bars: dict[str, Any] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def advance(step: str, done: int, total: int) -> None:
            if step not in bars:
                bars[step] = shown.add_task(step)
            shown.update(bars[step], completed=done, total=total or None)

        yield advance


def _day(published: str | None) -> date | None:
    from tallystick.values.when import iso

    return None if published is None else iso(published)


def _n(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _counts(record: Record) -> dict[str, int]:
    incidents = [each for each in record.weighed if not each.incident.is_matter]
    found = [finding for each in record.weighed for finding in each.findings]
    return {
        "documents": len(record.documents),
        "claims": len(record.claims),
        "accounts": len(record.accounts),
        "incidents": len(incidents),
        "matters": len(record.weighed) - len(incidents),
        "linked": sum(len(each.incident.accounts) > 1 for each in record.weighed),
        "conflicts": sum(finding.verdict == "conflict" for finding in found),
    }


def _summary(counts: dict[str, int]) -> list[str]:
    return [
        f"{_n(counts['claims'], 'claim')} in {_n(counts['accounts'], 'account')}: "
        f"{_n(counts['incidents'], 'incident')} and {_n(counts['matters'], 'other matter')}, "
        f"{counts['linked']:,} of them told more than once; {_n(counts['conflicts'], 'conflict')}"
    ]


def _say(
    answer: dict[str, Any],
    lines: Iterable[str],
    as_json: bool,
    case: Path,
    refused: Sequence[Event] = (),
) -> None:
    """Print what was done; where reports were refused, name them and leave with status 1."""
    told = [{"item": event.item, "reason": event.note} for event in refused]
    _print({"case": str(case), **answer, "refused": told}, lines, as_json)
    if not as_json:
        _complain([f"refused: {event.note}" for event in refused])
    if refused:
        raise typer.Exit(1)


def _print(answer: dict[str, Any], lines: Iterable[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        print("\n".join(lines))


def _complain(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"tallystick: {sentence}", file=sys.stderr)


def _told(weighed: Weighed) -> dict[str, Any]:
    """One incident as an object: what is told of it, and each field's verdict."""
    from tallystick.model import plain

    tellings = [account.telling for account in weighed.incident.accounts]
    ranges = {each.field: each.range for each in weighed.findings if each.range}
    return {
        "id": weighed.incident.id,
        "kinds": _distinct(telling.kind for telling in tellings),
        "dates": _distinct(str(telling.when) for telling in tellings),
        "places": _distinct(str(telling.place) for telling in tellings if telling.place),
        "accounts": len(tellings),
        "origins": [origin.name for origin in weighed.origins],
        "tolls": {
            field: plain({"low": r.low, "best": r.best, "high": r.high, "open": r.open})
            for field, r in ranges.items()
        },
        "verdicts": {each.field: each.verdict.value for each in weighed.findings},
        "grade": weighed.grade,
    }


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _table(every: Sequence[Weighed]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    table.add_column("incident", no_wrap=True)
    for head in ("when", "where", "killed", "wounded", "captured", "told by", "in conflict", "grade"):
        table.add_column(head, overflow="fold")
    for weighed in every:
        told = _told(weighed)
        tolls = [told["tolls"].get(kind) for kind in ("killed", "wounded", "captured")]
        conflicts = [field for field, verdict in told["verdicts"].items() if verdict == "conflict"]
        cells = [
            f"{' / '.join(told['kinds'])}\n{told['id']}",
            " / ".join(told["dates"]),
            " / ".join(told["places"]) or "unknown",
            *("" if toll is None else _range(toll) for toll in tolls),
            f"{_n(told['accounts'], 'account')}, {_n(len(told['origins']), 'origin')}",
            ", ".join(conflicts),
            told["grade"],
        ]
        table.add_row(*map(escape, cells))
    console = Console()
    if not console.is_terminal:  # a file has no edge to fit into
        console = Console(width=200)
    console.print(table)


def _range(toll: dict[str, int]) -> str:
    more = " or more" if toll["open"] else ""
    if toll["low"] == toll["high"]:
        return f"{toll['low']:,}{more}"
    return f"{toll['low']:,}–{toll['high']:,}{more}, best {toll['best']:,}"


if __name__ == "__main__":
    main()
