"""What leaves the house: the dossier, of the whole case or of a part, on pages and on sheets, redacted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import AsJson, Folder, Redact
from tallystick.terminal import answering, day_of, say

if TYPE_CHECKING:
    from tallystick.dossier import Redaction

_Words = list[str] | None


def _repeated(help: str, metavar: str) -> typer.models.OptionInfo:
    return typer.Option(metavar=metavar, help=help, show_default=False)  # type: ignore[no-any-return]


def dossier(
    case: Folder,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder", "--out", metavar="FOLDER", help="Where to; without it, dossier/ in the case."
        ),
    ] = None,
    incident: Annotated[str, typer.Option(metavar="ID", help="Of one incident or matter.")] = "",
    party: Annotated[str, typer.Option(metavar="NAME", help="Of what a party had a part in.")] = "",
    pattern: Annotated[str, typer.Option(metavar="ID", help="Of one pattern.")] = "",
    place: Annotated[str, typer.Option(metavar="NAME", help="Of a place and what lies in it.")] = "",
    start: Annotated[str | None, typer.Option("--from", metavar="DAY", help="From this day on.")] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Up to this day.")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Also as one PDF, dossier.pdf.")] = False,
    redact: Redact = None,
    hide: Annotated[_Words, _repeated("A person whose name is to go.", "NAME")] = None,
    withhold: Annotated[_Words, _repeated("A publisher or a report to be withheld.", "SOURCE")] = None,
    with_names: Annotated[
        bool, typer.Option("--with-names", help="Name the people who decided, not their roles.")
    ] = False,
    words: Annotated[
        Path | None,
        typer.Option("--redaction-words", metavar="FILE", help="For the house: what each label stands for."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the dossier: a folder of pages that open from disk, each sentence leading to its words.

    What is said of incident, party, pattern, place and days narrows it down: all of it must hold. Redaction
    of redaction come from a file (docs/dossier.md) or as options. What people noted never leaves the case.

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
    lines += [f"found nowhere, so not taken out: {name}; look how the reports spell it" for name in unmet]
    if pdf:
        answer["pdf"] = str(index.with_name("dossier.pdf"))
        lines.append(f"on sheets: {answer['pdf']}")
    say(answer, lines, as_json, case)


def _rules(file: Path | None, names: list[str], sources: list[str]) -> Redaction | None:
    """The rules of a file with those of the options; None where none were given."""
    from dataclasses import replace

    from tallystick.dossier import NameRule, Redaction

    if file is None and not names and not sources:
        return None
    rules = Redaction.read(file) if file else Redaction()
    more = tuple(NameRule((name,)) for name in names)
    return replace(rules, names=rules.names + more, sources=(*rules.sources, *sources))
