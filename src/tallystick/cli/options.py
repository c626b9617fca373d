"""The arguments and options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tallystick.evidence.attested import Trust

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
Redact = Annotated[
    Path | None,
    typer.Option("--redact", metavar="RULES.toml", help="What is to be taken out: names, places, sources."),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="MASTER",
        help="A cluster of Apache Spark that does the work: spark://HOST:PORT, or local[2] for a trial "
        "here. The result is the same; docs/scale.md tells what it needs.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Known = Annotated[
    str | None,
    typer.Option(
        "--key",
        metavar="PUB.pem",
        help="The public key that whoever signed gave you, or its fingerprint. "
        "Without it a signature proves only that the folder agrees with itself.",
    ),
]
Roots = Annotated[
    Path | None,
    typer.Option(
        "--roots",
        metavar="FILE",
        help="Root certificates (PEM) that you trust to tell the time. None are trusted by default.",
    ),
]


def trust_in(key: str | None, roots: Path | None) -> Trust:
    """Whom a person believes, as they named it."""
    from tallystick.evidence import keys, stamps
    from tallystick.evidence.attested import Trust

    return Trust(keys.given(key) if key else None, stamps.roots_in(roots) if roots else ())
