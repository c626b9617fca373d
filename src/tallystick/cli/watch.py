"""Reports taken in as they arrive."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tallystick.terminal import answering, complain, many

if TYPE_CHECKING:
    from tallystick.fetching import Rules
    from tallystick.watching import Batch


def watch(
    case: Annotated[
        Path,
        typer.Argument(
            metavar="CASE", help="The case's folder; made where there is none.", show_default=False
        ),
    ],
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER|FEED", help="Folders, and addresses of RSS or Atom feeds.", show_default=False
        ),
    ],
    once: Annotated[bool, typer.Option("--once", help="One round, then leave: for cron.")] = False,
    every: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="Between two looks at the folders.")
    ] = 30.0,
    feeds: Annotated[
        float,
        typer.Option("--feeds-every", min=60.0, metavar="SECONDS", help="Between two questions to a feed."),
    ] = 900.0,
    still: Annotated[
        float,
        typer.Option(
            min=0.0, metavar="SECONDS", help="A file is taken in when nobody wrote to it for so long."
        ),
    ] = 5.0,
    batch: Annotated[
        int, typer.Option(min=1, metavar="FILES", help="Taken in, read and compared at once.")
    ] = 50,
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="How many processes read at once.")] = 1,
    contact: Annotated[
        str, typer.Option(metavar="WORDS", help="Told to every server beside the name of this program.")
    ] = "",
    any_port: Annotated[
        bool, typer.Option("--any-port", help="Feeds on other ports than 80 and 443 too.")
    ] = False,
    allow_private: Annotated[
        bool,
        typer.Option("--allow-private", help="Feeds of machines of your own network, and this one, too."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a batch, and nothing else.")
    ] = False,
) -> None:
    """Take reports in as they arrive: add, read and link, in batches, with a line for each.

    A file in a folder is taken in when nobody writes to it any more, and again when it changes. An entry of
    a feed is taken in once; a feed is asked politely (robots.txt, by whether it changed, less often while it
    fails). A file that cannot be read is recorded as refused, and not tried again until it changes.

    Stop it with Ctrl-C or SIGTERM, or kill it: what is taken in is in the case, nothing is lost and nothing
    comes twice, and the next watch goes on from there. Where more arrives than is read it says so; files
    wait where they lie.

    \b
    Example:
      tallystick watch case inbox/
      tallystick watch case inbox/ https://example.org/news.atom --contact desk@example.org
      tallystick watch case inbox/ --once     # from cron
      tallystick changes case                 # what that changed
    """
    with answering(as_json), _stopping() as stop:
        from tallystick.case import Case
        from tallystick.watching import Pace, Watch, refuse_sources

        urls = [each for each in sources if each.startswith(("http://", "https://"))]
        folders = [Path(each) for each in sources if each not in urls]
        refuse_sources(folders, urls)  # before a case is made
        pace = Pace(every, feeds, still, batch, jobs)
        rules = _rules(urls, contact, any_port, allow_private)
        number = refused = 0
        with Case.make(case) as opened:
            watching = Watch(opened, folders, urls, rules=rules, pace=pace, stop=stop)
            last = None
            for done in watching.once() if once else watching.rounds():
                last = done
                refused += len(done.refused) + len(done.faults)
                if not done.is_idle or (once and done.polled):
                    number += 1
                    _tell(case, done, number, as_json)
        if as_json and once and not number and last is not None:
            _tell(case, last, 0, as_json)  # a program is answered, though nothing came
        if not as_json and (stop.is_set() or not number):
            print(_end(last, stop.is_set(), once))
    if once and refused:
        raise typer.Exit(1)


def _rules(urls: list[str], contact: str, any_port: bool, allow_private: bool) -> Rules | None:
    """How feeds are asked; nothing that opens a connection is loaded where there is none."""
    if not urls:
        return None
    from tallystick.fetching import Rules

    return Rules(allow_private=allow_private, any_port=any_port, contact=contact)


@contextmanager
def _stopping() -> Iterator[Flag]:
    """A flag that Ctrl-C or SIGTERM sets; the second of them ends the program as it always did."""
    stop = Flag()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def asked(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, asked)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(case: Path, done: Batch, number: int, as_json: bool) -> None:
    if as_json:
        told = {"case": str(case), **_object(done, number)}
        print(json.dumps(told, ensure_ascii=False), flush=True)
        return
    print(_line(done), flush=True)
    complain([f"refused: {event.note}" for event in done.refused])
    complain([f"a fault of this program, please report it: {fault}" for fault in done.faults])
    sys.stderr.flush()


def _object(done: Batch, number: int) -> dict[str, Any]:
    return {
        "batch": number,
        "files": done.files,
        "feed": done.polled or None,
        "new": {"documents": done.documents, "claims": done.claims, "judgements": done.judgements},
        "read": done.read,
        "refused": [{"item": event.item, "reason": event.note} for event in done.refused],
        "faults": list(done.faults),
        "waiting": done.waiting,
        "oldest": round(done.oldest, 1),
        "unsettled": done.unsettled,
        "behind": done.behind,
        "seconds": round(done.seconds, 3),
        "event": done.event,
    }


def _line(done: Batch) -> str:
    """One batch in a line: what came, what was read, and what waits."""
    compared = (
        "compared later"
        if done.judgements is None and done.read
        else many(done.judgements or 0, "new judgement")
    )
    parts = [
        f"{done.polled}: asked" if done.polled else "",
        many(done.files, "file") if done.files or not done.polled else "",
        f"{many(done.documents, 'new or changed report')}",
        f"{done.read:,} read, {many(done.claims, 'new claim')}",
        compared,
        f"{len(done.refused):,} refused" if done.refused else "",
    ]
    line = f"{', '.join(part for part in parts if part)} in {done.seconds:.1f} s (event {done.event:,})"
    if done.waiting:
        behind = "; more arrives than is read" if done.behind else ""
        line += f"; {many(done.waiting, 'more file')} waiting, the oldest for {_age(done.oldest)}{behind}"
    if done.unsettled:
        line += f"; {many(done.unsettled, 'file')} still being written"
    return line


def _age(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _end(last: Batch | None, stopped: bool, once: bool) -> str:
    if stopped:
        return "stopped; what was taken in is in the case, and the next watch goes on from there"
    left = (
        f"; {many(last.unsettled, 'file')} still being written, left for the next round"
        if last and last.unsettled
        else ""
    )
    return f"nothing new{left}" if once else "nothing came"
