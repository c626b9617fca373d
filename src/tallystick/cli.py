"""The command line: one verb per room. Each parses, calls one function of ``case``, and prints.

Exit status 0: fine. 1: a problem was found (a report refused, a byte changed). 2: asked wrongly.
The rooms are imported when a verb needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick import __version__
from tallystick.errors import AskedWrongly
from tallystick.terminal import (
    answering,
    bars,
    complain,
    counted,
    day_of,
    line_lines,
    lines_told,
    many,
    parties_told,
    party_line,
    pattern_line,
    patterns_told,
    place_lines,
    places_told,
    say,
    show,
    summary,
    table,
    told_of,
    total_lines,
    total_told,
)

if TYPE_CHECKING:
    from tallystick.model import Event

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
Countries = Annotated[
    list[str] | None,
    typer.Option(
        "--country",
        metavar="NAME",
        help="A country that the case is about; give it again for more. Of several places of one name "
        "those there are meant.",
    ),
]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "--list",
        metavar="FILE",
        help="A list of places or of parties: your own, or of a kind that 'tallystick lists --help' names.",
    ),
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
    reports: Reports,
    case: Into,
    published: Published = None,
    country: Countries = None,
    places: Lists = None,
    jobs: Jobs = 2,
    as_json: AsJson = False,
) -> None:
    """All steps: take reports in, read and link them, and write the dossier.

    A report that cannot be read is named, recorded and passed over; the others go on.

    \b
    Example:
      tallystick run reports/ --case case --published 2016-10-07 --country Syria
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        day = day_of(published)
        with Case.make(case, reports=reports, countries=country or ()) as opened:
            taken = [opened.add_list(each, progress=progress) for each in places or ()]
            ran = opened.run(reports, published=day, jobs=jobs, progress=progress)
        refused = (*ran.added.refused, *ran.read.refused)
        new = {
            "captures": ran.added.captures,
            "documents": ran.added.documents,
            "claims": ran.read.claims,
            "judgements": ran.linked.judgements,
        }
        counts = counted(ran.record)
        rows = [str(each) for one in taken for each in one.refused]
        lines = [
            *(
                f"{each.name}: {many(each.taken, 'row')} taken, {len(each.refused):,} refused"
                for each in taken
            ),
            f"{many(ran.added.files, 'file')}, {many(counts['documents'], 'report')} in the case "
            f"({new['documents']:,} new), {len(refused):,} refused",
            *summary(counts),
            f"dossier: {ran.index}",
        ]
        answer = {
            "files": ran.added.files,
            "new": new,
            **counts,
            "dossier": str(ran.index),
            "rows refused": rows,
        }
    say(answer, lines, as_json, case, refused, rows)


@app.command()
def add(reports: Reports, case: Into, published: Published = None, as_json: AsJson = False) -> None:
    """Keep reports as received, under their SHA-256, and read out their text and metadata.

    \b
    Example:
      tallystick add statement.txt articles.jsonl pages/ --case case
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        day = day_of(published)
        with Case.make(case, reports=reports) as opened:
            added = opened.add(reports, published=day, progress=progress)
        answer = {"files": added.files, "new": {"captures": added.captures, "documents": added.documents}}
        lines = [
            f"{many(added.files, 'file')}: {many(added.captures, 'new capture')}, "
            f"{many(added.documents, 'new or changed report')}, {len(added.refused):,} refused"
        ]
    say(answer, lines, as_json, case, added.refused)


@app.command()
def read(case: Folder, jobs: Jobs = 2, as_json: AsJson = False) -> None:
    """Read the reports into claims: who says what, and in which words.

    Only reports that are new, or of which something new is known, are read.

    \b
    Example:
      tallystick read case --jobs 4
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        with Case.open(case, write=True) as opened:
            done = opened.read(jobs=jobs, progress=progress)
        answer = {"read": done.documents, "new": {"claims": done.claims}}
        lines = [
            f"{many(done.documents, 'report')} read, {many(done.claims, 'new claim')}, "
            f"{len(done.refused):,} refused"
        ]
    say(answer, lines, as_json, case, done.refused)


@app.command()
def lists(
    case: Folder,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Lists to take in.", show_default=False)
    ] = None,
    drop: Annotated[
        str | None, typer.Option(metavar="NAME", help="Take this list out of use; its bytes stay.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take lists of places into the case, or show those that count.

    A list of places of the whole world comes with Tallystick. It has few villages where wars are:
    add what others publish, or your own. Rows that cannot be right are refused by name.

    \b
    What is read:
      own list         CSV with a column "name", and any of: kind, names, country, admin1, admin2,
                       latitude, longitude, population, code. It wins over all others.
      GeoNames         a country dump (SY.txt): https://download.geonames.org/export/dump/
      p-codes          OCHA's tables of areas and settlements (CSV with ADM1_EN, ADM1_PCODE ...)
      Open Syria       the folder with governorates.json
      Yemen-info       yemen-info.json
    \b
    Example:
      tallystick lists case SY.txt our-places.csv
      tallystick link case
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        with Case.open(case, write=bool(files or drop)) as opened:
            if drop:
                opened.drop_list(drop)
            taken = [opened.add_list(each, progress=progress) for each in files or ()]
            standing = opened.lists()
    refused = [str(each) for one in taken for each in one.refused]
    told = [{"name": event.facts["name"], "sha256": event.item, **_rows(event)} for event in standing]
    lines = [
        f"{each['name']}: {many(each['taken'], 'row')} taken, {each['refused']:,} refused" for each in told
    ] or ["no list but the one that comes with Tallystick"]
    say({"lists": told, "rows refused": refused}, lines, as_json, case, rows=refused)


def _rows(event: Event) -> dict[str, int]:
    return {"taken": event.facts["taken"], "refused": event.facts["refused"]}


@app.command()
def places(
    case: Folder,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this name, with all places that it may be.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the places that reports tell, with where each was found to be, how exactly, and why.

    What cannot be told stays unknown. To say what a name means, see 'tallystick name --help'.

    \b
    Example:
      tallystick places case --name "Sheikh Saeed"
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        with Case.open(case) as opened:
            told = places_told(opened.places(progress=progress), name, opened.report_names())
    lines = [line for each in told for line in place_lines(each, full=name is not None)]
    none = f"no account is told to have been at {name}" if name else "no place is told"
    show({"case": str(case), "places": told}, lines or [none], as_json)


@app.command()
def parties(
    case: Folder,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Only this name.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the names that reports give to parties and speakers, with whom each means, and why.

    A name that no list knows, or that may mean several, stays as told.

    \b
    Example:
      tallystick parties case --name "Nusra Front"
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        with Case.open(case) as opened:
            told = parties_told(opened.parties(progress=progress), name, opened.report_names())
    lines = [party_line(each) for each in told]
    none = f"no account gives {name} a part or a word" if name else "no party is told"
    show({"case": str(case), "parties": told}, lines or [none], as_json)


@app.command("name")
def name_means(
    case: Folder,
    sort: Annotated[
        str, typer.Argument(metavar="place|party", help="What the name is of.", show_default=False)
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name as told.", show_default=False)],
    means: Annotated[
        str | None,
        typer.Argument(
            metavar="[MEANING]",
            help="The place's id or another of its names, or the party's.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[str, typer.Option(metavar="PERSON", help="Who decides; kept with the decision.")] = "",
    note: Annotated[str, typer.Option(metavar="WORDS", help="Why.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was decided on this name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide what a name means: that this name is that place, or that these two are one party.

    The decision is appended with who and why, and wins from then on, also for later reports.
    Run 'tallystick link' afterwards, so that accounts are compared anew.

    \b
    Example:
      tallystick places case --name "Skeikh Saeed"
      tallystick name case place "Skeikh Saeed" own.csv:17 --by "A. Haddad" --note "same street names"
      tallystick name case place "Skeikh Said" "Skeikh Saeed" --by "A. Haddad"
      tallystick name case party "Daesh" "Islamic State" --by "A. Haddad"
    """
    with answering(as_json):
        from tallystick.case import Case

        if sort not in ("place", "party"):
            raise AskedWrongly(f"{sort!r} is neither place nor party")
        if undo == (means is not None):
            raise AskedWrongly("say what the name means, or --undo")
        with Case.open(case, write=True) as opened:
            opened.name_means("place" if sort == "place" else "party", name, means, by=by, note=note)
            if sort == "place":
                told = places_told(opened.places(), name, opened.report_names())
            else:
                told = parties_told(opened.parties(), name, opened.report_names())
    line = f"{name} is as told again" if undo else f"{name} means {means} from now on"
    heard = sum(row["accounts"] for row in told)
    lines = [f"{line}, in {many(heard, 'account')}; run 'tallystick link {case}'"]
    if not heard:
        lines = [f"{line}; no account tells that name yet: is it spelt as the reports spell it?"]
    show({"case": str(case), "sort": sort, "name": name, "means": means, "accounts": heard}, lines, as_json)


@app.command()
def link(case: Folder, as_json: AsJson = False) -> None:
    """Compare accounts of different reports, and judge which tell of the same event, with reasons.

    \b
    Example:
      tallystick link case
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        with Case.open(case, write=True) as opened:
            linked = opened.link(progress=progress)
        new = {"judgements": linked.judgements}
        answer = {"accounts": linked.accounts, "pairs": linked.pairs, "new": new}
        lines = [
            f"{many(linked.accounts, 'account')}, {many(linked.pairs, 'pair')} compared, "
            f"{many(linked.judgements, 'new judgement')}"
        ]
    say(answer, lines, as_json, case)


@app.command()
def findings(case: Folder, as_json: AsJson = False) -> None:
    """List the incidents with their ranges and verdicts: where reports agree, and where not.

    \b
    Example:
      tallystick findings case --json | jq '.incidents[] | select(.verdicts.killed == "conflict")'
    """
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            record = opened.record()
    names = {document.id: document.name for document in record.documents}
    remarks = [{"document": names[remark.document], "remark": remark.text} for remark in record.remarks]
    if as_json:
        told = [told_of(each) for each in record.weighed]
        print(json.dumps({"case": str(case), "incidents": told, "remarks": remarks}, ensure_ascii=False))
        return
    table(record.weighed)
    for remark in remarks:
        print(f"look at the date of {remark['document']}: {remark['remark']}")


@app.command()
def doubts(case: Folder, as_json: AsJson = False) -> None:
    """List the claims that the reader was unsure of, the least sure first: what to look at before all else.

    They are kept and counted like any other, and marked in the dossier.

    \b
    Example:
      tallystick doubts case | head -20
    """
    with answering(as_json):
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
    show({"case": str(case), "doubts": told}, lines or ["no claim was read with doubt"], as_json)


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
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            index = opened.dossier(folder)
    say({"dossier": str(index)}, [f"dossier: {index}"], as_json, case)


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
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            counts = counted(opened.export(folder))
    say({**counts, "folder": str(folder)}, [*summary(counts), f"export: {folder}"], as_json, case)


@app.command()
def totals(
    case: Folder,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="From this day on: 2016-10-01.")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Up to this day, with it.")] = None,
    place: Annotated[
        str | None, typer.Option(metavar="NAME", help="At this place and in it: a name, or a list's id.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="PARTY", help="Of which this party is accused.")] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Of this kind: air_strike, shelling, ...")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add up how many the reports tell killed, wounded and so on, counting nobody twice.

    A reported range, not a confidence interval, of what these reports tell. Reports' own totals are
    never added: they stand beside it. What cannot be placed is named, with why.

    \b
    Example:
      tallystick totals case --from 2016-10-01 --to 2016-10-31 --place Aleppo
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.model import HARM, Scope

        if kind is not None and kind not in HARM:
            raise AskedWrongly(f"no kind of incident is called {kind!r}; there are: {', '.join(HARM)}")
        first, last = day_of(start), day_of(end)
        if first and last and last < first:
            raise AskedWrongly(f"the period ends before it starts: {first} to {last}")
        with Case.open(case) as opened:
            record, found = opened.total(Scope(first, last, place, by, kind))
    lines = [line for each in found for line in total_lines(each, record)]
    told = [total_told(each) for each in found]
    show({"case": str(case), "totals": told}, lines or ["nothing is told within that"], as_json)


@app.command()
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


@app.command()
def matters(
    case: Folder,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Only these: control, forces, population, displacement, text, truce, contact or warning.",
        ),
    ] = None,
    place: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only lines of this place, or that name it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the matters as lines of states: who holds what, who is where, what was agreed, on whose word.

    What is denied, planned, called for or foretold is marked, and moves nothing.

    \b
    Example:
      tallystick matters case --kind control --place Aleppo
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.model import LINES

        if kind is not None and kind not in LINES:
            raise AskedWrongly(f"{kind!r} is no kind of line; the kinds are: {', '.join(LINES)}")
        with Case.open(case) as opened:
            record = opened.record()
    told = lines_told(record, kind, place)
    none = (
        "no line of states" + (f" of {kind}" if kind else "") + (f" names {place}" if place else " is told")
    )
    shown = [line for each in told for line in line_lines(each)]
    show({"case": str(case), "lines": told}, shown or [none], as_json)


@app.command()
def patterns(case: Folder, as_json: AsJson = False) -> None:
    """List what is said to have been hit again and again: by whom, with what, where, when, beside the rest.

    Reports are counted, not attacks. With --json each number is the list of its incidents, and the
    articles of the Rome Statute that may be read beside each are named with the claims that led to them.

    \b
    Example:
      tallystick patterns case --json | jq '.patterns[] | select(.object == "medical") | .here.hit'
    """
    with answering(as_json):
        from tallystick.case import Case

        with Case.open(case) as opened:
            record = opened.record()
    told = record.patterns
    lines = [pattern_line(one) for one in told.patterns]
    none = f"no protected object is said to have been hit in {told.minimum} incidents that share something"
    over = (
        f"{many(len(told.incidents), 'incident')}, {many(told.compared, 'comparison')}, "
        f"{many(len(told.repeats), 'second strike')}; reports are counted, not attacks"
    )
    show({"case": str(case), **patterns_told(record)}, [*(lines or [none]), over], as_json)


if __name__ == "__main__":
    main()
