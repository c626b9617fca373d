"""The walk through the rooms: reports in, read, linked and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tallystick.cli.options import (
    AsJson,
    Cluster,
    Countries,
    Folder,
    Into,
    Jobs,
    Lists,
    Published,
    Reports,
    Type,
)
from tallystick.terminal import answering, bars, counted, day_of, lacking, many, say, summary

if TYPE_CHECKING:
    from tallystick.runner import Runner


def run(
    reports: Reports,
    case: Into,
    published: Published = None,
    country: Countries = None,
    places: Lists = None,
    given: Type = None,
    jobs: Jobs = 2,
    cluster: Cluster = None,
    as_json: AsJson = False,
) -> None:
    """All steps: take reports in, read and link them, and write the dossier.

    A report that cannot be read is named, recorded and passed over; the others go on.

    \b
    Example:
      tallystick run reports/ --case case --published 2016-10-07 --country Syria
      tallystick run reports/ --case /shared/case --cluster spark://10.0.0.5:7077
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        day, media_type = day_of(published), _type_of(given, reports)
        _refuse_cluster(cluster, reports)
        with (
            Case.make(case, reports=reports, countries=country or ()) as opened,
            _carried(cluster, case) as runner,
        ):
            opened.runner = runner
            taken = [opened.add_list(each, progress=progress) for each in places or ()]
            ran = opened.run(reports, published=day, given=media_type, jobs=jobs, progress=progress)
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
            *ran.added.passed,
            *lacking(ran.record),
            *summary(counts),
            f"dossier: {ran.index}",
        ]
        answer = {
            "files": ran.added.files,
            "new": new,
            **counts,
            "passed": list(ran.added.passed),
            "dossier": str(ran.index),
            "rows refused": rows,
        }
    say(answer, lines, as_json, case, refused, rows)


def _refuse_cluster(master: str | None, reports: list[Path]) -> None:
    """Raise what can be told of a cluster before a case is made."""
    from tallystick.errors import AskedWrongly

    for each in reports:
        if each.parts and each.parts[0] in ("s3:", "s3a:", "s3n:", "gs:", "abfs:", "hdfs:"):
            raise AskedWrongly(
                f"{each} lies in a store of objects, and Spark as pip installs it has no reader of one: "
                "mount the bucket as a folder (rclone mount, s3fs) and name that"
            )
    if master is not None:
        from tallystick import cluster

        cluster.ready(master)


@contextmanager
def _carried(master: str | None, case: Path) -> Iterator[Runner | None]:
    """What carries the work: the cluster of ``master``, or nobody."""
    if master is None:
        yield None
        return
    from tallystick import cluster

    with cluster.joined(master, seeing=case / "case.toml") as spark:
        yield spark


def _type_of(given: str | None, reports: list[Path]) -> str | None:
    """The media type of standard input that was given, which must then be among the reports."""
    from tallystick.errors import AskedWrongly
    from tallystick.evidence import STANDARD_INPUT, media_type_named

    if given is not None and STANDARD_INPUT not in reports:
        raise AskedWrongly("--type says what standard input is; name it among the reports, as -")
    return None if given is None else media_type_named(given)


def add(
    reports: Reports,
    case: Into,
    published: Published = None,
    given: Type = None,
    again: Annotated[
        str,
        typer.Option(metavar="REASON", help="Take in what was expunged, too, and why.", show_default=False),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Keep reports as received, under their SHA-256, and read out their text and metadata.

    Rows of ACLED or of UCDP's GED (CSV) come in as records that were derived from reports: they are linked
    and shown like these, and corroborate nothing (docs/exchange.md).

    \b
    Example:
      tallystick add statement.pdf articles.jsonl pages/ --case case
      fetch-mail | tallystick add - --type eml --case case
    """
    with answering(as_json), bars() as progress:
        from tallystick.case import Case

        day, media_type = day_of(published), _type_of(given, reports)
        with Case.make(case, reports=reports) as opened:
            added = opened.add(reports, published=day, given=media_type, again=again, progress=progress)
        new = {"captures": added.captures, "documents": added.documents}
        answer = {"files": added.files, "new": new, "passed": list(added.passed)}
        lines = [
            f"{many(added.files, 'file')}: {many(added.captures, 'new capture')}, "
            f"{many(added.documents, 'new or changed report')}, {len(added.refused):,} refused",
            *added.passed,
        ]
    say(answer, lines, as_json, case, added.refused)


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
