"""The arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Reports = Annotated[
    list[Path],
    typer.Argument(
        metavar="REPORTS",
        help="Files or folders: text, JSON, web pages, PDF, Word, e-mail, feeds and archives of these; "
        "- is standard input.",
        show_default=False,
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
Type = Annotated[
    str | None,
    typer.Option(
        "--type",
        metavar="TYPE",
        help="What standard input is: html, pdf, eml, ... Without it its bytes tell, or it is refused.",
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
