"""Reports from the network, for those who ask for it: the verb that opens connections, and its leads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tallystick.cli.options import AsJson, Into
from tallystick.errors import AskedWrongly
from tallystick.terminal import SHOWN, answering, bars, complain, many, say, show


def fetch(
    case: Into,
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="What to fetch.", show_default=False)
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="URLs, one a line; - is standard input."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was fetched into this case before.")
    ] = False,
    image: Annotated[bool, typer.Option("--image", help="Keep a picture of each page too.")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Keep each page as PDF too.")] = False,
    contact: Annotated[
        str, typer.Option(metavar="WORDS", help="Told to every server beside the name of this program.")
    ] = "",
    delay: Annotated[
        float, typer.Option(min=0.0, metavar="SECONDS", help="Between two questions to one host.")
    ] = 1.0,
    most: Annotated[
        int, typer.Option("--most", min=1, metavar="MB", help="Of one answer; what is longer is cut off.")
    ] = 64,
    ignore_robots: Annotated[
        str,
        typer.Option(metavar="REASON", help="Ask also where robots.txt forbids it; kept with the answer."),
    ] = "",
    any_port: Annotated[bool, typer.Option("--any-port", help="Other ports than 80 and 443 too.")] = False,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Machines of your own network, and this one, too.")
    ] = False,
    bad_tls: Annotated[
        bool, typer.Option("--bad-tls", help="Keep answers over connections that prove nothing, marked.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fetch pages and files into the case, each with all that was sent and received for it (WARC).

    Redirects, addresses and certificates are kept too. What was fetched before is not asked again; what
    fails is recorded with its reason, and the others go on. Each server sees where you ask from, and when.

    A picture or PDF is drawn by a Chromium on this machine from the kept bytes alone, without network and
    scripts: pictures and styles that a page has elsewhere are missing in it.

    \b
    Example:
      tallystick fetch https://example.org/statement --case case --contact desk@example.org
      tallystick fetch --from urls.txt --case case --image
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case
        from tallystick.fetching import Limits, Rules, Wanted

        wanted = Wanted((*(urls or ()), *_listed(listed)), again=again, image=image, pdf=pdf)
        if not wanted.urls:
            raise AskedWrongly("no URL was named; name at least one, or a file of them with --from")
        rules = Rules(
            allow_private=allow_private,
            any_port=any_port,
            bad_tls=bad_tls,
            ignore_robots=" ".join(ignore_robots.split()),
            contact=contact,
            delay=delay,
            limits=Limits(size=most << 20),
        )
        with Case.make(case) as opened:
            came = opened.fetch(wanted, rules, progress=progress)
    answer = {
        "asked": came.asked,
        "fetched before": came.before,
        "new": {"captures": came.captures, "documents": came.documents, "drawings": came.drawn},
    }
    drawn = f", {many(came.drawn, 'drawing')}" if image or pdf else ""
    lines = [
        f"{many(came.asked, 'URL')} asked, {came.before:,} fetched before: "
        f"{many(came.captures, 'new capture')}, {many(came.documents, 'new or changed report')}{drawn}, "
        f"{len(came.refused):,} refused"
    ]
    say(answer, lines, as_json, case, came.refused)


def leads(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Lists of mentions, plain or zipped.", show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; without it standard output.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn GDELT's lists of mentions into addresses to fetch, each below where it came from.

    A mention is a lead and no evidence: nothing of it goes into a case, and nothing is fetched here. Look
    the list over, take out what you do not want, and hand it to 'tallystick fetch --from'.

    \b
    Example:
      tallystick leads 20161007104500.mentions.CSV.zip --out leads.txt
      tallystick fetch --from leads.txt --case case
    """
    with answering(as_json):
        from tallystick.exchange import leads as reading

        found = reading.leads(files)
        told = list(reading.lines(found))
        if out is not None:
            try:
                out.write_text("".join(f"{line}\n" for line in told), encoding="utf-8")
            except OSError as error:
                raise AskedWrongly(f"{out} cannot be written ({error.strerror})") from error
        answer = {
            "leads": [{"url": lead.url, "came": list(lead.came)} for lead in found.leads],
            "no address": found.passed,
            "rows refused": [str(each) for each in found.refused],
        }
    lines = told if out is None else [f"{many(len(found.leads), 'lead')}: {out}"]
    show(answer, lines, as_json)
    if found.refused and not as_json:
        complain([f"refused: {each}" for each in found.refused[:SHOWN]])
        if len(found.refused) > SHOWN:
            complain([f"and {len(found.refused) - SHOWN:,} more rows; --json lists them all"])
    if found.refused:
        raise typer.Exit(1)


def _listed(file: Path | None) -> list[str]:
    """The URLs in ``file``, one a line; blank lines and those that begin with # are passed over."""
    if file is None:
        return []
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise AskedWrongly(f"{file} cannot be read as a list of URLs ({error})") from error
    rows = (row.strip() for row in text.splitlines())
    return [row for row in rows if row and not row.startswith("#")]
