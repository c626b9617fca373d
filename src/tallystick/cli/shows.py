"""What the record says, on the terminal: incidents, doubts, totals, matters, patterns."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.errors import AskedWrongly
from tallystick.terminal import (
    answering,
    day_of,
    line_lines,
    lines_told,
    many,
    pattern_line,
    patterns_told,
    show,
    table,
    told_of,
    total_lines,
    total_told,
)


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
    remarks = [
        {"document": names[remark.document], "about": remark.about, "remark": remark.text}
        for remark in record.remarks
    ]
    if as_json:
        told = [told_of(each) for each in record.weighed]
        print(json.dumps({"case": str(case), "incidents": told, "remarks": remarks}, ensure_ascii=False))
        return
    table(record.weighed)
    for remark in remarks:
        print(f"look at the {remark['about']} of {remark['document']}: {remark['remark']}")


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
            "pages": document.sheets(claim.span),
        }
        for document, claim in queue
    ]
    lines = []
    for document, claim in queue:
        who = " through ".join(voice.name for voice in reversed(claim.voices)) or "the outlet"
        on = document.sheets(claim.span)
        page = f", page {on[0]}" if on else ""
        where = f"{claim.confidence:.2f}  {document.name}{page} at {claim.span.start}"
        words = " ".join(claim.span.quote.split())
        lines.append(f"{where}: {claim.topic}, {claim.stance}, on the word of {who}: “{words}”")
    show({"case": str(case), "doubts": told}, lines or ["no claim was read with doubt"], as_json)


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
