"""What leaves the house: the dossier, of the whole case or of a part, on pages and on sheets, redacted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import AsJson, Folder, Redact
from tallystick.terminal import answering, counted, day_of, say, summary

if TYPE_CHECKING:
    from tallystick.dossier import Redaction

_Words = list[str] | None


def _repeated(help: str, metavar: str) -> typer.models.OptionInfo:
    return typer.Option(metavar=metavar, help=help, show_default=False)  # type: ignore[no-any-return]


_IncidentId = Annotated[str, typer.Option(metavar="ID", help="Of one incident or matter.")]
_PartyName = Annotated[str, typer.Option(metavar="NAME", help="Of what a party had a part in.")]
_PatternId = Annotated[str, typer.Option(metavar="ID", help="Of one pattern.")]
_PlaceName = Annotated[str, typer.Option(metavar="NAME", help="Of a place and what lies in it.")]
_FromDay = Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on.")]
_ToDay = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Up to this day.")]
_Hidden = Annotated[_Words, _repeated("A person whose name is to go.", "NAME")]
_Withheld = Annotated[_Words, _repeated("A publisher or a report to be withheld.", "SOURCE")]
_WithNames = Annotated[
    bool, typer.Option("--with-names", help="Name the people who decided, not their roles.")
]


def dossier(
    case: Folder,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", "--out", metavar="FOLDER", help="Where to; without it, dossier/ in the case."
        ),
    ] = None,
    incident: _IncidentId = "",
    party: _PartyName = "",
    pattern: _PatternId = "",
    place: _PlaceName = "",
    start: _FromDay = None,
    end: _ToDay = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as one PDF, dossier.pdf.")] = False,
    redact: Redact = None,
    hide: _Hidden = None,
    withhold: _Withheld = None,
    with_names: _WithNames = False,
    words: Annotated[
        Path | None,
        typer.Option("--redaction-words", metavar="FILE", help="For the house: what each label stands for."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the dossier: a folder of pages that open from disk, each sentence leading to its words.

    What is said of incident, party, pattern, place and days narrows it down: all of it must hold. What is
    taken out is told by a file of rules (docs/dossier.md) or by options. What people noted never leaves the
    case.

    \b
    Example:
      tallystick dossier case --folder for-the-editor
      tallystick dossier case --place Aleppo --from 2016-10-01 --to 2016-10-31 --pdf --out october
      tallystick dossier case --incident inc-0123 --redact rules.toml --out for-the-court
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.dossier import Only
        from tallystick.leaving import Leaving

        rules = _rules(redact, hide or [], withhold or [])
        scope = Only(incident, party, pattern, place, day_of(start), day_of(end))
        # Written elsewhere it may leave a case that cannot be written to.
        with Case.open(case, write=None if folder else True) as opened:
            index = opened.dossier(folder, scope=scope, rules=rules, with_names=with_names, pdf=pdf)
            unmet = opened.unmet
            if words is not None:
                _, redacted = opened.departing(Leaving(scope, rules, with_names))
                told = redacted.told() if redacted else []
                words.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    answer: dict[str, object] = {"dossier": str(index), "found_nowhere": list(unmet)}
    lines = [f"dossier: {index}"]
    lines += _unmet(unmet)
    if pdf:
        answer["pdf"] = str(index.with_name("dossier.pdf"))
        lines.append(f"on sheets: {answer['pdf']}")
    say(answer, lines, as_json, case)


def export(
    case: Folder,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to.", show_default=False)],
    formats: Annotated[
        list[str] | None,
        typer.Option("--as", metavar="FORMAT[,FORMAT]", help="In which formats; without it JSON lines."),
    ] = None,
    incident: _IncidentId = "",
    party: _PartyName = "",
    pattern: _PatternId = "",
    place: _PlaceName = "",
    start: _FromDay = None,
    end: _ToDay = None,
    redact: Redact = None,
    hide: _Hidden = None,
    withhold: _Withheld = None,
    with_names: _WithNames = False,
    as_json: AsJson = False,
) -> None:
    """Write the record for other programs: as JSON lines, or in the formats that the field uses.

    What is said of incident, party, pattern, place and days narrows it down. Words and places are taken out
    as of a dossier (docs/dossier.md), and every file is searched before it is put in its place. What people
    noted never leaves the case. about.json says what each format loses, and by which rule a number of
    another scheme follows from what is told (docs/exchange.md).

    \b
    Formats:
      jsonl      documents, claims, accounts, incidents and findings (without --as: these alone)
      csv        every table as CSV          parquet    every table as Parquet
      geojson    points for maps             timemap    a TimeMap datasheet
      acled      ACLED-like CSV              ged        UCDP-GED-like CSV
      hxl        HXL-tagged CSV              ftm        FollowTheMoney entities
      bayanat    Bayanat JSON                prov       W3C PROV, from each sentence to the bytes
      wacz       the reports as they were received, as a web archive
    \b
    Example:
      tallystick export case export/
      tallystick export case for-the-map/ --as geojson,hxl --place Aleppo
      tallystick export case public/ --as acled,csv --redact rules.toml --hide "Ada Venn"
    """
    with answering(as_json):
        from tallystick.case import Case
        from tallystick.dossier import Only
        from tallystick.leaving import Leaving

        scope = Only(incident, party, pattern, place, day_of(start), day_of(end))
        asked = Leaving(scope, _rules(redact, hide or [], withhold or []), with_names)
        told = (name.strip() for each in formats or () for name in each.split(","))
        chosen = tuple(dict.fromkeys(told))
        with Case.open(case, write=None) as opened:
            counts = counted(opened.export(folder, asked, chosen))
            unmet = opened.unmet
    answer = {**counts, "folder": str(folder), "formats": list(chosen), "found_nowhere": list(unmet)}
    say(answer, [*summary(counts), f"export: {folder}", *_unmet(unmet)], as_json, case)


def _unmet(names: Iterable[str]) -> list[str]:
    return [f"found nowhere, so not taken out: {name}; look how the reports spell it" for name in names]


def _rules(file: Path | None, names: list[str], sources: list[str]) -> Redaction | None:
    """The rules of a file with those of the options; None where none were given."""
    from dataclasses import replace

    from tallystick.dossier import NameRule, Redaction

    if file is None and not names and not sources:
        return None
    rules = Redaction.read(file) if file else Redaction()
    more = tuple(NameRule((name,)) for name in names)
    return replace(rules, names=rules.names + more, sources=(*rules.sources, *sources))
