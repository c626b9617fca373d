"""How the command line shows things: progress, tables and lines for people, one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from tallystick.errors import AskedWrongly, TallystickError
from tallystick.values.plainly import plainly

if TYPE_CHECKING:
    from tallystick.model import Account, DocumentId, Event, Pattern, Reach, Record, Sum, Total, Weighed

SHOWN = 50  # refused rows of lists that are named before the rest is counted


@contextmanager
def answering(as_json: bool) -> Iterator[None]:
    """An error of the tree is one line, or one object, and an exit status."""
    try:
        yield
    except TallystickError as error:
        if as_json:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))
        else:
            complain([str(error)])
        raise typer.Exit(2 if isinstance(error, AskedWrongly) else 1) from None


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Bars on the terminal, one for each step; nothing where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    tasks: dict[str, Any] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def advance(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = shown.add_task(plainly(step))
            shown.update(tasks[step], completed=done, total=total or None)

        yield advance


def day_of(published: str | None) -> date | None:
    from tallystick.values.when import iso

    return None if published is None else iso(published)


def many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def counted(record: Record) -> dict[str, int]:
    incidents = [each for each in record.weighed if not each.incident.is_matter]
    found = [finding for each in record.weighed for finding in each.findings]
    return {
        "documents": len(record.documents),
        "claims": len(record.claims),
        "accounts": len(record.accounts),
        "incidents": len(incidents),
        "matters": len(record.weighed) - len(incidents),
        "linked": sum(len(each.incident.accounts) > 1 for each in record.weighed),
        "conflicts": sum(finding.verdict == "conflict" for finding in found),
    }


_FEW = 3  # names that a line of the terminal gives


def lacking(record: Record) -> list[str]:
    """What a person can mend of reports: those that tell no date, and those of which nothing was read."""
    undated = [document.name for document in record.documents if document.published is None]
    said = {claim.span.document for claim in record.claims}
    silent = [document.name for document in record.documents if document.id not in said]
    out = []
    if undated:
        out.append(
            f'without a date: {_some(undated)}; there "Friday" is no day, '
            "unless --published or a sidecar file dates it"
        )
    if silent:
        out.append(f"without a claim: {_some(silent)}; nothing was found there that could be compared")
    return out


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - _FEW:,} more" if len(names) > _FEW else ""
    return f"{many(len(names), 'report')} ({', '.join(map(plainly, sorted(names)[:_FEW]))}{more})"


def summary(counts: dict[str, int]) -> list[str]:
    return [
        f"{many(counts['claims'], 'claim')} in {many(counts['accounts'], 'account')}: "
        f"{many(counts['incidents'], 'incident')} and {many(counts['matters'], 'other matter')}, "
        f"{counts['linked']:,} of them told more than once; {many(counts['conflicts'], 'conflict')}"
    ]


def say(
    answer: dict[str, Any],
    lines: Iterable[str],
    as_json: bool,
    case: Path,
    refused: Sequence[Event] = (),
    rows: Sequence[str] = (),
) -> None:
    """Print what was done; where reports or rows were refused, name them and leave with status 1."""
    told = [{"item": event.item, "reason": event.note} for event in refused]
    show({"case": str(case), **answer, "refused": told}, lines, as_json)
    if not as_json:
        complain([f"refused: {event.note}" for event in refused])
        complain([f"refused: {why}" for why in rows[:SHOWN]])
        if len(rows) > SHOWN:
            complain([f"and {len(rows) - SHOWN:,} more rows; --json lists them all"])
    if refused or rows:
        raise typer.Exit(1)


def show(answer: dict[str, Any], lines: Iterable[str], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for line in lines:
            print(_legible(line))


def complain(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"tallystick: {_legible(sentence)}", file=sys.stderr)


def _legible(words: str) -> str:
    """What is printed for people: no words of strangers steer the terminal or turn its lines about."""
    return "\n".join(map(plainly, words.split("\n")))


def told_of(weighed: Weighed) -> dict[str, Any]:
    """One incident as an object: what is told of it, and each field's verdict."""
    from tallystick.model import plain

    tellings = [account.telling for account in weighed.incident.accounts]
    ranges = {each.field: each.range for each in weighed.findings if each.range}
    return {
        "id": weighed.incident.id,
        "kinds": _distinct(telling.kind for telling in tellings),
        "dates": _distinct(str(telling.when) for telling in tellings),
        "places": _distinct(str(telling.place) for telling in tellings if telling.place),
        "accounts": len(tellings),
        "account_ids": [account.id for account in weighed.incident.accounts],
        "origins": [origin.name for origin in weighed.origins],
        "tolls": {
            field: plain({"low": r.low, "best": r.best, "high": r.high, "open": r.open})
            for field, r in ranges.items()
        },
        "verdicts": {each.field: each.verdict.value for each in weighed.findings},
        "grade": weighed.grade,
    }


def places_told(
    accounts: Iterable[Account], name: str | None, reports: Mapping[DocumentId, str]
) -> list[dict[str, Any]]:
    """The places told, each name once for each way in which it was found; ``reports`` are their names."""
    from tallystick.model import plain
    from tallystick.values.names import fold

    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    for account in accounts:
        found = account.found
        if found is None or (name is not None and fold(found.place.name) != fold(name)):
            continue
        place = found.place
        key = (fold(place.name), place.code, place.latitude, place.longitude, found.reasons)
        row = out.setdefault(
            key,
            {
                "name": place.name, "id": place.code, "admin1": place.admin1, "country": place.country,
                "latitude": place.latitude, "longitude": place.longitude, "radius_km": place.radius_km,
                "accounts": 0, "reports": [], "reasons": list(found.reasons),
                "candidates": [
                    {"id": each.entry.id, "name": each.entry.name, "kind": each.entry.kind,
                     "admin1": each.entry.admin1, "country": each.entry.country, "share": each.share,
                     "reasons": plain(each.reasons)}
                    for each in found.choices
                ],
            },
        )  # fmt: skip
        _count(row, reports[account.document])
    return sorted(
        out.values(), key=lambda row: (-row["accounts"], row["name"], str(row["id"]), row["reasons"])
    )


def parties_told(
    accounts: Iterable[Account], name: str | None, reports: Mapping[DocumentId, str]
) -> list[dict[str, Any]]:
    """The names of parties and speakers, each once for each meaning that it was found to have."""
    from tallystick.values.names import fold

    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    for account in accounts:
        for one in account.parties:
            told = one.party.name
            if name is not None and fold(name) not in (fold(told), fold(one.name)):
                continue
            entry = f"{one.entry.list}:{one.entry.code}" if one.entry else None
            row = {
                "name": told,
                "means": one.name,
                "entry": entry,
                "accounts": 0,
                "reports": [],
                "reasons": list(one.reasons),
            }
            _count(out.setdefault((told, one.name, one.reasons), row), reports[account.document])
    return sorted(out.values(), key=lambda row: (-row["accounts"], row["name"], row["means"], row["reasons"]))


def _count(row: dict[str, Any], report: str) -> None:
    """Count one more account in ``row``, of this report."""
    row["accounts"] += 1
    if report not in row["reports"]:
        row["reports"].append(report)


def _told_in(row: dict[str, Any]) -> str:
    """How many accounts tell it, and in which reports: the first three by name."""
    first, more = row["reports"][:3], len(row["reports"]) - 3
    return f"{many(row['accounts'], 'account')} in {', '.join(first)}" + (
        f" and {more} more" if more > 0 else ""
    )


def party_line(row: dict[str, Any]) -> str:
    """One name of a party, with whom it means and why."""
    why = "; ".join(row["reasons"])
    return f"{row['name']} ({_told_in(row)}): {row['means']}: {why}"


def place_lines(row: dict[str, Any], full: bool) -> Iterator[str]:
    where = ", ".join(part for part in (row["admin1"], row["country"]) if part) or "unknown where"
    point = ""
    if row["latitude"] is not None:
        point = f" at {row['latitude']:.3f}, {row['longitude']:.3f} ± {row['radius_km']:g} km"
    yield f"{row['name']} ({_told_in(row)}): {where}{point}: {'; '.join(row['reasons'])}"
    for each in row["candidates"] if full else ():
        above = ", ".join(part for part in (each["admin1"], each["country"]) if part)
        yield f"    {each['id']}  {each['name']}, {each['kind']} in {above}: {'; '.join(each['reasons'])}"


def lines_told(record: Record, kind: str | None, place: str | None) -> list[dict[str, Any]]:
    """The lines of states as objects, of one kind and of one place if asked; reports go by their names."""
    from tallystick.model import plain
    from tallystick.values.names import fold

    names = {document.id: document.name for document in record.documents}
    spans = {claim.id: claim.span for claim in record.claims}
    out = []
    for line in record.lines:
        about = {fold(line.about), *(fold(word) for word in line.about.split())}
        if (kind is not None and line.kind != kind) or (place is not None and fold(place) not in about):
            continue
        out.append(
            {
                "id": line.id, "kind": line.kind, "about": line.about,
                "place": line.place.code if line.place else None,
                "states": [
                    {
                        **plain(state), "when": str(state.when), "moves": state.moves,
                        "reports": sorted({names[spans[each].document] for each in state.claims}),
                    }
                    for state in line.states
                ],
            }
        )  # fmt: skip
    return out


_STANDS = {
    "happened": "",
    "planned": "planned: ",
    "wanted": "called for: ",
    "foretold": "foretold: ",
    "possible": "possible: ",
    "denied": "denied: ",
}


def line_lines(line: dict[str, Any]) -> Iterator[str]:
    """One line of states, a row for each state: its day, what is told, on whose word, and the words."""
    yield f"{line['kind']}: {line['about']}"
    for state in line["states"]:
        day = state["when"] if state["when"] != "unknown" else f"told {state['told'] or 'on no known day'}"
        number = _bounds(state["count"]) if state["count"] else ""
        what = " ".join(filter(None, (number, state["what"], "in part" if state["part"] else "")))
        who = f", {state['who']}" if state["who"] else ""
        came = f"; {state['outcome']}" if state["outcome"] else ""
        by = ", ".join(state["origins"])
        stands = "" if line["kind"] == "warning" else _STANDS[state["standing"]]
        yield f"  {day}  {stands}{what}{who} ({by}; {state['verdict']}){came}: “{state['words']}”"


def _bounds(count: dict[str, Any]) -> str:
    from tallystick.values.count import Count

    return str(Count(count["low"], count["high"], count["approx"], count["above"]))


def patterns_told(record: Record) -> dict[str, Any]:
    """What repeats over the incidents of a case, each number as the list of its incidents."""
    from tallystick.model import plain

    told = record.patterns
    return {
        "incidents": list(told.incidents),
        "minimum": told.minimum,
        "days": told.days,
        "compared": told.compared,
        "struck": plain(told.struck),
        "patterns": [_pattern_told(one) for one in told.patterns],
        "repeats": plain(told.repeats),
        "alleged": plain(record.alleged),
    }


def _pattern_told(one: Pattern) -> dict[str, Any]:
    """One pattern as an object; an odds ratio without an end is null, for JSON has no infinity."""
    from tallystick.model import plain

    ends = None if one.odds is None else [None if isinf(end) else end for end in one.odds]
    return {"id": one.id, **plain(replace(one, odds=None)), "odds": ends}


def pattern_line(one: Pattern) -> str:
    """One pattern in a line: what, of which incidents, how many, beside how many others."""
    here, others = one.here, one.elsewhere
    line = (
        f"{one.object:9}  {one.dimension}: {one.value}: {len(here.hit):,} of {len(here.of):,} "
        f"({here.low:.0%} to {here.high:.0%})"
    )
    if others is None or one.odds is None:
        return f"{line}; no others to compare"
    low, _, high = one.odds
    upper = "any number" if isinf(high) else f"{high:.3g}"
    sure = "hardly chance alone" if one.is_clear else "may be chance"
    return (
        f"{line}; others {len(others.hit):,} of {len(others.of):,}; odds {low:.2g} to {upper} times, {sure}"
    )


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


_TABLE = 110  # columns that the table of incidents needs; on fewer each incident has lines of its own


def table(every: Sequence[Weighed]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    if not console.is_terminal:  # a file has no edge to fit into
        console = Console(width=200)
    if console.width < _TABLE:
        for weighed in every:
            for n, line in enumerate(_lines_of(weighed)):
                console.print(escape(_legible(line)), highlight=False, style="bold" if n == 0 else "")
        return
    table = Table()
    table.add_column("incident", no_wrap=True)
    for head in ("when", "where", "killed", "wounded", "captured", "told by", "in conflict", "grade"):
        table.add_column(head, overflow="fold")
    for weighed in every:
        told = told_of(weighed)
        tolls = [told["tolls"].get(kind) for kind in ("killed", "wounded", "captured")]
        conflicts = [field for field, verdict in told["verdicts"].items() if verdict == "conflict"]
        cells = [
            f"{' / '.join(told['kinds'])}\n{told['id']}",
            " / ".join(told["dates"]),
            " / ".join(told["places"]) or "unknown",
            *("" if toll is None else _range(toll) for toll in tolls),
            f"{many(told['accounts'], 'account')}, {many(len(told['origins']), 'origin')}",
            ", ".join(conflicts),
            told["grade"],
        ]
        table.add_row(*(escape(_legible(cell)) for cell in cells))
    console.print(table)


def _lines_of(weighed: Weighed) -> Iterator[str]:
    """One incident in a few short lines, for a narrow screen."""
    told = told_of(weighed)
    yield f"{' / '.join(told['kinds'])}, {' / '.join(told['places']) or 'place unknown'}"
    yield f"  {told['id']}  {' / '.join(told['dates'])}"
    tolls = [(kind, told["tolls"].get(kind)) for kind in ("killed", "wounded", "captured")]
    ranges = [f"{kind} {_range(toll)}" for kind, toll in tolls if toll is not None]
    rests = f"{many(told['accounts'], 'account')}, {many(len(told['origins']), 'origin')}"
    yield f"  {'; '.join([*ranges, rests])}" + (f"; {told['grade']}" if told["grade"] else "")
    conflicts = [field for field, verdict in told["verdicts"].items() if verdict == "conflict"]
    if conflicts:
        yield f"  in conflict: {', '.join(conflicts)}"


def _range(toll: dict[str, int]) -> str:
    more = " or more" if toll["open"] else ""
    if toll["low"] == toll["high"]:
        return f"{toll['low']:,}{more}"
    return f"{toll['low']:,}–{toll['high']:,}{more}, best {toll['best']:,}"


def total_told(total: Total) -> dict[str, Any]:
    """One total as an object, with every incident and claim behind it."""
    from tallystick.model import plain

    told: dict[str, Any] = plain(total)
    return told


def total_lines(total: Total, record: Record) -> Iterator[str]:
    """One total in lines: its range, arithmetic and incidents, what is left out, and what reports add up."""
    held: dict[str, dict[str, Any]] = {each.incident.id: told_of(each) for each in record.weighed}

    def called(name: str) -> str:
        told = held[name]
        days, places = (
            told["dates"][0] if told["dates"] else "day unknown",
            told["places"][0] if told["places"] else "",
        )
        return f"{'/'.join(told['kinds'])}, {places or 'place not told'}, {days} ({name})"

    doubtful = f", {many(len(total.doubtful), 'figure')} of them doubtful" if total.doubtful else ""
    yield f"{total.toll}: {_ends(total.people)} in {many(len(total.parts), 'incident')}{doubtful}"
    yield f"  {total.people.arithmetic}"
    columns = (
        ("civilians", total.civilians),
        ("combatants", total.combatants),
        ("not told which", total.unknown),
    )
    yield f"  {'; '.join(f'{name} {_ends(told)}' for name, told in columns)}"
    for part in sorted(total.parts, key=lambda part: (-part.people.high, part.incident)):
        note = f": {part.note}" if part.note else ""
        others = f" ({', '.join(part.others)})" if part.others else ""
        yield f"    {_ends(part.people)}  {called(part.incident)}{note}{others}"
    for left in total.left_out:
        yield f"  left out: {called(left.incident)}: {left.why}"
    for each in total.compared:
        days = f"{each.scope.start} to {each.scope.end}"
        yield (
            f"  reports' own total for {each.scope.place}, {days}: {each.told.count} {each.told.group}; "
            f"told here for the same: {_ends(each.ours)} people, {_ends(each.civilians)} as civilians, in "
            f"{many(len(each.incidents), 'incident')}"
        )


def _ends(told: Sum | Reach) -> str:
    return _range({"low": told.low, "best": told.best, "high": told.high, "open": told.open})
