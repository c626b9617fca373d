"""Who takes it from whom, of one incident: a graph of reports and of the voices on whose word they stand.

An edge carries the words that show it. Who took it from whom is told by the day of publication, or by one
naming the other; where neither tells, the edge has no direction. Nothing is inferred from an edge that is
not there: reports with no edge between them are independent as far as their words tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Literal

from tallystick.findings.citations import Citation, outlet_name
from tallystick.findings.origins import Taken
from tallystick.findings.reuse import Shared
from tallystick.model import (
    Account,
    Backing,
    ClaimId,
    DocumentId,
    Finding,
    Incident,
    Lineage,
    Source,
    Span,
    Taking,
)
from tallystick.values.names import fold

NEAR = 160  # signs between an account's words and an outlet named for them
SHOWN = 3  # passages that an edge shows, the longest

Relation = Literal["copy", "same voice", "independent"]


def lineage(
    incident: Incident, names: Mapping[str, str], taken: Taken, findings: Iterable[Finding]
) -> Lineage:
    """The graph of ``incident``; ``names`` is the origin of each claim, ``findings`` its verdicts."""
    accounts: dict[DocumentId, list[Account]] = {}
    for account in sorted(incident.accounts, key=lambda a: (a.published or date.max, a.document, a.span)):
        accounts.setdefault(account.document, []).append(account)
    takings = [
        *_copies(accounts, taken),
        *(each for told in accounts.values() for each in _voices(told, names)),
        *(each for told in accounts.values() for each in _cites(told, taken, names)),
        *_spoken_for(incident.accounts, names, taken),
    ]
    takings.sort(key=lambda each: (each.taker, each.source, each.kind))
    reports = [
        Source(
            document, "report", outlet_name(told[0].publisher or "") or "unnamed outlet", told[0].published
        )
        for document, told in accounts.items()
    ]
    said = sorted({end for each in takings for end in (each.taker, each.source) if end.startswith("voice:")})
    voices = [Source(end, "voice", end.removeprefix("voice:")) for end in said]
    backings = tuple(
        Backing(each.field, tuple(sorted({names[claim] for claim in each.claims})), each.claims)
        for each in findings
    )
    return Lineage((*reports, *voices), tuple(takings), backings)


def relation(graph: Lineage, one: DocumentId, other: DocumentId) -> Relation:
    """How two reports of one incident stand to each other: one text or passage, one voice, or neither.

    For whoever asks of one pair; ``bench/origins.py`` measures it against pairs coded by hand.
    """
    ends = {one, other}
    if any({each.taker, each.source} == ends for each in graph.takings):
        return "copy"
    rests = {end: {t.source for t in graph.takings if t.taker == end and t.kind != "cites"} for end in ends}
    outlets = {s.id: f"voice:{s.name}" for s in graph.sources if s.sort == "report"}
    cites = {end: {t.source for t in graph.takings if t.taker == end and t.kind == "cites"} for end in ends}
    if rests[one] & rests[other] or outlets[one] in cites[other] or outlets[other] in cites[one]:
        return "same voice"
    return "independent"


def _copies(accounts: Mapping[DocumentId, list[Account]], taken: Taken) -> Iterator[Taking]:
    """The edges between reports that share text."""
    for one, other in combinations(accounts, 2):
        pair = taken.between(one, other)
        if pair is None:
            continue
        yield _copy(pair, accounts[pair.left][0], accounts[pair.right][0], taken)


def _copy(pair: Shared, first: Account, later: Account, taken: Taken) -> Taking:
    """One such edge, from the later report to the earlier where days or a citation tell which it is."""
    named = _names(taken, later, first), _names(taken, first, later)
    if first.published and later.published and first.published != later.published:
        directed, how = True, f"published {(later.published - first.published).days} days later"
        how = how.replace("1 days", "1 day") if how.startswith("published 1 ") else how
    elif named[0] != named[1]:
        directed, how = True, "and names it as its source"
        if named[1]:
            first, later = later, first
    else:
        directed, how = False, "and nothing tells which was first"
    swap = first.document != pair.left
    longest = sorted(pair.passages, key=lambda p: (p[0].start - p[0].end, p[0].start))[:SHOWN]
    spans = [span for left, right in longest for span in ((left, right) if swap else (right, left))]
    part = f"{pair.share:.0%} of the shorter" if pair.whole else f"{pair.sentences} sentences"
    kind: Literal["copy", "passage"] = "copy" if pair.whole else "passage"
    why = f"shares {pair.words} words with it, {part}, {how}"
    return Taking(kind, later.document, first.document, tuple(spans), why, directed)


def _names(taken: Taken, account: Account, other: Account) -> bool:
    """Whether a report names the other's outlet as a source of its own."""
    outlet = fold(outlet_name(other.publisher)) if other.publisher else ""
    cited = taken.citations.get(account.document, ())
    return bool(outlet) and any(fold(each.outlet) == outlet for each in cited)


def _voices(accounts: list[Account], names: Mapping[str, str]) -> Iterator[Taking]:
    """The edges from a report to each origin on whose word its claims stand."""
    found: dict[str, list[tuple[bool, Span, str, ClaimId]]] = {}
    for account in accounts:
        for claim in account.claims:
            source = claim.source
            words = source.span if source and source.span else claim.span
            told = source is not None, words, source.name if source else "", claim.id
            found.setdefault(names[claim.id], []).append(told)
    for name, rows in sorted(found.items()):
        said = [row for row in rows if row[0]]
        spans = tuple(dict.fromkeys(words for _, words, _, _ in sorted(said or rows)))[:SHOWN]
        named = sorted({told for _, _, told, _ in said} - {name})
        why = "gives it as its source" + (f", as {' and '.join(named)}" if named else "")
        claims = tuple(sorted({claim for *_, claim in rows}))
        kind: Literal["voice", "own"] = "voice" if said else "own"
        yield Taking(
            kind, accounts[0].document, f"voice:{name}", spans, why if said else "tells it on its own word",
            claims=claims,
        )  # fmt: skip


def _cites(accounts: list[Account], taken: Taken, names: Mapping[str, str]) -> Iterator[Taking]:
    """The edges from a report to the outlets that it names, for the whole or beside the incident's words."""
    rests = {names[claim.id] for account in accounts for claim in account.claims}
    document = accounts[0].document
    found: dict[str, list[Citation]] = {}
    for each in taken.citations.get(document, ()):
        if each.outlet not in rests and (each.how == "credit" or _near(each.span, accounts)):
            found.setdefault(each.outlet, []).append(each)
    for outlet, cited in sorted(found.items()):
        credit = any(each.how == "credit" for each in cited)
        why = "is credited to it" if credit else "names it as a source"
        spans = tuple(each.span for each in cited)[:SHOWN]
        yield Taking("cites", document, f"voice:{outlet}", spans, why)


def _near(span: Span, accounts: list[Account]) -> bool:
    """Whether words stand in or beside those that tell the incident."""
    return any(
        span.start <= claim.span.end + NEAR and span.end >= claim.span.start - NEAR
        for account in accounts
        for claim in account.claims
    )


def _spoken_for(accounts: Iterable[Account], names: Mapping[str, str], taken: Taken) -> Iterator[Taking]:
    """The edges from a voice to the body it speaks for, where a report or a list says that it does."""
    seen = set[tuple[str, str]]()
    for account in sorted(accounts, key=lambda a: (a.published or date.max, a.document, a.span)):
        for claim in account.claims:
            source = claim.source
            name = names[claim.id]
            if source is None or fold(source.name) == fold(name) or (source.name, name) in seen:
                continue
            party = taken.speakers.party(source.name, account)
            if party is not None and party.why:
                seen.add((source.name, name))
                words = (party.span,) if party.span else (source.span or claim.span,)
                yield Taking("speaks_for", f"voice:{source.name}", f"voice:{name}", words, party.why)
