"""Which place, which party is meant: lists, what was found in them, and decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import AsJson, Folder
from tallystick.errors import AskedWrongly
from tallystick.terminal import (
    answering,
    bars,
    many,
    parties_told,
    party_line,
    place_lines,
    places_told,
    say,
    show,
)

if TYPE_CHECKING:
    from tallystick.model import Event


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
      FollowTheMoney   parties (Organization, PublicBody, Person ...), one JSON object a line
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


def name(
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
